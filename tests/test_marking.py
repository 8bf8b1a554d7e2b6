"""What a search matches is marked in the original spelling: what is found is marked, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.arabic import lexicon
from newsarchive.archive.finding import Filters
from newsarchive.archive.found import Found
from newsarchive.archive.marking import Hit, Marker
from newsarchive.archive.query import Reading, parse
from newsarchive.archive.records import Record, records
from newsarchive.archive.store import Store
from newsarchive.models import Source
from stock import NOW, Piece, put

ARTICLE = Record(
    **dict.fromkeys(
        ("date", "lede", "byline", "section", "published", "date_from", "language", "caption", "page")
    ),
    **dict.fromkeys(("revised_at", "gone_since", "gone_reason")),
    **dict.fromkeys(("first_seen", "fetched_at"), datetime(2024, 3, 20, tzinfo=UTC)),
    **dict.fromkeys(("source", "source_name", "headline", "body", "url", "hash", "extractor"), "wadi"),
    id=1,
    tags=(),
    revisions=0,
)


def hit(query: str, reading: Reading | None = "words", **texts: str) -> Hit:
    return Marker(parse(query), lexicon(), reading).hit(Record(**asdict(ARTICLE) | texts))  # type: ignore[arg-type]


def marks(query: str, body: str, reading: Reading | None = "words", headline: str = "؟") -> list[str]:
    """Return what is marked in the headline and in the text."""
    found = hit(query, reading, headline=headline, body=body)
    in_headline = [found.record.headline[start:end] for start, end in found.headline_marks]
    return in_headline + [found.snippet[start:end] for start, end in found.snippet_marks]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("سورية", "في سوريا وسوريّا وسُورية وسوري", ["سوريا", "وسوريّا", "وسُورية"]),
        ("الامن", "الأمن وللأمن والأمان", ["الأمن", "وللأمن"]),
        ("امن", "الأمن وللأمن والأمان", ["الأمن", "وللأمن"]),
        ("للأمن", "الأمن وللأمن والأمان", ["وللأمن"]),
        ("قاموس", "قاموساً وقاموسًا والقاموس وقواميس", ["قاموساً", "وقاموسًا", "والقاموس"]),
        ("داعش", 'قال "دا-عش" ولداعش، داعشي', ["دا-عش", "ولداعش"]),
        ("120", "١٢٠ و120م و1200", ["١٢٠", "120"]),
        ("2023م", "عام ٢٠٢٣ م و2023م و2023", ["٢٠٢٣ م", "2023م"]),
        ("headline:حلب", "حلب", []),
        ("headline:حلب دمشق", "حلب ودمشق", ["ودمشق"]),
        ("حلب -دمشق", "حلب ودمشق", ["حلب"]),
        ("حلب OR (حمص دمشق)", "حلب ودمشق", ["حلب", "ودمشق"]),
        # prefixes
        ("كتا*", "الكتاب كتب وكتابان كاتب", ["الكتاب", "وكتابان"]),
        ("الكتا*", "الكتاب كتاب بالكتابة", ["الكتاب", "بالكتابة"]),
        # phrases
        ('"معرض الكتاب"', "معرض الكتاب، ومعرض الكتاب معرض كتاب", ["معرض الكتاب"]),
        ('"معرض الكتاب"', "المعرض والكتاب", []),
        ('"معرض الكت*"', "معرضُ الكتب معرض القصة معرض (الكِتاب)", ["معرضُ الكتب", "معرض (الكِتاب"]),
        ('"معرض الكتاب" الكتاب', "معرض الكتاب ثم الكتاب", ["معرض الكتاب", "الكتاب"]),
        # names of several words
        ("قسد", "قوات سوريا الديمقراطية و«قسد» وSDF", ["قوات سوريا الديمقراطية", "قسد", "SDF"]),
        ("قسد", "لقوات سوريا الديموقراطية في سوريا", ["لقوات سوريا الديموقراطية"]),
        ('"قوات سوريا الديمقراطية"', "قوات سوريا الديمقراطية و«قسد»", ["قوات سوريا الديمقراطية", "قسد"]),
        ("بي.بي.سي", "BBC وبي بي سي", ["BBC"]),
    ],
)
def test_what_a_query_finds_is_marked_as_it_is_printed(query: str, text: str, marked: list[str]) -> None:
    assert marks(query, text) == marked
    assert marks(query, "؟", headline=text) == (["حلب", *marked] if query.startswith("headline") else marked)


@pytest.mark.parametrize(
    ("reading", "marked"),
    [
        ("words", ["الكتاب", "وكتاباً"]),
        ("forms", ["الكتاب", "وكتاباً"]),
        ("stems", ["كاتب", "الكتاب", "وكتاباً", "كتبَها"]),
        (None, ["كاتب", "الكتاب", "وكتاباً", "كتبَها"]),
    ],
)
def test_each_reading_marks_what_it_finds(reading: Reading | None, marked: list[str]) -> None:
    assert marks("كتاب", "كاتب الكتاب وكتاباً كتبَها مؤلف", reading) == marked


def test_a_looser_reading_marks_other_forms_of_what_was_typed_and_words_of_a_phrase_by_themselves() -> None:
    assert marks("وبكتاب", "الكتاب", "words") == []
    assert marks("وبكتاب", "الكتاب", "forms") == ["الكتاب"]
    assert marks('"معرض الكتاب"', "كتاب من المعرض", "forms") == ["كتاب", "المعرض"]
    assert marks("حلب في", "في حلب", "forms") == ["حلب"]  # function words tell nothing
    assert marks("مكت*", "المكتبة", "forms") == ["المكتبة"]
    assert marks("المكت*", "مكتبة المكتبة", "stems") == ["المكتبة"]  # as typed
    assert marks("داع*", "داعش", "forms") == marks("داع*", "داعش", None) == ["داعش"]
    assert marks("قسد", "قوات سوريا الديمقراطية", None) == ["قوات سوريا الديمقراطية"]
    assert marks("حلب -مكتبة", "حلب مكتبة", None) == ["حلب"]


def test_a_long_text_is_shown_where_most_of_the_matches_are() -> None:
    filler = "هذه فقرة عن المواسم لا شأن لها بالأمر. " * 20
    found = hit("الخابور القطن", headline="؟", lede="القطن أولاً", body=f"{filler}القطن على الخابور. {filler}")
    assert found.snippet.startswith("…")
    assert found.snippet.endswith("…")
    assert len(found.snippet) < 250
    assert [found.snippet[start:end] for start, end in found.snippet_marks] == ["القطن", "الخابور"]
    unmarked = hit("headline:خبر", headline="خبر", body=filler)
    assert unmarked.snippet == filler[: len(unmarked.snippet) - 1] + "…"


def test_of_a_text_of_megabytes_the_beginning_is_looked_through() -> None:
    body = "سطر بعد سطر " * 200_000
    began = process_time()
    assert len(hit("سطر -حلب بع*", headline=body, body=body).snippet_marks) > 10
    assert process_time() - began < 3
    assert hit("الخابور", headline="؟", body=f"{body} الخابور").snippet.startswith("سطر بعد")


# -- what is found is marked, and nothing else

WORDS = [
    *(
        "سوريا",
        "سورية",
        "والأمن",
        "للأمن",
        "أمن",
        "مدرسة",
        "المدرسه",
        "قاموس",
        "قاموساً",
        "والقاموس",
        "دا-عش",
        "لداعش",
    ),
    *(
        "٢٠٢٣",
        "2023م",
        "م",
        "قسد",
        "SDF",
        "كتاب",
        "كُتّاب",
        "كاتب",
        "يكتبون",
        "ليبيا",
        "حلب",
        "في",
        "أميركية",
        "الأمريكيون",
    ),
]


TYPED = [word for word in WORDS if word != "2023م"]  # two words, so one of them alone is marked and not found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("marking") / "news.db", NOW) as store:
        store.keep_sources([Source(key="wadi", name="wadi")], NOW)
        alone = [Piece(headline="؟", body=word) for word in WORDS]
        texts = [Piece(headline=one, body=f"{one} {other}") for one in WORDS for other in WORDS[::9]]
        with store.transaction():
            put(store.connection, [*alone, *texts])
        yield store


@pytest.fixture(scope="module")
def all_records(store: Store) -> list[Record]:
    (number,) = store.connection.execute("SELECT count(*) FROM articles").fetchone()
    return list(records(store.connection, list(range(1, number + 1))))


@settings(max_examples=60)
@given(
    words=st.lists(st.sampled_from(TYPED), min_size=1, max_size=2).map(" OR ".join),
    star=st.sampled_from(["", "", "*"]),
    headline=st.sampled_from(["", "headline:"]),
    reading=st.sampled_from(["words", "forms", "stems"]),
)
def test_an_article_is_found_when_something_in_it_is_marked(
    store: Store, all_records: list[Record], *, words: str, star: str, headline: str, reading: Reading
) -> None:
    node = parse(f"{headline}{words}{'' if words.endswith(' م') or words == 'م' else star}")
    found = Found(store.connection, store.path, node, lexicon(), Filters(), reading=reading)
    marker = Marker(node, lexicon(), found._reading)
    marked = [
        one.record.id for one in map(marker.hit, all_records) if one.headline_marks or one.snippet_marks
    ]
    assert marked == sorted(found.ids(None))
