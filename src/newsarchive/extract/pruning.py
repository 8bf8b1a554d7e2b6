"""Take the furniture out of a page's tree, before anything looks for the text.

What is furniture is data (`furniture.toml`): elements by tag, role and the words of their class and id. A name can
lie (`has-sidebar` on the wrapper of the whole page, ASP.NET's `<form>` around everything), so an element that holds
most of the page's running text is never taken out, whatever it is called.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from newsarchive.extract.rules import FURNITURE
from newsarchive.extract.text import key

_NEVER = frozenset({"html", "head", "body", "main", "article", "h1"})
_SILENT = "script, style, noscript, template, link, meta, svg"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
# `no-sidebar`, `has-comments` speak of a layout; WordPress writes an article's subjects as `tag-...`, `category-...`.
_LAYOUT = re.compile(r"(no|not|has|with|without|hide|tag|category|cat|tax|wpautop|is|js)[-_]", re.IGNORECASE)
_MOST = 0.5
_SENTENCE = 4  # words
_PARAGRAPH = 12  # words
_DETAILS = 80  # words


def select(tree: LexborHTMLParser | LexborNode, selector: str | None) -> list[LexborNode]:
    """Return what `selector` finds; nothing for none and for one that is no CSS."""
    try:
        return tree.css(selector) if selector else []
    except (SelectolaxError, ValueError):
        return []


def drop_silent(tree: LexborHTMLParser) -> None:
    """Take scripts, styles and whatever else says nothing to a reader out of `tree`."""
    _decompose(tree.css(_SILENT))


def drop_details(tree: LexborHTMLParser, headline: str) -> None:
    """Take out what has been read: headings that are the headline once more, and lines of who, when and where."""
    wanted = key(headline)
    _decompose([node for node in tree.css("h1, h2") if wanted and key(node.text(separator=" ")) == wanted])
    _decompose([node for node in tree.css("[class], [id]") if _is_detail(node)])


def _is_detail(node: LexborNode) -> bool:
    return (
        node.tag not in _NEVER
        and not FURNITURE.details.isdisjoint(_tokens(node))
        and not any(
            len(paragraph.text().split()) >= _PARAGRAPH
            for paragraph in (node, *node.css("p"))
            if paragraph.tag == "p"
        )
        and len(node.text().split()) <= _DETAILS
    )


def _tokens(node: LexborNode) -> list[str]:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower().split()


def prune(tree: LexborHTMLParser, remove: tuple[str, ...] = ()) -> None:
    """Take what `remove` selects (a source's own CSS selectors) and all furniture out of `tree`."""
    for selector in remove:
        _decompose([node for node in select(tree, selector) if node.tag not in _NEVER])
    body = tree.body
    if body is None:
        return
    most = _MOST * _running(body)
    _decompose([node for node in body.css(FURNITURE.selector) if _is_furniture(node) and _spare(node, most)])


def _decompose(nodes: list[LexborNode]) -> None:
    """Destroy `nodes`, which are in document order, each once.

    Children go before their parents, and a node that two selectors found goes once: a destroyed node must not be
    touched again.
    """
    for node in reversed({node.mem_id: node for node in nodes}.values()):
        node.decompose()


def _spare(node: LexborNode, most: float) -> bool:
    """Whether the article cannot be in `node`."""
    return _running(node) <= most and not _holds_headline(node)


def _running(node: LexborNode) -> int:
    """Count the letters of `node` that are no link's: running text, also on pages that have no <p>."""
    return _letters(node) - sum(map(_letters, node.css("a")))


def _letters(node: LexborNode) -> int:
    return len("".join(node.text().split()))


def _holds_headline(node: LexborNode) -> bool:
    """Whether a heading that is a sentence, not a logo, stands in `node`."""
    return any(len(heading.text().split()) >= _SENTENCE for heading in node.css("h1"))


def _is_furniture(node: LexborNode) -> bool:
    if node.tag in _NEVER:
        return False
    if node.tag in FURNITURE.tags:
        return True
    attributes = node.attributes
    return (
        attributes.get("role") in FURNITURE.roles
        or "hidden" in attributes
        or bool(_HIDDEN.search(attributes.get("style") or ""))
        or any(map(_names_furniture, f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()))
    )


def _names_furniture(token: str) -> bool:
    if token.lower() in FURNITURE.tokens:
        return True
    names = (word.lower() for word in _WORDS.findall(token))
    return not _LAYOUT.match(token) and not FURNITURE.words.isdisjoint(names)
