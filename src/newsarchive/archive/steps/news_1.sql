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
