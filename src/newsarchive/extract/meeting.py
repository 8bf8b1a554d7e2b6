"""Whether a page is the one that the feed spoke of: their headlines meet, if only in a few words."""

from __future__ import annotations

import re

from newsarchive.extract.text import words
from newsarchive.extract.view import View, linked_headings, path_of
from newsarchive.models import Rejected
from newsarchive.urls import same_site

_CLITICS = re.compile(r"^(?:و|ف)?(?:[بكل]?ال|لل)(?=\w{3})|^[وفبكل](?=\w{4})")
_ARABIC = re.compile("[\u0621-\u064a]")
_SHORTEST = 3  # letters of a word that tells something
_TELLING = 3  # words, from which on a headline can be missed
_HEADING_SHARE = 0.3  # of the shorter headline's words: a reworded headline keeps its names
_TEXT_SHARE = 0.5  # of the feed's headline's words, anywhere on the page


def missed(view: View) -> Rejected | None:
    """Turn away a page that nothing connects with its entry, if it also looks like another kind of page.

    A headline alone proves nothing: outlets reword it. So a page is kept if its headings or its text share some words
    with the feed's headline, if it calls itself an article, or if nothing else speaks against it.
    """
    wanted = _stems(view.facts.expected)
    if view.is_article or len(wanted) < _TELLING or not _comparable(wanted, view) or _meets(view, wanted):
        return None
    if _leads_up(view):
        return Rejected(
            reason="listing", detail="the feed's address now leads to a page above it, without its article"
        )
    if not view.headlines and view.tree.body is not None and linked_headings(view.tree.body):
        return Rejected(
            reason="listing", detail="the page has only links to articles, none of them the feed's"
        )
    if view.is_little and "noindex" in (view.facts.meta("robots") or "").lower():
        return Rejected(
            reason="soft-404",
            detail="the page says little, nothing of the feed's article, and is not to be found",
        )
    return None


def _comparable(wanted: frozenset[str], view: View) -> bool:
    """Whether headline and page are written in one script: a file's name or a translation proves nothing."""
    return any(map(_ARABIC.search, wanted)) == (_ARABIC.search(view.text) is not None)


def _meets(view: View, wanted: frozenset[str]) -> bool:
    facts = view.facts
    headings = [node.text(separator=" ") for node in view.tree.css("h1, h2")]
    stated = [facts.title, *facts.metas.get("og:title", ()), *headings]
    told = [stems for text in stated if (stems := _stems(text))]
    if any(len(wanted & stems) >= _HEADING_SHARE * min(len(wanted), len(stems)) for stems in told):
        return True
    return len(wanted & _stems(view.text)) >= _TEXT_SHARE * len(wanted)


def _stems(text: str) -> frozenset[str]:
    """Return the telling words of a text, without what is written together with them."""
    return frozenset(_CLITICS.sub("", word) for word in words(text) if len(word) >= _SHORTEST)


def _leads_up(view: View) -> bool:
    """Whether the feed's address was redirected to one that it lies below, such as a category's."""
    asked, got = view.facts.asked, view.url
    if not asked or not same_site(asked, got):
        return False
    above, below = (path_of(url).rstrip("/") + "/" for url in (got, asked))
    return above != below and below.startswith(above)
