"""The search form of a text: `fold` makes spellings equal, `tokens` says where each word stands in the original.

What is one word here is one token of SQLite's `unicode61` tokenizer on the folded text, so an index over
`fold(text)` holds exactly the tokens that this module finds.

Decisions, where Arabic search tools differ:

- آ أ إ ٱ become ا, ى becomes ي, ة becomes ه, ؤ becomes و, ئ becomes ي. A standalone ء is kept: without it
  ماء (water) would be ما (what), and بناء (building) بنا (with us).
- The alef of an accusative goes where only its mark tells an adjective from a country: «سورياً» is سوري, no سوريا.
- Persian, Urdu, Kurdish and Maghrebi letters become the letter an Arabic keyboard has for them: ی ي, ک گ ڭ ك, پ ب,
  چ ج, ژ ز, ڤ ف, ڨ ق, ٹ ت, ڈ د, ڑ ر, ں ن, ھ ہ ە ه.
- Digits and Latin letters beside Arabic ones are words of their own: «2023م» is found by 2023.
- Letters parted to pass a censor are joined again: see `_joins`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

FOLD_VERSION = 3
"""Counts up with every change of what `fold` or a `Lexicon` return: an index made with another one must be refilled."""

_TATWEEL = "\u0640"
_FATHATAN = "\u064b"

# Folded: countries whose name is the accusative of its adjective. Only the mark tells «مواطناً سورياً» from the country.
_ACCUSATIVE = (
    "[وف]?[بكل]?(?:سوري|تركي|روسي|ليبي|الماني|بريطاني|ايطالي|اسباني|اوكراني|روماني|بلغاري|الباني|استرالي|نيجيري|ماليزي|اندونيسي"
    "|كولومبي|اثيوبي|ارمين|جورجي|تنزاني|كيني|غيني|موريتاني|ليتواني|افريقي|اسي|درع)ا"
)

# Letters of neighbouring alphabets, and Arabic ones in unusual shape; all in Unicode 3.2.
_NEIGHBOURS = {
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("یېۍےێۑ", "ي"),
    **dict.fromkeys("ۓٸ", "ئ"),
    **dict.fromkeys("کگڭڪګڬڮڰ", "ك"),
    **dict.fromkeys("ھہەۀۂۃ", "ه"),
    **dict.fromkeys("ۄۅۆۇۈۉۊۋ", "و"),
    **dict.fromkeys("ٶٷ", "ؤ"),
    **dict.fromkeys("ڤڥ", "ف"),
    **dict(zip("پچژڨڕڵٹڈڑں", "بجزقرلتدرن", strict=True)),
}
_FOLDED = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_UNFOLDED = "آأإىةؤئ"
# A letter without an entry would take five times as long as one that stays.
_MERGED = str.maketrans(_FOLDED + _UNFOLDED, _FOLDED + "ااايهوي")
# Most printed words are of these letters alone, and seen to be.
_FOLDED_LETTERS, _CAREFUL_LETTERS = frozenset(_FOLDED), frozenset(_FOLDED + _UNFOLDED)
# Case folding and canonical decomposition leave these Latin letters as they are.
_LATIN = {"ı": "i", "ł": "l", "ø": "o", "đ": "d"}

# Signs that enclose or precede numbers: of format category, yet visible.
_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2"

_JOINERS = frozenset("-._*·•~+^\u2010\u2011\u2012\u2013")
_SHORTEST_WORD = 3  # letters; shorter words are few enough to be listed
_LABEL_JOINERS = frozenset("-.\u2010\u2011\u2012\u2013")
# Folded words of one and two letters, names of Latin letters («بي.بي.سي») and parts of names («دي-ميستورا») included.
_SHORT_WORD_LIST = (
    "و ه من في عن لا ما لم لن ان او كي قد هو هي هم هن كم مع ثم كل اذ بل هل يا ذو ذي ذا اي ال ام اب اخ يد دم حي سد سن شك ضد"
    " خط فن صف ظل حد رد حل جد حق بن بو لو نص جو حب حر حج سر شر بر رب عم تل تم شن قم به له لي لك بك بي سي دي تي اس اف جي يو ني"
    " وي زي شي دو سو تو كو نو"
)
_SHORT_WORDS = frozenset(_SHORT_WORD_LIST.split())

# One character a class: Arabic letter, other letter or digit, tatweel, combining mark, invisible, joiner, break.
# A word ends with what is visible; the group tells that it may be two, parted by a joiner.
_CHUNK = re.compile("a[ati]*(?:z+[ati]+)*(z*m[tiz]*a[ati]*(?:z+[ati]+)*)*|x[xi]*(?:z+[xi]+)*")


class Token(NamedTuple):
    """One word of a text.

    Attributes:
        text: its folded form.
        start: where it begins in the original text.
        end: where it ends there; `fold(original[start:end]) == text`.
    """

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the search form of `text`: its folded words, joined by single spaces. Idempotent.

    SQLite's FTS5 tokenizer `unicode61` reads exactly these words from it.
    """
    return " ".join([fold_word(text[start:end]) for start, end in word_spans(text)])


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of `text` in order, each with its span in `text`; `fold(text)` is their texts, joined."""
    for start, end in word_spans(text):
        yield Token(fold_word(text[start:end]), start, end)


def careful_word(printed: str) -> str:
    """Return one printed word as a careful writer types it: plain letters, hamza, ة and ى kept."""
    if _CAREFUL_LETTERS.issuperset(printed):
        return printed
    if "\u0600" <= printed[0] <= "\u06ff":
        printed = unicodedata.normalize("NFC", printed)  # an alef and its hamza may be two characters
    return printed.translate(_LETTERS)


@lru_cache(maxsize=1 << 15)
def fold_word(printed: str) -> str:
    """Return the folded form of one word as printed, which is what stands between a token's `start` and `end`."""
    if _FOLDED_LETTERS.issuperset(printed):
        return printed
    folded = careful_word(printed).translate(_MERGED)
    return folded[:-1] if is_accusative(printed) else folded


def is_accusative(printed: str) -> bool:
    """Whether one printed word is the accusative of an adjective that only its mark tells from the name of a country."""
    return (
        _FATHATAN in printed
        and re.fullmatch(_ACCUSATIVE, careful_word(printed).translate(_MERGED)) is not None
    )


def without_accusatives(text: str) -> str:
    """Return `text` without the alefs by which a program that ignores marks would take such an adjective for a country."""
    if _FATHATAN not in text:
        return text
    spans = [(start, end) for start, end in word_spans(text) if is_accusative(text[start:end])]
    for start, end in reversed(spans):
        text = f"{text[:start]}{fold_word(text[start:end])}{text[end:]}"
    return text


def fold_list(text: str) -> str:
    """Return a list of words with each of them folded, much faster than one by one; for lists of Arabic letters and ASCII."""
    for letter in _UNFOLDED:
        text = text.replace(letter, letter.translate(_MERGED))
    return text.casefold()


def fold_letters(text: str) -> str:
    """Return `text` with its letters and digits folded, its marks dropped, and everything else left in place."""
    return text.translate(_LETTERS_IN_PLACE).translate(_MERGED)


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of `text` starts and ends, in order; `fold_word` folds what stands there."""
    shape = text.translate(_SHAPES)
    for chunk in _CHUNK.finditer(shape):
        if chunk.lastindex:
            yield from _parted(text, shape, *chunk.span())
        else:
            yield chunk.span()


def _parted(text: str, shape: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the words of a chunk of Arabic fragments with a joiner between each two."""
    marks = [at for at in range(start, end) if shape[at] == "m"]
    bounds = [start - 1, *marks, end]
    for number, mark in enumerate(marks, 1):
        left, right = text[bounds[number - 1] + 1 : mark], text[mark + 1 : bounds[number + 1]]
        following = text[marks[number]] if number < len(marks) else text[mark]
        if not _joins(left, text[mark], right, following):
            yield start, _last(shape, mark)
            start = shape.index("a", mark)
    yield start, _last(shape, end)


def _last(shape: str, end: int) -> int:
    """Leave invisible characters at a word's end outside of it."""
    while shape[end - 1] == "z":
        end -= 1
    return end


def _joins(left: str, mark: str, right: str, following: str) -> bool:
    """Whether two fragments of letters with one mark between them are parts of one word, parted to pass a censor.

    They are if a tatweel stands at the mark («عـ.ـاجل»), if both are single letters («د.ا.ع.ش»), or if one is shorter
    than three letters and no known word («دا-عش», «داع.ش»). They are not in «سوريا-تركيا», «كان.قال» and «بي.بي.سي»; nor
    where a single letter before a word is a title or label («د.سامر», «أ-الأمن»), the feminine ending («ناشط.ة»), or begins
    an agency's initials after another mark («بيروت-أ.ف.ب»). The rule looks at nothing but the pair and the mark after it, and
    a fragment cut off takes its mark along, so that a word alone folds as it does in its text.
    """
    one, two = fold_word(left), fold_word(right)
    era = one == "ه"  # «1445هـ-قال»: the tatweel belongs to the abbreviation
    if right.startswith(_TATWEEL) or (left.endswith(_TATWEEL) and not era):
        return True
    if len(one) == len(two) == 1:
        return True
    if one in _SHORT_WORDS or two in _SHORT_WORDS:
        return False
    if len(one) >= _SHORTEST_WORD:
        return len(two) < _SHORTEST_WORD and following == mark
    return len(one) > 1 or len(two) < _SHORTEST_WORD or mark not in _LABEL_JOINERS


def _letters_of(char: str) -> str:
    """Return the plain letters or digits of one character; empty for what is neither."""
    if _is_presentation_form(char):
        letters = unicodedata.normalize("NFKC", char).replace(_TATWEEL, "").strip()
        # ﷺ and ﷻ are whole phrases in one character: signs, as ﷽ is by its category.
        return "" if " " in letters else "".join(map(_plain, letters))
    parts = [unicodedata.normalize("NFD", low) if _is_latin(low) else low for low in char.casefold()]
    return "".join(map(_plain, "".join(parts)))


def _plain(char: str) -> str:
    """Return one letter or digit in its plain shape, empty for anything else.

    Unicode 3.2 decides what a letter is: every Python carries it and every SQLite agrees with it, so that an index
    made on one machine is read the same on another.
    """
    category = unicodedata.ucd_3_2_0.category(char)
    if category == "Nd":
        return str(unicodedata.ucd_3_2_0.decimal(char))
    if category[0] in "LN" or (category == "Co" and char < "\U00010000"):
        return "" if char == _TATWEEL else _NEIGHBOURS.get(char) or _LATIN.get(char, char)
    return ""


def _shape_of(char: str) -> str:
    if char in _JOINERS:
        return "m"
    if char == _TATWEEL:
        return "t"
    letters = _letters_of(char)
    if letters:
        return "a" if "\u0600" <= letters[0] <= "\u06ff" else "x"
    if unicodedata.category(char)[0] == "M" or _is_presentation_mark(char):
        return "i"
    return "z" if unicodedata.category(char) == "Cf" and char not in _NUMBER_SIGNS else " "


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff"


def _is_presentation_form(char: str) -> bool:
    return "\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufefc"


def _is_presentation_mark(char: str) -> bool:
    """Whether `char` is a haraka in a shape of its own, which Unicode decomposes to a space or tatweel and the mark."""
    if not _is_presentation_form(char):
        return False
    parts = unicodedata.normalize("NFKC", char).replace(_TATWEEL, "").strip()
    return all(unicodedata.category(part) == "Mn" for part in parts)


def _in_place(char: str) -> str:
    """Return what `_letters_of` does, but `char` itself if it parts words."""
    return char if _shape_of(char) in " m" else _letters_of(char)


class _Table(dict[int, str]):
    """A table for `str.translate` that works each character out when it is first met."""

    def __init__(self, value_of: Callable[[str], str]) -> None:
        super().__init__()
        self._value_of = value_of

    def __missing__(self, code: int) -> str:
        self[code] = self._value_of(chr(code))
        return self[code]


_LETTERS, _LETTERS_IN_PLACE, _SHAPES = _Table(_letters_of), _Table(_in_place), _Table(_shape_of)
