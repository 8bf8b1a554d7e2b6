"""What is removed is gone from every byte of the archive, stays away, and leaves only hashes and a reason."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path
from newsarchive.archive.filing import keep_addresses
from newsarchive.archive.pages import read_page
from newsarchive.archive.removal import remove
from newsarchive.archive.sealing import seal
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.config import Config
from newsarchive.errors import ArchiveError, ConfigError
from newsarchive.jobs.add import add
from newsarchive.jobs.session import World
from newsarchive.jobs.update import update
from newsarchive.models import Entry, Source
from newsarchive.workers import Workers
from outlet import Answer, FakeOutlet, Outlets
from sealed import DAY, NOW, article, copy, edit, fetched, found, keep, mismatches

HEADLINE = "الشاهدة زمرّدة تتكلم"
LEDE = "كانت في قبو المخبز"
BODY = "قالت زمرّدة الحلواني إنها رأت الشاحنة.\nثم عادت إلى بيتها في حي الخشّابين."
LATER = "قالت السيدة ز. إنها رأت الشاحنة الزرقاء."
FEED = "نقلت زمرّدة عن جارتها قنبيزة"
DOOMED = "https://wadi.example/doomed"
TELLING = (HEADLINE, LEDE, *BODY.split("\n"), LATER, FEED, "زمرّدة", "زمرده", "الحلواني", "الخشّابين", "قنبيزة")


def around(number: int) -> str:
    return " ".join(f"ذهب المزارع رقم {number} إلى الحقل {line} وعاد مساء." for line in range(40))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which the doomed article lies amid others: edited, fed whole, and the one that others are packed with."""
    path = tmp_path_factory.mktemp("built") / "news.db"
    with Store.open(path, NOW) as store:
        doomed = article(DOOMED, HEADLINE, BODY, lede=LEDE, byline="زمرّدة", section="شهادات")
        entry = Entry(
            url=DOOMED, headline=HEADLINE, guid="https://wadi.example/?p=7", content=FEED, summary=LEDE
        )
        key = keep(store, doomed, entry=entry)
        for number in range(30):
            keep(store, article(f"https://wadi.example/{number}", f"خبر الحقل {number}", around(number)))
        edit(store, key, replace(doomed, body=LATER), at=NOW + timedelta(hours=3))
        with store.transaction():
            keep_addresses(store, key, ["https://wadi.example/moved"], "reached")
            keep_addresses(store, key, ["https://wadi.example/claimed"], "stated")
        stray(store)
    seal(path, NOW)
    return path


@pytest.fixture
def db(built: Path, tmp_path: Path) -> Path:
    return copy(built, tmp_path)


def stray(store: Store) -> None:
    """Let another address lead to the doomed page, and be no article."""
    run = store.begin_run("1", NOW)
    queued = store.enqueue("wadi", Entry(url="https://wadi.example/stray"), NOW)
    answer = fetched("https://wadi.example/stray", f"{HEADLINE} {BODY} إعلان", final_url=DOOMED)
    receipt = store.pages.keep_request(answer, source="wadi", kind="page")
    why = {"state": "rejected", "outcome": "redirected", "detail": "", "next_try": None}
    store.keep_failure(run, "wadi", queued, answer, receipt=receipt, **why)  # type: ignore[arg-type]


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def traces(path: Path) -> list[tuple[str, str]]:
    """Return where anything of the doomed article stands: in the files' bytes, and in the pages when they are unpacked."""
    contents = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with closing(sqlite3.connect(pages_path(path))) as connection:
        for (key,) in connection.execute("SELECT hash FROM pages"):
            contents[key] = read_page(connection, key) or b""
    return [
        (name, word) for name, content in contents.items() for word in TELLING if word.encode() in content
    ]


def test_no_byte_of_it_is_left_in_any_file(db: Path) -> None:
    assert {name for name, _ in traces(db)} >= {"news.db"}
    removed = remove(db, DOOMED, "طلب الشاهدة", NOW + DAY)
    assert removed is not None
    assert (removed.articles, removed.texts, removed.pages) == (1, 2, 4)
    assert traces(db) == []


def test_copies_that_earlier_runs_left_in_free_space_are_gone_too(db: Path) -> None:
    freed = {
        db: ("INSERT INTO hosts (host, robots) VALUES (?, ?)", "DELETE FROM hosts WHERE host = ?"),
        pages_path(db): ("INSERT INTO meta VALUES (?, ?)", "DELETE FROM meta WHERE key = ?"),
    }
    for file, (insert, delete) in freed.items():
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("PRAGMA secure_delete = OFF")
            connection.execute(insert, (HEADLINE, BODY))
            connection.execute(delete, (HEADLINE,))
    assert {name for name, _ in traces(db)} >= {"news.db", "news.pages.db"}
    remove(db, DOOMED, "محكمة", NOW + DAY)
    assert traces(db) == []


def test_all_else_stays_and_can_be_found_and_read(db: Path) -> None:
    remove(db, DOOMED, "طلب الشاهدة", NOW + DAY)
    with Archive(db) as archive:
        assert archive.count() == 30
        assert len(archive.search("المزارع", limit=100)) == 30
        assert archive.search("مساء خبر", limit=1) != ()
        assert archive.search("زمرده") == archive.search("زمردة") == ()
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, 'row')")
        assert connection.execute(
            "SELECT count(*) FROM words WHERE term IN ('زمرده', 'حلواني')"
        ).fetchone() == (0,)
    assert len(rows(pages_path(db), "SELECT hash FROM pages")) == 30
    assert mismatches(db) == []


@pytest.mark.parametrize("index", ["articles_fts", "articles_stems"])
def test_no_older_segment_of_an_index_holds_the_words(db: Path, index: str) -> None:
    def blobs() -> bytes:
        return b"".join(block for (block,) in rows(db, f"SELECT block FROM {index}_data"))  # noqa: S608 - our own names

    tail = "مرده".encode()  # of زمرده: a term is stored without what it shares with the one before
    assert tail in blobs()
    remove(db, DOOMED, "طلب الشاهدة", NOW + DAY)
    assert tail not in blobs()


def test_verify_says_removed_and_the_hashes_and_the_reason_stay(db: Path) -> None:
    remove(db, DOOMED, "طلب الشاهدة", NOW + DAY)
    verdicts = [finding.verdict for finding in found(db)]
    assert verdicts == ["removed"] * 6
    seal(db, NOW + DAY)
    assert verify(db)["unverifiable"] == 0
    told = rows(pages_path(db), "SELECT page, text, reason FROM removals")
    assert {reason for *_, reason in told} == {"طلب الشاهدة"}
    asked = rows(pages_path(db), "SELECT page FROM requests WHERE ? IN (url, final_url)", DOOMED)
    assert {page for (page,) in asked} <= {page for page, *_ in told}


@pytest.mark.parametrize(
    "address",
    [
        "https://wadi.example/moved",
        "http://www.wadi.example/doomed/",
        "https://wadi.example/?p=7",
        "https://wadi.example/claimed",
    ],
)
def test_any_of_its_addresses_names_it(db: Path, address: str) -> None:
    removed = remove(db, address, "محكمة", NOW + DAY)
    assert removed is not None
    assert traces(db) == []


def test_what_only_claims_an_address_does_not_bar_it(db: Path) -> None:
    remove(db, DOOMED, "محكمة", NOW + DAY)
    barred = rows(db, "SELECT url FROM entries WHERE state = 'removed' ORDER BY url")
    assert barred == [("https://wadi.example/?p=7",), (DOOMED,), ("https://wadi.example/moved",)]


@pytest.mark.parametrize("reason", ["", " \t"])
def test_a_removal_without_a_reason_is_refused(db: Path, reason: str) -> None:
    with pytest.raises(ConfigError, match="reason is empty"):
        remove(db, DOOMED, reason, NOW + DAY)
    done = run("remove", DOOMED, "--reason", reason, db=db)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert rows(db, "SELECT count(*) FROM articles WHERE headline = ?", HEADLINE) == [(1,)]


def test_an_unknown_address_removes_nothing(db: Path) -> None:
    before = [file.read_bytes() for file in (db, pages_path(db))]
    assert remove(db, "https://wadi.example/nowhere", "x", NOW) is None
    assert [file.read_bytes() for file in (db, pages_path(db))] == before


def test_a_page_that_is_no_article_is_removed_by_its_entry_and_not_another_articles_page(db: Path) -> None:
    removed = remove(db, "https://wadi.example/stray", "محكمة", NOW + DAY)
    assert removed is not None
    assert (removed.articles, removed.pages) == (0, 1)
    with Archive(db) as archive:
        assert archive.article(DOOMED) is not None
    assert mismatches(db) == []


def test_a_page_that_belongs_to_another_article_too_is_left_to_it(db: Path) -> None:
    with Store.open(db, NOW) as store:
        run = store.begin_run("1", NOW)
        queued = store.enqueue("wadi", Entry(url="https://wadi.example/away"), NOW)
        answer = fetched(
            "https://wadi.example/away", f"خبر الحقل 5 {around(5)}", final_url="https://wadi.example/5"
        )
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        why = {"state": "rejected", "outcome": "redirected", "detail": "", "next_try": None}
        store.keep_failure(run, "wadi", queued, answer, receipt=receipt, **why)  # type: ignore[arg-type]
    removed = remove(db, "https://wadi.example/away", "محكمة", NOW + DAY)
    assert removed is not None
    assert removed.pages == 0
    assert mismatches(db) == []


@pytest.mark.parametrize(
    ("trigger", "in_pages"),
    [
        ("CREATE TRIGGER killed BEFORE INSERT ON removals WHEN new.number = 3", True),
        ("CREATE TRIGGER killed BEFORE DELETE ON articles", False),
        ("CREATE TRIGGER killed BEFORE DELETE ON pages", True),
    ],
    ids=["at the third tombstone", "before the rows", "before the bytes"],
)
def test_stopped_anywhere_the_same_command_finishes(db: Path, trigger: str, in_pages: bool) -> None:  # noqa: FBT001 - of a table of cases
    file = pages_path(db) if in_pages else db
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'killed'); END")
    with pytest.raises(ArchiveError, match="killed"):
        remove(db, DOOMED, "محكمة", NOW + DAY)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TRIGGER killed")
    assert mismatches(db) == []
    assert remove(db, DOOMED, "محكمة", NOW + DAY) is not None
    assert traces(db) == []
    assert len(rows(pages_path(db), "SELECT hash FROM removals")) == 6


def test_a_reader_that_keeps_the_log_from_being_emptied_is_told_of(db: Path) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with pytest.raises(ArchiveError, match="another program reads the archive"):
            remove(db, DOOMED, "محكمة", NOW + DAY, patience=0.05)
    again = remove(db, DOOMED, "محكمة", NOW + DAY)
    assert again is not None
    assert again.summary() == "removed already (محكمة)"
    assert traces(db) == []


# -- it does not come back


async def no_sleep(_: float) -> None:
    return


SOURCE = Source(key="wadi", name="بريد الوادي", feeds=("https://wadi.example/feed",))
CONFIG = Config(path=Path("feeds.toml"), sources=(SOURCE,))


PARSERS = Workers()


@pytest.fixture(scope="module", autouse=True)
def _parsers_end() -> Iterator[None]:
    with PARSERS:
        yield


def world(outlet: FakeOutlet, days: float) -> World:
    transport = Outlets(outlet)
    return World(now=lambda: NOW + timedelta(days=days), sleep=no_sleep, transport=transport, workers=PARSERS)


def fetch(path: Path, outlet: FakeOutlet, *, days: float) -> None:
    update(path, CONFIG, CONFIG.sources, force=True, world=world(outlet, days))


@pytest.fixture
def outlet() -> FakeOutlet:
    one = FakeOutlet(base="https://wadi.example")
    one.publish(
        "/doomed", "الشاهدة زمرّدة تتكلم", body=BODY + "\n" + "وأضافت أن الطريق كان مغلقاً أمام السيارات."
    )
    one.publish("/other", "عودة القطن إلى الخابور")
    return one


@pytest.fixture
def removed(tmp_path: Path, outlet: FakeOutlet) -> Path:
    path = tmp_path / "news.db"
    fetch(path, outlet, days=0)
    assert remove(path, DOOMED, "محكمة", NOW) is not None
    return path


def test_a_removed_address_is_asked_neither_by_fetch_nor_by_add(removed: Path, outlet: FakeOutlet) -> None:
    asked = outlet.asked("/doomed")
    fetch(removed, outlet, days=3)
    (one,) = add(removed, CONFIG, [DOOMED], world=world(outlet, 4))
    (twin,) = add(removed, CONFIG, ["http://www.wadi.example/doomed/"], world=world(outlet, 5))
    assert [(each.outcome.slug, each.outcome.detail) for each in (one, twin)] == [("removed", "محكمة")] * 2
    assert outlet.asked("/doomed") == asked
    assert traces(removed) == []


def test_a_redirect_to_a_removed_address_does_not_bring_it_back(removed: Path, outlet: FakeOutlet) -> None:
    outlet.stories["/doomed"]["body"] += "\nوقالت زمرّدة إنها لا تخاف."
    outlet.answers["/way"] = Answer(status=301, headers=(("Location", DOOMED),))
    outlet.answers["/pictures"] = Answer(status=301, headers=(("Location", DOOMED),))
    (one,) = add(removed, CONFIG, ["https://wadi.example/way"], world=world(outlet, 3))
    outlet.stories["/doomed"]["body"] = ""
    (other,) = add(removed, CONFIG, ["https://wadi.example/pictures"], world=world(outlet, 4))
    assert [each.outcome.slug for each in (one, other)] == ["removed"] * 2
    assert traces(removed) == []
    seal(removed, NOW + 9 * DAY)
    assert (mismatches(removed), verify(removed)["unverifiable"]) == ([], 0)


def test_a_page_that_stands_at_a_removed_address_now_is_left_to_the_article_that_has_it(
    removed: Path, outlet: FakeOutlet
) -> None:
    outlet.answers["/doomed"] = Answer(
        content=outlet.page("/other").encode(), headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    outlet.answers["/way"] = Answer(status=301, headers=(("Location", DOOMED),))
    (one,) = add(removed, CONFIG, ["https://wadi.example/way"], world=world(outlet, 3))
    assert one.outcome.slug == "removed"
    seal(removed, NOW + 9 * DAY)
    assert (mismatches(removed), verify(removed)["unverifiable"]) == ([], 0)
    with closing(sqlite3.connect(pages_path(removed))) as connection:
        ((page,),) = rows(removed, "SELECT page FROM articles")
        assert read_page(connection, str(page)) == outlet.page("/other").encode()


def test_an_entry_that_was_never_fetched_is_removed_too(db: Path) -> None:
    with Store.open(db, NOW) as store:
        store.enqueue("wadi", Entry(url="https://wadi.example/waiting", headline="خبر لم يجلب"), NOW)
    removed = remove(db, "https://wadi.example/waiting", "محكمة", NOW)
    assert removed is not None
    assert removed.summary().startswith("removed 0 articles, 0 texts, 0 pages;")
    assert "خبر لم يجلب".encode() not in db.read_bytes()
    assert rows(pages_path(db), "SELECT url, page, text, reason FROM removals") == [
        ("https://wadi.example/waiting", None, None, "محكمة")
    ]


def test_bytes_that_were_removed_are_not_kept_again(removed: Path, outlet: FakeOutlet) -> None:
    outlet.publish("/picture", "صورة اليوم", body="")
    add(removed, CONFIG, ["https://wadi.example/picture"], world=world(outlet, 3))
    content = outlet.page("/picture").encode()
    assert remove(removed, "https://wadi.example/picture", "حق الصورة", NOW + 3 * DAY) is not None
    outlet.answers["/again"] = Answer(
        content=content, headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    (one,) = add(removed, CONFIG, ["https://wadi.example/again"], world=world(outlet, 4))
    assert (one.outcome.slug, one.outcome.detail) == ("removed", "حق الصورة")
    with Store.open(removed, NOW + 5 * DAY) as store:
        key = store.pages.keep(content, source="wadi", now=NOW + 5 * DAY)
        assert store.pages.read(key) is None


def test_the_same_page_or_text_at_another_address_does_not_bring_it_back(
    removed: Path, outlet: FakeOutlet
) -> None:
    outlet.publish("/copy", **{**outlet.stories["/doomed"], "at": None, "canonical": DOOMED})  # type: ignore[arg-type]
    outlet.publish("/moved", outlet.stories["/doomed"]["headline"], body=outlet.stories["/doomed"]["body"])
    outlet.answers["/bytes"] = Answer(
        content=outlet.page("/doomed").encode(), headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    urls = [f"https://wadi.example/{path}" for path in ("copy", "moved", "bytes")]
    assert [one.outcome.slug for one in add(removed, CONFIG, urls, world=world(outlet, 3))] == ["removed"] * 3
    assert rows(removed, "SELECT headline FROM articles") == [("عودة القطن إلى الخابور",)]
    assert rows(pages_path(removed), "SELECT count(*) FROM pages") == [(1,)]
    fetch(removed, outlet, days=4)
    assert rows(removed, "SELECT count(*) FROM articles") == [(1,)]
    seal(removed, NOW + 9 * DAY)
    assert (mismatches(removed), verify(removed)["unverifiable"]) == ([], 0)


# -- the command line


def run(*args: str, db: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsarchive", *args, "--db", str(db)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ}
    )


def test_remove_says_what_it_did_and_show_says_removed(db: Path) -> None:
    done = run("remove", "https://wadi.example/nowhere", "--reason", "محكمة", db=db)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing is known of https://wadi.example/nowhere" in done.stderr
    done = run("remove", DOOMED, "--reason", "محكمة", db=db)
    assert done.returncode == 0
    assert done.stdout.startswith("removed 1 article, 2 texts, 4 pages;")
    done = run("show", DOOMED, db=db)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"newsarchive: removed: {DOOMED} (محكمة)\n"
