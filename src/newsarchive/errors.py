"""What a user can act on; everything an outlet or the network does is an outcome, not an exception.

NewsArchiveError
├── ConfigError      a mistake in feeds.toml or in an argument: exit 2
├── FeedError        bytes that are no feed; `.reason` is the slug
├── QueryError       a search that cannot be understood
├── InterruptedRunError  a signal ended the run: exit 128 + its number
└── ArchiveError     the archive cannot be used: exit 5
    └── LockedError  another run holds it: exit 75
"""

from __future__ import annotations


class NewsArchiveError(Exception):
    """The root of every exception that newsarchive raises on purpose; its text is one clear line."""


class ConfigError(NewsArchiveError):
    """A mistake in the configuration: which file, which table, which key, and what to write instead."""


class FeedError(NewsArchiveError):
    """Bytes that are no feed.

    Attributes:
        reason: a stable slug, for example `empty`, `not-a-feed`, `sitemap`.
    """

    def __init__(self, message: str, reason: str = "not-a-feed") -> None:
        super().__init__(message, reason)  # both, so that it crosses a process boundary whole
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[0])


class QueryError(NewsArchiveError):
    """A search that cannot be understood, with a hint."""


class ArchiveError(NewsArchiveError):
    """The archive cannot be used: damaged, too new, not ours, unwritable, or the disk is full."""


class LockedError(ArchiveError):
    """Another run holds the archive; the text names its process and since when."""


class InterruptedRunError(NewsArchiveError):
    """A signal ended the run early; every finished article is kept.

    Attributes:
        signal: its number.
    """

    def __init__(self, signal: int) -> None:
        super().__init__("interrupted; every finished article is kept, the next fetch goes on from here")
        self.signal = signal
