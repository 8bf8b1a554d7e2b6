"""Merging another archive into ours: a union by natural keys.

    articles   by the addresses at which they were asked for or reached   -> sightings united, the rest worked out from them
    pages      by the hash of their bytes                                 -> packed as this archive packs
    evidence   by the archive whose it is, and its number there           -> each chain stays whole under its own archive
    queue      by address; feeds, hosts, outlets by theirs                -> what is further, or later

So merging is idempotent, and whatever the order, the same comes out. What one archive removed goes from both. The pages are committed before
the rows that cite them; killed anywhere, the same command finishes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsarchive.archive.files import explained
from newsarchive.archive.merging_articles import link, take_articles
from newsarchive.archive.merging_checks import sound_articles
from newsarchive.archive.merging_pages import take_evidence, take_pages, write_tombs
from newsarchive.archive.merging_queue import take_entries, take_hosts, take_runs, take_sources
from newsarchive.archive.merging_removed import bar, find_gone, left_at, take_out
from newsarchive.archive.removal import cited_pages, forget_removed, rewrite
from newsarchive.archive.sealing import seals_path
from newsarchive.archive.sides import Other, open_other
from newsarchive.archive.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge brought.

    Attributes:
        new: articles that were not here.
        changed: articles that were, and of which more is known now.
        gone: our articles that went, because one of the two archives had removed them or bytes of theirs: an address of each, and why.
        pages: pages that were not here.
        damaged: pages of the other archive that cannot be read; they were left out.
        left_out: rows of the other archive that are damaged, or cannot be checked without such a row: table and number of each.
        requests: requests that were not here.
        seals: the other archive's file of seals, if it has one and is not a copy of ours.
    """

    new: int
    changed: int
    gone: tuple[tuple[str, str], ...]
    pages: int
    damaged: int
    left_out: tuple[str, ...]
    requests: int
    seals: Path | None

    def summary(self) -> str:
        """One line for people."""
        counts = [
            f"{_counted(self.new, 'article')} new",
            f"{self.changed} more fully known",
            _counted(self.pages, "page"),
            _counted(self.requests, "request"),
        ]
        gone = f"; {_counted(len(self.gone), 'article')} removed" if self.gone else ""
        return ", ".join(counts) + gone


def merge(db: Path, path: Path, now: datetime) -> Merged:
    """Merge the archive at `path`, which is only read, into the one at `db`, which is made if it is not there.

    Raises:
        LockedError: another run holds our archive.
        ConfigError: the two are one.
        ArchiveError: one of them cannot be used, or two copies of one archive went on apart; then nothing was merged.
    """
    with open_other(path, own=db) as other, Store.open(db, now) as store:
        merged = _unite(store, other, now)
        with explained(store.path):
            if forget_removed(store) or merged.gone:
                rewrite(store)
    return merged


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _unite(store: Store, other: Other, now: datetime) -> Merged:
    """Both transactions: the pages' is the inner one."""
    connection, pages = store.connection, store.pages
    sound, left_out = sound_articles(other.news)
    with store.transaction():
        with pages.transaction():
            requests = take_evidence(pages, other.pages, left_out)
            link(connection, other.news, sound)
            gone = find_gone(store, other, sound)
            ours = tuple((_name(connection, one), gone.reasons[one]) for one in sorted(gone.articles["ours"]))
            take_sources(connection, other.news, left_out)
            take_out(connection, gone)
            taken = take_articles(store, other, sound - gone.articles["theirs"])
            take_entries(connection, other.news, sound, left_out)
            bar(connection, gone, now)
            write_tombs(pages, [*gone.tombs, *left_at(store, gone)], now)
            came, damaged = take_pages(pages, other.pages, cited_pages(connection))
        take_hosts(connection, other.news, left_out)
        take_runs(connection, other, pages, left_out)
    seals = seals_path(other.news.path)
    return Merged(
        new=taken.new,
        changed=taken.changed,
        gone=ours,
        pages=came,
        damaged=damaged,
        left_out=tuple(left_out),
        requests=requests,
        seals=seals if seals.exists() and other.archive_id != pages.archive_id else None,
    )


def _name(connection: sqlite3.Connection, article: int) -> str:
    return str(connection.execute("SELECT url FROM articles WHERE id = ?", (article,)).fetchone()[0])
