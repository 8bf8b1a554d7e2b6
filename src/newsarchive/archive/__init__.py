"""The archive: one SQLite file for people, one beside it for the pages. Only this package speaks SQL.

`FeedStatus` is resolved when it is asked for, since searching needs no feeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsarchive.archive.search import Archive, Hit, Record, parse_day

if TYPE_CHECKING:
    from newsarchive.archive.feeds import FeedStatus

__all__ = ["Archive", "FeedStatus", "Hit", "Record", "parse_day"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name == "FeedStatus":
        from newsarchive.archive.feeds import FeedStatus  # noqa: PLC0415 - only `feeds list` needs it

        return FeedStatus
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
