"""Decide which lines of a page are the article's, from where they stand and from who else has them.

What trafilatura found is confirmed; the smallest element that holds most of it is the article's. Inside, and beside it up
to the headline, lines that trafilatura lost are taken back if the page's structure speaks for them: lists, a second part
behind an advertisement, a <div> among paragraphs. What only trafilatura has, far from the rest, is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from newsarchive.extract.lines import Block, Line
from newsarchive.extract.rules import LINES

_MOST = 0.8  # of the confirmed words: the article's element holds them
REPORT = 12  # words: from here on a line is a paragraph
_LONG = 40  # words of one paragraph that stands apart; what is said about an author is shorter
_SENTENCE = 4  # words
_LINKED = 0.3  # of a unit's words; above, it is a list of links
_CARD = 0.3  # of the confirmed words; a larger part of the article is no other article's summary
_LEVELS = 6  # between the article's element and the one that also holds the headline
_BLIND_LEVELS = 1  # the same where no headline is printed
_LEAVES = frozenset(
    [
        "p",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_HOLDERS = frozenset(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"])
_ENDS = (".", "!", "؟", "?", ":", "…", "،", "؛", "»", "”", '"')


@dataclass(slots=True, eq=False)
class _Unit:
    """A part of the page of which nothing is confirmed.

    Attributes:
        lines: how many lines it has.
        reports: how many of them are paragraphs.
        cards: whether a heading in it is a link, as above the summary of another article.
    """

    top: etree._Element
    lines: int = 0
    words: int = 0
    linked: int = 0
    reports: int = 0
    cards: bool = False

    def add(self, block: Block) -> None:
        self.lines += 1
        self.words += block.size
        self.linked += block.linked
        self.reports += is_report(block)
        self.cards |= block.heading and block.linked > 0

    @property
    def plain(self) -> bool:
        return not self.cards and self.linked <= _LINKED * self.words


def is_report(block: Block) -> bool:
    """Whether a line is a paragraph of running text."""
    spaced = block.text.count(" ") + 1  # an address alone is many words and no text
    return min(block.size, spaced) >= REPORT and block.linked <= _LINKED * block.size


def family(blocks: Sequence[Block]) -> list[Block]:
    """Return the running paragraphs that stand in one element and have the most words: nearly always the article."""
    owned = Counter(block.owner for block in blocks)
    homes: dict[etree._Element, list[Block]] = {}
    for block in blocks:
        if block.size and not block.linked:
            alone = block.owner.tag in _HOLDERS or owned[block.owner] == 1
            parent = block.owner.getparent()
            homes.setdefault(parent if alone and parent is not None else block.owner, []).append(block)
    return max(homes.values(), key=lambda home: sum(block.size for block in home), default=[])


def find_headline(blocks: Sequence[Block], headline: str) -> int | None:
    """Return the position of the printed headline, an h1 first; None if no heading is it.

    Args:
        blocks: the page's lines.
        headline: in comparison form.
    """
    found = [
        number for number, block in enumerate(blocks) if headline and block.key == headline and block.heading
    ]
    return next((number for number in found if blocks[number].owner.tag == "h1"), found[0] if found else None)


class Region:
    """The article's place on a page.

    Args:
        blocks: the page's lines, in order.
        confirmed: whether another witness has each of them.
        headline: position of the printed headline.
        is_foreign: whether an address leads to another site that is no platform: a source, not an own article.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        confirmed: Sequence[bool],
        *,
        headline: int | None,
        is_foreign: Callable[[str], bool],
    ) -> None:
        self._blocks = blocks
        self._confirmed = confirmed
        self._headline = headline
        self._is_foreign = is_foreign
        self._weights = self._weigh()
        self._core = self._find_core()
        self._scope = self._widen()
        self._units: dict[etree._Element, _Unit] = {}
        self._unit_of: dict[Block, _Unit] = {}
        self._looks: dict[etree._Element | None, set[tuple[str, str]]] = {}
        self._end = max((number for number, sure in enumerate(confirmed) if sure), default=-1)
        self._closed = self._find_closing()
        self._survey()
        self._cards = self._find_cards()

    def chosen(self) -> list[Block]:
        """Return the article's lines."""
        return [block for number, block in enumerate(self._blocks) if self._belongs(number, block)]

    def doubted(self, kept: Sequence[Block]) -> list[Block]:
        """Return the lines in the article's place that are not among those kept."""
        known = set(kept)
        return [
            block
            for number, block in enumerate(self._blocks)
            if block not in known and number != self._headline and _is_within(block.owner, self._core)
        ]

    def _weigh(self) -> dict[etree._Element, int]:
        """Count the confirmed words in each element that holds any."""
        own: dict[etree._Element, int] = {}
        for block, confirmed in zip(self._blocks, self._confirmed, strict=True):
            if confirmed:
                own[block.owner] = own.get(block.owner, 0) + max(1, block.size - block.linked)
        weights: dict[etree._Element, int] = {}
        for owner, words in own.items():
            for element in (owner, *owner.iterancestors()):
                weights[element] = weights.get(element, 0) + words
        return weights

    def _find_core(self) -> etree._Element | None:
        """Return the smallest element that holds most of the confirmed words."""
        core = max(self._weights, key=lambda element: self._weights[element], default=None)
        while core is not None:
            heaviest = max(core, key=lambda child: self._weights.get(child, 0), default=None)
            if heaviest is None or heaviest.tag in _LEAVES - {"td", "table", "tbody", "tr"}:
                return core
            if self._weights.get(heaviest, 0) < _MOST * self._weights[core]:
                return core
            core = heaviest
        return None

    def _widen(self) -> etree._Element | None:
        """Return the smallest element that holds the article's and the headline, if that is not far away."""
        if self._core is None:
            return None
        around = [self._core, *self._core.iterancestors()]
        if self._headline is None:
            return around[: _BLIND_LEVELS + 1][-1]
        owner = self._blocks[self._headline].owner
        above = {owner, *owner.iterancestors()}
        return next((element for element in around[: _LEVELS + 1] if element in above), around[0])

    def _survey(self) -> None:
        for block, confirmed in zip(self._blocks, self._confirmed, strict=True):
            if confirmed or block.owner in self._weights:
                continue
            top = block.owner
            while (parent := top.getparent()) is not None and parent not in self._weights:
                top = parent
            unit = self._unit_of[block] = self._units.setdefault(top, _Unit(top))
            unit.add(block)

    def _find_cards(self) -> set[etree._Element | None]:
        """Return the small branches of the article's element with a linked heading: other articles' summaries."""
        if self._core is None:
            return set()
        most = _CARD * self._weights[self._core]
        branches = {
            self._branch(block.owner)
            for block in self._blocks
            if block.heading and block.links and not any(map(self._is_foreign, block.links))
        }
        return {
            branch
            for branch in branches
            if branch is not None and branch.tag not in _LEAVES and self._weights.get(branch, 0) < most
        }

    def _branch(self, element: etree._Element) -> etree._Element | None:
        """Return the child of the article's element that holds `element`; None if it is no child's."""
        if element is self._core:
            return None
        while (parent := element.getparent()) is not None and parent is not self._core:
            element = parent
        return None if parent is None else element

    def _belongs(self, number: int, block: Block) -> bool:
        if self._headline is not None and number <= self._headline:
            return number < self._headline and self._confirmed[number] and is_report(block)
        if not _is_within(block.owner, self._scope):
            return False
        inside = _is_within(block.owner, self._core)
        if self._confirmed[number]:
            return self._branch(block.owner) not in self._cards if inside else is_report(block)
        if inside:
            return self._is_lost(number, block)
        unit = self._unit_of.get(block)
        return number < self._closed and is_report(block) and unit is not None and self._is_part(unit)

    def _is_lost(self, number: int, block: Block) -> bool:
        """Whether a line in the article's element is its own, though nobody confirms it."""
        unit = self._unit_of.get(block)
        if unit is None or unit.top.tag in _LEAVES:
            return self._fits(number, block, unit)
        within = number < self._end
        if unit.lines == 1 and unit.plain and self._looks_own(unit.top):
            return within or block.text.endswith(_ENDS)
        return self._is_part(unit) or (within and unit.plain and unit.reports > 0)

    def _fits(self, number: int, block: Block, unit: _Unit | None) -> bool:
        """Whether a loose line among the article's is its own: running text, or a link to a source."""
        if block.links and all(map(self._is_foreign, block.links)):
            return True
        if (unit is not None and not unit.plain) or block.linked > _LINKED * block.size:
            return False
        listed = unit is not None and unit.top.tag != "p"
        ends = block.text.endswith(_ENDS) and block.size >= _SENTENCE
        return block.size >= REPORT or ends or (number < self._end and (listed or block.size >= _SENTENCE))

    def _is_part(self, unit: _Unit) -> bool:
        """Whether a larger part of the page is the article's: several paragraphs, or one that is long or named alike."""
        if not unit.plain or not unit.reports:
            return False
        return unit.reports > 1 or unit.words >= _LONG or self._is_sibling(unit.top)

    def _looks_own(self, element: etree._Element) -> bool:
        """Whether a sibling that holds confirmed lines has the same tag and class."""
        parent = element.getparent()
        if parent not in self._looks:
            siblings = () if parent is None else parent
            self._looks[parent] = {_look(each) for each in siblings if each in self._weights}
        return _look(element) in self._looks[parent]

    def _is_sibling(self, element: etree._Element) -> bool:
        """Whether it is named as the article's other parts are."""
        return bool(element.get("class")) and self._looks_own(element)

    def _find_closing(self) -> int:
        """Return the position of the first heading below the article of what only stands below articles."""
        below = range(max(0, self._end), len(self._blocks))
        return next(
            (number for number in below if self._blocks[number].key in LINES.closing), len(self._blocks)
        )


def _look(element: etree._Element) -> tuple[str, str]:
    """Return tag and class, without the numbers that tell the parts of one text apart."""
    name = "".join(char for char in element.get("class") or "" if not char.isdigit())
    return str(element.tag), name.strip("-_ ")


def _is_within(element: etree._Element, other: etree._Element | None) -> bool:
    return other is None or element is other or other in element.iterancestors()


def as_lines(blocks: Sequence[Block], sure: Callable[[str], bool]) -> list[Line]:
    """Return blocks as lines.

    Args:
        blocks: the article's.
        sure: whether the feed or the page's JSON-LD has a line of this comparison form.
    """
    return [block.line(sure=sure(block.key)) for block in blocks]
