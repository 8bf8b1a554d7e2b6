"""`newsarchive reextract`: read the stored pages again, with the rules of today.

A better rule repairs history. Reading runs in worker processes, several at a time; storing stays with this process, in
transactions of many records, for one archive has one writer.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from newsarchive.archive.reread import Reread, Stored, keep_readings, reread, stored_pages
from newsarchive.archive.rows import bare, sort_at
from newsarchive.archive.sealing import seal_store
from newsarchive.archive.store import Store
from newsarchive.config import Config
from newsarchive.errors import ArchiveError, ConfigError
from newsarchive.fetch import next_look
from newsarchive.jobs.crawl import read_page
from newsarchive.models import Article, Entry, Fetched, Rejected, Source
from newsarchive.workers import Workers

_BATCH = 200  # articles of one transaction; what a crash undoes is read again the next time


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page that was read again, and the article or entry whose page it is."""

    stored: Stored
    page: Reread


@dataclass(slots=True, kw_only=True)
class Report:
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
        kind = reading.page.change.kind
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
) -> Report:
    """Read stored pages again and store what changed.

    Every text that an article had is read again. If two that followed each other read the same now, they are one: not the text was
    edited, but the page's frame. A page that is none by today's rules says nothing of its article any more; if no other is left, the
    article is withdrawn: its row goes, its pages and what was seen of it stay, and a later reading may bring it back, with its number
    and its past. A page that was rejected and is an article now is stored.

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
    report, started = Report(), time.monotonic()
    with Store.open(db, now()) as store, Workers(workers) as pool:
        if not dry_run:
            seal_store(store, now())  # what is read anew is evidence of what was read before
        pages = stored_pages(store, source=source, since=since, until=until)
        known = store.sources() | {one.key: one for one in config.sources}
        if source is not None and source not in known:
            raise ConfigError(f"no source {source!r} in {db}; it has {', '.join(sorted(store.sources()))}")
        readings = _read(pool, pages, known, at_once=workers)
        while batch := list(islice(readings, _BATCH)):
            for reading in (Reading(stored=stored, page=page) for stored, pages in batch for page in pages):
                report.count(reading)
                if reading.page.change.kind not in {"same", "failed"}:
                    tell(reading)
            if not dry_run:
                _keep(store, batch, now())
    report.seconds = time.monotonic() - started
    return report


def _read(
    workers: Workers, pages: Iterable[Stored], sources: dict[str, Source], *, at_once: int
) -> Iterator[tuple[Stored, list[Reread]]]:
    """Yield the new readings of each article's pages, in order; a few are under way at a time, so memory stays flat."""
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(at_once))
        stack.callback(workers.close)  # first of all when the caller gives up: threads wait for workers
        waiting: deque[Future[tuple[Stored, list[Reread]]]] = deque()
        for stored in pages:
            waiting.append(threads.submit(_read_again, workers, sources[stored.source], stored))
            if len(waiting) > 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read_again(workers: Workers, source: Source, stored: Stored) -> tuple[Stored, list[Reread]]:
    """Read the pages of an article again, oldest first: how one reads may depend on how the one before it does."""

    def read(entry: Entry, fetched: Fetched) -> Article | Rejected:
        return read_page(workers, source, entry, fetched)

    whole, without = stored.queued.entry, bare(stored.queued.entry)
    pages: list[Reread] = []
    for kept in stored.pages:
        result = read(whole if kept.is_first else without, kept.fetched)
        before = read(without, kept.before) if kept.before and not kept.is_first else None
        known: dict[int | None, Mapping[str, object]] = {
            one.kept.number: one.record for one in pages if one.record
        }
        pages.append(reread(kept, result, before, known))
    return stored, pages


def _keep(store: Store, batch: Iterable[tuple[Stored, list[Reread]]], now: datetime) -> None:
    with store.transaction():
        for stored, pages in batch:
            keep_readings(store, stored, pages, now=now, next_look=_next_look(stored, pages, now))


def _next_look(stored: Stored, pages: Iterable[Reread], now: datetime) -> datetime | None:
    """Return when an article that was found now, or is back, is looked at again."""
    read = [(one.result, one.kept.fetched.started_at) for one in pages if isinstance(one.result, Article)]
    if not read or (stored.article is not None and not stored.is_withdrawn):
        return None
    (first, came), (_, looked_at) = read[0], read[-1]
    return next_look(born=sort_at(first, min(now, came)), looked_at=looked_at)
