"""Choose the headline by agreement of those who name it, and cut from it what is the site's: its name, the section."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsarchive.extract.text import clean_line, key

_SEPARATOR = re.compile(r"\s+[-|–—»«:·•›/ـ]+\s+|\s*\|\s*")
# artesaos/seotools, a Laravel package, appends this to every title until somebody configures it.
_DEFAULT = re.compile(r"\s*[-|–]\s*It[’']s Over 9000!\s*$", re.IGNORECASE)
# What other systems call a site or a page until somebody does.
_NAMELESS = frozenset(
    map(
        key,
        ("Just another WordPress site", "مجرد موقع ووردبريس آخر", "موقع ووردبريس آخر", "Untitled Document", "Untitled", "بدون عنوان", "Laravel", "React App",
         "Vite App", "Create Next App", "Document", "My Blog", "Home", "Home Page", "الرئيسية", "الصفحة الرئيسية"),
    )
)  # fmt: skip
_CUT_OFF = re.compile(r"\s*(?:…|\.{3})\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who names the headline, in order of trust: h1 as printed, JSON-LD, Open Graph, the feed, the title element."""

    printed: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    entry: str = ""
    title: str = ""


_LONGEST = 1000  # characters; what is longer is a page whose heading was never closed


def choose_headline(witnesses: Witnesses, names: tuple[str, ...]) -> str:
    """Return the headline most witnesses agree on, as the most trusted of them spells it; empty if nobody names one.

    Args:
        witnesses: the candidates, as printed.
        names: how the site calls itself and the article's section; cut from either end of a candidate, behind a
            separator, whether or not they are written with spaces («Enab Baladi», `enabbaladi`).
    """
    sites = (frozenset(map(_joined, names)) | frozenset(map(_joined, _NAMELESS))) - {""}
    candidates = [cut_names(text, sites) for text in _all(witnesses)]
    candidates = [text for text in candidates if _joined(text) and _joined(text) not in sites]
    if not candidates:
        return ""
    if len(set(map(key, candidates))) == 1 and not (witnesses.printed or witnesses.linked or witnesses.entry):
        return _longest_segment(candidates[0])
    keys = [key(text) for text in candidates]
    votes = [sum(agree(one, other) for other in keys) for one in keys]
    chosen = _whole(candidates[votes.index(max(votes))], candidates)
    return _without_ends(chosen, keys)


def cut_names(text: str, sites: frozenset[str]) -> str:
    """Cut a content management system's default suffix, and names from both ends, each behind a separator.

    Args:
        text: a headline or a title, as printed.
        sites: names in comparison form, without spaces.
    """
    text = _DEFAULT.sub("", clean_line(text))
    while (found := _SEPARATOR.search(text)) and _joined(text[: found.start()]) in sites:
        text = text[found.end() :]
    while (last := _last_separator(text)) and _joined(text[last.end() :]) in sites:
        text = text[: last.start()]
    return text


def _joined(text: str) -> str:
    return key(text).replace(" ", "")


def _whole(headline: str, candidates: list[str]) -> str:
    """Return the headline that another witness gives whole, if this one was cut off with dots."""
    beginning = key(headline) if _CUT_OFF.search(headline) else ""
    whole = (text for text in candidates if not _CUT_OFF.search(text) and key(text).startswith(beginning))
    return next(whole, headline) if beginning else headline


def _all(witnesses: Witnesses) -> list[str]:
    every = [*witnesses.printed, *witnesses.linked, *witnesses.shared, witnesses.entry, witnesses.title]
    return [text for text in every if len(text) <= _LONGEST]


def _last_separator(text: str) -> re.Match[str] | None:
    return max(_SEPARATOR.finditer(text), key=lambda found: found.end(), default=None)


def agree(one: str, other: str) -> bool:
    """Whether one headline is the other, or most of it; spaces do not count, for quotation marks split words.

    Args:
        one: a headline in comparison form (`text.key`).
        other: another.
    """
    short, long = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    return short in long and len(short) * 2 >= len(long)


def _without_ends(headline: str, keys: list[str]) -> str:
    """Cut a first or last segment that another witness lacks: of a site that never says its name elsewhere."""
    first, last = _SEPARATOR.search(headline), _last_separator(headline)
    if last and key(headline[: last.start()]) in keys:
        return headline[: last.start()]
    if first and key(headline[first.end() :]) in keys:
        return headline[first.end() :]
    return headline


def _longest_segment(title: str) -> str:
    """Return the segment that is most of a title, when only titles speak; else the title whole."""
    longest = max(_SEPARATOR.split(title), key=len)
    return clean_line(longest) if len(longest) * 2 > len(title) else title
