"""What stories cost as articles arrive: newsarchive beside itself without them, on the same made-up articles.

    python bench/stories.py [ARTICLES]        (default: 10000)

Each article is a transaction of its own, as in `fetch`, but nothing waits for the disk. Of 200 words each, drawn by their frequency from 20,000; a fifth are copies of
one of the last 500: a tenth of their words changed, a third cut away, or 40 words added, in another outlet. The two archives are written in turn, a hundred articles each.
Times are CPU time of one thread, of which the longest tell what an article costs that many others resemble.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from newsarchive.archive.likeness import Text, text_of
from newsarchive.archive.store import Store
from newsarchive.models import Source

NOW = datetime(2024, 3, 20, tzinfo=UTC)
WORDS = 20_000
LENGTH = 200
RECENT = 500
AT_ONCE = 100
OUTLETS = 38
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"

# What only stories need, in the triggers.
OF_STORIES = re.compile(r"(INSERT INTO|DELETE FROM) (prints|unsettled)\b[^;]*;")


def main(articles: int) -> None:
    """Write both archives and print what an article cost."""
    made = list(made_articles(articles))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores = {
            name: stack.enter_context(Store.open(folder / f"{name}.db", NOW)) for name in ("with", "without")
        }
        for store in stores.values():
            store.connection.execute("PRAGMA synchronous = OFF")
            store.keep_sources([Source(key=f"outlet-{n}", name=f"outlet {n}") for n in range(OUTLETS)], NOW)
        for sql, name in triggers(stores["without"].connection):
            stores["without"].connection.execute(f"DROP TRIGGER {name}")
            stores["without"].connection.execute(OF_STORIES.sub("", sql))
        costs: dict[str, list[float]] = {name: [] for name in stores}
        for at in range(0, articles, AT_ONCE):
            for name, store in sorted(stores.items(), reverse=at % (2 * AT_ONCE) == 0):
                text_of.cache_clear()  # else the second would find what the first has read
                costs[name] += [cost(store, *one) for one in made[at : at + AT_ONCE]]
        for name, times in costs.items():
            print(f"{name:8} stories: {mean(times):6.3f} ms an article, longest {1000 * max(times):.1f} ms")
        prints = mean([cost_of_prints(text) for text, _ in made])
        for what, of in (("all", 0), ("the last tenth", articles * 9 // 10)):
            apart = mean(costs["with"][of:]) - mean(costs["without"][of:])
            print(f"stories cost {apart + prints:.3f} ms an article, of {what}")
        found = stores["with"].connection.execute("SELECT count(story), count(DISTINCT story) FROM articles")
        print("{} articles in {} stories".format(*found.fetchone()))
        sizes = [(folder / f"{name}.db").stat().st_size for name in stores]
        print(f"{(sizes[0] - sizes[1]) / articles:.0f} bytes an article")


def triggers(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the triggers that have a part in stories, and do other things, too."""
    sql = "SELECT sql, name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%articles_fts%'"
    return [tuple(row) for row in connection.execute(sql)]


def made_articles(number: int) -> list[tuple[str, str]]:
    """Make texts, each with the key of its outlet."""
    chance = random.Random(7)  # noqa: S311 - the same articles each time
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 7))) for _ in range(WORDS)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))
    made: list[tuple[list[str], int]] = []
    for at in range(number):
        outlet = chance.randrange(OUTLETS)
        if at and at % 5 == 0:
            text, of = made[chance.randrange(max(0, at - RECENT), at)]
            text, outlet = changed(text, words, chance), (of + 1 + outlet) % OUTLETS
        else:
            text = chance.choices(words, cum_weights=weights, k=LENGTH)
        made.append((text, outlet))
    return [(" ".join(text), f"outlet-{outlet}") for text, outlet in made]


def changed(text: list[str], words: list[str], chance: random.Random) -> list[str]:
    """Make a copy."""
    kind, third = chance.randrange(3), len(text) // 3
    if kind == 0:
        return [chance.choice(words) if chance.random() < 0.1 else word for word in text]
    if kind == 1:
        cut = chance.choice([0, third, 2 * third])
        return text[:cut] + text[cut + third :]
    return text + chance.choices(words, k=40)


def cost(store: Store, text: str, source: str) -> float:
    """Store an article and return the seconds of computing that it took."""
    (number,) = store.connection.execute("SELECT coalesce(max(id), 0) + 1 FROM articles").fetchone()
    row = (
        source,
        text[:40],
        text,
        f"https://{source}.example/{number}",
        *["2024-03-20T00:00:00Z"] * 3,
        str(number),
    )
    begun = time.process_time()
    with store.transaction():
        store.connection.execute(INSERT, row)
    return time.process_time() - begun


def cost_of_prints(text: str) -> float:
    """Return the seconds that a text's prints take: they are made with its other terms, so also in the archive without stories."""
    one = Text(text)
    begun = time.process_time()
    json.dumps(sorted(one.prints))
    return time.process_time() - begun


def mean(times: list[float]) -> float:
    """Milliseconds."""
    return 1000 * sum(times) / len(times)


INSERT = """INSERT INTO articles (source, headline, body, url, first_seen, fetched_at, sort_at, hash, extractor)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, '1')"""

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
