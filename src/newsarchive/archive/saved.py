"""Saved searches: what `search --new NAME` looks for, and what it has shown already.

They are the user's, not the archive's, which may be readable only: one small SQLite file in the user's state folder. They belong to an
archive by its `archive_id`, so a copy of it shares them and another archive does not.

**By what an article is remembered.** One of the addresses that it was asked for or reached at, its own; whether it was shown is asked of
all of them. An address of its own never leaves an article: only what a page states of itself changes hands (`rows.KEEP_ADDRESS`), an article that is
withdrawn has the same ones when it is back, and a merge moves them with all that is known of it. The address that it is filed under may be a mere claim,
which is another article's tomorrow. Numbers are given again in an archive that was restored from a snapshot, and a merge drops the number of one of two
articles that are one; a merge may bring an earlier sighting, an outlet another text. Where in doubt an article is shown once too often: one without
an address of its own, which no program of ours writes, is remembered by the one that it is filed under.

**Who waits for whom.** A run holds a lock of its search's name from its first look to its end, so that two of one name at once show nothing twice,
however slowly one is read (`search --new a | less`); other searches go on, since the file itself is held for moments only. What was shown is
remembered after it was written, so that an error or a kill before then loses nothing: it is shown the next time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from newsarchive.archive.files import explained, stamp
from newsarchive.archive.finding import Sort
from newsarchive.archive.query import Reading
from newsarchive.errors import ArchiveError, ConfigError, LockedError

FILE = "searches.db"
QUERY = "query"  # key of `asked`; what is given with it is a search of its own
_APPLICATION_ID = 0x53524348  # "SRCH"
_SCHEMA = 1  # user_version
_LONGEST_NAME = 64  # characters
_PATIENCE = 30.0  # seconds to wait for another of one name, or for a write; each takes a tenth
_PAUSE = 0.02  # seconds between two looks whether it has ended
_TEXTS = frozenset({QUERY, "source", "since", "until", "language"})  # options by what they hold
_FLAGS = frozenset({"any", "stories"})
_CHOICES = {"in": ("text", "headline"), "reading": get_args(Reading), "sort": get_args(Sort)}
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
    url     TEXT NOT NULL,  -- an address that the article was asked for or reached at, in canonical spelling
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
        self, connection: sqlite3.Connection, path: Path, row: tuple[str, ...], asked: dict[str, Any]
    ) -> None:
        self.asked = asked
        self._connection = connection
        self._path = path
        self._row = row

    def is_new(self, addresses: Iterable[str]) -> bool:
        """Say whether an article was never shown by this search, by its own addresses.

        Raises:
            ArchiveError: the file is damaged.
        """
        with _told(self._path):
            row = (*self._row[:2], json.dumps(list(addresses)))
            return self._connection.execute(_IS_SHOWN, row).fetchone() is None

    def shown(self, addresses: Iterable[str]) -> None:
        """Save the search and remember articles, for good when this returns. Call it once, when they are written and flushed.

        Args:
            addresses: one of each article's own.

        Raises:
            LockedError: others write all the time.
            ArchiveError: they cannot be remembered, such as on a full disk; they will be shown again.
        """
        rows = [(*self._row[:2], url) for url in addresses]
        with _told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(_SAVE, self._row)
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
    """Run a saved search; another run of the same name waits until the block ends.

    What is given with a query is saved in the place of what was; options alone go over the saved ones, for this time. It is saved when
    `shown` is called: a query that is refused is not.

    Args:
        folder: where the file is or will be, `state_folder()`.
        archive_id: of the archive that is searched.
        name: of the search.
        asked: query and options as typed, by name, texts and flags; None: it was not given.
        now: aware.
        patience: seconds to wait for another that is at work.

    Raises:
        ConfigError: a name that cannot be one, or a new one with nothing to search for.
        LockedError: another is at work all that time.
        ArchiveError: the file cannot be used; it was not changed.
    """
    key = (archive_id, _checked(name))
    given = {option: value for option, value in (asked or {}).items() if value is not None}
    path = folder / FILE
    _make(path)
    with _alone(path, key, patience), closing(_connect(path, patience)) as connection:
        with _told(path):
            _begin(connection, path)
            row = connection.execute(_ASKED, key).fetchone()
            connection.execute("COMMIT")
        if not (row or given):
            raise _none_such(key[1], "say what it is to look for", saved_searches(folder, archive_id))
        saved = _options(path, key[1], row[0]) if row and QUERY not in given else given
        yield Saved(connection, path, (*key, json.dumps(saved), stamp(now)), saved | given)


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
            SavedSearch(
                name=name,
                asked=_options(path, name, asked),
                created_at=datetime.fromisoformat(at),
                shown=shown,
            )
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
    key = (archive_id, name)
    with _alone(path, key, _PATIENCE), closing(_connect(path, _PATIENCE)) as connection, _told(path):
        _begin(connection, path)
        for sql in _FORGET:
            connection.execute(sql, key)
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


def _options(path: Path, name: str, text: str) -> dict[str, Any]:
    """Read the options of a search, a JSON object.

    Raises:
        ArchiveError: this program did not write it so.
    """
    try:
        asked = dict(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        asked = {"": text}
    if not all(_is_sound(option, value) for option, value in asked.items()):
        raise ArchiveError(f"{path}: the saved search {name!r} is damaged; give its query again with --new")
    return asked


def _is_sound(option: str, value: object) -> bool:
    if option in _CHOICES:
        return value in _CHOICES[option]
    return isinstance(value, bool) if option in _FLAGS else option in _TEXTS and isinstance(value, str)


@contextmanager
def _alone(path: Path, key: tuple[str, str], patience: float) -> Iterator[None]:
    """Hold the lock of one search, a file of no bytes that stays; the system frees it when the process ends, however it ends.

    Raises:
        LockedError: another holds it all that time.
        ArchiveError: the folder cannot be used.
    """
    mark = hashlib.sha256("\n".join(key).encode()).hexdigest()[:16]
    lock = path.with_name(f"{path.stem}.{mark}.lock")
    with _told(lock):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        until = time.monotonic() + patience
        while not _got(handle, lock):
            if time.monotonic() >= until:
                raise LockedError(f"{path}: the saved search {key[1]!r} is at work already; run it again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _got(handle: int, lock: Path) -> bool:
    with _told(lock), suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _make(path: Path) -> None:
    """Make the file and its folder if they are not there."""
    with _told(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _told(path), suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    with _told(path):
        return sqlite3.connect(path, timeout=patience, isolation_level=None)


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    """Hold the file until the end of the transaction, and find out at once whether it can be written to; an empty file is filled."""
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
        LockedError: another program holds the file.
        ArchiveError: anything else that is wrong with the file.
    """
    with explained(path):
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")  # none in an error of Python's own
            if name.startswith("SQLITE_BUSY"):
                raise LockedError(
                    f"{path}: another program writes to it all the time; run this one again"
                ) from error
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise ArchiveError(f"{path}: {_DAMAGED}") from error
            raise
        except (ValueError, TypeError) as error:  # of a cell that this program did not write so
            raise ArchiveError(f"{path}: {_DAMAGED}") from error


_ASKED = "SELECT asked FROM searches WHERE archive = ? AND name = ?"
_SAVE = """INSERT INTO searches (archive, name, asked, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (archive, name) DO UPDATE SET asked = excluded.asked"""
_IS_SHOWN = """
SELECT 1 FROM shown WHERE archive = ? AND name = ? AND url IN (SELECT value FROM json_each(?)) LIMIT 1"""
_REMEMBER = "INSERT INTO shown (archive, name, url) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_LIST = """SELECT name, asked, created_at,
    (SELECT count(*) FROM shown AS w WHERE w.archive = s.archive AND w.name = s.name)
FROM searches AS s WHERE archive = ? ORDER BY name"""
_FORGET = (
    "DELETE FROM shown WHERE archive = ? AND name = ?",
    "DELETE FROM searches WHERE archive = ? AND name = ?",
)
