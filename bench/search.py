"""What a search costs in a large archive: newsarchive beside plain FTS5, tantivy and DuckDB, on the same made-up articles and in turn.

    python bench/search.py [ARTICLES] [--folder FOLDER] [--engines NAME,…] [--backfilled]        (default: 20000 articles, all engines)

Builds an archive of each kind, two at a time, then asks all of them the same questions in one process, in turn, and prints medians. What FOLDER
holds from an earlier run is not built again; without it a temporary folder is used. A million articles take 20 GB and 40 minutes of
CPU time. tantivy and duckdb are left out if they are not installed. With --backfilled, articles came in no order, so that ids do not follow the days.

Times are CPU time of one thread: on a quiet machine, when what is asked for is in memory, the clock says the same. Each is the median of all
runs of three words of a kind. Words are looked for as newsarchive does, in any spelling and with any clitic, by folded word in tantivy and DuckDB, and as
printed in plain FTS5, which so finds half as many.

plain FTS5 is a table (headline, body) with FTS5's own tokenizer over the same articles, joined to them for their instants. tantivy has the folded
text and the instants, and keeps no text. DuckDB can get its full-text extension from the network only: its table of folded text is scanned, and
ranks nothing. Articles are written 5,000 at once, without waiting for the disk; newsarchive's indexes are then filled as `reindex` does,
but like the others not optimized.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engines import BUILD, OPEN, Ask, Question, build_ours
from made_up import articles, named, single

__all__ = ["articles", "build_ours", "single"]  # other benches build with these

ROUNDS = 15
PATIENCE = 2.0  # seconds that an engine may spend on one kind of question before it has no further round


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Questions of one kind, and how many milliseconds newsarchive may take for one."""

    name: str
    questions: list[Question]
    target: float | None = None


def kinds() -> list[Kind]:
    """Return all kinds of questions; three words or pairs of words each."""
    very, tenth, hundredth, rare, few = map(single, (0.4, 0.1, 0.01, 0.001, 0.0002))
    names, rare_names = map(named, (0.1, 0.001))
    pairs = list(zip(tenth, single(0.12), strict=True))
    chance = [f"{one} {other}" for one, other in zip(very, very[1:] + very[:1], strict=True)]
    begin = [word[:4] for word in tenth]
    return [
        _kind("newest: a word in 40 %", very, target=5),
        _kind("newest: in 10 %", tenth, target=5),
        _kind("newest: in 1 %", hundredth, target=5),
        _kind("newest: in 0.1 %", rare, target=5),
        _kind("newest: in 0.02 %", few, target=30),
        _kind("newest: a phrase in 5 %", names, target=30),
        _kind("newest: a phrase in 0.05 %", rare_names, target=30),
        _kind("newest: two words in 40 % by chance together", chance, target=30),
        _kind("newest: two words in 10 %", pairs, target=5),
        _kind("newest: a word in 10 %, none in 40 %", tenth, without=very[0], target=5),
        _kind("newest: a prefix of 4 letters", begin, prefix=True),
        _kind("newest: a word in 10 %, a month", tenth, month=True),
        _kind("best: a word in 40 %, a month", very, how="best", either=True, month=True, target=20),
        _kind("best: a word in 10 %, a month", tenth, how="best", either=True, month=True, target=20),
        _kind("best: a word in 10 %, as typed, a month", tenth, how="best", month=True, target=20),
        _kind("best: both of two words, a month", pairs, how="best", month=True),
        _kind("best: any of two words, a month", pairs, how="best", either=True, month=True),
        _kind("best: a word in 0.1 %", rare, how="best", either=True),
        _kind("best: a word in 10 %", tenth, how="best", either=True),
        _kind("best: any of two words", pairs, how="best", either=True),
        _kind("how many: a word in 10 %", tenth, how="count"),
        _kind("how many: a prefix of 4 letters", begin, how="count", prefix=True),
    ]


def _kind(
    name: str,
    terms: Iterable[str | tuple[str, ...]],
    *,
    target: float | None = None,
    **asked: Any,  # noqa: ANN401 - any of Question's
) -> Kind:
    tuples = [(one,) if isinstance(one, str) else one for one in terms]
    return Kind(name=name, questions=[Question(terms=one, **asked) for one in tuples], target=target)


def measure(asks: dict[str, Ask], questions: list[Question]) -> dict[str, float]:
    """Ask all engines in turn and return median milliseconds; those that cannot answer are left out. The first time does not count."""
    able = [name for name, ask in asks.items() if all(ask(question) is not None for question in questions)]
    times: dict[str, list[float]] = {name: [] for name in able}
    for _ in range(ROUNDS):
        for name in able:
            if sum(times[name]) < 1000 * PATIENCE:
                times[name] += [_milliseconds(asks[name], question) for question in questions]
    return {name: statistics.median(taken) for name, taken in times.items()}


def _milliseconds(ask: Ask, question: Question) -> float:
    began = time.process_time()
    ask(question)
    return 1000 * (time.process_time() - began)


def print_kind(kind: Kind, found: list[float], medians: dict[str, float], names: list[str]) -> None:
    """Print one line: milliseconds, and how many times plain FTS5's they are."""
    base = medians.get("plain")
    cells = []
    for name in names:
        if name not in medians:
            cells.append(f"{'-':>10}{'':9}")
            continue
        ratio = f"({medians[name] / base:.2f})" if base and name != "plain" else ""
        cells.append(f"{medians[name]:10.2f} {ratio:8}")
    target = f"{kind.target:g}" if kind.target else ""
    counts = ", ".join(f"{number:,.0f}" for number in found)
    missed = "  MISSED" if kind.target and medians.get("newsarchive", 0) > kind.target else ""
    print(f"{kind.name:45}{counts:>18}{target:>8}", *cells, missed, sep="")


def ask_all(folder: Path, names: list[str]) -> None:
    """Ask every kind of question and print a line for each."""
    shown = [name for name in OPEN if name in names or (name == "with hits" and "newsarchive" in names)]
    asks = {name: OPEN[name](folder) for name in shown}
    heads = (f"{name:>10}{'':9}" for name in shown)
    print(f"\n{'CPU ms (times plain FTS5)':45}{'found, by plain':>18}{'target':>8}", *heads, sep="")
    for kind in kinds():
        counting = [replace(question, how="count") for question in kind.questions]
        found = [
            statistics.median(asks[name](question) or 0 for question in counting)
            for name in ("newsarchive", "plain")
            if name in asks
        ]
        print_kind(kind, found, measure(asks, kind.questions), shown)


def build(name: str, folder: Path, number: int, backfilled: bool) -> None:  # noqa: FBT001 - of a pool
    """Build one engine's archive, unless it is there, and write down what that cost."""
    report = folder / f"{name}.json"
    if not report.exists():
        costs, sizes = BUILD[name](folder, articles(number, backfilled=backfilled))
        report.write_text(json.dumps({"costs": costs, "sizes": sizes}))


def print_builds(folder: Path, names: list[str], number: int) -> None:
    """Print what building took and how much room it takes."""
    print(f"{number:,} articles; of one, CPU milliseconds and bytes:")
    for name in names:
        report = json.loads((folder / f"{name}.json").read_text())
        costs = ", ".join(f"{part} {cost:.2f}" for part, cost in report["costs"].items())
        sizes = ", ".join(f"{part} {size / number:,.0f}" for part, size in report["sizes"].items())
        print(f"{name:12} ms: {costs}; bytes: {sizes}")


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--engines", default=",".join(BUILD))
    parser.add_argument("--backfilled", action="store_true")
    asked = parser.parse_args()
    names = [
        name
        for name in asked.engines.split(",")
        if name not in {"tantivy", "duckdb"} or importlib.util.find_spec(name)
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(2) as pool:
            for task in [
                pool.submit(build, name, folder, asked.articles, asked.backfilled) for name in names
            ]:
                task.result()
        print_builds(folder, names, asked.articles)
        ask_all(folder, names)


if __name__ == "__main__":
    main()
