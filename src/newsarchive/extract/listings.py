"""Front pages and listings that are served where an article was expected."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from newsarchive.extract.text import key
from newsarchive.extract.view import View, linked_headings, linked_titles, path_of, running_words
from newsarchive.models import Rejected
from newsarchive.urls import is_home, same_site

_FRONT_PATH = re.compile(
    r"/*(?:index|default|home|main)\.(?:php|html?|aspx?|jsp)|/*(?:home|الرئيسية)/*", re.IGNORECASE
)
_FRONT = frozenset({"home", "path-frontpage"})  # what WordPress and Drupal call the body of a front page
_ARCHIVE = frozenset(
    {"archive", "category", "search-results", "search-no-results", "author", "page-taxonomy-term"}
)
_LISTED = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})  # of schema.org
_LISTING_PATH = re.compile(
    r"/(?:category|categories|cat|tags?|author|authors|search|archives?|topics?|sections?|label|page|تصنيف|قسم|أقسام|وسم|كاتب|بحث|أرشيف)/[^/]+/*$",
    re.IGNORECASE,
)
_LISTING_TITLE = re.compile(
    r"^(?:الارشيف|ارشيف|وسم|تصنيف|القسم|نتايج البحث|البحث عن|archives?|category|tag|search results|author)\b|\barchives?$"
)
_FEW = 3  # linked headings
_MANY = 8  # links that are worded like headlines
_NO_TEXT = 40  # words in paragraphs; a brief has them, and a headline besides
_SAMPLE = 60  # headings looked at
_CARDS = 4
_CARD_TEXT = 40  # letters of a card's summary
_CARDS_SHARE = 0.6
_CARD_LIMIT = 0.5
_ITEMS, _ITEM = 8, 15  # list items, and words in each
_LINK_SHARE = 0.85
_DIRECTORY = 40  # links


def front_page(view: View) -> Rejected | None:
    """Turn away the site's front page: by its address, by what it calls itself, by its title."""
    canonical = view.facts.canonical
    other = canonical if canonical and same_site(canonical, view.url) else None
    if _is_front(view.url) and (other is None or _is_front(other)):
        return Rejected(reason="home-page", detail="the address is the site's front page")
    if other and _is_front(other) and not (view.is_article and view.headlines):
        return Rejected(reason="home-page", detail="the page calls itself the site's front page")
    if view.is_article:
        return None
    if "single" not in view.classes and not _FRONT.isdisjoint(view.classes):
        return Rejected(reason="home-page", detail="the site calls the page its front page")
    if _is_named_as_site(view) and _leads_elsewhere(view):
        return Rejected(reason="home-page", detail="the title is the site's name, the headings are links")
    return None


def listing(view: View) -> Rejected | None:
    """Turn away lists of articles: categories, searches, directories."""
    body = view.tree.body
    if view.is_article or body is None:
        return None
    if "single" not in view.classes and not _ARCHIVE.isdisjoint(view.classes):
        return Rejected(reason="listing", detail="the site calls the page an archive")
    if _is_named_as_listing(view) and _leads_elsewhere(view):
        return Rejected(reason="listing", detail="the page is named as a list, and its headings are links")
    detail = next((detail for looks, detail in _SHAPES if looks(view, body)), None)
    return Rejected(reason="listing", detail=detail) if detail else None


def _is_front(url: str) -> bool:
    return is_home(url) or ("?" not in url and _FRONT_PATH.fullmatch(path_of(url)) is not None)


def _is_named_as_site(view: View) -> bool:
    return key(view.facts.title) in {key(name) for name in view.facts.names} - {""}


def _is_named_as_listing(view: View) -> bool:
    path = path_of(view.url)
    return (
        not _LISTED.isdisjoint(view.facts.linked.types)
        or _LISTING_PATH.search(path) is not None
        or _LISTING_TITLE.search(key(view.facts.title)) is not None
    )


def _leads_elsewhere(view: View) -> bool:
    """Whether the page has no headline of its own, and several that lead to other pages."""
    body = view.tree.body
    return body is not None and not view.headlines and len(linked_headings(body)) >= _FEW


def _is_directory(_: View, body: LexborNode) -> bool:
    links = body.css("a")
    if len(links) < _DIRECTORY or body.css_first("h1") is not None:
        return False
    linked = sum(len(node.text().strip()) for node in links)
    return linked > _LINK_SHARE * len(" ".join(body.text(separator=" ").split()))


def _is_links(view: View, _: LexborNode) -> bool:
    return linked_titles(view) >= _MANY and running_words(view) < _NO_TEXT and not view.headlines


def _is_list(_: View, body: LexborNode) -> bool:
    if body.css_first("h1, h2, article, main") is not None:
        return False
    items = [size for node in body.css("li") if (size := len(node.text().split())) >= _ITEM]
    return len(items) >= _ITEMS and sum(items) > _CARDS_SHARE * len(body.text().split())


def _is_cards(view: View, body: LexborNode) -> bool:
    """Whether most paragraphs stand in blocks that each have a linked headline of their own."""
    if view.headlines:
        return False  # what stands in cards is beside it
    total = sum(len(node.text().strip()) for node in body.css("p"))
    cards = [size for size in map(_card_text, linked_headings(body)[:_SAMPLE]) if size >= _CARD_TEXT]
    return (
        len(cards) >= _CARDS and sum(cards) > _CARDS_SHARE * total and max(cards) < _CARD_LIMIT * sum(cards)
    )


def _card_text(heading: LexborNode) -> int:
    """Measure the paragraphs of the largest block around `heading` that holds no other linked heading."""
    block = heading
    while block.parent is not None and block.parent.tag != "body" and len(linked_headings(block.parent)) == 1:
        block = block.parent
    return sum(len(node.text().strip()) for node in block.css("p"))


_SHAPES = (
    (_is_directory, "the page is links"),
    (_is_links, "the page has links to articles and no text of its own"),
    (_is_cards, "the text is summaries under linked headlines"),
    (_is_list, "the text is one list of reports, without a headline"),
)
