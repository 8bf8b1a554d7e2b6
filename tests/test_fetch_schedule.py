"""When to come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.fetch import is_attempt, next_check, next_look, next_try

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUTCOMES = st.sampled_from(
    [
        "ok",
        "not-modified",
        "timeout",
        "http-500",
        "blocked",
        "gone",
        "not-found",
        "paused",
        "rate-limited",
        "not-a-feed",
    ]
)
MOMENTS = st.none() | st.timedeltas(-DAY, DAY).map(lambda wait: NOON + wait)


def wait(outcome: str, *, interval: timedelta = HOUR, failures: int = 0, **given: object) -> timedelta:
    return next_check(outcome, now=NOON, interval=interval, failures=failures, **given) - NOON  # type: ignore[arg-type]


def retry(outcome: str, attempts: int, retry_at: datetime | None = None) -> timedelta | None:
    due = next_try(outcome, now=NOON, attempts=attempts, retry_at=retry_at)
    return None if due is None else due - NOON


@pytest.mark.parametrize("outcome", ["ok", "not-modified"])
def test_a_feed_that_is_well_is_due_after_its_interval_and_never_within_the_hour(outcome: str) -> None:
    assert wait(outcome, interval=5 * MINUTE) == HOUR
    assert wait(outcome, interval=3 * HOUR) == 3 * HOUR


def test_failures_double_the_wait_up_to_a_day() -> None:
    waits = [wait("timeout", failures=n) / HOUR for n in (0, 1, 2, 3, 4, 5, 6, 7, 1000)]
    assert waits == [1, 1, 2, 4, 8, 16, 24, 24, 24]


@pytest.mark.parametrize("outcome", ["blocked", "gone", "not-found"])
def test_what_will_not_change_soon_is_due_in_a_day(outcome: str) -> None:
    assert wait(outcome, failures=1) == DAY


def test_what_the_server_and_the_feed_ask_for_is_heeded_after_a_success() -> None:
    assert wait("ok", cache_until=NOON + 2 * HOUR) == 2 * HOUR
    assert wait("ok", ttl=5 * HOUR, cache_until=NOON + 2 * HOUR) == 5 * HOUR
    assert wait("ok", ttl=timedelta.max, cache_until=NOON - HOUR) == DAY
    assert wait("timeout", failures=1, ttl=5 * HOUR) == HOUR


def test_a_paused_feed_is_due_when_the_pause_ends() -> None:
    assert wait("paused", retry_at=NOON + 10 * MINUTE) == 10 * MINUTE
    assert wait("rate-limited", failures=1, retry_at=NOON + 10 * MINUTE) == HOUR
    assert wait("rate-limited", failures=1, retry_at=NOON + 10 * HOUR) == 10 * HOUR


@given(OUTCOMES, st.timedeltas(timedelta(-1), 3 * DAY), st.integers(0, 10**6), MOMENTS, MOMENTS)
def test_a_feed_is_never_due_before_it_may_or_later_than_a_day(
    outcome: str, interval: timedelta, failures: int, retry_at: datetime | None, cache_until: datetime | None
) -> None:
    due = next_check(
        outcome, now=NOON, interval=interval, failures=failures, retry_at=retry_at, cache_until=cache_until
    )
    assert NOON <= due <= NOON + DAY
    assert retry_at is None or due >= retry_at


@pytest.mark.parametrize("outcome", ["timeout", "gone", "not-found", "http-500", "no-text", "robots"])
def test_a_page_is_tried_again_after_1_6_and_48_hours_and_then_given_up(outcome: str) -> None:
    assert [retry(outcome, n) for n in (1, 2, 3, 4, 5)] == [HOUR, 6 * HOUR, 48 * HOUR, None, None]


@pytest.mark.parametrize("outcome", ["paused", "robots-unreachable"])
def test_what_was_never_asked_for_is_no_attempt_and_not_given_up(outcome: str) -> None:
    assert not is_attempt(outcome)
    assert [retry(outcome, n) for n in (0, 1, 100)] == [HOUR] * 3
    assert retry(outcome, 4, NOON + 20 * MINUTE) == 20 * MINUTE
    assert retry(outcome, 4, NOON - MINUTE) == HOUR


@pytest.mark.parametrize("outcome", ["rate-limited", "unavailable"])
def test_an_overloaded_host_gets_ten_attempts(outcome: str) -> None:
    assert is_attempt(outcome)
    assert [retry(outcome, n) for n in (1, 2, 3, 9, 10)] == [HOUR, 6 * HOUR, 48 * HOUR, 48 * HOUR, None]
    assert retry(outcome, 1, NOON + 5 * HOUR) == 5 * HOUR


@pytest.mark.parametrize("outcome", ["ok", "not-modified", "bad-url"])
def test_what_is_done_or_can_never_be_asked_for_is_not_tried_again(outcome: str) -> None:
    assert retry(outcome, 1) is None


AGES = st.timedeltas(timedelta(0), 29 * DAY)


@given(AGES)
def test_a_look_is_due_at_the_first_moment_at_which_a_fifth_of_the_age_has_passed_since_the_last(
    age: timedelta,
) -> None:
    looked_at = NOON + age
    due = next_look(born=NOON, looked_at=looked_at)
    if due is None:
        assert age * 1.25 > 30 * DAY
        return
    assert due - looked_at >= HOUR
    assert (due - looked_at) / (due - NOON) >= 0.2 - 1e-9
    assert due - looked_at == HOUR or (due - looked_at) / (due - NOON) <= 0.2 + 1e-9
    assert due <= NOON + 30 * DAY


def test_an_article_of_a_month_is_looked_at_no_more() -> None:
    assert next_look(born=NOON, looked_at=NOON + 24 * DAY) == NOON + 30 * DAY
    assert next_look(born=NOON, looked_at=NOON + 24 * DAY + MINUTE) is None
    assert next_look(born=NOON, looked_at=NOON + 400 * DAY) is None


def test_an_absence_is_confirmed_six_hours_later_also_at_the_end_of_the_month_but_not_for_ever() -> None:
    for age in (MINUTE, 3 * DAY, 30 * DAY):
        assert next_look(born=NOON, looked_at=NOON + age, unconfirmed=True) == NOON + age + 6 * HOUR
    assert next_look(born=NOON, looked_at=NOON + 32 * DAY, unconfirmed=True) is None


@given(st.timedeltas(timedelta(0), 20_000 * DAY))
def test_a_clock_that_jumped_back_stalls_no_look(jump: timedelta) -> None:
    assert next_look(born=NOON + jump, looked_at=NOON) == NOON + HOUR
