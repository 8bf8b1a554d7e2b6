"""`newsarchive fetch`: from feeds to articles.

For each source, side by side:

    feeds that are due  ->  the first candidate that answers  ->  new entries and validators, in one transaction
    entries that are due  ->  page, kept as bytes  ->  article or reason, in one transaction
    young articles that are due  ->  page, unless it is unchanged  ->  edit, absence or neither, in one transaction

Each source works through its own list in order; the door makes hosts wait for their delay and bounds what is under
way at once. Killed anywhere, the next run goes on: what is not in the archive is still in the queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from newsarchive.archive.looks import Look
from newsarchive.archive.rows import FeedState
from newsarchive.archive.sealing import seal_daily
from newsarchive.config import Config
from newsarchive.errors import ArchiveError, InterruptedRunError
from newsarchive.jobs.crawl import GOOD, Crawl, Outcome
from newsarchive.jobs.session import REAL, World, session
from newsarchive.models import Source

_SOON = timedelta(
    minutes=2
)  # a feed due within this is waited for: else an hourly cron would ask it every other hour
_LONGEST = timedelta(minutes=50)  # after this a run begins no new page; the queue keeps the rest for the next
_UNREACHABLE = frozenset({"connect", "dns", "tls", "timeout"})
_FARTHEST = timedelta(hours=25)  # a feed that is not due for longer is of a run whose clock was wrong
_SLOW = frozenset({"extract-timeout", "extract-killed"})
_ENOUGH = 3  # pages of a source in a row that cost the longest wait in vain; the rest would each cost as much


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A feed that failed: what cron mails."""

    source: str
    url: str
    outcome: str
    detail: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run did, counted while it runs.

    Attributes:
        sources: selected.
        polled: of those, the ones whose feeds were seen to.
        asked: of those, the ones of which at least one feed was asked for; the others were not due.
        failed: of those, the ones of which no feed worked.
        well: sources that were not due because a feed of theirs worked lately.
        queue: entries that were due; `pages` of them were worked on, `left` were left for later.
        looks: articles that were looked at again, and of which something was learnt; the next three are counts of those.
        troubles: the feeds of the sources that failed.
        other_spellings: whether feeds.toml has other spellings for searching than the archive's indexes.
        not_sealed: why what is new could not be sealed; empty if it was, or was not due.
    """

    sources: int = 0
    polled: int = 0
    finished: int = 0
    asked: int = 0
    failed: int = 0
    well: int = 0
    entries_new: int = 0
    queue: int = 0
    pages: int = 0
    articles_new: int = 0
    pages_rejected: int = 0
    pages_failed: int = 0
    looks: int = 0
    articles_changed: int = 0
    articles_gone: int = 0
    articles_back: int = 0
    left: int = 0
    seconds: float = 0.0
    troubles: list[Trouble] = field(default_factory=list)
    other_spellings: bool = False
    not_sealed: str = ""
    interrupted_by: int | None = None

    @property
    def nothing_fetched(self) -> bool:
        """Whether something was asked for, and nothing at all came, now or lately."""
        fetched = self.articles_new or self.pages_rejected or self.looks or self.well
        return 0 < self.asked == self.failed and not fetched

    @property
    def offline(self) -> bool:
        """Whether nothing was reached at all: then this machine is the first to look at."""
        return all(trouble.outcome in _UNREACHABLE | {"robots-unreachable"} for trouble in self.troubles)

    def counts(self) -> Mapping[str, int]:
        """As the columns of `runs`."""
        return {
            "feeds_asked": self.asked,
            "feeds_failed": self.failed,
            "entries_new": self.entries_new,
            "articles_new": self.articles_new,
            "pages_rejected": self.pages_rejected,
            "pages_failed": self.pages_failed,
            "looks": self.looks,
            "articles_changed": self.articles_changed,
            "articles_gone": self.articles_gone,
            "articles_back": self.articles_back,
        }

    def count(self, outcome: Outcome | Look) -> None:
        """Count a row of the queue that was worked on."""
        self.pages += 1
        if isinstance(outcome, Look):
            self.looks += outcome.learnt
            self.articles_changed += outcome.changed
            self.articles_gone += outcome.gone
            self.articles_back += outcome.back
        else:
            self.articles_new += outcome.slug == "new"
            self.pages_rejected += outcome.kind == "rejected"
            self.pages_failed += outcome.kind == "failed"
            self.left += outcome.kind == "waiting"

    def summary(self) -> str:
        """One line for people and for cron."""
        feeds = [f"{self.asked - self.failed} new or unchanged", f"{self.failed} failed"]
        feeds += [f"{idle} not due"] if (idle := self.polled - self.asked) else []
        feeds += [f"{missed} not reached"] if (missed := self.sources - self.polled) else []
        pages = [f"{_counted(self.articles_new, 'article')} new"]
        looks = {"changed": self.articles_changed, "gone": self.articles_gone, "back": self.articles_back}
        pages += [f"{count} {what}" for what, count in looks.items() if count]
        pages += [f"{_counted(self.pages_rejected, 'page')} rejected"]
        pages += [f"{_counted(self.pages_failed, 'page')} failed"] if self.pages_failed else []
        pages += [f"{self.left} left for later"] if self.left else []
        return (
            f"{_counted(self.sources, 'feed')}: {', '.join(feeds)}; {', '.join(pages)}; {self.seconds:.0f} s"
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def update(
    db: Path,
    config: Config,
    sources: Sequence[Source],
    *,
    force: bool = False,
    progress: Callable[[Report], None] | None = None,
    world: World = REAL,
) -> Report:
    """Fetch what is new of `sources` into the archive at `db`.

    Args:
        db: the archive; made if it is not there.
        config: every source that is configured, and the table `[fetch]`.
        sources: the outlets to ask.
        force: ask feeds before their time; requests stay conditional and polite.
        progress: called whenever a count has changed.
        world: clock and network.

    Returns:
        What was done. A signal ends the run early, with every finished article kept: see `Report.interrupted_by`.

    Raises:
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    report = Report(sources=len(sources))
    started = time.monotonic()
    one = _Update(
        report, force=force, progress=progress, sleep=world.sleep, closing=started + _LONGEST.total_seconds()
    )
    try:
        session(db, config, lambda crawl: one.all(crawl, config, sources), world=world, counts=report.counts)
    except InterruptedRunError as interrupted:
        report.interrupted_by = interrupted.signal
    report.seconds = time.monotonic() - started
    return report


class _Update:
    """One run over its sources."""

    def __init__(
        self,
        report: Report,
        *,
        force: bool,
        progress: Callable[[Report], None] | None,
        sleep: Callable[[float], Awaitable[None]],
        closing: float,
    ) -> None:
        self._report = report
        self._force = force
        self._progress = progress
        self._sleep = sleep
        self._closing = closing

    async def all(self, crawl: Crawl, config: Config, sources: Sequence[Source]) -> None:
        """Work on all sources side by side; what one of them does touches no other."""
        self._report.other_spellings = crawl.store.variants != config.variants
        _adopt(crawl)
        try:
            async with asyncio.TaskGroup() as group:
                for source in sources:
                    group.create_task(self._source(crawl, source))
        except* Exception as errors:  # noqa: BLE001 - only unwrapped: one error is raised, whatever it is
            raise _first(errors) from None
        self._seal(crawl)

    def _seal(self, crawl: Crawl) -> None:
        """Seal once a day; a run is not lost if that fails, and the next one tries again."""
        try:
            seal_daily(crawl.store, crawl.now())
        except ArchiveError as error:
            self._report.not_sealed = str(error)

    async def _source(self, crawl: Crawl, source: Source) -> None:
        await self._poll(crawl, source)
        await self._pages(crawl, source)
        self._report.finished += 1
        self._tell()

    async def _poll(self, crawl: Crawl, source: Source) -> None:
        states = crawl.store.feed_states(source.key)
        plan = plan_poll(source, states, now=crawl.now(), force=self._force)
        troubles = []
        for url in plan.ask:
            state = states.get(url)
            await self._until_due(state, crawl.now())
            polled, new = await crawl.poll(source, url, state)
            self._report.entries_new += new
            if polled.outcome in GOOD:
                break
            troubles.append(Trouble(source=source.key, url=url, outcome=polled.outcome, detail=polled.detail))
        self._report.polled += 1
        self._report.asked += bool(plan.ask)
        self._report.well += plan.fallback
        if len(troubles) == len(plan.ask) > 0 and not plan.fallback:
            self._report.failed += 1
            self._report.troubles.extend(troubles)
        self._tell()

    async def _until_due(self, state: FeedState | None, now: datetime) -> None:
        wait = state.next_check - now if state and state.next_check else timedelta(0)
        if timedelta(0) < wait <= _SOON and not self._force:
            await self._sleep(wait.total_seconds())

    async def _pages(self, crawl: Crawl, source: Source) -> None:
        queued = crawl.store.queued(source.key, crawl.now())
        self._report.queue += len(queued)
        vain = 0
        for done, row in enumerate(queued):
            if time.monotonic() > self._closing or vain >= _ENOUGH:
                self._report.left += len(queued) - done
                return
            outcome = await crawl.visit(source, row)
            vain = vain + 1 if outcome.slug in _UNREACHABLE | _SLOW else 0
            self._report.count(outcome)
            self._tell()

    def _tell(self) -> None:
        if self._progress:
            self._progress(self._report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which feeds of a source to ask now.

    Attributes:
        ask: addresses, in order, until one works.
        fallback: whether a feed that is not due works anyway, so that the source has not failed.
    """

    ask: tuple[str, ...]
    fallback: bool = False


def plan_poll(source: Source, states: Mapping[str, FeedState], *, now: datetime, force: bool) -> Plan:
    """Decide which of a source's feeds are asked, given what is remembered of them.

    Candidates are asked in the file's order until one works. One that works and was asked within the interval ends the
    list; one that failed is left alone until its back-off is over.
    """
    candidates = [*source.feeds, *([source.listing.url] if source.listing else [])]
    ask: list[str] = []
    for url in candidates:
        state = states.get(url)
        due = (
            force
            or state is None
            or state.next_check is None
            or not now + _SOON < state.next_check < now + _FARTHEST
        )
        if due:
            ask.append(url)
        elif state is not None and state.outcome in GOOD:
            return Plan(ask=tuple(ask), fallback=True)
    return Plan(ask=tuple(ask))


def _adopt(crawl: Crawl) -> None:
    """Give the waiting entries of sources that are configured no more to the ones that have their hosts now."""
    strays = crawl.store.strays(crawl.owners.sources)
    owners = {key: owner for key, url in strays.items() if (owner := crawl.owners.of(url))}
    if owners:
        crawl.store.assign(owners, crawl.now())


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
