"""The articles of a merge: which are one, what both archives know of them, and under which address each is filed.

Two articles are one if they share an address that was asked for or reached, directly or through a third. What a page only states of
itself joins nothing: sites exist whose every page states the same address.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from newsarchive.archive.derive import derive
from newsarchive.archive.files import stamp
from newsarchive.archive.history import Sighting
from newsarchive.archive.rows import RECORD, TEXT
from newsarchive.archive.sides import Other, Side
from newsarchive.archive.store import Store
from newsarchive.archive.uniting import Known, unite
from newsarchive.errors import ArchiveError

_MORE = tuple(name for name in RECORD if name not in {*TEXT, "date_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the other archive's articles: how many are new here, and how many of ours changed."""

    new: int
    changed: int


def link(connection: sqlite3.Connection, other: Side, sound: Collection[int]) -> None:
    """Find which articles are one, within a transaction of the caller; the answer stands in temporary tables.

    `theirs` are the addresses of the other archive's sound articles, `linked` the pairs that share one, `home` which of our articles each of ours
    goes into: the lowest number of all that are one.
    """
    for statement in _LINK:
        connection.execute(statement)
    known = other.rows("SELECT url, article, kind FROM addresses")
    connection.executemany(_THEIRS, (tuple(row) for row in known if row["article"] in sound))
    connection.execute(_LINKED)
    connection.execute("CREATE INDEX temp.linked_ours ON linked(ours)")
    connection.execute("INSERT INTO home SELECT DISTINCT ours, ours FROM linked")
    while connection.execute(_NEARER).rowcount:
        pass


def take_articles(store: Store, other: Other, wanted: Iterable[int]) -> Taken:
    """Unite the other archive's articles with ours, within a transaction of the caller.

    Args:
        store: our archive.
        other: the other one.
        wanted: ids there of the articles that are sound and were not removed.
    """
    connection = store.connection
    ours = Side(path=store.path, connection=connection)
    pairs = "SELECT ours, home FROM home WHERE ours <> home AND ours IN (SELECT id FROM articles)"
    for dropped, home in connection.execute(pairs).fetchall():
        _join(connection, ours, dropped, home)
    new = changed = 0
    for theirs in sorted(wanted):
        found = connection.execute(_HOME, (theirs,)).fetchone()[0]
        home = found or _insert(connection, other, theirs)
        known = _known(other.news, theirs)
        before = _ours(ours, home) if found else None
        after = unite(before, known) if before else known
        if after != before:
            _write(connection, home, after)
            new, changed = new + (not found), changed + bool(found)
        connection.execute("INSERT INTO taken VALUES (?, ?)", (theirs, home))
    connection.execute(_OWN_ADDRESSES)
    connection.execute(_CLAIMS)
    _file_all(connection, store)
    return Taken(new=new, changed=changed)


def _ours(ours: Side, article: int) -> Known:
    """What is known of an article of ours, filed where it is going to be."""
    known = _known(ours, article)
    filed = ours.connection.execute("SELECT url FROM filed WHERE article = ?", (article,)).fetchone()
    return replace(known, url=filed["url"]) if filed else known


def _known(side: Side, article: int) -> Known:
    (row,) = side.rows("SELECT * FROM articles WHERE id = ?", article)
    texts = {
        one["hash"]: {**{name: one[name] for name in TEXT}, "date_from": None}
        for one in side.rows("SELECT * FROM revisions WHERE article = ?", article)
    }
    today = {name: row[name] for name in (*TEXT, "date_from")}
    return Known(
        source=row["source"],
        url=row["url"],
        first_seen=row["first_seen"],
        more={name: row[name] for name in _MORE},
        sightings=frozenset(map(_sighting, side.rows("SELECT * FROM sightings WHERE article = ?", article))),
        texts={**texts, row["hash"]: today},
    )


def _sighting(row: sqlite3.Row) -> Sighting:
    return Sighting(
        at=datetime.fromisoformat(row["at"]),
        outcome=row["outcome"],
        url=row["url"],
        page=row["page"] or "",
        text=row["text"] or "",
    )


def _insert(connection: sqlite3.Connection, other: Other, theirs: int) -> int:
    """Copy an article's row; until all are there it is filed under what is no address."""
    (row,) = other.news.rows("SELECT * FROM articles WHERE id = ?", theirs)
    values = {**dict(row), "url": f"{other.archive_id}:{theirs}"}
    del values["id"], values["story"]  # a number there; here `stories` finds it
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    sql = f"INSERT INTO articles ({columns}) VALUES ({marks})"  # noqa: S608 - our own column names
    return int(connection.execute(sql, values).lastrowid or 0)


def _join(connection: sqlite3.Connection, ours: Side, dropped: int, home: int) -> None:
    """Make one of two articles of ours that the other archive knows to be one."""
    both = unite(_ours(ours, home), _known(ours, dropped))
    for table in ("addresses", "entries"):
        connection.execute(f"UPDATE {table} SET article = ? WHERE article = ?", (home, dropped))  # noqa: S608 - one of two names
    connection.execute("DELETE FROM articles WHERE id = ?", (dropped,))
    _write(connection, home, both)


def _write(connection: sqlite3.Connection, article: int, known: Known) -> None:
    row = {"id": article, "source": known.source, "first_seen": known.first_seen, **known.more}
    connection.execute(_UPDATE, row)
    connection.execute("DELETE FROM sightings WHERE article = ?", (article,))
    seen = [
        (article, stamp(one.at), one.outcome, one.url, one.page or None, one.text or None)
        for one in known.sightings
    ]
    connection.executemany("INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?)", seen)
    derive(connection, article, known.texts)
    connection.execute("INSERT OR REPLACE INTO filed VALUES (?, ?)", (article, known.url))


def _file_all(connection: sqlite3.Connection, store: Store) -> None:
    for article, url in connection.execute("SELECT article, url FROM filed ORDER BY article"):
        if connection.execute("SELECT 1 FROM articles WHERE id = ?", (article,)).fetchone():
            _file(connection, article, url, fallback=lambda one: _fallback(connection, one, store))


def _file(connection: sqlite3.Connection, article: int, url: str, *, fallback: Callable[[int], str]) -> None:
    """File an article under an address; of two the one whose address it is has it, else the one that was seen first.

    The other one goes to another address of its own.
    """
    sql = "SELECT id FROM articles WHERE url = ? AND id <> ?"
    holder = connection.execute(sql, (url, article)).fetchone()
    if holder and _claim(connection, holder["id"], url) < _claim(connection, article, url):
        _file(connection, article, fallback(article), fallback=fallback)
        return
    if holder:
        _file(connection, holder["id"], fallback(holder["id"]), fallback=fallback)
    connection.execute(
        "UPDATE articles SET url = :url WHERE id = :id AND url <> :url", {"url": url, "id": article}
    )


def _claim(connection: sqlite3.Connection, article: int, url: str) -> tuple[object, ...]:
    values = {"article": article, "url": url}
    first = connection.execute(_FIRST_LOOK, values).fetchone()
    return (connection.execute(_IS_HIS, values).fetchone() is None, tuple(first or ()), article)


def _fallback(connection: sqlite3.Connection, article: int, store: Store) -> str:
    found = connection.execute(_OWN, {"article": article}).fetchone()
    if found is None:
        raise ArchiveError(
            f"{store.path}: article {article} has no address of its own; the archive is damaged"
        )
    return str(found["url"])


_LINK = (
    "CREATE TEMP TABLE theirs (url TEXT PRIMARY KEY, article INTEGER, kind TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE linked (theirs INTEGER, ours INTEGER, PRIMARY KEY (theirs, ours)) WITHOUT ROWID",
    "CREATE TEMP TABLE home (ours INTEGER PRIMARY KEY, home INTEGER NOT NULL)",
    "CREATE TEMP TABLE taken (theirs INTEGER PRIMARY KEY, home INTEGER NOT NULL)",
    "CREATE TEMP TABLE filed (article INTEGER PRIMARY KEY, url TEXT NOT NULL)",
)

_THEIRS = "INSERT INTO theirs VALUES (?, ?, ?)"

_LINKED = """
INSERT INTO linked SELECT DISTINCT t.article, a.article FROM theirs AS t JOIN addresses AS a ON a.url = t.url
WHERE t.kind <> 'stated' AND a.kind <> 'stated'"""

# Repeated until nothing changes, every one of ours finds the lowest number that is linked to it through whatever others.
_NEARER = """
UPDATE home SET home = near.home
FROM (SELECT a.ours AS ours, min(h.home) AS home
      FROM linked AS a JOIN linked AS b ON b.theirs = a.theirs JOIN home AS h ON h.ours = b.ours GROUP BY a.ours) AS near
WHERE near.ours = home.ours AND near.home < home.home"""

_HOME = "SELECT min(h.home) FROM linked AS l JOIN home AS h ON h.ours = l.ours WHERE l.theirs = ?"

_UPDATE = """
UPDATE articles SET source = :source, first_seen = :first_seen, section = :section, tags = :tags, caption = :caption, language = :language,
    sort_at = min(coalesce(published, date || 'T12:00:00Z', :first_seen), :first_seen)
WHERE id = :id"""

_OWN_ADDRESSES = """
INSERT INTO addresses (url, article, kind)
SELECT t.url, k.home, t.kind FROM theirs AS t JOIN taken AS k ON k.theirs = t.article WHERE t.kind <> 'stated'
ON CONFLICT (url) DO UPDATE SET article = excluded.article, kind = min(kind, excluded.kind)
WHERE (article, kind) IS NOT (excluded.article, min(kind, excluded.kind))"""  # asked < reached < stated

# A claim is of the article that was seen first.
_CLAIMS = """
INSERT INTO addresses (url, article, kind)
SELECT t.url, k.home, t.kind FROM theirs AS t JOIN taken AS k ON k.theirs = t.article WHERE t.kind = 'stated'
ON CONFLICT (url) DO UPDATE SET article = excluded.article
WHERE kind = 'stated' AND article <> excluded.article
    AND (SELECT min(at || outcome || url) FROM sightings WHERE article = excluded.article)
        < (SELECT min(at || outcome || url) FROM sightings WHERE article = addresses.article)"""

_IS_HIS = "SELECT 1 FROM addresses WHERE url = :url AND article = :article"

_FIRST_LOOK = (
    "SELECT at, outcome, url FROM sightings WHERE article = :article ORDER BY at, outcome, url LIMIT 1"
)

_OWN = """
SELECT url FROM addresses WHERE article = :article
ORDER BY kind = 'stated' DESC, url = (SELECT url FROM sightings WHERE article = :article ORDER BY at, outcome, url LIMIT 1) DESC, url
LIMIT 1"""
