"""Take the lines that are no report out of a text: headings of lists, prompts, labels, the outlet's own name.

The phrases are data (`furniture.toml`). A phrase alone never cuts what follows it: only links and, at the end, short lines
go with their heading; what readers say goes whole. A line that the feed's full text or JSON-LD has is cut by a phrase of its
own, never by its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from newsarchive.extract.lines import Line, bare
from newsarchive.extract.rules import LINES
from newsarchive.extract.text import key, words

_PROMPT = 30  # words: a line that begins like a prompt and is longer is a report
_PLEA = 45  # words of a plea for money
_OWN = 3  # words of a phrase that needs no platform named beside it
_SURE = 4  # words of a phrase that is a prompt at any length
_TAIL = 14  # words of the longest line in a list at the end
_CREDIT = 2  # words: «نورث بالس», «دمشق - وكالات»
_BYLINE = 5  # words: «كتبت أسماء محمد»
_BESIDE = 3  # words beside a date: «سياسة 2017/02/25 13:39»
_STAMP = 12  # words: «تم نشره الأربعاء 9 كانون الثاني 2018 الساعة 10:15»
_CAPTION = 30  # words
_LIST = 2  # links that make a list
_SCRAP = 5  # words of a line beside a link: «رياضة 2017/03/01»
_REPORT = 12  # words: from here on a line is a paragraph
_TOP = 2  # lines in which a date can stand alone
_HEAD = 4  # lines in which the headline may be repeated
_DATE = re.compile(
    r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}\s+[^\W\d]{2,8}(\s+[^\W\d]{3,8})?،?\s+(20|٢٠|19|١٩)\d\d"
)
_CREDITED = re.compile(r"\(([^()]{2,40})\)\s*$")
_DATED_CREDIT = re.compile(rf"[-–—]\s*(?:{_DATE.pattern})\s*[-–—]\s*{_CREDITED.pattern}")
_UPDATE = re.compile("^تحديث")  # it separates an update from an older report, and stays
_ENDS = (".", "!", "؟", "?", ":", "…", "،", "؛", "»", "”", '"')
_QUOTED = re.compile('[«»“”"]')
_SENTENCES = re.compile(r"[.!؟?…،؛:\n]+")
_AGENCY = re.compile(r"[-–—ـ\s]*\(\s*\w+\s*\)[.\s]*")
_BEHIND_NAME = re.compile(r"\s*(?::\s*[-–—ـ]?|[-–—ـ])\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the page knows about its lines, in comparison form.

    Attributes:
        headline: the article's.
        links: the texts of links to the outlet's own pages.
        sources: those of links to other sites, which are the article's own unless a label introduces them.
        names: how the site calls itself.
        apart: what has a place of its own, such as the caption, and what it is.
    """

    headline: str = ""
    links: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    apart: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a rule took out.

    Attributes:
        rule: its name: a phrase's kind, or what the line is.
        line: the line, or of an element its name and first words.
    """

    rule: str
    line: str


def strip_furniture(lines: Sequence[Line], around: Surroundings) -> tuple[list[str], list[Cut]]:
    """Return the article's lines, and what was cut.

    Args:
        lines: the text as extraction found it, in order.
        around: what the page knows about them.
    """
    kept, cuts = list(lines), []
    for find in _STEPS:
        doomed = find(kept, around)
        cuts += [Cut(rule=rule, line=kept[number].text) for number, rule in sorted(doomed.items())]
        kept = [line for number, line in enumerate(kept) if number not in doomed]
    return _without_prefix([line.text for line in kept], around), cuts


def _repeated_headline(lines: list[Line], around: Surroundings) -> dict[int, str]:
    """Find the repeated headline, and the short lines above it: section, date, share counts."""
    for number, line in enumerate(lines[:_HEAD]):
        if around.headline and line.key == around.headline and _has_text(lines[number + 1 :], around.links):
            above = {n: "above-headline" for n in range(number) if lines[n].size < _REPORT}
            return {**above, number: "headline"}
    return {}


def _has_text(lines: list[Line], links: frozenset[str]) -> bool:
    """Whether anything but links and scraps is in `lines`; an urgent item is its headline once more."""
    return any(not _is_scrap(line) and not _is_links(line.key, links) for line in lines)


def _replies(lines: list[Line], _around: Surroundings) -> dict[int, str]:
    """Find what readers say: all that stands behind its heading, if a paragraph stands before it."""
    first = next((n for n, line in enumerate(lines) if line.size >= _REPORT), len(lines))
    for number, line in enumerate(lines[first:], start=first):
        if kind := LINES.end.get(bare(line.key)):
            return {number: kind} | {n: kind for n in range(number + 1, len(lines)) if not lines[n].sure}
    return {}


def _lists(lines: list[Line], around: Surroundings) -> dict[int, str]:
    """Find headings of lists with the links below; at the text's end, a sure heading takes short lines too."""
    doomed: dict[int, str] = {}
    every = around.links | around.sources
    last = max((n for n, line in enumerate(lines) if not _is_short(line, every)), default=-1)
    for number, line in enumerate(lines):
        text = bare(line.key)
        tail = LINES.tail.get(text) or LINES.end.get(text)
        if tail and number >= last:
            return doomed | dict.fromkeys(range(number, len(lines)), tail)
        if rule := tail or LINES.heading.get(text):
            below = _links_at(lines, number + 1, every)
            doomed |= dict.fromkeys(range(number, number + 1 + below), rule)
    return doomed


def _is_short(line: Line, links: frozenset[str]) -> bool:
    """Whether `line` can belong to a list of links: it is one, or a few words that are no sentence."""
    if line.sure:
        return False
    return _is_links(line.key, links) or (line.size <= _TAIL and not line.text.endswith("."))


def _links_at(lines: list[Line], start: int, links: frozenset[str]) -> int:
    rest = lines[start:]
    return next((n for n, line in enumerate(rest) if line.sure or not _is_links(line.key, links)), len(rest))


def _is_links(text: str, links: frozenset[str]) -> bool:
    """Whether `text` is the text of a link, or of several side by side."""
    if text in links:
        return True
    parts = text.split()
    ends, reached = [0], {0}
    for start in ends:
        for end in range(start + 1, min(start + _TAIL, len(parts)) + 1):
            if end not in reached and " ".join(parts[start:end]) in links:
                reached.add(end)
                ends.append(end)
    return bool(parts) and len(parts) in reached


def _phrases(lines: list[Line], around: Surroundings) -> dict[int, str]:
    """Find the lines that are furniture by what they say."""
    found = ((number, _phrase_rule(line, around)) for number, line in enumerate(lines))
    return {number: rule for number, rule in found if rule}


def _phrase_rule(line: Line, around: Surroundings) -> str | None:
    text = line.key
    if not text:
        return "no-words"
    return (
        around.apart.get(text)
        or LINES.drop.get(bare(text))
        or LINES.drop.get(text)
        or _prompt(text)
        or _plea(line.text, text)
        or _label(text, around.links | around.sources)
        or _stamp(text)
        or _caption(line.text, text, around.names)
    )


def _beginning(text: str, phrases: dict[str, str]) -> list[str]:
    """Return the phrases that `text` begins with."""
    padded = f"{text} "
    return [phrase for phrase in phrases if padded.startswith(f"{phrase} ")]


def _prompt(text: str) -> str | None:
    return next(
        (LINES.prompt[phrase] for phrase in _beginning(text, LINES.prompt) if _asks(text, phrase)), None
    )


def _asks(text: str, phrase: str) -> bool:
    """Whether a line that begins with `phrase` asks the reader for something: «تابعنا على الطريق» does not."""
    size = len(phrase.split())
    if size >= _SURE or text == phrase:
        return True
    return len(text.split()) <= _PROMPT and (size >= _OWN or not LINES.platforms.isdisjoint(text.split()))


def _plea(line: str, text: str) -> str | None:
    """Tell an outlet's plea for money from a report of one, which has a speaker or quotation marks."""
    if len(line.split()) > _PLEA or _QUOTED.search(line):
        return None
    if not any(f" {ours} " in f" {text} " for ours in LINES.plea.ours):
        return None
    openings = {found[0] for part in _SENTENCES.split(line) if (found := words(part)[:1])}
    asked = not LINES.plea.asks.isdisjoint(openings)
    return "donation" if asked or not LINES.plea.yours.isdisjoint(text.split()) else None


def _label(text: str, links: frozenset[str]) -> str | None:
    for phrase in _beginning(text, LINES.label):
        if text == phrase or _is_links(text.removeprefix(f"{phrase} "), links):
            return LINES.label[phrase]
    return None


def _stamp(text: str) -> str | None:
    if len(text.split()) > _STAMP or not any(char.isdigit() for char in text):
        return None
    return next((LINES.stamp[phrase] for phrase in _beginning(text, LINES.stamp)), None)


def _caption(line: str, text: str, names: frozenset[str]) -> str | None:
    """Tell a photograph's caption: it names itself, or ends with a date and the outlet in brackets."""
    if len(text.split()) > _CAPTION:
        return None
    icon = [phrase for phrase in _beginning(text, LINES.strip) if LINES.strip[phrase] == "caption"]
    credited = _CREDITED.search(line)
    if icon or _DATED_CREDIT.search(line) or (credited and key(credited[1]) in names and _DATE.search(line)):
        return "caption"
    return None


def _dates(lines: list[Line], _around: Surroundings) -> dict[int, str]:
    """Find a line at the top that is a date with little beside it: «سياسة 2017/02/25 13:39»."""
    if len(lines) == 1:
        return {}
    return {number: "date" for number, line in enumerate(lines[:_TOP]) if _is_date_line(line.text)}


def _is_date_line(text: str) -> bool:
    if not _DATE.search(text) or _UPDATE.search(text):
        return False
    return sum(not part.isdigit() for part in words(_DATE.sub(" ", text))) <= _BESIDE


def _link_tail(lines: list[Line], around: Surroundings) -> dict[int, str]:
    """Find a list without a heading: the last lines, if two or more are links, with dates and sections among them.

    A text of nothing but short links is a list, too.
    """
    linked = [not line.sure and _is_links(line.key, around.links) for line in lines]
    end = len(lines)
    while end and (linked[end - 1] or _is_scrap(lines[end - 1])):
        end -= 1
    if not any(not is_link for is_link in linked):
        return {number: "links" for number, line in enumerate(lines) if line.size < _REPORT}
    if sum(linked[end:]) < _LIST:
        return {}
    return dict.fromkeys(range(end, len(lines)), "links")


def _is_scrap(line: Line) -> bool:
    """Whether a line can stand beside a link of a list: a section, a date."""
    return not line.sure and line.size <= _SCRAP and not line.text.endswith(_ENDS)


def _credits(lines: list[Line], around: Surroundings) -> dict[int, str]:
    """Find the outlet's name and who reports, above the first paragraph and below the last."""
    doomed: dict[int, str] = {}
    end = len(lines)
    while end > 1 and (lines[end - 1].key in around.names or _AGENCY.fullmatch(lines[end - 1].text)):
        end -= 1
        doomed[end] = "credit"
    if end > 1 and (rule := _credit(lines[0], lines[1], around)):
        doomed[0] = rule
    return doomed


def _credit(line: Line, following: Line, around: Surroundings) -> str | None:
    """Say how a first line names who reports, or from where, above the first paragraph."""
    text = line.key
    if _names_only(text, around.names):
        return "credit"
    size = len(text.split())
    if line.heading or line.sure or line.text.endswith(_ENDS) or following.size < _REPORT:
        return None
    if any(char.isdigit() for char in line.text):
        return None
    if 1 < size <= _BYLINE and _beginning(text, LINES.byline):
        return "byline"
    return "credit" if size <= _CREDIT else None


def _names_only(text: str, names: frozenset[str]) -> bool:
    """Whether `text` is the outlet's name, «خاص» and the like beside it at most."""
    rest = next((text.removeprefix(name).removesuffix(name) for name in names if name and name in text), text)
    return rest != text and all(word in LINES.byline for word in rest.split())


def _without_prefix(texts: list[str], around: Surroundings) -> list[str]:
    """Cut the outlet's name from the beginning of the first paragraph: «المدينة نيوز :- أعلنت ...»."""
    names = around.names | {phrase for phrase, kind in LINES.strip.items() if kind == "dateline"}
    if not texts or not (found := _BEHIND_NAME.search(texts[0])):
        return texts
    rest = texts[0][found.end() :]
    named = key(texts[0][: found.start()]) in names and len(rest.split()) >= _REPORT
    return [rest, *texts[1:]] if named else texts


_STEPS: tuple[Callable[[list[Line], Surroundings], dict[int, str]], ...] = (
    _repeated_headline,
    _replies,
    _lists,
    _phrases,
    _dates,
    _link_tail,
    _credits,
)
