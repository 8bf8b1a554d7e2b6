"""The moment a feed claims for an entry. Never a guess.

`email.utils` is not used: it reads 10:00 PM as 10:00, a day without a time as midnight, and AST as Atlantic time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

_LONGEST = 200  # characters
_NUMERIC = re.compile(r"\d[/.-]\d")


def instant(text: str | None, *, zone: tzinfo = UTC, now: datetime | None = None) -> datetime | None:
    """Return the instant that `text` names, aware and in UTC; None if it names none, or a day without a time.

    Args:
        text: as the feed prints it: RFC 822, ISO 8601, or as Arabic outlets write dates.
        zone: of a time that is given without one.
        now: our clock, for «منذ ساعة»; the machine's if None.
    """
    from newsarchive.arabic.dates import parse_date  # noqa: PLC0415 - a listing needs no dates

    if not text or len(text) > _LONGEST:
        return None
    now = now or datetime.now(UTC)
    moment = parse_date(text, now=now, timezone=zone)
    if (
        text.isascii()
        and _NUMERIC.search(text)
        and parse_date(text, now=now, timezone=zone, day_first=False) != moment
    ):
        return None  # 9/1/2018 in English is January to one outlet's software and September to another's
    try:
        return moment.astimezone(UTC) if isinstance(moment, datetime) else None
    except OverflowError:
        return None
