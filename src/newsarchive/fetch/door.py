"""The door: every request of a run passes here.

A request is a trip of one or more hops. At each hop, the host of the address at hand decides: is it being left alone,
does its robots.txt allow the page, is it our turn in its lane. Then one exchange, and a redirect makes the next hop.
Nothing is held between two hops, so two trips that cross cannot wait for each other.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Literal, Self
from urllib.parse import urljoin

from newsarchive.fetch import robots
from newsarchive.fetch.answers import OVERLOADED, REDIRECT, Answer, Headers, Kind, last_value, pause_end
from newsarchive.fetch.client import Ask, Client, Transport, can_be_asked
from newsarchive.fetch.guard import Resolve, look_up
from newsarchive.fetch.headers import conditional_headers, request_headers, user_agent
from newsarchive.fetch.lanes import Lane, delay_for
from newsarchive.fetch.robots import KnownRobots, Rules
from newsarchive.fetch.trip import Trip
from newsarchive.models import Fetched, Source
from newsarchive.urls import host_of

_BAD_URL = "no address that can be asked for: malformed, not http(s), or with a user name in it"
_USER = re.compile(r"//[^/?#]*@")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Door:
    """All requests of one run; an async context manager.

    Requests to one host go one after another over one connection, with a pause between two: the larger of the source's
    `delay` and robots.txt's Crawl-delay (120 s at most), 3 s if neither is given. Hosts go side by side.
    A host that answers 429 or 503 is left alone for as long as it asks, an hour if it does not say.

    Args:
        contact: e-mail or web address that stands in the User-Agent; an e-mail address also in From.
        proxy: address of the proxy for sources that name none. A proxied host is resolved by the proxy, which must
            itself keep away from private addresses.
        concurrency: requests under way at once.
        feed_seconds: total deadline of a feed, redirects included and waiting for a turn excluded.
        page_seconds: the same of a page.
        robots_seconds: the same of a robots.txt.
        now: the clock; aware, UTC.
        sleep: waits some seconds.
        transport: takes the place of the network; the check of addresses is part of what it replaces.
        resolve: looks up a host's IP addresses.
        tls: whom to trust; None takes certifi's list of authorities.
        known_robots: what earlier runs learnt, by host.
        tell: called with each request for a robots.txt, on whose behalf it was made, and how it ended.
        paused: which hosts earlier runs were asked to leave alone, and until when.
        left: when earlier runs asked a host last; the pause between two requests counts from there.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        proxy: str | None = None,
        concurrency: int = 8,
        feed_seconds: float = 30.0,
        page_seconds: float = 45.0,
        robots_seconds: float = 20.0,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        transport: Transport | None = None,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        known_robots: Mapping[str, KnownRobots] = MappingProxyType({}),
        tell: Callable[[Source, Fetched], object] = lambda _source, _fetched: None,
        paused: Mapping[str, datetime] = MappingProxyType({}),
        left: Mapping[str, datetime] = MappingProxyType({}),
    ) -> None:
        self._contact = contact
        self._agent = user_agent(contact)
        self._proxy = proxy
        self._seconds: dict[Kind, float] = {
            "feed": feed_seconds,
            "page": page_seconds,
            "robots": robots_seconds,
        }
        self._now = now
        self._sleep = sleep
        self._client = Client(resolve=resolve or look_up, tls=tls, transport=transport)
        self._slots = asyncio.Semaphore(concurrency)  # outside of httpx's pool, where n waiting cost n² steps
        self._lanes: defaultdict[str, Lane] = defaultdict(Lane)
        for host, at in left.items():
            self._lanes[host].left_at = at
        self._robots = dict(known_robots)
        self._tell = tell
        self._robots_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._parsed: dict[tuple[str, str], tuple[KnownRobots, Rules]] = {}
        self._paused = dict(paused)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    @property
    def robots(self) -> Mapping[str, KnownRobots]:
        """What is known of robots.txt, by host: what was passed in and what was learnt since."""
        return MappingProxyType(self._robots)

    @property
    def paused(self) -> Mapping[str, datetime]:
        """The hosts that are being left alone, and until when."""
        now = self._now()
        return {host: until for host, until in self._paused.items() if until > now}

    @property
    def left(self) -> Mapping[str, datetime]:
        """When each host was asked last, as passed in or seen since."""
        return {host: lane.left_at for host, lane in self._lanes.items() if lane.left_at is not None}

    async def get(
        self,
        url: str,
        *,
        source: Source,
        kind: Literal["feed", "page"],
        etag: bytes | None = None,
        last_modified: bytes | None = None,
    ) -> Fetched:
        """Ask for `url` when its host's turn comes, and follow where it leads.

        Args:
            url: an http(s) address; user names and passwords in it are refused, and cut out of what is returned.
            source: on whose behalf; its delay, user agent, proxy and `allow_private` apply.
            kind: a page is asked for only if robots.txt allows it; a feed was put there for readers.
            etag: a validator to send back, as it came.
            last_modified: the same.

        Returns:
            How it ended; `newsarchive.fetch` lists the outcomes. Only cancellation is an exception.
        """
        url = url.strip()
        if not can_be_asked(url):
            bare = _USER.sub("//", url)
            now = self._now()
            return Fetched(url=bare, final_url=bare, outcome="bad-url", detail=_BAD_URL, started_at=now)
        trip = Trip(url=url, kind=kind, source=source, seconds_left=self._seconds[kind])
        answer = await self._travel(trip, conditional_headers(etag, last_modified))
        return trip.fetched(url, answer, self._now())

    async def _travel(self, trip: Trip, validators: Headers = ()) -> Answer:
        """Hop until an answer is one to keep; the validators go out on the first hop only."""
        asked_again = False
        while True:
            answer = await self._hop(trip, validators)
            if answer.outcome == REDIRECT:
                if wrong := trip.move_on(answer):
                    return wrong
            elif answer.outcome == "not-modified" and not validators:
                if asked_again:
                    return replace(
                        answer, outcome="protocol", detail="304 to an unconditional request, twice"
                    )
                asked_again = True
            else:
                return answer
            validators = ()

    async def _hop(self, trip: Trip, validators: Headers) -> Answer:
        """Ask once, if the host may be asked, when it is our turn."""
        host = host_of(trip.url)
        if not can_be_asked(trip.url):  # where a redirect led
            return Answer(outcome="bad-url", detail=_BAD_URL)
        if refusal := self._pause_of(host) or await self._robots_refusal(host, trip):
            return refusal
        lane = self._lanes[host]
        async with lane.lock:
            if pause := self._pause_of(host):
                return pause
            await lane.rest(self._delay(host, trip.source), now=self._now, sleep=self._sleep)
            async with self._slots:
                try:
                    return self._heed(host, trip.kind, await self._ask(trip, validators))
                finally:
                    lane.left_at = self._now()

    async def _ask(self, trip: Trip, validators: Headers) -> Answer:
        trip.started_at = trip.started_at or self._now()
        source = trip.source
        ask = Ask(
            url=trip.url,
            kind=trip.kind,
            headers=request_headers(trip.kind, self._agent_of(source), self._contact) + validators,
            private=source.allow_private,
            proxy=source.proxy or self._proxy,
            seconds=max(trip.seconds_left, 0.0),
        )
        answer = await self._client.ask(ask)
        trip.spend(answer.seconds)
        return answer

    def _pause_of(self, host: str) -> Answer | None:
        """Return the refusal to disturb a host that asked to be left alone."""
        until = self._paused.get(host)
        if until is None or until <= self._now():
            return None
        return Answer(outcome="paused", detail=f"{host} asked to be left alone", retry_at=until)

    def _heed(self, host: str, kind: Kind, answer: Answer) -> Answer:
        """Leave a host alone that is overloaded.

        Its robots.txt closes the way to its feeds only if it names a time: some hosts answer 503 there and nowhere else.
        """
        asked = last_value(answer.headers, b"retry-after")
        if answer.status not in OVERLOADED or (kind == "robots" and asked is None):
            return answer
        until = self._paused[host] = pause_end(asked, self._now())
        return replace(answer, retry_at=until)

    async def _robots_refusal(self, host: str, trip: Trip) -> Answer | None:
        """Return robots.txt's refusal of a page; asks for robots.txt if it is not known."""
        if trip.kind != "page":
            return None
        async with self._robots_locks[host]:
            known = self._robots.get(host)
            if known is None or not known.is_fresh(self._now()):
                errand = self._robots_errand(trip)
                url = errand.url
                answer = await self._travel(errand)
                self._tell(trip.source, errand.fetched(url, answer, self._now()))
                if answer.outcome == "private-address" and not errand.redirects:
                    return answer  # not kept: another source may be allowed there
                known = self._robots[host] = robots.learn(answer, self._now())
        if known.outcome == robots.UNREACHABLE:
            trip.robots = "unreachable"
            detail = f"the robots.txt of {host} could not be had"
            return Answer(outcome=known.outcome, detail=detail, retry_at=known.fetched_at + robots.RETRY)
        trip.robots = "allowed" if self._rules(host, known, trip.source).allows(trip.url) else "disallowed"
        if trip.robots == "disallowed":
            return Answer(outcome="robots", detail=f"the robots.txt of {host} keeps this page from crawlers")
        return None

    def _robots_errand(self, trip: Trip) -> Trip:
        url = urljoin(trip.url, "/robots.txt")
        return Trip(url=url, kind="robots", source=trip.source, seconds_left=self._seconds["robots"])

    def _rules(self, host: str, known: KnownRobots, source: Source) -> Rules:
        key = (host, robots.product_token(self._agent_of(source)))
        parsed = self._parsed.get(key)
        if parsed is None or parsed[0] is not known:
            parsed = self._parsed[key] = (known, Rules(known.text, key[1]))
        return parsed[1]

    def _delay(self, host: str, source: Source) -> float:
        known = self._robots.get(host)
        return delay_for(source.delay, self._rules(host, known, source).delay if known else None)

    def _agent_of(self, source: Source) -> str:
        return source.user_agent or self._agent
