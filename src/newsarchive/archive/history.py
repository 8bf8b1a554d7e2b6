"""What became of an article, worked out from what was seen of it: pure, so that two archives' sightings are simply united.

A sighting says what stood at an article's address at one moment. From all of them follow the texts that stood there one after
another, and the times at which it was gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, zip_longest

REJECTED = "rejected"  # the outcome of a sighting whose page is no article by better rules: it says nothing
CONFIRMED_BY = 2  # looks in a row that must find nothing before an article is called gone


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sighting:
    """What stood at an article's address at one moment.

    Attributes:
        at: our clock, UTC.
        outcome: `ok`, `not-modified` or `imported`; or what showed that it was gone; or `rejected`.
        url: the address that was asked.
        page: SHA-256 of the bytes.
        text: hash of the text they read as; empty if the article was gone, or they are none.
    """

    at: datetime
    outcome: str
    url: str
    page: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One text, for as long as it stood.

    Attributes:
        text: its hash.
        page: SHA-256 of the first page that held it; empty if none was kept.
        seen_from: when it was seen first.
        seen_until: when it was seen last, before another text stood there.
    """

    text: str
    page: str
    seen_from: datetime
    seen_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time at which an article was gone.

    Attributes:
        gone_since: the first of the looks that found nothing.
        back_at: the first look that found it again; None while it is gone.
        outcome: what the first of those looks found.
    """

    gone_since: datetime
    back_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What became of an article: its texts, the last of which is today's, and its absences; oldest first."""

    standings: tuple[Standing, ...]
    absences: tuple[Absence, ...]


def history(sightings: Iterable[Sighting]) -> History:
    """Work out what the sightings of one article say, in whatever order they come."""
    seen = sorted(one for one in set(sightings) if one.outcome != REJECTED)
    return History(standings=tuple(_standings(seen)), absences=tuple(_absences(seen)))


def _standings(seen: Iterable[Sighting]) -> Iterator[Standing]:
    """A text that vanished and came back unchanged stood there all the time, as far as texts go."""
    for text, group in groupby((one for one in seen if one.text), key=lambda one: one.text):
        stood = list(group)
        page = next((one.page for one in stood if one.page), "")
        yield Standing(text=text, page=page, seen_from=stood[0].at, seen_until=stood[-1].at)


def _absences(seen: Iterable[Sighting]) -> Iterator[Absence]:
    groups = [(gone, list(group)) for gone, group in groupby(seen, key=lambda one: not one.text)]
    for (gone, looks), (_, later) in zip_longest(groups, groups[1:], fillvalue=(False, [])):
        if gone and len({one.at for one in looks}) >= CONFIRMED_BY:
            back_at = later[0].at if later else None
            yield Absence(gone_since=looks[0].at, back_at=back_at, outcome=looks[0].outcome)
