"""What was fetched is sealed, and whatever is changed afterwards is found and named."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsarchive.archive.evidence import Table, row_hash
from newsarchive.archive.files import pages_path
from newsarchive.archive.sealing import seal, seal_line, seals_path
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.config import Config
from newsarchive.errors import ArchiveError
from newsarchive.jobs.session import World
from newsarchive.jobs.update import update
from newsarchive.models import Source
from outlet import FakeOutlet, Outlets
from sealed import DAY, NOW, article, build, copy, edit, fetched, found, keep, mismatches, tamper

COUNTED = ("requests", "texts", "removals", "seals")
PAGES_TABLES = (*COUNTED, "pages")
TABLES = (*PAGES_TABLES, "fetches", "articles", "revisions")
TEXT = {"headline", "lede", "body", "page", "hash", "url", "extractor"}  # of an article, what a seal covers
NOT_COVERED = {
    ("fetches", "id"),  # a number within this file
    ("fetches", "run"),  # the same; only that there is such a run
    ("pages", "source"),  # of the first request that brought the page, which is in `requests`
    ("pages", "first_seen"),  # the same
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "news.db"
    build(path)
    return path


@pytest.fixture
def db(built: Path, tmp_path: Path) -> Path:
    return copy(built, tmp_path)


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def covered(path: Path) -> list[tuple[str, str]]:
    columns = [
        (table, row[1])
        for table in TABLES
        for row in rows(pages_path(path) if table in PAGES_TABLES else path, f"PRAGMA table_info({table})")
        if table not in {"articles", "revisions"} or row[1] in TEXT
    ]
    return [(table, str(name)) for table, name in columns if (table, str(name)) not in NOT_COVERED]


def flipped(value: object) -> object:
    """Change the lowest bit of the last byte; what was absent is there."""
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, str) and value:
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    return value + 1 if isinstance(value, int | float) else 1 if value is None else "x"


# -- what is found


def test_an_archive_that_nobody_changed_is_ok_and_what_was_removed_is_said(db: Path) -> None:
    counts = verify(db)
    assert (counts["mismatch"], counts["unverifiable"]) == (0, 0)
    assert counts["ok"] > 30
    assert [finding.line() for finding in found(db)] == [
        f"removed: removals {number} https://wadi.example/3: طلب الشاهد" for number in (1, 2)
    ]


def flip(path: Path, table: str, column: str) -> None:
    """Change one value of a table's last row: a number that counts up has room there."""
    key = "number" if table in COUNTED else "rowid"

    def change(connection: sqlite3.Connection) -> None:
        sql = f"SELECT {key}, {column} FROM {table} ORDER BY {key} DESC LIMIT 1"  # noqa: S608 - names of our own tables
        chosen, value = connection.execute(sql).fetchone()
        sql = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"  # noqa: S608 - the same
        connection.execute(sql, (flipped(value), chosen))

    tamper(path, change, pages=table in PAGES_TABLES)


def test_one_changed_value_in_any_column_is_found_and_its_table_is_named(built: Path, tmp_path: Path) -> None:
    missed = []
    for table, column in covered(built):
        path = copy(built, tmp_path)
        flip(path, table, column)
        if not any(finding.verdict == "mismatch" and finding.table == table for finding in found(path)):
            missed.append((table, column))
    assert missed == []


def test_bytes_that_are_no_text_any_more_are_found_and_hide_nothing_else(db: Path) -> None:
    tamper(db, lambda c: c.execute("UPDATE fetches SET archive = CAST(x'ff' AS TEXT) WHERE id = 1"))
    tamper(db, lambda c: c.execute("UPDATE articles SET body = CAST(x'd8ff' AS TEXT) WHERE id = 1"))
    tamper(
        db, lambda c: c.execute("UPDATE requests SET url = CAST(x'ff' AS TEXT) WHERE number = 1"), pages=True
    )
    tables = {line.split()[1] for line in mismatches(db)}
    assert tables >= {"fetches", "articles", "requests"}
    tamper(db, lambda c: c.execute("UPDATE fetches SET outcome = 'gone' WHERE id = 3"))
    assert any(line.startswith("mismatch: fetches 3 ") for line in mismatches(db))


def test_one_flipped_byte_in_the_seal_file_is_found(db: Path) -> None:
    file = seals_path(db)
    whole = file.read_bytes()
    line = whole.index(b"\n") + 1
    missed = []
    for at in range(line):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        if not any(finding.table == file.name and finding.verdict == "mismatch" for finding in found(db)):
            missed.append(at)
    assert missed == []


def test_damage_anywhere_in_the_files_ends_in_lines_and_never_in_a_traceback(
    built: Path, tmp_path: Path
) -> None:
    for at in range(48):
        path = copy(built, tmp_path)
        file = path if at % 2 else pages_path(path)
        content = bytearray(file.read_bytes())
        start = 100 + at * (len(content) - 200) // 48
        content[start : start + 40] = b"\xa5" * 40
        file.write_bytes(content)
        try:
            verify(path)
        except ArchiveError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either way is right


def test_rows_cut_from_the_end_are_found_through_the_seal_file(db: Path) -> None:
    def cut(connection: sqlite3.Connection) -> None:
        upto = connection.execute("SELECT requests, texts, removals FROM seals WHERE number = 1").fetchone()
        for table, number in zip(("requests", "texts", "removals", "seals"), (*upto, 1), strict=True):
            connection.execute(f"DELETE FROM {table} WHERE number > ?", (number,))  # noqa: S608 - names of our own tables

    tamper(db, cut, pages=True)
    tamper(db, lambda c: c.execute("DELETE FROM fetches WHERE url = 'https://wadi.example/3'"))
    lines = mismatches(db)
    assert [line.split(": ")[1] for line in lines] == ["news.seals.txt line 2", "news.seals.txt line 3"]


def test_a_chain_that_was_written_anew_is_found_through_the_seal_file(db: Path) -> None:
    tamper(
        db,
        lambda c: [c.execute("DELETE FROM seals"), c.execute("UPDATE requests SET peer = NULL")],
        pages=True,
    )
    file = seals_path(db)
    told = file.read_bytes()
    seal(db, NOW + 3 * DAY)
    file.write_bytes(told)
    assert any(line.startswith("mismatch: news.seals.txt line 1") for line in mismatches(db))


def rehashed(connection: sqlite3.Connection, table: Table, number: int) -> None:
    """Give a row the hash of what it says now, as a forger would."""
    row = connection.execute(f"SELECT * FROM {table} WHERE number = ?", (number,)).fetchone()  # noqa: S608 - names of our own tables
    sql = f"UPDATE {table} SET hash = ? WHERE number = ?"  # noqa: S608 - the same
    connection.execute(sql, (row_hash(*row[:-1]), number))


def test_a_row_that_was_changed_together_with_its_hash_is_found_through_its_seal(db: Path) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE requests SET peer = '192.0.2.9' WHERE number = 2")
        rehashed(connection, "requests", 2)

    tamper(db, forge, pages=True)
    (line,) = mismatches(db)
    assert line.startswith(
        "mismatch: seals 1: rows that it covers were changed, added or taken out: requests 1 to 5"
    )


def test_a_seal_that_was_changed_together_with_its_hash_is_found_through_the_next(db: Path) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE seals SET at = '2023-03-11T12:00:00Z' WHERE number = 1")
        rehashed(connection, "seals", 1)

    tamper(db, forge, pages=True)
    assert "mismatch: seals 2: does not follow the seal before it" in mismatches(db)


def test_rows_that_are_missing_are_named(db: Path) -> None:
    tamper(db, lambda c: c.execute("DELETE FROM requests WHERE number = 2"), pages=True)
    tamper(db, lambda c: c.execute("DELETE FROM fetches WHERE number = 3"))
    lines = mismatches(db)
    assert "mismatch: requests 2: missing" in lines
    assert "mismatch: requests 3: its row of fetches is missing" in lines
    assert any("row 2 of requests is missing" in line for line in lines)


def test_an_article_that_is_missing_or_was_written_anew_with_its_hash_is_named(db: Path) -> None:
    tamper(db, lambda c: c.execute("DELETE FROM articles WHERE id = 2"))
    assert any(line.startswith("mismatch: texts") and "/2: the text" in line for line in mismatches(db))

    def forge(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE articles SET hash = (SELECT hash FROM revisions), body = (SELECT body FROM revisions)"
        )

    tamper(db, forge)
    assert any(
        line == "mismatch: articles 1 https://wadi.example/1: is not what was sealed"
        for line in mismatches(db)
    )


def test_a_page_that_is_missing_is_named_with_its_address(db: Path) -> None:
    tamper(
        db,
        lambda c: c.execute(
            "DELETE FROM pages WHERE hash = (SELECT page FROM requests WHERE url LIKE '%/2')"
        ),
        pages=True,
    )
    lines = mismatches(db)
    assert any(line.startswith("mismatch: requests") and "example/2: its page" in line for line in lines)
    assert any(line.startswith("mismatch: articles 2 ") for line in lines)


def test_without_the_pages_file_it_says_so_and_calls_nothing_ok(db: Path) -> None:
    pages_path(db).unlink()
    assert mismatches(db) == ["mismatch: news.pages.db: missing; put it back beside the archive"]
    assert verify(db) == {"ok": 0, "mismatch": 1, "removed": 0, "unverifiable": 3}
    tamper(db, lambda c: c.execute("UPDATE articles SET body = 'آخر' WHERE id = 2"))
    assert any(line.startswith("mismatch: articles 2 ") for line in mismatches(db))


def test_the_pages_of_another_archive_are_called_so(db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with Store.open(other / "news.db", NOW):
        pass
    shutil.copyfile(other / "news.pages.db", pages_path(db))
    assert mismatches(db) == ["mismatch: news.pages.db: holds the pages of another archive"]


def test_since_leaves_out_what_is_older_but_not_the_chain(db: Path) -> None:
    tamper(db, lambda c: c.execute("UPDATE fetches SET outcome = 'gone' WHERE id = 1"))
    assert [finding.verdict for finding in found(db, since=date(2024, 3, 12))] == ["removed", "removed"]
    tamper(
        db, lambda c: c.execute("UPDATE seals SET at = '2024-03-11T12:00:01Z' WHERE number = 1"), pages=True
    )
    assert any(finding.table == "seals" for finding in found(db, since=date(2024, 3, 12)))


# -- what cannot be verified is not called ok


def test_what_came_after_the_last_seal_is_not_verifiable_yet(db: Path) -> None:
    with Store.open(db, NOW + 3 * DAY) as store:
        keep(store, article("https://wadi.example/4", "سوق الجمعة", "فتح السوق."), at=NOW + 3 * DAY)
        answer = article("https://wadi.example/2", "مكتبة في السويداء", "أغلقت المكتبة أبوابها.")
        edit(store, 2, answer, at=NOW + 3 * DAY)
    told = {finding.table: finding for finding in found(db) if finding.verdict == "unverifiable"}
    assert mismatches(db) == []
    assert {(table, finding.count) for table, finding in told.items()} == {
        ("requests", 2),
        ("fetches", 2),
        ("articles", 2),
        ("sightings", 2),
    }
    assert told["requests"].line() == (
        "unverifiable: requests 7 https://wadi.example/4: not sealed yet (this and 1 more)"
    )
    seal(db, NOW + 3 * DAY)
    assert verify(db)["unverifiable"] == 0


def test_a_request_from_before_evidence_was_kept_is_not_called_ok(db: Path) -> None:
    tamper(db, lambda c: c.execute("UPDATE fetches SET number = NULL WHERE id = 1"))
    tamper(db, lambda c: c.execute("UPDATE fetches SET archive = 'x' WHERE id = 1"))
    assert any(finding.detail == "made before evidence was kept" for finding in found(db))


def test_an_archive_of_an_older_schema_is_one_line_that_says_what_to_do(db: Path) -> None:
    tamper(db, lambda c: c.execute("PRAGMA user_version = 1"))
    with pytest.raises(ArchiveError, match=r"older newsarchive .*`newsarchive seal"):
        verify(db)


def test_a_page_that_was_read_anew_is_ok_once_that_is_sealed(db: Path) -> None:
    with Store.open(db, NOW + 3 * DAY) as store, store.transaction():
        new = article("https://wadi.example/2", "مكتبة في السويداء", "فتحت المكتبة أبوابها للقراء.")
        reread(store, 2, new)
    assert {finding.verdict for finding in found(db)} == {"removed", "unverifiable"}
    seal(db, NOW + 3 * DAY)
    assert {finding.verdict for finding in found(db)} == {"removed"}


def reread(store: Store, key: int, made: object) -> None:
    """Store a new reading of a page, as better rules would."""
    from newsarchive.archive.derive import derive  # noqa: PLC0415 - only here
    from newsarchive.archive.rows import RECORD, article_row  # noqa: PLC0415 - only here

    row = article_row(made, NOW, NOW)  # type: ignore[arg-type]
    store.connection.execute("UPDATE sightings SET text = ? WHERE article = ?", (row["hash"], key))
    derive(store.connection, key, {str(row["hash"]): {name: row[name] for name in RECORD}})


# -- sealing


def test_nothing_new_makes_no_seal(db: Path) -> None:
    before = seals_path(db).read_bytes()
    assert seal(db, NOW + 5 * DAY) is None
    assert seals_path(db).read_bytes() == before


def test_a_seal_without_an_archive_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        seal(tmp_path / "none.db", NOW)


@pytest.mark.parametrize("left", [0, 1, 70, -1], ids=["none", "one byte", "half", "all but its end"])
def test_a_line_that_a_crash_kept_back_is_no_alarm_and_the_next_seal_writes_it(db: Path, left: int) -> None:
    file = seals_path(db)
    whole = file.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    file.write_bytes(whole[: last + left] if left >= 0 else whole[:-1])
    assert mismatches(db) == []
    assert verify(db)["unverifiable"] > 0
    assert seal(db, NOW + 3 * DAY) is None
    assert file.read_bytes() == whole
    with Store.open(db, NOW + 3 * DAY) as store:
        keep(store, article("https://wadi.example/4", "سوق الجمعة", "فتح السوق."), at=NOW + 3 * DAY)
    seal(db, NOW + 3 * DAY)
    assert file.read_bytes().startswith(whole)
    assert file.read_bytes().count(b"\n") == 4
    assert (mismatches(db), verify(db)["unverifiable"]) == ([], 0)


def test_a_request_that_a_killed_run_did_not_note_gets_its_row(db: Path) -> None:
    with Store.open(db, NOW + 3 * DAY) as store:
        answer = fetched("https://wadi.example/5", "نص", at=NOW + 3 * DAY, final_url="https://wadi.example/6")
        number = store.pages.keep_request(answer, source="wadi", kind="page").number
    assert mismatches(db) == []
    seal(db, NOW + 3 * DAY)
    assert rows(db, "SELECT run, final_url, seconds FROM fetches WHERE number = ?", number) == [
        (None, "https://wadi.example/6", 0.25)
    ]
    assert mismatches(db) == []


def test_a_request_that_had_no_number_yet_keeps_its_row(db: Path) -> None:
    with Store.open(db, NOW + 3 * DAY) as store:
        keep(store, article("https://wadi.example/4", "سوق الجمعة", "فتح السوق."), at=NOW + 3 * DAY)
    (key, number), *_ = rows(db, "SELECT id, number FROM fetches ORDER BY id DESC LIMIT 1")
    tamper(db, lambda c: c.execute("UPDATE fetches SET number = NULL WHERE id = ?", (key,)))
    tamper(
        db, lambda c: c.execute("UPDATE requests SET program = NULL WHERE number = ?", (number,)), pages=True
    )
    count = rows(db, "SELECT count(*) FROM fetches")
    seal(db, NOW + 3 * DAY)
    assert rows(db, "SELECT number FROM fetches WHERE id = ?", key) == [(number,)]
    assert rows(db, "SELECT count(*) FROM fetches") == count


def test_the_file_says_what_the_table_says_and_only_its_group_reads_it(db: Path) -> None:
    with closing(sqlite3.connect(pages_path(db))) as connection:
        connection.row_factory = sqlite3.Row
        lines = [seal_line(row) for row in connection.execute("SELECT * FROM seals ORDER BY number")]
    assert seals_path(db).read_text().splitlines() == lines


# -- fetch


async def no_sleep(_: float) -> None:
    return


def fetch(path: Path, outlet: FakeOutlet, *, days: float) -> str:
    source = Source(key="wadi", name="بريد الوادي", feeds=("https://wadi.example/feed",))
    config = Config(path=Path("feeds.toml"), sources=(source,))
    world = World(now=lambda: NOW + timedelta(days=days), sleep=no_sleep, transport=Outlets(outlet))
    return update(path, config, config.sources, force=True, world=world).not_sealed


def test_fetch_seals_once_a_day_and_all_it_did_is_verified(tmp_path: Path) -> None:
    path, outlet = tmp_path / "news.db", FakeOutlet(base="https://wadi.example")
    outlet.publish("/1", "عودة القطن إلى الخابور")
    assert fetch(path, outlet, days=0) == ""
    assert (mismatches(path), verify(path)["unverifiable"]) == ([], 0)
    outlet.publish("/2", "مكتبة جديدة في السويداء")
    fetch(path, outlet, days=0.1)
    assert len(seals_path(path).read_text().splitlines()) == 1
    assert verify(path)["unverifiable"] > 0
    fetch(path, outlet, days=1)
    assert len(seals_path(path).read_text().splitlines()) == 2
    assert (mismatches(path), verify(path)["unverifiable"]) == ([], 0)


def test_a_seal_that_cannot_be_written_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path, outlet = tmp_path / "news.db", FakeOutlet(base="https://wadi.example")
    outlet.publish("/1", "عودة القطن إلى الخابور")
    seals_path(path).mkdir()
    assert "news.seals.txt" in fetch(path, outlet, days=0)
    assert rows(path, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(path, "SELECT outcome FROM runs") == [("done",)]
    seals_path(path).rmdir()
    assert fetch(path, outlet, days=1) == ""
    assert mismatches(path) == []


def test_verifying_while_a_run_writes_and_seals_raises_no_false_alarm(db: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        with Store.open(db, NOW) as store:
            for number in range(30):
                at = NOW + 3 * DAY + timedelta(minutes=number)
                keep(
                    store, article(f"https://wadi.example/w{number}", f"خبر {number}", f"نص {number}."), at=at
                )
                if number % 6 == 0:
                    from newsarchive.archive.sealing import seal_store  # noqa: PLC0415 - only here

                    seal_store(store, at)
        ended.set()

    thread = threading.Thread(target=write)
    thread.start()
    alarms, times = [], 0
    while not ended.is_set() and thread.is_alive():
        alarms += mismatches(db)
        times += 1
    thread.join()
    assert alarms == []
    assert times > 0


# -- the command line


def run(*args: str, db: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsarchive", *args, "--db", str(db)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ}
    )


def test_verify_ends_with_a_summary_and_1_if_something_is_not_what_it_was(db: Path) -> None:
    done = run("verify", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(" ok, 0 mismatch, 2 removed, 0 unverifiable")
    tamper(db, lambda c: c.execute("UPDATE fetches SET status = 500 WHERE id = 1"))
    done = run("verify", "--since", "2024-03-01", db=db)
    assert (done.returncode, done.stderr) == (1, "")
    assert (
        "mismatch: fetches 1 https://wadi.example/1: status: not what row 1 of requests says" in done.stdout
    )


def test_seal_says_what_it_covered_and_where_it_is_noted(db: Path) -> None:
    with Store.open(db, NOW + 3 * DAY) as store:
        keep(store, article("https://wadi.example/4", "سوق الجمعة", "فتح السوق."), at=NOW + 3 * DAY)
    done = run("seal", db=db)
    assert done.stdout.startswith("seal 4: 1 requests, 1 texts, 0 removals; ")
    assert done.stdout.rstrip().endswith(f"added to {seals_path(db)}")
    assert run("seal", db=db).stdout == "nothing new to seal\n"


# -- docs/evidence.md


def test_what_the_document_checks_by_hand_holds_and_can_fail(db: Path) -> None:
    document = (Path(__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", document, flags=re.DOTALL)
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, cwd=db.parent, check=False).returncode == 0
    tamper(db, lambda c: c.execute("UPDATE requests SET hash = 'x' WHERE number = 1"), pages=True)
    assert subprocess.run(command, cwd=db.parent, check=False, capture_output=True).returncode == 1


def test_every_column_that_the_document_names_is_there(db: Path) -> None:
    document = (Path(__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(requests|texts|removals|seals|pages|articles|fetches)\.(\w+)`", document))
    there = {
        (table, row[1])
        for table in TABLES
        for row in rows(pages_path(db) if table in PAGES_TABLES else db, f"PRAGMA table_info({table})")
    }
    assert named <= there
    assert len(named) > 8
