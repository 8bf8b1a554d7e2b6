"""The lede, where the page prints it apart from the body."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line, key

_CANDIDATES = "[class], [itemprop]"
_CLASS = re.compile(
    r"(^|[-_])(lead|lede|intro|standfirst|sub-?title|sub-?headline|dek|sapo|chapo)([-_]?text)?$"
)
_ITEMPROPS = frozenset({"description", "alternativeHeadline", "alternativeheadline"})
_SHORTEST, _LONGEST = 25, 900  # characters
_PARAGRAPH = 80  # characters of a sibling that makes the element one of the body's own paragraphs
_LEVELS = 6  # between the lede and the element that also holds the headline


def take_lede(tree: LexborHTMLParser, headline: str, selector: str | None) -> str | None:
    """Take the lede out of the tree and return it; None if the page prints none, or prints it within the body.

    Args:
        tree: the pruned page, its headings still in place.
        headline: the lede stands near it and is not it.
        selector: the source's own CSS selector; it is believed without a look around.
    """
    own = [node for node in select(tree, selector) if node.tag not in ("html", "body")]
    for node in own or tree.css(_CANDIDATES):
        if not own and not _is_lede(node, key(headline)):
            continue
        text = clean_line(node.text(separator=" "))
        node.decompose()
        return text or None
    return None


def _is_lede(node: LexborNode, headline: str) -> bool:
    attributes = node.attributes
    if attributes.get("itemprop") not in _ITEMPROPS and not any(
        map(_CLASS.search, (attributes.get("class") or "").lower().split())
    ):
        return False
    text = clean_line(node.text(separator=" "))
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and len(node.css("p")) <= 1 + (node.tag == "p")
        and key(text) != headline
        and _stands_apart(node)
        and _is_near(node, headline)
    )


def _stands_apart(node: LexborNode) -> bool:
    """Whether no paragraph of the body is a sibling of `node`: a first paragraph in bold is body."""
    siblings = node.parent.iter(include_text=False) if node.parent is not None else ()
    return not any(
        other.mem_id != node.mem_id and other.tag == "p" and len(clean_line(other.text())) >= _PARAGRAPH
        for other in siblings
    )


def _is_near(node: LexborNode, headline: str) -> bool:
    scope = node.parent
    for _ in range(_LEVELS):
        if scope is None or scope.tag == "html":
            return False
        if any(key(heading.text(separator=" ")) == headline for heading in scope.css("h1, h2")):
            return bool(headline)
        scope = scope.parent
    return False
