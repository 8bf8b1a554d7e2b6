"""Which of the databases that Datasette serves are archives."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from newsarchive.archive.files import APPLICATION_ID, SCHEMA

if TYPE_CHECKING:
    from datasette.app import Datasette  # which imports its plugins

Columns = frozenset[str]
_KNOWN: WeakKeyDictionary[Datasette, Mapping[str, Columns]] = WeakKeyDictionary()


def is_archive(connection: sqlite3.Connection) -> bool:
    """Whether this is an archive of the schema that this program knows; one that cannot be read is none."""
    try:
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        ]
    except sqlite3.Error:
        return False
    return found == [APPLICATION_ID, SCHEMA]


async def learn(datasette: Datasette) -> None:
    """Find the archives among the databases, for `known_archives`."""
    found = {name: await db.execute_fn(_columns) for name, db in datasette.databases.items()}
    _KNOWN[datasette] = {name: columns for name, columns in found.items() if columns}


def known_archives(datasette: Datasette) -> Mapping[str, Columns]:
    """Return the columns of `articles` by the name of the database; nothing before `learn`."""
    return _KNOWN.get(datasette, {})


def _columns(connection: sqlite3.Connection) -> Columns:
    if not is_archive(connection):
        return frozenset()
    return frozenset(row[1] for row in connection.execute("PRAGMA table_info(articles)"))
