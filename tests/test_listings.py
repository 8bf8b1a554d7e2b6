"""A page that lists articles, as entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.discover import parse_listing
from newsarchive.errors import FeedError
from newsarchive.models import Entry

URL = "https://news.example/ar/latest"
ARTICLE = r"^https://news\.example/ar/\d+"


def entries(body: str, links: str = ARTICLE) -> list[tuple[str, str | None]]:
    found = parse_listing(f"<html><body>{body}</body></html>".encode(), url=URL, links=links)
    return [(entry.url, entry.headline) for entry in found]


def test_links_that_match_are_entries_in_page_order() -> None:
    body = '<a href="/ar/2">قطاف الزيتون يبدأ</a><a href="/ar/about">من نحن</a><a href="https://news.example/ar/1">عودة القطار</a>'
    assert entries(body) == [
        ("https://news.example/ar/2", "قطاف الزيتون يبدأ"),
        ("https://news.example/ar/1", "عودة القطار"),
    ]


def test_an_address_comes_once_with_the_longest_name_found_for_it() -> None:
    body = (
        '<a href="/ar/1#comments">3 تعليقات</a><a href="/ar/1"><img alt="القطار"></a>'
        '<a href="/ar/1?utm_source=home" title="عودة القطار إلى حلب بعد عشر سنوات">عودة القطار</a>'
        '<a href="/ar/1" aria-label="القطار يعود">اقرأ المزيد</a>'
    )
    assert entries(body) == [("https://news.example/ar/1", "عودة القطار إلى حلب بعد عشر سنوات")]


def test_a_cards_heading_is_its_headline_not_the_text_below() -> None:
    card = '<a href="/ar/1"><h3>عودة <b>القطار</b></h3><p>انطلق صباح اليوم أول قطار منذ سنوات طويلة.</p></a>'
    assert entries(card) == [("https://news.example/ar/1", "عودة القطار")]


@pytest.mark.parametrize(
    "label",
    [
        "اقرأ المزيد",
        "إقرأ المزيد...",
        "المزيد »",
        "للمزيد",
        "تابع القراءة",
        "التفاصيل",
        "قراءة الخبر",
        "صورة",
        "Read more →",
        "image",
        "IMG_20240305.jpg",
        "12",
        "…",
        "٣ تعليقات",
        "لا توجد تعليقات",
    ],
)
def test_a_label_that_names_no_article_is_no_headline(label: str) -> None:
    assert entries(f'<a href="/ar/1">{label}</a>') == [("https://news.example/ar/1", None)]


@pytest.mark.parametrize(
    "headline",
    [
        "المزيد من القتلى في زلزال الشمال",
        "صورة من حمص تفوز بجائزة",
        "خبر سار للمزارعين",
        "مقال الكاتبة عن النهر",
    ],
)
def test_a_headline_may_begin_like_a_label(headline: str) -> None:
    assert entries(f'<a href="/ar/1">{headline}</a>') == [("https://news.example/ar/1", headline)]


def test_what_leads_in_to_a_headline_is_no_part_of_it() -> None:
    assert entries('<a href="/ar/1" title="اقرأ المزيد عن: عودة القطار إلى حلب">عودة القطار</a>') == [
        ("https://news.example/ar/1", "عودة القطار إلى حلب")
    ]


def test_a_base_address_is_honoured() -> None:
    body = '<base href="https://news.example/ar/"><a href="7">خبر الجسر الجديد</a>'
    assert entries(body) == [("https://news.example/ar/7", "خبر الجسر الجديد")]


def test_only_web_addresses_are_entries() -> None:
    body = '<a href="javascript:go(1)">أ</a><a href="mailto:a@b.example">ب</a><a href="http://u:p@news.example/ar/1">ت</a><a href="/ar/1">خبر واحد</a>'
    assert entries(body, links=".") == [("https://news.example/ar/1", "خبر واحد")]


def test_a_page_without_a_matching_link_is_an_error() -> None:
    with pytest.raises(FeedError) as caught:
        entries('<a href="/about">من نحن</a>')
    assert caught.value.reason == "no-links"


def test_an_empty_page_is_an_error() -> None:
    with pytest.raises(FeedError) as caught:
        parse_listing(b" \n", url=URL, links=".")
    assert caught.value.reason == "empty"


@pytest.mark.parametrize(
    ("header", "charset"), [("text/html", None), ("text/html; charset=utf-8", None), (None, "windows-1256")]
)
def test_a_windows_1256_page_is_read_rightly(header: str | None, charset: str | None) -> None:
    page = '<html><body><a href="/ar/1">افتتاح معرض الكتاب في دمشق</a></body></html>'.encode("windows-1256")
    headers = {"content-type": header} if header else None
    found = parse_listing(page, url=URL, links=ARTICLE, headers=headers, charset=charset)
    assert found == (Entry(url="https://news.example/ar/1", headline="افتتاح معرض الكتاب في دمشق"),)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                '"/ar/1"',
                ">",
                "</a>",
                "<h2>",
                "<base href=//x>",
                "خبر",
                "\0",
                "'",
                "<img alt=",
                "&#xD800;",
            ]
        )
    )
)
def test_any_page_gives_entries_or_a_feed_error(pieces: list[str]) -> None:
    try:
        found = parse_listing("".join(pieces).encode(), url=URL, links="ar")
    except FeedError:
        return
    assert len({entry.url for entry in found}) == len(found)
