"""Small articles, many at a time: rows go straight into `articles`, and its triggers fill the indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsarchive.archive.store import Store
from newsarchive.models import Source

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article's text, and what a search is narrowed by."""

    headline: str
    body: str = ""
    lede: str | None = None
    source: str = "wadi"
    day: str | None = "2024-03-01"
    language: str | None = "ar"


def stocked(path: Path, pieces: Iterable[Piece]) -> Path:
    """Make an archive of these articles, numbered from 1."""
    with Store.open(path, NOW) as store:
        store.keep_sources([Source(key=key, name=f"مصدر {key}") for key in ("wadi", "jabal")], NOW)
        with store.transaction():
            put(store.connection, pieces)
    return path


def put(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> None:
    """Add articles; one without a day is of the tenth of March."""
    (known,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    rows = [
        (
            piece.source,
            piece.day,
            piece.headline,
            piece.lede,
            piece.body,
            f"https://{piece.source}.example/{number}",
            piece.language,
            *[f"{piece.day or '2024-03-10'}T12:00:00Z"] * 3,
            str(number),
        )
        for number, piece in enumerate(pieces, known + 1)
    ]
    connection.executemany(_INSERT, rows)


_INSERT = """INSERT INTO articles (source, date, headline, lede, body, url, language, first_seen, fetched_at, sort_at, hash, extractor)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1')"""
