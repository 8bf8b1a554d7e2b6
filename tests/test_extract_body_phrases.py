"""Lines of furniture: every phrase cuts what it is for, and no sentence of reporting (tests/phrases.toml)."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.extract.boilerplate import Cut, Surroundings, strip_furniture
from newsarchive.extract.lines import Line
from newsarchive.extract.rules import LINES
from newsarchive.extract.text import key

STORY = "قال مدير المشفى إن القسم الجديد يستقبل المرضى منذ صباح اليوم، وإنه مجهز بعشرين سريرا وغرفتي عمليات."
MORE = "وأوضح أن المشفى كان يحيل الحالات الحرجة إلى مدن بعيدة، ما كان يكلف الأهالي ساعات من الطريق."
DATA = tomllib.loads(files("newsarchive.extract").joinpath("furniture.toml").read_text(encoding="utf-8"))
KEPT = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))
PHRASES = [(table["kind"], table["action"], phrase) for table in DATA["lines"] for phrase in table["phrases"]]


def cut(*lines: str, sure: tuple[str, ...] = (), **around: Any) -> tuple[list[str], list[Cut]]:
    page = Surroundings(
        headline=key(around.get("headline", "")),
        links=frozenset(map(key, around.get("links", ()))),
        sources=frozenset(map(key, around.get("sources", ()))),
        names=frozenset(map(key, around.get("names", ()))),
        apart={key(line): rule for line, rule in around.get("apart", {}).items()},
    )
    return strip_furniture([Line(text=line, sure=line in sure) for line in lines], page)


def strip(*lines: str, **around: Any) -> list[str]:
    return cut(*lines, **around)[0]


def furniture(action: str, phrase: str) -> tuple[list[str], dict[str, Any], list[str]]:
    """Return a text with `phrase` in it, what the page knows, and what must be left."""
    link = "خبر آخر عن السوق"
    return {
        "drop": ([STORY, phrase, MORE], {}, [STORY, MORE]),
        "prompt": ([STORY, f"{phrase} تلغرام", MORE], {}, [STORY, MORE]),
        "tail": ([STORY, MORE, f"{phrase}:", "سوق المدينة", "أخبار الطقس"], {}, [STORY, MORE]),
        "end": ([STORY, f"{phrase} (12)", MORE], {}, [STORY]),
        "heading": ([STORY, phrase, link, MORE], {"links": (link,)}, [STORY, MORE]),
        "label": ([STORY, f"{phrase}: {link}", MORE], {"links": (link,)}, [STORY, MORE]),
        "strip": (
            ([STORY, f"{phrase} أطفال أمام المشفى", MORE], {}, [STORY, MORE])
            if phrase == "camera icon"
            else ([f"{phrase} - {STORY}", MORE], {}, [STORY, MORE])
        ),
        "stamp": ([f"{phrase}: 12 أيار 2019", STORY, MORE], {}, [STORY, MORE]),
        "byline": ([f"{phrase} سعاد المحمد", STORY, MORE], {}, [STORY, MORE]),
    }[action]


@pytest.mark.parametrize(("kind", "action", "phrase"), [each for each in PHRASES if each[1] != "feed"])
def test_a_phrase_cuts_what_it_is_for_and_says_so(kind: str, action: str, phrase: str) -> None:
    lines, around, left = furniture(action, phrase)
    got, cuts = cut(*lines, **around)
    assert got == left
    if action != "strip" or kind == "caption":
        assert cuts


@pytest.mark.parametrize(("kind", "action", "phrase"), PHRASES)
def test_a_phrase_has_a_sentence_of_reporting_that_it_does_not_cut(
    kind: str, action: str, phrase: str
) -> None:
    sentence = KEPT[kind][action][phrase]
    assert key(phrase) in key(sentence)
    for lines in ([STORY, sentence, MORE], [sentence, STORY, MORE], [STORY, MORE, sentence]):
        assert strip(*lines) == lines


@pytest.mark.parametrize(
    "line", ["3 دقائق قراءة", "٤ دقائق للقراءة", "1 دقيقة قراءة", "مدة القراءة: 3 دقائق", "2 min read"]
)
def test_how_long_one_reads_is_no_line_of_a_report(line: str) -> None:
    assert strip(STORY, MORE, line) == [STORY, MORE]


def test_no_sentence_is_kept_for_a_phrase_that_is_gone() -> None:
    written = {
        (kind, action, phrase) for kind, table in KEPT.items() for action in table for phrase in table[action]
    }
    assert written == set(PHRASES)


def test_every_kind_says_where_it_was_seen() -> None:
    assert all(table["seen"] for table in DATA["lines"])


@pytest.mark.parametrize(
    "line",
    [
        "تابعنا على الطريق نفسه قافلة أخرى كانت تنقل عائلات من الريف الجنوبي إلى مخيمات مؤقتة أقيمت على عجل قرب الحدود، وكان معظم ركابها من النساء والأطفال الذين فقدوا بيوتهم في القصف الأخير على البلدة.",
        "وقال إن المصدر: وكالات محلية تتابع الوضع.",
        "المصدر: وكالات",
        "نقلا عن مصادر طبية، ارتفع عدد المصابين إلى سبعة.",
        "ونقلت وكالة الأنباء الرسمية عن قناة محلية أن الطريق فتح مساء.",
        "وفقا لشهود عيان، وصل المسعفون بعد ربع ساعة.",
        "تحديث 16:45 ت.غ",
        "حمص-سانا",
        "(1)",
    ],
)
def test_a_sentence_of_reporting_stays_wherever_it_stands(line: str) -> None:
    assert strip(STORY, line, MORE) == [STORY, line, MORE]


@pytest.mark.parametrize(
    "line",
    [
        "ادعموا صحافتنا لنبقى قريبين من الناس.",
        "قراءنا الأعزاء، ساهموا في استمرارنا ولو بمبلغ صغير كل شهر.",
        "نحن مؤسسة صغيرة لا تتبع أحدا. تبرعوا لتستمر رسالتنا.",
        "بدعمكم نستمر في نقل ما يجري على الأرض.",
        "لأن استقلاليتنا أغلى ما نملك: ادعم عملنا اليوم!",
    ],
)
def test_a_plea_for_money_goes_wherever_it_stands(line: str) -> None:
    assert strip(STORY, line, MORE) == [STORY, MORE]
    assert cut(STORY, MORE, line) == ([STORY, MORE], [Cut(rule="donation", line=line)])


@pytest.mark.parametrize(
    "line",
    [
        "وقال المزارع: «ادعموا عملنا قبل أن نهجر أرضنا».",
        "ادعموا مدارس الريف، طالب الأهالي في رسالتهم إلى الوزير.",
        "ساهم الأهالي في ترميم المدرسة، وقال أحدهم إن استمرارها واجب.",
        "وشكر المدير السكان على دعمهم، ووعد بفتح الأبواب غدا.",
        'وختمت "تبرعوا لمؤسستنا كي نشتري أجهزة غسيل الكلى" ثم بكت.',
    ],
)
def test_a_reported_plea_stays(line: str) -> None:
    assert strip(STORY, line, MORE) == [STORY, line, MORE]


def test_a_label_without_links_stays_and_so_does_text_behind_a_heading() -> None:
    assert len(strip(STORY, f"اقرأ أيضا: {MORE}")) == 2
    link = "خبر آخر عن السوق"
    assert strip(STORY, "مقالات ذات صلة", link, MORE, links=(link,)) == [STORY, MORE]


def test_a_label_takes_links_to_other_sites_and_a_list_without_one_does_not() -> None:
    lines = ("تقرير المكتبة الوطنية", "أرشيف الصور القديمة")
    assert strip(STORY, "اقرأ أيضا", *lines, MORE, sources=lines) == [STORY, MORE]
    assert strip(STORY, *lines, sources=lines) == [STORY, *lines]


def test_a_list_without_a_heading_goes_with_its_dates_and_sections() -> None:
    links = ("افتتاح السوق الشعبي", "تعطل محطة المياه")
    listed = ("محليات 2017/03/01", links[0], "رياضة 2017/03/01", links[1])
    assert strip(STORY, MORE, *listed, links=links) == [STORY, MORE]
    assert strip(STORY, MORE, links[0], links=links) == [STORY, MORE, links[0]]


def test_the_outlets_name_and_a_repeated_headline_go_from_the_top() -> None:
    assert strip("صوت النهر", STORY, names=("صوت النهر",)) == [STORY]
    assert strip("صوت النهر - خاص", STORY, names=("صوت النهر",)) == [STORY]
    assert strip(f"صوت النهر : {STORY}", MORE, names=("صوت النهر",)) == [STORY, MORE]
    assert strip("محليات", "افتتاح قسم جديد", STORY, headline="افتتاح قسم جديد") == [STORY]
    assert strip("سياسة 2017/02/25 13:39", STORY) == [STORY]


def test_a_line_with_a_number_names_nobody() -> None:
    assert strip("إعداد: 12 مدربا جديدا", STORY) == ["إعداد: 12 مدربا جديدا", STORY]


def test_an_agencys_mark_goes_from_the_end() -> None:
    assert strip(STORY, MORE, "--(بترا)") == [STORY, MORE]


def test_a_caption_goes_by_its_date_and_credit_or_because_it_has_its_own_place() -> None:
    caption = "أطفال في ساحة القرية - 2 آذار 2019 - (صوت النهر)"
    assert strip(caption, STORY) == [STORY]
    assert strip(STORY, "سوق المدينة صباحا", MORE, apart={"سوق المدينة صباحا": "caption"}) == [STORY, MORE]
    quoted = "وكان الاتفاق وقع في حمص - 2 آذار 2019 - بحضور الوفدين (الشمالي والجنوبي) وممثلي الأمم المتحدة."
    assert strip(STORY, quoted) == [STORY, quoted]


def test_a_line_that_is_all_there_is_stays() -> None:
    headline = "عاجل: هزة أرضية خفيفة"
    assert strip(headline, headline=headline) == [headline]
    assert strip(headline, "الأكثر قراءة", "سوق المدينة", headline=headline, links=("سوق المدينة",)) == [
        headline
    ]


def test_what_the_feed_has_is_not_cut_because_of_its_neighbours() -> None:
    short = "بقيت المدارس مغلقة"
    assert strip(STORY, "مقالات ذات صلة", short, sure=(short,)) == [STORY, short]
    assert strip(STORY, "التعليقات", MORE, sure=(MORE,)) == [STORY, MORE]
    assert strip(STORY, "تبرع الآن", sure=("تبرع الآن",)) == [STORY]


def test_the_closing_headings_are_those_that_stand_below_articles() -> None:
    assert LINES.closing == LINES.tail.keys() | LINES.end.keys()


@given(st.lists(st.text(max_size=60), max_size=8))
def test_stripping_keeps_order_invents_nothing_and_accounts_for_every_line(lines: list[str]) -> None:
    kept, cuts = cut(*lines)
    assert len(kept) + len(cuts) == len(lines)
    rest = iter(lines)
    assert all(any(line.endswith(each) for each in rest) for line in kept)
