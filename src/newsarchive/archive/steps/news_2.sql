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
