"""The Arabic language: the search form of a text, the words it should be found by, and printed dates.

What not every command needs is resolved when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsarchive.arabic.text import FOLD_VERSION, Token, fold, fold_word, tokens, word_spans

if TYPE_CHECKING:
    from newsarchive.arabic.dates import parse_date
    from newsarchive.arabic.expansion import Lexicon, forms, lexicon, words_of

__all__ = [
    "FOLD_VERSION",
    "Lexicon",
    "Token",
    "fold",
    "fold_word",
    "forms",
    "lexicon",
    "parse_date",
    "tokens",
    "word_spans",
    "words_of",
]
_MODULES = {
    "parse_date": "dates",
    "Lexicon": "expansion",
    "forms": "expansion",
    "lexicon": "expansion",
    "words_of": "expansion",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
