"""The pure parts of `fetch`: addresses, bodies, robots.txt, headers; with laws where there are any."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.fetch.answers import LONGEST_PAUSE, fits, is_wall, pause_end, redirect_target
from newsarchive.fetch.body import Body, BodyError
from newsarchive.fetch.guard import is_public
from newsarchive.fetch.headers import conditional_headers, request_headers, user_agent
from newsarchive.fetch.lanes import delay_for
from newsarchive.fetch.robots import Rules, product_token, robots_text
from newsarchive.urls import is_web_address

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
TEXT = "هطل المطر على الوادي مساءً.\n".encode() * 500


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.9", "0.0.0.1", "192.88.99.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.0.0.8",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:7f00:1::", "2001:db8::1", "100::1", "", "localhost", "2130706433", "0x7f000001", "127.1",
    ],
)  # fmt: skip
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "198.41.0.4", "2001:4860:4860::8888", "2a00:1450::1", "64:ff9b::808:808"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def body(
    pieces: list[bytes], coding: bytes = b"gzip", *, limit: int = 1 << 20, cut: bool = False
) -> bytes | str:
    """Return what a body holds, or the outcome of what is wrong with it."""
    try:
        whole = Body(coding, limit, cut=cut)
        return whole.finish() if all(whole.add(piece) for piece in pieces) else whole.start()
    except BodyError as error:
        return error.outcome


def pieces_of(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 400))
def test_gzip_comes_out_whole_however_it_is_cut_into_members_and_pieces(
    members: list[bytes], size: int
) -> None:
    zipped = b"".join(gzip.compress(member) for member in members)
    assert body(pieces_of(zipped, size)) == b"".join(members)


@given(st.integers(1, len(gzip.compress(TEXT)) - 1), st.integers(1, 50))
def test_gzip_that_ends_early_is_truncated(end: int, size: int) -> None:
    assert body(pieces_of(gzip.compress(TEXT)[:end], size)) == "truncated"


@given(st.binary(max_size=3000), st.integers(0, 2000), st.sampled_from([b"", b"gzip"]))
def test_a_body_never_outgrows_its_limit(data: bytes, limit: int, coding: bytes) -> None:
    sent = gzip.compress(data) if coding else data
    fits_in = max(len(sent), len(data)) <= limit
    assert body([sent], coding, limit=limit) == (data if fits_in else "too-large")
    cut = body([sent], coding, limit=limit, cut=True)
    assert isinstance(cut, bytes)
    assert data.startswith(cut)
    assert len(cut) <= limit


@given(st.binary(max_size=500), st.sampled_from([b"", b"gzip", b"br", b"gzip, gzip", b"deflate", b"\xff,,"]))
def test_no_bytes_break_a_body(data: bytes, coding: bytes) -> None:
    assert body([data], coding, limit=300) in (data, b"", "decode", "truncated", "too-large")


def test_padding_after_gzip_is_dropped_but_counted() -> None:
    zipped = gzip.compress(TEXT)
    assert body([zipped, bytes(10), b"\x1f\x8b"]) == TEXT
    assert body([zipped] + [bytes(1000)] * 100, limit=len(TEXT)) == "too-large"


def test_an_empty_body_that_calls_itself_gzip_is_empty() -> None:
    assert body([]) == body([b""]) == b""


@given(
    st.text() | st.from_regex(r"https?://[a-z]{1,3}(:\d+)?/[^\s]*", fullmatch=True), st.binary(max_size=60)
)
def test_a_redirect_leads_to_a_web_address_or_nowhere(base: str, location: bytes) -> None:
    target, wrong = redirect_target(base, location)
    assert (is_web_address(target), wrong) in ((True, ""), (False, "redirects"), (False, "bad-url"))


DATES = st.datetimes().map(lambda when: when.strftime("%a, %d %b %Y %H:%M:%S +9959").encode())


@given(st.none() | st.binary(max_size=40) | DATES | st.integers().map(lambda n: str(n).encode()))
def test_a_pause_is_never_longer_than_a_day(said: bytes | None) -> None:
    assert NOON < pause_end(said, NOON) <= NOON + LONGEST_PAUSE


@pytest.mark.parametrize(
    ("said", "hours"),
    [(b"0", 1 / 60), (b" 7200 ", 2), (b"Sat, 14 Mar 2026 13:00:00 GMT", 1), (b"Saturday, 14-Mar-26 15:00:00 GMT", 3),
     (b"Sat Mar 14 15:00:00 2026", 3), (b"Fri, 13 Mar 2026 12:00:00 GMT", 1 / 60), (b"soon", 1), (None, 1)],
)  # fmt: skip
def test_retry_after_is_read_in_all_its_forms(said: bytes | None, hours: float) -> None:
    assert pause_end(said, NOON) == NOON + timedelta(hours=hours)


def test_an_answer_without_a_type_fits() -> None:
    assert fits("page", None)
    assert fits("robots", b"image/png")


def test_only_403_and_503_are_bot_walls() -> None:
    wall = b"<title>Just a moment...</title>"
    assert [is_wall(status, (), wall) for status in (200, 403, 404, 429, 503)] == [
        False,
        True,
        False,
        False,
        True,
    ]


ROBOTS_LINES = st.lists(
    st.tuples(
        st.sampled_from(["User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap", "Request-rate", "Visit-time", "Host", ""]),
        st.text(max_size=20) | st.sampled_from(["*", "/", "/*$", "newsarchive", "http://[::1", "%zz", "1e999", "1/0s"]),
    ).map(": ".join),
    max_size=12,
)  # fmt: skip


@given(ROBOTS_LINES, st.sampled_from(["\n", "\r", "\r\n", "\u2028"]))
def test_no_robots_txt_breaks_the_rules(lines: list[str], end: str) -> None:
    rules = Rules(end.join(lines), "newsarchive/1")
    assert rules.allows("https://a.test/خبر?x=%") in (True, False)
    assert rules.delay is None or 0 <= rules.delay <= 120


@given(st.binary(max_size=200))
def test_no_bytes_break_a_robots_txt(content: bytes) -> None:
    Rules(robots_text(content), "newsarchive/1").allows("https://a.test/")


def test_thousands_of_named_crawlers_do_not_stop_the_run() -> None:
    names = "".join(f"User-agent: bot{n}\r" for n in range(5000))
    paths = "".join(f"Disallow: /{n}\r" for n in range(20_000))
    started = time.monotonic()
    rules = Rules(names + paths + "User-agent: *\rDisallow: /ours", "newsarchive/1")
    assert (rules.allows("https://a.test/1"), rules.allows("https://a.test/ours")) == (True, False)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: * # all\nDisallow: /", False),
        ("User agent NewsArchive/2.0\nDisallow: /", False),
        ("User-agent: other\nUser-agent: newsarchive\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: news\nDisallow: /", True),
        ("User-agent: newsarchive-images\nDisallow: /", True),
        ("User-agent: newsarchive\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: newsarchive\nCrawl-delay: 1\nUser-agent: *\nDisallow: /", True),
        ("Disallow: /", True),
        ("", True),
    ],
)
def test_the_group_that_names_us_applies_else_the_one_for_all(text: str, allowed: bool) -> None:  # noqa: FBT001 - a table's column
    assert Rules(text, "newsarchive/1 (+https://bot.test)").allows("https://a.test/1") is allowed


def test_a_line_cut_off_at_the_limit_forbids_nothing() -> None:
    start = b"User-agent: *\nDisallow: /no\n"
    cut = start + b"#" * (512 * 1024 - len(start) - 12) + b"\nDisallow: /"
    rules = Rules(robots_text(cut), "newsarchive/1")
    assert (rules.allows("https://a.test/yes"), rules.allows("https://a.test/no")) == (True, False)


@pytest.mark.parametrize(
    ("agent", "token"),
    [("newsarchive/1 (+x)", "newsarchive"), (" My-Bot ", "my-bot"), ("قارئ", ""), ("", "")],
)
def test_the_first_word_of_the_user_agent_is_our_name(agent: str, token: str) -> None:
    assert product_token(agent) == token


def test_the_user_agent_says_who_we_are_and_where_to_write() -> None:
    assert user_agent(None).startswith("newsarchive/")
    assert user_agent("noor@maktaba.test") == user_agent(None) + " (+noor@maktaba.test)"


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_configured_text_forges_a_header(agent: str, contact: str) -> None:
    for _, value in request_headers("page", agent, contact):
        assert b"\n" not in value
        assert b"\r" not in value
        assert value == value.strip()


@given(st.binary(min_size=1, max_size=40))
def test_a_validator_goes_out_untouched_or_not_at_all(etag: bytes) -> None:
    assert conditional_headers(etag, None) in (((b"If-None-Match", etag),), ())


@given(st.none() | st.floats(0, 30), st.none() | st.floats(0, 120))
def test_a_delay_is_never_shorter_than_what_either_side_asks(own: float | None, asked: float | None) -> None:
    delay = delay_for(own, asked)
    assert all(delay >= given for given in (own, asked) if given is not None)
    assert delay in (own, asked, 3.0)
