"""An archive of every earlier schema is brought up to date, whole or not at all, and says the same as before."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils.migrations import Migrations

from indexes import fresh, held
from newsarchive.archive import Archive, evidence, schema
from newsarchive.archive.derive import derive
from newsarchive.archive.files import SCHEMA, pages_path
from newsarchive.archive.index import register
from newsarchive.archive.sealing import seals_path
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.errors import ArchiveError

NOW = datetime(2024, 3, 12, 12, 0, tzinfo=UTC)
SCHEMAS = Path(__file__).parent / "schemas"
VERSIONS = [path.stem for path in SCHEMAS.glob("?.sql")]
REPLACED = "responses"  # the table is `requests` since schema 2
OF_INDEXES = {"fold_version", "variants"}  # rows of `meta` that tell how the indexes are filled
of_first = pytest.mark.parametrize("earlier", ["1"], indirect=True)


@pytest.fixture(scope="session", params=VERSIONS)
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an earlier schema, from what that version of the program wrote."""
    path = tmp_path_factory.mktemp("earlier") / "news.db"
    for file, dump in ((path, f"{request.param}.sql"), (pages_path(path), f"{request.param}.pages.sql")):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript((SCHEMAS / dump).read_text(encoding="utf-8"))
    if (seals := SCHEMAS / f"{request.param}.seals.txt").exists():
        shutil.copy(seals, seals_path(path))
    return path


@pytest.fixture
def path(earlier: Path, tmp_path: Path) -> Path:
    return copy(earlier, tmp_path / "news.db")


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, NOW) as opened:
        yield opened


def files(path: Path) -> tuple[Path, ...]:
    return path, pages_path(path), seals_path(path)


def copy(path: Path, to: Path) -> Path:
    for file, copied in zip(files(path), files(to), strict=True):
        if file.exists():
            shutil.copy(file, copied)
    return to


def columns(file: Path) -> dict[str, list[str]]:
    """The tables of a file and their columns, but for indexes and migrations."""
    sql = """SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 1) <> '_' AND t.name <> 'sqlite_schema'"""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(file)) as connection:
        for table, column in connection.execute(sql):
            found.setdefault(table, []).append(column)
    return found


def told(path: Path, like: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of both files of an archive, without what is new since `like`."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for file, earlier in zip(files(path)[:2], files(like)[:2], strict=True):
        with closing(sqlite3.connect(file)) as connection:
            for table, names in columns(earlier).items():
                if table != REPLACED:
                    rows = connection.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - our own tables
                    kept = (row for row in rows if row[0] not in OF_INDEXES)
                    found[f"{earlier.name}: {table}"] = sorted(kept, key=repr)
    return found


def test_every_schema_before_this_one_has_its_archive() -> None:
    assert sorted(VERSIONS) == [str(version) for version in range(1, SCHEMA)]


def test_every_row_is_kept(earlier: Path, path: Path) -> None:
    before = told(earlier, earlier)
    with Store.open(path, NOW):
        pass
    assert told(path, earlier) == before
    assert all(before.values())


def test_the_files_are_those_that_a_new_archive_has(store: Store, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with Store.open(tmp_path / "new" / "news.db", NOW) as new:
        for one, other in (
            (store.connection, new.connection),
            (store.pages.connection, new.pages.connection),
        ):
            assert shape(one) == shape(other)
            assert one.execute("PRAGMA foreign_key_check").fetchall() == []
            assert one.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def shape(connection: sqlite3.Connection) -> dict[str, object]:
    """The tables with their columns, in order, and all indexes and triggers, but for how their text is laid out."""
    ours = "FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
    tables = [row[0] for row in connection.execute(f"SELECT name {ours} AND type = 'table'")]
    laid_out = connection.execute(f"SELECT name, sql {ours} AND type IN ('index', 'trigger')")
    return {
        "version": connection.execute("PRAGMA user_version").fetchone()[0],
        **{
            table: [tuple(row) for row in connection.execute(f"PRAGMA table_info({table})")]
            for table in tables
        },
        **{name: re.sub(r"\s+", " ", sql) for name, sql in laid_out},
        **{
            f"{table}, strict": connection.execute(
                "SELECT strict, wr FROM pragma_table_list WHERE name = ?", (table,)
            ).fetchone()[:]
            for table in tables
        },
    }


def test_both_indexes_equal_fresh_ones_and_are_kept_so_by_their_triggers(store: Store) -> None:
    connection = store.connection
    assert held(connection) == fresh(connection)
    connection.execute("UPDATE articles SET body = 'نصّ جديد عن ١٢٠ عائلة' WHERE id = 1")
    connection.execute("UPDATE articles SET headline = 'عنوان آخر', lede = 'مقدّمة' WHERE id = 2")
    connection.execute("DELETE FROM articles WHERE id = 3")
    copied = "source, headline, body, first_seen, fetched_at, sort_at, hash, extractor"
    connection.execute(
        f"INSERT INTO articles ({copied}, url) SELECT {copied}, url || '/2' FROM articles WHERE id = 1"  # noqa: S608 - our own column names
    )
    assert held(connection) == fresh(connection)
    assert all(held(connection).values())


def test_indexes_that_a_killed_writer_left_unfilled_after_the_migration_are_filled_by_the_next(
    path: Path,
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        register(connection)
        schema.migrate(connection, schema.NEWS)
        assert connection.execute("SELECT count(*) FROM articles_stems_docsize").fetchone() == (0,)
    with Store.open(path, NOW) as store:
        assert held(store.connection) == fresh(store.connection)


def test_search_finds_what_is_there(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    with Archive(path) as archive:
        assert [hit.record.url for hit in archive.search("داعش")] == ["https://wadi.example/2-library"]
        (bridge,) = archive.search("headline:الجسر")
        assert bridge.record.url == "https://jisr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7"
        assert archive.search("بالجسر", reading="stems", sort="best") == (bridge,)


@of_first
def test_requests_are_numbered_without_a_gap_and_their_hashes_are_right(store: Store, earlier: Path) -> None:
    found = store.pages.connection.execute("SELECT * FROM requests ORDER BY number").fetchall()
    assert [row["number"] for row in found] == list(range(1, len(found) + 1))
    assert {row["archive"] for row in found} == {store.pages.archive_id}
    for row in found:
        assert row["hash"] == evidence.row_hash(*(row[name] for name in evidence.COLUMNS["requests"]))
    with closing(sqlite3.connect(pages_path(earlier))) as before:
        sql = "SELECT url, final_url, at, headers, page FROM responses ORDER BY id"
        assert before.execute(sql).fetchall() == [
            (row["url"], row["final_url"], row["at"], row["headers"], row["page"]) for row in found
        ]


def test_a_page_comes_back_with_how_it_came(store: Store) -> None:
    sql = "SELECT page, fetched_at FROM articles WHERE url LIKE '%library'"
    page, at = store.connection.execute(sql).fetchone()
    arrival = store.pages.arrival(page, "https://wadi.example/2", datetime.fromisoformat(at))
    assert arrival is not None
    assert [(hop.status, hop.url) for hop in arrival.redirects] == [(301, "https://wadi.example/2")]
    assert arrival.content
    assert "افتتاح مكتبة".encode() in arrival.content


@of_first
def test_each_article_was_seen_once_and_nothing_else_follows_from_that(store: Store) -> None:
    articles = store.connection.execute("SELECT id, hash, page, fetched_at FROM articles").fetchall()
    seen = store.connection.execute("SELECT article, text, page, at FROM sightings").fetchall()
    assert sorted(map(tuple, seen)) == sorted(map(tuple, articles))
    before = store.connection.total_changes
    for row in articles:
        assert len(derive(store.connection, row["id"]).standings) == 1
    assert store.connection.total_changes == before


def test_what_was_kept_verifies(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    found = verify(path)
    assert found["ok"] > 0
    assert found["mismatch"] == 0


@pytest.mark.parametrize(
    ("earlier", "file", "versions"),
    [("1", "news", [1, 2]), ("1", "pages", [1]), ("2", "news", [2])],
    indirect=["earlier"],
)
def test_a_migration_that_is_killed_at_any_statement_leaves_an_earlier_version_whole(
    earlier: Path, tmp_path: Path, file: str, versions: list[int]
) -> None:
    version, before = dump(earlier if file == "news" else pages_path(earlier))
    whole = {version: before}
    for statement in range(1, 1000):
        path = copy(earlier, tmp_path / f"{statement}.db")
        target = path if file == "news" else pages_path(path)
        if migrate_and_die(target, schema.NEWS if file == "news" else schema.PAGES, statement):
            break
        version, left = dump(target)
        assert left == whole.setdefault(version, left), statement
    assert list(whole) == versions
    assert statement > 10
    killed = tmp_path / f"{statement - 1}.db"
    with Store.open(killed, NOW) as store:
        assert held(store.connection) == fresh(store.connection)
    assert told(killed, earlier) == told(earlier, earlier)


def migrate_and_die(path: Path, migrations: Migrations, statement: int) -> bool:
    """Migrate in a process that is killed when it comes to its nth statement; say whether there were fewer."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
        return status == 0
    try:
        left = iter(range(statement))
        connection = sqlite3.connect(path, isolation_level=None)
        register(connection)
        evidence.register(connection)
        connection.set_trace_callback(
            lambda _: next(left, None) is None and os.kill(os.getpid(), signal.SIGKILL)
        )
        schema.migrate(connection, migrations)
        os._exit(0)
    finally:
        os._exit(1)


def dump(file: Path) -> tuple[int, object]:
    """The version of a file, and all that is in it but for the indexes."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0], (
            connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall(),
            connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall(),
            {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in columns(file)},  # noqa: S608 - our own tables
        )


def test_reading_an_archive_of_an_earlier_schema_says_in_one_line_what_to_do(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match=r"older newsarchive .*newsarchive seal --db") as caught:
        Archive(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
