"""What only a wire shows: a server that misbehaves in every way it can, and what `Door.get` says of it."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import httpcore
import pytest

from newsarchive.fetch import Door
from newsarchive.fetch.guard import Guard, PrivateAddressError, UnknownHostError
from newsarchive.models import Fetched, Source
from servers import (
    BODY,
    CERTIFICATE,
    EXPIRED,
    FaultServer,
    answer,
    client_tls,
    fixed,
    forever,
    in_turn,
    run,
    server_tls,
    streaming,
)

LOCAL = Source(key="talj", name="ثلج", delay=0, allow_private=True)
PUBLIC = Source(key="talj", name="ثلج", delay=0)
SHORT: dict[str, Any] = {"feed_seconds": 0.3, "page_seconds": 0.3, "robots_seconds": 0.3}


async def fetch(
    server: FaultServer, path: str, *, seconds: float = 1.0, kind: Literal["feed", "page"] = "page"
) -> Fetched:
    async with Door(page_seconds=seconds, feed_seconds=seconds, robots_seconds=0.3) as door:
        return await door.get(server.url(path), source=LOCAL, kind=kind)


def outcome(path: str, *, seconds: float = 1.0, kind: Literal["feed", "page"] = "page") -> str:
    ended: list[str] = []

    async def story() -> None:
        async with FaultServer() as server:
            ended.append((await fetch(server, path, seconds=seconds, kind=kind)).outcome)

    started = time.monotonic()
    run(story())
    assert time.monotonic() - started < seconds + 1
    return ended[0]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/hang", "timeout"),
        ("/slow-head", "timeout"),
        ("/slow-body", "timeout"),
        ("/interim", "timeout"),
    ],
)
def test_what_never_ends_ends_at_the_deadline(path: str, expected: str) -> None:
    assert outcome(path, seconds=0.3) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ok", "ok"),
        ("/gzip", "ok"),
        ("/two-members", "ok"),
        ("/missing", "not-found"),
        ("/99-gb", "too-large"),
        ("/reset", "truncated"),
        ("/short", "truncated"),
        ("/short-chunk", "truncated"),
        ("/cut-gzip", "truncated"),
        ("/twice-zipped", "decode"),
        ("/brotli", "decode"),
        ("/false-gzip", "decode"),
        ("/large-header", "protocol"),
        ("/many-headers", "protocol"),
        ("/bad-status", "protocol"),
        ("/two-lengths", "protocol"),
        ("/negative-length", "protocol"),
        ("/nul-header", "protocol"),
        ("/http-0.9", "protocol"),
        ("/empty", "protocol"),
        ("/loop", "redirects"),
        ("/pdf", "type"),
    ],
)
def test_every_fault_has_its_own_outcome(path: str, expected: str) -> None:
    assert outcome(path, seconds=2.0) == expected


@pytest.mark.parametrize(
    ("path", "expected"), [("/bomb", "too-large"), ("/endless", "too-large"), ("/bomb-redirect", "ok")]
)
def test_a_bomb_costs_no_more_memory_than_the_limit_allows(path: str, expected: str) -> None:
    tracemalloc.start()
    try:
        assert outcome(path, seconds=30.0) == expected
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_refused_connection_is_connect() -> None:
    async def story() -> None:
        async with FaultServer() as server:
            url = server.url("/")
        async with Door() as door:
            assert (await door.get(url, source=LOCAL, kind="feed")).outcome == "connect"

    run(story())


def test_an_answer_is_recorded_with_both_sides_headers_and_the_peer() -> None:
    async def story() -> None:
        async with FaultServer() as server:
            got = await fetch(server, "/ok", kind="feed")
            assert (got.status, got.content, got.peer) == (200, BODY, "127.0.0.1")
            assert got.headers[0] == (b"Content-Type", b"text/html; charset=utf-8")
            sent = [tuple(line.split(b": ", 1)) for line in server.asked[0].lines()]
            assert list(got.request_headers) == sent
            assert 0 < got.seconds < 1

    run(story())


def test_a_cookie_never_comes_back() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door() as door:
            for path in ("/cookie", "/ok"):
                await door.get(server.url(path), source=LOCAL, kind="feed")
            assert all(asked.value(b"cookie") is None for asked in server.asked)

    run(story())


def test_an_etag_in_raw_utf_8_goes_back_byte_for_byte() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door() as door:
            first = await door.get(server.url("/etag"), source=LOCAL, kind="feed")
            mark = first.header(b"etag")
            second = await door.get(server.url("/etag"), source=LOCAL, kind="feed", etag=mark)
            assert (first.outcome, second.outcome) == ("ok", "not-modified")
            assert server.asked[1].value(b"if-none-match") == mark == 'W/"ثلج,1"'.encode()

    run(story())


def test_a_connection_that_grew_stale_does_not_show() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door() as door:
            for path in ("/stale", "/stale", "/dropped", "/dropped", "/dropped"):
                await asyncio.sleep(0.01)
                assert (await door.get(server.url(path), source=LOCAL, kind="feed")).outcome == "ok"

    run(story())


def test_an_empty_reply_is_tried_once_more() -> None:
    async def story() -> None:
        async with FaultServer(
            routes={"/": in_turn(fixed(b"", stays=False), fixed(answer("200 OK", body=BODY)))}
        ) as server:
            assert (await fetch(server, "/", kind="feed")).outcome == "ok"
            assert (await fetch(server, "/empty", kind="feed")).outcome == "protocol"
            assert server.paths() == ["/", "/", "/empty", "/empty"]

    run(story())


def test_fifty_pages_of_one_host_come_over_one_connection() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door() as door:
            asks = [door.get(server.url("/ok"), source=LOCAL, kind="page") for _ in range(50)]
            got = await asyncio.gather(*asks)
            assert {page.outcome for page in got} == {"ok"}
            assert server.most_open == 1
            assert server.paths() == ["/robots.txt"] + ["/ok"] * 50

    run(story())


def test_ten_hanging_hosts_take_the_time_of_their_slots() -> None:
    async def story() -> None:
        async with FaultServer("0.0.0.0") as server, Door(concurrency=5, **SHORT) as door:  # noqa: S104 - the ten addresses of loopback below
            asks = [
                door.get(server.url("/hang", host=f"127.0.0.{n}"), source=LOCAL, kind="feed")
                for n in range(1, 11)
            ]
            started = time.monotonic()
            assert {got.outcome for got in await asyncio.gather(*asks)} == {"timeout"}
            assert 0.55 < time.monotonic() - started < 2

    run(story())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_loopback_reaches_a_listener(host: str) -> None:
    async def story() -> None:
        async with FaultServer() as server, Door(**SHORT) as door:
            for kind in ("feed", "page"):
                got = await door.get(server.url("/ok", host=host), source=PUBLIC, kind=kind)
                assert got.outcome in {"private-address", "bad-url"}
            assert server.connections == 0

    run(story())


def test_a_redirect_to_loopback_is_refused_though_another_source_may_go_there() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door(resolve=resolve_to("127.0.0.1")) as door:
            for source, expected in ((LOCAL, "ok"), (PUBLIC, "private-address"), (LOCAL, "ok")):
                got = await door.get(server.url("/ok"), source=source, kind="feed")
                assert got.outcome == expected
            assert len(server.asked) == 2

    run(story())


def resolve_to(*addresses: str, log: list[str] | None = None) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(host: str, _: int) -> list[str]:
        if log is not None:
            log.append(host)
        return list(addresses)

    return resolve


@pytest.mark.parametrize(
    ("served", "trusted", "host", "expected"),
    [
        (CERTIFICATE, CERTIFICATE, "news.test", "ok"),
        (CERTIFICATE, CERTIFICATE, "other.test", "tls"),
        (EXPIRED, EXPIRED, "news.test", "tls"),
        (CERTIFICATE, EXPIRED, "news.test", "tls"),
    ],
    ids=["right", "wrong name", "expired", "untrusted"],
)
def test_a_certificate_is_verified_for_the_name_that_was_asked(
    tmp_path: Path, served: str, trusted: str, host: str, expected: str
) -> None:
    async def story() -> None:
        door = Door(tls=client_tls(trusted), resolve=resolve_to("127.0.0.1"))
        async with FaultServer(tls=server_tls(tmp_path, served)) as server, door:
            got = await door.get(server.url("/ok", host=host), source=LOCAL, kind="feed")
            assert (got.outcome, len(server.asked)) == (expected, int(expected == "ok"))

    run(story())


def test_a_plain_server_behind_https_is_tls_and_never_asked_in_the_clear() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door(**SHORT) as door:
            secure = server.url("/ok").replace("http:", "https:")
            assert (await door.get(secure, source=LOCAL, kind="feed")).outcome in {"tls", "timeout"}
            assert server.asked == []

    run(story())


def test_a_slow_name_server_is_dns_within_the_deadline() -> None:
    async def never(_: str, __: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async def story() -> None:
        async with Door(resolve=never, **SHORT) as door:
            assert (await door.get("http://slow.test/", source=PUBLIC, kind="feed")).outcome == "dns"

    run(story(), seconds=1)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 300 + ".test", "a..test"])
def test_a_host_that_does_not_exist_is_dns(host: str) -> None:
    async def unknown(_: str, __: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    async def story() -> None:
        async with Door(resolve=unknown) as door:
            assert (await door.get(f"http://{host}/", source=PUBLIC, kind="feed")).outcome == "dns"

    run(story())


def test_a_name_too_long_for_the_system_is_dns() -> None:
    async def story() -> None:
        async with Door(**SHORT) as door:
            assert (await door.get(f"http://{'a' * 300}.test/", source=PUBLIC, kind="feed")).outcome == "dns"

    run(story())


class Network(httpcore.AsyncNetworkBackend):
    """Notes who is connected to; the addresses in `dead` refuse."""

    def __init__(self, *dead: str) -> None:
        self.dead = dead
        self.tried: list[str] = []

    async def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        self.tried.append(host)
        if host in self.dead:
            raise httpcore.ConnectError("refused")
        return httpcore.AsyncMockStream([])


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    looked_up: list[str] = []
    network = Network()
    guard = Guard(resolve_to("198.41.0.4", log=looked_up), public_only=True, network=network)
    asyncio.run(guard.connect_tcp("news.test", 443))
    assert (looked_up, network.tried) == (["news.test"], ["198.41.0.4"])


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    network = Network()
    guard = Guard(resolve_to("198.41.0.4", "10.0.0.1"), public_only=True, network=network)
    with pytest.raises(PrivateAddressError):
        asyncio.run(guard.connect_tcp("news.test", 443))
    assert network.tried == []


def test_a_second_answer_of_the_name_server_is_checked_anew() -> None:
    answers = [["198.41.0.4"], ["127.0.0.1"]]

    async def rebinding(_: str, __: int) -> list[str]:
        return answers.pop(0)

    network = Network()
    guard = Guard(rebinding, public_only=True, network=network)
    asyncio.run(guard.connect_tcp("news.test", 80))
    with pytest.raises(PrivateAddressError):
        asyncio.run(guard.connect_tcp("news.test", 80))
    assert network.tried == ["198.41.0.4"]


def test_a_hosts_next_address_is_tried_when_the_first_is_dead() -> None:
    network = Network("2001:4860::1")
    guard = Guard(resolve_to("2001:4860::1", "198.41.0.4"), public_only=True, network=network)
    asyncio.run(guard.connect_tcp("news.test", 80, 1.0))
    assert network.tried == ["2001:4860::1", "198.41.0.4"]


def test_a_host_without_addresses_is_unknown() -> None:
    with pytest.raises(UnknownHostError):
        asyncio.run(Guard(resolve_to(), public_only=True).connect_tcp("news.test", 80))


def test_a_proxy_is_asked_for_the_whole_address_and_resolves_it_itself() -> None:
    looked_up: list[str] = []

    async def story() -> None:
        async with FaultServer(routes={"http://news.test/a": fixed(answer("200 OK", body=BODY))}) as server:
            for own, everyones in ((server.url(""), None), (None, server.url(""))):
                source = Source(key="talj", name="ثلج", delay=0, proxy=own)
                async with Door(resolve=resolve_to("198.41.0.4", log=looked_up), proxy=everyones) as door:
                    got = await door.get("http://news.test/a", source=source, kind="feed")
                    assert (got.outcome, got.peer) == ("ok", None)
            assert server.paths() == ["http://news.test/a"] * 2
            assert looked_up == []

    run(story())


@pytest.mark.parametrize(
    "proxy", ["ftp://p", "http://", "http://[", "socks5://127.0.0.1:1", "http://127.0.0.1:1"]
)
def test_a_proxy_that_cannot_be_used_is_connect(proxy: str) -> None:
    async def story() -> None:
        async with Door(proxy=proxy) as door:
            got = await door.get("http://news.test/a", source=PUBLIC, kind="feed")
            assert got.outcome in {"connect", "dns"}

    run(story())


def test_the_environment_and_netrc_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login noor password x\n", encoding="ascii")
    for name, value in (
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
        ("HOME", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)

    async def story() -> None:
        async with FaultServer() as server:
            assert (await fetch(server, "/ok", kind="feed")).outcome == "ok"
            assert server.asked[0].value(b"authorization") is None

    run(story())


def test_cancelling_a_request_frees_its_lane_and_its_slot() -> None:
    async def story() -> None:
        async with FaultServer() as server, Door(concurrency=1) as door:
            hanging = asyncio.create_task(door.get(server.url("/hang"), source=LOCAL, kind="feed"))
            await asyncio.sleep(0.1)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            assert (await door.get(server.url("/ok"), source=LOCAL, kind="feed")).outcome == "ok"

    run(story())


def test_of_a_long_robots_txt_512_kib_are_read() -> None:
    rules = b"User-agent: *\nDisallow: /secret\n" + b"# filler\n" * 58_250 + b"Disallow: /s"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n" + rules

    async def story() -> None:
        async with FaultServer(routes={"/robots.txt": streaming(head, forever)}) as server, Door() as door:
            assert (await door.get(server.url("/ok"), source=LOCAL, kind="page")).outcome == "ok"
            assert (await door.get(server.url("/secret"), source=LOCAL, kind="page")).outcome == "robots"

    run(story())
