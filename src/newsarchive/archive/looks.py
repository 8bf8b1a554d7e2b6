"""Looking at an article again: what is known of it before, and what a look leaves behind, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from newsarchive.archive.derive import Reading, derive, sightings
from newsarchive.archive.files import explained, stamp
from newsarchive.archive.filing import keep_addresses
from newsarchive.archive.history import REJECTED, Sighting
from newsarchive.archive.pages import Receipt
from newsarchive.archive.rows import RECORD, Queued, scrub, stamp_or_none, validators
from newsarchive.archive.store import Store
from newsarchive.models import Fetched, Rejected
from newsarchive.urls import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of an article before it is looked at again.

    Attributes:
        article: its id.
        born: when it was published, as far as is known; never later than it was seen first.
        text: hash of its text of today.
        record: the same with all that the page said beside it, as columns of `articles`.
        page: SHA-256 of the page that was seen last; None if that was not kept.
        last: where and when that was; None if no text was ever seen.
        texts: of every page that was seen, the hash of its text.
        places: the addresses at which it was asked for or reached.
        reached: of those, the ones to which redirects led; all of them if none did.
        misses: looks in a row, up to the last, that found it gone.
    """

    article: int
    born: datetime
    text: str
    record: Reading
    page: str | None
    last: Sighting | None
    texts: Mapping[str, str]
    places: tuple[str, ...]
    reached: tuple[str, ...]
    misses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look showed.

    Attributes:
        outcome: `ok` or `not-modified`; or what shows that the article is gone.
        page: SHA-256 of the bytes that stand there; None if there were none.
        text: hash of the text they read as; None if the article is gone.
        reading: that text as columns of `articles`, if the archive may not hold it yet.
    """

    outcome: str
    page: str | None = None
    text: str | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look changed.

    Attributes:
        slug: what was seen, or why nothing was learnt.
        learnt: whether anything was.
        changed: whether another text stands there.
        gone: whether the article is called gone from now on.
        back: whether it was called so until now.
    """

    slug: str
    learnt: bool = False
    changed: bool = False
    gone: bool = False
    back: bool = False


def known_article(store: Store, article: int) -> Known:
    """Return what is known of an article."""
    with explained(store.path):
        row = store.connection.execute("SELECT * FROM articles WHERE id = ?", (article,)).fetchone()
        places = store.connection.execute(_PLACES, (article,)).fetchall()
        seen = sorted(one for one in sightings(store.connection, article) if one.outcome != REJECTED)
    texts = [one for one in seen if one.text]
    return Known(
        article=article,
        born=min([datetime.fromisoformat(row["sort_at"]), *(one.at for one in seen)]),
        text=row["hash"],
        record={name: row[name] for name in RECORD},
        page=texts[-1].page or None if texts else None,
        last=texts[-1] if texts else None,
        texts={one.page: one.text for one in texts if one.page},
        places=tuple(url for url, _ in places),
        reached=tuple(url for url, kind in places if kind == "reached") or tuple(url for url, _ in places),
        misses=len({one.at for one in takewhile(lambda one: not one.text, reversed(seen))}),
    )


def keep_look(
    store: Store,
    run: int,
    source: str,
    queued: Queued,
    *,
    article: int,
    fetched: Fetched,
    receipt: Receipt,
    seen: Seen | Rejected,
    next_look: datetime | None,
) -> Look:
    """Store what a look at an article showed.

    Args:
        store: the archive.
        run: number of the run.
        source: key of the source.
        queued: the entry that carries the article's looks.
        article: its id.
        fetched: how the request ended.
        receipt: where that was written down.
        seen: what was seen, or why the answer says nothing about the article: then only the request and the entry are noted.
        next_look: when it is looked at again; None: no more.
    """
    learnt = isinstance(seen, Seen)
    slug, detail = (seen.outcome, "") if isinstance(seen, Seen) else (seen.reason, seen.detail)
    stands = isinstance(seen, Seen) and seen.text is not None
    here = fetched.url == queued.entry.url  # what another address sends is not sent back to this one
    noted = {
        "id": queued.id,
        "outcome": None if stands else slug,
        "detail": scrub(detail) or None,
        "next_look": stamp_or_none(next_look),
        "fresh": stands and slug == "ok",
        **(validators(fetched) if here else {"etag": None, "last_modified": None}),
        "etag_page": seen.page if isinstance(seen, Seen) else None,
    }
    with store.transaction():
        before = store.connection.execute(_STATE, (article,)).fetchone()
        if isinstance(seen, Seen):
            _keep_seen(store, article, fetched, seen)
        store.connection.execute(_LOOKED, noted)
        store.insert_fetch(run, source, "page", fetched, receipt)
        after = store.connection.execute(_STATE, (article,)).fetchone()
    return Look(
        slug=slug,
        learnt=learnt,
        changed=before["hash"] != after["hash"],
        gone=after["gone_since"] is not None and before["gone_since"] is None,
        back=before["gone_since"] is not None and after["gone_since"] is None,
    )


def _keep_seen(store: Store, article: int, fetched: Fetched, seen: Seen) -> None:
    url, at = canonical_url(fetched.url), stamp(fetched.started_at)
    store.connection.execute(_SEE, (article, at, seen.outcome, url, seen.page, seen.text))
    if seen.text is not None:
        keep_addresses(store, article, [fetched.final_url], "reached")
    derive(store.connection, article, {seen.text: seen.reading} if seen.text and seen.reading else {})


_PLACES = "SELECT url, kind FROM addresses WHERE article = ? AND kind <> 'stated'"

_STATE = "SELECT hash, gone_since FROM articles WHERE id = ?"

# Looking twice in one second is seeing once: what stood there last.
_SEE = """
INSERT INTO sightings (article, at, outcome, url, page, text) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET page = excluded.page, text = excluded.text"""

_LOOKED = """
UPDATE entries SET outcome = :outcome, detail = :detail, next_try = :next_look, attempts = attempts + 1,
    etag = CASE WHEN :fresh THEN :etag ELSE etag END,
    last_modified = CASE WHEN :fresh THEN :last_modified ELSE last_modified END,
    etag_page = CASE WHEN :fresh THEN :etag_page ELSE etag_page END
WHERE id = :id"""
