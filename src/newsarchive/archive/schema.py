"""The archive's tables, as append-only migrations. Imported by writers only: readers take the tables as they find them.

A released migration is never edited; what changes is a new one, appended. Each runs in one transaction together with
`user_version`, so a killed migration leaves the version before it intact.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from collections.abc import Callable

_NEWS_1 = """
-- What the archive knows of itself: archive_id (a UUID), created_at, fold_version.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The outlets, as the configuration of the last fetch named them. One that is taken out of feeds.toml stays here.
CREATE TABLE sources (
    key        TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    name_en    TEXT,
    country    TEXT,
    language   TEXT,
    timezone   TEXT NOT NULL,
    homepage   TEXT,
    first_seen TEXT NOT NULL
) STRICT;

-- The cleaned records. One article is one row, whatever its addresses. Body: plain text, one paragraph a line.
CREATE TABLE articles (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- a number that was given is never given again
    source     TEXT NOT NULL REFERENCES sources(key),
    date       TEXT,           -- the outlet's local day, YYYY-MM-DD; NULL rather than guessed
    headline   TEXT NOT NULL,
    lede       TEXT,
    body       TEXT NOT NULL,
    byline     TEXT,
    section    TEXT,
    url        TEXT NOT NULL UNIQUE,
    published  TEXT,           -- the instant that the source claims, UTC
    date_from  TEXT,           -- feed, json-ld, meta, page or url
    language   TEXT,
    tags       TEXT,           -- a JSON list
    caption    TEXT,
    first_seen TEXT NOT NULL,  -- our clock, UTC
    fetched_at TEXT NOT NULL,  -- our clock, UTC: when the page that this record was made from was fetched
    sort_at    TEXT NOT NULL,  -- published, else noon of date, else first_seen; never later than fetched_at
    page       TEXT,           -- SHA-256 of that page, which is kept in the pages file
    hash       TEXT NOT NULL,  -- SHA-256 of headline, lede and body
    extractor  TEXT NOT NULL   -- version of the rules that made this record
) STRICT;
CREATE INDEX articles_sort ON articles(sort_at);
CREATE INDEX articles_source_sort ON articles(source, sort_at);
CREATE INDEX articles_source_seen ON articles(source, first_seen);
CREATE INDEX articles_date ON articles(date);
CREATE INDEX articles_hash ON articles(hash);

-- Every address under which an article is known, in canonical spelling. What a page only states of itself is a claim.
CREATE TABLE addresses (
    url     TEXT PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind    TEXT NOT NULL CHECK (kind IN ('asked', 'reached', 'stated'))
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_article ON addresses(article);

-- What is asked again and again: feeds and listing pages, with the validators of the last answer.
CREATE TABLE feeds (
    url           TEXT PRIMARY KEY,
    source        TEXT NOT NULL REFERENCES sources(key),
    kind          TEXT NOT NULL CHECK (kind IN ('feed', 'listing')),
    outcome       TEXT,        -- how the last request ended
    detail        TEXT,
    failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
    checked_at    TEXT,
    succeeded_at  TEXT,
    next_check    TEXT,        -- not asked before
    etag          BLOB,        -- as bytes, to be sent back as they came
    last_modified BLOB,
    hash          TEXT         -- SHA-256 of the last answer that was read
) STRICT;
CREATE INDEX feeds_source ON feeds(source);

-- The queue: what feeds and listings say, one row an article. next_try is NULL when nothing is left to do.
CREATE TABLE entries (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL REFERENCES sources(key),
    feed       TEXT REFERENCES feeds(url),
    url        TEXT NOT NULL UNIQUE,
    link       TEXT NOT NULL,  -- the address as printed
    guid       TEXT,
    headline   TEXT,
    published  TEXT,
    byline     TEXT,
    section    TEXT,
    summary    TEXT,
    content    TEXT,           -- SHA-256 of the feed's own full text, which is kept in the pages file
    garbled    INTEGER NOT NULL DEFAULT 0,
    first_seen TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'rejected', 'failed')),
    outcome    TEXT,           -- why it is rejected or failed, or still waiting
    detail     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_try   TEXT,
    article    INTEGER REFERENCES articles(id) ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX entries_guid ON entries(source, guid) WHERE guid IS NOT NULL;
CREATE INDEX entries_queue ON entries(source, next_try) WHERE next_try IS NOT NULL;
CREATE INDEX entries_article ON entries(article);

-- What a host told us: its robots.txt (kept a day), and until when it asked to be left alone.
CREATE TABLE hosts (
    host           TEXT PRIMARY KEY,
    robots         TEXT,
    robots_outcome TEXT,
    robots_at      TEXT,
    asked_at       TEXT,
    paused_until   TEXT
) STRICT;

-- One row for each fetch and what it did. A row without ended_at was killed.
CREATE TABLE runs (
    id             INTEGER PRIMARY KEY,
    started_at     TEXT NOT NULL,
    ended_at       TEXT,
    outcome        TEXT,       -- done, interrupted, failed, killed
    version        TEXT NOT NULL,
    feeds_asked    INTEGER NOT NULL DEFAULT 0,
    feeds_failed   INTEGER NOT NULL DEFAULT 0,
    entries_new    INTEGER NOT NULL DEFAULT 0,
    articles_new   INTEGER NOT NULL DEFAULT 0,
    pages_rejected INTEGER NOT NULL DEFAULT 0,
    pages_failed   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every request, however it ended. Bytes, headers and redirects are in the pages file.
CREATE TABLE fetches (
    id        INTEGER PRIMARY KEY,
    run       INTEGER NOT NULL REFERENCES runs(id),
    source    TEXT NOT NULL,
    kind      TEXT NOT NULL,   -- feed, listing or page
    url       TEXT NOT NULL,
    final_url TEXT,            -- where redirects led, if anywhere
    at        TEXT NOT NULL,
    seconds   REAL NOT NULL,
    status    INTEGER,
    outcome   TEXT NOT NULL,
    detail    TEXT,
    bytes     INTEGER,
    page      TEXT             -- SHA-256 of the bytes
) STRICT;
CREATE INDEX fetches_run ON fetches(run);
CREATE INDEX fetches_url ON fetches(url);

-- The search index. The comment lets Datasette and sqlite-utils find it; content='' keeps the text from being stored
-- twice. headline and body as printed, norm folded, forms the clitic-stripped and variant spellings that norm lacks.
CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (headline, body, norm, forms, content='');

CREATE TRIGGER articles_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts(rowid, headline, body, norm, forms) VALUES (
        new.id, new.headline, newsarchive_text(new.lede, new.body),
        newsarchive_norm(new.headline, new.lede, new.body), newsarchive_forms(new.headline, new.lede, new.body));
END;

CREATE TRIGGER articles_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, headline, body, norm, forms) VALUES (
        'delete', old.id, old.headline, newsarchive_text(old.lede, old.body),
        newsarchive_norm(old.headline, old.lede, old.body), newsarchive_forms(old.headline, old.lede, old.body));
END;

CREATE TRIGGER articles_update AFTER UPDATE ON articles
WHEN old.id IS NOT new.id OR old.headline IS NOT new.headline OR old.lede IS NOT new.lede OR old.body IS NOT new.body BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, headline, body, norm, forms) VALUES (
        'delete', old.id, old.headline, newsarchive_text(old.lede, old.body),
        newsarchive_norm(old.headline, old.lede, old.body), newsarchive_forms(old.headline, old.lede, old.body));
    INSERT INTO articles_fts(rowid, headline, body, norm, forms) VALUES (
        new.id, new.headline, newsarchive_text(new.lede, new.body),
        newsarchive_norm(new.headline, new.lede, new.body), newsarchive_forms(new.headline, new.lede, new.body));
END;
"""

_PAGES_1 = """
-- Whose pages these are: archive_id, as in the main file.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What servers sent, as bytes, once each. content is a zstd frame; if dictionary is set, that page's bytes are the raw
-- dictionary it was compressed with.
CREATE TABLE pages (
    hash       TEXT PRIMARY KEY,  -- SHA-256 of the bytes
    source     TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    length     INTEGER NOT NULL,  -- of the bytes
    dictionary TEXT REFERENCES pages(hash),
    content    BLOB NOT NULL
) STRICT;

-- One row for each page that was fetched: how it came. Headers and redirects are JSON lists of pairs, in order.
CREATE TABLE responses (
    id              INTEGER PRIMARY KEY,
    url             TEXT NOT NULL,
    final_url       TEXT NOT NULL,
    at              TEXT NOT NULL,
    seconds         REAL NOT NULL,
    status          INTEGER,
    peer            TEXT,
    request_headers TEXT NOT NULL,
    headers         TEXT NOT NULL,
    redirects       TEXT NOT NULL,
    page            TEXT NOT NULL REFERENCES pages(hash)
) STRICT;
CREATE INDEX responses_page ON responses(page);
CREATE INDEX responses_url ON responses(url);
"""

_NEWS_2 = """
-- Each time an article's page was seen: what stood there. Revisions, absences and gone_since are worked out from these.
CREATE TABLE sightings (
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    at      TEXT NOT NULL,   -- our clock, UTC
    outcome TEXT NOT NULL,   -- ok, not-modified or imported; or what showed that it was gone: not-found, gone, soft-404, home-page; or rejected
    url     TEXT NOT NULL,   -- the address that was asked
    page    TEXT,            -- SHA-256 of the bytes that stood there
    text    TEXT             -- hash of the text they read as, as in articles.hash and revisions.hash; NULL: it was gone, or rejected
) STRICT;
-- Two archives may have seen two texts at one address within one second: both are kept.
CREATE UNIQUE INDEX sightings_once ON sightings(article, at, outcome, url, coalesce(page, ''), coalesce(text, ''));

INSERT INTO sightings (article, at, outcome, url, page, text)
SELECT a.id, a.fetched_at, 'ok', coalesce((SELECT e.url FROM entries AS e WHERE e.article = a.id ORDER BY e.id LIMIT 1), a.url),
    a.page, a.hash
FROM articles AS a;

-- The earlier texts of articles that their outlets changed. The text of today stands in articles.
CREATE TABLE revisions (
    id         INTEGER PRIMARY KEY,
    article    INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,  -- 1 is the oldest
    seen_from  TEXT NOT NULL,     -- our clock, UTC: when this text was seen first
    seen_until TEXT NOT NULL,     -- and last, before another one stood there
    headline   TEXT NOT NULL,
    lede       TEXT,
    body       TEXT NOT NULL,
    byline     TEXT,
    date       TEXT,
    published  TEXT,
    page       TEXT,              -- SHA-256 of the page it was read from
    hash       TEXT NOT NULL,     -- SHA-256 of headline, lede and body
    extractor  TEXT NOT NULL,
    UNIQUE (article, number)
) STRICT;
CREATE INDEX revisions_hash ON revisions(hash);

-- When articles were gone from their outlets. Two looks in a row must have found nothing before it is stated here.
CREATE TABLE absences (
    article    INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    gone_since TEXT NOT NULL,  -- the first look that found nothing
    back_at    TEXT,           -- the first look that found it again; NULL: it is still gone
    outcome    TEXT NOT NULL,  -- what that first look found: not-found, gone, soft-404 or home-page
    PRIMARY KEY (article, gone_since)
) STRICT, WITHOUT ROWID;

-- Articles that a new reading withdrew, because none of their pages is one by its rules: what was seen of them, to bring them back with.
CREATE TABLE withdrawn (
    article    INTEGER PRIMARY KEY,  -- the number it had, and has again when it is back
    source     TEXT NOT NULL REFERENCES sources(key),
    url        TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    addresses  TEXT NOT NULL,        -- a JSON list of objects: url, kind
    sightings  TEXT NOT NULL         -- a JSON list of objects: at, outcome, url, page, text; as they were before
) STRICT;

ALTER TABLE articles ADD COLUMN revisions INTEGER NOT NULL DEFAULT 0;  -- how many earlier texts are known
ALTER TABLE articles ADD COLUMN revised_at TEXT;   -- when the text of today was seen first, if there was an earlier one
ALTER TABLE articles ADD COLUMN gone_since TEXT;   -- since when it is gone from the outlet, as far as was seen
ALTER TABLE articles ADD COLUMN gone_reason TEXT;  -- what was found in its place: not-found, gone, soft-404 or home-page
CREATE INDEX articles_gone ON articles(gone_since) WHERE gone_since IS NOT NULL;
CREATE INDEX articles_revised ON articles(revised_at) WHERE revised_at IS NOT NULL;

-- The queue: what feeds and listings say, one row an article. next_try is NULL when nothing is left to do. An entry that is an
-- article (done) is asked again while the article is young: then next_try is its next look.
CREATE TABLE entries_2 (
    id            INTEGER PRIMARY KEY,
    source        TEXT NOT NULL REFERENCES sources(key),
    feed          TEXT REFERENCES feeds(url),
    url           TEXT NOT NULL UNIQUE,
    link          TEXT NOT NULL,  -- the address as printed
    guid          TEXT,
    headline      TEXT,
    published     TEXT,
    byline        TEXT,
    section       TEXT,
    summary       TEXT,
    content       TEXT,           -- SHA-256 of the feed's own full text, which is kept in the pages file
    garbled       INTEGER NOT NULL DEFAULT 0,
    first_seen    TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'rejected', 'failed', 'removed')),
    outcome       TEXT,           -- why it is rejected, failed or removed, or still waiting
    detail        TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_try      TEXT,
    article       INTEGER REFERENCES articles(id) ON DELETE SET NULL,
    etag          BLOB,           -- validators, as bytes
    last_modified BLOB,
    etag_page     TEXT            -- SHA-256 of the page that both of them came with
) STRICT;
INSERT INTO entries_2 SELECT *, NULL, NULL, NULL FROM entries;
DROP TABLE entries;
ALTER TABLE entries_2 RENAME TO entries;
CREATE UNIQUE INDEX entries_guid ON entries(source, guid) WHERE guid IS NOT NULL;
CREATE INDEX entries_queue ON entries(source, next_try) WHERE next_try IS NOT NULL;
CREATE INDEX entries_article ON entries(article);

ALTER TABLE runs ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;  -- articles that were looked at again, and of which something was learnt
ALTER TABLE runs ADD COLUMN articles_changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN articles_gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN articles_back INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN archive TEXT;    -- whose run it was, if it came by a merge; NULL: this archive's
ALTER TABLE runs ADD COLUMN number INTEGER;  -- its id there
CREATE UNIQUE INDEX runs_merged ON runs(archive, number) WHERE archive IS NOT NULL;

-- Every request, however it ended. Redirects and headers are in the pages file, in the row of requests with the same archive and number.
CREATE TABLE fetches_2 (
    id        INTEGER PRIMARY KEY,
    run       INTEGER REFERENCES runs(id),
    source    TEXT NOT NULL,
    kind      TEXT NOT NULL,   -- feed, listing, page or robots
    url       TEXT NOT NULL,
    final_url TEXT,            -- where redirects led, if anywhere
    at        TEXT NOT NULL,
    seconds   REAL NOT NULL,
    status    INTEGER,
    outcome   TEXT NOT NULL,
    detail    TEXT,
    bytes     INTEGER,
    page      TEXT,            -- SHA-256 of the bytes
    archive   TEXT NOT NULL,   -- whose request it was: meta.archive_id of this archive, or of one that was merged
    number    INTEGER          -- of the row in requests; NULL: made before those were kept
) STRICT;
INSERT INTO fetches_2 SELECT f.*, (SELECT value FROM meta WHERE key = 'archive_id'), NULL FROM fetches AS f;
DROP TABLE fetches;
ALTER TABLE fetches_2 RENAME TO fetches;
CREATE INDEX fetches_run ON fetches(run);
CREATE INDEX fetches_url ON fetches(url);
CREATE UNIQUE INDEX fetches_number ON fetches(archive, number);

-- The articles that have a text, an address or a page that no seal covers yet; emptied by a seal.
CREATE TABLE unsealed (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE
) STRICT;
INSERT INTO unsealed SELECT id FROM articles;
CREATE TRIGGER articles_unsealed AFTER INSERT ON articles BEGIN
    INSERT INTO unsealed VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER articles_unsealed_again AFTER UPDATE OF hash, url, page, extractor ON articles BEGIN
    INSERT INTO unsealed VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER revisions_unsealed AFTER INSERT ON revisions BEGIN
    INSERT INTO unsealed VALUES (new.article) ON CONFLICT DO NOTHING;
END;
"""

_PAGES_2 = """
-- Of every request what a colleague or a court asks, once and never changed. Headers are JSON lists of pairs, in order, redirects a JSON
-- list of objects (url, status, headers, peer). The bytes of feeds and robots.txt are not kept, only their hash.
CREATE TABLE requests (
    archive         TEXT NOT NULL,     -- whose request it was
    number          INTEGER NOT NULL,  -- counts up from 1 in each archive, without a gap
    kind            TEXT NOT NULL,     -- feed, listing, page or robots
    source          TEXT NOT NULL,
    url             TEXT NOT NULL,     -- the address asked
    final_url       TEXT NOT NULL,     -- the address that answered
    redirects       TEXT NOT NULL,
    at              TEXT NOT NULL,     -- our clock, UTC
    seconds         REAL NOT NULL,
    peer            TEXT,              -- the IP address that answered; NULL through a proxy, or if none did
    status          INTEGER,
    request_headers TEXT NOT NULL,     -- of the last request
    headers         TEXT NOT NULL,     -- of the last answer
    page            TEXT,              -- SHA-256 of the body, decompressed; NULL if none was read
    length          INTEGER,           -- of the body, decompressed, in bytes
    outcome         TEXT NOT NULL,
    detail          TEXT NOT NULL,
    robots          TEXT,              -- what robots.txt said: allowed, disallowed or unreachable; NULL: not consulted
    program         TEXT,              -- the version of newsarchive
    hash            TEXT NOT NULL,     -- SHA-256 of the other columns, in order, as a JSON list without spaces
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;

INSERT INTO requests
SELECT *, newsarchive_hash(archive, number, kind, source, url, final_url, redirects, at, seconds, peer, status, request_headers,
    headers, page, length, outcome, detail, robots, program)
FROM (
    SELECT (SELECT value FROM meta WHERE key = 'archive_id') AS archive, row_number() OVER (ORDER BY r.id) AS number, 'page' AS kind,
        p.source AS source, r.url, r.final_url,
        (SELECT coalesce(json_group_array(json_object('url', json_extract(j.value, '$[1]'), 'status', json_extract(j.value, '$[0]'))), '[]')
         FROM json_each(r.redirects) AS j) AS redirects,
        r.at, r.seconds, r.peer, r.status, r.request_headers, r.headers, r.page, p.length AS length, 'ok' AS outcome, '' AS detail,
        NULL AS robots, NULL AS program
    FROM responses AS r JOIN pages AS p ON p.hash = r.page);
DROP TABLE responses;
CREATE INDEX pages_alone ON pages(source, first_seen) WHERE dictionary IS NULL;
CREATE INDEX requests_page ON requests(page);
CREATE INDEX requests_url ON requests(url);

-- Which text this archive held for an article, and the page and rules it was read from; written when it is sealed.
CREATE TABLE texts (
    archive   TEXT NOT NULL,
    number    INTEGER NOT NULL,  -- counts up from 1 in each archive, without a gap
    at        TEXT NOT NULL,     -- when it was noted
    url       TEXT NOT NULL,     -- the article's address
    page      TEXT,
    text      TEXT NOT NULL,     -- SHA-256 of headline, lede and body
    extractor TEXT NOT NULL,
    program   TEXT,
    hash      TEXT NOT NULL,     -- as in requests
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX texts_text ON texts(text);
CREATE INDEX texts_page ON texts(page);

-- What was taken out of the archive for good, and why: its bytes are gone, their hash stays.
CREATE TABLE removals (
    archive TEXT NOT NULL,
    number  INTEGER NOT NULL,  -- counts up from 1 in each archive, without a gap
    at      TEXT NOT NULL,
    url     TEXT NOT NULL,
    page    TEXT,              -- SHA-256 of the bytes
    text    TEXT,              -- or of a text
    reason  TEXT NOT NULL,
    hash    TEXT NOT NULL,     -- as in requests
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX removals_page ON removals(page);

-- The chain: each seal covers the rows that came since the one before it, and that seal itself.
CREATE TABLE seals (
    archive  TEXT NOT NULL,
    number   INTEGER NOT NULL,  -- counts up from 1 in each archive, without a gap
    at       TEXT NOT NULL,
    requests INTEGER NOT NULL,  -- the number of the last row it covers
    texts    INTEGER NOT NULL,
    removals INTEGER NOT NULL,
    digest   TEXT NOT NULL,     -- SHA-256 of the covered rows' hashes, in order: requests, texts, removals, one a line
    previous TEXT NOT NULL,     -- hash of the seal before it; empty for the first
    hash     TEXT NOT NULL,     -- as in requests
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER requests_are_kept BEFORE DELETE ON requests BEGIN SELECT RAISE(ABORT, 'requests is evidence: no row is taken out'); END;
CREATE TRIGGER requests_stay BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'requests is evidence: no row is changed'); END;
CREATE TRIGGER texts_are_kept BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'texts is evidence: no row is taken out'); END;
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'texts is evidence: no row is changed'); END;
CREATE TRIGGER removals_are_kept BEFORE DELETE ON removals BEGIN SELECT RAISE(ABORT, 'removals is evidence: no row is taken out'); END;
CREATE TRIGGER removals_stay BEFORE UPDATE ON removals BEGIN SELECT RAISE(ABORT, 'removals is evidence: no row is changed'); END;
CREATE TRIGGER seals_are_kept BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals is evidence: no row is taken out'); END;
CREATE TRIGGER seals_stay BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals is evidence: no row is changed'); END;
CREATE TRIGGER pages_are_kept BEFORE DELETE ON pages WHEN NOT EXISTS (SELECT 1 FROM removals WHERE page = old.hash)
BEGIN SELECT RAISE(ABORT, 'pages is evidence: only `newsarchive remove` takes one out'); END;
-- How the bytes are packed may change, the bytes may not.
CREATE TRIGGER pages_stay BEFORE UPDATE OF hash, source, first_seen, length ON pages
BEGIN SELECT RAISE(ABORT, 'pages is evidence: no row is changed'); END;
"""

NEWS = Migrations("newsarchive")
PAGES = Migrations("newsarchive.pages")


def migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    """Bring a file to the newest schema; each step whole or not at all."""
    migrations.apply(Database(connection, execute_plugins=False))


def _step(sql: str, version: int) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in _statements(sql):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA user_version = {version}")

    return apply


def _statements(sql: str) -> Iterator[str]:
    """Split SQL at its statements' ends; `executescript` would commit the transaction first."""
    lines: list[str] = []
    for line in sql.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines).strip()
            lines.clear()


NEWS(name="1 the main street")(_step(_NEWS_1, 1))
PAGES(name="1 pages and responses")(_step(_PAGES_1, 1))
NEWS(name="2 revisions")(_step(_NEWS_2, 2))
PAGES(name="2 evidence")(_step(_PAGES_2, 2))
