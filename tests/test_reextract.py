"""Better rules repair history, and a machine's new reading is never taken for an edit by the outlet."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsarchive.archive import Archive
from newsarchive.archive.derive import derive
from newsarchive.archive.files import stamp
from newsarchive.archive.filing import keep_addresses
from newsarchive.archive.findings import Finding
from newsarchive.archive.merging import merge
from newsarchive.archive.removal import remove
from newsarchive.archive.rows import INSERT_SIGHTING
from newsarchive.archive.sealing import seal
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.config import Config
from newsarchive.errors import ArchiveError, ConfigError
from newsarchive.jobs.reextract import Reading, reextract
from newsarchive.jobs.session import World
from newsarchive.jobs.take_in import import_page
from newsarchive.jobs.update import update
from newsarchive.models import Selectors, Source
from newsarchive.workers import Workers
from outlet import SENTENCES, FakeOutlet, Outlets

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)


async def no_sleep(_: float) -> None:
    return


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as shared:
        yield shared


def copied(path: Path, folder: Path) -> Path:
    """Copy an archive that is made once for all tests."""
    shutil.copytree(path.parent, folder, dirs_exist_ok=True)
    return folder / path.name


@pytest.fixture
def db(fetched: Path, tmp_path: Path) -> Path:
    return copied(fetched, tmp_path)


@pytest.fixture
def edited(revised: Path, tmp_path: Path) -> Path:
    return copied(revised, tmp_path)


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """An archive of two outlets: three articles and one page without a text."""
    path = tmp_path_factory.mktemp("fetched") / "news.db"
    wadi, jabal = (
        FakeOutlet(base="https://wadi.example"),
        FakeOutlet(base="https://jabal.example", name="صوت الجبل"),
    )
    wadi.publish("/1", "عودة القطن إلى الخابور")
    wadi.publish("/2", "صورة اليوم", body="")
    jabal.publish("/1", "مكتبة جديدة في السويداء", at=datetime(2024, 3, 1, 9, 0, tzinfo=UTC))
    jabal.publish("/2", "افتتاح معرض الكتاب", at=None)
    world = World(now=lambda: NOW, sleep=no_sleep, transport=Outlets(wadi, jabal), workers=workers)
    update(path, CONFIG, CONFIG.sources, world=world)
    return path


CONFIG = Config(
    path=Path("feeds.toml"),
    sources=tuple(
        Source(key=key, name=name, feeds=(f"https://{key}.example/feed",))
        for key, name in (("wadi", "بريد الوادي"), ("jabal", "صوت الجبل"))
    ),
)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


EVERYTHING = "SELECT a.*, e.state FROM articles AS a JOIN entries AS e ON e.article = a.id ORDER BY a.id"


def with_selector(key: str, **selectors: object) -> Config:
    sources = tuple(
        replace(source, selectors=Selectors(**selectors)) if source.key == key else source
        for source in CONFIG.sources
    )  # type: ignore[arg-type]
    return replace(CONFIG, sources=sources)


def test_the_same_rules_read_the_same_and_change_nothing(db: Path) -> None:
    before = rows(db, EVERYTHING)
    report = reextract(db, CONFIG)
    assert (report.pages, report.changed, report.found, report.withdrawn, report.failed) == (4, 0, 0, 0, 0)
    assert rows(db, EVERYTHING) == before


def test_a_better_rule_changes_the_record_its_index_and_nothing_else(db: Path) -> None:
    told: list[Reading] = []
    report = reextract(db, with_selector("wadi", remove=(".entry-content p:last-child",)), tell=told.append)
    assert (report.changed, [reading.page.change.columns for reading in told]) == (1, [("body",)])
    (number,) = [reading.stored.article for reading in told]
    with Archive(db) as archive:
        assert [hit.record.id for hit in archive.search("البلاستيكية", source="wadi")] == [number]
        assert archive.search("الإعلانات", source="wadi") == ()
    assert rows(db, "SELECT count(*) FROM fetches WHERE kind = 'page'") == [(4,)]


def test_a_dry_run_says_what_would_change_and_stores_nothing(db: Path) -> None:
    before = rows(db, EVERYTHING)
    report = reextract(db, with_selector("wadi", remove=(".entry-content p:last-child",)), dry_run=True)
    assert report.changed == 1
    assert report.summary(dry_run=True).startswith(
        "4 pages read again: 1 articles changed, 0 found, 0 withdrawn, 0 failed; nothing was stored;"
    )
    assert rows(db, EVERYTHING) == before


def test_what_is_no_article_by_better_rules_is_withdrawn_and_comes_back_with_better_ones(db: Path) -> None:
    before = rows(db, "SELECT url, headline, body, date, sort_at FROM articles ORDER BY url")
    report = reextract(db, with_selector("jabal", remove=(".entry-content",)))
    assert report.withdrawn == 2
    assert (
        rows(db, "SELECT state, outcome, article FROM entries WHERE source = 'jabal'")
        == [("rejected", "no-text", None)] * 2
    )
    with Archive(db) as archive:
        assert archive.search("السويداء") == ()
    again = reextract(db, CONFIG)
    assert again.found == 2
    assert [
        row[:4] for row in rows(db, "SELECT url, headline, body, date, sort_at FROM articles ORDER BY url")
    ] == [row[:4] for row in before]


def test_a_number_that_was_withdrawn_is_given_to_its_article_alone(
    db: Path, tmp_path: Path, workers: Workers
) -> None:
    told = "SELECT id, url FROM articles WHERE source = 'jabal'"
    before, file = rows(db, told), tmp_path / "page.html"
    reextract(db, with_selector("jabal", remove=(".entry-content",)))
    outlet = FakeOutlet(base="https://wadi.example")
    outlet.publish("/3", "موسم الزيتون في إدلب")
    file.write_text(outlet.page("/3"), encoding="utf-8")
    import_page(db, CONFIG, file, url="https://wadi.example/3", at=NOW, now=lambda: NOW, workers=workers)
    reextract(db, CONFIG)
    assert set(rows(db, told)) == set(before)


def test_only_the_asked_for_source_and_days_are_read(db: Path) -> None:
    assert reextract(db, CONFIG, source="jabal").pages == 2
    assert reextract(db, CONFIG, since=date(2024, 3, 2)).pages == 2
    assert reextract(db, CONFIG, until=date(2024, 3, 1)).pages == 1


def test_two_workers_read_what_one_reads(db: Path) -> None:
    told: dict[int, list[tuple[object, ...]]] = {}
    for workers in (1, 2):
        readings: list[Reading] = []
        reextract(
            db,
            with_selector("wadi", remove=(".entry-content p:last-child",)),
            dry_run=True,
            workers=workers,
            tell=readings.append,
        )
        told[workers] = [(reading.stored.article, reading.page.result) for reading in readings]
    assert told[1] == told[2] != []


def test_a_source_that_left_the_configuration_is_read_as_it_was_configured_last(db: Path) -> None:
    report = reextract(db, replace(CONFIG, sources=CONFIG.sources[:1]))
    assert (report.pages, report.changed) == (4, 0)


def test_without_an_archive_there_is_nothing_to_read_again(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        reextract(tmp_path / "none.db", CONFIG)
    assert list(tmp_path.iterdir()) == []


# -- articles that their outlet edited


def test_bytes_that_stood_elsewhere_before_are_read_as_they_were_seen_here(
    tmp_path: Path, workers: Workers
) -> None:
    """The page's day had not come yet when it was seen first: then it is no date."""
    db, file = tmp_path / "news.db", tmp_path / "page.html"
    outlet = FakeOutlet(base="https://wadi.example")
    outlet.publish("/1", "عودة القطن إلى الخابور")
    dated = '<meta property="article:published_time" content="2024-03-20T10:00:00Z"></head>'
    file.write_text(outlet.page("/1").replace("</head>", dated), encoding="utf-8")
    for number, at in enumerate((NOW - timedelta(days=9), NOW - timedelta(days=8), NOW)):
        url = f"https://wadi.example/{number}"
        import_page(db, CONFIG, file, url=url, at=at, now=lambda: NOW, workers=workers)
    told = "SELECT url, date, published FROM articles ORDER BY id"
    before = rows(db, told)
    assert [day for _, day, _ in before][-1] == "2024-03-20"
    assert reextract(db, CONFIG).changed == 0
    assert rows(db, told) == before


EDITED = "\n".join((*SENTENCES[:2], "ونفت البلدية أن تكون المياه قد قطعت عن الحي الشرقي."))
WITHOUT_LAST = {"remove": (".entry-content p:last-child", ".post-body p:last-child")}


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """An archive of one article: its last paragraph was edited, then its headline, amid other furniture."""
    path = tmp_path_factory.mktemp("revised") / "news.db"
    outlet = FakeOutlet(base="https://wadi.example", adverts=True)
    outlet.publish("/1", "عودة القطن إلى الخابور", at=NOW)
    clock = [NOW]
    world = World(now=lambda: clock[0], sleep=no_sleep, transport=Outlets(outlet), workers=workers)
    for theme, change in (
        (0, {}),
        (0, {}),
        (1, {"body": EDITED}),
        (1, {"headline": "القطن يعود إلى الخابور"}),
    ):
        outlet.edit("/1", **change)
        outlet.theme = theme
        update(path, CONFIG, CONFIG.sources[:1], world=world)
        clock[0] += timedelta(hours=7)
    return path


def stood(db: Path) -> list[tuple[object, ...]]:
    """All texts of the article, oldest first: headline and number of paragraphs."""
    return rows(
        db,
        "SELECT headline, length(body) - length(replace(body, char(10), '')) + 1 FROM"
        " (SELECT number, headline, body FROM revisions UNION ALL SELECT 999, headline, body FROM articles) ORDER BY number",
    )


TOLD = (
    "SELECT * FROM revisions ORDER BY number",
    "SELECT * FROM articles",
    "SELECT * FROM sightings ORDER BY at",
)
THREE = [("عودة القطن إلى الخابور", 3), ("عودة القطن إلى الخابور", 3), ("القطن يعود إلى الخابور", 3)]


def test_every_text_of_an_edited_article_is_read_again_as_it_was_read_first(edited: Path) -> None:
    before = [rows(edited, sql) for sql in TOLD]
    assert stood(edited) == THREE
    report = reextract(edited, CONFIG)
    assert (report.pages, report.changed, report.withdrawn) == (3, 0, 0)
    assert [rows(edited, sql) for sql in TOLD] == before


def test_a_better_rule_changes_every_text_and_what_reads_the_same_then_was_no_edit(edited: Path) -> None:
    before = [rows(edited, sql) for sql in TOLD]
    report = reextract(edited, with_selector("wadi", **WITHOUT_LAST))
    assert report.changed == 3
    assert stood(edited) == [("عودة القطن إلى الخابور", 2), ("القطن يعود إلى الخابور", 2)]
    assert rows(edited, "SELECT count(DISTINCT text) FROM sightings") == [(2,)]
    with Archive(edited) as archive:
        assert archive.search("الشرقي") == ()
    assert reextract(edited, CONFIG).changed == 3  # the rule was not better: what it hid is found again
    assert stood(edited) == THREE
    after = [rows(edited, sql) for sql in TOLD]
    assert [row[1:] for row in after[0]] == [row[1:] for row in before[0]]
    assert after[1:] == before[1:]


def test_a_page_that_is_no_article_by_better_rules_is_no_edit_and_the_text_before_it_stands(
    edited: Path,
) -> None:
    before = [rows(edited, sql) for sql in TOLD[1:]]
    assert reextract(edited, with_selector("wadi", remove=(".post-body",))).withdrawn == 2
    assert stood(edited) == THREE[:1]
    assert rows(edited, "SELECT outcome, text IS NULL FROM sightings ORDER BY at") == [
        ("ok", 0),
        ("ok", 0),
        ("rejected", 1),
        ("rejected", 1),
    ]
    assert reextract(edited, CONFIG).found == 2
    assert stood(edited) == THREE
    assert [rows(edited, sql) for sql in TOLD[1:]] == before


def test_an_article_is_withdrawn_only_if_none_of_its_pages_is_one(edited: Path) -> None:
    assert reextract(edited, with_selector("wadi", remove=(".entry-content", ".post-body"))).withdrawn == 3
    assert [rows(edited, sql) for sql in TOLD] == [[], [], []]
    assert rows(edited, "SELECT state, next_try, article FROM entries") == [("rejected", None, None)]


NOTHING = {"remove": (".entry-content", ".post-body")}
PAST = (*TOLD[1:], "SELECT * FROM addresses ORDER BY url", "SELECT * FROM absences")


@pytest.fixture
def lost(edited: Path) -> Path:
    """The same article, gone from its outlet after its edits, at three addresses."""
    with Store.open(edited, NOW) as store, store.transaction():
        connection = store.connection
        ((article,),) = connection.execute("SELECT id FROM articles")
        saved = "SELECT article, ?, 'imported', url, page, text FROM sightings ORDER BY at LIMIT 1"
        (copy,) = connection.execute(saved, (stamp(NOW + timedelta(hours=1)),))
        connection.execute(INSERT_SIGHTING, tuple(copy))
        for days in (2, 3):
            at = stamp(NOW + timedelta(days=days))
            seen = (article, at, "not-found", "https://wadi.example/1", None, None)
            connection.execute(INSERT_SIGHTING, seen)
        keep_addresses(store, article, ["https://wadi.example/new/1"], "reached")
        keep_addresses(store, article, ["https://wadi.example/said/1"], "stated")
        derive(connection, article)
    return edited


def test_an_article_that_was_withdrawn_comes_back_with_its_number_and_its_past(lost: Path) -> None:
    before = [rows(lost, sql) for sql in PAST]
    assert rows(lost, "SELECT revisions, gone_since IS NULL FROM articles") == [(2, 0)]
    reextract(lost, with_selector("wadi", **NOTHING))
    assert [rows(lost, sql) for sql in PAST] == [[], [], [], []]
    assert reextract(lost, with_selector("wadi", **NOTHING)).found == 0
    assert reextract(lost, CONFIG, dry_run=True).found == 3
    assert rows(lost, "SELECT count(*) FROM articles") == [(0,)]
    report = reextract(lost, CONFIG)
    assert (report.pages, report.found) == (3, 3)
    assert stood(lost) == THREE
    assert [rows(lost, sql) for sql in PAST] == before
    assert rows(lost, "SELECT count(*) FROM withdrawn") == [(0,)]
    state = "SELECT state, outcome, article, next_try > '2024-03-20', etag FROM entries"
    assert rows(lost, state) == [("done", None, before[0][0][0], 1, None)]
    assert reextract(lost, CONFIG).changed == 0


def test_of_a_withdrawn_article_the_pages_come_back_that_are_one(lost: Path) -> None:
    before = [rows(lost, sql) for sql in PAST]
    reextract(lost, with_selector("wadi", **NOTHING))
    assert reextract(lost, with_selector("wadi", remove=(".entry-content",))).found == 2
    assert stood(lost) == THREE[1:]
    assert rows(lost, "SELECT outcome FROM sightings ORDER BY at") == [
        ("rejected",),
        ("rejected",),
        ("rejected",),
        ("ok",),
        ("ok",),
        ("not-found",),
        ("not-found",),
    ]
    assert reextract(lost, CONFIG).found == 2  # of one text, which two pages have
    assert stood(lost) == THREE
    assert [rows(lost, sql) for sql in PAST] == before


def test_verify_calls_no_text_missing_of_an_article_that_was_withdrawn_or_is_back(edited: Path) -> None:
    for selectors in (NOTHING, {"remove": (".entry-content",)}, {}):
        reextract(edited, with_selector("wadi", **selectors))
        seal(edited, NOW)
        told: list[Finding] = []
        verify(edited, tell=told.append)
        assert [one for one in told if one.verdict == "mismatch"] == []


def test_an_article_that_came_to_the_address_of_a_withdrawn_one_is_that_one(
    lost: Path, tmp_path: Path, workers: Workers
) -> None:
    reextract(lost, with_selector("wadi", **NOTHING))
    outlet, file = FakeOutlet(base="https://wadi.example"), tmp_path / "page.html"
    outlet.publish("/1", "القطن في عهدة التجار")
    file.write_text(outlet.page("/1"), encoding="utf-8")
    later = NOW + timedelta(days=9)
    import_page(
        lost, CONFIG, file, url="https://wadi.example/1", at=later, now=lambda: later, workers=workers
    )
    reextract(lost, CONFIG)
    assert stood(lost) == [*THREE, ("القطن في عهدة التجار", 3)]
    assert rows(lost, "SELECT count(*), min(first_seen) FROM articles") == [(1, stamp(NOW))]
    assert rows(lost, "SELECT back_at FROM absences") == [(stamp(later),)]


def test_what_is_removed_does_not_come_back_and_nothing_of_it_is_kept(lost: Path) -> None:
    pages = {page for (page,) in rows(lost, "SELECT DISTINCT page FROM sightings WHERE page IS NOT NULL")}
    reextract(lost, with_selector("wadi", **NOTHING))
    removed = remove(lost, "https://wadi.example/new/1", "بطلب من صاحبه", NOW)
    assert removed is not None
    assert (removed.articles, removed.texts, removed.pages) == (1, 3, len(pages))
    assert rows(lost, "SELECT count(*) FROM withdrawn") == [(0,)]
    assert rows(lost, "SELECT DISTINCT state FROM entries") == [("removed",)]
    assert reextract(lost, CONFIG).found == 0


def test_what_is_removed_takes_no_withdrawn_article_along_that_only_claims_its_address(
    db: Path, tmp_path: Path, workers: Workers
) -> None:
    claimed, file = "https://jabal.example/3", tmp_path / "page.html"
    with Store.open(db, NOW) as store, store.transaction():
        sql = "SELECT article FROM addresses WHERE url = 'https://jabal.example/1'"
        ((article,),) = store.connection.execute(sql)
        keep_addresses(store, article, [claimed], "stated")
    reextract(db, with_selector("jabal", remove=(".entry-content",)))
    outlet = FakeOutlet(base="https://jabal.example", name="صوت الجبل")
    outlet.publish("/3", "موسم الزيتون في إدلب")
    file.write_text(outlet.page("/3"), encoding="utf-8")
    import_page(db, CONFIG, file, url=claimed, at=NOW, now=lambda: NOW, workers=workers)
    removed = remove(db, claimed, "محكمة", NOW)
    assert removed is not None
    assert (removed.articles, removed.pages) == (1, 1)
    assert rows(db, "SELECT count(*) FROM withdrawn") == [(2,)]
    assert reextract(db, CONFIG, source="jabal").found == 2


def test_a_merge_loses_nothing_of_a_withdrawn_article(lost: Path, fetched: Path) -> None:
    past = "SELECT at, outcome, url, page, text FROM sightings ORDER BY at"
    before = rows(lost, past)
    reextract(lost, with_selector("wadi", **NOTHING))
    merge(lost, fetched, NOW)
    reextract(lost, CONFIG, source="wadi")
    assert set(rows(lost, past)) >= set(before)
    assert rows(lost, "SELECT count(*) FROM articles WHERE url = 'https://wadi.example/1'") == [(1,)]


def test_an_unknown_source_is_said_and_nothing_is_read(db: Path) -> None:
    with pytest.raises(ConfigError, match=r"no source 'zz' in .*; it has jabal, wadi"):
        reextract(db, Config(path=Path("feeds.toml"), sources=()), source="zz")
