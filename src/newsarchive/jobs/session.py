"""The frame of every job that fetches: the archive locked and open, a door, workers, signals heeded, the run written down."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from newsarchive.archive.rows import HostState
from newsarchive.archive.store import Store
from newsarchive.config import Config
from newsarchive.errors import ConfigError, InterruptedRunError, NewsArchiveError
from newsarchive.fetch import Door, KnownRobots
from newsarchive.jobs.crawl import PAGE_SECONDS, Crawl
from newsarchive.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a run gets from outside, so that a test can give its own.

    Attributes:
        now: our clock, aware.
        sleep: waits for seconds.
        transport: what httpx sends requests through instead of the network.
        page_seconds: how long the extraction of one page may take before it is killed.
        workers: parsers to use and leave running; None starts and ends some of its own.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    transport: Any = None
    page_seconds: float = PAGE_SECONDS
    workers: Workers | None = None


REAL = World()
_EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)  # a clock before this was never set
_LONGEST_PAUSE = timedelta(hours=25)  # one that ends later is of a run whose clock was wrong
Work = Callable[[Crawl], Awaitable[None]]
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def session(
    db: Path,
    config: Config,
    work: Work,
    *,
    world: World = REAL,
    counts: Callable[[], Mapping[str, int]] = dict,
) -> None:
    """Do `work` as one run over the archive at `db`.

    Args:
        db: the archive; made if it is not there.
        config: every source that is configured, and the table `[fetch]`.
        work: what to do with the run's hands.
        world: clock and network.
        counts: asked at the end for columns of `runs`.

    Raises:
        InterruptedRunError: a signal asked for the end; every finished article is kept.
        ConfigError: this machine's clock is wrong by years.
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    if world.now() < _EARLIEST:
        raise ConfigError(
            f"this machine's clock says {world.now():%Y-%m-%d}; set it first, for dates and waiting times depend on it"
        )
    with Store.open(db, world.now(), variants=config.variants) as store:
        run = store.begin_run(version("newsarchive"), world.now())
        outcome = "failed"
        try:
            asyncio.run(_crawl(store, config, work, run, world))
            outcome = "done"
        except InterruptedRunError:
            outcome = "interrupted"
            raise
        finally:
            with _unless_failed(outcome):
                store.end_run(run, outcome, counts(), world.now())


async def _crawl(store: Store, config: Config, work: Work, run: int, world: World) -> None:
    store.keep_sources(config.sources, world.now())
    hosts = store.hosts()
    latest = world.now() + _LONGEST_PAUSE
    door = Door(
        contact=config.fetch.contact,
        proxy=config.fetch.proxy,
        concurrency=config.fetch.concurrency,
        now=world.now,
        sleep=world.sleep,
        transport=world.transport,
        known_robots=_known_robots(hosts),
        tell=lambda source, fetched: store.keep_robots(run, source.key, fetched),
        paused={
            host: known.paused_until
            for host, known in hosts.items()
            if known.paused_until and known.paused_until < latest
        },
        left={host: known.asked_at for host, known in hosts.items() if known.asked_at},
    )
    with contextlib.nullcontext(world.workers) if world.workers else Workers() as workers:
        async with door:
            crawl = Crawl(
                store=store,
                door=door,
                workers=workers,
                run=run,
                now=world.now,
                interval=config.fetch.poll_interval,
                sources=config.sources,
                page_seconds=world.page_seconds,
            )
            try:
                await _until_signal(work(crawl), workers)
            finally:
                store.keep_hosts(_host_states(door))


async def _until_signal(work: Awaitable[None], workers: Workers) -> None:
    """Await `work`; a signal cancels it, and kills the parsers that it may be waiting for."""
    task = asyncio.ensure_future(work)
    caught: list[int] = []
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        caught.append(number)
        task.cancel()
        workers.close()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if caught:
            raise InterruptedRunError(caught[0]) from None
        raise
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


@contextlib.contextmanager
def _unless_failed(outcome: str) -> Iterator[None]:
    """After a failure, another one while writing that down would hide the first."""
    with contextlib.suppress(*([NewsArchiveError] if outcome == "failed" else [])):
        yield


def _known_robots(hosts: Mapping[str, HostState]) -> dict[str, KnownRobots]:
    """What earlier runs learnt from robots.txt files, as the door takes it."""
    return {
        host: KnownRobots(fetched_at=state.robots_at, text=state.robots, outcome=state.robots_outcome)
        for host, state in hosts.items()
        if state.robots_at and state.robots_outcome
    }


def _host_states(door: Door) -> dict[str, HostState]:
    """What the door learnt of hosts, as the archive keeps it."""
    return {
        host: _host_state(door.robots.get(host), door.left.get(host), door.paused.get(host))
        for host in {*door.robots, *door.left, *door.paused}
    }


def _host_state(
    robots: KnownRobots | None, asked_at: datetime | None, paused_until: datetime | None
) -> HostState:
    return HostState(
        robots=robots.text if robots else None,
        robots_outcome=robots.outcome if robots else None,
        robots_at=robots.fetched_at if robots else None,
        asked_at=asked_at,
        paused_until=paused_until,
    )
