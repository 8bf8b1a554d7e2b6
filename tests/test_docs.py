"""The documents say what the program does."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import typer

from newsarchive import config
from newsarchive.archive.files import pages_path
from newsarchive.archive.store import Store
from newsarchive.cli import app

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def columns(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            )
        ]
        ours = [
            name for name in tables if not re.match(r"sqlite_|_sqlite|articles_fts|articles_stems_", name)
        ]
        return {
            f"{table}.{row[1]}" for table in ours for row in connection.execute(f"PRAGMA table_info({table})")
        }


def documented(part: str) -> set[str]:
    sections = re.split(r"^### (\w+)$", part, flags=re.MULTILINE)[1:]
    pairs = zip(sections[::2], sections[1::2], strict=True)
    return {
        f"{table}.{column}"
        for table, body in pairs
        for column in re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE)
    }


def test_every_column_of_both_files_is_documented_and_no_other(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db", datetime.now(UTC)):
        pass
    news, pages = text("docs/schema.md").split("## news.pages.db")
    assert documented(news) == columns(tmp_path / "news.db")
    assert documented(pages) == columns(pages_path(tmp_path / "news.db"))


def test_every_command_and_option_is_in_the_readme() -> None:
    readme = text("README.md")
    command = typer.main.get_command(app)
    subcommands = {**command.commands, **command.commands["feeds"].commands}  # type: ignore[attr-defined]
    for name, sub in subcommands.items():
        assert f"`{name}" in readme or f"`feeds {name}`" in readme, name
        for parameter in getattr(sub, "params", ()):
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert option in readme, option


def test_every_key_of_the_configuration_is_documented() -> None:
    guide = text("docs/outlets.md")
    tables = {
        "": (*config._SOURCE_KEYS, *config._FETCH_KEYS, *config._SEARCH_KEYS),
        "listing.": config._LISTING_KEYS,
        "selectors.": config._SELECTOR_KEYS,
    }
    named = {f"{table}{key}" for table, keys in tables.items() for key in keys} - {"listing", "selectors"}
    assert {key for key in named if f"`{key}`" not in guide} == set()


def test_the_readme_opens_with_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", text("README.md"), flags=re.DOTALL)
    assert blocks[0].strip().endswith("newsarchive demo")
    assert blocks[1].strip().endswith("pytest")
    assert text("README.md").index("<!-- test command -->") < 2000
