"""The values that travel between the modules: frozen, keyword-only, no behaviour beyond reading themselves.

`None` always means absent, never failed: what failed says so in `Fetched.outcome` or `Rejected.reason`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page that lists a source's articles, for outlets without a feed.

    Attributes:
        url: the page's address.
        links: a regular expression, searched in each link's absolute address.
    """

    url: str
    links: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors of a source whose pages need them; each overrides what extraction would find."""

    headline: str | None = None
    lede: str | None = None
    body: str | None = None
    byline: str | None = None
    date: str | None = None
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One outlet, as its block in feeds.toml says.

    Attributes:
        key: the short name, such as `enab-baladi`; the archive's natural key.
        name: as the outlet writes itself, mostly Arabic.
        language: BCP 47, of most of its articles.
        timezone: IANA name of the newsroom's zone; an article's `date` is the day there.
        feeds: addresses in the order in which they are tried.
        charset: an encoding that overrides what the server and the page say.
        delay: seconds between two requests to one host; None takes the default.
        allow_private: whether addresses that are not public may be reached.
    """

    key: str
    name: str
    name_en: str | None = None
    country: str | None = None
    homepage: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    feeds: tuple[str, ...] = ()
    listing: Listing | None = None
    selectors: Selectors = field(default_factory=Selectors)
    user_agent: str | None = None
    charset: str | None = None
    delay: float | None = None
    proxy: str | None = None
    allow_private: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed, a listing or a sitemap says about one article.

    Attributes:
        url: absolute http(s) address, as the feed prints it.
        published: aware, in UTC.
        guid: the feed's own key of the article (WordPress: an address with `?p=`).
        summary: plain text.
        content: the feed's own full text, as HTML; a witness for extraction.
        garbled: the text arrived doubly encoded and cannot be read.
    """

    url: str
    headline: str | None = None
    published: datetime | None = None
    guid: str | None = None
    summary: str | None = None
    content: str | None = None
    byline: str | None = None
    section: str | None = None
    garbled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One answer that sent us on to another address.

    Attributes:
        url: the address that answered.
        headers: of the answer, in order, as bytes.
        peer: the IP address that answered.
    """

    url: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    peer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How one request ended, whatever happened.

    Attributes:
        url: the address asked.
        final_url: the address that answered, after redirects.
        outcome: `ok`, `not-modified`, or the slug of what went wrong.
        detail: one line for people, empty if the slug says it all.
        status: HTTP status of the last answer.
        headers: of the last answer, in order, as bytes.
        redirects: the answers that sent us on, in order.
        robots: what robots.txt said of the page: `allowed`, `disallowed` or `unreachable`; None if it was not consulted.
        content: the body, decompressed; None unless the outcome is `ok`.
        started_at: our clock, UTC.
        seconds: how long it took, all redirects included, waiting for a turn excluded.
        retry_at: when the server asks to be left alone until, UTC.
        peer: the IP address that answered.
    """

    url: str
    final_url: str
    outcome: str
    detail: str = ""
    status: int | None = None
    request_headers: tuple[tuple[bytes, bytes], ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    redirects: tuple[Hop, ...] = ()
    robots: str | None = None
    content: bytes | None = None
    started_at: datetime
    seconds: float = 0.0
    retry_at: datetime | None = None
    peer: str | None = None

    def header(self, name: bytes) -> bytes | None:
        """Return the last value of a response header (name in lower case), or None."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The cleaned record of one page.

    Attributes:
        url: the canonical address.
        body: plain text, one paragraph a line, without the lede if the page prints that apart.
        language: BCP 47.
        published: the instant the source claims, aware, in UTC; None if it gives no time.
        date: the outlet's local day, YYYY-MM-DD; None if none is certain.
        date_from: who said so: `feed`, `json-ld`, `meta`, `page` or `url`.
        addresses: other addresses that the page gives itself (canonical link, shortlink, og:url), same host only.
        extractor: the version of the rules that made this record.
    """

    url: str
    headline: str
    body: str
    lede: str | None = None
    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    caption: str | None = None
    language: str | None = None
    published: datetime | None = None
    date: str | None = None
    date_from: str | None = None
    addresses: tuple[str, ...] = ()
    extractor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why a page is no article.

    Attributes:
        reason: a stable slug, such as `no-text` or `home-page`.
        detail: one line for people.
    """

    reason: str
    detail: str = ""
