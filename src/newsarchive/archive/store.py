"""The writer: one a time, every change whole.

What belongs together changes in one transaction: a feed's validators with its entries; an article with its addresses,
its index terms and its row in the queue. So a run can be killed anywhere and the next one goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from newsarchive.arabic.expansion import Group
from newsarchive.archive import stories
from newsarchive.archive.files import (
    APPLICATION_ID,
    explained,
    locked,
    moment,
    open_to_write,
    pages_path,
    stamp,
)
from newsarchive.archive.index import groups_of, is_current, refill, register
from newsarchive.archive.pages import Pages, Receipt
from newsarchive.archive.rows import (
    ASSIGN,
    INSERT_ENTRY,
    INSERT_FETCH,
    KEEP_FEED,
    KEEP_HOST,
    KEEP_SOURCE,
    QUEUED,
    RESUME,
    SOURCE,
    FeedState,
    HostState,
    Polled,
    Queued,
    feed_row,
    feed_state,
    keys,
    scrub,
    sound_guids,
    source_row,
    stamp_or_none,
)
from newsarchive.errors import ArchiveError
from newsarchive.models import Entry, Fetched, Source
from newsarchive.urls import canonical_url

_LONGEST_WAIT = timedelta(hours=49)
_LONGEST_REST = timedelta(days=7)  # between two looks at an article: the last of them are six days apart
_STILL_LOOKED_AT = timedelta(
    days=24
)  # until then no look is the last one: a quarter of the age later it is 30 days
_LOST_PAGES = (
    "{pages}: the pages of {news} are missing; put that file back beside it. If it is lost for good, let a new one begin: "
    """sqlite3 {news} "DELETE FROM meta WHERE key = 'pages_since'\""""
)


class Store:
    """An archive open for writing. Use `Store.open`, which holds the lock."""

    def __init__(
        self, path: Path, now: datetime, *, variants: tuple[Group, ...] | None = None, reindex: bool = False
    ) -> None:
        self.path = path
        self.connection = open_to_write(path, APPLICATION_ID, _prepare)
        try:
            with explained(path):
                register(self.connection, groups_of(self.connection))
                self._know_itself(now, variants, reindex=reindex)
            self.pages = self._pages(now)
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    @contextlib.contextmanager
    def open(
        cls, path: Path, now: datetime, *, variants: tuple[Group, ...] | None = None, reindex: bool = False
    ) -> Iterator[Store]:
        """Open the archive at `path` for writing, made if it is not there.

        Args:
            path: the main file.
            now: aware.
            variants: further spellings for the search indexes, see `Lexicon`; taken over if these are empty, or filled anew.
            reindex: fill the search indexes anew.

        Raises:
            LockedError: another run holds it.
            ArchiveError: it cannot be used.
        """
        path = path.resolve()  # a link and what it points to are one archive, with one lock
        with locked(path, now):
            store = cls(path, now, variants=variants, reindex=reindex)
            try:
                yield store
            finally:
                store.close()

    def close(self) -> None:
        """Fold the write-ahead logs into the files, so that they can be read from anywhere, and let go of them."""
        with contextlib.suppress(
            sqlite3.Error
        ):  # what is committed is safe; a full disk or a reader only leaves the log
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.connection.close()
        self.pages.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside, or nothing of it."""
        with explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                stories.settle(self.connection)
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(
                    sqlite3.Error
                ):  # an error such as a full disk has already rolled back
                    self.connection.execute("ROLLBACK")
                raise

    # -- runs

    def begin_run(self, version: str, now: datetime) -> int:
        """Note the start of a run; earlier ones that never ended were killed, and are marked so.

        Looks at young articles that ended because the clock of an earlier run was far ahead go on.
        """
        with self.transaction():
            self.connection.execute(
                "UPDATE runs SET outcome = 'killed' WHERE ended_at IS NULL AND outcome IS NULL AND archive IS NULL"
            )
            if self.connection.execute("SELECT 1 FROM runs WHERE started_at > ?", (stamp(now),)).fetchone():
                row = {"now": stamp(now), "young": stamp(now - _STILL_LOOKED_AT)}
                self.connection.execute(RESUME, row)
            cursor = self.connection.execute(
                "INSERT INTO runs (started_at, version) VALUES (?, ?)", (stamp(now), version)
            )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, outcome: str, counts: Mapping[str, int], now: datetime) -> None:
        """Note how a run ended; `counts` are columns of `runs`."""
        row = {"ended_at": stamp(now), "outcome": outcome, **counts}
        columns = ", ".join(f"{name} = :{name}" for name in row)
        with self.transaction():
            sql = f"UPDATE runs SET {columns} WHERE id = :id"  # noqa: S608 - our own column names
            self.connection.execute(sql, {**row, "id": run})

    # -- what is known of sources, feeds and hosts

    def keep_sources(self, sources: Iterable[Source], now: datetime) -> None:
        """Write the sources as the configuration names them; unchanged ones are not touched."""
        with self.transaction():
            for source in sources:
                self.connection.execute(KEEP_SOURCE, source_row(source, now))

    def sources(self) -> dict[str, Source]:
        """Return every source as it was configured last, by key; without what only fetching needs."""
        with explained(self.path):
            rows = self.connection.execute("SELECT * FROM sources").fetchall()
        return {row["key"]: Source(**{name: row[name] for name in SOURCE}) for row in rows}

    def feed_states(self, source: str) -> dict[str, FeedState]:
        """Return what is remembered of a source's feeds, by address."""
        with explained(self.path):
            rows = self.connection.execute("SELECT * FROM feeds WHERE source = ?", (source,)).fetchall()
        return {row["url"]: feed_state(row) for row in rows}

    def hosts(self) -> dict[str, HostState]:
        """Return what is remembered of every host."""
        with explained(self.path):
            rows = self.connection.execute("SELECT * FROM hosts").fetchall()
        return {
            row["host"]: HostState(
                robots=row["robots"],
                robots_outcome=row["robots_outcome"],
                robots_at=moment(row["robots_at"]),
                asked_at=moment(row["asked_at"]),
                paused_until=moment(row["paused_until"]),
            )
            for row in rows
        }

    def keep_hosts(self, hosts: Mapping[str, HostState]) -> None:
        """Write what hosts told us."""
        with self.transaction():
            for host, state in hosts.items():
                times = map(stamp_or_none, (state.robots_at, state.asked_at, state.paused_until))
                self.connection.execute(KEEP_HOST, (host, scrub(state.robots), state.robots_outcome, *times))

    def keep_pause(self, host: str, until: datetime) -> None:
        """Write at once that a host asked to be left alone: a killed run must not forget it."""
        with self.transaction():
            self.connection.execute("INSERT OR IGNORE INTO hosts (host) VALUES (?)", (host,))
            self.connection.execute("UPDATE hosts SET paused_until = ? WHERE host = ?", (stamp(until), host))

    def keep_robots(self, run: int, source: str, fetched: Fetched) -> None:
        """Write down a request for a robots.txt; what it said is kept with its host."""
        receipt = self.pages.keep_request(fetched, source=source, kind="robots")
        with self.transaction():
            self.insert_fetch(run, source, "robots", fetched, receipt)

    # -- the queue

    def keep_poll(self, run: int, source: str, polled: Polled, receipt: Receipt, now: datetime) -> int:
        """Store what a feed brought: its new entries, its validators and its next date. Return the number of new entries."""
        with self.transaction():
            known = self.connection.execute("SELECT 1 FROM feeds WHERE url = ?", (polled.url,)).fetchone()
            if not known:
                self.connection.execute(
                    "INSERT INTO feeds (url, source, kind) VALUES (?, ?, ?)",
                    (polled.url, source, polled.kind),
                )
            listed = sound_guids(polled.entries)
            new = sum(self._keep_entry(key, polled.url, entry, now) for key, entry in listed)
            self.connection.execute(KEEP_FEED, feed_row(source, polled, now))
            self.insert_fetch(run, source, polled.kind, polled.fetched, receipt)
        return new

    def enqueue(self, source: str, entry: Entry, now: datetime) -> Queued:
        """Put one entry into the queue by hand, if it is not there, and return its row."""
        with self.transaction():
            self._keep_entry(source, None, entry, now)
            row = self.connection.execute(
                "SELECT id FROM entries WHERE url = ?", (canonical_url(entry.url),)
            ).fetchone()
        return self.entry(row["id"])

    def queued(self, source: str, now: datetime) -> list[int]:
        """Return the numbers of a source's entries that are due: the new ones, then those to look at again, each in the order in which they came.

        No new entry waits for more than 48 hours and no look for more than 6 days, so one that seems to is of a run whose clock was wrong.
        """
        latest = (stamp(now + _LONGEST_WAIT), stamp(now + _LONGEST_REST))
        with explained(self.path):
            rows = self.connection.execute(QUEUED, (source, stamp(now), *latest)).fetchall()
        return [row["id"] for row in rows]

    def entry(self, key: int) -> Queued:
        """Return a row of the queue, whole."""
        with explained(self.path):
            row = self.connection.execute("SELECT * FROM entries WHERE id = ?", (key,)).fetchone()
            same = {
                name: row[name]
                for name in ("id", "attempts", "article", "etag", "last_modified", "etag_page")
            }
            return Queued(entry=self.read_entry(row), **same)

    def strays(self, configured: Iterable[str]) -> dict[int, str]:
        """Return the waiting entries of sources that are configured no more, and their addresses."""
        known = json.dumps(list(configured))
        sql = "SELECT id, url FROM entries WHERE next_try IS NOT NULL AND source NOT IN (SELECT value FROM json_each(?))"
        with explained(self.path):
            return {row["id"]: row["url"] for row in self.connection.execute(sql, (known,))}

    def assign(self, entries: Mapping[int, str], now: datetime) -> None:
        """Give entries to other sources, new ones to be tried at once: a source was renamed, or configured later."""
        with self.transaction():
            self.connection.executemany(
                ASSIGN, [(source, stamp(now), key) for key, source in entries.items()]
            )

    def keep_failure(
        self,
        run: int,
        source: str,
        queued: Queued,
        fetched: Fetched,
        *,
        state: str,
        outcome: str,
        detail: str,
        next_try: datetime | None,
        receipt: Receipt,
    ) -> None:
        """Note that an entry gave no article: `state` is waiting (it is tried again), rejected or failed."""
        with self.transaction():
            self.connection.execute(
                "UPDATE entries SET state = ?, outcome = ?, detail = ?, attempts = attempts + 1, next_try = ? WHERE id = ?",
                (state, outcome, scrub(detail) or None, stamp_or_none(next_try), queued.id),
            )
            self.insert_fetch(run, source, "page", fetched, receipt)

    def postpone(self, queued: Queued, outcome: str, next_try: datetime | None) -> None:
        """Leave an entry that was not asked for at all (its host wants to be left alone) for later."""
        with self.transaction():
            row = (outcome, stamp_or_none(next_try), queued.id)
            self.connection.execute("UPDATE entries SET outcome = ?, next_try = ? WHERE id = ?", row)

    # -- inside

    def _meta(self, key: str) -> str | None:
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def _know_itself(
        self, now: datetime, variants: tuple[Group, ...] | None = None, *, reindex: bool = False
    ) -> None:
        with self.transaction():
            rows = [("archive_id", str(uuid.uuid4())), ("created_at", stamp(now))]
            self.connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)
            if reindex or not is_current(self.connection, variants):
                refill(self.connection, variants)

    @property
    def variants(self) -> tuple[Group, ...]:
        """The further spellings by which the search indexes are filled."""
        with explained(self.path):
            return groups_of(self.connection)

    def _pages(self, now: datetime) -> Pages:
        """Open the pages file, which is made once in an archive's life: a lost one is not replaced in silence."""
        path = pages_path(self.path)
        if self._meta("pages_since") and not path.exists():
            raise ArchiveError(_LOST_PAGES.format(pages=path, news=self.path))
        pages = Pages(path, str(self._meta("archive_id")))
        with self.transaction():
            self.connection.execute("INSERT OR IGNORE INTO meta VALUES ('pages_since', ?)", (stamp(now),))
        return pages

    def insert_fetch(
        self, run: int | None, source: str, kind: str, fetched: Fetched, receipt: Receipt
    ) -> None:
        """Note a request in the analysts' file, within a transaction of the caller."""
        moved = fetched.final_url if fetched.final_url != fetched.url else None
        size = len(fetched.content) if fetched.content is not None else None
        row = (run, source, kind, fetched.url, moved, stamp(fetched.started_at), round(fetched.seconds, 3))
        outcome = (fetched.status, fetched.outcome, scrub(fetched.detail) or None, size)
        where = (receipt.page, self.pages.archive_id, receipt.number)
        self.connection.execute(INSERT_FETCH, (*map(scrub, row), *outcome, *where))

    def _keep_entry(self, source: str, feed: str | None, entry: Entry, now: datetime) -> bool:
        url = canonical_url(entry.url)
        if self.connection.execute("SELECT 1 FROM entries WHERE url = ?", (url,)).fetchone():
            return False
        guid = scrub(entry.guid)
        sql = "SELECT 1 FROM entries WHERE source = ? AND guid = ?"
        if guid and self.connection.execute(sql, (source, guid)).fetchone():
            if guid in keys(entry):
                return False  # WordPress's number of the article: only the link has changed
            guid = None  # feeds exist that give one guid to all; what is one article shows when it is fetched
        row = {
            **self._entry_row(source, feed, entry, now),
            "url": url,
            "link": scrub(entry.url),
            "guid": guid,
        }
        self.connection.execute(INSERT_ENTRY, row)
        return True

    def _entry_row(self, source: str, feed: str | None, entry: Entry, now: datetime) -> dict[str, object]:
        content = entry.content.encode("utf-8", "replace") if entry.content else None
        return {
            "source": source,
            "feed": feed,
            "headline": scrub(entry.headline),
            "published": stamp_or_none(entry.published),
            "byline": scrub(entry.byline),
            "section": scrub(entry.section),
            "summary": scrub(entry.summary),
            "content": self.pages.keep(content, source=source, now=now) if content else None,
            "garbled": int(entry.garbled),
            "now": stamp(now),
        }

    def read_entry(self, row: sqlite3.Row) -> Entry:
        """Read a row of `entries`, with the feed's own text from the pages file."""
        content = self.pages.read(row["content"]) if row["content"] else None
        return Entry(
            url=row["url"],
            headline=row["headline"],
            published=moment(row["published"]),
            guid=row["guid"],
            summary=row["summary"],
            content=content.decode("utf-8") if content else None,
            byline=row["byline"],
            section=row["section"],
            garbled=bool(row["garbled"]),
        )


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    register(connection)
    schema.migrate(connection, schema.NEWS)
