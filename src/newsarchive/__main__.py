"""`python -m newsarchive`."""

from __future__ import annotations

from newsarchive.cli import main

main()
