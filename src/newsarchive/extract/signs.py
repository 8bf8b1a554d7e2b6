"""What tells the kinds of pages that are no articles, read from `walls.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from newsarchive.extract.text import key

_PHRASES = ("texts", "subjects", "verdicts")
_AS_WRITTEN = ("markup", "generators", "types", "addresses", "selectors", "unless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What tells one kind of page that is no article; `walls.toml` says what each field is compared with.

    Attributes:
        reason: the slug of the rejection.
        detail: the same for people.
        titles: in comparison form (`text.key`), like `texts`, `subjects` and `verdicts`.
        generators: in lower case.
        addresses: regular expressions.
        needs: a CSS selector, or None.
    """

    reason: str
    detail: str
    titles: frozenset[str]
    texts: tuple[str, ...]
    subjects: tuple[str, ...]
    verdicts: tuple[str, ...]
    markup: tuple[str, ...]
    generators: tuple[str, ...]
    types: tuple[str, ...]
    addresses: tuple[str, ...]
    selectors: tuple[str, ...]
    unless: tuple[str, ...]
    needs: str | None


def _sign(table: dict[str, Any]) -> Sign:
    lists = {name: tuple(map(key, table.get(name, ()))) for name in _PHRASES}
    lists |= {name: tuple(table.get(name, ())) for name in _AS_WRITTEN}
    lists["generators"] = tuple(name.lower() for name in lists["generators"])
    return Sign(
        reason=table["reason"],
        detail=table["detail"],
        titles=frozenset(map(key, table.get("titles", ()))),
        needs=table.get("needs"),
        **lists,
    )


_TEXT = files(__package__).joinpath("walls.toml").read_text(encoding="utf-8")
WALLS = tuple(map(_sign, tomllib.loads(_TEXT)["sign"]))
