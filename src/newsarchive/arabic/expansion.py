"""What else a text's words may be looked for by: without their clitics, and in other spellings."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

from newsarchive.arabic.clitics import stripped
from newsarchive.arabic.text import careful_word, fold_word, tokens

_ARTICLE = "ال"
_ENDINGS = ("", "ة", "ا", "ون", "ين", "و", "ي", "ان", "ات", "ية")
_TANWIN = re.compile("\u064bا$|ا\u064b$")  # «قاموسًا», «قاموساً»: the alef only carries the case
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
    whole = [word, word[:-1]] if len(word) > _SHORTEST_WITH_TANWIN and _TANWIN.search(printed) else [word]
    bare = [form for each in whole for form in (each, *stripped(each))]
    spelled = [*bare, *(other for form in bare for other in _other_spellings(form))]
    return tuple(dict.fromkeys(typed for form in spelled for typed in _as_typed(form)))


def _as_typed(word: str) -> tuple[str, ...]:
    return fold_word(word), word, word.translate(_BARE_ALEF), word.translate(_CASUAL)


def _other_spellings(word: str) -> list[str]:
    """Return the spellings listed beside `word`; with its article if only the word without it is listed."""
    others = _spellings()
    bare = word.removeprefix(_ARTICLE)
    if found := others.get(fold_word(word)):
        return found
    return [_ARTICLE + other for other in others.get(fold_word(bare), [])] if bare not in ("", word) else []


@cache
def _spellings() -> dict[str, list[str]]:
    """Read `variants.toml`: each listed word's folded form, and how else it is spelled."""
    table = tomllib.loads(resources.files(__package__).joinpath("variants.toml").read_text(encoding="utf-8"))
    inflected = [[word + ending for word in group] for group in table["inflected"] for ending in _ENDINGS]
    return {
        fold_word(word): [other for other in group if other != word]
        for group in [*table["words"], *inflected]
        for word in group
    }
