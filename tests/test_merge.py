"""Merging archives: a union, whatever the order, and never less than one of them had."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.derive import derive
from newsarchive.archive.evidence import COLUMNS, row_hash
from newsarchive.archive.files import pages_path, stamp
from newsarchive.archive.filing import article_of, keep_article
from newsarchive.archive.history import Sighting
from newsarchive.archive.merging import Merged, merge
from newsarchive.archive.pages import read_page
from newsarchive.archive.removal import remove
from newsarchive.archive.rows import INSERT_SIGHTING, RECORD, article_row
from newsarchive.archive.sealing import seal
from newsarchive.archive.store import Store
from newsarchive.archive.uniting import Known, unite
from newsarchive.archive.verifying import verify
from newsarchive.errors import ArchiveError, ConfigError
from newsarchive.models import Article, Entry, Fetched, Source

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus")


# -- one article, pure

RULES = ("2", "10")


def read(page: str, rules: str) -> str:
    """What rules of a version make of a page: later ones take a line out of some."""
    number = int(page[1:])
    return f"t{number // 2}" if rules == "10" or number % 2 else f"t{number // 2} more"


@st.composite
def three(draw: st.DrawFn) -> tuple[Known, ...]:
    """What three archives know of an article; whoever looks at one moment sees the same, and each has rules of one version."""
    world = draw(st.lists(st.integers(-1, 5), min_size=5, max_size=5))
    return tuple(draw(known(world)) for _ in range(3))


@st.composite
def known(draw: st.DrawFn, world: list[int]) -> Known:
    rules = draw(st.sampled_from(RULES))
    looks = draw(st.sets(st.integers(0, 4), min_size=1))
    seen = [look(NOW + at * HOUR, world[at], rules) for at in looks]
    byline = draw(st.sampled_from(["سلمى", "كريم"]))
    return Known(
        source=draw(st.sampled_from(["jisr", "wadi"])),
        url=draw(st.sampled_from(["a", "b"])),
        first_seen=stamp(NOW + draw(st.integers(0, 2)) * HOUR),
        more={"section": draw(st.sampled_from(["محليات", None]))},
        sightings=frozenset(seen),
        texts={one.text: {"byline": byline, "extractor": rules} for one in seen if one.text},
    )


def look(at: datetime, page: int, rules: str) -> Sighting:
    if page < 0:
        return Sighting(at=at, outcome="not-found", url="u")
    return Sighting(at=at, outcome="ok", url="u", page=f"p{page}", text=read(f"p{page}", rules))


@given(three())
@settings(max_examples=150)
def test_what_is_known_of_an_article_unites_in_any_order_to_the_same(
    known: tuple[Known, Known, Known],
) -> None:
    a, b, c = known
    assert unite(a, b) == unite(b, a)
    assert unite(a, a) == a
    assert unite(unite(a, b), c) == unite(a, unite(b, c))


# -- whole archives


@dataclass(frozen=True)
class Event:
    """Something that one archive does: look at an article at one of its addresses, or remove it."""

    at: int  # hours
    article: int
    door: int = 0  # which of its addresses is asked
    removes: bool = False


ARTICLES = 3
DOORS = 3
TEXTS = {
    0: ("الخبر كما كان", 0),
    5: ("الخبر بعد تعديل", 1),
    10: ("الخبر بعد تعديل آخر", 2),
    18: ("الخبر كما كان", 3),
}
GONE = (12, 16)  # hours at which articles of odd numbers are gone


def door(article: int, number: int) -> str:
    return f"https://{'wadi' if article % 2 else 'jisr'}.example/{article}/{number}"


def fetched(event: Event) -> Fetched:
    """Answer at an address: pages say what stands there at the time, in the furniture of that address."""
    url, at = door(event.article, event.door), NOW + event.at * HOUR
    gone = event.article % 2 and GONE[0] <= event.at < GONE[1]
    text, frame = next(TEXTS[hour] for hour in sorted(TEXTS, reverse=True) if hour <= event.at)
    page = f"<html>{url} {frame} {event.article % 2} <p>{text} {event.article}</p>"
    return Fetched(
        url=url,
        final_url=door(event.article, 9) if event.door == 1 else url,
        outcome="not-found" if gone else "ok",
        status=404 if gone else 200,
        content=None if gone else page.encode(),
        started_at=at,
    )


def reading(event: Event, rules: str) -> Article:
    """What the rules of a version make of that page: later ones leave a line out of some."""
    text, frame = next(TEXTS[hour] for hour in sorted(TEXTS, reverse=True) if hour <= event.at)
    more = "\nتابعونا" if rules == "2" and frame == 1 else ""
    canonical = (
        f"https://{'wadi' if event.article % 2 else 'jisr'}.example/{event.article}/{event.door}/canonical"
    )
    return Article(
        url=canonical,
        addresses=(),
        headline=f"عنوان {event.article}",
        body=f"{text} {event.article}{more}",
        section="محليات" if event.door else None,
        extractor=rules,
    )


def act(path: Path, events: list[Event], rules: str) -> None:
    """Let an archive live through its events, with the program's own store."""
    for event in sorted(events, key=lambda one: one.at):
        now = NOW + event.at * HOUR
        if event.removes:
            remove(path, door(event.article, event.door), "بطلب من صاحب الخبر", now)
            continue
        with Store.open(path, now) as store:
            see(store, event, rules)


def see(store: Store, event: Event, rules: str) -> None:
    now, answer = NOW + event.at * HOUR, fetched(event)
    source = "wadi" if event.article % 2 else "jisr"
    store.keep_sources([replace(WADI, key=source)], now)
    run = store.begin_run("1", now)
    entry = Entry(url=answer.url, guid=f"{event.article}" if event.door != 2 else None)
    queued = store.enqueue(source, entry, now)
    barred = store.connection.execute(
        "SELECT 1 FROM entries WHERE id = ? AND state = 'removed'", (queued.id,)
    )
    if barred.fetchone():
        return
    receipt = store.pages.keep_request(answer, source=source, kind="page")
    made = reading(event, rules)
    known = article_of(store, entry)
    if known is None and answer.content:
        keep_article(store, run, source, queued, made, fetched=answer, receipt=receipt, now=now)
        return
    with store.transaction():
        store.insert_fetch(run, source, "page", answer, receipt)
        if known is not None:
            row = article_row(made, now, now)
            text = row["hash"] if answer.content else None
            seen = (known, stamp(now), answer.outcome, answer.url, receipt.page, text)
            store.connection.execute(INSERT_SIGHTING, seen)
            derive(store.connection, known, {str(text): {name: row[name] for name in RECORD}} if text else {})


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def told(path: Path) -> dict[str, object]:
    """All that an archive says, by natural keys: an article by the addresses at which it was asked for or reached."""
    with closing(sqlite3.connect(path)) as news, closing(sqlite3.connect(pages_path(path))) as pages:
        news.row_factory = sqlite3.Row
        names = {
            row["id"]: tuple(one[0] for one in news.execute(_OWN, (row["id"],)))
            for row in news.execute("SELECT id FROM articles")
        }
        return {
            **{
                table: by_article(news, table, names)
                for table in ("articles", "addresses", "sightings", "revisions", "absences")
            },
            "entries": sorted(
                (row["url"], row["state"], names.get(row["article"]))
                for row in news.execute("SELECT * FROM entries")
            ),
            "fetches": sorted(
                map(tuple, news.execute("SELECT archive, number, url, at, outcome, page FROM fetches")),
                key=repr,
            ),
            "sources": sorted(map(tuple, news.execute("SELECT * FROM sources"))),
            "pages": {key: read_page(pages, key) for (key,) in pages.execute("SELECT hash FROM pages")},
            "requests": sorted(pages.execute("SELECT archive, number, hash FROM requests")),
            "texts": sorted(pages.execute("SELECT archive, number, hash FROM texts")),
            "seals": sorted(pages.execute("SELECT archive, number, hash FROM seals")),
            "removed": set(pages.execute("SELECT page, text FROM removals")),
        }


_OWN = "SELECT url FROM addresses WHERE article = ? AND kind <> 'stated' ORDER BY url"


def by_article(news: sqlite3.Connection, table: str, names: dict[int, tuple[str, ...]]) -> list[object]:
    column = "id" if table == "articles" else "article"
    found = (dict(row) for row in news.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our own tables
    return sorted(
        ((names[row.pop(column)], sorted((k, v) for k, v in row.items() if k != "id")) for row in found),
        key=repr,
    )


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without anything, to be copied: making one takes longer than all else here."""
    path = tmp_path_factory.mktemp("empty") / "news.db"
    with Store.open(path, NOW):
        pass
    return path


def start(empty: Path, path: Path) -> Path:
    """Begin an archive of its own."""
    copy(empty, path)
    name = hashlib.sha256(str(path).encode()).hexdigest()
    for file in (path, pages_path(path)):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'archive_id'", (name,))
    return path


def copy(path: Path, to: Path) -> Path:
    to.parent.mkdir(exist_ok=True)
    shutil.copy(path, to)
    shutil.copy(pages_path(path), pages_path(to))
    return to


EVENTS = st.lists(
    st.builds(
        Event,
        at=st.sampled_from([0, 1, 6, 7, 11, 12, 13, 14, 15, 19, 20]),
        article=st.integers(0, ARTICLES - 1),
        door=st.integers(0, DOORS - 1),
        removes=st.integers(0, 5).map(lambda one: one == 5),
    ),
    min_size=3,
    max_size=9,
)
LIVES = st.tuples(EVENTS, st.sampled_from(RULES))


@given(st.tuples(LIVES, LIVES, LIVES))
@settings(max_examples=6)
def test_archives_merge_in_any_order_to_the_same(
    empty: Path, lives: tuple[tuple[list[Event], str], ...]
) -> None:
    with tempfile.TemporaryDirectory(dir=empty.parent) as name:
        folder = Path(name)
        for key, (events, rules) in zip("abc", lives, strict=True):
            act(start(empty, folder / f"{key}.db"), events, rules)
            seal(folder / f"{key}.db", NOW + 30 * HOUR)

        def merged(*keys: str) -> Path:
            """Merge what is named by the later keys into a copy of the first."""
            path = copy(folder / f"{keys[0]}.db", folder / f"{''.join(keys)}.db")
            for key in keys[1:]:
                merge(path, folder / f"{key}.db", NOW + 31 * HOUR)
            return path

        assert told(merged("a", "b")) == told(merged("b", "a"))
        merged("b", "c")
        assert told(merged("ab", "c")) == told(merged("a", "bc"))
        assert told(merged("ab", "b")) == told(folder / "ab.db")
        assert told(merged("b", "ab")) == told(folder / "ab.db")
        copy(folder / "a.db", folder / "copy.db")
        assert told(merged("a", "copy")) == told(folder / "a.db")


# -- what a merge does, one by one


@pytest.fixture
def ours(empty: Path, tmp_path: Path) -> Path:
    return start(empty, tmp_path / "ours.db")


@pytest.fixture
def theirs(empty: Path, tmp_path: Path) -> Path:
    return start(empty, tmp_path / "theirs.db")


def into(path: Path, other: Path, at: int = 40) -> Merged:
    return merge(path, other, NOW + at * HOUR)


def test_an_article_that_both_know_has_the_revisions_that_each_of_them_saw(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2), Event(12, 2)], "10")
    act(theirs, [Event(6, 2), Event(20, 2)], "10")
    assert (into(ours, theirs).new, into(ours, theirs).changed) == (0, 0)
    assert rows(ours, "SELECT body FROM revisions ORDER BY number") == [
        ("الخبر كما كان 2",),
        ("الخبر بعد تعديل 2",),
        ("الخبر بعد تعديل آخر 2",),
    ]
    assert rows(ours, "SELECT body, revisions FROM articles") == [("الخبر كما كان 2", 3)]


def test_two_looks_of_two_archives_confirm_that_an_article_is_gone(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 1), Event(13, 1)], "10")
    act(theirs, [Event(1, 1), Event(14, 1)], "10")
    assert rows(ours, "SELECT gone_since FROM articles") == [(None,)]
    into(ours, theirs)
    assert rows(ours, "SELECT gone_since, gone_reason FROM articles") == [
        ("2024-03-12T01:00:00Z", "not-found")
    ]


def test_a_page_that_later_rules_read_otherwise_is_no_edit(ours: Path, theirs: Path) -> None:
    act(ours, [Event(6, 2)], "2")
    act(theirs, [Event(7, 2)], "10")
    into(ours, theirs)
    assert rows(ours, "SELECT body, extractor, revisions FROM articles") == [("الخبر بعد تعديل 2", "10", 0)]


def test_two_articles_of_ours_that_another_archive_knows_as_one_become_one(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2, 0), Event(6, 2, 1)], "10")
    act(theirs, [Event(0, 2, 0), Event(0, 2, 1)], "10")
    assert len(rows(ours, "SELECT id FROM articles")) == 2
    into(ours, theirs)
    assert rows(ours, "SELECT id, revisions FROM articles") == [(1, 1)]
    assert rows(ours, "SELECT DISTINCT article, state FROM entries") == [(1, "done")]
    assert into(theirs, ours).changed == 1
    assert told(ours) == told(theirs)


def test_the_index_of_a_merged_archive_equals_a_fresh_one(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2, 0), Event(6, 2, 1), Event(0, 1)], "10")
    act(theirs, [Event(0, 2, 0), Event(0, 2, 1), Event(6, 0), Event(20, 1)], "10")
    into(ours, theirs)
    with Store.open(ours, NOW) as store:
        connection = store.connection
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, instance)")
        kept = sorted(map(tuple, connection.execute("SELECT * FROM temp.words")))
        connection.execute("UPDATE meta SET value = 'another' WHERE key = 'fold_version'")
        store._know_itself(NOW)
        assert sorted(map(tuple, connection.execute("SELECT * FROM temp.words"))) == kept
        assert len({word[1] for word in kept}) == 3


@pytest.mark.parametrize("remover", ["ours", "theirs"])
def test_what_one_archive_removed_is_gone_from_both(ours: Path, theirs: Path, remover: str) -> None:
    paths = {"ours": ours, "theirs": theirs}
    act(paths[remover], [Event(0, 2, 0), Event(1, 2, 0, removes=True)], "10")
    del paths[remover]
    ((_, other),) = paths.items()
    act(other, [Event(0, 2, 0), Event(6, 2, 0), Event(7, 2, 2), Event(0, 1)], "10")
    merged = into(ours, theirs)
    assert len(merged.gone) == (remover == "theirs")
    assert {("/2/" in url, reason) for url, reason in merged.gone} <= {(True, "بطلب من صاحب الخبر")}
    assert rows(ours, "SELECT url FROM articles") == [("https://wadi.example/1/0/canonical",)]
    assert rows(ours, "SELECT count(*) FROM revisions") == [(0,)]
    assert {state for (state,) in rows(ours, "SELECT state FROM entries WHERE url LIKE '%/2/%'")} == {
        "removed"
    }
    for file in (ours, pages_path(ours)):
        assert "تعديل 2".encode() not in file.read_bytes()
        assert not file.with_name(file.name + "-wal").exists()
    with closing(sqlite3.connect(pages_path(ours))) as pages:
        left = [read_page(pages, key) or b"" for (key,) in pages.execute("SELECT hash FROM pages")]
    assert not [page for page in left if b"2</p>" in page]
    assert verify(ours)["mismatch"] == 0


def test_each_chain_stays_whole_under_its_own_archive(ours: Path, theirs: Path) -> None:
    for path in (ours, theirs):
        act(path, [Event(0, 2), Event(6, 2)], "10")
        seal(path, NOW + 30 * HOUR)
    assert into(ours, theirs).seals == theirs.with_name("theirs.seals.txt")
    act(ours, [Event(12, 2)], "10")
    made = seal(ours, NOW + 50 * HOUR)
    assert made is not None
    assert made.new["requests"] == 1
    assert rows(pages_path(ours), "SELECT count(DISTINCT archive), count(*) FROM seals") == [(2, 3)]
    assert verify(ours)["mismatch"] == 0


def test_a_copy_that_went_on_alone_is_refused_and_a_new_archive_takes_both(
    ours: Path, tmp_path: Path
) -> None:
    act(ours, [Event(0, 2)], "10")
    ahead = copy(ours, tmp_path / "ahead.db")
    act(ahead, [Event(6, 2), Event(7, 1)], "10")
    before = told(ours)
    with pytest.raises(ArchiveError, match=r"row 2 of requests is said to be of our own archive.*NEW\.db"):
        into(ours, ahead)
    assert told(ours) == before
    into(tmp_path / "new.db", ours)
    into(tmp_path / "new.db", ahead)
    assert told(tmp_path / "new.db") == told(ahead)


def test_two_copies_that_both_went_on_are_refused_and_nothing_is_written(ours: Path, tmp_path: Path) -> None:
    act(ours, [Event(0, 2)], "10")
    other = copy(ours, tmp_path / "other.db")
    act(ours, [Event(6, 2)], "10")
    act(other, [Event(7, 1)], "10")
    before = told(ours)
    with pytest.raises(ArchiveError, match=r"two copies of that archive went on apart.*nothing was merged"):
        into(ours, other)
    assert told(ours) == before


def test_the_archive_itself_and_one_without_its_pages_are_refused(ours: Path, theirs: Path) -> None:
    with pytest.raises(ConfigError, match="is the archive that it would be merged into"):
        into(ours, ours)
    with pytest.raises(ArchiveError, match=r"none\.db: no archive there$"):
        into(ours, theirs.with_name("none.db"))
    pages_path(theirs).unlink()
    with pytest.raises(ArchiveError, match=r"theirs\.pages\.db: the pages of theirs\.db are missing"):
        into(ours, theirs)


def test_an_archive_of_an_earlier_schema_is_refused_with_what_to_do(ours: Path, theirs: Path) -> None:
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(ArchiveError, match=r"theirs\.db: was written by an older newsarchive"):
        into(ours, theirs)


def test_a_damaged_page_of_the_other_archive_is_left_out_and_counted(ours: Path, theirs: Path) -> None:
    act(theirs, [Event(0, 2), Event(0, 1)], "10")
    with closing(sqlite3.connect(pages_path(theirs))) as connection, connection:
        connection.execute("UPDATE pages SET content = x'00' WHERE rowid = 1")
    merged = into(ours, theirs)
    assert (merged.new, merged.pages, merged.damaged) == (2, 1, 1)


def test_the_other_archive_is_only_read_even_from_a_folder_that_cannot_be_written_to(
    ours: Path, theirs: Path
) -> None:
    act(theirs, [Event(0, 2)], "10")
    away = theirs.parent / "away"
    away.mkdir()
    moved = copy(theirs, away / "news.db")
    before = {file.name: file.read_bytes() for file in away.iterdir()}
    away.chmod(0o550)
    try:
        assert into(ours, moved).new == 1
    finally:
        away.chmod(0o750)
    assert {file.name: file.read_bytes() for file in away.iterdir()} == before
    assert told(ours)["articles"] == told(theirs)["articles"]


def test_a_merge_makes_an_archive_that_is_not_there_yet(theirs: Path, tmp_path: Path) -> None:
    act(theirs, [Event(0, 2)], "10")
    into(tmp_path / "new.db", theirs)
    assert told(tmp_path / "new.db") == told(theirs)
    assert rows(tmp_path / "new.db", "SELECT value FROM meta WHERE key = 'archive_id'") != rows(
        theirs, "SELECT value FROM meta WHERE key = 'archive_id'"
    )


def test_runs_are_those_of_the_archive_that_ran_them(ours: Path, theirs: Path, empty: Path) -> None:
    act(ours, [Event(0, 2)], "10")
    act(theirs, [Event(0, 1), Event(6, 1)], "10")
    third = start(empty, ours.parent / "third.db")
    into(third, theirs)
    into(ours, theirs)
    into(ours, third)
    sql = "SELECT f.archive, coalesce(r.archive, m.value), count(DISTINCT r.id), count(*) FROM fetches AS f JOIN runs AS r ON r.id = f.run JOIN meta AS m ON m.key = 'archive_id' GROUP BY 1, 2"
    assert sorted(row[2:] for row in rows(ours, sql)) == [(1, 1), (2, 2)]
    assert all(row[0] == row[1] for row in rows(ours, sql))


def test_of_two_articles_that_were_filed_under_one_stated_address_the_one_that_was_seen_first_keeps_it(
    ours: Path, theirs: Path
) -> None:
    same = "https://wadi.example/all"
    for path, number in ((ours, 1), (theirs, 2)):
        with Store.open(path, NOW + number * HOUR) as store:
            store.keep_sources([WADI], NOW)
            queued = store.enqueue("wadi", Entry(url=f"https://wadi.example/{number}"), NOW)
            answer = replace(fetched(Event(number, 3)), url=queued.entry.url, final_url=queued.entry.url)
            receipt = store.pages.keep_request(answer, source="wadi", kind="page")
            made = Article(url=same, headline=f"خبر {number}", body="نص.", extractor="1")
            keep_article(
                store,
                store.begin_run("1", NOW),
                "wadi",
                queued,
                made,
                fetched=answer,
                receipt=receipt,
                now=NOW,
            )
    kept = copy(ours, ours.parent / "kept.db")
    into(ours, theirs)
    into(theirs, kept)
    assert sorted(rows(ours, "SELECT headline, url FROM articles")) == [
        ("خبر 1", same),
        ("خبر 2", "https://wadi.example/2"),
    ]
    assert told(ours) == told(theirs)
    before = told(ours)
    into(ours, theirs)
    assert told(ours) == before


def test_the_queue_keeps_what_is_further_and_one_guid_a_source(ours: Path, theirs: Path) -> None:
    for path, urls in ((ours, "bc"), (theirs, "ab")):
        with Store.open(path, NOW) as store:
            store.keep_sources([WADI], NOW)
            for number, url in enumerate(urls):
                store.enqueue("wadi", Entry(url=f"https://wadi.example/{url}", guid=f"{number}"), NOW)
    with closing(sqlite3.connect(theirs)) as connection, connection:
        connection.execute(
            "UPDATE entries SET state = 'rejected', outcome = 'wall', next_try = NULL WHERE url LIKE '%/b'"
        )
    kept = copy(ours, ours.parent / "kept.db")
    into(ours, theirs)
    into(theirs, kept)
    sql = "SELECT url, guid, state, outcome FROM entries ORDER BY url"
    assert rows(ours, sql) == rows(theirs, sql)
    assert [row[1:] for row in rows(ours, sql)] == [
        ("0", "waiting", None),
        ("1", "rejected", "wall"),
        (None, "waiting", None),
    ]


def test_a_merge_that_is_killed_at_any_moment_is_finished_by_the_next(
    ours: Path, theirs: Path, tmp_path: Path
) -> None:
    act(ours, [Event(0, 2), Event(0, 1), Event(12, 1), Event(13, 1, removes=True)], "10")
    act(theirs, [Event(6, 2), Event(6, 1), Event(20, 2, 1), Event(0, 0)], "2")
    whole = copy(ours, tmp_path / "whole.db")
    began = time.perf_counter()
    into(whole, theirs)
    lasts = time.perf_counter() - began
    before, after = told(ours), told(whole)
    survived = 0
    for moment in range(1, 13):
        path = copy(ours, tmp_path / f"killed-{moment}.db")
        survived += merge_and_die(path, theirs, lasts * moment / 10)
        assert told(path)["articles"] in (before["articles"], after["articles"])
        into(path, theirs)
        assert told(path) == after
    assert survived < 12


def merge_and_die(path: Path, other: Path, seconds: float) -> bool:
    """Merge in a process that is killed after some time; say whether it had ended by then."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert status == 0 or os.WTERMSIG(status) == signal.SIGALRM
        return status == 0
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which kills
        signal.setitimer(signal.ITIMER_REAL, seconds)
        into(path, other)
        os._exit(0)
    finally:
        os._exit(1)


# -- an archive that is damaged, or was tampered with


def tamper(path: Path, *statements: str) -> None:
    """Change a file of an archive by hand, past its triggers."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_function("row_hash", -1, row_hash)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for sql in statements:
            connection.execute(sql)


def test_a_row_that_another_archive_says_is_ours_is_refused(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2)], "10")
    act(theirs, [Event(1, 1)], "10")
    ((own,),) = rows(ours, "SELECT value FROM meta WHERE key = 'archive_id'")
    columns = ", ".join(COLUMNS["requests"])
    forged = columns.replace("archive, number", f"'{own}', 2")
    tamper(
        pages_path(theirs),
        f"INSERT INTO requests SELECT {forged}, row_hash({forged}) FROM requests WHERE number = 1",  # noqa: S608 - our own names
    )
    before = told(ours)
    with pytest.raises(ArchiveError, match=r"row 2 of requests is said to be of our own archive"):
        into(ours, theirs)
    assert told(ours) == before


def test_evidence_is_taken_up_to_the_first_damaged_row_and_never_a_seal_over_it(
    ours: Path, theirs: Path
) -> None:
    act(theirs, [Event(0, 2), Event(6, 2)], "10")
    seal(theirs, NOW + 8 * HOUR)
    act(theirs, [Event(12, 2), Event(20, 2)], "10")
    seal(theirs, NOW + 30 * HOUR)
    tamper(pages_path(theirs), "UPDATE requests SET detail = 'x' WHERE number = 3")
    merged = into(ours, theirs)
    assert rows(pages_path(ours), "SELECT number FROM requests ORDER BY number") == [(1,), (2,)]
    assert rows(pages_path(ours), "SELECT number FROM seals") == [(1,)]
    assert {one.split(" of ")[0] for one in merged.left_out} == {"requests 3", "requests 4", "seals 2"} | {
        "fetches 3",
        "fetches 4",
    }
    assert verify(ours)["mismatch"] == 0


def test_a_removal_with_a_false_hash_removes_nothing(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2)], "10")
    act(theirs, [Event(0, 2)], "10")
    tamper(
        pages_path(theirs),
        "INSERT INTO removals SELECT archive, number, at, url, page, NULL, 'x', 'h' FROM requests",
    )
    merged = into(ours, theirs)
    assert merged.gone == ()
    assert len(merged.left_out) == 1
    assert rows(ours, "SELECT count(*) FROM articles") == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles SET body = 'كلام آخر'",
        "UPDATE revisions SET body = 'كلام آخر'",
        "UPDATE articles SET tags = 'notjson'",
        "UPDATE articles SET published = 'zzz'",
        "UPDATE articles SET date = '2024-3-1'",
        "UPDATE articles SET first_seen = '0'",
        "UPDATE articles SET source = 'nobody'",
        "UPDATE revisions SET seen_from = 'zzz'",
        "UPDATE sightings SET at = '2024-03-11T12:00:00'",
        "UPDATE sightings SET text = 'x'",
        "UPDATE sources SET timezone = 'No/Where'",
        "DELETE FROM sightings",
        "DELETE FROM addresses",
    ],
)
def test_an_article_with_a_damaged_row_is_left_out_and_ours_stays_as_it_was(
    ours: Path, theirs: Path, sql: str
) -> None:
    act(ours, [Event(0, 2)], "10")
    act(theirs, [Event(1, 2), Event(6, 2)], "10")
    tamper(theirs, sql)
    before = told(ours)
    merged = into(ours, theirs)
    after = told(ours)
    assert "articles 1" in merged.left_out
    assert (merged.new, merged.changed) == (0, 0)
    assert {name: after[name] for name in ("articles", "sightings", "revisions", "entries")} == {
        name: before[name] for name in ("articles", "sightings", "revisions", "entries")
    }
    assert verify(ours)["mismatch"] == 0


def test_two_texts_that_two_archives_saw_at_one_address_in_one_second_are_both_kept(
    ours: Path, theirs: Path
) -> None:
    for path, rules in ((ours, "1"), (theirs, "1")):
        act(path, [Event(0, 2)], rules)
    with Store.open(theirs, NOW) as store:
        see_other_text(store)
    kept = copy(ours, ours.parent / "kept.db")
    into(ours, theirs)
    into(theirs, kept)
    assert sorted(rows(ours, "SELECT body FROM articles UNION ALL SELECT body FROM revisions")) == sorted(
        [("الخبر كما كان 2",), ("نص آخر",)]
    )
    assert told(ours) == told(theirs)
    seal(ours, NOW + 50 * HOUR)
    assert verify(ours)["mismatch"] == 0


def see_other_text(store: Store) -> None:
    """Let a second text be what stood there in the second of the first."""
    made = Article(url="https://jisr.example/2", headline="عنوان 2", body="نص آخر", extractor="1")
    row = article_row(made, NOW, NOW)
    ((article, url),) = store.connection.execute("SELECT article, url FROM sightings").fetchall()
    page = store.pages.keep(b"<p>another</p>", source="jisr", now=NOW)
    with store.transaction():
        store.connection.execute("DELETE FROM sightings")
        store.connection.execute(INSERT_SIGHTING, (article, stamp(NOW), "ok", url, page, row["hash"]))
        derive(store.connection, article, {str(row["hash"]): {name: row[name] for name in RECORD}})


def test_an_archive_that_does_not_say_whose_it_is_is_refused_in_one_line(ours: Path, theirs: Path) -> None:
    tamper(theirs, "DELETE FROM meta WHERE key = 'archive_id'")
    with pytest.raises(ArchiveError, match=r"theirs\.db: does not say whose archive it is"):
        into(ours, theirs)


def test_a_removed_entry_has_no_guid_whichever_way_the_archives_merge(ours: Path, theirs: Path) -> None:
    act(ours, [Event(0, 2)], "10")
    act(theirs, [Event(0, 2), Event(1, 2, removes=True)], "10")
    kept = copy(ours, ours.parent / "kept.db")
    assert rows(ours, "SELECT guid FROM entries") == [("2",)]
    into(ours, theirs)
    into(theirs, kept)
    sql = "SELECT url, guid, state, content, link, feed, first_seen, attempts FROM entries ORDER BY url"
    assert rows(ours, sql) == rows(theirs, sql)
    assert set(rows(ours, "SELECT guid, state, content FROM entries")) == {(None, "removed", None)}


def test_a_removal_finds_the_feeds_text_that_a_merge_set_aside(ours: Path, theirs: Path) -> None:
    for path, hour, car in ((ours, 1, "الشاحنة"), (theirs, 0, "السيارة")):
        act(path, [Event(hour, 2)], "10")
        with Store.open(path, NOW) as store:
            text = f"<p>وقالت زمردية إنها رأت {car}.</p><p>الخبر كما كان <b>2</b></p>".encode()
            page = store.pages.keep(text, source="jisr", now=NOW)
            store.connection.execute("UPDATE entries SET content = ?", (page,))
    kept = copy(theirs, theirs.parent / "kept.db")
    for path, other in ((ours, kept), (theirs, ours)):
        into(path, other)
        remove(path, door(2, 0), "بطلب من صاحب الخبر", NOW + 50 * HOUR)
        with closing(sqlite3.connect(pages_path(path))) as pages:
            left = [read_page(pages, key) or b"" for (key,) in pages.execute("SELECT hash FROM pages")]
        assert not [page for page in left if "زمردية".encode() in page]
        assert verify(path)["mismatch"] == 0
