"""`newsarchive add`: archive single pages now, through the same queue, gate and archive as `fetch`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsarchive.config import Config
from newsarchive.errors import ConfigError
from newsarchive.jobs.crawl import Crawl, Outcome
from newsarchive.jobs.session import REAL, World, session
from newsarchive.models import Entry, Source
from newsarchive.urls import canonical_url, host_of, is_web_address, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one address."""

    url: str
    outcome: Outcome


def add(
    db: Path,
    config: Config,
    urls: Sequence[str],
    *,
    tell: Callable[[Added], None] = lambda _: None,
    world: World = REAL,
) -> tuple[Added, ...]:
    """Fetch and store pages; that of an article is not fetched again if the archive keeps one already.

    Args:
        db: the archive; made if it is not there.
        config: a page of one of its sources' hosts is that source's; any other host becomes a source of its own.
        urls: http(s) addresses.
        tell: called for each page when its fate is known.
        world: clock and network.

    Raises:
        ConfigError: an address that is none; nothing was fetched.
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    for url in urls:
        if not is_web_address(url):
            meant = (
                f"; did you mean https://{url}?" if is_web_address(f"https://{url}") and "." in url else ""
            )
            raise ConfigError(f"{url[:200]!r} is no http(s) address{meant}")
    added: list[Added] = []

    async def work(crawl: Crawl) -> None:
        for url in dict.fromkeys(map(canonical_url, urls)):
            source = source_of(url, config)
            if source.key not in crawl.owners.sources:
                crawl.store.keep_sources([source], crawl.now())
            queued = crawl.store.enqueue(source.key, Entry(url=url), crawl.now())
            added.append(Added(url=url, outcome=await crawl.page(source, queued.id)))
            tell(added[-1])

    session(db, config, work, world=world, counts=lambda: _counts(added))
    return tuple(added)


def _counts(added: Sequence[Added]) -> dict[str, int]:
    """As the columns of `runs`."""
    return {
        "articles_new": sum(one.outcome.slug == "new" for one in added),
        "pages_rejected": sum(one.outcome.kind == "rejected" for one in added),
        "pages_failed": sum(one.outcome.kind == "failed" for one in added),
    }


def source_of(url: str, config: Config) -> Source:
    """Return the source whose host an address is on, or one made of its host."""
    for source in config.sources:
        if any(same_site(url, known) for known in (source.homepage, *source.feeds) if known):
            return source
    return Source(key=host_of(url), name=host_of(url), homepage=f"{url.split('/', 1)[0]}//{host_of(url)}/")
