"""The Arabic language: the search form of a text, the words it should be found by, and printed dates.

`parse_date` is resolved when it is asked for, since searching needs no dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsarchive.arabic.text import FOLD_VERSION, Token, fold, fold_word, tokens, word_spans

if TYPE_CHECKING:
    from newsarchive.arabic.dates import parse_date
    from newsarchive.arabic.expansion import forms

__all__ = ["FOLD_VERSION", "Token", "fold", "fold_word", "forms", "parse_date", "tokens", "word_spans"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name == "forms":
        from newsarchive.arabic.expansion import forms  # noqa: PLC0415 - only writing to an archive needs it

        return forms
    if name == "parse_date":
        from newsarchive.arabic.dates import parse_date  # noqa: PLC0415 - only extraction needs it

        return parse_date
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
