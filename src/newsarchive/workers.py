"""The supervisor of killable worker processes: whatever parses outside bytes runs here.

A page of some hundred kilobytes can hang a parser for a minute, and a timeout argument does not help; a process can be
killed. A worker is a fresh interpreter (never a fork: a forked child would keep the run's lock), knows nothing, and is
sent a function's name and its arguments. It starts when there is work, so a run with nothing new starts none.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from newsarchive.errors import NewsArchiveError

_MEMORY = 1 << 30  # bytes of address space a worker may hold: a 5 MB JSON-LD block asked for 663 MB
_CALLS = 500  # calls before a worker is replaced, so that what a parser leaks stays bounded
_GRACE = 5.0  # seconds after its deadline at which an orphaned worker ends itself
_ENTRY = "import sys; from newsarchive.workers import _serve; _serve(int(sys.argv[1]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A call that gave no result.

    Attributes:
        reason: `timeout` (killed at the deadline), `killed` (from outside, or out of memory) or `crash` (it raised).
        detail: one line for people.
    """

    reason: str
    detail: str = ""


class Workers:
    """Up to `size` worker processes, started when needed, killed when late.

    Safe to call from several threads; each call has a worker to itself.
    """

    def __init__(self, size: int = 2) -> None:
        self.size = size
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(size)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, name: str, /, *args: object, deadline: float = 10.0, **kwargs: object) -> object:
        """Run a function in a worker and return its result, or `Failed`.

        A worker that is killed from outside is replaced and the call made once more; one that is late is killed.

        Args:
            name: `package.module:function`.
            *args: handed on; like the result, they must survive pickling.
            **kwargs: handed on.
            deadline: seconds.

        Raises:
            NewsArchiveError: what the function raised, if it is one of ours.
        """
        with self._free:
            result = self._once(name, args, kwargs, deadline)
            if isinstance(result, Failed) and result.reason == "killed" and not self._closed:
                result = self._once(name, args, kwargs, deadline)
        if isinstance(result, NewsArchiveError):
            raise result
        return result

    def close(self) -> None:
        """Kill every worker, busy ones too; calls under way end as `Failed`."""
        with self._lock:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
        for worker in busy:
            worker.kill()  # its own thread sees the line close, and lets go of it
        for worker in idle:
            worker.release()

    def _once(
        self, name: str, args: tuple[object, ...], kwargs: dict[str, object], deadline: float
    ) -> object:
        with self._lock:
            if self._closed:
                return Failed(reason="killed", detail="the run is ending")
            try:
                worker = self._idle.pop() if self._idle else _Worker()
            except OSError as error:
                return Failed(reason="killed", detail=f"no worker could be started: {error.strerror}")
            self._busy.add(worker)
        result = worker.call((name, args, kwargs, deadline), deadline)
        with self._lock:
            self._busy.discard(worker)
            reusable = worker.alive and worker.calls < _CALLS and not self._closed
            if reusable:
                self._idle.append(worker)
        if not reusable:
            worker.release()
        return result


class _Worker:
    """One worker process, seen from the supervisor."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # -P: a file in the folder that cron happens to stand in must not be imported in a library's place
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with a fixed program
                [sys.executable, "-P", "-c", _ENTRY, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self.alive = True
        self.calls = 0

    def call(self, message: object, deadline: float) -> object:
        """Send and receive within `deadline`: a worker that stands still in the middle of either is killed as well."""
        self.calls += 1
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(deadline, give_up)
        timer.start()
        try:
            self._connection.send(message)
            return self._connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            self.alive = False
            if late.is_set():
                return Failed(reason="timeout", detail=f"no result within {deadline:g} s")
            return Failed(reason="killed", detail="the worker process was killed")
        finally:
            timer.cancel()

    def kill(self) -> None:
        self.alive = False
        with contextlib.suppress(OSError):
            self._process.kill()

    def release(self) -> None:
        self.kill()
        self._process.wait()
        self._connection.close()


def _serve(handle: int) -> None:
    """Answer calls until the supervisor is gone: the whole life of a worker process."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the supervisor decides: it closes the line, or kills
    _limit_memory()
    connection = Connection(handle)
    while True:
        try:
            name, args, kwargs, deadline = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE)
        answer = _answer(name, args, kwargs)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _reply(connection, answer)


def _answer(name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
    module, _, function = name.partition(":")
    try:
        result: object = getattr(import_module(module), function)(*args, **kwargs)
    except NewsArchiveError as error:
        return error
    except (Exception, RecursionError) as error:  # noqa: BLE001 - a parser may raise anything; it is recorded
        return Failed(reason="crash", detail=f"{type(error).__name__}: {error}"[:300])
    return result


def _reply(connection: Connection, answer: object) -> None:
    try:
        connection.send(answer)
    except (EOFError, BrokenPipeError):
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - an answer that does not pickle is a crash of this call only
        connection.send(Failed(reason="crash", detail=f"unusable answer: {type(error).__name__}"))


def _limit_memory() -> None:
    import resource  # noqa: PLC0415 - POSIX only, and only here

    with contextlib.suppress(ValueError, OSError):  # macOS refuses some limits
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
