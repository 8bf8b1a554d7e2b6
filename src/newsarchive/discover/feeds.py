"""A feed's bytes to entries: decode, rescue, parse, read.

feedparser gets only what `rescue` has written anew, as a stream: given bytes it would open a file of that name, given
text ask for an address. What it may still be made to do is not known: parse feeds from outside in a process that can
be killed.
"""

from __future__ import annotations

import html
import io
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from newsarchive.discover.entries import MOST_ENTRIES, make_entry, newest, web_address
from newsarchive.discover.instants import instant
from newsarchive.discover.json_feed import json_entries
from newsarchive.discover.rescue import Rescued, rescue, root_of
from newsarchive.encoding import charset_of, content_type_of, decode, xml_encoding
from newsarchive.errors import FeedError
from newsarchive.models import Entry
from newsarchive.urls import is_web_address

_INFLATED = 5 * 1024 * 1024  # bytes of a compressed body that are read; the rest is cut off
_HTML = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_SITEMAP = re.compile(r"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|div|p|br|script|h1|center)\b", re.IGNORECASE)
# In the order in which they are believed.
_DATES = tuple(
    re.compile(rf"<(?:{names})(?:\s[^<>]*)?>([^<]*)<")
    for names in (
        "pubdate|published|issued|dcterms:issued",
        "dc:date|dcterms:date",
        "updated|modified|dcterms:modified|created",
    )
)

_Date = Callable[[str | None], datetime | None]


def parse_feed(
    content: bytes,
    *,
    url: str,
    headers: Mapping[str, str] | None = None,
    charset: str | None = None,
    timezone: str | None = None,
    now: datetime | None = None,
) -> tuple[Entry, ...]:
    """Return the entries of an RSS, Atom or JSON feed, at most the 500 newest, in the feed's order.

    What can be recovered of a damaged feed is. An entry without a web address is left out. A date that cannot be read,
    or a day without a time, gives `published=None`.

    Args:
        content: the body of the answer, also if it is still gzipped; of that 5 MB are read.
        url: the feed's address, to resolve relative links.
        headers: of the answer; only Content-Type is read.
        charset: an encoding that overrides what server and feed say.
        timezone: IANA name of the zone of dates that have none; None is UTC.
        now: our clock, for dates such as «منذ ساعة»; the machine's if None.

    Raises:
        FeedError: `content` is no feed; `reason` is `empty`, `html`, `sitemap` or `not-a-feed`.
        ZoneInfoNotFoundError: there is no such `timezone`.
    """
    text = _text(content, headers, charset)
    if not text.strip():
        raise FeedError(f"{url}: an empty answer instead of a feed", "empty")
    read_date = partial(instant, zone=ZoneInfo(timezone) if timezone else UTC, now=now)
    entries = json_entries(text, url=url, read_date=read_date)
    return _xml_entries(text, url, read_date) if entries is None else entries


def _text(content: bytes, headers: Mapping[str, str] | None, charset: str | None) -> str:
    if content.startswith(b"\x1f\x8b"):
        content = _inflated(content)
    http_charset = charset_of(content_type_of(headers))
    return decode(content, charset=charset, http_charset=http_charset, declared=xml_encoding(content))


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, _INFLATED)
    except zlib.error:
        return content


def _xml_entries(text: str, url: str, read_date: _Date) -> tuple[Entry, ...]:
    feed = None if _is_something_else(text) else rescue(text)
    if feed is None:
        raise _no_feed(text, url)
    if not feed.entries and not _is_empty_feed(feed):
        raise FeedError(
            f"{url}: no feed, or one that is cut off before the end of its first entry", "not-a-feed"
        )
    parsed = _parse(_limited(feed, read_date), url)
    base = web_address(url, _get(parsed.feed, "link") or "") or url
    entries = (_entry(raw, base, read_date) for raw in parsed.entries)
    return tuple(entry for entry in entries if entry is not None)


def _is_something_else(text: str) -> bool:
    """Whether an HTML page or a sitemap begins before any feed does; a page may come before `<?xml` as an error report."""
    start = root_of(text)
    before = text[:start].rpartition("<?xml")[2] if start is not None else text
    return bool(_HTML.search(before) or _SITEMAP.search(before))


def _no_feed(text: str, url: str) -> FeedError:
    if _SITEMAP.search(text):
        return FeedError(f"{url}: a sitemap, not a feed", "sitemap")
    if _MARKUP.search(text):
        return FeedError(f"{url}: an HTML page, not a feed", "html")
    return FeedError(f"{url}: neither RSS nor Atom nor JSON Feed", "not-a-feed")


def _is_empty_feed(feed: Rescued) -> bool:
    return feed.whole and (feed.name == "feed" or "<channel" in feed.head)


def _limited(feed: Rescued, read_date: _Date) -> str:
    """Return the feed with its newest entries only: feedparser needs 7 s for 60,000."""
    if len(feed.entries) <= MOST_ENTRIES:
        return feed.document(feed.entries)
    return feed.document(
        [feed.entries[index] for index in newest([_printed_date(piece, read_date) for piece in feed.entries])]
    )


def _printed_date(piece: str, read_date: _Date) -> datetime | None:
    return next((read_date(found[1]) for form in _DATES if (found := form.search(piece))), None)


def _parse(document: str, url: str) -> Any:  # noqa: ANN401 - feedparser is untyped
    import feedparser  # noqa: PLC0415 - 60 ms that a listing or a JSON Feed need not pay

    stream = io.BytesIO(f'<?xml version="1.0" encoding="utf-8"?>{document}'.encode("utf-8", "ignore"))
    try:
        return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser lets through whatever its parsers raise
        raise FeedError(f"{url}: a feed that cannot be read: {error!r:.200}", "not-a-feed") from error


def _entry(raw: Any, base: str, read_date: _Date) -> Entry | None:  # noqa: ANN401 - feedparser is untyped
    url = _address(raw, base)
    if url is None:
        return None
    contents = [_as_html(part) for part in raw.get("content", ()) if part.get("value")]
    summary = _get(raw, "summary")
    return make_entry(
        url=url,
        headline=_get(raw, "title"),
        published=next(
            filter(None, (read_date(_get(raw, key)) for key in ("published", "updated", "created"))), None
        ),
        guid=_get(raw, "id"),
        summary=None if any(part.get("value") == summary for part in raw.get("content", ())) else summary,
        content=max(contents, key=len, default=None),
        names=[_get(author, "name") for author in raw.get("authors", ())],
        section=next((_get(tag, "label") or _get(tag, "term") for tag in raw.get("tags", ())), None),
    )


def _get(raw: dict[str, Any], key: str) -> str | None:
    """Return what stands under this very key: feedparser's own look-up invents `updated` where only `published` is."""
    value = dict.get(raw, key)
    return value if isinstance(value, str) else None


def _as_html(part: dict[str, Any]) -> str:
    return html.escape(part["value"], quote=False) if part.get("type") == "text/plain" else part["value"]


def _address(raw: Any, base: str) -> str | None:  # noqa: ANN401 - feedparser is untyped
    """Return the entry's address: the first link that it prints decides, a guid counts only if there is none."""
    pages = (
        link
        for link in raw.get("links", ())
        if link.get("rel") == "alternate" and "html" in link.get("type", "")
    )
    printed = filter(None, (_get(raw, "feedburner_origlink"), *(_get(page, "href") for page in pages)))
    if link := next(printed, None):
        return web_address(base, link)
    guid = (_get(raw, "link") or "").strip()  # feedparser puts a permalink there
    return guid if is_web_address(guid) else None
