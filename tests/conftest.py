"""What holds for all tests: hypothesis has no deadline, and archives are written to memory where there is enough of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import settings

settings.register_profile("newsarchive", deadline=None)
settings.load_profile("newsarchive")

# Every commit waits for the disk; the tests make thousands. Linux keeps this folder in memory.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
_ENOUGH = 1 << 30  # bytes; the tests leave some 100 MB
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
