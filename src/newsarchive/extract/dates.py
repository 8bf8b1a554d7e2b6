"""When an article was published, and who says so.

The order is: the feed, JSON-LD, meta elements, the date printed at the headline, the address. What is not certain is
absent: a changed page's date, a date that lies in the future, a relative form when nobody knows when it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.arabic.dates import parse_date
from newsarchive.extract.jsonld import strings
from newsarchive.extract.metadata import PageFacts
from newsarchive.extract.pruning import select
from newsarchive.extract.text import clean_line, key
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
    re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/._-]|$)"),
    re.compile(r"[/_-](\d{4})-(\d\d)-(\d\d)(?!\d)"),
    re.compile(r"/(\d{4})/[a-z_-]+/(\d{1,2})/(\d{1,2})/"),  # arabic.cnn.com/2013/middle_east/8/3/
    # sputniknews.com/202003171044893040: a day, and a time or more behind it
    re.compile(r"/(\d{4})(\d\d)(\d\d)(?=\D|$|\d{4}(?:\d\d)?\b|\d{10}\b)"),
)
_WEB_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/")
_CHANGED = re.compile(r"تحديث|تعديل|معدل|محدثة|updated|modified|last[ -]", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(19|20|١٩|٢٠|۱۹|۲۰)\d\d(?!\d)")
_TIME = re.compile(r"\d{1,2}:\d\d.*$")
# Before that no news was on the web; 0001-01-01 and 1970-01-01 are empty fields.
_EARLIEST = date(1995, 1, 1)
_SHORT = 90  # characters of a line that can be a date line
_PARAGRAPH = 12  # words: from here on, it is the article's text
_NEAR = 12  # short lines below the headline in which its date stands
_LEVELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDate:
    """An article's date: `published` aware in UTC or None, `day` the outlet's local day, `date_from` as in `Article`."""

    published: datetime | None = None
    day: date | None = None
    date_from: str | None = None


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
        source: the outlet; without it no time zone is known, and a time without offset gives only a day.
        now: when the page was read; without it relative forms («منذ ساعتين») say nothing.
    """
    zone = _zone(source)
    latest = ((now or datetime.now(UTC)) + timedelta(days=1)).date()
    for date_from, claim in _claims(tree, facts, url=url, entry=entry, source=source):
        found = _read(claim, zone, now)
        if found and found.day and _EARLIEST <= found.day <= latest:
            return PageDate(published=found.published, day=found.day, date_from=date_from)
    return PageDate()


def _zone(source: Source | None) -> tzinfo | None:
    if source is None:
        return None
    try:
        return ZoneInfo(source.timezone)
    except (KeyError, ValueError, OSError):
        return UTC


def _claims(
    tree: LexborHTMLParser, facts: PageFacts, *, url: str, entry: Entry | None, source: Source | None
) -> Iterator[tuple[str, str | date]]:
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
    for node in select(tree, source.selectors.date if source else None)[:3]:
        yield "page", _datetime(node) or clean_line(node.text(separator=" "))
    for text in _printed(tree, facts.headline):
        yield "page", text
    for day in _in_address(url):
        yield "url", day


def _microdata(tree: LexborHTMLParser, headline: str) -> Iterator[str]:
    """Yield datePublished of the item that also holds the headline: the item of a related article does not."""
    for node in tree.css('[itemprop="datePublished"]'):
        item = node.parent
        while item is not None and "itemscope" not in item.attributes:
            item = item.parent
        if item is not None and _anchor(item, headline) is not None:
            yield _datetime(node) or clean_line(node.text(separator=" "))


def _datetime(node: LexborNode) -> str | None:
    return node.attributes.get("datetime") or node.attributes.get("content")


def _instant(moment: datetime, zone: tzinfo | None) -> PageDate:
    if moment.tzinfo is None:
        return _naive(moment, zone)
    return PageDate(
        published=moment.astimezone(UTC), day=(moment.astimezone(zone) if zone else moment).date()
    )


def _naive(moment: datetime, zone: tzinfo | None) -> PageDate:
    published = moment.replace(tzinfo=zone).astimezone(UTC) if zone else None
    return PageDate(published=published, day=moment.date())


def _read(claim: str | date, zone: tzinfo | None, now: datetime | None) -> PageDate | None:
    """Read a claim: an instant, a day, ISO 8601, or a date as outlets print it."""
    try:
        if isinstance(claim, datetime):
            return _instant(claim, zone)
        return PageDate(day=claim) if isinstance(claim, date) else _read_text(claim.strip(), zone, now)
    except (ValueError, OverflowError):
        return None


def _read_text(text: str, zone: tzinfo | None, now: datetime | None) -> PageDate | None:
    found = _ISO.match(text)
    return _read_iso(found, zone) if found else _read_printed(text, zone, now)


def _read_iso(found: re.Match[str], zone: tzinfo | None) -> PageDate:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = _offset(found[7])
    midnight = hour == minute == second == 0 and offset is UTC  # a day, written as a time
    if found[4] is None or midnight:
        return PageDate(day=date(year, month, day))
    return _instant(datetime(year, month, day, hour, minute, second, tzinfo=offset), zone)


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if text.startswith("-") else size) if size else UTC


def _read_printed(text: str, zone: tzinfo | None, now: datetime | None) -> PageDate | None:
    if now is None and not _YEAR.search(text):
        return None
    reference = now or datetime.now(UTC)
    found = parse_date(text, now=reference, timezone=zone or UTC)
    if not isinstance(found, datetime):
        return PageDate(day=found) if found else None
    if zone is not None:
        return _instant(found, zone)
    day = parse_date(_TIME.sub("", text), now=reference, timezone=UTC)
    written = day if day and not isinstance(day, datetime) else found.date()
    elsewhere = parse_date(text, now=reference, timezone=timezone(timedelta(hours=1)))
    names_its_zone = elsewhere == found
    return PageDate(published=found if names_its_zone else None, day=written)


def _printed(tree: LexborHTMLParser, headline: str) -> Iterator[str]:
    """Yield what may be a date line around the headline, the nearest first."""
    anchor = _anchor(tree, headline)
    scope = anchor.parent if anchor is not None else None
    for _ in range(_LEVELS):
        if anchor is None or scope is None or scope.tag == "html":
            return
        yield from _date_lines(scope, anchor, before=scope.tag not in ("body", "main"))
        scope = scope.parent


def _anchor(tree: LexborHTMLParser | LexborNode, headline: str) -> LexborNode | None:
    wanted = key(headline)
    nodes = tree.css("h1, h2, h3, [class*=title], [class*=headline]")
    return next((node for node in nodes if wanted and key(node.text(separator=" ")) == wanted), None)


def _date_lines(scope: LexborNode, anchor: LexborNode, *, before: bool) -> Iterator[str]:
    """Yield short lines of `scope` up to the article's first paragraph; those above the headline only with `before`."""
    lines: list[tuple[bool, str]] = []
    below = 0  # lines since the headline
    for node, text in _short_elements(scope, anchor):
        below += bool(below)
        if below and (node is None or below > _NEAR):
            break
        if node is None:
            continue
        if node.mem_id == anchor.mem_id:
            below = 1
            lines = lines if before else []
        elif stamp := _stamp(node, text):
            lines.append((_is_update(node), stamp))
    yield from (stamp for _, stamp in sorted(lines, key=lambda line: line[0]))


def _is_update(node: LexborNode) -> bool:
    """Whether the microformat calls this the last change; some themes print their only date under that name."""
    names = (node.attributes.get("class") or "").split()
    return "updated" in names and "published" not in names


def _short_elements(scope: LexborNode, anchor: LexborNode) -> Iterator[tuple[LexborNode | None, str]]:
    """Walk `scope` in document order; (None, "") stands for a paragraph of text.

    A short element comes before its children, so that a label beside a date is seen with it.
    """
    stack = list(_children(scope))[::-1]
    while stack:
        node = stack.pop()
        text = clean_line(node.text(separator=" "))
        if node.mem_id == anchor.mem_id:
            yield node, text
        elif len(text) <= _SHORT and not (node.tag == "p" and len(text.split()) >= _PARAGRAPH):
            yield node, text
            if not _CHANGED.search(text):
                stack.extend(list(_children(node))[::-1])
        elif node.tag == "p" or not any(clean_line(child.text()) for child in _children(node)):
            yield (None, "") if len(text.split()) >= _PARAGRAPH else (node, "")
        else:
            stack.extend(list(_children(node))[::-1])


def _children(node: LexborNode) -> Iterable[LexborNode]:
    return node.iter(include_text=False)


def _stamp(node: LexborNode, text: str) -> str | None:
    """Return what `node` claims as a date of publication; None if it speaks of a change or of no date."""
    if node.attributes.get("itemprop") == "dateModified" or _CHANGED.search(text):
        return None
    return (_datetime(node) if node.tag == "time" else None) or text or None


def _in_address(url: str) -> Iterator[date]:
    try:
        path = unquote(urlsplit(_WEB_ARCHIVE.sub("", url)).path)
    except ValueError:
        return
    for pattern in _URL_DATES:
        for found in pattern.finditer(path):
            try:
                yield date(*map(int, found.groups()))
            except ValueError:
                continue
