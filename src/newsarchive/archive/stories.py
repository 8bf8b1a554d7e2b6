"""Stories: articles that are copies of one another. Copies of copies are one story.

Whether two articles are copies is told by their texts and outlets alone (`likeness`), so the same articles are the same stories in whatever
order they came, fetched or merged, but for one cap: a print that more than a hundred articles have is everybody's phrase, and finds
nothing. Of a text that more than a hundred have, those that come later stand apart; when the indexes are filled anew, all of them do.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter

from newsarchive.archive.index import joined
from newsarchive.archive.likeness import Text, are_copies, likely_shared, text_of

_COMMON = 100  # articles


def settle(connection: sqlite3.Connection) -> None:
    """Find the stories of the articles whose text or outlet is new or has changed; the caller holds a transaction.

    The triggers on `articles` name them in `unsettled`, together with the other articles of a story that lost one. What stands there when
    a transaction ends is settled in it, so a killed writer leaves nothing behind.
    """
    waiting = [row[0] for row in connection.execute("SELECT article FROM unsettled ORDER BY article")]
    if not waiting:
        return
    connection.execute(
        "UPDATE articles SET story = NULL WHERE id IN (SELECT article FROM unsettled) AND story IS NOT NULL"
    )
    for article in waiting:
        copies = _copies(connection, article)
        if copies:
            _join(connection, [article, *copies])
    connection.execute("DELETE FROM unsettled")


def _join(connection: sqlite3.Connection, copies: list[int]) -> None:
    """Make one story of articles and the stories that they are of; it is named by its smallest id."""
    members = json.dumps(copies)
    stories = [row[0] for row in connection.execute(_STORIES, (members,))]
    connection.execute(_NAME, {"story": min(stories), "members": members, "stories": json.dumps(stories)})


def _copies(connection: sqlite3.Connection, article: int) -> list[int]:
    """Return the articles that are copies of one; of a story that has it, or one of them, the others are not compared."""
    own = connection.execute(_ARTICLE, (article,)).fetchone()
    text, found, stories = _text(own), [], {own["story"]}
    for other, shared in _having(connection, text).most_common():
        if shared < likely_shared(text, same_source=False):
            break
        row = connection.execute(_ARTICLE, (other,)).fetchone()
        if other == article or (row["story"] is not None and row["story"] in stories):
            continue
        same = row["source"] == own["source"]
        if shared >= likely_shared(text, same_source=same) and are_copies(text, _text(row), same_source=same):
            found.append(other)
            stories.add(row["story"])
    return found


def _having(connection: sqlite3.Connection, text: Text) -> Counter[int]:
    """Count of each article how many of the text's prints it has, but for those that everybody has."""
    having = connection.execute(_HAVING, (json.dumps(list(text.prints)), _COMMON))
    return Counter(row[0] for row in having)


def _text(row: sqlite3.Row) -> Text:
    return text_of(joined(row["lede"], row["body"]))


_ARTICLE = "SELECT source, story, lede, body FROM articles WHERE id = ?"
_HAVING = """
SELECT p.article FROM json_each(?) AS own CROSS JOIN prints AS p ON p.hash = own.value
WHERE NOT EXISTS (SELECT 1 FROM prints WHERE hash = own.value LIMIT 1 OFFSET ?)"""
_STORIES = "SELECT DISTINCT coalesce(story, id) FROM articles WHERE id IN (SELECT value FROM json_each(?))"
_NAME = """
UPDATE articles SET story = :story
WHERE (id IN (SELECT value FROM json_each(:members)) OR story IN (SELECT value FROM json_each(:stories))) AND story IS NOT :story"""
