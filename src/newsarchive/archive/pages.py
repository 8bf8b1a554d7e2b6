"""The pages file: what servers sent, byte for byte, once each, compressed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from newsarchive.archive import evidence, packing
from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, open_to_write, stamp
from newsarchive.errors import ArchiveError
from newsarchive.models import Fetched

_DEPTH = 8  # dictionaries behind one another: no page is given more than 2, and a circle in a damaged file ends here
_LOOKED_AT = 100  # of a month's pages that stand alone: dictionaries, and feeds' texts from before them


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
        self._dictionaries: dict[tuple[str, str], list[str]] = {}  # of a source and month, newest first
        self._connection = open_to_write(path, PAGES_APPLICATION_ID, _prepare)
        with explained(path):
            self._connection.execute("INSERT OR IGNORE INTO meta VALUES ('archive_id', ?)", (archive_id,))
            ((whose,),) = self._connection.execute("SELECT value FROM meta WHERE key = 'archive_id'")
        if whose != archive_id:
            self._connection.close()
            raise ArchiveError(
                f"{path}: holds the pages of another archive; put the file back that belongs beside this one"
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """The file's connection, for the rest of this package."""
        return self._connection

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        with explained(self._path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.close()

    def keep(self, content: bytes, *, source: str, now: datetime, like: str | None = None) -> str:
        """Store bytes, packed with an earlier page of the source and month; not those that are there, nor those that were removed.

        Args:
            content: the bytes.
            source: key of their source.
            now: when they came.
            like: hash of an earlier page of the same article, from which they may differ little.

        Returns:
            Their SHA-256, as hexadecimal text.
        """
        key = hashlib.sha256(content).hexdigest()
        with explained(self._path):
            if not self._connection.execute(_DECIDED, {"key": key}).fetchone():
                known = self._known(source, stamp(now)[:7])
                packed = packing.choose(content, self._bytes([*self._base(like), *known]))
                row = (key, source, stamp(now), len(content), packed.dictionary, packed.content)
                self._connection.execute(_PAGE, row)
                if packed.dictionary is None and packing.suitable(content):
                    known[:] = packing.few([key, *known])
        return key

    def forget(self, key: str) -> None:
        """Delete a page's bytes; what is packed with them is packed anew first, all of it or nothing.

        The file's triggers want the removal to be written down before, in the same transaction. What is packed with the page and
        cannot be read any more stays as it is, damaged: that must not keep a page from being removed.
        """
        whole = contextlib.nullcontext() if self._connection.in_transaction else self.transaction()
        with explained(self._path), whole:
            self._connection.execute("PRAGMA secure_delete = ON")  # the bytes are overwritten, not unlinked
            self._pack_anew(key)
            self._connection.execute("DELETE FROM pages WHERE hash = ?", (key,))
        self._dictionaries.clear()

    def keep_request(self, fetched: Fetched, *, source: str, kind: str, like: str | None = None) -> Receipt:
        """Store how a request ended, and a page's bytes, in one transaction.

        Args:
            fetched: however it ended.
            source: key of the source on whose behalf it was made.
            kind: `page`, whose bytes are kept; of a `feed`, `listing` or `robots` only their hash is.
            like: as for `keep`.
        """
        with self.transaction():
            key = hashlib.sha256(fetched.content).hexdigest() if fetched.content is not None else None
            if fetched.content is not None and kind == "page":
                self.keep(fetched.content, source=source, now=fetched.started_at, like=like)
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

    def arrival(self, key: str, url: str, at: datetime, *, if_whole: bool = False) -> Fetched | None:
        """Return how a page came that stood at `url` at a moment, as it was last fetched from there by then; None if it is not here.

        One that came by no request of ours, but from a file, is said to have come at that moment. Requests for the same bytes
        elsewhere or later say nothing of it: what a page says depends on its address, and its dates on when it was seen.

        Args:
            key: hash of its bytes.
            url: the address that was asked.
            at: the moment.
            if_whole: whether one that is damaged is None too.

        Raises:
            ArchiveError: the file cannot be read, or the page is damaged.
        """
        with explained(self._path):
            content = self._whole(key) if if_whole else read_page(self._connection, key)
            if content is None:
                return None
            row = self._connection.execute(_ARRIVAL, (key, url, stamp(at))).fetchone()
        if row:
            return evidence.read_request(row, content)
        return Fetched(url=url, final_url=url, outcome="ok", content=content, started_at=at)

    def reached(self, key: str, url: str, at: datetime) -> str | None:
        """Return the `final_url` of a page's `arrival`, whose bytes are not unpacked; None if they are not here."""
        if not self.have_any([key]):
            return None
        with explained(self._path):
            row = self._connection.execute(_ARRIVAL, (key, url, stamp(at))).fetchone()
        return str(row["final_url"]) if row else url

    def have_any(self, keys: Iterable[str]) -> bool:
        """Whether any of these pages is here."""
        sql = "SELECT 1 FROM pages WHERE hash IN (SELECT value FROM json_each(?)) LIMIT 1"
        with explained(self._path):
            return self._connection.execute(sql, (json.dumps(list(keys)),)).fetchone() is not None

    def read(self, key: str) -> bytes | None:
        """Return a page's bytes, or None if they are not here."""
        with explained(self._path):
            return read_page(self._connection, key)

    def were_read(self, keys: Iterable[str]) -> set[str]:
        """Return those of these pages from which a text was once read, as far as that was sealed."""
        with explained(self._path):
            rows = self._connection.execute(_WERE_READ, (json.dumps(list(keys)),)).fetchall()
            return {row["page"] for row in rows}

    def _known(self, source: str, month: str) -> list[str]:
        """Return the dictionaries of a source and month that are worth trying, newest first; the list is kept up to date."""
        if (source, month) not in self._dictionaries:
            values = (source, month, f"{month}-32", *packing.SIZES, _LOOKED_AT)  # no day comes after the 32nd
            keys = [key for (key,) in self._connection.execute(_ALONE, values)]
            suitable = (key for key in keys if packing.suitable(self._whole(key) or b""))
            self._dictionaries[source, month] = packing.few(list(suitable))
        return self._dictionaries[source, month]

    def _base(self, like: str | None) -> list[str]:
        """Return which page stands for `like` as a dictionary, so that no page needs more than two others to be read."""
        row = self._connection.execute(_CHAIN, (like,)).fetchone()
        return [row["first"] if row["second"] else like] if row and like else []

    def _bytes(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: content for key in keys if (content := self._whole(key)) is not None}

    def _whole(self, key: str) -> bytes | None:
        """Read a page if it is undamaged: another is not built upon or compared, and keeps none from being stored or removed."""
        try:
            return read_page(self._connection, key)
        except ValueError:
            return None

    def _pack_anew(self, key: str) -> None:
        """Pack what depends on a page without it; the first that suits takes its place, so nothing comes to stand deeper."""
        row = self._connection.execute(_CHAIN, (key,)).fetchone()
        bases = self._bytes([row["first"]] if row and row["first"] else [])
        heir = None
        for (dependant,) in self._connection.execute(_DEPENDANTS, (key,)).fetchall():
            content = self._whole(dependant)
            if content is None:
                self._connection.execute("UPDATE pages SET dictionary = NULL WHERE hash = ?", (dependant,))
                continue
            packed = packing.choose(content, bases)
            self._connection.execute(_PACKED, (packed.dictionary, packed.content, dependant))
            if heir is None and packing.suitable(content):
                heir = dependant
                bases[heir] = content


def read_page(connection: sqlite3.Connection, key: str, depth: int = _DEPTH) -> bytes | None:
    """Return a page's bytes from any open pages file, or None if they are not there.

    Raises:
        ValueError: damaged, or packed with a page that is not there; under `explained` an ArchiveError.
    """
    row = connection.execute(
        "SELECT length, dictionary, content FROM pages WHERE hash = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    length, dictionary, content = row
    base = read_page(connection, dictionary, depth - 1) if dictionary and depth else b""
    if base is None:
        raise ValueError(f"page {key} was packed with {dictionary}, which is not here")
    return packing.unpack(content, key=key, length=length, dictionary=base)


_DECIDED = "SELECT 1 FROM pages WHERE hash = :key UNION ALL SELECT 1 FROM removals WHERE page = :key"

_PAGE = "INSERT INTO pages (hash, source, first_seen, length, dictionary, content) VALUES (?, ?, ?, ?, ?, ?)"

_PACKED = "UPDATE pages SET dictionary = ?, content = ? WHERE hash = ?"

_ALONE = """
SELECT hash FROM pages
WHERE source = ? AND dictionary IS NULL AND first_seen BETWEEN ? AND ? AND length BETWEEN ? AND ?
ORDER BY first_seen DESC, rowid DESC LIMIT ?"""

_CHAIN = """
SELECT p.dictionary AS first, d.dictionary AS second
FROM pages AS p LEFT JOIN pages AS d ON d.hash = p.dictionary WHERE p.hash = ?"""

_DEPENDANTS = "SELECT hash FROM pages WHERE dictionary = ? ORDER BY rowid"

_WERE_READ = "SELECT DISTINCT page FROM texts WHERE page IN (SELECT value FROM json_each(?))"

_ARRIVAL = """
SELECT * FROM requests WHERE page = ? AND url = ? AND at <= ? AND kind = 'page' ORDER BY at DESC, number DESC LIMIT 1"""


def _prepare(connection: sqlite3.Connection) -> None:
    from newsarchive.archive import schema  # noqa: PLC0415 - sqlite_utils is slow to import, and seldom needed

    evidence.register(connection)
    schema.migrate(connection, schema.PAGES)
