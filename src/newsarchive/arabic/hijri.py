"""Days of the Islamic calendar, as date lines print them.

They are converted by the calendar of Umm al-Qura (hijridate), which Saudi outlets print; a calendar that waits for the
moon to be seen differs from it by a day now and then, so a Gregorian day beside a Hijri one always counts more.
"""

from __future__ import annotations

import re
from datetime import date

from newsarchive.arabic.datewords import HIJRI_MONTHS

_NAMES = "|".join(sorted(HIJRI_MONTHS, key=len, reverse=True))
_NAME = rf"(?P<{{0}}>{_NAMES})(?: (?:المبارك|المعظم|الحرام|المحرم|الخير|المرجب|المكرم))?"
_YEAR = r"(?P<{0}>1[345]\d\d)"
_HIJRI = re.compile(
    r"(?<!\d)(?<!\d[/.-])(?:"
    rf"(?P<d>\d{{1,2}})[ ,/-]*(?:من )?(?:شهر )?{_NAME.format('m')}[ ,/-]*(?:من )?(?:ل?عام |سنه )?{_YEAR.format('y')}"
    rf"|{_NAME.format('m2')}[ ,]*(?P<d2>\d{{1,2}})[ ,/-]+{_YEAR.format('y2')}"
    rf"|{_YEAR.format('y3')} ?(?P<sep3>[-/.]) ?(?P<m3>\d{{1,2}}) ?(?P=sep3) ?(?P<d3>\d{{1,2}})"
    rf"|(?P<d4>\d{{1,2}}) ?(?P<sep4>[-/.]) ?(?P<m4>\d{{1,2}}) ?(?P=sep4) ?{_YEAR.format('y4')}"
    r")(?!\d|[/.-]\d) ?(?P<mark>للهجره|هجريه?(?!\w)|ه(?!\w))?"
)
_PERSIAN_LAG = 621  # years from a Persian (solar) year to the Gregorian one in which it begins


def take_hijri(line: str) -> tuple[str, list[re.Match[str]]]:
    """Take every Hijri day out of a folded line; return what is left, and the days."""
    return _HIJRI.sub(" ", line), list(_HIJRI.finditer(line))


def hijri_day(found: list[re.Match[str]], this_year: int) -> date | None:
    """Return the Gregorian day of the only Hijri one; None for none, for several, and for one that may be Persian.

    Args:
        found: as `take_hijri` returns them.
        this_year: the Gregorian year of now.

    Raises:
        ValueError: there is no such day.
        OverflowError: it lies beyond the tables, 1343 to 1500.
    """
    if len(found) != 1:
        return None
    parts = {name.rstrip("234"): value for name, value in found[0].groupdict().items() if value}
    year, month = int(parts["y"]), HIJRI_MONTHS.get(parts["m"])
    if month is None and "mark" not in parts and year <= this_year - _PERSIAN_LAG:
        return None  # 1402/02/12 is Persian at least as likely
    from hijridate import Hijri  # noqa: PLC0415 - few dates are Hijri, and its tables take 12 ms to load

    day = Hijri(year, month or int(parts["m"]), int(parts["d"])).to_gregorian()
    return date(day.year, day.month, day.day)
