"""Find the text of a pruned page by the agreement of those who have it.

trafilatura's cheapest mode and the page's own structure speak for every page. Its dearer modes are asked where the two
disagree. A feed's full text and JSON-LD's articleBody are believed about each line that they have.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import trafilatura
from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser
from trafilatura.settings import Document

from newsarchive.extract.lines import Block, Line, bare, blocks, fragment_lines, parse, text_lines
from newsarchive.extract.pruning import select
from newsarchive.extract.region import REPORT, Region, as_lines, family, find_headline, is_report
from newsarchive.extract.rules import LINES
from newsarchive.extract.text import key, words
from newsarchive.urls import absolute_url, host_of, same_site

_ENOUGH = 0.5  # of another witness's words
_WHOLE = 0.8  # of the found words: from here on a stated text is the whole article
_SAME = 0.3  # of a feed's paragraphs that the page has: it speaks of the same article
_DEAR = 300_000  # characters: the dearer modes took 40 s on a table page of 447 KB, the cheap one 0.5 s
_LONGEST = 200_000  # characters that are read of a stated text
_SEARCHES = 200_000_000  # characters searched for lines that are part of another's: 0.1 s
_WORTH_ASKING = 12  # words of a witness, below which it proves nothing
_PART = 3  # words of a line that may be found inside another's
_LONG_PART = 6  # words of one that may be found without its ends

# trafilatura warns of every page without a text; that is an outcome here, not a message for a terminal.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What others than the page's visible text say that the article says.

    Attributes:
        feed: the lines of the feed's full text.
        linked: the lines of JSON-LD's articleBody.
        summary: the feed's summary: the text begins like it or is about it.
    """

    feed: tuple[Line, ...] = ()
    linked: tuple[Line, ...] = ()
    summary: str = ""

    @property
    def longest(self) -> Sequence[Line]:
        """The witness that says most."""
        return max(self.feed, self.linked, key=_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page's text before its furniture is taken out.

    Attributes:
        lines: in order; none if the page has no text.
        links: the text of each link to the outlet's own pages and to platforms, in comparison form.
        sources: the text of every other link.
        said: the lines of each witness that was asked, by its name.
        replies: what readers say below the text.
        doubted: lines in the article's place that too few speak for, if all were asked.
    """

    lines: list[Line] = field(default_factory=list)
    links: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    said: dict[str, Sequence[Line]] = field(default_factory=dict)
    replies: list[Line] = field(default_factory=list)
    doubted: list[Line] = field(default_factory=list)


def read_stated(content: str | None, summary: str | None, article_body: str) -> Stated:
    """Read what the feed and JSON-LD state.

    Args:
        content: the feed's full text, HTML.
        summary: the feed's summary, plain.
        article_body: JSON-LD's articleBody, plain or HTML.
    """
    linked = article_body[:_LONGEST]
    return Stated(
        feed=tuple(line for line in fragment_lines((content or "")[:_LONGEST]) if not _is_feeds_own(line)),
        linked=tuple(fragment_lines(linked) if "</" in linked else text_lines(linked)),
        summary=summary or "",
    )


def _is_feeds_own(line: Line) -> bool:
    """Whether a feed adds the line to each of its texts, or has cut it: «ظهرت المقالة ... أولا على ...»."""
    text = f" {line.key} "
    return any(f" {phrase} " in text for phrase in LINES.feed) or line.text.endswith(("…]", "...]"))


def find_text(
    tree: LexborHTMLParser,
    *,
    url: str,
    headline: str = "",
    selector: str | None = None,
    stated: Stated | None = None,
    thorough: bool = False,
) -> Found:
    """Return the page's text.

    Args:
        tree: the pruned page.
        url: its address, by which links to the outlet's own pages are told from links to sources.
        headline: in comparison form.
        selector: a source's CSS selector for the body; what it finds is all there is to read.
        stated: what the feed and JSON-LD say.
        thorough: ask every witness, even if nothing depends on it.
    """
    stated = stated or Stated()
    chosen = select(tree, selector)
    markup = (
        f"<article>{''.join(node.html or '' for node in chosen)}</article>" if chosen else tree.html or ""
    )
    document = parse(markup)
    body = document.find("body") if document is not None else None
    if document is None or body is None:
        return Found(lines=list(stated.longest))
    page = blocks(body)
    top = find_headline(page, headline)
    if top is not None:
        _empty(page[top].owner)
    own = _Own(url)
    links, sources = _link_texts(body, own)
    sure = _Said([*stated.feed, *stated.linked])
    if chosen:
        lines = as_lines(page, sure.has)
        return Found(lines=lines, links=links, sources=sources, said={"selector": lines})
    page, replies = _without_replies(page, top or 0, sure)
    hearing = _Hearing(document, page, sure, headline=top)
    confirmed = hearing.decide(stated, dear=len(markup) <= _DEAR, thorough=thorough)
    region = Region(page, confirmed, headline=top, is_foreign=own.is_foreign)
    kept = _vouched(region.chosen(), page, confirmed, sure)
    lines = as_lines(kept, sure.has) or list(hearing.longest)
    return Found(
        lines=_settle(lines, stated),
        links=links,
        sources=sources,
        said={**hearing.said, "feed": stated.feed, "json-ld": stated.linked},
        replies=as_lines(replies, _nobody),
        doubted=as_lines(region.doubted(kept), _nobody) if thorough else [],
    )


def _without_replies(page: list[Block], start: int, sure: _Said) -> tuple[list[Block], list[Block]]:
    """Part the page at the heading of what readers say, and silence that for trafilatura, which may find it longer.

    Args:
        page: its lines.
        start: position of the headline, below which a paragraph must stand before such a heading.
        sure: who would speak for lines below it.
    """
    first = next((number for number in range(start + 1, len(page)) if is_report(page[number])), len(page))
    end = next((number for number in range(first, len(page)) if _heads_replies(page[number])), None)
    if end is None or any(sure.has(block.key) and block.size >= REPORT for block in page[end:]):
        return page, []
    needed = {each for block in page[:end] for each in (block.owner, *block.owner.iterancestors())}
    for block in page[end:]:
        if block.owner not in needed:
            _empty(block.owner)
    return page[:end], page[end:]


def _heads_replies(block: Block) -> bool:
    return not block.linked and bare(block.key) in LINES.end


def _vouched(chosen: list[Block], page: list[Block], confirmed: list[bool], sure: _Said) -> list[Block]:
    """Leave out what the page's structure alone speaks for, if others state the whole text without it."""
    known = {block for block, vouched in zip(page, confirmed, strict=True) if vouched}
    vouched = [block for block in chosen if block in known]
    return vouched if sure.size >= _WHOLE * sum(block.size for block in vouched) > 0 else chosen


def _empty(element: etree._Element) -> None:
    """Take an element's text away, so that trafilatura does not take it for the article's; its place stays."""
    for child in list(element):
        element.remove(child)
    element.text = None


def _settle(lines: list[Line], stated: Stated) -> list[Line]:
    """Put paragraphs that only the feed has in their places; take theirs if the page has none."""
    if not lines:
        return [replace(line, sure=True) for line in stated.longest]
    return _merge(lines, stated.feed)


def _merge(lines: list[Line], feed: Sequence[Line]) -> list[Line]:
    """Return `lines` with the feed's missing paragraphs, each behind the one before it in the feed."""
    voice = _Said(lines)
    reports = [line for line in feed if line.size >= REPORT]
    missing = {line.key for line in reports} - {line.key for line in reports if voice.has(line.key)}
    if not missing or len(missing) > (1 - _SAME) * len(reports):
        return lines
    merged = list(lines)
    position = 0
    places = {line.key: number for number, line in reversed(list(enumerate(merged)))}
    behind: dict[int, list[Line]] = {}
    for line in feed:
        if line.key in missing:
            behind.setdefault(position, []).append(replace(line, sure=True))
        else:
            position = places.get(line.key, position - 1) + 1
    return [
        line
        for number in range(len(merged) + 1)
        for line in (*behind.get(number, ()), *merged[number : number + 1])
    ]


class _Said:
    """What a witness said, to be asked about a line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        keys = [line.key for line in lines]
        self._keys = frozenset(keys) - {""}
        self._text = f" {' '.join(keys)} "
        self._left = _SEARCHES
        self.size = self._text.count(" ") - 1

    def has(self, line: str) -> bool:
        """Whether the witness has this line (in comparison form), alone or as part of one.

        trafilatura glues neighbours together, so that the first and the last word of a longer line prove nothing.
        """
        if line in self._keys:
            return True
        size = line.count(" ") + 1
        if size < _PART or self._left <= 0:
            return False
        self._left -= len(self._text)
        inner = line if size < _LONG_PART else line.partition(" ")[2].rpartition(" ")[0]
        return f" {inner} " in self._text


class _Hearing:
    """Asks who has which line of a page, the cheapest first."""

    def __init__(
        self, document: html.HtmlElement, page: list[Block], sure: _Said, *, headline: int | None
    ) -> None:
        self._document = document
        self._page = page
        self._sure = sure
        self._kin = family([block for number, block in enumerate(page) if number != headline])
        self.said: dict[str, Sequence[Line]] = {}
        self.longest: Sequence[Line] = ()

    def decide(self, stated: Stated, *, dear: bool, thorough: bool) -> list[bool]:
        """Say of each line whether a witness confirms it.

        The cheapest mode is believed if it has half of what the page's largest group of paragraphs, the feed or JSON-LD
        leads us to expect; else the mode that has most, else that group.
        """
        kin = sum(block.size for block in self._kin)
        wanted = max(len(words(stated.summary)), _size(stated.longest), kin)
        best = self._hear("fast", fast=True)
        weak = not any(best) or (wanted >= _WORTH_ASKING and self._weigh(best) < _ENOUGH * wanted)
        if dear and (weak or thorough):
            others = [self._hear("default", fast=False), self._hear("recall", fast=True, recall=True)]
            best = max(best, *others, key=self._weigh) if weak else best
        self.longest = max(self.said.values(), key=_size) if weak else self.said["fast"]
        if thorough:
            self._hear("precision", fast=True, precision=True)
            self.said["paragraphs"] = as_lines(self._kin, _nobody)
        if self._weigh(best) >= _ENOUGH * kin:
            return best
        members = set(self._kin)
        return [block in members or self._sure.has(block.key) for block in self._page]

    def _hear(self, name: str, **mode: bool) -> list[bool]:
        self.said[name] = _run(self._document, **mode)
        voice = _Said(self.said[name])
        return [voice.has(block.key) or self._sure.has(block.key) for block in self._page]

    def _weigh(self, confirmed: list[bool]) -> int:
        """Count the confirmed words that are no link's."""
        heard = (block for block, known in zip(self._page, confirmed, strict=True) if known)
        return sum(max(0, block.size - block.linked) for block in heard)


class _Own:
    """Tells the outlet's own addresses and its platforms' from those of sources."""

    def __init__(self, url: str) -> None:
        self._url = url

    def is_foreign(self, link: str) -> bool:
        if "//" not in link[:8]:
            return False
        address = absolute_url(self._url, link)
        if address is None or same_site(address, self._url):
            return False
        return host_of(address).removeprefix("www.").removeprefix("m.") not in LINES.hosts


def _nobody(_line: str) -> bool:
    return False


def _link_texts(body: etree._Element, own: _Own) -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts of the links to the outlet's own pages and platforms, and those of the others."""
    texts: tuple[set[str], set[str]] = ({""}, {""})
    for node in body.iter("a"):
        texts[own.is_foreign(node.get("href") or "")].add(key(" ".join(node.itertext())))
    return frozenset(texts[False] - {""}), frozenset(texts[True] - {""})


def _run(
    document: html.HtmlElement, *, fast: bool, recall: bool = False, precision: bool = False
) -> list[Line]:
    try:
        answer = trafilatura.bare_extraction(
            document,
            fast=fast,
            favor_recall=recall,
            favor_precision=precision,
            include_comments=False,
            include_tables=True,
        )
    except Exception:  # noqa: BLE001 - hostile markup breaks trafilatura and lxml in ways that have no common name
        return []
    if not isinstance(answer, Document) or answer.body is None:
        return []
    return as_lines(blocks(answer.body), _nobody)


def agreement(one: Sequence[Line], body: Sequence[str]) -> float:
    """Return how far a witness says what the body says, 0 to 1: words in both, twice, of the words of either."""
    mine, theirs = (
        Counter(word for line in lines for word in words(line))
        for lines in ([each.text for each in one], body)
    )
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def _size(lines: Sequence[Line]) -> int:
    return sum(line.size for line in lines)
