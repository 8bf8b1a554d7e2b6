"""Reading what became of an article: its earlier texts, its absences, and how each page of it came.

The standard library alone, like all reading; unpacking a page's bytes is the exception, and is imported when it is asked for.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, moment, open_to_read, pages_path
from newsarchive.errors import ArchiveError, NewsArchiveError

if TYPE_CHECKING:
    from newsarchive.models import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article, for as long as it stood.

    Attributes:
        number: 1 is the oldest.
        seen_from: our clock, when it was seen first.
        seen_until: when it was seen last; of the text of today, the last look at it.
        current: whether it is the text of today.
        page: SHA-256 of the page it was read from.
        hash: SHA-256 of headline, lede and body.
    """

    number: int
    seen_from: datetime
    seen_until: datetime
    headline: str
    lede: str | None
    body: str
    date: str | None
    page: str | None
    hash: str
    extractor: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A time at which an article was gone: `back_at` is None while it is, `outcome` what was found in its place."""

    gone_since: datetime
    back_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one sighting of an article comes from.

    Attributes:
        at: our clock.
        outcome: `ok`, `not-modified` or `imported`; or what showed that it was gone.
        url: the address that was asked.
        page: SHA-256 of the bytes that stood there.
        text: hash of the text they read as.
        request: how the answer came, without its bytes; None if there is no evidence of it.
        number: of the row in `requests`, and whose it is: `archive`.
        hash: of that row.
        length: of the bytes.
        program: the version of newsarchive that asked.
        seal: number of the seal that covers that row, with its time; None if it is not sealed yet.
    """

    at: datetime
    outcome: str
    url: str
    page: str | None
    text: str | None
    request: Fetched | None = None
    archive: str | None = None
    number: int | None = None
    hash: str | None = None
    length: int | None = None
    program: str | None = None
    seal: tuple[int, datetime] | None = None


def revisions(connection: sqlite3.Connection, article: int) -> tuple[Revision, ...]:
    """Return all texts of an article, oldest first; the last is the text of today."""
    rows = connection.execute(_REVISIONS, {"article": article}).fetchall()
    return tuple(
        Revision(
            number=number,
            seen_from=datetime.fromisoformat(row["seen_from"]),
            seen_until=datetime.fromisoformat(row["seen_until"]),
            headline=row["headline"],
            lede=row["lede"],
            body=row["body"],
            date=row["date"],
            page=row["page"],
            hash=row["hash"],
            extractor=row["extractor"],
            current=bool(row["current"]),
        )
        for number, row in enumerate(rows, 1)
    )


def absences(connection: sqlite3.Connection, article: int) -> tuple[Gone, ...]:
    """Return the times at which an article was gone, oldest first."""
    rows = connection.execute("SELECT * FROM absences WHERE article = ? ORDER BY gone_since", (article,))
    return tuple(
        Gone(
            gone_since=datetime.fromisoformat(row["gone_since"]),
            back_at=moment(row["back_at"]),
            outcome=row["outcome"],
        )
        for row in rows
    )


def provenance(connection: sqlite3.Connection, article: int, path: Path) -> tuple[Provenance, ...]:
    """Return where each sighting of an article comes from, oldest first.

    Args:
        connection: to the main file.
        article: its id.
        path: the main file, whose sibling holds the evidence.

    Raises:
        ArchiveError: the pages file cannot be used.
    """
    seen = connection.execute(
        "SELECT * FROM sightings WHERE article = ? ORDER BY at, outcome, url, page, text", (article,)
    )
    with _pages(path) as pages:
        return tuple(_provenance(row, pages) for row in seen.fetchall())


def page(path: Path, key: str) -> bytes:
    """Return the bytes of a page.

    Args:
        path: the main file, whose sibling holds the pages.
        key: SHA-256 of the bytes.

    Raises:
        ArchiveError: the pages file cannot be used, or the page is lost or damaged.
        NewsArchiveError: it was removed, or was never here; the archive is whole.
    """
    from newsarchive.archive.pages import read_page  # noqa: PLC0415 - zstd is slow to import, and seldom needed

    with _pages(path) as pages, explained(pages_path(path)):
        content = read_page(pages, key)
        if content is None:
            raise _without(pages, key, pages_path(path))
    return content


def _without(pages: sqlite3.Connection, key: str, beside: Path) -> NewsArchiveError:
    """Return why a page is not there."""
    if removed := pages.execute("SELECT reason FROM removals WHERE page = ?", (key,)).fetchone():
        return NewsArchiveError(f"the page {key} was removed ({removed['reason']})")
    if not pages.execute("SELECT 1 FROM requests WHERE page = ?", (key,)).fetchone():
        return NewsArchiveError(
            f"the page {key} is not here: the article was imported without it, and no request brought it since"
        )
    return ArchiveError(
        f"{beside}: the page {key} is missing; restore a snapshot, `newsarchive verify` tells more"
    )


@contextlib.contextmanager
def _pages(path: Path) -> Iterator[sqlite3.Connection]:
    """The pages file, open for reading."""
    where = pages_path(path)
    connection = open_to_read(where, PAGES_APPLICATION_ID)
    try:
        with explained(where):
            yield connection
    finally:
        connection.close()


def _provenance(seen: sqlite3.Row, pages: sqlite3.Connection) -> Provenance:
    from newsarchive.archive.evidence import read_request  # noqa: PLC0415 - search must start at once

    row = pages.execute(_REQUEST, {"url": seen["url"], "at": seen["at"]}).fetchone()
    told = Provenance(
        at=datetime.fromisoformat(seen["at"]),
        outcome=seen["outcome"],
        url=seen["url"],
        page=seen["page"],
        text=seen["text"],
    )
    if row is None:
        return told
    seal = pages.execute(_SEAL, (row["archive"], row["number"])).fetchone()
    return replace(
        told,
        request=read_request(row, None),
        archive=row["archive"],
        number=row["number"],
        hash=row["hash"],
        length=row["length"],
        program=row["program"],
        seal=(seal["number"], datetime.fromisoformat(seal["at"])) if seal else None,
    )


_TEXT = "headline, lede, body, date, page, hash, extractor"
_REVISIONS = f"""
SELECT seen_from, seen_until, {_TEXT}, 0 AS current FROM revisions WHERE article = :article
UNION ALL
SELECT coalesce(revised_at, (SELECT min(at) FROM sightings WHERE article = :article AND text IS NOT NULL), fetched_at),
    coalesce((SELECT max(at) FROM sightings WHERE article = :article AND text IS NOT NULL), fetched_at), {_TEXT}, 1
FROM articles WHERE id = :article
ORDER BY current, seen_from"""  # noqa: S608 - our own column names
_REQUEST = "SELECT * FROM requests WHERE url = :url AND at = :at AND kind = 'page' ORDER BY number LIMIT 1"
_SEAL = "SELECT number, at FROM seals WHERE archive = ? AND requests >= ? ORDER BY number LIMIT 1"
