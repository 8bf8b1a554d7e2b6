"""What changed between two texts, paragraph by paragraph and word by word: pure, for people to read."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
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


def retold(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Yield what changed as `changes` does, between texts whose paragraphs may begin and end elsewhere: an outlet sets a report in its own.

    Paragraphs are those of the earlier text, and of the later one where it has more.

    Args:
        before: the paragraphs of the earlier text.
        after: the paragraphs of the later one.
    """
    old, new = _words_of(before), _words_of(after)
    if len(old.words) + len(new.words) > _MOST_WORDS:
        yield from changes(before, after)
        return
    paragraph: list[Piece] = []
    for piece, ends in _stretches(old, new):
        paragraph.append(piece)
        if ends:
            if any(one.kind != "same" for one in paragraph):
                yield tuple(paragraph)
            paragraph = []


def changed_words(paragraphs: Iterable[Iterable[Piece]]) -> tuple[int, int]:
    """Return how many words were taken out, and how many were put in."""
    counted = Counter[str]()
    for piece in chain.from_iterable(paragraphs):
        counted[piece.kind] += len(piece.text.split())
    return counted["old"], counted["new"]


class _Words(NamedTuple):
    """The words of a text, and after how many of them a paragraph ends."""

    words: list[str]
    ends: list[int]


def _words_of(paragraphs: Sequence[str]) -> _Words:
    parted = [words for words in (paragraph.split() for paragraph in paragraphs) if words]
    return _Words([word for words in parted for word in words], list(accumulate(map(len, parted))))


def _stretches(old: _Words, new: _Words) -> Iterator[tuple[Piece, bool]]:
    """Yield pieces none of which goes beyond a paragraph, each with whether that ends behind it; what replaces words stands before that end."""
    matcher = difflib.SequenceMatcher(None, old.words, new.words, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        before = list(_parted("same" if kind == "equal" else "old", old, a, b))
        after = list(_parted("new", new, c, d)) if kind != "equal" else []
        if before and after:
            (last, ended), (put_in, ends) = before[-1], after[-1]
            before[-1], after[-1] = (last, False), (put_in, ends or ended)
        yield from before
        yield from after


def _parted(
    kind: Literal["same", "old", "new"], text: _Words, start: int, end: int
) -> Iterator[tuple[Piece, bool]]:
    ends = text.ends[bisect_right(text.ends, start) : bisect_right(text.ends, end)]
    for stop in dict.fromkeys([*ends, end]):
        if stop > start:
            yield Piece(kind, " ".join(text.words[start:stop])), stop in ends
            start = stop


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
