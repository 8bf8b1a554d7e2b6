"""What the indexes are asked for: a query's tree as SQL, in each of its readings. Pure.

A looser reading finds all that the query finds as it is typed, and more: bare forms have one spelling of a name and no article, so a
prefix, a name of several words or a mistaken clitic would else find less. What must not be there is always meant as it is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from newsarchive.arabic import Lexicon
from newsarchive.archive.query import Either, Every, Node, Reading, Term, exact, is_plain, loose

Index = Literal["articles_fts", "articles_stems"]
Step = Literal["UNION", "INTERSECT", "EXCEPT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Articles: those that an index answers with, then more or fewer of them.

    Attributes:
        index: the index.
        text: what it is asked for, in its own language.
        then: what is done with them, from left to right.
    """

    index: Index
    text: str
    then: tuple[tuple[Step, Match], ...] = ()

    def select(self, within: tuple[int, ...] = ()) -> tuple[str, list[object]]:
        """Return SQL for the rowids, in order, and the values of its parameters.

        SQLite merges what two indexes answer in order, so the first rows do not wait for the last.

        Args:
            within: the first and the last rowid that count, if not all do.
        """
        sql = f"SELECT rowid FROM {self.index} WHERE {self.index} MATCH ?{BETWEEN if within else ''}"  # noqa: S608 - our own names
        values: list[object] = [self.text, *within]
        for step, other in self.then:
            inner, more = other.select(within)
            sql += f" {step} {f'SELECT rowid FROM ({inner})' if other.then else inner}"  # noqa: S608 - the same
            values += more
        return f"{sql} ORDER BY rowid" if self.then else sql, values


def matching(node: Node, lexicon: Lexicon, reading: Reading) -> Match | None:
    """Write what finds the articles of a query; None if nothing in it can be read more loosely.

    Raises:
        QueryError: more words than an index should be asked for at once.
    """
    as_typed = Match(index="articles_fts", text=exact(node, lexicon))
    if reading == "words":
        return as_typed
    looser = _looser(node, lexicon, reading)
    return looser and _chained([looser, as_typed], "UNION")


def _looser(node: Node, lexicon: Lexicon, reading: Reading) -> Match | None:
    """Write what finds a query's words in a looser reading, but prefixes, and what must not be there, as they are typed."""
    if is_plain(node):
        text = loose(node, lexicon, reading)
        return Match(index="articles_stems", text=text) if text else None
    if isinstance(node, Term):
        return Match(index="articles_fts", text=exact(node, lexicon))
    kind = Every if isinstance(node, Every) else Either
    plain = kind(parts=tuple(filter(is_plain, node.parts)))
    parts = dict.fromkeys([plain, *(part for part in node.parts if not is_plain(part))])
    found = [match for part in parts if (match := _looser(part, lexicon, reading))]
    if not found:
        return None
    joined = _chained(found, "INTERSECT" if kind is Every else "UNION")
    if isinstance(node, Every) and node.without:
        absent = Match(index="articles_fts", text=exact(Either(parts=node.without), lexicon))
        return _chained([joined, absent], "EXCEPT")
    return joined


def _chained(matches: list[Match], step: Step) -> Match:
    first, *others = matches
    return replace(first, then=(*first.then, *((step, other) for other in others)))


BETWEEN = " AND rowid BETWEEN ? AND ?"
