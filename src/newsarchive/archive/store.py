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

from newsarchive.arabic import fold
from newsarchive.archive.derive import derive
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
from newsarchive.archive.pages import Pages, Receipt
from newsarchive.archive.rows import (
    ASSIGN,
    GIVE_BACK,
    HELD,
    INSERT_ARTICLE,
    INSERT_ENTRY,
    INSERT_FETCH,
    INSERT_SIGHTING,
    KEEP_ADDRESS,
    KEEP_FEED,
    KEEP_HOST,
    KEEP_SOURCE,
    QUEUED,
    RESUME,
    SETTLE,
    TWINS,
    FeedState,
    HostState,
    Polled,
    Queued,
    article_row,
    feed_row,
    feed_state,
    keys,
    record_row,
    scrub,
    sound_guids,
    source_row,
    stamp_or_none,
    text_hash,
    validators,
)
from newsarchive.errors import ArchiveError
from newsarchive.models import Article, Entry, Fetched, Source
from newsarchive.urls import canonical_url, twins

_LONGEST_WAIT = timedelta(hours=49)
_LONGEST_REST = timedelta(days=7)  # between two looks at an article: the last of them are six days apart
_STILL_LOOKED_AT = timedelta(
    days=24
)  # until then no look is the last one: a quarter of the age later it is 30 days
_ALIKE = 0.6
_LOST_PAGES = (
    "{pages}: the pages of {news} are missing; put that file back beside it. If it is lost for good, let a new one begin: "
    """sqlite3 {news} "DELETE FROM meta WHERE key = 'pages_since'\""""
)


class Store:
    """An archive open for writing. Use `Store.open`, which holds the lock."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self.connection = open_to_write(path, APPLICATION_ID, _prepare)
        try:
            register(self.connection)
            with explained(path):
                self._know_itself(now)
            self.pages = self._pages(now)
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path, now: datetime) -> Iterator[Store]:
        """Open the archive at `path` for writing, made if it is not there.

        Raises:
            LockedError: another run holds it.
            ArchiveError: it cannot be used.
        """
        path = path.resolve()  # a link and what it points to are one archive, with one lock
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
        names = ("key", "name", "name_en", "country", "language", "timezone", "homepage")
        with explained(self.path):
            rows = self.connection.execute("SELECT * FROM sources").fetchall()
        return {row["key"]: Source(**{name: row[name] for name in names}) for row in rows}

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

    # -- articles

    def article_of(self, entry: Entry) -> int | None:
        """Return the id of the article that was fetched under an entry's address; what pages only state does not count."""
        with explained(self.path):
            return self._article_at(keys(entry))

    def settle(self, queued: Queued, article: int) -> None:
        """Note that an entry is an article that the archive already has; one that is an article before keeps its looks."""
        with self.transaction():
            if queued.article is None:
                self._settle(queued, article, attempts=queued.attempts)
            self.keep_addresses(article, keys(queued.entry), "asked")

    def keep_article(
        self,
        run: int,
        source: str,
        queued: Queued,
        article: Article,
        *,
        fetched: Fetched,
        receipt: Receipt,
        now: datetime,
        next_look: datetime | None = None,
    ) -> tuple[int, bool]:
        """Store an article with its addresses, index terms, request and queue row, all or nothing.

        Args:
            run: number of the run.
            source: key of its source.
            queued: the entry that led to it.
            article: what its page says.
            fetched: the page, and how it came.
            receipt: where that was written down.
            now: our clock.
            next_look: when it is looked at again, if this is its first page; None: never.

        Returns:
            Its id, and whether it is new: a page of an article that the archive has, at another address, only adds the address,
            unless the archive has no page of it.
        """
        with self.transaction():
            page = str(receipt.page)
            kept = self.admit(
                source, queued, article, fetched=fetched, page=page, now=now, next_look=next_look
            )
            self.insert_fetch(run, source, "page", fetched, receipt)
        return kept

    def admit(
        self,
        source: str,
        queued: Queued,
        article: Article,
        *,
        fetched: Fetched,
        page: str,
        now: datetime,
        next_look: datetime | None = None,
    ) -> tuple[int, bool]:
        """Do what `keep_article` does within a transaction of the caller, without a row for the request."""
        asked = [fetched.url, *keys(queued.entry)]
        known = self._article_at([*asked, fetched.final_url]) or self._twin(source, article, asked)
        key, first_page = known, known is None or not self.has_page(known)
        if key is None:
            stated = article.url if self._is_free(article.url, queued) else fetched.final_url
            row = {
                **article_row(article, fetched.started_at, now),
                "source": source,
                "url": canonical_url(stated),
                "page": page,
            }
            self.connection.execute(GIVE_BACK, row)
            key = int(self.connection.execute(INSERT_ARTICLE, row).lastrowid or 0)
            seen = (key, stamp(fetched.started_at), "ok", canonical_url(queued.entry.url), page, row["hash"])
            self.connection.execute(INSERT_SIGHTING, seen)
        elif first_page:
            self._keep_first_page(key, queued, article, fetched, page)
        self.keep_addresses(key, asked, "asked")
        self.keep_addresses(key, [fetched.final_url], "reached")
        if known is None or self._agrees(known, article):
            self.keep_addresses(key, [article.url, *article.addresses], "stated")
        attempts = queued.attempts + 1
        if first_page:
            came = validators(fetched)
            self._settle(queued, key, attempts=attempts, next_look=next_look, etag_page=page, **came)
        else:
            self._settle(queued, key, attempts=attempts)
        return key, known is None

    def has_page(self, article: int) -> bool:
        """Whether the archive keeps any page of an article; one that came from a file of articles has none."""
        with explained(self.path):
            rows = self.connection.execute(
                "SELECT page FROM sightings WHERE article = ? AND page IS NOT NULL", (article,)
            ).fetchall()
        return self.pages.have_any(row["page"] for row in rows)

    def text_on(self, article: int, page: str | None) -> str | None:
        """Return the hash of the text that a page of an article was read as; None if it was not seen there."""
        sql = "SELECT text FROM sightings WHERE article = ? AND page = ? AND text IS NOT NULL ORDER BY at DESC LIMIT 1"
        row = self.connection.execute(sql, (article, page)).fetchone()
        return row["text"] if row else None

    # -- inside

    def _keep_first_page(
        self, key: int, queued: Queued, article: Article, fetched: Fetched, page: str
    ) -> None:
        """Note what stands on the first page of an article whose texts came from a file.

        Of a text that is held, the page only says what the file left open, such as its date.
        """
        record = record_row(article, fetched)
        text = self.text_on(key, page) or str(record["hash"])
        seen = (key, stamp(fetched.started_at), "ok", canonical_url(queued.entry.url), page, text)
        self.connection.execute(INSERT_SIGHTING, seen)
        held = {one["hash"] for one in self.connection.execute(HELD, {"article": key})}
        today = self.connection.execute("SELECT * FROM articles WHERE id = ?", (key,)).fetchone()
        readings = {text: record} if text not in held else {}
        if text == record["hash"] == today["hash"]:
            readings = {text: {name: record[name] if today[name] is None else today[name] for name in record}}
        derive(self.connection, key, readings)

    def _meta(self, key: str) -> str | None:
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def _know_itself(self, now: datetime) -> None:
        with self.transaction():
            rows = [("archive_id", str(uuid.uuid4())), ("created_at", stamp(now))]
            self.connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)
            refill_if_stale(self.connection)

    def _pages(self, now: datetime) -> Pages:
        """Open the pages file, which is made once in an archive's life: a lost one is not replaced in silence."""
        path = pages_path(self.path)
        if self._meta("pages_since") and not path.exists():
            raise ArchiveError(_LOST_PAGES.format(pages=path, news=self.path))
        pages = Pages(path, str(self._meta("archive_id")))
        with self.transaction():
            self.connection.execute("INSERT OR IGNORE INTO meta VALUES ('pages_since', ?)", (stamp(now),))
        return pages

    def _settle(
        self,
        queued: Queued,
        article: int,
        *,
        attempts: int,
        next_look: datetime | None = None,
        etag: bytes | None = None,
        last_modified: bytes | None = None,
        etag_page: str | None = None,
    ) -> None:
        """Note that an entry is an article. One entry of an article carries its looks: the first."""
        row = {
            "id": queued.id,
            "article": article,
            "attempts": attempts,
            "next_look": stamp_or_none(next_look),
        }
        self.connection.execute(
            SETTLE, {**row, "etag": etag, "last_modified": last_modified, "etag_page": etag_page}
        )

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

    def _article_at(self, urls: Iterable[str]) -> int | None:
        known = json.dumps(list(dict.fromkeys(canonical_url(url) for url in urls)))
        sql = "SELECT min(article) FROM addresses WHERE kind <> 'stated' AND url IN (SELECT value FROM json_each(?))"
        found = self.connection.execute(sql, (known,)).fetchone()[0]
        return int(found) if found is not None else None

    def _twin(self, source: str, article: Article, asked: Iterable[str]) -> int | None:
        """Return the article that this page shows again, if the two agree.

        Candidates live at an address that the page states as its own, at the same place under another scheme, with
        another last slash or for telephones, or say the same in the same source. A canonical link alone proves nothing: sites exist whose every page names
        the same one.
        """
        stated = map(canonical_url, (article.url, *article.addresses))
        known = json.dumps(list(dict.fromkeys([*stated, *(twin for url in asked for twin in twins(url))])))
        found = self.connection.execute(
            TWINS, {"places": known, "source": source, "hash": text_hash(article)}
        ).fetchall()
        return next((row["id"] for row in found if self._agrees(row["id"], article)), None)

    def _agrees(self, known: int, article: Article) -> bool:
        row = self.connection.execute("SELECT * FROM articles WHERE id = ?", (known,)).fetchone()
        if row["date"] != article.date:
            return False
        return bool(row["hash"] == text_hash(article)) or (
            fold(row["headline"]) == fold(article.headline) and _alike(row["body"], article.body)
        )

    def _is_free(self, url: str, queued: Queued) -> bool:
        """Whether a page may be filed under the address that it states: nobody's, and not another entry's."""
        taken = "SELECT 1 FROM addresses WHERE url = :url UNION ALL SELECT 1 FROM entries WHERE url = :url AND id <> :id"
        return self.connection.execute(taken, {"url": canonical_url(url), "id": queued.id}).fetchone() is None

    def keep_addresses(self, article: int, urls: Iterable[str], kind: str) -> None:
        """Note where an article was asked for or reached, or what it states of itself, within a transaction of the caller."""
        for url in dict.fromkeys(map(canonical_url, urls)):
            self.connection.execute(KEEP_ADDRESS, (url, article, kind))


def _alike(one: str, other: str) -> bool:
    """Whether two texts share most of the shorter one's words."""
    first, second = set(fold(one).split()), set(fold(other).split())
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    register(connection)
    schema.migrate(connection, schema.NEWS)
