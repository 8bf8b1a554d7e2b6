"""Strings as pages print them, made fit to store and to compare."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import fields, replace
from typing import Any

from newsarchive.models import Article

# What no reader sees and what harms: controls, zero-width space, soft hyphen, bidi embeddings, overrides and
# isolates, byte order mark, surrogates, private use, noncharacters. ZWNJ, ZWJ and LRM, RLM, ALM are spelling and stay.
_HARMFUL = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\uffff\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 15) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c-\u200f\u061c]")
_LETTERS = str.maketrans("أإآٱىةی", "اااايهي") | str.maketrans("ک", "ك")
_WORD = re.compile(r"\w+")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06fc\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]")
_SCRIPTS = {
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
}
# Letters that Arabic never uses, with the share from which a text is in that language. Persian's own letters
# make up 3 to 5 % of Persian, Urdu's 6 to 10 % of Urdu, Sorani's above 10 % of Sorani.
_FOREIGN = (("ur", "ٹڈڑںےھہ", 0.02), ("ckb", "ێۆڕڵە", 0.03), ("fa", "پچژگ", 0.01))
# Words that no text of some length lacks. Moroccan and Iraqi Arabic write گ and چ, so letters alone do not tell Persian.
_FREQUENT = {
    "ar": "في من على إلى أن التي الذي عن قال هذا هذه مع بعد",
    "fa": "است که را این از با برای شد می آن در",
    "ur": "کے کی ہے میں نے اور سے کہ کا",
    "ckb": "لە بۆ کە ئەو ئەم لەسەر بە",
    "en": "the of and to in is that was for",
    "fr": "le la les des et du une dans est que",
    "tr": "ve bir bu için ile olarak olan da de",
    "de": "der die und das den mit von nicht ist",
    "es": "el los las del que y en una por",
    "ku": "û li ji ku bi di de bo ev",
}
_LATIN = ("en", "fr", "tr", "de", "es", "ku")
_ARABIC_LETTERS = ("ar", "fa", "ur", "ckb")
_MIXED = 0.1  # of the letters: so much Arabic makes an Arabic page of one that quotes more in another script


def clean_line(text: str) -> str:
    """Return `text` as one line: harmful characters gone, white space collapsed, ends stripped."""
    return " ".join(_HARMFUL.sub("", text).split())


def clean_markup(text: str) -> str:
    """Return a metadata string as one line, entities resolved (JSON-LD often escapes twice)."""
    return clean_line(html.unescape(text))


def scrub(article: Article) -> Article:
    """Return `article` without harmful characters in any of its strings; the body keeps its lines.

    Parts are cleaned where they are read; this holds for whatever is added later, and for what a worker sends.
    """
    changed: dict[str, Any] = {}
    for field in fields(article):
        value = getattr(article, field.name)
        if isinstance(value, str):
            changed[field.name] = "\n".join(filter(None, map(clean_line, value.split("\n"))))
        elif isinstance(value, tuple):
            changed[field.name] = tuple(line for item in value if (line := clean_line(item)))
    return replace(article, **changed)


def words(text: str) -> list[str]:
    """Return the words of `text` for comparing: without marks and tatweel, letters that are often confused unified."""
    return _WORD.findall(_MARKS.sub("", text).translate(_LETTERS).casefold())


def key(text: str) -> str:
    """Return the comparison form of `text`: its `words`, joined by one space."""
    return " ".join(words(text))


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 language that letters and frequent words of `text` tell.

    Args:
        text: a headline and a body, or either.
        declared: by the page. It decides for scripts whose languages are not told apart here, and keeps an
            article Arabic that consists mostly of what it quotes in another script.
    """
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    arabic = _ARABIC.findall(text)
    script = max(counts, key=lambda name: counts[name])
    code = _code(declared)
    share = len(arabic) / max(1, len(arabic) + sum(counts.values()))
    if arabic and (len(arabic) >= counts[script] or (code in _ARABIC_LETTERS and share >= _MIXED)):
        return _arabic_script(text, Counter(arabic), len(arabic))
    if not counts[script]:
        return None
    return "he" if script == "he" else _other_script(text, code, script)


def _arabic_script(text: str, letters: Counter[str], total: int) -> str:
    said = _frequencies(text, _ARABIC_LETTERS)
    for language, own, share in _FOREIGN:
        if sum(letters[letter] for letter in own) > share * total and said[language] >= said["ar"]:
            return language
    return "ar" if said["ar"] >= said["fa"] else "fa"


def _other_script(text: str, declared: str | None, script: str) -> str | None:
    said = _frequencies(text, _LATIN)
    best = max(_LATIN, key=lambda language: said[language])
    known = declared if declared not in (*_ARABIC_LETTERS, "he") else None
    if script == "latin" and said[best] > said[known if known in _LATIN else "none"]:
        return best
    return known or ("en" if text.isascii() else None)


def _frequencies(text: str, languages: tuple[str, ...]) -> Counter[str]:
    """Count the frequent words of each language in `text`; 0 for any other language."""
    found = Counter(_WORD.findall(text.casefold()))
    return Counter(
        {language: sum(found[word] for word in _FREQUENT[language].split()) for language in languages}
    )


def _code(declared: str | None) -> str | None:
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if code.isalpha() and code.isascii() and len(code) in (2, 3) else None
