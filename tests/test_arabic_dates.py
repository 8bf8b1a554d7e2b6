"""Printed dates: read in one way or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hijridate import Gregorian
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.arabic import parse_date
from newsarchive.arabic.dates import published_part
from newsarchive.arabic.datewords import HIJRI_MONTHS

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
MONTHS = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]
PIECES = st.sampled_from(
    ["أمس", "|", "رمضان", "2", "1440", "2019", "أيار", "هـ", "تحديث", "نشر", "/", ":", "10", "ص", "منذ"]
)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("7 أيار 2019", "2019-05-07"),
        ("7 ايار 2019", "2019-05-07"),
        ("٧ مايو ٢٠١٩", "2019-05-07"),
        ("\u200f7\u200f/\u200f5\u200f/\u200f2019", "2019-05-07"),
        ("الثلاثاء 7 أيار/مايو 2019", "2019-05-07"),
        ("07 مايو (أيار) 2019", "2019-05-07"),
        ("7 أيّار 2019م", "2019-05-07"),
        ("9 كانون الثاني 2018", "2018-01-09"),
        ("9 كانون ثاني 2018", "2018-01-09"),
        ("9 كانون الأول/ ديسمبر 2018", "2018-12-09"),
        ("9 تشرين أول 2018", "2018-10-09"),
        ("9 تشرين الثاني - نوفمبر 2018", "2018-11-09"),
        ("الأربعاء، 4 جانفي 2017", "2017-01-04"),
        ("4 أوت 2017", "2017-08-04"),
        ("4 غشت 2017", "2017-08-04"),
        ("4 دجنبر 2017", "2017-12-04"),
        ("نيسان 23, 2021", "2021-04-23"),
        ("2021 أبريل 23", "2021-04-23"),
        ("23 من نيسان من عام 2021", "2021-04-23"),
        ("23-نيسان-2021", "2021-04-23"),
        ("2021-04-23", "2021-04-23"),
        ("2021/4/23", "2021-04-23"),
        ("20210423", "2021-04-23"),
        ("23.04.2021", "2021-04-23"),
        ("4/23/2021", "2021-04-23"),
        ("3/4/21", "2021-04-03"),
        ("3/4/1998", "1998-04-03"),
        ("April 23, 2021", "2021-04-23"),
        ("23rd Apr 2021", "2021-04-23"),
        ("تاريخ النشر: 23 نيسان 2021", "2021-04-23"),
        ("كتب سليم الحلبي | 23 نيسان 2021", "2021-04-23"),
        ("الأحد 23 نيسان 2021", "2021-04-23"),  # it was a Friday; outlets err in the weekday, not in the day
        ("11 رمضان 1442هـ - 23 أبريل 2021م", "2021-04-23"),
        ("11/9/1442 الموافق 23/4/2021", "2021-04-23"),
        ("7 (أيار) مايو 2019", "2019-05-07"),
        ("[أيار] مايو 7, 2019", "2019-05-07"),
        ("7 ك2 2019", "2019-01-07"),
        ("7 ت ٢ 2019", "2019-11-07"),
        ("7\\5\\2019", "2019-05-07"),
        ("۷ مئی ۲۰۱۹ء", "2019-05-07"),
        ("۷ ژانویه ۲۰۱۹", "2019-01-07"),
        ("7th of May 2019", "2019-05-07"),
        ("السبت الموافق 7 أيار 2019م", "2019-05-07"),
        ("7 أيار 2019 - المشاهدات: 2040", "2019-05-07"),
        ("7 أيار 2019 | 3 دقائق للقراءة", "2019-05-07"),
        ("العدد 1204 - 7 أيار 2019", "2019-05-07"),
        ("كتب رمضان شعبان في 7 أيار 2019", "2019-05-07"),
    ],
)
def test_a_day_without_a_time_is_a_date(printed: str, day: str) -> None:
    read = parse_date(printed, now=NOW)
    assert type(read) is date
    assert read.isoformat() == day


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("7 أيار 2019 09:22 مساءً", "2019-05-07T21:22:00+00:00"),
        ("7 أيار 2019 - 12:09 م", "2019-05-07T12:09:00+00:00"),
        ("7 أيار 2019 | 12:09 ص", "2019-05-07T00:09:00+00:00"),
        ("7 أيار 2019، 15:40", "2019-05-07T15:40:00+00:00"),
        ("7 أيار 2019 الساعة 9:05 ليلاً", "2019-05-07T21:05:00+00:00"),
        ("7 أيار 2019 الساعة 2:05 ليلاً", "2019-05-07T02:05:00+00:00"),
        ("7 أيار 2019 1:15 ظهراً", "2019-05-07T13:15:00+00:00"),
        ("7 أيار 2019 3 عصراً", "2019-05-07T15:00:00+00:00"),
        ("06:10 ص - 7 أيار 2019", "2019-05-07T06:10:00+00:00"),
        ("آخر تحديث: 13/10/2021 03:15 مساءً", "2021-10-13T15:15:00+00:00"),
        ("7 أيار 2019 10:30 ت.غ", "2019-05-07T10:30:00+00:00"),
        ("7 أيار 2019 10:30 (بتوقيت غرينتش)", "2019-05-07T10:30:00+00:00"),
        ("7 أيار 2019 10:30 GMT+3", "2019-05-07T10:30:00+03:00"),
        ("7 أيار 2019 10:30 بتوقيت دمشق", "2019-05-07T10:30:00+03:00"),
        ("2019-05-07T00:30+0300", "2019-05-07T00:30:00+03:00"),
        ("2019-05-07T00:30:15.250-05:00", "2019-05-07T00:30:15-05:00"),
        ("2019-05-07T00:30:15Z", "2019-05-07T00:30:15+00:00"),
        ("20190507T003015Z", "2019-05-07T00:30:15+00:00"),
        ("2019-05-07 00:30+03", "2019-05-07T00:30:00+03:00"),
        ("Tue, 07 May 2019 10:30:00 +0200", "2019-05-07T10:30:00+02:00"),
        ("Tue, 07 May 19 10:30:00 EST", "2019-05-07T10:30:00-05:00"),
        ("الثلاثاء, 07 مايو 2019 10:30:00 GMT", "2019-05-07T10:30:00+00:00"),
        ("May 7, 2019 10:30 PM", "2019-05-07T22:30:00+00:00"),
        ("في 7/5/2019 10:15 ص", "2019-05-07T10:15:00+00:00"),
        ("| 20:15 | 7 أيار 2019", "2019-05-07T20:15:00+00:00"),
        ("7 أيار 2019 12:05 ص", "2019-05-07T00:05:00+00:00"),
        ("7 أيار 2019 12:05 م", "2019-05-07T12:05:00+00:00"),
        ("7 أيار 2019 10.15 م", "2019-05-07T22:15:00+00:00"),
        ("7 ماي 2019 14h30", "2019-05-07T14:30:00+00:00"),
        ("7 أيار 2019 11:30 قبل الظهر", "2019-05-07T11:30:00+00:00"),
        ("7 أيار 2019 10:15 +03", "2019-05-07T10:15:00+03:00"),
        ("2019-05-07T10:15:30.123+03:00", "2019-05-07T10:15:30+03:00"),
        ("Tue May  7 10:15:30 2019", "2019-05-07T10:15:30+00:00"),
        ("Tue May 07 2019 10:15:30 GMT+0300 (Arabian Standard Time)", "2019-05-07T10:15:30+03:00"),
        ("5/17/2019 10:15:30 AM", "2019-05-17T10:15:30+00:00"),
        ("الثلاثاء 2 رمضان 1440هـ 10:15 م", "2019-05-07T22:15:00+00:00"),
    ],
)
def test_a_day_with_a_time_is_an_instant_on_the_printed_day(printed: str, moment: str) -> None:
    read = parse_date(printed, now=NOW)
    assert isinstance(read, datetime)
    assert read.isoformat() == moment


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("منذ 5 دقائق", "2026-11-20T11:55:00+00:00"),
        ("منذ ٤٠ ثانية", "2026-11-20T11:59:20+00:00"),
        ("منذ ساعة واحدة", "2026-11-20T11:00:00+00:00"),
        ("قبل ساعتين", "2026-11-20T10:00:00+00:00"),
        ("آخر تحديث: منذ 11 ساعة", "2026-11-20T01:00:00+00:00"),
        ("منذ ثلاث ساعات و 10 دقائق", "2026-11-20T08:50:00+00:00"),
        ("منذ يوم", "2026-11-19"),
        ("منذ يومين", "2026-11-18"),
        ("قبل ٣ أيام", "2026-11-17"),
        ("خمسة أيام مضت", "2026-11-15"),
        ("منذ أسبوع", "2026-11-13"),
        ("أمس", "2026-11-19"),
        ("نشرت أمس", "2026-11-19"),
        ("أمس الخميس", "2026-11-19"),
        ("أول أمس", "2026-11-18"),
        ("اليوم", "2026-11-20"),
        ("أمس الساعة 10:30 م", "2026-11-19T22:30:00+00:00"),
        ("أمس 9 مساءً", "2026-11-19T21:00:00+00:00"),
        ("أمس في 21:10", "2026-11-19T21:10:00+00:00"),
        ("البارحة", "2026-11-19"),
        ("اليوم 14:30", "2026-11-20T14:30:00+00:00"),
        ("قبل 20 دقيقة", "2026-11-20T11:40:00+00:00"),
        ("منذ 20 د", "2026-11-20T11:40:00+00:00"),
        ("5 أيار الماضي", "2026-05-05"),
        ("5 من كانون الأول الماضي", "2025-12-05"),
        ("5 تشرين الثاني الجاري", "2026-11-05"),
    ],
)
def test_a_relative_form_is_counted_from_now(printed: str, expected: str) -> None:
    read = parse_date(printed, now=NOW)
    assert read is not None
    assert read.isoformat() == expected


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "2019",
        "أيار 2019",
        "كانون الثاني/يناير الماضي",
        "7 أيار",
        "الثلاثاء 7 أيار",
        "7 أيار 10:30",
        "7 أيار المقبل",
        "7 أيار الجاري",
        "7 تشرين الثاني الماضي",
        "3 رمضان",
        "رمضان 1442",
        "31 رمضان 1442",
        "11 رمضان 1342",
        "من 3 رمضان 1442 إلى 5 رمضان 1442",
        "1402/02/12",
        "12 اردیبهشت 1402",
        "7 أيار 2019 10:30 EET",
        "2/4/2020 10:12:13 AM",
        "3-5 أيار 2019",
        "منذ عام",
        "منذ لحظات",
        "31 نيسان 2019",
        "30/2/2019",
        "13/13/2019",
        "7 أيار/حزيران 2019",
        "من 3 إلى 7 أيار 2019",
        "قبل 7 أيار 2019",
        "حتى 7 أيار 2019",
        "7 أيار 2019 - 9 أيار 2019",
        "7 أيار 2019 الساعة 25:10",
        "7 أيار 2019 15:10 ص",
        "7 أيار 2019 10:30 AST",
        "10:30 في 7 أيار 2019 مساء",
        "7 أيار 2019 10:30 +2500",
        "7 أيار 3019",
        "منذ شهر",
        "منذ 3 ساعتين",
        "منذ أيام",
        "منذ ساعة و يوم",
        "قبل يومين من الانتخابات",
        "أمس الاثنين",
        "غداً",
        "192.168.10.20",
        "0944123456",
        "1556000000",
        "مباراة انتهت 3-2-1",
        "قال المتحدث إن الاجتماع الذي عقد في المدينة القديمة يوم 7 أيار 2019 لم يخرج بنتيجة واضحة",
        "7 أيار 2019 " + "كلمة " * 60,
    ],
)
def test_what_is_not_certain_is_no_date(printed: str) -> None:
    assert parse_date(printed, now=NOW) is None


def test_a_time_without_a_zone_is_the_outlets() -> None:
    read = parse_date("7 أيار 2019 00:30", now=NOW, timezone=ZoneInfo("Asia/Damascus"))
    assert read == datetime(2019, 5, 6, 21, 30, tzinfo=UTC)
    assert isinstance(read, datetime)
    assert read.utcoffset() == timedelta(0)


def test_a_printed_zone_wins_over_the_outlets() -> None:
    read = parse_date("2019-05-07 00:30 GMT+1", now=NOW, timezone=ZoneInfo("Asia/Damascus"))
    assert read == datetime(2019, 5, 7, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def test_yesterday_is_the_outlets_yesterday() -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert parse_date("أمس", now=late, timezone=ZoneInfo("Asia/Damascus")) == date(2026, 11, 20)


def test_the_month_comes_first_only_when_asked_for_or_the_day_cannot() -> None:
    assert parse_date("3/4/2020", now=NOW) == date(2020, 4, 3)
    assert parse_date("3/4/2020", now=NOW, day_first=False) == date(2020, 3, 4)
    assert parse_date("23/4/2020", now=NOW, day_first=False) == date(2020, 4, 23)


def test_a_year_of_two_digits_is_not_in_the_future() -> None:
    assert parse_date("3/4/26", now=NOW) == date(2026, 4, 3)
    assert parse_date("3/4/88", now=NOW) == date(1988, 4, 3)


@pytest.mark.parametrize(
    "printed",
    [
        "2 رمضان 1440",
        "2 من شهر رمضان المبارك لعام 1440هـ",
        "رمضان 2, 1440",
        "٢ رمضان ١٤٤٠ للهجرة",
        "2/9/1440هـ",
        "1440/09/02",
        "02-09-1440 هـ",
    ],
)
def test_a_hijri_day_alone_is_converted(printed: str) -> None:
    assert parse_date(printed, now=NOW) == date(2019, 5, 7)


@pytest.mark.parametrize(
    "hijri", ["2 رمضان 1440هـ", "3 رمضان 1440", "20 محرم 1440", "31 رمضان 1440", "1440/9/2 هـ"]
)
def test_beside_a_gregorian_day_a_hijri_one_does_not_count(hijri: str) -> None:
    for printed in (
        f"{hijri} الموافق 7 أيار 2019م",
        f"7 أيار 2019 - {hijri}",
        f"الثلاثاء ({hijri}) 7 أيار 2019",
    ):
        assert parse_date(printed, now=NOW) == date(2019, 5, 7)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("نُشر: 7 أيار 2019 - آخر تحديث: 9 أيار 2019", "2019-05-07"),
        ("آخر تحديث: 9 أيار 2019 - نُشر: 7 أيار 2019", "2019-05-07"),
        ("7 أيار 2019 (محدث: 9 أيار 2019)", "2019-05-07"),
        ("Published May 7, 2019, last updated May 9, 2019", "2019-05-07"),
        ("آخر تحديث: 9 أيار 2019", "2019-05-09"),
    ],
)
def test_of_publication_and_change_the_first_counts(printed: str, day: str) -> None:
    assert parse_date(printed, now=NOW) == date.fromisoformat(day)


def test_a_line_says_what_it_says_of_publication() -> None:
    assert published_part("7 أيار 2019") == "7 ايار 2019"
    assert published_part("7 أيار 2019 10:15 (تحديث 11:00)") == "7 ايار 2019 10:15 ("
    assert published_part("آخر تحديث: 9 أيار 2019") is None
    assert published_part("7 أيار 2019، آخر تحديث 10:15") is None
    assert published_part("آخر تحديث: 9 أيار 2019 - نشر في السوق") is None


@given(st.dates(date(1925, 1, 1), date(2077, 11, 1)))
def test_every_hijri_day_is_read_back_from_how_it_is_printed(day: date) -> None:
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    name = next(name for name, number in HIJRI_MONTHS.items() if number == hijri.month)
    assert parse_date(f"{hijri.day} {name} {hijri.year}هـ", now=NOW) == day
    assert parse_date(f"{hijri.year}/{hijri.month}/{hijri.day} هـ", now=NOW) == day


@given(st.text(max_size=60) | st.lists(PIECES, max_size=8).map(" ".join))
def test_parse_date_never_raises_and_instants_are_aware(text: str) -> None:
    read = parse_date(text, now=NOW)
    assert read is None or not isinstance(read, datetime) or read.tzinfo is not None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back_from_how_it_is_printed(day: date) -> None:
    assert parse_date(f"{day.day} {MONTHS[day.month - 1]} {day.year}", now=NOW) == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", now=NOW) == day
    assert parse_date(day.isoformat(), now=NOW) == day
