"""Evidence: rows of the pages file that are written once and never changed, each with the hash of what it says.

Four tables hold it: `requests` (how every answer came), `texts` (what a page was read as), `removals` (what was taken out, and
why) and `seals` (the chain over the three). In each, the rows of one archive are numbered from 1 without a gap.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from newsarchive.archive.files import stamp
from newsarchive.models import Fetched, Hop

Table = Literal["requests", "texts", "removals", "seals"]

COLUMNS: Mapping[Table, tuple[str, ...]] = {
    "requests": (
        "archive",
        "number",
        "kind",
        "source",
        "url",
        "final_url",
        "redirects",
        "at",
        "seconds",
        "peer",
        "status",
        "request_headers",
        "headers",
        "page",
        "length",
        "outcome",
        "detail",
        "robots",
        "program",
    ),
    "texts": ("archive", "number", "at", "url", "page", "text", "extractor", "program"),
    "removals": ("archive", "number", "at", "url", "page", "text", "reason"),
    "seals": ("archive", "number", "at", "requests", "texts", "removals", "digest", "previous"),
}
"""What each table's rows say, in the order in which it is hashed; `hash` follows."""


def row_hash(*values: object) -> str:
    """Return the SHA-256 of a row: its columns in order, as a JSON list in UTF-8, without spaces."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def register(connection: sqlite3.Connection) -> None:
    """Give the migrations the function that they call."""
    connection.create_function("newsarchive_hash", -1, row_hash, deterministic=True)


def append(connection: sqlite3.Connection, table: Table, archive: str, row: Mapping[str, object]) -> int:
    """Write a row under the archive's next number, which is returned; the caller holds a transaction."""
    sql = f"SELECT coalesce(max(number), 0) + 1 FROM {table} WHERE archive = ?"  # noqa: S608 - one of four names
    number = int(connection.execute(sql, (archive,)).fetchone()[0])
    values = [{**row, "archive": archive, "number": number}[name] for name in COLUMNS[table]]
    marks = ", ".join("?" * (len(values) + 1))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", (*values, row_hash(*values)))  # noqa: S608 - the same
    return number


def request_row(
    fetched: Fetched, *, kind: str, source: str, page: str | None, program: str
) -> dict[str, object]:
    """Return the columns of `requests`, but for `archive` and `number`; `page` is the hash of the body that was read."""
    row = {
        "kind": kind,
        "source": source,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "redirects": json.dumps([_hop(hop) for hop in fetched.redirects], ensure_ascii=False),
        "at": stamp(fetched.started_at),
        "seconds": round(fetched.seconds, 3),
        "peer": fetched.peer,
        "status": fetched.status,
        "request_headers": json.dumps(_texts(fetched.request_headers)),
        "headers": json.dumps(_texts(fetched.headers)),
        "page": page,
        "length": len(fetched.content) if fetched.content is not None else None,
        "outcome": fetched.outcome,
        "detail": fetched.detail,
        "robots": fetched.robots,
        "program": program,
    }
    return {name: _utf8(value) if isinstance(value, str) else value for name, value in row.items()}


def fetch_columns(row: sqlite3.Row) -> dict[str, object]:
    """Return what the row of `fetches` says that belongs to a row of `requests`; without `id` and `run`, in order."""
    return {
        "source": row["source"],
        "kind": row["kind"],
        "url": row["url"],
        "final_url": row["final_url"] if row["final_url"] != row["url"] else None,
        "at": row["at"],
        "seconds": row["seconds"],
        "status": row["status"],
        "outcome": row["outcome"],
        "detail": row["detail"] or None,
        "bytes": row["length"],
        "page": row["page"],
        "archive": row["archive"],
        "number": row["number"],
    }


def read_request(row: sqlite3.Row, content: bytes | None) -> Fetched:
    """Read a row of `requests` back, with the bytes that it led to."""
    return Fetched(
        url=row["url"],
        final_url=row["final_url"],
        outcome=row["outcome"],
        detail=row["detail"],
        status=row["status"],
        request_headers=_pairs(json.loads(row["request_headers"])),
        headers=_pairs(json.loads(row["headers"])),
        redirects=tuple(_read_hop(hop) for hop in json.loads(row["redirects"])),
        robots=row["robots"],
        content=content,
        started_at=datetime.fromisoformat(row["at"]),
        seconds=row["seconds"],
        peer=row["peer"],
    )


def _hop(hop: Hop) -> dict[str, object]:
    return {"url": hop.url, "status": hop.status, "headers": _texts(hop.headers), "peer": hop.peer}


def _read_hop(hop: Mapping[str, object]) -> Hop:
    headers, peer = hop.get("headers"), hop.get("peer")
    return Hop(
        url=str(hop["url"]),
        status=int(str(hop["status"])),
        headers=_pairs(headers if isinstance(headers, list) else []),
        peer=str(peer) if peer else None,
    )


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> list[list[str]]:
    """Headers for JSON; latin-1 keeps every byte."""
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _pairs(headers: Iterable[Iterable[str]]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def _utf8(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
