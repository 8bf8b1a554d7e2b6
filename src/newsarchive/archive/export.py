"""What leaves the archive: articles with all that is known of them, one after another, oldest first, all of one moment.

    articles -> items -> a writer (jsonl here; csv, md and bib in export_text; export_parquet; warc) -> bytes

An item is an article's row with its tags as a list and with its addresses, revisions, absences and sightings. Nothing is held
but the item at hand, so that a million articles take no more memory than one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal

from newsarchive.archive.files import SCHEMA, explained, pages_path
from newsarchive.errors import ArchiveError, ConfigError

Form = Literal["jsonl", "csv", "md", "bib", "warc", "parquet"]
Item = Mapping[str, Any]
Writer = Callable[[Iterable[Item], BinaryIO], None]

_OF_ARTICLE = {
    "addresses": "SELECT url, kind FROM addresses WHERE article = ? ORDER BY url",
    "revisions": """
        SELECT seen_from, seen_until, headline, lede, body, byline, date, published, page, hash, extractor
        FROM revisions WHERE article = ? ORDER BY number""",
    "absences": "SELECT gone_since, back_at, outcome FROM absences WHERE article = ? ORDER BY gone_since",
    "sightings": "SELECT at, outcome, url, page, text FROM sightings WHERE article = ? ORDER BY at, outcome, url, page, text",
}

_FIRST = ("url", "source", "source_name", "date", "headline", "lede", "body", "byline", "section", "published", "date_from", "language",
          "tags", "caption", "first_seen", "fetched_at", "page", "hash", "extractor")  # fmt: skip

KEYS = (*_FIRST, "gone_since", "gone_reason", *_OF_ARTICLE)
"""The keys of a JSON line, in this order."""

COLUMNS = (*_FIRST, "revisions", "revised_at", "gone_since", "gone_reason")
"""The columns of a table, in this order; `revisions` is how many earlier texts there are."""

# C1 controls, line separators, bidi controls, BOM, tag characters: legal in JSON, but not all readers and terminals are as patient.
_ODD = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


_BINARY = frozenset({"warc", "parquet"})


def export(
    connection: sqlite3.Connection,
    path: Path,
    form: Form,
    out: Path | BinaryIO,
    *,
    where: str = "",
    values: Iterable[object] = (),
    limit: int | None = None,
    excel: bool = False,
) -> int:
    """Write articles, oldest first, and return how many; if there are none, nothing is written.

    Args:
        connection: to the main file, to read; nothing that is stored after the call begins is seen.
        path: the main file.
        form: what to write.
        out: a file, which is written aside and renamed when whole, or a stream.
        where: clauses on `articles AS a`, each after an AND.
        values: of the clauses' parameters.
        limit: only so many, the newest.
        excel: write CSV as Excel needs it.

    Raises:
        ConfigError: a binary form for a terminal, `excel` for another form, a file of the archive, a folder or one in no folder as
            `out`, or a form that needs a library that is not installed.
        ArchiveError: the archive cannot be read, or the file `out` cannot be written, as when the disk is full.
        OSError: the stream `out` cannot be written.
    """
    _check(path, form, out, excel=excel)
    with _one_moment(connection, path), contextlib.ExitStack() as stack:
        write = _writer(connection, path, form, stack, excel=excel)
        found = _items(connection, path, where, [*values], limit)
        first = next(found, None)
        if first is None:
            return 0
        counted = _Counted(chain([first], found))
        write(counted, stack.enter_context(_whole(out)) if isinstance(out, Path) else out)
    return counted.number


def json_line(item: Item) -> str:
    """Write an item as one line of JSON, Arabic readable, anything invisible that could mislead as an escape."""
    return _ODD.sub(_escape, json.dumps({key: item[key] for key in KEYS}, ensure_ascii=False))


def write_jsonl(items: Iterable[Item], out: BinaryIO) -> None:
    """Write one JSON object a line, in UTF-8."""
    out.writelines(f"{json_line(item)}\n".encode() for item in items)


class _Counted:
    """Items that are counted as they pass."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.number = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.number += 1
            yield item


def _check(path: Path, form: Form, out: Path | BinaryIO, *, excel: bool) -> None:
    if excel and form != "csv":
        raise ConfigError(f"--excel is for csv, not for {form}")
    if isinstance(out, Path):
        if out.resolve() in _own_files(path):
            raise ConfigError(f"{out}: is the archive itself; name another file")
        if out.is_dir():
            raise ConfigError(f"{out}: is a folder; name a file in it")
        if not out.parent.is_dir():
            raise ConfigError(f"{out}: the folder {out.parent} does not exist; make it first")
    elif form in _BINARY and out.isatty():
        raise ConfigError(f"{form} is no text for a terminal; name a file with --output")


def _own_files(path: Path) -> set[Path]:
    """Return where an archive's files stand, or may stand while somebody is at work."""
    from newsarchive.archive.sealing import seals_path  # noqa: PLC0415 - brings all that writes; a stream needs none of it

    ends = ("", "-wal", "-shm", "-journal", ".lock", ".new")
    databases = {
        file.with_name(file.name + end).resolve() for file in (path, pages_path(path)) for end in ends
    }
    return databases | {seals_path(path).resolve()}


def _writer(
    connection: sqlite3.Connection, path: Path, form: Form, stack: contextlib.ExitStack, *, excel: bool
) -> Writer:
    """Return what writes a form; its libraries are imported here, so that the others do without."""
    if form == "jsonl":
        return write_jsonl
    if form == "parquet":
        from newsarchive.archive.export_parquet import write_parquet  # noqa: PLC0415 - an extra, and large

        return write_parquet
    if form == "warc":
        from newsarchive.archive.warc import warc_writer  # noqa: PLC0415 - only this form needs warcio

        return stack.enter_context(warc_writer(connection, path))
    from newsarchive.archive import export_text  # noqa: PLC0415 - each form pays for itself

    if form == "csv":
        return export_text.write_csv_for_excel if excel else export_text.write_csv
    return export_text.write_md if form == "md" else export_text.write_bib


@contextlib.contextmanager
def _one_moment(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Let all reading inside see the archive as it stands now, whatever is stored meanwhile."""
    with explained(path):
        connection.execute("BEGIN")
        (schema,) = connection.execute(
            "PRAGMA user_version"
        ).fetchone()  # the moment is that of this first look
    if schema < SCHEMA:
        connection.execute("ROLLBACK")
        raise ArchiveError(f"{path}: is of an older newsarchive; `newsarchive fetch` brings it up to date")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _items(
    connection: sqlite3.Connection, path: Path, where: str, values: list[object], limit: int | None
) -> Iterator[Item]:
    sql = _NEWEST if limit is not None else _ALL
    with explained(path):
        chosen = values if limit is None else [*values, limit]
        for row in connection.execute(sql.format(where=where), chosen):
            yield _item(connection, row)


def _item(connection: sqlite3.Connection, row: sqlite3.Row) -> Item:
    more = {
        name: [dict(one) for one in connection.execute(sql, (row["id"],))]
        for name, sql in _OF_ARTICLE.items()
    }
    return {**dict(row), "tags": json.loads(row["tags"] or "[]"), **more}


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """Open a file aside, and give it its name when all is written: whoever finds it finds it whole."""
    aside = target.with_name(f".{target.name}.part")
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(aside.unlink, missing_ok=True)
            with aside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
    except OSError as error:  # said of what was typed, not of the file aside
        raise ArchiveError(f"{target}: {error.strerror or error}; it was not written") from error


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


_ITEM = "SELECT a.*, (SELECT name FROM sources WHERE key = a.source) AS source_name FROM articles AS a"
# Two articles of one instant stand in the order of their addresses: numbers differ from archive to archive.
_ORDER = "ORDER BY a.sort_at, a.url"
_ALL = f"{_ITEM} WHERE 1{{where}} {_ORDER}"
# The unary plus lets SQLite walk the index on sort_at instead of sorting whole articles.
_NEWEST = f"""
{_ITEM} WHERE +a.id IN (SELECT a.id FROM articles AS a WHERE 1{{where}} ORDER BY a.sort_at DESC, a.id DESC LIMIT ?)
{_ORDER}"""  # noqa: S608 - our own constants
