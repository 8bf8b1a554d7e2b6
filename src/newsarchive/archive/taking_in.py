"""Storing what a file says of an article: new, or united with the one that is there.

Nothing that the archive has is overwritten. What a file says of an article that is known are further sightings of it: a text that
stood there at another time becomes a revision, or the text of today, as `derive` works out.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from newsarchive.archive.derive import derive
from newsarchive.archive.files import stamp
from newsarchive.archive.filing import keep_addresses, text_on
from newsarchive.archive.history import Sighting
from newsarchive.archive.incoming import Incoming
from newsarchive.archive.removal import removal_of, removed_answer
from newsarchive.archive.rows import (
    GIVE_BACK,
    HELD,
    INSERT_ARTICLE,
    INSERT_SIGHTING,
    RECORD,
    article_row,
    text_hash,
)
from newsarchive.archive.store import Store

Fate = Literal["new", "changed", "known", "removed"]


def take_in(store: Store, incoming: Incoming, now: datetime) -> tuple[int | None, Fate]:
    """Store an article, within a transaction of the caller.

    Returns:
        Its id, and what it is: new, `changed` (anything new about one that is there), `known`, or `removed` (it was taken
        out of this archive for good, and is not stored; then there is no id).
    """
    connection = store.connection
    if is_removed(store, incoming):
        return None, "removed"
    own = _own(incoming)
    connection.execute(_SOURCE, (incoming.source, incoming.source_name, stamp(now)))
    incoming = _with_day(connection, incoming)
    before = connection.total_changes
    known = _article_at(connection, incoming.article.url, own)
    key = known if known is not None else _insert(connection, incoming, own, now)
    for kind in ("asked", "reached", "stated"):
        keep_addresses(store, key, [url for url, one in incoming.addresses if one == kind], kind)
    _keep_sightings(store, key, incoming, now)
    if known is None:
        return key, "new"
    if incoming.first_seen:
        connection.execute(_FIRST_SEEN, {"id": key, "at": stamp(incoming.first_seen)})
    return key, "changed" if connection.total_changes > before else "known"


def is_removed(store: Store, incoming: Incoming) -> bool:
    """Whether an article, or one of its texts, was taken out of this archive for good."""
    texts = {text_hash(incoming.article), *incoming.earlier}
    if removal_of(store, _own(incoming)) is not None:
        return True
    return any(removed_answer(store, text=text) is not None for text in texts)


def _own(incoming: Incoming) -> list[str]:
    """Return the addresses that are more than a claim."""
    return [url for url, kind in incoming.addresses if kind != "stated"]


def _with_day(connection: sqlite3.Connection, incoming: Incoming) -> Incoming:
    """Give an article the outlet's local day, if its instant is all that the file says."""
    article = incoming.article
    if not (incoming.day_follows and article.published):
        return incoming
    (zone,) = connection.execute("SELECT timezone FROM sources WHERE key = ?", (incoming.source,)).fetchone()
    day = article.published.astimezone(ZoneInfo(zone)).date().isoformat()
    return replace(incoming, article=replace(article, date=day))


def _article_at(connection: sqlite3.Connection, url: str, own: list[str]) -> int | None:
    """Return the article that is known at `url`, or else at another of a line's own addresses."""
    found = connection.execute(_AT, {"url": url, "own": json.dumps(own)}).fetchone()
    return int(found[0]) if found else None


def _insert(connection: sqlite3.Connection, incoming: Incoming, own: list[str], now: datetime) -> int:
    """Insert the article's row, filed under its address, or under another of its own if that one is taken."""
    article, first_seen = incoming.article, incoming.first_seen or now
    taken = connection.execute("SELECT 1 FROM addresses WHERE url = ?", (article.url,)).fetchone()
    row = {
        **article_row(article, incoming.fetched_at or first_seen, first_seen),
        "source": incoming.source,
        "url": own[0] if taken and article.url not in own else article.url,
        "page": incoming.page,
    }
    connection.execute(GIVE_BACK, row)
    return int(connection.execute(INSERT_ARTICLE, row).lastrowid or 0)


def _keep_sightings(store: Store, key: int, incoming: Incoming, now: datetime) -> None:
    connection = store.connection
    row = article_row(incoming.article, now, now)
    readings = {**incoming.earlier, str(row["hash"]): {name: row[name] for name in RECORD}}
    seen = incoming.sightings or _only_sighting(store, key, incoming, now)
    connection.executemany(
        INSERT_SIGHTING,
        [(key, stamp(one.at), one.outcome, one.url, one.page or None, one.text or None) for one in seen],
    )
    held = {text for (text,) in connection.execute(HELD, {"article": key})}
    derive(connection, key, {text: reading for text, reading in readings.items() if text not in held})


def _only_sighting(store: Store, key: int, incoming: Incoming, now: datetime) -> tuple[Sighting, ...]:
    """Make the one sighting of a text that came without any, unless that very sighting is known; without a time, any of the text is.

    The same bytes say what they said when they were seen before. Two texts that are said to stem from one second are both kept: the
    one that comes later stands a second later.
    """
    connection, url = store.connection, _own(incoming)[0]
    text = text_on(store, key, incoming.page) or text_hash(incoming.article)
    said_at = incoming.fetched_at or incoming.first_seen
    at = said_at or now
    seen = {"article": key, "text": text, "page": incoming.page}
    if connection.execute(_SEEN, {**seen, "at": stamp(at) if said_at else None}).fetchone():
        return ()
    while taken := connection.execute(_TAKEN, (key, stamp(at), url)).fetchone():
        if (taken["page"], taken["text"]) == (incoming.page, text):
            return ()
        at += timedelta(seconds=1)
    return (Sighting(at=at, outcome="imported", url=url, page=incoming.page or "", text=text),)


_SEEN = """
SELECT 1 FROM sightings WHERE article = :article AND text = :text AND (page = :page OR :page IS NULL) AND (at = :at OR :at IS NULL)"""

_AT = """
SELECT article FROM addresses WHERE kind <> 'stated' AND url IN (SELECT value FROM json_each(:own))
ORDER BY url = :url DESC, article LIMIT 1"""
_TAKEN = "SELECT page, text FROM sightings WHERE article = ? AND at = ? AND outcome = 'imported' AND url = ?"

_SOURCE = (
    "INSERT INTO sources (key, name, timezone, first_seen) VALUES (?, ?, 'UTC', ?) ON CONFLICT DO NOTHING"
)

_FIRST_SEEN = """
UPDATE articles SET first_seen = :at, sort_at = min(coalesce(published, date || 'T12:00:00Z', :at), :at)
WHERE id = :id AND first_seen > :at"""
