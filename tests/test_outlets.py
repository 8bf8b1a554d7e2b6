"""The shipped outlets (feeds.toml) and those in waiting (catalogue.toml), as data."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsarchive.urls import canonical_url, is_home, is_web_address

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "outlets.md"

Outlets = dict[str, dict[str, Any]]


def outlets(path: str) -> Outlets:
    sources: Outlets = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))["sources"]
    return sources


SHIPPED = outlets("feeds.toml")
CATALOGUE = outlets(str(files("newsarchive") / "catalogue.toml"))
EVERY = [*SHIPPED.items(), *CATALOGUE.items()]

each_outlet = pytest.mark.parametrize("outlet", [pytest.param(outlet, id=key) for key, outlet in EVERY])
each_listing = pytest.mark.parametrize(
    "listing", [pytest.param(outlet["listing"], id=key) for key, outlet in EVERY if "listing" in outlet]
)


def addresses(outlet: dict[str, Any]) -> list[str]:
    listing = [outlet["listing"]["url"]] if "listing" in outlet else []
    return [outlet["homepage"], *outlet.get("feeds", ()), *listing]


def test_thirty_eight_outlets_are_shipped_and_all_of_them_are_enabled() -> None:
    assert len(SHIPPED) == 38
    assert not any("enabled" in outlet for outlet in SHIPPED.values())


def test_syrian_outlets_come_first() -> None:
    syrian = [outlet["country"] == "SY" for outlet in SHIPPED.values()]
    assert syrian == sorted(syrian, reverse=True)


def test_a_key_is_a_lower_case_slug_and_stands_in_one_file_only() -> None:
    assert not SHIPPED.keys() & CATALOGUE.keys()
    assert [key for key, _ in EVERY if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_no_feed_address_stands_twice() -> None:
    times = Counter(canonical_url(feed) for _, outlet in EVERY for feed in outlet.get("feeds", ()))
    assert [feed for feed, count in times.items() if count > 1] == []


def test_every_shipped_outlet_writes_in_arabic() -> None:
    assert {outlet["language"] for outlet in SHIPPED.values()} == {"ar"}


def test_an_outlet_in_another_language_says_so_in_its_key() -> None:
    twins = {key: key.rpartition("-")[2] for key in CATALOGUE if re.search(r"-(en|tr|ku)$", key)}
    assert {key: CATALOGUE[key]["language"] for key in twins} == twins


@each_outlet
def test_an_outlet_has_a_name_and_a_feed_or_a_listing(outlet: dict[str, Any]) -> None:
    assert outlet["name"].strip() == outlet["name"] != ""
    assert outlet.get("feeds") or outlet.get("listing")


@each_outlet
def test_an_address_is_a_web_address_in_ascii_spelled_as_the_archive_spells_it(
    outlet: dict[str, Any],
) -> None:
    for address in addresses(outlet):
        assert is_web_address(address)
        assert address.isascii()
        assert address == canonical_url(address)


@each_outlet
def test_a_feed_is_neither_a_front_page_nor_a_sitemap(outlet: dict[str, Any]) -> None:
    assert not [feed for feed in outlet.get("feeds", ()) if is_home(feed) or "sitemap" in feed.lower()]


@each_outlet
def test_a_time_zone_is_known(outlet: dict[str, Any]) -> None:
    assert ZoneInfo(outlet["timezone"]).key == outlet["timezone"]


@each_outlet
def test_language_and_country_are_two_letter_codes(outlet: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]{2}", outlet["language"])
    assert re.fullmatch(r"[A-Z]{2}", outlet.get("country", "XX"))  # a network of many countries has none
    assert outlet.get("country") not in {"UK", "EU", "UN"}


@each_listing
def test_a_listing_has_an_address_and_a_pattern_that_does_not_match_the_listing_itself(
    listing: dict[str, str],
) -> None:
    assert listing.keys() == {"url", "links"}
    assert re.search(listing["links"], listing["url"]) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.baladi-news.com/ar/articles/104512/some-headline",
        "https://baladi-news.com/ar/articles/104512/%D8%AE%D8%A8%D8%B1",
        "https://www.baladi-news.com/ar/articles/104512",
        "http://www.baladi-news.com/public/ar/articles/7/another/part",
    ],
)
def test_the_listing_of_baladi_news_takes_its_articles(address: str) -> None:
    assert re.search(SHIPPED["baladi-news"]["listing"]["links"], address)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.baladi-news.com/",
        "https://www.baladi-news.com/ar",
        "https://www.baladi-news.com/public/ar",
        "https://www.baladi-news.com/ar/articles",
        "https://www.baladi-news.com/ar/categories/12/some-section",
        "https://www.baladi-news.com/en/articles/104512/some-headline",
        "https://share.example/?u=https://www.baladi-news.com/ar/articles/104512/some-headline",
    ],
)
def test_the_listing_of_baladi_news_leaves_everything_else(address: str) -> None:
    assert re.search(SHIPPED["baladi-news"]["listing"]["links"], address) is None


def test_the_guide_lists_the_shipped_outlets_with_name_and_country_in_their_order() -> None:
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \| (.+?) \| ([A-Z]{2}) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == [(key, outlet["name"], outlet["country"]) for key, outlet in SHIPPED.items()]
