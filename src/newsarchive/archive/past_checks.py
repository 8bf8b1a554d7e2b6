"""Checks of what is told against what was seen: looks, revisions, absences, the indexes. Each yields a finding for each thing it looked at.

    requests  ->  sightings  ->  revisions, absences, marks of articles  ->  indexes

Each follows from what stands before it, so that what was written anew in one place contradicts another.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from newsarchive.archive.derive import marks, sightings, span, times_gone
from newsarchive.archive.findings import OK, Files, Finding, each
from newsarchive.archive.history import REJECTED, history
from newsarchive.urls import canonical_url, same_site

_MISSING = frozenset({"not-found", "gone"})
_STANDING = frozenset({"ok", "not-modified", "imported"})  # outcomes of sightings that have a text
_VALIDATORS = frozenset({"if-none-match", "if-modified-since"})


def agrees(request: sqlite3.Row, sighting: sqlite3.Row) -> bool:
    """Whether a sighting is one that a request, at its address and time, may have left.

    A look that was rejected by rules of one version, and taken by the next, is `ok`, whatever it was before.
    """
    outcome, told = sighting["outcome"], request["outcome"]
    if (sighting["text"] is not None) != (outcome in _STANDING):
        return False
    if told in _MISSING:
        return bool(outcome == told and sighting["page"] is None)
    if told == "not-modified":
        return outcome in {"not-modified", "ok", REJECTED}
    return bool(
        told == "ok" and sighting["page"] == request["page"] and outcome not in {"not-modified", *_MISSING}
    )


def check_looks(files: Files) -> Iterator[Finding]:
    """Each sealed request for an article's page that must have shown something: there must be a sighting of it."""
    for (table, archive), upto in files.settled.items():
        if table == "requests":
            rows = files.pages.execute(_LOOKS, (archive, upto))
            for url, asked in groupby(rows, key=lambda row: str(row["url"])):
                yield from _looks(files, url, asked)


def _looks(files: Files, url: str, asked: Iterable[sqlite3.Row]) -> Iterator[Finding]:
    place = canonical_url(url)
    article = files.main.execute(_ARTICLE, (place,)).fetchone()
    if article is None:
        return
    places = files.main.execute(_PLACES, (article["article"],)).fetchall()
    reached = [row["url"] for row in places if row["kind"] == "reached"] or [row["url"] for row in places]
    seen: dict[str, list[sqlite3.Row]] = {}
    for row in files.main.execute(_SEEN_THERE, (article["article"], place)):
        seen.setdefault(row["at"], []).append(row)
    for request in _unseen(asked, seen, reached):
        if request["at"] >= files.since and not _is_barred(files, request):
            yield _unseen_finding(files, request)


def _unseen(
    asked: Iterable[sqlite3.Row], seen: Mapping[str, Sequence[sqlite3.Row]], reached: Sequence[str]
) -> Iterator[sqlite3.Row]:
    """Yield the requests of one archive for one address, in order, that must have left a sighting, and have none.

    Only those are certain that come after one that left a sighting, for then the article was known and looked at here: it was missing
    on its own site; or validators were sent, of a page that was read, and nothing had changed; or the bytes are those of a page that
    the same program had read before.
    """
    looked_at = False
    read: set[tuple[str, str]] = set()  # pages, and the programs that read them
    for request in asked:
        left = [one for one in seen.get(request["at"], ()) if agrees(request, one)]
        if left:
            looked_at = True
            if any(one["text"] is not None for one in left):
                read.add((request["page"], request["program"]))
        elif looked_at and _shows(request, read, reached):
            yield request


def _shows(request: sqlite3.Row, read: set[tuple[str, str]], reached: Sequence[str]) -> bool:
    if request["outcome"] in _MISSING:
        return all(same_site(request["final_url"], place) for place in reached)
    if request["outcome"] == "not-modified":
        return any(name.lower() in _VALIDATORS for name, _ in json.loads(request["request_headers"]))
    return (request["page"], request["program"]) in read


def _is_barred(files: Files, request: sqlite3.Row) -> bool:
    """Whether the request led to what was removed: then nothing is noted of it."""
    return files.main.execute(_BARRED, (canonical_url(request["final_url"]),)).fetchone() is not None


def _unseen_finding(files: Files, request: sqlite3.Row) -> Finding:
    name, url = str(request["number"]), request["url"]
    row = files.main.execute(_RUN_OF, (request["archive"], request["number"])).fetchone()
    if row is None or row["run"] is None:
        killed = "its run was killed before it noted what this showed"
        return Finding(verdict="unverifiable", table="requests", row=name, url=url, detail=killed)
    lost = f"its sighting ({request['outcome']}) is missing"
    return Finding(verdict="mismatch", table="requests", row=name, url=url, detail=lost)


def check_past(main: sqlite3.Connection, since: str) -> Iterator[Finding]:
    """Each article: its revisions, absences and marks must be what follows from its sightings."""
    yield from each("articles", "id", main.execute(_PASTS, (since, since)), partial(_past, main))


def _past(main: sqlite3.Connection, row: sqlite3.Row) -> Finding:
    told = history(sightings(main, row["id"]))
    if not told.standings:
        return _otherwise(row, "no sighting shows a text of it")
    stated = {**marks(told), "hash": told.standings[-1].text}
    if wrong := [name for name in stated if row[name] != stated[name]]:
        return _otherwise(row, f"{', '.join(wrong)}: not what its sightings say")
    spans = [{**span(number, one), "hash": one.text} for number, one in enumerate(told.standings[:-1], 1)]
    if [dict(one) for one in main.execute(_SPANS, (row["id"],))] != spans:
        return _otherwise(row, "its revisions are not what its sightings say")
    gone = [times_gone(one) for one in told.absences]
    if [tuple(one) for one in main.execute(_GONE, (row["id"],))] != gone:
        return _otherwise(row, "its absences are not what its sightings say")
    return OK


def _otherwise(row: sqlite3.Row, detail: str) -> Finding:
    return Finding(verdict="mismatch", table="articles", row=str(row["id"]), url=row["url"], detail=detail)


def check_index(main: sqlite3.Connection, since: str) -> Iterator[Finding]:
    """The search indexes: both must have each article and no other, and the one that finds must find it under its headline."""
    yield from _strangers(main, "articles_fts")
    rows = main.execute("SELECT id, url, headline FROM articles WHERE fetched_at >= ?", (since,))
    yield from each("articles_fts", "id", rows, partial(_indexed, main))
    yield from _strangers(main, "articles_stems")
    for row in main.execute(_NOT_RANKED, (since,)):
        name, lost = str(row["id"]), "the index that ranks does not have it"
        yield Finding(verdict="mismatch", table="articles_stems", row=name, url=row["url"], detail=lost)


def _strangers(main: sqlite3.Connection, index: str) -> Iterator[Finding]:
    sql = f"SELECT count(*) FROM (SELECT id FROM {index}_docsize EXCEPT SELECT id FROM articles)"  # noqa: S608 - one of two names
    (strange,) = main.execute(sql).fetchone()
    if strange:
        detail = "in the index, but not in the archive"
        yield Finding(verdict="mismatch", table=index, row="entries", detail=detail, count=strange)


def _indexed(main: sqlite3.Connection, row: sqlite3.Row) -> Finding:
    name, url = str(row["id"]), row["url"]
    if not main.execute("SELECT 1 FROM articles_fts_docsize WHERE id = ?", (row["id"],)).fetchone():
        lost = "the search index does not have it"
        return Finding(verdict="mismatch", table="articles_fts", row=name, url=url, detail=lost)
    headline = row["headline"].replace('"', " ")
    if not any(letter.isalpha() for letter in headline):
        return OK  # no word to look for
    if not main.execute(_FOUND, (f'headline : "{headline}"', row["id"])).fetchone():
        lost = "the search index does not find it under its headline"
        return Finding(verdict="mismatch", table="articles_fts", row=name, url=url, detail=lost)
    return OK


_LOOKS = """
SELECT archive, number, url, final_url, at, page, outcome, program, request_headers FROM requests
WHERE kind = 'page' AND outcome IN ('ok', 'not-modified', 'not-found', 'gone') AND archive = ? AND number <= ? ORDER BY url, number"""

_ARTICLE = "SELECT article FROM addresses WHERE url = ? AND kind <> 'stated'"

_PLACES = "SELECT url, kind FROM addresses WHERE article = ? AND kind <> 'stated'"

_SEEN_THERE = (
    "SELECT at, outcome, page, text FROM sightings WHERE article = ? AND url = ? AND outcome <> 'imported'"
)

_BARRED = "SELECT 1 FROM entries WHERE url = ? AND state = 'removed'"

_RUN_OF = "SELECT run FROM fetches WHERE archive = ? AND number = ?"

_PASTS = """
SELECT * FROM articles AS a
WHERE fetched_at >= ? OR EXISTS (SELECT 1 FROM sightings AS s WHERE s.article = a.id AND s.at >= ?)"""

_SPANS = "SELECT number, seen_from, seen_until, page, hash FROM revisions WHERE article = ? ORDER BY number"

_GONE = "SELECT gone_since, back_at, outcome FROM absences WHERE article = ? ORDER BY gone_since"

_NOT_RANKED = """
SELECT id, url FROM articles WHERE fetched_at >= ? AND NOT EXISTS (SELECT 1 FROM articles_stems_docsize AS d WHERE d.id = articles.id)"""

_FOUND = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
