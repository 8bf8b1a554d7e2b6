"""The search indexes hold what the articles hold, by the rules of today and the archive's own spellings, whatever happens."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes import INDEXES, fresh, held
from newsarchive.arabic import FOLD_VERSION, fold, fold_word
from newsarchive.arabic.stems import FORM_MARK, MARK
from newsarchive.archive import Archive, index, schema
from newsarchive.archive.files import locked
from newsarchive.archive.index import groups_of, is_current, refill, register
from newsarchive.archive.reindexing import reindex
from newsarchive.archive.store import Store
from outlet import serving
from sealed import article, keep

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
FAYHAA = (("الفيحاء", "Fayhaa"),)
GHOUTA = (("الغوطة", "Ghouta"), ("نبع الفيجة", "الفيجة", "Fijeh"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three articles, in indexes that know the spellings `FAYHAA`."""
    path = tmp_path / "news.db"
    with Store.open(path, NOW, variants=FAYHAA) as store:
        keep(store, article("https://wadi.example/1", "ملعب الفيحاء يستقبل الجمهور", "امتلأت المدرّجات."))
        keep(store, article("https://wadi.example/2", "مشمش الغوطة يصل باكراً", "قال مزارعون إنّ الموسم وفير."))
        keep(store, article("https://wadi.example/3", "المياه تعود", "ضُخّت المياه من نبع الفيجة مساءً."))
    return path


def found(path: Path, query: str) -> list[str]:
    with Archive(path) as archive:
        return [hit.record.url[-1] for hit in archive.search(query)]


def as_held(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the indexes hold, read as another program would."""
    with closing(sqlite3.connect(path)) as connection:
        return held(connection)


# -- terms


def terms(*article: str | None) -> dict[str, list[str]]:
    """The terms of an article: its headline, lede and body."""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        for column in index.Terms._fields:
            row = connection.execute(f"SELECT newsarchive_{column}(?, ?, ?)", article).fetchone()
            found[column] = row[0].split()
    return found


def test_the_folded_text_is_headline_lede_and_body_in_order_with_a_mark_that_no_phrase_reaches_over() -> None:
    norm = terms("عودةُ القطن", "بعد سنين", "زُرِع في ٢٠١٨")["norm"]
    assert norm == [*fold("عودة القطن").split(), MARK, *fold("بعد سنين زرع في 2018").split()]
    assert terms("عودة القطن", None, "زرع")["norm"] == [*fold("عودة القطن").split(), MARK, "زرع"]


def test_the_words_of_a_headline_are_marked_and_parted_from_their_forms() -> None:
    forms = terms("للقطن سوقٌ", None, "زاره المشترون.")["forms"]
    marked = [form for form in forms if form.startswith(MARK)]
    assert forms[-len(marked) :] == marked
    assert marked[:2] == [MARK + fold_word("للقطن"), MARK + "سوق"]
    assert FORM_MARK + "قطن" in marked
    assert all(form.startswith(FORM_MARK) for form in marked[2:])


@given(st.text(max_size=40))
def test_no_text_folds_to_a_marked_word(text: str) -> None:
    assert MARK not in fold(text)


def test_each_telling_word_of_lede_and_body_is_ranked_once_by_how_often_it_stands_there() -> None:
    found = terms("خبر من حلب", "نهر", "نهر ونهر والنهر، جسر وجسر، سوق من حجر في دمشق")
    assert [found["often"][0], found["twice"][0]] == ["نهر", "جسر"]
    assert {"سوق", "حجر", "دمشق"} <= {*found["once"]}
    assert {"خبر", "حلب"} <= {*found["headline"]}
    columns = [found[name] for name in ("once", "twice", "often")]
    assert sum(map(len, columns)) == len({*itertools.chain(*columns)})
    assert not {"من", "في"} & {*itertools.chain(*columns, found["headline"])}
    assert "حلب" not in itertools.chain(*columns)


# -- the triggers

WORDS = ["القطن", "وللقطن", "قاموساً", "سُوريا", "سورية", "دا-عش", "قسد", "قوات", "الديمقراطية", "SDF", "Fijeh", "نبع", "الفيجة", "١٢٠", "كتـــاب", "إنّ", "في"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)
ROW = """INTO articles (id, source, url, headline, lede, body, first_seen, fetched_at, sort_at, hash, extractor)
    VALUES (:id, 'wadi', 'https://wadi.example/' || :id, :headline, :lede, :body, '2024', '2024', '2024', '', '1')"""
CHANGES = (
    f"INSERT OR IGNORE {ROW}",
    f"INSERT OR REPLACE {ROW}",
    "UPDATE articles SET headline = :headline WHERE id = :id",
    "UPDATE articles SET lede = :lede, body = :body WHERE id <= :id",
    "UPDATE articles SET lede = body, body = :headline WHERE id = :id",
    "UPDATE articles SET byline = :headline WHERE id >= :id",
    "UPDATE OR REPLACE articles SET id = :id - 1 WHERE id = :id",
    "DELETE FROM articles WHERE id = :id",
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(CHANGES),
        st.fixed_dictionaries(
            {"id": st.integers(1, 5), "headline": TEXTS, "lede": st.none() | TEXTS, "body": TEXTS}
        ),
    ),
    max_size=16,
)


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        register(connection)
        schema.migrate(connection, schema.NEWS)
        connection.execute("PRAGMA recursive_triggers = ON")
        refill(connection, GHOUTA)
        yield connection


@settings(max_examples=40)
@given(steps=STEPS, at_once=st.booleans())
def test_after_any_changes_both_indexes_equal_fresh_ones(
    empty: sqlite3.Connection, steps: list[tuple[str, dict[str, object]]], *, at_once: bool
) -> None:
    if at_once:
        empty.execute("BEGIN")
    for sql, values in steps:
        empty.execute(sql, values)
    if at_once:
        empty.execute("COMMIT")
    assert held(empty) == fresh(empty)
    empty.execute("DELETE FROM articles")
    after = held(empty)
    assert [after[name] for name in INDEXES] == [[], []]


# -- spellings and versions


def test_a_new_archive_takes_the_spellings_of_the_first_run_that_has_some(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store.open(path, NOW) as store:
        assert store.variants == ()
    with Store.open(path, NOW, variants=FAYHAA) as store:
        keep(store, article("https://wadi.example/1", "ملعب الفيحاء", "امتلأت المدرّجات."))
    assert found(path, "fayhaa") == ["1"]
    with Store.open(path, NOW) as store:
        assert store.variants == FAYHAA
        assert held(store.connection) == fresh(store.connection)


def test_an_archive_with_articles_keeps_its_spellings_until_it_is_reindexed(path: Path) -> None:
    with Store.open(path, NOW, variants=GHOUTA) as store:
        assert store.variants == FAYHAA
        assert held(store.connection) == fresh(store.connection)
        keep(store, article("https://wadi.example/4", "فريق الفيحاء", "والغوطة خسر."))
    assert [found(path, query) for query in ("Fayhaa", "Ghouta", "Fijeh")] == [["4", "1"], [], []]
    assert reindex(path, GHOUTA, NOW) == 4
    assert [found(path, query) for query in ("Fayhaa", "Ghouta", "Fijeh")] == [[], ["4", "2"], ["3"]]
    with Store.open(path, NOW) as store:
        assert store.variants == GHOUTA
        assert held(store.connection) == fresh(store.connection)
        store.connection.execute("DELETE FROM articles")
        assert not is_current(store.connection, FAYHAA)


def test_indexes_of_other_rules_are_filled_anew_by_the_next_writer_with_the_archives_own_spellings(
    path: Path,
) -> None:
    before = as_held(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO articles_fts(rowid, norm) VALUES (1, 'شبح')")
        connection.execute("INSERT INTO articles_stems(articles_stems) VALUES ('delete-all')")
        older = str(FOLD_VERSION - 1)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'fold_version'", (older,))
    assert as_held(path) != before
    with Store.open(path, NOW) as store:
        assert store.variants == FAYHAA
    assert as_held(path) == before
    assert [found(path, query) for query in ("Fayhaa", "شبح")] == [["1"], []]


def test_indexes_that_are_filled_anew_anyway_take_the_spellings_of_the_run(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM meta WHERE key = 'fold_version'")
    with Store.open(path, NOW, variants=GHOUTA) as store:
        assert store.variants == GHOUTA
    assert [found(path, query) for query in ("Fayhaa", "Fijeh")] == [[], ["3"]]


def test_indexes_of_the_rules_of_today_are_not_filled_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO articles_fts(rowid, norm) VALUES (99, 'علامة')")
    before = as_held(path)
    with Store.open(path, NOW, variants=GHOUTA):
        pass
    assert as_held(path) == before


def test_a_reindexing_that_is_killed_anywhere_leaves_the_old_indexes_whole(path: Path) -> None:
    before = as_held(path)
    for calls in itertools.count(1, 7):
        finished = reindex_and_die(path, calls)
        if finished:
            break
        with closing(sqlite3.connect(path)) as connection:
            assert held(connection) == before, calls
            assert groups_of(connection) == FAYHAA
    assert calls > 50
    assert [found(path, query) for query in ("Fayhaa", "Fijeh")] == [[], ["3"]]


def reindex_and_die(path: Path, calls: int) -> bool:
    """Reindex in a process that is killed when it calls a function of `index` for the nth time; say whether it calls fewer."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
        return status == 0
    left = iter(range(1, calls))

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == index.__file__ and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.setprofile(count)
        reindex(path, GHOUTA, NOW)
        os._exit(0)
    finally:
        os._exit(1)


# -- the command


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsarchive", *args]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=cwd, env=kept)


def configure(folder: Path, base: str, variants: object) -> None:
    source = f'[sources.wadi]\nfeeds = ["{base}/feed"]\nallow_private = true\ndelay = 0\n'
    spellings = json.dumps(variants, ensure_ascii=False)  # such lists are written alike in TOML
    (folder / "feeds.toml").write_text(f"[search]\nvariants = {spellings}\n{source}", encoding="utf-8")


def test_fetch_says_in_one_line_that_reindex_takes_the_spellings_that_feeds_toml_has_now(
    tmp_path: Path,
) -> None:
    with serving("بريد الوادي") as (outlet,):
        outlet.publish("/1", "مشمش الغوطة يصل باكراً")
        configure(tmp_path, outlet.base, FAYHAA)
        assert run("fetch", cwd=tmp_path).stderr == ""
        configure(tmp_path, outlet.base, GHOUTA)
        told = "newsarchive: feeds.toml: other spellings under [search] than the archive's; `newsarchive reindex` takes them\n"
        fetched = run("fetch", cwd=tmp_path)
        assert (fetched.returncode, fetched.stderr) == (0, told)
        quiet = run("fetch", "--quiet", cwd=tmp_path)
        assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
        assert found(tmp_path / "news.db", "Ghouta") == []
        done = run("reindex", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "1 articles indexed, with 2 groups of spellings of feeds.toml\n"
        assert found(tmp_path / "news.db", "Ghouta") == ["1"]
        assert run("fetch", cwd=tmp_path).stderr == ""


def test_reindex_of_an_archive_that_cannot_be_used_is_one_line_and_its_exit_code(path: Path) -> None:
    folder = path.parent
    configure(folder, "https://wadi.example", GHOUTA)
    before = path.read_bytes()
    with locked(path, NOW):
        held_by_another = run("reindex", cwd=folder)
    assert held_by_another.returncode == 75
    (folder / "torn.db").write_bytes(before[:8192] + b"\xff" * 8192 + before[16384:])
    (folder / "strange.db").write_text("no archive " * 20)
    for name in ("none.db", "torn.db", "strange.db"):
        done = run("reindex", "--db", name, cwd=folder)
        assert done.returncode == 5, name
        assert (done.stdout, done.stderr.count("\n")) == ("", 1), done.stderr
        assert name in done.stderr
    assert held_by_another.stderr.count("\n") == 1
    assert "in use by process" in held_by_another.stderr
    assert not (folder / "none.db").exists()
    assert path.read_bytes() == before
