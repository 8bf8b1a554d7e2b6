"""Articles that a new reading withdraws: what was seen of them is kept, so that a later reading brings them back as they were.

A withdrawn article has no row in `articles`: it is not found, not looked at and not exported. Its row in `withdrawn` holds its
number, its addresses and its sightings as they were before; its texts are read again from its pages.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsarchive.archive.derive import Reading
from newsarchive.archive.history import Sighting
from newsarchive.archive.rows import GIVE_BACK, KEEP_ADDRESS, RECORD, stamp_or_none
from newsarchive.models import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An article that was withdrawn.

    Attributes:
        article: its number.
        source: key of its source.
        entry: id of the entry that leads to it.
        sightings: what was seen of it, as it was read before it was withdrawn.
    """

    article: int
    source: str
    entry: int
    sightings: tuple[Sighting, ...]


def remember(connection: sqlite3.Connection, article: int) -> None:
    """Keep what was seen of an article, within a transaction of the caller; before anything is read anew."""
    connection.execute(_REMEMBER, {"article": article})


def forget(connection: sqlite3.Connection, article: int) -> None:
    """Let go of what was kept of an article, within a transaction of the caller: it stands in `articles`."""
    connection.execute("DELETE FROM withdrawn WHERE article = ?", (article,))


def withdraw(connection: sqlite3.Connection, article: int, why: Rejected) -> None:
    """Take out an article that was remembered, within a transaction of the caller; its pages stay."""
    connection.execute(_WITHDRAW, (why.reason, why.detail, article))
    connection.execute("DELETE FROM articles WHERE id = ?", (article,))


def withdrawn(connection: sqlite3.Connection, source: str | None) -> Iterator[Withdrawn]:
    """Yield the withdrawn articles of a source, or of all, but for those that were removed since."""
    for row in connection.execute(_WITHDRAWN, (source, source)).fetchall():
        seen = tuple(
            Sighting(
                at=datetime.fromisoformat(one["at"]),
                outcome=one["outcome"],
                url=one["url"],
                page=one["page"] or "",
                text=one["text"] or "",
            )
            for one in json.loads(row["sightings"])
        )
        yield Withdrawn(article=row["article"], source=row["source"], entry=row["entry"], sightings=seen)


def bring_back(
    connection: sqlite3.Connection, article: int, entry: int, record: Reading, *, next_look: datetime | None
) -> int:
    """Give a withdrawn article its number, addresses and sightings again, within a transaction of the caller, who derives the rest.

    If its address is another article's by now (it was imported, or came by a merge), they are one.

    Args:
        connection: with the index's functions registered.
        article: its number.
        entry: the one that leads to it.
        record: a reading of one of its pages.
        next_look: when it is looked at again; None: never.

    Returns:
        The number of the article that has its sightings now.
    """
    row = connection.execute("SELECT * FROM withdrawn WHERE article = ?", (article,)).fetchone()
    other = connection.execute(_STANDS_THERE, {"article": article}).fetchone()[0]
    home = article if other is None else int(other)
    if other is None:
        _insert(connection, row, entry, record)
    else:
        connection.execute(_SEEN_FIRST, {"article": home, "first_seen": row["first_seen"]})
    for one in json.loads(row["addresses"]):
        connection.execute(KEEP_ADDRESS, (one["url"], home, one["kind"]))
    connection.execute(_SEEN, {"article": article, "home": home})
    look = stamp_or_none(next_look) if other is None else None  # the other one's entry carries its looks
    connection.execute(_SETTLE, {"article": article, "home": home, "entry": entry, "next_look": look})
    forget(connection, article)
    return home


def _insert(connection: sqlite3.Connection, row: sqlite3.Row, entry: int, record: Reading) -> None:
    taken = connection.execute(_TAKEN, {"url": row["url"]}).fetchone()
    asked = connection.execute("SELECT url FROM entries WHERE id = ?", (entry,)).fetchone()["url"]
    values = {
        **{name: record[name] for name in RECORD},
        "id": row["article"],
        "source": row["source"],
        "url": asked if taken else row["url"],
        "first_seen": row["first_seen"],
        "fetched_at": row["first_seen"],
        "sort_at": row["first_seen"],
    }
    connection.execute(GIVE_BACK, values)
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO articles ({columns}) VALUES ({marks})", values)  # noqa: S608 - our own column names


_REMEMBER = """
INSERT INTO withdrawn (article, source, url, first_seen, addresses, sightings)
SELECT id, source, url, first_seen,
    (SELECT json_group_array(json_object('url', url, 'kind', kind))
     FROM (SELECT url, kind FROM addresses WHERE article = :article ORDER BY url)),
    (SELECT json_group_array(json_object('at', at, 'outcome', outcome, 'url', url, 'page', page, 'text', text))
     FROM (SELECT * FROM sightings WHERE article = :article ORDER BY at, outcome, url, page, text))
FROM articles WHERE id = :article"""

_WITHDRAW = """
UPDATE entries SET state = 'rejected', outcome = ?, detail = ?, next_try = NULL, article = NULL WHERE article = ?"""

_OWN = "SELECT json_extract(value, '$.url') FROM json_each(w.addresses) WHERE json_extract(value, '$.kind') <> 'stated'"

_WITHDRAWN = f"""
SELECT w.*, min(e.id) AS entry FROM withdrawn AS w JOIN entries AS e ON e.url IN ({_OWN})
WHERE (? IS NULL OR w.source = ?)
    AND NOT EXISTS (SELECT 1 FROM entries WHERE state = 'removed' AND url IN ({_OWN}))
GROUP BY w.article ORDER BY w.article"""  # noqa: S608 - our own constants

_STANDS_THERE = f"""
SELECT min(a.article) FROM withdrawn AS w JOIN addresses AS a ON a.url IN ({_OWN})
WHERE w.article = :article AND a.kind <> 'stated'"""  # noqa: S608 - our own constants

_TAKEN = "SELECT 1 FROM addresses WHERE url = :url UNION ALL SELECT 1 FROM articles WHERE url = :url"

_SEEN_FIRST = "UPDATE articles SET first_seen = min(first_seen, :first_seen) WHERE id = :article"

_SEEN = """
INSERT OR IGNORE INTO sightings (article, at, outcome, url, page, text)
SELECT :home, json_extract(s.value, '$.at'), json_extract(s.value, '$.outcome'), json_extract(s.value, '$.url'), json_extract(s.value, '$.page'), json_extract(s.value, '$.text')
FROM withdrawn AS w, json_each(w.sightings) AS s WHERE w.article = :article"""

# The page is asked for anew: what its validators vouch for may not have been an article.
_SETTLE = f"""
UPDATE entries SET state = 'done', outcome = NULL, detail = NULL, article = :home, etag = NULL, last_modified = NULL,
    etag_page = NULL, next_try = CASE WHEN id = :entry THEN :next_look END
WHERE state = 'rejected' AND url IN (SELECT e.url FROM withdrawn AS w JOIN entries AS e ON e.url IN ({_OWN}) WHERE w.article = :article)"""  # noqa: S608 - our own constants
