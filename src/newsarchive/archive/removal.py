"""Taking an article out for good, for a person's safety or a court: the content goes, the hashes and the reason stay.

    address  ->  its article, pages, texts  ->  tombstones (pages file)  ->  rows (main file)  ->  bytes (pages file)  ->  both files rewritten

The tombstones come first. Killed anywhere after them, the same command finishes: it looks what is still there.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsarchive.archive.evidence import append
from newsarchive.archive.files import APPLICATION_ID, check, explained, pages_path, stamp
from newsarchive.archive.index import merge_segments
from newsarchive.archive.pages import Pages, Receipt, read_page
from newsarchive.archive.rows import EMPTIED, Queued, digest, text_hash
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveError, ConfigError
from newsarchive.models import Article, Fetched
from newsarchive.urls import canonical_url, twins

_PATIENCE = 10.0
_TELLING = 12  # characters of a line that says whose it is: the name of a paper or a place is shorter
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What was taken out.

    Attributes:
        articles: how many.
        texts: how many texts, those of today and earlier ones.
        pages: of how many pages the bytes are gone.
        reason: as it was given; of the earlier removal, if there was one.
        already: whether all was removed before; what that had not finished is finished.
    """

    articles: int
    texts: int
    pages: int
    reason: str
    already: bool

    def summary(self) -> str:
        """One line for people."""
        if self.already:
            return f"removed already ({self.reason})"
        counts = (("article", self.articles), ("text", self.texts), ("page", self.pages))
        what = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for noun, number in counts)
        return f"removed {what}; their hashes and the reason are kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """All that belongs to an address; of the entries those that are not removed yet."""

    articles: tuple[int, ...]
    withdrawn: tuple[int, ...]
    urls: tuple[str, ...]
    entries: tuple[int, ...]
    pages: frozenset[str]
    texts: frozenset[str]


def remove(db: Path, url: str, reason: str, now: datetime, *, patience: float = _PATIENCE) -> Removed | None:
    """Take out what stands at an address: the article with all its texts and pages, or a page that is no article.

    Both files are rewritten, which takes time and as much room again as they take, so that no byte is left in their free space.

    Args:
        db: the archive.
        url: any of the article's addresses, or that of an entry.
        reason: why, not blank; it is kept.
        now: our clock, aware.
        patience: seconds to wait for programs that read the archive.

    Returns:
        What was taken out; None if nothing is known at that address.

    Raises:
        ConfigError: the reason is empty.
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used, or another program reads it, so that its log cannot be emptied.
    """
    if not reason.strip():
        raise ConfigError("the reason is empty; say why, for it is kept and cannot be changed")
    check(db, APPLICATION_ID)
    with Store.open(db, now) as store, explained(store.path):
        known = removal_of(store, [url])
        found = _find(store, url)
        here = bool(found.articles or found.withdrawn or found.entries)
        if known is None and not here:
            return None
        for connection in (store.connection, store.pages.connection):
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
        if here:
            _write_down(store, canonical_url(url), reason, now, pages=found.pages, texts=found.texts)
            _erase(store, found, reason, now)
        pages = forget_removed(store)
        rewrite(store)
    return Removed(
        articles=len(found.articles) + len(found.withdrawn),
        texts=len(found.texts) if here else 0,
        pages=pages,
        reason=reason if here else str(known),
        already=not here,
    )


def removal_of(store: Store, urls: Iterable[str]) -> str | None:
    """Return why that was removed which stood at one of these addresses, or at a twin of one; None if nothing was."""
    known = json.dumps(list(dict.fromkeys(one for url in urls for one in _spellings(url))))
    row = store.connection.execute(_REASON, (known,)).fetchone()
    return row[0] if row else None


def removed_answer(store: Store, *, page: str | None = None, text: str | None = None) -> str | None:
    """Return why bytes, or a text, were removed; None if they were not."""
    sql = "SELECT reason FROM removals WHERE page = ? OR text = ? LIMIT 1"
    row = store.pages.connection.execute(sql, (page, text)).fetchone()
    return row[0] if row else None


def removal_of_article(store: Store, article: Article) -> str | None:
    """Return why an article was removed that says the same, or stands at an address that this one gives itself; None if none was."""
    why = removed_answer(store, text=text_hash(article))
    return why if why is not None else removal_of(store, [article.url, *article.addresses])


def keep_answer(
    store: Store, fetched: Fetched, source: str, *, like: str | None = None
) -> tuple[Receipt, str | None]:
    """Write down a request for a page, as `Pages.keep_request` does; of what was removed, or stands where that stood, without the bytes.

    Returns:
        Where it was written down, and why the page was removed; None if it was not.
    """
    why, page = removal_of(store, [fetched.final_url]), digest(fetched.content)
    if why is not None and page is not None and not _is_of_others(store, page):
        _write_down(store, fetched.final_url, why, fetched.started_at, pages={page})
    receipt = store.pages.keep_request(fetched, source=source, kind="page", like=like)
    return receipt, why if why is not None else removed_answer(store, page=receipt.page)


def refuse(store: Store, queued: Queued, reason: str, now: datetime, *, page: str | None = None) -> None:
    """Let what was removed not come back: settle an entry that led to it, and take out what it brought.

    Args:
        store: an archive open for writing.
        queued: the entry.
        reason: of the removal.
        now: our clock, aware.
        page: hash of the page that was answered.
    """
    with explained(store.path):
        row = store.connection.execute(
            "SELECT url, content FROM entries WHERE id = ?", (queued.id,)
        ).fetchone()
        pages = {one for one in (page, row["content"]) if one and not _is_of_others(store, one)}
        if pages:
            _write_down(store, row["url"], reason, now, pages=pages)
        with store.transaction():
            store.connection.execute(_EMPTY, (reason, queued.id))
        for key in pages:
            store.pages.forget(key)


def _spellings(url: str) -> list[str]:
    return [canonical_url(url), *twins(url)]


def _find(store: Store, url: str) -> _Found:
    connection = store.connection
    articles = _articles(connection, url)
    known = [row["url"] for key in articles for row in connection.execute(_ADDRESSES, {"article": key})]
    withdrawn = _withdrawn(connection, [*known, *_spellings(url)], claims=not articles)
    known += [row["url"] for row in connection.execute(_WITHDRAWN_ADDRESSES, (json.dumps(withdrawn),))]
    urls = tuple(dict.fromkeys([*_entry_urls(connection, url), *known]))
    entries = connection.execute(
        _ENTRIES, {"urls": json.dumps(urls), "articles": json.dumps(articles)}
    ).fetchall()
    pages, texts = _record(connection, articles, withdrawn)
    pages |= {row["content"] for row in entries if row["content"]}
    pages |= {
        page
        for page in _answers(store, urls)
        if not _is_of_others(store, page, urls, (*articles, *withdrawn))
    }
    pages |= left_over_pages(store, urls, articles)
    texts |= {text for text in _read_at(store, urls) if not _is_held(connection, text)}
    return _Found(
        articles=articles,
        withdrawn=withdrawn,
        urls=urls,
        entries=tuple(row["id"] for row in entries if row["state"] != "removed"),
        pages=frozenset(pages),
        texts=frozenset(texts),
    )


def _articles(connection: sqlite3.Connection, url: str) -> tuple[int, ...]:
    """Return the article at an address, or else at a twin of it."""
    sql = "SELECT article FROM addresses WHERE url = ?"
    found = (row for one in _spellings(url) for row in connection.execute(sql, (one,)))
    return tuple(row["article"] for row in found)[:1]


def _withdrawn(connection: sqlite3.Connection, urls: list[str], *, claims: bool) -> tuple[int, ...]:
    """Return the withdrawn articles at addresses, or else, if claims count, one that states of itself that it is there."""
    rows = connection.execute(_WITHDRAWN, (json.dumps(urls),)).fetchall()
    own = tuple(dict.fromkeys(row["article"] for row in rows if row["kind"] != "stated"))
    return own or tuple(row["article"] for row in rows if claims)[:1]


def _entry_urls(connection: sqlite3.Connection, url: str) -> list[str]:
    """Return an address as the queue spells it, or its canonical spelling."""
    sql = "SELECT url FROM entries WHERE url = ?"
    found = (row["url"] for one in _spellings(url) for row in connection.execute(sql, (one,)))
    return [next(found, canonical_url(url))]


def _record(
    connection: sqlite3.Connection, articles: tuple[int, ...], withdrawn: tuple[int, ...]
) -> tuple[set[str], set[str]]:
    """Return the pages and texts of articles, those that stand there and those that did."""
    rows = connection.execute(_RECORD, (json.dumps((*articles, *withdrawn)),)).fetchall()
    return {row["page"] for row in rows if row["page"]}, {row["text"] for row in rows if row["text"]}


def _read_at(store: Store, urls: tuple[str, ...]) -> set[str]:
    """Return the texts that were sealed as those of addresses."""
    return {row["text"] for row in store.pages.connection.execute(_READ, (json.dumps(urls),))}


def cited_pages(connection: sqlite3.Connection) -> set[str]:
    """Return the hashes of all pages that the main file cites."""
    return {row["page"] for row in connection.execute(_CITED)}


def left_over_pages(store: Store, urls: tuple[str, ...], articles: tuple[int, ...]) -> set[str]:
    """Return the pages that nothing cites and that print a line or an address of articles.

    Such is a feed's full text that a merge set aside for another, or that was kept when a run was killed.
    """
    values = {"urls": json.dumps(urls), "articles": json.dumps(articles)}
    said = [row["said"] for row in store.connection.execute(_SAID, values)]
    lines = {" ".join(line.split()) for text in said for line in text.splitlines()}
    needles = {line for line in lines if len(line) >= _TELLING} | {*urls}
    uncited = {row["hash"] for row in store.pages.connection.execute(_UNCITED)} - cited_pages(
        store.connection
    )
    return {key for key in uncited if _prints(store.pages, key, needles)}


def _prints(pages: Pages, key: str, needles: AbstractSet[str]) -> bool:
    try:
        content = read_page(pages.connection, key) or b""
    except ValueError:  # damaged: nobody can read it
        return False
    printed = html.unescape(content.decode("utf-8", "replace"))
    visible = " ".join(_TAG.sub(" ", printed).split())
    return any(needle in printed or needle in visible for needle in needles)


def _is_held(connection: sqlite3.Connection, text: str) -> bool:
    """Whether a text stands in the archive: then it is not left over, and an address only changed hands."""
    return connection.execute(_HELD, {"text": text}).fetchone() is not None


def _answers(store: Store, urls: tuple[str, ...]) -> set[str]:
    """Return the pages that were answered at addresses, asked for or reached."""
    pages = store.pages.connection
    asked = {row["page"] for row in pages.execute(_ASKED, (json.dumps(urls),))}
    moved = pages.execute(_MOVED)
    return asked | {row["page"] for row in moved if canonical_url(row["final_url"]) in urls}


def _is_of_others(
    store: Store, page: str, urls: tuple[str, ...] = (), articles: tuple[int, ...] = ()
) -> bool:
    """Whether a page is another article's: outlets send every address to one page for a while."""
    sql = "SELECT DISTINCT url FROM requests WHERE page = ?"
    asked = {canonical_url(row["url"]) for row in store.pages.connection.execute(sql, (page,))} - {*urls}
    values = (json.dumps(list(asked)), json.dumps(articles))
    return store.connection.execute(_OTHERS, values).fetchone() is not None


def _write_down(
    store: Store,
    url: str,
    reason: str,
    now: datetime,
    *,
    pages: AbstractSet[str],
    texts: AbstractSet[str] = frozenset(),
) -> None:
    """Write the tombstones that are not there yet; of an address without a page one that keeps the reason."""
    gone: list[tuple[str, str | None]] = [("page", key) for key in sorted(pages)]
    gone += [("text", key) for key in sorted(texts)]
    connection = store.pages.connection
    with store.pages.transaction():
        for column, key in gone or [("page", None)]:
            sql = f"SELECT 1 FROM removals WHERE {column} = ?"  # noqa: S608 - one of two names
            if not connection.execute(sql, (key,)).fetchone():
                row = {
                    "at": stamp(now),
                    "url": url,
                    "page": None,
                    "text": None,
                    "reason": reason,
                    column: key,
                }
                append(connection, "removals", store.pages.archive_id, row)


def _erase(store: Store, found: _Found, reason: str, now: datetime) -> None:
    """Take the rows out of the main file, and keep every address from being asked for again."""
    connection = store.connection
    with store.transaction():
        source = connection.execute(
            _SOURCE, (json.dumps((*found.articles, *found.withdrawn)), json.dumps(found.entries))
        ).fetchone()[0]
        for url in found.urls:
            connection.execute(_BAR, {"source": source, "url": url, "now": stamp(now)})
        connection.execute(_EMPTY_ALL, (reason, json.dumps(found.urls), json.dumps(found.entries)))
        connection.executemany("DELETE FROM withdrawn WHERE article = ?", [(key,) for key in found.withdrawn])
        connection.executemany("DELETE FROM articles WHERE id = ?", [(key,) for key in found.articles])
        if found.articles:  # else their words would stay in the index's older segments
            merge_segments(connection)


def forget_removed(store: Store) -> int:
    """Delete the bytes of every page that is to be gone, of removals that were killed as well."""
    sql = "SELECT DISTINCT page FROM removals WHERE page IN (SELECT hash FROM pages)"
    pages = [row["page"] for row in store.pages.connection.execute(sql)]
    for key in pages:
        store.pages.forget(key)
    return len(pages)


def rewrite(store: Store) -> None:
    """Write both files anew and empty their logs: copies of rows stay in a file's free space when rows move within it."""
    files = {store.path: store.connection, pages_path(store.path): store.pages.connection}
    for path, connection in files.items():
        with explained(path):
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ArchiveError(
                f"{path}: it is removed, but another program reads the archive, and until that ends the content stays in the file "
                "and in the log beside it; close that program and run the same command again"
            )


_REASON = """
SELECT coalesce(detail, '') FROM entries WHERE state = 'removed' AND url IN (SELECT value FROM json_each(?)) LIMIT 1"""

# A claim is not an address of the article for sure: sites exist whose every page states the same one.
_ADDRESSES = """
SELECT url FROM addresses WHERE article = :article AND kind <> 'stated' UNION SELECT url FROM articles WHERE id = :article"""

_ENTRIES = """
SELECT id, content, state FROM entries WHERE url IN (SELECT value FROM json_each(:urls)) OR article IN (SELECT value FROM json_each(:articles))"""

_RECORD = """
WITH mine AS (SELECT value AS id FROM json_each(?))
SELECT page, hash AS text FROM articles WHERE id IN mine
UNION SELECT page, hash FROM revisions WHERE article IN mine
UNION SELECT page, text FROM sightings WHERE article IN mine
UNION SELECT json_extract(s.value, '$.page'), json_extract(s.value, '$.text')
FROM withdrawn AS w, json_each(w.sightings) AS s WHERE w.article IN mine"""

_WITHDRAWN = """
SELECT w.article, json_extract(a.value, '$.kind') AS kind FROM withdrawn AS w, json_each(w.addresses) AS a
WHERE json_extract(a.value, '$.url') IN (SELECT value FROM json_each(?)) ORDER BY w.article"""

_WITHDRAWN_ADDRESSES = """
SELECT json_extract(a.value, '$.url') AS url FROM withdrawn AS w, json_each(w.addresses) AS a
WHERE w.article IN (SELECT value FROM json_each(?)) AND json_extract(a.value, '$.kind') <> 'stated'"""

_CITED = """
SELECT content AS page FROM entries WHERE content IS NOT NULL UNION SELECT page FROM sightings WHERE page IS NOT NULL
UNION SELECT page FROM articles WHERE page IS NOT NULL UNION SELECT page FROM revisions WHERE page IS NOT NULL
UNION SELECT json_extract(s.value, '$.page') FROM withdrawn AS w, json_each(w.sightings) AS s
WHERE json_extract(s.value, '$.page') IS NOT NULL"""

_UNCITED = """
SELECT hash FROM pages
WHERE NOT EXISTS (SELECT 1 FROM requests WHERE page = pages.hash) AND NOT EXISTS (SELECT 1 FROM texts WHERE page = pages.hash)"""

_SAID = """
WITH mine AS (SELECT value AS id FROM json_each(:articles))
SELECT headline AS said FROM articles WHERE id IN mine UNION SELECT lede FROM articles WHERE id IN mine AND lede IS NOT NULL
UNION SELECT body FROM articles WHERE id IN mine UNION SELECT headline FROM revisions WHERE article IN mine
UNION SELECT body FROM revisions WHERE article IN mine
UNION SELECT headline FROM entries WHERE headline IS NOT NULL AND url IN (SELECT value FROM json_each(:urls))"""

_READ = "SELECT text FROM texts WHERE url IN (SELECT value FROM json_each(?))"

_HELD = (
    "SELECT 1 FROM articles WHERE hash = :text UNION ALL SELECT 1 FROM revisions WHERE hash = :text LIMIT 1"
)

_ASKED = """
SELECT page FROM requests WHERE kind = 'page' AND page IS NOT NULL AND url IN (SELECT value FROM json_each(?))"""

_MOVED = "SELECT page, final_url FROM requests WHERE kind = 'page' AND page IS NOT NULL AND final_url <> url"

_OTHERS = """
SELECT 1
FROM (SELECT url, article FROM addresses
      UNION ALL SELECT json_extract(a.value, '$.url'), w.article FROM withdrawn AS w, json_each(w.addresses) AS a)
WHERE url IN (SELECT value FROM json_each(?)) AND article NOT IN (SELECT value FROM json_each(?)) LIMIT 1"""

_SOURCE = """
WITH mine AS (SELECT value AS id FROM json_each(?))
SELECT source FROM articles WHERE id IN mine UNION ALL SELECT source FROM withdrawn WHERE article IN mine
UNION ALL SELECT source FROM entries WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1"""

_BAR = """
INSERT INTO entries (source, url, link, first_seen, state) VALUES (:source, :url, :url, :now, 'removed') ON CONFLICT (url) DO NOTHING"""

_CLEARED = f"""
UPDATE entries SET state = 'removed', outcome = 'removed', detail = ?, {", ".join(f"{name} = NULL" for name in EMPTIED)}
WHERE """  # noqa: S608 - our own column names

_EMPTY = _CLEARED + "id = ?"

_EMPTY_ALL = (
    _CLEARED + "url IN (SELECT value FROM json_each(?)) OR id IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own constants
)
