"""The search indexes: what fills them, and when they must be filled again.

`articles_fts` holds what an article is found by, `articles_stems` what it is ranked by. The triggers on `articles` call the
functions that `register` gives to a connection; a program without them cannot change an article behind the indexes' back.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from newsarchive.arabic import FOLD_VERSION, Lexicon, fold_word, lexicon, words_of
from newsarchive.arabic.expansion import Group
from newsarchive.arabic.stems import FORM_MARK, MARK
from newsarchive.arabic.text import without_accusatives
from newsarchive.archive.likeness import text_of
from newsarchive.errors import ArchiveError

_OFTEN = 3  # times; a word that stands there more often tells no more


class Terms(NamedTuple):
    """The terms of one article, as its columns in the indexes hold them.

    Attributes:
        norm: the folded text.
        forms: the words that `norm` lacks, then the headline's words and their forms, marked.
        once: what is ranked of lede and body: the terms that stand there once.
        twice: those that stand there twice.
        often: those that stand there more often.
        headline: the terms of the headline.
        prints: of lede and body, by which copies are found; a JSON list.
    """

    norm: str
    forms: str
    once: str
    twice: str
    often: str
    headline: str
    prints: str


def register(connection: sqlite3.Connection, groups: tuple[Group, ...] = ()) -> None:
    """Give the triggers the functions that they call; `groups` are further spellings, see `Lexicon`."""
    terms = lru_cache(maxsize=2)(_terms_by(lexicon(groups)))  # a trigger asks for each column of an article
    connection.create_function("newsarchive_text", 2, _printed, deterministic=True)
    for column in Terms._fields:
        connection.create_function(f"newsarchive_{column}", 3, _column(terms, column), deterministic=True)


def joined(*parts: str | None) -> str:
    """Join the parts of an article that there are, one a line."""
    return "\n".join(part for part in parts if part)


def _printed(*parts: str | None) -> str:
    return without_accusatives(joined(*parts))


def groups_of(connection: sqlite3.Connection) -> tuple[Group, ...]:
    """Return the further spellings by which the indexes of an archive are filled.

    Raises:
        ValueError: what stands there is no list of lists of texts.
    """
    row = connection.execute("SELECT value FROM meta WHERE key = 'variants'").fetchone()
    groups = json.loads(row[0]) if row else []
    if not _is_list_of(groups, lambda group: _is_list_of(group, lambda one: isinstance(one, str))):
        raise ValueError("variants of another kind")
    return tuple(map(tuple, groups))


def _is_list_of(value: object, is_one: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and all(map(is_one, value))


def is_current(connection: sqlite3.Connection, groups: tuple[Group, ...] | None = None) -> bool:
    """Whether the rules of today filled the indexes; when no article is in them yet, with these further spellings, if any.

    Deleting from a contentless index with other terms than were stored leaves ghosts, which no integrity check sees: with other
    rules, it is filled anew. Other spellings wait until that is asked for, since it takes an hour for a million articles.
    """
    if _filled_by(connection) != str(FOLD_VERSION):
        return False
    others = groups is not None and groups != groups_of(connection)
    return not others or connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None


def outdated(connection: sqlite3.Connection) -> str | None:
    """Return what to tell people if other rules than today's filled the indexes; else None. They can be searched all the same."""
    if _filled_by(connection) == str(FOLD_VERSION):
        return None
    if _is_newer(connection):
        return "the search index was filled by a newer newsarchive, so not all may be found; upgrade this one"
    return "the search index was filled by other rules, so not all may be found; the next fetch brings it up to date, or at once reindex"


def _filled_by(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'fold_version'").fetchone()
    return row[0] if row else None


def _is_newer(connection: sqlite3.Connection) -> bool:
    filled = _filled_by(connection) or ""
    return filled.isdecimal() and int(filled) > FOLD_VERSION


def refill(connection: sqlite3.Connection, groups: tuple[Group, ...] | None = None) -> None:
    """Fill the indexes anew, by further spellings or those that it has; the caller holds a transaction.

    Raises:
        ArchiveError: a newer newsarchive filled them; they are left as they are.
    """
    if _is_newer(connection):
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        filled = _filled_by(connection)
        raise ArchiveError(
            f"{path}: was written by a newer newsarchive (rules of search {filled}, this one knows {FOLD_VERSION}); upgrade it"
        )
    groups = groups_of(connection) if groups is None else groups
    register(connection, groups)
    for index, fill in FILL.items():
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")  # noqa: S608 - our own names
        connection.execute(fill)
    merge_segments(connection)
    for statement in _PRINT_AGAIN:
        connection.execute(statement)
    known = [("fold_version", str(FOLD_VERSION)), ("variants", json.dumps(groups, ensure_ascii=False))]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", known)


def merge_segments(connection: sqlite3.Connection) -> None:
    """Write each index anew as one segment: older ones still hold the words of what was deleted."""
    for index in FILL:
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608 - our own names


def _terms_by(words: Lexicon) -> Callable[[str, str | None, str], Terms]:
    def terms(headline: str, lede: str | None, body: str) -> Terms:
        head, text = words_of(headline), text_of(joined(lede, body))
        head_folded, rest = list(map(fold_word, head)), text.printed
        folded = head_folded + text.folded
        head_forms = dict.fromkeys(map(fold_word, words.forms_of(head, head_folded)))
        of_headline = [
            *(MARK + word for word in head_folded),
            *(FORM_MARK + form for form in head_forms if form not in head_folded),
        ]
        counted = Counter(term for pair in words.rank_terms(rest) for term in pair)
        once, twice, often = (
            " ".join(term for term, times in counted.items() if min(times, _OFTEN) == number)
            for number in range(1, _OFTEN + 1)
        )
        return Terms(
            norm=" ".join([*head_folded, MARK, *text.folded]),  # the mark: no phrase reaches over
            forms=" ".join([*words.forms_of(head + rest, folded), *of_headline]),
            once=once,
            twice=twice,
            often=often,
            headline=" ".join(dict.fromkeys(term for pair in words.rank_terms(head) for term in pair)),
            prints=json.dumps(sorted(text.prints)),
        )

    return terms


def _column(
    terms: Callable[[str, str | None, str], Terms], name: str
) -> Callable[[str, str | None, str], str]:
    def column(headline: str, lede: str | None, body: str) -> str:
        return str(getattr(terms(headline, lede, body), name))

    return column


_PRINT_AGAIN = (
    "DELETE FROM prints",
    """
INSERT INTO prints (hash, article)
SELECT p.value, a.id FROM articles AS a, json_each(newsarchive_prints(a.headline, a.lede, a.body)) AS p ORDER BY 1""",
    "UPDATE articles SET story = NULL WHERE story IS NOT NULL",
    "INSERT INTO unsettled SELECT id FROM articles WHERE true ON CONFLICT DO NOTHING",
)
FILL = {
    "articles_fts": """
INSERT INTO articles_fts(rowid, headline, body, norm, forms)
SELECT id, newsarchive_text(NULL, headline), newsarchive_text(lede, body), newsarchive_norm(headline, lede, body), newsarchive_forms(headline, lede, body)
FROM articles""",
    "articles_stems": """
INSERT INTO articles_stems(rowid, once, twice, often, headline)
SELECT id, newsarchive_once(headline, lede, body), newsarchive_twice(headline, lede, body), newsarchive_often(headline, lede, body),
    newsarchive_headline(headline, lede, body)
FROM articles""",
}
