"""In which time zone a newsroom works, as far as its page tells: only to name the day of an instant given in UTC."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from newsarchive.extract.metadata import PageFacts
from newsarchive.urls import host_of

# Countries with one time zone, whose code is both a language's region and the end of a host.
_ZONES = {
    "ae": "Asia/Dubai",
    "bh": "Asia/Bahrain",
    "dz": "Africa/Algiers",
    "eg": "Africa/Cairo",
    "iq": "Asia/Baghdad",
    "ir": "Asia/Tehran",
    "jo": "Asia/Amman",
    "kw": "Asia/Kuwait",
    "lb": "Asia/Beirut",
    "ma": "Africa/Casablanca",
    "om": "Asia/Muscat",
    "pk": "Asia/Karachi",
    "ps": "Asia/Gaza",
    "qa": "Asia/Qatar",
    "sa": "Asia/Riyadh",
    "sd": "Africa/Khartoum",
    "sy": "Asia/Damascus",
    "tn": "Africa/Tunis",
    "tr": "Europe/Istanbul",
    "ye": "Asia/Aden",
}
# Tools write these regions for Arabic as such, so only a host of theirs counts.
_BY_HOST_ONLY = frozenset({"sa", "ae"})
_REGION = re.compile(r"[a-z]{2,3}[-_]([a-z]{2})", re.IGNORECASE)


def zone_named(name: str) -> tzinfo:
    """Return an IANA zone; UTC for a name that the system does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def zone_of_page(facts: PageFacts, url: str) -> tzinfo | None:
    """Return the zone of the country that the page's host or locale names; None if none or two are named.

    Args:
        facts: what the page says about itself.
        url: the address that answered.
    """
    locales = map(_REGION.fullmatch, [*facts.metas.get("og:locale", ()), facts.language or ""])
    regions = {found[1].lower() for found in locales if found} - _BY_HOST_ONLY
    host = host_of(url).partition(":")[0].rpartition(".")[2]
    countries = sorted(({host} | regions) & _ZONES.keys())
    return zone_named(_ZONES[countries[0]]) if len(countries) == 1 else None
