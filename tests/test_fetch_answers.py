"""What `Door` makes of answers and addresses, of robots.txt first; and what it says of us. On a made-up network."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from newsarchive.fetch import KnownRobots
from newsarchive.models import Source
from servers import NOON, PAGE, QUICK, Body, Page, World, get, html, rules, run, to

HOUR = timedelta(hours=1)


# robots.txt


def test_robots_txt_is_asked_once_a_host_and_forbids() -> None:
    world = World({"https://a.test/robots.txt": rules("Disallow: /private"), "https://a.test/open": html()})
    got = get(world, *["https://a.test/private/1", "https://a.test/open"] * 10, kind="page")
    assert [page.outcome for page in got] == ["robots", "ok"] * 10
    assert world.asked() == ["https://a.test/robots.txt"] + ["https://a.test/open"] * 10


def test_a_feed_is_not_subject_to_robots_txt() -> None:
    world = World({"https://a.test/robots.txt": rules("Disallow: /"), "https://a.test/feed": html()})
    assert get(world, "https://a.test/feed")[0].outcome == "ok"
    assert world.asked() == ["https://a.test/feed"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (html(b"", status=404), "ok"),
        (html(b"", status=401), "ok"),
        (html(b"", status=403), "ok"),
        (html(b"", status=204), "ok"),
        (html(b"", status=429), "robots-unreachable"),
        (html(b"", status=500), "robots-unreachable"),
        (html(b"", status=503), "robots-unreachable"),
        (httpx.ConnectError("refused"), "robots-unreachable"),
        (httpx.ReadTimeout("late"), "robots-unreachable"),
        (
            html(gzip.compress(b"User-agent: *\nDisallow: /")[:-9], content_encoding="gzip"),
            "robots-unreachable",
        ),
        (html(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", content_type="text/plain"), "robots"),
        (html(b"user-agent: NewsArchive\r\ndisallow: /\r\n"), "robots"),
        (html(b"User-agent: newsarchive\nAllow: /\nUser-agent: *\nDisallow: /"), "ok"),
        (html(b"User-agent: archive\nUser-agent: other\nDisallow: /"), "ok"),
        (html(b"<!doctype html><title>x</title>\nUser-agent: *\nDisallow: /"), "ok"),
        (html(b"\xff\xfe\x00garbage\nDisallow"), "ok"),
        (to("/robots2.txt"), "ok"),
        (to("/robots.txt"), "ok"),
        (to("gopher://a.test/robots.txt"), "ok"),
    ],
)
def test_what_an_answer_to_robots_txt_means(answer: Page, expected: str) -> None:
    world = World({"https://a.test/robots.txt": answer, "https://a.test/1": html()})
    assert get(world, "https://a.test/1", kind="page")[0].outcome == expected


@pytest.mark.parametrize(("hops", "expected"), [(5, "robots"), (6, "ok")])
def test_five_redirects_to_a_robots_txt_are_followed_and_six_are_none(hops: int, expected: str) -> None:
    pages: dict[str, Page] = {"https://a.test/1": html(), f"https://a.test/r{hops}": rules("Disallow: /")}
    pages["https://a.test/robots.txt"] = to("https://a.test/r1")
    pages |= {f"https://a.test/r{n}": to(f"https://a.test/r{n + 1}") for n in range(1, hops)}
    assert get(World(pages), "https://a.test/1", kind="page")[0].outcome == expected


def test_a_host_without_reachable_robots_txt_is_left_for_an_hour() -> None:
    world = World({"https://a.test/robots.txt": html(status=500), "https://a.test/1": html()})

    async def story() -> None:
        async with world.door() as door:
            first = await door.get("https://a.test/1", source=QUICK, kind="page")
            assert (first.outcome, first.retry_at) == ("robots-unreachable", NOON + HOUR)
            world.clock.time += timedelta(minutes=59)
            await door.get("https://a.test/1", source=QUICK, kind="page")
            assert len(world.log) == 1
            world.clock.time += timedelta(minutes=1)
            await door.get("https://a.test/1", source=QUICK, kind="page")
            assert len(world.log) == 2

    run(story())


def test_what_was_learnt_of_robots_txt_serves_the_next_run_for_a_day() -> None:
    world = World(
        {"https://a.test/robots.txt": rules("Disallow: /x", "Crawl-delay: 7"), "https://a.test/1": html()}
    )

    async def next_run(known: Mapping[str, KnownRobots]) -> Mapping[str, KnownRobots]:
        async with world.door(known_robots=known) as door:
            assert (await door.get("https://a.test/x", source=QUICK, kind="page")).outcome == "robots"
            return dict(door.robots)

    known = run(next_run({}))
    assert known["a.test"].outcome == "ok"
    world.clock.time += timedelta(hours=23)
    assert run(next_run(known)) == known
    assert len(world.log) == 1
    world.clock.time += timedelta(hours=1)
    assert run(next_run(known))["a.test"].fetched_at == world.clock.time
    assert len(world.log) == 2


def test_each_hop_of_a_page_obeys_the_robots_txt_of_its_own_host() -> None:
    world = World(
        {"https://a.test/1": to("https://b.test/1"), "https://b.test/robots.txt": rules("Disallow: /")}
    )
    got = get(world, "https://a.test/1", kind="page")[0]
    assert (got.outcome, got.final_url, [(hop.status, hop.url) for hop in got.redirects]) == (
        "robots",
        "https://b.test/1",
        [(302, "https://a.test/1")],
    )
    assert world.asked() == ["https://a.test/robots.txt", "https://a.test/1", "https://b.test/robots.txt"]


def test_a_source_with_its_own_user_agent_obeys_the_rules_for_that() -> None:
    world = World(
        {"https://a.test/robots.txt": html(b"User-agent: qari\nDisallow: /"), "https://a.test/1": html()}
    )
    own = Source(key="k", name="ن", delay=0, user_agent="Qari/2 (+https://qari.test)")
    assert get(world, "https://a.test/1", kind="page", source=own)[0].outcome == "robots"
    assert get(world, "https://a.test/1", kind="page")[0].outcome == "ok"


# What an answer is


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (html(), "ok"),
        (html(status=203), "ok"),
        (html(b""), "ok"),
        (html(gzip.compress(PAGE), content_encoding="gzip"), "ok"),
        (html(gzip.compress(PAGE), content_encoding="X-GZIP, identity"), "ok"),
        (html(status=204), "http-204"),
        (html(status=206), "http-206"),
        (html(status=300), "http-300"),
        (html(status=401), "http-401"),
        (html(status=418), "http-418"),
        (html(status=500), "http-500"),
        (html(status=404), "not-found"),
        (html(status=410), "gone"),
        (html(content_type="application/pdf"), "type"),
        (html(content_type="IMAGE/png"), "type"),
        (html(content_type="application/json"), "type"),
        (html(content_type="image/svg+xml"), "type"),
        (html(content_type="application/xhtml+xml;charset=utf-8"), "ok"),
        (html(content_type="application/octet-stream"), "ok"),
        (html(content_type="text/plain"), "ok"),
        (html(content_type="html"), "ok"),
        (html(content_type=""), "ok"),
        (html(content_length="99000000000"), "too-large"),
        (html(b"x" * (5 * 1024 * 1024)), "ok"),
        (html(b"x" * (5 * 1024 * 1024 + 1)), "too-large"),
        (html(cf_mitigated="challenge"), "blocked"),
        (html(status=403, server="cloudflare"), "blocked"),
        (html(status=403), "http-403"),
        (html(status=403, server="nginx"), "http-403"),
        (html(b"<title>Just a moment...</title>", status=503, server="cloudflare"), "blocked"),
        (
            html(
                gzip.compress(b"<script src=/cdn-cgi/challenge-platform/x>"),
                status=403,
                content_encoding="gzip",
            ),
            "blocked",
        ),
        (html(b"<p>Imunify360 bot-protection</p>", status=403), "blocked"),
        (html(b"<p>Imunify360 bot-protection</p>"), "ok"),
        (html(b"maintenance", status=503, server="cloudflare"), "unavailable"),
        (html(b"x", status=503, content_encoding="br"), "unavailable"),
        (httpx.ConnectError("refused"), "connect"),
        (httpx.ConnectTimeout("late"), "timeout"),
        (httpx.RemoteProtocolError("no HTTP"), "protocol"),
        (httpx.LocalProtocolError("no header"), "protocol"),
        (httpx.ReadError("gone"), "protocol"),
        (httpx.InvalidURL("what"), "bad-url"),
        (UnicodeError("label"), "bad-url"),
        (httpx.StreamClosed(), "protocol"),
        (OSError("no route"), "connect"),
    ],
)
def test_every_answer_to_a_page_has_its_outcome(answer: Page, expected: str) -> None:
    got = get(World({"https://a.test/1": answer}), "https://a.test/1", kind="page")[0]
    assert got.outcome == expected
    assert (got.content is not None) == (expected == "ok")
    assert "\n" not in got.detail


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("application/rss+xml", "ok"),
        ("application/json", "ok"),
        ("text/html", "ok"),
        ("application/x-what", "ok"),
        ("video/mp4", "type"),
        ("audio/mpeg", "type"),
        ("application/zip", "type"),
        ("application/pdf", "type"),
    ],
)
def test_a_feed_may_call_itself_almost_anything(said: str, expected: str) -> None:
    body = Body(PAGE)
    world = World({"https://a.test/": httpx.Response(200, headers={"content-type": said}, stream=body)})
    assert get(world, "https://a.test/")[0].outcome == expected
    assert body.was_read == (expected == "ok")


def test_a_page_made_of_a_plain_response_is_read_as_well() -> None:
    world = World({"https://a.test/": lambda _: httpx.Response(200, content=PAGE)})
    assert get(world, "https://a.test/")[0].content == PAGE


# What we say of ourselves


def sent_headers(source: Source = QUICK, **given: Any) -> list[tuple[bytes, bytes]]:
    got = get(World({"https://a.test/": html()}), "https://a.test/", source=source, **given)[0]
    assert got.outcome == "ok"
    return list(got.request_headers)


def test_exactly_these_headers_are_sent() -> None:
    sent = sent_headers(contact="noor@maktaba.test")
    assert [name for name, _ in sent] == [
        b"Host", b"User-Agent", b"Accept", b"Accept-Language", b"Accept-Encoding", b"Connection", b"From",
    ]  # fmt: skip
    named = dict(sent)
    assert named[b"User-Agent"].startswith(b"newsarchive/")
    assert named[b"User-Agent"].endswith(b" (+noor@maktaba.test)")
    assert (named[b"Accept-Encoding"], named[b"Accept-Language"]) == (b"gzip", b"ar,en;q=0.5")


def test_from_is_for_e_mail_addresses_only() -> None:
    assert dict(sent_headers(contact="noor@maktaba.test"))[b"From"] == b"noor@maktaba.test"
    assert b"From" not in dict(sent_headers(contact="https://maktaba.test/"))
    assert b"From" not in dict(sent_headers())


def test_a_contact_cannot_forge_a_header() -> None:
    agent = dict(sent_headers(contact="https://x\r\nX-Evil: 1"))[b"User-Agent"]
    assert agent.endswith(b"(+https://x X-Evil: 1)")


def test_a_sources_user_agent_takes_the_place_of_ours() -> None:
    own = Source(key="k", name="ن", delay=0, user_agent="قارئ/1")
    assert dict(sent_headers(own))[b"User-Agent"] == "قارئ/1".encode()


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "", "   ", "خبر", "/path", "http:", "http://", "http:///x", "http://[::1", "http://a.test:99999/", "http://a b/",
        "ftp://a.test/", "file:///etc/hostname", "javascript:1", "http://a.test/\x00", "http://a.test/\nX: y",
        "http://a.test/\ud800", "http://\ud800.test/", "http://xn--/", "http://\u200f.test/", "https://noor:secret@a.test/",
        "https://noor@a.test/", "http://a.test/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_bad_url_and_asked_of_nobody(url: str) -> None:
    world = World({})
    for kind in ("feed", "page"):
        got = get(world, url, kind=kind)[0]
        assert got.outcome == "bad-url"
        assert "secret" not in repr(got)
    assert world.log == []


def test_an_arabic_address_goes_out_encoded() -> None:
    world = World({})
    got = get(world, "https://مكتبة.test/أخبار?س=1")[0]
    assert world.asked() == ["https://xn--ngbcb3hj.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?%D8%B3=1"]
    assert (got.outcome, got.url) == ("not-found", "https://مكتبة.test/أخبار?س=1")
