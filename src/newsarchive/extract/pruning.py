"""Take the furniture out of a page's tree, before anything looks for the text.

What is furniture is data (`furniture.toml`): elements by tag, role and the words of their class and id. A name can
lie (`has-sidebar` on the wrapper of the whole page, ASP.NET's `<form>` around everything), so an element that holds
most of the page's running text is never taken out, whatever it is called; only what readers say may be longer than the
article. What is hidden is furniture too, unless it continues visible paragraphs: text behind a "read more".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

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
_NO_PARAGRAPH = "a, input, ul, ol, table, h1, h2, h3"
_LONGEST = 100  # characters of a class that means something
_OUTSIDE = 70  # letters of running text, a paragraph of some twelve words


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
    """Take out what has been read: lines of who, when and where, and headings that are the headline once more.

    One of these stays, the first h1: it tells where the article begins.
    """
    wanted = key(headline)
    titles = [node for node in tree.css("h1, h2") if wanted and key(node.text(separator=" ")) == wanted]
    printed = next((node for node in titles if node.tag == "h1"), titles[0] if titles else None)
    _decompose([node for node in titles if printed is None or node.mem_id != printed.mem_id])
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


def prune(
    tree: LexborHTMLParser,
    remove: tuple[str, ...] = (),
    note: Callable[[Sequence[LexborNode]], None] | None = None,
) -> None:
    """Take what `remove` selects (a source's own CSS selectors) and all furniture out of `tree`.

    Args:
        tree: the page without its scripts.
        remove: CSS selectors; one that is no CSS selects nothing.
        note: is given the elements, in document order, before they go.
    """
    for selector in remove:
        _drop([node for node in select(tree, selector) if node.tag not in _NEVER], note)
    body = tree.body
    if body is None:
        return
    _unfold(body)
    most = _MOST * _running(body)
    kept = _headline_ancestors(body)
    found = [node for node in body.css(FURNITURE.selector) if node.mem_id not in kept and _is_furniture(node)]
    _drop([node for node in found if not _is_most(node, most)], note)
    replies = [
        node for node in body.css(FURNITURE.replies_selector) if node.mem_id not in kept and _is_replies(node)
    ][:1]
    if replies and _running(body) - _running(replies[0]) >= _OUTSIDE:
        _drop(replies, note)


def _drop(nodes: list[LexborNode], note: Callable[[Sequence[LexborNode]], None] | None) -> None:
    if note:
        note(nodes)
    _decompose(nodes)


def _unfold(body: LexborNode) -> None:
    """Show hidden elements that continue visible paragraphs."""
    for node in body.css("[style], [hidden]"):
        if _is_hidden(node) and not _is_named(node) and _continues(node):
            for name in ("style", "hidden"):
                if name in node.attributes:
                    del node.attrs[name]


def _continues(node: LexborNode) -> bool:
    """Whether `node` holds paragraphs and paragraphs stand beside it."""
    siblings = node.parent.iter(include_text=False) if node.parent is not None else ()
    return _has_paragraph([node, *node.css("p, div")]) and _has_paragraph(
        [other for other in siblings if other.mem_id != node.mem_id and not _is_hidden(other)]
    )


def _has_paragraph(nodes: list[LexborNode]) -> bool:
    return any(_is_paragraph(node) and len(node.text().split()) >= _PARAGRAPH for node in nodes)


def _is_paragraph(node: LexborNode) -> bool:
    """Whether `node` is a <p>, or a <div> in its place, without links and fields."""
    blocks = 1  # the node itself, which its own search finds
    return (
        node.tag in ("p", "div")
        and len(node.css("p, div")) == blocks
        and node.css_first(_NO_PARAGRAPH) is None
    )


def _is_replies(node: LexborNode) -> bool:
    """Whether an element is named as what readers say; it is still there because it holds most of the text."""
    return node.tag not in _NEVER and any(
        not _LAYOUT.match(token) and not FURNITURE.replies.isdisjoint(_names(token))
        for token in _tokens(node)
    )


def _decompose(nodes: list[LexborNode]) -> None:
    """Destroy `nodes`, which are in document order, each once.

    Children go before their parents, and a node that two selectors found goes once: a destroyed node must not be
    touched again.
    """
    for node in reversed({node.mem_id: node for node in nodes}.values()):
        node.decompose()


def _headline_ancestors(body: LexborNode) -> set[int]:
    """Return the ids of all elements around a heading that is a sentence, not a logo."""
    around: set[int] = set()
    for heading in body.css("h1"):
        node = heading.parent if len(heading.text().split()) >= _SENTENCE else None
        while node is not None and node.mem_id not in around:
            around.add(node.mem_id)
            node = node.parent
    return around


def _is_most(node: LexborNode, most: float) -> bool:
    """Whether `node` holds more than `most` letters of running text."""
    return len(node.text()) > most and _running(node) > most


def _running(node: LexborNode) -> int:
    """Count the letters of `node` that are no link's: running text, also on pages that have no <p>."""
    return _letters(node) - sum(map(_letters, node.css("a")))


def _letters(node: LexborNode) -> int:
    return len("".join(node.text().split()))


def _is_furniture(node: LexborNode) -> bool:
    if node.tag in _NEVER:
        return False
    return (
        node.tag in FURNITURE.tags
        or node.attributes.get("role") in FURNITURE.roles
        or _is_hidden(node)
        or _is_named(node)
    )


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _is_named(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(map(_names_furniture, f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()))


@lru_cache(maxsize=4096)
def _names_furniture(token: str) -> bool:
    if len(token) > _LONGEST:
        return False
    if token.lower() in FURNITURE.tokens:
        return True
    return not _LAYOUT.match(token) and not FURNITURE.words.isdisjoint(_names(token))


def _names(token: str) -> list[str]:
    """Return the words of a class or id, in lower case."""
    return [word.lower() for word in _WORDS.findall(token)]
