"""What holds for all tests: hypothesis has no deadline, archives are written to memory where there is enough of it, and the program is compiled."""

from __future__ import annotations

import compileall
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

import newsarchive

settings.register_profile("newsarchive", deadline=None)
settings.load_profile("newsarchive")

# Every commit waits for the disk; the tests make thousands. Linux keeps this folder in memory.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
_ENOUGH = 1 << 30  # bytes; the tests leave some 100 MB
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def pytest_configure(config: pytest.Config) -> None:
    """Compile the program once, before any process is started: some hundred are, and those on a full disk would leave half a file."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(str(Path(newsarchive.__file__).parent), quiet=2)
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
