"""Filling the search indexes anew, when that is asked for; a change of rules does it by itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from newsarchive.arabic.expansion import Group
from newsarchive.archive.files import APPLICATION_ID, check
from newsarchive.archive.store import Store


def reindex(path: Path, variants: tuple[Group, ...], now: datetime) -> int:
    """Fill the search indexes of an archive anew, and return the number of its articles.

    Args:
        path: the main file, which must exist.
        variants: further groups of spellings of one name, in the place of those that it has.
        now: aware.

    Raises:
        LockedError: another run holds it.
        ArchiveError: it cannot be used.
    """
    check(path, APPLICATION_ID)
    with Store.open(path, now, variants=variants, reindex=True) as store:
        return int(store.connection.execute("SELECT count(*) FROM articles").fetchone()[0])
