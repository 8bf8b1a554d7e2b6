"""What an index answers is what plain SQL would say of all articles, however many they are and whatever way it takes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from newsarchive.archive import Archive
from newsarchive.archive.finding import Filters, any_of, best, best_of_any, count, in_order, narrowed
from newsarchive.archive.matching import Index, Match
from newsarchive.archive.store import Store
from newsarchive.models import Source
from stock import NOW

# More than the numbers at which another way is taken: half of them match, and those without a word make a window large.
SIZE = 4_200
WORDLESS = 50_000
FIRST = date(2020, 1, 1)
DAYS = 200
INDEXES: tuple[Index, Index] = ("articles_fts", "articles_stems")
WEIGHTS = "1.0, 2.0, 4.0, 4.0"


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of an article without asking for it; the days do not follow the numbers."""

    id: int

    @property
    def day(self) -> date:
        return FIRST + timedelta(days=self.id * 79 % DAYS)

    @property
    def source(self) -> str:
        return "wadi" if self.id % 3 == 0 else "jabal"

    @property
    def language(self) -> str | None:
        return ("ar", "ar-SY", "en", None)[self.id % 4]


WORDS: dict[str, Callable[[int], bool]] = {
    "قطن": lambda number: number % 2 == 1,
    "قمح": lambda number: number % 3 > 0,
    "ورد": lambda number: number % 7 == 0,
    "نخل": lambda number: number % 100 == 0,
    "تين": lambda number: number == 79,
    "لوز": lambda number: False,  # noqa: ARG005 - in no article
}
# Together more matches than are ranked. The commonest alone is in the last hundred articles.
*LESS_COMMON, COMMONEST = COMMON = [f"صنف{letter}" for letter in "بتثجحخدذرزسشص"]
WORDS |= dict.fromkeys(LESS_COMMON, lambda number: number <= SIZE - 100)
WORDS[COMMONEST] = lambda number: number > 0


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose indexes were filled by hand: the triggers would take seconds."""
    path = tmp_path_factory.mktemp("finding") / "news.db"
    rows = list(map(Row, range(1, SIZE + 1)))
    words = [(row.id, " ".join(word for word, has in WORDS.items() if has(row.id))) for row in rows]
    with Store.open(path, NOW) as store:
        store.keep_sources([Source(key=key, name=key) for key in ("wadi", "jabal")], NOW)
        with store.transaction():
            store.connection.execute("DROP TRIGGER articles_insert")
            store.connection.executemany(_ARTICLE, [_values(row) for row in rows])
            store.connection.execute(_WORDLESS, (SIZE + 1, SIZE + WORDLESS))
            store.connection.executemany("INSERT INTO articles_fts (rowid, norm) VALUES (?, ?)", words)
            store.connection.executemany("INSERT INTO articles_stems (rowid, once) VALUES (?, ?)", words)
    return path


_ARTICLE = """INSERT INTO articles (id, source, date, headline, body, url, language, first_seen, fetched_at, sort_at, hash, extractor)
VALUES (?, ?, ?, '', '', ?, ?, '', '', ?, '', '')"""
_WORDLESS = """WITH RECURSIVE numbers(id) AS (SELECT ? UNION ALL SELECT id + 1 FROM numbers WHERE id < ?)
INSERT INTO articles (id, source, date, headline, body, url, first_seen, fetched_at, sort_at, hash, extractor)
SELECT id, 'wadi', '2010-01-01', '', '', id, '', '', '2010-01-01T12:00:00Z', '', '' FROM numbers"""


def _values(row: Row) -> tuple[object, ...]:
    day = str(row.day)
    return row.id, row.source, day if row.id % 50 else None, row.id, row.language, f"{day}T12:00:00Z"


@pytest.fixture(scope="module")
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


MONTH = {"since": FIRST + timedelta(days=100), "until": FIRST + timedelta(days=130)}
ALL_FILTERS = [
    {},
    {"source": "wadi"},
    {"since": FIRST + timedelta(days=198)},
    {"until": FIRST},
    MONTH,
    {"since": FIRST, "until": FIRST + timedelta(days=DAYS)},
    {"since": date.min},
    {"since": FIRST + timedelta(days=DAYS)},
    {"language": "ar"},
    {"source": "jabal", "language": "en", **MONTH},
]


@cache
def passing(filters: Filters) -> list[Row]:
    """Return the articles that pass, newest first."""

    def passes(row: Row) -> bool:
        return (
            filters.source in {None, row.source}
            and (filters.since or date.min) <= row.day <= (filters.until or date.max)
            and (filters.language is None or f"{row.language}-".startswith(f"{filters.language}-"))
        )

    rows = filter(passes, map(Row, range(1, SIZE + 1)))
    return sorted(rows, key=lambda row: (row.day, row.id), reverse=True)


ASKED: list[tuple[str, Callable[[int], bool]]] = [
    ('"قطن"', WORDS["قطن"]),
    ('"قطن" AND "قمح"', lambda number: WORDS["قطن"](number) and WORDS["قمح"](number)),
    ('"قمح" NOT "قطن"', lambda number: WORDS["قمح"](number) and not WORDS["قطن"](number)),
    ('"ورد"', WORDS["ورد"]),
    ('"نخل"', WORDS["نخل"]),
    ('"تين"', WORDS["تين"]),
    ('"لوز"', WORDS["لوز"]),
]


@pytest.mark.parametrize("given", ALL_FILTERS, ids=range(len(ALL_FILTERS)))
def test_articles_come_in_the_order_of_their_instants_however_many_match(
    connection: sqlite3.Connection, given: dict[str, object]
) -> None:
    filters = narrowed(connection, Filters(**given))  # type: ignore[arg-type]
    there = passing(Filters(**given))  # type: ignore[arg-type]
    for text, has in ASKED:
        expected = [row.id for row in there if has(row.id)]
        match = Match(index="articles_fts", text=text)
        assert count(connection, match, filters) == len(expected)
        for limit in (700, SIZE):
            assert in_order(connection, match, filters, limit) == expected[:limit]
        assert in_order(connection, match, filters, 20, oldest=True) == expected[::-1][:20]


def test_two_indexes_are_asked_as_one(connection: sqlite3.Connection) -> None:
    asked = {name: Match(index=INDEXES[at % 2], text=f'"{name}"') for at, name in enumerate(WORDS)}
    cotton_or_rose = replace(asked["قطن"], then=(("UNION", asked["ورد"]),))
    without_palm = replace(cotton_or_rose, then=(*cotton_or_rose.then, ("EXCEPT", asked["نخل"])))
    wheat = replace(asked["قمح"], then=(("INTERSECT", without_palm), ("UNION", asked["تين"])))

    def has(number: int) -> bool:
        either = WORDS["قطن"](number) or WORDS["ورد"](number)
        return (WORDS["قمح"](number) and either and not WORDS["نخل"](number)) or number == 79

    expected = list(filter(has, range(1, SIZE + 1)))
    assert [row[0] for row in connection.execute(*wheat.select())] == expected
    assert [row[0] for row in connection.execute(*wheat.select((50, 900)))] == [
        n for n in expected if 50 <= n <= 900
    ]
    for given in ALL_FILTERS:
        filters = narrowed(connection, Filters(**given))  # type: ignore[arg-type]
        there = [row.id for row in passing(Filters(**given)) if has(row.id)]  # type: ignore[arg-type]
        assert count(connection, wheat, filters) == len(there)
        assert in_order(connection, wheat, filters, 20) == there[:20]
        assert in_order(connection, wheat, filters, SIZE, oldest=True) == there[::-1]


def ranked(connection: sqlite3.Connection, text: str, ids: list[int], limit: int) -> list[int]:
    sql = (
        "SELECT rowid FROM articles_stems WHERE articles_stems MATCH ? AND +rowid IN (SELECT value FROM json_each(?)) "  # noqa: S608 - our own
        f"ORDER BY bm25(articles_stems, {WEIGHTS}), rowid DESC LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (text, json.dumps(ids), limit))]


@pytest.mark.parametrize("given", ALL_FILTERS, ids=range(len(ALL_FILTERS)))
def test_the_best_within_a_window_are_the_best_of_all_that_lie_in_it(
    connection: sqlite3.Connection, given: dict[str, object]
) -> None:
    filters = Filters(**given)  # type: ignore[arg-type]
    ids = [row.id for row in passing(filters)]
    for text, _ in ASKED:
        expected = ranked(connection, text, ids, 20)
        assert best(connection, text, filters, 20) == expected
    among = Match(index="articles_fts", text='"قطن"')
    both = best(connection, '"قمح" OR "ورد"', filters, 20, among=among)
    assert both == ranked(connection, '"قمح" OR "ورد"', [one for one in ids if WORDS["قطن"](one)], 20)


@pytest.mark.parametrize("given", ALL_FILTERS, ids=range(len(ALL_FILTERS)))
def test_the_best_of_any_have_the_rarest_of_the_words(
    connection: sqlite3.Connection, given: dict[str, object]
) -> None:
    filters = Filters(**given)  # type: ignore[arg-type]
    ids = [row.id for row in passing(filters)]
    for words in (["قطن"], ["ورد", "نخل"], ["لوز", "تين"], ["لوز"]):
        pairs = [(f'"{word}"', f'"ة{word}"') for word in words]
        assert best_of_any(connection, pairs, filters, 20) == ranked(connection, any_of(pairs), ids, 20)
        odd = [one for one in ids if WORDS["قطن"](one)]
        expected = ranked(connection, any_of(pairs), odd, 20)
        assert (
            best_of_any(connection, pairs, filters, 20, among=Match(index="articles_fts", text='"قطن"'))
            == expected
        )
    pairs = [(f'"{word}"', f'"ة{word}"') for word in (*COMMON, "نخل")]
    rare = ranked(connection, any_of(pairs), [one for one in ids if WORDS["نخل"](one)], 20)
    assert best_of_any(connection, pairs, filters, 20)[: len(rare)] == rare


def test_all_with_any_of_many_words_can_be_had_those_with_the_rarest_first(path: Path) -> None:
    with Archive(path) as archive:
        search = archive.find(f"{' '.join(COMMON)} تين لوز -ورد", any_word=True)
        expected = {number for number in range(1, SIZE + 1) if number % 7}
        assert search.count() == len(expected)
        assert set(search.ids(None)) == expected
        assert len(search.ids(None)) == len(expected)
        assert search.ids(20)[0] == 79


def test_the_best_of_all_can_be_had_to_the_last(path: Path) -> None:
    with Archive(path) as archive:
        search = archive.find("قطن")
        assert sorted(search.ids(None, "best")) == list(range(1, SIZE + 1, 2))
        assert len(search.ids(SIZE // 3, "best")) == SIZE // 3
