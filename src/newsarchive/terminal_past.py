"""What people see of an article's past: its texts, what changed between them, and where each came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain, pairwise
from typing import TextIO

from newsarchive.archive import Archive, Gone, Provenance, Record, Revision, Story
from newsarchive.changes import Piece, changed_words, changes, retold
from newsarchive.errors import NewsArchiveError
from newsarchive.terminal import Screen
from newsarchive.terminal_text import json_text, reads_rtl, safe, spaced

_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_MARKS = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}  # as wdiff writes them
_OF_COPIES = ("id", "source", "date", "headline", "url")
_COLOURS = {"same": ("", ""), "old": (f"{_RED}[-", f"-]{_PLAIN}"), "new": (f"{_GREEN}{{+", f"+}}{_PLAIN}")}


class PastScreen(Screen):
    """A screen that also shows what became of an article."""

    def head(self, record: Record) -> None:
        """Print which article it is."""
        self._line(f"{record.id}  {self._address(record.source)}  {self._address(record.url)}")
        self._text(record.headline, ((0, len(record.headline)),), around=record.body)

    def revisions(self, texts: Sequence[Revision], absences: Sequence[Gone]) -> None:
        """Print the texts of an article and the times it was gone, in the order of time."""
        self._line()
        for _, line, text in sorted(_events(texts, absences)):
            self._line(spaced(line) + (f"  {self._part(text)}" if text else ""))

    def diff(self, texts: Sequence[Revision]) -> None:
        """Print what changed from each text to the next, word by word: `[-taken out-]` and `{+put in+}`."""
        if len(texts) == 1:
            self._line()
            self._line("no other text of it is known")
        for old, new in pairwise(texts):
            self._line()
            self._line(
                f"{old.number} -> {new.number}: seen until {_time(old.seen_until)}, changed at {_time(new.seen_from)}"
            )
            for pieces in changes(_paragraphs(old), _paragraphs(new)):
                self._changed(pieces)

    def copies(self, record: Record, story: Story, copies: Sequence[Record], *, whole: bool) -> None:
        """Print an article's copies and how many words each has otherwise; with `whole` also which, as `diff` does."""
        self._line()
        if not copies:
            self._line("no copy of it is known")
            return
        self._line(f"copies: {self._told(story)}")
        for copy in copies:
            paragraphs = _retold(record, copy)
            out, put_in = changed_words(paragraphs)
            fields = (str(copy.id), copy.date or "undated", copy.source, copy.url)
            if whole:
                self._line()
            self._line(f"{'  '.join(map(self._address, fields))}  {out} words out, {put_in} in")
            for pieces in paragraphs if whole else ():
                self._changed(pieces)

    def provenance(self, sightings: Sequence[Provenance]) -> None:
        """Print when and how each page of an article came, as facts under one line for each sighting."""
        for seen in sightings:
            self._line()
            self._line(f"{seen.at:%Y-%m-%d %H:%M:%S} UTC  {safe(seen.outcome)}")
            for name, value in _facts(seen):
                self._line(f"  {name}: {self._address(value)}")

    def _changed(self, pieces: Sequence[Piece]) -> None:
        self._line()
        self._own_line(" ".join(map(self._piece, pieces)), rtl=_reads_rtl(pieces))

    def _piece(self, piece: Piece) -> str:
        start, end = (_COLOURS if self._bold else _MARKS)[piece.kind]
        return f"{start}{safe(piece.text)}{end}"


def show_past(
    archive: Archive,
    record: Record,
    out: TextIO,
    *,
    revisions: bool,
    diff: bool,
    copies: bool,
    provenance: bool,
    raw: bool,
    as_json: bool,
) -> None:
    """Print what was asked for of an article's past; `raw` stands alone.

    Raises:
        ArchiveError: the pages file is asked for and cannot be used, or lost the page.
        NewsArchiveError: the page was never here, or was removed.
    """
    if raw:
        _write_page(archive, record, out)
        return
    texts = archive.revisions(record.id) if revisions or diff else ()
    absences = archive.absences(record.id) if revisions else ()
    sightings = archive.provenance(record.id) if provenance else ()
    if as_json:
        told: dict[str, object] = {"id": record.id, "source": record.source, "url": record.url}
        told |= {"revisions": [asdict(one) for one in texts]} if revisions else {}
        told |= {"absences": [asdict(one) for one in absences]} if revisions else {}
        told |= {"diff": [_diff(old, new) for old, new in pairwise(texts)]} if diff else {}
        told |= {"copies": copies_json(archive, record, whole=True)} if copies else {}
        told |= {"provenance": [asdict(one) for one in sightings]} if provenance else {}
        out.write(json_text(told, default=_plain) + "\n")
        return
    screen = PastScreen(out)
    screen.head(record)
    if revisions:
        screen.revisions(texts, absences)
    if diff:
        screen.diff(texts)
    if copies:
        screen.copies(record, archive.story(record), archive.copies(record.id), whole=True)
    if provenance:
        screen.provenance(sightings)


def show_copies(archive: Archive, record: Record, out: TextIO) -> None:
    """Print the copies of an article, one a line."""
    PastScreen(out).copies(record, archive.story(record), archive.copies(record.id), whole=False)


def copies_json(archive: Archive, record: Record, *, whole: bool = False) -> list[dict[str, object]]:
    """Return the copies of an article for JSON: what lists show of each, and how many words it has otherwise; with `whole` also which."""
    told: list[dict[str, object]] = []
    for copy in archive.copies(record.id):
        paragraphs = _retold(record, copy)
        out, put_in = changed_words(paragraphs)
        one = {name: getattr(copy, name) for name in _OF_COPIES} | {"words_out": out, "words_in": put_in}
        told.append(one | ({"paragraphs": _pieces(paragraphs)} if whole else {}))
    return told


def _write_page(archive: Archive, record: Record, out: TextIO) -> None:
    """Write a page's bytes as they are; to a terminal, as text that it cannot take for commands."""
    if record.page is None:
        raise NewsArchiveError(f"article {record.id} has no page: it was imported without one")
    content = archive.page(record.page)
    if out.isatty():
        out.writelines(f"{safe(line)}\n" for line in content.decode("utf-8", "replace").splitlines())
        return
    out.flush()
    out.buffer.write(content)
    out.buffer.flush()


def _events(texts: Sequence[Revision], absences: Sequence[Gone]) -> Iterator[tuple[datetime, str, str]]:
    for one in texts:
        what = "text of today" if one.current else "earlier text"
        span = f"{_time(one.seen_from)} to {_time(one.seen_until)}"
        yield one.seen_from, f"{one.number}  {what}, seen from {span}", one.headline
    for gone in absences:
        yield gone.gone_since, f"   gone ({gone.outcome}), seen at {_time(gone.gone_since)}", ""
        if gone.back_at:
            yield gone.back_at, f"   back, seen at {_time(gone.back_at)}", ""


def _diff(old: Revision, new: Revision) -> dict[str, object]:
    """What changed from one text to the next: of each paragraph that did, its pieces."""
    return {
        "from": old.number,
        "to": new.number,
        "seen_until": old.seen_until,
        "changed_at": new.seen_from,
        "paragraphs": _pieces(changes(_paragraphs(old), _paragraphs(new))),
    }


def _pieces(paragraphs: Iterable[Sequence[Piece]]) -> list[list[dict[str, str]]]:
    return [[piece._asdict() for piece in pieces] for pieces in paragraphs]


def _retold(record: Record, copy: Record) -> list[tuple[Piece, ...]]:
    """What a copy says otherwise; outlets change headlines as they like, so these are compared apart."""
    before, after = ([one.lede or "", *one.body.split("\n")] for one in (record, copy))
    return list(chain(changes([record.headline], [copy.headline]), retold(before, after)))


def _reads_rtl(pieces: Sequence[Piece]) -> bool:
    """Whether a paragraph reads right to left as it stands now; if it was taken out, as it stood."""
    before, after = (
        " ".join(piece.text for piece in pieces if piece.kind != kind) for kind in ("new", "old")
    )
    return reads_rtl(after or before)


def _paragraphs(text: Revision) -> list[str]:
    parts = (text.headline, text.lede or "", text.body)
    return [line for part in parts for line in part.split("\n") if line.strip()]


def _facts(seen: Provenance) -> Iterator[tuple[str, str]]:
    yield "asked", seen.url
    request = seen.request
    if request is None:
        yield "evidence", "none: it was imported, or made before evidence was kept"
    else:
        for hop in request.redirects:
            yield "redirected", f"{hop.status} by {hop.url}" + (f" at {hop.peer}" if hop.peer else "")
        if request.final_url != request.url:
            yield "reached", request.final_url
        yield (
            "answered by",
            f"{request.peer or 'unknown'}, status {request.status}, in {request.seconds:.3f} s",
        )
        yield "robots.txt", request.robots or "not consulted"
        for name, values in (("sent", request.request_headers), ("received", request.headers)):
            for key, value in values:
                yield name, f"{key.decode('latin-1')}: {value.decode('latin-1')}"
    if seen.page:
        size = f", {seen.length} bytes" if seen.length is not None else ""
        yield "page", f"sha256 {seen.page}{size}"
    if seen.text:
        yield "text", f"sha256 {seen.text}"
    if seen.number is not None:
        yield (
            "row",
            f"request {seen.number} of archive {seen.archive}, sha256 {seen.hash}, newsarchive {seen.program or 'unknown'}",
        )
        yield "seal", f"{seen.seal[0]}, {_time(seen.seal[1])}" if seen.seal else "not sealed yet"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
