"""Headline, byline, section, tags, caption, language: what a page says, without what its tools say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newsarchive.extract import extract
from newsarchive.extract.byline import find_byline, person
from newsarchive.extract.headline import Witnesses, choose_headline
from newsarchive.extract.text import language_of, scrub
from newsarchive.models import Article, Entry, Source

URL = "https://daffa-alwadi.example/news/17"
HEADLINE = "سباق للقوارب الشراعية في خليج المدينة"
STORY = "شارك أربعون قاربا في سباق أقيم أمس في خليج المدينة، وتابع مئات الناس من الرصيف وصول القوارب الأولى عند الظهر."
MORE = "وفاز بالسباق بحار من القرية المجاورة قطع المسافة في ساعتين، وقال إن الرياح كانت أضعف من العام الماضي."
TEXT = f"<p>{STORY}</p><p>{MORE}</p>"


def read(body: str, head: str = "", *, source: Source | None = None, entry: Entry | None = None) -> Article:
    content = f"<html lang=ar><head>{head}</head><body>{body}</body></html>".encode()
    got = extract(content, url=URL, source=source, entry=entry)
    assert isinstance(got, Article), got
    return got


def story(near: str = "", headline: str = HEADLINE) -> str:
    return f"<div><h1>{headline}</h1>{near}{TEXT}</div>"


def title(text: str, name: str = "ضفة الوادي") -> str:
    return f'<title>{text}</title><meta property="og:site_name" content="{name}">'


# Headline


@pytest.mark.parametrize(
    "printed",
    [
        f"{HEADLINE} - ضفة الوادي",
        f"ضفة الوادي | {HEADLINE}",
        f"ضفة الوادي :: {HEADLINE}",
        f"{HEADLINE} | Daffa Alwadi",
        f"{HEADLINE} - رياضة - ضفة الوادي",
        f"رياضة | {HEADLINE} | ضفة الوادي",
        f"{HEADLINE} - It's Over 9000!",
        f"{HEADLINE} | مجرد موقع ووردبريس آخر",
        f"الرئيسية » {HEADLINE}",
    ],
)
def test_the_sites_name_the_section_and_a_systems_default_are_no_part_of_the_headline(printed: str) -> None:
    hosts = ("daffa-alwadi", "example")
    names = ("ضفة الوادي", *hosts, "رياضة")
    assert choose_headline(Witnesses(title=printed), names) == HEADLINE
    assert choose_headline(Witnesses(printed=(printed,)), names) == HEADLINE
    section = '<meta property="article:section" content="رياضة">'
    assert read(TEXT, title(printed) + section).headline == HEADLINE


def test_a_first_segment_that_another_witness_lacks_goes() -> None:
    witnesses = Witnesses(printed=(f"ملاعب | {HEADLINE}",), shared=(HEADLINE,), title=f"{HEADLINE} - موقع ما")
    assert choose_headline(witnesses, ()) == HEADLINE


def test_a_headline_cut_off_with_dots_is_completed_by_who_has_it_whole() -> None:
    witnesses = Witnesses(shared=("سباق للقوارب الشراعية في خليج…",), title=HEADLINE)
    assert choose_headline(witnesses, ()) == HEADLINE
    assert (
        choose_headline(Witnesses(printed=("ثم صمت الجميع...",), title="ثم صمت الجميع..."), ())
        == "ثم صمت الجميع..."
    )


@pytest.mark.parametrize(
    "headline", ["دمشق | حلب: طريق مقطوع", "رياضة المشي تعود إلى الحدائق", "الرئيسية المدرسية تزور المتحف"]
)
def test_a_headline_that_only_begins_like_a_name_stays(headline: str) -> None:
    head = title(f"{headline} - ضفة الوادي") + '<meta property="article:section" content="رياضة">'
    assert read(story(headline=headline), head).headline == headline


# Byline


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("بقلم: هند السالم", "هند السالم"),
        ("بقلم هند السالم", "هند السالم"),
        ("كتب: سامر وهند", "سامر وهند"),
        ("كتبت/ هند السالم", "هند السالم"),
        ("إعداد: هند السالم", "هند السالم"),
        ("By Hind Salem", "Hind Salem"),
        ("خاص - ضفة الوادي", "خاص - ضفة الوادي"),
        ("(هند السالم)", "هند السالم"),
        ("Hind", "Hind"),
        ("np_amr", None),
        ("editor2", None),
        ("hind.salem", None),
        ("hind", None),
        ("Admin", None),
        ("مدير الموقع", None),
        ("hind@outlet.example", None),
        ("https://facebook.com/hind", None),
        ("12 مدربا", None),
        ("", None),
    ],
)
def test_a_person_is_named_without_label_and_an_account_is_nobody(printed: str, name: str | None) -> None:
    assert person(printed) == name
    assert read(story(), f'<meta name="author" content="{printed}">').byline == name
    assert read(story(f"<span class=author-name>{printed}</span>")).byline == name


@pytest.mark.parametrize(
    "line", ["بقلم: هند السالم", "كتبت: هند السالم", "إعداد : هند السالم", "بقلم هند السالم"]
)
def test_a_line_that_is_a_label_and_a_name_is_a_byline(line: str) -> None:
    assert read(story(f"<div>{line}</div>")).byline == "هند السالم"
    assert read(story(f"<p><strong>{line}</strong></p>")).byline == "هند السالم"


@pytest.mark.parametrize(
    "line",
    [
        "كتب الأهالي على الجدران أسماء من رحلوا",
        "المصدر: وكالات",
        "إعداد: 12 مدربا جديدا",
        "كتب: ثلاثة كتب جديدة عن البحر في مكتبة المدينة العامة",
    ],
)
def test_a_line_of_the_text_is_no_byline(line: str) -> None:
    assert find_byline(LexborHTMLParser(story(f"<p>{line}</p>")), (), ()) is None


@pytest.mark.parametrize("author", ["ضفة الوادي", "Daffa Alwadi", "daffa alwadi"])
def test_the_sites_own_name_signs_nothing(author: str) -> None:
    assert read(story(), title(HEADLINE) + f'<meta name="author" content="{author}">').byline is None


def test_the_feeds_byline_stands_in_and_its_accounts_do_not() -> None:
    assert read(story(), entry=Entry(url=URL, byline="هند السالم")).byline == "هند السالم"
    assert read(story(), entry=Entry(url=URL, byline="np_hind")).byline is None


# Section, tags, caption


@pytest.mark.parametrize(
    ("markup", "section"),
    [
        ('<div class="breadcrumbs"><a href="/">الرئيسية</a> » <a href="/s">رياضة</a></div>', "رياضة"),
        ('<span class="cat-links"><a href="/s">رياضة</a></span>', "رياضة"),
        ('<a href="/s" rel="category tag">رياضة</a>', "رياضة"),
        ('<a href="/s" rel="category tag">غير مصنف</a>', None),
        ('<a href="/s" rel="category tag">ضفة الوادي</a>', None),
        ("", None),
    ],
)
def test_the_section_is_read_from_the_links_to_it(markup: str, section: str | None) -> None:
    assert read(markup + story(), title(HEADLINE)).section == section


def test_a_stated_section_comes_first_and_a_systems_default_is_none() -> None:
    link = '<a href="/s" rel="category tag">رياضة</a>'
    assert read(link + story(), '<meta property="article:section" content="بحر">').section == "بحر"
    assert (
        read(link + story(), '<meta property="article:section" content="Uncategorized">').section == "رياضة"
    )


def test_tags_are_read_from_metas_else_from_their_links() -> None:
    links = '<div class=x><a rel="tag" href="/t/1">#قوارب</a><a rel="tag" href="/t/2">بحر</a><a rel="tag" href="/t/2">بحر</a></div>'
    assert read(story() + links).tags == ("قوارب", "بحر")
    assert read(story() + links, '<meta name="news_keywords" content="سباق، خليج">').tags == ("سباق", "خليج")


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ("<figure><img src=1><figcaption>قوارب عند خط البداية</figcaption></figure>", "قوارب عند خط البداية"),
        ("<div><img src=1><p class=wp-caption-text>قوارب عند خط البداية</p></div>", "قوارب عند خط البداية"),
        ("<div class=main-slider><div><div class=caption>خبر آخر من المدينة</div></div></div>", None),
        ("<a href=/n/2><figure><img src=1><figcaption>خبر آخر</figcaption></figure></a>", None),
    ],
)
def test_the_caption_is_that_of_the_articles_own_picture(markup: str, caption: str | None) -> None:
    assert read(story(markup)).caption == caption


# Language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("قطار TGV الجديد في المغرب: ONCF و Alstom توقعان عقد LGV", None, "ar"),
        ("قال إن المرسوم يشمل أگادير وگلميم، وإن الأشغال ستبدأ في الخريف على الطريق الساحلي", None, "ar"),
        ("علی است که را در این کتاب از تاریخ شهر ما نوشته است و برای همه", None, "fa"),
        ("حكومة الإقليم: پێشمەرگە في الميدان على الحدود، وقال المتحدث إن القوات في مواقعها", None, "ar"),
        ("The ferry to the island will not leave in the morning", "ar", "en"),
        ("Le bateau pour l'île ne part pas dans la matinée, est-ce que les marins le savent ?", "ar", "fr"),
        (
            "Geminin sabah adaya gitmeyeceği ve bu yüzden yolcular için bir otobüs olduğu bildirildi",
            "ar",
            "tr",
        ),
        ("Keştî sibê ji bo giravê dernakeve û rêwî li benderê ne, ku di bin baranê de ne", None, "ku"),
        ("Паром на остров утром не пойдет", "ru", "ru"),
        ("Паром на остров утром не пойдет", "ar", None),
        ("123", "ar", None),
    ],
)
def test_letters_and_frequent_words_tell_the_language(
    text: str, declared: str | None, language: str | None
) -> None:
    assert language_of(text, declared) == language


def test_an_arabic_page_that_mostly_quotes_another_script_stays_arabic() -> None:
    quoted = "La traversée dure deux heures et le bateau est arrivé dans le port avec un léger retard."
    text = f"{HEADLINE} وقالت الشركة في بيان {quoted}"
    assert language_of(text, "ar-MA") == "ar"
    assert language_of(text, "fr") == "fr"


# Strings

HARMFUL = "\x00\u202e\u2066\ufeff\ue000\U0001fffe\U000f1234\ud800"


def test_harmful_characters_reach_no_field_of_an_article() -> None:
    got = read(
        f"<a rel='category' href=/s>ريا{HARMFUL[1:-1]}ضة</a>"
        + story(headline=HEADLINE[:9] + HARMFUL[1:-1] + HEADLINE[9:]),
        f'<meta name="author" content="هند{HARMFUL[1:-1]} السالم"><meta name="news_keywords" content="بح{HARMFUL[1:-1]}ر">',
    )
    assert (got.headline, got.byline, got.section, got.tags) == (HEADLINE, "هند السالم", "رياضة", ("بحر",))


@given(st.text(st.sampled_from(HARMFUL + "اب ج\n\u200c")), st.lists(st.text(st.sampled_from(HARMFUL + "اب"))))
def test_scrubbing_an_article_leaves_lines_and_spelling_and_nothing_harmful(
    text: str, tags: list[str]
) -> None:
    got = scrub(Article(url=text, headline=text, body=text, lede=text, tags=tuple(tags)))
    assert scrub(got) == got
    assert got.byline is None
    for value in (got.headline, got.body, got.lede or "", *got.tags):
        assert not set(value) & set(HARMFUL)
        value.encode()
    assert got.body.replace("\n", " ").replace(" ", "") == "".join(
        char for char in text if char in "ابج\u200c"
    )
