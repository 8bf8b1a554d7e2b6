"""What outlets write never becomes a command to the terminal."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive import FeedStatus, Hit, Record
from newsarchive.models import Source
from newsarchive.terminal import Screen, feeds_json, hits_json, record_json, safe

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
RECORD = Record(
    id=7, source="wadi", source_name="بريد الوادي", date="2024-03-10", headline="سوق القطن", lede="مقدمة الخبر.", body="فقرة أولى.\nفقرة ثانية.", byline="بقلم سلمى",
    section="اقتصاد", url="https://wadi.example/7", published=NOW, date_from="feed", language="ar", tags=("قطن", "زراعة"), caption=None, first_seen=NOW, fetched_at=NOW, page="ab", hash="cd", extractor="1", revisions=0, revised_at=None, gone_since=None, gone_reason=None,
)  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(out: io.StringIO, record: Record = RECORD, **hit: object) -> str:
    found = Hit(record=record, headline_marks=((0, 3),), snippet=record.body, snippet_marks=((0, 4),))
    Screen(out).hits([replace(found, **hit)])  # type: ignore[arg-type]
    return out.getvalue()


HOSTILE = "خبر\x1b]52;c;ZXZpbA==\x07 \x1b[2J \x9b31m \u202eevil\u2066 \r\n[/bold] [red]\x00\ufeff\ud800"


@given(text=st.text())
def test_no_control_character_and_no_bidi_override_passes(text: str) -> None:
    made = safe(text + HOSTILE)
    assert not {unicodedata.category(char) for char in made} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_letters_that_spelling_needs_stay() -> None:
    assert safe("می\u200cخواهم \u200fخبر\u200e") == "می\u200cخواهم \u200fخبر\u200e"


def test_markup_is_printed_as_it_stands() -> None:
    assert "[/bold] [red]" in printed(io.StringIO(), replace(RECORD, headline=HOSTILE), headline_marks=())


def test_a_hostile_article_reaches_the_terminal_as_plain_lines() -> None:
    out = Terminal()
    record = replace(
        RECORD,
        headline=HOSTILE,
        body=HOSTILE,
        byline=HOSTILE,
        section=HOSTILE,
        url="https://wadi.example/\x1b[2J",
        source_name=HOSTILE,
    )
    printed(out, record, snippet=HOSTILE, snippet_marks=(), headline_marks=())
    Screen(out).record(record)
    rest = out.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\n", "")
    assert not [char for char in rest if unicodedata.category(char) == "Cc"]


def test_a_pipe_gets_plain_text_and_a_terminal_isolates_and_bold_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert (
        printed(io.StringIO())
        == "7  2024-03-10  wadi  https://wadi.example/7\n  سوق القطن\n  فقرة أولى.\n  فقرة ثانية.\n\n"
    )
    assert "\u2068\x1b[1mسوق\x1b[0m القطن\u2069" in printed(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in printed(Terminal())


def test_an_article_is_printed_with_its_facts_and_its_paragraphs_apart() -> None:
    out = io.StringIO()
    Screen(out).record(RECORD)
    assert out.getvalue() == (
        "7  2024-03-10  wadi  https://wadi.example/7\nسوق القطن\nsource: بريد الوادي\npublished: 2024-03-11 12:00 UTC\ndate from: feed\n"
        "byline: بقلم سلمى\nsection: اقتصاد\ntags: قطن، زراعة\nfetched: 2024-03-11 12:00 UTC\n\nمقدمة الخبر.\n\nفقرة أولى.\n\nفقرة ثانية.\n"
    )


def test_json_is_readable_arabic() -> None:
    assert '"headline": "سوق القطن"' in record_json(RECORD)
    assert '"published": "2024-03-11T12:00:00Z"' in record_json(RECORD)
    assert '"snippet": "فقرة' in hits_json(
        [Hit(record=RECORD, headline_marks=(), snippet="فقرة أولى.", snippet_marks=((0, 4),))]
    )
    assert feeds_json([], []) == "[]"


def test_the_list_of_feeds_shows_what_is_broken_and_since_when() -> None:
    status = FeedStatus(
        source="wadi", url="https://wadi.example/feed", kind="feed", outcome="timeout", detail="no answer within 30 s", failures=3,
        checked_at=NOW, succeeded_at=NOW - timedelta(days=3), next_check=NOW, article_at=NOW - timedelta(hours=80),
    )  # fmt: skip
    out = io.StringIO()
    sources = [
        Source(key="wadi", name="wadi"),
        Source(key="jabal", name="jabal"),
        Source(key="sahel", name="sahel", enabled=False),
    ]
    Screen(out).feeds(sources, [status], now=NOW)
    lines = out.getvalue().splitlines()
    assert lines[1].split() == [
        "wadi",
        "3",
        "days",
        "ago",
        "3",
        "days",
        "ago",
        "timeout",
        "(3",
        "times",
        "in",
        "a",
        "row):",
        "no",
        "answer",
        "within",
        "30",
        "s",
    ]
    assert lines[2].split() == ["jabal", "never", "never", "never", "asked"]
    assert lines[3].split()[-1] == "disabled"
