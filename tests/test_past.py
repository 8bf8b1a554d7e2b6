"""What became of an article, as people see it: its texts, what changed, where each page came from."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive import Archive
from newsarchive.archive.derive import derive
from newsarchive.archive.files import pages_path, stamp
from newsarchive.archive.filing import keep_article
from newsarchive.archive.rows import article_row
from newsarchive.archive.store import Store
from newsarchive.changes import changes
from newsarchive.cli import main
from newsarchive.errors import ArchiveError, NewsArchiveError
from newsarchive.models import Article, Entry, Fetched, Hop, Source
from newsarchive.terminal_past import PastScreen
from sealed import build, tamper

NOON = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
URL = "https://wadi.example/1"
FIRST = Article(
    url=URL,
    headline="الجسر يفتح يوم الخميس",
    body="قالت البلدية إن الجسر سيفتح يوم الخميس أمام السيارات.\nوانتهت أعمال الطلاء قبل أسبوع.",
    date="2024-03-11",
    date_from="page",
    extractor="2",
)
SECOND = replace(
    FIRST, body=FIRST.body.replace("يوم الخميس أمام السيارات", "بعد شهر أمام المشاة\u202e \x1b[31mفقط")
)
PAGE = "<html><p>الجسر \x1b]0;pwned\x07</p></html>".encode()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article that was changed after two hours, was gone after three, and came back after six."""
    path = tmp_path_factory.mktemp("past") / "news.db"
    with Store.open(path, NOON) as store:
        store.keep_sources([Source(key="wadi", name="بريد الوادي")], NOON)
        queued = store.enqueue("wadi", Entry(url=URL), NOON)
        hop = Hop(
            url="https://wadi.example/old", status=301, headers=((b"Location", b"/1"),), peer="192.0.2.7"
        )
        answer = Fetched(
            url=URL,
            final_url=URL,
            outcome="ok",
            status=200,
            content=PAGE,
            headers=((b"Server", b"wadi"),),
            request_headers=((b"User-Agent", b"newsarchive"),),
            redirects=(hop,),
            robots="allowed",
            started_at=NOON,
            seconds=0.25,
            peer="192.0.2.8",
        )
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        run = store.begin_run("1", NOON)
        article, _ = keep_article(
            store, run, "wadi", queued, FIRST, fetched=answer, receipt=receipt, now=NOON
        )
        row = article_row(SECOND, NOON, NOON)
        names = (
            "headline",
            "lede",
            "body",
            "byline",
            "date",
            "published",
            "hash",
            "extractor",
            "date_from",
            "section",
            "tags",
            "caption",
            "language",
        )
        seen = [(2, "ok", row["hash"]), (3, "gone", None), (4, "gone", None), (6, "ok", row["hash"])]
        with store.transaction():
            for hours, outcome, text in seen:
                at = stamp(NOON + timedelta(hours=hours))
                values = (article, at, outcome, URL, "ab" * 32 if text else None, text)
                store.connection.execute("INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?)", values)
            derive(store.connection, article, {str(row["hash"]): {name: row[name] for name in names}})
    return path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show(db: Path, *options: str) -> str:
    command = [sys.executable, "-m", "newsarchive", "show", "1", "--db", str(db), *options]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_the_texts_and_absences_of_an_article_are_listed_in_the_order_of_time(db: Path) -> None:
    lines = show(db, "--revisions").splitlines()[3:]
    assert [re.split(r"\s{2,}", line.strip())[0:2] for line in lines] == [
        ["1", "earlier text, seen from 2024-03-11 12:00:00 UTC to 2024-03-11 12:00:00 UTC"],
        ["2", "text of today, seen from 2024-03-11 14:00:00 UTC to 2024-03-11 18:00:00 UTC"],
        ["gone (gone), seen at 2024-03-11 15:00:00 UTC"],
        ["back, seen at 2024-03-11 18:00:00 UTC"],
    ]


def test_an_article_says_that_it_was_changed(db: Path) -> None:
    assert "changed: once; as it stands since 2024-03-11 14:00 UTC" in show(db)


def test_a_diff_shows_the_changed_paragraphs_word_by_word_and_no_command_to_the_terminal(db: Path) -> None:
    plain = show(db, "--diff")
    assert "الجسر سيفتح [-يوم الخميس-] {+بعد شهر+} أمام [-السيارات.-] {+المشاة" in plain
    assert "الطلاء" not in plain
    assert "\x1b" not in plain
    assert "\u202e" not in plain


def test_on_a_terminal_a_diff_is_coloured_and_isolated(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    with Archive(db) as archive:
        record = archive.article(1)
        assert record is not None
        PastScreen(out).diff(archive.revisions(1))
    changed = out.getvalue().splitlines()[-1]
    assert changed.startswith("\x1b[?2501h \u200f\u2067")
    assert changed.endswith("\u2069\x1b[?2501l")
    assert "\x1b[31m[-يوم الخميس-]\x1b[0m \x1b[32m{+بعد شهر+}\x1b[0m" in changed
    assert "\u202e" not in changed


def test_the_raw_page_is_written_byte_for_byte(db: Path, tmp_path: Path) -> None:
    with Archive(db) as archive:
        record = archive.article(1)
        assert record is not None
        assert record.page == "ab" * 32
    lost = [sys.executable, "-m", "newsarchive", "show", "1", "--raw", "--db", str(db)]
    done = subprocess.run(lost, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"was imported without it" in done.stderr
    path = tmp_path / "news.db"
    with Store.open(path, NOON) as store:
        store.keep_sources([Source(key="wadi", name="بريد الوادي")], NOON)
        queued = store.enqueue("wadi", Entry(url=URL), NOON)
        answer = Fetched(url=URL, final_url=URL, outcome="ok", content=PAGE, started_at=NOON)
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        keep_article(
            store,
            store.begin_run("1", NOON),
            "wadi",
            queued,
            FIRST,
            fetched=answer,
            receipt=receipt,
            now=NOON,
        )
    command = [sys.executable, "-m", "newsarchive", "show", URL, "--raw", "--db", str(path)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == PAGE


def test_the_provenance_names_the_request_its_way_its_headers_and_its_hashes(db: Path) -> None:
    told = show(db, "--provenance")
    for fact in (
        "redirected: 301 by https://wadi.example/old at 192.0.2.7",
        "answered by: 192.0.2.8, status 200, in 0.250 s",
        "robots.txt: allowed",
        "sent: User-Agent: newsarchive",
        "received: Server: wadi",
        f", {len(PAGE)} bytes",
        "seal: not sealed yet",
        "evidence: none",
    ):
        assert fact in told, fact


def test_the_past_as_json_can_be_read_back(db: Path) -> None:
    told = json.loads(show(db, "--revisions", "--provenance", "--json"))
    assert [one["current"] for one in told["revisions"]] == [False, True]
    assert told["absences"] == [
        {"gone_since": "2024-03-11T15:00:00Z", "back_at": "2024-03-11T18:00:00Z", "outcome": "gone"}
    ]
    assert len(told["provenance"]) == 5


def test_a_diff_as_json_has_the_pieces(db: Path) -> None:
    told = json.loads(show(db, "--diff", "--json"))
    assert "revisions" not in told
    (diff,) = told["diff"]
    assert (diff["from"], diff["to"], diff["changed_at"]) == (1, 2, "2024-03-11T14:00:00Z")
    ((*pieces, _),) = diff["paragraphs"]
    assert pieces[1:3] == [{"kind": "old", "text": "يوم الخميس"}, {"kind": "new", "text": "بعد شهر"}]


def test_an_article_as_json_has_the_hash_of_its_text(db: Path) -> None:
    assert json.loads(show(db, "--json"))["hash"] == article_row(SECOND, NOON, NOON)["hash"]


@pytest.mark.parametrize("option", ["--json", "--diff", "--revisions", "--provenance"])
def test_a_raw_page_comes_alone(db: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["show", "1", "--raw", option, "--db", str(db)])
    assert ended.value.code == 2
    assert "--raw" in capsys.readouterr().err


def test_a_page_that_is_not_there_is_said_to_be_removed_imported_or_lost(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    build(path)
    with closing(sqlite3.connect(pages_path(path))) as pages:
        (removed,) = pages.execute("SELECT page FROM removals WHERE page IS NOT NULL").fetchone()
    with Archive(path) as archive:
        with pytest.raises(NewsArchiveError, match="was removed") as told:
            archive.page(removed)
        assert not isinstance(told.value, ArchiveError)
        assert "طلب الشاهد" in str(told.value)
        lost = archive.provenance(1)[0].page
        assert lost is not None
        tamper(path, lambda c: c.execute("DELETE FROM pages WHERE hash = ?", (lost,)), pages=True)
        with pytest.raises(ArchiveError, match="is missing"):
            archive.page(lost)


PARAGRAPHS = st.lists(st.text("ابت ج", min_size=1).filter(str.strip).map(lambda text: " ".join(text.split())))


@given(PARAGRAPHS, PARAGRAPHS)
def test_both_texts_can_be_read_from_their_changes(before: list[str], after: list[str]) -> None:
    told = list(changes(before, after))
    unchanged_before, unchanged_after = list(before), list(after)
    for pieces in told:
        old = " ".join(piece.text for piece in pieces if piece.kind != "new")
        new = " ".join(piece.text for piece in pieces if piece.kind != "old")
        if old:
            unchanged_before.remove(old)
        if new:
            unchanged_after.remove(new)
    assert sorted(unchanged_before) == sorted(unchanged_after)


def test_a_text_of_a_hundred_thousand_words_is_compared_at_once() -> None:
    before, after = ["كلمة " * 50_000], ["حرف " * 50_000]
    assert [piece.kind for pieces in changes(before, after) for piece in pieces] == ["old", "new"]
