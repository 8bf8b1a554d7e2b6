"""The pages file of a merge: evidence by archive and number, bytes by their hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from newsarchive.archive.evidence import COLUMNS, Table, append
from newsarchive.archive.evidence_checks import is_true
from newsarchive.archive.files import explained, stamp
from newsarchive.archive.merging_checks import is_sound
from newsarchive.archive.pages import Pages, read_page
from newsarchive.archive.sealing import COVERED, digest
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


def take_evidence(pages: Pages, other: Side, left_out: list[str]) -> int:
    """Take in the rows of all four tables, each under the archive whose they are; return how many requests are new.

    A row that is not what its hash says is left out and named, and so is what comes after it in its chain: numbers have no gap.

    Raises:
        ArchiveError: a number of one archive has two rows, or our own archive has rows there that it does not have here: a copy
            of it went on by itself.
    """
    new = {table: _take_table(pages, other, table, left_out) for table in COLUMNS}
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


def take_pages(pages: Pages, other: Side, cited: AbstractSet[str]) -> tuple[int, int]:
    """Take in the bytes that are not here, but for those that were removed, packed as this archive packs.

    Only what a row of the merged archive cites comes, its hash among `cited` or in its evidence: `remove` finds no other.

    Returns:
        How many came, and how many could not be read and were left out.
    """
    taken = damaged = 0
    for row in other.rows("SELECT hash, source, first_seen FROM pages ORDER BY rowid"):
        key = {"key": row["hash"]}
        if pages.connection.execute(_DECIDED, key).fetchone():
            continue
        if row["hash"] not in cited and not pages.connection.execute(_IN_EVIDENCE, key).fetchone():
            continue
        try:
            with explained(other.path):
                content = read_page(other.connection, row["hash"]) or b""
                first_seen = datetime.fromisoformat(row["first_seen"]).astimezone(UTC)
        except ArchiveError:
            damaged += 1
            continue
        pages.keep(content, source=row["source"], now=first_seen)
        taken += 1
    return taken, damaged


def _take_table(pages: Pages, other: Side, table: Table, left_out: list[str]) -> int:
    sql = f"SELECT archive, max(number) FROM {table} GROUP BY archive"  # noqa: S608 - one of four names
    last: dict[str, int] = dict(map(tuple, pages.connection.execute(sql)))
    before = sum(last.values())
    for row in other.rows(_ALL[table]):
        archive, number = row["archive"], row["number"]
        if not (archive and number > 0 and is_true(row) and is_sound(row)):
            left_out.append(f"{table} {number} of archive {archive}")
        elif number <= last.get(archive, 0):
            _compare(pages, other, table, row)
        elif archive == pages.archive_id:
            raise ArchiveError(
                f"{other.path}: row {number} of {table} is said to be of our own archive, which does not have it: a copy of this archive went on "
                "by itself; nothing was merged; to unite the two, merge both into an archive that is not there yet (`--db NEW.db`)"
            )
        elif number == last.get(archive, 0) + 1 and (table != "seals" or _follows(pages, row)):
            _insert(pages, table, row)
            last[archive] = number
        else:
            left_out.append(f"{table} {number} of archive {archive}")
    return sum(last.values()) - before


def _insert(pages: Pages, table: Table, row: sqlite3.Row) -> None:
    marks = ", ".join("?" * len(row))
    pages.connection.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))  # noqa: S608 - one of four names


def _follows(pages: Pages, seal: sqlite3.Row) -> bool:
    """Whether a seal follows the one before it, and covers the rows that were taken in."""
    archive = seal["archive"]
    sql = "SELECT * FROM seals WHERE archive = ? AND number = ?"
    before = pages.connection.execute(sql, (archive, seal["number"] - 1)).fetchone()
    after: dict[str, int] = {table: int(before[table]) if before else 0 for table in COVERED}
    upto: dict[str, int] = {table: int(seal[table]) for table in COVERED}
    follows: bool = seal["previous"] == (before["hash"] if before else "")
    return follows and digest(pages.connection, archive, after, upto) == seal["digest"]


def _compare(pages: Pages, other: Side, table: Table, row: sqlite3.Row) -> None:
    archive, number = row["archive"], row["number"]
    sql = f"SELECT hash FROM {table} WHERE archive = ? AND number = ?"  # noqa: S608 - one of four names
    own = pages.connection.execute(sql, (archive, number)).fetchone()
    if own and own["hash"] != row["hash"]:
        raise ArchiveError(
            f"{other.path}: row {number} of {table} of archive {archive} says something else there than here: two copies of that archive "
            "went on apart, and have used the same numbers; nothing was merged"
        )


_ALL = {
    table: f"SELECT {', '.join(columns)}, hash FROM {table} ORDER BY archive, number"  # noqa: S608 - our own names
    for table, columns in COLUMNS.items()
}

_IN_EVIDENCE = """
SELECT 1 FROM requests WHERE page = :key AND kind = 'page' UNION ALL SELECT 1 FROM texts WHERE page = :key LIMIT 1"""

_DECIDED = "SELECT 1 FROM pages WHERE hash = :key UNION ALL SELECT 1 FROM removals WHERE page = :key"
