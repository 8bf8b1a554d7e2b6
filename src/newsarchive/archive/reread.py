"""What is stored, to be read again by better rules: a machine's new reading, never an edit by the outlet.

Every text of an article is read again from the page that it was first seen on: the article's first page with all that the feed
said, a later one as it was read when it was looked at, beside the page that stood there before. So is every page that held a text once
which fell together with the one before it since then: other rules may part them again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from newsarchive.archive.derive import Reading, derive, sightings
from newsarchive.archive.files import stamp
from newsarchive.archive.history import REJECTED, Sighting
from newsarchive.archive.rows import RECORD, Queued, edited, record_row
from newsarchive.archive.search import filters
from newsarchive.archive.store import Store
from newsarchive.models import Article, Fetched, Rejected

COMPARED = tuple(name for name in RECORD if name not in {"extractor", "hash"})
"""The columns of a record that a new reading can change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page that is kept, with what was made of it.

    Attributes:
        page: hash of the bytes.
        fetched: the bytes, and how they came.
        record: the columns that a reading makes, as they are stored; empty for a rejected page.
        seen: the article's sightings that are as this page reads: from its own on, up to the next that is read again.
        is_first: whether it is read with all that the feed said.
        before: of a later page, the one that stood there last before it; None if that is not kept.
        record_before: what is stored of that one.
        number: of the stretch of sightings `seen`, among the article's.
        follows: number of the stretch to which `before` belongs.
    """

    page: str
    fetched: Fetched
    record: Reading
    seen: tuple[Sighting, ...] = ()
    is_first: bool = True
    before: Fetched | None = None
    record_before: Reading = field(default_factory=dict)
    number: int = 0
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article with a page for each of its texts, oldest first, or an entry whose page was rejected.

    Attributes:
        source: key of its source.
        article: id of the article, or None.
        queued: the entry that led to it.
        pages: what is read again.
    """

    source: str
    article: int | None
    queued: Queued
    pages: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new reading makes of a stored page.

    Attributes:
        kind: `same`, `changed`, `found` (a rejected page is an article now), `withdrawn` (a page is none now), or
            `failed` (the reader was killed).
        columns: which columns changed.
    """

    kind: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """One page, and how it reads now.

    Attributes:
        kept: the page.
        result: what the rules of today make of it.
        record: the same as columns of `articles`, beside what stood there before; empty if it is rejected.
        change: what that changes.
    """

    kept: Kept
    result: Article | Rejected
    record: Reading
    change: Change


def stored_pages(
    store: Store, *, source: str | None, since: date | None, until: date | None
) -> Iterator[Stored]:
    """Yield every article that was made from pages, and every entry whose page was rejected, oldest first.

    Args:
        store: an archive open for writing.
        source: only this source's.
        since: only articles from this day on; rejected pages have no day, so they come only without days.
        until: only articles up to this day.
    """
    where, values = filters(source, since, until)
    made = f"SELECT a.id FROM articles AS a WHERE a.page IS NOT NULL{where} ORDER BY a.id"  # noqa: S608 - our own clauses
    for (key,) in store.connection.execute(made, values).fetchall():
        if found := _article(store, key):
            yield found
    if since or until:
        return
    rejected = "SELECT id FROM entries WHERE state = 'rejected' AND (? IS NULL OR source = ?) ORDER BY id"
    for (key,) in store.connection.execute(rejected, (source, source)).fetchall():
        if found := _rejected(store, key):
            yield found


def reread(
    kept: Kept,
    result: Article | Rejected,
    before: Article | Rejected | None,
    read: Mapping[int | None, Reading],
) -> Reread:
    """Say what a new reading of a page makes of it.

    Args:
        kept: the page.
        result: what it reads as.
        before: what the page before it reads as, read in the same way.
        read: what was read again of the article before, by number.
    """
    if isinstance(result, Rejected):
        killed = result.reason.startswith("extract-")  # says nothing about the page
        kind = "failed" if killed else "withdrawn" if kept.record else "same"
        return Reread(kept=kept, result=result, record={}, change=Change(kind=kind))
    record: Reading = record_row(result, kept.fetched)
    if kept.before and isinstance(before, Article):
        known = read.get(kept.follows, kept.record_before)
        record = edited(known, record_row(before, kept.before), record)
    columns = tuple(name for name in COMPARED if name in kept.record and record[name] != kept.record[name])
    kind = "changed" if columns else "same" if kept.record else "found"
    return Reread(kept=kept, result=result, record=record, change=Change(kind=kind, columns=columns))


def keep_readings(
    store: Store, stored: Stored, readings: Sequence[Reread], *, now: datetime, next_look: datetime | None
) -> None:
    """Store how the pages of an article or a rejected entry read now, within a transaction of the caller.

    A page that is none by the rules of today is no sighting of the article any more; what remains tells its story. If nothing remains,
    the article is withdrawn.

    Args:
        store: the archive.
        stored: what was read again.
        readings: its pages.
        now: our clock.
        next_look: when an article that was found is looked at again; None: never.
    """
    if stored.article is None:
        _keep_found(store, stored, readings[0], now, next_look)
        return
    if all(_is_stored(one) for one in readings):
        return
    for one in readings:
        store.connection.executemany(_SEE, [(*new, stored.article, *old) for old, new in _seen_anew(one)])
    if any(one.text and one.outcome != REJECTED for one in sightings(store.connection, stored.article)):
        records = {str(one.record["hash"]): one.record for one in readings if one.record}
        derive(store.connection, stored.article, records)
    else:
        _withdraw(store, stored.article, readings[-1].result)


def _is_stored(reading: Reread) -> bool:
    """Whether nothing has to be written: the page reads as it did, by the same version of the rules."""
    record, kept = reading.record, reading.kept
    return reading.change.kind in {"same", "failed"} and all(
        record[name] == value for name, value in kept.record.items() if record
    )


def _seen_anew(reading: Reread) -> Iterator[tuple[tuple[str, str, str], tuple[str, object]]]:
    """Yield the sightings that a new reading changes: moment, outcome and address, and their new outcome and text."""
    text = reading.record.get("hash")
    for one in reading.kept.seen:
        old = (stamp(one.at), one.outcome, one.url)
        if text and text != one.text:
            yield old, ("ok" if one.outcome == REJECTED else one.outcome, text)
        elif reading.change.kind == "withdrawn":
            yield old, (REJECTED, None)


def _keep_found(
    store: Store, stored: Stored, reading: Reread, now: datetime, next_look: datetime | None
) -> None:
    kept, result = reading.kept, reading.result
    if isinstance(result, Article):
        store.admit(
            stored.source,
            stored.queued,
            result,
            fetched=kept.fetched,
            page=kept.page,
            now=now,
            next_look=next_look,
        )
    elif reading.change.kind != "failed":
        row = (result.reason, result.detail, stored.queued.id)
        store.connection.execute("UPDATE entries SET outcome = ?, detail = ? WHERE id = ?", row)


def _withdraw(store: Store, article: int, result: Article | Rejected) -> None:
    """Take out an article that is none; its pages are kept, so that other rules may bring it back."""
    rejected = result if isinstance(result, Rejected) else Rejected(reason=REJECTED)
    sql = "UPDATE entries SET state = 'rejected', outcome = ?, detail = ?, next_try = NULL, article = NULL WHERE article = ?"
    store.connection.execute(sql, (rejected.reason, rejected.detail, article))
    store.connection.execute("DELETE FROM articles WHERE id = ?", (article,))


def _article(store: Store, key: int) -> Stored | None:
    entry = store.connection.execute(
        "SELECT * FROM entries WHERE article = ? ORDER BY id LIMIT 1", (key,)
    ).fetchone()
    if entry is None:
        return None
    pages = tuple(_kept(store, key, entry["url"]))
    source = store.connection.execute("SELECT source FROM articles WHERE id = ?", (key,)).fetchone()["source"]
    return Stored(source=source, article=key, queued=store.entry(entry["id"]), pages=pages) if pages else None


def _kept(store: Store, article: int, url: str) -> Iterator[Kept]:
    """Yield the first page of each stretch of sightings, with the page that stood there before it."""
    seen = [
        one for one in sorted(sightings(store.connection, article)) if one.text or one.outcome == REJECTED
    ]
    starts = store.pages.were_read({one.page for one in seen})
    before: Sighting | None = None
    follows: int | None = None
    for number, stretch in enumerate(_stretches(seen, starts)):
        page = next((one.page for one in stretch if one.page), "")
        fetched = store.pages.arrival(page, url) if page else None
        if fetched is not None:
            yield Kept(
                page=page,
                fetched=fetched,
                record=_record(store, article, stretch[0].text),
                seen=tuple(stretch),
                is_first=page == seen[0].page,
                before=store.pages.arrival(before.page, url) if before and before.page else None,
                record_before=_record(store, article, before.text) if before else {},
                number=number,
                follows=follows,
            )
        if stretch[0].text:
            before, follows = stretch[-1], number


def _stretches(seen: Iterable[Sighting], starts: Collection[str]) -> list[list[Sighting]]:
    """Part sightings, in order: a stretch begins with another text, another rejected page, or the first sight of a page in `starts`."""
    parts: list[list[Sighting]] = []
    begun: set[str] = set()
    for one in seen:
        known = parts[-1][-1] if parts else None
        goes_on = known is not None and (
            one.text == known.text != "" or (not one.text and one.page == known.page)
        )
        if goes_on and (one.page in begun or one.page not in starts):
            parts[-1].append(one)
        else:
            parts.append([one])
        begun.add(one.page)
    return parts


def _record(store: Store, article: int, text: str) -> Reading:
    """Return what is stored of a text: all columns of the one of today, fewer of an earlier one."""
    row = store.connection.execute(
        "SELECT * FROM articles WHERE id = ? AND hash = ?", (article, text)
    ).fetchone()
    if row is None:
        sql = "SELECT * FROM revisions WHERE article = ? AND hash = ? LIMIT 1"
        row = store.connection.execute(sql, (article, text)).fetchone()
    return {name: row[name] for name in RECORD if name in row.keys()} if row else {}  # noqa: SIM118 - a Row's `in` looks at values


def _rejected(store: Store, key: int) -> Stored | None:
    entry = store.connection.execute("SELECT * FROM entries WHERE id = ?", (key,)).fetchone()
    sql = (
        "SELECT page FROM fetches WHERE url = ? AND kind = 'page' AND outcome = 'ok' ORDER BY id DESC LIMIT 1"
    )
    page = store.connection.execute(sql, (entry["url"],)).fetchone()
    fetched = store.pages.arrival(page[0], entry["url"]) if page and page[0] else None
    if fetched is None:
        return None
    kept = Kept(page=page[0], fetched=fetched, record={})
    return Stored(source=entry["source"], article=None, queued=store.entry(entry["id"]), pages=(kept,))


_SEE = """
UPDATE OR REPLACE sightings SET outcome = ?, text = ? WHERE article = ? AND at = ? AND outcome = ? AND url = ?"""
