"""What a search finds, as much of it as is asked for: hits, ids, a number, and what a looser reading would find."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from newsarchive.arabic import Lexicon
from newsarchive.archive.files import explained
from newsarchive.archive.finding import Filters, Sort, best, best_of_any, count, count_stories, in_order
from newsarchive.archive.marking import Hit, Marker
from newsarchive.archive.matching import Match, matching
from newsarchive.archive.query import (
    Node,
    Reading,
    as_read,
    exact,
    forbids,
    is_plain,
    loose,
    rank_words,
)
from newsarchive.archive.records import Record, records

_AT_ONCE = 200  # records that are held
_ALL = 1 << 62
_LOOSER: dict[Reading, tuple[Reading, ...]] = {"words": ("forms", "stems"), "forms": ("stems",)}


class Found:
    """A search of an archive; nothing is read until it is asked for. Made by `Archive.find`.

    Args:
        connection: to the main file.
        path: the main file.
        node: the query.
        lexicon: of the archive.
        filters: what articles must be besides.
        reading: how the words are meant, function words alone as typed; None: any of them, in any form.
        stories: of articles that are copies of one another only the first is meant, in the order that is asked for.

    Raises:
        QueryError: an index cannot be asked this.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        node: Node,
        lexicon: Lexicon,
        filters: Filters,
        *,
        reading: Reading | None,
        stories: bool = False,
    ) -> None:
        self._connection, self._path, self._filters = connection, path, filters
        self._stories = stories
        self._lexicon = lexicon
        self._node = as_read(node, lexicon, None) if reading is None else node
        match = self._match(reading)
        self._reading = reading if match else "words"
        self.match = match or Match(index="articles_fts", text=exact(self._node, lexicon))

    def hits(
        self,
        limit: int | None = 20,
        sort: Sort | None = None,
        *,
        only: Callable[[int], bool] = bool,
    ) -> Iterator[Hit]:
        """Yield articles with what matches in them.

        Args:
            limit: the most articles that are looked at; None: all.
            sort: the order; None: best first if any word will do, else newest first.
            only: whether the article of a number is wanted; a story is if all of its articles are, also those that do not match.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        marker = Marker(self._node, self._lexicon, self._reading)
        ids = self.ids(limit, sort)
        for at in range(0, len(ids), _AT_ONCE):
            with explained(self._path):
                found = list(records(self._connection, ids[at : at + _AT_ONCE]))
            if self._stories:
                yield from self._told(found, marker, only)
            else:
                yield from (marker.hit(record) for record in found if only(record.id))

    def ids(self, limit: int | None = 20, sort: Sort | None = None) -> list[int]:
        """Return the articles' numbers, in the order of `hits`; `limit` None: all.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        most = _ALL if limit is None else limit
        with explained(self._path):
            return self._of_stories(most, sort) if self._stories else self._ids(most, sort)

    def count(self) -> int:
        """Return how many there are: articles, or stories.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        with explained(self._path):
            return self._count(self.match)

    def looser(self) -> list[tuple[Reading, int]]:
        """Return the looser readings that find more, each more than the one before, and how many articles.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        found: list[tuple[Reading, int]] = []
        most = self.count()
        for reading in _LOOSER.get(self._reading, ()) if self._reading else ():
            match = self._match(reading)
            with explained(self._path):
                number = self._count(match) if match else 0
            if number > most:
                found.append((reading, number))
                most = number
        return found

    def _count(self, match: Match) -> int:
        how = count_stories if self._stories else count
        return how(self._connection, match, self._filters)

    def _told(self, found: list[Record], marker: Marker, only: Callable[[int], bool]) -> Iterator[Hit]:
        """Yield each article with its story, if all articles of that are wanted."""
        from newsarchive.archive.copies import members, story  # noqa: PLC0415 - search must start at once

        with explained(self._path):
            told = members(self._connection, found)
        for record in found:
            if all(only(one.id) for one in told[record.id]):
                yield replace(marker.hit(record), story=story(told[record.id]))

    def _of_stories(self, limit: int, sort: Sort | None) -> list[int]:
        """Return one article of each story; how many must be looked at for that is found out."""
        from newsarchive.archive.copies import one_each  # noqa: PLC0415 - search must start at once

        asked = limit
        while True:
            ids = self._ids(asked, sort)
            firsts = one_each(self._connection, ids)[:limit]
            if len(firsts) == limit or len(ids) < asked:
                return firsts
            asked *= 4

    def _ids(self, limit: int, sort: Sort | None) -> list[int]:
        if sort in {"newest", "oldest"} or (sort is None and self._reading):
            return in_order(self._connection, self.match, self._filters, limit, oldest=sort == "oldest")
        return self._best_of_all(limit) if self._reading else self._best_of_any(limit)

    def _match(self, reading: Reading | None) -> Match | None:
        node = as_read(self._node, self._lexicon, reading)
        # Words of the same bare form have the same skeleton.
        return matching(node, self._lexicon, reading or "stems")

    def _best_of_any(self, limit: int) -> list[int]:
        words = rank_words(self._node, self._lexicon)
        among = self.match if forbids(self._node) else None
        return self._filled_up(best_of_any(self._connection, words, self._filters, limit, among=among), limit)

    def _best_of_all(self, limit: int) -> list[int]:
        text = loose(self._node, self._lexicon, "stems" if self._reading == "stems" else "forms")
        among = None if self._reading != "words" and is_plain(self._node) else self.match
        ids = best(self._connection, text, self._filters, limit, among=among) if text else []
        return self._filled_up(ids, limit)

    def _filled_up(self, ids: list[int], limit: int) -> list[int]:
        """Add those that the ranking left out, such as matches of function words alone, newest first."""
        if len(ids) == limit:
            return ids
        known = set(ids)
        rest = in_order(self._connection, self.match, self._filters, min(limit + len(ids), _ALL))
        return [*ids, *(one for one in rest if one not in known)][:limit]
