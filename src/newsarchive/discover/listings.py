"""A page that lists a source's articles, for outlets without a feed, to entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from newsarchive.discover.entries import web_address
from newsarchive.discover.plain import plain_text
from newsarchive.encoding import content_type_of, decode_html
from newsarchive.errors import FeedError
from newsarchive.models import Entry
from newsarchive.urls import canonical_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HEADLINE = 1000  # characters
# What links say that lead to an article without naming it, without marks, arrows and hamzas.
_NO_HEADLINES = re.compile(
    r"(?:(?:لقراءه|قراءه|اقرا|تابع|اكمل|عرض|شاهد|مزيد من|لمزيد من)\s*)?(?:ال|لل)?"
    r"(?:مزيد|قراءه|تفاصيل|الخبر|خبر|مقال|تعليقات|مشاركه|صوره|فيديو|ايضا|اكثر|كامله|كاملا|المقال|هنا|اضغط هنا|\s)+"
    r"|\d*\s*(?:لا توجد\s*)?تعليق(?:ات)?"
    r"|(?:read|see|view|continue)?\s*(?:more|reading|details|image|img|photo|picture|thumbnail|logo|link|comments?|share|video|here)"
    r"|\S+\.(?:jpe?g|png|webp|gif|svg|avif)"
)
_LEAD = re.compile(
    r"(?:[اإ]قرأ(?: المزيد)?(?: عن)?|رابط (?:دائم|ثابت)(?: إلى)?|permalink (?:to|for)|read more(?: about)?)\s*:?\s+",
    re.IGNORECASE,
)
_FOLDED = str.maketrans("أإآىة", "ااايه")
_LETTERLESS = re.compile(r"[^\w\s.]|_|[\u064b-\u0652\u0640]")


def parse_listing(
    content: bytes,
    *,
    url: str,
    links: str,
    headers: Mapping[str, str] | None = None,
    charset: str | None = None,
) -> tuple[Entry, ...]:
    """Return an entry for each article that a page links, once each, in the page's order.

    The headline is the longest text by which the page calls that article (a heading, the link's text, its title, its
    picture's description), None if that is only «اقرأ المزيد» or the like.

    Args:
        content: the body of the answer.
        url: the page's address, to resolve relative links.
        links: a regular expression, searched in each link's absolute address.
        headers: of the answer; only Content-Type is read.
        charset: an encoding that overrides what server and page say.

    Raises:
        FeedError: `reason` is `empty` for a page without anything, `no-links` if no link matches: a listing that finds
            nothing without a word would be lost for months.
    """
    text = decode_html(content, content_type=content_type_of(headers), charset=charset)
    if not text.strip():
        raise FeedError(f"{url}: an empty answer instead of a listing", "empty")
    names: dict[str, list[str]] = {}
    printed: dict[str, str] = {}
    pattern = re.compile(links)
    for address, anchor in _links(text, url):
        if pattern.search(address):
            key = canonical_url(address)
            printed.setdefault(key, address)
            names.setdefault(key, []).extend(_names(anchor))
    if not printed:
        raise FeedError(f"{url}: no link on the page matches {links}", "no-links")
    return tuple(Entry(url=printed[key], headline=max(names[key], key=len, default=None)) for key in printed)


def _links(text: str, url: str) -> Iterator[tuple[str, LexborNode]]:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - feeds do without it

    tree = LexborHTMLParser(text)
    base_tag = tree.css_first("base[href]")
    base = web_address(url, (base_tag.attributes.get("href") if base_tag else None) or "") or url
    for anchor in tree.css("a[href]"):
        address = web_address(base, anchor.attributes.get("href") or "")
        if address is not None:
            yield address.partition("#")[0], anchor


def _names(anchor: LexborNode) -> Iterator[str]:
    """Yield what a link calls its article; of a card that is one link, its heading and not the text below."""
    heading = anchor.css_first("h1, h2, h3, h4, h5, h6")
    pictures = (picture.attributes.get("alt") for picture in anchor.css("img[alt]"))
    printed = (
        (heading or anchor).text(),
        anchor.attributes.get("title"),
        anchor.attributes.get("aria-label"),
        *pictures,
    )
    for name in printed:
        headline = plain_text(name, _HEADLINE)
        if headline and _is_headline(headline):
            lead = _LEAD.match(headline)
            yield headline[lead.end() :] if lead else headline


def _is_headline(text: str) -> bool:
    words = " ".join(_LETTERLESS.sub("", text.lower().translate(_FOLDED)).split()).strip(" .")
    return any(char.isalpha() for char in words) and not _NO_HEADLINES.fullmatch(words)
