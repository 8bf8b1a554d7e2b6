"""An archive in Datasette: the search box searches as `newsarchive search` does, the rest is what analysts need."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from analysts import MIXED, ORDINARY, browsed
from newsarchive.archive import Archive
from newsarchive.archive.store import Store
from newsarchive.cli.serving import serve
from newsarchive.datasette import functions
from newsarchive.errors import ArchiveError, ConfigError
from served import Served, tags
from stock import NOW, Piece, put, stocked

VISIBLE = {
    "absences", "addresses", "articles", "entries", "feeds", "fetches", "revisions", "runs", "sightings", "sources",
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return browsed(tmp_path_factory.mktemp("datasette") / "news.db")


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    made = Served(path)
    yield made
    made.close()


# -- searching


@pytest.mark.parametrize(
    "query",
    [
        "سوريا", "الإرهاب", "داعش", "120 متطوعا", '"قرى الجبل"', "تشجير -القامشلي", "الميادين OR إدلب", "(الميادين | إدلب) -خرائط",
        "متطو*", "headline:تشجير", "headline:الزيتون", "maps", "لا_يوجد",
    ],
)  # fmt: skip
def test_the_search_box_finds_what_search_finds(served: Served, path: Path, query: str) -> None:
    with Archive(path) as archive:
        wanted = archive.find(query).ids(1000, "newest")
    assert served.found(query) == wanted


def test_a_match_is_marked_as_it_was_printed(served: Served) -> None:
    page = served.get("/news/articles", _search="الإرهاب سوريا")
    assert "<mark>الارهاب</mark>" in page
    assert "<mark>سورية</mark>" in page


def test_a_list_shows_the_part_around_a_match_and_a_row_the_whole(served: Served) -> None:
    assert "يكون <mark>لداعش</mark> أي" in served.get("/news/articles", _search="داعش")
    assert '<p dir="auto">' not in served.get("/news/articles")
    assert served.get("/news/articles/1").count('<p dir="auto">') == 8  # headline, lede, six paragraphs


@pytest.mark.parametrize(
    "query", ["-سوريا", "و*", '"', "((((((((((((", "a OR -b", "*", "،", "x " * 200, "y" * 20_000]
)
def test_what_cannot_be_understood_is_said_and_finds_nothing(served: Served, query: str) -> None:
    page = served.get("/news/articles", _search=query)
    assert "nothing is searched: " in page
    assert "0 records" in page


def test_the_box_keeps_what_was_typed_and_the_page_its_links(served: Served) -> None:
    page = served.get("/news/articles", _search='"تشجير" جديدة')
    assert 'value="&#34;تشجير&#34; جديدة"' in page
    assert "_search=" + quote('"تشجير"') in page  # of the next page, sorting, facets


def test_a_search_can_be_narrowed_sorted_and_turned_over(served: Served) -> None:
    assert served.found("تشجير", source="jabal") == [31]
    assert served.found("تشجير", date__gte="2024-02", date__lt="2024-03") == [15, 14, 13, 12, 11, 10, 9]
    assert served.found("تشجير", _sort="id")[:2] == [1, 2]
    assert served.get("/news/articles", _search="تشجير").count('class="col-id') == 21
    assert "Next page" in served.get("/news/articles", _search="تشجير")


def test_common_words_find_the_same_newest_first(tmp_path: Path) -> None:
    days = [f"20{n % 17 + 10}-01-{n % 28 + 1:02}" for n in range(2_100)]
    many = stocked(tmp_path / "many.db", [Piece(headline=f"خبر {n}", day=day) for n, day in enumerate(days)])
    served = Served(many)
    try:
        with Archive(many) as archive:
            assert served.found("خبر", "many")[:900] == archive.find("خبر").ids(900)
        assert served.found("خبر", "many", source="jabal") == []
        sql = json.loads(served.get("/many/articles.json", _search="خبر", _extra="query", _size=1))["query"][
            "sql"
        ]
        assert "+id in (" in sql  # else SQLite fetches and sorts each of them
    finally:
        served.close()


def test_raw_searches_stay_datasettes_own(served: Served) -> None:
    assert served.found("headline : تشجير", _searchmode="raw") == served.found("headline:تشجير")


@given(st.text(max_size=40))
def test_whatever_is_typed_asks_the_index_something_it_understands(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE meta (key, value)")
        connection.execute("CREATE VIRTUAL TABLE f USING fts5 (headline, body, norm, forms)")
        functions.register(connection)
        connection.execute("SELECT * FROM f WHERE f MATCH escape_fts(?)", (text,)).fetchall()
        ((snippet, ids),) = connection.execute(
            "SELECT newsarchive_snippet(?1, NULL, ?1), newsarchive_best(?1, 'many')", (text,)
        )
        assert ids == "[]"
        assert tags(snippet) <= {"mark"}


# -- tables, facets, saved queries


def test_articles_come_newest_first_twenty_a_page(served: Served) -> None:
    rows = served.rows("/news/articles")
    assert len(rows) == 20
    instants = [str(row["sort_at"]) for row in rows]
    assert instants == sorted(instants, reverse=True)


def test_tables_that_are_not_for_analysts_are_hidden(served: Served) -> None:
    told = json.loads(served.get("/news.json"))["tables"]
    assert {table["name"] for table in told if not table["hidden"]} == VISIBLE


def test_outlets_and_months_are_counted_and_choose(served: Served) -> None:
    page = served.get("/news/articles")
    assert "2024-05" in page
    assert "date__gte=2024-05&amp;date__lte=2024-05-31" in page
    assert "source=wadi" in page
    assert len(served.rows("/news/articles", date__gte="2024-05", date__lte="2024-05-31")) == 4
    chosen = served.get("/news/articles", date__gte="2024-05", date__lte="2024-05-31")
    assert "&#x2716;" in chosen


def test_counts_follow_the_archive(tmp_path: Path) -> None:
    db = stocked(tmp_path / "news.db", [Piece(headline="خبر")])
    served = Served(db)
    try:
        assert counts(served) == counts(served) == {"source": {"wadi": 1}, "month": {"2024-03": 1}}
        with Store.open(db, NOW) as store, store.transaction():
            put(store.connection, [Piece(headline="خبر آخر", source="jabal", day="2023-12-31")])
        assert counts(served) == {"source": {"wadi": 1, "jabal": 1}, "month": {"2024-03": 1, "2023-12": 1}}
    finally:
        served.close()


def counts(served: Served) -> dict[str, dict[str, int]]:
    told = json.loads(served.get("/news/articles.json", _extra="facet_results"))["facet_results"]
    facets = told.get("results", told)
    return {name: {one["value"]: one["count"] for one in facet["results"]} for name, facet in facets.items()}


def test_the_saved_queries_answer(served: Served) -> None:
    by_day = served.rows("/news/mentions_by_day", q="الزيتون", since="2024-01-01", until="2024-01-07")
    assert by_day == [{"day": "2024-01-03", "articles": 1}, {"day": "2024-01-07", "articles": 1}]
    assert (
        sum(int(str(row["articles"])) for row in served.rows("/news/mentions_by_day", q="الزيتون"))
        == ORDINARY + 1
    )
    by_month = served.rows("/news/mentions_by_month", q="خريطة OR خرائط")
    assert by_month == [{"month": "2024-05", "articles": 1}]
    (edit,) = served.rows("/news/edits_of_the_week")
    assert (edit["headline"], edit["headline_before"]) == (
        "مدرسة جديدة تفتح أبوابها",
        "مدرسة جديدة تغلق أبوابها",
    )
    (gone,) = served.rows("/news/gone")
    assert gone["gone_reason"] == "not-found"
    (undated,) = served.rows("/news/undated")
    assert undated["headline"] == "خبر بلا تاريخ من الميادين"
    assert served.rows("/news/undated", source="jabal") == []
    assert served.rows("/news/who_copied_whom") == [{"first": "wadi", "then_told_by": "jabal", "stories": 1}]
    months = served.rows("/news/articles_a_month")
    assert months[0] == {"month": "2024-01", "articles": 8}


def test_the_best_matches_come_with_what_matches_in_them(served: Served) -> None:
    rows = served.rows("/news/best_matches", q="maps خدمه")
    assert [row["headline_marked"] for row in rows] == [
        MIXED.replace("خدمة", "<mark>خدمة</mark>").replace("Maps", "<mark>Maps</mark>")
    ]
    assert served.rows("/news/best_matches", q="-maps") == []
    page = served.get("/news/best_matches", q="maps")
    assert "<mark>Maps</mark>" in page


def test_a_database_that_is_no_archive_is_left_as_it_is(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, headline, url)")
        connection.execute("INSERT INTO articles VALUES (1, 'سورية', 'https://u@x.example')")
        connection.execute('CREATE VIRTUAL TABLE articles_fts USING fts5 (headline, content="articles")')
        connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
        connection.commit()
    served = Served(path, other)
    try:
        assert served.found("سوريا", "other") == []
        assert served.found("سورية", "other") == [1]
        page = served.get("/other/articles", _search="سورية")
        assert "newsarchive" not in page
        assert "newsarchive.css" in served.get("/news/articles")
    finally:
        served.close()


def test_what_a_user_has_configured_stays(path: Path) -> None:
    mine = {
        "databases": {
            "news": {"tables": {"articles": {"size": 3}}, "queries": {"gone": {"sql": "SELECT 7 AS seven"}}}
        }
    }
    served = Served(path, **{"config" if hasattr(Datasette, "add_query") else "metadata": mine})
    try:
        assert len(served.rows("/news/articles")) == 3
        assert served.rows("/news/gone") == [{"seven": 7}]
        assert served.found("الميادين") == [33]
    finally:
        served.close()


def test_the_style_sheet_and_the_script_are_served(served: Served) -> None:
    assert "unicode-bidi: plaintext" in served.get("/-/static-plugins/newsarchive/newsarchive.css")
    assert '"auto"' in served.get("/-/static-plugins/newsarchive/newsarchive.js")
    assert "http" not in served.get("/-/static-plugins/newsarchive/newsarchive.css")  # nothing is fetched


# -- serve


def test_serve_serves_this_archive_on_this_machine_until_it_is_interrupted(path: Path) -> None:
    command = [sys.executable, "-m", "newsarchive", "serve", "--db", str(path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        address = process.stderr.readline().split()[1]
        assert address.startswith("http://127.0.0.1:")
        page = patient(address)
        settings = json.loads(patient(f"{address.removesuffix('/news/articles')}/-/settings.json"))
        with pytest.raises(ConfigError, match="choose another with --port"):
            serve(path, int(address.split(":")[2].split("/")[0]))
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert "newsarchive.css" in page
    assert (settings["suggest_facets"], settings["default_page_size"]) == (False, 20)
    assert process.returncode == 0
    assert "Traceback" not in said


def patient(address: str) -> str:
    """Ask until somebody listens."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - ours
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(address)


def test_serve_serves_archives_alone(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        serve(tmp_path / "none.db")


def test_serve_says_how_to_get_datasette(path: Path) -> None:
    probe = "import sys; sys.modules['datasette.cli'] = None; from newsarchive.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", probe, "serve", "--db", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "newsarchive: serve needs Datasette; install it with: pip install 'newsarchive[datasette]'\n"
    )
