"""`newsarchive reextract`: read the stored pages again, with the rules of today.

A better rule repairs history. Reading runs in worker processes, several at a time; storing stays with this process, in
transactions of many records, for one archive has one writer.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from newsarchive.archive.reread import Change, Stored, compare, keep_reading, stored_pages
from newsarchive.archive.store import Store
from newsarchive.config import Config
from newsarchive.errors import ArchiveError
from newsarchive.jobs.crawl import read_page
from newsarchive.models import Article, Rejected, Source
from newsarchive.workers import Workers

_BATCH = 200  # pages of one transaction; what a crash undoes is read again the next time


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page that reads otherwise than before."""

    stored: Stored
    result: Article | Rejected
    change: Change


@dataclass(slots=True, kw_only=True)
class Reread:
    """What reading again did, counted while it goes on."""

    pages: int = 0
    changed: int = 0
    found: int = 0
    withdrawn: int = 0
    failed: int = 0
    seconds: float = 0.0

    def count(self, reading: Reading) -> None:
        """Count one page."""
        self.pages += 1
        kind = reading.change.kind
        if kind != "same":
            setattr(self, kind, getattr(self, kind) + 1)

    def summary(self, *, dry_run: bool) -> str:
        """One line for people."""
        what = f"{self.changed} articles changed, {self.found} found, {self.withdrawn} withdrawn, {self.failed} failed"
        return f"{self.pages} pages read again: {what}{'; nothing was stored' if dry_run else ''}; {self.seconds:.0f} s"


def reextract(
    db: Path,
    config: Config,
    *,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    dry_run: bool = False,
    workers: int = 1,
    tell: Callable[[Reading], None] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Reread:
    """Read stored pages again and store what changed.

    An article whose page is none by today's rules is withdrawn: its row goes, its page and its place in the queue stay,
    and a later reading may bring it back. A page that was rejected and is an article now is stored.

    Args:
        db: the archive, which must exist.
        config: selectors, time zones and charsets of today.
        source: only this source's pages.
        since: only articles from this day on.
        until: only articles up to this day.
        dry_run: store nothing.
        workers: processes to read with.
        tell: called for each page that reads otherwise.
        now: our clock, aware.

    Raises:
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    if not db.exists():
        raise ArchiveError(f"{db}: no archive there; `newsarchive fetch --db {db}` makes one")
    report, started = Reread(), time.monotonic()
    with Store.open(db, now()) as store, Workers(workers) as pool:
        pages = stored_pages(store, source=source, since=since, until=until)
        known = store.sources() | {one.key: one for one in config.sources}
        readings = _read(pool, pages, known, at_once=workers)
        while batch := list(islice(readings, _BATCH)):
            for reading in batch:
                report.count(reading)
                if reading.change.kind not in {"same", "failed"}:
                    tell(reading)
            if not dry_run:
                _keep(store, batch, now())
    report.seconds = time.monotonic() - started
    return report


def _read(
    workers: Workers, pages: Iterable[Stored], sources: dict[str, Source], *, at_once: int
) -> Iterator[Reading]:
    """Yield the new reading of each page, in order; a few are under way at a time, so memory stays flat."""
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(at_once))
        stack.callback(workers.close)  # first of all when the caller gives up: threads wait for workers
        waiting: deque[Future[Reading]] = deque()
        for stored in pages:
            waiting.append(threads.submit(_reading, workers, sources[stored.source], stored))
            if len(waiting) > 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _reading(workers: Workers, source: Source, stored: Stored) -> Reading:
    result = read_page(workers, source, stored.queued.entry, stored.fetched)
    killed = isinstance(result, Rejected) and result.reason.startswith(
        "extract-"
    )  # says nothing about the page
    return Reading(
        stored=stored, result=result, change=Change(kind="failed") if killed else compare(stored, result)
    )


def _keep(store: Store, batch: Iterable[Reading], now: datetime) -> None:
    with store.transaction():
        for reading in batch:
            if reading.change.kind != "failed":
                keep_reading(store, reading.stored, reading.result, now)
