"""What the gate looks at: one page, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.metadata import PageFacts
from newsarchive.extract.printed import find_heading
from newsarchive.extract.text import key
from newsarchive.urls import absolute_url, canonical_url

LITTLE = 120  # words of visible text, below which a page's words and markup can speak of a wall
SENTENCE = 4  # words of a heading that is a headline, not a section's name
_TITLE, _LONGEST_TITLE = 5, 30  # words of a link that is another article's headline
_PARAGRAPH = 10  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page without its scripts, and what is asked of it more than once.

    Attributes:
        url: the address that answered.
        html: the page's source.
        text: all that a reader sees, in comparison form.
        words: how many words that are.
        classes: of the body; content management systems name there what kind of page it is.
        is_article: whether the page calls itself one.
        headlines: headings that are sentences, lead nowhere else and are not the site's name; an article has one.
    """

    tree: LexborHTMLParser
    facts: PageFacts
    url: str
    html: str
    text: str
    words: int
    classes: frozenset[str]
    is_article: bool
    headlines: tuple[str, ...]

    @property
    def is_little(self) -> bool:
        """Whether there is too little text for an article with its furniture."""
        return self.words < LITTLE


def view(tree: LexborHTMLParser, facts: PageFacts, url: str, html: str) -> View:
    """Measure a page; the arguments are those of `gate.reject_page`."""
    text = key(visible(tree))
    return View(
        tree=tree,
        facts=facts,
        url=url,
        html=html,
        text=text,
        words=len(text.split()),
        classes=frozenset(body_classes(tree)),
        is_article=_is_article(facts),
        headlines=_own_headlines(tree, facts, url),
    )


def visible(tree: LexborHTMLParser) -> str:
    """Return all text of the body."""
    return tree.body.text(separator=" ") if tree.body else ""


def body_classes(tree: LexborHTMLParser) -> list[str]:
    """Return the body's classes."""
    return (tree.body.attributes.get("class") or "").split() if tree.body else []


def path_of(url: str) -> str:
    """Return an address's path, decoded; empty for what is no address."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def _own_headlines(tree: LexborHTMLParser, facts: PageFacts, url: str) -> tuple[str, ...]:
    sites = set(map(key, facts.names))
    own = {facts.url, facts.canonical, canonical_url(url)}
    heading = find_heading(tree, facts.headline)
    nodes = [*tree.css("h1"), *([heading] if heading else [])]
    texts = [key(node.text(separator=" ")) for node in nodes if _target(node, url) in (None, *own)]
    return tuple(text for text in texts if len(text.split()) >= SENTENCE and text not in sites)


def _target(heading: LexborNode, url: str) -> str | None:
    """Return the address that a heading leads to, empty if that is none; None if the heading is no link."""
    link = _link_of(heading)
    if link is None:
        return None
    return canonical_url(absolute_url(url, link.attributes.get("href") or "") or "")


def _link_of(node: LexborNode) -> LexborNode | None:
    return node.parent if node.parent is not None and node.parent.tag == "a" else node.css_first("a[href]")


def running_words(page: View) -> int:
    """Count the words of paragraphs, however they are marked up; what is shorter than a sentence or a link is none."""
    nodes = page.tree.css("p, div, td, section, article, li, span")
    sizes = (len(node.text(separator=" ", deep=node.tag == "p").split()) for node in nodes)
    return sum(size for size in sizes if size >= _PARAGRAPH)


def linked_titles(page: View) -> int:
    """Count the links that are worded like headlines."""
    sizes = (len(node.text().split()) for node in page.tree.css("a"))
    return sum(_TITLE <= size <= _LONGEST_TITLE for size in sizes)


def linked_headings(block: LexborNode) -> list[LexborNode]:
    """Return the headings below h1 that lead elsewhere."""
    return [node for node in block.css("h2, h3, h4, h5") if _link_of(node) is not None]


def _is_article(facts: PageFacts) -> bool:
    return (
        facts.linked.is_article
        or facts.meta("og:type") == "article"
        or bool(facts.meta("article:published_time"))
    )
