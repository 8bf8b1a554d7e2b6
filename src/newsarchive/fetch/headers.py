"""What a request says about us: exactly these headers, in this order, and no others."""

from __future__ import annotations

import re
from importlib import metadata

from newsarchive.fetch.answers import Headers, Kind

_ACCEPT: dict[Kind, bytes] = {
    "feed": b"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "page": b"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
    "robots": b"text/plain, */*;q=0.5",
}
_EMAIL = re.compile(r"[^@\s:/]+@[^@\s:/]+\.[^@\s:/]+")
_VALUE = re.compile(rb"[!-~\x80-\xff]([\t -~\x80-\xff]*[!-~\x80-\xff])?")  # RFC 9110, 5.5


def user_agent(contact: str | None) -> str:
    """Return `newsarchive/VERSION (+contact)`."""
    try:
        version = metadata.version("newsarchive")
    except metadata.PackageNotFoundError:  # run from a bare checkout
        version = "0"
    return f"newsarchive/{version} (+{contact})" if contact else f"newsarchive/{version}"


def request_headers(kind: Kind, agent: str, contact: str | None) -> Headers:
    """Return the headers of every request of this kind; httpx puts Host before them."""
    mail = contact is not None and _EMAIL.fullmatch(contact) is not None
    named = {
        b"User-Agent": _one_line(agent),
        b"Accept": _ACCEPT[kind],
        b"Accept-Language": b"ar,en;q=0.5",
        b"Accept-Encoding": b"gzip",  # brotli and zstd unpack a bomb in one piece
        b"Connection": b"keep-alive",
        b"From": _one_line(contact or "") if mail else b"",
    }
    return tuple((name, value) for name, value in named.items() if value)


def conditional_headers(etag: bytes | None, last_modified: bytes | None) -> Headers:
    """Return the validators byte for byte; what no header can hold is left out, for it could never be sent."""
    named = {b"If-None-Match": etag, b"If-Modified-Since": last_modified}
    return tuple(
        (name, value) for name, value in named.items() if value is not None and _VALUE.fullmatch(value)
    )


def _one_line(text: str) -> bytes:
    """Return a configured text as a header value: a line break in it would forge a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split()).encode(
        "utf-8", "replace"
    )
