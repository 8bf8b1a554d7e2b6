"""Counting articles, by source and time, from the view `article_figures`. Standard library only, like all reading."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from newsarchive.archive.files import explained, open_to_read
from newsarchive.archive.finding import Filters
from newsarchive.errors import QueryError

By = Literal["source", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted of one source, in one period or of all time.

    Attributes:
        source: its key.
        name: as the outlet writes itself.
        period: a month, `2018-01`, or a year; None: the articles without a date, or all of them, if counted by source.
        words: of headline, lede and body.
        first: the first day.
        last: the last day.
        undated: articles without a date.
        gone: articles that are gone from their outlet.
        edited: articles of which an earlier text is known.
    """

    source: str
    name: str
    period: str | None = None
    articles: int = 0
    words: int = 0
    first: str | None = None
    last: str | None = None
    undated: int = 0
    gone: int = 0
    edited: int = 0


def read_counts(
    path: Path, by: By, *, source: str | None = None, since: date | None = None, until: date | None = None
) -> tuple[Count, ...]:
    """Count articles, by source alone or by source and period; in their order, articles without a date first.

    By source, one that has no such article is there, too.

    Args:
        path: the main file.
        by: the period, or none.
        source: only this source's, by key.
        since: the first day, as in a search: an article without a date counts from the day it was fetched.
        until: the last day.

    Raises:
        QueryError: no such source, or no day between the two.
        ArchiveError: the archive cannot be read.
    """
    if since and until and since > until:
        raise QueryError(f"no day is from {since} on and up to {until}; exchange the two")
    path = path.resolve()
    with closing(open_to_read(path)) as connection, explained(path):
        names = dict(map(tuple, connection.execute("SELECT key, name FROM sources ORDER BY key")))
        if source is not None and source not in names:
            raise QueryError(f"no source {source!r} in {path}; it has {', '.join(names) or 'none yet'}")
        where, values = Filters(source=source, since=since, until=until).clauses()
        sql = _COUNTS.format(period=_PERIODS[by], where=where)
        found = [_count(row, names) for row in connection.execute(sql, values)]
    if by == "source":
        asked = names if source is None else (source,)
        none = {key: Count(source=key, name=names[key]) for key in asked}
        return tuple((none | {one.source: one for one in found}).values())
    return tuple(found)


def _count(row: sqlite3.Row, names: dict[str, str]) -> Count:
    return Count(
        source=row["source"],
        name=names[row["source"]],
        period=row["period"],
        articles=row["articles"],
        words=row["words"],
        first=row["first"],
        last=row["last"],
        undated=row["undated"],
        gone=row["gone"],
        edited=row["edited"],
    )


_PERIODS = {"source": "NULL", "month": "a.month", "year": "substr(a.month, 1, 4)"}
# The plus keeps SQLite from fetching the texts in the order of an index.
_COUNTS = """
SELECT a.source, {period} AS period, count(*) AS articles, sum(a.words) AS words, min(a.date) AS first, max(a.date) AS last,
    count(*) - count(a.date) AS undated, sum(a.gone) AS gone, sum(a.edited) AS edited
FROM article_figures AS a WHERE 1{where}
GROUP BY +a.source, period ORDER BY +a.source, period"""
