-- The schema 2 of news.pages.db, as newsarchive wrote it: made by that version of the program, dumped with sqlite3. Not to be edited.
PRAGMA application_id = 1346455365;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'newsarchive.pages','1 pages and responses','2026-11-20 16:55:14.319479+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'newsarchive.pages','2 evidence','2026-11-20 16:55:14.324613+00:00');
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('archive_id','40f1af8c-7a13-47bf-9253-db6b008855c2');
CREATE TABLE pages (
    hash       TEXT PRIMARY KEY,  -- SHA-256 of the bytes
    source     TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    length     INTEGER NOT NULL,  -- of the bytes
    dictionary TEXT REFERENCES pages(hash),
    content    BLOB NOT NULL
) STRICT;
INSERT INTO pages VALUES('f08839cf7029ffd7bde2941f4b9480bf671686f87d0a3d5d29deb0d493d56c76','wadi','2024-03-11T12:00:00Z',48,NULL,X'28b52ffd20308101003c703ed982d8b7d98120d8a7d984d985d8b2d8a7d8b1d8b9d988d98620d8a7d984d8b1d985d991d8a7d9862e3c2f703e');
INSERT INTO pages VALUES('7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','wadi','2024-03-11T12:01:00Z',4367,NULL,X'28b52ffd600f106d1700b6358f2b704b9203fc7f6215c9b358ebe74337d3b652af43af60c928b7dce5ff7faccdb0292929494efdb8ff2f230287007300730078c4ab101b9a75b355071164c44e153e2e680b7b73d9520c6d356aa3f667a649539e9883e77bb09e7c9d52c78da22f4564482db617297806ddf8f4bfef725e1b7de55ccd2ebe8ba61ccbbff30899187a193f6595c8b1c08303a3d10e0cb29048190e88d408e004efd54181438001e813105834a351e081d17860c0683438079cd17830b08000238bc428dab33a86de76cdbc082e7924f9798ba7982bbbb2bf7994dbe7b359ffd18f49f2b7e590e491736886ebda909991b530cd673bc1727f2b7d50aaf19b5359b6d02177d562502179788787eaaef98e89adbbdd7e69bd3a7d84c895b4d452f470a16284c7d7a0d3bbba8833dfba59b1da2d037995698deb76fa774efe186e9ae1cae26f244cded4644158140db7f21bde5a434c1419746cb3cbbb32fa611f3d72ce71db1e47ac267f7764cb7b15954a549af39443b7e6cc55c9fea293fd5d321115ea99e33fdc6cbfeaa6c555081fd1bee37d4a12f6425e627a7fbf384ba9a1a9b12c6aa4048d07030b083838301a081c180222d244aa382092445a5c38361c198e8a633191229284f4a0e2984800044048170e8a03c321911c240d07445a40248a63226538281c1189e258444811a9c2b1b0704ca40d8784b4a838229285a3c2b18090288e0949225d381a081c8ab1b36fcc7ff6b7c55bda68a2bbc379dade0e7e3906f7c83732762ead741d72a29172fcdfbdf025e2626f56c745946e9022edfc1380cfa8216426300a0ffbc718a0a324690d1120084250420d114684677bfa8764a9cf5aa086896a0198b5e669817ff3afcd40565668bb6dcdf5461ffce3b62bb4bdfe6d2325986effff9f8e8e378957fa0cd767ff9ffe3f079bd070db0dfff5fc572dc174fbff6a44d30eb869e6fdd042ecf6d2439506a191c970fe1288f04739ff732cfa0970b459896d95447afdff3ea2d93a349711b416f6678632485fb29f257dd22e2817f6170e23b2c55601');
INSERT INTO pages VALUES('490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37','wadi','2024-03-11T12:02:00Z',4439,'7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0',X'28b52ffd605710b50400f2c6151da0378d01fea7cbfe5f7b9fd2f607316d0f1519e92553555555acff0d084bc0cdea4361b33273a4218c5c16549bfa44023b0a3656b68410f2216da7b1414866f96c4e26f898bc8c3cd02ebd50dba3e379402ecf33bd0215203042e3d0c53d5a711ed5d1ec04edc7cd11fcdeb08a760c85685422610ab207c70652b86a054c844c7710830d38431b06a1d128b83a1d48443f82');
INSERT INTO pages VALUES('bbce7ffcdec564310cc5e7102132ecfa21b7932d4276daa76a93df4899b1e5f1','wadi','2024-03-11T12:03:00Z',4240,'7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0',X'28b52ffd60900f95000020d8add8a903100c93e0440a16cc8144f440');
INSERT INTO pages VALUES('2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2','jisr','2024-03-11T12:05:00Z',4350,NULL,X'28b52ffd60fe0f051700f6b3882a704b9203fc7f33f7f85010abdf1912e9c64b0046a092b1b95296ffffb136c3a6a4a424b9f1a3ff7fb80182006e006e005b67b48d12f921a7483995b52d47cb366fd152ea28f1255ff223a241539e183f6bf5a3274f5ec8dbe479ca3b86901e37917266ae6b9dff5b75d1d8e4e7a2267269d533c50bdffccf2da96b32ed5484a76f408462c160c5823c34686838183418009a9c7d2a10280008387f00e281178c01110b46848205638117e805238240028845a55ad5444ec91fc147d3f3529ddbb9fde60f2afb236ffe5fbb41f2a6c58ea011b72bb3645cb7bbb74987e6919b1c757f15f68359fbc6098bd2b1d39d59cc2904edccce0e99f19a2d29ed2ed32f9c46967f0eb18285594afad2a13de7ade638aba69e45fc62de3ce22e3c234d7402a7586609699f8f2cf94a83e55cc933cbb96f5649eb2cc9638e972297efdc6b3bf634e26ecba5de77c4e4cd8c28356b9e42780a2f7ab1636aac3a93e8eb71e4e78278872ecdd8be2f6fbd6657d252216b24d9bcd90b926dba5562585f9f160b655da5292c59a4e8119347adc8eb7c8c08020920148a05c38062112042c3c281e178a0706438260e080d06141e34341c1387030a07874342e3a1c2e1a0317148686c38241a12128d0e4783c60383c684864483c3d1a0f190e1d0705c38241a1307c380a29872fdda7dab37a5d5c226f198f9a2737df97d71736ae4f99872c32a4c768b57a478ff7797353c4bdbbcd9a777b0cdc9938cef6884587cda65f9664dde2b80d2a8216026308a56a732ec06909324496b1130088220126a8818110fdfee90422a3400cc0700c65ac3b7971f40237631ed551381df083003e703a348e03411bb9ad226878859307056d022d27b1e11b360e09448bbaede27c522ed2a03a74844abcf2362168c010e93a56fdae410310b666e8da00a2f7b45923ec63418795b4dca986b5f00a612eaec9e3efbb76e9122101d13310d9a9699044e838b5bb396d0679ea0cf3c3f5f9857fa42f6797d302973adc8d4c9af8e8cb155');
INSERT INTO pages VALUES('fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','jisr','2024-03-11T12:06:00Z',4346,'2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2',X'28b52ffd60fa0fe50200d403b3d988d982b3d985d98320d98ad986d8aad982d98420d8a5d984d983d988d8b1d986d98ad8b420d986d98fd8aaa8d8b3d8b7d8a7d8aa8ad984d8a7d98b0800fd70090002989638eb7085385176e58593d9279c41e92020fa1304');
INSERT INTO pages VALUES('c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea','mina','2024-03-11T12:08:00Z',54,NULL,X'28b52ffd2036b101003c68746d6c3e3c626f64793e3c766964656f207372633d272f312e6d7034273e3c2f766964656f3e3c2f626f64793e3c2f68746d6c3e');
INSERT INTO pages VALUES('f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442','wadi','2024-03-12T00:00:00Z',4371,'7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0',X'28b52ffd601310850100a8d988d8b920d8aad8b1d8aad981d8b9b6d8b9b1d9870700167139600428423002230efa7c380b37c479111224a23f41');
INSERT INTO pages VALUES('d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','nahr','2024-03-11T12:00:00Z',4345,NULL,X'28b52ffd60f90ff5160056748b2b604d9203214986c63442226800064ef888311a9fe8b554fb9b84380802bbadb129292949ee0e045114650585007000710074b6eed03e94c84f3955cac9acad396ab6798d1a5347892ff9921f110f3ccc97c3cf5afde8cb931bf23ef23ce59da3901e371573765cd73affb7eaa2f1919f8b9ac8a655ef305ef8e67f6e4b5dd3d14e4578fa064c2c180d5e304ac483c403d2206900e872f6b940b00020e0fc0189086634064c301a130a188d055ea0198d0902092418015ee74bb5aaa99c96bf828fa6e7a63ab773fb8f3fa8ec8fbcf97fed079637357605adb85d1d4bc675bb7b9b74783c7297a3ee2fc37e306bff7042a374ec74679ae3988276666787cc78cdb6947697e91b4e23cb3fa798c1c234267de9d09ef3d6e338aba69e45fc62de3ce22e3c2b4d01d6e5bd4eb18e25a47dbeb2e52b0f34e74cdeb19cfbc72a699d2d798ee3a5c8e63bf7da8e3dadb8db72a9f71d7179332b4acd9ac7101ec38b6eec981e569d59f4f538f2b341bc439776d8be2f6fbd6657d292296b25d9bcd90d966dbad572b0be3e2d1acabacaa3d06415a3578e3c6a45018d09020924160b46c3c0821180425281744036200c92088ae402528148482c542011120c0e920e1a108aa44102218980904c4834200c1210084552814450241f100d1c900909076403129101e980542015120c4808a46160618e72fdda7dab37a555c347e231f345e7faf27be3c7a995e773941b9661b25bbc2ac6fbbfdbace159dae6cd3ebd837d9c3cc9f88e4688c5a75d966f0180cea8215c468cb2fb95d6a093a490d61120084250420d2182223cdb03a743b27e34cb06bbd2be2d406b2db53fc00ce47771391e974f61dab9192c86c362f86fc9c8dde8708a0c87c92f7828662a4c78453ccc82c398dde1641a4ceef931ff346fa5864b628a7babe24d365d6ec164e168831f55eabc77d9619e25f4902922c79f50e15dc0310ec7e3c8a2f4722daef369ad0e4dca002d0bf399ae0cafaf0836246a89c74e3a3212ba3832bb5501');
INSERT INTO pages VALUES('d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1','wadi','2024-03-12T18:00:00Z',4362,'7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0',X'28b52ffd600a105503000285101ab0278d011995e80656a4114ba2f9a336ac19ff24495258954c5584cd84c80bcb674d850d27536dd689743ece64363c019f82cfc0d154681ecc3017333221b483750b006f88936f2b4eb02b0410368888438666f0e27066b804398813841ace45732011fd0102');
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
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',1,'robots','wadi','https://wadi.example/robots.txt','https://wadi.example/robots.txt','[]','2024-03-11T12:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','fd89345af6aca5dab85f2aa6a830e270a362b1fa6b5f19607ddd773a081ed651',14,'ok','','allowed','0.1.0','4af9e4cc47212d5b45007750ce821140c6392bc97ccfd4f67c4232862f7ab4e8');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',2,'feed','wadi','https://wadi.example/feed','https://wadi.example/feed','[]','2024-03-11T12:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2',6,'ok','','allowed','0.1.0','88405c6a965e67ca6ed6dcad6807512ab181bb534a9044fa18759502a89af60d');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',3,'page','wadi','https://wadi.example/1','https://wadi.example/1','[]','2024-03-11T12:01:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0',4367,'ok','','allowed','0.1.0','8b600629fc8bc97454fc89b08239da0bcbbd122e27d243f79d0d40a29d8b9215');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',4,'page','wadi','https://wadi.example/2','https://wadi.example/2-library','[{"url": "https://wadi.example/2", "status": 301, "headers": [["Location", "https://wadi.example/2-library"]], "peer": "192.0.2.7"}]','2024-03-11T12:02:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37',4439,'ok','','allowed','0.1.0','07fa72f77ebd41207ec291c3897baff05d0ad53dc54c0f74bf9e2dc174afd734');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',5,'page','wadi','https://wadi.example/3','https://wadi.example/3','[]','2024-03-11T12:03:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','bbce7ffcdec564310cc5e7102132ecfa21b7932d4276daa76a93df4899b1e5f1',4240,'ok','','allowed','0.1.0','d9814f40cb42709b35b4507b0c2d1f7ae0d5a68f91cca97ee3b0fe5c250b06c9');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',6,'page','wadi','https://wadi.example/4','https://wadi.example/4','[]','2024-03-11T12:04:00Z',0.25,'192.0.2.7',404,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-found','HTTP 404','allowed','0.1.0','c92b2066628db4817cc8d5f180f3ec3897fd880e2ce6c85d85099746638587d6');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',7,'page','jisr','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','[]','2024-03-11T12:05:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2',4350,'ok','','allowed','0.1.0','2af22b91db21ca49b2dedb6e8f264c17d4f0b58f90276eaff902c1a8755fe83b');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',8,'page','jisr','https://jisr.example/8','https://jisr.example/8','[]','2024-03-11T12:06:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30',4346,'ok','','allowed','0.1.0','3816bf25a3dc211f8bc6f79452b8ce1a465b76ea36c65422a3cb854cde13caa3');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',9,'page','jisr','https://jisr.example/9','https://jisr.example/9','[]','2024-03-11T12:07:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','8d793ff517dafed8b04f3c6ea76665d92e14fcca5bd6ba31fa53cfce45f59d2b',4328,'ok','','allowed','0.1.0','f937a5f63933cdb224ab116ca94f18ca931a1c84dee42c395ba4353c8a127e1d');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',10,'page','mina','https://mina.example/1','https://mina.example/1','[]','2024-03-11T12:08:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea',54,'ok','','allowed','0.1.0','27d70325fbd2c0a5537f7d1552334cd64eb6d7d0266a2f79f71d3fd83009106d');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',11,'page','wadi','https://wadi.example/1','https://wadi.example/1','[]','2024-03-11T18:00:00Z',0.25,'192.0.2.7',304,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-modified','','allowed','0.1.0','e7e6308dfe7d36ad5bf583deb4a6e1faec2e20deeb27ec7332cdc1c87f4e4d5c');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',12,'page','wadi','https://wadi.example/1','https://wadi.example/1','[]','2024-03-12T00:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442',4371,'ok','','allowed','0.1.0','7b9cfa5371672bd192b238b52e61be6ed8aae845bd1858a3cf7c3c07ca9eef73');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',13,'page','jisr','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','[]','2024-03-12T01:00:00Z',0.25,'192.0.2.7',404,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-found','HTTP 404','allowed','0.1.0','30f36f2dab7c09b45d323233747aff42d78ace3c8e412c12a77bc4129420d7f1');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',14,'page','jisr','https://jisr.example/8','https://jisr.example/8','[]','2024-03-12T01:00:00Z',0.25,'192.0.2.7',404,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-found','HTTP 404','allowed','0.1.0','c6acff6308f8e2f7a6216abc96eb1317d0b64209174d8e7757473079a3277cc9');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',15,'page','jisr','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','[]','2024-03-12T07:00:00Z',0.25,'192.0.2.7',404,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-found','HTTP 404','allowed','0.1.0','44c94bc9a1dc7a7248b18583e8687648340007a24200e6fd5c3c8c704d7ff4db');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',16,'page','jisr','https://jisr.example/8','https://jisr.example/8','[]','2024-03-12T07:00:00Z',0.25,'192.0.2.7',404,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]',NULL,NULL,'not-found','HTTP 404','allowed','0.1.0','031cf229049607e59b5b13222203209e6f0ab8e85eabcc9538e2a05393d161c9');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',17,'page','jisr','https://jisr.example/8','https://jisr.example/8','[]','2024-03-12T08:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30',4346,'ok','','allowed','0.1.0','72fe304756822a9269815e5102f6cfa774e4728da3e636ce94fed751476e326c');
INSERT INTO requests VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',18,'page','wadi','https://wadi.example/6','https://wadi.example/6','[]','2024-03-12T18:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','d4f5280708fdcf1c796f726ab610f14a8f549867563d81aeb3139e4c460c3aa1',4362,'ok','','allowed','0.1.0','ba5188fae4ed1034c2bd3826e93073256c208196c7541d93a9143ad41e9bbf9e');
INSERT INTO requests VALUES('9b95e518-47e4-4a71-b0bf-85e00337b164',1,'page','nahr','https://nahr.example/ferry','https://nahr.example/ferry','[]','2024-03-11T12:00:00Z',0.25,'192.0.2.7',200,'[["User-Agent", "newsarchive"]]','[["Content-Type", "text/html; charset=utf-8"], ["ETag", "\"1\""]]','d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b',4345,'ok','','allowed','0.1.0','457191e93203c8341e9a4e1395033823592f65778518f507b29ccb32980fd090');
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
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',1,'2024-03-11T13:00:00Z','https://wadi.example/1','7e9bd66363091623efcaf549c0c46863a6e1bcf4229dc8c996d7ddc64a8763d0','bc4ca1dedcea112676d20d30d9d933219f5edeb0b99b3cb5da1ba69b0bf9c7d0','1','0.1.0','ad90cc3afedf9717b1a6087b279ebb8358b20d90e9744eba398aa056b040575c');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',2,'2024-03-11T13:00:00Z','https://wadi.example/2-library','490d50a1da432a4971408e043de0e935ca80f17dd711f633461da287bd6e2e37','ee466e5e94a636951a6efd2b7de9511c42b1e61aea267987fca157c5e608ac99','1','0.1.0','3d759631272a340ecb991fb6d56cb20a70445d4268bc5e30972b90ef5f99ac06');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',3,'2024-03-11T13:00:00Z','https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7','2da8069a58e4d63cbc7b18da20cc1cc856794d00865b06a30d1cc2e93581bcb2','a144269471f5feea1599313aa51d76cf2092c00068748ccb18036e266777bbf1','1','0.1.0','149476162a885cd14f03852d69671f53a8069afedf6340124088172226aea767');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',4,'2024-03-11T13:00:00Z','https://jisr.example/8','fd1887bc4b57e5b1b97905cdbc561e6a5ec0211825d558596dcdabfaf1a04b30','e98d9b3ba2486df25d8668b5a8339d87ec5a24e70e94fd658e52a9771d7664e0','1','0.1.0','04d5c302bfdcb727031aa935ac3b90dd9df7ccfa2b7f8259b02469ea8ef6d430');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',5,'2024-03-11T13:00:00Z','https://jisr.example/9','8d793ff517dafed8b04f3c6ea76665d92e14fcca5bd6ba31fa53cfce45f59d2b','259b7e5bc5fe9d401e3026d2f073b517e25b51eac3c25409d0d3eb9d373f725a','1','0.1.0','f88b1858f1c1b925494e0e0196b7580172387a674d1eb565270dcc5c3cde9906');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',6,'2024-03-11T13:00:00Z','https://mina.example/1','c20582585f2589d60cfeb121beeab85c2efb4314b4dd65ce75e6ff9c03154dea','bbaff2c0ff2cfdfc8f578fcb82cada8444c5cc693cba782f6157ed3c728f5d89','1','0.1.0','04011f4b9524609ab7c65ec5163f3b41fb7ba16a36938e112b9cae04e2de38ea');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',7,'2024-03-12T09:00:00Z','https://wadi.example/1','f7f0358c8b4ee5d5ff609852d49f74aa90ab7f4dc31b007bb7ca4dde5afcc442','9e3844683d0d869228501e85b075eb273da62b27f839a055a0844b00b73e5589','1','0.1.0','1d63ff79267ea538d0d3282d472e7485cabdfcecba13623b569a9ff8e2c48e52');
INSERT INTO texts VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',8,'2024-03-12T12:00:00Z','https://nahr.example/ferry','d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','d9d9cfbf68b1ff9cdd425e4dc63b19e8854cc26038a4ff7b1777e6cbb223d318','1','0.1.0','3e7d9258df870df566986570129dca5f15a87f0e939542b1c6096f2d9d438353');
INSERT INTO texts VALUES('9b95e518-47e4-4a71-b0bf-85e00337b164',1,'2024-03-11T13:00:00Z','https://nahr.example/ferry','d4bae5e28d40b2d7238e2c0299a0dbb762748666294f9199af97ddf7ef99391b','d9d9cfbf68b1ff9cdd425e4dc63b19e8854cc26038a4ff7b1777e6cbb223d318','1','0.1.0','0b772b0c088ae09bec2b8e1bc6c6aee91015596402850bb7f8eb08a5e02ca0d4');
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
INSERT INTO removals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',1,'2024-03-12T10:00:00Z','https://jisr.example/9','8d793ff517dafed8b04f3c6ea76665d92e14fcca5bd6ba31fa53cfce45f59d2b',NULL,'طلب الشاهد','7f6dcb05f3819449010aa92cd19d0531293ab53a6d83c214ff49f79d3e8d7b1a');
INSERT INTO removals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',2,'2024-03-12T10:00:00Z','https://jisr.example/9',NULL,'259b7e5bc5fe9d401e3026d2f073b517e25b51eac3c25409d0d3eb9d373f725a','طلب الشاهد','39834d63d5f6e5bceb42951ab59533270c5f77f4b288aa5acc19a364dc7b4630');
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
INSERT INTO seals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',1,'2024-03-11T13:00:00Z',10,6,0,'40b8a4fbca0ea816b82159f9c52bbbc33d7fcd791bae001413cea655b91f9fd7','','6f13cbdd877bb42eca37cae1ddc07f2671b02d85f39906a4b830ca0311f9b538');
INSERT INTO seals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',2,'2024-03-12T09:00:00Z',17,7,0,'51d69cd89b1cdf9e14f6802152c1eddefff48678be5b145e211eaccd08607c16','6f13cbdd877bb42eca37cae1ddc07f2671b02d85f39906a4b830ca0311f9b538','163801750973b69834726e7575fa8315993a070d51801fd76b8fc83a77eae74b');
INSERT INTO seals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',3,'2024-03-12T11:00:00Z',17,7,2,'8140cb0b2ffe80ba2f8869f68ece2776c107d8242486b8d1c63f10f3db05639b','163801750973b69834726e7575fa8315993a070d51801fd76b8fc83a77eae74b','d441e8bac8513cfb5ee10eab7fb4f536a628ca66e3cff5345f88ebd35aadb7bd');
INSERT INTO seals VALUES('40f1af8c-7a13-47bf-9253-db6b008855c2',4,'2024-03-12T12:00:00Z',17,8,2,'18baa059f4268f2a5e8d4dc18f5578cfca4aa95addecd988b1821c0c941b9ebd','d441e8bac8513cfb5ee10eab7fb4f536a628ca66e3cff5345f88ebd35aadb7bd','cb59442e06939ec6910884b8d11ed051d72466ead1a637e60e6bf9161af9d96b');
INSERT INTO seals VALUES('9b95e518-47e4-4a71-b0bf-85e00337b164',1,'2024-03-11T13:00:00Z',1,1,0,'012d6ea26c4434d0fcc5ffc7c044fad13dbed6b4fb4d2d0209ed20fa2075772d','','d4a8aa3b6dcade382f78bbe179dc0781cd5a7140a65a6cf10d8108fa0cd4324d');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX pages_alone ON pages(source, first_seen) WHERE dictionary IS NULL;
CREATE INDEX requests_page ON requests(page);
CREATE INDEX requests_url ON requests(url);
CREATE INDEX texts_text ON texts(text);
CREATE INDEX texts_page ON texts(page);
CREATE INDEX removals_page ON removals(page);
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
CREATE TRIGGER pages_stay BEFORE UPDATE OF hash, source, first_seen, length ON pages
BEGIN SELECT RAISE(ABORT, 'pages is evidence: no row is changed'); END;
COMMIT;
