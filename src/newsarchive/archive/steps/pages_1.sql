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
