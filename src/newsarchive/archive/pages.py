"""The pages file: what servers sent, byte for byte, once each, compressed."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.archive import evidence
from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, open_to_write, stamp
from newsarchive.errors import ArchiveError
from newsarchive.models import Fetched

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

_LEVEL = 10  # of zstd: on real Arabic pages 15 takes 2 % less room and three times as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a request was written down.

    Attributes:
        number: of its row in `requests`.
        page: SHA-256 of the body; None if none was read.
    """

    number: int
    page: str | None


class Pages:
    """The pages of one archive, open for writing; the caller holds the archive's lock.

    A page is committed before the record that cites it, so a crash leaves at worst an uncited page.
    """

    def __init__(self, path: Path, archive_id: str) -> None:
        self._path = path
        self.archive_id = archive_id
        self._program = version("newsarchive")
        self._connection = open_to_write(path, PAGES_APPLICATION_ID, _prepare)
        with explained(path):
            self._connection.execute("INSERT OR IGNORE INTO meta VALUES ('archive_id', ?)", (archive_id,))
            ((whose,),) = self._connection.execute("SELECT value FROM meta WHERE key = 'archive_id'")
        if whose != archive_id:
            self._connection.close()
            raise ArchiveError(
                f"{path}: holds the pages of another archive; put the file back that belongs beside this one"
            )

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        with explained(self._path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.close()

    def keep(self, content: bytes, *, source: str, now: datetime) -> str:
        """Store bytes and return their SHA-256, as hexadecimal text; bytes already there are not stored again."""
        key = hashlib.sha256(content).hexdigest()
        with explained(self._path):
            if not self._connection.execute("SELECT 1 FROM pages WHERE hash = ?", (key,)).fetchone():
                row = (key, source, stamp(now), len(content), zstd.compress(content, _LEVEL))
                self._connection.execute(
                    "INSERT INTO pages (hash, source, first_seen, length, content) VALUES (?, ?, ?, ?, ?)",
                    row,
                )
        return key

    def keep_request(self, fetched: Fetched, *, source: str, kind: str) -> Receipt:
        """Store how a request ended, and a page's bytes, in one transaction.

        Args:
            fetched: however it ended.
            source: key of the source on whose behalf it was made.
            kind: `page`, whose bytes are kept; of a `feed`, `listing` or `robots` only their hash is.
        """
        with self.transaction():
            key = hashlib.sha256(fetched.content).hexdigest() if fetched.content is not None else None
            if fetched.content is not None and kind == "page":
                self.keep(fetched.content, source=source, now=fetched.started_at)
            row = evidence.request_row(fetched, kind=kind, source=source, page=key, program=self._program)
            number = evidence.append(self._connection, "requests", self.archive_id, row)
        return Receipt(number=number, page=key)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside, or nothing of it."""
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def arrival(self, key: str, url: str) -> Fetched | None:
        """Return how a page came, as it was fetched last from `url` or else from anywhere; None if that is not here."""
        with explained(self._path):
            row = self._connection.execute(_ARRIVAL, (key, url)).fetchone()
            content = self.read(key) if row else None
            return evidence.read_request(row, content) if content is not None else None

    def read(self, key: str) -> bytes | None:
        """Return a page's bytes, or None if they are not here."""
        with explained(self._path):
            row = self._connection.execute("SELECT content FROM pages WHERE hash = ?", (key,)).fetchone()
            return _unpacked(row["content"], key) if row else None


def _unpacked(content: bytes, key: str) -> bytes:
    try:
        return zstd.decompress(content)
    except zstd.ZstdError as error:
        raise ValueError(f"page {key} cannot be unpacked") from error


_ARRIVAL = "SELECT * FROM requests WHERE page = ? AND kind = 'page' ORDER BY url = ? DESC, at DESC, number DESC LIMIT 1"


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    evidence.register(connection)
    schema.migrate(connection, schema.PAGES)
