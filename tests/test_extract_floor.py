"""The quality floor: how many of our own pages come out exactly right, and that nobody lowers it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from newsarchive.extract import extract
from newsarchive.models import Article

PAGES = Path(__file__).parent / "pages"
FLOOR = tomllib.loads((PAGES / "floor.toml").read_text(encoding="utf-8"))
LEAST = {"pages": 54, "outlets": 39, "right": 0.98, "ledes": 0.95}


def pages() -> dict[Path, dict[str, Any]]:
    wanted = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in PAGES.glob("*/*.toml")}
    return {path: want for path, want in wanted.items() if "body" in want}


def read(path: Path, want: dict[str, Any]) -> Article | None:
    got = extract(path.with_suffix(".html").read_bytes(), url=want["url"])
    return got if isinstance(got, Article) else None


def is_right(got: Article | None, want: dict[str, Any]) -> bool:
    return got is not None and (got.headline, got.lede, got.body.split("\n")) == (
        want["headline"],
        want.get("lede"),
        want["body"],
    )


def test_the_floor_is_not_lowered() -> None:
    assert {name: least for name, least in LEAST.items() if FLOOR[name] < least} == {}


def test_there_are_as_many_pages_of_as_many_outlets_as_the_floor_says() -> None:
    found = pages()
    assert len(found) >= FLOOR["pages"]
    assert len({path.parent for path in found}) >= FLOOR["outlets"]


def test_as_many_pages_are_exactly_right_as_the_floor_says() -> None:
    wrong = [path.stem for path, want in pages().items() if not is_right(read(path, want), want)]
    assert 1 - len(wrong) / len(pages()) >= FLOOR["right"], wrong


def test_as_many_ledes_are_kept_as_the_floor_says() -> None:
    apart = {path: want for path, want in pages().items() if "lede" in want}
    kept = [path for path, want in apart.items() if (got := read(path, want)) and got.lede == want["lede"]]
    assert len(apart) >= 5
    assert len(kept) / len(apart) >= FLOOR["ledes"]


def test_the_floor_notices_a_lost_paragraph_and_a_line_too_many() -> None:
    path, want = next(iter(pages().items()))
    got = read(path, want)
    assert is_right(got, want)
    assert not is_right(got, want | {"body": want["body"][1:]})
    assert not is_right(got, want | {"body": [*want["body"], "سطر"]})
