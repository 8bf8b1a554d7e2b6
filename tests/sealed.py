"""An archive for the tests of evidence: every table of it has rows, and every row is sealed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsarchive.archive.derive import derive
from newsarchive.archive.files import pages_path
from newsarchive.archive.filing import keep_article
from newsarchive.archive.findings import Finding
from newsarchive.archive.removal import remove
from newsarchive.archive.rows import INSERT_SIGHTING, RECORD, article_row
from newsarchive.archive.sealing import seal, seals_path
from newsarchive.archive.store import Store
from newsarchive.archive.verifying import verify
from newsarchive.models import Article, Entry, Fetched, Hop, Source

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus")


def fetched(url: str, text: str | None, *, at: datetime = NOW, final_url: str = "") -> Fetched:
    """Answer a request with a page that says `text`; with none, say that it is not there."""
    hops = (Hop(url=url, status=301, headers=((b"Location", final_url.encode()),), peer="192.0.2.7"),)
    return Fetched(
        url=url,
        final_url=final_url or url,
        outcome="not-found" if text is None else "ok",
        detail="HTTP 404" if text is None else "",
        status=404 if text is None else 200,
        request_headers=((b"User-Agent", b"newsarchive"),),
        headers=((b"Content-Type", b"text/html; charset=utf-8"),),
        redirects=hops if final_url else (),
        robots="allowed",
        content=page(text) if text is not None else None,
        started_at=at,
        seconds=0.25,
        peer="192.0.2.7",
    )


def page(text: str) -> bytes:
    """Make a page whose furniture is large enough for others to be packed with it."""
    menu = "".join(f'<li><a href="/section/{number}">قسم {number}</a></li>' for number in range(120))
    return f"<!DOCTYPE html><html><body><ul>{menu}</ul><p>{text}</p></body></html>".encode()


def article(url: str, headline: str, body: str, **more: str) -> Article:
    return replace(Article(url=url, headline=headline, body=body, extractor="1"), **more)  # type: ignore[arg-type]


def keep(store: Store, made: Article, *, entry: Entry | None = None, at: datetime = NOW) -> int:
    """Send one article down the whole way: queue, page, record."""
    store.keep_sources([WADI], at)
    run = store.begin_run("1", at)
    queued = store.enqueue("wadi", entry or Entry(url=made.url, headline=made.headline), at)
    answer = fetched(queued.entry.url, f"{made.headline} {made.body}", at=at)
    receipt = store.pages.keep_request(answer, source="wadi", kind="page")
    key, _ = keep_article(store, run, "wadi", queued, made, fetched=answer, receipt=receipt, now=at)
    return key


def edit(store: Store, key: int, made: Article, *, at: datetime) -> None:
    """Let the outlet change an article's text."""
    answer = fetched(made.url, f"{made.headline} {made.body}", at=at)
    receipt = store.pages.keep_request(answer, source="wadi", kind="page")
    row = article_row(made, at, at)
    with store.transaction():
        seen = (key, row["fetched_at"], "ok", made.url, receipt.page, row["hash"])
        store.connection.execute(INSERT_SIGHTING, seen)
        derive(store.connection, key, {str(row["hash"]): {name: row[name] for name in RECORD}})
        store.insert_fetch(None, "wadi", "page", answer, receipt)


def build(path: Path) -> None:
    """Make the archive: three articles, one of them edited and one removed, a page that failed, a robots.txt; three seals."""
    with Store.open(path, NOW) as store:
        first = article(
            "https://wadi.example/1", "عودة القطن إلى الخابور", "زرع الفلاحون القطن.", lede="بعد عشر سنين"
        )
        key = keep(store, first)
        keep(store, article("https://wadi.example/2", "مكتبة في السويداء", "فتحت المكتبة أبوابها."))
        edit(store, key, replace(first, body="زرع الفلاحون القطن، ثم حصدوه."), at=NOW + timedelta(hours=3))
        run = store.begin_run("1", NOW)
        store.keep_robots(run, "wadi", fetched("https://wadi.example/robots.txt", "User-agent: *"))
        lost = store.enqueue("wadi", Entry(url="https://wadi.example/404"), NOW)
        answer = fetched("https://wadi.example/404", None)
        receipt = store.pages.keep_request(answer, source="wadi", kind="page")
        failed = {"state": "failed", "outcome": "not-found", "detail": "", "next_try": None}
        store.keep_failure(run, "wadi", lost, answer, receipt=receipt, **failed)  # type: ignore[arg-type]
    seal(path, NOW)
    with Store.open(path, NOW + DAY) as store:
        doomed = article("https://wadi.example/3", "شهادة سائق", "روى السائق ما رأى.")
        keep(store, doomed, at=NOW + DAY)
    seal(path, NOW + DAY)
    remove(path, "https://wadi.example/3", "طلب الشاهد", NOW + DAY)
    seal(path, NOW + 2 * DAY)


def copy(built: Path, folder: Path) -> Path:
    """Copy an archive, so that a test may harm it."""
    for file in (built, pages_path(built), seals_path(built)):
        shutil.copyfile(file, folder / file.name)
    return folder / built.name


def tamper(path: Path, change: Callable[[sqlite3.Connection], object], *, pages: bool = False) -> None:
    """Change a file with plain SQLite, behind the triggers, and leave no other trace."""
    with closing(sqlite3.connect(pages_path(path) if pages else path)) as connection, connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        for _, sql in triggers:
            connection.execute(sql)


def found(path: Path, **options: object) -> list[Finding]:
    """Return what `verify` tells."""
    told: list[Finding] = []
    verify(path, tell=told.append, **options)  # type: ignore[arg-type]
    return told


def mismatches(path: Path) -> list[str]:
    return [finding.line() for finding in found(path) if finding.verdict == "mismatch"]
