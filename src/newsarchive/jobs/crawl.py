"""What the jobs that fetch have in common: asking for a feed or a page, reading it in a worker, storing what it gave.

Every step ends in the archive, whatever happened: a failure is an outcome of a feed or an entry, never an exception.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from newsarchive.arabic import fold
from newsarchive.archive.filing import article_of, has_page, keep_article, settle
from newsarchive.archive.history import CONFIRMED_BY
from newsarchive.archive.looks import Known, Look, Seen, keep_look, known_article
from newsarchive.archive.pages import Receipt
from newsarchive.archive.removal import keep_answer, refuse, removal_of, removal_of_article
from newsarchive.archive.rows import FeedState, Polled, Queued, bare, keys, sort_at, text_hash
from newsarchive.archive.store import Store
from newsarchive.errors import FeedError
from newsarchive.fetch import Door, is_attempt, next_check, next_look, next_try
from newsarchive.jobs.looks import judge_answer, judge_reading, place_to_ask
from newsarchive.models import Article, Entry, Fetched, Rejected, Source
from newsarchive.urls import bare_host, host_of, same_place, same_site
from newsarchive.workers import Failed, Workers

Result = TypeVar("Result")

GOOD = frozenset({"ok", "not-modified"})
_FEED_DEADLINE = 20.0  # seconds to parse a feed
PAGE_SECONDS = 10.0  # to extract a page; a slow one takes a tenth of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one page ended.

    Attributes:
        slug: `new`, `known`, `postponed`, or why there is no article.
        kind: `article`, `rejected` (it was fetched, but is no article), `failed` (it was not fetched) or `waiting`.
        article: the article's id, if there is one.
    """

    slug: str
    kind: Literal["article", "rejected", "failed", "waiting"]
    detail: str = ""
    article: int | None = None


class Crawl:
    """One run's hands: an archive, a door to the network, and workers."""

    def __init__(
        self,
        *,
        store: Store,
        door: Door,
        workers: Workers,
        run: int,
        now: Callable[[], datetime],
        interval: timedelta,
        sources: Iterable[Source],
        page_seconds: float = PAGE_SECONDS,
    ) -> None:
        self.store = store
        self.owners = Owners(sources)
        self.now = now
        self._door = door
        self._workers = workers
        self._run = run
        self._interval = interval
        self._page_seconds = page_seconds
        # Threads of their own: those of asyncio look up host names, which must not wait for a page that hangs its parser.
        self._threads = ThreadPoolExecutor(workers.size)

    async def _in_worker(self, function: Callable[..., Result], *args: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    async def poll(self, source: Source, url: str, state: FeedState | None) -> tuple[Polled, int]:
        """Ask a feed or a listing page and store what it brought; return that, and the number of new entries."""
        kind: Literal["feed", "listing"] = (
            "listing" if source.listing and url == source.listing.url else "feed"
        )
        fetched = await self._door.get(
            url,
            source=source,
            kind="page" if kind == "listing" else "feed",
            etag=state.etag
            if state and kind == "feed"
            else None,  # a listing's links are looked for anew: its pattern may have changed
            last_modified=state.last_modified if state and kind == "feed" else None,
        )
        receipt = self.store.pages.keep_request(fetched, source=source.key, kind=kind)
        self._heed(fetched)
        outcome, detail, entries = await self._read_feed(source, kind, fetched, state)
        failures = 0 if outcome in GOOD else (state.failures if state else 0) + 1
        later = next_check(
            outcome,
            now=fetched.started_at,
            interval=self._interval,
            failures=failures,
            retry_at=fetched.retry_at,
        )
        polled = Polled(
            url=url,
            kind=kind,
            outcome=outcome,
            detail=detail,
            fetched=fetched,
            entries=tuple(self.owners.file(entry, source) for entry in entries),
            failures=failures,
            next_check=later,
        )
        return polled, self.store.keep_poll(self._run, source.key, polled, receipt, self.now())

    async def visit(self, source: Source, entry: int) -> Outcome | Look:
        """Do what a row of the queue waits for: make an article of it, or look at the article again."""
        queued = self.store.entry(entry)
        if queued.article is None:
            return await self.page(source, entry)
        return await self._look(source, queued, queued.article)

    async def page(self, source: Source, entry: int) -> Outcome:
        """Make an article of a row of the queue, unless the archive has it already, and a page of it."""
        queued = self.store.entry(entry)
        if (settled := self._settled(queued)) is not None:
            return settled
        fetched = await self._door.get(queued.entry.url, source=source, kind="page")
        self._heed(fetched)
        if not is_attempt(fetched.outcome):
            return self._postpone(queued, fetched)
        receipt, why = keep_answer(self.store, fetched, source.key)
        if why is not None:
            return self._refuse(source, queued, fetched, why, receipt)
        if fetched.outcome != "ok":
            return self._give_up(
                source,
                queued,
                fetched,
                kind="failed",
                slug=fetched.outcome,
                detail=fetched.detail,
                receipt=receipt,
            )
        return await self._make(source, queued, fetched, receipt)

    def _settled(self, queued: Queued) -> Outcome | None:
        """Settle an entry without asking for its page, if the archive has one already, or had it removed."""
        if (why := removal_of(self.store, keys(queued.entry))) is not None:
            refuse(self.store, queued, why, self.now())
            return Outcome(slug="removed", kind="rejected", detail=why)
        known = article_of(self.store, queued.entry)
        if known is None or not has_page(self.store, known):
            return None
        settle(self.store, queued, known)
        return Outcome(slug="known", kind="article", article=known)

    async def _make(self, source: Source, queued: Queued, fetched: Fetched, receipt: Receipt) -> Outcome:
        """Make an article of a page, or note why it is none; one that is known is read as when it is looked at."""
        known = article_of(self.store, queued.entry)
        result = await self._read(source, queued.entry if known is None else bare(queued.entry), fetched)
        if isinstance(result, Article) and not speaks_of(queued.entry, result, fetched):
            result = Rejected(
                reason="redirected", detail=f"the address led to another page, {fetched.final_url}"
            )
        if isinstance(result, Article):
            if (why := removal_of_article(self.store, result)) is not None:
                return self._refuse(source, queued, fetched, why, receipt)
            now = self.now()
            born = sort_at(result, now)
            if known is not None:
                born = min(born, known_article(self.store, known).born)
            key, new = keep_article(
                self.store,
                self._run,
                source.key,
                queued,
                result,
                fetched=fetched,
                receipt=receipt,
                now=now,
                next_look=next_look(born=born, looked_at=fetched.started_at),
            )
            return Outcome(slug="new" if new else "known", kind="article", article=key)
        return self._give_up(
            source,
            queued,
            fetched,
            kind="rejected",
            slug=result.reason,
            detail=result.detail,
            receipt=receipt,
        )

    def _refuse(
        self, source: Source, queued: Queued, fetched: Fetched, why: str, receipt: Receipt
    ) -> Outcome:
        """Let what was removed not come back."""
        outcome = self._give_up(
            source, queued, fetched, kind="rejected", slug="removed", detail=why, receipt=receipt
        )
        refuse(self.store, queued, why, self.now(), page=receipt.page)
        return outcome

    async def _look(self, source: Source, queued: Queued, article: int) -> Look:
        """Look at an article again and note what became of it; what cannot be learnt now is left to the next look."""
        known = known_article(self.store, article)
        last = known.last
        reached = self.store.pages.reached(last.page, last.url, last.at) if last and last.page else None
        url = place_to_ask(known, queued.entry.url, reached)
        marked = queued.etag_page if url == queued.entry.url and queued.etag_page in known.texts else None
        fetched = await self._door.get(
            url,
            source=source,
            kind="page",
            etag=queued.etag if marked else None,
            last_modified=queued.last_modified if marked else None,
        )
        self._heed(fetched)
        if not is_attempt(fetched.outcome):
            self.store.postpone(queued, fetched.outcome, _next_look(known, fetched, None))
            return Look(slug=fetched.outcome)
        receipt, why = keep_answer(self.store, fetched, source.key, like=known.page)
        removed = Rejected(reason="removed", detail=why) if why is not None else None
        seen = removed or judge_answer(known, fetched, receipt.page, marked)
        if seen is None:
            seen = await self._look_closely(source, queued.entry, known, fetched, str(receipt.page))
        return keep_look(
            self.store,
            self._run,
            source.key,
            queued,
            article=known.article,
            fetched=fetched,
            receipt=receipt,
            seen=seen,
            next_look=_next_look(known, fetched, seen),
        )

    async def _look_closely(
        self, source: Source, entry: Entry, known: Known, fetched: Fetched, page: str
    ) -> Seen | Rejected:
        """Read a page and, if it says something else than the article of today, the one that was seen last in the same way.

        From one that is damaged nothing is learnt; `verify` tells of it.
        """
        without = bare(entry)
        reading = await self._read(source, without, fetched)
        if isinstance(reading, Article) and text_hash(reading) == known.text:
            return Seen(outcome="ok", page=page, text=known.text)
        seen, pages = known.last, self.store.pages
        last = pages.arrival(seen.page, seen.url, seen.at, if_whole=True) if seen and seen.page else None
        before = await self._read(source, without, last) if last else None
        return judge_reading(known, fetched, page, reading, last=last, reading_of_last=before)

    async def _read(self, source: Source, entry: Entry, fetched: Fetched) -> Article | Rejected:
        return await self._in_worker(read_page, self._workers, source, entry, fetched, self._page_seconds)

    async def _read_feed(
        self, source: Source, kind: Literal["feed", "listing"], fetched: Fetched, state: FeedState | None
    ) -> tuple[str, str, tuple[Entry, ...]]:
        if fetched.content is None:
            return fetched.outcome, fetched.detail, ()
        if (
            kind == "feed"
            and state
            and state.outcome in GOOD
            and state.hash == hashlib.sha256(fetched.content).hexdigest()
        ):
            return "ok", "", ()  # the same bytes again, from a server that knows no validators
        try:
            entries = await self._in_worker(self._parse, source, kind, fetched)
        except FeedError as error:
            return error.reason, str(error).removeprefix(f"{fetched.final_url}: "), ()
        if isinstance(entries, Failed):
            return f"parse-{entries.reason}", entries.detail, ()
        return "ok", "", entries

    def _parse(self, source: Source, kind: str, fetched: Fetched) -> tuple[Entry, ...] | Failed:
        if kind == "listing" and source.listing:
            entries = self._workers.call(
                "newsarchive.discover:parse_listing",
                fetched.content,
                url=fetched.final_url,
                links=source.listing.links,
                headers=_text_headers(fetched),
                charset=source.charset,
                deadline=_FEED_DEADLINE,
            )
        else:
            entries = self._workers.call(
                "newsarchive.discover:parse_feed",
                fetched.content,
                url=fetched.final_url,
                headers=_text_headers(fetched),
                charset=source.charset,
                timezone=source.timezone,
                now=fetched.started_at,
                deadline=_FEED_DEADLINE,
            )
        return (
            entries
            if isinstance(entries, tuple | Failed)
            else Failed(reason="crash", detail="an unusable answer")
        )

    def _heed(self, fetched: Fetched) -> None:
        """Write down at once that a host asked to be left alone."""
        if fetched.retry_at and is_attempt(fetched.outcome):
            self.store.keep_pause(host_of(fetched.final_url), fetched.retry_at)

    def _postpone(self, queued: Queued, fetched: Fetched) -> Outcome:
        """Leave for later what was not asked for at all."""
        later = next_try(fetched.outcome, now=self.now(), attempts=queued.attempts, retry_at=fetched.retry_at)
        self.store.postpone(queued, fetched.outcome, later)
        return Outcome(slug=fetched.outcome, kind="waiting", detail=fetched.detail)

    def _give_up(
        self,
        source: Source,
        queued: Queued,
        fetched: Fetched,
        *,
        kind: Literal["rejected", "failed"],
        slug: str,
        detail: str,
        receipt: Receipt,
    ) -> Outcome:
        """Note why there is no article; `next_try` decides whether and when it is tried again."""
        later = next_try(slug, now=self.now(), attempts=queued.attempts + 1, retry_at=fetched.retry_at)
        self.store.keep_failure(
            self._run,
            source.key,
            queued,
            fetched,
            state=kind,
            outcome=slug,
            detail=detail,
            next_try=later,
            receipt=receipt,
        )
        return Outcome(slug=slug, kind=kind, detail=detail)


class Owners:
    """Which configured source a page belongs to, by its host."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = {source.key: source for source in sources}
        self._keys: dict[str, set[str]] = {}
        for source in self.sources.values():
            for host in _hosts(source):
                self._keys.setdefault(host, set()).add(source.key)

    def of(self, url: str) -> str | None:
        """Return the key of the one source whose host this is; None if there is none, or more than one."""
        keys = self._keys.get(bare_host(url), set())
        return next(iter(keys)) if len(keys) == 1 else None

    def file(self, entry: Entry, source: Source) -> tuple[str, Entry]:
        """Return the source an entry belongs to, and what of it counts.

        A feed may list another outlet's page: then the page is that outlet's, and what a stranger says of it, its date above
        all, does not count.
        """
        owner = self.of(entry.url)
        if owner is None or owner == source.key or bare_host(entry.url) in _hosts(source):
            return source.key, entry
        return owner, Entry(url=entry.url)


def _next_look(known: Known, fetched: Fetched, seen: Seen | Rejected | None) -> datetime | None:
    """Return when an article is looked at again: soon if it was found gone once, and that is not confirmed yet."""
    misses = known.misses
    if isinstance(seen, Seen):
        misses = misses + 1 if seen.text is None else 0
    later = next_look(
        born=min(known.born, fetched.started_at),
        looked_at=fetched.started_at,
        unconfirmed=0 < misses < CONFIRMED_BY,
    )
    return max(later, fetched.retry_at) if later and fetched.retry_at else later


def _hosts(source: Source) -> set[str]:
    listing = [source.listing.url] if source.listing else []
    return {bare_host(url) for url in (source.homepage, *source.feeds, *listing) if url}


def speaks_of(entry: Entry, article: Article, fetched: Fetched) -> bool:
    """Whether a page that was reached through a redirect is the one that the entry speaks of.

    The same place under another spelling is. Elsewhere the headline decides: half of its words must stand in the article's
    headline or text. An entry without a headline believes a redirect within its own site.
    """
    if same_place(entry.url, fetched.final_url):
        return True
    if not entry.headline or entry.garbled:
        return same_site(entry.url, fetched.final_url)
    told = set(fold(entry.headline).split())
    found = set(fold(f"{article.headline} {article.lede or ''} {article.body}").split())
    return 2 * len(told & found) >= len(told)


def read_page(
    workers: Workers, source: Source, entry: Entry, fetched: Fetched, seconds: float = PAGE_SECONDS
) -> Article | Rejected:
    """Extract a page in a worker; a worker that was killed is a reason as well: `extract-timeout` and its like."""
    result = workers.call(
        "newsarchive.extract:extract",
        fetched.content,
        url=fetched.final_url,
        entry=entry,
        source=source,
        content_type=_text_headers(fetched).get("content-type"),
        now=fetched.started_at,
        deadline=seconds,
    )
    if isinstance(result, Article | Rejected):
        return result
    failed = result if isinstance(result, Failed) else Failed(reason="crash", detail="an unusable answer")
    return Rejected(reason=f"extract-{failed.reason}", detail=failed.detail)


def _text_headers(fetched: Fetched) -> dict[str, str]:
    """Headers for the parsers: names in lower case, the bytes that are no Latin letters as they may be."""
    clean = re.compile(r"[\x00-\x1f\x7f]")
    return {
        name.decode("latin-1").lower(): clean.sub("", value.decode("latin-1"))
        for name, value in fetched.headers
    }
