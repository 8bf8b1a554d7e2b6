"""What a page says about its article: headline, byline, section, tags, caption, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.extract.byline import find_byline, person
from newsarchive.extract.headline import Witnesses, choose_headline
from newsarchive.extract.jsonld import LinkedData, read_linked_data, strings
from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line, clean_markup, key
from newsarchive.models import Entry, Selectors, Source
from newsarchive.urls import absolute_url, canonical_url, host_of, is_home, same_site

_BREADCRUMBS = "[class*=breadcrumb] a"
_CATEGORIES = 'a[rel~="category"], .cat-links a, .post-categories a, .entry-category a'
_NO_SECTION = frozenset(
    map(key, ("post", "posts", "blog", "page", "pages", "article", "articles", "uncategorized", "uncategorised", "home", "homepage", "غير مصنف", "غير مصنفة", "الرئيسية", "الصفحة الرئيسية"))
)  # fmt: skip
_LONGEST_SECTION = 5  # words
_CAPTIONS = (
    "figcaption, .wp-caption-text, .img-caption, .image-caption, .photo-caption, .media-caption, .featured-caption,"
    ' .pic-caption, .caption, [itemprop="caption"]'
)
_SLIDES = re.compile(r"carousel|slider|slick|swiper|gallery-thumb", re.IGNORECASE)
_LISTED = re.compile(r"[,،;؛|]")
_LONGEST_TAG = 60
_MOST_TAGS = 30
_LONGEST_CAPTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What stands in a page's head and around its text, read before anything is pruned.

    Attributes:
        metas: content of each meta element, by its lower-case property, name or itemprop, in order.
        canonical: the address that the page calls its own, even another site's or a front page; None if it names none.
        names: how the site calls itself.
        expected: the headline that the feed gives; empty if it gives none.
        asked: the address that the feed gives; empty without an entry.
    """

    metas: dict[str, list[str]]
    linked: LinkedData
    title: str
    headline: str
    url: str
    canonical: str | None
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    byline: str | None
    section: str | None
    tags: tuple[str, ...]
    caption: str | None
    language: str | None
    expected: str = ""
    asked: str = ""

    def meta(self, name: str) -> str | None:
        """Return the first meta of this name."""
        return next(iter(self.metas.get(name, ())), None)


def read_facts(tree: LexborHTMLParser, url: str, *, entry: Entry | None, source: Source | None) -> PageFacts:
    """Read what the unpruned page says about itself.

    Args:
        tree: the whole page, scripts included.
        url: the address that answered.
        entry: what the feed says; its headline is a witness, its byline and section stand in for missing ones.
        source: the outlet; its names are cut from the headline, its selectors come first.
    """
    title = _text(tree.css_first("head title") or tree.css_first("title"))
    metas, linked = _metas(tree), read_linked_data(tree, title)
    selectors = source.selectors if source else Selectors()
    names = _names(metas, linked, source)
    hosts = tuple(host_of(url).split("."))
    sites = (*names, *hosts)
    section = _section(tree, metas, linked, frozenset(map(key, sites)))
    links = _links(tree, metas, url)
    canonical = next((link for kind, link in links if kind == "canonical"), None)
    own = canonical if canonical and _is_own(canonical, url) else canonical_url(url)
    return PageFacts(
        metas=metas,
        linked=linked,
        title=title,
        headline=_select_text(tree, selectors.headline)
        or choose_headline(_witnesses(tree, metas, linked, title, entry), (*sites, section or "")),
        url=own,
        canonical=canonical,
        addresses=tuple(dict.fromkeys(link for _, link in links if link != own and _is_own(link, url))),
        names=names,
        byline=_select_text(tree, selectors.byline)
        or find_byline(tree, _stated_authors(metas, linked), sites)
        or person(entry.byline or "" if entry else ""),
        section=section or (entry.section if entry else None),
        tags=_tags(metas, linked) or _printed_tags(tree),
        caption=_caption(tree),
        language=(tree.root.attributes.get("lang") if tree.root else None)
        or (source.language if source else None),
        expected=clean_line(entry.headline or "") if entry and not entry.garbled else "",
        asked=entry.url if entry else "",
    )


def _text(node: LexborNode | None) -> str:
    return clean_line(node.text(separator=" ")) if node is not None else ""


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = clean_markup(attributes.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _names(metas: dict[str, list[str]], linked: LinkedData, source: Source | None) -> tuple[str, ...]:
    own = [source.name, source.name_en or ""] if source else []
    given = [
        name for kind in ("og:site_name", "application-name", "twitter:site") for name in metas.get(kind, ())
    ]
    return tuple(dict.fromkeys(name for name in (*own, *given, *linked.names) if name))


def _select_text(tree: LexborHTMLParser, selector: str | None) -> str | None:
    """Return the first text that `selector` finds."""
    return next((text for node in select(tree, selector) if (text := _text(node))), None)


def _witnesses(
    tree: LexborHTMLParser, metas: dict[str, list[str]], linked: LinkedData, title: str, entry: Entry | None
) -> Witnesses:
    return Witnesses(
        printed=tuple(_text(node) for node in tree.css("h1")),
        linked=tuple(strings(linked.article.get("headline") or linked.article.get("name"))),
        shared=tuple(value for name in ("og:title", "twitter:title") for value in metas.get(name, ())),
        entry=clean_line(entry.headline or "") if entry and not entry.garbled else "",
        title=title,
    )


def _links(tree: LexborHTMLParser, metas: dict[str, list[str]], url: str) -> list[tuple[str, str]]:
    """Return (kind, canonical spelling) of the addresses that the page gives itself, the surest first."""
    found = [(rel, node.attributes.get("href") or "") for rel, node in _rel_links(tree)]
    found += [("og:url", value) for value in metas.get("og:url", ())]
    absolute = [(kind, absolute_url(url, link)) for kind, link in found if link]
    return [(kind, canonical_url(link)) for kind, link in absolute if link]


def _is_own(link: str, url: str) -> bool:
    """Whether `link` can be the article's address: many sites give another host's, or their front page's."""
    return same_site(link, url) and not is_home(link)


def _rel_links(tree: LexborHTMLParser) -> Iterator[tuple[str, LexborNode]]:
    for rel in ("canonical", "shortlink"):
        for node in tree.css(f'link[rel="{rel}"]'):
            yield rel, node


def _stated_authors(metas: dict[str, list[str]], linked: LinkedData) -> list[str]:
    together = "، ".join(dict.fromkeys(strings(linked.article.get("author"))))
    return [together, *metas.get("author", ()), *metas.get("article:author", ())]


def _section(
    tree: LexborHTMLParser, metas: dict[str, list[str]], linked: LinkedData, sites: frozenset[str]
) -> str | None:
    """Return the first section that is one: as stated, else of the links that lead to it."""
    path = [text for node in tree.css(_BREADCRUMBS) if (text := _text(node)) and len(key(text)) > 1]
    named = [
        *strings(linked.article.get("articleSection")),
        *metas.get("article:section", ()),
        *(_text(node) for node in tree.css(_CATEGORIES)[:1]),
        *path[::-1],
    ]
    return next((name for name in named if _is_section(name, sites)), None)


def _is_section(name: str, sites: frozenset[str]) -> bool:
    wanted = key(name)
    return bool(wanted) and wanted not in _NO_SECTION | sites and len(wanted.split()) <= _LONGEST_SECTION


def _tags(metas: dict[str, list[str]], linked: LinkedData) -> tuple[str, ...]:
    given = [
        *metas.get("article:tag", ()),
        *metas.get("news_keywords", ()),
        *strings(linked.article.get("keywords")),
    ]
    return _unique(tag for value in given for tag in _LISTED.split(value))


def _printed_tags(tree: LexborHTMLParser) -> tuple[str, ...]:
    return _unique(_text(node) for node in tree.css('a[rel="tag"]'))


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    clean = (clean_line(tag).lstrip("#") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in clean if 0 < len(tag) <= _LONGEST_TAG))[:_MOST_TAGS]


def _caption(tree: LexborHTMLParser) -> str | None:
    nodes = (node for node in tree.css(_CAPTIONS)[:8] if not _is_elsewhere(node))
    return next((text for node in nodes if 1 < len(text := _text(node)) <= _LONGEST_CAPTION), None)


def _is_elsewhere(node: LexborNode) -> bool:
    """Whether the picture leads to another article, or is one of many."""
    block = node.parent
    for _ in range(3):
        if block is None or block.tag in ("article", "main", "body"):
            return False
        if block.tag in ("a", "li", "aside", "nav") or _SLIDES.search(block.attributes.get("class") or ""):
            return True
        block = block.parent
    return False
