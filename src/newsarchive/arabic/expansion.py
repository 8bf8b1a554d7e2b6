"""What else a text's words may be looked for by: without their clitics, in other spellings, and by what they share.

A `Lexicon` knows which spellings are one name. The shipped one reads `variants.txt`; groups of a user's own make another.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from newsarchive.arabic.clitics import bare, stripped
from newsarchive.arabic.stems import FUNCTION_WORDS, MARK, skeleton
from newsarchive.arabic.text import careful_word, fold, fold_list, fold_word, is_accusative, word_spans

_ARTICLE = "ال"
_NO_ARTICLE = "-"
_DUAL = ("تا", "تي")
_BEFORE_LAM = ("ل", "ول", "فل")  # «للبنان» never had an article
# By their folded form.
_ENDINGS = {fold(ending): ending for ending in ("", "ة", "ا", "ون", "ين", "و", "ي", "ان", "ات", "ية")}
_LONGEST_ENDING = 2  # letters
_TANWIN = ("\u064bا", "ا\u064b")  # «قاموسًا», «قاموساً»: the alef only carries the case
_SHORTEST_FIRST = 4  # letters; «تي» of «تي فور» does not make «التي» a name with its article
_SHORTEST_WITH_TANWIN = 2  # letters before the alef: «معاً» is of مع, «اً» alone of nothing
_BARE_ALEF = str.maketrans("آأإ", "ااا")
_CASUAL = str.maketrans("آأإىة", "ااايه")
_FIRST_ARABIC = "\u0600"
_WORDS_KEPT = 1 << 15  # in a cache: a text, and the next one, repeat most of their words

Group = tuple[str, ...]
"""Spellings of one name; one of several words has spaces, or underscores, between them."""


class Lexicon:
    """What is one name in other letters, and all that follows for a text's words.

    Args:
        groups: of a user's own, beside those of `variants.txt`; one that shares a member with another joins it.
    """

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._words: dict[str, list[str]] = {}  # folded: all members of one word of its group
        self._inflected: dict[str, list[str]] = {}
        self._names: dict[str, list[tuple[list[str], str]]] = {}  # folded first word: all words, a short name
        self._parts: dict[str, list[str]] = {}  # folded: the words of a name that is also written as one
        self._unarticled: set[str] = set()
        for line, folded in _lines("variants.txt"):
            if line.startswith("+"):
                self._inflected.update(dict.fromkeys(folded[1:].split(), line[1:].split()))
            else:
                self._add(line.split(), folded.split())
        for line, folded in _lines("names.txt"):
            for word, key in zip(line.split(), folded.split(), strict=True):
                self._add_name(word, key.removeprefix(_NO_ARTICLE))
        for group in groups:
            named = [(member, "_".join(fold(member).split())) for member in group]
            self._add(
                [member if _is_word(key) else key for member, key in named if key],
                [key for _, key in named if key],
            )
        firsts = [word for word in self._names if len(word) >= _SHORTEST_FIRST]
        self._known = frozenset([*self._words, *self._inflected, *firsts])
        self._forms_of = lru_cache(_WORDS_KEPT)(self._work_out_forms)
        self._names_from = lru_cache(_WORDS_KEPT)(self._find_names_from)
        self._parts_of = lru_cache(_WORDS_KEPT)(self._work_out_parts)
        self.terms_of = lru_cache(_WORDS_KEPT)(self._work_out_terms)

    def _add(self, members: list[str], folded: list[str]) -> None:
        """Add a group: its members, and each of them folded."""
        group: dict[str, str] = {}  # its words, and each of them folded
        for member, key in zip(members, folded, strict=True):
            if known := self._words.get(key.replace("_", "")):
                group.update((other, fold_word(other)) for other in known)
            elif _is_word(key):
                group[member] = key
        spellings = list(group)
        self._words.update(dict.fromkeys(group.values(), spellings))
        names = [key.split("_") for key in folded if not _is_word(key)]
        for words in names if group else []:
            self._names.setdefault(words[0], []).append((words, next(iter(group.values()))))
            if (joined := "".join(words)) in self._words:
                self._parts[joined] = words

    def _add_name(self, word: str, folded: str) -> None:
        name = word.removeprefix(_NO_ARTICLE)
        known = self._spellings(folded) or self._words.setdefault(folded, [name])
        if name != word:
            self._unarticled.update(map(fold_word, known))

    # -- what a text is found by

    def forms(self, text: str) -> list[str]:
        """Return the words by which `text` should be found beyond those it has itself, each once, in order of appearance.

        For each word: the same without its clitics («وللأمن»: للأمن, الأمن, أمن) and without the alef of a tanwin («قاموساً»), the other
        spellings of each («سوريا»: سورية; «قسد»: sdf), and of all these the ways in which people type them: folded, carefully («إدارة»),
        without the hamza on alef («ادارة»), and with ه for ة and ي for ى as well («هيئه»); for a name of several words
        («قوات سوريا الديمقراطية») its short ones. None is a word of `fold(text)`, nor one that stands in `text` as it
        is. So a search that compares words as they were typed finds them in an index over `text`, `fold(text)` and these.
        """
        printed = words_of(text)
        return self.forms_of(printed, list(map(fold_word, printed)))

    def forms_of(self, printed: list[str], folded: list[str]) -> list[str]:
        """Return the `forms` of a text of which all words are given, as printed and folded."""
        known = {*printed, *folded}
        found = dict.fromkeys(form for word in dict.fromkeys(printed) for form in self._forms_of(word))
        found |= dict.fromkeys(self._names_in(printed, folded))
        return [form for form in found if form not in known]

    def _work_out_forms(self, printed: str) -> tuple[str, ...]:
        word = careful_word(printed)
        if word[0] < _FIRST_ARABIC:  # Latin letters and digits
            return _typed(self._words.get(word, ()))
        uncased = _without_tanwin(printed, word)
        whole = [uncased] if is_accusative(printed) else dict.fromkeys([word, uncased])
        found = [form for each in whole for form in (each, *self._without_clitics(each))]
        others = [other for form in found for other in self._other_spellings(form)]
        parts = [part for form in found for part in self._parts.get(fold_word(form), ())]
        return _typed([*found, *others, *parts])

    def _without_clitics(self, word: str) -> list[str]:
        """Return what remains without clitics, but no name that never had the article which was taken off."""
        steps = stripped(word, self._known)
        articled = {step.removeprefix(_ARTICLE) for step in (word, *steps) if step.startswith(_ARTICLE)}
        adjectives = {
            step
            for step in articled
            if step
            and fold_word(step) in self._unarticled
            and word not in {f"{clitic}{step}" for clitic in _BEFORE_LAM}
        }
        return [step for step in steps if step not in adjectives]

    def _other_spellings(self, word: str) -> list[str]:
        """Return the spellings listed beside `word`, and those of a name with the article too, which people may leave out or add."""
        bare = word.removeprefix(_ARTICLE)
        found = self._spellings(fold_word(word)) or self._singular(word)
        if not bare or fold_word(bare) in self._unarticled:
            return found
        is_name = len(self._words.get(fold_word(bare), ())) > 1
        others = self._spellings(fold_word(bare)) if is_name or bare != word else []
        return [*found, *(_ARTICLE + other for other in others if other[0] >= _FIRST_ARABIC)]

    def _singular(self, word: str) -> list[str]:
        """Return the listed word of which `word` is the dual before a noun: «وزارتي الصحة والداخلية»."""
        return self._words.get(f"{fold_word(word[:-2])}ه", []) if word[2:].endswith(_DUAL) else []

    def _spellings(self, folded: str) -> list[str]:
        """Return the group of a listed word, or of an inflection of a listed word: with the same ending."""
        if found := self._words.get(folded):
            return found
        for at in range(len(folded), len(folded) - _LONGEST_ENDING - 1, -1):
            ending = _ENDINGS.get(folded[at:])
            if ending is not None and (found := self._inflected.get(folded[:at])):
                return [other + ending for other in found]
        return []

    # -- names of several words

    def _names_in(self, printed: list[str], folded: list[str]) -> list[str]:
        """Return the words by which the longer names that stand in a text are found, too."""
        return [
            form
            for at, word in enumerate(printed)
            for words, short in self._names_from(word)
            if folded[at + 1 : at + len(words)] == words[1:]
            for form in _typed(self._words[short])
        ]

    def _find_names_from(self, printed: str) -> list[tuple[list[str], str]]:
        """Return the longer names that may begin with a printed word, whatever clitics it has."""
        word = careful_word(printed)
        first = dict.fromkeys(map(fold_word, [word, *stripped(word, self._known)]))
        return [name for form in first for name in self._names.get(form, ())]

    def longer_names(self, folded: str) -> list[list[str]]:
        """Return the names of several words, folded, that are found by a word."""
        group = {fold_word(member) for member in self._words.get(folded, ())}
        return [words for names in self._names.values() for words, short in names if short in group]

    def shorter_names(self, words: list[str]) -> list[str]:
        """Return the words, folded, by which a name of several words is found, too."""
        shorts = [short for name, short in self._names.get(words[0], ()) if name == words]
        return list(dict.fromkeys(fold_word(member) for short in shorts for member in self._words[short]))

    # -- what a text is ranked by

    def rank_terms(self, printed: list[str]) -> list[tuple[str, str]]:
        """Return for each telling word of a text, in order and repeated, its bare form and its marked skeleton.

        Bare: without clitics and tanwin, one spelling of its group, folded. Of function words alone, these are returned.
        Names that are written as one word or as two («دير الزور») have the terms of both ways, whichever is printed.
        """
        telling = [word for word in printed if not self.is_function_word(word)] or printed
        other_way = [other for at, word in enumerate(printed) for other in self._other_way(printed, at, word)]
        return list(map(self.terms_of, [*telling, *other_way]))

    def _other_way(self, printed: list[str], at: int, word: str) -> list[str]:
        """Return the parts of a joined name that `word` is, and the joined names that begin with it."""
        found = list(self._parts_of(word))
        for words, _ in self._names_from(word):
            joined = "".join(words)
            following = printed[at + 1 : at + len(words)]
            if joined in self._parts and list(map(fold_word, following)) == words[1:]:
                found.append(joined)
        return found

    def _work_out_parts(self, printed: str) -> tuple[str, ...]:
        if printed[0] < _FIRST_ARABIC:
            return ()
        return tuple(self._parts.get(fold_word(bare(careful_word(printed), self._known)), ()))

    def is_function_word(self, printed: str) -> bool:
        """Whether a word is of those that tell nothing of an article."""
        return fold_word(printed) in FUNCTION_WORDS

    def _work_out_terms(self, printed: str) -> tuple[str, str]:
        word = careful_word(printed)
        if word[0] < _FIRST_ARABIC:
            one = self._one_spelling(word)
            return one, MARK + one
        one = self._one_spelling(fold_word(bare(_without_tanwin(printed, word), self._known)))
        return one, MARK + (skeleton(one) if one[0] >= _FIRST_ARABIC else one)

    def _one_spelling(self, folded: str) -> str:
        return min([folded, *map(fold_word, self._spellings(folded))])


@cache
def lexicon(groups: tuple[Group, ...] = ()) -> Lexicon:
    """Return the lexicon of `variants.txt` and of further groups."""
    return Lexicon(groups)


def words_of(text: str) -> list[str]:
    """Return the words of `text` as they are printed, in order."""
    return [text[start:end] for start, end in word_spans(text)]


def forms(text: str) -> list[str]:
    """Return `Lexicon.forms` of the shipped lexicon."""
    return lexicon().forms(text)


def _without_tanwin(printed: str, word: str) -> str:
    """Return `word`, which is `printed` in careful spelling, without the alef that only carries the case."""
    return word[:-1] if len(word) > _SHORTEST_WITH_TANWIN and printed.endswith(_TANWIN) else word


def _typed(words: Iterable[str]) -> tuple[str, ...]:
    """Return the ways in which people type words."""
    return tuple(
        dict.fromkeys(
            typed
            for word in words
            for typed in (
                (fold_word(word), word, word.translate(_BARE_ALEF), word.translate(_CASUAL))
                if word[0] >= _FIRST_ARABIC
                else (fold_word(word),)
            )
        )
    )


def _is_word(member: str) -> bool:
    return "_" not in member


def _lines(name: str) -> list[tuple[str, str]]:
    """Return the lines of a list beside this module, each as it is and folded.

    Plain text beside this module costs 10 ms less at every start than TOML through `importlib.resources`; the package
    is never run from a zip file.
    """
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    lines = zip(text.splitlines(), fold_list(text).splitlines(), strict=True)
    return [(line, folded) for line, folded in lines if line.strip() and not line.startswith("#")]
