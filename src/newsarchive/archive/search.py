"""Reading an archive: search, one article, the state of its feeds. Standard library only, so that it starts at once.

The index holds folded text and stripped forms beside the text as printed, so a query is folded the same way and looked
for among those. What is shown is always the ORIGINAL text: its tokens are matched again, with their spans.
"""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsarchive.arabic import fold, fold_word, forms, word_spans
from newsarchive.archive.files import explained, moment, open_to_read
from newsarchive.errors import QueryError

if TYPE_CHECKING:
    from typing import BinaryIO

    from newsarchive.archive.export import Form
    from newsarchive.archive.feeds import FeedStatus
    from newsarchive.archive.past import Gone, Provenance, Revision

_CUT = "…"
_SNIPPET = 220  # characters of body around the matches
_MOST_TERMS = 64  # of one query; what is pasted beyond that is cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article as it stands in the archive; the columns of `articles` that people read."""

    id: int
    source: str
    source_name: str
    date: str | None
    headline: str
    lede: str | None
    body: str
    byline: str | None
    section: str | None
    url: str
    published: datetime | None
    date_from: str | None
    language: str | None
    tags: tuple[str, ...]
    caption: str | None
    first_seen: datetime
    fetched_at: datetime
    page: str | None
    hash: str
    extractor: str
    revisions: int
    revised_at: datetime | None
    gone_since: datetime | None
    gone_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found.

    Attributes:
        record: the article.
        headline_marks: spans (start, end) of the headline that match.
        snippet: the part of lede and body around the first matches, in the original spelling; «…» where it is cut.
        snippet_marks: spans of the snippet that match.
    """

    record: Record
    headline_marks: tuple[tuple[int, int], ...]
    snippet: str
    snippet_marks: tuple[tuple[int, int], ...]


class Archive:
    """An archive open for reading.

    Args:
        path: the main file, such as `news.db`.

    Raises:
        ArchiveError: missing, damaged, too new, or another program's.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).resolve()
        self._connection = open_to_read(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def search(
        self,
        query: str,
        *,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Find articles that hold every word of `query`, newest first; a part in quotes is a phrase.

        Args:
            query: as a person types it, hamzas or not.
            source: a source's key.
            since: the first day.
            until: the last day.
            limit: the most hits to return.

        Raises:
            QueryError: there is no word in it, no such source, or no day between the two.
        """
        terms = _terms(query)
        self._check(source, since, until)
        where, values = filters(source, since, until)
        sql = _SEARCH.format(where=where)
        with explained(self.path):
            records = [_record(row) for row in self._connection.execute(sql, (_match(terms), *values, limit))]
        marker = _Marker(terms)
        return tuple(map(marker.hit, records))

    def export(
        self,
        form: Form,
        out: Path | BinaryIO,
        *,
        query: str | None = None,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
        excel: bool = False,
    ) -> int:
        """Write articles to a file or a stream, oldest first, all of one moment, and return how many.

        Args:
            form: what to write; see docs/export.md.
            out: a file, written aside and renamed when whole, or a stream. If nothing is found, nothing is written.
            query: as in `search`, like the filters; None: all articles.
            source: a source's key.
            since: the first day.
            until: the last day.
            limit: only so many, the newest.
            excel: write CSV as Excel needs it.

        Raises:
            QueryError: as in `search`.
            ConfigError: `form`, `out` and `excel` do not go together, or the form needs a library that is not installed.
            ArchiveError: the file `out` cannot be written.
            OSError: the stream `out` cannot.
        """
        from newsarchive.archive.export import export  # noqa: PLC0415 - search must start at once

        self._check(source, since, until)
        where, values = filters(source, since, until)
        if query is not None:
            where, values = _FOUND + where, [_match(_terms(query)), *values]
        return export(
            self._connection, self.path, form, out, where=where, values=values, limit=limit, excel=excel
        )

    def _check(self, source: str | None, since: date | None, until: date | None) -> None:
        if since and until and since > until:
            raise QueryError(f"no day is from {since} on and up to {until}; exchange the two")
        with explained(self.path):
            known = [key for (key,) in self._connection.execute("SELECT key FROM sources ORDER BY key")]
        if source is not None and source not in known:
            raise QueryError(f"no source {source!r} in {self.path}; it has {', '.join(known) or 'none yet'}")

    def count(self) -> int:
        """Return the number of articles."""
        with explained(self.path):
            return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def article(self, which: str | int) -> Record | None:
        """Return an article by its id or by any address under which it is known; None if there is none."""
        text = str(which).strip()
        is_number = re.fullmatch("[0-9]{1,18}", text)
        sql, values = (_BY_ID, [int(text)]) if is_number else (_BY_URL, _spellings(text))
        with explained(self.path):
            rows = [row for value in values if (row := self._connection.execute(sql, (value,)).fetchone())]
            return _record(rows[0]) if rows else None

    def removal(self, address: str) -> str | None:
        """Return why the article at an address was removed for good; None if none was."""
        with explained(self.path):
            rows = [
                row
                for one in _spellings(address.strip())
                if (row := self._connection.execute(_REMOVAL, (one,)).fetchone())
            ]
            return str(rows[0][0]) if rows else None

    def revisions(self, article: int) -> tuple[Revision, ...]:
        """Return all texts of an article, oldest first; the last is the text of today."""
        from newsarchive.archive import past  # noqa: PLC0415 - search must start at once

        with explained(self.path):
            return past.revisions(self._connection, article)

    def absences(self, article: int) -> tuple[Gone, ...]:
        """Return the times at which an article was gone from its outlet, oldest first."""
        from newsarchive.archive import past  # noqa: PLC0415 - the same

        with explained(self.path):
            return past.absences(self._connection, article)

    def provenance(self, article: int) -> tuple[Provenance, ...]:
        """Return when and how each page of an article came, oldest first; the evidence is in the pages file.

        Raises:
            ArchiveError: the pages file cannot be used.
        """
        from newsarchive.archive import past  # noqa: PLC0415 - the same

        with explained(self.path):
            return past.provenance(self._connection, article, self.path)

    def page(self, key: str) -> bytes:
        """Return the bytes of a page, by their SHA-256.

        Raises:
            ArchiveError: they are not there, or damaged.
        """
        from newsarchive.archive import past  # noqa: PLC0415 - the same

        return past.page(self.path, key)

    def feeds(self) -> tuple[FeedStatus, ...]:
        """Return the state of every feed that was ever asked, by source."""
        from newsarchive.archive.feeds import read_feeds  # noqa: PLC0415 - search must start at once

        with explained(self.path):
            return read_feeds(self._connection)


def parse_day(text: str, *, now: datetime, last: bool = False) -> date:
    """Read a day as it is given to --since and --until: `2018`, `2018-01`, `2018-01-09`, or `7d` (days ago).

    Args:
        text: as typed; Arabic digits are fine.
        now: aware.
        last: whether a year or a month means its last day instead of its first.

    Raises:
        QueryError: it is none of these.
    """
    ago = re.fullmatch(r"\s*(\d{1,5})\s*d\s*", text)
    parts = re.fullmatch(r"\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?\s*", text)
    try:
        if ago:
            return (now.astimezone(UTC) - timedelta(days=int(ago[1]))).date()
        if parts:
            return _day([int(part) for part in parts.groups() if part], last=last)
    except (ValueError, OverflowError):
        pass
    raise QueryError(f"{text!r} is no day; write 2018, 2018-01, 2018-01-09 or 7d")


def _spellings(address: str) -> list[str]:
    """Return the addresses that a person may mean: as typed, or with another scheme, with or without a slash at the end."""
    from newsarchive.urls import canonical_url  # noqa: PLC0415 - search must start at once

    scheme, _, rest = address.rpartition("://")
    schemes = dict.fromkeys([scheme.lower() or "https", "https", "http"])
    paths = (rest, rest.removesuffix("/") if rest.endswith("/") else f"{rest}/")
    return [canonical_url(f"{scheme}://{path}") for path in paths for scheme in schemes]


def _day(parts: list[int], *, last: bool) -> date:
    first = date(*[*parts, 1, 1][:3])
    if not last or len(parts) == 3:  # noqa: PLR2004 - year, month and day
        return first
    following = date(first.year + 1, 1, 1) if len(parts) == 1 else (first + timedelta(days=31)).replace(day=1)
    return following - timedelta(days=1)


def _terms(query: str) -> list[list[str]]:
    """Split a query into terms, each a list of folded words that must stand together."""
    pieces = re.findall(r'["«“„]([^"»”“]*)["»”“]?|([^\s"«“„]+)', query[:10_000])
    terms = [term for quoted, plain in pieces if (term := fold(quoted or plain).split())]
    if not terms:
        raise QueryError(f'{query[:40]!r} holds no word to look for; type one or more words, or "a phrase"')
    return terms[:_MOST_TERMS]


def _match(terms: list[list[str]]) -> str:
    """Write terms as FTS5 does; they hold only letters and digits, so the quotes cannot be broken."""
    return " AND ".join(
        f'{{norm forms}} : "{term[0]}"' if len(term) == 1 else f'norm : "{" ".join(term)}"' for term in terms
    )


def filters(source: str | None, since: date | None, until: date | None) -> tuple[str, list[object]]:
    """The days are the outlets' own; `sort_at`, which is indexed, is UTC and may differ by a day."""
    clauses: list[tuple[str, list[object]]] = []
    if source is not None:
        clauses.append(("a.source = ?", [source]))
    if since is not None:
        clauses.append(
            ("a.sort_at >= ? AND coalesce(a.date, a.sort_at) >= ?", [_shift(since, -1), since.isoformat()])
        )
    if until is not None:
        clauses.append(
            (
                "a.sort_at < ? AND substr(coalesce(a.date, a.sort_at), 1, 10) <= ?",
                [_shift(until, 2), until.isoformat()],
            )
        )
    return "".join(f" AND {clause}" for clause, _ in clauses), [
        value for _, values in clauses for value in values
    ]


def _shift(day: date, days: int) -> str:
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return day.isoformat()


class _Marker:
    """Finds what a search matches in a text: single words, and phrases where their words stand together."""

    def __init__(self, terms: list[list[str]]) -> None:
        self._words = frozenset(term[0] for term in terms if len(term) == 1)
        self._phrases = [term for term in terms if len(term) > 1]
        # What matches ends with one of the words or with another form of one: quick to see, and few do.
        self._ends = tuple({*self._words, *(form for word in self._words for form in forms(word))})
        self._is_match = lru_cache(maxsize=1 << 15)(self._judge)  # a text repeats its words

    def hit(self, record: Record) -> Hit:
        text = "\n".join(part for part in (record.lede, record.body) if part)
        found = self._spans(text)
        start, end = _window(text, found)
        before, after = _CUT if start else "", _CUT if end < len(text) else ""
        shift = len(before) - start
        marks = tuple((a + shift, b + shift) for a, b in found if start <= a and b <= end)
        headline_marks = tuple(self._spans(record.headline))
        return Hit(
            record=record,
            headline_marks=headline_marks,
            snippet=before + text[start:end] + after,
            snippet_marks=marks,
        )

    def _spans(self, text: str) -> list[tuple[int, int]]:
        words = list(word_spans(text))
        found = {(start, end) for start, end in words if self._is_match(text[start:end])}
        folded = [fold_word(text[start:end]) for start, end in words] if self._phrases else []
        for phrase in self._phrases:
            found |= {(words[at][0], words[at + len(phrase) - 1][1]) for at in _places(folded, phrase)}
        return _outermost(found)

    def _judge(self, printed: str) -> bool:
        """Judge a word as the index did: by itself, or by its forms."""
        folded = fold_word(printed)
        return folded.endswith(self._ends) and (
            folded in self._words or not self._words.isdisjoint(forms(printed))
        )


def _outermost(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop the spans that lie within another."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def _places(words: list[str], phrase: list[str]) -> Iterator[int]:
    """Yield where the words of a phrase stand one after another."""
    for at in range(len(words) - len(phrase) + 1):
        if words[at] == phrase[0] and words[at : at + len(phrase)] == phrase:
            yield at


def _window(text: str, found: list[tuple[int, int]]) -> tuple[int, int]:
    """Choose the part of `text` to show: from a little before the match that most others follow closely."""
    if not found:
        return 0, _word_end(text, _SNIPPET)
    starts = [start for start, _ in found]
    best = max(range(len(starts)), key=lambda n: (bisect_left(starts, starts[n] + _SNIPPET * 3 // 4) - n, -n))
    start = max(0, found[best][0] - _SNIPPET // 4)
    start = start and text.rfind(" ", 0, start) + 1
    return start, max(_word_end(text, start + _SNIPPET), found[best][1])


def _word_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", 0, end)
    return space if space > end - 40 else end


def _record(row: sqlite3.Row) -> Record:
    return Record(
        id=row["id"],
        source=row["source"],
        source_name=row["source_name"],
        date=row["date"],
        headline=row["headline"],
        lede=row["lede"],
        body=row["body"],
        byline=row["byline"],
        section=row["section"],
        url=row["url"],
        published=moment(row["published"]),
        date_from=row["date_from"],
        language=row["language"],
        tags=tuple(json.loads(row["tags"] or "[]")),
        caption=row["caption"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        page=row["page"],
        hash=row["hash"],
        extractor=row["extractor"],
        revisions=row["revisions"],
        revised_at=moment(row["revised_at"]),
        gone_since=moment(row["gone_since"]),
        gone_reason=row["gone_reason"],
    )


_RECORD = "SELECT a.*, s.name AS source_name FROM articles AS a JOIN sources AS s ON s.key = a.source WHERE "
# The unary plus keeps SQLite from fetching every match to sort it: it walks the index on sort_at, newest first, instead.
_SEARCH = (
    _RECORD  # noqa: S608 - our own constants
    + """a.id IN (
    SELECT id FROM articles AS a WHERE +id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?){where}
    ORDER BY sort_at DESC, id DESC LIMIT ?)
ORDER BY a.sort_at DESC, a.id DESC"""
)
_FOUND = " AND +a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
_REMOVAL = "SELECT coalesce(detail, '') FROM entries WHERE url = ? AND state = 'removed'"
_BY_ID = _RECORD + "a.id = ?"
_BY_URL = _RECORD + "a.id = (SELECT article FROM addresses WHERE url = ?)"  # noqa: S608 - our own constants
