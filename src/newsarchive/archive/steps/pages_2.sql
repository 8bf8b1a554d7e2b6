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
