"""Seals: a chain over the evidence, and over the texts that the archive holds at the time.

    requests, texts, removals since the last seal  ->  digest  ->  seal, in the pages file  ->  a line in news.seals.txt

Killed anywhere, the next seal goes on: each step first looks what is there.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from newsarchive.archive.evidence import append, fetch_columns
from newsarchive.archive.files import APPLICATION_ID, check, explained, stamp
from newsarchive.archive.rows import INSERT_FETCH
from newsarchive.archive.store import Store

COVERED: tuple[Literal["requests", "texts", "removals"], ...] = ("requests", "texts", "removals")
"""The tables that a seal covers, in the order in which they are hashed."""

_BATCH = 500  # rows of one transaction
_MODE = 0o640


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One link of the chain.

    Attributes:
        number: of the seal, from 1.
        new: by table, how many rows it covers that the seal before it did not.
        hash: of the seal itself.
        file: where its line stands.
    """

    number: int
    new: Mapping[str, int]
    hash: str
    file: Path

    def summary(self) -> str:
        """One line for people."""
        counts = ", ".join(f"{count} {table}" for table, count in self.new.items())
        return f"seal {self.number}: {counts}; {self.hash}, added to {self.file}"


def seals_path(path: Path) -> Path:
    """Return the text file beside an archive that its seals are written to: `news.db` -> `news.seals.txt`."""
    return path.with_name(f"{path.stem}.seals.txt")


def seal(db: Path, now: datetime) -> Seal | None:
    """Seal what is new in the archive at `db`; None if nothing is.

    Raises:
        LockedError: another run holds the archive.
        ArchiveError: the archive, or the text file beside it, cannot be used.
    """
    check(db, APPLICATION_ID)
    with Store.open(db, now) as store:
        return seal_store(store, now)


def seal_daily(store: Store, now: datetime) -> None:
    """Seal what is new, unless that was done today already (UTC).

    Raises:
        ArchiveError: as `seal`.
    """
    with explained(store.path):
        last = _last(store)
    if last is None or last["at"][:10] != stamp(now)[:10]:
        seal_store(store, now)


def seal_store(store: Store, now: datetime) -> Seal | None:
    """Do what `seal` does with an archive that is open for writing."""
    with explained(store.path):
        _write_lines(store)  # of a seal that was killed before it came to that
        last = _last(store)
        _note_requests(store, last["requests"] if last else 0)
        _note_texts(store, now)
        made = _append_seal(store, last, now)
        if made:
            _write_lines(store)
        return made


def seal_line(row: sqlite3.Row) -> str:
    """Write a row of `seals` as a line of the text file, without its end."""
    counts = " ".join(f"{table}={row[table]}" for table in COVERED)
    return f"{row['hash']} {row['archive']} {row['number']} {row['at']} {counts}"


def digest(pages: sqlite3.Connection, archive: str, after: Mapping[str, int], upto: Mapping[str, int]) -> str:
    """Return the SHA-256 of the hashes of an archive's rows, one a line: each table's numbers above `after` and up to `upto`."""
    found = hashlib.sha256()
    for table in COVERED:
        sql = f"SELECT hash FROM {table} WHERE archive = ? AND number > ? AND number <= ? ORDER BY number"  # noqa: S608 - one of three names
        for (row_hash,) in pages.execute(sql, (archive, after[table], upto[table])):
            found.update(f"{row_hash}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _last(store: Store) -> sqlite3.Row | None:
    sql = "SELECT * FROM seals WHERE archive = ? ORDER BY number DESC LIMIT 1"
    row: sqlite3.Row | None = store.pages.connection.execute(sql, (store.pages.archive_id,)).fetchone()
    return row


def _note_requests(store: Store, sealed: int) -> None:
    """Give every request its row in `fetches`: a run that was killed between the two files left one without."""
    with closing(store.pages.connection.cursor()) as cursor:
        cursor.execute(_REQUESTS, (store.pages.archive_id, sealed))
        while batch := cursor.fetchmany(_BATCH):
            known = "SELECT 1 FROM fetches WHERE archive = ? AND number = ?"
            missing = [
                row
                for row in batch
                if not store.connection.execute(known, (row["archive"], row["number"])).fetchone()
            ]
            if missing:
                with store.transaction():
                    for row in missing:
                        _note_request(store.connection, row)


def _note_request(connection: sqlite3.Connection, request: sqlite3.Row) -> None:
    """One that was made before requests had numbers may have its row, without the number."""
    row = fetch_columns(request)
    if request["program"] is None and connection.execute(_NUMBER, row).rowcount:
        return
    connection.execute(INSERT_FETCH, (None, *row.values()))


def _note_texts(store: Store, now: datetime) -> None:
    """Write down which texts the articles that changed since the last seal have, and had."""
    pages, program = store.pages, version("newsarchive")
    while changed := store.connection.execute(_CHANGED, (_BATCH,)).fetchall():
        with pages.transaction():
            for (article,) in changed:
                for row in store.connection.execute(_TEXTS, {"article": article}):
                    text = {"archive": pages.archive_id, **dict(row)}
                    if not pages.connection.execute(_NOTED, text).fetchone():
                        noted = {**text, "at": stamp(now), "program": program}
                        append(pages.connection, "texts", pages.archive_id, noted)
        with store.transaction():
            store.connection.executemany("DELETE FROM unsealed WHERE article = ?", map(tuple, changed))


def _append_seal(store: Store, last: sqlite3.Row | None, now: datetime) -> Seal | None:
    pages, archive = store.pages, store.pages.archive_id
    with pages.transaction():
        upto: dict[str, int] = {table: _last_number(pages.connection, table, archive) for table in COVERED}
        after: dict[str, int] = {table: int(last[table]) if last else 0 for table in COVERED}
        if upto == after:
            return None
        chained = {
            "digest": digest(pages.connection, archive, after, upto),
            "previous": last["hash"] if last else "",
        }
        number = append(pages.connection, "seals", archive, {"at": stamp(now), **upto, **chained})
        sql = "SELECT hash FROM seals WHERE archive = ? AND number = ?"
        ((own,),) = pages.connection.execute(sql, (archive, number))
    new: dict[str, int] = {table: upto[table] - after[table] for table in COVERED}
    return Seal(number=number, new=new, hash=own, file=seals_path(store.path))


def _last_number(pages: sqlite3.Connection, table: str, archive: str) -> int:
    sql = f"SELECT coalesce(max(number), 0) FROM {table} WHERE archive = ?"  # noqa: S608 - one of three names
    return int(pages.execute(sql, (archive,)).fetchone()[0])


def _write_lines(store: Store) -> None:
    """Append the seals that the text file does not hold yet; what stands there is never changed."""
    sql = "SELECT * FROM seals WHERE archive = ? ORDER BY number"
    rows = store.pages.connection.execute(sql, (store.pages.archive_id,)).fetchall()
    path = seals_path(store.path)
    with explained(path):
        if missing := _missing(path.read_bytes() if path.exists() else b"", [seal_line(row) for row in rows]):
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _MODE)
            with os.fdopen(handle, "ab") as file:
                file.write(missing)
                file.flush()
                os.fsync(file.fileno())


def _missing(there: bytes, lines: list[str]) -> bytes:
    """Return what must be appended so that each of `lines` stands there; the last that does may be cut short by a crash."""
    whole, _, cut = there.rpartition(b"\n")
    known = set(whole.split(b"\n"))
    missing = b"".join(line.encode() + b"\n" for line in lines if line.encode() not in known)
    if not cut or not missing:
        return missing
    return missing.removeprefix(cut) if missing.startswith(cut) else b"\n" + missing


_REQUESTS = """
SELECT archive, number, kind, source, url, final_url, at, seconds, status, page, length, outcome, detail, program
FROM requests WHERE archive = ? AND number > ? ORDER BY number"""

_NUMBER = """
UPDATE fetches SET number = :number WHERE id = (
    SELECT min(id) FROM fetches
    WHERE url = :url AND archive = :archive AND number IS NULL AND source = :source AND kind = :kind AND final_url IS :final_url
        AND at = :at AND seconds = :seconds AND status IS :status AND outcome = :outcome AND detail IS :detail
        AND bytes IS :bytes AND page IS :page)"""

_CHANGED = "SELECT article FROM unsealed ORDER BY article LIMIT ?"

_TEXTS = """
SELECT url, page, hash AS text, extractor FROM articles WHERE id = :article
UNION ALL
SELECT a.url, r.page, r.hash, r.extractor FROM revisions AS r JOIN articles AS a ON a.id = r.article WHERE r.article = :article"""

_NOTED = """
SELECT 1 FROM texts WHERE text = :text AND archive = :archive AND url = :url AND page IS :page AND extractor = :extractor"""
