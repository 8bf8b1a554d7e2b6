"""What people see of an article's past: its texts, what changed between them, and where each came from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import TextIO

from newsarchive.archive import Archive, Gone, Provenance, Record, Revision
from newsarchive.changes import Piece, changes
from newsarchive.errors import NewsArchiveError
from newsarchive.terminal import Screen, safe

_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_MARKS = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}  # as wdiff writes them
_COLOURS = {"same": ("", ""), "old": (f"{_RED}[-", f"-]{_PLAIN}"), "new": (f"{_GREEN}{{+", f"+}}{_PLAIN}")}


class PastScreen(Screen):
    """A screen that also shows what became of an article."""

    def head(self, record: Record) -> None:
        """Print which article it is."""
        self._line(f"{record.id}  {safe(record.source)}  {safe(record.url)}")
        self._line(self._text(record.headline, ((0, len(record.headline)),)))

    def revisions(self, texts: Sequence[Revision], absences: Sequence[Gone]) -> None:
        """Print the texts of an article and the times it was gone, in the order of time."""
        self._line()
        for _, line, text in sorted(_events(texts, absences)):
            self._line(line + (f"  {self._isolated(safe(text))}" if text else ""))

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
                self._line()
                self._line(self._isolated(" ".join(map(self._piece, pieces))))

    def provenance(self, sightings: Sequence[Provenance]) -> None:
        """Print when and how each page of an article came, as facts under one line for each sighting."""
        for seen in sightings:
            self._line()
            self._line(f"{seen.at:%Y-%m-%d %H:%M:%S} UTC  {seen.outcome}")
            for name, value in _facts(seen):
                self._line(f"  {name}: {safe(value)}")

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
        told |= {"provenance": [asdict(one) for one in sightings]} if provenance else {}
        out.write(json.dumps(told, ensure_ascii=False, indent=2, default=_plain) + "\n")
        return
    screen = PastScreen(out)
    screen.head(record)
    if revisions:
        screen.revisions(texts, absences)
    if diff:
        screen.diff(texts)
    if provenance:
        screen.provenance(sightings)


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
        "paragraphs": [
            [piece._asdict() for piece in pieces] for pieces in changes(_paragraphs(old), _paragraphs(new))
        ],
    }


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
