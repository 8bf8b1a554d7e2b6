"""What an outlet changes later: exactly the edits and deletions that happened, and no other."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

import httpx
import pytest

from newsarchive.archive.files import pages_path, stamp
from newsarchive.archive.rows import bare
from newsarchive.archive.verifying import Finding, verify
from newsarchive.jobs.add import add
from newsarchive.jobs.reextract import reextract
from newsarchive.jobs.session import World
from newsarchive.jobs.take_in import import_lines, import_page
from newsarchive.models import Entry, Selectors
from newsarchive.workers import Workers
from outlet import SENTENCES, Answer, FakeOutlet, Outlets, serving
from workbench import START, Bench

BODY = "\n".join(SENTENCES)
EDITED = BODY.replace("أسبوعاً كاملاً", "ثلاثة أسابيع")
EDITED_AGAIN = f"{EDITED}\nونفت البلدية أن تكون المياه قد قطعت عن الحي الشرقي."


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as shared:
        yield shared


@pytest.fixture
def bench(tmp_path: Path, workers: Workers) -> Bench:
    return Bench(tmp_path / "news.db", workers)


@pytest.fixture
def outlet(bench: Bench) -> FakeOutlet:
    """An outlet with one story, which is in the archive."""
    made = bench.outlet()
    made.publish("/1", "عودة القطن إلى الخابور", body=BODY, at=START)
    bench.fetch()
    return made


def texts(bench: Bench) -> list[tuple[object, ...]]:
    """All texts of all articles, oldest first."""
    return bench.rows(
        "SELECT headline, body FROM (SELECT article, number, headline, body FROM revisions"
        " UNION ALL SELECT id, 999, headline, body FROM articles) ORDER BY article, number"
    )


def marks(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows(
        "SELECT revisions, revised_at IS NOT NULL, gone_since IS NOT NULL, gone_reason FROM articles"
    )


def outcomes(bench: Bench) -> list[object]:
    return [outcome for (outcome,) in bench.rows("SELECT outcome FROM sightings ORDER BY at")]


LIFE: tuple[tuple[str, Callable[[FakeOutlet], None]], ...] = (
    ("quiet", lambda _: None),
    ("edited", lambda outlet: outlet.edit("/1", body=EDITED)),
    ("rethemed", lambda outlet: outlet.retheme()),
    (
        "edited again",
        lambda outlet: outlet.edit("/1", headline="القطن يعود إلى الخابور بعد غياب", body=EDITED_AGAIN),
    ),
    ("deleted", lambda outlet: outlet.retract("/1")),
    ("still deleted", lambda _: None),
    ("restored", lambda outlet: outlet.restore("/1")),
    ("rethemed again", lambda outlet: outlet.retheme()),
)


@pytest.mark.parametrize(("validators", "adverts"), [(True, False), (False, False), (False, True)])
def test_a_story_s_life_yields_exactly_the_revisions_and_marks_that_happened(
    bench: Bench, *, validators: bool, adverts: bool
) -> None:
    outlet = bench.outlet()
    outlet.validators, outlet.adverts = validators, adverts
    outlet.publish("/1", "عودة القطن إلى الخابور", body=BODY, at=START)
    bench.fetch()
    told, at = {}, {}
    for name, happens in LIFE:
        happens(outlet)
        report = bench.look()
        at[name] = bench.rows("SELECT max(at) FROM sightings")[0][0]
        told[name] = (report.articles_changed, report.articles_gone, report.articles_back)
        assert report.looks == 1
    assert {name: counts for name, counts in told.items() if any(counts)} == {
        "edited": (1, 0, 0),
        "edited again": (1, 0, 0),
        "still deleted": (0, 1, 0),
        "restored": (0, 0, 1),
    }
    assert texts(bench) == [
        ("عودة القطن إلى الخابور", BODY),
        ("عودة القطن إلى الخابور", EDITED),
        ("القطن يعود إلى الخابور بعد غياب", EDITED_AGAIN),
    ]
    assert bench.rows("SELECT number, seen_from, seen_until FROM revisions ORDER BY number") == [
        (1, "2024-03-11T12:00:06Z", at["quiet"]),
        (2, at["edited"], at["rethemed"]),
    ]
    assert bench.rows("SELECT gone_since, back_at, outcome FROM absences") == [
        (at["deleted"], at["restored"], "not-found")
    ]
    assert marks(bench) == [(2, 1, 0, None)]
    assert bench.rows("SELECT revised_at FROM articles") == [(at["edited again"],)]
    assert bench.rows(
        "SELECT sum(looks), sum(articles_changed), sum(articles_gone), sum(articles_back) FROM runs"
    ) == [(8, 2, 1, 1)]


# -- killed and run again


class Killed(BaseException):
    """The run ends here, whatever it was doing."""


class Doom:
    """Counts what a run waits for (requests, pauses, parsers) and ends it at one of them."""

    def __init__(self, bench: Bench, at: int | None = None) -> None:
        self.ticks = 0
        self._bench, self._at = bench, at
        self.size = bench.workers.size

    def world(self) -> World:
        return replace(self._bench.world, sleep=self._sleep, transport=self, workers=self)  # type: ignore[arg-type]

    def _tick(self) -> None:
        self.ticks += 1
        if self.ticks == self._at:
            raise Killed

    async def _sleep(self, seconds: float) -> None:
        self._tick()
        await self._bench.clock.sleep(seconds)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._tick()
        return await Outlets(*self._bench.outlets).handle_async_request(request)

    async def aclose(self) -> None:
        return

    def call(self, *args: object, **more: object) -> object:
        self._tick()
        result = self._bench.workers.call(*args, **more)  # type: ignore[arg-type]
        self._tick()
        return result


def state(bench: Bench) -> list[object]:
    """All that is told of articles, but for the clock."""
    seen = bench.rows("SELECT text, outcome FROM sightings ORDER BY at")
    absences = bench.rows("SELECT outcome, back_at IS NULL FROM absences ORDER BY gone_since")
    entries = bench.rows("SELECT url, state, outcome, next_try IS NULL FROM entries ORDER BY url")
    return [
        texts(bench),
        marks(bench),
        absences,
        entries,
        [key for key, _ in groupby(text for text, _ in seen)],
    ]


def test_each_step_of_that_life_killed_at_any_moment_and_run_again_gives_the_same(
    bench: Bench, tmp_path: Path
) -> None:
    outlet = bench.outlet()
    outlet.adverts = True  # so that every look reads two pages
    dice = Random(4)  # noqa: S311 - no secret: moments to end a run at
    kills = 0
    for name, happens in (
        ("published", lambda _: outlet.publish("/1", "عودة القطن إلى الخابور", body=BODY, at=START)),
        *LIFE,
    ):
        happens(outlet)
        if bench.db.exists():
            ((due,),) = bench.rows("SELECT next_try FROM entries")
            bench.clock.at = datetime.fromisoformat(str(due)) + timedelta(hours=2)
        before = tmp_path / "before"
        shutil.rmtree(before, ignore_errors=True)
        before.mkdir()
        copy(bench.db, before)
        start = bench.clock.at
        whole = Doom(bench)
        bench.fetch(world=whole.world())
        expected = state(bench)
        for moment in dice.sample(range(1, whole.ticks + 1), 2):
            bench.clock.at = start
            copy(before / bench.db.name, bench.db.parent)
            with pytest.raises(BaseException) as caught:  # noqa: PT011 - alone or in a group, as the moment has it
                bench.fetch(world=Doom(bench, moment).world())
            kills += (
                caught.group_contains(Killed)
                if isinstance(caught.value, BaseExceptionGroup)
                else caught.type is Killed
            )
            bench.fetch(force=True)
            assert state(bench) == expected, (name, moment)
    assert kills == 2 * 9
    assert marks(bench) == [(2, 1, 0, None)]


def copy(db: Path, folder: Path) -> None:
    """Put both files of an archive, or their absence, into a folder."""
    for path in (db, pages_path(db)):
        (folder / path.name).unlink(missing_ok=True)
        if path.exists():
            shutil.copy(path, folder)


# -- gone, or only away


def gone(bench: Bench) -> tuple[object, ...]:
    ((since, reason),) = bench.rows("SELECT gone_since, gone_reason FROM articles")
    return since, reason


@pytest.mark.parametrize(
    ("reason", "happens"),
    [
        ("not-found", lambda outlet: outlet.fail("/1", 404)),
        ("gone", lambda outlet: outlet.fail("/1", 410)),
        ("soft-404", lambda outlet: outlet.say_missing("/1")),
        ("home-page", lambda outlet: outlet.send_home("/1")),
    ],
)
def test_what_is_gone_is_said_to_be_after_a_second_look_six_hours_later_and_back_when_it_is(
    bench: Bench, outlet: FakeOutlet, reason: str, happens: Callable[[FakeOutlet], None]
) -> None:
    happens(outlet)
    assert bench.look().articles_gone == 0
    first = bench.rows("SELECT max(at) FROM sightings")[0][0]
    assert gone(bench) == (None, None)
    bench.wait(hours=5, minutes=50)
    assert bench.fetch().looks == 0
    assert "; 0 articles new, 1 gone, 0 pages rejected; " in bench.look().summary()
    assert gone(bench) == (first, reason)
    assert bench.rows("SELECT outcome FROM entries") == [(reason,)]
    outlet.heal("/1")
    assert "1 back" in bench.look().summary()
    assert gone(bench) == (None, None)
    assert bench.rows("SELECT gone_since, outcome FROM absences WHERE back_at IS NOT NULL") == [
        (first, reason)
    ]
    assert len(texts(bench)) == 1
    assert bench.rows("SELECT state, outcome FROM entries") == [("done", None)]


def test_one_look_that_finds_nothing_is_no_absence(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.fail("/1", 404)
    bench.look()
    outlet.heal("/1")
    assert bench.look().articles_back == 0
    assert bench.rows("SELECT count(*) FROM absences") == [(0,)]
    assert outcomes(bench) == ["ok", "not-found", "not-modified"]


WALL = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
AWAY = "<html><body><h1>الموقع قيد الصيانة</h1><p>نعود إليكم قريباً.</p></body></html>"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=503, headers=(("Retry-After", "60"),)),
        Answer(status=429),
        Answer(status=403),
        Answer(status=451),
        Answer(content=WALL.encode(), headers=HTML),
        Answer(content=AWAY.encode(), headers=HTML),
        Answer(content=b"", headers=HTML),
        Answer(content=b"%PDF-1.4", headers=(("Content-Type", "application/pdf"),)),
        Answer(status=302, headers=(("Location", "/2"),)),
        Answer(status=302, headers=(("Location", "/missing-section"),)),
        Answer(status=302, headers=(("Location", "https://ads.example/win"),)),
        Answer(status=302, headers=(("Location", "https://ads.example/"),)),
        Answer(status=302, headers=(("Location", "https://nobody.example/"),)),
    ],
)
def test_what_says_nothing_about_the_article_changes_nothing_and_is_looked_at_again(
    bench: Bench, outlet: FakeOutlet, answer: Answer
) -> None:
    advert = FakeOutlet(base="https://ads.example")
    advert.publish(
        "/win", "اربح سيارة جديدة اليوم", body="اشترك الآن في السحب الكبير على عشر سيارات جديدة في كل أسبوع."
    )
    bench.outlets.append(advert)
    outlet.publish(
        "/2",
        "جسر الفرات يغلق أسبوعين",
        body="أغلقت الشرطة الجسر بعد ظهور شقوق في دعامته الوسطى وحولت السير إلى العبارات.",
    )
    outlet.answers["/2"] = Answer(content=outlet.page("/2").encode(), headers=HTML)
    outlet.retract("/2")
    outlet.answers["/missing-section"] = Answer(status=500)
    before = bench.rows("SELECT * FROM articles")
    outlet.answers["/1"] = answer
    for _ in range(3):
        report = bench.look()
        assert (report.looks, report.articles_changed, report.articles_gone) == (0, 0, 0)
        assert (report.failed, report.troubles, report.nothing_fetched, report.left) == (0, [], False, 0)
    assert bench.rows("SELECT * FROM articles") == before
    assert outcomes(bench) == ["ok"]
    outlet.heal("/1")
    bench.wait(hours=25)
    assert bench.look().looks == 1


MISSING_TITLE = ("<title>", "<title>404 - ")
HOME_CANONICAL = (
    'rel="canonical" href="https://wadi.example/1"',
    'rel="canonical" href="https://wadi.example/"',
)


@pytest.mark.parametrize("slip", [MISSING_TITLE, HOME_CANONICAL])
def test_a_page_that_says_what_the_article_says_is_no_absence_whatever_its_head_says(
    bench: Bench, outlet: FakeOutlet, slip: tuple[str, str]
) -> None:
    page = outlet.page("/1").replace(*slip)
    for _ in range(3):
        outlet.answers["/1"] = Answer(content=page.encode(), headers=HTML)
        assert bench.look().looks == 0
    assert bench.rows("SELECT outcome FROM entries") in ([("soft-404",)], [("home-page",)])
    assert gone(bench) == (None, None)
    assert outcomes(bench) == ["ok"]


def test_words_that_a_page_does_not_show_are_not_what_it_says(bench: Bench, outlet: FakeOutlet) -> None:
    page = f"<html><head><title>404</title><script>{BODY}</script></head><body><h1>الصفحة غير موجودة</h1></body></html>"
    outlet.answers["/1"] = Answer(content=page.encode(), headers=HTML)
    bench.look()
    assert bench.look().articles_gone == 1


def moved(outlet: FakeOutlet, bench: Bench) -> None:
    outlet.stories["/new/1"] = {**outlet.stories.pop("/1"), "link": "https://wadi.example/1"}
    outlet.fail("/1", 301, Location="/new/1")
    assert bench.look().looks == 1


def test_an_article_that_moved_is_not_gone_when_its_old_address_dies(
    bench: Bench, outlet: FakeOutlet
) -> None:
    moved(outlet, bench)
    outlet.fail("/1", 404)
    for _ in range(4):
        assert bench.look().articles_gone == 0
    assert outcomes(bench) == ["ok", "ok", "not-found", "ok", "not-found", "ok"]
    outlet.edit("/new/1", body=EDITED)
    bench.look()
    assert bench.look().articles_changed == 1
    assert not any("if-none-match" in headers for path, headers in outlet.log[-4:] if path == "/1")
    assert [line for line in checked(bench) if line.verdict == "mismatch"] == []


def test_an_article_that_moved_is_gone_when_both_of_its_addresses_are(
    bench: Bench, outlet: FakeOutlet
) -> None:
    moved(outlet, bench)
    outlet.fail("/1", 404)
    outlet.stories.pop("/new/1")
    assert bench.look().articles_gone == 0
    assert bench.look().articles_gone == 1
    assert [path for path, _ in outlet.log if path != "/feed"][-2:] == ["/1", "/new/1"]


def checked(bench: Bench) -> list[Finding]:
    found: list[Finding] = []
    verify(bench.db, tell=found.append)
    return found


# -- a page that is damaged


def damage(bench: Bench) -> str:
    """Flip a bit in the midst of each page that is kept, and return the hash of the first."""
    with closing(sqlite3.connect(pages_path(bench.db))) as connection, connection:
        kept = connection.execute("SELECT hash, content FROM pages ORDER BY rowid").fetchall()
        for key, frame in kept:
            half = len(frame) // 2
            flipped = frame[:half] + bytes([frame[half] ^ 1]) + frame[half + 1 :]
            connection.execute("UPDATE pages SET content = ? WHERE hash = ?", (flipped, key))
    return str(kept[0][0])


@pytest.mark.parametrize(
    ("happens", "seen", "outcome"),
    [
        (lambda _: None, ["ok", "not-modified"], None),
        (lambda outlet: outlet.retheme(), ["ok", "ok"], None),
        (lambda outlet: outlet.retract("/1"), ["ok", "not-found"], "not-found"),
        (lambda outlet: outlet.edit("/1", body=EDITED), ["ok"], "unreadable"),
    ],
)
def test_a_damaged_last_page_ends_no_run_and_is_told_by_verify(
    bench: Bench,
    outlet: FakeOutlet,
    happens: Callable[[FakeOutlet], None],
    seen: list[object],
    outcome: str | None,
) -> None:
    key = damage(bench)
    happens(outlet)
    assert bench.look().looks == len(seen) - 1
    assert outcomes(bench) == seen
    assert bench.rows("SELECT outcome, attempts, next_try IS NOT NULL FROM entries") == [(outcome, 2, 1)]
    assert bench.rows("SELECT count(*) FROM fetches WHERE kind = 'page'") == [(2,)]
    assert bench.rows("SELECT outcome FROM runs ORDER BY id DESC LIMIT 1") == [("done",)]
    assert texts(bench) == [("عودة القطن إلى الخابور", BODY)]
    told = [(one.table, one.row) for one in checked(bench) if one.verdict == "mismatch"]
    assert told == [("pages", key)]


def test_where_a_damaged_last_page_was_reached_is_still_known(bench: Bench, outlet: FakeOutlet) -> None:
    moved(outlet, bench)
    outlet.fail("/1", 404)
    assert bench.look().looks == 1
    damage(bench)
    assert bench.look().articles_gone == 0
    assert outlet.log[-1][0] == "/new/1"


# -- an edit, or not


@pytest.mark.parametrize("kept", [1.0, 0.5])
def test_a_page_that_was_cut_short_is_no_edit(bench: Bench, outlet: FakeOutlet, kept: float) -> None:
    page = outlet.page("/1")
    end = page.index(SENTENCES[2]) + int(kept * len(SENTENCES[2]) / 2)
    outlet.answers["/1"] = Answer(content=page[:end].encode(), headers=HTML)
    assert bench.look().looks == 0
    assert bench.rows("SELECT outcome FROM entries") == [("unreadable",)]
    assert len(texts(bench)) == 1


def test_a_last_paragraph_that_was_taken_out_is_an_edit(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.edit("/1", body="\n".join(SENTENCES[:2]))
    assert bench.look().articles_changed == 1


@pytest.mark.parametrize("charset", ["latin-1", "cp1256"])
def test_a_page_that_was_encoded_twice_is_no_edit(bench: Bench, outlet: FakeOutlet, charset: str) -> None:
    twice = outlet.page("/1").encode().decode(charset, "replace").encode()
    outlet.answers["/1"] = Answer(content=twice, headers=HTML)
    assert bench.look().looks == 0
    assert len(texts(bench)) == 1


def test_a_text_that_is_another_language_s_now_is_an_edit(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.edit(
        "/1", body="The farmers’ fields – and theirs alone – were counted again after the rain stopped."
    )
    assert bench.look().articles_changed == 1


def test_a_story_that_is_rewritten_at_its_address_is_an_edit(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.edit(
        "/1", headline="جسر الفرات يغلق أسبوعين", body="أغلقت الشرطة الجسر بعد ظهور شقوق في دعامته الوسطى."
    )
    report = bench.look()
    assert report.articles_changed == 1
    assert ", 1 changed, 0 pages rejected; " in report.summary()
    assert len(texts(bench)) == 2
    assert bench.rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'norm:شقوق'") == [(1,)]
    assert bench.rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'norm:القطن'") == []


def test_an_edit_that_is_taken_back_is_a_second_one(bench: Bench, outlet: FakeOutlet) -> None:
    for body in (EDITED, BODY):
        outlet.edit("/1", body=body)
        assert bench.look().articles_changed == 1
    assert [body for _, body in texts(bench)] == [BODY, EDITED, BODY]
    assert bench.look().articles_changed == 0


def test_a_story_that_moved_is_the_same_at_its_new_address(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.stories["/new/1"] = {**outlet.stories.pop("/1"), "link": "https://wadi.example/1"}
    outlet.fail("/1", 301, Location="/new/1")
    assert bench.look().looks == 1
    outlet.edit("/new/1", body=EDITED)
    assert bench.look().articles_changed == 1
    bench.fetch(force=True)
    assert bench.rows("SELECT url, kind FROM addresses ORDER BY url") == [
        ("https://wadi.example/1", "asked"),
        ("https://wadi.example/new/1", "reached"),
    ]
    assert bench.rows("SELECT count(*) FROM articles") == [(1,)]


@pytest.mark.parametrize(
    "twin", ["https://m.wadi.example/1", "https://wadi.example/1/amp", "https://wadi.example/1?amp=1"]
)
def test_a_page_for_telephones_is_the_same_article_and_never_an_edit_of_it(
    bench: Bench, outlet: FakeOutlet, twin: str
) -> None:
    short = {**outlet.stories["/1"], "body": "\n".join(SENTENCES[:2]), "guid": "amp", "link": twin}
    mobile = FakeOutlet(base="https://m.wadi.example", stories={"/1": short})
    bench.outlets.append(mobile)
    path = twin.split(".example")[1]
    outlet.stories[path] = short
    assert bench.fetch(force=True).entries_new == 1
    assert bench.rows("SELECT count(*), max(revisions) FROM articles") == [(1, 0)]
    outlet.fail("/1", 302, Location=twin)
    bench.look()
    assert bench.rows("SELECT count(*), max(revisions), count(gone_since) FROM articles") == [(1, 0, 0)]
    assert bench.rows("SELECT count(*) FROM entries WHERE next_try IS NOT NULL") == [(1,)]


def test_better_rules_between_two_looks_make_no_edit(bench: Bench, outlet: FakeOutlet) -> None:
    outlet.adverts = True
    bench.sources = [replace(bench.sources[0], selectors=Selectors(remove=(".entry-content p:last-child",)))]
    assert bench.look().articles_changed == 0
    outlet.edit("/1", headline="القطن يعود إلى الخابور")
    assert bench.look().articles_changed == 1
    assert [body for _, body in texts(bench)] == [BODY, BODY]  # of the body, nothing was edited


def test_what_the_feed_said_at_first_is_no_witness_against_a_later_page(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.adverts = True
    outlet.publish(
        "/1", "عودة القطن إلى الخابور", body="صورة الحقل من الجو قبل الموسم وبعده كما نشرتها الجمعية."
    )
    outlet.stories["/1"]["summary"] = BODY
    bench.fetch()
    assert bench.look().articles_changed == 0
    outlet.edit("/1", headline="القطن يعود إلى الخابور", summary="")
    assert bench.look().articles_changed == 1
    outlet.retheme()
    assert bench.look().articles_changed == 0


def test_a_later_page_is_read_without_what_the_feed_said_of_the_text() -> None:
    kept = {"url": "https://wadi.example/1", "published": START, "guid": "7", "garbled": True}
    said = dict.fromkeys(("headline", "summary", "content", "byline", "section"), BODY)
    assert bare(Entry(**kept, **said)) == Entry(**kept)  # type: ignore[arg-type]


def test_a_page_that_lost_its_text_is_not_filled_from_what_the_feed_said(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "عودة القطن إلى الخابور", body=BODY, summary=BODY)
    bench.fetch()
    outlet.edit("/1", body="")
    assert bench.look().looks == 0
    assert bench.rows("SELECT outcome FROM entries") == [("no-text",)]


def test_an_article_that_reads_like_an_error_page_is_not_gone_for_that(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.adverts = True
    outlet.publish("/1", "الصفحة غير موجودة", body="فيلم قصير عن أرشيف ضاع في الحرب.")
    assert bench.fetch().articles_new == 1
    for _ in range(3):
        bench.look()
    assert gone(bench) == (None, None)
    assert "soft-404" not in outcomes(bench)


# -- when, and in what order


def test_new_entries_come_before_looks_and_both_keep_their_order(bench: Bench, outlet: FakeOutlet) -> None:
    bench.wait(hours=2)
    for n in (3, 2):
        outlet.publish(f"/{n}", f"خبر رقم {n} من القرى")
    asked = len(outlet.log)
    bench.fetch()
    assert [path for path, _ in outlet.log[asked:]] == ["/feed", "/2", "/3", "/1"]


def test_a_look_is_conditional_and_an_unchanged_page_is_a_sighting_of_the_same_text(
    bench: Bench, outlet: FakeOutlet
) -> None:
    bench.look()
    assert "if-none-match" in outlet.log[-1][1]
    first, second = bench.rows("SELECT outcome, url, page, text FROM sightings ORDER BY at")
    assert (first[0], second[0]) == ("ok", "not-modified")
    assert first[1:] == second[1:]
    assert bench.rows("SELECT kind, outcome FROM fetches ORDER BY id DESC LIMIT 1") == [
        ("page", "not-modified")
    ]


def test_that_nothing_changed_is_said_of_the_page_whose_validators_were_sent(
    bench: Bench, outlet: FakeOutlet
) -> None:
    outlet.edit("/1", body=EDITED)
    assert bench.look().articles_changed == 1
    with closing(sqlite3.connect(bench.db)) as connection, connection:
        connection.execute(
            "UPDATE entries SET etag_page = (SELECT page FROM sightings ORDER BY at LIMIT 1)"
        )  # as after a merge
    assert bench.look().articles_changed == 1
    assert [body for _, body in texts(bench)] == [BODY, EDITED, BODY]


def test_validators_of_a_page_that_is_no_article_by_better_rules_are_not_sent(
    bench: Bench, outlet: FakeOutlet
) -> None:
    outlet.edit("/1", body=EDITED)
    bench.look()
    with closing(sqlite3.connect(bench.db)) as connection, connection:
        connection.execute(
            "UPDATE sightings SET outcome = 'rejected', text = NULL WHERE at = (SELECT max(at) FROM sightings)"
        )
    bench.look()
    assert "if-none-match" not in outlet.log[-1][1]
    assert outcomes(bench) == ["ok", "rejected", "ok"]


def test_an_answer_that_nothing_changed_to_one_who_named_no_page_says_nothing(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.validators = False
    outlet.publish("/1", "عودة القطن إلى الخابور", body=BODY, at=START)
    bench.fetch()
    outlet.fail("/1", 304)
    assert bench.look().looks == 0
    assert outcomes(bench) == ["ok"]


def test_the_validators_of_an_address_that_a_redirect_led_to_are_not_sent_to_the_first(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.stories = {
        "/new": {
            "headline": "خبر أول",
            "body": BODY,
            "published": "",
            "guid": "x",
            "link": "https://wadi.example/old",
        }
    }
    outlet.fail("/old", 301, Location="/new")
    bench.fetch()
    assert bench.look().looks == 1
    assert not any("if-none-match" in headers for path, headers in outlet.log if path != "/feed")


@pytest.mark.usefixtures("outlet")
def test_an_article_is_looked_at_less_and_less_often_and_after_a_month_no_more(bench: Bench) -> None:
    ages = []
    while bench.rows("SELECT 1 FROM entries WHERE next_try IS NOT NULL"):
        assert bench.look().looks == 1
        ages.append(bench.clock.at - START)
    assert 25 <= len(ages) <= 28
    assert timedelta(days=24) < ages[-1] <= timedelta(days=30)
    bench.wait(days=365)
    assert bench.fetch().looks == 0


def test_an_article_that_comes_old_is_never_looked_at(bench: Bench) -> None:
    bench.outlet().publish("/1", "عودة القطن إلى الخابور", at=START - timedelta(days=31))
    bench.fetch()
    assert bench.rows("SELECT state, next_try FROM entries") == [("done", None)]


def test_a_clock_that_was_in_the_future_for_a_run_stalls_no_look(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "عودة القطن إلى الخابور", at=None)
    bench.wait(days=900)
    bench.fetch()
    bench.clock.at = START
    assert bench.fetch().looks == 1
    assert bench.fetch(force=True).looks == 0
    assert bench.look().looks == 1


@pytest.mark.parametrize("status", [200, 500])
def test_a_look_in_a_far_future_that_never_was_does_not_end_the_looks(
    bench: Bench, outlet: FakeOutlet, status: int
) -> None:
    if status != 200:
        outlet.fail("/1", status)
    bench.wait(days=900)
    bench.fetch()
    assert bench.rows("SELECT next_try FROM entries") == [(None,)]
    outlet.heal("/1")
    bench.clock.at = START + timedelta(hours=2)
    assert bench.fetch().looks == 1
    assert bench.fetch(force=True).looks == 0
    outlet.edit("/1", body=EDITED)
    assert bench.look().looks == 1


def test_looks_that_a_wrong_clock_ended_end_for_good_when_the_article_is_old(
    bench: Bench, outlet: FakeOutlet
) -> None:
    outlet.validators = False
    bench.wait(days=900)
    bench.fetch()
    bench.clock.at = START + timedelta(days=24, hours=1)
    assert bench.fetch().looks == 0


def test_a_look_at_an_article_that_one_adds_again_is_still_made(bench: Bench, outlet: FakeOutlet) -> None:
    (added,) = add(bench.db, bench.config, ["https://wadi.example/1"], world=bench.world)
    assert added.outcome.slug == "known"
    outlet.edit("/1", body=EDITED)
    assert bench.look().articles_changed == 1


def test_looks_at_an_article_go_on_when_one_imports_a_saved_page_of_it(
    bench: Bench, outlet: FakeOutlet, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(outlet.page("/1"), encoding="utf-8")
    queue = "SELECT next_try, etag FROM entries"
    before = bench.rows(queue)
    import_page(
        bench.db, bench.config, saved, url=f"{outlet.base}/1", now=bench.clock.now, workers=bench.workers
    )
    assert bench.rows(queue) == before
    assert bench.look().looks == 1


LINE = {"url": "https://wadi.example/1", "source": "wadi", "headline": "عودة القطن إلى الخابور", "body": BODY}


def imported(bench: Bench, **more: str) -> FakeOutlet:
    """An outlet whose story is in the archive, and its page is not."""
    made = bench.outlet()
    import_lines(bench.db, io.BytesIO(json.dumps({**LINE, **more}).encode()), now=bench.clock.now)
    made.publish("/1", LINE["headline"], body=BODY, at=START)
    bench.wait(minutes=1)
    return made


def test_an_article_that_came_without_a_page_gets_one_when_a_feed_lists_it_and_its_looks(
    bench: Bench,
) -> None:
    outlet = imported(bench)
    bench.fetch()
    assert bench.rows("SELECT count(*), max(revisions), max(page IS NOT NULL) FROM articles") == [(1, 0, 1)]
    assert outcomes(bench) == ["imported", "ok"]
    assert bench.rows("SELECT published, date FROM articles") == [("2024-03-11T12:00:00Z", "2024-03-11")]
    outlet.edit("/1", body=EDITED)
    assert bench.look().articles_changed == 1
    assert texts(bench) == [(LINE["headline"], BODY), (LINE["headline"], EDITED)]
    assert reextract(bench.db, bench.config).changed == 0


def test_an_article_that_came_without_a_page_gets_one_when_it_is_added_and_only_once(bench: Bench) -> None:
    outlet = imported(bench, body=EDITED)
    for _ in range(2):
        (added,) = add(bench.db, bench.config, [LINE["url"]], world=bench.world)
        assert (added.outcome.slug, added.outcome.article) == ("known", 1)
    assert outlet.asked("/1") == 1
    assert texts(bench) == [(LINE["headline"], EDITED), (LINE["headline"], BODY)]


def test_an_article_of_long_ago_gets_its_page_and_no_looks(bench: Bench) -> None:
    imported(bench, published="2018-01-09T07:00:00Z")
    add(bench.db, bench.config, [LINE["url"]], world=bench.world)
    assert outcomes(bench) == ["imported", "ok"]
    assert bench.rows("SELECT state, next_try FROM entries") == [("done", None)]


def test_looks_follow_a_source_to_its_new_name(bench: Bench, outlet: FakeOutlet) -> None:
    bench.sources = [replace(bench.sources[0], key="wadi-post")]
    bench.wait(minutes=30)
    assert bench.fetch(force=True).looks == 0
    outlet.edit("/1", body=EDITED)
    assert bench.look().articles_changed == 1


def test_a_process_killed_while_it_looks_and_run_again_finds_the_edit_once(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        outlet.publish("/1", "عودة القطن إلى الخابور", body=BODY, at=datetime.now(UTC))
        config, db = tmp_path / "feeds.toml", tmp_path / "news.db"
        config.write_text(
            f'[sources.wadi]\nfeeds = ["{outlet.base}/feed"]\nallow_private = true\ndelay = 0\n'
        )
        command = [sys.executable, "-m", "newsarchive", "fetch", "--config", str(config), "--db", str(db)]
        subprocess.run(command, check=True, capture_output=True)
        outlet.edit("/1", body=EDITED)
        make_due(db)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as victim:
            wait_for(lambda: outlet.asked("/1") == 2)
            time.sleep(0.05)  # while the page is kept, or read
            victim.kill()
        make_due(db)
        subprocess.run(command, check=True, capture_output=True)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT body FROM revisions").fetchall() == [(BODY,)]
        assert connection.execute("SELECT body, gone_since FROM articles").fetchall() == [(EDITED, None)]


def make_due(db: Path) -> None:
    """Let the next look be due; it is made in another second than the last."""
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        ((last,),) = connection.execute("SELECT max(at) FROM sightings")
        wait_for(lambda: stamp(datetime.now(UTC)) > last)
        connection.execute("UPDATE entries SET next_try = '2024-01-01T00:00:00Z' WHERE next_try IS NOT NULL")


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
