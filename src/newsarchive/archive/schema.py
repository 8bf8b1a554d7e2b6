"""The archive's tables, as append-only migrations. Imported by writers only: readers take the tables as they find them.

Each step is a file of plain SQL in `steps`, with a comment on every table. A released one is never edited; what changes is a
new one, appended. Each runs in one transaction together with `user_version`, so a killed migration leaves the version before
it intact.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS = Path(__file__).with_name("steps")

NEWS = Migrations("newsarchive")
PAGES = Migrations("newsarchive.pages")


def migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    """Bring a file to the newest schema; each step whole or not at all."""
    migrations.apply(Database(connection, execute_plugins=False))


def _step(name: str, version: int) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in _statements((_STEPS / f"{name}_{version}.sql").read_text(encoding="utf-8")):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA user_version = {version}")

    return apply


def _statements(sql: str) -> Iterator[str]:
    """Split SQL at its statements' ends; `executescript` would commit the transaction first."""
    lines: list[str] = []
    for line in sql.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines).strip()
            lines.clear()


NEWS(name="1 the main street")(_step("news", 1))
PAGES(name="1 pages and responses")(_step("pages", 1))
NEWS(name="2 revisions")(_step("news", 2))
PAGES(name="2 evidence")(_step("pages", 2))
NEWS(name="3 stems")(_step("news", 3))
