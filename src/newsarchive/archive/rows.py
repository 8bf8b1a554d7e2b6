"""Rows: how our values become columns and come back, and the SQL that writes them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from newsarchive.archive.files import moment, stamp
from newsarchive.models import Article, Entry, Fetched, Source
from newsarchive.urls import is_web_address, is_wordpress_key, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the archive remembers of a feed or listing page."""

    url: str
    outcome: str | None
    failures: int
    next_check: datetime | None
    etag: bytes | None
    last_modified: bytes | None
    hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What asking a feed or listing page led to, to be stored in one transaction.

    Attributes:
        outcome: of the request, or of reading what it brought.
        entries: in the feed's order, each with the key of the source it belongs to; empty unless the outcome is `ok`.
    """

    url: str
    kind: str
    outcome: str
    detail: str = ""
    fetched: Fetched
    entries: tuple[tuple[str, Entry], ...] = ()
    failures: int
    next_check: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A row of the queue that is due: an entry, and how often it was asked for.

    Attributes:
        article: id of the article that it is already, and whose page is to be looked at again; None if it is none yet.
        etag: a validator, as it came.
        last_modified: the same.
        etag_page: SHA-256 of the page that they came with, and of which alone they say anything.
    """

    id: int
    attempts: int
    entry: Entry
    article: int | None = None
    etag: bytes | None = None
    last_modified: bytes | None = None
    etag_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What a host told us, as it is kept between runs."""

    robots: str | None
    robots_outcome: str | None
    robots_at: datetime | None
    asked_at: datetime | None
    paused_until: datetime | None


def scrub(text: Any) -> Any:  # noqa: ANN401 - any value of a row; only texts are changed
    """Return text without what SQLite or UTF-8 cannot hold: NULs dropped, lone surrogates replaced."""
    if not isinstance(text, str):
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def sound_guids(entries: tuple[tuple[str, Entry], ...]) -> Iterator[tuple[str, Entry]]:
    """Drop guids that a feed gives to more than one of its entries: they are no keys."""
    seen = Counter(entry.guid for _, entry in entries)
    for source, entry in entries:
        shared = entry.guid is not None and seen[entry.guid] > 1
        yield source, replace(entry, guid=None) if shared else entry


def keys(entry: Entry) -> list[str]:
    """Return the addresses that stand for the article itself: its link and, from WordPress, the lasting `?p=123`."""
    guid = entry.guid
    lasting = (
        guid is not None and is_web_address(guid) and is_wordpress_key(guid) and same_site(guid, entry.url)
    )
    return [entry.url, guid] if guid is not None and lasting else [entry.url]


def digest(content: bytes | None) -> str | None:
    """Return the SHA-256 of bytes as hexadecimal text; None for none."""
    return hashlib.sha256(content).hexdigest() if content is not None else None


def text_hash(article: Article) -> str:
    """Return the SHA-256 of what an article says: a JSON list of headline, lede and body, in UTF-8, without spaces."""
    return _text_hash(scrub(article.headline), scrub(article.lede), scrub(article.body))


def _text_hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def sort_at(article: Article, now: datetime) -> datetime:
    """Return what orders an article: its instant, else noon of its day, else now; never later than now."""
    noon = datetime.fromisoformat(article.date).replace(hour=12, tzinfo=UTC) if article.date else None
    return min(article.published or noon or now, now)


def article_row(article: Article, fetched_at: datetime, now: datetime) -> dict[str, object]:
    """Return the columns of `articles` that come from the record itself."""
    row = {
        "date": article.date,
        "headline": article.headline,
        "lede": article.lede,
        "body": article.body,
        "byline": article.byline,
        "section": article.section,
        "published": stamp_or_none(article.published),
        "date_from": article.date_from,
        "language": article.language,
        "tags": json.dumps(article.tags, ensure_ascii=False) if article.tags else None,
        "caption": article.caption,
        "now": stamp(now),
        "fetched_at": stamp(fetched_at),
        "sort_at": stamp(sort_at(article, now)),
        "hash": text_hash(article),
        "extractor": article.extractor,
    }
    return {name: scrub(value) for name, value in row.items()}


RECORD = ("headline", "lede", "body", "byline", "section", "tags", "caption", "language", "published", "date", "date_from",
          "extractor", "hash")  # fmt: skip
"""The columns of `articles` that come from reading a page, and from nothing else."""

TEXT = tuple(name for name in RECORD if name not in {"section", "tags", "caption", "language", "date_from"})
"""Those of them that are kept of an earlier text too, in `revisions`."""

SOURCE = ("key", "name", "name_en", "country", "language", "timezone", "homepage")
"""The columns of `sources` that come from the configuration."""

EMPTIED = ("guid", "headline", "published", "byline", "section", "summary", "content", "etag", "last_modified", "etag_page", "next_try",
           "article")  # fmt: skip
"""The columns of `entries` of which nothing is left when what the entry led to is removed."""


def record_row(article: Article, fetched: Fetched) -> dict[str, object]:
    """Return what one reading of a page says, as columns of `articles`."""
    row = article_row(article, fetched.started_at, fetched.started_at)
    return {name: row[name] for name in RECORD}


def bare(entry: Entry) -> Entry:
    """Return an entry without what the feed says of the text, to read a later page of the article with."""
    return replace(entry, headline=None, summary=None, content=None, byline=None, section=None)


def edited(
    record: Mapping[str, object], before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, object]:
    """Return a record as its outlet changed it: what two pages say alike stays as it was recorded, by whatever witnesses and rules.

    Args:
        record: what is stored, or those of its columns that are; it was read from the first of the two pages.
        before: what that page says, read as the second one is.
        after: what the second page says.
    """
    new = {
        name: record.get(name, after[name]) if before[name] == after[name] else after[name] for name in RECORD
    }
    said = _text_hash(new["headline"], new["lede"], new["body"])
    return {**new, "extractor": after["extractor"], "hash": said}


def source_row(source: Source, now: datetime) -> dict[str, object]:
    """Return the columns of `sources`."""
    return {**{name: scrub(getattr(source, name)) for name in SOURCE}, "now": stamp(now)}


def feed_state(row: sqlite3.Row) -> FeedState:
    """Read a row of `feeds`."""
    return FeedState(
        url=row["url"],
        outcome=row["outcome"],
        failures=row["failures"],
        next_check=moment(row["next_check"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        hash=row["hash"],
    )


def feed_row(source: str, polled: Polled, now: datetime) -> dict[str, object]:
    """Return the columns of `feeds` after it was asked."""
    good = polled.outcome in {"ok", "not-modified"}
    return {
        "url": polled.url,
        "source": source,
        "outcome": polled.outcome,
        "detail": scrub(polled.detail) or None,
        "failures": polled.failures,
        "checked_at": stamp(polled.fetched.started_at),
        "succeeded_at": stamp(now) if good else None,
        "next_check": stamp(polled.next_check + timedelta(seconds=1)),  # whole seconds, never rounded down
        "fresh": polled.outcome == "ok",
        **validators(polled.fetched),
        "hash": digest(polled.fetched.content),
    }


def validators(fetched: Fetched) -> dict[str, bytes | None]:
    """Return the validators of an answer; those of an address that a redirect led to are not sent to this one."""
    own = fetched.final_url == fetched.url
    return {
        name: fetched.header(name.replace("_", "-").encode()) if own else None
        for name in ("etag", "last_modified")
    }


def stamp_or_none(value: datetime | None) -> str | None:
    """Write a moment, if there is one."""
    return stamp(value) if value else None


KEEP_SOURCE = """
INSERT INTO sources (key, name, name_en, country, language, timezone, homepage, first_seen)
VALUES (:key, :name, :name_en, :country, :language, :timezone, :homepage, :now)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, country = excluded.country,
    language = excluded.language, timezone = excluded.timezone, homepage = excluded.homepage
WHERE (name, name_en, country, language, timezone, homepage) IS NOT
    (excluded.name, excluded.name_en, excluded.country, excluded.language, excluded.timezone, excluded.homepage)"""

KEEP_HOST = """
INSERT INTO hosts (host, robots, robots_outcome, robots_at, asked_at, paused_until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (host) DO UPDATE SET robots = excluded.robots, robots_outcome = excluded.robots_outcome,
    robots_at = excluded.robots_at, asked_at = excluded.asked_at, paused_until = excluded.paused_until"""

KEEP_FEED = """
UPDATE feeds SET source = :source, outcome = :outcome, detail = :detail, failures = :failures, checked_at = :checked_at,
    succeeded_at = coalesce(:succeeded_at, succeeded_at), next_check = :next_check,
    etag = CASE WHEN :fresh THEN :etag ELSE etag END,
    last_modified = CASE WHEN :fresh THEN :last_modified ELSE last_modified END,
    hash = CASE WHEN :fresh THEN :hash ELSE hash END
WHERE url = :url"""

INSERT_ENTRY = """
INSERT INTO entries (source, feed, url, link, guid, headline, published, byline, section, summary, content, garbled, first_seen, state, next_try)
VALUES (:source, :feed, :url, :link, :guid, :headline, :published, :byline, :section, :summary, :content, :garbled, :now, 'waiting', :now)"""

# What was looked at before yields to what is new.
QUEUED = """
SELECT id FROM entries
WHERE source = ? AND next_try IS NOT NULL AND (next_try <= ? OR next_try > CASE WHEN article IS NULL THEN ? ELSE ? END)
ORDER BY article IS NOT NULL, id"""

# The first entry of an article carries its looks. Only a clock that was ahead leaves a run, and requests, in the future.
RESUME = """
UPDATE entries SET next_try = :now
WHERE next_try IS NULL AND state = 'done' AND id IN (
        SELECT (SELECT min(id) FROM entries WHERE article = a.id) FROM articles AS a
        WHERE sort_at > :young AND NOT EXISTS (SELECT 1 FROM entries WHERE article = a.id AND next_try IS NOT NULL))
    AND EXISTS (SELECT 1 FROM fetches WHERE url = entries.url AND at > :now)"""

ASSIGN = """
UPDATE OR IGNORE entries SET source = ?, next_try = CASE WHEN article IS NULL THEN ? ELSE next_try END, attempts = 0 WHERE id = ?"""

SETTLE = """
UPDATE entries SET state = 'done', outcome = NULL, detail = NULL, next_try = :next_look, article = :article, attempts = :attempts,
    etag = :etag, last_modified = :last_modified, etag_page = :etag_page
WHERE id = :id"""

INSERT_FETCH = """
INSERT INTO fetches (run, source, kind, url, final_url, at, seconds, status, outcome, detail, bytes, page, archive, number)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

# Looking twice in one second is seeing once.
INSERT_SIGHTING = """
INSERT INTO sightings (article, at, outcome, url, page, text) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

# What stands there already is not read a second time.
HELD = (
    "SELECT hash FROM articles WHERE id = :article UNION SELECT hash FROM revisions WHERE article = :article"
)

# A claim gives way to an address that was asked for or reached; nothing else changes hands.
KEEP_ADDRESS = """
INSERT INTO addresses (url, article, kind) VALUES (?, ?, ?)
ON CONFLICT (url) DO UPDATE SET article = excluded.article, kind = excluded.kind
WHERE addresses.kind = 'stated' AND excluded.kind <> 'stated'"""

TWINS = """
SELECT article AS id FROM addresses WHERE url IN (SELECT value FROM json_each(:places))
UNION SELECT id FROM articles WHERE hash = :hash AND source = :source ORDER BY 1"""

# An article that is filed under an address it only stated goes back to the one that it was fetched from.
GIVE_BACK = """
UPDATE articles SET url = (SELECT url FROM addresses WHERE article = articles.id AND kind <> 'stated' AND url <> :url LIMIT 1)
WHERE url = :url"""

INSERT_ARTICLE = """
INSERT INTO articles (source, date, headline, lede, body, byline, section, url, published, date_from, language, tags,
    caption, first_seen, fetched_at, sort_at, page, hash, extractor)
VALUES (:source, :date, :headline, :lede, :body, :byline, :section, :url, :published, :date_from, :language, :tags,
    :caption, :now, :fetched_at, :sort_at, :page, :hash, :extractor)"""
