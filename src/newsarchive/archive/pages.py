"""The pages file: what servers sent, byte for byte, once each, compressed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, open_to_write, stamp
from newsarchive.errors import ArchiveError
from newsarchive.models import Fetched

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

_LEVEL = 10  # of zstd: on real Arabic pages 15 takes 2 % less room and three times as long


class Pages:
    """The pages of one archive, open for writing; the caller holds the archive's lock.

    A page is committed before the record that cites it, so a crash leaves at worst an uncited page.
    """

    def __init__(self, path: Path, archive_id: str) -> None:
        self._path = path
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

    def keep_response(self, fetched: Fetched, *, source: str) -> str:
        """Store a page with how it came, in one transaction; return the SHA-256 of its bytes."""
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                key = self.keep(fetched.content or b"", source=source, now=fetched.started_at)
                self._connection.execute(_RESPONSE, _response(fetched, key))
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        return key

    def arrival(self, key: str, url: str) -> Fetched | None:
        """Return how a page came, as it was fetched last from `url` or else from anywhere; None if that is not here."""
        with explained(self._path):
            row = self._connection.execute(_ARRIVAL, (key, url)).fetchone()
            content = self.read(key) if row else None
        return _fetched(row, content) if content is not None else None

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


_RESPONSE = """
INSERT INTO responses (url, final_url, at, seconds, status, peer, request_headers, headers, redirects, page)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


_ARRIVAL = "SELECT * FROM responses WHERE page = ? ORDER BY url = ? DESC, id DESC LIMIT 1"


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    schema.migrate(connection, schema.PAGES)


def _response(fetched: Fetched, key: str) -> tuple[object, ...]:
    return (
        fetched.url,
        fetched.final_url,
        stamp(fetched.started_at),
        round(fetched.seconds, 3),
        fetched.status,
        fetched.peer,
        _pairs(fetched.request_headers),
        _pairs(fetched.headers),
        json.dumps(fetched.redirects, ensure_ascii=False),
        key,
    )


def _fetched(row: sqlite3.Row, content: bytes) -> Fetched:
    return Fetched(
        url=row["url"],
        final_url=row["final_url"],
        outcome="ok",
        status=row["status"],
        headers=tuple(
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in json.loads(row["headers"])
        ),
        content=content,
        started_at=datetime.fromisoformat(row["at"]),
        seconds=row["seconds"],
        peer=row["peer"],
    )


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Headers as JSON; latin-1 keeps every byte."""
    return json.dumps([[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers])
