"""What a page costs in a large archive: newsarchive's plugin and the settings of `serve` beside Datasette as it comes, on the same articles.

    python bench/datasette.py [ARTICLES] [--folder FOLDER]         (default: 10000 articles; a million take an hour to build, and 8 GB)

Builds the archive of bench/search.py, unless FOLDER holds one, and asks each of the two in a process of its own, through Datasette's
in-process client: no network, no browser. Every page is asked for once before it counts. A dash is an answer that failed, as a rule because
SQLite's time was up. Which Datasette it is, is told; run it with 0.65 and with 1.0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from newsarchive.cli.serving import SETTINGS
from search import articles, build_ours, single

ROUNDS = 7
PATIENCE = 20.0  # seconds for one page, beyond which it has no further round


def pages() -> dict[str, str]:
    """Return the addresses that are asked for, by what they are."""
    words = {share: quote(single(share)[0]) for share in (0.4, 0.1, 0.01, 0.001)}
    searches = {
        f"search, a word in {100 * share:g} %": f"/articles?_search={word}" for share, word in words.items()
    }
    return {
        "table": "/articles",
        "table, second page": "/articles?_next=2023-06-01T00:00:00Z,5",
        "table, an outlet": "/articles?source=s1",
        "table, a month": "/articles?date__gte=2020-03&date__lt=2020-04",
        **searches,
        "search, 10 %, an outlet": f"/articles?_search={words[0.1]}&source=s1",
        "an article": "/articles/77",
        "the database": "",
        "mentions a month, 10 %": f"/mentions_by_month?q={words[0.1]}",
        "best matches, 1 %": f"/best_matches?q={words[0.01]}",
    }


async def ask(db: Path, *, shipped: bool) -> dict[str, float | None]:
    """Return the median milliseconds of each page; None where an answer failed."""
    sys.path.remove(str(Path(__file__).parent))  # where this file has the name of what it measures
    from datasette.app import Datasette  # noqa: PLC0415 - imports its plugins, which the environment chooses

    served = Datasette([str(db)], settings=SETTINGS if shipped else None)
    figures: dict[str, float | None] = {}
    for name, page in pages().items():
        taken: list[float] = []
        while len(taken) <= ROUNDS and sum(taken) < 1000 * PATIENCE:
            began = time.perf_counter()
            answer = await served.client.get(f"/{db.stem}{page}")
            taken.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                break
        figures[name] = statistics.median(taken[1:] or taken) if answer.status_code == 200 else None
    return figures


def asked(db: Path, *, shipped: bool) -> dict[str, float | None]:
    """Do that in a process of its own; Datasette as it comes loads no plugins."""
    environment = {**os.environ, **({} if shipped else {"DATASETTE_LOAD_PLUGINS": ""})}
    command = [sys.executable, __file__, "--ask", str(db), *(["--shipped"] if shipped else [])]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    answer: dict[str, float | None] = json.loads(
        done.stdout.splitlines()[-1]
    )  # Datasette prints tracebacks there
    return answer


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--shipped", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(asyncio.run(ask(given.ask, shipped=given.shipped))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        db = folder / "news.db"
        if not db.exists():
            build_ours(folder, articles(given.articles, backfilled=False))
        print_table(asked(db, shipped=True), asked(db, shipped=False))


def print_table(shipped: dict[str, float | None], plain: dict[str, float | None]) -> None:
    """Print a line for each page."""
    print(f"Datasette {version('datasette')}, median ms{'shipped':>20}{'as it comes':>14}{'ratio':>8}")
    for name, figure in shipped.items():
        other = plain[name]
        ratio = f"{figure / other:.2f}" if figure and other else "-"
        print(f"{name:34}{_cell(figure):>14}{_cell(other):>14}{ratio:>8}")


def _cell(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.1f}"


if __name__ == "__main__":
    main()
