"""Whether other programs read an exported WARC: warcio checks it, pywb replays it byte for byte, py-wacz makes a valid WACZ of it.

    python bench/interop/check.py [NEWS.DB]

Without an archive, one with edits, a deletion, a redirect and a saved page is made up. The programs are installed into an environment
of their own in a temporary folder (20 s, from the package index), which is removed at the end. pywb is asked on 127.0.0.1 only.
Exit code 1 if anything differs.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path
from newsarchive.archive.pages import read_page

HERE = Path(__file__).parent
START_SECONDS = 60
NOTHING = hashlib.sha256(b"").hexdigest()


def main() -> int:
    """Do all checks in turn, and print what each found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else made_up(folder)
        warc = folder / "news.warc.gz"
        with Archive(db) as archive:
            print(f"export: {archive.export('warc', warc)} articles, {warc.stat().st_size} bytes")
        print(f"records: {kinds(warc)}")
        programs = installed(folder)
        good = [
            checked(programs, warc),
            replayed(programs, folder, warc, db),
            packed(programs, folder, warc, db),
        ]
    return 0 if all(good) else 1


def made_up(folder: Path) -> Path:
    """Make an archive with a past, as the tests do."""
    sys.path.insert(0, str(HERE.parents[1] / "tests"))
    from storied import storied  # noqa: PLC0415 - the tests' folder is no package

    storied(folder / "news.db")
    return folder / "news.db"


def installed(folder: Path) -> Path:
    """Install the programs, and return where they are."""
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt")
    return programs


def checked(programs: Path, warc: Path) -> bool:
    """Let warcio check every digest."""
    done = run(programs / "warcio", "check", "-v", warc)
    print(f"warcio check: exit {done.returncode}, {done.stdout.count('digest pass')} digests pass")
    return done.returncode == 0 and "fail" not in done.stdout


def replayed(programs: Path, folder: Path, warc: Path, db: Path) -> bool:
    """Let pywb serve each capture, and compare what comes with the bytes in the archive."""
    run(programs / "wb-manager", "init", "news", cwd=folder)
    run(programs / "wb-manager", "add", "news", warc, cwd=folder)
    with serving(programs, folder) as port, contextlib.closing(sqlite3.connect(pages_path(db))) as pages:
        found = [
            (url, moment, status, same(port, moment, url, read_page(pages, key)))
            for moment, url, key, status in captures(warc)
        ]
    for url, moment, status, good in found:
        if not good:
            print(f"  differs: {moment} {url} (status {status})")
    equal = sum(good for *_, good in found)
    print(f"pywb: {equal} of {len(found)} captures equal the stored bytes")
    return equal == len(found) > 0


def packed(programs: Path, folder: Path, warc: Path, db: Path) -> bool:
    """Let py-wacz make a WACZ, with the articles as its pages, and validate it."""
    lines = [json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "articles"})]
    with Archive(db) as archive:
        archive.export("jsonl", folder / "news.jsonl")
    for line in (folder / "news.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        seen = next(one for one in article["sightings"] if one["page"])
        lines.append(json.dumps({"url": seen["url"], "ts": seen["at"], "title": article["headline"]}))
    (folder / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wacz = folder / "news.wacz"
    made = run(programs / "wacz", "create", "-o", wacz, "-p", folder / "pages.jsonl", warc)
    done = run(programs / "wacz", "validate", "-f", wacz)
    print(f"wacz: create exit {made.returncode}; {done.stdout.strip().splitlines()[-1]}")
    return made.returncode == 0 == done.returncode and "is valid" in done.stdout


def captures(warc: Path) -> Iterator[tuple[str, str, str, int]]:
    """Yield moment, address, hash and status of each record that stands for a page's bytes; redirects and errors have none."""
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            if record.rec_type in {"response", "resource", "revisit"} and digest.removeprefix(
                "sha256:"
            ) not in {digest, NOTHING}:
                moment = "".join(filter(str.isdigit, record.rec_headers.get_header("WARC-Date")))
                status = int(record.http_headers.get_statuscode()) if record.http_headers else 200
                yield moment, record.rec_headers.get_header("WARC-Target-URI"), digest[7:], status


def same(port: int, moment: str, url: str, content: bytes | None) -> bool:
    """Ask for a capture as it was served (`id_`), and compare."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", f"/news/{moment}id_/{url}")
        answer = connection.getresponse()
        body = answer.read()
    return content is not None and hashlib.sha256(body).digest() == hashlib.sha256(content).digest()


@contextlib.contextmanager
def serving(programs: Path, folder: Path) -> Iterator[int]:
    """Run pywb on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [programs / "wayback", "-b", "127.0.0.1", "-p", str(port)]
    with (folder / "pywb.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(START_SECONDS * 10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("pywb did not start")


def kinds(warc: Path) -> str:
    """Count the records by kind."""
    with warc.open("rb") as file:
        every = [record.rec_type for record in ArchiveIterator(file)]
    return ", ".join(f"{every.count(kind)} {kind}" for kind in dict.fromkeys(every))


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; what it says is shown if it fails."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done


if __name__ == "__main__":
    sys.exit(main())
