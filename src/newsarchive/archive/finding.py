"""Which articles an index answers with, in which order: ids only, in time that does not grow with the archive.

Newest first: a few matches are sorted by their instants. Many are not fetched at all: the end of the index of instants is
walked, and each stretch of it asks the text index for its own ids. If that brings too few, because matches are rare or old, or because ids
do not follow the days, all matches are taken to the index of instants. Best first: bm25 reads every match of a word, so when
those are many, the rarest words choose candidates, and all words rank these.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Literal

Sort = Literal["newest", "oldest", "best"]
Index = Literal["articles_fts", "articles_stems"]

_FEW = 1_000  # matches that are sorted by themselves; each row that is fetched for its instant takes 4 µs
_STRETCHES = (64, 256, 512, 1_024)  # ids; then to take all matches, 0.25 µs each, costs less than walking on
_MOST_RANGES = 100  # asked for in turn, 60 µs each
_GAP = 256  # between ids that are asked for in one range
_WEIGHTS = (
    "1.0, 2.0, 4.0, 4.0"  # of once, twice, often, headline; the first must be 1: bm25 has one k1 for all
)
_ROWS_RANKED = 50_000  # matches of single words, added up, that bm25 may read
_CANDIDATES = 400  # of the rarest words, when those are more
_LARGEST_WINDOW = 50_000  # articles, of which the ids are fetched beforehand


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What an index is asked for, in its own language."""

    index: Index
    text: str

    @property
    def sql(self) -> str:
        """The rowids that match; one parameter, the text."""
        return f"SELECT rowid FROM {self.index} WHERE {self.index} MATCH ?"  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an article must be besides.

    Attributes:
        source: a source's key.
        since: the first day, the outlet's own.
        until: the last.
        language: a code as in BCP 47; `ar` means `ar-SY`, too.
    """

    source: str | None = None
    since: date | None = None
    until: date | None = None
    language: str | None = None

    def clauses(self) -> tuple[str, list[object]]:
        """Return SQL on `articles AS a`, each clause after an AND, and the values of its parameters.

        The days are the outlets' own; `sort_at`, which is indexed, is UTC and may differ by a day.
        """
        found: list[tuple[str, list[object]]] = []
        if self.source is not None:
            found.append(("a.source = ?", [self.source]))
        if self.since is not None:
            values: list[object] = [_shift(self.since, -1), self.since.isoformat()]
            found.append(("a.sort_at >= ? AND coalesce(a.date, a.sort_at) >= ?", values))
        if self.until is not None:
            values = [_shift(self.until, 2), self.until.isoformat()]
            found.append(("a.sort_at < ? AND substr(coalesce(a.date, a.sort_at), 1, 10) <= ?", values))
        if self.language is not None:
            found.append(("(a.language LIKE ? OR a.language LIKE ?)", [self.language, f"{self.language}-%"]))
        return _joined(found)

    def bounds(self) -> tuple[str, list[object]]:
        """Return as much of `clauses` as an index alone can tell."""
        found: list[tuple[str, list[object]]] = []
        if self.source is not None:
            found.append(("a.source = ?", [self.source]))
        if self.since is not None:
            found.append(("a.sort_at >= ?", [_shift(self.since, -1)]))
        if self.until is not None:
            found.append(("a.sort_at < ?", [_shift(self.until, 2)]))
        return _joined(found)


def count(connection: sqlite3.Connection, match: Match, filters: Filters) -> int:
    """Return how many articles match.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    where, values = filters.clauses()
    if not where:
        sql = f"SELECT count(*) FROM {match.index} WHERE {match.index} MATCH ?"  # noqa: S608 - our own names
        return int(connection.execute(sql, (match.text,)).fetchone()[0])
    few = _few(connection, match)
    chosen, of = (f"+a.id IN ({match.sql})", match.text) if few is None else (_AMONG, few)
    sql = f"SELECT count(*) FROM articles AS a WHERE {chosen}{where}"  # noqa: S608 - the same
    return int(connection.execute(sql, (of, *values)).fetchone()[0])


def count_stories(connection: sqlite3.Connection, match: Match, filters: Filters) -> int:
    """Return how many stories the articles are of that match; one without copies is one.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    where, values = filters.clauses()
    sql = f"""
SELECT count(*) - count(DISTINCT a.story) FROM articles AS a WHERE a.story IS NOT NULL AND +a.id IN ({match.sql}){where}"""  # noqa: S608 - our own names
    return count(connection, match, filters) - int(
        connection.execute(sql, (match.text, *values)).fetchone()[0]
    )


def in_order(
    connection: sqlite3.Connection, match: Match, filters: Filters, limit: int, *, oldest: bool = False
) -> list[int]:
    """Return the ids of at most `limit` articles that match, newest or oldest first.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    where, values = filters.clauses()
    order = "a.sort_at, a.id" if oldest else "a.sort_at DESC, a.id DESC"
    few = _few(connection, match)
    if few is None:
        found = list(islice(_near_the_end(connection, match, filters, order), limit))
        if len(found) == limit:
            return found
    # The unary plus lets SQLite walk the index on sort_at instead of sorting whole articles.
    chosen, of = (f"+a.id IN ({match.sql})", match.text) if few is None else (_AMONG, few)
    sql = f"SELECT a.id FROM articles AS a WHERE {chosen}{where} ORDER BY {order} LIMIT ?"  # noqa: S608 - our own names
    return [row[0] for row in connection.execute(sql, (of, *values, limit))]


def best(
    connection: sqlite3.Connection, match: Match, filters: Filters, limit: int, *, among: Match | None = None
) -> list[int]:
    """Return the ids of at most `limit` articles that match `articles_stems`, best first.

    Args:
        connection: to the main file.
        match: of `articles_stems`.
        filters: what they must be besides.
        limit: the most ids.
        among: what they must match, too.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    window = _window(connection, filters)
    return [] if window is None else _ranked(connection, match.text, window, limit, among)


def best_of_any(
    connection: sqlite3.Connection,
    words: list[tuple[str, str]],
    without: str,
    filters: Filters,
    limit: int,
) -> list[int]:
    """Return the ids of at most `limit` articles that have any of the words, best first.

    Args:
        connection: to the main file.
        words: of each, its bare form and its skeleton, in the language of `articles_stems`.
        without: what they must not have, or nothing.
        filters: what they must be besides.
        limit: the most ids.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    window = _window(connection, filters)
    if window is None:
        return []
    if len(words) == 1:
        bare = any_of([(words[0][0],)], without)
        if _count(connection, bare, window, limit) == limit:  # enough by its bare form: half the work
            return _ranked(connection, bare, window, limit)
    everything = any_of(words, without)
    rare = _rare(connection, words, window)
    if rare is None:
        return _ranked(connection, everything, window, limit)
    candidates = _ranked(connection, any_of(rare, without), window, max(_CANDIDATES, limit))
    chosen = _Window(where=_THESE, values=(json.dumps(candidates),))
    return _ranked(connection, everything, chosen, limit)


def any_of(words: Iterable[tuple[str, ...]], without: str) -> str:
    """Write that any of the words will do, in the language of FTS5."""
    either = " OR ".join(dict.fromkeys(term for word in words for term in word))
    return f"({either}) NOT ({without})" if without else either


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """Clauses on `articles_stems`, each after an AND, and the values of their parameters.

    Attributes:
        where: the clauses.
        values: of their parameters.
        within: the first and last id that pass, as far as that is known.
    """

    where: str = ""
    values: tuple[object, ...] = ()
    within: tuple[int, ...] = ()


def _window(connection: sqlite3.Connection, filters: Filters) -> _Window | None:
    """Write filters for `articles_stems`, whose rows know nothing but their ids; None if no article passes.

    The ids of some days mostly follow each other, which the index can seek; whether they all do is counted.
    """
    where = ""
    values: tuple[object, ...] = ()
    within: tuple[int, ...] = ()
    if filters.since is not None or filters.until is not None:
        since = filters.since.isoformat() if filters.since else ""
        until = filters.until.isoformat() if filters.until else "9999-12-31"
        ids = [
            row[0] for row in connection.execute(_OF_DAYS, (since, until, since, until, _LARGEST_WINDOW + 1))
        ]
        if not ids:
            return None
        if len(ids) <= _LARGEST_WINDOW:
            within = (min(ids), max(ids))
            where, values = _BETWEEN, within
            if max(ids) - min(ids) + 1 != len(ids):
                where, values = where + _THESE, (*values, json.dumps(ids))
            filters = replace(filters, since=None, until=None)
    clauses, of_articles = filters.clauses()
    if clauses:
        where += f" AND EXISTS (SELECT 1 FROM articles AS a WHERE a.id = articles_stems.rowid{clauses})"  # noqa: S608 - our own clauses
    return _Window(where=where, values=(*values, *of_articles), within=within)


def _ranked(
    connection: sqlite3.Connection, text: str, window: _Window, limit: int, among: Match | None = None
) -> list[int]:
    inside, values = "", []
    if among:  # within the window only: a common word has a tenth of the archive
        near = _BETWEEN if window.within else ""
        inside, values = f" AND +rowid IN ({among.sql}{near})", [among.text, *window.within]
    sql = f"{_RANKED}{window.where}{inside} ORDER BY bm25(articles_stems, {_WEIGHTS}), rowid DESC LIMIT ?"
    return [row[0] for row in connection.execute(sql, (text, *window.values, *values, limit))]


def _rare(
    connection: sqlite3.Connection, words: list[tuple[str, str]], window: _Window
) -> list[tuple[str, str]] | None:
    """Return the rarest words that bm25 may read, at least one that has any match; None if it may read all."""
    counted = sorted(
        (_count(connection, any_of([word], ""), window, _ROWS_RANKED + 1), word) for word in words
    )
    if sum(number for number, _ in counted) <= _ROWS_RANKED:
        return None
    rare: list[tuple[str, str]] = []
    left = _ROWS_RANKED
    for number, word in counted:
        if number > left and left < _ROWS_RANKED:
            break
        rare.append(word)
        left -= number
    return rare


def _count(connection: sqlite3.Connection, text: str, window: _Window, most: int) -> int:
    sql = f"SELECT count(*) FROM ({_RANKED}{window.where} LIMIT ?)"  # noqa: S608 - our own constants
    return int(connection.execute(sql, (text, *window.values, most)).fetchone()[0])


def _few(connection: sqlite3.Connection, match: Match) -> str | None:
    """Return the ids that match, as a JSON list; None if they are many."""
    ids = [row[0] for row in connection.execute(f"{match.sql} LIMIT ?", (match.text, _FEW + 1))]
    return json.dumps(ids) if len(ids) <= _FEW else None


def _near_the_end(
    connection: sqlite3.Connection, match: Match, filters: Filters, order: str
) -> Iterator[int]:
    """Yield the first ids that match, in order: the index of instants is read in stretches, each asks the text index for its ids."""
    bounds, values = filters.bounds()
    sql = f"SELECT a.id FROM articles AS a WHERE 1{bounds} ORDER BY {order}"  # noqa: S608 - our own names
    walked = connection.execute(sql, values)
    asked = 0
    for size in _STRETCHES:
        ids = [row[0] for row in walked.fetchmany(size)]
        ranges = list(_ranges(ids))
        asked += len(ranges)
        if asked > _MOST_RANGES:
            return
        found = _passing(connection, filters, _matching(connection, match, ranges).intersection(ids))
        yield from (one for one in ids if one in found)


def _matching(connection: sqlite3.Connection, match: Match, ranges: list[tuple[int, int]]) -> set[int]:
    sql = f"{match.sql} AND rowid BETWEEN ? AND ?"
    return {row[0] for bounds in ranges for row in connection.execute(sql, (match.text, *bounds))}


def _ranges(ids: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of ids that stand near each other."""
    ordered = sorted(ids)
    breaks = [at for at in range(1, len(ordered)) if ordered[at] - ordered[at - 1] > _GAP]
    for start, end in zip([0, *breaks], [*breaks, len(ordered)], strict=True):
        if ordered[start:end]:
            yield ordered[start], ordered[end - 1]


def _passing(connection: sqlite3.Connection, filters: Filters, ids: set[int]) -> set[int]:
    where, values = filters.clauses()
    if filters.bounds()[0] == where:
        return ids
    sql = f"SELECT a.id FROM articles AS a WHERE {_AMONG}{where}"  # noqa: S608 - our own names
    return {row[0] for row in connection.execute(sql, (json.dumps(list(ids)), *values))}


def _joined(clauses: list[tuple[str, list[object]]]) -> tuple[str, list[object]]:
    return "".join(f" AND {clause}" for clause, _ in clauses), [
        value for _, values in clauses for value in values
    ]


def _shift(day: date, days: int) -> str:
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return day.isoformat()


_BETWEEN = " AND rowid BETWEEN ? AND ?"
_AMONG = "a.id IN (SELECT value FROM json_each(?))"
_THESE = (
    " AND +rowid IN (SELECT value FROM json_each(?))"  # the plus: else bm25 would begin anew for each of them
)
_RANKED = "SELECT rowid FROM articles_stems WHERE articles_stems MATCH ?"
# From the index of days alone. An article without a date counts by the instant that orders it.
_OF_DAYS = """
SELECT id FROM articles WHERE date BETWEEN ? AND ?
UNION ALL SELECT id FROM articles WHERE date IS NULL AND sort_at >= ? AND substr(sort_at, 1, 10) <= ?
LIMIT ?"""
