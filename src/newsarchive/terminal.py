"""What people see, and what `search` writes for programs. Every outside string is made fit by `terminal_text`.

The first, left-to-right line of a result holds what a program made (id, date, source, address); headline and text
stand on lines of their own, so that a terminal can set them right to left. A pipe, and a terminal that can do nothing
(`TERM=dumb`), get the bare text.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from newsarchive.terminal_text import isolated, json_text, own_line, reads_rtl, safe, spaced

if TYPE_CHECKING:
    from newsarchive.archive import FeedStatus, Hit, Record, Story
    from newsarchive.archive.saved import SavedSearch
    from newsarchive.extract import Explanation
    from newsarchive.jobs.reextract import Reading
    from newsarchive.jobs.update import Report
    from newsarchive.models import Article, Source

__all__ = [
    "Screen",
    "explanation_json",
    "feeds_json",
    "hits_csv",
    "hits_ids",
    "hits_json",
    "hits_jsonl",
    "progress",
    "record_json",
    "safe",
    "searches_json",
]

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_IN_JSON = ("id", "url", "source", "date", "headline", "lede", "byline", "section", "published")
_IN_CSV = ("id", "date", "source", "headline", "snippet", "byline", "section", "url", "published")


class Screen:
    """Where results are printed; plain text in a pipe, isolates and bold on a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = out.isatty() and os.environ.get("TERM") != "dumb"
        self._bold = self._terminal and not os.environ.get("NO_COLOR")

    def hits(self, hits: Iterable[Hit]) -> int:
        """Print search results as they come, and return how many."""
        written = 0
        for hit in hits:
            headline = hit.record.headline
            self._head(hit.record)
            self._text(headline, hit.headline_marks, around=hit.snippet, indent="  ")
            for line, marks in _lines(hit.snippet, hit.snippet_marks):
                self._text(line, marks, indent="  ")
            if hit.story and hit.story.articles > 1:
                self._line(f"  {self._told(hit.story)}")
            self._line()
            written += 1
        return written

    def searches(self, searches: Iterable[SavedSearch]) -> None:
        """Print saved searches, one a line."""
        for one in searches:
            asked = "  ".join(f"{option} {self._part(str(value))}" for option, value in one.asked.items())
            self._line(f"{self._part(one.name)}  {one.shown} shown  since {one.created_at:%Y-%m-%d}  {asked}")

    def record(self, record: Record) -> None:
        """Print one article, whole."""
        self._head(record)
        self._article(record, _facts(record))

    def explanation(self, explanation: Explanation, *, whole: bool) -> None:
        """Print what a page became; with `whole` also why."""
        from newsarchive.models import Rejected  # noqa: PLC0415 - search must start at once

        result = explanation.result
        if isinstance(result, Rejected):
            self._line(
                f"no article: {result.reason}" + (f" ({self._part(result.detail)})" if result.detail else "")
            )
        else:
            self._line(f"{self._address(result.date or 'undated')}  {self._address(result.url)}")
            self._article(result, _article_facts(result))
        if not whole:
            return
        self._line()
        for witness in explanation.witnesses:
            self._line(f"witness {witness.name}: {witness.words} words, agreement {witness.agreement:.2f}")
        for cut in explanation.cuts:
            self._line(f"cut by {self._part(cut.rule)}: {self._part(cut.line)}")

    def reading(self, reading: Reading, *, diff: bool) -> None:
        """Print how a stored page reads now; with `diff` line by line."""
        stored, page, change = reading.stored, reading.page, reading.page.change
        number = f"{stored.article}  " if stored.article is not None else ""
        columns = f" ({', '.join(change.columns)})" if change.columns else ""
        source, url = self._address(stored.source), self._address(stored.queued.entry.url)
        self._line(f"{change.kind}{columns}: {number}{source}  {url}")
        if not diff:
            return
        import difflib  # noqa: PLC0415 - search must start at once

        before, after = _lines_of(page.kept.record), _lines_of(page.record)
        for line in difflib.unified_diff(before, after, n=0, lineterm=""):
            if not line.startswith(("---", "+++", "@@")):
                self._text(f"{line[0]} {line[1:]}", indent="  ")

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
            self._row(key, _ago(worked, now), _ago(known[0].article_at, now), "not in the configuration")

    def _row(self, *cells: str) -> None:
        widths = (20, 13, 13, 0)
        parts = [self._part(cell, width) for cell, width in zip(cells, widths, strict=True)]
        self._line("  ".join(parts).rstrip())

    def _head(self, record: Record) -> None:
        fields = (str(record.id), record.date or "undated", record.source, record.url)
        self._line("  ".join(map(self._address, fields)))

    def _told(self, story: Story) -> str:
        first = (str(story.first), story.first_date or "undated", story.first_source)
        outlets = "1 outlet" if story.sources == 1 else f"{story.sources} outlets"
        return f"{story.articles} articles in {outlets}, first {'  '.join(map(self._address, first))}"

    def _article(self, article: Article | Record, facts: Iterable[tuple[str, str]]) -> None:
        """Print what stands below the line of what programs made."""
        self._text(article.headline, ((0, len(article.headline)),), around=article.body)
        for name, value in facts:
            self._line(f"{name}: {self._part(value)}")
        for paragraph in f"{article.lede or ''}\n{article.body}".split("\n"):
            if paragraph.strip():
                self._line()
                self._text(paragraph)

    def _text(
        self, text: str, marks: Iterable[tuple[int, int]] = (), *, around: str = "", indent: str = ""
    ) -> None:
        """Print a line of an outlet's text, `marks` bold; the text `around` it helps to tell its direction."""
        rtl = self._terminal and reads_rtl(text, around)
        self._own_line(self._marked(text, marks), rtl=rtl, indent=indent)

    def _own_line(self, text: str, *, rtl: bool, indent: str = "") -> None:
        """Print a text without commands, but for colours of ours, in its direction."""
        self._line(own_line(text, rtl=rtl, indent=indent) if self._terminal else indent + text)

    def _marked(self, text: str, marks: Iterable[tuple[int, int]]) -> str:
        if not self._bold:
            return safe(text)
        parts, last = [], 0
        for start, end in marks:
            parts += [spaced(text[last:start]), _BOLD, spaced(text[start:end]), _PLAIN]
            last = end
        return "".join([*parts, spaced(text[last:])]).strip()

    def _part(self, text: str, width: int = 0) -> str:
        """Outside text as a part of a left-to-right line."""
        padded = safe(text).ljust(width)
        return isolated(padded) if self._terminal else padded

    def _address(self, text: str) -> str:
        """An address, a key or a date from outside as such a part."""
        return isolated(safe(text), ltr=True) if self._terminal else safe(text)

    def _line(self, text: str = "") -> None:
        self._out.write(text + "\n")


def hits_json(hits: Iterable[Hit]) -> str:
    """Write search results as a JSON array, Arabic readable."""
    return json_text(list(map(_hit, hits)))


def hits_jsonl(hits: Iterable[Hit], out: TextIO) -> int:
    """Write search results as they come, one JSON object a line, and return how many."""
    written = 0
    for hit in hits:
        out.write(json_text(_hit(hit), indent=None) + "\n")
        written += 1
    return written


def hits_csv(hits: Iterable[Hit], out: TextIO) -> int:
    """Write search results as they come, one row each (RFC 4180) below a line of names, and return how many.

    No cell is a formula to a spreadsheet. Nothing at all is written if there are none.
    """
    import csv  # noqa: PLC0415 - search must start at once

    from newsarchive.archive.export_text import csv_cell  # noqa: PLC0415 - the same

    rows, count = csv.writer(out), 0
    for count, hit in enumerate(hits, start=1):
        told = _told(hit.story) if hit.story else {}
        if count == 1:
            rows.writerow([*_IN_CSV, *told])
        found = _hit(hit)
        rows.writerow([csv_cell(value) for value in [*(found[name] for name in _IN_CSV), *told.values()]])
    return count


def hits_ids(hits: Iterable[Hit], out: TextIO) -> int:
    """Write the numbers of the articles found as they come, one a line, and return how many."""
    written = 0
    for hit in hits:
        out.write(f"{hit.record.id}\n")
        written += 1
    return written


def searches_json(searches: Iterable[SavedSearch]) -> str:
    """Write saved searches as a JSON array."""
    return json_text([_plain(asdict(one)) for one in searches])


def record_json(record: Record, copies: Sequence[Mapping[str, object]] = ()) -> str:
    """Write one article as a JSON object with its copies, Arabic readable."""
    return json_text({**_plain(asdict(record)), "copies": copies})


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
    return json_text(listed)


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
    return json_text(values)


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
    found = {name: getattr(record, name) for name in _IN_JSON}
    return _plain(
        {
            **found,
            "snippet": hit.snippet,
            "snippet_marks": hit.snippet_marks,
            "headline_marks": hit.headline_marks,
            **({"story": asdict(hit.story)} if hit.story else {}),
        }
    )


def _told(story: Story) -> dict[str, object]:
    """A story as cells of a row."""
    return {
        name if name.startswith("first_") else f"story_{name}": value for name, value in asdict(story).items()
    }


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {
        name: value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


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
    return f"{best.outcome or ''}{failing}" + (f": {best.detail}" if best.failures and best.detail else "")


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
