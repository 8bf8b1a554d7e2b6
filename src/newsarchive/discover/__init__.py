"""Where articles are: feeds and listings, each read to entries."""

from __future__ import annotations

from newsarchive.discover.feeds import parse_feed
from newsarchive.discover.listings import parse_listing

__all__ = ["parse_feed", "parse_listing"]
