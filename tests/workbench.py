"""What the tests of fetching work with: an archive, a clock that moves only when somebody waits, and fake outlets."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsarchive.config import Config
from newsarchive.jobs.session import World
from newsarchive.jobs.update import Report, update
from newsarchive.models import Source
from newsarchive.workers import Workers
from outlet import FakeOutlet, Outlets

START = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps."""

    at: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class Bench:
    """An archive, a clock, fake outlets, and parsers that all tests share: each takes half a second to start."""

    db: Path
    workers: Workers
    clock: Clock = field(default_factory=Clock)
    outlets: list[FakeOutlet] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def outlet(self, key: str = "wadi", **more: object) -> FakeOutlet:
        made = FakeOutlet(base=f"https://{key}.example")
        self.outlets.append(made)
        self.sources.append(
            Source(key=key, name=made.name, timezone="Asia/Damascus", feeds=(f"{made.base}/feed",), **more)
        )  # type: ignore[arg-type]
        return made

    @property
    def config(self) -> Config:
        return Config(path=Path("feeds.toml"), sources=tuple(self.sources))

    @property
    def world(self) -> World:
        transport = Outlets(*self.outlets)
        return World(now=self.clock.now, sleep=self.clock.sleep, transport=transport, workers=self.workers)

    def fetch(self, *, world: World | None = None, force: bool = False) -> Report:
        return update(self.db, self.config, self.sources, world=world or self.world, force=force)

    def look(self, **more: World) -> Report:
        """Fetch when the next look at an article is due."""
        ((due,),) = self.rows("SELECT min(next_try) FROM entries WHERE article IS NOT NULL")
        assert due is not None, "no article is looked at any more"
        self.clock.at = max(self.clock.at, datetime.fromisoformat(str(due)))
        return self.fetch(**more)

    def wait(self, **duration: float) -> None:
        self.clock.at += timedelta(**duration)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql).fetchall()
