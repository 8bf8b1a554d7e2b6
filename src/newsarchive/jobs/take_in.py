"""`newsarchive import`: take in what `export` wrote or another program made, or a page that somebody saved from a browser."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from newsarchive.archive.files import stamp
from newsarchive.archive.filing import settle
from newsarchive.archive.incoming import Broken, Incoming, page_of, read_line
from newsarchive.archive.store import Store
from newsarchive.archive.taking_in import is_removed, take_in
from newsarchive.config import Config
from newsarchive.errors import ConfigError
from newsarchive.jobs.add import source_of
from newsarchive.jobs.crawl import Outcome, read_page
from newsarchive.models import Article, Entry, Fetched, Rejected, Source
from newsarchive.urls import canonical_url, is_web_address
from newsarchive.workers import Workers

_BATCH = 200  # lines of one transaction; what a crash undoes is taken in the next time
_LONGEST = 32 << 20  # bytes of a line: an article with many revisions has some hundred thousand
_REMOVED = "was removed from this archive for good; it is not taken in"


@dataclass(slots=True, kw_only=True)
class TakenIn:
    """What became of the lines of a file, counted while it goes on."""

    new: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0

    def summary(self) -> str:
        """One line for people."""
        new = f"{self.new} article{'' if self.new == 1 else 's'} new"
        refused = (
            f"; {self.refused} line{'' if self.refused == 1 else 's'} not taken in" if self.refused else ""
        )
        return f"{new}, {self.changed} with something new, {self.known} known{refused}"


def import_lines(
    db: Path,
    file: Path | BinaryIO,
    *,
    tell: Callable[[str], None] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TakenIn:
    """Take in articles, one JSON object a line; what cannot be read is told and left out, the rest is stored.

    Args:
        db: the archive; made if it is not there.
        file: a file, unpacked if its name ends in `.gz`, or a stream.
        tell: called for each line that is not taken in, with its number and why.
        now: our clock, aware.

    Raises:
        ConfigError: no such file.
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    report = TakenIn()
    with ExitStack() as stack:
        name, stream = _opened(file, stack)
        lines = enumerate(_lines(stream), 1)
        store = stack.enter_context(Store.open(db, now()))
        while batch := list(islice(lines, _BATCH)):
            with store.transaction():
                for number, line in batch:
                    if wrong := _take_in_line(store, line, now(), report):
                        report.refused += 1
                        tell(f"{name}:{number}: {wrong}")
    return report


def import_page(
    db: Path,
    config: Config,
    file: Path | BinaryIO,
    *,
    url: str,
    source: str | None = None,
    at: datetime | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    workers: Workers | None = None,
) -> Outcome:
    """Take in a page that a browser saved. It passes the same gate as one that was fetched; one that is no article is not stored.

    Args:
        db: the archive; made if it is not there.
        config: whose selectors, time zones and charsets apply.
        file: the page.
        url: its address.
        source: a source's key; else the one whose host the address is on.
        at: when it was saved; else when the file was written last.
        now: our clock, aware.
        workers: parsers to use and leave running; None starts and ends one of its own.

    Returns:
        What it became: `new`, `changed`, `known`, or why it is no article.

    Raises:
        ConfigError: no such file, no address, no such source, or a time that is still to come.
        LockedError: another run holds the archive.
        ArchiveError: the archive cannot be used.
    """
    if not is_web_address(url):
        raise ConfigError(f"{url[:200]!r} is no http(s) address")
    chosen = config.select([source])[0] if source else source_of(url, config)
    fetched = _saved(file, canonical_url(url), at, now())
    with nullcontext(workers) if workers else Workers(1) as parsers:
        result = read_page(parsers, chosen, Entry(url=fetched.url), fetched)
    if isinstance(result, Rejected):
        return Outcome(slug=result.reason, kind="rejected", detail=result.detail)
    with Store.open(db, now()) as store:
        return _keep_page(store, chosen, result, fetched, now())


def _keep_page(store: Store, source: Source, article: Article, fetched: Fetched, now: datetime) -> Outcome:
    """Store a page and its article, and give it a place in the queue, so that it can be read again."""
    content = fetched.content or b""
    incoming = page_of(source, article, fetched, hashlib.sha256(content).hexdigest())
    if is_removed(store, incoming):
        return Outcome(slug="removed", kind="rejected", detail=_REMOVED)
    store.keep_sources([source], now)
    store.pages.keep(content, source=source.key, now=fetched.started_at)
    with store.transaction():
        key, fate = take_in(store, incoming, now)
    if key is not None:
        settle(store, store.enqueue(source.key, Entry(url=fetched.url), now), key)
    return Outcome(slug=fate, kind="article", article=key)


def _take_in_line(store: Store, line: bytes | Broken, now: datetime, report: TakenIn) -> str | None:
    """Take in one line within a transaction; return why it was not."""
    read: Incoming | Broken | None = line if isinstance(line, Broken) else None
    if isinstance(line, bytes) and line.strip():
        read = read_line(line, now)
    if isinstance(read, Broken):
        return read.reason
    if read is None:
        return None
    _, fate = take_in(store, read, now)
    if fate == "removed":
        return _REMOVED
    setattr(report, fate, getattr(report, fate) + 1)
    return None


def _opened(file: Path | BinaryIO, stack: ExitStack) -> tuple[str, BinaryIO]:
    """Open a file, and say what it is called."""
    if not isinstance(file, Path):
        return "-", file
    try:
        stream = stack.enter_context(file.open("rb"))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    return str(file), cast("BinaryIO", gzip.open(stream)) if file.suffix == ".gz" else stream


def _lines(stream: BinaryIO) -> Iterator[bytes | Broken]:
    """Yield the lines of a file; the last is Broken if the file ends or fails within its packing."""
    try:
        while line := stream.readline(_LONGEST):
            whole = len(line) < _LONGEST or line.endswith(b"\n")
            yield line if whole else _skipped(stream)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield Broken(reason="the file is cut short or damaged from here on")


def _skipped(stream: BinaryIO) -> Broken:
    while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
        pass
    return Broken(reason=f"is longer than {_LONGEST >> 20} MB")


def _saved(file: Path | BinaryIO, url: str, at: datetime | None, now: datetime) -> Fetched:
    """Read a page that was saved, as if it had just come; a file's own time that is ahead of our clock counts as now."""
    if at is not None and at > now:
        raise ConfigError(f"--at {stamp(at)} is in the future")
    with ExitStack() as stack:
        _, stream = _opened(file, stack)
        content = stream.read()
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC) if isinstance(file, Path) else now
    seen = (at or min(written, now)).replace(microsecond=0)
    return Fetched(url=url, final_url=url, outcome="ok", content=content, started_at=seen)
