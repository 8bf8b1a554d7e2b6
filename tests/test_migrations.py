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

from newsarchive.archive import Archive, evidence, schema
from newsarchive.archive.derive import derive
from newsarchive.archive.files import SCHEMA, pages_path
from newsarchive.archive.index import register
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.errors import ArchiveError

NOW = datetime(2024, 3, 12, 12, 0, tzinfo=UTC)
SCHEMAS = Path(__file__).parent / "schemas"
VERSIONS = [path.stem for path in SCHEMAS.glob("?.sql")]
KEPT = (
    "meta",
    "sources",
    "articles",
    "addresses",
    "feeds",
    "entries",
    "hosts",
    "runs",
    "fetches",
    "sqlite_sequence",
)
ADDED = {"archive", "number", "etag", "last_modified", "etag_page", "revisions", "revised_at", "gone_since", "gone_reason", "looks", "articles_changed", "articles_gone", "articles_back"}  # fmt: skip


@pytest.fixture(scope="session", params=VERSIONS)
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an earlier schema, from what that version of the program wrote."""
    path = tmp_path_factory.mktemp("earlier") / "news.db"
    for file, dump in ((path, f"{request.param}.sql"), (pages_path(path), f"{request.param}.pages.sql")):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript((SCHEMAS / dump).read_text(encoding="utf-8"))
    return path


@pytest.fixture
def path(earlier: Path, tmp_path: Path) -> Path:
    return copy(earlier, tmp_path / "news.db")


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, NOW) as opened:
        yield opened


def copy(path: Path, to: Path) -> Path:
    shutil.copy(path, to)
    shutil.copy(pages_path(path), pages_path(to))
    return to


def rows(path: Path, table: str) -> list[dict[str, object]]:
    """The rows of a table, without what is new in a later schema."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - our own tables
    drop = ADDED - ({"etag", "last_modified"} if table == "feeds" else set())
    return sorted(({k: v for k, v in row.items() if k not in drop} for row in found), key=repr)


def told(path: Path) -> dict[str, list[dict[str, object]]]:
    return {table: rows(path, table) for table in KEPT}


def terms(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, articles_fts, instance)")
    found = [tuple(row) for row in connection.execute("SELECT * FROM temp.vocabulary ORDER BY 1, 2, 3, 4")]
    connection.execute("DROP TABLE temp.vocabulary")
    return found


def test_every_schema_before_this_one_has_its_archive() -> None:
    assert sorted(VERSIONS) == [str(version) for version in range(1, SCHEMA)]


def test_every_row_is_kept(earlier: Path, path: Path) -> None:
    before = told(earlier)
    with Store.open(path, NOW):
        pass
    after = told(path)
    new = {"fold_version", "pages_since"}
    assert [row for row in after["meta"] if row["key"] not in new] == [
        row for row in before["meta"] if row["key"] not in new
    ]
    for table in (*KEPT[1:-1],):
        assert before[table]
        assert after[table] == before[table], table
    assert after["sqlite_sequence"] == before["sqlite_sequence"]


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


def test_the_index_equals_a_fresh_one_and_is_kept_by_its_triggers(store: Store) -> None:
    connection = store.connection
    connection.execute("UPDATE articles SET body = 'نصّ جديد عن ١٢٠ عائلة' WHERE id = 1")
    kept = terms(connection)
    connection.execute("UPDATE meta SET value = 'another' WHERE key = 'fold_version'")
    store._know_itself(NOW)
    assert terms(connection) == kept
    assert kept


def test_search_finds_what_is_there(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    with Archive(path) as archive:
        assert [hit.record.url for hit in archive.search("داعش")] == ["https://wadi.example/2-library"]
        assert [hit.record.headline for hit in archive.search("الجسر")] == ["الجسر القديم يفتح للمشاة"]


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


def test_each_article_was_seen_once_and_nothing_else_follows_from_that(store: Store) -> None:
    articles = store.connection.execute("SELECT id, hash, page, fetched_at FROM articles").fetchall()
    seen = store.connection.execute("SELECT article, text, page, at FROM sightings").fetchall()
    assert sorted(map(tuple, seen)) == sorted(map(tuple, articles))
    before = store.connection.total_changes
    for row in articles:
        assert len(derive(store.connection, row["id"]).standings) == 1
    assert store.connection.total_changes == before


def test_what_was_kept_before_there_were_seals_verifies(path: Path) -> None:
    with Store.open(path, NOW):
        pass
    found = verify(path)
    assert found["ok"] > 0
    assert found["mismatch"] == found["removed"] == 0


@pytest.mark.parametrize("file", ["news", "pages"])
def test_a_migration_that_is_killed_at_any_statement_leaves_the_earlier_version_whole(
    earlier: Path, tmp_path: Path, file: str
) -> None:
    before = dump(earlier if file == "news" else pages_path(earlier))
    for statement in range(1, 1000):
        path = copy(earlier, tmp_path / f"{statement}.db")
        target = path if file == "news" else pages_path(path)
        if migrate_and_die(target, schema.NEWS if file == "news" else schema.PAGES, statement):
            break
        assert dump(target) == before, statement
    assert statement > 20
    with Store.open(tmp_path / f"{statement - 1}.db", NOW) as store:
        assert store.connection.execute("SELECT count(*) FROM sightings").fetchone()[0] == 3


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


def dump(path: Path) -> object:
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' ORDER BY 1"
            )
        ]
        return (
            connection.execute("PRAGMA user_version").fetchone(),
            connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall(),
            {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables},  # noqa: S608 - our own tables
        )


def test_reading_an_archive_of_an_earlier_schema_says_in_one_line_what_to_do(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match=r"older newsarchive .*newsarchive seal --db") as caught:
        Archive(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
