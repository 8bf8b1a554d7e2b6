"""Find the text of a pruned page with trafilatura, line by line.

The cheap mode is right for most pages once the furniture is gone. A dearer one is asked where a witness (the feed's
text, JSON-LD's articleBody, the page's own paragraphs) says that there is more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import trafilatura
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from trafilatura.settings import Document

from newsarchive.extract.boilerplate import Line
from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line, words

_BLOCKS = frozenset(
    {"p", "head", "item", "row", "quote", "list", "table", "code", "lb", "body", "div", "ab", "fw"}
)
_ENOUGH = 0.5  # of the witness's words
_DEAR = 300_000  # characters: the dearer modes took 40 s on a table page of 447 KB, the cheap one 0.5 s
_WORTH_ASKING = 12  # words of a witness, below which it proves nothing

# trafilatura warns of every page without a text; that is an outcome here, not a message for a terminal.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def find_lines(tree: LexborHTMLParser, *, selector: str | None = None, witness: str = "") -> list[Line]:
    """Return the lines of the page's text, in order; none if it has no text.

    Args:
        tree: the pruned page.
        selector: a source's CSS selector for the body; what it finds is all there is to read.
        witness: plain text that the article is known to contain, or its beginning.
    """
    chosen = select(tree, selector)
    markup = f"<html><body><article>{''.join(node.html or '' for node in chosen)}</article></body></html>"
    html = markup if chosen else tree.html or ""
    lines = _run(html, fast=True)
    family = _largest_family(tree)
    wanted = max(len(words(witness)), _size(family))
    if lines and (wanted < _WORTH_ASKING or _size(lines) >= _ENOUGH * wanted):
        return lines
    if len(html) > _DEAR:
        return lines or family
    lines = max((lines, _run(html, fast=False), _run(html, fast=True, recall=True)), key=_size)
    return lines if lines and _size(lines) >= _ENOUGH * _size(family) else family


def text_lines(text: str) -> list[Line]:
    """Return plain text as lines."""
    return [Line(text=line) for line in map(clean_line, text.splitlines()) if line]


def link_texts(tree: LexborHTMLParser) -> frozenset[str]:
    """Return the text of every link, in comparison form."""
    return frozenset(" ".join(words(node.text(separator=" "))) for node in tree.css("a")) - {""}


def _run(html: str, *, fast: bool, recall: bool = False) -> list[Line]:
    try:
        document = trafilatura.bare_extraction(
            html, fast=fast, favor_recall=recall, include_comments=False, include_tables=True
        )
    except Exception:  # noqa: BLE001 - hostile markup breaks trafilatura and lxml in ways that have no common name
        return []
    return list(_lines(document.body)) if isinstance(document, Document) else []


def _lines(body: etree._Element) -> Iterator[Line]:
    """Flatten trafilatura's tree: a line for each paragraph, heading, list item, table row and <br>."""
    buffer: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            text = clean_line("".join(buffer))
            buffer.clear()
            if text:
                yield Line(text=text, heading=event == "end" and element.tag == "head")
        elif element.tag == "cell" and event == "end":
            buffer.append(" ")
        buffer.append((element.text if event == "start" else element.tail) or "")
    if text := clean_line("".join(buffer)):
        yield Line(text=text)


def _size(lines: list[Line]) -> int:
    return sum(len(words(line.text)) for line in lines)


def _largest_family(tree: LexborHTMLParser) -> list[Line]:
    """Return the paragraphs without links that are siblings and have the most words: nearly always the article."""
    families: dict[int, list[Line]] = {}
    for node in tree.css("p"):
        text = clean_line(node.text())
        if text and node.parent is not None and node.css_first("a") is None:
            families.setdefault(node.parent.mem_id, []).append(Line(text=text))
    return max(families.values(), key=_size, default=[])
