"""The search index: what fills it, and when it must be filled again.

The triggers on `articles` call the functions that `register` gives to a connection; a program without them cannot
change an article behind the index's back.
"""

from __future__ import annotations

import sqlite3

from newsarchive.arabic import FOLD_VERSION, fold, forms


def register(connection: sqlite3.Connection) -> None:
    """Give the triggers the functions that they call."""
    connection.create_function("newsarchive_text", 2, joined, deterministic=True)
    connection.create_function("newsarchive_norm", 3, _norm, deterministic=True)
    connection.create_function("newsarchive_forms", 3, _forms, deterministic=True)


def refill_if_stale(connection: sqlite3.Connection) -> None:
    """Fill the index anew if rules of another version filled it; the caller holds a transaction.

    Deleting from a contentless index with other terms than were stored leaves ghosts, which no integrity check sees.
    """
    filled = connection.execute("SELECT value FROM meta WHERE key = 'fold_version'").fetchone()
    if filled and filled[0] == str(FOLD_VERSION):
        return
    connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
    connection.execute(_REFILL)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('fold_version', ?)", (str(FOLD_VERSION),))


def joined(*parts: str | None) -> str:
    """Join the parts of an article that there are, one a line."""
    return "\n".join(part for part in parts if part)


def _norm(*parts: str | None) -> str:
    return fold(joined(*parts))


def _forms(*parts: str | None) -> str:
    return " ".join(forms(joined(*parts)))


_REFILL = """
INSERT INTO articles_fts(rowid, headline, body, norm, forms)
SELECT id, headline, newsarchive_text(lede, body), newsarchive_norm(headline, lede, body), newsarchive_forms(headline, lede, body)
FROM articles"""
