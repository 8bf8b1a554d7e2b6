"""What is stored, to be read again by better rules: a machine's new reading, never an edit by the outlet.

Every text of an article is read again from the page that it was first seen on: the article's first page with all that the feed
said, a later one as it was read when it was looked at, beside the page that stood there before. So is every page that held a text once
which fell together with the one before it since then: other rules may part them again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from newsarchive.archive.derive import Reading, derive, sightings
from newsarchive.archive.files import stamp
from newsarchive.archive.filing import admit
from newsarchive.archive.finding import Filters
from newsarchive.archive.history import REJECTED, Sighting
from newsarchive.archive.rows import HELD, RECORD, Queued, edited, record_row
from newsarchive.archive.store import Store
from newsarchive.archive.withdrawing import Withdrawn, bring_back, forget, remember, withdraw, withdrawn
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
    """An article, that stands or was withdrawn, with a page for each of its texts, oldest first, or an entry whose page was rejected.

    Attributes:
        source: key of its source.
        article: id of the article, or None.
        queued: the entry that led to it.
        pages: what is read again.
        is_withdrawn: whether the article was withdrawn.
    """

    source: str
    article: int | None
    queued: Queued
    pages: tuple[Kept, ...]
    is_withdrawn: bool = False


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
    """Yield every article that was made from pages, every one that was withdrawn, and every entry whose page was rejected, oldest first.

    Args:
        store: an archive open for writing.
        source: only this source's.
        since: only articles from this day on; what was withdrawn or rejected has no day, so it comes only without days.
        until: only articles up to this day.
    """
    where, values = Filters(source=source, since=since, until=until).clauses()
    made = f"SELECT a.id FROM articles AS a WHERE a.page IS NOT NULL{where} ORDER BY a.id"  # noqa: S608 - our own clauses
    for (key,) in store.connection.execute(made, values).fetchall():
        if found := _article(store, key):
            yield found
    if since or until:
        return
    for one in withdrawn(store.connection, source):
        if found := _withdrawn(store, one):
            yield found
    for (key,) in store.connection.execute(_REJECTED, (source, source)).fetchall():
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
    the article is withdrawn; if something does of one that was withdrawn, it is brought back.

    Args:
        store: the archive.
        stored: what was read again.
        readings: its pages.
        now: our clock.
        next_look: when an article that was found or is back is looked at again; None: never.
    """
    if stored.article is None:
        _keep_found(store, stored, readings[0], now, next_look)
        return
    if stored.is_withdrawn:
        _keep_withdrawn(store, stored, stored.article, readings, next_look)
    elif not all(_is_stored(one) for one in readings):
        remember(store.connection, stored.article)
        _see_anew(store, stored.article, readings)
        if any(one.text and one.outcome != REJECTED for one in sightings(store.connection, stored.article)):
            forget(store.connection, stored.article)
            derive(store.connection, stored.article, _records(readings))
        else:
            result = readings[-1].result
            why = result if isinstance(result, Rejected) else Rejected(reason=REJECTED)
            withdraw(store.connection, stored.article, why)


def _keep_withdrawn(
    store: Store, stored: Stored, article: int, readings: Sequence[Reread], next_look: datetime | None
) -> None:
    """Bring an article back if one of its pages is one again; what cannot be read now may be read another time."""
    records = _records(readings)
    if not records:
        _note_rejected(store, stored.queued, readings[-1])
        return
    latest = list(records.values())[-1]
    home = bring_back(store.connection, article, stored.queued.id, latest, next_look=next_look)
    _see_anew(store, home, readings)
    store.connection.execute(_UNREAD, {"article": home, "texts": json.dumps([*records])})
    derive(store.connection, home, records)


def _records(readings: Iterable[Reread]) -> dict[str, Reading]:
    return {str(one.record["hash"]): one.record for one in readings if one.record}


def _see_anew(store: Store, article: int, readings: Iterable[Reread]) -> None:
    for one in readings:
        store.connection.executemany(_SEE, [(*new, article, *old) for old, new in _seen_anew(one)])


def _is_stored(reading: Reread) -> bool:
    """Whether nothing has to be written: the page reads as it did, by the same version of the rules."""
    record, kept = reading.record, reading.kept
    return reading.change.kind in {"same", "failed"} and all(
        record[name] == value for name, value in kept.record.items() if record
    )


def _seen_anew(reading: Reread) -> Iterator[tuple[tuple[object, ...], tuple[str | None, object]]]:
    """Yield the sightings that a new reading changes, as they stand, and their new outcome and text.

    No outcome is that which it had before its page was rejected.
    """
    text = reading.record.get("hash")
    for one in reading.kept.seen:
        old = (stamp(one.at), one.outcome, one.url, one.page or None, one.text or None)
        if text and text != one.text:
            yield old, (None if one.outcome == REJECTED else one.outcome, text)
        elif isinstance(reading.result, Rejected) and reading.change.kind != "failed":
            yield old, (REJECTED, None)


def _keep_found(
    store: Store, stored: Stored, reading: Reread, now: datetime, next_look: datetime | None
) -> None:
    kept, result = reading.kept, reading.result
    if isinstance(result, Article):
        admit(
            store,
            stored.source,
            stored.queued,
            result,
            fetched=kept.fetched,
            page=kept.page,
            now=now,
            next_look=next_look,
        )
    else:
        _note_rejected(store, stored.queued, reading)


def _note_rejected(store: Store, queued: Queued, reading: Reread) -> None:
    result = reading.result
    if isinstance(result, Rejected) and reading.change.kind != "failed":
        row = (result.reason, result.detail, queued.id)
        sql = "UPDATE entries SET outcome = ?, detail = ? WHERE id = ? AND state = 'rejected'"
        store.connection.execute(sql, row)


def _article(store: Store, key: int) -> Stored | None:
    entry = store.connection.execute(
        "SELECT * FROM entries WHERE article = ? ORDER BY id LIMIT 1", (key,)
    ).fetchone()
    if entry is None:
        return None
    pages = tuple(_kept(store, key, sightings(store.connection, key)))
    source = store.connection.execute("SELECT source FROM articles WHERE id = ?", (key,)).fetchone()["source"]
    return Stored(source=source, article=key, queued=store.entry(entry["id"]), pages=pages) if pages else None


def _withdrawn(store: Store, one: Withdrawn) -> Stored | None:
    pages = tuple(_kept(store, one.article, one.sightings))
    queued = store.entry(one.entry)
    stored = Stored(source=one.source, article=one.article, queued=queued, pages=pages, is_withdrawn=True)
    return stored if pages else None


def _kept(store: Store, article: int, known: Iterable[Sighting]) -> Iterator[Kept]:
    """Yield the first page of each stretch of sightings, with the page that stood there before it."""
    seen = [one for one in sorted(known) if one.text or one.outcome == REJECTED]
    starts = store.pages.were_read({one.page for one in seen})
    before: Sighting | None = None
    follows: int | None = None
    for number, stretch in enumerate(_stretches(seen, starts)):
        first = next((one for one in stretch if one.page), None)
        fetched = store.pages.arrival(first.page, first.url, first.at) if first else None
        if first and fetched:
            yield Kept(
                page=first.page,
                fetched=fetched,
                record=_record(store, article, stretch[0].text),
                seen=tuple(stretch),
                is_first=first.page == seen[0].page,
                before=store.pages.arrival(before.page, before.url, before.at)
                if before and before.page
                else None,
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
    sql = "SELECT page, at FROM fetches WHERE url = ? AND kind = 'page' AND outcome = 'ok' ORDER BY id DESC LIMIT 1"
    page = store.connection.execute(sql, (entry["url"],)).fetchone()
    if page is None or not page["page"]:
        return None
    fetched = store.pages.arrival(page["page"], entry["url"], datetime.fromisoformat(page["at"]))
    if fetched is None:
        return None
    kept = Kept(page=page["page"], fetched=fetched, record={})
    return Stored(source=entry["source"], article=None, queued=store.entry(entry["id"]), pages=(kept,))


# What no request tells of came from a file.
_SEE = """
UPDATE OR REPLACE sightings SET
    outcome = coalesce(?, (SELECT f.outcome FROM fetches AS f WHERE f.url = sightings.url AND f.at = sightings.at AND f.kind = 'page'
        AND f.outcome IN ('ok', 'not-modified')), 'imported'),
    text = ?
WHERE article = ? AND at = ? AND outcome = ? AND url = ? AND page IS ? AND text IS ?"""

# A rejected entry of a withdrawn article is read with all that was seen of it.
_REJECTED = """
SELECT id FROM entries
WHERE state = 'rejected' AND (? IS NULL OR source = ?)
    AND url NOT IN (SELECT json_extract(a.value, '$.url') FROM withdrawn AS w, json_each(w.addresses) AS a)
ORDER BY id"""

_UNREAD = f"""
UPDATE OR REPLACE sightings SET outcome = 'rejected', text = NULL
WHERE article = :article AND text NOT IN (SELECT value FROM json_each(:texts)) AND text NOT IN ({HELD})"""  # noqa: S608 - our own constants
