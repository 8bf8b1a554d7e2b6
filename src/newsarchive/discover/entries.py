"""What feeds of every kind share: how an entry is made of what they print, and which entries are taken."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from newsarchive.discover.mojibake import is_garbled
from newsarchive.discover.plain import clean, plain_text
from newsarchive.models import Entry
from newsarchive.urls import absolute_url

MOST_ENTRIES = 500
_HEADLINE, _SUMMARY, _CONTENT, _NAME, _GUID = 1000, 5000, 500_000, 300, 2000  # characters
_LATEST = datetime.max.replace(tzinfo=UTC)


def make_entry(
    *,
    url: str,
    headline: str | None,
    published: datetime | None,
    guid: str | None,
    summary: str | None,
    content: str | None,
    names: Iterable[str | None],
    section: str | None,
) -> Entry:
    """Return an entry of what a feed prints, cleaned and cut to size; `content` stays HTML, the rest becomes text."""
    headline, summary = plain_text(headline, _HEADLINE), plain_text(summary, _SUMMARY)
    return Entry(
        url=url,
        headline=headline,
        published=published,
        guid=clean(guid or "").strip()[:_GUID] or None,
        summary=summary,
        content=clean(content or "")[:_CONTENT].strip() or None,
        byline=_byline(names),
        section=plain_text(section, _NAME),
        garbled=is_garbled(headline or "") or is_garbled(summary or ""),
    )


def web_address(base: str, link: str) -> str | None:
    """Resolve a link as feeds print it, with line breaks, spaces or one escape too many; None for no web address."""
    link = html.unescape(link) if "&amp;" in link else link
    link = re.sub(r"[\r\n\t]+", "", link.strip()).replace(" ", "%20")
    return absolute_url(base, link) if link and not link.startswith("#") else None


def newest(instants: Sequence[datetime | None]) -> list[int]:
    """Return the indexes of the newest entries, in the feed's order; one without a date is as new as the one before."""
    ranks: list[datetime] = []
    for instant in instants:
        ranks.append(instant or (ranks[-1] if ranks else _LATEST))
    by_age = sorted(range(len(ranks)), key=ranks.__getitem__, reverse=True)
    return sorted(by_age[:MOST_ENTRIES])


def _byline(names: Iterable[str | None]) -> str | None:
    texts = ((plain_text(name, _NAME) or "").strip(" ()<>") for name in names)
    return "، ".join(dict.fromkeys(filter(None, texts)))[:_NAME] or None
