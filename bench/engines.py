"""Four archives of the same made-up articles, each built and asked in its own way; see `search.py`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from made_up import DISTINCT, SOURCES, START, Made, text
from newsarchive import Archive
from newsarchive.arabic import fold
from newsarchive.archive.finding import Sort
from newsarchive.archive.index import FILL, Terms, register
from newsarchive.archive.store import Store
from newsarchive.models import Source

MONTH = (date(2020, 3, 1), date(2020, 3, 31))
LIMIT = 20
AT_ONCE = 5_000  # articles in a transaction
PRAGMAS = ("synchronous = OFF", "cache_size = -200000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all engines are asked, each in its language.

    Attributes:
        terms: words, or names of two words, which are phrases.
        how: the newest, the best, or how many there are.
        either: whether any of the terms will do.
        without: a word that must not be there.
        prefix: whether the last word may go on.
        month: whether only those of one month.
    """

    terms: tuple[str, ...]
    how: str = "newest"
    either: bool = False
    without: str = ""
    prefix: bool = False
    month: bool = False


Costs = dict[str, float]  # CPU milliseconds an article
Sizes = dict[str, int]  # bytes
Build = Callable[[Path, Iterator[Made]], tuple[Costs, Sizes]]
Ask = Callable[[Question], int | None]
"""Answers how many were found, of the first 20 (unless it counts); None if the engine cannot."""


# -- newsarchive


def build_ours(folder: Path, made: Iterator[Made]) -> tuple[Costs, Sizes]:
    """Fill an archive, then its indexes as `reindex` does; what the functions of the index return is worked out for each text once."""
    terms, analysis = analysed()
    with Store.open(folder / "news.db", START) as store:
        connection = store.connection
        store.keep_sources([Source(key=f"s{n}", name=f"مصدر {n}") for n in range(SOURCES)], START)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        for at, column in enumerate(Terms._fields):
            give = partial(_given, terms, at)
            connection.create_function(f"newsarchive_{column}", 3, give, deterministic=True)
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'articles_insert'"
        ).fetchone()
        connection.execute("DROP TRIGGER articles_insert")
        rows = spent(made, partial(_insert, connection, INSERT))
        connection.execute(trigger)
        began = time.process_time()
        for index in ("articles_fts", "articles_stems"):
            connection.execute(FILL[index])
        seconds = time.process_time() - began
        (number,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        sizes = _index_sizes(connection, "articles_fts", "articles_stems")
    return {"analysis": analysis, "rows": rows, "indexes": 1000 * seconds / number}, sizes


@cache
def analysed() -> tuple[dict[str, tuple[str, ...]], float]:
    """Work out what the indexes hold of each text, by its body, two at a time, and the CPU milliseconds that one takes."""
    parts = [range(at, at + 500) for at in range(0, DISTINCT, 500)]
    with ProcessPoolExecutor(2) as pool:
        done = list(pool.map(_terms_of, parts))
    terms = [one for part, _ in done for one in part]
    known = {text(number)[1]: one for number, one in enumerate(terms)}
    return known, 1000 * sum(seconds for _, seconds in done) / DISTINCT


def _terms_of(numbers: range) -> tuple[list[tuple[str, ...]], float]:
    texts = list(map(text, numbers))
    began = time.process_time()
    columns = ", ".join(f"newsarchive_{column}(?1, NULL, ?2)" for column in Terms._fields)
    found = [_functions().execute(f"SELECT {columns}", one).fetchone() for one in texts]
    return found, time.process_time() - began


@cache
def _functions() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    register(connection)
    return connection


def _given(terms: dict[str, tuple[str, ...]], at: int, _headline: str, _lede: str | None, body: str) -> str:
    return terms[body][at]


def open_ours(folder: Path, *, with_hits: bool = False) -> Ask:
    """Ask as a program does that has the archive open: for the ids, or for all that is shown."""
    archive = Archive(folder / "news.db")

    def ask(question: Question) -> int:
        query = " ".join(f'"{term}"' if " " in term else term for term in question.terms)
        query += "*" * question.prefix + f" -{question.without}" * bool(question.without)
        since, until = MONTH if question.month else (None, None)
        found = archive.find(query, since=since, until=until, any_word=question.either)
        if question.how == "count":
            return found.count()
        sort: Sort = "newest" if question.how == "newest" else "best"
        return len(list(found.hits(LIMIT, sort)) if with_hits else found.ids(LIMIT, sort))

    return ask


# -- plain FTS5


def build_plain(folder: Path, made: Iterator[Made]) -> tuple[Costs, Sizes]:
    """Fill a table of articles and FTS5's index beside it."""
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as connection:
        for statement in (*(f"PRAGMA {pragma}" for pragma in ("journal_mode = WAL", *PRAGMAS)), *PLAIN):
            connection.execute(statement).fetchall()
        writing = spent(made, partial(_insert, connection, INSERT_PLAIN, INDEX_PLAIN))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return {"rows and index": writing}, _index_sizes(connection, "plain")


def open_plain(folder: Path) -> Ask:
    """Ask as FTS5's documentation does, joined to the articles for their instants."""
    connection = sqlite3.connect(f"file:{folder / 'plain.db'}?mode=ro", uri=True)

    def ask(question: Question) -> int:
        joint = " OR " if question.either else " AND "
        query = joint.join(f'"{term}"' for term in question.terms) + "*" * question.prefix
        query += f' NOT "{question.without}"' * bool(question.without)
        days = tuple(map(str, MONTH)) if question.month else ()
        window = "AND a.date BETWEEN ? AND ?" if days else ""
        those = f"FROM plain JOIN articles AS a ON a.id = plain.rowid WHERE plain MATCH ? {window}"
        if question.how == "count":
            those = those if days else "FROM plain WHERE plain MATCH ?"
            return int(connection.execute(f"SELECT count(*) {those}", (query, *days)).fetchone()[0])
        order = "a.sort_at DESC" if question.how == "newest" else "plain.rank"
        sql = f"SELECT a.id {those} ORDER BY {order} LIMIT ?"
        return len(connection.execute(sql, (query, *days, LIMIT)).fetchall())

    return ask


# -- tantivy


def build_tantivy(folder: Path, made: Iterator[Made]) -> tuple[Costs, Sizes]:
    """Index the folded text with one thread."""
    import tantivy  # noqa: PLC0415 - need not be installed

    (folder / "tantivy").mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("headline").add_text_field("body")
    schema = schema.add_integer_field("at", fast=True, indexed=True).add_integer_field("id", fast=True)
    writer = tantivy.Index(schema.build(), path=str(folder / "tantivy")).writer(256_000_000, 1)
    texts, folding = folded()

    def keep(some: list[Made]) -> None:
        for one in some:
            headline, body = texts[one.body]
            document = tantivy.Document(headline=headline, body=body, at=_seconds(one.at), id=one.number)
            writer.add_document(document)
        writer.commit()

    writing = spent(made, keep)
    writer.wait_merging_threads()
    return {"folding": folding, "index": writing}, {
        "index": sum(one.stat().st_size for one in (folder / "tantivy").iterdir())
    }


def open_tantivy(folder: Path) -> Ask:
    """Ask with its query language; a prefix with its automaton."""
    import tantivy  # noqa: PLC0415 - need not be installed

    index = tantivy.Index.open(str(folder / "tantivy"))
    searcher = index.searcher()
    fields = ["headline", "body"]

    def begins(word: str) -> Any:  # noqa: ANN401 - tantivy's types need not be installed
        either = [tantivy.Query.regex_query(index.schema, field, f"{word}.*") for field in fields]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in either])

    def ask(question: Question) -> int:
        must = "" if question.either else "+"
        text = " ".join(f'{must}"{fold(term)}"' for term in question.terms)
        text = f"+({text})" + f' -"{fold(question.without)}"' * bool(question.without)
        if question.month:
            since, until = (_seconds(f"{day}T00:00:00Z") for day in (MONTH[0], MONTH[1] + timedelta(days=1)))
            text += f" +at:[{since} TO {until - 1}]"
        query = begins(fold(question.terms[0])) if question.prefix else index.parse_query(text, fields)
        if question.how == "count":
            return int(searcher.search(query, 1).count)
        newest = {"order_by_field": "at"} if question.how == "newest" else {}
        hits = searcher.search(query, LIMIT, count=False, **newest).hits
        return len(searcher.fast_field_values("id", [address for _, address in hits]))

    return ask


# -- DuckDB


def build_duckdb(folder: Path, made: Iterator[Made]) -> tuple[Costs, Sizes]:
    """Fill a table with the folded text, with a space around each word."""
    import duckdb  # noqa: PLC0415 - need not be installed
    import pyarrow as pa  # noqa: PLC0415 - the same

    texts, folding = folded()
    names = ("id", "day", "moment", "text")
    with closing(duckdb.connect(str(folder / "duck.db"))) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER, day VARCHAR, moment VARCHAR, text VARCHAR)")

        def keep(some: list[Made]) -> None:
            rows = [(one.number, one.day, one.at, " {} / {} ".format(*texts[one.body])) for one in some]
            columns = map(list, zip(*rows, strict=True))
            connection.register("batch", pa.table(dict(zip(names, columns, strict=True))))
            connection.execute("INSERT INTO articles SELECT * FROM batch")

        writing = spent(made, keep)
        connection.execute("CHECKPOINT")
    return {"folding": folding, "rows": writing}, {"whole file": (folder / "duck.db").stat().st_size}


def open_duckdb(folder: Path) -> Ask:
    """Scan the text for words with a space around them."""
    import duckdb  # noqa: PLC0415 - need not be installed

    connection = duckdb.connect(str(folder / "duck.db"), read_only=True, config={"threads": 1})

    def ask(question: Question) -> int | None:
        if question.how == "best":
            return None
        values = [f" {fold(term)}" + " " * (not question.prefix) for term in question.terms]
        where = " AND ".join("contains(text, ?)" for _ in values)
        if question.without:
            where += " AND NOT contains(text, ?)"
            values.append(f" {fold(question.without)} ")
        if question.month:
            where += " AND day BETWEEN ? AND ?"
            values += map(str, MONTH)
        if question.how == "count":
            row = connection.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchone()  # noqa: S608 - our own words
            return int(row[0]) if row else 0
        sql = f"SELECT id FROM articles WHERE {where} ORDER BY moment DESC LIMIT {LIMIT}"  # noqa: S608 - the same
        return len(connection.execute(sql, values).fetchall())

    return ask


BUILD: dict[str, Build] = {
    "newsarchive": build_ours,
    "plain": build_plain,
    "tantivy": build_tantivy,
    "duckdb": build_duckdb,
}
OPEN: dict[str, Callable[[Path], Ask]] = {
    "newsarchive": open_ours,
    "with hits": partial(open_ours, with_hits=True),
    "plain": open_plain,
    "tantivy": open_tantivy,
    "duckdb": open_duckdb,
}


def spent(made: Iterator[Made], keep: Callable[[list[Made]], object]) -> float:
    """Keep all articles, some thousand at once, and return the CPU milliseconds that one takes, without those of making it."""
    seconds, number = 0.0, 0
    while some := list(islice(made, AT_ONCE)):
        began = time.process_time()
        keep(some)
        seconds += time.process_time() - began
        number += len(some)
    return 1000 * seconds / number


@cache
def folded() -> tuple[dict[str, tuple[str, str]], float]:
    """Fold each text once, by its body, for the engines that do not, and return the CPU milliseconds that one takes."""
    texts = list(map(text, range(DISTINCT)))
    began = time.process_time()
    found = {body: (fold(headline), fold(body)) for headline, body in texts}
    return found, 1000 * (time.process_time() - began) / DISTINCT


def _insert(connection: sqlite3.Connection, *statements_and_articles: Any) -> None:  # noqa: ANN401 - the last one is a list
    *statements, some = statements_and_articles
    connection.execute("BEGIN")
    for statement in statements:
        connection.executemany(statement, map(_row, some))
    connection.execute("COMMIT")


def _row(one: Made) -> dict[str, object]:
    return {
        "id": one.number,
        "source": f"s{one.number % SOURCES}",
        "url": f"https://s{one.number % SOURCES}.example/{one.number}",
        **{name: getattr(one, name) for name in ("day", "at", "headline", "body")},
    }


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _index_sizes(connection: sqlite3.Connection, *indexes: str) -> Sizes:
    """Return the bytes of full-text indexes and of the whole file."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    sql = "SELECT sum(length(block)) FROM {}_data"
    sizes = {index: connection.execute(sql.format(index)).fetchone()[0] for index in indexes}
    return {**sizes, "whole file": pages * size}


INSERT = """
INSERT INTO articles (id, source, date, headline, body, url, published, date_from, language, first_seen, fetched_at, sort_at, hash, extractor)
VALUES (:id, :source, :day, :headline, :body, :url, :at, 'feed', 'ar', :at, :at, :at, hex(randomblob(32)), 'bench')"""
PLAIN = (
    "CREATE TABLE articles (id INTEGER PRIMARY KEY, source TEXT, date TEXT, headline TEXT, body TEXT, sort_at TEXT)",
    "CREATE INDEX articles_sort ON articles(sort_at)",
    "CREATE INDEX articles_date ON articles(date)",
    "CREATE VIRTUAL TABLE plain USING fts5 (headline, body, content='articles', content_rowid='id')",
)
INSERT_PLAIN = """
INSERT INTO articles (id, source, date, headline, body, sort_at) VALUES (:id, :source, :day, :headline, :body, :at)"""
INDEX_PLAIN = "INSERT INTO plain(rowid, headline, body) VALUES (:id, :headline, :body)"
