"""What an archive holds is counted, the same in the terminal, as JSON and in the views that any program reads."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsarchive.archive.filing import keep_article
from newsarchive.archive.index import register
from newsarchive.archive.stats import Count, read_counts
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveError, QueryError
from newsarchive.models import Article, Entry, Fetched, Source
from newsarchive.terminal_stats import StatsScreen, counts_json

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
HEADLINE = "سوق القطن في الوادي"  # four words
ARTICLES = [  # source, day, lede, body
    ("wadi", "2023-12-31", None, "وصل المحصول إلى السوق.\nثم بيع كله."),
    ("wadi", "2024-01-01", "مقدمة قصيرة.", "وصل المحصول."),
    ("wadi", "2024-01-31", None, "بقي شيء منه."),
    ("wadi", None, None, "بلا تاريخ."),
    ("jabal", "2024-01-15", None, "سقط الثلج."),
]
WORDS = {"wadi": 4 * 4 + 7 + 4 + 3 + 2, "jabal": 4 + 2}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stats") / "news.db"
    with Store.open(path, NOW) as store:
        store.keep_sources([Source(key=key, name=f"بريد {key}") for key in ("wadi", "jabal", "silent")], NOW)
        run = store.begin_run("1", NOW)
        for n, (source, day, lede, body) in enumerate(ARTICLES):
            url = f"https://{source}.example/{n}"
            answer = Fetched(url=url, final_url=url, outcome="ok", content=b"x", started_at=NOW)
            receipt = store.pages.keep_request(answer, source=source, kind="page")
            queued = store.enqueue(source, Entry(url=url), NOW)
            made = Article(url=url, headline=HEADLINE, lede=lede, body=body, date=day, extractor="1")
            keep_article(store, run, source, queued, made, fetched=answer, receipt=receipt, now=NOW)
        store.connection.execute("UPDATE articles SET gone_since = '2024-03-01T00:00:00Z' WHERE id = 2")
        store.connection.execute("UPDATE articles SET revised_at = '2024-03-01T00:00:00Z' WHERE id IN (1, 2)")
    return path


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as stock:
        return stock.execute(sql).fetchall()


def newsarchive(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsarchive", *words], capture_output=True, text=True, check=False
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(counts: list[Count], by: str, out: io.StringIO) -> list[str]:
    StatsScreen(out).counts(counts, by)  # type: ignore[arg-type]
    return out.getvalue().splitlines()


def a_count(source: str, articles: int, **more: object) -> Count:
    return Count(**({"source": source, "name": "بريد الوادي", "articles": articles} | more))  # type: ignore[arg-type]


def test_each_source_has_its_articles_words_days_and_those_without_a_date(path: Path) -> None:
    jabal, silent, wadi = read_counts(path, "source")
    assert (wadi.articles, wadi.words, wadi.first, wadi.last) == (
        4,
        WORDS["wadi"],
        "2023-12-31",
        "2024-01-31",
    )
    assert (wadi.undated, wadi.gone, wadi.edited) == (1, 1, 2)
    assert (jabal.articles, jabal.words, jabal.undated) == (1, WORDS["jabal"], 0)
    assert silent == Count(source="silent", name="بريد silent")


def test_months_and_years_are_counted_by_source_and_the_undated_apart(path: Path) -> None:
    months = [(one.source, one.period, one.articles) for one in read_counts(path, "month")]
    assert months == [
        ("jabal", "2024-01", 1),
        ("wadi", None, 1),
        ("wadi", "2023-12", 1),
        ("wadi", "2024-01", 2),
    ]
    years = [(one.period, one.articles) for one in read_counts(path, "year", source="wadi")]
    assert years == [(None, 1), ("2023", 1), ("2024", 2)]


def test_a_window_means_what_it_means_in_a_search(path: Path) -> None:
    january = read_counts(path, "month", since=date(2024, 1, 1), until=date(2024, 1, 31))
    assert [(one.source, one.articles) for one in january] == [("jabal", 1), ("wadi", 2)]
    fetched_then = read_counts(path, "month", since=NOW.date(), until=NOW.date())
    assert [(one.period, one.undated) for one in fetched_then] == [(None, 1)]


def test_what_cannot_be_counted_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="it has jabal, silent, wadi"):
        read_counts(path, "source", source="nahr")
    with pytest.raises(QueryError, match="exchange the two"):
        read_counts(path, "source", since=date(2024, 2, 1), until=date(2024, 1, 1))
    with pytest.raises(ArchiveError, match="no archive there"):
        read_counts(tmp_path / "none.db", "source")


def test_the_views_say_the_same_without_our_code(path: Path) -> None:
    counts = {(one.source, one.period): one.articles for one in read_counts(path, "month")}
    assert {
        (source, month): n
        for source, month, n in rows(path, "SELECT source, month, articles FROM articles_by_month")
    } == counts
    told = json.loads(counts_json(read_counts(path, "source"), "source"))
    columns = "source, name, articles, words, first_date, last_date, undated, undated_share, gone, edited"
    summary = rows(path, f"SELECT {columns} FROM sources_summary ORDER BY source")  # noqa: S608 - our own names
    assert [tuple(one[name] for name in columns.split(", ")) for one in told] == summary
    assert dict(rows(path, "SELECT source, sum(words) FROM article_figures GROUP BY source")) == WORDS


@pytest.mark.parametrize("view", ["articles_by_month", "sources_summary"])
def test_views_read_no_article(path: Path, view: str) -> None:
    plan = " ".join(str(row[3]) for row in rows(path, f"EXPLAIN QUERY PLAN SELECT * FROM {view}"))  # noqa: S608 - our own names
    assert "COVERING INDEX articles_counted" in plan
    assert not re.search(r"(SCAN|SEARCH) (a|articles)\b(?! USING COVERING)", plan)


def test_an_empty_text_has_no_words(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        register(copy)
        copy.execute("UPDATE articles SET lede = '', body = '' WHERE id = 3")
        assert copy.execute("SELECT words FROM article_figures WHERE article = 3").fetchone() == (4,)


def test_a_table_is_plain_in_a_pipe_with_the_largest_source_first(path: Path) -> None:
    done = newsarchive("stats", "--db", str(path))
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["SOURCE", "ARTICLES", "WORDS", "FIRST", "LAST", "UNDATED", "NAME"]
    assert [line.split()[0] for line in lines] == ["wadi", "jabal", "silent", "all"]
    assert re.fullmatch(r"wadi +4 +32 +2023-12-31 +2024-01-31 +25 % +█+ +بريد wadi", lines[0])
    assert re.fullmatch(r"silent +0 +0 +- +- +- +بريد silent", lines[2])
    assert re.fullmatch(r"all +5 +38 +2023-12-31 +2024-01-31 +20 %", lines[3])


def test_months_stand_in_their_order_and_the_undated_last(path: Path) -> None:
    done = newsarchive("stats", "--db", str(path), "--by", "month")
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["MONTH", "ARTICLES"],
        ["2023-12", "1"],
        ["2024-01", "3"],
        ["undated", "1"],
        ["all", "5"],
    ]


def test_json_has_a_row_for_each_source_and_period(path: Path) -> None:
    done = newsarchive("stats", "--db", str(path), "--by", "year", "--source", "wadi", "--json")
    assert json.loads(done.stdout)[1:] == [
        {"source": "wadi", "year": "2023", "articles": 1, "words": 11},
        {"source": "wadi", "year": "2024", "articles": 2, "words": 15},
    ]


def test_nothing_to_count_ends_with_1_and_a_mistake_with_2(path: Path) -> None:
    none = newsarchive("stats", "--db", str(path), "--until", "2001")
    assert (none.returncode, none.stdout) == (1, "")
    assert "no articles" in none.stderr
    assert newsarchive("stats", "--db", str(path), "--by", "week").returncode == 2
    assert newsarchive("stats", "--db", str(path), "--source", "nahr").returncode == 2


@pytest.mark.parametrize("width", [20, 60, 75, 80, 100, 250])
def test_no_line_is_wider_than_the_terminal_unless_its_figures_are(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    days = {"words": 10**8, "first": "2014-01-01", "last": "2024-01-01"}
    counts = [a_count("wadi", 10**6, **days), a_count("jabal", 1, **days), a_count("silent", 0)]
    lines = printed(counts, "source", Terminal())
    shown = [re.sub("[\u200e\u2066-\u2069]", "", line) for line in lines]
    figures = len(re.match(".*UNDATED", shown[0])[0])  # type: ignore[index]
    assert max(map(len, shown)) <= max(width, figures)
    assert any("█" in line for line in shown) == (width >= figures + 12)


def test_a_bar_shows_whatever_is_there_and_nothing_else() -> None:
    lines = printed(
        [a_count("wadi", 10**6), a_count("jabal", 1), a_count("silent", 0)], "source", io.StringIO()
    )
    assert ["█" in line for line in lines[1:4]] == [True, False, False]
    assert ["▏" in line for line in lines[1:4]] == [False, True, False]


def test_one_undated_article_among_many_is_not_none() -> None:
    lines = printed([a_count("wadi", 10**6, undated=1)], "source", io.StringIO())
    assert "<1 %" in lines[1]


def test_what_a_source_is_called_commands_no_terminal_and_moves_no_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    lines = printed([a_count("wadi\x1b[2J", 3, name="بريد\u202e\nالوادي")], "source", Terminal())
    assert len(lines) == 3
    assert not set("".join(lines)) & set("\x1b\u202e")
    assert lines[1].endswith("\u2067بريد الوادي\u2069\u200e")
