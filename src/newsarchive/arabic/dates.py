"""Dates as Arabic outlets print them, read only where they can be read in one way.

The text is folded (digits, hamza, invisible marks) and its months are numbered; a time and exactly one day are taken
out of it, and what is left must hold no other number and no word that changes the meaning («قبل 3 أيار 2020»). Of a line
that names the days of publication and of a change, the first counts. Whatever is not certain is None: a wrong date is
worse than none.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from newsarchive.arabic import datewords
from newsarchive.arabic.hijri import hijri_day, take_hijri
from newsarchive.arabic.text import fold_letters

_LONGEST = 200  # characters; a longer text is no date line
_LONGEST_REST = 48  # characters of unknown words around a date, such as a writer's name
_YEARS = range(1900, 2101)
_FARTHEST_ZONE = timedelta(hours=14)
_NOON = 12
_MONTHS = 12
_DAY = 86_400  # seconds

_WORD = re.compile(r"(?:كانون|تشرين) (?:ال)?[^\W\d_]+|[كت] ?[12](?!\d)|[^\W\d_]+")
_BRACKETED = re.compile(r"[(\[] ?(M\d\d) ?[)\]]")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?: (\d\d)(\d\d)(\d\d)?(z)?)?")
_LONG_HALF = "صباحا|مساء|ظهرا|عصرا|فجرا|ليلا|بعد الظهر|قبل الظهر|[ap]m|[ap]\\.m\\."
# «14h30», and «10.30 ص», which without its half of the day may be the beginning of a date.
_CLOCK = re.compile(rf"(?<![\d.])(\d{{1,2}})(?:h|\.(?=\d\d ?(?:{_LONG_HALF}|[صم])(?!\w)))(\d\d)(?!\d)")
_PUBLISHED = re.compile(r"\b(?:تاريخ النشر|نشرت?|النشر|published)\b")
_CHANGED = re.compile(
    r"(?:اخر |تم )?\b[ول]?(?:ال)?(?:تحديث|تعديل|محدث|معدله)|\b(?:last )?(?:updated?|modified)\b"
)
_COUNT = re.compile(
    rf"\d[\d,.]* (?:{datewords.COUNTED})\b|(?:{datewords.COUNTED})\b(?: \w+)?(?: ?: ?| )\d[\d,.]*"
    r"|\d+ (?:دقيقه|دقايق) (?:ل?ل?قراءه)"
)
_ZONE_IN_WORDS = re.compile(r"\([a-z ]+ time\)")  # of a script: «GMT+0300 (Arabian Standard Time)»
_ZONE = (
    r"(?P<utc>z(?!\w)|(?:ب?توقيت )?(?:غرينتش|جرينتش|غرينيتش|جرينيتش)|ت ?\. ?غ\.?|ت غ(?!\w)"
    r"|(?:gmt|utc|ut)(?!\w| ?[+-]\d))"
    r"|(?:gmt|utc)? ?(?P<offset>[+-]\d\d:?\d\d)(?![\d/.:-])"
    r"|(?:(?:gmt|utc) ?|(?<=\d) ?(?=\+\d\d)|(?<=\d))(?P<hours>[+-]\d{1,2})(?![\d/.: -])"
    rf"|(?P<name>{'|'.join(datewords.ZONE_NAMES)})(?!\w)"
    rf"|ب?(?:ال)?توقيت (?P<place>{'|'.join(sorted(datewords.PLACES, key=len, reverse=True))})(?!\w)"
    r"|بالتوقيت المحلي"
)
_TIME = re.compile(
    r"(?<![\d:+])(?P<hour>\d{1,2})(?: ?: ?(?P<minute>\d\d)(?: ?: ?(?P<second>\d\d)(?:\.\d+)?)?(?![\d:])"
    rf"(?: ?(?P<half>{_LONG_HALF}|[صم])(?!\w))?| ?(?P<bare_half>{_LONG_HALF})(?!\w))(?: ?\(?(?:{_ZONE})\)?)?"
)
# M05 is May, in any spelling; _number_months has put it there.
_MONTH = r"M(?P<{0}>\d\d)(?:[ /|-]*M(?P<{0}_again>\d\d))?\.?"
_DAYS = [
    re.compile(pattern)
    for pattern in (
        (
            rf"(?<![\d/.-])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ,./-]*(?:من |of )?(?:شهر )?{_MONTH.format('m')}"
            r"[ ,./|-]*(?:من )?(?:ل?عام |سنه )?(?P<y>\d{4})(?![\d:])(?: ?[مء](?!\w))?"
        ),
        rf"{_MONTH.format('m')}[ ,]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ,/|-]+(?P<y>\d{{4}})(?![\d:])(?: ?م(?!\w))?",
        rf"(?<![\d/.-])(?P<y>\d{{4}})[ ,/-]+{_MONTH.format('m')}[ ,/-]+(?P<d>\d{{1,2}})(?![\d:])",
        r"(?<!\d)(?<!\d[/.-])(?P<y>\d{4}) ?(?P<sep>[-/.]) ?(?P<m>\d{1,2}) ?(?P=sep) ?(?P<d>\d{1,2})(?!\d|[/.-]\d)",
        (
            r"(?<!\d)(?<!\d[/.-])(?P<first>\d{1,2}) ?(?P<sep>[-/.]) ?(?P<other>\d{1,2}) ?(?P=sep) ?(?P<y>\d{4}|\d\d)"
            r"(?!\d|[/.-]\d)(?: ?م(?!\w))?"
        ),
    )
]
_RFC_SHORT_YEAR = re.compile(r"(?<!\d)(?P<d>\d{1,2})[ -]M(?P<m>\d\d)[ -](?P<y>\d\d)(?!\d)")
_LEAD = re.compile(r"^(?:اخر تحديث|تاريخ النشر|نشرت|نشر|تم النشر|كتب|حرر|اضيف|التحديث)[ :-]*")
_AGO = re.compile(r"(?:منذ|قبل) (.+)|(.+) مض[تي]")
_PART = re.compile(r"(?:(\d{1,3}|[^\W\d_]+) ?)??([^\W\d_]+)(?: واحده?)?")
_NEAR_DAY = re.compile(
    rf"(امس الاول|اول امس|قبل امس|ب?الامس|امس|البارحه|اليوم)(?!\w)(?:[ ,]*({'|'.join(datewords.WEEKDAYS)})(?!\w))?"
    r"[ ,|-]*(?:(?:عند|في|علي) )?(?:الساعه )?(.*)"
)
_DAYS_AGO = {"اليوم": 0, "امس الاول": 2, "اول امس": 2, "قبل امس": 2}  # any other name is yesterday's
_OF_MONTH = re.compile(
    rf"(?P<d>\d{{1,2}}) (?:من )?(?:شهر )?{_MONTH.format('m')} (?P<which>الماضي|الجاري|الحالي)"
)


def parse_date(
    text: str, *, now: datetime, timezone: tzinfo | None = None, day_first: bool = True
) -> datetime | date | None:
    """Read one printed date.

    Args:
        text: the date as printed, with at most a few words around it.
        now: aware; what «أمس» and «منذ ساعة» are counted from.
        timezone: the outlet's, for times that name none; UTC if not given.
        day_first: how 3/4/2020 is meant; a number above twelve decides by itself.

    Returns:
        A `date` for a day without a time. For a day with a time an aware `datetime`: in the zone that the text itself
        gives, so that the day is the printed one, else in UTC. A Hijri day is converted, unless its Gregorian
        day is printed as well, which counts. None if there is no year, no day, more than one, or any doubt.
        Never raises.
    """
    if len(text) > _LONGEST:
        return None
    line = _number_months(published_part(text) or fold_letters(text))
    zone = timezone or UTC
    try:
        return _relative(line, now.astimezone(zone)) or _absolute(line, now.year, zone, day_first=day_first)
    except (ValueError, OverflowError):  # the thirty-first of a short month, 25 o'clock
        return None


def published_part(text: str) -> str | None:
    """Return, folded, what a printed line says of publication; None if it speaks of a change alone.

    Beside a change without a day of its own («3 أيار 2020، آخر تحديث 10:15») a day without a time is the change's.
    """
    line = " ".join(fold_letters(text).split())
    changed, published = _CHANGED.search(line), _PUBLISHED.search(line)
    if changed is None:
        return line
    before, after = line[: changed.start()], line[changed.end() :]
    if published and published.start() > changed.start():
        return line[published.start() :] if _has_day(line[published.start() :]) else None
    own = published or _has_day(after) or _TIME.search(before)
    return before if own and _has_day(before) else None


def _has_day(folded: str) -> bool:
    return _only_day(_number_months(folded), short_year=False) is not None


def _number_months(folded: str) -> str:
    line = re.sub("[،؛]", ",", " ".join(folded.split())).replace("\\", "/")
    line = re.sub(r"(?<=\d)t(?=\d)", " ", line)  # of ISO 8601
    line = _ZONE_IN_WORDS.sub("", line)
    line = _CLOCK.sub(r"\1:\2", line)
    return _BRACKETED.sub(r" \1 ", _WORD.sub(_numbered, line))


def _numbered(match: re.Match[str]) -> str:
    number = datewords.MONTHS.get(match[0]) or datewords.MONTHS.get(match[0].replace(" ", ""))
    return f"M{number:02}" if number else match[0]


def _absolute(line: str, this_year: int, zone: tzinfo, *, day_first: bool) -> datetime | date | None:
    if compact := _COMPACT.fullmatch(line):
        return _compact(compact, zone)
    line, hijri = take_hijri(line)
    clock = _TIME.search(line)
    rest = _without(line, clock) if clock else line
    found = _only_day(rest, short_year=bool(clock and _has_zone(clock)))
    spoilers = datewords.SPOILERS if clock is None else datewords.SPOILERS | datewords.SPOILERS_OF_TIME
    if not _is_harmless(_without(rest, found) if found else rest, spoilers):
        return None
    day = _day_of(found, this_year, day_first=day_first) if found else hijri_day(hijri, this_year)
    if day is None or clock is None:
        return day
    return None if found and _is_american(found, clock) else _at(day, clock, zone)


def _without(line: str, match: re.Match[str]) -> str:
    return f"{line[: match.start()]} | {line[match.end() :]}"


def _compact(match: re.Match[str], zone: tzinfo) -> datetime | date | None:
    """Read ISO 8601 without separators: 20200603, 20200603T030100Z."""
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    if year not in _YEARS:
        return None
    if match[4] is None:
        return date(year, month, day)
    moment = datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=UTC)
    return moment if match[7] else moment.replace(tzinfo=zone).astimezone(UTC)


def _only_day(line: str, *, short_year: bool) -> re.Match[str] | None:
    patterns = [*_DAYS, _RFC_SHORT_YEAR] if short_year else _DAYS
    return next((found for pattern in patterns if (found := pattern.search(line))), None)


def _is_harmless(rest: str, spoilers: frozenset[str]) -> bool:
    """Whether what stands around a day leaves it what it is; digits and months may be another day."""
    unknown = 0
    for word in re.findall(r"\w+", _COUNT.sub(" ", rest)):
        if any(char.isdigit() for char in word) or word in spoilers:
            return False
        if word in datewords.LABELS or word in datewords.WEEKDAYS:
            continue
        if word.isascii():  # a zone or an era that we do not know
            return False
        unknown += len(word)
    return unknown <= _LONGEST_REST


def _day_of(found: re.Match[str], this_year: int, *, day_first: bool) -> date | None:
    parts = found.groupdict()
    if parts.get("m_again") not in (None, parts.get("m")):
        return None  # «أيار/يونيو» is a range or a mistake
    year = int(parts["y"])
    if len(parts["y"]) == 2:  # noqa: PLR2004 - two digits
        year += 2000 if 2000 + year <= this_year + 1 else 1900
    if year not in _YEARS:
        return None
    if "first" in parts:
        return _numeric(int(parts["first"]), int(parts["other"]), year, day_first=day_first)
    return date(year, int(parts["m"]), int(parts["d"]))


def _numeric(first: int, other: int, year: int, *, day_first: bool) -> date:
    if first > _MONTHS or (day_first and other <= _MONTHS):
        return date(year, other, first)
    return date(year, first, other)


def _is_american(found: re.Match[str], clock: re.Match[str]) -> bool:
    """Whether «2/4/2020 10:12:13 AM» may be what an English server prints for the fourth of February."""
    parts = found.groupdict()
    if (
        parts.get("sep") != "/"
        or "first" not in parts
        or not clock["second"]
        or clock["half"] not in ("am", "pm")
    ):
        return False
    first, other = int(parts["first"]), int(parts["other"])
    return first != other and max(first, other) <= _MONTHS


def _has_zone(clock: re.Match[str]) -> bool:
    return any(clock[kind] for kind in ("utc", "offset", "hours", "name"))


def _at(day: date, clock: re.Match[str], zone: tzinfo) -> datetime:
    """Join a day and a printed time; ValueError for an hour that there is not."""
    hour = _hour(int(clock["hour"]), clock["half"] or clock["bare_half"])
    local = datetime.combine(day, time(hour, int(clock["minute"] or 0), int(clock["second"] or 0)))
    printed = _printed_zone(clock)
    return local.replace(tzinfo=printed) if printed else local.replace(tzinfo=zone).astimezone(UTC)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if hour > 2 * _NOON - 1 or (hour == 0 and _is_late(hour, half)):
        raise ValueError(half)
    if _is_late(hour, half):
        return hour if hour >= _NOON else hour + _NOON
    if hour > _NOON:
        raise ValueError(half)
    return hour % _NOON


def _is_late(hour: int, half: str) -> bool:
    """Whether a twelve-hour clock means the second half of the day."""
    if half == "ليلا":  # «9 ليلا» is 21:00, «2 ليلا» 02:00, «12 ليلا» midnight
        return 6 <= hour != _NOON  # noqa: PLR2004 - no one says «6 ليلا» of the morning
    if half == "ظهرا":
        return hour not in (10, 11)
    return half in ("م", "مساء", "عصرا", "بعد الظهر", "pm", "p.m.")


def _printed_zone(clock: re.Match[str]) -> tzinfo | None:
    if clock["utc"]:
        return UTC
    if clock["name"]:
        return timezone(timedelta(hours=datewords.ZONE_NAMES[clock["name"]]))
    if clock["place"]:
        return _zone_of(clock["place"])
    digits = clock["offset"] or clock["hours"]
    return _offset(digits) if digits else None


def _offset(digits: str) -> tzinfo:
    number = digits[1:].replace(":", "")
    hours, minutes = (number[:2], number[2:]) if len(number) == 4 else (number, "0")  # noqa: PLR2004 - HHMM
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    if distance > _FARTHEST_ZONE:
        raise ValueError(digits)
    return timezone(-distance if digits[0] == "-" else distance)


def _zone_of(place: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - few dates name a place

    try:
        return ZoneInfo(datewords.PLACES[place])
    except ZoneInfoNotFoundError as error:  # a system without the database
        raise ValueError(place) from error


def _relative(line: str, now: datetime) -> datetime | date | None:
    line = _LEAD.sub("", line).rstrip(" .,")
    if ago := _AGO.fullmatch(line):
        return _ago(ago[1] or ago[2], now)
    if near := _NEAR_DAY.fullmatch(line):
        return _near(near, now)
    if of_month := _OF_MONTH.fullmatch(_without_weekday(line)):
        return _of_month(of_month, now.date())
    return None


def _without_weekday(line: str) -> str:
    word, _, rest = line.partition(" ")
    return rest if word.strip(",") in datewords.WEEKDAYS else line


def _ago(amount: str, now: datetime) -> datetime | date | None:
    """Count back; whole days give a day, for nothing is said of the hour."""
    total = finest = 0
    for part in re.split(r" و ?(?!احد)", amount):
        seconds, unit = _seconds(part)
        if not seconds or (finest and unit >= finest):
            return None
        total, finest = total + seconds, unit
    moment = now - timedelta(seconds=total)
    return moment.date() if finest >= _DAY else moment.astimezone(UTC)


def _seconds(part: str) -> tuple[int, int]:
    """Return how many seconds «3 أيام» or «ساعتين» are, and those of its unit; zeros for anything else."""
    match = _PART.fullmatch(part)
    unit, alone = datewords.UNITS.get(match[2], (0, 0)) if match else (0, 0)
    if match is None or not unit:
        return 0, 0
    if match[1] is None:
        return alone * unit, unit
    count = int(match[1]) if match[1].isdecimal() else datewords.NUMBERS.get(match[1], 0)
    return (0, 0) if alone == 2 else (count * unit, unit)  # noqa: PLR2004 - a dual takes no number


def _near(match: re.Match[str], now: datetime) -> datetime | date | None:
    day = now.date() - timedelta(days=_DAYS_AGO.get(match[1], 1))
    if match[2] and datewords.WEEKDAYS.get(match[2]) != day.weekday():
        return None  # «أمس الجمعة» on a Sunday is counted from another day
    if not match[3]:
        return day
    clock = _TIME.fullmatch(match[3])
    return _at(day, clock, now.tzinfo or UTC) if clock else None


def _of_month(match: re.Match[str], today: date) -> date | None:
    """Read «20 من كانون الثاني الماضي»: the last one before this month; «الجاري»: of this month."""
    if match["m_again"] not in (None, match["m"]):
        return None
    month = int(match["m"])
    same = month == today.month
    if same != (match["which"] != "الماضي"):
        return None
    return date(today.year - (month > today.month), month, int(match["d"]))
