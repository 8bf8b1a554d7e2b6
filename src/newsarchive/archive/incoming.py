"""What a file says of an article, read and checked before anything is stored: a line of JSON -> Incoming | Broken. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from newsarchive.archive.derive import Reading
from newsarchive.archive.history import Sighting
from newsarchive.archive.rows import TEXT, article_row, scrub, text_hash
from newsarchive.models import Article, Fetched, Source
from newsarchive.urls import canonical_url, is_web_address

EXTRACTOR = "imported"  # of texts whose file does not say which rules made them
_KINDS = frozenset({"asked", "reached", "stated"})
_LONGEST_KEY = 100  # characters of a source's key
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # for columns that an earlier text does not have
_AHEAD = timedelta(days=1)  # by which another machine's clock may be ahead of ours
_YEARS = range(1000, 9999)  # they are written with four digits, and have a day before and after in every zone
_HASH = re.compile("[0-9a-f]{64}")
_STANDS = re.compile("ok|not-modified|imported|rejected")
_GONE = re.compile("not-found|gone|soft-404|home-page|rejected")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article that comes from a file.

    Attributes:
        source: key of its source, which is made if it is not there.
        source_name: what that is called then.
        article: the text of today; its day follows from the instant if the file gives none.
        first_seen: when it came into the archive that the file is of; None if it is of none.
        fetched_at: when its page was fetched, as far as is known.
        page: SHA-256 of that page; None if the file does not say.
        addresses: each with its kind, at least one of them asked or reached.
        sightings: what was seen of it; empty if the file does not say.
        earlier: by hash, the texts that stood there before.
        day_follows: whether the file has no word about the day.
    """

    source: str
    source_name: str
    article: Article
    first_seen: datetime | None = None
    fetched_at: datetime | None = None
    page: str | None = None
    addresses: tuple[tuple[str, str], ...]
    sightings: tuple[Sighting, ...] = ()
    earlier: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))
    day_follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Why a line is no article; one line for people."""

    reason: str


def read_line(line: bytes, now: datetime) -> Incoming | Broken:
    """Read a line of JSON as `export` writes it, or a simpler one.

    Needed are `url`, `source`, `headline` and `body`; a key that is not known is left aside.

    Args:
        line: UTF-8.
        now: our clock, aware: what was seen later is broken.
    """
    try:
        return _incoming(_Fields(json.loads(line.decode("utf-8-sig"))), now)
    except UnicodeDecodeError:
        return Broken(reason="is no UTF-8")
    except json.JSONDecodeError as error:
        return Broken(reason=f"is no JSON: {error.msg} at character {error.pos + 1}")
    except (RecursionError, ValueError):  # nested or with a number beyond all measure
        return Broken(reason="is no JSON that can be read")
    except _BrokenError as error:
        return Broken(reason=str(error))


def page_of(source: Source, article: Article, fetched: Fetched, page: str) -> Incoming:
    """Return what a page that was saved says, as of the time at which it was saved.

    Args:
        source: its source.
        article: what the page says.
        fetched: the page; `started_at` is when it was saved.
        page: SHA-256 of its bytes.
    """
    stated = dict.fromkeys(map(canonical_url, (article.url, *article.addresses)), "stated")
    return Incoming(
        source=source.key,
        source_name=source.name,
        article=replace(article, url=canonical_url(article.url)),
        fetched_at=fetched.started_at,
        page=page,
        addresses=tuple({**stated, fetched.url: "asked"}.items()),
    )


def parse_time(text: str) -> datetime:
    """Read an instant; a time without a zone is nowhere's.

    Raises:
        ValueError: it is none; the text says what it is.
    """
    try:
        time = datetime.fromisoformat(text)
        in_utc = time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no time such as 2018-01-09T07:00:00Z") from None
    if in_utc.year not in _YEARS:
        raise ValueError("is no time such as 2018-01-09T07:00:00Z")
    if time.tzinfo is None:
        raise ValueError("says no time zone; write 2018-01-09T07:00:00Z for UTC")
    return in_utc.replace(microsecond=0)


class _BrokenError(Exception):
    """A line that cannot be read; its text says why."""


class _Fields:
    """An object of a line, read key by key; what it refuses, it names."""

    def __init__(self, values: object, where: str = "") -> None:
        if not isinstance(values, dict):
            raise _BrokenError(f"{where or 'the line'} is no object")
        self._values: dict[str, object] = values
        self._where = f"{where}." if where else ""

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str | None:
        value = self._values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.broken(key, "is no text")
        return scrub(value) if value else None

    def needed(self, key: str) -> str:
        value = self.text(key)
        if value is None or not value.strip():
            raise self.broken(key, "is missing")
        return value

    def given(self, key: str) -> str:
        if self._values.get(key) is None:
            raise self.broken(key, "is missing")
        return self.text(key) or ""

    def address(self, key: str) -> str:
        url = canonical_url(self.needed(key))
        if not is_web_address(url):
            raise self.broken(key, "is no http(s) address")
        return url

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str | None:
        value = self.text(key)
        if value is not None and not pattern.fullmatch(value):
            raise self.broken(key, f"is no {what}")
        return value

    def day(self, key: str) -> str | None:
        value = self.matching(key, _DAY, "day such as 2018-01-09")
        try:
            return date.fromisoformat(value).isoformat() if value else None
        except ValueError:
            raise self.broken(key, "is no day such as 2018-01-09") from None

    def time(self, key: str) -> datetime | None:
        value = self.text(key)
        try:
            return parse_time(value) if value else None
        except ValueError as error:
            raise self.broken(key, str(error)) from None

    def our_time(self, key: str, now: datetime) -> datetime | None:
        """Read a time of somebody's clock, who cannot have seen what is to come."""
        time = self.time(key)
        if time and time > now + _AHEAD:
            raise self.broken(key, "is in the future")
        return time

    def many(self, key: str) -> list[_Fields]:
        return [_Fields(one, f"{self._where}{key}[{number}]") for number, one in enumerate(self._list(key))]

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise self.broken(key, "is no list of texts")
        return tuple(scrub(value) for value in values)

    def broken(self, key: str, what: str) -> _BrokenError:
        return _BrokenError(f"{self._where}{key} {what}")

    def _list(self, key: str) -> list[object]:
        values = self._values.get(key)
        if values is not None and not isinstance(values, list):
            raise self.broken(key, "is no list")
        return values or []


def _incoming(line: _Fields, now: datetime) -> Incoming:
    article = _article(line, line.address("url"))
    earlier = dict(_earlier(one) for one in line.many("revisions"))
    incoming = Incoming(
        source=_source(line),
        source_name=line.text("source_name") or line.needed("source"),
        article=article,
        first_seen=line.our_time("first_seen", now),
        fetched_at=line.our_time("fetched_at", now),
        page=line.matching("page", _HASH, "SHA-256"),
        addresses=_addresses(line, article.url),
        sightings=tuple(_sighting(one, now) for one in line.many("sightings")),
        earlier=earlier,
        day_follows=not line.has("date"),
    )
    _check_texts(line, incoming)
    return incoming


def _source(line: _Fields) -> str:
    key = line.needed("source")
    if len(key) > _LONGEST_KEY or not key.isprintable() or " " in key:
        raise line.broken("source", "is no key such as enab-baladi")
    return key


def _article(line: _Fields, url: str) -> Article:
    return Article(
        url=url,
        headline=line.needed("headline"),
        lede=line.text("lede"),
        body=line.given("body"),
        byline=line.text("byline"),
        section=line.text("section"),
        tags=line.texts("tags"),
        caption=line.text("caption"),
        language=line.text("language"),
        published=line.time("published"),
        date=line.day("date"),
        date_from=line.text("date_from"),
        extractor=line.text("extractor") or EXTRACTOR,
    )


def _earlier(one: _Fields) -> tuple[str, Reading]:
    article = _article(one, "")
    row = article_row(article, _NEVER, _NEVER)
    _check_hash(one, article)
    return str(row["hash"]), {name: row[name] for name in TEXT}


def _addresses(line: _Fields, url: str) -> tuple[tuple[str, str], ...]:
    """Read the addresses; a file that knows none that was asked means the article's own."""
    listed = {one.address("url"): one.needed("kind") for one in line.many("addresses")}
    if not {*listed.values()} <= _KINDS:
        raise line.broken("addresses", f"have a kind that is none of {', '.join(sorted(_KINDS))}")
    if {*listed.values()} <= {"stated"}:
        listed[url] = "asked"
    listed.setdefault(url, "stated")
    return tuple(listed.items())


def _sighting(one: _Fields, now: datetime) -> Sighting:
    at = one.our_time("at", now)
    if at is None:
        raise one.broken("at", "is missing")
    text = one.matching("text", _HASH, "SHA-256") or ""
    known, what = (
        (_STANDS, "ok, not-modified or imported")
        if text
        else (_GONE, "not-found, gone, soft-404 or home-page")
    )
    outcome = one.matching("outcome", known, f"sighting {'with' if text else 'without'} a text: write {what}")
    if outcome is None and not text:
        raise one.broken("outcome", "is missing, and so is the text")
    return Sighting(
        at=at,
        outcome=outcome or "imported",
        url=one.address("url"),
        page=one.matching("page", _HASH, "SHA-256") or "",
        text=text,
    )


def _check_texts(line: _Fields, incoming: Incoming) -> None:
    """Hold the line to its own word: its texts are those that were seen."""
    _check_hash(line, incoming.article)
    seen = {one.text for one in incoming.sightings if one.text}
    today = text_hash(incoming.article)
    if incoming.sightings and today not in seen:
        raise line.broken("sightings", "do not have the text of the article")
    if seen - {today, *incoming.earlier}:
        raise line.broken("sightings", "have a text that is not in the line")


def _check_hash(one: _Fields, article: Article) -> None:
    said = one.text("hash")
    if said is not None and said != text_hash(article):
        raise one.broken("hash", "is not that of headline, lede and body: the text was changed")
