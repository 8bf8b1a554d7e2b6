"""From feeds to articles: nothing twice, nothing lost, one outlet's trouble is its own."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path
from newsarchive.archive.rows import FeedState
from newsarchive.config import Config
from newsarchive.errors import ConfigError
from newsarchive.jobs.session import World
from newsarchive.jobs.update import plan_poll, update
from newsarchive.models import Listing, Source
from newsarchive.workers import Workers
from outlet import Answer, FakeOutlet, Outlets, serving
from workbench import START, Bench


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as shared:
        yield shared


@pytest.fixture
def bench(tmp_path: Path, workers: Workers) -> Bench:
    return Bench(tmp_path / "news.db", workers)


# -- the main street


def test_a_feed_s_stories_become_articles_with_source_headline_and_the_feed_s_date(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/2024/1", "عودة القطن إلى الخابور", at=datetime(2024, 3, 10, 22, 30, tzinfo=UTC))
    report = bench.fetch()
    assert report.summary().startswith(
        "1 feed: 1 new or unchanged, 0 failed; 1 article new, 0 pages rejected; "
    )
    assert bench.rows("SELECT source, date, headline, url, published, date_from FROM articles") == [
        (
            "wadi",
            "2024-03-11",
            "عودة القطن إلى الخابور",
            "https://wadi.example/2024/1",
            "2024-03-10T22:30:00Z",
            "feed",
        )
    ]
    ((body,),) = bench.rows("SELECT body FROM articles")
    assert "البيوت البلاستيكية" in str(body)
    assert "مقالات ذات صلة" not in str(body)


def test_a_second_fetch_within_the_hour_asks_nothing(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    asked = len(outlet.log)
    bench.wait(minutes=50)
    report = bench.fetch()
    assert len(outlet.log) == asked
    assert "1 not due" in report.summary()


def test_cron_every_minute_asks_a_feed_once_an_hour(bench: Bench) -> None:
    outlet = bench.outlet()
    moments = []
    for _ in range(181):
        before = outlet.asked("/feed")
        bench.fetch()
        if outlet.asked("/feed") > before:
            moments.append(bench.clock.at)
        bench.clock.at = max(bench.clock.at, START) + timedelta(minutes=1)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) >= 3
    assert all(timedelta(hours=1) <= gap <= timedelta(minutes=63) for gap in gaps)


def test_an_hourly_cron_asks_every_hour_although_requests_take_a_while(bench: Bench) -> None:
    outlet = bench.outlet()
    for hour in range(4):
        bench.clock.at = START + timedelta(hours=hour, seconds=hour % 2)
        bench.fetch()
        assert outlet.asked("/feed") == hour + 1


def test_an_unchanged_feed_is_asked_conditionally_and_fetches_no_page(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    bench.fetch(force=True)
    assert outlet.asked("/feed") == 2
    assert outlet.asked("/1") == 1
    assert "if-none-match" in outlet.log[-1][1]
    assert bench.rows("SELECT outcome, failures FROM feeds") == [("not-modified", 0)]


def test_a_server_without_validators_that_sends_the_same_bytes_costs_no_parsing_and_no_page(
    bench: Bench,
) -> None:
    outlet = bench.outlet()
    outlet.validators = False
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    report = bench.fetch(force=True)
    assert (report.entries_new, outlet.asked("/1")) == (0, 1)


def test_only_what_is_new_is_fetched(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    outlet.publish("/2", "خبر ثان")
    report = bench.fetch(force=True)
    assert (report.articles_new, outlet.asked("/1"), outlet.asked("/2")) == (1, 1, 1)


def test_a_story_that_leaves_the_feed_stays_in_the_archive(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    outlet.retract("/1")
    bench.wait(hours=2)
    bench.fetch()
    assert bench.rows("SELECT count(*) FROM articles") == [(1,)]


def test_the_same_story_under_a_tracking_address_is_one_article(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول", guid="a")
    bench.fetch()
    outlet.publish("/1", "خبر أول", guid="b", link="https://wadi.example/1?utm_source=rss")
    bench.wait(hours=2)
    report = bench.fetch()
    assert (report.entries_new, report.articles_new) == (0, 0)


def test_every_request_is_written_down_with_its_outcome_and_every_page_is_kept(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    assert bench.rows("SELECT kind, url, outcome, status FROM fetches ORDER BY id") == [
        ("feed", "https://wadi.example/feed", "ok", 200),
        ("robots", "https://wadi.example/robots.txt", "not-found", 404),
        ("page", "https://wadi.example/1", "ok", 200),
    ]
    with closing(sqlite3.connect(pages_path(bench.db))) as pages:
        kept = pages.execute(
            "SELECT p.length, r.url FROM pages AS p JOIN requests AS r ON r.page = p.hash"
        ).fetchall()
    assert kept == [(len(outlet.page("/1").encode()), "https://wadi.example/1")]


def test_a_host_is_asked_one_request_at_a_time_with_a_pause_between_two(bench: Bench) -> None:
    outlet = bench.outlet()
    for n in range(3):
        outlet.publish(f"/{n}", f"خبر رقم {n}")
    bench.fetch()
    assert bench.clock.slept.count(3.0) >= 4  # feed, robots.txt, three pages


# -- candidates and listings


def state(url: str, outcome: str, *, due: timedelta) -> FeedState:
    return FeedState(
        url=url, outcome=outcome, failures=0, next_check=START + due, etag=None, last_modified=None, hash=None
    )


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("states", "asked", "fallback"),
    [
        ([], ["a", "b"], False),
        ([("a", "ok", HOUR)], [], True),
        ([("a", "not-modified", -HOUR)], ["a", "b"], False),
        ([("a", "html", HOUR)], ["b"], False),
        ([("a", "html", HOUR), ("b", "ok", HOUR)], [], True),
        ([("a", "html", -HOUR), ("b", "ok", HOUR)], ["a"], True),
        ([("a", "html", HOUR), ("b", "timeout", HOUR)], [], False),
    ],
)
def test_candidates_are_asked_in_order_until_one_works(
    states: list[tuple[str, str, timedelta]], asked: list[str], *, fallback: bool
) -> None:
    source = Source(key="wadi", name="wadi", feeds=("a", "b"))
    plan = plan_poll(
        source, {url: state(url, outcome, due=due) for url, outcome, due in states}, now=START, force=False
    )
    assert (list(plan.ask), plan.fallback) == (asked, fallback)


def test_the_next_candidate_serves_when_the_first_fails_and_that_is_no_failure(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.sources = [
        Source(key="wadi", name="wadi", feeds=("https://wadi.example/old-feed", "https://wadi.example/feed"))
    ]
    report = bench.fetch()
    assert (report.failed, report.articles_new) == (0, 1)
    assert bench.rows("SELECT url, outcome FROM feeds ORDER BY rowid") == [
        ("https://wadi.example/old-feed", "not-found"),
        ("https://wadi.example/feed", "ok"),
    ]


def test_an_outlet_without_a_feed_is_read_by_its_listing_page(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/ar/articles/7/cotton", "عودة القطن إلى الخابور")
    page = '<html><body><a href="/ar/about">من نحن</a><a href="/ar/articles/7/cotton">عودة القطن إلى الخابور</a></body></html>'
    outlet.answers["/ar"] = Answer(
        content=page.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    bench.sources = [
        Source(
            key="wadi",
            name="wadi",
            listing=Listing(url="https://wadi.example/ar", links="/ar/articles/[0-9]+"),
        )
    ]
    assert bench.fetch().articles_new == 1
    assert bench.rows("SELECT kind, outcome FROM feeds") == [("listing", "ok")]


# -- trouble


def test_a_feed_that_is_a_web_page_is_a_failure_and_keeps_its_old_validators(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    bench.fetch()
    ((etag,),) = bench.rows("SELECT etag FROM feeds")
    outlet.answers["/feed"] = Answer(
        content="<!DOCTYPE html><html><body><h1>تسجيل الدخول</h1></body></html>".encode(),
        headers=(("Content-Type", "text/html"), ("ETag", '"login"')),
    )
    bench.wait(hours=2)
    report = bench.fetch()
    assert [(trouble.source, trouble.outcome) for trouble in report.troubles] == [("wadi", "html")]
    assert bench.rows("SELECT etag, failures FROM feeds") == [(etag, 1)]


def test_an_outlet_that_fails_leaves_the_others_alone(bench: Bench) -> None:
    good, bad = bench.outlet("wadi"), bench.outlet("jabal")
    good.publish("/1", "خبر أول")
    bad.fail("/feed", 500)
    bench.sources.append(Source(key="gone", name="gone", feeds=("https://gone.example/feed",)))
    report = bench.fetch()
    assert (report.asked, report.failed, report.articles_new) == (3, 2, 1)
    assert {trouble.outcome for trouble in report.troubles} == {"http-500", "connect"}
    assert not report.nothing_fetched


def test_a_failing_feed_is_left_alone_for_longer_and_longer(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.fail("/feed", 500)
    for hour in range(16):
        bench.clock.at = START + timedelta(hours=hour)
        bench.fetch()
    assert outlet.asked("/feed") == 5  # after 0, 1, 3, 7 and 15 hours


def test_when_nothing_at_all_can_be_fetched_the_report_says_so(bench: Bench) -> None:
    bench.sources.append(Source(key="gone", name="gone", feeds=("https://gone.example/feed",)))
    assert bench.fetch().nothing_fetched


def test_nothing_is_fetched_only_if_no_outlet_works_now_or_lately(bench: Bench) -> None:
    good, bad = bench.outlet("wadi"), bench.outlet("jabal")
    bad.fail("/feed", 500)
    bench.fetch()
    bench.wait(minutes=62)
    good.fail("/feed", 500)
    assert bench.fetch().nothing_fetched
    del good.answers["/feed"]
    bench.wait(minutes=62)
    assert not bench.fetch().nothing_fetched
    bench.wait(minutes=50)
    assert not bench.fetch().nothing_fetched


def test_only_when_no_server_answered_is_the_network_suspected(bench: Bench) -> None:
    bench.outlet().fail("/feed", 500)
    assert not bench.fetch().offline
    bench.sources = [Source(key="gone", name="gone", feeds=("https://gone.example/feed",))]
    assert bench.fetch().offline


def test_a_page_that_fails_is_tried_again_later_and_then_given_up(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    outlet.fail("/1", 500)
    moments = []
    for hour in range(60):
        bench.clock.at = START + timedelta(minutes=61 * hour)
        before = outlet.asked("/1")
        bench.fetch()
        if outlet.asked("/1") > before:
            moments.append(hour)
    assert moments == [0, 1, 7, 55]
    assert bench.rows("SELECT state, outcome, attempts, next_try FROM entries") == [
        ("failed", "http-500", 4, None)
    ]


def test_a_page_that_comes_back_becomes_an_article(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    outlet.fail("/1", 500)
    bench.fetch()
    del outlet.answers["/1"]
    bench.wait(hours=2)
    assert bench.fetch().articles_new == 1


def test_a_page_without_a_text_is_rejected_with_its_reason_and_kept(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "صورة اليوم", body="")
    report = bench.fetch()
    assert (report.articles_new, report.pages_rejected) == (0, 1)
    assert bench.rows("SELECT state, outcome FROM entries") == [("rejected", "no-text")]
    with closing(sqlite3.connect(pages_path(bench.db))) as pages:
        assert pages.execute("SELECT count(*) FROM requests WHERE kind = 'page'").fetchone() == (1,)


# -- what must not be lost or mistaken


def test_while_every_page_redirects_to_a_notice_no_entry_is_settled_and_all_come_back(bench: Bench) -> None:
    outlet = bench.outlet()
    for n in range(3):
        outlet.publish(f"/{n}", f"قصة مختلفة رقم {n} عن القرى")
        outlet.fail(f"/{n}", 302, Location="/note")
    outlet.publish(
        "/note", "إعلان من إدارة الموقع", body="الموقع متوقف لأعمال الصيانة حتى إشعار آخر، نعتذر من القراء."
    )
    bench.fetch()
    assert bench.rows("SELECT DISTINCT outcome FROM entries WHERE state = 'rejected'") == [("redirected",)]
    for n in range(3):
        del outlet.answers[f"/{n}"]
    bench.wait(hours=2)
    bench.fetch()
    assert len(bench.rows("SELECT DISTINCT headline FROM articles WHERE headline LIKE 'قصة%'")) == 3


def test_a_redirect_to_another_site_s_page_is_not_stored_under_this_source(bench: Bench) -> None:
    outlet = bench.outlet()
    advert = FakeOutlet(base="https://ads.example")
    bench.outlets.append(advert)
    advert.publish("/win", "اربح سيارة جديدة اليوم")
    outlet.publish("/1", "خبر أول من الوادي")
    outlet.fail("/1", 302, Location="https://ads.example/win")
    bench.fetch()
    assert bench.rows("SELECT count(*) FROM articles") == [(0,)]


def test_a_moved_article_is_found_where_it_went(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/old", "عودة القطن إلى الخابور")
    outlet.stories["/new/address"] = {**outlet.stories["/old"]}
    outlet.fail("/old", 301, Location="/new/address")
    assert bench.fetch().articles_new == 1


def test_another_outlet_s_feed_sets_neither_source_nor_date_nor_headline(bench: Bench) -> None:
    owner, stranger = bench.outlet("wadi"), bench.outlet("jabal")
    url = owner.publish("/1", "خبر مهم من الوادي", at=None)
    stranger.publish("/x", "عنوان غريب", link=url, at=datetime(2019, 1, 1, tzinfo=UTC))
    del stranger.stories["/x"]["body"]
    bench.sources.reverse()
    bench.fetch()
    assert bench.rows("SELECT source, date, headline FROM articles") == [("wadi", None, "خبر مهم من الوادي")]


def test_entries_of_a_renamed_source_are_fetched_under_its_new_key(bench: Bench) -> None:
    outlet = bench.outlet("wadi")
    outlet.publish("/1", "خبر أول")
    outlet.fail("/1", 500)
    bench.fetch()
    outlet.answers.clear()
    bench.sources = [replace(bench.sources[0], key="wadi-post")]
    bench.wait(hours=9)
    assert bench.fetch().articles_new == 1
    assert bench.rows("SELECT source FROM articles") == [("wadi-post",)]


def test_a_run_with_a_clock_in_the_future_silences_nothing(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.publish("/1", "خبر أول")
    outlet.fail("/1", 500)
    bench.wait(days=4000)
    bench.fetch()
    bench.clock.at = START
    outlet.answers.clear()
    assert bench.fetch().articles_new == 1


def test_a_clock_that_was_never_set_is_refused(bench: Bench) -> None:
    bench.outlet()
    bench.clock.at = datetime(2010, 1, 1, tzinfo=UTC)
    with pytest.raises(ConfigError, match="clock says 2010-01-01"):
        bench.fetch()
    assert not bench.db.exists()


def test_what_robots_txt_forbids_is_not_asked_for_and_what_it_learnt_is_kept_for_a_day(bench: Bench) -> None:
    outlet = bench.outlet()
    outlet.serve_robots("User-agent: *\nDisallow: /private/\n")
    outlet.publish("/private/1", "خبر أول")
    bench.fetch()
    outlet.publish("/2", "خبر ثان")
    bench.wait(hours=2)
    bench.fetch()
    assert (outlet.asked("/private/1"), outlet.asked("/2"), outlet.asked("/robots.txt")) == (0, 1, 1)
    assert bench.rows("SELECT outcome FROM entries WHERE outcome IS NOT NULL") == [("robots",)]
    bench.wait(hours=25)
    outlet.publish("/3", "خبر ثالث")
    bench.fetch()
    assert outlet.asked("/robots.txt") == 2


def test_a_host_that_asks_for_patience_is_left_alone_by_this_run_and_the_next(bench: Bench) -> None:
    outlet = bench.outlet()
    for n in range(3):
        outlet.publish(f"/{n}", f"خبر رقم {n}")
    outlet.fail("/2", 429, **{"Retry-After": "7200"})
    report = bench.fetch()
    assert (report.articles_new, report.left) == (0, 2)
    asked = len(outlet.log)
    bench.wait(hours=1, minutes=30)
    bench.fetch(force=True)
    assert len(outlet.log) == asked
    outlet.answers.clear()
    bench.wait(hours=1)
    assert bench.fetch().articles_new == 3


# -- the wire, signals, kills


COMMAND = [sys.executable, "-m", "newsarchive"]


@pytest.fixture
def three() -> Iterator[list[FakeOutlet]]:
    with serving("بريد الوادي", "صوت الجبل", "أخبار الساحل") as outlets:
        for outlet in outlets:
            for n in range(4):
                outlet.publish(f"/{n}", f"{outlet.name}: خبر رقم {n}")
        yield outlets


def configured(folder: Path, outlets: list[FakeOutlet], *, delay: float = 0.0) -> Path:
    blocks = [
        f'[sources.s{n}]\nfeeds = ["{outlet.base}/feed"]\nallow_private = true\ndelay = {delay}\n'
        for n, outlet in enumerate(outlets)
    ]
    path = folder / "k.toml"
    path.write_text("\n".join(blocks))
    return path


def run(config: Path, db: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "fetch", "--config", str(config), "--db", str(db), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def contents(db: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        found = connection.execute(
            "SELECT url, source, date, headline, body, published, date_from, hash FROM articles ORDER BY url"
        ).fetchall()
        found += connection.execute(
            "SELECT url, state, outcome, attempts FROM entries ORDER BY url"
        ).fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return found


def test_a_fetch_that_is_killed_anywhere_and_run_again_gives_what_an_undisturbed_one_gives(
    three: list[FakeOutlet], tmp_path: Path
) -> None:
    config = configured(tmp_path, three)
    started = time.monotonic()
    assert run(config, tmp_path / "whole.db").returncode == 0
    took = time.monotonic() - started
    db = tmp_path / "killed.db"
    for moment in range(5, 95, 15):
        with subprocess.Popen(
            [*COMMAND, "fetch", "--config", str(config), "--db", str(db), "--force"],
            stdout=subprocess.DEVNULL,
        ) as victim:
            time.sleep(took * moment / 100)
            victim.kill()
    assert run(config, db, "--force").returncode == 0
    assert [row[:3] for row in contents(db)] == [row[:3] for row in contents(tmp_path / "whole.db")]
    assert contents(db) == contents(tmp_path / "whole.db")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_run_with_its_code_and_keeps_what_is_finished(
    three: list[FakeOutlet], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    config, db = configured(tmp_path, three, delay=0.5), tmp_path / "news.db"
    with subprocess.Popen(
        [*COMMAND, "fetch", "--config", str(config), "--db", str(db)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert wait_for(lambda: sum(len(outlet.log) for outlet in three) >= 9)
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert b"interrupted" in err
    assert b"articles new" in out
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT outcome FROM runs").fetchall() == [("interrupted",)]
    assert run(config, db, "--force").returncode == 0
    with Archive(db) as archive:
        assert archive.count() == 12


def test_two_fetches_at_once_the_second_ends_at_once_with_75_and_asks_nothing(
    three: list[FakeOutlet], tmp_path: Path
) -> None:
    config, db = configured(tmp_path, three, delay=1.0), tmp_path / "news.db"
    with subprocess.Popen(
        [*COMMAND, "fetch", "--config", str(config), "--db", str(db)], stdout=subprocess.DEVNULL
    ) as first:
        assert wait_for(lambda: sum(len(outlet.log) for outlet in three) >= 3)
        asked = sum(len(outlet.log) for outlet in three)
        second = run(config, db)
        assert second.returncode == 75
        assert f"process {first.pid}" in second.stderr
        assert second.stderr.count("\n") == 1
        first.send_signal(signal.SIGTERM)
    assert sum(outlet.asked("/feed") for outlet in three) <= asked


def test_a_page_that_kills_its_parser_costs_only_itself(bench: Bench) -> None:
    outlet = bench.outlet()
    for n in range(3):
        outlet.publish(f"/{n}", f"خبر رقم {n} من القرى")
    attributes = b" ".join(b"a%d=1" % n for n in range(200_000))
    outlet.answers["/1"] = Answer(
        content=b"<html><body><p " + attributes + b">x", headers=(("Content-Type", "text/html"),)
    )
    world = World(now=bench.clock.now, sleep=bench.clock.sleep, transport=Outlets(outlet), page_seconds=2.0)
    report = update(
        bench.db, Config(path=Path("k.toml"), sources=tuple(bench.sources)), bench.sources, world=world
    )
    assert (report.articles_new, report.pages_rejected) == (2, 1)
    assert bench.rows("SELECT outcome FROM entries WHERE state = 'rejected'") == [("extract-timeout",)]


def test_a_run_leaves_no_process_behind(three: list[FakeOutlet], tmp_path: Path) -> None:
    config, db = configured(tmp_path, three), tmp_path / "news.db"
    with subprocess.Popen(
        [*COMMAND, "fetch", "--config", str(config), "--db", str(db)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        process.wait(timeout=30)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
