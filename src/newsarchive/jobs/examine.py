"""`newsarchive extract`: show what a page would become, and why, without storing anything."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.config import Config, FetchSettings
from newsarchive.errors import ConfigError, NewsArchiveError
from newsarchive.fetch import Door
from newsarchive.jobs.add import source_of
from newsarchive.models import Fetched, Rejected, Source
from newsarchive.urls import is_web_address
from newsarchive.workers import Failed, Workers

if TYPE_CHECKING:
    from newsarchive.extract import Explanation

_NOWHERE = "https://unknown.invalid/page.html"  # of a saved page without an address; none is shown
_DEADLINE = 30.0  # seconds; somebody is waiting, and explaining costs more than extracting


def examine(what: str, config: Config, *, source: str | None = None, url: str | None = None) -> Explanation:
    """Extract one page and say how.

    Args:
        what: a file, or an http(s) address that is fetched as politely as ever.
        config: whose selectors, time zones and charsets apply.
        source: a source's key; else the one whose host the address is on.
        url: the address of a page in a file.

    Raises:
        ConfigError: neither a file nor an address, or an unknown source.
        NewsArchiveError: the page could not be had or read, with the outcome.
    """
    address = url or (what if is_web_address(what) else _NOWHERE)
    chosen = config.select([source])[0] if source else source_of(address, config)
    fetched = _page(what, address, chosen, config.fetch)
    if fetched.outcome != "ok":
        raise NewsArchiveError(
            f"{what}: {fetched.outcome}" + (f" ({fetched.detail})" if fetched.detail else "")
        )
    content_type = (fetched.header(b"content-type") or b"").decode("latin-1") or None
    with Workers(1) as workers:
        result = workers.call(
            "newsarchive.extract:explain",
            fetched.content,
            url=fetched.final_url,
            source=chosen,
            content_type=content_type,
            now=fetched.started_at,
            deadline=_DEADLINE,
        )
    if isinstance(result, Failed):
        raise NewsArchiveError(f"{what}: extract-{result.reason} ({result.detail})")
    explanation: Explanation = result  # type: ignore[assignment]
    return explanation if address != _NOWHERE else _without_address(explanation)


def _without_address(explanation: Explanation) -> Explanation:
    """Leave out the address that stood for the one which a saved page was not given."""
    if isinstance(explanation.result, Rejected):
        return explanation
    return replace(explanation, result=replace(explanation.result, url="", addresses=()))


def _page(what: str, address: str, source: Source, settings: FetchSettings) -> Fetched:
    path = Path(what)
    if path.is_file():
        now = datetime.now(UTC)
        return Fetched(
            url=address, final_url=address, outcome="ok", content=path.read_bytes(), started_at=now
        )
    if not is_web_address(what):
        raise ConfigError(f"{what}: no such file, and no http(s) address")
    return asyncio.run(_fetch(what, source, settings))


async def _fetch(url: str, source: Source, settings: FetchSettings) -> Fetched:
    async with Door(contact=settings.contact, proxy=settings.proxy) as door:
        return await door.get(url, source=source, kind="page")
