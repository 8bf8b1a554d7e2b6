"""What else a text's words may be looked for by: without their clitics, and in other spellings."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from newsarchive.arabic.clitics import stripped
from newsarchive.arabic.text import careful_word, fold, fold_word, tokens

_ARTICLE = "ال"
# By their folded form.
_ENDINGS = {fold(ending): ending for ending in ("", "ة", "ا", "ون", "ين", "و", "ي", "ان", "ات", "ية")}
_LONGEST_ENDING = 2  # letters
_TANWIN = ("\u064bا", "ا\u064b")  # «قاموسًا», «قاموساً»: the alef only carries the case
_SHORTEST_WITH_TANWIN = 2  # letters before the alef: «معاً» is of مع, «اً» alone of nothing
_BARE_ALEF = str.maketrans("آأإ", "ااا")
_CASUAL = str.maketrans("آأإىة", "ااايه")


def forms(text: str) -> list[str]:
    """Return the words by which `text` should be found beyond those it has itself, each once, in order of appearance.

    For each word: the same without its clitics («وللأمن»: للأمن, الأمن, أمن) and without the alef of a tanwin («قاموساً»), the other spellings of each («سوريا»:
    سورية), and of all these the ways in which people type them: folded, carefully («إدارة»), without the hamza
    on alef («ادارة»), and with ه for ة and ي for ى as well («هيئه»). None is a word of `fold(text)`, nor one that stands
    in `text` as it is. So a search that compares words as they were typed finds them in an index over `text`,
    `fold(text)` and these.
    """
    words = list(tokens(text))
    printed = dict.fromkeys(text[word.start : word.end] for word in words)
    known = printed.keys() | {word.text for word in words}
    return list(dict.fromkeys(form for word in printed for form in _forms_of(word) if form not in known))


@lru_cache(maxsize=1 << 15)
def _forms_of(printed: str) -> tuple[str, ...]:
    word = careful_word(printed)
    if word[0] < "\u0600":  # Latin letters and digits
        return ()
    whole = [word, word[:-1]] if len(word) > _SHORTEST_WITH_TANWIN and printed.endswith(_TANWIN) else [word]
    bare = [form for each in whole for form in (each, *stripped(each))]
    spelled = [*bare, *(other for form in bare for other in _other_spellings(form))]
    return tuple(dict.fromkeys(typed for form in spelled for typed in _as_typed(form)))


def _as_typed(word: str) -> tuple[str, ...]:
    return fold_word(word), word, word.translate(_BARE_ALEF), word.translate(_CASUAL)


def _other_spellings(word: str) -> list[str]:
    """Return the spellings listed beside `word`; with its article if only the word without it is listed."""
    if found := _spellings(fold_word(word)):
        return found
    bare = word.removeprefix(_ARTICLE)
    return [_ARTICLE + other for other in _spellings(fold_word(bare))] if bare not in ("", word) else []


def _spellings(folded: str) -> list[str]:
    """Return how else a listed word is spelled, or an inflection of a listed word: with the same ending."""
    words, inflected = _tables()
    if found := words.get(folded):
        return found
    for at in range(len(folded), len(folded) - _LONGEST_ENDING - 1, -1):
        ending = _ENDINGS.get(folded[at:])
        if ending is not None and (found := inflected.get(folded[:at])):
            return [other + ending for other in found]
    return []


@cache
def _tables() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Read `variants.txt`: the folded form of each listed word, with its other spellings; then those that take endings.

    Plain text beside this module costs 10 ms less at every start than TOML through `importlib.resources`; the package
    is never run from a zip file.
    """
    words: dict[str, list[str]] = {}
    inflected: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("variants.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group = line.removeprefix("+").split()
            table = inflected if line.startswith("+") else words
            table.update({fold_word(word): [other for other in group if other != word] for word in group})
    return words, inflected
