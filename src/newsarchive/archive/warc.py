"""Articles' pages as WARC 1.1, for replay and for other archives: what was asked and what came, as far as it is kept.

Kept are the decoded bodies, and of answers that led elsewhere the headers alone. So a header that speaks of the body as it travelled
is renamed (`X-Archive-Orig-Content-Encoding`), and status lines say `HTTP/1.1` with the usual phrase. The rest is as it came, byte for
byte. Records' numbers follow from the evidence: one archive gives the same records each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from newsarchive.archive import evidence
from newsarchive.archive.export import Item
from newsarchive.archive.files import PAGES_APPLICATION_ID, explained, open_to_read, pages_path, stamp
from newsarchive.archive.pages import read_page
from newsarchive.models import Fetched

Headers = tuple[tuple[bytes, bytes], ...]

_NUMBERS = uuid.UUID(
    "6f2c3f0e-3f5e-4b0c-9d53-0d3c8f6c5a11"
)  # the name space of our record numbers, made up once
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"  # profiles of WARC 1.1, 6.7
_RENAMED = b"X-Archive-Orig-"
_OF_THE_WAY = frozenset({b"content-encoding", b"transfer-encoding", b"content-length"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Capture:
    """A page that came.

    Attributes:
        name: what its records are numbered by.
        page: SHA-256 of the body; None if none was read.
        fetched: how it came, with the body unless that is not here.
        stands: of a 304, SHA-256 of the body that it says still stands there; None if that is not known.
    """

    name: str
    page: str | None
    fetched: Fetched
    stands: str | None = None

    def record_id(self, part: str) -> str:
        """Return the number of one of its records."""
        return f"<urn:uuid:{uuid.uuid5(_NUMBERS, f'{self.name} {part}')}>"


class _Head:
    """The head of an HTTP message as bytes; warcio's own would rewrite what is no ASCII."""

    def __init__(self, line: str, headers: Headers) -> None:
        lines = [line.encode("latin-1", "replace"), *(b"%s: %s" % pair for pair in headers)]
        self.headers_buff = b"".join(line + b"\r\n" for line in [*lines, b""])

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Do nothing: it is done. warcio calls this."""


@contextlib.contextmanager
def warc_writer(
    connection: sqlite3.Connection, path: Path
) -> Iterator[Callable[[Iterable[Item], BinaryIO], None]]:
    """Open the pages file beside the main file, and return what writes items as WARC.

    Args:
        connection: to the main file, in the transaction that the items are read in. Pages are committed before the articles that
            cite them, so the pages file, opened later, has them all.
        path: the main file.

    Raises:
        ArchiveError: the pages file is missing or cannot be used.
    """
    beside = pages_path(path)
    (archive,) = connection.execute("SELECT value FROM meta WHERE key = 'archive_id'").fetchone()
    with contextlib.closing(open_to_read(beside, PAGES_APPLICATION_ID)) as pages:

        def write(items: Iterable[Item], out: BinaryIO) -> None:
            writer = WARCWriter(out, gzip=True, warc_version="1.1")
            writer.write_record(_warcinfo(writer, archive))
            for item in items:
                records = _Records(writer)
                for capture in _captures(pages, beside, item):
                    records.write(capture)

        yield write


def decoded_headers(headers: Headers, size: int) -> Headers:
    """Return an answer's headers as they hold for `size` bytes of decoded body: what speaks of the way it came is renamed."""

    def holds(name: bytes, value: bytes) -> bool:
        length = name.lower() == b"content-length" and value.strip() == b"%d" % size
        return length or name.lower() not in _OF_THE_WAY

    kept = tuple((name if holds(name, value) else _RENAMED + name, value) for name, value in headers)
    has_length = any(name.lower() == b"content-length" for name, _ in kept)
    return kept if has_length else (*kept, (b"Content-Length", b"%d" % size))


class _Records:
    """Writes the records of one article; a body that comes again is written once."""

    def __init__(self, writer: WARCWriter) -> None:
        self._writer = writer
        self._bodies: dict[str, dict[str, str]] = {}  # by hash, the headers that refer to its record

    def write(self, capture: _Capture) -> None:
        """Write what came: the answers that led there, the one that ended it, and the last request."""
        fetched = capture.fetched
        if fetched.outcome == "imported":
            self._resource(capture)
            return
        end = {"WARC-Concurrent-To": capture.record_id("response")} if fetched.status is not None else {}
        for number, hop in enumerate(fetched.redirects):
            head = _Head(_status_line(hop.status), decoded_headers(hop.headers, 0))
            headers = {**end, **_cut(hop.headers)}
            self._record("response", hop.url, capture, headers, f"hop {number}", peer=hop.peer, head=head)
        if fetched.status is not None:
            self._answer(capture, fetched.status)
            head = _Head(_request_line(fetched.final_url), fetched.request_headers)
            self._record("request", fetched.final_url, capture, end, "request", peer=fetched.peer, head=head)

    def _answer(self, capture: _Capture, status: int) -> None:
        fetched, body = capture.fetched, capture.fetched.content
        unmodified = status == HTTPStatus.NOT_MODIFIED
        same = self._bodies.get((capture.stands if unmodified else capture.page) or "")
        kind = "revisit" if same else "response"
        if unmodified:
            headers = {"WARC-Profile": f"{_REVISIT}server-not-modified", **same} if same else {}
        elif same:
            headers = {"WARC-Profile": f"{_REVISIT}identical-payload-digest", **_digest(capture), **same}
        else:
            headers = _cut(fetched.headers) if body is None else _digest(capture)
        if body is not None:
            self._remember(capture)
        answered = fetched.headers if unmodified else decoded_headers(fetched.headers, len(body or b""))
        self._record(
            kind,
            fetched.final_url,
            capture,
            headers,
            "response",
            peer=fetched.peer,
            head=_Head(_status_line(status), answered),
            body=b"" if same else body or b"",
        )

    def _resource(self, capture: _Capture) -> None:
        """Write a page that did not come by a request of ours."""
        headers = {"Content-Type": "text/html", **_digest(capture)}
        body = capture.fetched.content or b""
        self._record("resource", capture.fetched.url, capture, headers, "response", body=body)

    def _remember(self, capture: _Capture) -> None:
        self._bodies.setdefault(
            capture.page or "",
            {
                "WARC-Refers-To": capture.record_id("response"),
                "WARC-Refers-To-Target-URI": capture.fetched.final_url,
                "WARC-Refers-To-Date": stamp(capture.fetched.started_at),
            },
        )

    def _record(
        self,
        kind: str,
        url: str,
        capture: _Capture,
        headers: dict[str, str],
        part: str,
        *,
        peer: str | None = None,
        head: _Head | None = None,
        body: bytes = b"",
    ) -> None:
        all_headers = {
            "WARC-Record-ID": capture.record_id(part),
            "WARC-Date": stamp(capture.fetched.started_at),
            **({"WARC-IP-Address": peer} if peer else {}),
            **({"WARC-Payload-Digest": _sha256(body)} if kind != "revisit" else {}),  # warcio's own is SHA-1
            **headers,
        }
        record = self._writer.create_warc_record(
            _one_line(url),
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict={name: _one_line(value) for name, value in all_headers.items()},
            http_headers=head,
        )
        self._writer.write_record(record)


def _captures(pages: sqlite3.Connection, beside: Path, item: Item) -> Iterator[_Capture]:
    """Yield what came from an article's addresses, oldest first, then its pages that no request of ours brought.

    An address belongs to one article, so nothing is yielded for two.
    """
    urls = json.dumps([address["url"] for address in item["addresses"]])
    done: set[str | None] = {None}
    stands = {
        (one["url"], one["at"]): one["page"] for one in item["sightings"] if one["outcome"] == "not-modified"
    }
    with explained(beside):
        for row in pages.execute(_REQUESTS, (urls,)):
            done.add(row["page"])
            content = read_page(pages, row["page"]) if row["page"] else None
            fetched = evidence.read_request(row, content)
            yield _Capture(
                name=f"{row['archive']} {row['number']}",
                page=row["page"],
                fetched=fetched,
                stands=stands.get((row["url"], row["at"])),
            )
        for seen in item["sightings"]:
            page = seen["page"]
            if page not in done and (content := read_page(pages, page)) is not None:
                done.add(page)
                yield _Capture(name=f"{seen['url']} {page}", page=page, fetched=_loose(seen, content))


def _loose(seen: Item, content: bytes) -> Fetched:
    at = datetime.fromisoformat(seen["at"])
    return Fetched(url=seen["url"], final_url=seen["url"], outcome="imported", content=content, started_at=at)


def _warcinfo(writer: WARCWriter, archive: str) -> object:
    fields = {
        "software": f"newsarchive/{version('newsarchive')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": f"newsarchive {archive}",
        "description": "pages of news articles; bodies are decoded, what spoke of their coding is renamed X-Archive-Orig-*",
    }
    record = writer.create_warcinfo_record(None, fields)
    record.rec_headers.replace_header("WARC-Date", stamp(datetime.now(UTC)))
    return record


def _sha256(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _digest(capture: _Capture) -> dict[str, str]:
    return {"WARC-Payload-Digest": f"sha256:{capture.page}"}


def _cut(headers: Headers) -> dict[str, str]:
    """Say that a body is missing, if there was one."""
    named = {name.lower(): value.strip() for name, value in headers}
    had_body = b"transfer-encoding" in named or named.get(b"content-length", b"0") != b"0"
    return {"WARC-Truncated": "unspecified"} if had_body else {}


def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
    return f"HTTP/1.1 {status} {phrase}"


def _request_line(url: str) -> str:
    place = re.sub(r"^[^/]*//[^/?#]*", "", url)
    return _one_line(f"GET {place if place.startswith('/') else f'/{place}'} HTTP/1.1")


def _one_line(text: str) -> str:
    """Return text that cannot end a header: a merged archive may hold anything."""
    return "".join(char if char.isprintable() else " " for char in text)


_REQUESTS = """
SELECT * FROM requests WHERE kind = 'page' AND url IN (SELECT value FROM json_each(?)) ORDER BY at, archive, number"""
