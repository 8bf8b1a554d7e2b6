"""Checks of the main file against the pages file: requests, texts, sightings. Each yields a finding for each thing it looked at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal

from newsarchive.archive.evidence import fetch_columns, row_hash
from newsarchive.archive.findings import NOT_SEALED, OK, Files, Finding, each
from newsarchive.archive.past_checks import agrees
from newsarchive.urls import canonical_url

_BEFORE = "made before evidence was kept"
_UNTRUE = "is not what its hash says"


def check_fetches(files: Files) -> Iterator[Finding]:
    """Each row against its row in `requests`, column by column; no sealed request may be without one."""
    rows = files.main.execute("SELECT * FROM fetches WHERE at >= ?", (files.since,))
    yield from each("fetches", "id", rows, partial(_fetch, files))
    for (table, archive), upto in files.settled.items():
        if table == "requests":
            yield from _unfetched(files, archive, upto)


def _fetch(files: Files, row: sqlite3.Row) -> Finding:
    name, url = str(row["id"]), row["url"]
    if row["number"] is None:
        return Finding(verdict="unverifiable", table="fetches", row=name, url=url, detail=_BEFORE)
    request = files.pages.execute(_REQUEST, (row["archive"], row["number"])).fetchone()
    if request is None:
        lost = f"row {row['number']} of requests is missing"
        return Finding(verdict="mismatch", table="fetches", row=name, url=url, detail=lost)
    told = fetch_columns(request)
    if wrong := [column for column in told if row[column] != told[column]]:
        detail = f"{', '.join(wrong)}: not what row {row['number']} of requests says"
        return Finding(verdict="mismatch", table="fetches", row=name, url=url, detail=detail)
    if row["run"] is not None and not files.main.execute(_RUN, (row["run"],)).fetchone():
        return Finding(
            verdict="mismatch", table="fetches", row=name, url=url, detail=f"there is no run {row['run']}"
        )
    if not files.is_sealed("requests", row):
        return Finding(verdict="unverifiable", table="fetches", row=name, url=url, detail=NOT_SEALED)
    return OK


def _unfetched(files: Files, archive: str, upto: int) -> Iterator[Finding]:
    last = 0
    for (number,) in files.main.execute(_NUMBERS, (archive, upto)):
        yield from (_no_fetch(one) for one in range(last + 1, number))
        last = number
    yield from (_no_fetch(one) for one in range(last + 1, upto + 1))


def _no_fetch(number: int) -> Finding:
    return Finding(
        verdict="mismatch", table="requests", row=str(number), detail="its row of fetches is missing"
    )


def check_texts(files: Files, table: Literal["articles", "revisions"]) -> Iterator[Finding]:
    """Each text against its hash, and against what was sealed of it."""
    rows = files.main.execute(_TEXTS[table], (files.since,))
    yield from each(table, "id", rows, partial(_text, files, table))


def _text(files: Files, table: str, row: sqlite3.Row) -> Finding:
    name, url = str(row["id"]), row["url"]
    if not is_text(row):
        return Finding(verdict="mismatch", table=table, row=name, url=url, detail=_UNTRUE)
    if files.lost(row["page"]) and files.is_ours(row["page"]):
        return Finding(
            verdict="mismatch", table=table, row=name, url=url, detail=f"its page {row['page']} is missing"
        )
    values = {column: row[column] for column in ("url", "page", "hash", "extractor")}
    noted = files.pages.execute(_NOTED, values).fetchall()
    if any(files.is_sealed("texts", one) for one in noted):
        return OK
    if noted or _is_unsealed(files, row["article"]):
        return Finding(verdict="unverifiable", table=table, row=name, url=url, detail=NOT_SEALED)
    return Finding(verdict="mismatch", table=table, row=name, url=url, detail="is not what was sealed")


def is_text(row: sqlite3.Row) -> bool:
    """Whether headline, lede and body of a row are those of its hash."""
    try:
        return bool(row_hash(row["headline"], row["lede"], row["body"]) == row["hash"])
    except UnicodeError:  # bytes that are no UTF-8 any more
        return False


def check_held(files: Files) -> Iterator[Finding]:
    """Each text that was sealed: it must still be there, unless it was read anew, withdrawn or removed since."""
    rows = files.pages.execute("SELECT * FROM texts WHERE at >= ?", (files.since,))
    settled = (row for row in rows if row["number"] <= files.settled.get(("texts", row["archive"]), 0))
    yield from each("texts", "number", settled, partial(_held, files))


def _held(files: Files, row: sqlite3.Row) -> Finding:
    values = {"text": row["text"], "page": row["page"], "urls": json.dumps([row["url"]])}
    if files.main.execute(_HOLDER, values).fetchone():
        return OK
    asked = files.pages.execute("SELECT DISTINCT url FROM requests WHERE page = ?", (row["page"],))
    values["urls"] = json.dumps([row["url"], *(one["url"] for one in asked)])
    if files.main.execute(_HOLDER, values).fetchone() or _is_removed(files, row["text"]):
        return OK
    why = ""
    reread = files.main.execute(_READ_ANEW, values).fetchone()
    if reread is not None and not _is_unsealed(files, reread["article"]):
        return OK
    if reread is not None:
        why = f"its page was read anew: {NOT_SEALED}"
    elif files.main.execute(_WITHDRAWN, values).fetchone():
        why = "withdrawn: its page is no article by better rules"
    return Finding(
        verdict="unverifiable" if why else "mismatch",
        table="texts",
        row=str(row["number"]),
        url=row["url"],
        detail=why or f"the text {row['text']} is missing",
    )


def check_sightings(files: Files) -> Iterator[Finding]:
    """Each sighting: its text must be one of the article's, its page kept, and a request must tell of it."""
    asked = _spellings(files)
    rows = files.main.execute(_SIGHTINGS, (files.since,))
    yield from each("sightings", "article", rows, partial(_sighting, files, asked))


def _spellings(files: Files) -> dict[str, list[str]]:
    """Return by canonical address the spellings of it that were asked for, if there are others."""
    spelled: dict[str, list[str]] = {}
    for (url,) in files.pages.execute("SELECT DISTINCT url FROM requests"):
        if (place := canonical_url(url)) != url:
            spelled.setdefault(place, []).append(url)
    return spelled


def _sighting(files: Files, asked: Mapping[str, list[str]], row: sqlite3.Row) -> Finding:
    name, url = f"of article {row['article']} at {row['at']}", row["url"]
    if not row["held"]:
        return Finding(verdict="mismatch", table="sightings", row=name, url=url, detail="its text is missing")
    lost = files.lost(row["page"])
    if lost and (files.is_ours(row["page"]) or _was_saved(files, row)):
        detail = f"its page {row['page']} is missing"
        return Finding(verdict="mismatch", table="sightings", row=name, url=url, detail=detail)
    urls = json.dumps([url, *asked.get(url, ())])
    requests = files.pages.execute(_SEEN, {"urls": urls, "at": row["at"]}).fetchall()
    told = [one for one in requests if agrees(one, row)]
    if any(files.is_sealed("requests", one) for one in told):
        return OK
    if requests and not told and _is_own(files, row):
        detail = f"is not what row {requests[0]['number']} of requests says"
        return Finding(verdict="mismatch", table="sightings", row=name, url=url, detail=detail)
    why = NOT_SEALED if told else "no request of this archive tells of it"
    return Finding(verdict="unverifiable", table="sightings", row=name, url=url, detail=why)


def _is_own(files: Files, row: sqlite3.Row) -> bool:
    """Whether a sighting is not one of a file, whose archive may have asked in the same second."""
    return row["outcome"] != "imported" and (row["page"] is None or files.is_ours(row["page"]))


def _was_saved(files: Files, row: sqlite3.Row) -> bool:
    """Whether a page came as a file, with its bytes.

    Then its address has a place in the queue that no feed gave it, and nothing was ever asked there. That an article of which only
    the text came has such a place, too, is told by its other pages: without any it would have been asked for.
    """
    if row["outcome"] != "imported" or not files.main.execute(_PLACED, dict(row)).fetchone():
        return False
    if files.pages.execute("SELECT 1 FROM requests WHERE url = ?", (row["url"],)).fetchone():
        return False
    others = files.main.execute(_OTHER_PAGES, (row["article"], row["page"]))
    return all(files.lost(page) for (page,) in others)


def check_contents(files: Files) -> Iterator[Finding]:
    """The feeds' own full texts: each must be kept."""
    sql = "SELECT id, url, content FROM entries WHERE content IS NOT NULL AND first_seen >= ?"
    yield from each("entries", "id", files.main.execute(sql, (files.since,)), partial(_content, files))


def _content(files: Files, row: sqlite3.Row) -> Finding:
    if not files.lost(row["content"]):
        return OK
    lost = f"the feed's text {row['content']} is missing"
    return Finding(verdict="mismatch", table="entries", row=str(row["id"]), url=row["url"], detail=lost)


def check_alone(
    main: sqlite3.Connection, since: str, table: Literal["articles", "revisions"]
) -> Iterator[Finding]:
    """The texts of a main file without its pages file: they may be whole, but nothing is there to prove it with."""
    yield from each(table, "id", main.execute(_TEXTS[table], (since,)), partial(_text_alone, table))


def _text_alone(table: str, row: sqlite3.Row) -> Finding:
    name, url = str(row["id"]), row["url"]
    if not is_text(row):
        return Finding(verdict="mismatch", table=table, row=name, url=url, detail=_UNTRUE)
    return Finding(verdict="unverifiable", table=table, row=name, url=url, detail="there is no pages file")


def _is_unsealed(files: Files, article: int) -> bool:
    return files.main.execute("SELECT 1 FROM unsealed WHERE article = ?", (article,)).fetchone() is not None


def _is_removed(files: Files, text: str) -> bool:
    return files.pages.execute("SELECT 1 FROM removals WHERE text = ?", (text,)).fetchone() is not None


_REQUEST = "SELECT * FROM requests WHERE archive = ? AND number = ?"

_RUN = "SELECT 1 FROM runs WHERE id = ?"

_NUMBERS = "SELECT number FROM fetches WHERE archive = ? AND number BETWEEN 1 AND ? ORDER BY number"

_TEXTS = {
    "articles": """
SELECT id, id AS article, url, headline, lede, body, page, hash, extractor FROM articles WHERE fetched_at >= ?""",
    "revisions": """
SELECT r.id, r.article, a.url, r.headline, r.lede, r.body, r.page, r.hash, r.extractor
FROM revisions AS r LEFT JOIN articles AS a ON a.id = r.article WHERE r.seen_from >= ?""",
}

_NOTED = """
SELECT archive, number FROM texts WHERE text = :hash AND url = :url AND page IS :page AND extractor = :extractor"""

_HOLDER = """
SELECT 1 FROM (SELECT id AS article FROM articles WHERE hash = :text UNION ALL SELECT article FROM revisions WHERE hash = :text)
WHERE article IN (SELECT article FROM addresses WHERE url IN (SELECT value FROM json_each(:urls))) LIMIT 1"""

_READ_ANEW = """
SELECT article FROM sightings
WHERE article IN (SELECT article FROM addresses WHERE url IN (SELECT value FROM json_each(:urls)))
    AND page = :page AND (text <> :text OR outcome = 'rejected') LIMIT 1"""

_WITHDRAWN = """
SELECT 1 FROM entries WHERE state = 'rejected' AND url IN (SELECT value FROM json_each(:urls))
UNION ALL SELECT 1 FROM withdrawn AS w, json_each(w.sightings) AS s WHERE json_extract(s.value, '$.text') = :text LIMIT 1"""

_SIGHTINGS = """
SELECT s.*, s.text IS NULL OR EXISTS (SELECT 1 FROM articles WHERE hash = s.text AND +id = s.article)
    OR EXISTS (SELECT 1 FROM revisions WHERE hash = s.text AND +article = s.article) AS held
FROM sightings AS s WHERE s.at >= ?"""

_SEEN = """
SELECT archive, number, outcome, page FROM requests
WHERE kind = 'page' AND at = :at AND url IN (SELECT value FROM json_each(:urls))"""

_PLACED = "SELECT 1 FROM entries WHERE url = :url AND article = :article AND feed IS NULL AND attempts = 0"

_OTHER_PAGES = "SELECT page FROM sightings WHERE article = ? AND page <> ?"
