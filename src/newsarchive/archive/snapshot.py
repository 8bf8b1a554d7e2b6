"""A copy of an archive as it stood at one moment, while others read it and write to it.

    news.db, news.pages.db, news.seals.txt  ->  OUT.db.new ...  ->  checked  ->  OUT.seals.txt, OUT.pages.db, OUT.db

The main file is copied before the pages file: so no article lacks its page. The copy has the same archive_id: it is the same archive,
earlier. It has no write-ahead log (journal_mode DELETE), so it opens from a folder that cannot be written to.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.archive.files import (
    APPLICATION_ID,
    PAGES_APPLICATION_ID,
    WITHOUT_PAGES,
    check,
    explained,
    open_to_copy,
    pages_path,
)
from newsarchive.archive.sealing import seals_path
from newsarchive.errors import ArchiveError, ConfigError

_MODE = 0o640
_COUNTED = {APPLICATION_ID: ("articles", "entries", "fetches"), PAGES_APPLICATION_ID: ("pages",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a snapshot holds.

    Attributes:
        files: the databases that were written.
        articles: how many.
        size: of these files, in bytes.
    """

    files: tuple[Path, ...]
    articles: int
    size: int

    def summary(self) -> str:
        """One line for people."""
        names = " and ".join(file.name for file in self.files)
        return f"{names}: {self.articles} articles, {self.size / 1e6:.1f} MB"


def snapshot(db: Path, out: Path, *, pages: bool = True) -> Snapshot:
    """Copy the archive at `db` to `out`, with every row that was committed before the call.

    Args:
        db: the archive, of any schema; a run may be at work on it.
        out: the copy's main file; none of the copy's files may be there yet.
        pages: whether pages and evidence are copied too; reading needs neither.

    Raises:
        ConfigError: one of the copy's files is there already, or its folder is not.
        ArchiveError: the archive is missing or damaged, the disk is full, or something was removed meanwhile. Nothing is left then.
    """
    db, out = db.resolve(), out.resolve()
    check(db, APPLICATION_ID)  # before its pages file: one that is not there at all is said to be so
    with explained(out), _made_aside() as make:
        removed = _removals(pages_path(db)) if pages else 0
        if (
            pages and seals_path(db).exists()
        ):  # first: a line without its seal would look like a row that was cut out
            shutil.copyfile(seals_path(db), make(seals_path(out)))
        main = make(out)
        articles = _copy(db, main, APPLICATION_ID)
        _note(main, pages=pages)
        files = {out: main}
        if pages:
            files[pages_path(out)] = make(pages_path(out))
            _copy(pages_path(db), files[pages_path(out)], PAGES_APPLICATION_ID)
            if _removals(files[pages_path(out)]) != removed:
                raise ArchiveError(f"{out}: something was removed while the snapshot was made; make it again")
        size = sum(file.stat().st_size for file in files.values())
    return Snapshot(files=tuple(files), articles=articles, size=size)


@contextlib.contextmanager
def _made_aside() -> Iterator[Callable[[Path], Path]]:
    """Give each file a place aside; all get their names at the end, the one that was asked for last first, or none does."""
    aside: dict[Path, Path] = {}

    def make(target: Path) -> Path:
        if target.exists() or target.is_symlink():
            raise ConfigError(f"{target}: is there already; name another file, or take it away")
        if not target.parent.is_dir():
            raise ConfigError(f"{target}: the folder {target.parent} does not exist; make it first")
        aside[target] = target.with_name(target.name + ".new")
        aside[target].unlink(missing_ok=True)  # of one that was killed
        os.close(os.open(aside[target], os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE))
        return aside[target]

    try:
        yield make
        for new in aside.values():
            _sync(new)
        for target, new in reversed(aside.items()):
            new.rename(target)
            _sync(target.parent)
    finally:
        for new in aside.values():
            new.unlink(missing_ok=True)
            new.with_name(new.name + "-journal").unlink(missing_ok=True)


def _copy(path: Path, new: Path, kind: int) -> int:
    """Copy one file, and check the copy; return how many rows its first table has."""
    with contextlib.closing(open_to_copy(path, kind)) as connection:
        with explained(path):
            before = _counts(connection, kind)
        try:
            connection.execute("VACUUM INTO ?", (str(new),))
        except sqlite3.Error as error:
            damaged = error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
            with explained(path if damaged else new):
                raise
    with contextlib.closing(open_to_copy(new, kind)) as copy:
        counts = _counts(copy, kind)
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok" or any(now < then for now, then in zip(counts, before, strict=True)):
        raise ArchiveError(f"{new}: the copy is not whole; check the disk, and make it again")
    return counts[0]


def _note(main: Path, *, pages: bool) -> None:
    """Note in a copy whether it was made without its pages, so that nobody takes them for lost."""
    with contextlib.closing(sqlite3.connect(main)) as connection, connection:
        connection.execute("DELETE FROM meta WHERE key = ?", (WITHOUT_PAGES,))
        if not pages:
            connection.execute("INSERT INTO meta (key, value) VALUES (?, 'yes')", (WITHOUT_PAGES,))


def _counts(connection: sqlite3.Connection, kind: int) -> list[int]:
    return [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
        for table in _COUNTED[kind]
    ]


def _removals(path: Path) -> int:
    """Return how many removals a pages file holds; before schema 2 there were none."""
    with contextlib.closing(open_to_copy(path, PAGES_APPLICATION_ID)) as connection, explained(path):
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'removals'").fetchone():
            return 0
        return int(connection.execute("SELECT count(*) FROM removals").fetchone()[0])


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
