"""Copies are one story, nothing else is; in whatever order articles come and go."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import combinations, permutations
from pathlib import Path

import pytest

from newsarchive import Archive, cli
from newsarchive.archive.filing import keep_article
from newsarchive.archive.likeness import Text, are_copies
from newsarchive.archive.merging import merge
from newsarchive.archive.removal import remove
from newsarchive.archive.store import Store
from newsarchive.archive.withdrawing import remember, withdraw
from newsarchive.changes import Piece, changed_words, retold
from newsarchive.models import Article, Entry, Fetched, Rejected, Source
from stock import NOW, put, stocked
from stock import Piece as Stocked

NAMES = Path(__file__).with_name("names")
BODIES = [
    one["body"]
    for path in sorted(NAMES.glob("articles-*.toml"))
    for one in tomllib.loads(path.read_text(encoding="utf-8"))["article"]
]
WORDS = [word for body in BODIES for word in body.split()]
TEXTS = [
    [word for step in range(3) for word in BODIES[(at + 61 * step) % len(BODIES)].split()]
    for at in range(320)
]
"""Some 100 words each: three articles of ours, joined."""


# -- what a copy is


def like(one: Iterable[str] | str, other: Iterable[str] | str, *, same_source: bool = False) -> bool:
    texts = [Text(text if isinstance(text, str) else " ".join(text)) for text in (one, other)]
    answer = are_copies(*texts, same_source=same_source)
    assert answer == are_copies(*reversed(texts), same_source=same_source)
    return answer


def edited(text: list[str], chance: random.Random) -> list[str]:
    """Change a word in twenty."""
    places = set(chance.sample(range(len(text)), round(0.05 * len(text))))
    return [chance.choice(WORDS) if at in places else word for at, word in enumerate(text)]


def cut(text: list[str], share: float) -> list[str]:
    """Cut a third away: what stands there at this share of the rest."""
    third = len(text) // 3
    start = round(share * (len(text) - third))
    return text[:start] + text[start + third :]


def longer(text: list[str], chance: random.Random) -> list[str]:
    """Add a paragraph, before or behind."""
    more = chance.choice(BODIES).split()
    return more + text if chance.random() < 0.5 else text + more


MADE: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "edited": edited,
    "its start cut": lambda text, _: cut(text, 0),
    "its middle cut": lambda text, _: cut(text, 0.5),
    "its end cut": lambda text, _: cut(text, 1),
    "longer": longer,
    "edited and cut": lambda text, chance: cut(edited(text, chance), chance.random()),
}


@pytest.mark.parametrize("kind", MADE)
def test_of_a_hundred_copies_that_were_changed_97_are_found_in_other_outlets_and_in_the_same(
    kind: str,
) -> None:
    chance = random.Random(11)  # noqa: S311 - the same each time
    pairs = [(Text(" ".join(text)), Text(" ".join(MADE[kind](text, chance)))) for text in TEXTS]
    assert len(pairs) >= 300
    for same_source in (False, True):
        found = sum(are_copies(one, other, same_source=same_source) for one, other in pairs)
        assert found >= 0.97 * len(pairs)


def unrelated(number: int, chance: random.Random) -> Iterator[str]:
    """Make texts that share no sentence, but phrases: each word follows one that it follows in our articles."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for body in BODIES:
        for word, after in zip(body.split(), body.split()[1:], strict=False):
            following[word].append(after)
    for _ in range(number):
        text = [chance.choice(WORDS)]
        while len(text) < 80:
            text.append(chance.choice(following[text[-1]] or WORDS))
        yield " ".join(text)


def test_of_a_thousand_unrelated_articles_no_two_are_copies_though_many_share_phrases() -> None:
    chance = random.Random(5)  # noqa: S311 - the same each time
    texts = [Text(text) for text in [*BODIES, *unrelated(1000, chance)]]
    having: defaultdict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for one in text.prints:
            having[one].append(at)
    pairs = Counter(pair for some in having.values() for pair in combinations(some, 2))
    assert sum(1 for shared in pairs.values() if shared > 1) > 500
    for same_source in (False, True):
        assert [
            pair for pair in pairs if are_copies(*(texts[at] for at in pair), same_source=same_source)
        ] == []


REPORT = (
    "أعادت بلدية المدينة فتح الجسر القديم أمام السيارات بعد إصلاح دام ١٨ شهراً، وقالت المهندسة المشرفة إن الأعمدة الأربعة دُعّمت بالفولاذ "
    "وإن الحمولة المسموحة ارتفعت إلى ٤٠ طناً. وأضافت أن الإنارة الجديدة تعمل بألواح شمسية رُكّبت على أسطح المدرسة القريبة."
)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("أإآ", "ااا"),
        ("ة", "ه"),
        ("ى", "ي"),
        ("١٨٤٠", "1840"),
        ("\u064b\u064f\u0651", ""),
    ],
)
def test_another_spelling_does_not_part_copies(printed: str, typed: str) -> None:
    other = REPORT.translate({ord(one): typed[at : at + 1] for at, one in enumerate(printed)})
    assert other != REPORT
    assert Text(other).prints == Text(REPORT).prints
    assert like(REPORT, other, same_source=True)


def test_a_tatweel_does_not_part_copies() -> None:
    assert Text(REPORT.replace("الجسر", "الجـــسر")).prints == Text(REPORT).prints


def prices(day: int) -> str:
    return (
        f"سجل الدولار اليوم {14000 + 35 * day} ليرة للمبيع و{13900 + 35 * day} للشراء في أسواق العاصمة، وبلغ سعر اليورو "
        f"{15200 + 41 * day} ليرة. وحددت جمعية الصاغة سعر غرام الذهب من عيار واحد وعشرين قيراطاً عند {950000 + 700 * day} ليرة، ومن عيار ثمانية "
        f"عشر عند {814000 + 600 * day} ليرة، وأوضحت أن الأسعار تشمل أجرة الصياغة ولا تشمل رسم الإنفاق، وأن المحال ملزمة بإعلانها على الواجهات."
    )


def test_daily_prices_of_one_outlet_are_no_story_but_one_day_of_two_outlets_is() -> None:
    assert not any(like(prices(1), prices(day), same_source=True) for day in range(2, 9))
    assert like(prices(1), prices(1) + " ونقلت الصحيفة الخبر عن الجمعية.")


def test_a_new_figure_in_a_report_of_one_outlet_does_not_part_it_from_the_earlier_one() -> None:
    text = " ".join([*TEXTS[0], "وأصيب 12 عاملاً", *TEXTS[7]])
    assert like(text, text.replace(" 12 ", " 15 "), same_source=True)


@pytest.mark.parametrize("same_source", [False, True])
def test_a_paragraph_of_background_does_not_make_two_reports_one_story(same_source: bool) -> None:  # noqa: FBT001 - parametrized
    for one, other, background in zip(TEXTS[:60], TEXTS[100:160], BODIES[300:360], strict=True):
        assert not like([*one, *background.split()], [*other, *background.split()], same_source=same_source)


def test_texts_of_a_few_words_are_nobodys_copies() -> None:
    assert not like("عاجل: زلزال يضرب الساحل", "عاجل: زلزال يضرب الساحل")
    assert not like("", "")


# -- the archive


def partition(connection: sqlite3.Connection, name: str = "body") -> set[frozenset[str]]:
    """The stories, each as what its articles hold in this column; and whether each is called by its smallest number."""
    rows = connection.execute(f"SELECT coalesce(story, id), id, {name}, story FROM articles").fetchall()  # noqa: S608 - a column
    found: defaultdict[int, list[tuple[int, str, int | None]]] = defaultdict(list)
    for story, article, value, named in rows:
        found[story].append((article, value, named))
    for story, members in found.items():
        assert min(article for article, _, _ in members) == story
        assert all(named == (story if len(members) > 1 else None) for _, _, named in members)
    assert connection.execute("SELECT count(*) FROM unsettled").fetchone()[0] == 0
    return {frozenset(value for _, value, _ in members) for members in found.values()}


CHANCE = random.Random(3)  # noqa: S311 - the same each time
A, B, C, D = (" ".join(text) for text in TEXTS[20:24])
A_CUT, A_EDITED = " ".join(cut(A.split(), 1)), " ".join(edited(A.split(), CHANCE))
A_AND_B = f"{A_CUT} {' '.join(cut(B.split(), 0))}"
FAMILY = [
    Stocked(headline="أول", body=A),
    Stocked(headline="ثان", body=A_CUT, source="jabal"),
    Stocked(headline="ثالث", body=A_EDITED, source="jabal"),
    Stocked(headline="جسر", body=A_AND_B, source="jabal"),
    Stocked(headline="رابع", body=B),
    Stocked(headline="خامس", body=C),
]
JOINED = {frozenset([A, A_CUT, A_EDITED, A_AND_B, B]), frozenset([C])}
PARTED = {frozenset([A, A_CUT, A_EDITED]), frozenset([B]), frozenset([C])}


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("family") / "news.db", FAMILY)


@pytest.fixture
def path(family: Path, tmp_path: Path) -> Path:
    """An archive of two stories, one of which a single article joins from two."""
    for name in ("news.db", "news.pages.db"):
        shutil.copy(family.with_name(name), tmp_path)
    return tmp_path / "news.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, NOW) as opened:
        yield opened


def test_in_whatever_order_articles_come_one_at_a_time_or_together_they_are_the_same_stories(
    store: Store,
) -> None:
    assert partition(store.connection) == JOINED
    for order in list(permutations(FAMILY))[::180]:
        for at_once in (1, len(order)):
            with store.transaction():
                store.connection.execute("DELETE FROM articles")
            for at in range(0, len(order), at_once):
                with store.transaction():
                    put(store.connection, order[at : at + at_once])
            assert partition(store.connection) == JOINED


AWAY = {
    "deleted": "DELETE FROM articles WHERE headline = 'جسر'",
    "edited": "UPDATE articles SET body = 'قليل من الكلام' WHERE headline = 'جسر'",
}


@pytest.mark.parametrize("how", AWAY)
def test_a_story_that_loses_the_article_that_joined_it_is_parted_again(store: Store, how: str) -> None:
    with store.transaction():
        store.connection.execute(AWAY[how])
    assert partition(store.connection) == PARTED | (
        {frozenset(["قليل من الكلام"])} if how == "edited" else set()
    )


def test_a_story_is_called_by_the_smallest_number_of_those_that_remain(store: Store) -> None:
    with store.transaction():
        store.connection.execute("DELETE FROM articles WHERE id = 1")
    assert partition(store.connection) == {frozenset([A_CUT, A_EDITED, A_AND_B, B]), frozenset([C])}


def test_an_edit_that_makes_a_copy_joins_two_stories(store: Store) -> None:
    with store.transaction():
        store.connection.execute("UPDATE articles SET lede = ?, body = ? WHERE body = ?", (A_CUT, C, C))
    assert partition(store.connection) == {frozenset([A, A_CUT, A_EDITED, A_AND_B, B, C])}


def test_a_withdrawn_article_is_of_no_story(store: Store) -> None:
    with store.transaction():
        remember(store.connection, 4)
        withdraw(store.connection, 4, Rejected(reason="listing"))
    assert partition(store.connection) == PARTED


def test_what_is_of_one_outlet_after_all_is_compared_again(tmp_path: Path) -> None:
    pieces = [
        Stocked(headline="أسعار", body=prices(1)),
        Stocked(headline="أسعار", body=prices(2), source="jabal"),
    ]
    sources = []
    with Store.open(stocked(tmp_path / "news.db", pieces), NOW) as store:
        for source in ("jabal", "wadi", "jabal"):
            with store.transaction():
                store.connection.execute("UPDATE articles SET source = ? WHERE id = 2", (source,))
            sources.append(len(partition(store.connection)))
    assert sources == [1, 2, 1]


def test_reindexing_finds_all_stories_anew(path: Path) -> None:
    with Store.open(path, NOW) as store:
        store.connection.execute("UPDATE articles SET story = NULL")
        store.connection.execute("DELETE FROM prints")
    with Store.open(path, NOW, reindex=True) as again:
        assert partition(again.connection) == JOINED


def test_what_was_left_unsettled_is_settled_when_the_archive_is_opened_to_write(path: Path) -> None:
    with Store.open(path, NOW) as store:
        store.connection.execute("UPDATE articles SET story = NULL")
        store.connection.execute("INSERT INTO unsettled SELECT id FROM articles")
    with Store.open(path, NOW) as again:
        assert partition(again.connection) == JOINED


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from newsarchive.archive.store import Store
from stock import NOW
with Store.open(Path(sys.argv[1]), NOW) as store, store.transaction():
    store.connection.execute("DELETE FROM articles WHERE id = 4")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_stories_as_they_were(path: Path) -> None:
    tests = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), tests], check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert partition(connection) == JOINED


def test_a_text_that_more_than_a_hundred_articles_have_finds_no_more_of_them(tmp_path: Path) -> None:
    pieces = [Stocked(headline="نشرة", body=A, source=("wadi", "jabal")[at % 2]) for at in range(103)]
    path = stocked(tmp_path / "news.db", pieces[:100])
    with Store.open(path, NOW) as store:
        sql = "SELECT count(story), count(DISTINCT story) FROM articles"
        assert tuple(store.connection.execute(sql).fetchone()) == (100, 1)
        for piece in pieces[100:]:
            with store.transaction():
                put(store.connection, [piece])
        assert tuple(store.connection.execute(sql).fetchone()) == (100, 1)


# -- merging and removing


def fetch(path: Path, *articles: tuple[str, str, str]) -> Path:
    """Keep articles as `fetch` does: source, name and body of each."""
    with Store.open(path, NOW) as store:
        store.keep_sources([Source(key=key, name=key) for key in ("wadi", "jabal")], NOW)
        run = store.begin_run("1", NOW)
        for source, name, body in articles:
            url = f"https://{source}.example/{name}"
            answer = Fetched(url=url, final_url=url, outcome="ok", content=name.encode(), started_at=NOW)
            receipt = store.pages.keep_request(answer, source=source, kind="page")
            made = Article(url=url, headline=f"خبر {name}", body=body, date="2024-03-11", extractor="1")
            queued = store.enqueue(source, Entry(url=url), NOW)
            keep_article(store, run, source, queued, made, fetched=answer, receipt=receipt, now=NOW)
    return path


FETCHED = [
    ("wadi", "1", C),
    ("jabal", "2", A_CUT),
    ("wadi", "3", B),
    ("wadi", "4", A),
    ("jabal", "5", A_AND_B),
    ("jabal", "6", D),
]


def stories(path: Path) -> set[frozenset[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return partition(connection, "url")


def test_merged_archives_have_the_stories_of_one_that_fetched_all(tmp_path: Path) -> None:
    whole = fetch(tmp_path / "whole.db", *FETCHED)
    one, other = (
        fetch(tmp_path / f"{name}.db", *some)
        for name, some in (("one", FETCHED[2:5]), ("other", FETCHED[:3] + FETCHED[5:]))
    )
    assert len(stories(whole)) == 3
    for ours, theirs in ((one, other), (other, one)):
        merge(tmp_path / f"{ours.stem}-first.db", ours, datetime.now(UTC))
        merge(tmp_path / f"{ours.stem}-first.db", theirs, datetime.now(UTC))
        assert stories(tmp_path / f"{ours.stem}-first.db") == stories(whole)


def test_a_removed_article_leaves_no_print_and_parts_its_story(tmp_path: Path) -> None:
    path = fetch(tmp_path / "news.db", *FETCHED)
    remove(path, "https://jabal.example/5", "a court said so", NOW)
    assert stories(path) == stories(fetch(tmp_path / "other.db", *FETCHED[:4], FETCHED[5]))
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT count(*) FROM prints WHERE article NOT IN (SELECT id FROM articles)"
        assert connection.execute(sql).fetchone() == (0,)


# -- what changed


def words_of(before: str, after: str) -> list[tuple[Piece, ...]]:
    return list(retold(before.split("\n"), after.split("\n")))


def test_a_paragraph_that_ends_elsewhere_is_no_change() -> None:
    assert (
        words_of("بدأ الحصاد باكراً\nوالقمح وفير هذا العام", "بدأ الحصاد\nباكراً والقمح وفير هذا العام") == []
    )


def test_what_changed_is_told_by_the_paragraphs_of_the_earlier_text() -> None:
    changed = words_of(
        "بدأ الحصاد باكراً\nوالقمح وفير\nوالمطاحن تعمل",
        "بدأ الحصاد متأخراً والقمح وفير\nوالمطاحن تعمل ليلاً\nوالخبز كثير",
    )
    assert changed[0] == (Piece("same", "بدأ الحصاد"), Piece("old", "باكراً"), Piece("new", "متأخراً"))
    assert [piece for pieces in changed[1:] for piece in pieces] == [
        Piece("new", "ليلاً"),
        Piece("new", "والخبز كثير"),
    ]
    assert changed_words(changed) == (1, 4)


def test_no_word_of_either_text_is_lost() -> None:
    chance = random.Random(2)  # noqa: S311 - the same each time
    for text in TEXTS[:30]:
        before, after = (
            "\n".join(" ".join(one[at : at + size]) for at in range(0, len(one), size))
            for one, size in ((text, 17), (longer(edited(text, chance), chance), 23))
        )
        counted = changed_words(words_of(before, after))
        assert counted[1] - counted[0] == len(after.split()) - len(before.split())
        assert counted[0] < 15


# -- on the command line

DAYS = ("2024-03-05", "2024-03-03", "2024-03-04", "2024-03-06", "2024-03-01", "2024-03-02")
TOLD = [
    Stocked(headline=f"{piece.headline} والسوق", body=piece.body, source=piece.source, day=day)
    for piece, day in zip(FAMILY, DAYS, strict=True)
]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Run a command in this process, on an archive of six articles: five of one story, and one of another."""
    monkeypatch.setenv("NEWSARCHIVE_DB", str(stocked(tmp_path / "news.db", TOLD)))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    pipes = signal.getsignal(signal.SIGPIPE)

    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        return int(ended.value.code or 0), capsys.readouterr().out

    yield run
    signal.signal(signal.SIGPIPE, pipes)


def ids(run: Run, *words: str) -> list[int]:
    return [int(line) for line in run("search", "السوق", "--ids", "--stories", *words)[1].split()]


def test_a_search_for_stories_has_one_hit_each_the_first_in_the_order_that_is_asked_for(run: Run) -> None:
    assert ids(run) == [4, 6]
    assert ids(run, "--sort", "oldest") == [5, 6]
    assert sorted(ids(run, "--any")) in ([1, 6], [2, 6], [3, 6], [4, 6], [5, 6])
    assert ids(run, "--source", "wadi") == [1, 6]
    assert ids(run, "--until", "2024-03-04") == [3, 6]
    assert ids(run, "--limit", "1") == [4]
    assert ids(run, "--limit", "2") == [4, 6]


@pytest.mark.parametrize(
    ("words", "number"),
    [([], 2), (["--source", "jabal"], 1), (["--until", "2024-03-02"], 2), (["--any"], 2)],
)
def test_stories_are_counted(run: Run, words: list[str], number: int) -> None:
    assert run("search", "السوق", "--stories", "--count", *words) == (0, f"{number}\n")


def test_a_story_says_how_many_articles_and_outlets_have_it_and_who_was_first(run: Run) -> None:
    line = "  5 articles in 2 outlets, first 5  2024-03-01  wadi\n"
    assert run("search", "السوق", "--stories")[1].count(line) == 1
    assert "outlets" not in run("search", "السوق")[1]


def test_a_story_is_in_json_and_csv_and_only_where_stories_are_asked_for(run: Run) -> None:
    told = {
        "id": 1,
        "articles": 5,
        "sources": 2,
        "first": 5,
        "first_source": "wadi",
        "first_date": "2024-03-01",
        "first_url": "https://wadi.example/5",
    }
    hits = json.loads(run("search", "السوق", "--stories", "--json")[1])
    assert hits[0]["story"] == told
    assert (hits[1]["story"]["id"], hits[1]["story"]["articles"], hits[1]["story"]["first"]) == (6, 1, 6)
    lines = run("search", "السوق", "--stories", "--jsonl")[1].splitlines()
    assert [json.loads(line) for line in lines] == hits
    rows = list(csv.DictReader(io.StringIO(run("search", "السوق", "--stories", "--csv")[1])))
    assert [(row["story_articles"], row["story_sources"], row["first_source"]) for row in rows] == [
        ("5", "2", "wadi"),
        ("1", "1", "wadi"),
    ]
    assert "story" not in run("search", "السوق", "--json")[1] + run("search", "السوق", "--csv")[1]


def test_a_story_of_which_one_copy_was_shown_is_not_new(run: Run) -> None:
    assert run("search", "السوق", "--stories", "--new", "سوق", "--limit", "1", "--ids") == (0, "4\n")
    more = Stocked(headline="سادس والسوق", body=A_EDITED, day="2024-03-19")
    with Store.open(Path(os.environ["NEWSARCHIVE_DB"]), NOW) as store, store.transaction():
        put(store.connection, [more])
    assert run("search", "--new", "سوق", "--ids") == (0, "6\n")
    assert run("search", "--new", "سوق", "--ids") == (1, "")
    assert run("search", "السوق", "--new", "كل", "--ids")[1].split() == ["7", "4", "1", "3", "2", "6", "5"]


def test_an_article_is_shown_with_its_copies_and_how_much_each_says_otherwise(run: Run) -> None:
    shown = run("show", "1")[1].splitlines()
    at = shown.index("copies: 5 articles in 2 outlets, first 5  2024-03-01  wadi")
    third = len(A.split()) // 3
    assert [line.split("  ")[:4] for line in shown[at + 1 :]] == [
        [str(n), DAYS[n - 1], TOLD[n - 1].source, f"https://{TOLD[n - 1].source}.example/{n}"]
        for n in (5, 2, 3, 4)
    ]
    assert shown[at + 2].endswith(f"  {third + 1} words out, 1 in")  # of the headline one each
    assert "copies" not in run("show", "6")[1]


def test_what_copies_say_otherwise_is_shown_word_by_word(run: Run) -> None:
    code, shown = run("show", "2", "--copies")
    tail = " ".join(A.split()[-(len(A.split()) // 3) :])
    assert code == 0
    assert f"{{+{tail}+}}" in shown
    assert "[-ثان-] {+أول+} والسوق" in shown
    assert "no copy of it is known" in run("show", "6", "--copies")[1]


def test_copies_are_in_json(run: Run) -> None:
    copies = json.loads(run("show", "1", "--json")[1])["copies"]
    assert [(one["id"], one["source"], one["date"]) for one in copies] == [
        (n, TOLD[n - 1].source, DAYS[n - 1]) for n in (5, 2, 3, 4)
    ]
    whole = json.loads(run("show", "1", "--copies", "--json")[1])["copies"]
    assert [{**one, "paragraphs": None} for one in whole] == [{**one, "paragraphs": None} for one in copies]
    for one in whole:
        out = sum(
            len(piece["text"].split())
            for pieces in one["paragraphs"]
            for piece in pieces
            if piece["kind"] == "old"
        )
        assert out == one["words_out"]
    assert json.loads(run("show", "6", "--json")[1])["copies"] == []


def test_from_python_stories_and_copies_are_asked_for_alike(family: Path) -> None:
    with Archive(family) as archive:
        assert len(archive.search("أول OR ثان OR خامس", stories=True)) == 2
        record = archive.article(1)
        assert record is not None
        assert [one.id for one in archive.copies(1)] == [2, 3, 4, 5]
        assert (archive.story(record).articles, archive.story(record).sources) == (5, 2)
