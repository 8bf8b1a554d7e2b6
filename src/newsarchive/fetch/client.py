"""One request and its answer: the only module that imports httpx.

httpx's transports are used without its client, which leaves nothing to switch off: no redirects, cookies, environment
variables, .netrc or unzipping. A transport keeps its own connections, so that a connection made for a source that may
reach private addresses never serves one that may not.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

# httpx tries to import its command line, with rich, at every start: 57 ms, more than all else here. It does without.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpcore  # noqa: E402 - after the line above
import httpx  # noqa: E402

from newsarchive.fetch import answers  # noqa: E402
from newsarchive.fetch.answers import SIZES, Answer, Headers, Kind  # noqa: E402
from newsarchive.fetch.body import Body, BodyError  # noqa: E402
from newsarchive.fetch.guard import Guard, PrivateAddressError, Resolve, UnknownHostError  # noqa: E402
from newsarchive.urls import is_web_address  # noqa: E402

Transport = httpx.AsyncBaseTransport

_WALL_START = 20_000  # bytes of an error page in which a bot wall gives itself away
# The lanes and slots of `Door` limit connections, the pool must not; idle ones it keeps for a lane's next turn.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=32, keepalive_expiry=15)
_HOST = re.compile(rb"[0-9A-Za-z._~-]+|\[?[0-9A-Fa-f:.]+\]?")
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)
_ROOTS: tuple[
    tuple[tuple[type[Exception], ...], str], ...
] = (  # among an error's causes, the first that is found
    ((PrivateAddressError,), "private-address"),
    ((UnknownHostError,), "dns"),
    ((httpx.TimeoutException, TimeoutError), "timeout"),
    ((ssl.SSLError,), "tls"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request.

    Attributes:
        headers: all of them but Host, which the address gives.
        private: whether addresses that are not public may be connected to.
        proxy: address of the proxy; it resolves the host's name itself, so nothing is checked here.
        seconds: until the answer must be complete.
    """

    url: str
    kind: Kind
    headers: Headers
    private: bool = False
    proxy: str | None = None
    seconds: float


class Client:
    """The transports of one run.

    Args:
        resolve: looks host names up.
        tls: whom to trust; None takes certifi's list.
        transport: takes the place of all others.
    """

    def __init__(
        self, *, resolve: Resolve, tls: ssl.SSLContext | None = None, transport: Transport | None = None
    ) -> None:
        self._resolve = resolve
        self._tls = tls
        self._only = transport
        self._transports: dict[tuple[bool, str | None], Transport] = {}

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in (self._only, *self._transports.values()):
            if transport is not None:
                await transport.aclose()

    async def ask(self, ask: Ask) -> Answer:
        """Make one request; whatever happens is in the answer's outcome.

        A connection that is closed before a byte has come is tried once more, on a new connection: it was an old one
        that the server had just given up, or a server that stumbled.
        """
        started = time.monotonic()
        try:
            async with asyncio.timeout(ask.seconds):
                answer = await self._exchange(ask) or await self._exchange(ask)
        except TimeoutError:
            answer = Answer(outcome="timeout", detail=f"not complete after {ask.seconds:.3g} s")
        nothing = Answer(outcome="protocol", detail="the connection was closed without an answer, twice")
        return replace(answer or nothing, request_headers=_sent(ask), seconds=time.monotonic() - started)

    async def _exchange(self, ask: Ask) -> Answer | None:
        """Send and receive once; None for an empty reply."""
        steps: list[str] = []

        async def trace(step: str, _: object) -> None:
            steps.append(step)

        # Connecting gets half of the time, so that a slow name server is told from a slow server.
        extensions = {"trace": trace, "timeout": {"connect": ask.seconds / 2}}
        try:
            request = httpx.Request("GET", ask.url, headers=list(ask.headers), extensions=extensions)
            response = await self._transport(ask).handle_async_request(request)
        except _FAILURES as error:
            if _is_empty_reply(error):
                return None
            return Answer(outcome=_slug(error, steps), detail=_line(error))
        except ImportError as error:  # httpx, for a SOCKS proxy without its package
            return Answer(outcome="connect", detail=_line(error))
        try:
            return await _read(ask, response)
        finally:
            with contextlib.suppress(*_FAILURES):
                await response.aclose()

    def _transport(self, ask: Ask) -> Transport:
        if self._only is not None:
            return self._only
        key = (ask.private, ask.proxy)
        if key not in self._transports:
            self._transports[key] = self._new_transport(ask)
        return self._transports[key]

    def _new_transport(self, ask: Ask) -> Transport:
        if self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=False)
        if ask.proxy is None:
            return _GuardedTransport(self._tls, Guard(self._resolve, public_only=not ask.private))
        try:
            proxy = httpx.Proxy(ask.proxy)
            return httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False, limits=_LIMITS, proxy=proxy)
        except (ValueError, httpx.InvalidURL) as error:
            raise httpx.ProxyError("the proxy's address cannot be used") from error


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool whose connections pass the guard; httpx has no parameter for that."""

    def __init__(self, tls: ssl.SSLContext, guard: Guard) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=guard,
        )


def can_be_asked(url: str) -> bool:
    """Whether a request can be made for `url`: http(s), a host that can be written, no user name, no lone surrogates."""
    try:
        return is_web_address(url) and _HOST.fullmatch(httpx.URL(url).raw_host) is not None
    except (httpx.InvalidURL, ValueError):
        return False


async def _read(ask: Ask, response: httpx.Response) -> Answer:
    """Judge the head of an answer, and read of its body what is wanted."""
    answer = Answer(
        outcome=answers.outcome_of(response.status_code),
        status=response.status_code,
        headers=tuple(response.headers.raw),
        peer=None if ask.proxy else _peer(response),
    )
    if answers.is_challenge(answer.headers) or await _is_wall(answer, response):
        return replace(answer, outcome="blocked", detail="a bot wall answered")
    if answer.outcome != "ok":
        return answer
    try:
        return replace(answer, content=await _content(ask, answer, response))
    except BodyError as error:
        return replace(answer, outcome=error.outcome, detail=error.detail)
    except _FAILURES as error:
        return replace(answer, outcome=_broken(error), detail=_line(error))


async def _content(ask: Ask, answer: Answer, response: httpx.Response) -> bytes:
    said = answers.last_value(answer.headers, b"content-type")
    if not answers.fits(ask.kind, said):
        raise BodyError("type", f"{_line(said)}, a {ask.kind} was asked for")
    cut = ask.kind == "robots"
    body = Body(answers.joined_values(answer.headers, b"content-encoding"), SIZES[ask.kind], cut=cut)
    length = answers.last_value(answer.headers, b"content-length") or b""
    if not cut and length.isdigit() and int(length[:20]) > SIZES[ask.kind]:
        raise BodyError("too-large", f"{_line(length)} bytes announced, {SIZES[ask.kind]} are the most")
    return body.finish() if await _fill(body, response) else body.start()


async def _is_wall(answer: Answer, response: httpx.Response) -> bool:
    if response.status_code not in answers.WALLED:
        return False
    return answers.is_wall(response.status_code, answer.headers, await _start(answer, response))


async def _start(answer: Answer, response: httpx.Response) -> bytes:
    """Return the start of an error page, or as much of it as can be had: the status counts without it."""
    try:
        body = Body(answers.joined_values(answer.headers, b"content-encoding"), _WALL_START, cut=True)
    except BodyError:
        return b""
    with contextlib.suppress(BodyError, *_FAILURES):
        await _fill(body, response)
    return body.start()


async def _fill(body: Body, response: httpx.Response) -> bool:
    """Read into `body`; False if it wanted no more before the end."""
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise httpx.StreamError("the answer is no stream")
    async for chunk in response.stream:  # the wire's own bytes: httpx unzips without a limit
        if not body.add(chunk):
            return False
    return True


def _sent(ask: Ask) -> Headers:
    try:
        return tuple(httpx.Request("GET", ask.url, headers=list(ask.headers)).headers.raw)
    except (httpx.InvalidURL, ValueError):
        return ask.headers


def _peer(response: httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream is not None else None
    return str(address[0]) if address else None


def _is_empty_reply(error: Exception) -> bool:
    if isinstance(error, (httpx.ReadError, httpx.WriteError)):
        return True
    return isinstance(error, httpx.RemoteProtocolError) and "disconnected" in str(error)


def _slug(error: Exception, steps: list[str]) -> str:
    """Name what went wrong before there was an answer."""
    causes = tuple(_causes(error))
    for kinds, slug in _ROOTS:
        if any(isinstance(cause, kinds) for cause in causes):
            return slug
    if isinstance(error, (httpx.NetworkError, httpx.ProxyError, OSError)):
        return "tls" if any(step.endswith("start_tls.failed") for step in steps) else "connect"
    bad_url = isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError))
    return "bad-url" if bad_url else "protocol"


def _broken(error: Exception) -> str:
    """Name what went wrong within a body: it was cut off, or it was never HTTP."""
    if isinstance(error, httpx.NetworkError) or "peer closed connection" in str(error):
        return "truncated"
    return "timeout" if isinstance(error, (httpx.TimeoutException, TimeoutError)) else "protocol"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _line(said: object) -> str:
    """Return one short line for people, without control characters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said) or type(said).__name__
    plain = "".join(char if char.isprintable() else " " for char in _ERRNO.sub("", text))
    return " ".join(plain.split())[:200]
