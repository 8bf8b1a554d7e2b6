"""What outlets write never becomes a command to the terminal, and each line reads in its direction."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive import FeedStatus, Gone, Hit, Provenance, Record, Revision
from newsarchive.archive.export_text import csv_cell
from newsarchive.archive.reread import Change, Kept, Reread, Stored
from newsarchive.archive.rows import Queued
from newsarchive.extract import Explanation
from newsarchive.extract.boilerplate import Cut
from newsarchive.jobs.reextract import Reading
from newsarchive.models import Article, Entry, Fetched, Hop, Rejected, Source
from newsarchive.terminal import (
    Screen,
    explanation_json,
    feeds_json,
    hits_csv,
    hits_ids,
    hits_json,
    hits_jsonl,
    record_json,
    safe,
)
from newsarchive.terminal_past import PastScreen
from newsarchive.terminal_text import isolated, json_text, own_line, reads_rtl

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
RECORD = Record(
    id=7, source="wadi", source_name="بريد الوادي", date="2024-03-10", headline="سوق القطن", lede="مقدمة الخبر.", body="فقرة أولى.\nفقرة ثانية.", byline="بقلم سلمى",
    section="اقتصاد", url="https://wadi.example/7", published=NOW, date_from="feed", language="ar", tags=("قطن", "زراعة"), caption=None, first_seen=NOW, fetched_at=NOW, page="ab", hash="cd", extractor="1", revisions=0, revised_at=None, gone_since=None, gone_reason=None,
)  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _able_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


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


def all_of(text: str) -> tuple[Record, Hit, Article]:
    """The same text in every field that comes from outside."""
    record = replace(
        RECORD, source=text, source_name=text, date=text, headline=text, lede=text, body=text, byline=text, section=text,
        url=text, date_from=text, tags=(text, text), caption=text, gone_since=NOW, gone_reason=text,
    )  # fmt: skip
    article = Article(
        url=text, headline=text, lede=text, body=text, byline=text, section=text, tags=(text,), caption=text, date=text, extractor="1"
    )  # fmt: skip
    middle = ((len(text) // 3, len(text) // 2),)
    return record, Hit(record=record, headline_marks=middle, snippet=text, snippet_marks=middle), article


def show_all(text: str, out: io.StringIO) -> None:
    """Print every output for people, the text in every field."""
    record, hit, article = all_of(text)
    screen = PastScreen(out)
    screen.hits([hit])
    screen.record(record)
    screen.explanation(Explanation(result=Rejected(reason="no-text", detail=text)), whole=False)
    screen.explanation(Explanation(result=article, cuts=(Cut(rule=text, line=text),)), whole=True)
    answer = Fetched(
        url=text, final_url=text + "/", outcome="ok", started_at=NOW, peer=text, robots=text,
        redirects=(Hop(url=text, status=301, peer=text),), headers=((b"X", text.encode("utf-8", "replace")),),
    )  # fmt: skip
    names = ("date", "published", "headline", "lede", "byline", "body")
    read = Reread(
        kept=Kept(page="ab", fetched=answer, record=dict.fromkeys(names, "نص")),
        result=article,
        record=dict.fromkeys(names, text),
        change=Change(kind="changed", columns=("body",)),
    )
    queued = Queued(id=1, attempts=0, entry=Entry(url=text))
    screen.reading(
        Reading(stored=Stored(source=text, article=7, queued=queued, pages=()), page=read), diff=True
    )
    screen.head(record)
    old = Revision(
        number=1, seen_from=NOW, seen_until=NOW, headline=text, lede=text, body=f"{text} سوق", date=text, page=None, hash="ab",
        extractor="1", current=False,
    )  # fmt: skip
    new = replace(old, number=2, body=f"قطن {text}", seen_from=NOW + timedelta(days=1))
    screen.revisions((old, new), (Gone(gone_since=NOW, back_at=NOW, outcome=text),))
    screen.diff((old, new))
    screen.provenance((Provenance(at=NOW, outcome=text, url=text, page=text, text=text, request=answer),))
    status = FeedStatus(
        source=text, url=text, kind="feed", outcome=text, detail=text, failures=2,
        checked_at=NOW, succeeded_at=NOW, next_check=NOW, article_at=NOW,
    )  # fmt: skip
    screen.feeds(
        [Source(key="wadi", name="wadi")], [status, replace(status, source="wadi", failures=0)], now=NOW
    )
    screen.feeds([Source(key="wadi", name="wadi")], [replace(status, source="wadi")], now=NOW)


def write_all(text: str) -> str:
    """Write every output for programs, the text in every field."""
    record, hit, article = all_of(text)
    out = io.StringIO()
    out.write(hits_json([hit]) + record_json(record))
    out.write(explanation_json(Explanation(result=article, cuts=(Cut(rule=text, line=text),)), whole=True))
    hits_jsonl([hit], out)
    hits_csv([hit], out)
    hits_ids([hit], out)
    return out.getvalue()


OURS = re.compile(r"\x1b\[(?:0|1|31|32)m|^\x1b\[\?2501h|\x1b\[\?2501l$", re.MULTILINE)
NASTY = st.text(
    st.sampled_from("\x00\x07\t\x1b[?2501hl0m\x7f\x85\x9b\x9d \u061c\u200e\u200f\u2028\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ud800\udfff\U000e0041سوقابABC12=+-")
    | st.characters()
)  # fmt: skip


def commands(text: str) -> set[str]:
    """Controls and what overrides a direction, but for line ends."""
    bad = {char for char in text if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}}
    return (bad | set(text) & set("\u202a\u202b\u202c\u202d\u202e\ufeff")) - {"\n"}


@settings(max_examples=60)
@given(text=NASTY.map(lambda text: text + HOSTILE) | NASTY)
def test_no_field_of_any_output_commands_a_terminal_or_leaves_an_isolate_open(text: str) -> None:
    out, pipe = Terminal(), io.StringIO()
    show_all(text, out)
    show_all(text, pipe)
    assert not commands(OURS.sub("", out.getvalue()))
    for line in out.getvalue().split("\n"):
        assert ("\x1b[?2501h" in line) == ("\x1b[?2501l" in line)
        assert re.fullmatch(
            "[^\u2066-\u2069]*([\u2066\u2067][^\u2066-\u2069]*\u2069[^\u2066-\u2069]*)*", line
        )
    assert not (commands(pipe.getvalue()) | set(pipe.getvalue()) & set("\u2066\u2067\u2068\u2069"))


@settings(max_examples=60)
@given(text=NASTY.map(lambda text: text + HOSTILE) | NASTY)
def test_no_field_of_any_form_for_programs_commands_a_terminal(text: str) -> None:
    assert not (commands(write_all(text).replace("\r\n", "\n")) | set(write_all(text)) & set("\u2066\u2069"))


@given(text=NASTY)
def test_json_says_what_was_said(text: str) -> None:
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # JSON joins two halves
    assert json.loads(json_text([text])) == [joined]
    assert json.loads(json_text(["\ud800\udfff"])) == ["\U000103ff"]


def test_the_forgery_of_a_mark_or_of_the_mode_is_text() -> None:
    shown = printed(
        Terminal(), replace(RECORD, headline="سوق\x1b[0m\x1b[?2501l \u2069\u202d123"), headline_marks=()
    )
    assert shown.split("\n")[1] == "\x1b[?2501h  \u200f\u2067سوق [0m [?2501l  123\u2069\x1b[?2501l"


def test_a_pipe_and_a_dumb_terminal_get_the_bare_text(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = "7  2024-03-10  wadi  https://wadi.example/7\n  سوق القطن\n  فقرة أولى.\n  فقرة ثانية.\n\n"
    assert printed(io.StringIO()) == bare
    monkeypatch.setenv("TERM", "dumb")
    assert printed(Terminal()) == bare


def test_on_a_terminal_a_match_is_bold_as_it_is_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    record = replace(RECORD, headline="أُسوَاقُ الـقطن")
    assert "\x1b[1mأُسوَاقُ\x1b[0m الـقطن" in printed(Terminal(), record, headline_marks=((0, 8),))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m" not in printed(Terminal(), record)


def side_in_vte(line: str) -> str:
    """Where VTE lets a line begin: left, unless its mode is set at the first column and the first strong letter says right.

    What has no width is lost at the first column (Terminal::insert_char), and isolates are passed over (UAX #9, P2).
    """
    if not line.startswith("\x1b[?2501h"):
        return "left"
    depth = 0
    for char in re.sub(r"\x1b\[[?\d]*[a-z]", "", line).lstrip("\u200e\u200f\u2066\u2067\u2068\u2069"):
        kind = unicodedata.bidirectional(char)
        depth += (kind in {"LRI", "RLI", "FSI"}) - (kind == "PDI" and depth > 0)
        if not depth and kind in {"L", "R", "AL"}:
            return "left" if kind == "L" else "right"
    return "left"


BODY = "عاد الباعة إلى السوق، ووصلت شاحنات من القرى."


@pytest.mark.parametrize(
    ("headline", "body", "side"),
    [
        ("سوق القطن", BODY, "right"),
        ("BBC تزور سوق القطن", BODY, "right"),
        ("20 شاحنة في سوق القطن", BODY, "right"),
        ("iPhone 15 Pro Max في السوق", BODY, "right"),
        ("«Reuters»: السوق يعود", BODY, "right"),
        ("The market of سوق is open", "Traders came back to the market.", "left"),
        ("سوق is what they call it", "Traders came back to the market.", "left"),
        ("Cotton market opens", BODY, "left"),
        ("2011 - 2024", BODY, "left"),
    ],
)
def test_a_line_begins_where_it_is_read_from(headline: str, body: str, side: str) -> None:
    record = replace(RECORD, headline=headline, body=body)
    out = Terminal()
    Screen(out).record(record)
    assert (
        side_in_vte(printed(Terminal(), record, headline_marks=(), snippet_marks=()).split("\n")[1]) == side
    )
    assert side_in_vte(out.getvalue().split("\n")[1]) == side


def test_a_paragraph_is_read_by_its_own_words() -> None:
    assert reads_rtl("المصدر OCHA")
    assert not reads_rtl("They left حلب today")
    assert not reads_rtl("")


def test_a_line_that_is_read_from_the_left_keeps_to_it_and_is_copied_clean_if_it_is_latin() -> None:
    assert own_line("Market", rtl=False, indent="  ") == "  Market"
    assert own_line("Market سوق", rtl=False) == "\u2066Market سوق\u2069\u200e"


def test_arabic_in_an_address_or_a_key_moves_nothing_beside_it() -> None:
    record = replace(RECORD, source="وادي", url="https://wadi.example/سوق/7")
    assert printed(Terminal(), record).split("\n")[0] == (
        "7  2024-03-10  \u2066وادي\u2069\u200e  \u2066https://wadi.example/سوق/7\u2069\u200e"
    )
    assert printed(Terminal()).split("\n")[0] == "7  2024-03-10  wadi  https://wadi.example/7"
    assert isolated("\u200fabc") == "\u2066\u200fabc\u2069\u200e"


def test_what_changed_reads_in_the_direction_of_the_paragraph() -> None:
    old = Revision(
        number=1, seen_from=NOW, seen_until=NOW, headline="سوق القطن", lede=None, body="BBC زارت 20 تاجرا.\nThey left حلب.",
        date=None, page=None, hash="ab", extractor="1", current=False,
    )  # fmt: skip
    new = replace(old, body="CNN زارت 30 تاجرا.\nThey left حمص.")
    out = Terminal()
    PastScreen(out).diff((old, new))
    arabic, english = out.getvalue().split("\n")[3:6:2]
    assert side_in_vte(arabic) == "right"
    assert "\x1b[31m[-BBC-]\x1b[0m \x1b[32m{+CNN+}\x1b[0m زارت" in arabic
    assert side_in_vte(english) == "left"


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


def test_results_are_written_as_they_come_in_every_form() -> None:
    hit = all_of("سوق")[1]

    def hits(out: io.StringIO) -> Iterator[Hit]:
        yield hit
        assert out.getvalue().count("7") == 1, "the second is asked for when the first is written"
        yield hit

    for write in (hits_jsonl, hits_csv, hits_ids, lambda hits, out: Screen(out).hits(hits)):
        out = io.StringIO()
        assert write(hits(out), out) == 2
        assert write([], empty := io.StringIO()) == 0
        assert not empty.getvalue()


def test_json_lines_hold_the_objects_of_json_one_a_line() -> None:
    hit, out = all_of("سوق\u2028القطن\x85\n")[1], io.StringIO()
    hits_jsonl([hit, hit], out)
    lines = out.getvalue().splitlines()
    assert list(map(json.loads, lines)) == json.loads(hits_json([hit, hit]))
    assert lines[0].startswith('{"id": 7, "url": "سوق')


def test_csv_has_a_header_and_no_formula() -> None:
    record = replace(RECORD, headline='=HYPERLINK("x")', byline="\u200f@سلمى")
    hit = Hit(record=record, headline_marks=(), snippet="…سطر، أول\nثان", snippet_marks=())
    out = io.StringIO()
    hits_csv([hit], out)
    names, row = csv.reader(io.StringIO(out.getvalue()))
    assert names == ["id", "date", "source", "headline", "snippet", "byline", "section", "url", "published"]
    assert row == [
        "7", "2024-03-10", "wadi", csv_cell(record.headline), hit.snippet, csv_cell(record.byline), "اقتصاد", "https://wadi.example/7",
        "2024-03-11T12:00:00Z",
    ]  # fmt: skip
    assert row[3].startswith("'=")
    assert row[5].startswith("'")


def test_ids_stand_one_a_line() -> None:
    out = io.StringIO()
    hits_ids([all_of("سوق")[1]], out)
    assert out.getvalue() == "7\n"


def test_what_is_printed_for_people_needs_neither_json_nor_csv() -> None:
    # Coverage, if it measures this process, imports its own.
    probe = "import sys; before = {*sys.modules}; import newsarchive.terminal; print({'csv', 'json'} & ({*sys.modules} - before))"
    assert (
        subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )


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
