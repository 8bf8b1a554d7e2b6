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
from datetime import date
from itertools import islice
from typing import Literal, NamedTuple

from newsarchive.archive.matching import BETWEEN, Match

Sort = Literal["newest", "oldest", "best"]

_FEW = 500  # matches that are sorted by themselves; each row that is fetched for its instant takes 4 µs
_STRETCHES = (
    64,
    256,
    512,
    1_024,
    2_048,
)  # ids; then to take all matches, 0.25 µs each, costs less than walking on
_MOST_RANGES = 100  # asked for in turn, 60 µs each
_GAP = 256  # between ids that are asked for in one range
_WEIGHTS = (
    "1.0, 2.0, 4.0, 4.0"  # of once, twice, often, headline; the first must be 1: bm25 has one k1 for all
)
_ROWS_RANKED = 50_000  # matches of single words, added up, that bm25 may read
_CANDIDATES = 400  # of the rarest words, when those are more
_LARGEST_WINDOW = 50_000  # articles, of which the ids are fetched beforehand


class Filters(NamedTuple):
    """What an article must be besides.

    Attributes:
        source: a source's key.
        since: the first day, the outlet's own.
        until: the last.
        language: a code as in BCP 47; `ar` means `ar-SY`, too.
        instants: the first and the last `sort_at` of all articles of these days, as `narrowed` finds them; None: not known.
    """

    source: str | None = None
    since: date | None = None
    until: date | None = None
    language: str | None = None
    instants: tuple[str, str] | None = None

    def clauses(self) -> tuple[str, list[object]]:
        """Return SQL on `articles AS a`, each clause after an AND, and the values of its parameters.

        An article counts by its day, the outlet's own; without one, by the instant that orders it, in UTC.
        """
        bounds, values = self.bounds()
        found: list[tuple[str, list[object]]] = [(bounds, values)]
        if self.since is not None:
            found.append((" AND coalesce(a.date, a.sort_at) >= ?", [self.since.isoformat()]))
        if self.until is not None:
            found.append((" AND substr(coalesce(a.date, a.sort_at), 1, 10) <= ?", [self.until.isoformat()]))
        if self.language is not None:
            found.append(
                (" AND (a.language LIKE ? OR a.language LIKE ?)", [self.language, f"{self.language}-%"])
            )
        return _joined(found)

    def bounds(self) -> tuple[str, list[object]]:
        """Return as much of `clauses` as an index alone can tell."""
        found: list[tuple[str, list[object]]] = []
        if self.source is not None:
            found.append((" AND a.source = ?", [self.source]))
        if self.instants is not None:
            found.append((" AND a.sort_at BETWEEN ? AND ?", [*self.instants]))
        return _joined(found)

    @property
    def days(self) -> tuple[str, str] | None:
        """The first and the last day; None if all will do."""
        if self.since is None and self.until is None:
            return None
        return (self.since or date.min).isoformat(), (self.until or date.max).isoformat()


def narrowed(connection: sqlite3.Connection, filters: Filters) -> Filters:
    """Add between which instants the articles of its days lie, so that the index of instants need not be walked beyond.

    Mostly a day wider than the days: they are the outlets' own, the instants are UTC. But an article that was seen before the day it
    states is put in order by when it was seen, whatever the distance.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    if filters.days is None:
        return filters
    first, last = filters.days
    low, high = first, f"{last}T24"  # before and after all of these days
    if filters.since is not None:
        (found,) = connection.execute(_FIRST, (first, last, last)).fetchone()
        low = min(found or low, low)
    if filters.until is not None:
        (found,) = connection.execute(_LAST, (first, last, first)).fetchone()
        high = max(found or high, high)
    return filters._replace(instants=(low, high))


def count(connection: sqlite3.Connection, match: Match, filters: Filters) -> int:
    """Return how many articles match.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    where, values = filters.clauses()
    if not where:
        sql, of = match.select()
        return int(connection.execute(f"SELECT count(*) FROM ({sql})", of).fetchone()[0])  # noqa: S608 - our own names
    chosen, of = _chosen(match, _few(connection, match))
    sql = f"SELECT count(*) FROM articles AS a WHERE {chosen}{where}"  # noqa: S608 - the same
    return int(connection.execute(sql, (*of, *values)).fetchone()[0])


def count_stories(connection: sqlite3.Connection, match: Match, filters: Filters) -> int:
    """Return how many stories the articles are of that match; one without copies is one.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    where, values = filters.clauses()
    chosen, of = _chosen(match, None)
    sql = f"""
SELECT count(*) - count(DISTINCT a.story) FROM articles AS a WHERE a.story IS NOT NULL AND {chosen}{where}"""  # noqa: S608 - our own names
    return count(connection, match, filters) - int(connection.execute(sql, (*of, *values)).fetchone()[0])


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
    chosen, of = _chosen(match, few)
    sql = f"SELECT a.id FROM articles AS a WHERE {chosen}{where} ORDER BY {order} LIMIT ?"  # noqa: S608 - our own names
    return [row[0] for row in connection.execute(sql, (*of, *values, limit))]


def best(
    connection: sqlite3.Connection, text: str, filters: Filters, limit: int, *, among: Match | None = None
) -> list[int]:
    """Return the ids of at most `limit` articles that match `articles_stems`, best first.

    Args:
        connection: to the main file.
        text: what `articles_stems` is asked for, in its own language.
        filters: what they must be besides.
        limit: the most ids.
        among: what they must match, too.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    window = _window(connection, filters)
    return [] if window is None else _ranked(connection, text, window, limit, among)


def best_of_any(
    connection: sqlite3.Connection,
    words: list[tuple[str, str]],
    filters: Filters,
    limit: int,
    *,
    among: Match | None = None,
) -> list[int]:
    """Return the ids of at most `limit` articles that have any of the words, best first.

    Args:
        connection: to the main file.
        words: of each, its bare form and its skeleton, in the language of `articles_stems`.
        filters: what they must be besides.
        limit: the most ids.
        among: what they must match, too.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    window = _window(connection, filters)
    if window is None or not words:
        return []
    if len(words) == 1:
        bare = words[0][0]
        if among is None and _count(connection, bare, window, limit) == limit:  # enough: half the work
            return _ranked(connection, bare, window, limit)
    rare = _rare(connection, words, window)
    if rare is None:
        return _ranked(connection, any_of(words), window, limit, among)
    candidates = _ranked(connection, any_of(rare), window, max(_CANDIDATES, limit), among)
    chosen = _Window(where=_THESE, values=(json.dumps(candidates),))
    return _ranked(connection, any_of(words), chosen, limit)


def any_of(words: Iterable[tuple[str, ...]]) -> str:
    """Write that any of the words will do, in the language of FTS5."""
    return " OR ".join(dict.fromkeys(term for word in words for term in word))


class _Window(NamedTuple):
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
    if filters.days is not None:
        ids = [row[0] for row in connection.execute(_OF_DAYS, (*filters.days * 2, _LARGEST_WINDOW + 1))]
        if not ids:
            return None
        if len(ids) <= _LARGEST_WINDOW:
            within = (min(ids), max(ids))
            where, values = BETWEEN, within
            if max(ids) - min(ids) + 1 != len(ids):
                where, values = where + _THESE, (*values, json.dumps(ids))
            filters = filters._replace(since=None, until=None, instants=None)
    clauses, of_articles = filters.clauses()
    if clauses:
        where += f" AND EXISTS (SELECT 1 FROM articles AS a WHERE a.id = articles_stems.rowid{clauses})"  # noqa: S608 - our own clauses
    return _Window(where=where, values=(*values, *of_articles), within=within)


def _ranked(
    connection: sqlite3.Connection, text: str, window: _Window, limit: int, among: Match | None = None
) -> list[int]:
    inside = ""
    values: list[object] = []
    if among:  # within the window only: a common word has a tenth of the archive
        near, values = among.select(window.within)
        inside = f" AND +rowid IN ({near})"
    sql = f"{_RANKED}{window.where}{inside} ORDER BY bm25(articles_stems, {_WEIGHTS}), rowid DESC LIMIT ?"
    return [row[0] for row in connection.execute(sql, (text, *window.values, *values, limit))]


def _rare(
    connection: sqlite3.Connection, words: list[tuple[str, str]], window: _Window
) -> list[tuple[str, str]] | None:
    """Return the rarest words that bm25 may read, at least one that has any match; None if it may read all."""
    counted = sorted((_count(connection, any_of([word]), window, _ROWS_RANKED + 1), word) for word in words)
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
    sql, values = match.select()
    ids = [row[0] for row in connection.execute(f"{sql} LIMIT ?", (*values, _FEW + 1))]
    return json.dumps(ids) if len(ids) <= _FEW else None


def _chosen(match: Match, few: str | None) -> tuple[str, list[object]]:
    """Write that articles match; the unary plus lets SQLite walk the index on sort_at instead of sorting whole articles."""
    if few is not None:
        return _AMONG, [few]
    sql, values = match.select()
    return f"+a.id IN ({sql})", values


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
    return {row[0] for bounds in ranges for row in connection.execute(*match.select(bounds))}


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
    return "".join(clause for clause, _ in clauses), [value for _, values in clauses for value in values]


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
# The first and the last instant of each day stand at the ends of its part of the index, one step of 5 µs from the next day's.
_FIRST = """
WITH RECURSIVE firsts(one) AS (
    SELECT (SELECT date || sort_at FROM articles WHERE date BETWEEN ? AND ? ORDER BY date, sort_at LIMIT 1)
    UNION ALL
    SELECT (SELECT date || sort_at FROM articles WHERE date > substr(one, 1, 10) AND date <= ? ORDER BY date, sort_at LIMIT 1)
    FROM firsts WHERE one IS NOT NULL
)
SELECT min(substr(one, 11)) FROM firsts"""
_LAST = """
WITH RECURSIVE lasts(one) AS (
    SELECT (SELECT date || sort_at FROM articles WHERE date BETWEEN ? AND ? ORDER BY date DESC, sort_at DESC LIMIT 1)
    UNION ALL
    SELECT (SELECT date || sort_at FROM articles WHERE date < substr(one, 1, 10) AND date >= ? ORDER BY date DESC, sort_at DESC LIMIT 1)
    FROM lasts WHERE one IS NOT NULL
)
SELECT max(substr(one, 11)) FROM lasts"""
