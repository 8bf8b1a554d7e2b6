"""A record: an article as it stands in the archive, read from its row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsarchive.archive.files import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article as it stands in the archive; the columns of `articles` that people read."""

    id: int
    source: str
    source_name: str
    date: str | None
    headline: str
    lede: str | None
    body: str
    byline: str | None
    section: str | None
    url: str
    published: datetime | None
    date_from: str | None
    language: str | None
    tags: tuple[str, ...]
    caption: str | None
    first_seen: datetime
    fetched_at: datetime
    page: str | None
    hash: str
    extractor: str
    revisions: int
    revised_at: datetime | None
    gone_since: datetime | None
    gone_reason: str | None
    story: int | None = None


RECORDS = "SELECT a.*, s.name AS source_name FROM articles AS a JOIN sources AS s ON s.key = a.source WHERE "
"""Ends before the condition."""


def records(connection: sqlite3.Connection, ids: list[int]) -> Iterator[Record]:
    """Yield the records of articles, in the order of their ids.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    sql = f"{RECORDS}a.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own constant
    found = {row["id"]: row for row in connection.execute(sql, (json.dumps(ids),))}
    yield from (record(found[one]) for one in ids if one in found)


def record(row: sqlite3.Row) -> Record:
    """Read a row of `RECORDS`."""
    return Record(
        id=row["id"],
        source=row["source"],
        source_name=row["source_name"],
        date=row["date"],
        headline=row["headline"],
        lede=row["lede"],
        body=row["body"],
        byline=row["byline"],
        section=row["section"],
        url=row["url"],
        published=moment(row["published"]),
        date_from=row["date_from"],
        language=row["language"],
        tags=tuple(json.loads(row["tags"] or "[]")),
        caption=row["caption"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        page=row["page"],
        hash=row["hash"],
        extractor=row["extractor"],
        revisions=row["revisions"],
        revised_at=moment(row["revised_at"]),
        gone_since=moment(row["gone_since"]),
        gone_reason=row["gone_reason"],
        story=row["story"],
    )
