"""Is this page an article? Only what is certain is turned away, for a rejected article is lost.

The words that walls, error pages and parked domains use are data (`walls.toml`).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.headline import agree
from newsarchive.extract.listings import front_page, listing
from newsarchive.extract.meeting import missed
from newsarchive.extract.metadata import PageFacts
from newsarchive.extract.pruning import select
from newsarchive.extract.signs import WALLS, Sign
from newsarchive.extract.text import clean_line, key
from newsarchive.extract.view import View, body_classes, path_of, running_words, view, visible
from newsarchive.models import Rejected
from newsarchive.urls import is_home

_MAGIC = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")
_TAG = re.compile(r"<[a-zA-Z!?]")
_NOT_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_UNREADABLE = 0.1  # share of characters that are no text
_SEGMENT = re.compile(r"\s+[-|–—:·•»«]\s+|\s*\|\s*")
_SHELL = 40  # words, below which a page can be a shell that a script fills
_ROOTS = "#root, #app, #__next, #__nuxt, app-root, #main-app"
_NO_SCRIPT = re.compile(
    r"enable javascript|javascript (?:is )?(?:required|disabled)|جافا ?سكر[يب]*ت", re.IGNORECASE
)
_STATIC = 60  # words of a static page that can be an article
_REFRESH = re.compile(r"http-equiv=[\"']?refresh[^>]{1,200}?url=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_HEAD = 20_000  # characters in which a page forwards
_VERDICT = 10  # words of a heading that says what is wrong with the page
_EXPLAINED = 80  # words in paragraphs, which an explanation seldom needs
_AROUND_CODE = frozenset({"error", "http", "code", "status", "خطا", "رقم", "عفوا", "عذرا", "oops", "sorry"})
_CODES = {"401": "wall", "403": "wall", "404": "soft-404", "410": "soft-404", "429": "wall"}
_ERROR_PATH = re.compile(
    r"/(?:(?:error[-_]?)?404|(?:page[-_]?)?not[-_]?found|error)(?:\.\w{2,5})?/*$", re.IGNORECASE
)
_CONSENT = "[class*=consent], [id*=consent], [class*=cookie], [id*=cookie], [class*=gdpr], [id*=gdpr]"
_CONSENT_SHARE = 0.6  # of the page's words


def reject_bytes(content: bytes, html: str) -> Rejected | None:
    """Turn away what is no HTML page at all.

    Args:
        content: the page's bytes.
        html: the same, decoded.
    """
    if not content.strip():
        return Rejected(reason="empty", detail="the server sent no bytes")
    if content.lstrip().startswith(_MAGIC):
        return Rejected(reason="not-html", detail="the bytes are a file of another kind")
    if found := _NOT_HTML.match(html[:2000]):
        return Rejected(reason="not-html", detail=f"an XML document, <{found[1]}>")
    if not _TAG.search(html) or _unreadable(html) > _UNREADABLE:
        return Rejected(reason="not-html", detail="the bytes hold no markup")
    return None


def _unreadable(html: str) -> float:
    sample = html[:4000]
    return sum(map(sample.count, "\x00\ufffd")) / max(1, len(sample))


def reject_page(tree: LexborHTMLParser, facts: PageFacts, url: str, html: str) -> Rejected | None:
    """Turn away walls, error pages, front pages, listings, and pages of another kind than news.

    Args:
        tree: the page without its scripts.
        facts: what the page says about itself.
        url: the address that answered.
        html: the page's source.
    """
    page = view(tree, facts, url, html)
    return (
        _error(page)
        or _sign(page)
        or _consent(page)
        or _forward(page)
        or front_page(page)
        or listing(page)
        or missed(page)
    )


def reject_empty(tree: LexborHTMLParser, html: str) -> Rejected:
    """Say why a page has no text.

    Args:
        tree: the page after pruning.
        html: the page's source.
    """
    shell = tree.css_first(_ROOTS) is not None or _NO_SCRIPT.search(html)
    if shell and len(visible(tree).split()) < _SHELL:
        return Rejected(reason="script-shell", detail="a script would have to build the page")
    return Rejected(reason="no-text", detail="the page has no text beside its furniture")


def reject_static(tree: LexborHTMLParser, lines: list[str]) -> Rejected | None:
    """Turn away a page that WordPress calls static, such as a form for contact, if it says little."""
    classes = body_classes(tree)
    if "page" not in classes or not any(name.startswith("page-id-") for name in classes):
        return None
    if sum(len(line.split()) for line in lines) >= _STATIC:
        return None
    return Rejected(reason="static", detail="a static page of the site with little text")


def _forward(page: View) -> Rejected | None:
    found = _REFRESH.search(page.html[:_HEAD])
    if found is None or page.is_article or page.words >= _SHELL:
        return None
    reason = "home-page" if is_home(found[1]) else "no-text"
    return Rejected(reason=reason, detail=f"the page only forwards to {clean_line(found[1])}")


def _error(page: View) -> Rejected | None:
    if "error404" in page.classes:
        return Rejected(reason="soft-404", detail="WordPress calls the page an error")
    if not page.is_article and _ERROR_PATH.search(path_of(page.url)):
        return Rejected(reason="soft-404", detail="the address is that of the site's error page")
    return None


def _sign(page: View) -> Rejected | None:
    if found := next((sign for sign in WALLS if _is_made_by(sign, page)), None):
        return Rejected(reason=found.reason, detail=found.detail)
    if (page.is_article and not page.is_little) or _is_expected(page):
        return None
    headings = _segments([page.facts.title, page.facts.headline])
    if found := next((sign for sign in WALLS if _fits(sign, page, headings)), None):
        return Rejected(reason=found.reason, detail=found.detail)
    reason = next((reason for heading in headings if (reason := _reason_of_code(heading))), None)
    return Rejected(reason=reason, detail="the heading is an HTTP status") if reason else None


def _is_expected(page: View) -> bool:
    """Whether the page prints the feed's headline as its own: no feed announces an error page."""
    expected = key(page.facts.expected)
    printed = [page.facts.title, *(node.text(separator=" ") for node in page.tree.css("h1"))]
    return bool(expected) and any(agree(expected, found) for text in printed if (found := key(text)))


def _segments(headings: list[str]) -> list[str]:
    """Return headings and their parts in comparison form, without the words around a status code."""
    parts = (part for heading in headings for part in (heading, *_SEGMENT.split(heading)))
    return list(dict.fromkeys(found for part in parts for found in _readings(key(part)) if found))


def _readings(heading: str) -> tuple[str, str]:
    words = heading.split()
    bare = [word for word in words if word not in _AROUND_CODE and not _is_code(word)]
    return heading, " ".join(bare) if len(bare) < len(words) else ""


def _is_code(word: str) -> bool:
    return re.fullmatch("[45][0-2][0-9]", word) is not None


def _reason_of_code(heading: str) -> str | None:
    """Return the slug of a heading that is a status code, alone or among words such as "error"."""
    codes = [word for word in heading.split() if _is_code(word)]
    if len(codes) != 1 or {*heading.split()} - _AROUND_CODE != {codes[0]}:
        return None
    return "server-error" if codes[0].startswith("5") else _CODES.get(codes[0])


def _fits(sign: Sign, page: View, headings: list[str]) -> bool:
    if sign.needs and not select(page.tree, sign.needs):
        return False
    if not sign.titles.isdisjoint(headings):
        return True
    return not page.is_article and (
        (any(_says(heading, sign) for heading in headings) and running_words(page) < _EXPLAINED)
        or (page.is_little and _tells(sign, page))
    )


def _says(heading: str, sign: Sign) -> bool:
    """Whether a heading of few words holds a subject and a verdict, such as «عذرا، الصفحة غير موجودة»."""
    padded = f" {heading} "
    return len(heading.split()) <= _VERDICT and all(
        any(f" {phrase} " in padded for phrase in phrases) for phrases in (sign.subjects, sign.verdicts)
    )


def _is_made_by(sign: Sign, page: View) -> bool:
    """Whether the software that made the page is of another kind: wikis and forums call their pages articles as well."""
    if any(word in page.html for word in sign.unless):
        return False
    made_by = [name.lower() for name in page.facts.metas.get("generator", ())]
    return (
        any(name.startswith(sign.generators) for name in made_by)
        or any(re.search(address, page.url) for address in sign.addresses)
        or not page.facts.linked.types.isdisjoint(sign.types)
        or any(page.tree.css_first(selector) is not None for selector in sign.selectors)
    )


def _tells(sign: Sign, page: View) -> bool:
    text = f" {page.text} "
    return any(f" {said} " in text for said in sign.texts) or any(mark in page.html for mark in sign.markup)


def _consent(page: View) -> Rejected | None:
    """Turn away a page that is little but a question for consent; an article has a headline beside it."""
    if page.is_article or not page.is_little or page.headlines:
        return None
    asked = max((_size(node) for node in page.tree.css(_CONSENT)), default=0)
    if asked < _CONSENT_SHARE * max(1, page.words) or asked < _SHELL / 2:
        return None
    return Rejected(reason="consent", detail="the page asks for consent and shows nothing before")


def _size(node: LexborNode) -> int:
    return len(key(node.text(separator=" ")).split())
