"""Choose the headline by agreement of those who name it, and cut the site's name from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsarchive.extract.text import clean_line, key

_SEPARATOR = re.compile(r"\s+[-|–—»«:·•›/ـ]+\s+|\s*\|\s*")
# artesaos/seotools, a Laravel package, appends this to every title until somebody configures it.
_DEFAULT = re.compile(r"\s*[-|–]\s*It[’']s Over 9000!\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who names the headline, in order of trust: h1 as printed, JSON-LD, Open Graph, the feed, the title element."""

    printed: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    entry: str = ""
    title: str = ""


def choose_headline(witnesses: Witnesses, names: tuple[str, ...]) -> str:
    """Return the headline most witnesses agree on, as the most trusted of them spells it; empty if nobody names one.

    Args:
        witnesses: the candidates, as printed.
        names: how the site calls itself; cut from either end of a candidate, behind a separator.
    """
    sites = frozenset(map(key, names)) - {""}
    candidates = [cut_site_name(text, sites) for text in _all(witnesses)]
    candidates = [text for text in candidates if key(text) and key(text) not in sites]
    if not candidates:
        return ""
    if len(set(map(key, candidates))) == 1 and not (witnesses.printed or witnesses.linked or witnesses.entry):
        return _longest_segment(candidates[0])
    keys = [key(text) for text in candidates]
    votes = [sum(_agree(one, other) for other in keys) for one in keys]
    return _without_tail(candidates[votes.index(max(votes))], keys)


def cut_site_name(text: str, sites: frozenset[str]) -> str:
    """Cut a content management system's default suffix, and the site's name from both ends, behind a separator."""
    text = _DEFAULT.sub("", clean_line(text))
    while (found := _SEPARATOR.search(text)) and key(text[: found.start()]) in sites:
        text = text[found.end() :]
    while (last := _last_separator(text)) and key(text[last.end() :]) in sites:
        text = text[: last.start()]
    return text


def _all(witnesses: Witnesses) -> list[str]:
    return [*witnesses.printed, *witnesses.linked, *witnesses.shared, witnesses.entry, witnesses.title]


def _last_separator(text: str) -> re.Match[str] | None:
    return max(_SEPARATOR.finditer(text), key=lambda found: found.end(), default=None)


def _agree(one: str, other: str) -> bool:
    """Whether one headline is the other, or most of it; spaces do not count, for quotation marks split words."""
    short, long = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    return short in long and len(short) * 2 >= len(long)


def _without_tail(headline: str, keys: list[str]) -> str:
    """Cut a last segment that another witness lacks: a site that never says its name elsewhere."""
    last = _last_separator(headline)
    if last and key(headline[: last.start()]) in keys:
        return headline[: last.start()]
    return headline


def _longest_segment(title: str) -> str:
    """Return the segment that is most of a title, when only titles speak; else the title whole."""
    longest = max(_SEPARATOR.split(title), key=len)
    return clean_line(longest) if len(longest) * 2 > len(title) else title
