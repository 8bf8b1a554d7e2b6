"""Read a tree as lines: a paragraph, a heading, a list item, a row, or what stands between two <br>.

The same code reads a page, a feed's full text and what trafilatura returns, so that their lines can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from newsarchive.extract.text import clean_line, key

_BLOCKS = frozenset(
    ["html", "body", "div", "section", "article", "main", "header", "footer", "aside", "nav", "form", "fieldset", "details", "summary", "center", "figure", "address"]
) | frozenset(
    ["p", "br", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "caption", "thead", "tbody", "tfoot", "tr"]
)  # fmt: skip
_TRAFILATURA = frozenset({"head", "item", "list", "row", "quote", "code", "lb", "ab", "fw"})
_BREAKS = _BLOCKS | _TRAFILATURA
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_CELLS = frozenset({"td", "th", "cell"})
_LONG_CELL = 12  # words: from here on a cell holds a paragraph of a page that is laid out as a table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page's text: a paragraph, a list item, a row or, if `heading`, a heading.

    Attributes:
        sure: the feed's full text or the page's JSON-LD has it too.
        key: the text in comparison form; made if it is not given.
    """

    text: str
    heading: bool = False
    sure: bool = False
    key: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", key(self.text))

    @property
    def size(self) -> int:
        """How many words it has."""
        return self.key.count(" ") + 1 if self.key else 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Block:
    """A line where it stands on the page.

    Attributes:
        text: as a reader sees it.
        key: the same in comparison form.
        size: words.
        linked: words that are links' text, as parted by spaces.
        links: addresses of the links, as written.
        owner: the innermost block element around it.
    """

    text: str
    key: str
    size: int
    linked: int
    links: tuple[str, ...]
    owner: etree._Element

    @property
    def heading(self) -> bool:
        """Whether a heading's element holds it."""
        return self.owner.tag in _HEADINGS

    def line(self, *, sure: bool = False) -> Line:
        """Return it without its place."""
        return Line(text=self.text, heading=self.heading, sure=sure, key=self.key)


def bare(text: str) -> str:
    """Return a comparison form without the counts in it: «التعليقات (12)»."""
    return " ".join(word for word in text.split() if not word.isdigit())


def parse(markup: str) -> html.HtmlElement | None:
    """Parse HTML, comments left out; None if nothing is in it or lxml gives up.

    Args:
        markup: a page or a fragment, lone surrogates allowed.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def fragment_lines(markup: str) -> list[Line]:
    """Return the lines of a piece of HTML, such as a feed's full text."""
    root = parse(markup) if markup.strip() else None
    return [] if root is None else [block.line() for block in blocks(root)]


def text_lines(text: str) -> list[Line]:
    """Return plain text as lines."""
    return [Line(text=line) for line in map(clean_line, text.splitlines()) if line]


def blocks(root: etree._Element) -> list[Block]:
    """Return every line of `root`, in order."""
    return list(_Reader(root).read())


def _is_long(cell: etree._Element) -> bool:
    """Whether a cell holds a paragraph; it is read no further than that."""
    size = 0
    for text in cell.itertext():
        size += len(text.split())
        if size >= _LONG_CELL:
            return True
    return False


class _Reader:
    """One walk over a tree: text is gathered until an element or its end breaks the line."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._owners = [root]
        self._parts: list[str] = []
        self._linked: list[str] = []
        self._links: list[str] = []
        self._within: list[str] = []

    def read(self) -> Iterator[Block]:
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            tag = element.tag
            if tag in _BREAKS:
                yield from self._flush()
                self._owners.append(element) if event == "start" else self._owners.pop()
            elif tag in _CELLS:
                if _is_long(element):
                    yield from self._flush()
                self._parts.append(" ")
            elif tag == "a":
                self._link(element, event)
            if text := element.text if event == "start" else element.tail:
                self._add(text)
        yield from self._flush()

    def _link(self, element: etree._Element, event: str) -> None:
        if event == "start":
            self._within.append(element.get("href") or "")
        else:
            self._within.pop()

    def _add(self, text: str) -> None:
        self._parts.append(text)
        if self._within and not text.isspace():
            self._linked.append(f"{text} ")
            self._links.append(self._within[-1])

    def _flush(self) -> Iterator[Block]:
        if not self._parts:
            return
        if text := clean_line("".join(self._parts)):
            comparable = key(text)
            yield Block(
                text=text,
                key=comparable,
                size=len(comparable.split()),
                linked=len("".join(self._linked).split()),
                links=tuple(self._links),
                owner=self._owners[-1],
            )
        self._parts.clear()
        self._linked.clear()
        self._links.clear()
