"""Two networks for tests: a server on loopback that misbehaves, and `World`, which needs no wire and has its own clock."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from newsarchive.fetch import Door
from newsarchive.models import Fetched, Source

T = TypeVar("T")
BODY = "<html><body><p>تساقطت الثلوج على التلال ليلاً.</p></body></html>".encode()
ZEROS = bytes(1 << 20)


@dataclass(frozen=True)
class Asked:
    """One request as it came, the number of its connection, and its own number on that."""

    path: str
    head: bytes
    connection: int
    nth: int

    def lines(self) -> list[bytes]:
        return self.head.split(b"\r\n")[1:-2]

    def value(self, name: bytes) -> bytes | None:
        start = name.lower() + b":"
        return next(
            (line[len(start) :].strip() for line in self.lines() if line.lower().startswith(start)), None
        )


Route = Callable[[asyncio.StreamWriter, Asked], Awaitable[bool]]  # True: the connection stays open


@dataclass
class FaultServer:
    """Serves `ROUTES`, and what a test adds to `routes`; any other path is 404.

    Attributes:
        asked: the requests in order.
        connections: how many were accepted.
        open: how many are open now; `most_open` is the highest it was.
    """

    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, self.host, 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str, *, host: str | None = None) -> str:
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._serve(reader, writer, self.connections)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            self.open -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        for nth in itertools.count(1):
            head = await reader.readuntil(b"\r\n\r\n")
            asked = Asked(head.split(b" ")[1].decode(), head, number, nth)
            self.asked.append(asked)
            route = self.routes.get(asked.path) or ROUTES.get(asked.path, not_found)
            stays = await route(writer, asked)
            if not writer.is_closing():
                await writer.drain()
            if not stays:
                return


def answer(status: str, *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    """Return the bytes of a whole answer."""
    said = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join(said).encode() + b"\r\n\r\n" + body


def fixed(data: bytes, *, stays: bool = True) -> Route:
    """Return a route that writes `data`."""

    async def route(writer: asyncio.StreamWriter, _: Asked) -> bool:
        writer.write(data)
        return stays

    return route


def in_turn(*routes: Route) -> Route:
    """Return a route that is another one each time, and then the last."""
    left = list(routes)

    async def route(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        return await (left.pop(0) if len(left) > 1 else left[0])(writer, asked)

    return route


def dripping(data: bytes) -> Route:
    """Return a route that writes one byte of `data` every 50 ms."""

    async def route(writer: asyncio.StreamWriter, _: Asked) -> bool:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)
        return True

    return route


def streaming(head: bytes, pieces: Callable[[], AsyncIterator[bytes]]) -> Route:
    """Return a route that writes `head` and then pieces for as long as anyone reads."""

    async def route(writer: asyncio.StreamWriter, _: Asked) -> bool:
        writer.write(head)
        async for piece in pieces():
            writer.write(piece)
            await writer.drain()
        return False

    return route


async def forever() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536
        await asyncio.sleep(0)


async def interim() -> AsyncIterator[bytes]:
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100
        await asyncio.sleep(0.001)


async def bomb() -> AsyncIterator[bytes]:
    """200 MB of zeros, gzipped as they are asked for: 200 kB on the wire."""
    packer = zlib.compressobj(wbits=31)
    for _ in range(200):
        yield packer.compress(ZEROS)
    yield packer.flush()


async def hang(_: asyncio.StreamWriter, __: Asked) -> bool:
    await asyncio.sleep(60)
    return False


async def slow_body(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    writer.write(answer("200 OK", "Content-Type: text/html", length=1000))
    return await dripping(BODY * 10)(writer, asked)


async def reset(writer: asyncio.StreamWriter, _: Asked) -> bool:
    writer.write(answer("200 OK", "Content-Type: text/html", body=BODY, length=10_000))
    await writer.drain()
    await asyncio.sleep(0.02)
    writer.transport.abort()
    return False


async def etag(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    """Serve an ETag in raw UTF-8, and 304 to whoever sends it back."""
    mark = 'ETag: W/"ثلج,1"'.encode()
    known = asked.value(b"if-none-match") == mark[6:]
    status = b"304 Not Modified" if known else b"200 OK"
    body = b"" if known else BODY
    writer.write(
        b"HTTP/1.1 " + status + b"\r\n" + mark + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    return True


async def stale(writer: asyncio.StreamWriter, _: Asked) -> bool:
    """Answer as if the connection stayed open, and close it."""
    writer.write(answer("200 OK", "Connection: keep-alive", body=BODY))
    await writer.drain()
    return False


async def second_is_dropped(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    """Answer the first request of a connection, and hang up on the second: its patience ended just then."""
    if asked.nth > 1:
        return False
    writer.write(answer("200 OK", f"X-Path: {asked.path}", body=BODY))
    return True


_ZIPPED = gzip.compress(BODY)
_HTML = "Content-Type: text/html; charset=utf-8"
_GZIP = "Content-Encoding: gzip"
_UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

not_found = fixed(answer("404 Not Found", body=b"no"))

ROUTES: dict[str, Route] = {
    "/ok": fixed(answer("200 OK", _HTML, body=BODY)),
    "/gzip": fixed(answer("200 OK", _HTML, _GZIP, body=_ZIPPED)),
    "/hang": hang,
    "/slow-head": dripping(answer("200 OK", _HTML, body=BODY)),
    "/slow-body": slow_body,
    "/endless": streaming(_UNTIL_CLOSE + b"\r\n", forever),
    "/interim": streaming(b"", interim),
    "/reset": reset,
    "/short": fixed(answer("200 OK", _HTML, body=BODY, length=10_000), stays=False),
    "/short-chunk": fixed(_UNTIL_CLOSE + b"Transfer-Encoding: chunked\r\n\r\n400\r\nabc", stays=False),
    "/cut-gzip": fixed(answer("200 OK", _HTML, _GZIP, body=_ZIPPED[:-12])),
    "/two-members": fixed(answer("200 OK", _HTML, _GZIP, body=_ZIPPED + _ZIPPED)),
    "/bomb": streaming(_UNTIL_CLOSE + b"Content-Encoding: gzip\r\n\r\n", bomb),
    "/bomb-redirect": streaming(
        b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Encoding: gzip\r\n\r\n", bomb
    ),
    "/twice-zipped": fixed(
        answer("200 OK", _HTML, "Content-Encoding: gzip, gzip", body=gzip.compress(_ZIPPED))
    ),
    "/brotli": fixed(answer("200 OK", _HTML, "Content-Encoding: br", body=b"\x0b\x02\x80abc\x03")),
    "/false-gzip": fixed(answer("200 OK", _HTML, _GZIP, body=BODY)),
    "/large-header": fixed(answer("200 OK", "X-Large: " + "a" * 1_000_000, body=BODY)),
    "/many-headers": fixed(answer("200 OK", *(f"X-{n}: {n}" for n in range(100_000)), body=BODY)),
    "/99-gb": fixed(answer("200 OK", _HTML, body=BODY, length=99_000_000_000)),
    "/bad-status": fixed(b"HTTP/1.1 OK fine\r\n\r\n", stays=False),
    "/two-lengths": fixed(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    "/negative-length": fixed(b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc"),
    "/nul-header": fixed(b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n"),
    "/http-0.9": fixed(BODY, stays=False),
    "/loop": fixed(answer("302 Found", "Location: /loop-back")),
    "/loop-back": fixed(answer("302 Found", "Location: /loop")),
    "/cookie": fixed(answer("200 OK", _HTML, "Set-Cookie: visitor=1; Path=/", body=BODY)),
    "/etag": etag,
    "/stale": stale,
    "/dropped": second_is_dropped,
    "/empty": fixed(b"", stays=False),
    "/pdf": streaming(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n", forever),
}


# The made-up network: what needs no wire.

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
PAGE = "<html><p>افتُتحت المكتبة بعد ترميمها.</p></html>".encode()
QUICK = Source(key="maktaba", name="المكتبة", delay=0)


@dataclass
class Clock:
    """Time that passes only while somebody sleeps; sleeps that start together end together."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        until = self.time + timedelta(seconds=seconds)
        for _ in range(20):
            await asyncio.sleep(0)
        self.time = max(self.time, until)


@dataclass
class Body(httpx.AsyncByteStream):
    """A body that knows whether it was read."""

    data: bytes
    was_read: bool = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.was_read = True
        yield self.data


Page = httpx.Response | Callable[[httpx.Request], httpx.Response] | Exception


@dataclass
class World(httpx.AsyncBaseTransport):
    """Every host there is: `pages` by address, 404 else; robots.txt is 404 unless there is one."""

    pages: Mapping[str, Page]
    clock: Clock = field(default_factory=Clock)
    log: list[tuple[float, str]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    busy: dict[str, int] = field(default_factory=dict)
    most_busy: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        self.log.append(((self.clock.now() - NOON).total_seconds(), str(request.url)))
        self.headers.append(request.headers)
        self.busy[host] = self.busy.get(host, 0) + 1
        assert self.busy[host] == 1, "two requests to one host at once"
        self.most_busy = max(self.most_busy, sum(self.busy.values()))
        for _ in range(5):
            await asyncio.sleep(0)
        self.busy[host] -= 1
        page = self.pages.get(str(request.url), httpx.Response(404))
        page = page(request) if callable(page) else page
        if isinstance(page, Exception):
            raise page
        return page

    def asked(self) -> list[str]:
        return [url for _, url in self.log]

    def door(self, **given: Any) -> Door:
        return Door(transport=self, now=self.clock.now, sleep=self.clock.sleep, **given)


def html(
    body: bytes = PAGE, *, status: int = 200, **headers: str
) -> Callable[[httpx.Request], httpx.Response]:
    named = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, headers=named, stream=Body(body))


def to(where: str | bytes, status: int = 302) -> Callable[[httpx.Request], httpx.Response]:
    place = where.encode() if isinstance(where, str) else where
    return lambda _: httpx.Response(status, headers=[(b"location", place)])


def by_turns(*pages: Callable[[httpx.Request], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    left = list(pages)

    def page(request: httpx.Request) -> httpx.Response:
        return left.pop(0)(request)

    return page


def rules(*lines: str) -> Callable[[httpx.Request], httpx.Response]:
    return html("\n".join(("User-agent: *", *lines)).encode(), content_type="text/plain")


def get(
    world: World, *urls: str, source: Source = QUICK, kind: Literal["feed", "page"] = "feed", **given: Any
) -> list[Fetched]:
    async def story() -> list[Fetched]:
        async with world.door(**given) as door:
            return list(await asyncio.gather(*(door.get(url, source=source, kind=kind) for url in urls)))

    return run(story(), seconds=60.0)


def run(work: Coroutine[object, object, T], *, seconds: float = 15.0) -> T:
    """Run a test's coroutine, and fail if it takes longer."""

    async def bounded() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run(bounded())


def server_tls(folder: Path, certificate: str) -> ssl.SSLContext:
    """Return the server's side of TLS with one of the certificates below."""
    chain = folder / "server.pem"
    chain.write_text(_KEY + certificate, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def client_tls(certificate: str) -> ssl.SSLContext:
    """Return the client's side of TLS, which trusts one certificate and verifies the name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate)
    return context


# Made for these tests and worth nothing: both certificates are for news.test, until 2120 and until 2001.
_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLrc/SgVAadngzh+v
K87iBdD/G+bXY/vyXX/2b1JHSGChRANCAASN7V+tTHb5Iyt8HKFW7ZZ1V9xQbAWp
RDV+xWYcX1tg2rmOcaAyJW2ixBbwfXg+7I4WEbgW4VXqqgTESe3xyHMh
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAluZXdzLnRl
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CW5ld3MudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI3tX61MdvkjK3wc
oVbtlnVX3FBsBalENX7FZhxfW2DauY5xoDIlbaLEFvB9eD7sjhYRuBbhVeqqBMRJ
7fHIcyGjSDBGMBQGA1UdEQQNMAuCCW5ld3MudGVzdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBScOPFWpZ4RrpCIpDHe6UP0VVp0njAKBggqhkjOPQQDAgNIADBF
AiBJkC+UuEA+D9R7/wiZS7MgXE9Fpq00rfhyJKgJMbs2UAIhAOJADxNM4Zy6uIOC
93XrFQLVw+2X54A1QnW4ouqyysj+
-----END CERTIFICATE-----
"""
EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBXjCCAQWgAwIBAgIBAjAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAluZXdzLnRl
c3QwHhcNMDAwMTAxMDAwMDAwWhcNMDEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlu
ZXdzLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASN7V+tTHb5Iyt8HKFW
7ZZ1V9xQbAWpRDV+xWYcX1tg2rmOcaAyJW2ixBbwfXg+7I4WEbgW4VXqqgTESe3x
yHMho0gwRjAUBgNVHREEDTALggluZXdzLnRlc3QwDwYDVR0TAQH/BAUwAwEB/zAd
BgNVHQ4EFgQUnDjxVqWeEa6QiKQx3ulD9FVadJ4wCgYIKoZIzj0EAwIDRwAwRAIg
MbLGdmv5Z00jXu3iD1tQu5UO54MaUuU2S2g9iM2viTwCIC+AfgdgGrxQlYZToMKO
lFYUwANZ6OabJ3+py7WOmrD/
-----END CERTIFICATE-----
"""
