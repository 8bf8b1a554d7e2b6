"""What a command costs from a cold start: CPU time of whole processes, beside a bare interpreter, in turn.

    python bench/start.py [ARTICLES] [RUNS]        (default: 10000 articles, 15 runs)

Builds an archive of made-up articles in a temporary folder, then runs `python -c pass`, `newsarchive --help`,
`newsarchive show` and three searches in turn, and prints the median CPU milliseconds of each. The package is compiled
first, as installing it does: a checkout with PYTHONDONTWRITEBYTECODE would compile it anew in every process.
"""

from __future__ import annotations

import compileall
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import newsarchive
from newsarchive.archive.filing import keep_article
from newsarchive.archive.store import Store
from newsarchive.models import Article, Entry, Fetched, Source

START = datetime(2018, 1, 1, tzinfo=UTC)
STEMS = [
    "سوق",
    "قمح",
    "مطر",
    "جسر",
    "قرية",
    "مدرسة",
    "طريق",
    "نهر",
    "حقل",
    "ميناء",
    "خبز",
    "ماء",
    "كهرباء",
    "طبيب",
    "معلم",
    "فلاح",
    "سائق",
    "تاجر",
    "باحث",
    "صحفي",
    "محكمة",
    "بلدية",
    "وزارة",
    "جمعية",
    "نقابة",
    "حديقة",
    "مكتبة",
    "معرض",
    "رحلة",
    "موسم",
]
ENDS = ["", "ات", "ين", "ها", "هم", "ية"]
STARTS = ["", "ال", "وال", "بال", "لل", "و"]


def text(dice: random.Random, words: int) -> str:
    """Made-up Arabic, with Zipf's law so that some words are common and some rare."""
    ranks = (min(int(dice.paretovariate(0.9)), 30 * 36) - 1 for _ in range(words))
    return " ".join(STARTS[rank % 6] + STEMS[rank // 36] + ENDS[rank // 6 % 6] for rank in ranks)


def build(path: Path, articles: int) -> None:
    """Fill an archive through the same writer that fetch uses."""
    dice = random.Random(7)  # noqa: S311 - made-up text
    with Store.open(path, START) as store:
        store.keep_sources([Source(key=f"s{n}", name=f"مصدر {n}") for n in range(20)], START)
        run = store.begin_run("bench", START)
        for n in range(articles):
            published = START + timedelta(hours=n)
            source, url = f"s{n % 20}", f"https://s{n % 20}.example/{n}"
            body = "\n".join(text(dice, 60) for _ in range(5)) + (" سورية" if n % 50 == 0 else "")
            article = Article(
                url=url,
                headline=text(dice, 9),
                body=body,
                published=published,
                date=f"{published:%Y-%m-%d}",
                extractor="bench",
            )
            fetched = Fetched(url=url, final_url=url, outcome="ok", content=b"page", started_at=published)
            queued = store.enqueue(source, Entry(url=url), published)
            receipt = store.pages.keep_request(fetched, source=source, kind="page")
            keep_article(store, run, source, queued, article, fetched=fetched, receipt=receipt, now=published)


def cpu(command: list[str]) -> float:
    """CPU milliseconds of one whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Measure and print."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    compileall.compile_dir(Path(newsarchive.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "news.db"
        began = time.monotonic()
        build(db, articles)
        print(
            f"{articles} articles of 300 words built in {time.monotonic() - began:.0f} s; {db.stat().st_size / 1e6:.0f} MB"
        )
        program = [sys.executable, "-m", "newsarchive"]
        search = [*program, "search", "--db", str(db)]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "newsarchive --help": [*program, "--help"],
            "newsarchive show 1": [*program, "show", "--db", str(db), "1"],
            "search, in 1 of 50 articles": [*search, "سوريا"],
            "search, in most articles": [*search, "سوق"],
            "search, a phrase": [*search, '"سوق القمح"'],
        }
        figures: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                figures[name].append(cpu(command))
    bare = statistics.median(figures["python -c pass"])
    for name, values in figures.items():
        middle = statistics.median(values)
        print(
            f"{name:30} {middle:6.0f} ms CPU  (min {min(values):.0f}, max {max(values):.0f})  {middle / bare:5.1f} times bare"
        )


if __name__ == "__main__":
    main()
