-- The schema 2 of news.db, as newsarchive wrote it: made by that version of the program, dumped with sqlite3. Not to be edited.
PRAGMA application_id = 1313167187;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'newsarchive','1 the main street','2026-11-20 16:55:14.220985+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'newsarchive','2 revisions','2026-11-20 16:55:14.240009+00:00');
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('archive_id','40f1af8c-7a13-47bf-9253-db6b008855c2');
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
INSERT INTO sources VALUES('mina','نشرة الميناء',NULL,NULL,NULL,'Asia/Beirut',NULL,'2024-03-11T12:00:00Z');
INSERT INTO sources VALUES('nahr','أخبار النهر',NULL,NULL,NULL,'Asia/Baghdad',NULL,'2024-03-11T12:00:00Z');
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
, revisions INTEGER NOT NULL DEFAULT 0, revised_at TEXT, gone_since TEXT, gone_reason TEXT) STRICT;
INSERT INTO articles VALUES(1,'wadi','2024-03-11','رمّان إدلب يعود والأسعار ترتفع','محصول وافر',replace('قطف المزارعون الرمّان.\nوبيع الكيلو بضعف سعره.','\n',char(10)),'ندى','زراعة','https://wadi.example/1','2024-03-11T09:00:00Z','feed','ar','["رمّان", "إدلب"]','بستان رمّان','2024-03-11T12:01:00Z','2024-03-12T00:00:00Z','2024-03-11T09:00:00Z','f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442','9e3844683d0d869228501e85b075eb273da62b27f839a055a0844b00b73e5589','1',1,'2024-03-12T00:00:00Z',NULL,NULL);
INSERT INTO articles VALUES(2,'wadi','2024-03-10','افتتاح مكتبة للأطفال',NULL,'قالت أمينة المكتبة إنّ الكتب التي أُحرقت في زمن الحصار ومن قِبَل مقاتلين لداعش عُوّضت كلّها.',NULL,NULL,'https://wadi.example/2-library',NULL,'page',NULL,NULL,NULL,'2024-03-11T12:02:00Z','2024-03-11T12:02:00Z','2024-03-10T12:00:00Z','490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37','ee466e5e94a636951a6efd2b7de9511c42b1e61aea267987fca157c5e608ac99','1',0,NULL,NULL,NULL);
INSERT INTO articles VALUES(3,'jisr',NULL,'الجسر المعلّق مغلق للصيانة',NULL,'يعبر الناس النهر بالقوارب حتى الربيع.',NULL,NULL,'https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,NULL,NULL,NULL,NULL,'2024-03-11T12:05:00Z','2024-03-11T12:05:00Z','2024-03-11T12:05:00Z','2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2','a144269471f5feea1599313aa51d76cf2092c00068748ccb18036e266777bbf1','1',0,NULL,'2024-03-12T01:00:00Z','not-found');
INSERT INTO articles VALUES(4,'jisr','2024-03-11','سوق السمك ينتقل إلى الكورنيش',NULL,'نُقلت البسطات ليلاً إلى الكورنيش.',NULL,NULL,'https://jisr.example/8',NULL,'url',NULL,NULL,NULL,'2024-03-11T12:06:00Z','2024-03-11T12:06:00Z','2024-03-11T12:00:00Z','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','e98d9b3ba2486df25d8668b5a8339d87ec5a24e70e94fd658e52a9771d7664e0','1',0,NULL,NULL,NULL);
INSERT INTO articles VALUES(7,'nahr','2024-03-11','عبّارة جديدة تصل الضفتين',NULL,'نقلت العبّارة ركّابها الأوائل فجراً.',NULL,NULL,'https://nahr.example/ferry',NULL,'page',NULL,NULL,NULL,'2024-03-11T12:00:00Z','2024-03-11T12:00:00Z','2024-03-11T12:00:00Z','d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','d9d9cfbf68b1ff9cdd425e4dc63b19e8854cc26038a4ff7b1777e6cbb223d318','1',0,NULL,NULL,NULL);
INSERT INTO articles VALUES(8,'wadi','2024-03-12','مباراة ودّية في السويداء',NULL,'انتهت المباراة بالتعادل ١-١ أمام ٣٥٠ متفرّجاً.',NULL,NULL,'https://wadi.example/6',NULL,'page',NULL,NULL,NULL,'2024-03-12T18:00:00Z','2024-03-12T18:00:00Z','2024-03-12T12:00:00Z','d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1','a542b020793244de47d463e7cb051af8893f2d753c89ec8ff10698a711702641','1',0,NULL,NULL,NULL);
CREATE TABLE addresses (
    url     TEXT PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind    TEXT NOT NULL CHECK (kind IN ('asked', 'reached', 'stated'))
) STRICT, WITHOUT ROWID;
INSERT INTO addresses VALUES('https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',3,'asked');
INSERT INTO addresses VALUES('https://jisr.example/8',4,'asked');
INSERT INTO addresses VALUES('https://nahr.example/ferry',7,'asked');
INSERT INTO addresses VALUES('https://wadi.example/1',1,'asked');
INSERT INTO addresses VALUES('https://wadi.example/2',2,'asked');
INSERT INTO addresses VALUES('https://wadi.example/2-library',2,'reached');
INSERT INTO addresses VALUES('https://wadi.example/6',8,'asked');
INSERT INTO addresses VALUES('https://wadi.example/?p=1',1,'asked');
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
INSERT INTO feeds VALUES('https://wadi.example/feed','wadi','feed','ok',NULL,0,'2024-03-11T12:00:00Z','2024-03-11T12:00:00Z','2024-03-11T13:00:01Z',X'223122',NULL,'b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2');
CREATE TABLE hosts (
    host           TEXT PRIMARY KEY,
    robots         TEXT,
    robots_outcome TEXT,
    robots_at      TEXT,
    asked_at       TEXT,
    paused_until   TEXT
) STRICT;
INSERT INTO hosts VALUES('wadi.example',replace('User-agent: *\n','\n',char(10)),'ok','2024-03-11T12:00:00Z','2024-03-11T12:00:00Z',NULL);
INSERT INTO hosts VALUES('jisr.example',NULL,NULL,NULL,NULL,'2024-03-12T19:00:00Z');
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
, looks INTEGER NOT NULL DEFAULT 0, articles_changed INTEGER NOT NULL DEFAULT 0, articles_gone INTEGER NOT NULL DEFAULT 0, articles_back INTEGER NOT NULL DEFAULT 0, archive TEXT, number INTEGER) STRICT;
INSERT INTO runs VALUES(1,'2024-03-11T12:00:00Z','2024-03-11T12:09:00Z','done','0.1.0',1,0,4,6,1,1,0,0,0,0,NULL,NULL);
INSERT INTO runs VALUES(2,'2024-03-11T18:00:00Z','2024-03-12T09:00:00Z','done','0.1.0',0,0,0,0,0,0,7,1,2,1,NULL,NULL);
INSERT INTO runs VALUES(3,'2024-03-11T12:00:00Z','2024-03-11T13:00:00Z','done','0.1.0',0,0,0,1,0,0,0,0,0,0,'9b95e518-47e4-4a71-b0bf-85e00337b164',1);
INSERT INTO runs VALUES(4,'2024-03-12T18:00:00Z',NULL,NULL,'0.1.0',0,0,0,0,0,0,0,0,0,0,NULL,NULL);
CREATE TABLE IF NOT EXISTS 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO articles_fts_data VALUES(1,X'061d3c4a31');
INSERT INTO articles_fts_data VALUES(10,X'0000000002040b00040901010101010201010301010000');
INSERT INTO articles_fts_data VALUES(137438953473,X'000000910b30d8a3d8b1d8b5d981d8a906010407b3d8b9d8a7d8b106010209a7d8b1d8b5d981d8a906010902d98706010407b3d8b9d8a7d8b10601030cd984d8a3d8b1d8b5d981d8a906010609a7d8b1d8b5d981d8a906010d02d98706010605b4d8add98606010207acd8afd98ad8af06010205b4d8add98606010205b9d984d989060106018a06010104d984d8a70601040e0b0d060b100d06090b090905');
INSERT INTO articles_fts_data VALUES(274877906945,X'0000013b0b30d8a3d988d8a7d8a6d98407060103070207a7d8a8d987d8a707060101060403b1d8a9070803010104030cd984d8a3d988d8a7d8a6d98407060101070609a7d988d8a7d8a6d98407060103050b04d98ad98407060102090609b6d981d8aad98ad9860708060102050603b9d8a807060101030906d8a7d8b1d8a907060103040d02d9870706010207040788d8a7d8a6d98407060103080704d98ad98407060103060205aad8b5d9840708050102040209acd8afd98ad8afd8a90702040902d98707060102030203b1d98307060101050508d8a7d8a8d987d8a707060102080209b6d981d8aad98ad98607060103030203b9d8a80702020506d8a7d8b1d8a907060103020902d98707060102020106d981d8acd8b107060103090702d8a7070c01010801020a020786d982d984d8aa070c01010201020604110e0b13100b110a0d090e0b0d0e090a0f10080d090d0c');
INSERT INTO articles_fts_data VALUES(412316860417,X'000001550230310808010209030103333530080601020c0108d8a3d985d8a7d9850806010107020da7d984d8aad8b9d8a7d8afd98408060103060609b3d988d98ad8afd8a708060103040f02d8a1080806010205050cd985d8a8d8a7d8b1d8a7d8a908060101030f02d9870806010207040585d8a7d985080601020b040786d8aad987d8aa080c010102010206020fa8d8a7d984d8aad8b9d8a7d8afd984080c0101040102080209aad8b9d8a7d8afd98408060103070203acd8a7080601010a0209b3d988d98ad8afd8a708060103050b02d8a108060103030104d981d98a080805010204020b85d8a8d8a7d8b1d8a7d8a90802020b02d98708060102020405aad981d8b108060101090902d8ac08060103080b02d8a7080601020d020388d8af0802030504d98ad8a908060103020702d987080601020302038ad8a90802040201a10808010105030205a3d9a5d9a0080601010804090a0f14100a13090c1119100a10090c10090c0909080b090809');
INSERT INTO articles_fts_data VALUES(1236950581249,X'0000063d0330d8a302060101080308d8add8b1d982d8aa02060103090407b1d8b5d981d8a906060103050407b3d8b9d8a7d8b101060103050502020407b7d981d8a7d98402060103050308d985d98ad986d8a902060101030207a5d8afd984d8a80102040304d984d989040805010106040186020c0101050103070209a7d8add8b1d982d8aa020601020b0405afd984d8a801060102030407b1d8b5d981d8a906060103060902d98706060103040407b3d8b9d8a7d8b1010601030405060102020407b7d981d8a7d9840206010304030ad981d8aad8aad8a7d8ad020802010202040b84d8a3d8b1d8b5d981d8a906060101050807b3d8b9d8a7d8b101060103030807b7d981d8a7d98402060103030609a7d8b1d8b5d981d8a906060103030d02d98706060102070807b3d8b9d8a7d8b101060103020807b7d981d8a7d98402060103020609a8d8b3d8b7d8a7d8aa040c0101040102080603aad98a020c01010701020a0605acd8b3d8b10308020102020607add8b5d8a7d8b1020c01010c01020e0607b1d8a8d98ad8b9030c01010701020b0702d98501060101060904d8a7d986010601020b0605b3d985d9830408030102030605b4d8add9860608030102030609b5d98ad8a7d986d8a903060103050d02d9870306010304050ad982d988d8a7d8b1d8a8030601030a060583d8aad8a8020c010106010209070ad988d8b1d986d98ad8b40410060101070102060708058ad984d988010c01010901020d060d85d8b2d8a7d8b1d8b9d988d986010c01010501020a0803b9d9840302030b02d98203060102030708d983d8aad8a8d8a902060101040d02d9870206010207060586d8a7d8b3030c0101030102070704d987d8b1030c010104010208060189040601030306018a040801020507040785d98ad986d8a902060103060902d987020601020604018601080301010701060102080201a8020601010f030ed8a7d984d982d988d8a7d8b1d8a8030c0101050102090407b3d8b7d8a7d8aa04060103050405b6d8b9d981010c01010a01020e0304d98ad8b901060103070209aad8b1d8aad981d8b90108070102060207acd8afd98ad8af060c0101030102050403b3d8b103060103020205add8aad989030601010606018a030601020a0405b1d982d8aa02060101090405b5d8a7d8b1020601030a0207afd8a7d8b9d8b4020601030b0207b1d8a8d98ad8b9030601030c0302d9850102020504d8a7d98601060102020205b2d985d986020c01010b01020d0207b3d8b9d8b1d987010c01010b01020f0304d985d9830406010302040388d9820408020102020205b4d8add98606060103020209b5d98ad8a7d986d8a903060103070902d98703060103060203b6d8aa02060101150403b9d98101060103090201b902060101130304d984d989060601010406018a0606010206040588d8b6d8aa02060102130104d981d98a020c01010a01020c020182020601010e0102040306d8a7d984d8aa020c0101020102050403a8d98402060102100403b7d981010c0101040102090304d984d8aa0406010103040788d8a7d8b1d8a8030601030b020583d8aad8a802060103080302d98402060101160504d987d8a70206010214040988d8b1d986d98ad8b4040601030404058ad984d988010601030802018402060101100302d8a7060c0101020102040407afd8a7d8b9d8b4020c010112010212030cd984d8a3d8b7d981d8a7d9840202040609a7d8b7d981d8a7d98402060102040609b5d98ad8a7d986d8a90302060d02d987030601020504038ad98404060103060702d8a7040c010105010209020985d8add8b5d988d984010c010102010207040bb2d8a7d8b1d8b9d988d98601060103060405b9d984d98203060103030405bad984d982030805010204030cd982d8a7d8aad984d98ad986020c010111010211040783d8aad8a8d8a90202030902d987020601020302018604060101020304d8a7d8b303060103080306d982d984d8aa0406010207040387d8b10306010309020387d8a7020601011702018802060101140306d8a7d981d8b1010c010103010208060b84d8a3d8b3d8b9d8a7d8b10102060809a7d8b3d8b9d8a7d8b101060102050405a8d98ad8b9010c01010801020c0304d985d986020c01010d01020f02078ad8b9d8a8d8b1030c0101020102060504d988d8af0108050102040308d986d8aad982d98404080401020404090f0e110e0f0c0c0b100c0e09130e12120e0e10090e0e130d0d1111090b0d0d1009110f160f1708090f090f0e08090e090e08180e0f0b11110a0c080c0c0e0e070b0f110b0b0c10090a0a080b080c0e0b100a0d0b0e0c090b100c080c1111100e090a0c13120c0d160c09080b0d0a0a081010100f0e110c');
CREATE TABLE IF NOT EXISTS 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO articles_fts_idx VALUES(1,X'',2);
INSERT INTO articles_fts_idx VALUES(2,X'',2);
INSERT INTO articles_fts_idx VALUES(3,X'',2);
INSERT INTO articles_fts_idx VALUES(9,X'',2);
CREATE TABLE IF NOT EXISTS 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO articles_fts_docsize VALUES(1,X'060a0e08');
INSERT INTO articles_fts_docsize VALUES(2,X'0316130a');
INSERT INTO articles_fts_docsize VALUES(3,X'05060a0b');
INSERT INTO articles_fts_docsize VALUES(4,X'05060a05');
INSERT INTO articles_fts_docsize VALUES(7,X'05070908');
INSERT INTO articles_fts_docsize VALUES(8,X'05090c07');
CREATE TABLE IF NOT EXISTS 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO articles_fts_config VALUES('version',4);
CREATE TABLE sightings (
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    at      TEXT NOT NULL,   -- our clock, UTC
    outcome TEXT NOT NULL,   -- ok, not-modified or imported; or what showed that it was gone: not-found, gone, soft-404, home-page; or rejected
    url     TEXT NOT NULL,   -- the address that was asked
    page    TEXT,            -- SHA-256 of the bytes that stood there
    text    TEXT             -- hash of the text they read as, as in articles.hash and revisions.hash; NULL: it was gone, or rejected
) STRICT;
INSERT INTO sightings VALUES(1,'2024-03-11T12:01:00Z','ok','https://wadi.example/1','7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','bc4ca1dedcea112676d20d30d9d933219f5edeb0b99b3cb5da1ba69b0bf9c7d0');
INSERT INTO sightings VALUES(2,'2024-03-11T12:02:00Z','ok','https://wadi.example/2','490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37','ee466e5e94a636951a6efd2b7de9511c42b1e61aea267987fca157c5e608ac99');
INSERT INTO sightings VALUES(3,'2024-03-11T12:05:00Z','ok','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2','a144269471f5feea1599313aa51d76cf2092c00068748ccb18036e266777bbf1');
INSERT INTO sightings VALUES(4,'2024-03-11T12:06:00Z','ok','https://jisr.example/8','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','e98d9b3ba2486df25d8668b5a8339d87ec5a24e70e94fd658e52a9771d7664e0');
INSERT INTO sightings VALUES(1,'2024-03-11T18:00:00Z','not-modified','https://wadi.example/1','7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','bc4ca1dedcea112676d20d30d9d933219f5edeb0b99b3cb5da1ba69b0bf9c7d0');
INSERT INTO sightings VALUES(1,'2024-03-12T00:00:00Z','ok','https://wadi.example/1','f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442','9e3844683d0d869228501e85b075eb273da62b27f839a055a0844b00b73e5589');
INSERT INTO sightings VALUES(3,'2024-03-12T01:00:00Z','not-found','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,NULL);
INSERT INTO sightings VALUES(4,'2024-03-12T01:00:00Z','not-found','https://jisr.example/8',NULL,NULL);
INSERT INTO sightings VALUES(3,'2024-03-12T07:00:00Z','not-found','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,NULL);
INSERT INTO sightings VALUES(4,'2024-03-12T07:00:00Z','not-found','https://jisr.example/8',NULL,NULL);
INSERT INTO sightings VALUES(4,'2024-03-12T08:00:00Z','ok','https://jisr.example/8','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','e98d9b3ba2486df25d8668b5a8339d87ec5a24e70e94fd658e52a9771d7664e0');
INSERT INTO sightings VALUES(7,'2024-03-11T12:00:00Z','ok','https://nahr.example/ferry','d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','d9d9cfbf68b1ff9cdd425e4dc63b19e8854cc26038a4ff7b1777e6cbb223d318');
INSERT INTO sightings VALUES(8,'2024-03-12T18:00:00Z','ok','https://wadi.example/6','d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1','a542b020793244de47d463e7cb051af8893f2d753c89ec8ff10698a711702641');
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
INSERT INTO revisions VALUES(1,1,1,'2024-03-11T12:01:00Z','2024-03-11T18:00:00Z','رمّان إدلب يعود إلى الأسواق','محصول وافر',replace('قطف المزارعون الرمّان.\nوبيع الكيلو بسعر مقبول.','\n',char(10)),'ندى','2024-03-11','2024-03-11T09:00:00Z','7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','bc4ca1dedcea112676d20d30d9d933219f5edeb0b99b3cb5da1ba69b0bf9c7d0','1');
CREATE TABLE absences (
    article    INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    gone_since TEXT NOT NULL,  -- the first look that found nothing
    back_at    TEXT,           -- the first look that found it again; NULL: it is still gone
    outcome    TEXT NOT NULL,  -- what that first look found: not-found, gone, soft-404 or home-page
    PRIMARY KEY (article, gone_since)
) STRICT, WITHOUT ROWID;
INSERT INTO absences VALUES(3,'2024-03-12T01:00:00Z',NULL,'not-found');
INSERT INTO absences VALUES(4,'2024-03-12T01:00:00Z','2024-03-12T08:00:00Z','not-found');
CREATE TABLE withdrawn (
    article    INTEGER PRIMARY KEY,  -- the number it had, and has again when it is back
    source     TEXT NOT NULL REFERENCES sources(key),
    url        TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    addresses  TEXT NOT NULL,        -- a JSON list of objects: url, kind
    sightings  TEXT NOT NULL         -- a JSON list of objects: at, outcome, url, page, text; as they were before
) STRICT;
INSERT INTO withdrawn VALUES(6,'mina','https://mina.example/1','2024-03-11T12:08:00Z','[{"url":"https://mina.example/1","kind":"asked"}]','[{"at":"2024-03-11T12:08:00Z","outcome":"ok","url":"https://mina.example/1","page":"c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea","text":"bbaff2c0ff2cfdfc8f578fcb82cada8444c5cc693cba782f6157ed3c728f5d89"}]');
CREATE TABLE IF NOT EXISTS "entries" (
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
INSERT INTO entries VALUES(1,'wadi','https://wadi.example/feed','https://wadi.example/1','https://wadi.example/1','https://wadi.example/?p=1','رمّان إدلب يعود إلى الأسواق','2024-03-11T09:00:00Z','ندى','زراعة','محصول وافر','f08839cf7029ffd7bde2941f4b9480bf671686f87d0a3d5d29deb0d493d56c76',0,'2024-03-11T12:00:00Z','done',NULL,NULL,3,'2024-03-13T00:00:00Z',1,X'223122',NULL,'f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442');
INSERT INTO entries VALUES(2,'wadi','https://wadi.example/feed','https://wadi.example/3','https://wadi.example/3',NULL,'لوحة اليوم',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','rejected','no-text','صورة فقط',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entries VALUES(3,'wadi','https://wadi.example/feed','https://wadi.example/4','https://wadi.example/4',NULL,'بيان لم يعد موجودًا',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','failed','not-found','HTTP 404',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entries VALUES(4,'wadi','https://wadi.example/feed','https://wadi.example/5','https://wadi.example/5',NULL,'تقرير لم يُقرأ بعد',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','waiting',NULL,NULL,0,'2024-03-11T12:00:00Z',NULL,NULL,NULL,NULL);
INSERT INTO entries VALUES(5,'wadi',NULL,'https://wadi.example/2','https://wadi.example/2',NULL,'افتتاح مكتبة للأطفال',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:02:00Z','done',NULL,NULL,1,NULL,2,NULL,NULL,'490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37');
INSERT INTO entries VALUES(6,'jisr',NULL,'https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,'الجسر المعلّق مغلق للصيانة',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:05:00Z','done','not-found',NULL,3,'2024-03-13T07:00:00Z',3,X'223122',NULL,'2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2');
INSERT INTO entries VALUES(7,'jisr',NULL,'https://jisr.example/8','https://jisr.example/8',NULL,'سوق السمك ينتقل إلى الكورنيش',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:06:00Z','done',NULL,NULL,4,'2024-03-13T08:00:00Z',4,X'223122',NULL,'fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30');
INSERT INTO entries VALUES(8,'jisr',NULL,'https://jisr.example/9','https://jisr.example/9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:07:00Z','removed','removed','طلب الشاهد',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entries VALUES(9,'mina',NULL,'https://mina.example/1','https://mina.example/1',NULL,'أسعار الشحن',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:08:00Z','rejected','no-text','the page has no text beside its furniture',1,NULL,NULL,X'223122',NULL,'c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea');
INSERT INTO entries VALUES(10,'nahr',NULL,'https://nahr.example/ferry','https://nahr.example/ferry',NULL,'عبّارة جديدة تصل الضفتين',NULL,NULL,NULL,NULL,NULL,0,'2024-03-11T12:00:00Z','done',NULL,NULL,1,NULL,7,X'223122',NULL,'d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b');
INSERT INTO entries VALUES(11,'wadi',NULL,'https://wadi.example/6','https://wadi.example/6',NULL,'مباراة ودّية في السويداء',NULL,NULL,NULL,NULL,NULL,0,'2024-03-12T18:00:00Z','done',NULL,NULL,1,NULL,8,X'223122',NULL,'d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1');
CREATE TABLE IF NOT EXISTS "fetches" (
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
INSERT INTO fetches VALUES(1,1,'wadi','robots','https://wadi.example/robots.txt',NULL,'2024-03-11T12:00:00Z',0.25,200,'ok',NULL,14,'fd89345af6aca5dab85f2aa6a830e270a362b1fa6b5f19607ddd773a081ed651','40f1af8c-7a13-47bf-9253-db6b008855c2',1);
INSERT INTO fetches VALUES(2,1,'wadi','feed','https://wadi.example/feed',NULL,'2024-03-11T12:00:00Z',0.25,200,'ok',NULL,6,'b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2','40f1af8c-7a13-47bf-9253-db6b008855c2',2);
INSERT INTO fetches VALUES(3,1,'wadi','page','https://wadi.example/1',NULL,'2024-03-11T12:01:00Z',0.25,200,'ok',NULL,4367,'7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','40f1af8c-7a13-47bf-9253-db6b008855c2',3);
INSERT INTO fetches VALUES(4,1,'wadi','page','https://wadi.example/2','https://wadi.example/2-library','2024-03-11T12:02:00Z',0.25,200,'ok',NULL,4439,'490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37','40f1af8c-7a13-47bf-9253-db6b008855c2',4);
INSERT INTO fetches VALUES(5,1,'wadi','page','https://wadi.example/3',NULL,'2024-03-11T12:03:00Z',0.25,200,'ok',NULL,4240,'bbce7ffcdec564310cc5e7102132ecfa21b7932d4276daa76a93df4899b1e5f1','40f1af8c-7a13-47bf-9253-db6b008855c2',5);
INSERT INTO fetches VALUES(6,1,'wadi','page','https://wadi.example/4',NULL,'2024-03-11T12:04:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',6);
INSERT INTO fetches VALUES(7,1,'jisr','page','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,'2024-03-11T12:05:00Z',0.25,200,'ok',NULL,4350,'2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2','40f1af8c-7a13-47bf-9253-db6b008855c2',7);
INSERT INTO fetches VALUES(8,1,'jisr','page','https://jisr.example/8',NULL,'2024-03-11T12:06:00Z',0.25,200,'ok',NULL,4346,'fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','40f1af8c-7a13-47bf-9253-db6b008855c2',8);
INSERT INTO fetches VALUES(9,1,'jisr','page','https://jisr.example/9',NULL,'2024-03-11T12:07:00Z',0.25,200,'ok',NULL,4328,'8d793ff517dafed8b04f3c6ea76665d92e14fcca5bd6ba31fa53cfce45f59d2b','40f1af8c-7a13-47bf-9253-db6b008855c2',9);
INSERT INTO fetches VALUES(10,1,'mina','page','https://mina.example/1',NULL,'2024-03-11T12:08:00Z',0.25,200,'ok',NULL,54,'c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea','40f1af8c-7a13-47bf-9253-db6b008855c2',10);
INSERT INTO fetches VALUES(11,2,'wadi','page','https://wadi.example/1',NULL,'2024-03-11T18:00:00Z',0.25,304,'not-modified',NULL,NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',11);
INSERT INTO fetches VALUES(12,2,'wadi','page','https://wadi.example/1',NULL,'2024-03-12T00:00:00Z',0.25,200,'ok',NULL,4371,'f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442','40f1af8c-7a13-47bf-9253-db6b008855c2',12);
INSERT INTO fetches VALUES(13,2,'jisr','page','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,'2024-03-12T01:00:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',13);
INSERT INTO fetches VALUES(14,2,'jisr','page','https://jisr.example/8',NULL,'2024-03-12T01:00:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',14);
INSERT INTO fetches VALUES(15,2,'jisr','page','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7',NULL,'2024-03-12T07:00:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',15);
INSERT INTO fetches VALUES(16,2,'jisr','page','https://jisr.example/8',NULL,'2024-03-12T07:00:00Z',0.25,404,'not-found','HTTP 404',NULL,NULL,'40f1af8c-7a13-47bf-9253-db6b008855c2',16);
INSERT INTO fetches VALUES(17,2,'jisr','page','https://jisr.example/8',NULL,'2024-03-12T08:00:00Z',0.25,200,'ok',NULL,4346,'fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','40f1af8c-7a13-47bf-9253-db6b008855c2',17);
INSERT INTO fetches VALUES(18,3,'nahr','page','https://nahr.example/ferry',NULL,'2024-03-11T12:00:00Z',0.25,200,'ok',NULL,4345,'d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','9b95e518-47e4-4a71-b0bf-85e00337b164',1);
INSERT INTO fetches VALUES(19,4,'wadi','page','https://wadi.example/6',NULL,'2024-03-12T18:00:00Z',0.25,200,'ok',NULL,4362,'d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1','40f1af8c-7a13-47bf-9253-db6b008855c2',18);
CREATE TABLE unsealed (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE
) STRICT;
INSERT INTO unsealed VALUES(8);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (headline, body, norm, forms, content='''')');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('articles',8);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX articles_sort ON articles(sort_at);
CREATE INDEX articles_source_sort ON articles(source, sort_at);
CREATE INDEX articles_source_seen ON articles(source, first_seen);
CREATE INDEX articles_date ON articles(date);
CREATE INDEX articles_hash ON articles(hash);
CREATE INDEX addresses_article ON addresses(article);
CREATE INDEX feeds_source ON feeds(source);
CREATE UNIQUE INDEX sightings_once ON sightings(article, at, outcome, url, coalesce(page, ''), coalesce(text, ''));
CREATE INDEX revisions_hash ON revisions(hash);
CREATE INDEX articles_gone ON articles(gone_since) WHERE gone_since IS NOT NULL;
CREATE INDEX articles_revised ON articles(revised_at) WHERE revised_at IS NOT NULL;
CREATE UNIQUE INDEX entries_guid ON entries(source, guid) WHERE guid IS NOT NULL;
CREATE INDEX entries_queue ON entries(source, next_try) WHERE next_try IS NOT NULL;
CREATE INDEX entries_article ON entries(article);
CREATE UNIQUE INDEX runs_merged ON runs(archive, number) WHERE archive IS NOT NULL;
CREATE INDEX fetches_run ON fetches(run);
CREATE INDEX fetches_url ON fetches(url);
CREATE UNIQUE INDEX fetches_number ON fetches(archive, number);
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
CREATE TRIGGER articles_unsealed AFTER INSERT ON articles BEGIN
    INSERT INTO unsealed VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER articles_unsealed_again AFTER UPDATE OF hash, url, page, extractor ON articles BEGIN
    INSERT INTO unsealed VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER revisions_unsealed AFTER INSERT ON revisions BEGIN
    INSERT INTO unsealed VALUES (new.article) ON CONFLICT DO NOTHING;
END;
PRAGMA writable_schema=OFF;
COMMIT;
