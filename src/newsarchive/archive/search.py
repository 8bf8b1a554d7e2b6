"""Reading an archive: search, one article, the state of its feeds. Standard library only, so that it starts at once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from newsarchive.arabic import lexicon
from newsarchive.archive.files import explained, open_to_read
from newsarchive.archive.finding import Filters, Sort, narrowed
from newsarchive.archive.found import Found
from newsarchive.archive.index import groups_of, outdated
from newsarchive.archive.marking import Hit
from newsarchive.archive.query import Reading, parse, quoted
from newsarchive.archive.records import RECORDS, Record, record
from newsarchive.errors import QueryError

if TYPE_CHECKING:
    from typing import BinaryIO

    from newsarchive.archive.copies import Story
    from newsarchive.archive.export import Form
    from newsarchive.archive.feeds import FeedStatus
    from newsarchive.archive.past import Gone, Provenance, Revision


class Asked(TypedDict, total=False):
    """What may be asked of articles besides a query; see `Archive.find`."""

    source: str | None
    since: date | None
    until: date | None
    language: str | None
    in_headline: bool
    any_word: bool
    reading: Reading
    stories: bool


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

    @property
    def archive_id(self) -> str:
        """The archive's own name, a UUID; a copy of it has the same."""
        with explained(self.path):
            row = self._connection.execute("SELECT value FROM meta WHERE key = 'archive_id'").fetchone()
            if row is None:
                raise ValueError("no archive_id")
            return str(row[0])

    @property
    def outdated(self) -> str | None:
        """What to tell people if other rules than today's filled the search indexes; else None."""
        with explained(self.path):
            return outdated(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def find(
        self,
        query: str,
        *,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        language: str | None = None,
        in_headline: bool = False,
        any_word: bool = False,
        reading: Reading = "words",
        stories: bool = False,
    ) -> Found:
        """Say which articles to look for; see `newsarchive.archive.query` for what a query may hold.

        Args:
            query: as a person types it, hamzas or not.
            source: a source's key.
            since: the first day, the outlet's own.
            until: the last day.
            language: a code as in BCP 47.
            in_headline: whether only headlines count.
            any_word: any of the words will do, in any form, instead of all.
            reading: how the words are meant, if all must be there.
            stories: of articles that are copies of one another, only the first in the order that is asked for.

        Raises:
            QueryError: no query, no such source, no language, or no day between the two.
        """
        filters = self._filters(source, since, until, language)
        node = parse(query, in_headline=in_headline)
        with explained(self.path):
            words = lexicon(groups_of(self._connection))
        asked = None if any_word else reading
        return Found(self._connection, self.path, node, words, filters, reading=asked, stories=stories)

    def search(
        self,
        query: str,
        *,
        sort: Sort | None = None,
        limit: int = 20,
        **asked: Unpack[Asked],
    ) -> tuple[Hit, ...]:
        """Find articles that hold every word of `query`, newest first.

        Args:
            query: as in `find`, like what else is asked.
            sort: the order; None: best first if any word will do, else newest first.
            limit: the most hits to return.
            **asked: see `find`.

        Raises:
            QueryError: as in `find`.
        """
        return tuple(self.find(query, **asked).hits(limit, sort))

    def export(
        self,
        form: Form,
        out: Path | BinaryIO,
        *,
        query: str | None = None,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        language: str | None = None,
        in_headline: bool = False,
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
            language: a code as in BCP 47.
            in_headline: whether the query is meant of headlines only.
            limit: only so many, the newest.
            excel: write CSV as Excel needs it.

        Raises:
            QueryError: as in `search`.
            ConfigError: `form`, `out` and `excel` do not go together, or the form needs a library that is not installed.
            ArchiveError: the file `out` cannot be written.
            OSError: the stream `out` cannot.
        """
        from newsarchive.archive.export import export  # noqa: PLC0415 - search must start at once

        where, values = self._filters(source, since, until, language).clauses()
        if query is not None:
            chosen, of = self.find(query, in_headline=in_headline).match.select()
            where, values = f" AND +a.id IN ({chosen}){where}", [*of, *values]
        return export(
            self._connection, self.path, form, out, where=where, values=values, limit=limit, excel=excel
        )

    def _filters(
        self, source: str | None, since: date | None, until: date | None, language: str | None
    ) -> Filters:
        if since and until and since > until:
            raise QueryError(f"no day is from {since} on and up to {until}; exchange the two")
        if language is not None and not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
            raise QueryError(f"{quoted(language)} is no language; write a code, as in ar or en")
        with explained(self.path):
            known = [key for (key,) in self._connection.execute("SELECT key FROM sources ORDER BY key")]
        if source is not None and source not in known:
            raise QueryError(
                f"no source {quoted(source)} in {self.path}; it has {', '.join(known) or 'none yet'}"
            )
        filters = Filters(source=source, since=since, until=until, language=language)
        with explained(self.path):
            return narrowed(self._connection, filters)

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
            return record(rows[0]) if rows else None

    def addresses(self, article: int) -> tuple[str, ...]:
        """Return the addresses that an article was asked for or reached at, which never become another's; if it has none, the one it is filed under."""
        with explained(self.path):
            rows = self._connection.execute(_ADDRESSES, {"article": article}).fetchall()
        return tuple(row[0] for row in rows if row[1] == rows[0][1])

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

    def copies(self, article: int) -> tuple[Record, ...]:
        """Return the articles that are copies of one, without itself, the one that was published first before the others."""
        from newsarchive.archive.copies import copies  # noqa: PLC0415 - search must start at once

        with explained(self.path):
            return copies(self._connection, article)

    def story(self, article: Record) -> Story:
        """Return what is known of an article's story."""
        from newsarchive.archive.copies import members, story  # noqa: PLC0415 - the same

        with explained(self.path):
            return story(members(self._connection, [article])[article.id])

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
    raise QueryError(f"{quoted(text)} is no day; write 2018, 2018-01, 2018-01-09 or 7d")


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


_REMOVAL = "SELECT coalesce(detail, '') FROM entries WHERE url = ? AND state = 'removed'"
_ADDRESSES = """
SELECT url, 0 AS claim FROM addresses WHERE article = :article AND kind <> 'stated'
UNION ALL SELECT url, 1 FROM articles WHERE id = :article ORDER BY claim, url"""
_BY_ID = RECORDS + "a.id = ?"
_BY_URL = RECORDS + "a.id = (SELECT article FROM addresses WHERE url = ?)"  # noqa: S608 - our own constants
