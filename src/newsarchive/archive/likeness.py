"""Whether two texts are copies, as agencies' reports are: changed, shortened, or with more around them. Pure.

They are if one holds most of the runs of four folded words that the other has. Which texts to compare at all is told by prints: hashes of
some of the runs, chosen by their values alone, so that two texts choose the same ones where they say the same (Broder 1997, on
the resemblance and containment of documents). What changes here asks for a new `FOLD_VERSION`: stored prints must be those of today's rules.
"""

from __future__ import annotations

from bisect import bisect
from functools import cached_property, lru_cache
from zlib import crc32

from newsarchive.arabic import fold_word, words_of

_RUN = 4  # words
_SHORTEST = 12  # words; of less, little can be told
_LAST_PRINT = (1 << 32) // 16  # of 16 hashes, one is less
_LEAST_PRINTS = 12  # of a text that has as many runs: then the least hashes
_LEAST_SHARED = 2  # prints of texts that are compared
_KEPT = 128  # texts; what is compared once, a copy that comes next is compared with again

# Shares of the shorter and of the longer text's runs. One paragraph of background does not make two reports one story.
_OF_OTHERS = (0.5, 0.15)
_OF_ONE_OUTLET = (0.6, 0.3)  # whose reports have more phrases in common
_OTHER_NUMBERS = (0.9, 0.9)  # the same, where most numbers differ: an outlet's daily prices are no copies
_SAME_NUMBERS = 0.5  # of the text that has fewer


class Text:
    """A text, read for comparing.

    Args:
        text: as printed.

    Attributes:
        printed: its words as printed.
        folded: the same, folded.
    """

    def __init__(self, text: str) -> None:
        self.printed = words_of(text)
        self.folded = list(map(fold_word, self.printed))

    @cached_property
    def runs(self) -> frozenset[int]:
        """Hashes of 32 bits of each folded word with the three after it; none if the text is too short to tell."""
        words = [word.encode() for word in self.folded] if len(self.folded) >= _SHORTEST else []
        return frozenset([crc32(b" ".join(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1)])

    @cached_property
    def prints(self) -> frozenset[int]:
        """Some of its runs; the same words leave the same ones.

        Of a million unrelated texts some two share one by chance; hardly any two share two, and then their runs are compared.
        """
        hashes = sorted(self.runs)
        return frozenset(hashes[: max(_LEAST_PRINTS, bisect(hashes, _LAST_PRINT))])

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in it, of digits."""
        return frozenset(word for word in self.folded if word.isdecimal())


text_of = lru_cache(maxsize=_KEPT)(Text)


def likely_shared(text: Text, *, same_source: bool) -> float:
    """Return how many prints a copy of a text has in common with it at least, but for rare luck: they are a sample of the runs."""
    _, of_longer = _OF_ONE_OUTLET if same_source else _OF_OTHERS
    return max(_LEAST_SHARED, of_longer / 2 * len(text.prints))


def are_copies(one: Text, other: Text, *, same_source: bool) -> bool:
    """Whether two texts are copies; of one outlet, more must be the same. Whichever comes first, the answer is the same."""
    prints = len(one.prints & other.prints)
    if prints < max(likely_shared(text, same_source=same_source) for text in (one, other)):
        return False
    shared, (shorter, longer) = len(one.runs & other.runs), sorted((len(one.runs), len(other.runs)))
    of_shorter, of_longer = _shares(one, other) if same_source else _OF_OTHERS
    return shared >= max(of_shorter * shorter, of_longer * longer)


def _shares(one: Text, other: Text) -> tuple[float, float]:
    fewer = min(len(one.numbers), len(other.numbers))
    same = len(one.numbers & other.numbers) >= _SAME_NUMBERS * fewer
    return _OF_ONE_OUTLET if same else _OTHER_NUMBERS
