"""The archive: whole changes, one writer, one row an article, an index that never lies."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsarchive.archive import Archive, files
from newsarchive.archive.filing import article_of, keep_article
from newsarchive.archive.rows import Polled, Queued
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveError, LockedError
from newsarchive.models import Article, Entry, Fetched, Source

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def fetched(
    url: str, content: bytes = b"<p>x</p>", *, final_url: str | None = None, **headers: bytes
) -> Fetched:
    pairs = tuple((name.replace("_", "-").encode(), value) for name, value in headers.items())
    return Fetched(
        url=url,
        final_url=final_url or url,
        outcome="ok",
        status=200,
        headers=pairs,
        content=content,
        started_at=NOW,
    )


def article(
    url: str,
    headline: str = "عودة القطن إلى الخابور",
    body: str = "زرع الفلاحون القطن من جديد.",
    **more: object,
) -> Article:
    return replace(Article(url=url, headline=headline, body=body, extractor="1"), **more)  # type: ignore[arg-type]


def keep(
    store: Store,
    made: Article,
    *,
    asked: str | None = None,
    guid: str | None = None,
    final_url: str | None = None,
) -> tuple[int, bool]:
    """Send one article down the whole way: queue, page, record."""
    url = asked or made.url
    store.keep_sources([WADI], NOW)
    run = store.begin_run("1", NOW)
    queued = store.enqueue("wadi", Entry(url=url, headline=made.headline, guid=guid), NOW)
    answer = fetched(url, made.body.encode(), final_url=final_url)
    receipt = store.pages.keep_request(answer, source="wadi", kind="page")
    return keep_article(store, run, "wadi", queued, made, fetched=answer, receipt=receipt, now=NOW)


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, NOW) as opened:
        yield opened


# -- files


def test_a_new_archive_is_two_files_with_our_marks_that_others_cannot_read(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    for file, mark in ((path, files.APPLICATION_ID), (files.pages_path(path), files.PAGES_APPLICATION_ID)):
        assert rows(file, "PRAGMA application_id") == [(mark,)]
        assert rows(file, "PRAGMA user_version") == [(files._SCHEMAS[mark],)]
        assert rows(file, "PRAGMA journal_mode") == [("wal",)]
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert rows(path, "SELECT value FROM meta WHERE key = 'archive_id'") == rows(
        files.pages_path(path), "SELECT value FROM meta WHERE key = 'archive_id'"
    )


def test_after_a_run_no_write_ahead_log_is_left(path: Path) -> None:
    with Store.open(path, NOW) as store:
        keep(store, article("https://wadi.example/1"))
    assert sorted(file.name for file in path.parent.iterdir()) == ["news.db", "news.db.lock", "news.pages.db"]


def test_a_half_made_file_of_a_killed_first_run_is_replaced(path: Path) -> None:
    path.with_name("news.db.new").write_bytes(b"half")
    with Store.open(path, NOW) as store:
        assert keep(store, article("https://wadi.example/1"))[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<html>" * 40, "is no SQLite file"),
        (b"SQLite format 3\x00" + b"\x00" * 30, "is no SQLite file"),
    ],
)
def test_a_damaged_file_is_refused_and_not_touched(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=said), Store.open(path, NOW):
        pass
    with pytest.raises(ArchiveError, match=said):
        Archive(path)
    assert path.read_bytes() == content


def test_a_damaged_leaf_is_one_line_and_not_a_traceback(path: Path) -> None:
    with Store.open(path, NOW) as store:
        keep(store, article("https://wadi.example/1"))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(ArchiveError, match="damaged"), Archive(path) as archive:
        archive.search("القطن")


def test_another_program_s_database_is_refused_and_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="another program"), Store.open(path, NOW):
        pass
    assert path.read_bytes() == before


def test_an_archive_of_a_newer_version_is_refused(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {files.SCHEMA + 1}")
    with pytest.raises(ArchiveError, match="newer newsarchive"), Store.open(path, NOW):
        pass


def test_a_missing_archive_is_said_with_what_to_do(path: Path) -> None:
    with pytest.raises(ArchiveError, match="newsarchive fetch --db"):
        Archive(path)


def test_a_folder_or_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is a folder"):
        Archive(tmp_path)
    with pytest.raises(ArchiveError, match="does not exist"), Store.open(tmp_path / "none" / "news.db", NOW):
        pass


def test_an_archive_reads_from_a_folder_that_cannot_be_written_to(path: Path, tmp_path: Path) -> None:
    with Store.open(path, NOW) as store:
        keep(store, article("https://wadi.example/1"))
    path.with_name("news.db.lock").unlink()
    for file in tmp_path.iterdir():
        file.chmod(0o440)
    tmp_path.chmod(0o550)
    try:
        with Archive(path) as archive:
            assert len(archive.search("القطن")) == 1
    finally:
        tmp_path.chmod(0o750)


def test_pages_of_another_archive_are_refused(path: Path, tmp_path: Path) -> None:
    for name in ("news.db", "other.db"):
        with Store.open(tmp_path / name, NOW):
            pass
    files.pages_path(tmp_path / "other.db").replace(files.pages_path(path))
    with pytest.raises(ArchiveError, match="pages of another archive"), Store.open(path, NOW):
        pass


def test_lost_pages_are_not_replaced_in_silence(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    files.pages_path(path).unlink()
    with pytest.raises(ArchiveError, match="are missing"), Store.open(path, NOW):
        pass
    assert not files.pages_path(path).exists()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM meta WHERE key = 'pages_since'")
    with Store.open(path, NOW):
        pass
    assert files.pages_path(path).exists()


def test_reading_leaves_no_file_behind(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    with Archive(path) as archive:
        archive.count()
    assert sorted(file.name for file in path.parent.iterdir()) == ["news.db", "news.db.lock", "news.pages.db"]


def test_a_reader_can_change_nothing(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    with Archive(path) as archive, pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive._connection.execute("DELETE FROM meta")


def test_a_link_to_an_archive_is_that_archive(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with Store.open(path, NOW), pytest.raises(LockedError), Store.open(link, NOW):
        pass
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "link.db",
        "news.db",
        "news.db.lock",
        "news.pages.db",
    ]


def unclean(path: Path, headline: str, articles: int = 40) -> None:
    """Leave an archive as a killed run does: with a write-ahead log beside it."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[3]); from test_archive import *\n"
        "store = Store(Path(sys.argv[1]), NOW)\n"
        f"for n in range({articles}): keep(store, article(f'https://wadi.example/{{n}}', sys.argv[2] + str(n), 'نص ' * 300))\n"
        "os._exit(9)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(path), headline, str(Path(__file__).parent)], check=False, timeout=60
    )
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def test_a_killed_run_leaves_an_archive_that_opens_whole(path: Path) -> None:
    unclean(path, "خبر")
    with Store.open(path, NOW) as store:
        assert store.connection.execute("SELECT count(*) FROM articles").fetchone()[0] == 40


def test_an_old_log_beside_another_copy_is_refused_and_nothing_is_written(path: Path, tmp_path: Path) -> None:
    unclean(tmp_path / "old.db", "قديم", 200)
    with Store.open(path, NOW) as store:
        keep(store, article("https://wadi.example/1"))
    before = path.read_bytes()
    (tmp_path / "old.db-wal").replace(tmp_path / "news.db-wal")
    with pytest.raises(ArchiveError, match=r"belongs to another copy|damaged"), Store.open(path, LATER):
        pass
    assert path.read_bytes() == before


def test_a_log_without_its_database_is_no_new_archive(path: Path) -> None:
    path.with_name("news.db-wal").write_bytes(b"log")
    with pytest.raises(ArchiveError, match="without its database"), Store.open(path, NOW):
        pass
    assert not path.exists()


# -- one writer


def test_a_second_writer_is_told_who_holds_the_archive_and_since_when(path: Path) -> None:
    with Store.open(path, NOW), pytest.raises(LockedError) as caught, Store.open(path, LATER):
        pass
    assert f"process {os.getpid()} since 2024-03-11T12:00:00Z" in str(caught.value)


def test_a_lock_of_a_killed_process_holds_nobody_up(path: Path) -> None:
    hold = f"import sys; from pathlib import Path; from datetime import UTC, datetime; from newsarchive.archive.store import Store\nwith Store.open(Path({str(path)!r}), datetime.now(UTC)):\n    print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError), Store.open(path, NOW):
            pass
        holder.kill()
        holder.wait()
        with Store.open(path, NOW):
            pass


def test_readers_and_a_writer_do_not_lock_each_other_out(path: Path) -> None:
    with Store.open(path, NOW) as store:
        keep(store, article("https://wadi.example/1"))
        with Archive(path) as archive:
            assert archive.count() == 1
            keep(store, article("https://wadi.example/2", "خبر ثان"))
            assert archive.count() == 2


def test_a_run_that_never_ended_is_marked_killed_by_the_next(store: Store, path: Path) -> None:
    first = store.begin_run("1", NOW)
    second = store.begin_run("1", LATER)
    store.end_run(second, "done", {"articles_new": 3}, LATER)
    assert rows(path, "SELECT id, outcome, articles_new FROM runs") == [
        (first, "killed", 0),
        (second, "done", 3),
    ]


# -- the queue


def polled(
    *entries: Entry, etag: bytes = b'"1"', outcome: str = "ok", url: str = "https://wadi.example/feed"
) -> Polled:
    answer = fetched(url, b"feed", etag=etag)
    return Polled(
        url=url,
        kind="feed",
        outcome=outcome,
        fetched=answer,
        entries=tuple(("wadi", entry) for entry in entries),
        failures=0,
        next_check=LATER,
    )


def poll(store: Store, *entries: Entry, **more: object) -> int:
    store.keep_sources([WADI], NOW)
    asked = polled(*entries, **more)  # type: ignore[arg-type]
    receipt = store.pages.keep_request(asked.fetched, source="wadi", kind="feed")
    return store.keep_poll(store.begin_run("1", NOW), "wadi", asked, receipt, NOW)


def test_an_entry_is_queued_once_whatever_spelling_its_address_has(store: Store) -> None:
    assert poll(store, Entry(url="https://wadi.example/سوق?utm_source=rss")) == 1
    assert poll(store, Entry(url="https://WADI.example/%D8%B3%D9%88%D9%82#top")) == 0
    assert len(store.queued("wadi", NOW)) == 1


def test_a_changed_link_with_wordpress_s_number_of_the_article_is_the_same_entry(store: Store) -> None:
    assert (
        poll(store, Entry(url="https://wadi.example/old", guid="https://wadi.example/?p=7", headline="خبر"))
        == 1
    )
    assert (
        poll(
            store,
            Entry(url="https://wadi.example/new", guid="https://wadi.example/?p=7", headline="خبر معدل"),
        )
        == 0
    )


def test_a_guid_that_a_feed_gives_to_all_its_entries_loses_none(store: Store) -> None:
    assert (
        poll(
            store,
            Entry(url="https://wadi.example/1", guid="0"),
            Entry(url="https://wadi.example/2", guid="0"),
        )
        == 2
    )
    assert (
        poll(
            store,
            Entry(url="https://wadi.example/3", guid="0"),
            Entry(url="https://wadi.example/4", guid="0"),
        )
        == 2
    )


@pytest.mark.parametrize("guid", ["1", "https://wadi.example/", "https://wadi.example/0", "bulletin"])
def test_a_guid_that_is_used_again_with_another_link_loses_nothing(store: Store, guid: str) -> None:
    for n in range(3):
        assert poll(store, Entry(url=f"https://wadi.example/{n}", guid=guid, headline="نشرة الأخبار")) == 1
    assert len(store.queued("wadi", NOW)) == 3


def test_validators_are_kept_as_the_bytes_they_came_in_and_only_with_what_they_stand_for(
    store: Store,
) -> None:
    raw = 'W/"مهم,"'.encode()
    poll(store, Entry(url="https://wadi.example/1"), etag=raw)
    assert store.feed_states("wadi")["https://wadi.example/feed"].etag == raw
    poll(store, etag=b'"of an error page"', outcome="html")
    assert store.feed_states("wadi")["https://wadi.example/feed"].etag == raw


def test_the_feed_s_own_text_is_kept_in_the_pages_file_and_comes_back_with_the_entry(
    store: Store, path: Path
) -> None:
    poll(store, Entry(url="https://wadi.example/1", content="<p>نص كامل</p>"))
    queued = store.entry(*store.queued("wadi", NOW))
    assert queued.entry.content == "<p>نص كامل</p>"
    assert not [row for row in rows(path, "SELECT * FROM entries") if "<p>" in str(row)]


def test_validators_of_where_a_redirect_led_are_not_sent_to_the_address_that_redirected(store: Store) -> None:
    moved = replace(
        polled(),
        fetched=fetched(
            "https://wadi.example/feed", b"feed", final_url="https://wadi.example/new", etag=b'"1"'
        ),
    )
    store.keep_sources([WADI], NOW)
    receipt = store.pages.keep_request(moved.fetched, source="wadi", kind="feed")
    store.keep_poll(store.begin_run("1", NOW), "wadi", moved, receipt, NOW)
    assert store.feed_states("wadi")["https://wadi.example/feed"].etag is None


def test_an_entry_that_waits_for_years_is_of_a_wrong_clock_and_due(store: Store) -> None:
    poll(store, Entry(url="https://wadi.example/1"))
    store.connection.execute("UPDATE entries SET next_try = '2036-01-01T00:00:00Z'")
    assert len(store.queued("wadi", NOW)) == 1


def test_an_entry_is_due_when_its_time_has_come(store: Store) -> None:
    poll(store, Entry(url="https://wadi.example/1"))
    queued = store.entry(*store.queued("wadi", NOW))
    run = store.begin_run("1", NOW)
    answer = Fetched(url=queued.entry.url, final_url=queued.entry.url, outcome="timeout", started_at=NOW)

    def fail(row: Queued, next_try: datetime | None) -> None:
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        store.keep_failure(
            run,
            "wadi",
            row,
            answer,
            state="failed",
            outcome="timeout",
            detail="",
            next_try=next_try,
            receipt=receipt,
        )

    fail(queued, LATER)
    assert store.queued("wadi", NOW) == []
    again = store.entry(*store.queued("wadi", LATER))
    assert again.attempts == 1
    fail(again, None)
    assert store.queued("wadi", LATER + timedelta(days=999)) == []


def test_text_that_neither_sqlite_nor_utf_8_can_hold_is_scrubbed_and_stored(store: Store, path: Path) -> None:
    keep(store, article("https://wadi.example/1", "خبر\x00 \ud800 عاجل", byline="\udfff"))
    assert rows(path, "SELECT headline, byline FROM articles") == [("خبر ? عاجل", "?")]


# -- articles


def test_an_article_its_addresses_its_index_and_its_queue_row_come_together(store: Store, path: Path) -> None:
    key, new = keep(store, article("https://wadi.example/1"), guid="https://wadi.example/?p=1")
    assert new
    assert rows(path, "SELECT url FROM addresses WHERE article = ? ORDER BY url", key) == [
        ("https://wadi.example/1",),
        ("https://wadi.example/?p=1",),
    ]
    assert rows(path, "SELECT state, article, next_try FROM entries") == [("done", key, None)]
    assert rows(path, "SELECT count(*) FROM fetches") == [(1,)]


def test_a_failure_in_the_middle_leaves_nothing_behind(store: Store, path: Path) -> None:
    with pytest.raises(ArchiveError):
        keep(store, article("https://wadi.example/1", section=b"no text"))
    assert rows(path, "SELECT count(*) FROM articles") == [(0,)]
    assert rows(path, "SELECT state FROM entries") == [("waiting",)]


def test_one_article_at_two_addresses_is_one_row(store: Store) -> None:
    first, _ = keep(store, article("https://wadi.example/1"))
    second, new = keep(store, article("https://wadi.example/1"), asked="https://wadi.example/?p=1")
    assert (second, new) == (first, False)
    assert article_of(store, Entry(url="https://wadi.example/?p=1&utm_source=x")) == first


def test_a_canonical_link_that_all_pages_share_loses_no_article(store: Store, path: Path) -> None:
    same = "https://wadi.example/news"
    keep(store, article(same, "خبر أول", "نص أول."), asked="https://wadi.example/1")
    keep(store, article(same, "خبر ثان", "نص ثان."), asked="https://wadi.example/2")
    keep(store, article(same, "خبر ثالث", "نص ثالث."), asked="https://wadi.example/3")
    assert rows(path, "SELECT url FROM articles ORDER BY id") == [
        (same,),
        ("https://wadi.example/2",),
        ("https://wadi.example/3",),
    ]


def test_a_claimed_address_is_still_fetched_and_goes_to_whoever_is_there(store: Store, path: Path) -> None:
    keep(store, article("https://wadi.example/b", "خبر أول", "نص أول."), asked="https://wadi.example/a")
    assert article_of(store, Entry(url="https://wadi.example/b")) is None
    keep(store, article("https://wadi.example/b", "خبر ثان", "نص ثان."))
    assert rows(path, "SELECT headline, url FROM articles ORDER BY id") == [
        ("خبر أول", "https://wadi.example/a"),
        ("خبر ثان", "https://wadi.example/b"),
    ]


def test_an_address_that_waits_in_the_queue_is_no_other_article_s(store: Store, path: Path) -> None:
    poll(store, Entry(url="https://wadi.example/b"))
    keep(store, article("https://wadi.example/b", "خبر أول"), asked="https://wadi.example/a")
    assert rows(path, "SELECT url FROM articles") == [("https://wadi.example/a",)]


@pytest.mark.parametrize("twin", ["http://wadi.example/1", "https://wadi.example/1/"])
def test_the_same_place_under_another_scheme_or_slash_is_one_article(store: Store, twin: str) -> None:
    first, _ = keep(
        store,
        article("https://wadi.example/1", body="زرع الفلاحون القطن من جديد هذا العام.", date="2024-03-10"),
    )
    again = article(twin, body="زرع الفلاحون القطن من جديد هذا العام بعد المطر.", date="2024-03-10")
    assert keep(store, again) == (first, False)


def test_a_daily_bulletin_with_one_headline_is_as_many_articles_as_days(store: Store) -> None:
    series = "https://wadi.example/bulletin"
    kept = {
        keep(
            store,
            article(series, "نشرة الأخبار", f"أخبار اليوم {day}.", date=f"2024-03-0{day}"),
            asked=f"{series}/{day}",
        )[0]
        for day in (1, 2, 3)
    }
    assert len(kept) == 3


def test_the_same_text_on_the_same_day_in_one_source_is_one_article(store: Store) -> None:
    first, _ = keep(store, article("https://wadi.example/1", date="2024-03-10"))
    assert keep(store, article("https://wadi.example/copy", date="2024-03-10")) == (first, False)
    assert keep(store, article("https://wadi.example/later", date="2024-03-11"))[1]


def test_the_hash_tells_lede_and_body_apart(store: Store, path: Path) -> None:
    keep(store, article("https://wadi.example/1", lede="أول", body="ثان"))
    keep(store, article("https://wadi.example/2", body="أول\nثان"))
    first, second = rows(path, "SELECT hash FROM articles ORDER BY id")
    assert first != second
    text = '["عودة القطن إلى الخابور","أول","ثان"]'
    assert first == (hashlib.sha256(text.encode()).hexdigest(),)


def test_the_order_is_by_the_claimed_instant_else_noon_of_the_day_else_our_clock_and_never_in_the_future(
    store: Store, path: Path
) -> None:
    keep(store, article("https://wadi.example/1", published=NOW - timedelta(days=2), date="2024-03-09"))
    keep(store, article("https://wadi.example/2", date="2023-10-23"))
    keep(store, article("https://wadi.example/3"))
    keep(store, article("https://wadi.example/4", published=NOW + timedelta(days=900), date="2026-08-28"))
    assert rows(path, "SELECT sort_at, published FROM articles ORDER BY id") == [
        ("2024-03-09T12:00:00Z", "2024-03-09T12:00:00Z"),
        ("2023-10-23T12:00:00Z", None),
        ("2024-03-11T12:00:00Z", None),
        ("2024-03-11T12:00:00Z", "2026-08-28T12:00:00Z"),
    ]


def test_an_unchanged_source_is_not_written_again_and_a_changed_one_is(store: Store, path: Path) -> None:
    store.keep_sources([WADI], NOW)
    store.keep_sources([replace(WADI, name="بريد الوادي الجديد")], LATER)
    assert rows(path, "SELECT name, first_seen FROM sources") == [
        ("بريد الوادي الجديد", "2024-03-11T12:00:00Z")
    ]


# -- pages


def test_a_page_is_kept_once_byte_for_byte_however_often_it_comes(store: Store, path: Path) -> None:
    content = "<html>سوق</html>".encode("windows-1256") * 200
    for url in ("https://wadi.example/1", "https://wadi.example/2"):
        key = store.pages.keep_request(
            fetched(url, content, content_type=b"text/html"), source="wadi", kind="page"
        ).page
    assert key == hashlib.sha256(content).hexdigest()
    assert store.pages.read(key) == content
    pages = files.pages_path(path)
    assert rows(pages, "SELECT count(*) FROM pages") == [(1,)]
    assert rows(pages, "SELECT headers FROM requests") == [('[["content-type", "text/html"]]',)] * 2
    assert store.pages.read("0" * 64) is None


# -- the index


def terms(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, articles_fts, instance)")
    found = connection.execute("SELECT * FROM temp.vocabulary ORDER BY 1, 2, 3, 4").fetchall()
    connection.execute("DROP TABLE temp.vocabulary")
    return found


def test_the_index_equals_a_fresh_one_after_changes_and_deletions(store: Store) -> None:
    for n in range(4):
        keep(store, article(f"https://wadi.example/{n}", f"خبر {n} عن سوريا", "قال إن الإرهاب لم ينته."))
    connection = store.connection
    connection.execute("UPDATE articles SET body = 'نصّ جديد عن ١٢٠ عائلة' WHERE id = 1")
    connection.execute("UPDATE articles SET lede = 'مقدمة' WHERE id = 2")
    connection.execute("UPDATE articles SET byline = 'كاتب' WHERE id = 3")
    connection.execute("DELETE FROM articles WHERE id = 4")
    kept = terms(connection)
    connection.execute("UPDATE meta SET value = 'another' WHERE key = 'fold_version'")
    store._know_itself(NOW)
    assert terms(connection) == kept
    assert kept


def test_a_program_without_our_functions_cannot_change_an_article_behind_the_index(
    store: Store, path: Path
) -> None:
    keep(store, article("https://wadi.example/1"))
    with (
        closing(sqlite3.connect(path)) as other,
        pytest.raises(sqlite3.OperationalError, match="newsarchive_"),
    ):
        other.execute("DELETE FROM articles")
