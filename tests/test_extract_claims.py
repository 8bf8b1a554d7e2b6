"""A date that is not certain is absent: what only looks like a date of publication is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsarchive.extract import extract
from newsarchive.models import Article, Entry, Source

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus", country="SY")
HEADLINE = "عودة القطن إلى الخابور"
URL = "https://wadi.example/a/story"
TEXT = (
    "<p>عاد المزارعون إلى حقولهم بعد توقف الأمطار، وبدأوا إحصاء الخسائر في القنوات والبيوت البلاستيكية.</p>"
    * 3
)


def dated(
    head: str = "", below: str = "", url: str = URL, entry: Entry | None = None
) -> tuple[str | None, str | None]:
    page = f"<html><head><meta charset=utf-8><title>{HEADLINE}</title>{head}</head><body><h1>{HEADLINE}</h1>{below}<div class=entry-content>{TEXT}</div></body></html>"
    made = extract(page.encode(), url=url, source=WADI, now=NOW, entry=entry)
    assert isinstance(made, Article)
    return made.date, made.date_from


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="9/1/2018 10:00">',
        '<meta name=date content="03/04/2018 10:00 AM">',
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"عودة القطن إلى الخابور","datePublished":"1/9/2018 3:04:05 PM"}</script>',
    ],
)
def test_a_claim_in_which_day_and_month_could_be_exchanged_is_none(head: str) -> None:
    assert dated(head) == (None, None)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta name=date content="08/10/2009">', "2009-10-08"),
        ('<meta name=date content="1/19/2018 10:00">', "2018-01-19"),
        ('<meta name=date content="5/5/2018 10:00">', "2018-05-05"),
    ],
)
def test_a_claim_with_one_reading_is_read(head: str, day: str) -> None:
    assert dated(head) == (day, "meta")


@pytest.mark.parametrize(
    "below",
    [
        "<h2>قراءة في ما جرى يوم 21 آب 2013</h2>",
        "<h2>قراءة في أحداث 21 آب 2013</h2>",
        "<p class=subtitle>قراءة في أحداث 21 آب 2013</p>",
        "<p>موعد الندوة: 20 شباط 2024</p>",
        "<p>ذكرى 18 آذار 2011 في درعا</p>",
        "<span>Published 03/04/2023</span>",
    ],
)
def test_a_day_that_the_story_is_about_is_no_day_of_publication(below: str) -> None:
    assert dated(below=below) == (None, None)


@pytest.mark.parametrize(
    "below",
    [
        "<p>نشر في 9 كانون الثاني 2018</p>",
        "<p>دمشق - 9 كانون الثاني 2018</p>",
        "<p>اقتصاد 9 كانون الثاني 2018</p>",
        "<div>بقلم ليلى القصير | 9 كانون الثاني 2018 | ثقافة ومجتمع</div>",
        "<div class=post-meta>ليلى القصير في ثقافة ومجتمع 9 كانون الثاني 2018</div>",
        "<div><b>الثلاثاء، 09 كانون الثاني 2018 - 10:15 ص</b></div>",
    ],
)
def test_a_date_line_below_the_headline_is_the_day_of_publication(below: str) -> None:
    assert dated(below=below) == ("2018-01-09", "page")


@pytest.mark.parametrize(
    "path",
    ["/news/20120512", "/a/201912059999", "/news/massacre-of-2013-08-21-remembered", "/a/story-2018-01-09"],
)
def test_a_number_or_a_day_within_a_slug_is_no_date(path: str) -> None:
    assert dated(url=f"https://wadi.example{path}") == (None, None)


@pytest.mark.parametrize(
    "path",
    [
        "/2018/01/09/story",
        "/2018/1/9/story/7",
        "/news/2018-01-09-1.55",
        "/20180109/story",
        "/n/201801091044893040-story",
    ],
)
def test_a_day_that_the_address_is_filed_under_is_its_date(path: str) -> None:
    assert dated(url=f"https://wadi.example{path}") == ("2018-01-09", "url")


def test_an_instant_that_has_not_come_is_not_believed_and_its_day_only_if_it_is_today() -> None:
    tomorrow = Entry(url=URL, headline=HEADLINE, published=NOW + timedelta(hours=20))
    assert dated(entry=tomorrow) == (None, None)
    tonight = Entry(url=URL, headline=HEADLINE, published=NOW + timedelta(hours=3))
    assert dated(entry=tonight) == ("2026-11-20", "feed")
    page = f"<html><head><meta charset=utf-8></head><body><h1>{HEADLINE}</h1>{TEXT}</body></html>"
    made = extract(page.encode(), url=URL, source=WADI, now=NOW, entry=tonight)
    assert isinstance(made, Article)
    assert made.published is None


def test_a_heading_that_was_never_closed_is_no_headline() -> None:
    page = f"<html><head><meta charset=utf-8><title>{HEADLINE}</title></head><body><h1>{'كلمة ' * 5000}</h1><div>{TEXT}</div></body></html>"
    made = extract(page.encode(), url=URL, source=WADI, now=NOW)
    assert isinstance(made, Article)
    assert made.headline == HEADLINE
