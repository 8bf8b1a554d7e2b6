"""SQL functions of a connection to an archive.

    escape_fts(QUERY)                     what articles_fts is asked for; replaces Datasette's own, so its search box folds
    newsarchive_mark(QUERY, TEXT)         HTML of a text, its matches in <mark>
    newsarchive_snippet(QUERY, LEDE, BODY) HTML of the part around the first matches
    newsarchive_best(QUERY, LIMIT)        a JSON list of the ids of articles, best first

None of them raises for what a person may type.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from newsarchive.arabic import Lexicon, lexicon
from newsarchive.archive.finding import Filters
from newsarchive.archive.found import Found
from newsarchive.archive.index import groups_of
from newsarchive.archive.marking import Marker
from newsarchive.archive.query import exact, parse
from newsarchive.datasette.marks import marked_headline, marked_snippet
from newsarchive.errors import NewsArchiveError, QueryError

NOTHING = '""'
"""What no article matches, in the language of FTS5."""
_CACHE = 128 << 10  # KiB; with SQLite's own 2 MB, counting takes twenty times as long
_MOST = 1_000  # articles, best first
_KEPT = 16  # markers; a query calls for one and the same in every row


def register(connection: sqlite3.Connection) -> None:
    """Give a connection to an archive its functions, and room for the index that SQLite counts a million articles by."""
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    words = lexicon(groups_of(connection))
    marker = marker_by(words)
    connection.create_function("escape_fts", 1, lambda query: matching(query, words))
    connection.create_function(
        "newsarchive_mark", 2, lambda query, text: str(marked_headline(marker(query), _text(text)))
    )
    connection.create_function(
        "newsarchive_snippet",
        3,
        lambda query, lede, body: str(marked_snippet(marker(query), _text(lede), _text(body))),
    )
    connection.create_function(
        "newsarchive_best", 2, lambda query, limit: _best(connection, words, query, limit)
    )


def matching(query: object, words: Lexicon) -> str:
    """Write what `articles_fts` is asked for; of what cannot be understood, something that nothing matches."""
    try:
        return exact(parse(str(query or "")), words) or NOTHING
    except QueryError:
        return NOTHING


def marker_by(words: Lexicon) -> Callable[[object], Marker | None]:
    """Return what makes the marker of a query; None of one that cannot be understood."""

    @lru_cache(maxsize=_KEPT)
    def marker(query: object) -> Marker | None:
        try:
            return Marker(parse(str(query or "")), words, "words")
        except QueryError:
            return None

    return marker


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _best(connection: sqlite3.Connection, words: Lexicon, query: object, limit: object) -> str:
    try:
        most = max(0, min(int(str(limit)), _MOST))
        found = Found(connection, Path(), parse(str(query or "")), words, Filters(), reading="words")
        return json.dumps(found.ids(most, "best"))
    except (NewsArchiveError, ValueError):
        return "[]"
