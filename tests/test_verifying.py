"""What is told of an article must follow from what was seen of it, and what was seen from what was asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from newsarchive.archive.files import pages_path
from newsarchive.archive.past_checks import agrees
from newsarchive.archive.sealing import seal
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from sealed import NOW, article, copy, found, keep, mismatches, tamper
from storied import SAVED, storied


@dataclass(frozen=True, slots=True)
class Harm:
    """Statements that tell another story, and what `verify` says then of what."""

    statements: tuple[str, ...]
    said: str


HARMS = {
    "a deletion that is hidden": Harm(
        (
            "DELETE FROM sightings WHERE outcome = 'not-found'",
            "DELETE FROM absences",
            "UPDATE articles SET gone_since = NULL, gone_reason = NULL",
        ),
        "/bridge: its sighting (not-found) is missing",
    ),
    "a deletion that was none": Harm(
        (
            """UPDATE sightings SET outcome = 'not-modified', page = (SELECT page FROM articles WHERE id = article),
            text = (SELECT hash FROM articles WHERE id = article) WHERE text IS NULL""",
            "DELETE FROM absences",
        ),
        "/bridge: is not what row",
    ),
    "another outcome beside the one that was seen": Harm(
        (
            """INSERT INTO sightings SELECT s.article, s.at, 'ok', s.url, a.page, a.hash
            FROM sightings AS s JOIN articles AS a ON a.id = s.article WHERE s.text IS NULL""",
        ),
        "/bridge: is not what row",
    ),
    "looks that found nothing new": Harm(
        ("DELETE FROM sightings WHERE outcome = 'not-modified'",),
        "/cotton: its sighting (not-modified) is missing",
    ),
    "looks that found the same bytes": Harm(
        (
            "DELETE FROM sightings WHERE url LIKE '%/library' AND at > (SELECT min(at) FROM sightings WHERE url LIKE '%/library')",
        ),
        "/library: its sighting (ok) is missing",
    ),
    "all that was seen": Harm(("DELETE FROM sightings",), "/cotton: no sighting shows a text of it"),
    "absences that are gone": Harm(
        ("DELETE FROM absences",), "/bridge: its absences are not what its sightings say"
    ),
    "absences at another time": Harm(
        ("UPDATE absences SET gone_since = '2020-01-01T00:00:00Z'",),
        "/bridge: its absences are not what its sightings say",
    ),
    "an absence that nobody saw": Harm(
        ("UPDATE articles SET gone_since = '2020-01-01T00:00:00Z', gone_reason = 'gone'",),
        "/library: gone_since, gone_reason: not what its sightings say",
    ),
    "edits at another time": Harm(
        ("UPDATE revisions SET seen_from = '2020-01-01T00:00:00Z'",),
        "/cotton: its revisions are not what its sightings say",
    ),
    "edits in another order": Harm(
        ("UPDATE revisions SET number = -number", "UPDATE revisions SET number = number + 3"),
        "/cotton: its revisions are not what its sightings say",
    ),
    "edits that are not counted": Harm(
        ("UPDATE articles SET revisions = 0, revised_at = NULL",),
        "/cotton: revisions, revised_at: not what its sightings say",
    ),
    "a text that is older than it was": Harm(
        ("UPDATE articles SET fetched_at = '2020-01-01T00:00:00Z'",),
        "/library: fetched_at: not what its sightings say",
    ),
    "an index without an article": Harm(
        ("DELETE FROM articles_fts_docsize WHERE id = 1",), "the search index does not have it"
    ),
    "an index with an article that is not there": Harm(
        ("INSERT INTO articles_fts_docsize SELECT 99, sz FROM articles_fts_docsize WHERE id = 1",),
        "articles_fts entries: in the index, but not in the archive",
    ),
    "an index of ranks without an article": Harm(
        ("DELETE FROM articles_stems_docsize WHERE id = 2",),
        "the index that ranks does not have it",
    ),
    "an index of ranks with an article that is not there": Harm(
        ("INSERT INTO articles_stems_docsize SELECT 99, sz FROM articles_stems_docsize WHERE id = 1",),
        "articles_stems entries: in the index, but not in the archive",
    ),
    "an index of ranks that is gone": Harm(
        ("DROP TABLE articles_stems",), "articles_fts: cannot be read further: no such table: articles_stems"
    ),
    "an index of other words": Harm(
        ("UPDATE articles SET headline = 'عنوان من عند غيرنا' WHERE id = 1",),
        "the search index does not find it under its headline",
    ),
    "an index that is damaged": Harm(
        ("DELETE FROM articles_fts_data WHERE id > 10",), "articles_fts 1: unreadable"
    ),
    "an index that is gone": Harm(
        ("DROP TABLE articles_fts",), "articles_fts: cannot be read further: no such table"
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "news.db"
    bench = storied(path)
    seal(path, bench.clock.now())
    return path


@pytest.fixture
def db(told: Path, tmp_path: Path) -> Path:
    return copy(told, tmp_path)


def run(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def change(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return change


def test_an_archive_with_a_past_raises_no_alarm_and_only_a_saved_page_has_no_request(db: Path) -> None:
    assert mismatches(db) == []
    assert [finding.url for finding in found(db)] == [SAVED]


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_past_that_was_written_anew_is_found_and_named(db: Path, harm: Harm) -> None:
    tamper(db, run(*harm.statements))
    assert any(harm.said in line for line in mismatches(db)), mismatches(db)


def test_todays_text_that_changed_places_with_an_earlier_one_is_found(db: Path) -> None:
    columns = ("headline", "lede", "body", "page", "hash", "extractor")

    def swap(connection: sqlite3.Connection) -> None:
        names = ", ".join(columns)
        sql = f"SELECT {names} FROM revisions WHERE number = 2"  # noqa: S608 - our own column names
        old = connection.execute(sql).fetchone()
        sql = f"SELECT {names} FROM articles WHERE revisions = 2"  # noqa: S608 - the same
        new = connection.execute(sql).fetchone()
        marks = ", ".join(f"{name} = ?" for name in columns)
        connection.execute(f"UPDATE revisions SET {marks} WHERE number = 2", new)  # noqa: S608 - the same
        connection.execute(f"UPDATE articles SET {marks} WHERE revisions = 2", old)  # noqa: S608 - the same

    tamper(db, swap)
    assert any(line.endswith("/cotton: page, hash: not what its sightings say") for line in mismatches(db))


def test_seals_that_are_gone_are_named_with_their_file_and_the_rest_is_checked(
    db: Path,
) -> None:
    tamper(db, run("DELETE FROM absences"))
    with closing(sqlite3.connect(pages_path(db))) as pages, pages:
        pages.execute("DROP TABLE seals")
    lines = mismatches(db)
    assert (
        "mismatch: news.pages.db seals: its seals cannot be read, so nothing in it counts as sealed" in lines
    )
    assert any("its absences are not what" in line for line in lines)


def test_the_bytes_of_a_saved_page_that_are_gone_are_named(db: Path) -> None:
    lost = "DELETE FROM pages WHERE hash NOT IN (SELECT page FROM requests WHERE page IS NOT NULL)"
    tamper(db, run(lost), pages=True)
    (line,) = mismatches(db)
    assert SAVED in line
    assert line.endswith("is missing")


def test_a_look_whose_run_was_killed_before_it_was_noted_is_no_alarm(db: Path) -> None:
    tamper(
        db, run("DELETE FROM sightings WHERE at = (SELECT max(at) FROM sightings WHERE url LIKE '%/library')")
    )
    assert any("its sighting (ok)" in line for line in mismatches(db))
    last = "SELECT max(id) FROM fetches WHERE url LIKE '%/library'"
    tamper(db, run(f"UPDATE fetches SET run = NULL WHERE id = ({last})"))  # noqa: S608 - our own constant
    assert mismatches(db) == []
    assert any("its run was killed" in finding.detail for finding in found(db))


def test_without_the_pages_file_a_past_that_contradicts_itself_is_still_found(db: Path) -> None:
    pages_path(db).unlink()
    tamper(db, run("DELETE FROM absences"))
    assert any("its absences are not what" in line for line in mismatches(db))
    assert verify(db)["ok"] == 0


def test_an_article_whose_headline_has_no_word_is_no_alarm(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store.open(path, NOW) as store:
        for number, headline in enumerate(("… ! …", 'قال: "عدنا" ثم سكت', "2024", "-- NEAR( AND *")):
            keep(store, article(f"https://wadi.example/{number}", headline, "زرع الفلاحون القطن."))
    seal(path, NOW + timedelta(hours=1))
    assert mismatches(path) == []


@pytest.mark.parametrize(
    ("asked", "seen", "may_be"),
    [
        ("ok", "ok", True),
        ("ok", "soft-404", True),
        ("ok", "rejected", True),
        ("ok", "not-found", False),
        ("not-modified", "not-modified", True),
        ("not-modified", "rejected", True),
        ("not-modified", "not-found", False),
        ("not-found", "not-found", True),
        ("not-found", "gone", False),
        ("not-found", "not-modified", False),
        ("server-error", "ok", False),
        ("server-error", "not-found", False),
    ],
)
def test_an_outcome_leaves_only_sightings_of_its_kind(asked: str, seen: str, *, may_be: bool) -> None:
    page = "p" if asked == "ok" else None
    standing = seen in {"ok", "not-modified"}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        request = connection.execute("SELECT ? AS outcome, ? AS page", (asked, page)).fetchone()
        values = (seen, None if seen in {"not-found", "gone"} else "p", "t" if standing else None)
        sighting = connection.execute("SELECT ? AS outcome, ? AS page, ? AS text", values).fetchone()
    assert agrees(request, sighting) == may_be
