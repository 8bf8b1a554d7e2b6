"""Fetch news outlets into one SQLite archive: the article and only the article, with source, date and headline.

The public names are resolved when they are first asked for (PEP 562), so that reading an archive imports neither an
HTTP client nor an extractor.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsarchive.arabic.dates import parse_date
    from newsarchive.archive import Archive
    from newsarchive.discover import parse_feed
    from newsarchive.errors import (
        ArchiveError,
        ConfigError,
        FeedError,
        LockedError,
        NewsArchiveError,
        QueryError,
    )
    from newsarchive.extract import extract
    from newsarchive.models import Article, Entry, Rejected, Source

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "ConfigError",
    "Entry",
    "FeedError",
    "LockedError",
    "NewsArchiveError",
    "QueryError",
    "Rejected",
    "Source",
    "extract",
    "parse_date",
    "parse_feed",
]

_HOMES = {
    "Archive": "newsarchive.archive",
    "extract": "newsarchive.extract",
    "parse_date": "newsarchive.arabic.dates",
    "parse_feed": "newsarchive.discover",
    **dict.fromkeys(("Article", "Entry", "Rejected", "Source"), "newsarchive.models"),
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("newsarchive")
    if name not in __all__:
        raise AttributeError(f"module 'newsarchive' has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "newsarchive.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
