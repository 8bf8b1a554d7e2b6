"""What goes from a merge because one of the two archives removed it: found on both sides, whatever the order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsarchive.archive.files import stamp
from newsarchive.archive.index import merge_segments
from newsarchive.archive.merging_pages import Tomb
from newsarchive.archive.removal import left_over_pages
from newsarchive.archive.rows import EMPTIED
from newsarchive.archive.sides import Other, Side
from newsarchive.archive.store import Store
from newsarchive.urls import canonical_url, twins

_OURS, _THEIRS = "ours", "theirs"


@dataclass(slots=True, kw_only=True)
class Gone:
    """What goes; it grows while it is looked for.

    Attributes:
        urls: every address that is barred, and why.
        pages: the same of pages, by their hashes.
        articles: ids, `ours` and `theirs`.
        tombs: what goes with those articles.
        reasons: why each of our articles goes, by its id.
    """

    urls: dict[str, str]
    pages: dict[str, str]
    articles: dict[str, set[int]] = field(default_factory=lambda: {_OURS: set(), _THEIRS: set()})
    tombs: list[Tomb] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)


def find_gone(store: Store, other: Other, sound: Collection[int]) -> Gone:
    """Find the articles of both archives that have an address or a page which either archive removed.

    They go with all that is one with them; and then so does what has one of their addresses or pages. Needs `link`, and the
    removals of both archives in ours. Of the other archive only `sound` articles are looked at.
    """
    sides = {_OURS: Side(path=store.path, connection=store.connection), _THEIRS: other.news}
    removed = store.pages.connection.execute("SELECT page, reason FROM removals WHERE page IS NOT NULL")
    gone = Gone(
        urls={row["url"]: row["detail"] or "" for side in sides.values() for row in side.rows(_BARRED)},
        pages={row["page"]: row["reason"] for row in removed},
    )
    while found := [
        (side, article, reason)
        for side in sides
        for side, article, reason in _hits(side, sides[side], gone)
        if side == _OURS or article in sound
    ]:
        for side, article, reason in found:
            for name, one in _one_with(store.connection, side, article) - _members(gone):
                _bury(gone, name, sides[name], one, reason)
                if name == _OURS:
                    gone.tombs[-1] = _with_left_over(store, gone.tombs[-1], one)
    return gone


def take_out(connection: sqlite3.Connection, gone: Gone) -> None:
    """Delete our articles that go, and their words."""
    doomed = [(article,) for article in gone.articles[_OURS]]
    connection.executemany("DELETE FROM articles WHERE id = ?", doomed)
    if doomed:  # else their words would stay in the index's older segments
        merge_segments(connection)


def bar(connection: sqlite3.Connection, gone: Gone, now: datetime) -> None:
    """Keep every address of what goes from being asked for again, when the queue is merged."""
    rows = [
        {"source": tomb.source, "url": url, "now": stamp(now), "reason": tomb.reason}
        for tomb in gone.tombs
        for url in tomb.urls
    ]
    connection.executemany(_BAR, rows)


def left_at(store: Store, gone: Gone) -> Iterator[Tomb]:
    """Yield what else was answered at barred addresses, or read there or from a page that goes; not what an article that stays has."""
    for url, page, reason in _answered(store.pages.connection, gone):
        if not _stays(store, _PAGE_STAYS, page):
            yield Tomb(reason=reason, urls=frozenset({url}), pages=frozenset({page}))
    for url, text, reason in _read(store.pages.connection, gone):
        if not _stays(store, _TEXT_STAYS, text):
            yield Tomb(reason=reason, urls=frozenset({url}), texts=frozenset({text}))


def _answered(pages: sqlite3.Connection, gone: Gone) -> Iterator[tuple[str, str, str]]:
    for row in pages.execute(_ASKED, (json.dumps([*gone.urls]),)):
        yield row["url"], row["page"], gone.urls[row["url"]]
    for row in pages.execute(_MOVED) if gone.urls else ():
        if (url := canonical_url(row["final_url"])) in gone.urls:
            yield url, row["page"], gone.urls[url]


def _read(pages: sqlite3.Connection, gone: Gone) -> Iterator[tuple[str, str, str]]:
    for row in pages.execute(_TEXTS, (json.dumps([*gone.urls]), json.dumps([*gone.pages]))):
        yield row["url"], row["text"], gone.urls.get(row["url"]) or gone.pages.get(row["page"], "")


def _members(gone: Gone) -> set[tuple[str, int]]:
    return {(side, article) for side, articles in gone.articles.items() for article in articles}


def _hits(name: str, side: Side, gone: Gone) -> Iterator[tuple[str, int, str]]:
    """Yield which articles of one side have what goes, and why, but for those that are known to go."""
    spellings = {one: reason for url, reason in gone.urls.items() for one in (url, *twins(url))}
    for column, reasons, sql in (("url", spellings, _AT), ("page", gone.pages, _READ_FROM)):
        for row in side.rows(sql, json.dumps([*reasons])) if reasons else ():
            if row["article"] not in gone.articles[name]:
                yield name, row["article"], reasons[row[column]]


def _one_with(connection: sqlite3.Connection, side: str, article: int) -> set[tuple[str, int]]:
    """Return an article and all that are one with it."""
    found, new = set(), {(side, article)}
    while new:
        found |= new
        new = {pair for name, one in new for pair in _linked(connection, name, one)} - found
    return found


def _linked(connection: sqlite3.Connection, side: str, article: int) -> Iterator[tuple[str, int]]:
    across = _THEIRS if side == _OURS else _OURS
    sql = f"SELECT {across} FROM linked WHERE {side} = ?"  # noqa: S608 - two names
    return ((across, row[0]) for row in connection.execute(sql, (article,)))


def _bury(gone: Gone, name: str, side: Side, article: int, reason: str) -> None:
    rows = [*side.rows(_WHAT_IT_HAS, article, article, article, article, article)]
    has = {
        kind: frozenset(row["value"] for row in rows if row["kind"] == kind)
        for kind in ("url", "page", "text")
    }
    ((source,),) = side.rows("SELECT source FROM articles WHERE id = ?", article)
    tomb = Tomb(reason=reason, source=source, urls=has["url"], pages=has["page"], texts=has["text"])
    gone.articles[name].add(article)
    if name == _OURS:
        gone.reasons[article] = reason
    gone.tombs.append(tomb)
    gone.urls |= {url: reason for url in tomb.urls if url not in gone.urls}
    gone.pages |= {page: reason for page in tomb.pages if page not in gone.pages}


def _with_left_over(store: Store, tomb: Tomb, article: int) -> Tomb:
    """Add what of our article is kept and nothing cites."""
    left = left_over_pages(store, tuple(tomb.urls), (article,))
    return replace(tomb, pages=tomb.pages | left)


def _stays(store: Store, sql: str, key: str) -> bool:
    return store.connection.execute(sql, {"key": key}).fetchone() is not None


_BARRED = "SELECT url, detail FROM entries WHERE state = 'removed'"

_AT = "SELECT article, url FROM addresses WHERE kind <> 'stated' AND url IN (SELECT value FROM json_each(?))"

# A page that shows only that an article is gone, or is none, may be that of many.
_READ_FROM = """
SELECT article, page FROM sightings WHERE text IS NOT NULL AND outcome <> 'rejected' AND page IN (SELECT value FROM json_each(?))"""

_WHAT_IT_HAS = """
SELECT 'url' AS kind, url AS value FROM addresses WHERE article = ? AND kind <> 'stated'
UNION SELECT 'url', url FROM entries WHERE article = ?
UNION SELECT 'page', content FROM entries WHERE article = ? AND content IS NOT NULL
UNION SELECT 'page', page FROM sightings WHERE article = ? AND text IS NOT NULL AND page IS NOT NULL
UNION SELECT 'text', text FROM sightings WHERE article = ? AND text IS NOT NULL"""

_BAR = f"""
INSERT INTO entries (source, url, link, first_seen, state, outcome, detail)
VALUES (:source, :url, :url, :now, 'removed', 'removed', :reason)
ON CONFLICT (url) DO UPDATE SET state = 'removed', outcome = 'removed', detail = excluded.detail,
    {", ".join(f"{name} = NULL" for name in EMPTIED)}
WHERE state <> 'removed'"""  # noqa: S608 - our own column names

_ASKED = """
SELECT url, page FROM requests WHERE kind = 'page' AND page IS NOT NULL AND url IN (SELECT value FROM json_each(?))"""

_MOVED = "SELECT page, final_url FROM requests WHERE final_url <> url AND kind = 'page' AND page IS NOT NULL"

_TEXTS = """
SELECT url, page, text FROM texts
WHERE url IN (SELECT value FROM json_each(?)) OR page IN (SELECT value FROM json_each(?))"""

_PAGE_STAYS = """
SELECT 1 FROM entries WHERE content = :key
UNION ALL SELECT 1 FROM sightings WHERE text IS NOT NULL AND page = :key LIMIT 1"""

_TEXT_STAYS = (
    "SELECT 1 FROM articles WHERE hash = :key UNION ALL SELECT 1 FROM revisions WHERE hash = :key LIMIT 1"
)
