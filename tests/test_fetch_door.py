"""How `Door` behaves towards hosts: lanes, redirects, validators, pauses; on a made-up network with a made-up clock."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from newsarchive.models import Fetched, Source
from servers import NOON, QUICK, Body, Page, World, by_turns, get, html, rules, run, to

SOURCE = Source(key="maktaba", name="المكتبة")
HOUR = timedelta(hours=1)


# Lanes


def test_pages_of_one_host_come_in_order_three_seconds_apart() -> None:
    urls = [f"https://a.test/{n}" for n in range(5)]
    world = World({url: html() for url in urls})
    get(world, *urls, source=SOURCE, kind="page")
    assert world.log == [(3.0 * n, url) for n, url in enumerate(["https://a.test/robots.txt", *urls])]


def test_the_pause_runs_from_the_end_of_a_request() -> None:
    world = World({})

    def slow(_: httpx.Request) -> httpx.Response:
        world.clock.time += timedelta(seconds=10)
        return httpx.Response(200)

    world.pages = {"https://a.test/1": slow}
    get(world, "https://a.test/1", "https://a.test/2", source=SOURCE)
    assert [at for at, _ in world.log] == [0, 13]


def test_a_clock_set_back_does_not_stop_a_lane() -> None:
    world = World({})

    async def story() -> None:
        async with world.door() as door:
            await door.get("https://a.test/1", source=SOURCE, kind="feed")
            world.clock.time -= timedelta(days=365)
            await door.get("https://a.test/2", source=SOURCE, kind="feed")
            assert world.clock.time == NOON - timedelta(days=365) + timedelta(seconds=3)

    run(story())


def test_hosts_go_side_by_side() -> None:
    urls = [f"https://{host}.test/{n}" for n in range(3) for host in "abcd"]
    world = World({})
    get(world, *urls, source=SOURCE)
    assert world.log[-1][0] == 6
    assert world.most_busy == 4


def test_no_more_than_the_allowed_number_are_under_way() -> None:
    world = World({})
    get(world, *(f"https://h{n}.test/" for n in range(30)), concurrency=3)
    assert world.most_busy == 3


def test_a_lane_that_waits_takes_no_slot_from_another() -> None:
    world = World({})
    slow = Source(key="slow", name="بطيء", delay=100)

    async def story() -> None:
        async with world.door(concurrency=1) as door:
            waiting = [door.get(f"https://a.test/{n}", source=slow, kind="feed") for n in range(2)]
            others = [door.get(f"https://b.test/{n}", source=QUICK, kind="feed") for n in range(3)]
            await asyncio.gather(*waiting, *others)

    run(story())
    assert [at for at, url in world.log if "b.test" in url] == [0, 0, 0]


@pytest.mark.parametrize(
    ("own", "asked", "gap"),
    [
        (None, None, 3),
        (None, "10", 10),
        (None, "0.5", 0.5),
        (1.0, None, 1),
        (20.0, "10", 20),
        (1.0, "10", 10),
        (None, "86400", 120),
        (None, "nan", 3),
        (None, "-5", 3),
        (None, "soon", 3),
    ],
)
def test_the_larger_of_the_sources_delay_and_crawl_delay_counts(
    own: float | None, asked: str | None, gap: float
) -> None:
    world = World({"https://a.test/robots.txt": rules(*([f"Crawl-delay: {asked}"] if asked else []))})
    source = Source(key="k", name="ن", delay=own)
    get(world, "https://a.test/1", "https://a.test/2", source=source, kind="page")
    assert [at for at, _ in world.log] == [0, gap, 2 * gap]


def test_redirects_that_cross_do_not_wait_for_each_other() -> None:
    pages = {f"https://a.test/{n}": to(f"https://b.test/{n}/") for n in range(20)}
    pages |= {f"https://b.test/{n}": to(f"https://a.test/{n}/") for n in range(20)}
    pages |= {f"https://{host}.test/{n}/": html() for n in range(20) for host in "ab"}
    got = get(
        World(pages),
        *(f"https://{host}.test/{n}" for n in range(20) for host in "ab"),
        source=SOURCE,
        kind="page",
    )
    assert {page.outcome for page in got} == {"ok"}


def test_ten_thousand_waiting_requests_cost_little_each() -> None:
    world = World({})
    started = time.monotonic()
    got = get(world, *(f"https://h{n % 500}.test/{n}" for n in range(10_000)))
    assert len(got) == len(world.log) == 10_000
    assert time.monotonic() - started < 60


# Redirects


def test_redirects_are_followed_and_listed_and_their_bodies_not_read() -> None:
    bodies = [Body(b"x"), Body(b"x")]
    world = World(
        {
            "http://a.test/1": httpx.Response(
                301, headers={"location": "https://a.test/1"}, stream=bodies[0]
            ),
            "https://a.test/1": httpx.Response(
                308, headers=[(b"location", "//b.test/خبر".encode())], stream=bodies[1]
            ),
            "https://b.test/%D8%AE%D8%A8%D8%B1": to("http://b.test/end#top"),
            "http://b.test/end": html(),
        }
    )
    got = get(world, "http://a.test/1")[0]
    assert (got.outcome, got.final_url, got.url) == ("ok", "http://b.test/end", "http://a.test/1")
    assert tuple((hop.status, hop.url) for hop in got.redirects) == (
        (301, "http://a.test/1"),
        (308, "https://a.test/1"),
        (302, "https://b.test/خبر"),
    )
    assert not any(body.was_read for body in bodies)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (b"", "redirects"),
        (b" ", "redirects"),
        (b"https://a.test/1", "redirects"),
        (b"#top", "redirects"),
        (b"http://[::1", "redirects"),
        (b"http://", "redirects"),
        (b"http://a.test:99999/", "redirects"),
        (b"file:///etc/hostname", "bad-url"),
        (b"data:text/html,x", "bad-url"),
        (b"ftp://a.test/x", "bad-url"),
        (b"javascript:alert(1)", "bad-url"),
        (b"https://noor:secret@a.test/2", "bad-url"),
        (b"http://xn--/", "bad-url"),
        (b"http://a b.test/", "redirects"),
        (b"/\xff\xfe", "not-found"),
        (b"https://a.test/\xed\xa0\x80", "not-found"),
    ],
)
def test_a_redirect_to_nowhere_ends_where_it_began(location: bytes, expected: str) -> None:
    world = World({"https://a.test/1": to(location)})
    got = get(world, "https://a.test/1")[0]
    assert got.outcome == expected
    assert "secret" not in repr((got.detail, got.final_url, got.redirects))


def test_five_hops_are_followed_and_not_a_sixth() -> None:
    pages: dict[str, Page] = {f"https://a.test/{n}": to(f"https://a.test/{n + 1}") for n in range(10)}
    world = World(pages | {"https://a.test/5": html()})
    assert get(world, "https://a.test/0")[0].outcome == "ok"
    assert get(World(pages), "https://a.test/0")[0].outcome == "redirects"
    assert len(world.log) == 6


# Validators


def conditional(world: World, etag: bytes | None, last_modified: bytes | None = None) -> Fetched:
    async def story() -> Fetched:
        async with world.door() as door:
            return await door.get(
                "https://a.test/feed", source=QUICK, kind="feed", etag=etag, last_modified=last_modified
            )

    return run(story())


@pytest.mark.parametrize(
    "etag",
    [b'W/"1"', b"unquoted", b'"a,b"', b'"' + b"e" * 20_000 + b'"', '"ثلج"'.encode(), b'"\xff"'],
    ids=len,
)
def test_validators_go_out_byte_for_byte(etag: bytes) -> None:
    world = World({"https://a.test/feed": html(b"", status=304)})
    assert conditional(world, etag, b"yesterday, at noon").outcome == "not-modified"
    sent = dict(world.headers[0].raw)
    assert (sent[b"If-None-Match"], sent[b"If-Modified-Since"]) == (etag, b"yesterday, at noon")


@pytest.mark.parametrize("etag", [b"a\r\nX: b", b"a\x00", b"", b" a"])
def test_a_validator_that_no_header_can_hold_is_left_out(etag: bytes) -> None:
    world = World({"https://a.test/feed": html()})
    assert conditional(world, etag).outcome == "ok"
    assert "if-none-match" not in world.headers[0]


def test_validators_are_for_the_first_hop_only() -> None:
    world = World({"https://a.test/feed": to("https://a.test/feed/"), "https://a.test/feed/": html()})
    assert conditional(world, b'"1"').outcome == "ok"
    assert ["if-none-match" in headers for headers in world.headers] == [True, False]


def test_a_304_that_nobody_asked_for_is_asked_again_once() -> None:
    world = World({"https://a.test/feed": by_turns(html(b"", status=304), html())})
    assert conditional(world, None).outcome == "ok"
    always = World({"https://a.test/feed": html(b"", status=304)})
    assert conditional(always, None).outcome == "protocol"
    assert len(always.log) == 2


# Pauses


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Sat, 14 Mar 2026 12:10:00 GMT", timedelta(minutes=10)),
        (None, HOUR),
        ("later", HOUR),
        ("-5", HOUR),
        ("1e3", HOUR),
        ("1000000000000", timedelta(hours=24)),
        ("9" * 5000, timedelta(hours=24)),
        ("Sat, 14 Mar 2099 12:10:00 GMT", timedelta(hours=24)),
    ],
)
def test_an_overloaded_host_is_left_alone_as_long_as_it_asks(
    status: int, said: str | None, pause: timedelta
) -> None:
    headers: dict[str, Any] = {"retry_after": said} if said else {}
    world = World({"https://a.test/1": html(status=status, **headers), "https://b.test/": html()})

    async def story() -> None:
        async with world.door() as door:
            first = await door.get("https://a.test/1", source=SOURCE, kind="feed")
            assert (first.outcome, first.retry_at) == (
                {429: "rate-limited", 503: "unavailable"}[status],
                NOON + pause,
            )
            second = await door.get("https://a.test/2", source=SOURCE, kind="page")
            assert (second.outcome, second.retry_at) == ("paused", NOON + pause)
            assert (await door.get("https://b.test/", source=SOURCE, kind="feed")).outcome == "ok"
            assert door.paused == {"a.test": NOON + pause}
            world.clock.time += pause
            assert (await door.get("https://a.test/2", source=SOURCE, kind="feed")).outcome == "not-found"
            assert door.paused == {}

    run(story())


def test_requests_that_were_already_waiting_are_paused_without_more_waiting() -> None:
    world = World({"https://a.test/0": html(status=429)})
    got = get(world, *(f"https://a.test/{n}" for n in range(100)), source=SOURCE)
    assert [page.outcome for page in got] == ["rate-limited"] + ["paused"] * 99
    assert (len(world.log), world.clock.time) == (1, NOON)


def test_a_pause_outlives_the_run() -> None:
    world = World({"https://a.test/": html()})
    until = NOON + HOUR
    assert get(world, "https://a.test/", paused={"a.test": until})[0].retry_at == until
    assert get(world, "https://a.test/", paused={"a.test": NOON})[0].outcome == "ok"


def test_the_pause_between_two_requests_counts_from_an_earlier_run_s_last() -> None:
    world = World({"https://a.test/": html()})
    get(
        world,
        "https://a.test/",
        source=Source(key="a", name="a"),
        left={"a.test": NOON - timedelta(seconds=1)},
    )
    assert world.log == [(2.0, "https://a.test/")]


def test_a_door_remembers_when_it_left_each_host() -> None:
    world = World({"https://a.test/": html()})

    async def visit() -> None:
        async with world.door() as door:
            await door.get("https://a.test/", source=Source(key="a", name="a"), kind="feed")
            assert door.left == {"a.test": NOON}

    asyncio.run(visit())
