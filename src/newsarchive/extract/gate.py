"""Is this page an article? Only what is certain is turned away, for a rejected article is lost.

The words that walls, error pages and parked domains use are data (`walls.toml`).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.metadata import PageFacts
from newsarchive.extract.rules import SIGNS, Sign
from newsarchive.extract.text import clean_line, key
from newsarchive.models import Rejected
from newsarchive.urls import is_home, same_site

_MAGIC = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")
_TAG = re.compile(r"<[a-zA-Z!?]")
_NOT_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_UNREADABLE = 0.1  # share of characters that are no text
_SEGMENT = re.compile(r"\s+[-|–—:·•»«]\s+|\s*\|\s*")
_LITTLE = 120  # words of visible text, below which a page's words and markup can speak of a wall
_SHELL = 40  # words, below which a page can be a shell that a script fills
_ROOTS = "#root, #app, #__next, #__nuxt, app-root, #main-app"
_NO_SCRIPT = re.compile(
    r"enable javascript|javascript (?:is )?(?:required|disabled)|جافا ?سكر[يب]*ت", re.IGNORECASE
)
_STATIC = 60  # words of a static page that can be an article
_REFRESH = re.compile(r"http-equiv=[\"']?refresh[^>]{1,200}?url=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_HEAD = 20_000  # characters in which a page forwards
_FRONT = frozenset({"home", "path-frontpage"})  # what WordPress and Drupal call the body of a front page
_SENTENCE = 4  # words of an h1 that is a headline, not a section's name
_SAMPLE = 60  # headings looked at
_CARDS = 4
_CARD_TEXT = 40  # letters of a card's summary
_CARDS_SHARE = 0.6
_CARD_LIMIT = 0.5
_ITEMS, _ITEM = 8, 15  # list items, and words in each
_LINK_SHARE = 0.85
_DIRECTORY = 40  # links


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
    return sum(char in "\x00\ufffd" for char in sample) / max(1, len(sample))


def reject_page(tree: LexborHTMLParser, facts: PageFacts, url: str, html: str) -> Rejected | None:
    """Turn away walls, error pages, front pages and listings.

    Args:
        tree: the page without its scripts.
        facts: what the page says about itself.
        url: the address that answered.
        html: the page's source.
    """
    return (
        _sign(tree, facts, html)
        or _forward(tree, facts, html)
        or _front_page(tree, facts, url)
        or _listing(tree, facts)
    )


def reject_empty(tree: LexborHTMLParser, html: str) -> Rejected:
    """Say why a page has no text.

    Args:
        tree: the page after pruning.
        html: the page's source.
    """
    shell = tree.css_first(_ROOTS) is not None or _NO_SCRIPT.search(html)
    if shell and len(_visible(tree).split()) < _SHELL:
        return Rejected(reason="script-shell", detail="a script would have to build the page")
    return Rejected(reason="no-text", detail="the page has no text beside its furniture")


def reject_static(tree: LexborHTMLParser, lines: list[str]) -> Rejected | None:
    """Turn away a page that WordPress calls static, such as a form for contact, if it says little."""
    classes = _body_classes(tree)
    if "page" not in classes or not any(name.startswith("page-id-") for name in classes):
        return None
    if sum(len(line.split()) for line in lines) >= _STATIC:
        return None
    return Rejected(reason="no-text", detail="a static page of the site with little text")


def _body_classes(tree: LexborHTMLParser) -> list[str]:
    return (tree.body.attributes.get("class") or "").split() if tree.body else []


def _forward(tree: LexborHTMLParser, facts: PageFacts, html: str) -> Rejected | None:
    found = _REFRESH.search(html[:_HEAD])
    if found is None or _is_article(facts) or len(_visible(tree).split()) >= _SHELL:
        return None
    reason = "home-page" if is_home(found[1]) else "no-text"
    return Rejected(reason=reason, detail=f"the page only forwards to {clean_line(found[1])}")


def _sign(tree: LexborHTMLParser, facts: PageFacts, html: str) -> Rejected | None:
    if "error404" in _body_classes(tree):
        return Rejected(reason="soft-404", detail="WordPress calls the page an error")
    text = key(_visible(tree))
    little = len(text.split()) < _LITTLE
    if _is_article(facts) and not little:
        return None
    segments = _segments(
        [facts.title, *(clean_line(node.text(separator=" ")) for node in tree.css("h1")[:3])]
    )
    said = f" {text} " if little and not _is_article(facts) else ""
    return next((_rejected(sign) for sign in SIGNS if _fits(sign, segments, said, html)), None)


def _segments(headings: list[str]) -> set[str]:
    return {key(part) for heading in headings for part in (heading, *_SEGMENT.split(heading))} - {""}


def _fits(sign: Sign, segments: set[str], text: str, html: str) -> bool:
    if not sign.titles.isdisjoint(segments):
        return True
    return bool(text) and (
        any(f" {said} " in text for said in sign.texts) or any(mark in html for mark in sign.markup)
    )


def _rejected(sign: Sign) -> Rejected:
    details = {
        "wall": "something stands between the reader and the page",
        "soft-404": "an error page, served as if it were found",
        "parked": "the domain or the account is no longer the outlet's",
    }
    return Rejected(reason=sign.reason, detail=details.get(sign.reason, ""))


def _visible(tree: LexborHTMLParser) -> str:
    return tree.body.text(separator=" ") if tree.body else ""


def _is_article(facts: PageFacts) -> bool:
    return (
        facts.linked.is_article
        or facts.meta("og:type") == "article"
        or bool(facts.meta("article:published_time"))
    )


def _front_page(tree: LexborHTMLParser, facts: PageFacts, url: str) -> Rejected | None:
    other = facts.canonical if facts.canonical and same_site(facts.canonical, url) else None
    if is_home(url) and (other is None or is_home(other)):
        return Rejected(reason="home-page", detail="the address is the site's front page")
    if _is_article(facts):
        return None
    if other and is_home(other):
        return Rejected(reason="home-page", detail="the page calls itself the site's front page")
    classes = _body_classes(tree)
    if "single" not in classes and not _FRONT.isdisjoint(classes):
        return Rejected(reason="home-page", detail="the site calls the page its front page")
    return None


def _listing(tree: LexborHTMLParser, facts: PageFacts) -> Rejected | None:
    if _is_article(facts) or tree.body is None:
        return None
    classes = _body_classes(tree)
    if "archive" in classes and "single" not in classes:
        return Rejected(reason="listing", detail="the site calls the page an archive")
    if _is_directory(tree.body):
        return Rejected(reason="listing", detail="the page is links")
    if _is_cards(tree.body):
        return Rejected(reason="listing", detail="the text is summaries under linked headlines")
    if _is_list(tree.body):
        return Rejected(reason="listing", detail="the text is one list of reports, without a headline")
    return None


def _is_directory(body: LexborNode) -> bool:
    links = body.css("a")
    if len(links) < _DIRECTORY or body.css_first("h1") is not None:
        return False
    linked = sum(len(node.text().strip()) for node in links)
    return linked > _LINK_SHARE * len(" ".join(body.text(separator=" ").split()))


def _is_list(body: LexborNode) -> bool:
    if body.css_first("h1, h2, article, main") is not None:
        return False
    items = [size for node in body.css("li") if (size := len(node.text().split())) >= _ITEM]
    return len(items) >= _ITEMS and sum(items) > _CARDS_SHARE * len(body.text().split())


def _is_cards(body: LexborNode) -> bool:
    """Whether most paragraphs stand in blocks that each have a linked headline of their own."""
    total = sum(len(node.text().strip()) for node in body.css("p"))
    if any(len(node.text().split()) >= _SENTENCE and not node.css_first("a") for node in body.css("h1")):
        return False  # a headline of its own; what stands in cards is beside it
    cards = [size for size in map(_card_text, _linked_headings(body)[:_SAMPLE]) if size >= _CARD_TEXT]
    return (
        len(cards) >= _CARDS and sum(cards) > _CARDS_SHARE * total and max(cards) < _CARD_LIMIT * sum(cards)
    )


def _linked_headings(body: LexborNode) -> list[LexborNode]:
    return [
        node
        for node in body.css("h2, h3, h4, h5")
        if node.css_first("a[href]") or (node.parent and node.parent.tag == "a")
    ]


def _card_text(heading: LexborNode) -> int:
    """Measure the paragraphs of the largest block around `heading` that holds no other linked heading."""
    block = heading
    while (
        block.parent is not None and block.parent.tag != "body" and len(_linked_headings(block.parent)) == 1
    ):
        block = block.parent
    return sum(len(node.text().strip()) for node in block.css("p"))
