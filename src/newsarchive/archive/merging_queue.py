"""What else is merged of the main file: outlets, feeds, the queue, hosts, runs and requests. Ours and theirs, row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection

from newsarchive.archive.evidence import fetch_columns
from newsarchive.archive.merging_checks import is_sound
from newsarchive.archive.pages import Pages
from newsarchive.archive.sides import Other, Side
from newsarchive.archive.uniting import Row, later, unite_entries
from newsarchive.errors import ArchiveError


def take_sources(connection: sqlite3.Connection, other: Side, left_out: list[str]) -> None:
    """Take in outlets and feeds: of an outlet the row that was there first, of a feed the one that was asked last."""

    def earlier(row: Row, own: Row) -> bool:
        return later(row, "first_seen") < later(own, "first_seen")

    def asked_later(row: Row, own: Row) -> bool:
        return later(row, "checked_at") > later(own, "checked_at")

    _take(connection, other, "sources", earlier, left_out)
    _take(connection, other, "feeds", asked_later, left_out)


def take_hosts(connection: sqlite3.Connection, other: Side, left_out: list[str]) -> None:
    """Take in what hosts told: of the row of whoever asked last."""

    def asked_later(row: Row, own: Row) -> bool:
        clocks = ("asked_at", "robots_at", "paused_until")
        return later(row, *clocks) > later(own, *clocks)

    _take(connection, other, "hosts", asked_later, left_out)


def take_entries(
    connection: sqlite3.Connection, other: Side, sound: Collection[int], left_out: list[str]
) -> None:
    """Take in the queue, after the articles; not the entry of an article that is not among the `sound` ones."""
    for row in other.rows("SELECT * FROM entries ORDER BY id"):
        lost = row["article"] is not None and row["article"] not in sound
        if lost or not (is_sound(row) and _is_cited(connection, row)):
            left_out.append(f"entries {row['id']}")
            continue
        home = connection.execute("SELECT home FROM taken WHERE theirs = ?", (row["article"],)).fetchone()
        theirs = {**dict(row), "article": home[0] if home else None}
        own = connection.execute("SELECT * FROM entries WHERE url = ?", (row["url"],)).fetchone()
        if own is None:
            entry: Row = unite_entries(theirs, theirs)
            _insert(connection, "entries", {**entry, "guid": None})
        else:
            entry = unite_entries(dict(own), {**theirs, "id": own["id"]})
            held = own["guid"] if entry["guid"] else None  # what was removed has none
            _update(connection, "entries", {**entry, "guid": held}, "url")
        if entry["guid"]:
            _give_guid(connection, entry)
    connection.execute(_ONE_LOOKS)


def take_runs(connection: sqlite3.Connection, other: Other, pages: Pages, left_out: list[str]) -> None:
    """Take in runs and requests, each under the archive whose they are; a request that has a number as our evidence tells it.

    Raises:
        ArchiveError: a run of one archive has two rows: a copy of it went on by itself.
    """
    runs: dict[int, int] = {}
    for row in other.news.rows("SELECT * FROM runs ORDER BY id"):
        if not is_sound(row):
            left_out.append(f"runs {row['id']}")
            continue
        whose = {"archive": row["archive"] or other.archive_id, "number": row["number"] or row["id"]}
        own = connection.execute(_RUN, {**whose, "own": pages.archive_id}).fetchone()
        if own and own["started_at"] != row["started_at"]:
            raise ArchiveError(
                f"{other.news.path}: run {whose['number']} of archive {whose['archive']} is another there than here: two copies of that "
                "archive went on apart; nothing was merged"
            )
        if own is None and whose["archive"] == pages.archive_id:  # only we number our runs
            left_out.append(f"runs {row['id']}")
            continue
        if own is None:
            runs[row["id"]] = _insert(connection, "runs", {**dict(row), **whose})
            continue
        runs[row["id"]] = own["id"]
        if row["outcome"] and not own["outcome"] and own["archive"]:  # it was at work when it was taken in
            _update(connection, "runs", {**dict(row), **whose, "id": own["id"]}, "id")
    for row in other.news.rows("SELECT * FROM fetches ORDER BY id"):
        told = _as_told(pages, row)
        if told is None:
            left_out.append(f"fetches {row['id']}")
        else:
            _take_fetch(connection, {**told, "run": runs.get(row["run"])})


def _as_told(pages: Pages, row: sqlite3.Row) -> Row | None:
    """Return a row of `fetches` as the request says of which it tells; None if that is not here, or the row is damaged."""
    if row["number"] is None:
        return dict(row) if is_sound(row) else None
    sql = "SELECT * FROM requests WHERE archive = ? AND number = ?"
    request = pages.connection.execute(sql, (row["archive"], row["number"])).fetchone()
    return fetch_columns(request) if request else None


def _take_fetch(connection: sqlite3.Connection, row: Row) -> None:
    """Note a request once, whether or not one of the two archives has given it its number already."""
    if row["number"] is None:
        if connection.execute(_SAME_FETCH, row).fetchone() is None:
            _insert(connection, "fetches", row)
        return
    known = "SELECT 1 FROM fetches WHERE archive = :archive AND number = :number"
    if connection.execute(known, row).fetchone():
        return
    unnumbered = connection.execute(_SAME_FETCH + " AND number IS NULL", row).fetchone()
    if unnumbered:
        _update(connection, "fetches", {"id": unnumbered["id"], "number": row["number"]}, "id")
    else:
        _insert(connection, "fetches", row)


def _take(
    connection: sqlite3.Connection,
    other: Side,
    table: str,
    better: Callable[[Row, Row], bool],
    left_out: list[str],
) -> None:
    key = _KEYS[table]
    for row in other.rows(f"SELECT * FROM {table}"):  # noqa: S608 - one of three names
        if not (is_sound(row) and (table != "feeds" or _has_source(connection, row))):
            left_out.append(f"{table} {row[key]}")
            continue
        own = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (row[key],)).fetchone()  # noqa: S608 - the same
        if own is None:
            _insert(connection, table, dict(row))
        elif better(dict(row), dict(own)):
            _update(connection, table, dict(row), key)


def _has_source(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    sql = "SELECT 1 FROM sources WHERE key = ?"
    return connection.execute(sql, (row["source"],)).fetchone() is not None


def _is_cited(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Whether the source and the feed that an entry names are here."""
    sql = "SELECT 1 FROM feeds WHERE url = ?"
    has_feed = row["feed"] is None or connection.execute(sql, (row["feed"],)).fetchone() is not None
    return has_feed and _has_source(connection, row)


def _give_guid(connection: sqlite3.Connection, entry: Row) -> None:
    """Give an entry its guid, which only one of a source's can have: the one with the lowest address."""
    sql = "SELECT url FROM entries WHERE source = :source AND guid = :guid"
    holder = connection.execute(sql, entry).fetchone()
    if holder and holder["url"] <= str(entry["url"]):
        return
    if holder:
        connection.execute("UPDATE entries SET guid = NULL WHERE url = ?", (holder["url"],))
    connection.execute("UPDATE entries SET guid = :guid WHERE url = :url", entry)


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> int:
    """Insert a row of another archive under a number of our own, if the table has numbers."""
    values = {name: value for name, value in row.items() if name != "id"}
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    return int(connection.execute(sql, values).lastrowid or 0)


def _update(connection: sqlite3.Connection, table: str, row: Row, key: str) -> None:
    columns = ", ".join(f"{name} = :{name}" for name in row if name != "id")
    connection.execute(f"UPDATE {table} SET {columns} WHERE {key} = :{key}", row)  # noqa: S608 - our own names


_KEYS = {"sources": "key", "feeds": "url", "hosts": "host"}

# An article has one entry that carries its looks.
_ONE_LOOKS = """
UPDATE entries AS e SET next_try = NULL
WHERE next_try IS NOT NULL AND article IS NOT NULL AND EXISTS (
    SELECT 1 FROM entries AS o WHERE o.article = e.article AND o.next_try IS NOT NULL AND o.url < e.url)"""

_RUN = """
SELECT * FROM runs WHERE archive = :archive AND number = :number
UNION ALL SELECT * FROM runs WHERE :archive = :own AND archive IS NULL AND id = :number"""

_SAME_FETCH = """
SELECT id FROM fetches
WHERE archive = :archive AND url = :url AND at = :at AND kind = :kind AND source = :source AND seconds = :seconds
    AND status IS :status AND outcome = :outcome AND page IS :page """
