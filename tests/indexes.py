"""What the search indexes hold, term by term, and what they would hold if they were filled anew."""

from __future__ import annotations

import sqlite3

from newsarchive.archive.index import refill

INDEXES = ("articles_fts", "articles_stems")
_TOTALS = 1  # id of the row with the number of articles and of words, by which ranks are weighed


def held(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return where each term of both indexes stands, how long their rows are, and their totals."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for index in INDEXES:
        connection.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, {index}, instance)")
        found[index] = _rows(connection, "SELECT * FROM temp.vocabulary ORDER BY 1, 2, 3, 4")
        connection.execute("DROP TABLE temp.vocabulary")
        found[f"{index}, lengths"] = _rows(connection, f"SELECT * FROM {index}_docsize ORDER BY id")  # noqa: S608 - our own tables
        ((totals,),) = _rows(connection, f"SELECT hex(block) FROM {index}_data WHERE id = {_TOTALS}")  # noqa: S608 - the same
        found[f"{index}, totals"] = [(str(totals).rstrip("0"),)]  # none at all are empty, or zeros
    return found


def fresh(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return the same of indexes that are filled anew, with the archive's own spellings; nothing changes."""
    connection.execute("SAVEPOINT before")
    try:
        refill(connection)
        return held(connection)
    finally:
        connection.execute("ROLLBACK TO before")
        connection.execute("RELEASE before")


def _rows(connection: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(sql)]
