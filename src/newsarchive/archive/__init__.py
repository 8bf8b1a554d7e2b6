"""The archive: one SQLite file for people, one beside it for the pages. Only this package speaks SQL.

What searching does not need is resolved when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsarchive.archive.marking import Hit
from newsarchive.archive.records import Record
from newsarchive.archive.search import Archive, parse_day

if TYPE_CHECKING:
    from newsarchive.archive.copies import Story
    from newsarchive.archive.feeds import FeedStatus
    from newsarchive.archive.past import Gone, Provenance, Revision

__all__ = ["Archive", "FeedStatus", "Gone", "Hit", "Provenance", "Record", "Revision", "Story", "parse_day"]

_HOMES = {
    "FeedStatus": "feeds",
    "Gone": "past",
    "Provenance": "past",
    "Revision": "past",
    "Story": "copies",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name in _HOMES:
        return getattr(import_module(f"newsarchive.archive.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
