"""The lede, where the page prints it apart from the body."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line, key

_NAMES = "lead lede intro standfirst sub dek deck sapo chapo summary excerpt abstract"
_CANDIDATES = ", ".join(["[itemprop]", *(f'[class*="{name}" i]' for name in _NAMES.split())])
_CLASS = re.compile(
    r"(^|[-_])(lead|lede|intro|standfirst|sub[-_]?title|sub[-_]?head(line|ing|er)?|dek|deck|sapo|chapo)([-_]?text)?$"
)
_WEAK_CLASS = re.compile(r"(^|[-_])(summary|excerpt|abstract)$")  # also of other articles on the page
_ITEMPROPS = frozenset({"description", "alternativeHeadline", "alternativeheadline"})
_SHORTEST, _LONGEST = 25, 900  # characters
_PARAGRAPH = 80  # characters of a sibling that makes the element one of the body's own paragraphs
_LEVELS = 6  # between the lede and the element that also holds the headline
_WEAK_LEVELS = 2  # the same for what is named as summaries of other articles are, too


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
    levels = _reach(node)
    if not levels:
        return False
    text = clean_line(node.text(separator=" "))
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and len(node.css("p")) <= 1 + (node.tag == "p")
        and key(text) != headline
        and _stands_apart(node)
        and _is_near(node, headline, levels)
    )


def _reach(node: LexborNode) -> int:
    """Return how many levels above `node` the headline may stand; 0 if it is not named as a lede."""
    names = (node.attributes.get("class") or "").lower().split()
    if node.attributes.get("itemprop") in _ITEMPROPS or any(map(_CLASS.search, names)):
        return _LEVELS
    return _WEAK_LEVELS if any(map(_WEAK_CLASS.search, names)) else 0


def _stands_apart(node: LexborNode) -> bool:
    """Whether no paragraph of the body is a sibling of `node`: a first paragraph in bold is body."""
    siblings = node.parent.iter(include_text=False) if node.parent is not None else ()
    return not any(
        other.mem_id != node.mem_id and other.tag == "p" and len(clean_line(other.text())) >= _PARAGRAPH
        for other in siblings
    )


def _is_near(node: LexborNode, headline: str, levels: int) -> bool:
    scope = node.parent
    for _ in range(levels):
        if scope is None or scope.tag == "html":
            return False
        if any(key(heading.text(separator=" ")) == headline for heading in scope.css("h1, h2")):
            return bool(headline)
        scope = scope.parent
    return False
