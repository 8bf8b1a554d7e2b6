"""One article, one spelling of its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.urls import (
    absolute_url,
    canonical_url,
    host_of,
    is_home,
    is_web_address,
    same_place,
    same_rendering,
    same_site,
    twins,
)

PARTS = st.text(alphabet="abزق/?&=%#.:-_~+ 3\u064bé", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Wadi.Example:80/a", "http://wadi.example/a"),
        ("https://wadi.example", "https://wadi.example/"),
        ("https://wadi.example/a#comments", "https://wadi.example/a"),
        ("https://wadi.example/سوق", "https://wadi.example/%d8%b3%d9%88%d9%82"),
        ("https://wadi.example/%7Ea%2Db", "https://wadi.example/~a-b"),
        ("https://wadi.example/a?utm_source=x&utm_medium=y&p=3", "https://wadi.example/a?p=3"),
        ("https://wadi.example/a?fbclid=1", "https://wadi.example/a"),
        ("https://wadi.example/a?at_medium=RSS&at_campaign=rss", "https://wadi.example/a"),
        ("  https://wadi.example/a\n", "https://wadi.example/a"),
        ("https://wadi.example./a", "https://wadi.example/a"),
        ("https://أخبار.example/a", "https://xn--igbicxr.example/a"),
    ],
)
def test_two_spellings_of_an_address_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://wadi.example/?p=1", "https://wadi.example/?p=2"),
        ("https://wadi.example/a?page=2", "https://wadi.example/a"),
        ("https://wadi.example/A", "https://wadi.example/a"),
        ("https://wadi.example/a%2Fb", "https://wadi.example/a/b"),
        ("http://wadi.example:8080/", "http://wadi.example/"),
    ],
)
def test_two_addresses_that_may_differ_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@given(path=PARTS)
def test_the_canonical_spelling_is_its_own_canonical_spelling(path: str) -> None:
    once = canonical_url("https://wadi.example/" + path)
    assert canonical_url(once) == once


@given(text=st.text(max_size=60))
def test_no_text_makes_the_address_functions_raise(text: str) -> None:
    for function in (canonical_url, is_web_address, host_of, is_home):
        function(text)
    absolute_url("https://wadi.example/", text)
    same_site(text, "https://wadi.example/")


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "ftp://wadi.example/",
        "//",
        "http://",
        "http://u:p@wadi.example/",
        "http://[::1",
        "http://wadi.example:99999/",
        "http://wadi.example/\x00",
    ],
)
def test_what_cannot_be_asked_for_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_a_relative_link_is_resolved_against_its_page() -> None:
    assert absolute_url("https://wadi.example/ar/", "../n/3") == "https://wadi.example/n/3"
    assert absolute_url("https://wadi.example/ar/", "javascript:void(0)") is None


def test_mobile_and_www_hosts_are_one_site_and_others_are_not() -> None:
    assert same_site("https://www.wadi.example/a", "https://m.wadi.example/b")
    assert not same_site("https://wadi.example/", "https://wadi.example.org/")
    assert not same_site("nothing", "nothing")


def test_two_spellings_of_one_place_are_known_for_it() -> None:
    assert same_place("http://www.wadi.example/a", "https://wadi.example/a/")
    assert not same_place("https://wadi.example/a?p=1", "https://wadi.example/a?p=2")
    assert canonical_url("https://wadi.example/a/") in twins("http://wadi.example/a")
    assert all(same_place("http://wadi.example/a", twin) for twin in twins("http://wadi.example/a"))


@pytest.mark.parametrize(
    "mobile",
    [
        "https://m.wadi.example/a?p=1",
        "http://mobile.wadi.example/a/?p=1",
        "https://amp.wadi.example/a?p=1",
        "https://www.wadi.example/a/amp?p=1",
        "https://wadi.example/a/amp/?p=1",
        "https://wadi.example/a?p=1&amp",
        "https://wadi.example/a?p=1&amp=1",
        "https://wadi.example/a?p=1&outputType=amp",
    ],
)
def test_a_page_for_telephones_is_at_the_same_place_and_rendered_otherwise(mobile: str) -> None:
    usual = "https://wadi.example/a?p=1"
    assert same_place(usual, mobile)
    assert not same_rendering(usual, mobile)
    assert same_rendering(mobile, mobile)
    assert canonical_url(mobile) in twins(usual)
    assert usual in twins(mobile)
    assert canonical_url(mobile) != usual


@pytest.mark.parametrize(
    "other",
    [
        "https://wadi.example/amplifier",
        "https://wadi.example/a?amp=2",
        "https://wadi.example/a?lamp",
        "https://amps.wadi.example/a",
    ],
)
def test_what_only_looks_like_a_page_for_telephones_is_at_a_place_of_its_own(other: str) -> None:
    assert not same_place("https://wadi.example/a", other)
    assert same_rendering(other, other)


@given(path=PARTS)
def test_all_spellings_of_a_place_have_the_same_spellings(path: str) -> None:
    url = canonical_url("https://wadi.example/" + path)
    for twin in twins(url):
        assert same_place(url, twin)


@pytest.mark.parametrize(
    "path",
    ["index.php", "index.html", "default.aspx", "ar/home", "arabic", "?redirected=1", "AR/index.php", "fa/"],
)
def test_a_front_page_under_another_name_is_one(path: str) -> None:
    assert is_home(f"https://wadi.example/{path}")


@pytest.mark.parametrize("path", ["hl", "x/", "index.php?id=7", "ar/7", "home-made-bread", "news"])
def test_a_short_path_is_not_yet_a_front_page(path: str) -> None:
    assert not is_home(f"https://wadi.example/{path}")


def test_a_host_is_written_by_the_rules_of_today() -> None:
    assert host_of("https://straße.example/") == "xn--strae-oqa.example"
    assert not is_web_address("https://wadi\u202e.example/")


def test_a_front_page_is_one_in_any_language_and_a_numbered_page_is_not() -> None:
    assert is_home("https://wadi.example/ar/")
    assert is_home("https://wadi.example")
    assert not is_home("https://wadi.example/?p=3")
    assert not is_home("https://wadi.example/news")
