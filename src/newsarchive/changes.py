"""What changed between two texts, paragraph by paragraph and word by word: pure, for people to read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

_MOST_WORDS = 5_000  # of a passage compared word by word; difflib's cost grows with the square


class Piece(NamedTuple):
    """Some words of a paragraph: `same`, `old` (taken out) or `new` (put in)."""

    kind: Literal["same", "old", "new"]
    text: str


def changes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Yield the paragraphs that changed, in order, each as pieces to be read one after another with a space between.

    Args:
        before: the paragraphs of the earlier text.
        after: the paragraphs of the later one.
    """
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace":
            yield from _reworded(before[a:b], after[c:d])
        else:
            yield from ((Piece("old", text),) for text in before[a:b] if kind == "delete")
            yield from ((Piece("new", text),) for text in after[c:d] if kind == "insert")


def _reworded(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Pair paragraphs that took each other's place; of unequal numbers, the rest is old or new as a whole."""
    for old, new in zip(before, after, strict=False):
        yield tuple(_words(old.split(), new.split()))
    yield from ((Piece("old", text),) for text in before[len(after) :])
    yield from ((Piece("new", text),) for text in after[len(before) :])


def _words(before: list[str], after: list[str]) -> Iterator[Piece]:
    if len(before) + len(after) > _MOST_WORDS:
        yield Piece("old", " ".join(before))
        yield Piece("new", " ".join(after))
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", " ".join(before[a:b]))
        if b > a and kind != "equal":
            yield Piece("old", " ".join(before[a:b]))
        if d > c and kind != "equal":
            yield Piece("new", " ".join(after[c:d]))
