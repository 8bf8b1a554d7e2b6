"""Take the lines that are no report out of a text: headings of lists, prompts, labels, the outlet's own name.

The phrases are data (`furniture.toml`). A phrase alone never cuts what follows it: only links and, at the end, short
lines go with their heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.extract.rules import LINES
from newsarchive.extract.text import key, words

_PROMPT = 30  # words: a line that begins like a prompt and is longer is a report
_OWN = 3  # words of a phrase that needs no platform named beside it
_SURE = 4  # words of a phrase that is a prompt at any length
_TAIL = 14  # words of the longest line in a list at the end
_CREDIT = 2  # words: «نورث بالس», «دمشق - وكالات»
_BESIDE = 3  # words beside a date: «سياسة 2017/02/25 13:39»
_REPORT = 12  # words: from here on a line is a paragraph
_TOP = 2  # lines in which a date can stand alone
_HEAD = 4  # lines in which the headline may be repeated
_DATE = re.compile(
    r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}\s+[^\W\d]{2,8}(\s+[^\W\d]{3,8})?،?\s+(20|٢٠|19|١٩)\d\d"
)
_UPDATE = re.compile("تحديث")  # it separates an update from an older report, and stays
_ENDS = (".", "!", "؟", "?", ":", "…", "،", "؛", "»", "”", '"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page's text: a paragraph, a list item, a row or, if `heading`, a heading."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the page knows about its lines: the headline, each link's text and the site's names, in comparison form."""

    headline: str = ""
    links: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def strip_furniture(lines: Sequence[Line], around: Surroundings) -> list[str]:
    """Return the article's lines.

    Args:
        lines: the text as extraction found it, in order.
        around: what the page knows about them.
    """
    kept = _after_headline(lines, around.headline)
    kept = _without_lists(kept, around.links)
    kept = [line for line in kept if not _is_furniture(key(line.text), around)]
    kept = _without_date(kept)
    kept = _without_link_tail(kept, around.links)
    return _without_credit(kept, around)


def _after_headline(lines: Sequence[Line], headline: str) -> list[Line]:
    """Drop the repeated headline, and the short lines above it: section, date, share counts."""
    for number, line in enumerate(lines[:_HEAD]):
        if headline and key(line.text) == headline and len(lines) > number + 1:
            above = [each for each in lines[:number] if len(words(each.text)) >= _REPORT]
            return [*above, *lines[number + 1 :]]
    return list(lines)


def _without_lists(lines: list[Line], links: frozenset[str]) -> list[Line]:
    """Drop headings of lists with the links below; at the text's end, a sure heading takes short lines too."""
    kept: list[Line] = []
    skip = 0
    for number, line in enumerate(lines):
        text = key(line.text)
        if text in LINES.tail and all(_is_short(each, links) for each in lines[number + 1 :]):
            break
        if text in LINES.tail or text in LINES.heading:
            skip = number + 1 + _links_at(lines, number + 1, links)
        elif number >= skip:
            kept.append(line)
    return kept


def _is_short(line: Line, links: frozenset[str]) -> bool:
    """Whether `line` can belong to a list of links: it is one, or a few words that are no sentence."""
    return _is_links(key(line.text), links) or (
        len(words(line.text)) <= _TAIL and not line.text.endswith(".")
    )


def _links_at(lines: list[Line], start: int, links: frozenset[str]) -> int:
    rest = lines[start:]
    return next((n for n, line in enumerate(rest) if not _is_links(key(line.text), links)), len(rest))


def _is_links(text: str, links: frozenset[str]) -> bool:
    """Whether `text` is the text of a link, or of several side by side."""
    if text in links:
        return True
    parts = text.split()
    reached = {0}
    for end in range(1, len(parts) + 1):
        starts = (start for start in range(max(0, end - _TAIL), end) if start in reached)
        if any(" ".join(parts[start:end]) in links for start in starts):
            reached.add(end)
        elif not reached.intersection(range(end - _TAIL, end)):
            return False
    return bool(parts) and len(parts) in reached


def _is_furniture(text: str, around: Surroundings) -> bool:
    return not text or text in LINES.drop or _is_prompt(text) or _is_label(text, around.links)


def _is_prompt(text: str) -> bool:
    return any(f"{text} ".startswith(f"{phrase} ") and _asks(text, phrase) for phrase in LINES.prompt)


def _asks(text: str, phrase: str) -> bool:
    """Whether a line that begins with `phrase` asks the reader for something: «تابعنا على الطريق» does not."""
    size = len(phrase.split())
    if size >= _SURE or text == phrase:
        return True
    return len(text.split()) <= _PROMPT and (size >= _OWN or not LINES.platforms.isdisjoint(text.split()))


def _is_label(text: str, links: frozenset[str]) -> bool:
    return any(
        text == phrase
        or (text.startswith(f"{phrase} ") and _is_links(text.removeprefix(f"{phrase} "), links))
        for phrase in LINES.label
    )


def _without_date(lines: list[Line]) -> list[Line]:
    """Drop a line at the top that is a date with little beside it: «سياسة 2017/02/25 13:39»."""
    top = [line for line in lines[:_TOP] if len(lines) == 1 or not _is_date_line(line.text)]
    return [*top, *lines[_TOP:]]


def _is_date_line(text: str) -> bool:
    if not _DATE.search(text) or _UPDATE.search(text):
        return False
    return sum(not part.isdigit() for part in words(_DATE.sub(" ", text))) <= _BESIDE


def _without_link_tail(lines: list[Line], links: frozenset[str]) -> list[Line]:
    """Drop two or more last lines that are links, a list without a heading, and a text of nothing but short links."""
    end = len(lines)
    while end and _is_links(key(lines[end - 1].text), links):
        end -= 1
    if not end:
        return [line for line in lines if len(words(line.text)) >= _REPORT]
    return lines[:end] if len(lines) - end > 1 else lines


def _without_credit(lines: list[Line], around: Surroundings) -> list[str]:
    texts = [line.text for line in lines]
    while len(texts) > 1 and key(texts[-1]) in around.names:
        texts.pop()
    if len(texts) > 1 and (key(texts[0]) in around.names or _is_credit(lines[0], lines[1])):
        return texts[1:]
    return texts


def _is_credit(line: Line, following: Line) -> bool:
    """Whether a first line names who reports, or from where, above the first paragraph."""
    size = len(words(line.text))
    return (
        size <= _CREDIT
        and not line.heading
        and not line.text.endswith(_ENDS)
        and not any(char.isdigit() for char in line.text)
        and len(words(following.text)) >= _REPORT
    )
