"""From what was seen to what is told: `revisions`, `absences` and the last columns of `articles`, worked out of `sightings`.

Whoever changes the sightings of an article (a look, a new reading of old pages, a merge, an import) calls `derive` in the same
transaction. It may be called at any time and writes only what differs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from newsarchive.archive.files import stamp
from newsarchive.archive.history import Absence, History, Sighting, Standing, history
from newsarchive.archive.rows import RECORD, TEXT
from newsarchive.errors import ArchiveError

Reading = Mapping[str, object]

_REVISION = ("article", "number", "seen_from", "seen_until", "page", *TEXT)


def derive(
    connection: sqlite3.Connection,
    article: int,
    readings: Mapping[str, Reading] = MappingProxyType({}),
) -> History:
    """Bring an article's row, its revisions and its absences in line with its sightings.

    Args:
        connection: with the index's functions registered; the caller holds a transaction.
        article: its id.
        readings: by hash, the texts that neither `articles` nor `revisions` holds yet, as columns of `articles`; one that
            is there already is replaced by what is given here.

    Returns:
        What the sightings say.

    Raises:
        ArchiveError: a sighting names a text that is nowhere: the file is damaged.
    """
    told = history(sightings(connection, article))
    if not told.standings:
        return told
    row = connection.execute("SELECT * FROM articles WHERE id = ?", (article,)).fetchone()
    known = {**_known(connection, article, row), **readings}
    if missing := {one.text for one in told.standings} - known.keys():
        raise ArchiveError(
            f"article {article}: its text {min(missing)} is missing; restore a snapshot, or read its page again with `newsarchive reextract`"
        )
    _update_article(connection, row, told, known)
    _update_revisions(connection, article, told.standings[:-1], known)
    _update_absences(connection, article, told.absences)
    return told


def sightings(connection: sqlite3.Connection, article: int) -> list[Sighting]:
    """Return all sightings of an article."""
    rows = connection.execute("SELECT * FROM sightings WHERE article = ?", (article,))
    return [
        Sighting(
            at=datetime.fromisoformat(row["at"]),
            outcome=row["outcome"],
            url=row["url"],
            page=row["page"] or "",
            text=row["text"] or "",
        )
        for row in rows
    ]


def marks(told: History) -> dict[str, object]:
    """Return what the history of an article, of which a text was seen, makes of the last columns of its row."""
    today = told.standings[-1]
    gone = told.absences[-1] if told.absences and told.absences[-1].back_at is None else None
    return {
        "page": today.page or None,
        "fetched_at": stamp(today.seen_from),
        "revisions": len(told.standings) - 1,
        "revised_at": stamp(today.seen_from) if len(told.standings) > 1 else None,
        "gone_since": stamp(gone.gone_since) if gone else None,
        "gone_reason": gone.outcome if gone else None,
    }


def span(number: int, one: Standing) -> dict[str, object]:
    """Return what is told of an earlier text beside the text itself, as columns of `revisions`."""
    return {
        "number": number,
        "seen_from": stamp(one.seen_from),
        "seen_until": stamp(one.seen_until),
        "page": one.page or None,
    }


def times_gone(one: Absence) -> tuple[str, str | None, str]:
    """Return a row of `absences`, without the article."""
    return stamp(one.gone_since), stamp(one.back_at) if one.back_at else None, one.outcome


def _known(connection: sqlite3.Connection, article: int, row: sqlite3.Row) -> dict[str, Reading]:
    revisions = connection.execute("SELECT * FROM revisions WHERE article = ?", (article,)).fetchall()
    known: dict[str, Reading] = {one["hash"]: {name: one[name] for name in TEXT} for one in revisions}
    return {**known, row["hash"]: {name: row[name] for name in RECORD}}


def _update_article(
    connection: sqlite3.Connection, row: sqlite3.Row, told: History, known: Mapping[str, Reading]
) -> None:
    new = {name: row[name] for name in RECORD}
    new |= known[told.standings[-1].text]
    new |= marks(told)
    changed = {name: value for name, value in new.items() if value != row[name]}
    if changed:
        columns = ", ".join(f"{name} = :{name}" for name in changed)
        sql = f"UPDATE articles SET {columns} WHERE id = :id"  # noqa: S608 - our own column names
        connection.execute(sql, {**changed, "id": row["id"]})
        connection.execute(_SORT, (row["id"],))


def _update_revisions(
    connection: sqlite3.Connection, article: int, earlier: Iterable[Standing], known: Mapping[str, Reading]
) -> None:
    wanted = [
        {**known[one.text], "article": article, **span(number, one)} for number, one in enumerate(earlier, 1)
    ]
    there = connection.execute(
        "SELECT * FROM revisions WHERE article = ? ORDER BY number", (article,)
    ).fetchall()
    same = 0
    while same < min(len(wanted), len(there)) and all(
        wanted[same][name] == there[same][name] for name in _REVISION
    ):
        same += 1
    if same == len(wanted) == len(there):
        return
    connection.execute("DELETE FROM revisions WHERE article = ? AND number > ?", (article, same))
    columns, marks = ", ".join(_REVISION), ", ".join(f":{name}" for name in _REVISION)
    connection.executemany(f"INSERT INTO revisions ({columns}) VALUES ({marks})", wanted[same:])  # noqa: S608 - our own column names


def _update_absences(connection: sqlite3.Connection, article: int, absences: Iterable[Absence]) -> None:
    wanted = [(article, *times_gone(one)) for one in absences]
    sql = "SELECT article, gone_since, back_at, outcome FROM absences WHERE article = ? ORDER BY gone_since"
    if [tuple(row) for row in connection.execute(sql, (article,))] != wanted:
        connection.execute("DELETE FROM absences WHERE article = ?", (article,))
        connection.executemany("INSERT INTO absences VALUES (?, ?, ?, ?)", wanted)


_SORT = """
UPDATE articles SET sort_at = min(coalesce(published, date || 'T12:00:00Z', first_seen), first_seen)
WHERE id = ? AND sort_at <> min(coalesce(published, date || 'T12:00:00Z', first_seen), first_seen)"""
