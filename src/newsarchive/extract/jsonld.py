"""What a page says about itself in JSON-LD, however badly it is written."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from newsarchive.extract.text import clean_markup, key

Node = Mapping[str, Any]

_ARTICLE = re.compile(r"(Article|BlogPosting|Report)$")
_PAGE = re.compile(r"(WebPage|ItemPage)$")
_PUBLISHER = frozenset({"WebSite", "Organization", "NewsMediaOrganization"})
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_CLAIM = re.compile(r'"(headline|datePublished)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """The node that describes the article, and the names that the site gives itself.

    Attributes:
        article: an Article, BlogPosting ... or, failing that, a WebPage; empty if there is none.
        is_article: whether the page calls itself an article.
        names: of publisher and web site.
        types: what the page says that it is, such as `CollectionPage`.
    """

    article: Node = field(default_factory=dict)
    is_article: bool = False
    names: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()


def read_linked_data(tree: LexborHTMLParser, title: str = "") -> LinkedData:
    """Read every JSON-LD block of the page; what cannot be read is as if it were not there.

    Args:
        tree: the page, scripts included.
        title: of the page; it tells the article among several, such as those of a list of related ones.
    """
    blocks = tree.css('script[type="application/ld+json"]')
    nodes = [node for block in blocks for node in _nodes(_load(block.text()))]
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    pages = [node for node in nodes if _is(node, _PAGE)]
    return LinkedData(
        article=_choose(articles or pages, key(title)),
        is_article=bool(articles),
        names=tuple(dict.fromkeys(name for node in nodes for name in _names(node))),
        types=frozenset(kind for node in nodes for kind in _types(node)),
    )


def _choose(nodes: list[Node], title: str) -> Node:
    """Return the node that the page is about; none if several say different things and the title fits none."""
    named = [
        node
        for node in nodes
        if any(key(name) and key(name) in title for name in strings(node.get("headline")))
    ]
    claims = {claim for node in nodes for claim in strings(node.get("datePublished"))}
    return next(iter(named or (nodes if len(claims) <= 1 else [])), {})


def strings(value: object) -> list[str]:
    """Return the text of a JSON-LD value: of a string, of a named thing, of each of a list."""
    if isinstance(value, str):
        return [line] if (line := clean_markup(value)) else []
    if isinstance(value, Mapping):
        return strings(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [line for item in value if not isinstance(item, list) for line in strings(item)]
    return []


def article_body(linked: LinkedData) -> str:
    """Return the article's text as the page states it, lines kept; empty if it does not."""
    value = linked.article.get("articleBody")
    return html.unescape(value) if isinstance(value, str) else ""


def _load(text: str) -> object:
    bare = _WRAPPING.sub("", _WRAPPING.sub("", text))
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvage(bare)


def _salvage(text: str) -> object:
    """Read headline and date out of broken JSON, where they are unambiguous."""
    claims: dict[str, set[str]] = {}
    for name, value in _CLAIM.findall(text):
        claims.setdefault(name, set()).add(value)
    sure = {name: values.pop() for name, values in claims.items() if len(values) == 1}
    return {"@type": "Article", **sure} if "datePublished" in sure else None


def _nodes(value: object, depth: int = 0) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(name), depth + 1)


def _types(node: Node) -> list[str]:
    value = node.get("@type")
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _is(node: Node, pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.search, _types(node)))


def _names(node: Node) -> list[str]:
    own = strings(node.get("name")) if not _PUBLISHER.isdisjoint(_types(node)) else []
    return own + strings(node.get("publisher"))
