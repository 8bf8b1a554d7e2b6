"""Filing articles: whether a page is of one that is known, at which addresses it stands, and what becomes of the entry that led to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from newsarchive.arabic import fold
from newsarchive.archive.derive import derive
from newsarchive.archive.files import explained, stamp
from newsarchive.archive.pages import Receipt
from newsarchive.archive.rows import (
    GIVE_BACK,
    HELD,
    INSERT_ARTICLE,
    INSERT_SIGHTING,
    KEEP_ADDRESS,
    SETTLE,
    TWINS,
    Queued,
    article_row,
    keys,
    record_row,
    stamp_or_none,
    text_hash,
    validators,
)
from newsarchive.archive.store import Store
from newsarchive.models import Article, Entry, Fetched
from newsarchive.urls import canonical_url, twins

_ALIKE = 0.6  # of the words of the shorter text


def article_of(store: Store, entry: Entry) -> int | None:
    """Return the id of the article that was fetched under an entry's address; what pages only state does not count."""
    with explained(store.path):
        return _article_at(store, keys(entry))


def settle(store: Store, queued: Queued, article: int) -> None:
    """Note that an entry is an article that the archive already has; one that is an article before keeps its looks."""
    with store.transaction():
        if queued.article is None:
            _settle(store, queued, article, attempts=queued.attempts)
        keep_addresses(store, article, keys(queued.entry), "asked")


def keep_article(
    store: Store,
    run: int,
    source: str,
    queued: Queued,
    article: Article,
    *,
    fetched: Fetched,
    receipt: Receipt,
    now: datetime,
    next_look: datetime | None = None,
) -> tuple[int, bool]:
    """Store an article with its addresses, index terms, request and queue row, all or nothing.

    Args:
        store: the archive.
        run: number of the run.
        source: key of its source.
        queued: the entry that led to it.
        article: what its page says.
        fetched: the page, and how it came.
        receipt: where that was written down.
        now: our clock.
        next_look: when it is looked at again, if this is its first page; None: never.

    Returns:
        Its id, and whether it is new: a page of an article that the archive has, at another address, only adds the address,
        unless the archive has no page of it.
    """
    with store.transaction():
        page = str(receipt.page)
        kept = admit(store, source, queued, article, fetched=fetched, page=page, now=now, next_look=next_look)
        store.insert_fetch(run, source, "page", fetched, receipt)
    return kept


def admit(
    store: Store,
    source: str,
    queued: Queued,
    article: Article,
    *,
    fetched: Fetched,
    page: str,
    now: datetime,
    next_look: datetime | None = None,
) -> tuple[int, bool]:
    """Do what `keep_article` does within a transaction of the caller, without a row for the request."""
    asked = [fetched.url, *keys(queued.entry)]
    known = _article_at(store, [*asked, fetched.final_url]) or _twin(store, source, article, asked)
    key, first_page = known, known is None or not has_page(store, known)
    if key is None:
        stated = article.url if _is_free(store, article.url, queued) else fetched.final_url
        row = {
            **article_row(article, fetched.started_at, now),
            "source": source,
            "url": canonical_url(stated),
            "page": page,
        }
        store.connection.execute(GIVE_BACK, row)
        key = int(store.connection.execute(INSERT_ARTICLE, row).lastrowid or 0)
        seen = (key, stamp(fetched.started_at), "ok", canonical_url(queued.entry.url), page, row["hash"])
        store.connection.execute(INSERT_SIGHTING, seen)
    elif first_page:
        _keep_first_page(store, key, queued, article, fetched=fetched, page=page)
    keep_addresses(store, key, asked, "asked")
    keep_addresses(store, key, [fetched.final_url], "reached")
    if known is None or _agrees(store, known, article):
        keep_addresses(store, key, [article.url, *article.addresses], "stated")
    attempts = queued.attempts + 1
    if first_page:
        came = validators(fetched)
        _settle(store, queued, key, attempts=attempts, next_look=next_look, etag_page=page, **came)
    else:
        _settle(store, queued, key, attempts=attempts)
    return key, known is None


def has_page(store: Store, article: int) -> bool:
    """Whether the archive keeps any page of an article; one that came from a file of articles has none."""
    with explained(store.path):
        rows = store.connection.execute(
            "SELECT page FROM sightings WHERE article = ? AND page IS NOT NULL", (article,)
        ).fetchall()
    return store.pages.have_any(row["page"] for row in rows)


def text_on(store: Store, article: int, page: str | None) -> str | None:
    """Return the hash of the text that a page of an article was read as; None if it was not seen there."""
    sql = "SELECT text FROM sightings WHERE article = ? AND page = ? AND text IS NOT NULL ORDER BY at DESC LIMIT 1"
    row = store.connection.execute(sql, (article, page)).fetchone()
    return row["text"] if row else None


def keep_addresses(store: Store, article: int, urls: Iterable[str], kind: str) -> None:
    """Note where an article was asked for or reached, or what it states of itself, within a transaction of the caller."""
    for url in dict.fromkeys(map(canonical_url, urls)):
        store.connection.execute(KEEP_ADDRESS, (url, article, kind))


def _keep_first_page(
    store: Store, key: int, queued: Queued, article: Article, *, fetched: Fetched, page: str
) -> None:
    """Note what stands on the first page of an article whose texts came from a file.

    Of a text that is held, the page only says what the file left open, such as its date.
    """
    record = record_row(article, fetched)
    text = text_on(store, key, page) or str(record["hash"])
    seen = (key, stamp(fetched.started_at), "ok", canonical_url(queued.entry.url), page, text)
    store.connection.execute(INSERT_SIGHTING, seen)
    held = {one["hash"] for one in store.connection.execute(HELD, {"article": key})}
    today = store.connection.execute("SELECT * FROM articles WHERE id = ?", (key,)).fetchone()
    readings = {text: record} if text not in held else {}
    if text == record["hash"] == today["hash"]:
        readings = {text: {name: record[name] if today[name] is None else today[name] for name in record}}
    derive(store.connection, key, readings)


def _settle(
    store: Store,
    queued: Queued,
    article: int,
    *,
    attempts: int,
    next_look: datetime | None = None,
    etag: bytes | None = None,
    last_modified: bytes | None = None,
    etag_page: str | None = None,
) -> None:
    """Note that an entry is an article. One entry of an article carries its looks: the first."""
    row = {
        "id": queued.id,
        "article": article,
        "attempts": attempts,
        "next_look": stamp_or_none(next_look),
    }
    store.connection.execute(
        SETTLE, {**row, "etag": etag, "last_modified": last_modified, "etag_page": etag_page}
    )


def _article_at(store: Store, urls: Iterable[str]) -> int | None:
    known = json.dumps(list(dict.fromkeys(canonical_url(url) for url in urls)))
    sql = "SELECT min(article) FROM addresses WHERE kind <> 'stated' AND url IN (SELECT value FROM json_each(?))"
    found = store.connection.execute(sql, (known,)).fetchone()[0]
    return int(found) if found is not None else None


def _twin(store: Store, source: str, article: Article, asked: Iterable[str]) -> int | None:
    """Return the article that this page shows again, if the two agree.

    Candidates live at an address that the page states as its own, at the same place under another scheme, with
    another last slash or for telephones, or say the same in the same source. A canonical link alone proves nothing: sites exist whose every page names
    the same one.
    """
    stated = map(canonical_url, (article.url, *article.addresses))
    known = json.dumps(list(dict.fromkeys([*stated, *(twin for url in asked for twin in twins(url))])))
    found = store.connection.execute(
        TWINS, {"places": known, "source": source, "hash": text_hash(article)}
    ).fetchall()
    return next((row["id"] for row in found if _agrees(store, row["id"], article)), None)


def _agrees(store: Store, known: int, article: Article) -> bool:
    row = store.connection.execute("SELECT * FROM articles WHERE id = ?", (known,)).fetchone()
    if row["date"] != article.date:
        return False
    return bool(row["hash"] == text_hash(article)) or (
        fold(row["headline"]) == fold(article.headline) and _alike(row["body"], article.body)
    )


def _is_free(store: Store, url: str, queued: Queued) -> bool:
    """Whether a page may be filed under the address that it states: nobody's, and not another entry's."""
    taken = "SELECT 1 FROM addresses WHERE url = :url UNION ALL SELECT 1 FROM entries WHERE url = :url AND id <> :id"
    return store.connection.execute(taken, {"url": canonical_url(url), "id": queued.id}).fetchone() is None


def _alike(one: str, other: str) -> bool:
    """Whether two texts share most of the shorter one's words."""
    first, second = set(fold(one).split()), set(fold(other).split())
    return len(first & second) >= _ALIKE * min(len(first), len(second))
