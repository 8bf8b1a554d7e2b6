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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from newsarchive.archive import FeedStatus, Hit, Record
    from newsarchive.extract import Explanation
    from newsarchive.jobs.reextract import Reading
    from newsarchive.jobs.update import Report
    from newsarchive.models import Article, Source

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
            self._line(_head(record))
            self._line("  " + self._text(record.headline, hit.headline_marks))
            for line, marks in _lines(hit.snippet, hit.snippet_marks):
                self._line("  " + self._text(line, marks))
            self._line()

    def record(self, record: Record) -> None:
        """Print one article, whole."""
        self._line(_head(record))
        self._line(self._text(record.headline, ((0, len(record.headline)),)))
        for name, value in _facts(record):
            self._line(f"{name}: {self._isolated(safe(value))}")
        self._paragraphs(record.lede, record.body)

    def explanation(self, explanation: Explanation, *, whole: bool) -> None:
        """Print what a page became; with `whole` also why."""
        from newsarchive.models import Rejected  # noqa: PLC0415 - search must start at once

        result = explanation.result
        if isinstance(result, Rejected):
            self._line(
                f"no article: {result.reason}" + (f" ({safe(result.detail)})" if result.detail else "")
            )
        else:
            self._article(result)
        if not whole:
            return
        self._line()
        for witness in explanation.witnesses:
            self._line(f"witness {witness.name}: {witness.words} words, agreement {witness.agreement:.2f}")
        for cut in explanation.cuts:
            self._line(f"cut by {safe(cut.rule)}: {self._isolated(safe(cut.line))}")

    def reading(self, reading: Reading, *, diff: bool) -> None:
        """Print how a stored page reads now; with `diff` line by line."""
        stored, page, change = reading.stored, reading.page, reading.page.change
        number = f"{stored.article}  " if stored.article is not None else ""
        columns = f" ({', '.join(change.columns)})" if change.columns else ""
        self._line(f"{change.kind}{columns}: {number}{stored.source}  {safe(stored.queued.entry.url)}")
        if not diff:
            return
        import difflib  # noqa: PLC0415 - search must start at once

        before, after = _lines_of(page.kept.record), _lines_of(page.record)
        for line in difflib.unified_diff(before, after, n=0, lineterm=""):
            if not line.startswith(("---", "+++", "@@")):
                self._line(f"  {line[0]} {self._isolated(safe(line[1:]))}")

    def _article(self, article: Article) -> None:
        self._line(f"{article.date or 'undated'}  {safe(article.url)}")
        self._line(self._text(article.headline, ((0, len(article.headline)),)))
        for name, value in _article_facts(article):
            self._line(f"{name}: {self._isolated(safe(value))}")
        self._paragraphs(article.lede, article.body)

    def _paragraphs(self, *texts: str | None) -> None:
        for text in texts:
            for paragraph in (text or "").split("\n"):
                if paragraph.strip():
                    self._line()
                    self._line(self._isolated(safe(paragraph)))

    def feeds(self, sources: Iterable[Source], states: Iterable[FeedStatus], *, now: datetime) -> None:
        """Print a table: every configured source, and how its feeds are doing."""
        by_source = _by_source(states)
        self._row("SOURCE", "LAST SUCCESS", "LAST ARTICLE", "OUTCOME")
        for source in sources:
            known = by_source.pop(source.key, [])
            worked = max((state.succeeded_at for state in known if state.succeeded_at), default=None)
            article = next((state.article_at for state in known), None)
            self._row(source.key, _ago(worked, now), _ago(article, now), _outcome(source, known))
        for key, known in by_source.items():
            worked = max((state.succeeded_at for state in known if state.succeeded_at), default=None)
            self._row(
                safe(key), _ago(worked, now), _ago(known[0].article_at, now), "not in the configuration"
            )

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


def feeds_json(sources: Iterable[Source], states: Iterable[FeedStatus]) -> str:
    """Write every configured source, and those that only the archive knows, with the state of their feeds."""
    by_source = _by_source(states)
    known = {
        source.key: {"source": source.key, "name": source.name, "configured": True, "enabled": source.enabled}
        for source in sources
    }
    others = {key: {"source": key, "configured": False} for key in by_source if key not in known}
    listed = [
        {**one, "feeds": [_plain(asdict(state)) for state in by_source.get(key, [])]}
        for key, one in {**known, **others}.items()
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def _by_source(states: Iterable[FeedStatus]) -> dict[str, list[FeedStatus]]:
    found: dict[str, list[FeedStatus]] = {}
    for state in states:
        found.setdefault(state.source, []).append(state)
    return found


def explanation_json(explanation: Explanation, *, whole: bool) -> str:
    """Write what a page became as a JSON object; with `whole` also why."""
    values = _plain(asdict(explanation.result))
    if whole:
        values |= {
            "witnesses": [asdict(one) for one in explanation.witnesses],
            "cuts": [asdict(one) for one in explanation.cuts],
        }
    return json.dumps(values, ensure_ascii=False, indent=2)


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


def _head(record: Record) -> str:
    return f"{record.id}  {safe(record.date or 'undated')}  {safe(record.source)}  {safe(record.url)}"


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    yield "source", record.source_name
    yield from _article_facts(record)
    yield "fetched", f"{record.fetched_at:%Y-%m-%d %H:%M} UTC"
    if record.revised_at:
        times = "once" if record.revisions == 1 else f"{record.revisions} times"
        yield "changed", f"{times}; as it stands since {record.revised_at:%Y-%m-%d %H:%M} UTC"
    if record.gone_since:
        yield "gone since", f"{record.gone_since:%Y-%m-%d %H:%M} UTC ({record.gone_reason})"


def _article_facts(article: Article | Record) -> Iterator[tuple[str, str]]:
    if article.published:
        yield "published", f"{article.published:%Y-%m-%d %H:%M} UTC"
    if article.date_from:
        yield "date from", article.date_from
    for name in ("byline", "section", "caption"):
        if value := getattr(article, name):
            yield name, value
    if article.tags:
        yield "tags", "، ".join(article.tags)


def _lines_of(record: Mapping[str, object]) -> list[str]:
    """A stored record as lines to compare; a rejected page has none."""
    texts = [str(record[name] or "") for name in ("headline", "lede", "body") if record]
    facts = [f"{name}: {record[name]}" for name in ("date", "published", "byline") if record and record[name]]
    return facts + [line for text in texts for line in text.split("\n") if line]


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
    return f"{safe(best.outcome or '')}{failing}" + (
        f": {safe(best.detail)}" if best.failures and best.detail else ""
    )


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
