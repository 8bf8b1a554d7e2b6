"""The other archive of a merge, open to read as it stood at one moment: what is wrong with it is said of it, not of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, open_to_read, pages_path
from newsarchive.errors import ArchiveError, ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One file of an archive."""

    path: Path
    connection: sqlite3.Connection

    def rows(self, sql: str, *values: object) -> Iterator[sqlite3.Row]:
        """Yield what a query finds.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with explained(self.path):
            for row in self.connection.execute(sql, values):  # noqa: UP028 - `yield from` would close a cursor whose file is closed
                yield row


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The other archive: its id and its two files."""

    archive_id: str
    news: Side
    pages: Side


@contextlib.contextmanager
def open_other(path: Path, *, own: Path) -> Iterator[Other]:
    """Open another archive, each file as it stands now; a run may be at work on it.

    Raises:
        ConfigError: it is our own archive.
        ArchiveError: one of the files is missing or damaged, of another schema, or the two do not belong together.
    """
    path = path.resolve()
    if path == own.resolve():
        raise ConfigError(f"{path}: is the archive that it would be merged into; name another with --db")
    if not path.exists():
        raise ArchiveError(f"{path}: no archive there")
    beside = pages_path(path)
    with contextlib.ExitStack() as stack:
        # The pages come last: so they hold all that the rows cite.
        news = _open(stack, Side(path=path, connection=open_to_read(path)))
        if not beside.exists():
            raise ArchiveError(
                f"{beside}: the pages of {path.name} are missing; put that file back beside it"
            )
        pages = _open(stack, Side(path=beside, connection=open_to_read(beside, PAGES_APPLICATION_ID)))
        whose, pages_whose = _archive_id(news), _archive_id(pages)
        if whose != pages_whose:
            raise ArchiveError(f"{beside}: holds the pages of another archive than {path.name}")
        yield Other(archive_id=whose, news=news, pages=pages)


def _archive_id(side: Side) -> str:
    found = [str(row["value"]) for row in side.rows("SELECT value FROM meta WHERE key = 'archive_id'")]
    if not found:
        raise ArchiveError(
            f"{side.path}: does not say whose archive it is (meta has no archive_id); it is damaged"
        )
    return found[0]


def _open(stack: contextlib.ExitStack, side: Side) -> Side:
    stack.callback(side.connection.close)
    with explained(side.path):
        side.connection.execute("BEGIN")
        side.connection.execute("SELECT 1 FROM meta").fetchall()  # what is read is settled here
    return side
