"""When to come back: pure functions of an outcome and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST = timedelta(hours=1)  # between two requests for one feed
LONGEST = timedelta(hours=24)  # and the cap of all back-off
LADDER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=48))  # Media Cloud's article retries
PATIENCE = 10  # attempts at a page of a host that is overloaded: 2 weeks
YOUNG = timedelta(days=30)  # for so long an article is looked at again
CONFIRM = timedelta(hours=6)  # between the look that finds an article gone and the one that confirms it
_LATEST = timedelta(days=2)  # after that time, for a look that confirms
_SHARE = 4  # a look is due when a quarter of the age at the last one has passed: a fifth of the age then

_SUCCESSES = frozenset({"ok", "not-modified"})
_HOPELESS = frozenset({"blocked", "gone", "not-found"})  # for a day
_NOTHING_ASKED = frozenset({"paused", "robots-unreachable"})
_OVERLOADED = frozenset({"rate-limited", "unavailable"})


def next_check(
    outcome: str,
    *,
    now: datetime,
    interval: timedelta,
    failures: int,
    retry_at: datetime | None = None,
    cache_until: datetime | None = None,
    ttl: timedelta | None = None,
) -> datetime:
    """Return when a feed is due again: never before `retry_at`, never more than 24 hours ahead.

    After a success `interval` later, an hour at the least, or as late as the server or the feed asks. After failures
    `interval` times 1, 2, 4 ...; after `blocked`, `gone` and `not-found` a day later; after `paused`, for which nothing
    was asked, when the pause ends.

    Args:
        outcome: of the last request.
        now: our clock, UTC.
        interval: between two requests when all is well.
        failures: in a row, this one included.
        retry_at: until when the host asked to be left alone.
        cache_until: until when the answer said that it holds (max-age, Expires).
        ttl: how long the feed says that it holds (ttl, sy:updatePeriod).
    """
    if outcome == "paused" and retry_at is not None:
        return max(now, min(retry_at, now + LONGEST))
    wait = LONGEST if outcome in _HOPELESS else _interval(outcome, max(interval, SHORTEST), failures)
    times = [now + min(wait, LONGEST)]
    if outcome in _SUCCESSES:
        times += [until for until in (cache_until, _end(now, ttl)) if until is not None]
    if retry_at is not None:
        times.append(retry_at)
    return min(max(times), now + LONGEST)


def is_attempt(outcome: str) -> bool:
    """Whether an outcome counts as an attempt at an article: for `paused` and `robots-unreachable` nothing was asked."""
    return outcome not in _NOTHING_ASKED


def next_try(
    outcome: str, *, now: datetime, attempts: int, retry_at: datetime | None = None
) -> datetime | None:
    """Return when an entry's page is tried again, never before `retry_at`; None once it is given up, or done.

    1, 6 and 48 hours after the first, second and third attempt, then no more. What the host is to blame for and not
    the page is treated more kindly: after `paused` and `robots-unreachable` it is always tried again, in an hour,
    and an overloaded host (`rate-limited`, `unavailable`) gets ten attempts, the later ones 48 hours apart. An
    address that cannot be asked for (`bad-url`) is given up at once.

    Args:
        outcome: the outcome of the request, or the reason why its page is no article.
        now: our clock, UTC.
        attempts: so far, this one included; only those that `is_attempt` counts.
        retry_at: until when the host asked to be left alone.
    """
    if outcome in _SUCCESSES or outcome == "bad-url":
        return None
    if not is_attempt(outcome):
        return retry_at if retry_at is not None and retry_at > now else now + LADDER[0]
    if attempts >= (PATIENCE if outcome in _OVERLOADED else len(LADDER) + 1):
        return None
    due = now + LADDER[min(max(attempts, 1), len(LADDER)) - 1]
    return due if retry_at is None else max(due, retry_at)


def next_look(*, born: datetime, looked_at: datetime, unconfirmed: bool = False) -> datetime | None:
    """Return when an article is looked at again; None once it is not young any more.

    At the earliest moment at which the time since the last look is a fifth of its age, an hour later at the least: every hour
    until it is four hours old, once a day when it is four days old, some 27 looks in all.

    Args:
        born: when it came into the world; after `looked_at` only if a clock was wrong.
        looked_at: when it was looked at last, whatever that brought.
        unconfirmed: it was found gone, by one look alone.
    """
    if unconfirmed:
        later = looked_at + CONFIRM
        return later if later <= born + YOUNG + _LATEST else None
    later = looked_at + max(SHORTEST, (looked_at - born) / _SHARE)
    return later if later <= born + YOUNG else None


def _interval(outcome: str, interval: timedelta, failures: int) -> timedelta:
    if outcome in _SUCCESSES or interval >= LONGEST:
        return interval
    doublings = min(max(failures, 1) - 1, 5)  # 32 hours and more are 24
    return interval * (1 << doublings)


def _end(now: datetime, ttl: timedelta | None) -> datetime | None:
    return None if ttl is None else now + min(ttl, LONGEST)
