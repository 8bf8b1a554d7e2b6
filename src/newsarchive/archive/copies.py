"""Stories as readers see them: how many articles tell one, in how many outlets, and who was first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from newsarchive.archive.records import RECORDS, Record, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is known of a story; an article of which no copy is known is one of its own.

    Attributes:
        id: the smallest id of its articles.
        articles: how many they are.
        sources: how many outlets have them.
        first: id of the article that was first, by what its outlet claims: by `sort_at`.
        first_source: key of that one's source.
        first_date: its day there; None if none is certain.
        first_url: its address.
    """

    id: int
    articles: int
    sources: int
    first: int
    first_source: str
    first_date: str | None
    first_url: str


class Member(NamedTuple):
    """An article of a story."""

    id: int
    source: str
    date: str | None
    url: str


def members(connection: sqlite3.Connection, of: Iterable[Record]) -> dict[int, list[Member]]:
    """Return of each article all articles of its story, itself included, the first one first.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    told = list(of)
    stories = json.dumps([one.story for one in told if one.story is not None])
    rows = connection.execute(_MEMBERS, (stories,))
    found = {
        story: [Member(*row[1:]) for row in group]
        for story, group in groupby(map(tuple, rows), key=lambda row: row[0])
    }
    return {one.id: found.get(one.story, [Member(one.id, one.source, one.date, one.url)]) for one in told}


def story(told: list[Member]) -> Story:
    """Sum up a story from its articles, the first one first."""
    first = told[0]
    return Story(
        id=min(one.id for one in told),
        articles=len(told),
        sources=len({one.source for one in told}),
        first=first.id,
        first_source=first.source,
        first_date=first.date,
        first_url=first.url,
    )


def copies(connection: sqlite3.Connection, article: int) -> tuple[Record, ...]:
    """Return the articles that are copies of one, the first one first, without itself.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    return tuple(map(record, connection.execute(_COPIES, (article, article))))


def one_each(connection: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Return of each story the first of these ids, in their order.

    Raises:
        sqlite3.Error: the archive cannot be read.
    """
    stories = {row[0]: row[1] for row in connection.execute(_STORIES, (json.dumps(ids),))}
    firsts: dict[int, int] = {}
    for one in ids:
        firsts.setdefault(stories.get(one, one), one)
    return list(firsts.values())


_MEMBERS = """
SELECT story, id, source, date, url FROM articles WHERE story IN (SELECT value FROM json_each(?)) ORDER BY story, sort_at, id"""
_COPIES = (
    RECORDS + "a.story = (SELECT story FROM articles WHERE id = ?) AND a.id <> ? ORDER BY a.sort_at, a.id"  # noqa: S608 - our own constant
)
_STORIES = "SELECT id, story FROM articles WHERE story IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
