"""An archive as analysts browse it: some months of two outlets, edits, a deletion, and texts that mean harm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from newsarchive.archive.store import Store
from newsarchive.models import Source

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
FIRST = date(2024, 1, 3)
ORDINARY = 30
HARM = "document.title = 'harmed'"
SCRIPT = f'<script>{HARM}</script><img src=x onerror="{HARM}"><mark onclick="{HARM}">'
MIXED = "شركة OpenStreet تطلق خدمة Maps 3 في إدلب"
PARAGRAPHS = (
    "وصلت الدفعة الأولى من شتول الزيتون إلى قرى الجبل صباح اليوم.",
    "ونفى المجلس المحلي أن يكون لداعش أي وجود في المنطقة، وقال إن الارهاب لن يعود.",
    "وتستمر الحملة حتى نهاية الربيع، بمشاركة ١٢٠ متطوعاً من أبناء القرى المجاورة.",
)
_TOWNS = ("السويداء", "حماة", "دير الزور", "القامشلي", "درعا")
_COLUMNS = (
    "source, date, headline, lede, body, byline, section, url, sort_at, revised_at, gone_since, gone_reason"
)
_INSERT = f"""
INSERT INTO articles ({_COLUMNS}, language, tags, caption, first_seen, fetched_at, page, hash, extractor)
VALUES (:{_COLUMNS.replace(", ", ", :")}, 'ar', :tags, :caption, '2024-06-01T12:00:00Z', '2024-06-01T12:00:00Z',
    lower(hex(randomblob(32))), lower(hex(randomblob(32))), 'test')"""  # noqa: S608 - our own columns
_REVISION = """
INSERT INTO revisions (article, number, seen_from, seen_until, headline, body, hash, extractor)
VALUES (?, 1, '2024-05-01T00:00:00Z', '2024-05-30T00:00:00Z', ?, 'نص سابق', 'x', 'test')"""


def browsed(path: Path) -> Path:
    """Make the archive at `path`: 36 articles."""
    with Store.open(path, NOW) as store:
        store.keep_sources([Source(key="wadi", name="صوت الوادي"), Source(key="jabal", name=SCRIPT)], NOW)
        for row in _rows():
            store.connection.execute(_INSERT, _EMPTY | row)
        (edited,) = store.connection.execute(
            "SELECT id FROM articles WHERE revised_at IS NOT NULL"
        ).fetchone()
        store.connection.execute("UPDATE articles SET revisions = 1 WHERE id = ?", (edited,))
        store.connection.execute(_REVISION, (edited, "مدرسة جديدة تغلق أبوابها"))
        store.connection.execute("UPDATE articles SET story = 1 WHERE id IN (1, ?)", (ORDINARY + 1,))
    return path


def _rows() -> list[dict[str, str | None]]:
    ordinary = [_ordinary(n) for n in range(ORDINARY)]
    recently = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        *ordinary,
        _row("copied", "2024-04-01", ordinary[0]["headline"] or "", ordinary[0]["body"] or "", source="jabal"),
        _row("mixed", "2024-05-20", MIXED, "تتيح الخدمة خرائط للطرق، وفق بيان للشركة.", lede="خدمة جديدة للسائقين"),
        _row("undated", None, "خبر بلا تاريخ من الميادين", "لم تذكر الصفحة يوماً.", byline="سلمى الحسن"),
        _row("edited", "2024-05-25", "مدرسة جديدة تفتح أبوابها", "استقبلت المدرسة سبعين طالباً.", revised_at=recently),
        _row("gone", "2024-05-26", "خبر حُذف بعد ساعات", "لم يبق منه شيء.", gone_since=recently, gone_reason="not-found"),
        _row("harm", "2024-05-28", f"{SCRIPT} قافلة {SCRIPT}", f"{SCRIPT} قافلة\n{SCRIPT}", lede=SCRIPT, byline=SCRIPT)
        | {"section": SCRIPT, "tags": SCRIPT, "caption": SCRIPT, "source": "jabal", "url": f"javascript:{HARM}"},
    ]  # fmt: skip


def _ordinary(number: int) -> dict[str, str | None]:
    day = (FIRST + timedelta(days=4 * number)).isoformat()
    headline = f"حملة تشجير جديدة في {_TOWNS[number % len(_TOWNS)]}"
    return _row(f"{number}", day, headline, "\n".join(PARAGRAPHS * 2), lede="موسم أخضر في سورية")


def _row(slug: str, day: str | None, headline: str, body: str, **more: str) -> dict[str, str | None]:
    at = f"{day or '2024-05-27'}T09:00:00Z"
    url = f"https://wadi.example/2024/{slug}/"
    return {
        "source": "wadi",
        "date": day,
        "headline": headline,
        "body": body,
        "url": url,
        "sort_at": at,
        **more,
    }


_EMPTY: dict[str, str | None] = dict.fromkeys((*_COLUMNS.split(", "), "tags", "caption"))
