"""feeds.toml: where it is found, how it is read, and one clear line for each mistake in it."""

from __future__ import annotations

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsarchive.arabic import fold
from newsarchive.errors import ConfigError
from newsarchive.models import Listing, Selectors, Source
from newsarchive.urls import is_web_address

ENVIRONMENT = "NEWSARCHIVE_FEEDS"
PACKAGED = Path(__file__).with_name("feeds.toml")
_CHECKOUT = Path(__file__).parents[2] / "feeds.toml"  # an editable install reads the repository's own copy
Value = TypeVar("Value")
Group = tuple[str, ...]
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """The table `[fetch]`.

    Attributes:
        contact: an e-mail or web address for the outlets; goes into the User-Agent.
        proxy: an address that all requests go through.
        poll_interval: how long a feed is left alone, at least an hour.
        concurrency: requests under way at once, over all hosts.
    """

    contact: str | None = None
    proxy: str | None = None
    poll_interval: timedelta = timedelta(hours=1)
    concurrency: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What one feeds.toml says.

    Attributes:
        path: the file.
        fetch: how to fetch.
        variants: of the table `[search]`: further groups of spellings of one name.
        sources: in the file's order, disabled ones included.
    """

    path: Path
    fetch: FetchSettings = field(default_factory=FetchSettings)
    variants: tuple[Group, ...] = ()
    sources: tuple[Source, ...]

    def select(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """Return the sources of these keys, or every enabled one if there are none.

        Raises:
            ConfigError: a key that the file does not have, or none is enabled.
        """
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            enabled = tuple(source for source in self.sources if source.enabled)
            if not enabled:
                raise ConfigError(f"{self.path}: every source is disabled; name one, or enable some")
            return enabled
        known = {source.key: source for source in self.sources}
        for key in wanted:
            if key not in known:
                raise ConfigError(
                    f"{self.path}: no source {key!r}{_near(key, known)}; `newsarchive feeds list` names them"
                )
        return tuple(known[key] for key in wanted)


def find(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration to use.

    The order: `path`, `$NEWSARCHIVE_FEEDS`, `./feeds.toml`, the user's configuration folder, the copy in the package.

    Raises:
        ConfigError: `path` or the variable names a file that is not there.
    """
    named = path or (Path(environment[ENVIRONMENT]) if environment.get(ENVIRONMENT) else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"{named}: is no file; name a feeds.toml with --config or ${ENVIRONMENT}")
        return named
    folder = user_folder(environment)
    places = [Path("feeds.toml"), *([folder / "feeds.toml"] if folder else []), PACKAGED, _CHECKOUT]
    return next((place for place in places if place.is_file()), PACKAGED)


def user_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder for a user's own configuration, whether it exists or not; None if there is no home."""
    if environment.get("XDG_CONFIG_HOME"):
        return Path(environment["XDG_CONFIG_HOME"]) / "newsarchive"
    home = environment.get("HOME")
    if not home:
        return None
    return (
        Path(home, "Library/Application Support" if sys.platform == "darwin" else ".config") / "newsarchive"
    )


def load(path: Path) -> Config:
    """Read and check a feeds.toml, whole.

    Raises:
        ConfigError: one line with file, table and key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: cannot be read: it is not UTF-8 text") from None
    except (
        tomllib.TOMLDecodeError,
        ValueError,
        RecursionError,
    ) as error:  # the last two: beyond what Python reads
        raise ConfigError(f"{path}: not valid TOML: {str(error)[:200]}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    top = _Table(path, "the top of the file", data, _TOP_KEYS)
    settings = _fetch_settings(_Table(path, "[fetch]", top.sub("fetch"), _FETCH_KEYS))
    search = _Table(path, "[search]", top.sub("search"), _SEARCH_KEYS)
    blocks = top.sub("sources")
    if not blocks:
        raise ConfigError(f"{path}: no [sources.KEY] table; each outlet is one")
    sources = tuple(_source(path, key, block) for key, block in blocks.items())
    _check_addresses(path, sources)
    none: tuple[Group, ...] = ()
    variants = search.take("variants", _groups, none)
    return Config(path=path, fetch=settings, variants=variants, sources=sources)


def _check_addresses(path: Path, sources: Iterable[Source]) -> None:
    """Refuse an address that two sources ask: its entries could belong to one of them only."""
    asked_by: dict[str, str] = {}
    for source in sources:
        for url in (*source.feeds, *([source.listing.url] if source.listing else [])):
            if url in asked_by:
                raise ConfigError(
                    f"{path}: [sources.{source.key}]: [sources.{asked_by[url]}] has the same address {url}"
                )
            asked_by[url] = source.key


_TOP_KEYS = ("fetch", "search", "sources")
_SEARCH_KEYS = ("variants",)
_FETCH_KEYS = ("contact", "proxy", "poll_interval", "concurrency")
_SOURCE_KEYS = tuple(name for name in Source.__dataclass_fields__ if name != "key")
_LISTING_KEYS = tuple(Listing.__dataclass_fields__)
_SELECTOR_KEYS = tuple(Selectors.__dataclass_fields__)
_LONGEST_DELAY = 120.0
_MOST_AT_ONCE = 64


class _Table:
    """One TOML table, read key by key; what it refuses, it names with file, table and key."""

    def __init__(self, path: Path, name: str, data: dict[str, Any], known: Iterable[str]) -> None:
        self.path, self.name, self.data = path, name, data
        for key in data:
            if key not in known:
                raise ConfigError(f"{path}: {name}: unknown key {key!r}{_near(key, known)}")

    def take(self, key: str, check: Callable[[object], Value], default: Value) -> Value:
        if key not in self.data:
            return default
        try:
            return check(self.data[key])
        except ValueError as error:
            raise ConfigError(f"{self.path}: {self.name}: {key}: {error}") from None

    def sub(self, key: str) -> dict[str, Any]:
        none: dict[str, Any] = {}
        return self.take(key, _table, none)


def _fetch_settings(table: _Table) -> FetchSettings:
    return FetchSettings(
        contact=table.take("contact", _contact, None),
        proxy=table.take("proxy", _proxy, None),
        poll_interval=timedelta(minutes=table.take("poll_interval", _between(60, 1440), 60.0)),
        concurrency=int(table.take("concurrency", _between(1, _MOST_AT_ONCE), 8.0)),
    )


def _source(path: Path, key: str, block: object) -> Source:
    name = f"[sources.{key}]"
    if not _KEY.fullmatch(key):
        raise ConfigError(f"{path}: {name}: a key is made of a-z, 0-9, dot and hyphen")
    if not isinstance(block, dict):
        raise ConfigError(f"{path}: {name}: it must be a table")
    table = _Table(path, name, block, _SOURCE_KEYS)
    listing = table.sub("listing")
    source = Source(
        key=key,
        name=table.take("name", _text, key),
        name_en=table.take("name_en", _text, None),
        country=table.take("country", _country, None),
        homepage=table.take("homepage", _address, None),
        language=table.take("language", _language, None),
        timezone=table.take("timezone", _timezone, "UTC"),
        feeds=table.take("feeds", _addresses, ()),
        listing=_listing(_Table(path, f"[sources.{key}.listing]", listing, _LISTING_KEYS))
        if listing
        else None,
        selectors=_selectors(
            _Table(path, f"[sources.{key}.selectors]", table.sub("selectors"), _SELECTOR_KEYS)
        ),
        user_agent=table.take("user_agent", _header_text, None),
        charset=table.take("charset", _charset, None),
        delay=table.take("delay", _between(0, _LONGEST_DELAY), None),
        proxy=table.take("proxy", _proxy, None),
        allow_private=table.take("allow_private", _flag, default=False),
        enabled=table.take("enabled", _flag, default=True),
    )
    if not source.feeds and source.listing is None:
        raise ConfigError(f"{path}: {name}: it needs `feeds` or `listing`")
    if source.delay is not None and source.delay < 1 and not source.allow_private:
        raise ConfigError(f"{path}: {name}: delay: at least 1 second, out of courtesy to the outlet")
    return source


def _listing(table: _Table) -> Listing:
    for key in _LISTING_KEYS:
        if key not in table.data:
            raise ConfigError(f"{table.path}: {table.name}: {key}: missing; a listing has `url` and `links`")
    return Listing(url=table.take("url", _address, ""), links=table.take("links", _pattern, ""))


def _selectors(table: _Table) -> Selectors:
    one = {key: table.take(key, _text, None) for key in _SELECTOR_KEYS if key != "remove"}
    return Selectors(**one, remove=table.take("remove", _texts, ()))


def _near(key: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(key, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it must be a table")  # noqa: TRY004 - the checks speak to people through one exception
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("it must be a text in quotes")
    return value.strip()


def _header_text(value: object) -> str:
    text = _text(value)
    if not text.isascii() or not text.isprintable():
        raise ValueError("only plain Latin characters can stand in a request's header")
    return text


def _contact(value: object) -> str:
    text = _header_text(value)
    if not is_web_address(text) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError("it must be an e-mail or a web address, so that an outlet can reach you")
    return text


def _country(value: object) -> str:
    text = _text(value)
    if not re.fullmatch("[A-Z]{2}", text):
        raise ValueError("two capital letters, as in ISO 3166-1: 'SY'")
    return text


def _language(value: object) -> str:
    text = _text(value)
    if not re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError("a code as in BCP 47: 'ar'")
    return text


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('it must be a list, such as ["…", "…"]')  # noqa: TRY004 - as in _table
    return tuple(_text(item) for item in value)


def _groups(value: object) -> tuple[Group, ...]:
    if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
        raise ValueError('it must be a list of lists, such as [["…", "…"]]')
    groups = tuple(_texts(group) for group in value)
    for group in groups:
        folded = [fold(member) for member in group]
        if "" in folded:
            raise ValueError(f"{group[folded.index('')]!r} holds no letter")
        if len({*folded}) < 2 or all(" " in member for member in folded):  # noqa: PLR2004 - a group is of two
            raise ValueError(
                f"{', '.join(group)!r}: a group is of two spellings or more, one of them a single word"
            )
    return groups


def _address(value: object) -> str:
    text = _text(value)
    if not is_web_address(text):
        raise ValueError(f"{text!r} is no http(s) address, or it holds a password")
    return text


def _proxy(value: object) -> str:
    text = _text(value)
    if urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname:
        raise ValueError("it must be an http(s) address, such as 'http://127.0.0.1:3128'")
    return text


def _addresses(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_address(item) for item in _texts(value)))


def _pattern(value: object) -> str:
    text = _text(value)
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no valid regular expression: {error}") from None
    return text


def _timezone(value: object) -> str:
    text = _text(value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{text!r} is no time zone; they are written as in 'Asia/Damascus'") from None
    return text


def _charset(value: object) -> str:
    text = _text(value)
    try:
        "".encode(text)
    except LookupError:
        raise ValueError(f"{text!r} is no encoding that Python knows") from None
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false")  # noqa: TRY004 - as in _table
    return value


def _between(low: float, high: float) -> Callable[[object], float]:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"it must be a number from {low:g} to {high:g}")
        return float(value)

    return check
