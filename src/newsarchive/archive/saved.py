"""Saved searches: what `search --new NAME` looks for, and what it has shown already.

They are the user's, not the archive's, which may be readable only: one small SQLite file in the user's state folder. They belong to an
archive by its `archive_id`, so a copy of it shares them and another archive does not. Articles are remembered by address, since their
numbers differ from archive to archive.

A search holds the file from its first look to its end, so that two at once show nothing twice; what was shown is remembered only after it
was written, so that an error or a kill before then loses nothing: it is shown the next time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsarchive.archive.files import explained, stamp
from newsarchive.errors import ArchiveError, ConfigError, LockedError

FILE = "searches.db"
QUERY = "query"  # key of `asked`; what is given with it is a search of its own
_APPLICATION_ID = 0x53524348  # "SRCH"
_SCHEMA = 1  # user_version
_LONGEST_NAME = 64  # characters
_PATIENCE = 30.0  # seconds to wait for another; each takes a tenth, and cron may start many at once
_DAMAGED = "it is damaged; salvage it with `sqlite3 FILE .recover`, or take it away and begin anew"
_TABLES = (
    """CREATE TABLE searches (
    archive    TEXT NOT NULL,  -- the archive_id in its meta
    name       TEXT NOT NULL,
    asked      TEXT NOT NULL,  -- query and options as typed, a JSON object
    created_at TEXT NOT NULL,
    PRIMARY KEY (archive, name)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shown (
    archive TEXT NOT NULL,
    name    TEXT NOT NULL,
    url     TEXT NOT NULL,  -- the article's canonical address
    PRIMARY KEY (archive, name, url)
) STRICT, WITHOUT ROWID""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A saved search, as `newsarchive searches` lists it.

    Attributes:
        name: what it is called by.
        asked: its query and options, as typed.
        created_at: UTC.
        shown: how many articles it has shown.
    """

    name: str
    asked: dict[str, Any]
    created_at: datetime
    shown: int


class Saved:
    """A saved search at work; see `saved_search`.

    Attributes:
        asked: what to search for, by option.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, key: tuple[str, str], asked: dict[str, Any]
    ) -> None:
        self.asked = asked
        self._connection = connection
        self._path = path
        self._key = key

    def is_new(self, url: str) -> bool:
        """Say whether the article at this canonical address was never shown by this search.

        Raises:
            ArchiveError: the file is damaged.
        """
        with _told(self._path):
            return self._connection.execute(_IS_SHOWN, (*self._key, url)).fetchone() is None

    def shown(self, urls: Iterable[str]) -> None:
        """Remember articles, for good when this returns. Call it once, when they are written and flushed: it lets go of the file.

        Raises:
            ArchiveError: they cannot be remembered, such as on a full disk; they will be shown again.
        """
        rows = [(*self._key, url) for url in urls]
        with _told(self._path):
            self._connection.executemany(_REMEMBER, rows)
            self._connection.execute("COMMIT")


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what the program remembers of its user, whether it exists or not.

    Raises:
        ConfigError: there is no home to have it in.
    """
    named = environment.get("XDG_STATE_HOME", "")
    if Path(named).is_absolute():  # any other is to be ignored, says the XDG base directory specification
        return Path(named) / "newsarchive"
    if not environment.get("HOME"):
        raise ConfigError("saved searches need a folder to be kept in; set XDG_STATE_HOME to the path of one")
    return Path(environment["HOME"], ".local/state/newsarchive")


@contextmanager
def saved_search(
    folder: Path,
    archive_id: str,
    name: str,
    asked: Mapping[str, Any] | None,
    now: datetime,
    *,
    patience: float = _PATIENCE,
) -> Iterator[Saved]:
    """Run a saved search, and hold the file until it ends.

    What is given with a query is saved in the place of what was; options alone go over the saved ones, for this time. It is saved when
    `shown` is called or the block ends well: a query that is refused is not.

    Args:
        folder: where the file is or will be, `state_folder()`.
        archive_id: of the archive that is searched.
        name: of the search.
        asked: query and options as typed, JSON values; an empty or false one was not given.
        now: aware.
        patience: seconds to wait for another that is at work.

    Raises:
        ConfigError: a name that cannot be one, or a new one with nothing to search for.
        LockedError: another is at work all that time.
        ArchiveError: the file cannot be used; it was not changed.
    """
    key = (archive_id, _checked(name))
    given = {option: value for option, value in (asked or {}).items() if value}
    path = folder / FILE
    _make(path)
    with closing(_connect(path, patience)) as connection:
        with _told(path):
            _begin(connection, path)
            row = connection.execute(_ASKED, key).fetchone()
            saved = _options(row[0]) if row and QUERY not in given else given
        if not (row or given):
            raise _none_such(key[1], "say what it is to look for", saved_searches(folder, archive_id))
        values = (*key, json.dumps(saved), stamp(now))
        with _told(path):
            connection.execute(_SAVE, values)
        yield Saved(connection, path, key, saved | given)
        with _told(path):
            if connection.in_transaction:
                connection.execute("COMMIT")


def saved_searches(folder: Path, archive_id: str) -> tuple[SavedSearch, ...]:
    """Return the saved searches of an archive, by name.

    Raises:
        LockedError: one is being written all the time.
        ArchiveError: the file cannot be used.
    """
    path = folder / FILE
    with _told(path):
        if not path.exists():
            return ()
    with closing(_connect(path, _PATIENCE)) as connection, _told(path):
        rows = connection.execute(_LIST, (archive_id,)).fetchall() if _is_ours(connection, path) else []
        return tuple(
            SavedSearch(name=name, asked=_options(asked), created_at=datetime.fromisoformat(at), shown=shown)
            for name, asked, at, shown in rows
        )


def forget(folder: Path, archive_id: str, name: str) -> None:
    """Forget a saved search and what it has shown.

    Raises:
        ConfigError: there is none of this name.
        LockedError: another is at work all the time.
        ArchiveError: the file cannot be used; it was not changed.
    """
    path, name = folder / FILE, _checked(name)
    known = saved_searches(folder, archive_id)
    if name not in {search.name for search in known}:
        raise _none_such(name, "nothing was forgotten", known)
    with closing(_connect(path, _PATIENCE)) as connection, _told(path):
        _begin(connection, path)
        for sql in _FORGET:
            connection.execute(sql, (archive_id, name))
        connection.execute("COMMIT")


def _checked(name: str) -> str:
    """Return a name in the one spelling that looks like it."""
    name = unicodedata.normalize("NFC", name).strip(" ")
    if not (0 < len(name) <= _LONGEST_NAME and name.isprintable()):
        raise ConfigError(
            f"{name[:_LONGEST_NAME]!r} cannot name a saved search; take 1 to {_LONGEST_NAME} visible characters"
        )
    return name


def _none_such(name: str, then: str, known: Iterable[SavedSearch]) -> ConfigError:
    names = ", ".join(repr(search.name) for search in known)
    return ConfigError(f"no saved search {name!r} of this archive; {then} (there are: {names or 'none yet'})")


def _options(text: str) -> dict[str, Any]:
    """Read the options of a search, a JSON object."""
    return dict(json.loads(text))


def _make(path: Path) -> None:
    """Make the file and its folder if they are not there; an empty file is filled by the first that holds it."""
    with _told(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _told(path), suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    with _told(path):
        return sqlite3.connect(path, timeout=patience, isolation_level=None)


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    """Hold the file until the end of the transaction, and find out at once whether it can be written to."""
    connection.execute("BEGIN IMMEDIATE")
    if not _is_ours(connection, path):
        for sql in _TABLES:
            connection.execute(sql)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {_SCHEMA}")  # a write, even if it changes nothing


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Say whether the file is filled; False: it is empty.

    Raises:
        ArchiveError: it is another program's, or of a newer newsarchive.
    """
    kind, version, tables = (
        connection.execute(sql).fetchone()[0]
        for sql in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if kind == version == tables == 0:
        return False
    if kind != _APPLICATION_ID:
        raise ArchiveError(
            f"{path}: is a database of another program; it was not touched: take it away, or set XDG_STATE_HOME to another folder"
        )
    if version > _SCHEMA:
        raise ArchiveError(
            f"{path}: was written by a newer newsarchive (schema {version}, this one knows {_SCHEMA}); upgrade it"
        )
    return True


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Do as `explained`, but say of this file what is otherwise than of an archive.

    Raises:
        LockedError: another saved search is at work.
        ArchiveError: anything else that is wrong with the file.
    """
    with explained(path):
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")  # none in an error of Python's own
            if name.startswith("SQLITE_BUSY"):
                raise LockedError(f"{path}: in use by another saved search; run this one again") from error
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise ArchiveError(f"{path}: {_DAMAGED}") from error
            raise
        except (ValueError, TypeError) as error:  # of a cell that this program did not write so
            raise ArchiveError(f"{path}: {_DAMAGED}") from error


_ASKED = "SELECT asked FROM searches WHERE archive = ? AND name = ?"
_SAVE = """INSERT INTO searches (archive, name, asked, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (archive, name) DO UPDATE SET asked = excluded.asked"""
_IS_SHOWN = "SELECT 1 FROM shown WHERE archive = ? AND name = ? AND url = ?"
_REMEMBER = "INSERT INTO shown (archive, name, url) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_LIST = """SELECT name, asked, created_at,
    (SELECT count(*) FROM shown AS w WHERE w.archive = s.archive AND w.name = s.name)
FROM searches AS s WHERE archive = ? ORDER BY name"""
_FORGET = (
    "DELETE FROM shown WHERE archive = ? AND name = ?",
    "DELETE FROM searches WHERE archive = ? AND name = ?",
)
