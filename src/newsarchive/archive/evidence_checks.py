"""Checks of the pages file and of the text file beside it: rows, chain, seals, bytes. Each yields a finding for each thing it looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from newsarchive.archive.evidence import Table, row_hash
from newsarchive.archive.findings import NOT_SEALED, OK, Files, Finding, Verdict
from newsarchive.archive.pages import read_page
from newsarchive.archive.sealing import COVERED, digest, seal_line


def check_rows(files: Files, table: Table) -> Iterator[Finding]:
    """Each row of `requests`, `texts` or `removals` against its hash; none may be missing."""
    known = {row["archive"] for row in files.pages.execute(f"SELECT DISTINCT archive FROM {table}")}  # noqa: S608 - one of three names
    sealed = {archive for name, archive in files.sealed if name == table}
    for archive in sorted(known | sealed):
        yield from _rows(files, table, archive)


def _rows(files: Files, table: Table, archive: str) -> Iterator[Finding]:
    last = 0
    sql = f"SELECT * FROM {table} WHERE archive = ? ORDER BY number"  # noqa: S608 - one of three names
    for row in files.pages.execute(sql, (archive,)):
        yield from _gap(table, last, row["number"] - 1)
        last = row["number"]
        if row["at"] >= files.since:
            yield _row(files, table, row)
    yield from _gap(table, last, files.sealed.get((table, archive), 0))


def _gap(table: str, last: int, upto: int) -> Iterator[Finding]:
    if upto > last:
        rows = f"{last + 1}" if upto == last + 1 else f"{last + 1} to {upto}"
        yield Finding(verdict="mismatch", table=table, row=rows, detail="missing", count=upto - last)


def _row(files: Files, table: Table, row: sqlite3.Row) -> Finding:
    name, url = str(row["number"]), row["url"]
    if not is_true(row):
        return Finding(verdict="mismatch", table=table, row=name, url=url, detail="is not what its hash says")
    if table == "removals":
        return _removal(files, row)
    if table == "requests" and row["kind"] == "page" and files.lost(row["page"]):
        lost = f"its page {row['page']} is missing"
        return Finding(verdict="mismatch", table=table, row=name, url=url, detail=lost)
    if not files.is_sealed(table, row):
        return Finding(verdict="unverifiable", table=table, row=name, url=url, detail=NOT_SEALED)
    return OK


def _removal(files: Files, row: sqlite3.Row) -> Finding:
    name, url = str(row["number"]), row["url"]
    if files.pages.execute("SELECT 1 FROM pages WHERE hash = ?", (row["page"],)).fetchone():
        left = "its bytes are still there; run `newsarchive remove` again"
        return Finding(verdict="unverifiable", table="removals", row=name, url=url, detail=left)
    return Finding(verdict="removed", table="removals", row=name, url=url, detail=row["reason"])


def is_true(row: sqlite3.Row) -> bool:
    """Whether a row of evidence says what its last column, the hash of the others, says."""
    *values, stated = row
    try:
        return bool(row_hash(*values) == stated)
    except UnicodeError:  # bytes that are no UTF-8 any more
        return False


def check_seals(files: Files) -> Iterator[Finding]:
    """Each seal against its hash, the seal before it and the rows that it covers."""
    before: sqlite3.Row | None = None
    for row in files.pages.execute("SELECT * FROM seals ORDER BY archive, number"):
        if before is not None and before["archive"] != row["archive"]:
            before = None
        yield from _gap("seals", before["number"] if before else 0, row["number"] - 1)
        yield _seal(files, row, before)
        before = row


def _seal(files: Files, row: sqlite3.Row, before: sqlite3.Row | None) -> Finding:
    name, archive = str(row["number"]), row["archive"]
    if not is_true(row):
        return Finding(verdict="mismatch", table="seals", row=name, detail="is not what its hash says")
    if row["previous"] != (before["hash"] if before else ""):
        return Finding(
            verdict="mismatch", table="seals", row=name, detail="does not follow the seal before it"
        )
    after: dict[str, int] = {table: int(before[table]) if before else 0 for table in COVERED}
    upto: dict[str, int] = {table: int(row[table]) for table in COVERED}
    if digest(files.pages, archive, after, upto) != row["digest"]:
        covered = ", ".join(
            f"{table} {after[table] + 1} to {upto[table]}" for table in COVERED if upto[table] > after[table]
        )
        changed = f"rows that it covers were changed, added or taken out: {covered}"
        return Finding(verdict="mismatch", table="seals", row=name, detail=changed)
    return OK


def check_lines(files: Files, name: str, before: bytes, after: bytes) -> Iterator[Finding]:
    """The text file's lines against the seals: rows that were cut from the end, or a chain that was written anew, show here.

    Args:
        files: the archive.
        name: of the text file.
        before: what it held before `files` was begun: these seals must be there.
        after: what it held afterwards: it must hold these seals, but for the last one, whose line may be on its way.
    """
    *lines, cut = before.split(b"\n")
    for number, line in enumerate(lines, 1):
        words = line.decode("utf-8", "replace").split()
        archive, seal = (words[1], words[2]) if len(words) > 2 else ("", "")  # noqa: PLR2004 - hash, archive, number
        yield _line(name, number, line, files.pages.execute(_SEAL, (archive, seal)).fetchone())
    last = files.pages.execute(_LAST, (files.archive,)).fetchone()
    if cut:
        yield _cut(name, len(lines) + 1, cut, last)
    yield from _without_line(files, name, set(after.split(b"\n")), last)


def _line(name: str, number: int, line: bytes, seal: sqlite3.Row | None) -> Finding:
    if seal is not None and seal_line(seal).encode() == line:
        return OK
    lost = "the pages file has no such seal: it was cut, or written anew, or belongs to another archive"
    detail = _OTHERWISE if seal is not None else lost
    return Finding(verdict="mismatch", table=name, row=f"line {number}", detail=detail)


def _cut(name: str, number: int, line: bytes, last: sqlite3.Row | None) -> Finding:
    """The last line, if it has no end: a crash may have cut it short."""
    row = f"line {number}"
    if last is None or not seal_line(last).encode().startswith(line):
        return Finding(verdict="mismatch", table=name, row=row, detail=_OTHERWISE)
    return Finding(verdict="unverifiable", table=name, row=row, detail="cut short; the next seal ends it")


def _without_line(
    files: Files, name: str, lines: AbstractSet[bytes], last: sqlite3.Row | None
) -> Iterator[Finding]:
    """The seals that have no line; of an archive that was merged, and whose text file was not added to this one, they may."""
    told = {words[1].decode("utf-8", "replace") for line in lines if len(words := line.split()) > 1}
    for row in files.pages.execute("SELECT * FROM seals ORDER BY archive, number"):
        if seal_line(row).encode() in lines:
            continue
        detail = f"has no line in {name}"
        verdict: Verdict = "mismatch"
        if row["archive"] not in {files.archive, *told}:
            detail, verdict = detail + ": add those of the archive that was merged", "unverifiable"
        elif last is not None and (row["archive"], row["number"]) == (last["archive"], last["number"]):
            verdict = "unverifiable"
        yield Finding(verdict=verdict, table="seals", row=str(row["number"]), detail=detail)


def check_pages(files: Files) -> Iterator[Finding]:
    """The bytes of each page, unpacked, against their hash. Each is read by itself, so that one that is damaged hides no other."""
    for (key,) in files.pages.execute("SELECT hash FROM pages ORDER BY hash"):
        try:
            seen = files.pages.execute("SELECT first_seen FROM pages WHERE hash = ?", (key,)).fetchone()
            if seen is None or seen[0] >= files.since:
                yield OK if read_page(files.pages, key) is not None else _damaged(files, key, "missing")
        except (sqlite3.Error, ValueError) as error:
            yield _damaged(files, key, str(error))


def _damaged(files: Files, key: str, why: str) -> Finding:
    row = files.pages.execute("SELECT url FROM requests WHERE page = ? LIMIT 1", (key,)).fetchone()
    return Finding(verdict="mismatch", table="pages", row=key, url=row["url"] if row else "", detail=why)


_OTHERWISE = "is not what the pages file says"

_SEAL = "SELECT * FROM seals WHERE archive = ? AND number = ?"

_LAST = "SELECT * FROM seals WHERE archive = ? ORDER BY number DESC LIMIT 1"
