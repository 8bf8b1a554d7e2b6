"""Whatever a parser does, only its own call is hurt."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from newsarchive.errors import FeedError
from newsarchive.workers import Failed, Workers


def test_a_call_returns_the_function_s_result() -> None:
    with Workers(1) as workers:
        assert workers.call("operator:add", 2, 3) == 5


def test_one_of_our_errors_crosses_the_process_boundary_whole() -> None:
    with Workers(1) as workers, pytest.raises(FeedError) as caught:
        workers.call("newsarchive.discover:parse_feed", b"", url="https://example.org/feed", headers={})
    assert caught.value.reason == "empty"


def test_a_hanging_call_is_killed_at_its_deadline_and_the_next_call_works() -> None:
    with Workers(1) as workers:
        started = time.monotonic()
        result = workers.call("time:sleep", 60, deadline=0.3)
        assert isinstance(result, Failed)
        assert result.reason == "timeout"
        assert time.monotonic() - started < 30
        assert workers.call("operator:add", 1, 1) == 2


def test_a_function_that_raises_is_a_crash_with_its_reason() -> None:
    with Workers(1) as workers:
        result = workers.call("operator:truediv", 1, 0)
    assert isinstance(result, Failed)
    assert result.reason == "crash"
    assert "ZeroDivisionError" in result.detail


def test_a_worker_out_of_memory_fails_alone() -> None:
    with Workers(1) as workers:
        result = workers.call("operator:mul", b"x", 2 << 30)
        assert isinstance(result, Failed)
        assert workers.call("operator:add", 1, 1) == 2


def test_a_worker_killed_from_outside_is_replaced_and_the_call_made_again() -> None:
    with Workers(1) as workers:
        first = workers.call("os:getpid")
        assert isinstance(first, int)
        killer = threading.Timer(0.4, os.kill, (first, signal.SIGKILL))
        killer.start()
        assert workers.call("time:sleep", 0.8, deadline=5) is None
        killer.join()
        assert workers.call("os:getpid") != first


def test_a_call_that_always_dies_is_given_up_after_the_second_time() -> None:
    with Workers(1) as workers:
        result = workers.call("os:_exit", 3)
    assert isinstance(result, Failed)
    assert result.reason == "killed"


def test_an_answer_that_cannot_travel_is_a_crash_of_that_call_only() -> None:
    with Workers(1) as workers:
        result = workers.call("threading:Lock")
        assert isinstance(result, Failed)
        assert result.reason == "crash"
        assert workers.call("operator:add", 1, 1) == 2


def test_closing_ends_a_call_under_way() -> None:
    workers = Workers(1)
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(workers.call("time:sleep", 60, deadline=60)))
    thread.start()
    time.sleep(0.3)
    workers.close()
    thread.join(5)
    assert not thread.is_alive()
    assert isinstance(results[0], Failed)


def test_a_worker_ignores_the_signals_that_end_a_run() -> None:
    with Workers(1) as workers:
        pid = workers.call("os:getpid")
        assert isinstance(pid, int)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
        assert workers.call("os:getpid") == pid


def test_no_worker_starts_before_there_is_work() -> None:
    with Workers(2) as workers:
        assert workers._idle == []
