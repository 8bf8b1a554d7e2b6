"""The rules one by one: headline, furniture of lines and elements, dates, JSON-LD, strings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newsarchive.extract import extract
from newsarchive.extract.headline import Witnesses, choose_headline
from newsarchive.extract.jsonld import read_linked_data
from newsarchive.extract.pruning import prune
from newsarchive.extract.rules import FURNITURE
from newsarchive.extract.signs import WALLS
from newsarchive.extract.text import clean_line, key, language_of, words
from newsarchive.models import Article, Entry, Rejected, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://outlet.example/news/17"
STORY = "قال مدير المشفى إن القسم الجديد يستقبل المرضى منذ صباح اليوم، وإنه مجهز بعشرين سريرا وغرفتي عمليات."
MORE = "وأوضح أن المشفى كان يحيل الحالات الحرجة إلى مدن بعيدة، ما كان يكلف الأهالي ساعات من الطريق."


def page(body: str = "", head: str = "") -> bytes:
    text = body or f"<h1>افتتاح قسم جديد في مشفى المدينة</h1><div class=x><p>{STORY}</p><p>{MORE}</p></div>"
    return f"<!DOCTYPE html><html lang=ar><head>{head}</head><body>{text}</body></html>".encode()


def read(
    content: bytes, *, url: str = URL, entry: Entry | None = None, now: datetime | None = NOW
) -> Article:
    got = extract(content, url=url, entry=entry, now=now)
    assert isinstance(got, Article), got
    return got


# Headlines


@pytest.mark.parametrize(
    "title",
    [
        "خبر قصير - صوت النهر",
        "صوت النهر | خبر قصير",
        "صوت النهر : خبر قصير",
        "خبر قصير – صوت النهر",
        "خبر قصير » صوت النهر",
    ],
)
def test_the_sites_name_is_cut_from_either_end_behind_any_separator(title: str) -> None:
    assert choose_headline(Witnesses(title=title), ("صوت النهر",)) == "خبر قصير"


@pytest.mark.parametrize(
    "headline",
    [
        "الوزير: لا زيادة في الأسعار",
        "دمشق - حمص.. طريق جديد",
        "حصيلة اليوم | ثلاثة حرائق",
        "5-3 نتيجة نهائية",
    ],
)
def test_a_headlines_own_colon_or_dash_stays(headline: str) -> None:
    assert choose_headline(Witnesses(printed=(headline,), title=f"{headline} - صوت النهر"), ()) == headline


def test_an_unnamed_sites_suffix_is_cut_when_another_witness_lacks_it() -> None:
    witnesses = Witnesses(shared=("خبر عن المدارس - موقعنا",), entry="خبر عن المدارس")
    assert choose_headline(witnesses, ()) == "خبر عن المدارس"


def test_a_logo_or_a_section_in_h1_is_outvoted() -> None:
    witnesses = Witnesses(
        printed=("صوت النهر", "محليات"), shared=("افتتاح السوق",), title="افتتاح السوق - صوت النهر"
    )
    assert choose_headline(witnesses, ("صوت النهر",)) == "افتتاح السوق"


def test_the_headline_is_spelled_as_printed_not_as_shared() -> None:
    witnesses = Witnesses(printed=('"قمة" في العاصمة',), shared=("قمة في العاصمة",))
    assert choose_headline(witnesses, ()) == '"قمة" في العاصمة'


def test_without_any_witness_the_headline_is_empty() -> None:
    assert choose_headline(Witnesses(), ()) == ""


# Elements


@pytest.mark.parametrize(
    "name",
    ["post-share", "jp-relatedposts", "td-post-sharing-bottom", "commentList", "cookie_notice", "donate-box"],
)
def test_an_element_named_as_furniture_goes(name: str) -> None:
    tree = LexborHTMLParser(
        page(f"<h1>عنوان</h1><p>{STORY}</p><div class='{name}'><p>كلام زائد هنا</p></div>").decode()
    )
    prune(tree)
    assert "كلام زائد" not in tree.html
    assert STORY in tree.html


@pytest.mark.parametrize(
    "wrapper",
    [
        "div class='sidebar'",
        "div id='comments'",
        "form",
        "aside",
        "div class='social modal'",
        "div style='display:none'",
    ],
)
def test_an_element_that_holds_most_of_the_text_stays_whatever_it_is_called(wrapper: str) -> None:
    tag = wrapper.split(maxsplit=1)[0]
    got = read(
        page(f"<{wrapper}><p>{STORY}</p><p>{MORE}</p></{tag}><p>كلام قصير</p>", "<title>افتتاح</title>")
    )
    assert STORY in got.body


@pytest.mark.parametrize(
    "name", ["has-sidebar", "no-comments", "with-share", "tag-related", "category-popular"]
)
def test_a_name_that_speaks_of_the_layout_or_the_subject_is_no_furniture(name: str) -> None:
    tree = LexborHTMLParser(page(f"<p>{STORY} {STORY}</p><div class='{name}'><p>{MORE}</p></div>").decode())
    prune(tree)
    assert MORE in tree.html


def test_furniture_inside_furniture_is_taken_out_once() -> None:
    nested = (
        "<nav class='menu sidebar' id='menu'><div class='share social'><a href='/'>رابط</a></div></nav>" * 40
    )
    assert read(page(f"{nested}<h1>عنوان الخبر هنا</h1><p>{STORY}</p>{nested}")).body == STORY


def test_the_rules_files_hold_what_the_code_reads() -> None:
    assert {"nav", "form", "iframe"} <= FURNITURE.tags
    assert {sign.reason for sign in WALLS} >= {"wall", "soft-404", "parked"}


# Dates


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2018/01/09/story", "2018-01-09"),
        ("story/2020/8/24/x/49", "2020-08-24"),
        ("news/2020-06-03-1.387", "2020-06-03"),
        ("arab/202003171044893040-x", "2020-03-17"),
        ("20180109/story", "2018-01-09"),
        ("2013/middle_east/8/3/x/index.html", "2013-08-03"),
        ("story/20189999", None),
        ("story/1234567890", None),
        ("2018/13/09/story", None),
        ("2099/01/09/story", None),
        ("2018/01/story", None),
    ],
)
def test_an_address_gives_a_day_only_if_it_certainly_holds_one(path: str, day: str | None) -> None:
    got = read(page(), url=f"https://outlet.example/{path}")
    assert (got.date, got.date_from) == (day, "url" if day else None)


@pytest.mark.parametrize(
    ("claim", "day", "published"),
    [
        ("2020-06-03T03:01+0400", "2020-06-03", "2020-06-02T23:01:00+00:00"),
        ("2020-06-03T23:30:00Z", "2020-06-03", "2020-06-03T23:30:00+00:00"),
        ("2024-06-07 00:00:00 +0000 UTC", "2024-06-07", None),
        ("2020-06-03", "2020-06-03", None),
        ("2020-06-03T10:00:00", "2020-06-03", None),
        ("0001-01-01T00:00:00", None, None),
        ("1970-01-01T00:00:00Z", None, None),
        ("2020-02-31", None, None),
        ("2020-06-03T99:99:99Z", None, None),
        ("2999-01-01T00:00:00Z", None, None),
        ("9999-12-31T23:59:59-14:00", None, None),
        ("بلا تاريخ", None, None),
    ],
)
def test_a_claim_is_read_to_the_day_it_was_written_in(
    claim: str, day: str | None, published: str | None
) -> None:
    got = read(page(head=f'<meta property="article:published_time" content="{claim}">'))
    assert got.date == day
    assert got.published == (datetime.fromisoformat(published) if published else None)


def test_the_order_of_who_is_believed_is_feed_json_ld_meta_page_address() -> None:
    linked = (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-01-02"}</script>'
    )
    meta = '<meta name="pubdate" content="2021-01-03">'
    printed = f"<h1>افتتاح قسم جديد في المشفى</h1><time datetime='2021-01-04'>x</time><p>{STORY}</p>"
    url = "https://outlet.example/2021/01/05/x"
    entry = Entry(url=url, published=datetime(2021, 1, 1, 9, tzinfo=UTC))
    head = linked + meta
    assert read(page(printed, head), url=url, entry=entry).date_from == "feed"
    assert [read(page(printed, head), url=url).date, read(page(printed, meta), url=url).date] == [
        "2021-01-02",
        "2021-01-03",
    ]
    assert [read(page(printed), url=url).date, read(page(), url=url).date] == ["2021-01-04", "2021-01-05"]


def test_a_changed_pages_date_is_not_the_day_of_publication() -> None:
    changed = f"<h1>افتتاح قسم جديد في المشفى</h1><p>آخر تحديث: 3 أيار 2021</p><time itemprop=dateModified datetime=2021-05-04>4 أيار</time><p>{STORY}</p>"
    assert (
        read(page(changed, '<meta property="article:modified_time" content="2021-05-03T10:00:00Z">')).date
        is None
    )


def test_microdata_of_another_article_is_not_this_articles_date() -> None:
    other = "<div itemscope itemtype='https://schema.org/Article'><b>خبر آخر</b><time itemprop=datePublished datetime=2020-01-01>x</time></div>"
    assert read(page(f"<h1>افتتاح قسم جديد في المشفى</h1><p>{STORY}</p><p>{MORE}</p>{other}")).date is None


def test_a_relative_date_says_nothing_when_nobody_knows_when_it_was_read() -> None:
    content = page(f"<h1>افتتاح قسم جديد في المشفى</h1><span class=date>منذ يومين</span><p>{STORY}</p>")
    assert read(content, now=None).date is None
    assert read(content, now=NOW).date == "2026-11-18"


# JSON-LD


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"NewsArticle","headline":"خبر","datePublished":"2021-01-02"}',
        '[{"@type":"Organization","name":"x"},{"@type":["Thing","ReportageNewsArticle"],"headline":"خبر","datePublished":"2021-01-02"}]',
        '{"@graph":[{"@type":"WebPage","datePublished":"2000-01-01"},{"@type":"BlogPosting","headline":"خبر","datePublished":"2021-01-02"}]}',
        '<!-- {"@type":"Article","headline":"خبر","datePublished":"2021-01-02",} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"خبر",\n"datePublished":"2021-01-02"}\n//]]>',
        '{"@type":"Article","headline":"خبر","articleBody":"سطر\nثان","datePublished":"2021-01-02"};',
        '{"@type":"Article","headline":"خبر","articleBody":"قال "نعم"","datePublished":"2021-01-02"}',
    ],
)
def test_json_ld_is_read_however_it_is_wrapped_or_broken(text: str) -> None:
    tree = LexborHTMLParser(f'<script type="application/ld+json">{text}</script>')
    node = read_linked_data(tree).article
    assert (node["headline"], node["datePublished"]) == ("خبر", "2021-01-02")


def test_deep_json_ld_is_not_followed_for_ever() -> None:
    tree = LexborHTMLParser('<script type="application/ld+json">' + '{"@graph":[' * 5000 + "</script>")
    assert read_linked_data(tree).article == {}


# Strings


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STORY, "ar"),
        ("گزارش شد که قیمت‌ها در بازار پایین آمده و مردم چشم به راه تصمیم دولت‌اند.", "fa"),
        ("وزیر نے کہا کہ اسکولوں میں نئی کتابیں اگلے ہفتے تقسیم کی جائیں گی۔", "ur"),
        ("وەزیری پەروەردە ڕایگەیاند کە قوتابخانەکان سبەی دەکرێنەوە.", "ckb"),
        ("ראש העיר אמר כי העבודות יסתיימו מחר.", "he"),
        ("The mayor said the works would end tomorrow.", "en"),
        ("12 34", None),
    ],
)
def test_the_letters_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_declared_language_decides_only_where_letters_do_not() -> None:
    assert language_of("Le maire a parlé.", "fr-FR") == "fr"
    assert language_of(STORY, "en") == "ar"


def test_harmful_characters_go_and_those_of_spelling_stay() -> None:
    assert (
        clean_line("\x00\u202eخبر\u2069\ufeff \x1b[0m\ue000 مي\u200cخواهد\u200f\n x")
        == "خبر [0m مي\u200cخواهد\u200f x"
    )


@given(st.text())
def test_a_clean_line_is_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert len(line.splitlines()) <= 1
    line.encode()


@given(st.text())
def test_the_comparison_form_is_its_own_comparison_form(text: str) -> None:
    assert words(key(text)) == words(text)


# Whatever comes

MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class='share'>", "</div>", "<h1>", "</h1>", "<a href='x'>", "<table><tr><td>", "<!--", "-->", "<script>",
         "<script type='application/ld+json'>{", "</script>", "<br>", "<form>", "<svg>", "<template>", "\x00", "\ud800", "&#xd800;", "&#0;",
         "<meta property='article:published_time' content='", "'>", "<link rel=canonical href='http://[", STORY, "3 أيار 2021", "<time datetime="]
    ),
    max_size=30,
)  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=300), MARKUP.map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))
    ),
    st.text(max_size=40),
)
def test_no_bytes_and_no_address_make_it_raise(content: bytes, url: str) -> None:
    for answer in (extract(content, url=url), extract(b"<html><body>" + content, url=URL, content_type=url)):
        assert isinstance(answer, Article | Rejected)
        if isinstance(answer, Article):
            (answer.headline + answer.body).encode()
            assert "\x00" not in answer.body


def test_deeply_nested_and_very_long_pages_come_back() -> None:
    deep = b"<div class=share>" * 2000 + STORY.encode() + b"</div>" * 2000
    wide = b"<title>x</title>" + f"<p>{STORY}</p>".encode() * 300
    assert isinstance(extract(deep, url=URL), Article | Rejected)
    assert isinstance(extract(wide, url=URL), Article)


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_an_impossible_date_of_the_feed_is_not_believed(moment: datetime) -> None:
    source = Source(key="x", name="x", timezone="Asia/Damascus")
    got = extract(page(), url=URL, entry=Entry(url=URL, published=moment), source=source, now=NOW)
    assert isinstance(got, Article)
    assert got.date is None


def test_a_lede_that_is_all_the_page_says_is_the_body() -> None:
    got = read(page(f"<div><h1>افتتاح قسم جديد في المشفى</h1><div class=article-lead>{STORY}</div></div>"))
    assert (got.body, got.lede) == (STORY, None)
