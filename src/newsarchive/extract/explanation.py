"""What `explain` says about one page: who had which text, and what each rule took out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newsarchive.extract.boilerplate import Cut
from newsarchive.extract.text import clean_line
from newsarchive.models import Article, Rejected

_FEW = 3  # words: an element that says no more is not worth a line
_FIRST = 12  # words of an element's text that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Who was asked for the article's text.

    Attributes:
        name: `fast`, `default`, `recall` and `precision` are trafilatura's modes; `paragraphs` the page's largest group
            of them; `feed` the feed's full text; `json-ld` articleBody; `selector` the source's own.
        words: how many it has.
        agreement: with the body, 0 to 1 (Dice's coefficient of the words).
    """

    name: str
    words: int
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The record of a page, and how it came about.

    Attributes:
        result: what `extract` returns.
        witnesses: those that were asked; none if the page was turned away before.
        cuts: each line that a rule cut, each element of more than a few words that pruning took out, in that order.
    """

    result: Article | Rejected
    witnesses: tuple[Witness, ...] = ()
    cuts: tuple[Cut, ...] = ()


@dataclass(slots=True)
class Trace:
    """Collects what an explanation needs while a page is read."""

    witnesses: list[Witness] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    elements: list[Cut] = field(default_factory=list)

    def drop(self, nodes: Iterable[LexborNode]) -> None:
        """Note elements before they are destroyed; what stands inside another is noted with it."""
        inside: set[int] = set()
        for node in nodes:
            if node.mem_id in inside:
                continue
            inside.update(each.mem_id for each in node.traverse())
            parts = clean_line(node.text(separator=" ")).split()
            if len(parts) > _FEW:
                self.elements.append(Cut(rule=_name(node), line=" ".join(parts[:_FIRST])))


def _name(node: LexborNode) -> str:
    """Return an element as a selector would name it: `div#comments.post-comments`."""
    attributes = node.attributes
    name = f"#{attributes['id']}" if attributes.get("id") else ""
    classes = "".join(f".{each}" for each in (attributes.get("class") or "").split())
    return clean_line(f"{node.tag}{name}{classes}")
