"""When an article was published, and who says so.

The order is: the feed, JSON-LD, meta elements, the date printed at the headline, the address. What is not certain is
absent: a changed page's date, a date that lies in the future, a relative form when nobody knows when it was read. What
the page shows its readers settles two doubts: which day an instant in UTC is for an outlet whose zone is not known, and
whether a template stamps every page with the time at which it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from newsarchive.arabic.dates import parse_date
from newsarchive.extract.jsonld import strings
from newsarchive.extract.metadata import PageFacts
from newsarchive.extract.printed import find_heading, printed_dates, stated
from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line
from newsarchive.extract.view import path_of
from newsarchive.extract.zones import zone_named, zone_of_page
from newsarchive.models import Entry, Source

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?\b.*)?$"
)
_METAS = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
    "pubdate", "publishdate", "publish_date", "publish-date", "published", "published_time", "article_date_original",
    "originalpublicationdate", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "datecreated", "date",
)  # fmt: skip
_URL_DATES = (
    re.compile(
        r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/._-]|$)"
    ),  # within a slug a day is what the story is about
    re.compile(r"/(\d{4})/[a-z_-]+/(\d{1,2})/(\d{1,2})/"),  # arabic.cnn.com/2013/middle_east/8/3/
    re.compile(r"/(\d{4})(\d\d)(\d\d)(?=/[^/])"),  # as a last part it may be a number of another kind
    re.compile(
        r"/(\d{4})(\d\d)(\d\d)(?=(?:[01]\d|2[0-3])[0-5]\d\d{6}-)"
    ),  # sputniknews.com/202003171044893040-…: day, time, number
)
_AMBIGUOUS = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}(?!\d)")
_AHEAD = timedelta(hours=1)  # by which a server's clock may differ from ours
_WEB_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?=/)")
_YEAR = re.compile(r"(?<!\d)(1[3-5]|19|20|١[٣-٥]|١٩|٢٠|۱۹|۲۰)[\d]{2}(?!\d)")
_TIME = re.compile(r"\d{1,2}:\d\d.*$")
# Before that no news was on the web; 0001-01-01 and 1970-01-01 are empty fields.
_EARLIEST = date(1995, 1, 1)
_DAY = timedelta(days=1)
_MONTHS = 12
_ARAB_ZONES = tuple(timezone(timedelta(hours=hours)) for hours in range(5))  # Mauritania to Oman


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDate:
    """An article's date: `published` aware in UTC or None, `day` the outlet's local day, `date_from` as in `Article`."""

    published: datetime | None = None
    day: date | None = None
    date_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """What is known of time: the outlet's zone, the one that its page lets guess, when the page was read."""

    zone: tzinfo | None
    guess: tzinfo | None
    now: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One claim, read.

    Attributes:
        days: on which else it may have been, where the zone is not known.
    """

    day: date
    published: datetime | None = None
    days: frozenset[date] = frozenset()
    date_from: str = ""


def page_date(
    tree: LexborHTMLParser,
    facts: PageFacts,
    *,
    url: str,
    entry: Entry | None,
    source: Source | None,
    now: datetime | None,
) -> PageDate:
    """Return the date of the first claim, in the order above, that can be read and believed.

    Args:
        tree: the page after pruning, so that dates of lists and sidebars are gone.
        facts: what the page says about itself.
        url: the address that answered.
        entry: what the feed says.
        source: the outlet; without it a time without offset gives only a day, and an instant in UTC the day that the
            page prints, or that it was in the country that the page names.
        now: when the page was read; without it relative forms («منذ ساعتين») say nothing.
    """
    clock = _Clock(
        zone=zone_named(source.timezone) if source else None,
        guess=None if source else zone_of_page(facts, url),
        now=now,
    )
    claims = list(_believable(_stated(tree, facts, entry), clock))
    if claims and not claims[0].days and not _is_fresh(claims[0], clock):
        return _answer(claims[0])
    printed = (found for found in _believable(_printed(tree, facts, source), clock) if _fits(found.day, url))
    shown = [*islice(printed, 1), *_believable((("url", day) for day in _in_address(url)), clock)]
    return _settle(claims, shown, clock)


def _answer(found: _Found, day: date | None = None) -> PageDate:
    return PageDate(published=found.published, day=day or found.day, date_from=found.date_from)


def _settle(claims: list[_Found], shown: list[_Found], clock: _Clock) -> PageDate:
    """Choose among what is stated for machines and what is shown to readers."""
    for claim in claims:
        if shown and _is_fresh(claim, clock) and all(other.day < claim.day - _DAY for other in shown):
            continue  # a template's stamp
        return _answer(claim, next((other.day for other in shown if other.day in claim.days), None))
    return _answer(shown[0]) if shown else PageDate()


def _is_fresh(found: _Found, clock: _Clock) -> bool:
    """Whether a claim is of about the time at which the page was read."""
    return found.day >= (clock.now or datetime.now(UTC)).date() - _DAY


def _believable(claims: Iterable[tuple[str, str | date]], clock: _Clock) -> Iterator[_Found]:
    now = clock.now or datetime.now(UTC)
    latest = (now + _DAY).date()
    today = now.astimezone(clock.zone or clock.guess or UTC).date()
    for date_from, claim in claims:
        found = None if _is_ambiguous(date_from, claim) else _read(claim, clock)
        if (
            found and found.published and found.published > now + _AHEAD
        ):  # that instant is wrong; its day may be right
            found = replace(found, published=None) if found.day <= today else None
        if found and _EARLIEST <= found.day <= latest:
            yield replace(found, date_from=date_from)


def _is_ambiguous(date_from: str, claim: str | date) -> bool:
    """Whether day and month could be exchanged: what is meant for machines, or for readers of English, may put either first."""
    if not isinstance(claim, str) or not (found := _AMBIGUOUS.search(claim)):
        return False
    first, second = int(found[1]), int(found[2])
    padded = len(found[1]) == len(found[2]) == 2  # noqa: PLR2004 - digits; American servers print 1/9/2018
    foreign = re.search("[A-Za-z]{2}", claim) is not None or (date_from != "page" and not padded)
    return foreign and first != second and max(first, second) <= _MONTHS


def _stated(
    tree: LexborHTMLParser, facts: PageFacts, entry: Entry | None
) -> Iterator[tuple[str, str | date]]:
    """Yield what the feed says, and what the page says for machines."""
    if entry is not None and entry.published is not None:
        yield "feed", entry.published
    for name in ("datePublished", "dateCreated"):
        for text in strings(facts.linked.article.get(name))[:1]:
            yield "json-ld", text
    for name in _METAS:
        values = facts.metas.get(name, [])
        if len(set(values)) == 1:  # several are those of a list of articles
            yield "meta", values[0]
    for text in _microdata(tree, facts.headline):
        yield "meta", text


def _microdata(tree: LexborHTMLParser, headline: str) -> Iterator[str]:
    """Yield datePublished of the item that also holds the headline: the item of a related article does not."""
    for node in tree.css('[itemprop="datePublished"]'):
        item = node.parent
        while item is not None and "itemscope" not in item.attributes:
            item = item.parent
        if item is not None and find_heading(item, headline) is not None:
            yield stated(node) or clean_line(node.text(separator=" "))


def _printed(tree: LexborHTMLParser, facts: PageFacts, source: Source | None) -> Iterator[tuple[str, str]]:
    for node in select(tree, source.selectors.date if source else None)[:3]:
        yield "page", stated(node) or clean_line(node.text(separator=" "))
    for text in printed_dates(tree, facts.headline):
        yield "page", text


def _fits(day: date, url: str) -> bool:
    """Whether a printed day is of the month, or about the day, that the address names; it may name none."""
    if days := list(_in_address(url)):
        return any(0 * _DAY <= other - day <= 2 * _DAY for other in days)  # a later one is that of a change
    months = {
        (int(year), int(month)) for year, month in _URL_MONTH.findall(path_of(_WEB_ARCHIVE.sub("", url)))
    }
    return not months or any((near.year, near.month) in months for near in (day - _DAY, day, day + _DAY))


def _instant(moment: datetime, clock: _Clock) -> _Found:
    if moment.tzinfo is None:
        published = moment.replace(tzinfo=clock.zone).astimezone(UTC) if clock.zone else None
        return _Found(published=published, day=moment.date())
    published = moment.astimezone(UTC)
    if clock.zone is not None:
        return _Found(published=published, day=moment.astimezone(clock.zone).date())
    if moment.utcoffset():
        return _Found(published=published, day=moment.date())
    day = moment.astimezone(clock.guess or UTC).date()
    days = {day, *(moment.astimezone(zone).date() for zone in _ARAB_ZONES)}
    return _Found(published=published, day=day, days=frozenset(days if len(days) > 1 else ()))


def _read(claim: str | date, clock: _Clock) -> _Found | None:
    """Read a claim: an instant, a day, ISO 8601, or a date as outlets print it."""
    try:
        if isinstance(claim, datetime):
            return _instant(claim, clock)
        return _Found(day=claim) if isinstance(claim, date) else _read_text(claim.strip(), clock)
    except (ValueError, OverflowError):
        return None


def _read_text(text: str, clock: _Clock) -> _Found | None:
    found = _ISO.match(text)
    return _read_iso(found, clock) if found else _read_printed(text, clock)


def _read_iso(found: re.Match[str], clock: _Clock) -> _Found:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = _offset(found[7])
    midnight = hour == minute == second == 0 and offset is UTC  # a day, written as a time
    if found[4] is None or midnight:
        return _Found(day=date(year, month, day))
    return _instant(datetime(year, month, day, hour, minute, second, tzinfo=offset), clock)


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if text.startswith("-") else size) if size else UTC


def _read_printed(text: str, clock: _Clock) -> _Found | None:
    if clock.now is None and not _YEAR.search(text):
        return None
    now = clock.now or datetime.now(UTC)
    found = parse_date(text, now=now, timezone=clock.zone or UTC)
    if not isinstance(found, datetime):
        return _Found(day=found) if found else None
    if clock.zone is not None:
        return _instant(found, clock)
    day = parse_date(_TIME.sub("", text), now=now, timezone=UTC)
    written = day if day and not isinstance(day, datetime) else found.date()
    elsewhere = parse_date(text, now=now, timezone=timezone(timedelta(hours=1)))
    names_its_zone = elsewhere == found
    return _Found(published=found if names_its_zone else None, day=written)


def _in_address(url: str) -> Iterator[date]:
    path = path_of(_WEB_ARCHIVE.sub("", url))
    for pattern in _URL_DATES:
        for found in pattern.finditer(path):
            try:
                yield date(*map(int, found.groups()))
            except ValueError:
                continue
