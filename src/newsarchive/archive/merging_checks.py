"""What of another archive may be taken in: rows whose columns can be read, and whose texts are what their hashes say. The rest is left out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from newsarchive.archive.files import stamp
from newsarchive.archive.history import REJECTED
from newsarchive.archive.record_checks import is_text
from newsarchive.archive.sides import Side

_MOMENTS = (
    "at", "first_seen", "fetched_at", "sort_at", "published", "seen_from", "seen_until", "revised_at", "gone_since", "checked_at",
    "succeeded_at", "next_check", "next_try", "robots_at", "asked_at", "paused_until", "started_at", "ended_at",
)  # fmt: skip
_STATES = ("waiting", "failed", "rejected", "done", "removed")
_KINDS = ("asked", "reached", "stated", "feed", "listing", "page", "robots")
_LONGEST_VERSION = 100  # characters


def sound_articles(news: Side) -> tuple[frozenset[int], list[str]]:
    """Read every article of another archive.

    Returns:
        The ids of those that can be taken in, and the names of the others: one damaged row of an article's past spoils what would
        be worked out from it.
    """
    sources = {row["key"] for row in news.rows("SELECT * FROM sources") if is_sound(row)}
    sound: set[int] = set()
    damaged: list[str] = []
    for row in news.rows("SELECT * FROM articles ORDER BY id"):
        if row["source"] in sources and is_sound(row) and is_text(row) and _has_sound_past(news, row):
            sound.add(row["id"])
        else:
            damaged.append(f"articles {row['id']}")
    return frozenset(sound), damaged


def is_sound(row: sqlite3.Row) -> bool:
    """Whether all columns of a row hold what they are read as: moments, days, lists; a column without a rule may hold anything."""
    try:
        return all(
            value is None or name not in _RULES or (isinstance(value, str) and _RULES[name](value))
            for name, value in zip(row.keys(), row, strict=True)
        )
    except (
        ValueError,
        OverflowError,
        RecursionError,
        OSError,
        KeyError,
    ):  # the last two: of a zone that is none
        return False


def _has_sound_past(news: Side, article: sqlite3.Row) -> bool:
    key = article["id"]
    revisions = [*news.rows("SELECT * FROM revisions WHERE article = ?", key)]
    seen = [*news.rows("SELECT * FROM sightings WHERE article = ?", key)]
    addresses = [*news.rows("SELECT * FROM addresses WHERE article = ?", key)]
    texts = {None, article["hash"], *(row["hash"] for row in revisions)}
    return (
        all(map(is_sound, [*revisions, *seen, *addresses]))
        and all(map(is_text, revisions))
        and all(row["text"] in texts for row in seen)
        and any(row["text"] and row["outcome"] != REJECTED for row in seen)
        and any(row["kind"] != "stated" for row in addresses)
    )


def _is_moment(value: str) -> bool:
    moment = datetime.fromisoformat(value)
    return moment.tzinfo == UTC and stamp(moment) == value


def _is_day(value: str) -> bool:
    return date.fromisoformat(value).isoformat() == value


def _is_list_of_texts(value: str) -> bool:
    read = json.loads(value)
    return isinstance(read, list) and all(isinstance(one, str) for one in read)


_RULES: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(_MOMENTS, _is_moment),
    "date": _is_day,
    "tags": _is_list_of_texts,
    "timezone": lambda value: bool(ZoneInfo(value)),
    "state": _STATES.__contains__,
    "kind": _KINDS.__contains__,
    "extractor": lambda value: len(value) <= _LONGEST_VERSION,
}
