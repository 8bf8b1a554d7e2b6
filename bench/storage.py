"""What keeping pages costs: bytes and CPU time a page, beside other ways, on the same pages and in turn.

    python bench/storage.py [FOLDER] [ROUNDS]        (default: made-up pages of 4 sources; 5 rounds)

FOLDER holds saved pages, `*.html`; a page's source is its sub-folder, or else its name up to the first `-`. Each source's pages are
kept in the order of their names, as if they had come in one month. Times are medians over the rounds; newsarchive's include what the
others leave out: hashing, SQL, and a commit for each page. WARC is measured if warcio is installed, as one response record a page.
"""

from __future__ import annotations

import importlib.util
import io
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from newsarchive.archive import packing
from newsarchive.archive.pages import Pages

NOW = datetime(2024, 3, 1, tzinfo=UTC)
SENTENCE = (
    "وصلت القافلة إلى القرية صباح اليوم وبدأ السكان توزيع البذور على الحقول القريبة من النهر قبل موسم المطر"
)
WORDS = SENTENCE.split()

Sources = dict[str, list[bytes]]
Figures = tuple[int, float, float]  # bytes, seconds of packing and of unpacking: of all pages given


def saved(folder: Path) -> Sources:
    """Read a folder's pages."""
    sources: Sources = {}
    for path in sorted(folder.rglob("*.html")):
        source = path.parent.name if path.parent != folder else path.stem.split("-")[0]
        sources.setdefault(source, []).append(path.read_bytes())
    return sources


def made_up() -> Sources:
    """Make 4 sources of 25 pages: 30 KB of furniture that a source's pages share, and 300 words and a list of links that they do not."""
    dice = random.Random(7)  # noqa: S311 - made-up text
    return {f"made-up {n}": made_up_source(dice) for n in range(4)}


def made_up_source(dice: random.Random) -> list[bytes]:
    """Make the pages of one source."""

    def items(count: int) -> str:
        return "\n".join(
            f'<li class="{dice.choice("abcd")}-item"><a href="/{dice.getrandbits(40):x}">{text(6)}</a></li>'
            for _ in range(count)
        )

    def text(words: int) -> str:
        return " ".join(
            f"{dice.choice(WORDS)}{dice.choice(WORDS)}"[: dice.randint(3, 8)] for _ in range(words)
        )

    before, after = items(120), items(120)
    return [
        f"<!doctype html>\n<html dir=rtl>{before}<h1>{text(8)}</h1><p>{text(300)}</p>{items(8)}{after}</html>".encode()
        for _ in range(25)
    ]


def ours(pages: list[bytes]) -> Figures:
    """Keep pages in a file of their own, and read them back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.pages.db"
        with closing(Pages(path, "bench")) as kept:
            began = time.process_time()
            keys = [kept.keep(content, source="bench", now=NOW) for content in pages]
            packed = time.process_time()
            back = [kept.read(key) for key in keys]
            ended = time.process_time()
        if back != pages:
            raise SystemExit("a page came back changed")
        with closing(sqlite3.connect(path)) as connection:
            ((size,),) = connection.execute("SELECT sum(length(content)) FROM pages")
    return size, packed - began, ended - packed


def each(
    pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]
) -> Callable[[list[bytes]], Figures]:
    """Return a way that treats each page alone."""

    def way(pages: list[bytes]) -> Figures:
        began = time.process_time()
        frames = [pack(content) for content in pages]
        packed = time.process_time()
        back = [unpack(frame) for frame in frames]
        ended = time.process_time()
        if back != pages:
            raise SystemExit("a page came back changed")
        return sum(map(len, frames)), packed - began, ended - packed

    return way


def warc() -> Callable[[list[bytes]], Figures]:
    """Return warcio's way: one gzip member for each record."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - need not be installed
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415 - the same
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415 - the same

    def pack(content: bytes) -> bytes:
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=True)
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            "https://bench.example/", "response", payload=io.BytesIO(content), http_headers=headers
        )
        writer.write_record(record)
        return out.getvalue()

    def unpack(frame: bytes) -> bytes:
        return bytes(next(iter(ArchiveIterator(io.BytesIO(frame)))).content_stream().read())

    return each(pack, unpack)


def all_ways() -> dict[str, Callable[[list[bytes]], Figures]]:
    """Return what is compared; the ratios are to the last."""
    ways = {
        "newsarchive": ours,
        "zstd alone": each(packing.pack, packing.zstd.decompress),
        "zlib": each(zlib.compress, zlib.decompress),
    }
    return {"WARC, gzip": warc(), **ways} if importlib.util.find_spec("warcio") else ways


def main() -> None:
    """Measure and print."""
    sources = saved(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    ways = all_ways()
    count = sum(map(len, sources.values()))
    if not count:
        raise SystemExit(f"{sys.argv[1]}: no pages there; name a folder that holds .html files")
    sizes: dict[str, dict[str, int]] = {source: {} for source in sources}
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            figures = {source: way(pages) for source, pages in sources.items()}
            for source, (size, _, _) in figures.items():
                sizes[source][name] = size
            spent[name].append((sum(f[1] for f in figures.values()), sum(f[2] for f in figures.values())))
    print_sizes(sources, sizes, list(ways))
    print_times(spent, count)


def print_sizes(sources: Sources, sizes: dict[str, dict[str, int]], names: list[str]) -> None:
    """Print bytes a page, by source."""
    print(f"{'bytes a page':24}{'pages':>6}{'raw':>9}", *(f"{name:>12}" for name in names), sep="")
    for source, pages in sources.items():
        columns = (f"{sizes[source][name] / len(pages):12.0f}" for name in names)
        print(f"{source:24}{len(pages):6}{sum(map(len, pages)) / len(pages):9.0f}", *columns, sep="")


def print_times(spent: dict[str, list[tuple[float, float]]], count: int) -> None:
    """Print CPU milliseconds a page, over all sources, and how many times zlib's they are."""
    middle = {
        name: [1000 * statistics.median(times) / count for times in zip(*rounds, strict=True)]
        for name, rounds in spent.items()
    }
    print(f"\n{'CPU ms a page':24}{'pack':>8}{'':10}{'unpack':>8}")
    for name, times in middle.items():
        columns = (
            f"{ms:8.2f}  {ms / base:4.1f} zlib" for ms, base in zip(times, middle["zlib"], strict=True)
        )
        print(f"{name:24}", *columns, sep="")


if __name__ == "__main__":
    main()
