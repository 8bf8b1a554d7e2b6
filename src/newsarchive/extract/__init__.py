"""A page becomes an article, or says why it is none.

    bytes -> decode -> tree -> facts -> gate -> prune -> date, lede, lines -> strip furniture -> article

The tree is parsed once (Lexbor). Metadata are read before pruning, which takes scripts away; dates and text after it,
when lists and sidebars are gone. What the feed said about the article is a witness, never a replacement.
"""

from __future__ import annotations

from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from newsarchive.encoding import decode_html
from newsarchive.extract.body import find_lines, link_texts, text_lines
from newsarchive.extract.boilerplate import Surroundings, strip_furniture
from newsarchive.extract.dates import page_date
from newsarchive.extract.gate import reject_bytes, reject_empty, reject_page, reject_static
from newsarchive.extract.jsonld import article_body
from newsarchive.extract.lede import take_lede
from newsarchive.extract.metadata import PageFacts, read_facts
from newsarchive.extract.pruning import drop_details, drop_silent, prune
from newsarchive.extract.text import key, language_of
from newsarchive.models import Article, Entry, Rejected, Selectors, Source

__all__ = ["EXTRACTOR", "extract"]

EXTRACTOR = "1"
"""The version of the rules; it changes when an archive should read its pages again."""


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
    html = decode_html(content, content_type=content_type, charset=source.charset if source else None)
    if rejected := reject_bytes(content, html):
        return rejected
    tree = LexborHTMLParser(html)
    facts = read_facts(tree, url, entry=entry, source=source)
    drop_silent(tree)
    return reject_page(tree, facts, url, html) or _article(
        tree, facts, html=html, url=url, entry=entry, source=source, now=now
    )


def _article(
    tree: LexborHTMLParser,
    facts: PageFacts,
    *,
    html: str,
    url: str,
    entry: Entry | None,
    source: Source | None,
    now: datetime | None,
) -> Article | Rejected:
    selectors = source.selectors if source else Selectors()
    prune(tree, selectors.remove)
    found = page_date(tree, facts, url=url, entry=entry, source=source, now=now)
    lede = take_lede(tree, facts.headline, selectors.lede)
    drop_details(tree, facts.headline)
    lines = _lines(tree, facts, selectors, entry)
    if lede and lines in ([], [lede]):  # all the page says is its lede
        lines, lede = [lede], None
    if rejected := reject_static(tree, lines) if lines else reject_empty(tree, html):
        return rejected
    body = "\n".join(lines[1:] if lines[0] == lede else lines)
    return Article(
        url=facts.url,
        headline=facts.headline,
        body=body,
        lede=lede,
        byline=facts.byline,
        section=facts.section,
        tags=facts.tags,
        caption=facts.caption,
        language=language_of(body, facts.language),
        published=found.published,
        date=found.day.isoformat() if found.day else None,
        date_from=found.date_from,
        addresses=facts.addresses,
        extractor=EXTRACTOR,
    )


def _lines(tree: LexborHTMLParser, facts: PageFacts, selectors: Selectors, entry: Entry | None) -> list[str]:
    """Find the article's lines, on the page or, if a script would have to print them, in its JSON-LD."""
    stated = article_body(facts.linked)
    witness = stated or (entry.summary if entry and not entry.garbled else None) or ""
    found = find_lines(tree, selector=selectors.body, witness=witness) or text_lines(stated)
    around = Surroundings(
        headline=key(facts.headline), links=link_texts(tree), names=frozenset(map(key, facts.names)) - {""}
    )
    return strip_furniture(found, around)
