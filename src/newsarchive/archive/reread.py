"""What is stored, to be read again by better rules: a machine's new reading, never an edit by the outlet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from newsarchive.archive.rows import Queued, article_row
from newsarchive.archive.search import filters
from newsarchive.archive.store import Store
from newsarchive.models import Article, Fetched, Rejected

COMPARED = (
    "headline",
    "lede",
    "body",
    "byline",
    "section",
    "tags",
    "caption",
    "language",
    "published",
    "date",
    "date_from",
)
"""The columns of a record that a new reading can change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A page that is kept, with what was made of it.

    Attributes:
        source: key of its source.
        article: id of the article, or None if the page was rejected.
        queued: the entry that led to the page.
        page: hash of the bytes.
        fetched: the bytes, and how they came.
        record: the article's columns that a reading makes, as they are stored; empty for a rejected page.
    """

    source: str
    article: int | None
    queued: Queued
    page: str
    fetched: Fetched
    record: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new reading makes of a stored page.

    Attributes:
        kind: `same`, `changed`, `found` (a rejected page is an article now), `withdrawn` (an article is none now), or
            `failed` (the reader was killed).
        columns: which columns changed.
    """

    kind: str
    columns: tuple[str, ...] = ()


def stored_pages(
    store: Store, *, source: str | None, since: date | None, until: date | None
) -> Iterator[Stored]:
    """Yield every page that an article was made from, and every page that was rejected, oldest first.

    Args:
        store: an archive open for writing.
        source: only this source's.
        since: only articles from this day on; rejected pages have no day, so they come only without days.
        until: only articles up to this day.
    """
    where, values = filters(source, since, until)
    made = f"SELECT a.id FROM articles AS a WHERE a.page IS NOT NULL{where} ORDER BY a.id"  # noqa: S608 - our own clauses
    for (key,) in store.connection.execute(made, values).fetchall():
        if found := _article(store, key):
            yield found
    if since or until:
        return
    rejected = "SELECT id FROM entries WHERE state = 'rejected' AND (? IS NULL OR source = ?) ORDER BY id"
    for (key,) in store.connection.execute(rejected, (source, source)).fetchall():
        if found := _rejected(store, key):
            yield found


def compare(stored: Stored, reading: Article | Rejected) -> Change:
    """Say what a new reading changes."""
    if isinstance(reading, Rejected):
        return Change(kind="withdrawn" if stored.article is not None else "same")
    if stored.article is None:
        return Change(kind="found")
    new = _columns(stored, reading)
    columns = tuple(name for name in COMPARED if new[name] != stored.record[name])
    return Change(kind="changed" if columns else "same", columns=columns)


def keep_reading(store: Store, stored: Stored, reading: Article | Rejected, now: datetime) -> None:
    """Store a new reading, within a transaction of the caller: the record, its index terms and its row in the queue."""
    if isinstance(reading, Rejected):
        _withdraw(store, stored, reading)
    elif stored.article is None:
        store.admit(stored.source, stored.queued, reading, fetched=stored.fetched, page=stored.page, now=now)
    elif stored.record != (new := _columns(stored, reading)):
        store.connection.execute(_UPDATE, {**new, "id": stored.article})


def _columns(stored: Stored, article: Article) -> dict[str, object]:
    row = article_row(article, stored.fetched.started_at, stored.fetched.started_at)
    return {name: row[name] for name in (*COMPARED, "extractor", "hash")}


def _withdraw(store: Store, stored: Stored, rejected: Rejected) -> None:
    """Take out an article that is none; its page is kept, so that other rules may bring it back."""
    if stored.article is None:
        row = (rejected.reason, rejected.detail, stored.queued.id)
        store.connection.execute("UPDATE entries SET outcome = ?, detail = ? WHERE id = ?", row)
        return
    row = (rejected.reason, rejected.detail, stored.article)
    sql = "UPDATE entries SET state = 'rejected', outcome = ?, detail = ?, article = NULL WHERE article = ?"
    store.connection.execute(sql, row)
    store.connection.execute("DELETE FROM articles WHERE id = ?", (stored.article,))


def _article(store: Store, key: int) -> Stored | None:
    row = store.connection.execute("SELECT * FROM articles WHERE id = ?", (key,)).fetchone()
    entry = store.connection.execute(
        "SELECT * FROM entries WHERE article = ? ORDER BY id LIMIT 1", (key,)
    ).fetchone()
    fetched = store.pages.arrival(row["page"], entry["url"]) if entry else None
    if fetched is None:
        return None
    queued = Queued(id=entry["id"], attempts=entry["attempts"], entry=store.read_entry(entry))
    record = {name: row[name] for name in (*COMPARED, "extractor", "hash")}
    return Stored(
        source=row["source"], article=key, queued=queued, page=row["page"], fetched=fetched, record=record
    )


def _rejected(store: Store, key: int) -> Stored | None:
    entry = store.connection.execute("SELECT * FROM entries WHERE id = ?", (key,)).fetchone()
    sql = (
        "SELECT page FROM fetches WHERE url = ? AND kind = 'page' AND outcome = 'ok' ORDER BY id DESC LIMIT 1"
    )
    page = store.connection.execute(sql, (entry["url"],)).fetchone()
    fetched = store.pages.arrival(page[0], entry["url"]) if page and page[0] else None
    if fetched is None:
        return None
    queued = Queued(id=entry["id"], attempts=entry["attempts"], entry=store.read_entry(entry))
    return Stored(
        source=entry["source"], article=None, queued=queued, page=page[0], fetched=fetched, record={}
    )


_UPDATE = """
UPDATE articles SET headline = :headline, lede = :lede, body = :body, byline = :byline, section = :section, tags = :tags,
    caption = :caption, language = :language, published = :published, date = :date, date_from = :date_from,
    extractor = :extractor, hash = :hash,
    sort_at = min(coalesce(:published, :date || 'T12:00:00Z', first_seen), first_seen)
WHERE id = :id"""
