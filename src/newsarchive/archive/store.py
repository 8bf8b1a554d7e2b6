"""The writer: one a time, every change whole.

What belongs together changes in one transaction: a feed's validators with its entries; an article with its addresses,
its index terms and its row in the queue. So a run can be killed anywhere and the next one goes on from there.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from newsarchive.arabic import fold
from newsarchive.archive.files import (
    APPLICATION_ID,
    explained,
    locked,
    moment,
    open_to_write,
    pages_path,
    stamp,
)
from newsarchive.archive.index import refill_if_stale, register
from newsarchive.archive.pages import Pages
from newsarchive.archive.rows import (
    INSERT_ARTICLE,
    INSERT_ENTRY,
    INSERT_FETCH,
    KEEP_FEED,
    KEEP_HOST,
    KEEP_SOURCE,
    SETTLE,
    FeedState,
    HostState,
    Polled,
    Queued,
    article_row,
    digest,
    feed_row,
    feed_state,
    keys,
    scrub,
    sound_guids,
    source_row,
    stamp_or_none,
    text_hash,
)
from newsarchive.models import Article, Entry, Fetched, Source
from newsarchive.urls import canonical_url, is_web_address


class Store:
    """An archive open for writing. Use `Store.open`, which holds the lock."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self._connection = open_to_write(path, APPLICATION_ID, _prepare)
        register(self._connection)
        with explained(path):
            self._know_itself(now)
        self.pages = Pages(pages_path(path), self.archive_id)

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path, now: datetime) -> Iterator[Store]:
        """Open the archive at `path` for writing, made if it is not there.

        Raises:
            LockedError: another run holds it.
            ArchiveError: it cannot be used.
        """
        with locked(path, now):
            store = cls(path, now)
            try:
                yield store
            finally:
                store.close()

    def close(self) -> None:
        """Fold the write-ahead logs into the files, so that they can be read from anywhere, and let go of them."""
        with contextlib.suppress(
            sqlite3.Error
        ):  # what is committed is safe; a full disk or a reader only leaves the log
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()
        self.pages.close()

    @property
    def archive_id(self) -> str:
        """The archive's UUID."""
        return str(self._meta("archive_id"))

    # -- runs

    def begin_run(self, version: str, now: datetime) -> int:
        """Note the start of a run; earlier ones that never ended were killed, and are marked so."""
        with self._transaction():
            self._connection.execute(
                "UPDATE runs SET outcome = 'killed' WHERE ended_at IS NULL AND outcome IS NULL"
            )
            cursor = self._connection.execute(
                "INSERT INTO runs (started_at, version) VALUES (?, ?)", (stamp(now), version)
            )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, outcome: str, counts: Mapping[str, int], now: datetime) -> None:
        """Note how a run ended; `counts` are columns of `runs`."""
        row = {"ended_at": stamp(now), "outcome": outcome, **counts}
        columns = ", ".join(f"{name} = :{name}" for name in row)
        with self._transaction():
            sql = f"UPDATE runs SET {columns} WHERE id = :id"  # noqa: S608 - our own column names
            self._connection.execute(sql, {**row, "id": run})

    # -- what is known of sources, feeds and hosts

    def keep_sources(self, sources: Iterable[Source], now: datetime) -> None:
        """Write the sources as the configuration names them; unchanged ones are not touched."""
        with self._transaction():
            for source in sources:
                self._connection.execute(KEEP_SOURCE, source_row(source, now))

    def feed_states(self, source: str) -> dict[str, FeedState]:
        """Return what is remembered of a source's feeds, by address."""
        with explained(self.path):
            rows = self._connection.execute("SELECT * FROM feeds WHERE source = ?", (source,)).fetchall()
        return {row["url"]: feed_state(row) for row in rows}

    def hosts(self) -> dict[str, HostState]:
        """Return what is remembered of every host."""
        with explained(self.path):
            rows = self._connection.execute("SELECT * FROM hosts").fetchall()
        return {
            row["host"]: HostState(
                robots=row["robots"],
                robots_outcome=row["robots_outcome"],
                robots_at=moment(row["robots_at"]),
                paused_until=moment(row["paused_until"]),
            )
            for row in rows
        }

    def keep_hosts(self, hosts: Mapping[str, HostState]) -> None:
        """Write what hosts told us."""
        with self._transaction():
            for host, state in hosts.items():
                row = (
                    host,
                    scrub(state.robots),
                    state.robots_outcome,
                    stamp_or_none(state.robots_at),
                    stamp_or_none(state.paused_until),
                )
                self._connection.execute(KEEP_HOST, row)

    # -- the queue

    def keep_poll(self, run: int, source: str, polled: Polled, now: datetime) -> int:
        """Store what a feed brought: its new entries, its validators and its next date. Return the number of new entries."""
        with self._transaction():
            known = self._connection.execute("SELECT 1 FROM feeds WHERE url = ?", (polled.url,)).fetchone()
            if not known:
                self._connection.execute(
                    "INSERT INTO feeds (url, source, kind) VALUES (?, ?, ?)",
                    (polled.url, source, polled.kind),
                )
            new = sum(
                self._keep_entry(source, polled.url, entry, now) for entry in sound_guids(polled.entries)
            )
            self._connection.execute(KEEP_FEED, feed_row(source, polled, now))
            self._insert_fetch(run, source, polled.kind, polled.fetched, None)
        return new

    def enqueue(self, source: str, entry: Entry, now: datetime) -> Queued:
        """Put one entry into the queue by hand, if it is not there, and return its row."""
        with self._transaction():
            self._keep_entry(source, None, entry, now)
            row = self._connection.execute(
                "SELECT * FROM entries WHERE url = ?", (canonical_url(entry.url),)
            ).fetchone()
        return Queued(id=row["id"], attempts=row["attempts"], entry=self._entry(row))

    def queued(self, source: str, now: datetime) -> tuple[Queued, ...]:
        """Return a source's entries that are due, in the order in which they came."""
        with explained(self.path):
            sql = "SELECT * FROM entries WHERE source = ? AND next_try <= ? ORDER BY id"
            rows = self._connection.execute(sql, (source, stamp(now))).fetchall()
        return tuple(Queued(id=row["id"], attempts=row["attempts"], entry=self._entry(row)) for row in rows)

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
        page: str | None,
    ) -> None:
        """Note that an entry gave no article: `state` is waiting (it is tried again), rejected or failed."""
        with self._transaction():
            self._connection.execute(
                "UPDATE entries SET state = ?, outcome = ?, detail = ?, attempts = attempts + 1, next_try = ? WHERE id = ?",
                (state, outcome, scrub(detail) or None, stamp_or_none(next_try), queued.id),
            )
            self._insert_fetch(run, source, "page", fetched, page)

    def postpone(self, queued: Queued, outcome: str, next_try: datetime | None) -> None:
        """Leave an entry that was not asked for at all (its host wants to be left alone) for later."""
        with self._transaction():
            row = (outcome, stamp_or_none(next_try), queued.id)
            self._connection.execute("UPDATE entries SET outcome = ?, next_try = ? WHERE id = ?", row)

    # -- articles

    def article_of(self, entry: Entry) -> int | None:
        """Return the id of the article that an entry speaks of, if the archive has it under its address or its guid."""
        with explained(self.path):
            return self._article_at(keys(entry))

    def settle(self, queued: Queued, article: int) -> None:
        """Note that an entry is an article that the archive already has, under another address."""
        with self._transaction():
            self._settle(queued.id, article)
            self._keep_addresses(article, keys(queued.entry))

    def keep_article(
        self,
        run: int,
        source: str,
        queued: Queued,
        article: Article,
        *,
        fetched: Fetched,
        page: str,
        now: datetime,
    ) -> tuple[int, bool]:
        """Store an article with its addresses, index terms, request and queue row, all or nothing.

        Returns:
            Its id, and whether it is new: a page of an article that the archive has, at another address, only adds the address.
        """
        asked = [fetched.url, fetched.final_url, *keys(queued.entry)]
        with self._transaction():
            known = self._article_at(asked) or self._twin(article)
            key = known or self._insert_article(source, article, fetched, page, now)
            stated = [article.url, *article.addresses] if not known or self._agrees(known, article) else []
            self._keep_addresses(key, [*asked, *stated])
            self._settle(queued.id, key)
            self._insert_fetch(run, source, "page", fetched, page)
        return key, known is None

    # -- inside

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(
                    sqlite3.Error
                ):  # an error such as a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def _meta(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def _know_itself(self, now: datetime) -> None:
        with self._transaction():
            rows = [("archive_id", str(uuid.uuid4())), ("created_at", stamp(now))]
            self._connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)
            refill_if_stale(self._connection)

    def _insert_fetch(self, run: int, source: str, kind: str, fetched: Fetched, page: str | None) -> None:
        moved = fetched.final_url if fetched.final_url != fetched.url else None
        size = len(fetched.content) if fetched.content is not None else None
        row = (run, source, kind, fetched.url, moved, stamp(fetched.started_at), round(fetched.seconds, 3))
        outcome = (
            fetched.status,
            fetched.outcome,
            scrub(fetched.detail) or None,
            size,
            page or digest(fetched.content),
        )
        self._connection.execute(INSERT_FETCH, (*map(scrub, row), *outcome))

    def _keep_entry(self, source: str, feed: str | None, entry: Entry, now: datetime) -> bool:
        url = canonical_url(entry.url)
        if self._connection.execute("SELECT 1 FROM entries WHERE url = ?", (url,)).fetchone():
            return False
        guid = scrub(entry.guid)
        if guid:
            twin = self._connection.execute(
                "SELECT headline FROM entries WHERE source = ? AND guid = ?", (source, guid)
            ).fetchone()
            if twin and (is_web_address(guid) or twin["headline"] == scrub(entry.headline)):
                return False
            guid = None if twin else guid
        self._connection.execute(
            INSERT_ENTRY, {**self._entry_row(source, feed, entry, now), "url": url, "guid": guid}
        )
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

    def _entry(self, row: sqlite3.Row) -> Entry:
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

    def _article_at(self, urls: Iterable[str]) -> int | None:
        keys = list(dict.fromkeys(canonical_url(url) for url in urls))
        sql = f"SELECT min(article) FROM addresses WHERE url IN ({', '.join('?' * len(keys))})"  # noqa: S608 - placeholders only
        found = self._connection.execute(sql, keys).fetchone()[0]
        return int(found) if found is not None else None

    def _twin(self, article: Article) -> int | None:
        """Return the article that lives at an address which this page states as its own, if the two agree.

        A canonical link is a claim: sites exist whose every page names the same one. Two articles are one only if the
        headline or the whole text agrees as well; else the page stands for itself under the address it was asked at.
        """
        known = self._article_at([article.url, *article.addresses])
        return known if known is not None and self._agrees(known, article) else None

    def _agrees(self, known: int, article: Article) -> bool:
        row = self._connection.execute(
            "SELECT headline, hash FROM articles WHERE id = ?", (known,)
        ).fetchone()
        return bool(row["hash"] == text_hash(article) or fold(row["headline"]) == fold(article.headline))

    def _insert_article(
        self, source: str, article: Article, fetched: Fetched, page: str, now: datetime
    ) -> int:
        url = article.url if self._article_at([article.url]) is None else fetched.final_url
        row = {
            **article_row(article, fetched.started_at, now),
            "source": source,
            "url": canonical_url(url),
            "page": page,
        }
        return int(self._connection.execute(INSERT_ARTICLE, row).lastrowid or 0)

    def _keep_addresses(self, article: int, urls: Iterable[str]) -> None:
        for url in dict.fromkeys(canonical_url(url) for url in urls):
            self._connection.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", (url, article))

    def _settle(self, entry: int, article: int) -> None:
        self._connection.execute(SETTLE, (article, entry))


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    register(connection)
    schema.migrate(connection, schema.NEWS)
