"""Merging archives: a union, whatever the order, and never less than one of them had."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.derive import derive
from newsarchive.archive.files import pages_path, stamp
from newsarchive.archive.history import Sighting
from newsarchive.archive.merging import merge
from newsarchive.archive.pages import read_page
from newsarchive.archive.removal import remove
from newsarchive.archive.rows import INSERT_SIGHTING, RECORD, article_row
from newsarchive.archive.sealing import seal
from newsarchive.archive.store import Store
from newsarchive.archive.uniting import Known, unite
from newsarchive.models import Article, Entry, Fetched, Source

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only tests' own folders are made there


# -- one article, pure

RULES = ("2", "10")


def read(page: str, rules: str) -> str:
    """What rules of a version make of a page: later ones take a line out of some."""
    number = int(page[1:])
    return f"t{number // 2}" if rules == "10" or number % 2 else f"t{number // 2} more"


@st.composite
def three(draw: st.DrawFn) -> tuple[Known, ...]:
    """What three archives know of an article; whoever looks at one moment sees the same, and each has rules of one version."""
    world = draw(st.lists(st.integers(-1, 5), min_size=5, max_size=5))
    return tuple(draw(known(world)) for _ in range(3))


@st.composite
def known(draw: st.DrawFn, world: list[int]) -> Known:
    rules = draw(st.sampled_from(RULES))
    looks = draw(st.sets(st.integers(0, 4), min_size=1))
    seen = [look(NOW + at * HOUR, world[at], rules) for at in looks]
    byline = draw(st.sampled_from(["سلمى", "كريم"]))
    return Known(
        source=draw(st.sampled_from(["jisr", "wadi"])),
        url=draw(st.sampled_from(["a", "b"])),
        first_seen=stamp(NOW + draw(st.integers(0, 2)) * HOUR),
        more={"section": draw(st.sampled_from(["محليات", None]))},
        sightings=frozenset(seen),
        texts={one.text: {"byline": byline, "extractor": rules} for one in seen if one.text},
    )


def look(at: datetime, page: int, rules: str) -> Sighting:
    if page < 0:
        return Sighting(at=at, outcome="not-found", url="u")
    return Sighting(at=at, outcome="ok", url="u", page=f"p{page}", text=read(f"p{page}", rules))


@given(three())
@settings(max_examples=300)
def test_what_is_known_of_an_article_unites_in_any_order_to_the_same(
    known: tuple[Known, Known, Known],
) -> None:
    a, b, c = known
    assert unite(a, b) == unite(b, a)
    assert unite(a, a) == a
    assert unite(unite(a, b), c) == unite(a, unite(b, c))


# -- whole archives


@dataclass(frozen=True)
class Event:
    """Something that one archive does: look at an article at one of its addresses, or remove it."""

    at: int  # hours
    article: int
    door: int = 0  # which of its addresses is asked
    removes: bool = False


ARTICLES = 3
DOORS = 3
TEXTS = {
    0: ("الخبر كما كان", 0),
    5: ("الخبر بعد تعديل", 1),
    10: ("الخبر بعد تعديل آخر", 2),
    18: ("الخبر كما كان", 3),
}
GONE = (12, 16)  # hours at which articles of odd numbers are gone


def door(article: int, number: int) -> str:
    return f"https://{'wadi' if article % 2 else 'jisr'}.example/{article}/{number}"


def fetched(event: Event) -> Fetched:
    """Answer at an address: pages say what stands there at the time, in the furniture of that address."""
    url, at = door(event.article, event.door), NOW + event.at * HOUR
    gone = event.article % 2 and GONE[0] <= event.at < GONE[1]
    text, frame = next(TEXTS[hour] for hour in sorted(TEXTS, reverse=True) if hour <= event.at)
    page = f"<html>{url} {frame} {event.article % 2} <p>{text} {event.article}</p>"
    return Fetched(
        url=url,
        final_url=door(event.article, 9) if event.door == 1 else url,
        outcome="not-found" if gone else "ok",
        status=404 if gone else 200,
        content=None if gone else page.encode(),
        started_at=at,
    )


def reading(event: Event, rules: str) -> Article:
    """What the rules of a version make of that page: later ones leave a line out of some."""
    text, frame = next(TEXTS[hour] for hour in sorted(TEXTS, reverse=True) if hour <= event.at)
    more = "\nتابعونا" if rules == "2" and frame == 1 else ""
    canonical = (
        f"https://{'wadi' if event.article % 2 else 'jisr'}.example/{event.article}/{event.door}/canonical"
    )
    return Article(
        url=canonical,
        addresses=(),
        headline=f"عنوان {event.article}",
        body=f"{text} {event.article}{more}",
        section="محليات" if event.door else None,
        extractor=rules,
    )


def act(path: Path, events: list[Event], rules: str) -> None:
    """Let an archive live through its events, with the program's own store."""
    for event in sorted(events, key=lambda one: one.at):
        now = NOW + event.at * HOUR
        if event.removes:
            remove(path, door(event.article, event.door), "بطلب من صاحب الخبر", now)
            continue
        with Store.open(path, now) as store:
            see(store, event, rules)


def see(store: Store, event: Event, rules: str) -> None:
    now, answer = NOW + event.at * HOUR, fetched(event)
    source = "wadi" if event.article % 2 else "jisr"
    store.keep_sources([replace(WADI, key=source)], now)
    run = store.begin_run("1", now)
    entry = Entry(url=answer.url, guid=f"{event.article}" if event.door != 2 else None)
    queued = store.enqueue(source, entry, now)
    barred = store.connection.execute(
        "SELECT 1 FROM entries WHERE id = ? AND state = 'removed'", (queued.id,)
    )
    if barred.fetchone():
        return
    receipt = store.pages.keep_request(answer, source=source, kind="page")
    made = reading(event, rules)
    known = store.article_of(entry)
    if known is None and answer.content:
        store.keep_article(run, source, queued, made, fetched=answer, receipt=receipt, now=now)
        return
    with store.transaction():
        store.insert_fetch(run, source, "page", answer, receipt)
        if known is not None:
            row = article_row(made, now, now)
            text = row["hash"] if answer.content else None
            seen = (known, stamp(now), answer.outcome, answer.url, receipt.page, text)
            store.connection.execute(INSERT_SIGHTING, seen)
            derive(store.connection, known, {str(text): {name: row[name] for name in RECORD}} if text else {})


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def told(path: Path) -> dict[str, object]:
    """All that an archive says, by natural keys: an article by the addresses at which it was asked for or reached."""
    with closing(sqlite3.connect(path)) as news, closing(sqlite3.connect(pages_path(path))) as pages:
        news.row_factory = sqlite3.Row
        names = {
            row["id"]: tuple(one[0] for one in news.execute(_OWN, (row["id"],)))
            for row in news.execute("SELECT id FROM articles")
        }
        return {
            **{
                table: by_article(news, table, names)
                for table in ("articles", "addresses", "sightings", "revisions", "absences")
            },
            "entries": sorted(
                (row["url"], row["state"], names.get(row["article"]))
                for row in news.execute("SELECT * FROM entries")
            ),
            "fetches": sorted(
                map(tuple, news.execute("SELECT archive, number, url, at, outcome, page FROM fetches")),
                key=repr,
            ),
            "sources": sorted(map(tuple, news.execute("SELECT * FROM sources"))),
            "pages": {key: read_page(pages, key) for (key,) in pages.execute("SELECT hash FROM pages")},
            "requests": sorted(pages.execute("SELECT archive, number, hash FROM requests")),
            "texts": sorted(pages.execute("SELECT archive, number, hash FROM texts")),
            "seals": sorted(pages.execute("SELECT archive, number, hash FROM seals")),
            "removed": set(pages.execute("SELECT page, text FROM removals")),
        }


_OWN = "SELECT url FROM addresses WHERE article = ? AND kind <> 'stated' ORDER BY url"


def by_article(news: sqlite3.Connection, table: str, names: dict[int, tuple[str, ...]]) -> list[object]:
    column = "id" if table == "articles" else "article"
    found = (dict(row) for row in news.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our own tables
    return sorted(
        ((names[row.pop(column)], sorted((k, v) for k, v in row.items() if k != "id")) for row in found),
        key=repr,
    )


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without anything, to be copied: making one takes longer than all else here."""
    path = tmp_path_factory.mktemp("empty") / "news.db"
    with Store.open(path, NOW):
        pass
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if there is such: these tests commit a thousand times."""
    if not SHARED_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as name:
        yield Path(name)


def start(empty: Path, path: Path) -> Path:
    """Begin an archive of its own."""
    copy(empty, path)
    name = hashlib.sha256(str(path).encode()).hexdigest()
    for file in (path, pages_path(path)):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'archive_id'", (name,))
    return path


def copy(path: Path, to: Path) -> Path:
    to.parent.mkdir(exist_ok=True)
    shutil.copy(path, to)
    shutil.copy(pages_path(path), pages_path(to))
    return to


EVENTS = st.lists(
    st.builds(
        Event,
        at=st.sampled_from([0, 1, 6, 7, 11, 12, 13, 14, 15, 19, 20]),
        article=st.integers(0, ARTICLES - 1),
        door=st.integers(0, DOORS - 1),
        removes=st.integers(0, 5).map(lambda one: one == 5),
    ),
    min_size=3,
    max_size=9,
)
LIVES = st.tuples(EVENTS, st.sampled_from(RULES))


@given(st.tuples(LIVES, LIVES, LIVES))
@settings(max_examples=8)
def test_archives_merge_in_any_order_to_the_same(
    empty: Path, lives: tuple[tuple[list[Event], str], ...]
) -> None:
    base = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base) as name:
        folder = Path(name)
        for key, (events, rules) in zip("abc", lives, strict=True):
            act(start(empty, folder / f"{key}.db"), events, rules)
            seal(folder / f"{key}.db", NOW + 30 * HOUR)

        def merged(*keys: str) -> Path:
            """Merge what is named by the later keys into a copy of the first."""
            path = copy(folder / f"{keys[0]}.db", folder / f"{''.join(keys)}.db")
            for key in keys[1:]:
                merge(path, folder / f"{key}.db", NOW + 31 * HOUR)
            return path

        assert told(merged("a", "b")) == told(merged("b", "a"))
        merged("b", "c")
        assert told(merged("ab", "c")) == told(merged("a", "bc"))
        assert told(merged("ab", "b")) == told(folder / "ab.db")
        assert told(merged("a", "ab")) == told(folder / "ab.db")
        copy(folder / "a.db", folder / "copy.db")
        assert told(merged("a", "copy")) == told(folder / "a.db")
