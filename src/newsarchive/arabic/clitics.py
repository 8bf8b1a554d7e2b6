"""Arabic writes the article, prepositions and conjunctions onto the word: which words may stand inside one?

Prefixes only: suffixes are never taken off, for that costs names their precision (light10 finds 99 % at 69 %).

`stripped` gives every reading that is likely enough, for a form too many costs little and a word missed is lost; `bare`
gives one, the same for a word whatever stands before it.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path

from newsarchive.arabic.text import fold_word

_ARTICLE = "ال"
_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بكل"
_SHORTEST = 2  # letters: a clitic, and a word
_HAMZAS = ("أ", "إ", "آ")  # with an alef they only begin words
# Letters that must be left. Two after the article («الدم»), which little else looks like; three after a letter that
# half of all roots may begin with; four after ك, which is rare as a preposition.
_AFTER_ARTICLE = 2
_AFTER_LETTER = {"و": 3, "ف": 3, "ب": 3, "ل": 3, "ك": 4}
_SHORTEST_KNOWN = 3  # letters; before so few, a letter often makes another word: «واحد» is not و and «أحد»

# Folded. Of a word, whatever it is: pronouns, duals, plurals, cases, persons.
_ENDING_LIST = "وهما هما وها وهم وني ان ين ها هم هن نا ني وا تا ا ه"
# After a word in ه (of ة) that has lost it: «وزارتها», «وزارات».
_FEMININE_ENDING_LIST = "تهما تيهم تيها اتهما اتهم اتها اتنا اته اتي ات تها تهم تنا تان تين ته تي"
# They make another word, so that a short stem before them tells little: «برا» tells nothing of «برأي».
_DERIVING_ENDING_LIST = "ياتها ياتهم يات يون يين ون يتها يته يه يا ي و ات"
# After a word that only looks as if it had the article: «التام» tells nothing of «التأمين», «الياس» of «الياسين».
_PRONOUN_LIST = "هما ها هم هن نا ه"
_ENDINGS, _FEMININE_ENDINGS = _ENDING_LIST.split(), _FEMININE_ENDING_LIST.split()
_DERIVING_ENDINGS, _PRONOUNS = _DERIVING_ENDING_LIST.split(), _PRONOUN_LIST.split()
_AFTER_ADJECTIVE = ["ون", "ين", "تين"]
_SHORTEST_STEM = 3
_SHORTEST_DERIVED = 4  # also where the article may stand within: «بال» tells nothing of «بالتهم»
_SHORTEST_STEM_WITH_ARTICLE = 5  # «الهي» with an ending would hold back «الهيئة»
_ADJECTIVE_LETTERS = 4  # of «فاعل» and «فعيل»

# In careful spelling: the hamza is of the root, though a clitic may stand before one.
_HAMZA_WITHIN = ("كأن", "لأن", "كأس", "بأس", "فأر", "فأس", "فأل", "كآب", "لآل")
_AFTER_HAMZA = ("", "ة", "ي", "ا", "ه", "ها", "نا")  # no «هم»: «فأسهم» and «بأسهم» have their clitics
# Folded. What «لل» mostly is ل and the article before, though ل and it are another word: «للحق» is of «حق», not «لحق».
_AFTER_LAM = ("بث", "حج", "حد", "حظ", "حق", "حي", "حمي", "ذات", "شكر", "عين", "عيون", "غايه", "قلق")


def stripped(word: str, known: Container[str] = ()) -> list[str]:
    """Return what remains of `word` without its clitics, each step apart: «وبالأمن» gives «بالأمن», «الأمن», «أمن».

    Args:
        word: a word in careful spelling, as `careful_word` returns it; its hamza tells «ألمانيا» from an article.
        known: folded words that have no clitic, while a letter before one of them is one.

    Returns:
        Words in the same spelling, without `word` itself; empty if nothing in it is likely to be a clitic.
    """
    read = f"{word[:-1]}ة" if word.endswith("ه") else word  # as careless writers mean it
    rest = read[1:] if _may_lose(read, _CONJUNCTIONS, known) else read
    steps = [rest, *_without_preposition(rest, known)]
    found = [*steps, *(without for step in steps for without in _without_article(step, known))]
    return [step for step in dict.fromkeys(f"{step[:-1]}{word[-1:]}" for step in found) if step != word]


def bare(word: str, known: Container[str] = ()) -> str:
    """Return `word` without clitics, in the likeliest reading; arguments as in `stripped`.

    What is left after the article is read again, so that «الكسكسي» and «كسكسي» come to the same, be it right or not. A ه
    is what is printed here, mostly a pronoun: «بيته» stays, of which `stripped` makes «يته» as well.
    """
    rest = word[1:] if _may_lose(word, _CONJUNCTIONS, known) else word
    rest = next(iter(_without_preposition(rest, known)), rest)
    without = next(iter(_without_article(rest, known)), rest)
    return without if without == rest else bare(without, known)


def _without_preposition(word: str, known: Container[str]) -> list[str]:
    if word.startswith("لل"):
        return _without_lam(word, known)
    return [word[1:]] if _may_lose(word, _PREPOSITIONS, known) else []


def _without_lam(word: str, known: Container[str]) -> list[str]:
    """Take «ل» off a word that has lost the alef of its article, likelier readings first.

    «للأمن» is ل and «الأمن», «للغة» ل and «لغة», which may have its article.
    """
    if fold_word(word) == "لله":
        return [f"ال{word[1:]}"]
    with_lam, without = [word[1:], _ARTICLE + word[1:]], [_ARTICLE + word[2:]]
    if len(word) < 2 + _AFTER_ARTICLE:
        return []
    if fold_word(word[1:]) in known:
        return with_lam
    rest = fold_word(word[2:])
    if word[2:].startswith(_HAMZAS) or _is_known(rest, known):
        return without
    if not _is_rooted(word[1:], known, _SHORTEST_DERIVED):
        return without
    return [*without, *with_lam] if rest in _AFTER_LAM or rest in _listed() else [*with_lam, *without]


def _without_article(word: str, known: Container[str]) -> list[str]:
    long_enough = len(word) >= len(_ARTICLE) + _AFTER_ARTICLE
    if not (long_enough and word.startswith(_ARTICLE)):
        return []
    if fold_word(word[len(_ARTICLE) :]) not in known and _is_rooted(word):
        return []
    return [word[len(_ARTICLE) :]]


def _may_lose(word: str, letters: str, known: Container[str]) -> bool:
    """Whether the first letter of `word` is one of the clitics in `letters`, and not of its root."""
    if len(word) < _SHORTEST or word[0] not in letters or fold_word(word) in known:
        return False
    before_article = word.startswith(_ARTICLE, 1) and len(word) >= 1 + len(_ARTICLE) + _AFTER_ARTICLE
    enough = before_article or word.startswith("لل", 1) or len(word) > _AFTER_LETTER[word[0]]
    if word[1] == "إ" or (enough and word[1] in _HAMZAS):
        return not _has_hamza_within(word)
    rest = fold_word(word[1:])
    two_clitics = before_article or (letters == _CONJUNCTIONS and word[1] in _PREPOSITIONS)
    behind = word[3:4] if before_article else word[2:3]
    if (two_clitics and behind in _HAMZAS) or (rest in known and len(rest) > _SHORTEST_KNOWN):
        return True
    if len(rest) >= _SHORTEST_KNOWN and _is_known(rest, known):
        return fold_word(word) not in _listed()
    return enough and not _is_rooted(word, known, _SHORTEST_DERIVED if before_article else _SHORTEST_STEM)


def _has_hamza_within(word: str) -> bool:
    return any(
        word.endswith(ending) and word.removesuffix(ending) in _HAMZA_WITHIN for ending in _AFTER_HAMZA
    )


def _is_rooted(word: str, known: Container[str] = (), shortest: int = _SHORTEST_STEM) -> bool:
    """Whether `word` is a listed word, or an inflection of one of at least `shortest` letters.

    It is rather no inflection where a listed word stands behind its first letter: «لبنين» is of «بنين», not «لبن».
    """
    folded, listed = fold_word(word), _listed()
    if folded in listed:
        return True
    if folded.startswith(_ARTICLE):
        return word[2:3] not in _HAMZAS and _is_rooted_with_article(folded, feminine=word.endswith("ة"))
    if folded[1:] in listed or _is_known(folded[1:], known):
        return False
    if any(f"{stem}ه" in listed for stem in _stems(folded, _FEMININE_ENDINGS, shortest)):
        return True
    if not word.endswith("ة") and any(stem in listed for stem in _stems(folded, _ENDINGS, shortest)):
        return True
    derived = _stems(folded, _DERIVING_ENDINGS, _SHORTEST_DERIVED)
    if word.endswith("ة") and _is_adjective(folded[:-1]):
        derived.append(folded[:-1])
    return any(stem in listed for stem in derived) and not _is_rooted(word[1:], known)


def _is_rooted_with_article(folded: str, *, feminine: bool) -> bool:
    """Whether a word that looks as if it had the article is an inflection of a listed one."""
    stems = [] if feminine else _stems(folded, _PRONOUNS, _SHORTEST_STEM_WITH_ARTICLE)
    adjectives = _stems(folded, _AFTER_ADJECTIVE, _SHORTEST_STEM_WITH_ARTICLE)
    return any(stem in _listed() for stem in (*stems, *(stem for stem in adjectives if stem.endswith("ي"))))


def _stems(folded: str, endings: list[str], shortest: int) -> list[str]:
    """Return what may stand before one of `endings` in a word."""
    stems = [folded[: -len(ending)] for ending in endings if folded.endswith(ending)]
    return [stem for stem in stems if len(stem) >= shortest]


def _is_adjective(folded: str) -> bool:
    """Whether a word has the shape of one that takes ة: «فاعل», «فعيل», «فعلي»."""
    fits = len(folded) == _ADJECTIVE_LETTERS and (folded[1] == "ا" or folded[2] == "ي")
    return fits or (len(folded) >= _ADJECTIVE_LETTERS and folded.endswith("ي"))


def _is_known(folded: str, known: Container[str]) -> bool:
    return folded in known or f"{_ARTICLE}{folded}" in known


@cache
def _listed() -> frozenset[str]:
    lines = Path(__file__).with_name("rooted.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
