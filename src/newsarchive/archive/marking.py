"""What a search matches in a text, in the original spelling: its words are matched again, with their spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from newsarchive.arabic import Lexicon, fold_word, word_spans
from newsarchive.archive.query import Node, Reading, Term, as_read, leaves
from newsarchive.archive.records import Record

if TYPE_CHECKING:
    from newsarchive.archive.copies import Story

_CUT = "…"
_SNIPPET = 220  # characters of body around the matches
_LOOKED_THROUGH = 200_000  # characters of a text, the first; a longer one would take seconds
_WORDS_KEPT = 1 << 15

_Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found.

    Attributes:
        record: the article.
        headline_marks: spans (start, end) of the headline that match; of what is very long, only the beginning is looked through.
        snippet: the part of lede and body around the first matches, in the original spelling; «…» where it is cut.
        snippet_marks: spans of the snippet that match.
        story: what it stands for, if hits are stories.
    """

    record: Record
    headline_marks: tuple[tuple[int, int], ...]
    snippet: str
    snippet_marks: tuple[tuple[int, int], ...]
    story: Story | None = None


class Marker:
    """Finds what a search matches in a record.

    Args:
        node: the query.
        lexicon: of the archive.
        reading: how its words are meant; None: any of them, in any reading.
    """

    def __init__(self, node: Node, lexicon: Lexicon, reading: Reading | None) -> None:
        kind = _Exact if reading == "words" else partial(_Loose, reading=reading)
        terms = list(leaves(as_read(node, lexicon, reading)))
        self._of_headline = kind(terms, lexicon)
        self._of_text = kind([term for term in terms if not term.in_headline], lexicon)

    def hit(self, record: Record) -> Hit:
        """Mark what matches, and choose the part of the text to show."""
        text = "\n".join(part for part in (record.lede, record.body) if part)
        found = self._of_text.spans(text[:_LOOKED_THROUGH])
        start, end = _window(text, found)
        before, after = _CUT if start else "", _CUT if end < len(text) else ""
        shift = len(before) - start
        marks = tuple((a + shift, b + shift) for a, b in found if start <= a and b <= end)
        return Hit(
            record=record,
            headline_marks=tuple(self._of_headline.spans(record.headline[:_LOOKED_THROUGH])),
            snippet=before + text[start:end] + after,
            snippet_marks=marks,
        )


class _Exact:
    """Matches as `articles_fts` does: words by themselves or by their forms, phrases where their words stand together."""

    def __init__(self, terms: list[Term], lexicon: Lexicon) -> None:
        single = [term for term in terms if len(term.words) == 1]
        self._phrases = [term for term in terms if len(term.words) > 1]
        short = [word for term in self._phrases for word in lexicon.shorter_names(list(term.words))]
        self._words = frozenset([*short, *(term.words[0] for term in single if not term.prefix)])
        self._prefixes = tuple(term.words[0] for term in single if term.prefix)
        self._names = [name for word in self._words for name in lexicon.longer_names(word)]
        self._forms_of = lexicon.forms_of
        # What matches ends with one of the words or with another form of one, or so and the alef of a tanwin: quick to see, and few do.
        ends = {*self._words, *(form for word in self._words for form in lexicon.forms(word))}
        self._ends = tuple({end + alef for end in ends for alef in ("", "ا")})
        self._spans_of = _matching(self._is_match)

    def spans(self, text: str) -> _Spans:
        found = _spans(text, self._spans_of)
        if not self._phrases and not self._names:
            return found
        words = list(word_spans(text))
        folded = [fold_word(text[start:end]) for start, end in words]
        places = self._places(text, words, folded)
        return _outermost({*found, *((words[at][0], words[at + length - 1][1]) for at, length in places)})

    def _places(self, text: str, words: _Spans, folded: list[str]) -> Iterator[tuple[int, int]]:
        """Yield where the words of a phrase or of a longer name stand one after another, and how many they are."""
        for term in self._phrases:
            *before, last = term.words
            for at in _where(term.words[0], folded):
                there = folded[at : at + len(term.words)]
                ends = len(there) == len(term.words) and (
                    there[-1].startswith(last) if term.prefix else there[-1] == last
                )
                if ends and there[:-1] == before:
                    yield at, len(there)
        for name in self._names:
            for at in (second - 1 for second in _where(name[1], folded) if second):
                if folded[at + 1 : at + len(name)] == name[1:] and (
                    folded[at] == name[0]
                    or name[0] in self._forms_of([text[slice(*words[at])]], [folded[at]])
                ):
                    yield at, len(name)

    def _is_match(self, printed: str) -> bool:
        folded = fold_word(printed)
        if folded in self._words or folded.startswith(self._prefixes):
            return True
        if not self._prefixes and not folded.endswith(self._ends):
            return False
        forms = self._forms_of(
            [printed], [folded]
        )  # quicker than of a text, in which it would be looked for again
        return not self._words.isdisjoint(forms) or any(form.startswith(self._prefixes) for form in forms)


class _Loose:
    """Matches as `articles_stems` does, and as `articles_fts` does."""

    def __init__(self, terms: list[Term], lexicon: Lexicon, reading: Reading | None) -> None:
        whole = [term.printed[: len(term.printed) - term.prefix] for term in terms]
        pairs = [
            lexicon.terms_of(word) for words in whole for word in words if not lexicon.is_function_word(word)
        ]
        tier = 0 if reading == "forms" else 1  # a word with the same bare form has the same skeleton
        self._terms = frozenset(pair[tier] for pair in pairs)
        self._terms_of, self._tier = lexicon.terms_of, tier
        self._exact = _Exact(terms, lexicon)
        self._spans_of = _matching(self._is_match)

    def spans(self, text: str) -> _Spans:
        return _outermost({*_spans(text, self._spans_of), *self._exact.spans(text)})

    def _is_match(self, printed: str) -> bool:
        return self._terms_of(printed)[self._tier] in self._terms


def _matching(is_match: Callable[[str], bool]) -> Callable[[str], _Spans]:
    """Return what finds the words that match in a part of a text; texts repeat their parts, and each is looked at once."""
    return lru_cache(maxsize=_WORDS_KEPT)(
        lambda part: [(start, end) for start, end in word_spans(part) if is_match(part[start:end])]
    )


def _spans(text: str, spans_of: Callable[[str], _Spans]) -> _Spans:
    """Return the words of a text that match, found part by part: no word reaches over a space."""
    found: _Spans = []
    at = 0
    for part in text.split(" "):
        if spans := spans_of(part):
            found += [(at + start, at + end) for start, end in spans]
        at += len(part) + 1
    return found


def _where(word: str, words: list[str]) -> list[int]:
    return [at for at, one in enumerate(words) if one == word]


def _outermost(spans: set[tuple[int, int]]) -> _Spans:
    """Drop the spans that lie within another."""
    kept: _Spans = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def _window(text: str, found: _Spans) -> tuple[int, int]:
    """Choose the part of `text` to show: from a little before the match that most others follow closely."""
    if not found:
        return 0, _word_end(text, _SNIPPET)
    starts = [start for start, _ in found]
    best = max(range(len(starts)), key=lambda n: bisect_left(starts, starts[n] + _SNIPPET * 3 // 4) - n)
    start = max(0, found[best][0] - _SNIPPET // 4)
    start = start and text.rfind(" ", 0, start) + 1
    return start, max(_word_end(text, start + _SNIPPET), found[best][1])


def _word_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", 0, end)
    return space if space > end - 40 else end
