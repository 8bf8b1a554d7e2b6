"""What `verify` says of one thing, and what it looks at: both files as they stood at one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from newsarchive.archive.sealing import COVERED

Verdict = Literal["ok", "mismatch", "removed", "unverifiable"]
Bounds = Mapping[tuple[str, str], int]
"""By table and archive, the number of the last row that a seal covers."""

NOT_SEALED = "not sealed yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one thing, or of several that are alike.

    Attributes:
        verdict: `ok`: it is what its hash says; `mismatch`: it is not, or it is missing; `removed`: it was taken out, and that was
            written down; `unverifiable`: there is no hash to compare it with.
        table: where it stands; a file's name if no table can be told.
        row: its number there, or its key.
        url: its address, if it has one.
        detail: one line for people.
        count: how many rows this is said of.
    """

    verdict: Verdict
    table: str = ""
    row: str = ""
    url: str = ""
    detail: str = ""
    count: int = 1

    def line(self) -> str:
        """One line for people."""
        where = " ".join(filter(None, (self.table, self.row, self.url)))
        return f"{self.verdict}: {where}: {self.detail}"


OK = Finding(verdict="ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Both files of an archive, each within one read transaction.

    Attributes:
        path: of the main file.
        main: begun before `pages`, so that whatever it cites is in there.
        pages: the pages file.
        archive: the archive's id.
        sealed: what the seals cover that `pages` holds.
        settled: what they covered before `main` was begun: this has its rows in there.
        since: only what is of this day or later, as the archive writes it; empty for all.
    """

    path: Path
    main: sqlite3.Connection
    pages: sqlite3.Connection
    archive: str
    sealed: Bounds
    settled: Bounds
    since: str

    def is_sealed(self, table: str, row: sqlite3.Row) -> bool:
        """Whether a seal covers a row."""
        return bool(row["number"] <= self.sealed.get((table, row["archive"]), 0))

    def lost(self, page: str | None) -> bool:
        """Whether a page's bytes are missing that were not removed."""
        return page is not None and self.pages.execute(_KEPT, {"page": page}).fetchone() is None

    def is_ours(self, page: str) -> bool:
        """Whether a request tells of a page; else it is known from an imported file, and its bytes may never have been here."""
        return self.pages.execute("SELECT 1 FROM requests WHERE page = ?", (page,)).fetchone() is not None


def each(
    table: str, key: str, rows: Iterable[sqlite3.Row], check: Callable[[sqlite3.Row], Finding]
) -> Iterator[Finding]:
    """Check rows one by one; one whose values are damaged so that nothing can be looked up by them hides no other.

    Args:
        table: where they stand.
        key: the column that names a row.
        rows: of any query.
        check: says what is found of one of them.
    """
    for row in rows:
        try:
            finding = check(row)
        except (sqlite3.Error, ValueError, TypeError) as error:
            finding = Finding(
                verdict="mismatch", table=table, row=str(row[key]), detail=f"unreadable: {error}"
            )
        yield finding


def read_bounds(pages: sqlite3.Connection) -> Bounds:
    """Return what the seals of a pages file cover."""
    rows = pages.execute(
        "SELECT archive, max(requests), max(texts), max(removals) FROM seals GROUP BY archive"
    )
    return {
        (table, archive): int(number)
        for archive, *numbers in rows
        for table, number in zip(COVERED, numbers, strict=True)
    }


_KEPT = "SELECT 1 FROM pages WHERE hash = :page UNION ALL SELECT 1 FROM removals WHERE page = :page LIMIT 1"
