-- The schema 1 of news.pages.db, as newsarchive wrote it: made by that version of the program, dumped with sqlite3. Not to be edited.
PRAGMA application_id = 1346455365;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'newsarchive.pages','1 pages and responses','2026-11-20 14:48:10.579510+00:00');
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('archive_id','eaf8b2a0-3f7a-4245-adac-b213637f615a');
CREATE TABLE pages (
    hash       TEXT PRIMARY KEY,  -- SHA-256 of the bytes
    source     TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    length     INTEGER NOT NULL,  -- of the bytes
    dictionary TEXT REFERENCES pages(hash),
    content    BLOB NOT NULL
) STRICT;
INSERT INTO pages VALUES('76e9bea5e586694d959fc2fdca7a55eb69f45ec3e72840dda6c30369aba58b84','wadi','2024-03-11T12:00:00Z',40,NULL,X'28b52ffd20284101003c703ed986d8b520d983d8a7d985d98420d8b9d98620d8a7d984d985d983d8aad8a8d8a93c2f703e');
INSERT INTO pages VALUES('9d68e55a892f9ff475ef9c729ffbf4b271953cc5f920604a3f3bd886472ce7b5','wadi','2024-03-11T12:01:00Z',85,NULL,X'28b52ffd20558d0200a284111bb0370719b5056945a4099802695283a31659370e3309a7f5358007ba58db9452d5a6640c8f385ab17bb47b6364fcfd302aee98f87b344abc18feb1aa4d1d0201485dac6d0602008b306bfc9a50');
INSERT INTO pages VALUES('b0bf4c7a1d5bf0a1c18ffffc0bbd7cd43a460c691748644c2ed155112a861e13','wadi','2024-03-11T12:02:00Z',87,NULL,X'28b52ffd20578d0200c284111bb0a53919a396c7b62247c122ad0d1cddc1fa561828917b8e64aa027a50da5252cd965c670fb83872f6e7e3cdc8ae8e00277636be8ecfcdceceeacd6a3695108620f5a0b419020047987abeca1e');
INSERT INTO pages VALUES('c6217ef2bc901fda71aacd2f67ef623839f99bcce2c828b6a1160b2e5b7c4dc0','wadi','2024-03-11T12:03:00Z',43,NULL,X'28b52ffd202b5901003c68746d6c3e3c626f64793e3c68313ed8b5d988d8b1d8a93c2f68313e3c2f626f64793e3c2f68746d6c3e');
INSERT INTO pages VALUES('b28b671cecaef880d86e5f15bd9ed79810dfaa74a841fc95b26165f38b07f21f','jisr','2024-03-11T13:00:00Z',80,NULL,X'28b52ffd20508102003c68746d6c3e3c626f64793e3c68313ed8a7d984d8acd8b3d8b120d8a7d984d982d8afd98ad98520d98ad981d8aad8ad20d984d984d985d8b4d8a7d8a93c2f68313e3c2f626f64793e3c2f68746d6c3e');
INSERT INTO pages VALUES('a5bf9ac3298a94976f5fc7056b0574a7b260a548a393fb706a40bfc3abaabf40','jisr','2024-03-11T13:00:00Z',56,NULL,X'28b52ffd2038c101003c68746d6c3e3c626f64793e3c68313ed982d8a7d8a6d985d8a920d8a3d8aed8a8d8a7d8b13c2f68313e3c2f626f64793e3c2f68746d6c3e');
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
INSERT INTO responses VALUES(1,'https://wadi.example/1','https://wadi.example/1','2024-03-11T12:01:00Z',0.25,200,'192.0.2.7','[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["X-Name", "\u00d8\u00a7\u00d8\u00b3\u00d9\u0085"]]','[]','9d68e55a892f9ff475ef9c729ffbf4b271953cc5f920604a3f3bd886472ce7b5');
INSERT INTO responses VALUES(2,'https://wadi.example/2','https://wadi.example/2-library','2024-03-11T12:02:00Z',0.25,200,'192.0.2.7','[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["X-Name", "\u00d8\u00a7\u00d8\u00b3\u00d9\u0085"]]','[[301, "https://wadi.example/2"]]','b0bf4c7a1d5bf0a1c18ffffc0bbd7cd43a460c691748644c2ed155112a861e13');
INSERT INTO responses VALUES(3,'https://wadi.example/3','https://wadi.example/3','2024-03-11T12:03:00Z',0.25,200,'192.0.2.7','[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["X-Name", "\u00d8\u00a7\u00d8\u00b3\u00d9\u0085"]]','[]','c6217ef2bc901fda71aacd2f67ef623839f99bcce2c828b6a1160b2e5b7c4dc0');
INSERT INTO responses VALUES(4,'https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','2024-03-11T13:00:00Z',0.25,200,'192.0.2.7','[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["X-Name", "\u00d8\u00a7\u00d8\u00b3\u00d9\u0085"]]','[]','b28b671cecaef880d86e5f15bd9ed79810dfaa74a841fc95b26165f38b07f21f');
INSERT INTO responses VALUES(5,'https://jisr.example/8','https://jisr.example/8','2024-03-11T13:00:00Z',0.25,200,'192.0.2.7','[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["X-Name", "\u00d8\u00a7\u00d8\u00b3\u00d9\u0085"]]','[]','a5bf9ac3298a94976f5fc7056b0574a7b260a548a393fb706a40bfc3abaabf40');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX responses_page ON responses(page);
CREATE INDEX responses_url ON responses(url);
COMMIT;
