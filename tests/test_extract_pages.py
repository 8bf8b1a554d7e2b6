"""Whole pages: real outlets' furniture around our own sentences, and what must come out (tests/pages)."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsarchive.extract import EXTRACTOR, extract
from newsarchive.models import Article, Entry, Rejected, Selectors, Source

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAIN = ("headline", "date", "date_from", "lede", "byline", "section", "caption")


def load(name: str) -> tuple[bytes, dict[str, Any]]:
    want = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))
    return (PAGES / f"{name}.html").read_bytes(), want


def names(*, rejected: bool) -> list[str]:
    found = sorted(str(path.relative_to(PAGES).with_suffix("")) for path in PAGES.glob("*/*.toml"))
    return [name for name in found if ("reason" in load(name)[1]) == rejected]


def article(name: str, **arguments: Any) -> Article:
    content, want = load(name)
    got = extract(content, url=want["url"], **{"now": NOW, **arguments})
    assert isinstance(got, Article), got
    return got


@pytest.mark.parametrize("name", names(rejected=False))
def test_the_body_is_the_articles_paragraphs_and_nothing_else(name: str) -> None:
    assert article(name).body.split("\n") == load(name)[1]["body"]


@pytest.mark.parametrize("name", [name for name in names(rejected=False) if "must_not" in load(name)[1]])
def test_the_body_holds_none_of_the_pages_furniture(name: str) -> None:
    content, want = load(name)
    for unwanted in want["must_not"]:
        assert unwanted in content.decode()  # else it could not come out
        assert unwanted not in article(name).body


@pytest.mark.parametrize("name", names(rejected=False))
def test_headline_date_lede_and_credits_are_as_the_page_prints_them(name: str) -> None:
    got, want = article(name), load(name)[1]
    expected = {
        field: want.get(field) for field in PLAIN if field in want or field in ("date", "date_from", "lede")
    }
    assert {field: getattr(got, field) for field in expected} == expected
    if "published" in want:
        assert got.published == datetime.fromisoformat(want["published"])


@pytest.mark.parametrize("name", names(rejected=False))
def test_an_article_knows_its_addresses_its_language_and_its_rules(name: str) -> None:
    got, want = article(name), load(name)[1]
    assert got.url == want.get("canonical", want["url"])
    assert list(got.addresses) == want.get("addresses", [])
    assert (got.language, got.extractor) == ("ar", EXTRACTOR)
    assert list(got.tags) == want.get("tags", [])


@pytest.mark.parametrize("name", names(rejected=True))
def test_what_is_no_article_is_rejected_with_its_reason(name: str) -> None:
    content, want = load(name)
    got = extract(content, url=want["url"], now=NOW)
    assert isinstance(got, Rejected), got
    assert got.reason == want["reason"]
    assert got.detail


def test_every_kind_of_rejection_has_a_page() -> None:
    reasons = {load(name)[1]["reason"] for name in names(rejected=True)}
    assert reasons >= {"wall", "soft-404", "parked", "script-shell", "no-text", "listing", "home-page"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"%PDF-1.7 <a>", "not-html"),
        (b"\x89PNG\r\n\x1a\n", "not-html"),
        (b'{"title": "x"}', "not-html"),
        (b'<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>', "not-html"),
        ("كلام بلا وسم".encode(), "not-html"),
    ],
)
def test_bytes_that_are_no_page_are_rejected(content: bytes, reason: str) -> None:
    got = extract(content, url="https://outlet.example/a")
    assert isinstance(got, Rejected)
    assert got.reason == reason


def test_a_page_that_answers_at_the_front_pages_address_is_no_article() -> None:
    content, _ = load("windows-1256/old-site")
    got = extract(content, url="https://outlet.example/ar/")
    assert isinstance(got, Rejected)
    assert got.reason == "home-page"


def test_the_feeds_date_comes_first_and_the_day_is_the_outlets() -> None:
    entry = Entry(url="https://outlet.example/1", published=datetime(2024, 6, 4, 22, 30, tzinfo=UTC))
    source = Source(key="x", name="صوت الفرات", timezone="Asia/Damascus")
    got = article("wordpress-jannah/article", entry=entry, source=source)
    assert (got.date, got.date_from, got.published) == ("2024-06-05", "feed", entry.published)


def test_an_instant_is_the_sources_day_when_the_source_is_known() -> None:
    source = Source(key="x", name="x", timezone="Asia/Damascus")
    assert article("react/article-body", source=source).date == "2024-02-01"


def test_a_time_without_an_offset_is_an_instant_only_where_the_zone_is_known() -> None:
    source = Source(key="x", name="x", timezone="Asia/Damascus")
    assert article("enab-baladi/donation").published is None
    assert article("enab-baladi/donation", source=source).published == datetime(2024, 2, 7, 9, 9, tzinfo=UTC)


def test_a_date_in_the_future_is_not_believed() -> None:
    early = datetime(2024, 6, 1, tzinfo=UTC)
    assert article("wordpress-jannah/article", now=early).date is None


def test_the_sources_selectors_are_obeyed() -> None:
    selectors = Selectors(headline=".pg-title", body=".wsw", date="time", remove=("p:nth-child(3)", "p["))
    got = article("pangea/article", source=Source(key="x", name="x", selectors=selectors))
    assert got.body.split("\n") == [line for line in load("pangea/article")[1]["body"] if "تحديث" not in line]
    assert got.date == "2017-12-05"


def test_the_sources_charset_overrides_what_the_bytes_look_like() -> None:
    got = article("windows-1256/old-site", source=Source(key="x", name="x", charset="windows-1256"))
    assert got.headline == load("windows-1256/old-site")[1]["headline"]


def test_extraction_is_a_function_of_its_arguments() -> None:
    assert dataclasses.asdict(article("drupal/article")) == dataclasses.asdict(article("drupal/article"))
