"""The archive: one SQLite file for people, one beside it for the pages. Only this package speaks SQL."""

from __future__ import annotations

from newsarchive.archive.search import Archive, FeedStatus, Hit, Record, parse_day

__all__ = ["Archive", "FeedStatus", "Hit", "Record", "parse_day"]
