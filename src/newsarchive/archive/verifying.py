"""`newsarchive verify`: is everything what it was when it was fetched and sealed?

    seals that are known, then the main file, then the pages file, each as of one moment  ->  checks  ->  findings

In this order whatever the main file cites is in the pages file, so a run at work raises no false alarm. Nothing is written, no lock is
needed, and rows are read one at a time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from newsarchive.archive.evidence_checks import check_lines, check_pages, check_rows, check_seals
from newsarchive.archive.files import PAGES_APPLICATION_ID, WITHOUT_PAGES, explained, open_to_read, pages_path
from newsarchive.archive.findings import Bounds, Files, Finding, read_bounds
from newsarchive.archive.past_checks import check_index, check_looks, check_past
from newsarchive.archive.record_checks import (
    check_alone,
    check_contents,
    check_fetches,
    check_held,
    check_sightings,
    check_texts,
)
from newsarchive.archive.sealing import seals_path
from newsarchive.errors import ArchiveError

VERDICTS = ("ok", "mismatch", "removed", "unverifiable")

_Check = Callable[[], Iterator[Finding]]


def verify(
    path: Path, *, since: date | None = None, tell: Callable[[Finding], None] = lambda _: None
) -> dict[str, int]:
    """Compare everything in an archive with the hashes that were taken of it.

    Args:
        path: the archive.
        since: only what was fetched on this day (UTC) or later; the chain of seals is checked whole.
        tell: called for each thing that is not ok; once for all that cannot be verified for the same reason.

    Returns:
        How many things there are of each verdict.

    Raises:
        ArchiveError: the main file cannot be read.
    """
    counts: Counter[str] = Counter(dict.fromkeys(VERDICTS, 0))
    alike: dict[tuple[str, str], Finding] = {}  # the first of those that cannot be verified for one reason
    for finding in _findings(path, since.isoformat() if since else ""):
        counts[finding.verdict] += finding.count
        if finding.verdict == "unverifiable":
            kind = (finding.table, finding.detail)
            first = alike.get(kind)
            alike[kind] = replace(first, count=first.count + finding.count) if first else finding
        elif finding.verdict != "ok":
            tell(finding)
    for finding in alike.values():
        more = f" (this and {finding.count - 1} more)" if finding.count > 1 else ""
        tell(replace(finding, detail=finding.detail + more))
    return dict(counts)


def summary(counts: Mapping[str, int]) -> str:
    """One line for people."""
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)


def _findings(path: Path, since: str) -> Iterator[Finding]:
    with explained(path), closing(_readable(open_to_read(path))) as main:
        archive = _archive_id(main)
        pages = _open_pages(path, archive, left_out=_is_without_pages(main))
        if isinstance(pages, Finding):
            yield pages
            for table in ("articles", "revisions"):
                yield from _guarded(table, partial(check_alone, main, since, table))
            for table, check in _of_main(main, since):
                yield from (one for one in _guarded(table, check) if one.verdict != "ok")  # nothing proves it
            return
        with closing(pages):
            yield from _both(path, main, pages, archive, since)


def _open_pages(path: Path, archive: str, *, left_out: bool) -> sqlite3.Connection | Finding:
    beside = pages_path(path)
    if not beside.exists() and left_out:
        return Finding(
            verdict="unverifiable", table=beside.name, detail="this snapshot was made without its pages"
        )
    if not beside.exists():
        return Finding(
            verdict="mismatch", table=beside.name, detail="missing; put it back beside the archive"
        )
    try:
        pages = _readable(open_to_read(beside, PAGES_APPLICATION_ID))
    except ArchiveError as error:
        return Finding(verdict="mismatch", table=beside.name, detail=str(error))
    try:
        if _archive_id(pages) == archive:
            return pages
        why = "holds the pages of another archive"
    except sqlite3.Error as error:
        why = str(error)
    pages.close()
    return Finding(verdict="mismatch", table=beside.name, detail=why)


def _is_without_pages(main: sqlite3.Connection) -> bool:
    return main.execute("SELECT 1 FROM meta WHERE key = ?", (WITHOUT_PAGES,)).fetchone() is not None


def _archive_id(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'archive_id'").fetchone()
    return str(row[0]) if row else ""


def _both(
    path: Path, main: sqlite3.Connection, pages: sqlite3.Connection, archive: str, since: str
) -> Iterator[Finding]:
    lines = seals_path(path)
    before = lines.read_bytes() if lines.exists() else b""
    settled = _bounds(pages)
    if settled is None:
        lost = "its seals cannot be read, so nothing in it counts as sealed"
        yield Finding(verdict="mismatch", table=pages_path(path).name, row="seals", detail=lost)
    for connection in (main, pages):
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # the transaction begins here
    after = lines.read_bytes() if lines.exists() else b""
    files = Files(
        path=path,
        main=main,
        pages=pages,
        archive=archive,
        sealed=_bounds(pages) or {},
        settled=settled or {},
        since=since,
    )
    checks: list[tuple[str, _Check]] = [
        ("requests", partial(check_rows, files, "requests")),
        ("texts", partial(check_rows, files, "texts")),
        ("removals", partial(check_rows, files, "removals")),
        ("seals", partial(check_seals, files)),
        ("seals", partial(check_lines, files, lines.name, before, after)),
        ("pages", partial(check_pages, files)),
        ("fetches", partial(check_fetches, files)),
        ("articles", partial(check_texts, files, "articles")),
        ("revisions", partial(check_texts, files, "revisions")),
        ("texts", partial(check_held, files)),
        ("sightings", partial(check_sightings, files)),
        ("requests", partial(check_looks, files)),
        ("entries", partial(check_contents, files)),
        *_of_main(main, since),
    ]
    if not since:
        beside = pages_path(path)
        checks[:0] = [
            (one.name, partial(_whole, file, one.name)) for one, file in ((path, main), (beside, pages))
        ]
    for table, check in checks:
        yield from _guarded(table, check)


def _of_main(main: sqlite3.Connection, since: str) -> list[tuple[str, _Check]]:
    """The checks that need the main file only."""
    return [
        ("articles", partial(check_past, main, since)),
        ("articles_fts", partial(check_index, main, since)),
    ]


def _bounds(pages: sqlite3.Connection) -> Bounds | None:
    """Return what the seals cover; None if they cannot be read."""
    try:
        return read_bounds(pages)
    except (sqlite3.Error, ValueError, TypeError):
        return None


def _whole(connection: sqlite3.Connection, name: str) -> Iterator[Finding]:
    """What SQLite itself finds wrong with a file; the first of it."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        yield Finding(verdict="mismatch", table=name, detail=found)


def _guarded(table: str, check: _Check) -> Iterator[Finding]:
    """A table that SQLite cannot read ends its own check, not the others."""
    try:
        yield from check()
    except (sqlite3.Error, ValueError, TypeError) as error:  # or what Python makes of damaged values
        yield Finding(verdict="mismatch", table=table, detail=f"cannot be read further: {error}")


def _readable(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Read text that is no UTF-8 any more as it stands, rather than not at all."""
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection
