"""What people see. Every outside string goes through `safe`; on a terminal Arabic is isolated and matches are bold.

The first, left-to-right line of a result holds what a program made (id, date, source, address); headline and text
stand on lines of their own, so that the terminal can set them right to left.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from newsarchive.archive import FeedStatus, Hit, Record

if TYPE_CHECKING:
    from newsarchive.jobs.update import Report
    from newsarchive.models import Source

# C0 and C1 controls, line and paragraph separators, bidi embeddings, overrides and isolates, BOM, lone surrogates, tag characters.
# LRM, RLM, ALM, ZWJ and ZWNJ stay: spelling needs them.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
_FIRST_STRONG, _END_ISOLATE = "\u2068", "\u2069"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def safe(text: str) -> str:
    """Return outside text as one line that no terminal can take for a command."""
    return _UNSAFE.sub(" ", text).strip()


class Screen:
    """Where results are printed; plain text in a pipe, isolates and bold on a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._bold = self._terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def hits(self, hits: Sequence[Hit]) -> None:
        """Print search results."""
        for hit in hits:
            record = hit.record
            self._line(f"{record.id}  {record.date or 'undated'}  {record.source}  {safe(record.url)}")
            self._line("  " + self._text(record.headline, hit.headline_marks))
            for line, marks in _lines(hit.snippet, hit.snippet_marks):
                self._line("  " + self._text(line, marks))
            self._line()

    def record(self, record: Record) -> None:
        """Print one article, whole."""
        self._line(f"{record.id}  {record.date or 'undated'}  {record.source}  {safe(record.url)}")
        self._line(self._text(record.headline, ((0, len(record.headline)),)))
        for name, value in _facts(record):
            self._line(f"{name}: {self._isolated(safe(value))}")
        for paragraph in [*(record.lede or "").split("\n"), *record.body.split("\n")]:
            if paragraph.strip():
                self._line()
                self._line(self._isolated(safe(paragraph)))

    def feeds(self, sources: Iterable[Source], states: Iterable[FeedStatus], *, now: datetime) -> None:
        """Print a table: every configured source, and how its feeds are doing."""
        by_source: dict[str, list[FeedStatus]] = {}
        for state in states:
            by_source.setdefault(state.source, []).append(state)
        self._row("SOURCE", "LAST SUCCESS", "LAST ARTICLE", "OUTCOME")
        for source in sources:
            known = by_source.get(source.key, [])
            worked = max((state.succeeded_at for state in known if state.succeeded_at), default=None)
            article = next((state.article_at for state in known), None)
            self._row(source.key, _ago(worked, now), _ago(article, now), _outcome(source, known))

    def _row(self, *cells: str) -> None:
        self._line(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, (20, 13, 13, 0), strict=True)).rstrip()
        )

    def _text(self, text: str, marks: Iterable[tuple[int, int]]) -> str:
        if not self._bold:
            return self._isolated(safe(text))
        parts, last = [], 0
        for start, end in marks:
            parts += [_spaced(text[last:start]), _BOLD, _spaced(text[start:end]), _PLAIN]
            last = end
        return self._isolated("".join([*parts, _spaced(text[last:])]).strip())

    def _isolated(self, text: str) -> str:
        return f"{_FIRST_STRONG}{text}{_END_ISOLATE}" if self._terminal else text

    def _line(self, text: str = "") -> None:
        self._out.write(text + "\n")


def hits_json(hits: Iterable[Hit]) -> str:
    """Write search results as a JSON array, Arabic readable."""
    return json.dumps([_hit(hit) for hit in hits], ensure_ascii=False, indent=2)


def record_json(record: Record) -> str:
    """Write one article as a JSON object, Arabic readable."""
    return json.dumps(_plain(asdict(record)), ensure_ascii=False, indent=2)


def feeds_json(states: Iterable[FeedStatus]) -> str:
    """Write the state of the feeds as a JSON array."""
    return json.dumps([_plain(asdict(state)) for state in states], ensure_ascii=False, indent=2)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[Report], None] | None]:
    """Show a bar on stderr while a run works; nothing at all unless that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        feeds, pages = bar.add_task("feeds", total=None), bar.add_task("pages", total=None)

        def show(report: Report) -> None:
            bar.update(feeds, completed=report.finished, total=report.sources)
            bar.update(
                pages,
                completed=report.pages,
                total=report.queue,
                description=f"pages, {report.articles_new} articles new",
            )

        yield show


def _hit(hit: Hit) -> dict[str, object]:
    record = hit.record
    names = ("id", "url", "source", "date", "headline", "lede", "byline", "section", "published")
    found = {name: getattr(record, name) for name in names}
    return _plain(
        {
            **found,
            "snippet": hit.snippet,
            "snippet_marks": hit.snippet_marks,
            "headline_marks": hit.headline_marks,
        }
    )


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {
        name: value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    yield "source", record.source_name
    if record.published:
        yield "published", f"{record.published:%Y-%m-%d %H:%M} UTC"
    if record.date_from:
        yield "date from", record.date_from
    for name in ("byline", "section", "caption"):
        if value := getattr(record, name):
            yield name, value
    if record.tags:
        yield "tags", "، ".join(record.tags)
    yield "fetched", f"{record.fetched_at:%Y-%m-%d %H:%M} UTC"


def _outcome(source: Source, known: list[FeedStatus]) -> str:
    if not source.enabled:
        return "disabled"
    if not known:
        return "never asked"
    best = max(
        known,
        key=lambda state: (
            state.failures == 0,
            state.checked_at is not None and state.checked_at.timestamp(),
        ),
    )
    failing = f" ({best.failures} times in a row)" if best.failures > 1 else ""
    return f"{best.outcome}{failing}" + (f": {safe(best.detail)}" if best.failures and best.detail else "")


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    minutes = max(0, int((now - moment).total_seconds() // 60))
    hours, days = minutes // 60, minutes // 1440
    return f"{minutes} min ago" if hours < 1 else f"{hours} h ago" if days < 2 else f"{days} days ago"  # noqa: PLR2004


def _lines(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield line, [(a - start, b - start) for a, b in marks if start <= a and b <= end]
        start = end + 1


def _spaced(text: str) -> str:
    """`safe` without trimming, for a part of a line."""
    return _UNSAFE.sub(" ", text)
