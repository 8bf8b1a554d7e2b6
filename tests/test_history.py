"""What became of an article follows from what was seen of it, in whatever order and from wherever that comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive.history import REJECTED, Absence, Sighting, Standing, history

START = datetime(2024, 3, 11, tzinfo=UTC)
LOST = ("not-found", "gone", "soft-404", "home-page")


def seen(hour: int, text: str = "", outcome: str = "ok", page: str | None = None) -> Sighting:
    """What stood there at an hour: a text, or none and why."""
    at = START + timedelta(hours=hour)
    return Sighting(
        at=at,
        outcome=outcome,
        url="https://wadi.example/1",
        page=f"page of {text}" if page is None else page,
        text=text,
    )


HOURS = st.integers(0, 30)
STOOD = st.builds(seen, HOURS, st.sampled_from("أبج"))
GONE = st.builds(seen, HOURS, st.just(""), st.sampled_from(LOST), st.just(""))
NO_PAGE = st.builds(seen, HOURS, st.just(""), st.just(REJECTED))
SIGHTINGS = st.lists(st.one_of(STOOD, GONE, NO_PAGE), max_size=12)


@given(SIGHTINGS, st.randoms())
def test_the_order_in_which_sightings_come_and_how_often_does_not_matter(
    sightings: list[Sighting], dice: object
) -> None:
    shuffled = [*sightings, *sightings]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert history(shuffled) == history(sightings)


@given(SIGHTINGS)
def test_each_text_stands_until_another_one_is_seen_and_all_that_was_seen_is_told(
    sightings: list[Sighting],
) -> None:
    standings = history(sightings).standings
    assert all(one.text != later.text for one, later in pairwise(standings))
    assert all(one.seen_from <= one.seen_until <= later.seen_from for one, later in pairwise(standings))
    assert {one.text for one in standings} == {one.text for one in sightings if one.text}
    for one in sightings:
        if one.text:
            assert any(
                told.text == one.text and told.seen_from <= one.at <= told.seen_until for told in standings
            )


@given(SIGHTINGS)
def test_an_absence_begins_and_ends_with_looks_and_no_text_is_seen_in_it(sightings: list[Sighting]) -> None:
    moments = {one.at: one for one in sightings}
    for absence in history(sightings).absences:
        assert absence.outcome in LOST
        assert absence.gone_since in moments
        end = absence.back_at or START + timedelta(days=9)
        assert not any(one.text for one in sightings if absence.gone_since < one.at < end)


@given(SIGHTINGS, SIGHTINGS)
def test_what_two_archives_saw_is_told_as_if_one_had_seen_all(
    one: list[Sighting], other: list[Sighting]
) -> None:
    assert history({*one, *other}) == history([*other, *one])


@given(SIGHTINGS)
def test_a_page_that_is_no_article_by_better_rules_says_nothing(sightings: list[Sighting]) -> None:
    assert history(sightings) == history([one for one in sightings if one.outcome != REJECTED])


def test_a_life_is_told_as_it_was() -> None:
    told = history(
        [
            seen(0, "أ", page=""),
            seen(1, "أ", page="1"),
            seen(2, "ب"),
            seen(3, outcome="gone", page=""),
            seen(4, outcome="not-found", page=""),
            seen(5, outcome=REJECTED),
            seen(6, "ب"),
            seen(7, outcome="soft-404"),
            seen(8, "أ"),
        ]
    )
    hours = [START + timedelta(hours=hour) for hour in range(9)]
    assert told.standings == (
        Standing(text="أ", page="1", seen_from=hours[0], seen_until=hours[1]),
        Standing(text="ب", page="page of ب", seen_from=hours[2], seen_until=hours[6]),
        Standing(text="أ", page="page of أ", seen_from=hours[8], seen_until=hours[8]),
    )
    assert told.absences == (Absence(gone_since=hours[3], back_at=hours[6], outcome="gone"),)


def test_two_looks_at_one_moment_confirm_nothing() -> None:
    told = history([seen(0, "أ"), seen(1, outcome="gone", page=""), seen(1, outcome="not-found", page="")])
    assert told.absences == ()
    assert (
        history([*[seen(0, "أ")], seen(1, outcome="gone"), seen(2, outcome="gone")]).absences[0].back_at
        is None
    )
