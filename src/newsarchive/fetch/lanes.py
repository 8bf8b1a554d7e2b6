"""One lane a host: its requests pass one after another, in order, with a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

DEFAULT_DELAY = 3.0  # seconds; what the large news crawlers leave between two requests


class Lane:
    """The way to one host.

    Attributes:
        lock: held by the request whose turn it is; asyncio's locks are first come, first served.
        left_at: when the last request ended.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.left_at: datetime | None = None

    async def rest(
        self, delay: float, *, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        """Wait until `delay` seconds have passed since the last request ended."""
        if self.left_at is None:
            return
        passed = (now() - self.left_at).total_seconds()
        wait = delay - max(passed, 0.0)  # a clock set back must not make us wait for hours
        if wait > 0:
            await sleep(wait)


def delay_for(own: float | None, asked: float | None) -> float:
    """Return the pause in seconds: the larger of what the source and robots.txt ask for, 3 if neither does."""
    given = [delay for delay in (own, asked) if delay is not None]
    return max(given, default=DEFAULT_DELAY)
