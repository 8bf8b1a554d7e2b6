"""What an answer means: pure decisions about statuses and headers, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urljoin

from newsarchive.urls import is_web_address

Kind = Literal["feed", "page", "robots"]
Headers = tuple[tuple[bytes, bytes], ...]

SIZES: dict[Kind, int] = {  # bytes
    "feed": 5 * 1024 * 1024,  # miniflux' order of magnitude; the largest Arabic feed seen has under 1 MB
    "page": 5 * 1024 * 1024,
    "robots": 512 * 1024,  # RFC 9309, 2.5: at least 500 KiB; the rest is cut off
}
REDIRECT = "redirect"  # an outcome on the way only; no `Fetched` ends with it
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OVERLOADED = frozenset({429, 503})
WALLED = frozenset({403, 503})  # the statuses under which bot walls show their page
LONGEST_PAUSE = timedelta(hours=24)
SHORTEST_PAUSE = timedelta(minutes=1)  # some say 0 and mean it no more than the next request will
DEFAULT_PAUSE = timedelta(hours=1)

_OUTCOMES = {
    200: "ok",
    203: "ok",
    304: "not-modified",
    404: "not-found",
    410: "gone",
    429: "rate-limited",
    503: "unavailable",
} | dict.fromkeys(REDIRECTS, REDIRECT)
_MEDIA = re.compile(rb"(image|video|audio|font)/|application/(pdf|zip|x-zip)")
_READABLE = re.compile(rb"text/|application/(xhtml|xml|octet-stream)|[^;]*[+/]xml\b")
# What the walls print: Cloudflare's challenge and its block page, DDoS-Guard, Imunify360.
_WALL = re.compile(
    rb"_cf_chl_|cf-chl-|challenge-platform|cf-error-details|<title>\s*just a moment|attention required! \| cloudflare"
    rb"|ddos-guard|imunify360",
    re.IGNORECASE,
)
_WALL_SERVERS = re.compile(rb"cloudflare|ddos-guard|imunify360", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one exchange, or the refusal to have one, ended.

    Attributes:
        outcome: a slug of `newsarchive.fetch`, or `redirect`.
        content: the body, decompressed, if the outcome is `ok`.
        seconds: how long the exchange took.
        peer: the IP address that answered; None through a proxy.
    """

    outcome: str
    detail: str = ""
    status: int | None = None
    headers: Headers = ()
    request_headers: Headers = ()
    content: bytes | None = None
    seconds: float = 0.0
    retry_at: datetime | None = None
    peer: str | None = None


def last_value(headers: Headers, name: bytes) -> bytes | None:
    """Return the last value of a header (name in lower case), or None."""
    return next((value for key, value in reversed(headers) if key.lower() == name), None)


def joined_values(headers: Headers, name: bytes) -> bytes:
    """Return all values of a header (name in lower case) as one list, as RFC 9110 5.3 reads them."""
    return b",".join(value for key, value in headers if key.lower() == name)


def outcome_of(status: int) -> str:
    """Return the slug of an HTTP status."""
    return _OUTCOMES.get(status, f"http-{status}")


def fits(kind: Kind, content_type: bytes | None) -> bool:
    """Whether an answer of this Content-Type may be what was asked for; absent or unreadable types may."""
    said = (content_type or b"").strip().lower()
    if kind == "robots" or b"/" not in said:
        return True
    if _MEDIA.match(said):
        return False
    return kind == "feed" or _READABLE.match(said) is not None


def is_challenge(headers: Headers) -> bool:
    """Whether Cloudflare says that this answer is its challenge, whatever the status."""
    return (last_value(headers, b"cf-mitigated") or b"").strip().lower() == b"challenge"


def is_wall(status: int, headers: Headers, start: bytes) -> bool:
    """Whether a bot wall answered, judged by `start`, the first 20 kB of the body.

    A 403 that such a service sends in its own name is enough. A 503 needs the wall's own words as well, for these
    services stand before many sites and pass on the 503 of a site that is only overloaded.
    """
    if status not in WALLED:
        return False
    server = joined_values(headers, b"server")
    return _WALL.search(start) is not None or (status == 403 and _WALL_SERVERS.search(server) is not None)  # noqa: PLR2004 - a status says more than a name for it


def pause_end(retry_after: bytes | None, now: datetime) -> datetime:
    """Return until when a host asks to be left alone: 1 min to 24 h, one hour if it does not say so readably.

    Args:
        retry_after: the header's value, seconds or an HTTP date.
        now: our clock, UTC.
    """
    value = (retry_after or b"").strip()
    if re.fullmatch(rb"\d+", value):
        seconds = int(value[:10]) if len(value) <= 10 else LONGEST_PAUSE.total_seconds()  # noqa: PLR2004 - int() refuses thousands of digits
        pause = timedelta(seconds=seconds)
    else:
        pause = _time_until(value, now)
    return now + min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)


def redirect_target(base: str, location: bytes | None) -> tuple[str, str]:
    """Return where a redirect leads, and the slug of what is wrong with it: one of the two is empty."""
    printed = _text(location or b"").strip()
    if not printed:
        return "", "redirects"
    try:
        target = urljoin(base, printed)
    except ValueError:
        return "", "redirects"
    scheme = _SCHEME.match(target)
    if scheme is None or scheme[1].lower() not in ("http", "https"):
        return "", "bad-url"
    if is_web_address(target):
        return target.partition("#")[0], ""
    return "", "bad-url" if "@" in target else "redirects"


def _time_until(date: bytes, now: datetime) -> timedelta:
    try:
        when = parsedate_to_datetime(date.decode("ascii"))
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return when - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return DEFAULT_PAUSE


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
