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
        replies: words of a class or id of what readers say.
        details: whole classes of bylines and date lines, which are read before they go.
        selector: finds every element that may be one of these.
        replies_selector: finds every element that may be named by `replies`.
    """

    tags: frozenset[str]
    roles: frozenset[str]
    tokens: frozenset[str]
    words: frozenset[str]
    replies: frozenset[str]
    details: frozenset[str]
    selector: str
    replies_selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """The words by which an outlet asks its readers for money, in comparison form."""

    asks: frozenset[str]
    yours: frozenset[str]
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Phrases by what is done about them, in comparison form (`text.key`), each with its kind.

    Attributes:
        platforms: what a prompt to follow names.
        hosts: where it leads.
        closing: headings of what stands below an article.
    """

    drop: dict[str, str]
    prompt: dict[str, str]
    tail: dict[str, str]
    end: dict[str, str]
    heading: dict[str, str]
    label: dict[str, str]
    strip: dict[str, str]
    stamp: dict[str, str]
    byline: dict[str, str]
    feed: dict[str, str]
    platforms: frozenset[str]
    hosts: frozenset[str]
    plea: Plea
    closing: frozenset[str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _furniture(table: dict[str, list[str]]) -> Furniture:
    tags = frozenset(table["tags"])
    return Furniture(
        tags=tags,
        roles=frozenset(table["roles"]),
        tokens=frozenset(table["tokens"]),
        words=frozenset(table["words"]),
        replies=frozenset(table["replies"]),
        details=frozenset(table["details"]),
        replies_selector=", ".join(
            f'[{name}*="{word}" i]' for word in table["replies"] for name in ("class", "id")
        ),
        selector=", ".join([*sorted(tags), "[class]", "[id]", "[role]", "[hidden]", "[style]"]),
    )


def _lines(data: dict[str, Any]) -> Lines:
    phrases: dict[str, dict[str, str]] = {}
    for table in data["lines"]:
        phrases.setdefault(table["action"], {}).update(
            {key(phrase): table["kind"] for phrase in table["phrases"]}
        )
    plea = data["plea"]
    return Lines(
        **phrases,  # the actions are the fields; a missing or unknown one raises here
        platforms=frozenset(map(key, data["platforms"]["names"])),
        hosts=frozenset(data["platforms"]["hosts"]),
        plea=Plea(
            asks=frozenset(map(key, plea["asks"])),
            yours=frozenset(map(key, plea["yours"])),
            ours=tuple(map(key, plea["ours"])),
        ),
        closing=frozenset(phrases["tail"]) | frozenset(phrases["end"]),
    )


_DATA = _read("furniture.toml")
FURNITURE = _furniture(_DATA["elements"])
LINES = _lines(_DATA)
