"""The pages file of a merge: evidence by archive and number, bytes by their hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsarchive.archive.evidence import COLUMNS, Table, append
from newsarchive.archive.files import explained, stamp
from newsarchive.archive.pages import Pages, read_page
from newsarchive.archive.sides import Side
from newsarchive.errors import ArchiveError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tomb:
    """What goes because one of the two archives removed it.

    Attributes:
        reason: as it was given there.
        urls: the addresses that are never asked for again.
        source: key of the source.
        pages: hashes of pages.
        texts: hashes of texts.
    """

    reason: str
    urls: frozenset[str]
    source: str = ""
    pages: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def take_evidence(pages: Pages, other: Side) -> int:
    """Take in the rows of all four tables, each under the archive whose they are; return how many requests are new.

    Raises:
        ArchiveError: a number of one archive has two rows: a copy of it went on by itself.
    """
    new = {
        table: sum(_take_row(pages, other, table, [*row]) for row in other.rows(_ALL[table]))
        for table in COLUMNS
    }
    return new["requests"]


def write_tombs(pages: Pages, tombs: Iterable[Tomb], now: datetime) -> None:
    """Note in this archive's own chain what goes, if no removal says so yet."""
    for tomb in tombs:
        gone = [("page", key) for key in sorted(tomb.pages)] + [("text", key) for key in sorted(tomb.texts)]
        for column, key in gone:
            sql = f"SELECT 1 FROM removals WHERE {column} = ?"  # noqa: S608 - one of two names
            if not pages.connection.execute(sql, (key,)).fetchone():
                row = {
                    "at": stamp(now),
                    "url": min(tomb.urls),
                    "page": None,
                    "text": None,
                    "reason": tomb.reason,
                }
                append(pages.connection, "removals", pages.archive_id, {**row, column: key})


def take_pages(pages: Pages, other: Side) -> tuple[int, int]:
    """Take in the bytes that are not here, but for those that were removed, packed as this archive packs.

    Returns:
        How many came, and how many could not be read and were left out.
    """
    taken = damaged = 0
    for row in other.rows("SELECT hash, source, first_seen FROM pages ORDER BY rowid"):
        if pages.connection.execute(_DECIDED, {"key": row["hash"]}).fetchone():
            continue
        try:
            with explained(other.path):
                content = read_page(other.connection, row["hash"]) or b""
        except ArchiveError:
            damaged += 1
            continue
        pages.keep(content, source=row["source"], now=datetime.fromisoformat(row["first_seen"]))
        taken += 1
    return taken, damaged


def _take_row(pages: Pages, other: Side, table: Table, values: list[object]) -> int:
    marks = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608 - one of four names
    if pages.connection.execute(sql, values).rowcount:
        return 1
    archive, number, own = values[0], values[1], values[-1]
    sql = f"SELECT hash FROM {table} WHERE archive = ? AND number = ?"  # noqa: S608 - one of four names
    if pages.connection.execute(sql, (archive, number)).fetchone()[0] != own:
        raise ArchiveError(
            f"{other.path}: row {number} of {table} of archive {archive} says something else there than here: two copies of that archive "
            "went on apart, and have used the same numbers; nothing was merged"
        )
    return 0


_ALL = {
    table: f"SELECT {', '.join(columns)}, hash FROM {table} ORDER BY archive, number"  # noqa: S608 - our own names
    for table, columns in COLUMNS.items()
}

_DECIDED = "SELECT 1 FROM pages WHERE hash = :key UNION ALL SELECT 1 FROM removals WHERE page = :key"
