"""The state of the feeds, as `feeds list` shows it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from newsarchive.archive.files import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """How a source's feed or listing page is doing.

    Attributes:
        failures: in a row, up to now.
        article_at: when the source's newest article came into the archive.
    """

    source: str
    url: str
    kind: str
    outcome: str | None
    detail: str | None
    failures: int
    checked_at: datetime | None
    succeeded_at: datetime | None
    next_check: datetime | None
    article_at: datetime | None


def read_feeds(connection: sqlite3.Connection) -> tuple[FeedStatus, ...]:
    """Return the state of every feed that was ever asked, by source.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    return tuple(_status(row) for row in connection.execute(_FEEDS))


def _status(row: sqlite3.Row) -> FeedStatus:
    return FeedStatus(
        source=row["source"],
        url=row["url"],
        kind=row["kind"],
        outcome=row["outcome"],
        detail=row["detail"],
        failures=row["failures"],
        checked_at=moment(row["checked_at"]),
        succeeded_at=moment(row["succeeded_at"]),
        next_check=moment(row["next_check"]),
        article_at=moment(row["article_at"]),
    )


_FEEDS = """
SELECT f.*, (SELECT max(first_seen) FROM articles WHERE source = f.source) AS article_at
FROM feeds AS f ORDER BY f.source, f.rowid"""
