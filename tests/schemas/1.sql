-- The schema 1 of news.db, as newsarchive wrote it: made by that version of the program, dumped with sqlite3. Not to be edited.
PRAGMA application_id = 1313167187;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'newsarchive','1 the main street','2026-11-20 14:48:10.512831+00:00');
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('archive_id','eaf8b2a0-3f7a-4245-adac-b213637f615a');
INSERT INTO meta VALUES('created_at','2024-03-11T12:00:00Z');
INSERT INTO meta VALUES('fold_version','1');
INSERT INTO meta VALUES('pages_since','2024-03-11T12:00:00Z');
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
INSERT INTO sources VALUES('wadi','بريد الوادي',NULL,'SY','ar','Asia/Damascus','https://wadi.example/','2024-03-11T12:00:00Z');
INSERT INTO sources VALUES('jisr','صحيفة الجسر',NULL,NULL,NULL,'Asia/Baghdad',NULL,'2024-03-11T12:00:00Z');
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
INSERT INTO articles VALUES(1,'wadi','2024-03-11','عودة القطن إلى ضفاف الخابور','موسم جديد',replace('زرع الفلّاحون القطن من جديد.\nوقالوا إنّ الموسم جيّد.','\n',char(10)),'سلمى','زراعة','https://wadi.example/cotton','2024-03-11T09:00:00Z','feed','ar','["قطن", "زراعة"]',NULL,'2024-03-11T12:01:00Z','2024-03-11T12:01:00Z','2024-03-11T09:00:00Z','9d68e55a892f9ff475ef9c729ffbf4b271953cc5f920604a3f3bd886472ce7b5','ad3b069cff2591e7afddd519ae685443cee27880d5f24e3bb65091c03fbc4971','1');
INSERT INTO articles VALUES(2,'wadi','2024-03-10','افتتاح مكتبة في الحيّ القديم',NULL,'افتتحت مكتبة عامّة أبوابها لداعش ولا لغيرها، بل لأهل الحيّ.',NULL,NULL,'https://wadi.example/2-library',NULL,'page',NULL,NULL,NULL,'2024-03-11T12:02:00Z','2024-03-11T12:02:00Z','2024-03-10T12:00:00Z','b0bf4c7a1d5bf0a1c18ffffc0bbd7cd43a460c691748644c2ed155112a861e13','b3d70bce7eb093f1bb239abb953d6977e7068702a3c3af74684e26a20f2235fa','1');
INSERT INTO articles VALUES(3,'jisr',NULL,'الجسر القديم يفتح للمشاة',NULL,'صار العبور على الأقدام ممكنًا.',NULL,NULL,'https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,NULL,NULL,NULL,NULL,'2024-03-11T13:00:00Z','2024-03-11T13:00:00Z','2024-03-11T13:00:00Z','b28b671cecaef880d86e5f15bd9ed79810dfaa74a841fc95b26165f38b07f21f','1950352b649192f310f2bb290d39681d78f15fe3b2de5fab2cce7ebc6a873dbd','1');
CREATE TABLE addresses (
    url     TEXT PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind    TEXT NOT NULL CHECK (kind IN ('asked', 'reached', 'stated'))
) STRICT, WITHOUT ROWID;
INSERT INTO addresses VALUES('https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',3,'asked');
INSERT INTO addresses VALUES('https://wadi.example/1',1,'asked');
INSERT INTO addresses VALUES('https://wadi.example/2',2,'asked');
INSERT INTO addresses VALUES('https://wadi.example/2-library',2,'reached');
INSERT INTO addresses VALUES('https://wadi.example/?p=1',1,'asked');
INSERT INTO addresses VALUES('https://wadi.example/cotton',1,'stated');
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
INSERT INTO feeds VALUES('https://wadi.example/feed','wadi','feed','ok',NULL,0,'2024-03-11T12:00:00Z','2024-03-11T12:00:00Z','2024-03-11T13:00:01Z',NULL,NULL,'b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2');
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
INSERT INTO entries VALUES(1,'wadi','https://wadi.example/feed','https://wadi.example/1','https://wadi.example/1','https://wadi.example/?p=1','عودة القطن إلى ضفاف الخابور','2024-03-11T09:00:00Z',NULL,NULL,'موسم جديد',NULL,0,'2024-03-11T12:00:00Z','done',NULL,NULL,1,NULL,1);
INSERT INTO entries VALUES(2,'wadi','https://wadi.example/feed','https://wadi.example/2','https://wadi.example/2',NULL,'افتتاح مكتبة في الحيّ القديم',NULL,NULL,NULL,NULL,'76e9bea5e586694d959fc2fdca7a55eb69f45ec3e72840dda6c30369aba58b84',0,'2024-03-11T12:00:00Z','done',NULL,NULL,1,NULL,2);
INSERT INTO entries VALUES(3,'wadi','https://wadi.example/feed','https://wadi.example/3','https://wadi.example/3',NULL,'صورة اليوم',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','rejected','no-text','صورة فقط',1,NULL,NULL);
INSERT INTO entries VALUES(4,'wadi','https://wadi.example/feed','https://wadi.example/4','https://wadi.example/4',NULL,'خبر ضاع',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','failed','not-found','HTTP 404',1,NULL,NULL);
INSERT INTO entries VALUES(5,'wadi','https://wadi.example/feed','https://wadi.example/5','https://wadi.example/5',NULL,'خبر ينتظر',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','waiting',NULL,NULL,0,'2024-03-11T12:00:00Z',NULL);
INSERT INTO entries VALUES(6,'jisr',NULL,'https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/أخبار/7',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T13:00:00Z','done',NULL,NULL,1,NULL,3);
INSERT INTO entries VALUES(7,'jisr',NULL,'https://jisr.example/8','https://jisr.example/8',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T13:00:00Z','rejected','listing',NULL,1,NULL,NULL);
CREATE TABLE hosts (
    host           TEXT PRIMARY KEY,
    robots         TEXT,
    robots_outcome TEXT,
    robots_at      TEXT,
    asked_at       TEXT,
    paused_until   TEXT
) STRICT;
INSERT INTO hosts VALUES('wadi.example',replace('User-agent: *\n','\n',char(10)),'ok','2024-03-11T12:00:00Z','2024-03-11T12:04:00Z',NULL);
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
INSERT INTO runs VALUES(1,'2024-03-11T12:00:00Z','2024-03-11T12:05:00Z','done','0.1.0',1,0,5,2,1,1);
INSERT INTO runs VALUES(2,'2024-03-11T13:00:00Z',NULL,NULL,'0.1.0',0,0,0,0,0,0);
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
INSERT INTO fetches VALUES(1,1,'wadi','feed','https://wadi.example/feed',NULL,'2024-03-11T12:00:00Z',0.25,200,'ok',NULL,6,'b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2');
INSERT INTO fetches VALUES(2,1,'wadi','page','https://wadi.example/1',NULL,'2024-03-11T12:01:00Z',0.25,200,'ok',NULL,85,'9d68e55a892f9ff475ef9c729ffbf4b271953cc5f920604a3f3bd886472ce7b5');
INSERT INTO fetches VALUES(3,1,'wadi','page','https://wadi.example/2','https://wadi.example/2-library','2024-03-11T12:02:00Z',0.25,200,'ok',NULL,87,'b0bf4c7a1d5bf0a1c18ffffc0bbd7cd43a460c691748644c2ed155112a861e13');
INSERT INTO fetches VALUES(4,1,'wadi','page','https://wadi.example/3',NULL,'2024-03-11T12:03:00Z',0.25,200,'ok',NULL,43,'c6217ef2bc901fda71aacd2f67ef623839f99bcce2c828b6a1160b2e5b7c4dc0');
INSERT INTO fetches VALUES(5,1,'wadi','page','https://wadi.example/4',NULL,'2024-03-11T12:04:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL);
INSERT INTO fetches VALUES(6,2,'jisr','page','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,'2024-03-11T13:00:00Z',0.25,200,'ok',NULL,80,'b28b671cecaef880d86e5f15bd9ed79810dfaa74a841fc95b26165f38b07f21f');
INSERT INTO fetches VALUES(7,2,'jisr','page','https://jisr.example/8',NULL,'2024-03-11T13:00:00Z',0.25,200,'ok',NULL,56,'a5bf9ac3298a94976f5fc7056b0574a7b260a548a393fb706a40bfc3abaabf40');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (headline, body, norm, forms, content='''')');
CREATE TABLE IF NOT EXISTS 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO articles_fts_data VALUES(1,X'030e1e2817');
INSERT INTO articles_fts_data VALUES(10,X'000000000105050005010101020101030101040101050101');
INSERT INTO articles_fts_data VALUES(137438953473,X'0000015e0730d8a5d984d989010204040186010c01010b0103070207a7d8add988d9860106010106030cd984d8aed8a7d8a8d988d8b10108060102060504d981d98401060101050908d8a7d8add988d986010601020a060582d8b7d9860110030101070102030a060785d988d8b3d985010c01010c010210060189010601030306018a0106010204040186010601020f0207acd8afd98ad8af011001010308010208070302d98a010601010d0502d8af01060102110209aed8a7d8a8d988d8b101060103040201af010601010e0205b2d8b1d8b9010c0101040102090207b6d981d8a7d9810108050102050207b9d988d8afd8a90102020702d9870106010202010cd981d984d8a7d8add988d9860106010305020982d8a7d984d988d8a701060103060403b7d9860106010302020385d986010c01010801020c040588d8b3d985010c010102010207020b88d982d8a7d984d988d8a7010c01010a01020e040b0b0e140b0f111108080813090910080f0f0c0913100a0d0f');
INSERT INTO articles_fts_data VALUES(274877906945,X'0000015f0f30d8a3d8a8d988d8a7d8a8d987d8a702060101060304d987d9840206010308020da7d8a8d988d8a7d8a8d987d8a7020601020a030ad981d8aad8aad8a7d8ad0208020102020a03add8aa020c010102010207040584d8add98a02100501010c0102050d0508d982d8afd98ad985020806010206040387d98402060103070203a8d984020c01010a01020e0201a902060101050203add98a02060103020207afd8a7d8b9d8b402060103050205b9d8a7d98502060101040702d8a902060103040702d98702060102090209bad98ad8b1d987d8a702060103060104d981d98a020804010204020782d8afd98ad9850206010303020784d8a3d987d984020601010b0405a7d987d984020601020f0407afd8a7d8b9d8b4020c01010701020b0409bad98ad8b1d987d8a7020c01010901020d020985d983d8aad8a8d8a90208030101030902d987020801020307020588d984d8a7020c01010801020c04150b14120d11100a0d080a0e0c0909100c0e0e0c1113110a');
INSERT INTO articles_fts_data VALUES(412316860417,X'000001360b30d8a3d982d8afd8a7d985030601030a0201a703060101070308d982d8afd8a7d9850306010309040b84d8a3d982d8afd8a7d98503060101050609a7d982d8afd8a7d98503060102090605acd8b3d8b10308020102020607b9d8a8d988d8b1030c0101030102070508d982d8afd98ad985030803010203060785d8b4d8a7d8a903060103050b02d98703060103040205acd8b3d8b103060103020205b5d8a7d8b1030c0101020102060207b9d8a8d988d8b103060103080304d984d989030601010406018a03060102080108d982d8afd98ad9850306010303020b84d984d985d8b4d8a7d8a90302050b02d9870306010205020785d8b4d8a7d8a903060103070702d98703060103060306d985d983d986030c01010601030b0902d8a7030601020a02078ad981d8aad8ad0308040102040411080f12100d11100e090c0f0e0b080f10090e091009');
INSERT INTO articles_fts_data VALUES(549755813889,X'0000004c0b30d8a3d8aed8a8d8a7d8b10402030209a7d8aed8a8d8a7d8b10406010203010ad982d8a7d8a6d985d8a90408020101020902d98704060103020506d98ad985d987040801020204040f101209');
INSERT INTO articles_fts_data VALUES(687194767361,X'0000003d0b30d8a3d8aed8a8d8a7d8b104010209a7d8aed8a8d8a7d8b10401010ad982d8a7d8a6d985d8a904010902d98704010506d98ad985d9870401040e0d0e06');
CREATE TABLE IF NOT EXISTS 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO articles_fts_idx VALUES(1,X'',2);
INSERT INTO articles_fts_idx VALUES(2,X'',2);
INSERT INTO articles_fts_idx VALUES(3,X'',2);
INSERT INTO articles_fts_idx VALUES(4,X'',2);
INSERT INTO articles_fts_idx VALUES(5,X'',2);
CREATE TABLE IF NOT EXISTS 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO articles_fts_docsize VALUES(1,X'050d1006');
INSERT INTO articles_fts_docsize VALUES(2,X'050b0f07');
INSERT INTO articles_fts_docsize VALUES(3,X'0406090a');
CREATE TABLE IF NOT EXISTS 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO articles_fts_config VALUES('version',4);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('articles',4);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX articles_sort ON articles(sort_at);
CREATE INDEX articles_source_sort ON articles(source, sort_at);
CREATE INDEX articles_source_seen ON articles(source, first_seen);
CREATE INDEX articles_date ON articles(date);
CREATE INDEX articles_hash ON articles(hash);
CREATE INDEX addresses_article ON addresses(article);
CREATE INDEX feeds_source ON feeds(source);
CREATE UNIQUE INDEX entries_guid ON entries(source, guid) WHERE guid IS NOT NULL;
CREATE INDEX entries_queue ON entries(source, next_try) WHERE next_try IS NOT NULL;
CREATE INDEX entries_article ON entries(article);
CREATE INDEX fetches_run ON fetches(run);
CREATE INDEX fetches_url ON fetches(url);
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
PRAGMA writable_schema=OFF;
COMMIT;
