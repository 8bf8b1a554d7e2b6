"""How a value is shown: pure, from a value to HTML in which everything that came from outside is escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from newsarchive.archive.marking import Marker
from newsarchive.datasette.marks import SNIPPET, cut, marked_headline, marked_snippet, only_marks
from newsarchive.urls import is_web_address

# What people wrote, in whatever script; its direction is its own.
_TEXTS = frozenset(
    {
        "headline", "headline_before", "lede", "body", "byline", "section", "caption", "tags", "summary", "name", "name_en", "detail",
    }
)  # fmt: skip
_MARKED = frozenset({"snippet", "headline_marked"})  # HTML of our functions, or of whoever names a column so
_HASHES = frozenset({"page", "hash", "text", "content", "etag_page"})
_HASH = re.compile("[0-9a-f]{64}")
_SHOWN = 8  # characters of a hash
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:\S")
_LONGEST_ADDRESS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value is shown.

    Attributes:
        kind: in a list of rows, on the page of one row, or in what a query returns.
        marker: marks what a search looks for; None: nothing is looked for.
    """

    kind: Literal["list", "row", "query"]
    marker: Marker | None = None


def cell(value: object, column: str, place: Place, *, longest: int) -> Markup | None:
    """Return what a cell holds; None: Datasette shows it as any other, escaped.

    Args:
        value: as it stands in the database.
        column: its name.
        place: where it is shown.
        longest: characters of other texts in lists; 0 is no limit.
    """
    if not isinstance(value, str) or not value.strip():
        return None
    if column in _MARKED and place.kind == "query":
        return _text(only_marks(value))
    if _ADDRESS.match(value) and column not in _TEXTS:
        return _address(value.strip(), whole=place.kind == "row")
    if column in _HASHES and _HASH.fullmatch(value):
        return _hash(value, whole=place.kind == "row")
    if column in _TEXTS or _RIGHT_TO_LEFT.search(value):
        return _written(value, column, place, longest)
    return None


def _written(value: str, column: str, place: Place, longest: int) -> Markup:
    if place.kind == "row":
        return _paragraphs(value)
    if place.kind == "list" and column == "headline":
        return _text(marked_headline(place.marker, value))
    if place.kind == "list" and column in {"lede", "body"}:
        return _text(marked_snippet(place.marker, None, value))
    return _text(escape(cut(value, SNIPPET if place.kind == "list" else longest)))


def _text(shown: Markup) -> Markup:
    return Markup('<div class="newsarchive-text" dir="auto">{}</div>').format(shown)


def _paragraphs(value: str) -> Markup:
    lines = [line for line in value.split("\n") if line.strip()]
    inner = Markup("").join(Markup('<p dir="auto">{}</p>').format(line) for line in lines)
    return Markup('<div class="newsarchive-text">{}</div>').format(inner)


def _address(value: str, *, whole: bool) -> Markup:
    """Link a web address; whatever else looks like an address (`javascript:`, `data:`) stays text."""
    shown = value if whole else cut(value, _LONGEST_ADDRESS)
    if not is_web_address(value):
        return Markup('<bdi dir="ltr">{}</bdi>').format(shown)
    return Markup('<a dir="ltr" href="{}" title="{}" rel="noopener noreferrer nofollow">{}</a>').format(
        value, value, shown
    )


def _hash(value: str, *, whole: bool) -> Markup:
    return Markup('<code title="{}">{}</code>').format(value, value if whole else f"{value[:_SHOWN]}…")
