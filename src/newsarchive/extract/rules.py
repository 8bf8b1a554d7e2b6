"""The rules that are data: which elements and lines are furniture, what a wall says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from newsarchive.extract.text import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Elements that are not the article, by tag, role, whole class or id, and word of a class or id.

    Attributes:
        details: whole classes of bylines and date lines, which are read before they go.
        selector: finds every element that may be one of these.
    """

    tags: frozenset[str]
    roles: frozenset[str]
    tokens: frozenset[str]
    words: frozenset[str]
    details: frozenset[str]
    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Phrases by what is done about them, each in its comparison form (`text.key`)."""

    drop: frozenset[str]
    tail: frozenset[str]
    heading: frozenset[str]
    prompt: tuple[str, ...]
    platforms: frozenset[str]
    label: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What tells one kind of page that is no article.

    Attributes:
        reason: the slug of the rejection.
        titles: the whole of a segment of the page's title or h1, in comparison form.
        texts: in the visible text, in comparison form, of a page that says little else.
        markup: anywhere in the source of a page with little text.
    """

    reason: str
    titles: frozenset[str]
    texts: tuple[str, ...]
    markup: tuple[str, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _furniture(table: dict[str, list[str]]) -> Furniture:
    tags = frozenset(table["tags"])
    return Furniture(
        tags=tags,
        roles=frozenset(table["roles"]),
        tokens=frozenset(table["tokens"]),
        words=frozenset(table["words"]),
        details=frozenset(table["details"]),
        selector=", ".join([*sorted(tags), "[class]", "[id]", "[role]", "[hidden]", "[style]"]),
    )


def _lines(tables: list[dict[str, Any]]) -> Lines:
    phrases = {table["action"]: tuple(key(phrase) for phrase in table["phrases"]) for table in tables}
    return Lines(
        drop=frozenset(phrases["drop"]),
        tail=frozenset(phrases["tail"]),
        heading=frozenset(phrases["heading"]),
        prompt=phrases["prompt"],
        platforms=frozenset(key(name) for table in tables for name in table.get("platforms", ())),
        label=phrases["label"],
    )


def _sign(table: dict[str, Any]) -> Sign:
    return Sign(
        reason=table["reason"],
        titles=frozenset(key(title) for title in table.get("titles", ())),
        texts=tuple(key(text) for text in table.get("texts", ())),
        markup=tuple(table.get("markup", ())),
    )


_DATA = _read("furniture.toml")
FURNITURE = _furniture(_DATA["elements"])
LINES = _lines(_DATA["lines"])
SIGNS = tuple(map(_sign, _read("walls.toml")["sign"]))
