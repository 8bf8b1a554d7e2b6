"""Arabic writes the article, prepositions and conjunctions onto the word: which words may stand inside one?

Prefixes only: suffixes are never taken off, for that costs names their precision (light10 finds 99 % at 69 %).
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path

from newsarchive.arabic.text import fold_word

_ARTICLE = "ال"
_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بكل"
# Letters that must be left. Two after the article («الدم»), which little else looks like; three after a letter that
# half of all roots may begin with; four after ك, which is rare as a preposition.
_AFTER_ARTICLE = 2
_AFTER_LETTER = {"و": 3, "ف": 3, "ب": 3, "ل": 3, "ك": 4}
# Folded. «وزارتها» is of «وزاره», whose stem without ه is asked for, too.
_ENDING_LIST = (
    "تهما تيهم تيها ياتها ياتهم وهما اتها اتهم تها تهم تنا تان تين يات يون يين هما وها وهم وني اته ات ان ين ون يه يا ها هم هن نا"
    " ته تي وا ني وه تا ا ه ي ت"
)
_ENDINGS = _ENDING_LIST.split()
_SHORTEST_STEM = 3
_SHORTEST_KNOWN = 4  # letters; before a shorter word, a letter often makes another: «واحد» is not و and «أحد»
_SHORTEST_STEM_WITH_ARTICLE = 5  # «الهي» with an ending would hold back «الهيئة»


def stripped(word: str, known: Container[str] = ()) -> list[str]:
    """Return what remains of `word` without its clitics, each step apart: «وبالأمن» gives «بالأمن», «الأمن», «أمن».

    Args:
        word: a word in careful spelling, as `careful_word` returns it; its hamza tells «ألمانيا» from an article.
        known: folded words that have no clitic, while a letter before one of them is one.

    Returns:
        Words in the same spelling, without `word` itself; empty if nothing in it is certainly a clitic.
    """
    rest = word[1:] if _may_lose(word, _CONJUNCTIONS, known) else word
    steps = [rest, *_without_preposition(rest, known)]
    bare = [without for step in steps for without in _without_article(step, known)]
    return [found for found in dict.fromkeys([*steps, *bare]) if found != word]


def _without_preposition(word: str, known: Container[str]) -> list[str]:
    if word.startswith("لل"):
        return _without_lam(word, known)
    return [word[1:]] if _may_lose(word, _PREPOSITIONS, known) else []


def _without_lam(word: str, known: Container[str]) -> list[str]:
    """Take «ل» off a word that has lost the alef of its article: «للأمن» is ل and «الأمن», «للغة» ل and «لغة»."""
    if word == "لله":
        return ["الله"]
    if fold_word(word[1:]) in known or _is_rooted(fold_word(word[1:])):
        return [word[1:], _ARTICLE + word[1:]]
    return [_ARTICLE + word[2:]] if len(word) >= 2 + _AFTER_ARTICLE else []


def _without_article(word: str, known: Container[str]) -> list[str]:
    long_enough = len(word) >= len(_ARTICLE) + _AFTER_ARTICLE
    if not (long_enough and word.startswith(_ARTICLE)):
        return []
    if fold_word(word[len(_ARTICLE) :]) not in known and _is_rooted(fold_word(word)):
        return []
    return [word[len(_ARTICLE) :]]


def _may_lose(word: str, letters: str, known: Container[str]) -> bool:
    """Whether the first letter of `word` is one of the clitics in `letters`, and not of its root."""
    if not word or word[0] not in letters or fold_word(word) in known:
        return False
    # A hamza below alef only begins words: «بإيران».
    if word[1:2] == "إ" or (len(word) > _SHORTEST_KNOWN and fold_word(word[1:]) in known):
        return True
    before_article = word.startswith(_ARTICLE, 1) and len(word) >= 1 + len(_ARTICLE) + _AFTER_ARTICLE
    enough = before_article or word.startswith("لل", 1) or len(word) > _AFTER_LETTER[word[0]]
    return enough and not _is_rooted(fold_word(word))


def _is_rooted(folded: str) -> bool:
    """Whether `folded` is a listed word, or an inflection of one."""
    stems = _stems()
    shortest = _SHORTEST_STEM_WITH_ARTICLE if folded.startswith(_ARTICLE) else _SHORTEST_STEM
    return folded in stems or any(
        folded[: -len(ending)] in stems
        for ending in _ENDINGS
        if folded.endswith(ending) and len(folded) - len(ending) >= shortest
    )


@cache
def _stems() -> frozenset[str]:
    lines = Path(__file__).with_name("rooted.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    feminine = [word for word in words if word.endswith("ه") and len(word) > _SHORTEST_STEM]
    return frozenset([*words, *(word[:-1] for word in feminine)])
