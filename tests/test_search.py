"""What is typed is found, what is found is shown as it was printed."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsarchive import cli
from newsarchive.archive import Archive, parse_day
from newsarchive.archive.filing import keep_article
from newsarchive.archive.store import Store
from newsarchive.errors import QueryError
from newsarchive.models import Article, Entry, Fetched, Source

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
STORIES = [
    (
        "سوق",
        "2024-03-01",
        "أسواق دمشق تفتح ليلاً في رمضان",
        "قال تجار إن سوريا تستورد السكر من جديد، وإن الأسعار ستتراجع.",
    ),
    (
        "قاموس",
        "2024-03-02",
        "معلمة تكتب قاموساً للهجات سورية",
        "جمعت المعلمة مفردات المطر من أربعين قرية في الريف.",
    ),
    (
        "قصف",
        "2024-03-03",
        'خلايا "دا-عش" تهاجم نقطة حراسة',
        "نفت الإدارة أن يكون لداعش وجود في البلدة، وقالت إن مكافحة الإرهاب مستمرة.",
    ),
    ("تدريب", "2024-03-04", "تدريب ١٢٠ ممرضة في إدلب", "تستمر الدورة شهرين، وتشرف عليها منظمة أميركية."),
    (
        "كتاب",
        "2024-03-05",
        "معرض الكتاب يعود إلى حلب",
        "شاركت في المعرض ستون داراً، وحضر الافتتاح كُتّابٌ من بيروت.",
    ),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "news.db"
    with Store.open(path, NOW) as store:
        for key in ("wadi", "jabal"):
            store.keep_sources([Source(key=key, name=f"مصدر {key}")], NOW)
        run = store.begin_run("1", NOW)
        for n, (_, day, headline, body) in enumerate(STORIES):
            source, url = ("jabal" if n == 4 else "wadi"), f"https://wadi.example/{n}"
            answer = Fetched(url=url, final_url=url, outcome="ok", content=b"x", started_at=NOW)
            receipt = store.pages.keep_request(answer, source=source, kind="page")
            queued = store.enqueue(source, Entry(url=url), NOW)
            made = Article(url=url, headline=headline, body=body, date=day, date_from="page", extractor="1")
            keep_article(store, run, source, queued, made, fetched=answer, receipt=receipt, now=NOW)
    return path


def found(path: Path, query: str, **filters: object) -> list[str]:
    names = {headline: name for name, _, headline, _ in STORIES}
    with Archive(path) as archive:
        return [names[hit.record.headline] for hit in archive.search(query, **filters)]  # type: ignore[arg-type]


FINDINGS = [
    ("سوريا", ["قاموس", "سوق"]),
    ("سورية", ["قاموس", "سوق"]),
    ("سوريه", ["قاموس", "سوق"]),
    ("الارهاب", ["قصف"]),
    ("الإرهاب", ["قصف"]),
    ("داعش", ["قصف"]),
    ("120", ["تدريب"]),
    ("١٢٠", ["تدريب"]),
    ("ادلب", ["تدريب"]),
    ("أمريكية", ["تدريب"]),
    ("كتاب", ["كتاب"]),
    ("الكتاب", ["كتاب"]),
    ("قاموس", ["قاموس"]),
    ("دمشق رمضان", ["سوق"]),
    ("دمشق حلب", []),
]


@pytest.mark.parametrize(("query", "names"), FINDINGS)
def test_a_word_is_found_however_it_is_typed(path: Path, query: str, names: list[str]) -> None:
    assert found(path, query) == names


@pytest.mark.parametrize(
    ("query", "names"), [pair for pair in FINDINGS if "إ" not in pair[0] and "١" not in pair[0]]
)
def test_the_search_box_of_a_program_without_our_code_finds_the_same(
    path: Path, query: str, names: list[str]
) -> None:
    quoted = " ".join(f'"{word}"' for word in query.split())  # as Datasette's escape_fts does
    sql = "SELECT headline FROM articles WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) ORDER BY sort_at DESC"
    with closing(sqlite3.connect(path)) as stock:
        headlines = [headline for (headline,) in stock.execute(sql, (quoted,))]
    assert headlines == [headline for name in names for story, _, headline, _ in STORIES if story == name]


def test_a_phrase_is_found_only_where_its_words_stand_together(path: Path) -> None:
    assert found(path, '"معرض الكتاب"') == ["كتاب"]
    assert found(path, "«معرض الكتاب»") == ["كتاب"]
    assert found(path, '"الكتاب معرض"') == []


def test_results_are_filtered_by_source_day_and_number(path: Path) -> None:
    assert found(path, "في", source="jabal") == ["كتاب"]
    assert found(path, "في", since=date(2024, 3, 2), until=date(2024, 3, 3)) == ["قصف", "قاموس"]
    assert found(path, "في", limit=1) == ["كتاب"]
    with pytest.raises(QueryError, match="it has jabal, wadi"):
        found(path, "في", source="sahel")
    with pytest.raises(QueryError, match="exchange the two"):
        found(path, "في", since=date(2024, 3, 3), until=date(2024, 3, 2))
    assert found(path, "في", since=date.max) == []
    assert len(found(path, "في", until=date.max)) == len(found(path, "في"))


def test_matches_are_marked_in_the_original_spelling(path: Path) -> None:
    with Archive(path) as archive:
        (hit,) = archive.search("داعش")
    ((start, end),) = hit.headline_marks
    assert hit.record.headline[start:end] == "دا-عش"
    ((start, end),) = hit.snippet_marks
    assert hit.snippet[start:end] == "لداعش"


def test_a_long_text_is_shown_around_its_matches(tmp_path: Path) -> None:
    body = "\n".join(
        ["هذه فقرة طويلة عن المواسم والأمطار لا شأن لها بما نبحث عنه هنا."] * 40
        + ["ثم جاء ذكر الخابور في السطر الأخير."]
    )
    with Store.open(tmp_path / "news.db", NOW) as store:
        store.keep_sources([Source(key="wadi", name="wadi")], NOW)
        url = "https://wadi.example/1"
        answer = Fetched(url=url, final_url=url, outcome="ok", content=b"x", started_at=NOW)
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        queued = store.enqueue("wadi", Entry(url=url), NOW)
        made = Article(url=url, headline="خبر", body=body, extractor="1")
        keep_article(
            store, store.begin_run("1", NOW), "wadi", queued, made, fetched=answer, receipt=receipt, now=NOW
        )
    with Archive(tmp_path / "news.db") as archive:
        (hit,) = archive.search("الخابور")
    assert "الخابور" in hit.snippet
    assert len(hit.snippet) < 300
    assert hit.snippet.startswith("…")
    ((start, end),) = hit.snippet_marks
    assert hit.snippet[start:end] == "الخابور"


def test_an_article_is_shown_by_its_number_or_any_of_its_addresses(path: Path) -> None:
    with Archive(path) as archive:
        record = archive.article(1)
        assert record is not None
        assert record.source_name == "مصدر wadi"
        for which in (
            "1",
            "https://wadi.example/0",
            "HTTPS://WADI.example/0?utm_source=x#top",
            "wadi.example/0",
            "http://wadi.example/0/",
        ):
            assert archive.article(which) == record
        for which in ("99", "9" * 40, "https://wadi.example/none", "لا شيء", ""):
            assert archive.article(which) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2018-02", date(2018, 2, 1), date(2018, 2, 28)),
        ("2018-12", date(2018, 12, 1), date(2018, 12, 31)),
        ("2018-01-09", date(2018, 1, 9), date(2018, 1, 9)),
        ("٢٠١٨-٠١-٠٩", date(2018, 1, 9), date(2018, 1, 9)),
        ("7d", date(2024, 3, 13), date(2024, 3, 13)),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, first: date, last: date) -> None:
    assert parse_day(text, now=NOW) == first
    assert parse_day(text, now=NOW, last=True) == last


@pytest.mark.parametrize("text", ["", "yesterday", "2018-13", "2018-02-30", "18-1-1", "0000", "9999-12-31-1"])
def test_what_is_no_day_is_said_so(text: str) -> None:
    with pytest.raises(QueryError, match="is no day"):
        parse_day(text, now=NOW)
    with pytest.raises(QueryError, match="is no day"):
        parse_day(text, now=NOW, last=True)


def test_a_phrase_is_marked_where_its_words_stand_together_and_nowhere_else(path: Path) -> None:
    with Archive(path) as archive:
        (hit,) = archive.search('"معرض الكتاب"')
    assert [hit.record.headline[start:end] for start, end in hit.headline_marks] == ["معرض الكتاب"]
    assert hit.snippet_marks == ()


@pytest.fixture
def typed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[list[str]], tuple[object, str, str]]]:
    """Search on the command line, in this process; the fixture gives back what it does to a closed pipe."""
    pipes = signal.getsignal(signal.SIGPIPE)

    def typed(words: list[str]) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["search", "--db", str(path), *words])
        return ended.value.code, *capsys.readouterr()

    yield typed
    signal.signal(signal.SIGPIPE, pipes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["حلب", "-limit", "3"], "--limit has two hyphens"),
        (["حلب", "-limit=3"], "--limit has two hyphens"),
        (["-any", "حلب"], "--any has two hyphens"),
        (["-new", "صباح", "حلب"], "--new has two hyphens"),
        (["حلب", f"--{'a' * 9_999}"], "No such option"),
        (["-" * 9_999], "holds no word"),
        (["حلب", "--source", "س" * 9_999], "no source"),
        (["حلب", "--since", "س" * 9_999], "is no day"),
    ],
)
def test_what_is_mistyped_is_said_in_a_line_that_repeats_little_of_it(
    path: Path, typed: Callable[[list[str]], tuple[object, str, str]], words: list[str], said: str
) -> None:
    code, _, told = typed(words)
    assert code == 2
    (line,) = [line for line in told.splitlines() if said in line]
    assert len(line) < 200 + len(str(path))


@pytest.mark.parametrize(
    "words", [["حلب", "-n"], ["حلب", "-x", "-bbc"], ["--limit=3", "حلب"], ["--", "حلب", "-any"]]
)
def test_other_words_with_a_hyphen_are_forbidden(
    typed: Callable[[list[str]], tuple[object, str, str]], words: list[str]
) -> None:
    code, out, _ = typed(["--count", *words])
    assert (code, out) == (0, "1\n")
