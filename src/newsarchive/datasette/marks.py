"""Matches in <mark>, in texts that are other people's: whatever stands there is escaped. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup, escape

from newsarchive.archive.marking import Marker
from newsarchive.archive.records import Record

SNIPPET = 220  # characters of a text without a match
_MARK = re.compile("(<mark>|</mark>)")
# A marker takes a record; of this one only the texts count.
_RECORD = replace(Record(**dict.fromkeys(Record.__dataclass_fields__)), headline="", body="")  # type: ignore[arg-type]


def marked_headline(marker: Marker | None, text: str) -> Markup:
    """Return all of a text, with what a query matches in it."""
    if marker is None:
        return escape(text)
    return _marked(text, marker.hit(replace(_RECORD, headline=text)).headline_marks)


def marked_snippet(marker: Marker | None, lede: str | None, body: str) -> Markup:
    """Return the part of a text around the first matches; its beginning if there is none."""
    if marker is None:
        return escape(cut("\n".join(part for part in (lede, body) if part), SNIPPET))
    hit = marker.hit(replace(_RECORD, lede=lede, body=body))
    return _marked(hit.snippet, hit.snippet_marks)


def only_marks(text: str) -> Markup:
    """Return HTML of which nothing is left but text and whole <mark>…</mark>, wherever it comes from."""
    parts: list[Markup] = []
    is_open = False
    for part in _MARK.split(text):
        if part == ("</mark>" if is_open else "<mark>"):
            is_open = not is_open
            parts.append(Markup(part))  # noqa: S704 - one of our two tags
        elif not _MARK.fullmatch(part):
            parts.append(escape(html.unescape(part)))
    return Markup("").join([*parts, Markup("</mark>")] if is_open else parts)


def cut(text: str, longest: int) -> str:
    """Return the beginning of a text, «…» where it is cut; 0 is no limit."""
    return text if not longest or len(text) <= longest else f"{text[:longest].rstrip()}…"


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    parts: list[Markup] = []
    at = 0
    for start, end in spans:
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])
