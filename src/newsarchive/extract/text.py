"""Strings as pages print them, made fit to store and to compare."""

from __future__ import annotations

import html
import re
from collections import Counter

# What no reader sees and what harms: controls, zero-width space, soft hyphen, bidi embeddings, overrides and
# isolates, byte order mark, surrogates, private use, noncharacters. ZWNJ, ZWJ and LRM, RLM, ALM are spelling and stay.
_HARMFUL = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\uffff\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c-\u200f\u061c]")
_LETTERS = str.maketrans("أإآٱىةی", "اااايهي") | str.maketrans("ک", "ك")
_WORD = re.compile(r"\w+")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]")
_SCRIPTS = {
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
}
# Letters that Arabic never uses, with the share from which a text is in that language. Persian's own letters
# make up 3 to 5 % of Persian, Urdu's 6 to 10 % of Urdu, Sorani's above 10 % of Sorani.
_FOREIGN = (("ur", "ٹڈڑںےھہ", 0.02), ("ckb", "ێۆڕڵە", 0.03), ("fa", "پچژگ", 0.01))


def clean_line(text: str) -> str:
    """Return `text` as one line: harmful characters gone, white space collapsed, ends stripped."""
    return " ".join(_HARMFUL.sub("", text).split())


def clean_markup(text: str) -> str:
    """Return a metadata string as one line, entities resolved (JSON-LD often escapes twice)."""
    return clean_line(html.unescape(text))


def words(text: str) -> list[str]:
    """Return the words of `text` for comparing: without marks and tatweel, letters that are often confused unified."""
    return _WORD.findall(_MARKS.sub("", text).translate(_LETTERS).casefold())


def key(text: str) -> str:
    """Return the comparison form of `text`: its `words`, joined by one space."""
    return " ".join(words(text))


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 language that the letters of `text` tell.

    Arabic script is told apart by the letters that only Persian, Urdu or Sorani use; for Latin and Cyrillic
    script the page's declaration decides, plain ASCII is English.
    """
    arabic = _ARABIC.findall(text)
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if arabic and len(arabic) >= counts[script]:
        return _arabic_script(Counter(arabic), len(arabic))
    if not counts[script]:
        return None
    return "he" if script == "he" else _declared(declared) or ("en" if text.isascii() else None)


def _arabic_script(letters: Counter[str], total: int) -> str:
    for language, own, share in _FOREIGN:
        if sum(letters[letter] for letter in own) > share * total:
            return language
    return "ar"


def _declared(language: str | None) -> str | None:
    code = (language or "").strip().lower().replace("_", "-").partition("-")[0]
    return (
        code
        if code.isalpha() and len(code) in (2, 3) and code not in ("ar", "fa", "ur", "ckb", "he")
        else None
    )
