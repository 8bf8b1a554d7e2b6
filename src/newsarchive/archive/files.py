"""Opening the two files: checks before the first byte is written, one lock, one clear line for each thing that can be wrong."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from newsarchive.errors import ArchiveError, LockedError

APPLICATION_ID = 0x4E455753  # "NEWS"
PAGES_APPLICATION_ID = 0x50414745  # "PAGE"
SCHEMA = 3  # user_version of the newest schema of the main file that this program knows
PAGES_SCHEMA = 2  # of the pages file
WITHOUT_PAGES = "without_pages"  # key in `meta` of a snapshot that was made without its pages file
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100  # bytes; version and application id stand at 60 and 68 (sqlite.org/fileformat.html)
_MODE = 0o640
_PAGE_SIZE = 4096  # bytes, SQLite's own
_SCHEMAS = {APPLICATION_ID: SCHEMA, PAGES_APPLICATION_ID: PAGES_SCHEMA}
_PAGE_SIZES = {PAGES_APPLICATION_ID: 16_384}  # packed pages of 2.5 KB took 3.2 KB each in smaller ones
_BUSY = 10_000  # milliseconds to wait for another connection's short write

_RESTORE = "restore a snapshot (take the -wal and -shm files beside it away first)"
_EXPLAINED = {
    "SQLITE_FULL": "the disk is full; free some space and run it again, what was stored is kept",
    "SQLITE_READONLY": "it cannot be written to; check the file's and the folder's permissions",
    "SQLITE_CORRUPT": f"it is damaged; keep a copy and {_RESTORE}, or salvage with `sqlite3 FILE .recover`",
    "SQLITE_NOTADB": f"it is damaged or no SQLite file; keep a copy and {_RESTORE}",
    "SQLITE_CANTOPEN": "it cannot be opened; check the folder and its permissions",
    "SQLITE_IOERR": "reading or writing failed; check the disk and its free space",
    "SQLITE_BUSY": "another program holds it for writing; close that and run it again",
    "SQLITE_LOCKED": "another program holds it for writing; close that and run it again",
}


def stamp(moment: datetime) -> str:
    """Write an aware moment as the archive does: ISO 8601, UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None) -> datetime | None:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text) if text else None


def pages_path(path: Path) -> Path:
    """Return the sibling that keeps the pages: `news.db` -> `news.pages.db`."""
    return path.with_name(f"{path.stem}.pages{path.suffix}")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into one line for people.

    Raises:
        ArchiveError: with the path, what is wrong and what to do.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        known = next((text for key, text in _EXPLAINED.items() if name.startswith(key)), None)
        raise ArchiveError(f"{path}: {known or error}") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error
    except (
        UnicodeError,
        ValueError,
        IndexError,
    ) as error:  # what Python makes of bytes that SQLite did not write so
        raise ArchiveError(f"{path}: {_EXPLAINED['SQLITE_CORRUPT']}") from error


@contextlib.contextmanager
def locked(path: Path, now: datetime) -> Iterator[None]:
    """Hold the archive's lock, a file beside it; the system frees it when the process ends, however it ends.

    Raises:
        LockedError: another process holds it; the text names it and since when.
        ArchiveError: the folder cannot be used.
    """
    with explained(path):
        _check_folder(path)
        lock = path.with_name(path.name + ".lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 200, 0).decode("ascii", "replace").strip() or "another process"
            raise LockedError(f"{path}: in use by {holder}; nothing was done") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} since {stamp(now)}".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def open_to_read(path: Path, application_id: int = APPLICATION_ID) -> sqlite3.Connection:
    """Open a file that must exist, read-only; from a folder that cannot be written to as well.

    Args:
        path: the file.
        application_id: of this kind of file.

    Raises:
        ArchiveError: missing, damaged, of another schema or not an archive.
    """
    connection = open_to_copy(path, application_id)
    with explained(path):
        connection.execute("PRAGMA query_only = ON")
        (version,) = connection.execute("PRAGMA user_version").fetchone()  # the header may lag behind the log
    newest = _SCHEMAS[application_id]
    if version < newest:
        connection.close()
        raise ArchiveError(
            f"{path}: was written by an older newsarchive (schema {version}, this one reads {newest}); the next `newsarchive fetch` brings it up "
            f"to date, or at once `newsarchive seal --db {path}`"
        )
    connection.row_factory = sqlite3.Row
    return connection


def open_to_copy(path: Path, application_id: int) -> sqlite3.Connection:
    """Open a file that must exist to copy it with VACUUM INTO, whatever schema it has.

    Raises:
        ArchiveError: missing, damaged, too new or not an archive.
    """
    with explained(path):
        check(path, application_id)
        return _connect_to_read(path)


def open_to_write(
    path: Path, application_id: int, prepare: Callable[[sqlite3.Connection], None]
) -> sqlite3.Connection:
    """Open a file to write, made or migrated as needed; the caller holds the lock.

    A new file is made aside and renamed when whole, so a crash leaves none or a good one.

    Args:
        path: the file.
        application_id: of this kind of file.
        prepare: registers functions and migrates; called when the schema is not the newest.

    Raises:
        ArchiveError: it cannot be used; nothing was written to it.
    """
    with explained(path):
        if not path.exists():
            _check_wal(path, "stands there without its database; put that back, or take the file away")
            _make(path, application_id, prepare)
        check(path, application_id)
        _check_unclean(path)
        connection = _connect(path)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] < _SCHEMAS[application_id]:
                prepare(connection)
        except BaseException:
            connection.close()
            raise
    connection.row_factory = sqlite3.Row
    return connection


def check(path: Path, application_id: int) -> None:
    """Look at a file's header, without opening it as a database.

    Raises:
        ArchiveError: missing, empty, no SQLite file, another program's, or of a newer newsarchive.
    """
    if path.is_dir():
        raise ArchiveError(f"{path}: is a folder; name a file, such as {path / 'news.db'}")
    try:
        if not path.is_file() and path.exists():
            raise ArchiveError(f"{path}: is no file; name another with --db")
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        none = f"no archive there; `newsarchive fetch --db {path}` makes one, or name yours with --db"
        lost = "the pages file is missing; put it back beside the archive"
        raise ArchiveError(f"{path}: {lost if application_id == PAGES_APPLICATION_ID else none}") from None
    if not header.startswith(_MAGIC) or len(header) < _HEADER:
        what = "is empty (0 bytes)" if not header else "is no SQLite file, or its header is damaged"
        raise ArchiveError(
            f"{path}: {what}; it was not touched: keep a copy, and restore a snapshot or name another file"
        )
    if int.from_bytes(header[68:72], "big") != application_id:
        raise ArchiveError(
            f"{path}: is a database of another program; it was not touched: name another file with --db"
        )
    version = int.from_bytes(header[60:64], "big")
    newest = _SCHEMAS[application_id]
    if version > newest:
        raise ArchiveError(
            f"{path}: was written by a newer newsarchive (schema {version}, this one knows {newest}); upgrade it"
        )


def _check_folder(path: Path) -> None:
    if path.is_dir():
        raise ArchiveError(f"{path}: is a folder; name a file, such as {path / 'news.db'}")
    if not path.parent.is_dir():
        raise ArchiveError(f"{path}: the folder {path.parent} does not exist; make it first")


def _check_wal(path: Path, what: str) -> None:
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise ArchiveError(f"{wal}: {what}")


def _check_unclean(path: Path) -> None:
    """After a run that did not end well, look whether the file and its log belong together, before a byte is written.

    A copy that was put in the place of the file, with the old log left beside it, would else be mixed with it.
    """
    wal = path.with_name(path.name + "-wal")
    if not (wal.exists() and wal.stat().st_size):
        return
    with contextlib.closing(
        sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    ) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise ArchiveError(
            f"{path}: damaged, or {wal.name} beside it belongs to another copy; nothing was written: keep a copy of both and {_RESTORE}"
        )


def _make(path: Path, application_id: int, prepare: Callable[[sqlite3.Connection], None]) -> None:
    new = path.with_name(path.name + ".new")
    for leftover in (new, *(new.with_name(new.name + end) for end in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE))
    with contextlib.closing(_connect(new, _PAGE_SIZES.get(application_id, _PAGE_SIZE))) as connection:
        connection.execute(f"PRAGMA application_id = {application_id}")
        prepare(connection)
    new.rename(path)


def _connect(path: Path, page_size: int = _PAGE_SIZE) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA page_size = {page_size}")  # heeded by a new file only
        _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    for pragma in (
        f"busy_timeout = {_BUSY}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect without a right to change anything, in the first way that works."""
    for mode in _reading_modes(path):
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?{mode}", uri=True, isolation_level=None
        )
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY}")
            connection.execute("SELECT 1 FROM sqlite_master").fetchall()
        except sqlite3.OperationalError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _reading_modes(path: Path) -> list[str]:
    """Return how to open a file for reading.

    One that may be written to is opened so, or SQLite would leave its -wal and -shm files behind; without such a file and without a
    right to make one, SQLite can only read what it is told will not change.
    """
    if os.access(path.parent, os.W_OK):
        return ["mode=rw" if os.access(path, os.W_OK) else "mode=ro"]
    wal = path.with_name(path.name + "-wal")
    return ["mode=ro"] if wal.exists() else ["mode=ro", "mode=ro&immutable=1"]
