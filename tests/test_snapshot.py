"""Snapshots: whole or not there, of one moment, whoever is at work meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path
from newsarchive.archive.sealing import seal, seals_path
from newsarchive.archive.snapshot import snapshot
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.cli import app
from newsarchive.errors import ArchiveError, ConfigError
from sealed import NOW, article, build, keep

WRITER = """
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from newsarchive.archive.store import Store
from newsarchive.archive.sealing import seal_store
from sealed import NOW, article, keep

with Store.open(Path(sys.argv[1]), NOW) as store:
    for number in range(100_000):
        keep(store, article(f"https://wadi.example/{number}", f"خبر {number}", f"نص الخبر {number}."))
        if number % 10 == 9:
            seal_store(store, NOW + timedelta(minutes=number))
        print(number, flush=True)
"""
READER = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'خبر')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    with Store.open(path, NOW) as store:
        keep(
            store, article("https://wadi.example/a", "عودة القطن إلى الخابور", "زرع الفلاحون القطن من جديد.")
        )
    seal(path, NOW)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "backup").mkdir()
    return tmp_path / "backup" / "copy.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def test_a_snapshot_is_the_same_archive_earlier(path: Path, out: Path) -> None:
    made = snapshot(path, out)
    assert made.articles == 1
    for file, twin in ((path, out), (pages_path(path), pages_path(out))):
        for sql in (
            "SELECT * FROM meta",
            "SELECT name, sql FROM sqlite_master ORDER BY name",
            "PRAGMA application_id",
            "PRAGMA user_version",
        ):
            assert rows(twin, sql) == rows(file, sql)
        assert stat.S_IMODE(twin.stat().st_mode) == 0o640
    assert seals_path(out).read_bytes() == seals_path(path).read_bytes()
    assert verify(out)["mismatch"] == 0
    with Store.open(out, NOW) as store:
        keep(store, article("https://wadi.example/b", "خبر جديد", "نص."))
    with Archive(out) as archive:
        assert archive.count() == 2


def test_a_snapshot_needs_no_other_file_and_opens_from_a_folder_that_cannot_be_written_to(
    path: Path, out: Path
) -> None:
    snapshot(path, out)
    names = sorted(file.name for file in out.parent.iterdir())
    assert names == ["copy.db", "copy.pages.db", "copy.seals.txt"]
    assert rows(out, "PRAGMA journal_mode") == [("delete",)]
    assert rows(out, READER) == [(1, 0)]
    out.parent.chmod(0o550)
    try:
        with Archive(out) as archive:
            assert len(archive.search("القطن")) == 1
    finally:
        out.parent.chmod(0o750)
    assert sorted(file.name for file in out.parent.iterdir()) == names


def test_a_snapshot_without_pages_is_one_file(path: Path, out: Path) -> None:
    snapshot(path, out, pages=False)
    assert [file.name for file in out.parent.iterdir()] == ["copy.db"]
    with Archive(out) as archive:
        assert archive.count() == 1


def test_a_snapshot_without_pages_is_unverifiable_and_one_that_lost_them_is_not_whole(
    path: Path, out: Path
) -> None:
    snapshot(path, out, pages=False)
    assert verify(out) == {"ok": 0, "mismatch": 0, "removed": 0, "unverifiable": 2}
    for file in (pages_path(path), seals_path(path)):
        shutil.copyfile(file, out.with_name(file.name.replace("news", "copy")))
    whole = out.with_name("whole.db")
    snapshot(out, whole)
    pages_path(whole).unlink()
    assert verify(whole)["mismatch"] == 1


def test_what_needs_the_pages_says_that_they_are_missing_and_advises_no_fetch(path: Path, out: Path) -> None:
    snapshot(path, out, pages=False)
    with Archive(out) as archive, pytest.raises(ArchiveError, match="pages file is missing") as raised:
        archive.provenance(1)
    assert "fetch" not in str(raised.value)


@pytest.mark.parametrize("there", ["copy.db", "copy.pages.db", "copy.seals.txt"])
def test_what_is_there_is_not_overwritten(path: Path, out: Path, there: str) -> None:
    (out.parent / there).write_bytes(b"kept")
    with pytest.raises(ConfigError, match=f"{there}: is there already"):
        snapshot(path, out)
    assert {file.name: file.read_bytes() for file in out.parent.iterdir()} == {there: b"kept"}


def test_the_archive_itself_and_a_missing_folder_are_refused(path: Path, out: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="is there already"):
        snapshot(path, path)
    assert path.read_bytes() == before
    with pytest.raises(ConfigError, match="does not exist"):
        snapshot(path, out.parent / "none" / "copy.db")
    with pytest.raises(ArchiveError, match="no archive there"):
        snapshot(out, out.parent / "copy2.db")
    assert list(out.parent.iterdir()) == []


def test_what_a_killed_one_left_is_replaced(path: Path, out: Path) -> None:
    out.with_name("copy.db.new").write_bytes(b"half")
    snapshot(path, out)
    assert not out.with_name("copy.db.new").exists()


# The limit is lifted at the end: who measures which lines ran writes a file then.
LIMITED = """
import resource, signal, sys
from newsarchive.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
try:
    main(sys.argv[1:])
finally:
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
"""


def test_a_disk_that_is_full_leaves_nothing_and_is_said_in_one_line(tmp_path: Path, out: Path) -> None:
    build(tmp_path / "news.db")
    command = [sys.executable, "-c", LIMITED, "snapshot", str(out), "--db", str(tmp_path / "news.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr.startswith("newsarchive: ")
    assert "copy.db" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(out.parent.iterdir()) == []


def test_a_page_that_is_damaged_for_sqlite_is_said_of_the_archive(path: Path, out: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(ArchiveError, match=r"news\.db: it is damaged"):
        snapshot(path, out)
    assert list(out.parent.iterdir()) == []


def test_a_snapshot_of_an_earlier_schema_is_a_copy_of_it(out: Path) -> None:
    old = out.parent.parent / "old.db"
    for file, dump in ((old, "1.sql"), (pages_path(old), "1.pages.sql")):
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript((Path(__file__).parent / "schemas" / dump).read_text(encoding="utf-8"))
    assert snapshot(old, out).articles == 3
    assert rows(out, "PRAGMA user_version") == [(1,)]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "news.db")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        yield running
        running.kill()


def test_a_snapshot_has_every_row_that_was_committed_before_it_began_and_no_reader_is_locked_out(
    tmp_path: Path, writer: subprocess.Popen[str]
) -> None:
    path = tmp_path / "news.db"
    assert writer.stdout is not None
    for number in range(20):
        committed = int(writer.stdout.readline())
        made = snapshot(path, tmp_path / f"{number}.db")
        articles = {url for (url,) in rows(made.files[0], "SELECT url FROM articles")}
        assert {f"https://wadi.example/{one}" for one in range(committed + 1)} <= articles
        cited = {
            page
            for (page,) in rows(made.files[0], "SELECT page FROM articles UNION SELECT page FROM fetches")
        }
        assert cited <= {page for (page,) in rows(made.files[1], "SELECT hash FROM pages")}
        for file in (*made.files, seals_path(made.files[0])):
            file.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as reader:  # as any other program would
            assert reader.execute(READER).fetchone()[0] > committed
    assert writer.poll() is None


def test_both_commands_say_what_they_did(path: Path, out: Path) -> None:
    cli = CliRunner()
    copied = cli.invoke(app, ["snapshot", str(out), "--db", str(path)])
    assert copied.stdout.startswith("copy.db and copy.pages.db: 1 articles, ")
    new = out.with_name("new.db")
    merged = cli.invoke(app, ["merge", str(out), "--db", str(new)])
    assert merged.stdout == "1 article new, 0 more fully known, 1 page, 1 request\n"
    assert f"keep {seals_path(out)} too" in merged.stderr
    again = cli.invoke(app, ["merge", str(out), "--db", str(new)])
    assert again.stdout == "0 articles new, 0 more fully known, 0 pages, 0 requests\n"
    refused = cli.invoke(app, ["snapshot", str(out), "--db", str(path)])
    assert isinstance(refused.exception, ConfigError)
