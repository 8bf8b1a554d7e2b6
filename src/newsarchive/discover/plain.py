"""Text as it is meant: characters that are none, references, markup."""

from __future__ import annotations

import html
import re

from newsarchive.discover.mojibake import repaired

_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")  # most of it XML forbids
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|em|font|i|mark|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_LEVELS = 2  # «&amp;quot;» is common, a third level was not seen
_MARKUP = 20  # how many times heavier than its text markup may be before the rest is left unread


def clean(text: str) -> str:
    """Return `text` with surrogate pairs joined, double encoding undone and characters that are no text dropped."""
    if text.isascii():
        return _NO_TEXT.sub("", text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _NO_TEXT.sub("", repaired(text))


def plain_text(markup: str | None, limit: int) -> str | None:
    """Return `markup` without tags and references, whitespace collapsed; None if nothing is left.

    Args:
        markup: text or HTML, escaped up to twice.
        limit: characters of the result at most.
    """
    text = (markup or "")[: _MARKUP * limit]
    for _ in range(_LEVELS):
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), _without_tags(text))
    return " ".join(clean(_without_tags(text)).split())[:limit].rstrip() or None


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _TAG.sub(" ", _INLINE.sub("", _UNSEEN.sub(" ", text)))
