"""A page becomes an article, or says why it is none.

    bytes -> decode -> tree -> facts -> gate -> prune -> date, lede, lines -> strip furniture -> article

What cannot be given a headline, by the page or by the feed, is no article, and neither is a word or two that the headline
does not hold: `no-text`.

The tree is parsed once (Lexbor). Metadata are read before pruning, which takes scripts away; dates and text after it,
when lists and sidebars are gone. What the feed said about the article is a witness, never a replacement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from newsarchive.encoding import decode_html
from newsarchive.extract.body import Found, agreement, find_text, read_stated
from newsarchive.extract.boilerplate import Cut, Surroundings, strip_furniture
from newsarchive.extract.byline import person
from newsarchive.extract.dates import page_date
from newsarchive.extract.explanation import Explanation, Trace, Witness
from newsarchive.extract.gate import reject_bytes, reject_empty, reject_page, reject_static
from newsarchive.extract.jsonld import article_body
from newsarchive.extract.lede import take_lede
from newsarchive.extract.metadata import PageFacts, read_facts
from newsarchive.extract.pruning import drop_details, drop_silent, prune
from newsarchive.extract.text import key, language_of, scrub, words
from newsarchive.models import Article, Entry, Rejected, Selectors, Source

__all__ = ["EXTRACTOR", "Cut", "Explanation", "Witness", "explain", "extract"]

EXTRACTOR = "2"
"""The version of the rules; it changes when an archive should read its pages again."""

_SCRAP = 3  # words, from which on a text needs nobody to vouch for it


def extract(
    content: bytes,
    *,
    url: str,
    entry: Entry | None = None,
    source: Source | None = None,
    content_type: str | None = None,
    now: datetime | None = None,
) -> Article | Rejected:
    """Turn a page into an article, or say why it is none. Never raises, whatever the bytes are.

    Args:
        content: the page as the server sent it, decompressed.
        url: the address that answered, after redirects.
        entry: what the feed says about the article: a witness for headline, date and text.
        source: the outlet: its selectors, charset and time zone.
        content_type: the HTTP header.
        now: when the page was read, aware; without it relative dates say nothing.
    """
    page = _Page(url=url, entry=entry, source=source, content_type=content_type, now=now)
    return _read(content, page)


def explain(
    content: bytes,
    *,
    url: str,
    entry: Entry | None = None,
    source: Source | None = None,
    content_type: str | None = None,
    now: datetime | None = None,
) -> Explanation:
    """Extract a page and say how: ask every witness, note what each rule took out. Never raises.

    Args:
        content: as for `extract`, and so are the others.
        url: see there.
        entry: see there.
        source: see there.
        content_type: see there.
        now: see there.
    """
    trace = Trace()
    page = _Page(url=url, entry=entry, source=source, content_type=content_type, now=now, trace=trace)
    result = _read(content, page)
    return Explanation(result=result, witnesses=tuple(trace.witnesses), cuts=(*trace.cuts, *trace.elements))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What is known about a page beside its bytes."""

    url: str
    entry: Entry | None
    source: Source | None
    content_type: str | None
    now: datetime | None
    trace: Trace | None = None

    @property
    def selectors(self) -> Selectors:
        return self.source.selectors if self.source else Selectors()

    @property
    def told(self) -> Entry | None:
        """The entry, if it can be read."""
        return self.entry if self.entry and not self.entry.garbled else None


def _read(content: bytes, page: _Page) -> Article | Rejected:
    charset = page.source.charset if page.source else None
    html = decode_html(content, content_type=page.content_type, charset=charset)
    if rejected := reject_bytes(content, html):
        return rejected
    tree = LexborHTMLParser(html)
    facts = read_facts(tree, page.url, entry=page.entry, source=page.source)
    drop_silent(tree)
    return reject_page(tree, facts, page.url, html) or _article(tree, facts, html, page)


def _article(tree: LexborHTMLParser, facts: PageFacts, html: str, page: _Page) -> Article | Rejected:
    prune(tree, page.selectors.remove, page.trace.drop if page.trace else None)
    found = page_date(tree, facts, url=page.url, entry=page.entry, source=page.source, now=page.now)
    lede = take_lede(tree, facts.headline, page.selectors.lede)
    drop_details(tree, facts.headline)
    lines, cuts = _lines(tree, facts, page, lede)
    if lede and not lines:  # all the page says is its lede
        lines, lede = [lede], None
    if rejected := reject_static(tree, lines) if lines else reject_empty(tree, html):
        return rejected
    if rejected := _reject_scrap(lines, facts):
        return rejected
    body = "\n".join(lines)
    article = Article(
        url=facts.url,
        headline=facts.headline,
        body=body,
        lede=lede,
        byline=facts.byline or _byline(cuts),
        section=facts.section,
        tags=facts.tags,
        caption=facts.caption,
        language=language_of(f"{facts.headline}\n{body}", facts.language),
        published=found.published,
        date=found.day.isoformat() if found.day else None,
        date_from=found.date_from,
        addresses=facts.addresses,
        extractor=EXTRACTOR,
    )
    return scrub(article)


def _reject_scrap(lines: list[str], facts: PageFacts) -> Rejected | None:
    """Turn away what nobody gives a headline, and a word or two that are not the headline's."""
    if not facts.headline:
        return Rejected(reason="no-text", detail="neither the page nor the feed names a headline")
    said = [word for line in lines for word in words(line)]
    if len(said) >= _SCRAP or not set(said).isdisjoint(words(facts.headline)):
        return None
    return Rejected(reason="no-text", detail=f"all that the page says is {' '.join(said)!r}")


def _lines(
    tree: LexborHTMLParser, facts: PageFacts, page: _Page, lede: str | None
) -> tuple[list[str], list[Cut]]:
    """Find the article's lines, and those that were cut: on the page or, if a script would have to print them, in what others state."""
    entry = page.told
    found = find_text(
        tree,
        url=page.url,
        headline=key(facts.headline),
        selector=page.selectors.body,
        stated=read_stated(
            entry.content if entry else None, entry.summary if entry else None, article_body(facts.linked)
        ),
        thorough=page.trace is not None,
    )
    around = Surroundings(
        headline=key(facts.headline),
        links=found.links,
        sources=found.sources,
        names=frozenset(map(key, facts.names)) - {""},
        apart={key(text): rule for rule, text in (("caption", facts.caption), ("lede", lede)) if text},
    )
    lines, cuts = strip_furniture(found.lines, around)
    if page.trace:
        page.trace.cuts += [Cut(rule="doubted", line=line.text) for line in found.doubted]
        page.trace.cuts += cuts
        page.trace.cuts += [Cut(rule="comments", line=line.text) for line in found.replies]
        page.trace.witnesses += _witnesses(found, lines)
    return lines, cuts


def _byline(cuts: list[Cut]) -> str | None:
    """Return who wrote the article, as a line above the first paragraph said."""
    line = next((cut.line for cut in cuts if cut.rule == "byline"), None)
    return person(line) if line else None


def _witnesses(found: Found, body: list[str]) -> list[Witness]:
    return [
        Witness(
            name=name,
            words=sum(len(words(line.text)) for line in lines),
            agreement=round(agreement(lines, body), 3),
        )
        for name, lines in found.said.items()
        if lines
    ]
