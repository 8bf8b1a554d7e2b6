"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import datetime

from newsarchive.discover.entries import make_entry, newest, web_address
from newsarchive.models import Entry

_Item = dict[str, object]


def json_entries(
    text: str, *, url: str, read_date: Callable[[str | None], datetime | None]
) -> tuple[Entry, ...] | None:
    """Return the entries of a JSON Feed, None if `text` is none.

    Args:
        text: the feed.
        url: its address, to resolve links.
        read_date: a date as printed to an instant.
    """
    items = _items(text)
    if items is None:
        return None
    published = [
        read_date(_text(item, "date_published")) or read_date(_text(item, "date_modified")) for item in items
    ]
    entries = (_entry(items[index], url, published[index]) for index in newest(published))
    return tuple(entry for entry in entries if entry is not None)


def _items(text: str) -> list[_Item] | None:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or "jsonfeed" not in str(feed.get("version")):
        return None
    items = feed.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else None


def _entry(item: _Item, base: str, published: datetime | None) -> Entry | None:
    guid = _text(item, "id")
    permalink = guid if (guid or "").startswith(("http://", "https://")) else None
    url = web_address(base, _text(item, "url") or _text(item, "external_url") or permalink or "")
    if url is None:
        return None
    plain = _text(item, "content_text")
    return make_entry(
        url=url,
        headline=_text(item, "title"),
        published=published,
        guid=guid,
        summary=_text(item, "summary") or (html.escape(plain) if plain else None),
        content=_text(item, "content_html"),
        names=[
            _text(author, "name") for author in _dicts(item.get("authors")) or _dicts([item.get("author")])
        ],
        section=next((tag for tag in _list(item.get("tags")) if isinstance(tag, str)), None),
    )


def _text(item: _Item, key: str) -> str | None:
    value = item.get(key)
    return str(value) if isinstance(value, str | int) and str(value).strip() else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[_Item]:
    return [part for part in _list(value) if isinstance(part, dict)]
