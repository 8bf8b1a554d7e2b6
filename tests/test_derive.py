"""Revisions, absences and the marks of an article are worked out of its sightings, and written only where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsarchive.archive.derive import derive
from newsarchive.archive.files import stamp
from newsarchive.archive.filing import keep_article
from newsarchive.archive.rows import INSERT_SIGHTING, record_row, text_hash
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveError
from newsarchive.models import Article, Entry, Fetched, Source

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
URL = "https://wadi.example/1"
FIRST = Article(
    url=URL,
    headline="عودة القطن إلى الخابور",
    body="زرع الفلاحون القطن من جديد.",
    section="اقتصاد",
    extractor="1",
)
SECOND = replace(FIRST, body="زرع الفلاحون القطن والقمح من جديد.", published=NOW - timedelta(hours=3))
THIRD = replace(FIRST, headline="القطن يعود", body="عاد الفلاحون إلى زراعة القطن.")
PAGE = Fetched(url=URL, final_url=URL, outcome="ok", status=200, content=b"<p>x</p>", started_at=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An archive with one article, seen once."""
    with Store.open(tmp_path / "news.db", NOW) as opened:
        opened.keep_sources([Source(key="wadi", name="بريد الوادي")], NOW)
        queued = opened.enqueue("wadi", Entry(url=URL), NOW)
        receipt = opened.pages.keep_request(PAGE, source="wadi", kind="page")
        keep_article(
            opened, opened.begin_run("1", NOW), "wadi", queued, FIRST, fetched=PAGE, receipt=receipt, now=NOW
        )
        yield opened


def see(store: Store, hour: int, article: Article | None, outcome: str = "ok") -> None:
    """Add what was seen an hour after the article came, and work it out."""
    text = text_hash(article) if article else None
    row = (1, stamp(NOW + timedelta(hours=hour)), outcome, URL, f"{hour:064d}", text)
    store.connection.execute(INSERT_SIGHTING, row)
    derive(store.connection, 1, {text: record_row(article, PAGE)} if article and text else {})


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.connection.execute(sql)]


MARKS = "SELECT headline, revisions, revised_at, gone_since, gone_reason FROM articles"
REVISIONS = "SELECT number, body, seen_from, seen_until, page FROM revisions ORDER BY number"


def test_an_edit_makes_a_revision_of_the_text_before_it(store: Store) -> None:
    see(store, 1, FIRST)
    see(store, 2, SECOND)
    assert rows(store, REVISIONS) == [
        (
            1,
            FIRST.body,
            stamp(NOW),
            "2024-03-11T13:00:00Z",
            rows(store, "SELECT page FROM sightings ORDER BY at")[0][0],
        )
    ]
    assert rows(store, "SELECT body, section, page, fetched_at, revisions, revised_at FROM articles") == [
        (SECOND.body, "اقتصاد", f"{2:064d}", "2024-03-11T14:00:00Z", 1, "2024-03-11T14:00:00Z")
    ]
    assert rows(store, "SELECT sort_at FROM articles") == [
        ("2024-03-11T09:00:00Z",)
    ]  # by the instant that the edit claims


def test_the_index_finds_the_text_of_today_only(store: Store) -> None:
    see(store, 1, THIRD)
    for word, found in (("الخابور", []), ("زراعة", [(1,)])):
        assert rows(store, f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH '{word}'") == found  # noqa: S608 - our own words


def test_what_was_seen_between_two_sightings_is_put_between_them(store: Store) -> None:
    see(store, 4, THIRD)
    see(store, 2, SECOND)
    assert [row[:2] for row in rows(store, REVISIONS)] == [(1, FIRST.body), (2, SECOND.body)]
    assert rows(store, MARKS)[0][:2] == (THIRD.headline, 2)


def test_a_sighting_from_before_the_first_one_becomes_the_oldest_revision(store: Store) -> None:
    see(store, -2, SECOND)
    assert [row[:3] for row in rows(store, REVISIONS)] == [(1, SECOND.body, "2024-03-11T10:00:00Z")]
    assert rows(store, "SELECT body FROM articles") == [(FIRST.body,)]


def test_two_looks_that_find_nothing_mark_it_as_gone_and_one_that_finds_it_takes_the_mark_away(
    store: Store,
) -> None:
    see(store, 1, None, "soft-404")
    assert rows(store, MARKS) == [(FIRST.headline, 0, None, None, None)]
    see(store, 2, None, "not-found")
    assert rows(store, MARKS) == [(FIRST.headline, 0, None, "2024-03-11T13:00:00Z", "soft-404")]
    see(store, 3, FIRST)
    assert rows(store, MARKS) == [(FIRST.headline, 0, None, None, None)]
    assert rows(store, "SELECT gone_since, back_at, outcome FROM absences") == [
        ("2024-03-11T13:00:00Z", "2024-03-11T15:00:00Z", "soft-404")
    ]


def test_working_it_out_again_writes_nothing(store: Store) -> None:
    for hour, article in enumerate((SECOND, THIRD, None, None, SECOND), 1):
        see(store, hour, article, "ok" if article else "gone")
    changes = store.connection.total_changes
    derive(store.connection, 1)
    assert store.connection.total_changes == changes
    numbers = rows(store, "SELECT id, number FROM revisions")
    see(store, 9, FIRST)
    assert (
        rows(store, "SELECT id, number FROM revisions")[:3] == numbers
    )  # what was told stays, with its number


def test_sightings_that_are_gone_take_their_revisions_along(store: Store) -> None:
    see(store, 1, SECOND)
    see(store, 2, THIRD)
    store.connection.execute("DELETE FROM sightings WHERE text = ?", (text_hash(THIRD),))
    derive(store.connection, 1)
    assert [row[:2] for row in rows(store, REVISIONS)] == [(1, FIRST.body)]
    assert rows(store, "SELECT body, revisions FROM articles") == [(SECOND.body, 1)]


def test_a_sighting_of_a_text_that_is_nowhere_is_named_as_damage_and_nothing_is_changed(store: Store) -> None:
    store.connection.execute(INSERT_SIGHTING, (1, stamp(NOW + timedelta(hours=1)), "ok", URL, None, "f" * 64))
    with pytest.raises(ArchiveError, match=f"article 1: its text {'f' * 64} is missing"):
        derive(store.connection, 1)
    assert rows(store, "SELECT revisions FROM articles") == [(0,)]
