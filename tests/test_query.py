"""The query language: what is typed is read as people mean it, and finds what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.arabic import fold, lexicon
from newsarchive.archive import Archive
from newsarchive.archive.finding import Filters
from newsarchive.archive.found import Found
from newsarchive.archive.query import Reading, exact, parse
from newsarchive.archive.store import Store
from newsarchive.errors import QueryError
from newsarchive.models import Source
from stock import NOW, Piece, put, stocked

READINGS: tuple[Reading, ...] = ("words", "forms", "stems")

# -- what is read alike

ALIKE = [
    # quotes of all kinds, closed or not
    ('"معرض الكتاب"', "«معرض الكتاب»"),
    ('"معرض الكتاب"', "“معرض الكتاب”"),
    ('"معرض الكتاب"', "”معرض الكتاب“"),
    ('"معرض الكتاب"', "„معرض الكتاب“"),
    ('"معرض الكتاب"', "»معرض الكتاب«"),
    ('"معرض الكتاب"', '"معرض الكتاب'),
    ('"معرض الكتاب"', "«معرض الكتاب"),
    ('"معرض الكتاب"', "«معرض “الكتاب”»"),
    ('"معرض الكتاب"', '"  معرض، الكتاب!  "'),
    ('حلب "معرض الكتاب"', 'حلب"معرض الكتاب'),
    ("حلب", '"حلب"'),
    # not
    ("حلب -دمشق", "-دمشق حلب"),
    ("حلب -دمشق", "حلب NOT دمشق"),
    ("حلب -دمشق", "حلب AND NOT دمشق"),
    ("حلب -دمشق", "حلب NOT(دمشق)"),
    ("حلب -دمشق", "حلب (-دمشق)"),
    ("حلب -دمشق", "(حلب -دمشق)"),
    # phones and word processors make other dashes of it
    *(("حلب -دمشق", f"حلب {dash}دمشق") for dash in "‐‑–−﹣－"),
    ("حلب -دمشق", "–دمشق حلب"),
    ("حلب -دمشق", "(–دمشق حلب)"),
    ('حلب -"معرض الكتاب"', "حلب –«معرض الكتاب»"),
    ("حلب -دمشق", "حلب -(دمشق)"),
    ('حلب -"معرض الكتاب"', "حلب -«معرض الكتاب»"),
    ('حلب -"معرض الكتاب"', 'حلب NOT"معرض الكتاب"'),
    # and is no negation
    ("حلب دمشق", "حلب - دمشق"),
    ("حلب دمشق", "حلب – دمشق"),
    ("حلب دمشق", "حلب –– دمشق"),
    ("حلب دمشق", "حلب –-دمشق"),
    ("حلب دمشق", "حلب،–دمشق"),
    ("حلب دمشق", "حلب --دمشق"),
    ("حلب دمشق", "حلب ! دمشق"),
    ("حلب", "حلب -"),
    ("حلب", "حلب NOT"),
    ("حلب", "حلب -*"),
    ("حلب", 'حلب -"؟"'),
    # or
    ("حلب OR دمشق", "حلب | دمشق"),
    ("حلب OR دمشق", "حلب || دمشق"),
    ("حلب OR دمشق", "حلب|دمشق"),
    ("حلب OR دمشق", "(حلب) OR(دمشق)"),
    ("حلب OR دمشق", "OR حلب OR OR دمشق OR"),
    ("حلب OR دمشق", "حلب | ؟ | دمشق"),
    ("حمص (حلب OR دمشق)", "حمص حلب OR دمشق"),
    ("(حلب OR دمشق) حمص", "حلب OR دمشق AND حمص"),
    # and
    ("حلب دمشق", "حلب AND دمشق"),
    ("حلب دمشق", "حلب AND AND دمشق AND"),
    ("حلب دمشق", "حلب،دمشق"),
    ("حلب دمشق", "حلب؛ دمشق."),
    # brackets
    ("حلب دمشق", "((حلب) (دمشق))"),
    ("حلب دمشق", "((حلب دمشق"),
    ("حلب دمشق", "حلب)) دمشق)"),
    ("حلب دمشق", "(حلب( دمشق"),
    ("حلب", "() حلب (())"),
    # prefixes
    ("حلب*", "حلب**"),
    ('"حلب*"', "حلب*"),
    ('"معرض الكت*"', "«معرض الكت*»"),
    ('"معرض الكت"', '"معرض الكت" *'),
    # the headline
    ("headline:حلب", "headline: حلب"),
    ("headline:حلب", "Headline:حلب"),
    ("headline:حلب", "headline:headline:حلب"),
    ("headline:حلب", "headline:(headline:حلب)"),
    ("headline:حلب", 'headline:"حلب"'),
    ("headline:حلب headline:دمشق", "headline:(حلب دمشق)"),
    ("headline:حلب OR headline:دمشق", "headline:(حلب OR دمشق)"),
    ("headline:حلب -headline:دمشق", "headline:(حلب -دمشق)"),
    ("headline:حلب دمشق", "(headline:حلب) دمشق"),
    # what comes along with what is pasted
    ("حلب -دمشق", "\u202bحلب\u202c \u200f-\u200fدمشق\u200f"),
    ("headline:حلب", "\ufeff\u2067headline:\u200fحلب\u2069"),
    ("حلب دمشق", "حلب\u00a0دمشق\n"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_means_the_same_is_read_alike(one: str, other: str) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("دا-عش", ("داعش",)),
        ("عـ.ـاجـ.ـل", ("عاجل",)),
        ("2023م", ("2023", "م")),
        ("بي.بي.سي", ("بي", "بي", "سي")),
        ("covid-19", ("covid", "19")),
        ("كوفيد–19", ("كوفيد", "19")),
        ("don't", ("don", "t")),
        ("a:b", ("a", "b")),
        ("٢٠١٨/١/٩", ("2018", "1", "9")),
    ],
)
def test_what_is_typed_without_a_space_stands_together(text: str, words: tuple[str, ...]) -> None:
    assert parse(text) == parse(f'"{text}"')
    assert getattr(parse(text), "words", ()) == words


HELP = [
    ("", "holds no word"),
    ("  \n", "holds no word"),
    ("؟!", "holds no word"),
    ('""', "holds no word"),
    ("«", "holds no word"),
    ("()", "holds no word"),
    ("OR", "holds no word"),
    ("NOT", "holds no word"),
    ("AND OR | AND", "holds no word"),
    ("headline:", "holds no word"),
    ("ـ", "holds no word"),
    ("\u0651\u064e", "holds no word"),
    ("\U0001f600", "holds no word"),
    ("\ud83d", "holds no word"),
    ("-دمشق", "add a word that must"),
    ("-(دمشق حلب)", "add a word that must"),
    ("-headline:دمشق", "add a word that must"),
    ("NOT دمشق", "add a word that must"),
    ("(-دمشق) (-حلب)", "add a word that must"),
    ("حلب OR -دمشق", "cannot stand beside OR"),
    ("-دمشق OR حلب", "cannot stand beside OR"),
    ("حلب | NOT دمشق", "cannot stand beside OR"),
    ("(-دمشق) OR حلب", "cannot stand beside OR"),
    ("حلب -(-دمشق)", "take one - away"),
    ("حلب headline:-دمشق", "before headline:"),
    ("ا*", "at least two letters"),
    ("حلب -و*", "at least two letters"),
    ("(" * 9 + "حلب", "brackets within each other"),
    ("حلب " * 65, "more than 64 words"),
    (f'"{"حلب " * 65}"', "more than 64 words"),
    ("قمح" + " -حلب" * 64, "more than 64 words"),
    ("ق" * 10_001, "10,001 characters"),
    (" ".join(f"قم{letter}*" for letter in "بتثجحخدذر"), r"more than 8 words with a \*"),
    ("حلب " + " ".join(f"(ال* OR كلمة{number})" for number in range(9)), r"more than 8 words with a \*"),
    ("-" * 9_999, "holds no word"),
]


@pytest.mark.parametrize(("query", "said"), HELP, ids=range(len(HELP)))
def test_what_cannot_be_looked_for_is_said_in_one_line(path: Path, query: str, said: str) -> None:
    for reading in READINGS:
        with Archive(path) as archive, pytest.raises(QueryError, match=said) as raised:
            archive.find(query, reading=reading)
        assert "\n" not in str(raised.value)
        assert len(str(raised.value)) < 200


def test_what_is_asked_for_in_error_is_not_repeated_whole(path: Path) -> None:
    asked: list[dict[str, Any]] = [{"source": "س" * 999}, {"language": "ل" * 999}]
    with Archive(path) as archive:
        for how in asked:
            with pytest.raises(QueryError) as raised:
                archive.find("حلب", **how)
            assert len(str(raised.value)) < 200 + len(str(path))


def test_the_same_prefix_is_asked_for_once(path: Path) -> None:
    assert found(path, "ال* " * 64) == found(path, "ال*")
    assert exact(parse("ال* " * 64), lexicon()).count("*") == 1
    with Archive(path) as archive:
        for reading in READINGS:
            once, often = (archive.find(text, reading=reading).match for text in ("ال*", "ال* " * 64))
            assert len(often.select()[0]) <= len(once.select()[0])


def test_a_pasted_paragraph_can_be_looked_for_by_any_of_its_words(path: Path) -> None:
    paragraph = " ".join(f"نص{one}{other}" for one in "بتثجحخد" for other in "ذرزسشصضطغ")
    with Archive(path) as archive:
        assert archive.search(f"{paragraph} حلب", any_word=True) != ()  # ranked by other words
        assert archive.search(f"{paragraph} حلب {'في ' * 99} {paragraph}", any_word=True) != ()
        with pytest.raises(QueryError, match="more than 64 words"):
            archive.find(f"{paragraph} حلب دمشق", any_word=True)


# -- what is found in a small archive

PIECES = {
    "rain": Piece(
        headline="أمطار على دمشق وحلب",
        lede="فاضت السواقي في ريف حماة.",
        body="هطلت الأمطار ثلاثة أيام عام 2023م، وتأخر معها موسم البذار.",
        day="2024-03-01",
    ),
    "fair": Piece(
        headline="معرض الكتاب يعود إلى حلب",
        body="اشترى الزوار قاموساً وكتاباً قديماً. المعرض مفتوح حتى الجمعة.",
        day="2024-03-02",
    ),
    "guard": Piece(
        headline='خلايا "دا-عش" تهاجم نقطة حراسة',
        body="نفت الإدارة أن يكون في البلدة أحد منهم.",
        day="2024-03-03",
        source="jabal",
    ),
    "road": Piece(
        headline="طريق جديد إلى الرقة",
        body="فتحت قوات سوريا الديمقراطية الطريق أمام الحافلات القادمة من حلب.",
        day="2024-03-04",
    ),
    "match": Piece(
        headline="بي.بي.سي تنقل مباراة دمشق",
        body="ملعب حمص بلا جمهور، والبث يبدأ ليلاً.",
        day="2024-03-05",
        source="jabal",
        language="ar-SY",
    ),
    "author": Piece(headline="كاتب من حمص يفوز بجائزة", body="كتبها في دمشق خلال عامين.", day="2024-03-06"),
    "mill": Piece(
        headline="Aleppo's cotton mill reopens",
        body="The mill in حلب spins SDF-grown cotton again.",
        day="2024-03-07",
        language="en",
    ),
    "well": Piece(headline="حفر بئر في درعا", body="كتاب وقلم ومحبرة من دمشق.", day=None, language=None),
}
NAMES = dict(enumerate(PIECES, 1))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("query") / "news.db", PIECES.values())


def found(path: Path, query: str, sort: str | None = None, **asked: object) -> str:
    """Return the names of what is found, in order."""
    with Archive(path) as archive:
        search = archive.find(query, **asked)  # type: ignore[arg-type]
        ids = search.ids(None, sort)  # type: ignore[arg-type]
        assert search.count() == len(ids)
        assert [hit.record.id for hit in search.hits(None, sort)] == ids  # type: ignore[arg-type]
        return " ".join(NAMES[one] for one in ids)


FOUND = [
    ("حلب", "mill road fair rain"),
    ("حلب دمشق", "rain"),
    ("دمشق", "well author match rain"),
    ("دمشق -حلب", "well author match"),
    ("دمشق -حلب -حمص", "well"),
    ("دمشق -(حلب OR حمص)", "well"),
    ("دمشق -(حمص جائزة)", "well match rain"),
    ("دمشق -(حمص -جائزة)", "well author rain"),
    ('حلب -"معرض الكتاب"', "mill road rain"),
    ("حلب -معرض -طريق", "mill rain"),
    ("درعا OR الرقة", "well road"),
    ("حمص درعا OR جائزة", "author"),
    ("(حمص جائزة) | درعا", "well author"),
    ("(حلب -معرض) OR (حمص -جائزة)", "mill match road rain"),
    ('"معرض الكتاب"', "fair"),
    ('"الكتاب معرض"', ""),
    ('"على دمشق وحلب"', "rain"),
    ('"على دمشق حلب"', ""),
    ('"معرض الكت*"', "fair"),
    ('"معرض يعود*"', ""),
    ("كتا*", "well fair"),
    ("الزو*", "fair"),
    ("زوا*", "fair"),  # «الزوار» without its article
    ("ادار*", "guard"),
    ("headline:حلب", "fair rain"),
    ("headline:دمشق", "match rain"),
    ("headline:الرقه", "road"),
    ("headline:رقة", "road"),
    ("headline:(دمشق حلب)", "rain"),
    ('headline:"معرض الكتاب"', "fair"),
    ('headline:"على دمشق وحلب"', "rain"),
    ('headline:"دمشق وحلب على"', ""),
    ("headline:كتا*", "fair"),
    ("دمشق -headline:دمشق", "well author"),
    ("headline:حلب OR headline:درعا", "well fair rain"),
    ("headline:معرض المعرض", "fair"),
    ("دا-عش", "guard"),
    ("داعش", "guard"),
    ("حراسة -داعش", ""),
    ("2023م", "rain"),
    ("2023", "rain"),
    ("٢٠٢٣", "rain"),
    ("بي.بي.سي", "match"),
    ("بي بي سي", "match"),
    ("قاموس", "fair"),
    ("الادارة", "guard"),
    ("cotton", "mill"),
    ("COTTON -wool", "mill"),
    ("aleppo's", "mill"),
    ("قسد", "mill road"),
    ("SDF", "mill road"),
    ('"قوات سوريا الديمقراطية"', "mill road"),
    ('"قوات سوريا الديمقراطية" -الحافلات', "mill"),
    ("في من", "author well"),
]


@pytest.mark.parametrize(("query", "names"), FOUND)
def test_a_query_finds_what_it_says_newest_first(path: Path, query: str, names: str) -> None:
    expected = sorted(names.split(), key=lambda name: PIECES[name].day or "2024-03-10", reverse=True)
    assert found(path, query).split() == expected


# What each reading finds: words, forms, stems.
LOOSER = [
    ("وكتاب", "fair", "well fair", "well author fair"),
    ("كتاب", "well fair", "well fair", "well author fair"),
    ("لحلب", "", "mill road fair rain", "mill road fair rain"),
    ('"حلب دمشق"', "", "rain", "rain"),
    ("headline:للكاتب", "", "author", "author fair"),
    ("headline:(للكاتب OR ببئر)", "", "well author", "well author fair"),
    # what must not be there is meant as it is typed
    ("دمشق -كتاب", *["author match rain"] * 3),
    ("دمشق -بكتاب", *["well author match rain"] * 3),
    ('لحلب -"معرض جديد"', "", *["mill road fair rain"] * 2),
    ('لحلب -"معرض الكتاب"', "", *["mill road rain"] * 2),
    ("(لحلب -معرض) OR (بحمص -جائزة)", "", *["mill match road rain"] * 2),
    ("حلب (لحلب -معرض) OR بطريق", "", *["mill road rain"] * 2),
    # a prefix, too; also of words with the article, and of which the index has another spelling
    ("الزو*", "fair", "fair", "fair"),
    ("داع*", "guard", "guard", "guard"),
    ("قس*", "mill road", "mill road", "mill road"),
    ("الزو* بالكتاب", "", "fair", "fair"),
    ("ببئر OR الزو*", "fair", "well fair", "well fair"),
    ("(ببئر OR الزو*) بكتاب", "", "well fair", "well fair"),
    ("لحلب -الزو*", "", "mill road rain", "mill road rain"),
    # a name of several words
    ("قسد", *["mill road"] * 3),
    ("درعا OR بالمحبرة", "well", "well", "well"),
    ("ادار*", "guard", "guard", "guard"),
    ("بالحافلات في", "", "road", "road"),
    (
        "في",
        "well author guard rain",
        "well author guard rain",
        "well author guard rain",
    ),  # tells nothing: as typed
]


@pytest.mark.parametrize(("query", "words", "forms", "stems"), LOOSER)
def test_a_looser_reading_finds_other_forms_and_then_all_of_a_stem(
    path: Path, query: str, words: str, forms: str, stems: str
) -> None:
    for reading, names in zip(READINGS, (words, forms, stems), strict=True):
        assert set(found(path, query, reading=reading).split()) == set(names.split())


def test_it_is_said_how_many_more_a_looser_reading_finds(path: Path) -> None:
    with Archive(path) as archive:
        for query in [query for query, *_ in [*FOUND, *LOOSER]]:
            counts = {reading: archive.find(query, reading=reading).count() for reading in READINGS}
            for reading, number in counts.items():
                said = archive.find(query, reading=reading).looser()
                numbers = [number, *(more for _, more in said)]
                assert numbers == sorted(set(numbers))
                assert all(counts[looser] == more for looser, more in said)
                later = READINGS[READINGS.index(reading) + 1 :]
                assert max(numbers) == max(number, *(counts[looser] for looser in later), 0)


def test_a_looser_reading_finds_all_that_a_narrower_one_does(opened: Archive) -> None:
    for query in [query for query, *_ in [*FOUND, *LOOSER]]:
        searches = [
            *(opened.find(query, reading=reading) for reading in READINGS),
            opened.find(query, any_word=True),
        ]
        for narrower, looser in pairwise(set(search.ids(None, "newest")) for search in searches):
            assert narrower <= looser, query


def test_any_word_will_do_best_first(path: Path) -> None:
    assert set(found(path, "مباراة بئر", any_word=True).split()) == {"match", "well"}
    assert found(path, "دمشق مباراة", any_word=True).split()[0] == "match"
    assert set(found(path, "كاتب بئر", any_word=True).split()) == {"author", "well", "fair"}
    assert found(path, "بئر لحلب -طريق", "newest", any_word=True) == "well mill fair rain"
    assert found(path, "بئر لحلب -headline:معرض", "oldest", any_word=True) == "rain road mill well"
    assert found(path, "headline:(مباراة حلب)", "oldest", any_word=True) == "rain fair match"
    assert found(path, 'لحلب -"معرض الكتاب" بئر', "newest", any_word=True) == "well mill road rain"
    assert found(path, "بئر لحلب -الكاتب", "newest", any_word=True) == "well mill road fair rain"
    assert found(path, "(لحلب -معرض -قطن) OR بئر", "newest", any_word=True) == "well mill road rain"
    assert found(path, "(لحلب -معرض) OR بئر", any_word=True).split()[0] == "well"
    assert found(path, "قس* بئر", "newest", any_word=True) == "well mill road"
    assert found(path, "قس*", any_word=True) == "mill road"
    assert found(path, "قسد", any_word=True) == "mill road"
    assert found(path, '"قوات سوريا الديمقراطية"', "newest", any_word=True).startswith("mill road")
    assert found(path, "في من", any_word=True) == found(path, "في OR من")  # tell nothing: as typed
    assert found(path, "في من درعا", any_word=True) == "well"
    with Archive(path) as archive:
        assert archive.find("كاتب بئر", any_word=True).looser() == []


def test_the_best_is_about_it_and_not_only_with_it(path: Path) -> None:
    assert found(path, "حمص", "best") == "author match"  # in the headline
    assert found(path, "دمشق", "best").split()[-1] in {"well", "author"}
    assert set(found(path, "حلب", "best").split()) == {"rain", "fair", "road", "mill"}
    assert found(path, "في من", "best") == "well author"  # no words to rank by: newest first


def test_articles_are_put_in_order_by_their_instants(path: Path) -> None:
    assert found(path, "دمشق") == "well author match rain"
    assert found(path, "دمشق", "newest") == "well author match rain"
    assert found(path, "دمشق", "oldest") == "rain match author well"


@pytest.mark.parametrize("sort", ["newest", "best", "oldest"])
@pytest.mark.parametrize("any_word", [False, True])
def test_what_is_found_is_narrowed_by_day_source_language_and_headline(
    path: Path, sort: str, *, any_word: bool
) -> None:
    def names(query: str, **asked: object) -> set[str]:
        return set(found(path, query, sort, any_word=any_word, **asked).split())

    assert names("دمشق", source="jabal") == {"match"}
    assert names("دمشق", since=date(2024, 3, 5)) == {"match", "author", "well"}
    assert names("دمشق", until=date(2024, 3, 5)) == {"match", "rain"}
    assert names("دمشق", since=date(2024, 3, 2), until=date(2024, 3, 6)) == {"match", "author"}
    assert names("دمشق", since=date(2024, 3, 10), until=date(2024, 3, 10)) == {"well"}  # first seen then
    assert names("دمشق", since=date(2024, 3, 11)) == set()
    assert names("حلب", language="en") == {"mill"}
    assert names("دمشق", language="ar") == {"match", "author", "rain"}
    assert names("دمشق", language="AR-sy") == {"match"}
    assert names("حلب", in_headline=True) == {"rain", "fair"}
    assert names("دمشق", in_headline=True, source="jabal", since=date(2024, 3, 5)) == {"match"}


def test_a_day_that_an_article_states_counts_even_if_it_was_seen_long_before(tmp_path: Path) -> None:
    path = stocked(
        tmp_path / "news.db", [Piece(headline="قمح", day=day) for day in ("2024-05-01", "2024-03-01")]
    )
    with Store.open(path, NOW) as store, store.transaction():
        store.connection.execute("UPDATE articles SET sort_at = '2024-03-02T12:00:00Z' WHERE id = 1")
    with Archive(path) as archive:
        for since, until, ids in (
            (date(2024, 4, 1), None, [1]),
            (date(2024, 4, 1), date(2024, 5, 1), [1]),
            (None, date(2024, 4, 1), [2]),
            (date(2024, 2, 1), None, [1, 2]),
        ):
            for any_word in (False, True):
                search = archive.find("قمح", since=since, until=until, any_word=any_word)
                assert search.count() == len(ids)
                assert all(sorted(search.ids(None, sort)) == ids for sort in ("newest", "oldest", "best"))
                assert sorted(search.ids(1, "newest")) == ids[:1]


def test_a_number_of_results_is_the_first_of_all(path: Path) -> None:
    with Archive(path) as archive:
        for query, any_word in (("حلب", False), ("حلب دمشق", True), ("في", False)):
            search = archive.find(query, any_word=any_word)
            for sort in ("newest", "oldest", "best"):
                every = search.ids(None, sort)
                assert [search.ids(most, sort) for most in range(1, 9)] == [
                    every[:most] for most in range(1, 9)
                ]


# -- what is found is what a plain reading of the texts finds

VOCABULARY = [
    *("حلب", "بحلب", "دمشق", "سوريا", "وسورية", "الأمن", "للأمن", "مدرسة", "المدرسه", "قاموساً", "قاموس"),
    *(
        "قسد",
        "SDF",
        "قوات",
        "سوريا",
        "الديمقراطية",
        "دا-عش",
        "داعش",
        "2023م",
        "٢٠٢٣",
        "بي.بي.سي",
        "bbc",
        "في",
    ),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a query: how it is written, and whether a text has it."""

    written: str
    holds: Callable[[Piece], bool]


def norm(piece: Piece, *, headline: bool) -> list[str]:
    """The words in order; no phrase reaches from the headline into the text."""
    rest = [] if headline else ["", *fold(f"{piece.lede or ''}\n{piece.body}").split()]
    return fold(piece.headline).split() + rest


def known(piece: Piece, *, headline: bool) -> set[str]:
    parts = [piece.headline] if headline else [piece.headline, piece.lede or "", piece.body]
    others = lexicon().forms("\n".join(parts))
    return {*norm(piece, headline=headline), *(map(fold, others) if headline else others)}


def term(text: str, *, phrase: bool, prefix: bool, headline: bool) -> Wanted:
    words = fold(text).split()
    prefix = prefix and len(words[-1]) > 1
    star = "*" if prefix else ""
    short = [] if prefix else lexicon().shorter_names(words)

    def same(one: str, word: str, *, last: bool) -> bool:
        return one.startswith(word) if prefix and last else one == word

    def holds(piece: Piece) -> bool:
        if len(words) == 1:
            return any(same(one, words[0], last=True) for one in known(piece, headline=headline))
        there, size = norm(piece, headline=headline), len(words)
        return not known(piece, headline=headline).isdisjoint(short) or any(
            all(same(there[at + n], word, last=n == size - 1) for n, word in enumerate(words))
            for at in range(len(there) - size + 1)
        )

    return Wanted(
        ("headline:" if headline else "") + (f'"{text}{star}"' if phrase else f"{text}{star}"), holds
    )


def either(parts: list[Wanted]) -> Wanted:
    return Wanted(
        " OR ".join(part.written for part in parts), lambda piece: any(part.holds(piece) for part in parts)
    )


def every(there: list[Wanted], absent: list[Wanted]) -> Wanted:
    written = [*(part.written for part in there), *(f"-{part.written}" for part in absent)]
    return Wanted(
        f"({' '.join(written)})",
        lambda piece: (
            all(part.holds(piece) for part in there) and not any(part.holds(piece) for part in absent)
        ),
    )


def several(words: list[str], fewest: int = 1) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=fewest, max_size=4).map(" ".join)


def terms(*, headline: bool) -> st.SearchStrategy[Wanted]:
    word, phrase = (partial(term, phrase=quoted, headline=headline) for quoted in (False, True))
    phrases = several(VOCABULARY, 2)
    words = st.sampled_from(VOCABULARY)
    return st.builds(word, words, prefix=st.booleans()) | st.builds(phrase, phrases, prefix=st.booleans())


def queries() -> st.SearchStrategy[Wanted]:
    leaves = terms(headline=False) | terms(headline=True)
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.lists(parts, min_size=2, max_size=3).map(lambda found: every([either(found)], [])),
            st.builds(every, st.lists(parts, min_size=1, max_size=3), st.lists(parts, max_size=2)),
        ),
        max_leaves=6,
    )


def texts() -> st.SearchStrategy[Piece]:
    words = several(VOCABULARY)
    return st.builds(Piece, headline=words, body=words | st.just(""), lede=st.none() | words)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An archive without articles, whose connection stays open."""
    with Store.open(tmp_path_factory.mktemp("blank") / "news.db", NOW) as store:
        store.keep_sources([Source(key="wadi", name="wadi")], NOW)
        yield store


@settings(max_examples=40)
@given(pieces=st.lists(texts(), min_size=1, max_size=6), wanted=st.lists(queries(), min_size=1, max_size=6))
def test_what_is_found_is_what_a_plain_reading_of_the_texts_finds(
    blank: Store, pieces: list[Piece], wanted: list[Wanted]
) -> None:
    expected = {
        one.written: [number for number, piece in enumerate(pieces, 1) if one.holds(piece)] for one in wanted
    }
    blank.connection.execute("BEGIN")
    try:
        put(blank.connection, pieces)
        blank.connection.execute("UPDATE articles SET id = rowid - (SELECT min(id) FROM articles) + 1")
        assert {query: _ids(blank, query) for query in expected} == expected
        for query in expected:
            asked = [set(_ids(blank, query, reading)) for reading in (*READINGS, None)]
            assert all(narrower <= looser for narrower, looser in pairwise(asked))
    finally:
        blank.connection.execute("ROLLBACK")


def _ids(store: Store, query: str, reading: Reading | None = "words") -> list[int]:
    asked = Found(store.connection, store.path, parse(query), lexicon(), Filters(), reading=reading)
    return sorted(asked.ids(None))


# -- whatever is typed

# Three spaces part them.
EVERYDAY = r"""
    سوريا   سوريا حلب   الأسد   معتقلون في صيدنايا   غارة على إدلب   قسد   SDF   داعش   دا-عش   الـ-مجلس   كورونا   covid-19   كوفيد-19
    كوفيد ١٩   2018   ٢٠١٨   ٩/١/٢٠١٨   2018-01-09   كانون الثاني 2018   3.5%   أ.ف.ب   بي بي سي   AFP   U.S.   don't   rock'n'roll
    C++   C#   .net   user@example.org   #دمشق   @sana   https://www.example.org/a?b=c&d=-e   www.example.org   /etc/passwd   C:\temp\x
    ﷺ   ﷽   ﻣﻌﺮﺽ   آأإٱى   ءءء   من هو وزير الدفاع؟   ماذا حدث في حماة عام 1982؟   «الائتلاف»: لا عودة   "لا" للعودة   حلب... دمشق
    عاجل | انفجار في حلب   حلب - دمشق   حلب/دمشق   حلب\دمشق   حلب&دمشق   حلب+دمشق   +حلب +دمشق   ~حلب   ^حلب   حلب^2   حلب~1   حل?   ح*ب
"""
HOSTILE = r"""
    "   ""   '   ''   `   «   »   «»   »«   “   ”   „   (   )   ()   )(   ((   [   ]   {   }   <   >   *   **   -   --   ---   - -   -*   -"
    -(   -)   +   ^   :   ::   |   ||   |||   &   &&   !   !!   ?   %   _   AND   OR   NOT   NEAR   AND AND   OR OR   NOT NOT حلب   حلب AND   OR حلب
    حلب NOT   NEAR(   NEAR(حلب دمشق, 3)   حلب NEAR/3 دمشق   حلب AND (   حلب OR )   "حلب" OR "   حلب -"   (حلب OR   (حلب OR (دمشق   حلب -(دمشق
    -(-(حلب))   حلب (((-دمشق)))   norm:حلب   norm : حلب   forms : ةحلب   {norm forms} : حلب   - {norm} : حلب   ^headline : حلب   rowid:1   rank
    articles_fts   headline   headline :   headline:   headline:-   headline:*   headline:"   headline:(   headline:)   headline:OR   headline:NOT حلب
    ةحلب   ة   حلب"*   "حلب"*   "حلب" *   "حلب" + "دمشق"   حلب *   * حلب   **حلب**   ا*   حل**   "*"   "ا*"   --*   '; DROP TABLE articles; --
    " OR 1=1 --   \   \"   %s   %00   {0}   ${x}   $(id)   `id`   <script>alert(1)</script>   &lt;   👩‍👩‍👧   🇸🇾   ـ   ـ*   حـ*   İ   ı   ß   ﬁ   Ǆ   ٫   ٪
    ²   ½   Ⅷ   ㍿   中文   한국어   日本語*   שלום   हिन्दी   𝕏   null   NaN
"""
BEYOND = [
    *(
        "",
        '"""',
        " ",
        "\n",
        "حلب\x00دمشق",
        "\x1b[2J",
        "\x7f",
        "\u202eحلب",
        "\u200b",
        "\u200d\u200d",
        "\ufeff",
        "\ufffe",
    ),
    *(
        "\uffff",
        "\ud800",
        "حلب\udfff",
        "Z\u0351\u036b\u0343a\u0302\u0300l",
        "\u0600",
        "\u06dd",
        "\ue000",
        "\U000f0000",
    ),
    *(
        "( " * 5_000,
        "(حلب) " * 1_600,
        ")" * 9_999,
        '"' * 9_999,
        "-" * 9_999,
        "*" * 9_999,
        "OR " * 3_333,
        "-(" * 5_000,
    ),
    *("headline:" * 1_111, "-حلب " * 2_000, "حلب OR " * 1_400, "حل* " * 2_000, "ق" * 10_000, "ق" * 100_000),
    *("حلب " * 25_000, "دا-" * 3_333, "\u0651" * 10_000, "\x00" * 10_000, "\ud800" * 10_000, " " * 10_000),
    *("\n" * 10_000, "حلب" + "\u202e" * 9_000, "a" * 64 + " " + "ا" * 64),
]
QUERIES = [
    *(query.strip() for text in (EVERYDAY, HOSTILE) for query in re.split(r"\s{3,}", text.strip())),
    *BEYOND,
]


@pytest.fixture(scope="module")
def opened(path: Path) -> Iterator[Archive]:
    with Archive(path) as archive:
        yield archive


def searched(archive: Archive, query: str) -> None:
    """Search in every way; what is refused is refused in one line."""
    said: list[str] = []
    asked: list[dict[str, Any]] = [{"reading": reading} for reading in READINGS]
    for how in (*asked, {"any_word": True}, {"in_headline": True}):
        try:
            search = archive.find(query, **how)
        except QueryError as error:
            said.append(str(error))
            continue
        newest = search.ids(None, "newest")
        assert len(newest) == search.count()
        assert sorted(search.ids(None, "best")) == sorted(newest)
        assert [hit.record.id for hit in search.hits(3, "newest")] == newest[:3]
        assert all(number > len(newest) for _, number in search.looser())
    assert all("\n" not in line and len(line) < 400 for line in said)


def test_whatever_is_typed_gives_results_or_one_line_of_help(opened: Archive) -> None:
    for query in QUERIES:
        searched(opened, query)


SHARP = st.sampled_from(
    [*'"«»()|*- \x00\u200f\ud800ـةهاحلب2a', "OR ", "NOT ", "headline:", "حلب ", "في ", "دا-عش "]
)


@settings(max_examples=60)
@given(query=st.text(max_size=60) | st.lists(SHARP, max_size=30).map("".join))
def test_no_text_makes_a_search_fail_otherwise(opened: Archive, query: str) -> None:
    searched(opened, query)
