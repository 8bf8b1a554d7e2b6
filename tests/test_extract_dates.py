"""A page's date: the one of this article, on the outlet's day, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsarchive.extract import extract
from newsarchive.extract.printed import printed_dates
from newsarchive.models import Article, Entry, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://outlet.example/news/17"
HEADLINE = "نحالو الجبل يجمعون أول عسل الموسم"
STORY = (
    "قال نحالون في الجبل إن موسم العسل بدأ مبكرا هذا العام، وإن الأمطار الأخيرة أطالت عمر الأزهار في الوديان."
)
MORE = "وأضافوا أن سعر الكيلو ارتفع قليلا عن العام الماضي بسبب أجور النقل وكلفة الخلايا الجديدة المصنوعة من الخشب."
TEXT = f"<p>{STORY}</p><p>{MORE}</p>"
OTHER = "طلاب القرية يعودون إلى مدرستهم بعد الترميم"


def page(body: str, head: str = "", lang: str = "ar") -> bytes:
    return (
        f"<html lang='{lang}'><head><title>{HEADLINE}</title>{head}</head><body>{body}</body></html>".encode()
    )


def read(
    content: bytes,
    *,
    url: str = URL,
    now: datetime | None = NOW,
    source: Source | None = None,
    entry: Entry | None = None,
) -> tuple[str | None, str | None]:
    got = extract(content, url=url, now=now, source=source, entry=entry)
    assert isinstance(got, Article), got
    return got.date, got.date_from


def stamped(claim: str) -> str:
    return f'<meta property="article:published_time" content="{claim}">'


def around(*, above: str = "", below: str = "", text: str = TEXT, behind: str = "") -> str:
    return f"<div class=a>{above}<h1>{HEADLINE}</h1>{below}<div class=x>{text}</div>{behind}</div>"


# Printed near the headline


@pytest.mark.parametrize(
    "line",
    [
        "<div>الأحد 3 أيار 2020</div>",
        "<div><span>خاص</span> | <span>3 أيار 2020</span></div>",
        "<ul><li>محليات</li><li>3 مايو/أيار 2020</li></ul>",
        "<div>نشر في: 3 أيار 2020 - آخر تحديث: 5 أيار 2020</div>",
        "<div>آخر تحديث: 5 أيار 2020 | تاريخ النشر: 3 أيار 2020</div>",
        "<div><b>تاريخ النشر:</b> <span>03/05/2020 10:15 ص</span> <b>آخر تحديث:</b> <span>05/05/2020</span></div>",
        "<div>3 أيار 2020 - 1240 مشاهدة</div>",
        "<abbr class=published title='2020-05-03T10:00:00+03:00'>الأحد</abbr>",
        "<time datetime='2020-05-03T22:00:00+03:00'>قبل حين</time>",
        "<time datetime='x'>3 أيار 2020</time>",
        "<div>10 رمضان 1441هـ</div>",
        "<div>كتبت هند السالم - 3 أيار 2020</div>",
    ],
)
def test_the_date_line_is_read_on_either_side_of_the_headline(line: str) -> None:
    assert read(page(around(below=line))) == ("2020-05-03", "page")
    assert read(page(around(above=line))) == ("2020-05-03", "page")


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"<div class=box><h4><a href='/n/2'>{OTHER}</a></h4><span>3 أيار 2020</span></div>",
        f"<ul><li><a href='/n/2'>{OTHER}</a> 3 أيار 2020</li></ul>",
        "<div class=comments><div><b>سامر</b><span>3 أيار 2020</span></div></div>",
        "<div class=sidebar><time datetime=2020-05-03>3 أيار</time></div>",
        "<footer><span>3 أيار 2020</span></footer>",
        "<p>3 أيار 2020</p>",
    ],
)
def test_a_date_that_stands_behind_the_text_is_another_things(elsewhere: str) -> None:
    assert read(page(around(behind=elsewhere))) == (None, None)


@pytest.mark.parametrize(
    "bar",
    [
        "<div class=top-bar><span>الجمعة 20 تشرين الثاني 2026</span></div>",
        "<div id=date-now>20 تشرين الثاني 2026</div>",
        "<header><span>20 تشرين الثاني 2026</span></header>",
        "<div><div>20 تشرين الثاني 2026</div><div>20 درجة</div></div>",
    ],
)
def test_the_day_in_the_sites_bar_is_not_the_articles(bar: str) -> None:
    assert read(page(f"{bar}<div><article>{around()}</article></div>")) == (None, None)
    assert read(page(f"{bar}{around(below='<div>3 أيار 2020</div>')}")) == ("2020-05-03", "page")


@pytest.mark.parametrize("name", ["top-bar", "topbar", "date-now", "today", "current-date", "site_clock"])
def test_a_bar_named_as_one_is_not_read_even_right_above_the_headline(name: str) -> None:
    bar = "<span>20 تشرين الثاني 2026</span>"
    assert read(page(f"<div><div class={name}>{bar}</div>{around()}</div>")) == (None, None)
    assert read(page(f"<div><div class=line>{bar}</div>{around()}</div>")) == ("2026-11-20", "page")


def test_what_stands_far_above_the_headline_is_the_sites() -> None:
    line = "<div>20 تشرين الثاني 2026</div>"
    assert read(page(f"<div>{line}<div><div>{around()}</div></div></div>")) == (None, None)
    assert read(page(f"<div>{line}{around()}</div>")) == ("2026-11-20", "page")


def test_what_stands_behind_the_label_of_a_change_is_one() -> None:
    long = (
        "<span>تقرير خاص من قرى الجبل وأسواقه عن الموسم الجديد وأسعاره وطرق نقله إلى المدن البعيدة عنه</span>"
    )
    parts = f"<div>{long}<b>آخر تحديث</b> <span>5 أيار 2020</span></div>"
    assert read(page(around(below=parts))) == (None, None)
    assert read(page(around(below=parts.replace("آخر تحديث", "تاريخ النشر")))) == ("2020-05-05", "page")


def test_a_date_beside_the_title_of_another_article_is_not_taken_for_an_urgent_item() -> None:
    cards = "".join(
        f"<div class=c><h4><a href='/n/{n}'>{OTHER} {'ا' * n}</a></h4><i>3 أيار 2020</i></div>"
        for n in (1, 2)
    )
    urgent = around(text="<p>عاجل: بدء موسم العسل في الجبل</p>", behind=cards)
    assert read(page(urgent)) == (None, None)


def test_a_change_alone_is_no_publication() -> None:
    assert read(page(around(below="<div><b>آخر تحديث</b> <span>5 أيار 2020</span></div>"))) == (None, None)
    assert read(page(around(below="<div>3 أيار 2020، آخر تحديث 10:15</div>"))) == (None, None)


def test_without_a_printed_headline_only_elements_made_for_dates_count_and_only_if_they_agree() -> None:
    one = "<span class=entry-date>3 أيار 2020</span>"
    two = "<span class=entry-date>4 أيار 2020</span>"
    assert read(page(f"{one}<div>{TEXT}</div>")) == ("2020-05-03", "page")
    assert read(page(f"{one}{two}<div>{TEXT}</div>")) == (None, None)


def test_an_h1_that_holds_more_than_the_headline_is_still_where_the_date_stands() -> None:
    head = f'<meta property="og:title" content="{HEADLINE}">'
    body = f"<div><h1><small>محليات</small> {HEADLINE}</h1><span>3 أيار 2020</span>{TEXT}</div>"
    assert read(page(body, head)) == ("2020-05-03", "page")


# Address


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2020/05/x", "2020-05-03"),
        ("2020/05/03/x", "2020-05-03"),
        ("2020/05/04/x", "2020-05-03"),  # the evening before
        ("2020/05/01/x", "2020-05-01"),  # printed is the day of a change
        ("2019/12/x", None),
        ("2018/01/09/x", "2018-01-09"),
    ],
)
def test_a_printed_date_must_fit_the_month_or_day_of_the_address(path: str, day: str | None) -> None:
    body = around(below="<div>3 أيار 2020</div>")
    assert read(page(body), url=f"https://outlet.example/{path}")[0] == day


# The outlet's day

LATE = "2023-12-24T23:59:00Z"


@pytest.mark.parametrize(
    ("lang", "host", "day"),
    [
        ("ar-EG", "outlet.example", "2023-12-25"),
        ("ar", "outlet.com.eg", "2023-12-25"),
        ("ar", "outlet.sy", "2023-12-25"),
        ("ar-EG", "outlet.lb", "2023-12-24"),  # two countries are none
        ("ar-SA", "outlet.example", "2023-12-24"),  # what tools write for Arabic
        ("ar", "outlet.example", "2023-12-24"),
    ],
)
def test_an_instant_in_utc_is_on_the_day_of_the_country_that_the_page_names(
    lang: str, host: str, day: str
) -> None:
    assert read(page(around(), stamped(LATE), lang), url=f"https://{host}/n/1") == (day, "meta")


@pytest.mark.parametrize("shown", ["24", "25"])
def test_the_day_that_the_page_prints_decides_where_zones_disagree(shown: str) -> None:
    body = around(below=f"<div>{shown} كانون الأول 2023</div>")
    for lang in ("ar", "ar-EG"):
        assert read(page(body, stamped(LATE), lang)) == (f"2023-12-{shown}", "meta")


def test_a_printed_day_far_from_the_instant_does_not_decide() -> None:
    body = around(below="<div>20 كانون الأول 2023</div>")
    assert read(page(body, stamped(LATE)))[0] == "2023-12-24"


def test_the_sources_zone_decides_alone() -> None:
    cairo = Source(key="x", name="x", timezone="Africa/Cairo")
    body = around(below="<div>24 كانون الأول 2023</div>")
    assert read(page(body, stamped(LATE)), source=cairo) == ("2023-12-25", "meta")


def test_an_offset_that_the_claim_writes_is_the_outlets() -> None:
    assert read(page(around(), stamped("2023-12-24T23:30:00+01:00"), "ar-EG"))[0] == "2023-12-24"


# Templates


def test_a_claim_of_the_hour_of_reading_is_doubted_if_the_page_shows_an_older_day() -> None:
    head = stamped("2026-11-20T11:59:58Z")
    assert read(page(around(below="<div>3 أيار 2020</div>"), head)) == ("2020-05-03", "page")
    assert read(page(around(), head), url="https://outlet.example/2020/05/03/x") == ("2020-05-03", "url")
    assert read(page(around(), head)) == ("2026-11-20", "meta")
    assert read(page(around(below="<div>20 تشرين الثاني 2026</div>"), head)) == ("2026-11-20", "meta")


def test_an_older_claim_is_believed_before_what_the_page_shows() -> None:
    body = around(below="<div>3 أيار 2020</div>")
    assert read(page(body, stamped("2020-06-03T10:00:00Z"))) == ("2020-06-03", "meta")


@pytest.mark.parametrize(
    "claim", ["1994-12-31", "2026-11-22T00:00:00Z", "0000-00-00", "2/4/2020 10:12:13 AM"]
)
def test_what_cannot_be_is_not_believed_and_the_next_witness_is_asked(claim: str) -> None:
    assert read(page(around(below="<div>3 أيار 2020</div>"), stamped(claim))) == ("2020-05-03", "page")


def test_a_date_line_within_or_beside_a_thousand_elements_is_found() -> None:
    deep = "<div>" * 3000 + "3 أيار 2020" + "</div>" * 3000
    wide = "<div>" + "<b></b>" * 3000 + "<i>3 أيار 2020</i></div>"
    for line in (deep, wide):
        tree = LexborHTMLParser(around(below=line))
        assert "3 أيار 2020" in printed_dates(tree, HEADLINE)
