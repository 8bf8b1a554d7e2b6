"""`newsarchive demo`: three made-up outlets on this machine, fetched and searched as real ones are."""

from __future__ import annotations

import email.utils
import html
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from string import Template

from newsarchive.archive import Archive, Hit
from newsarchive.archive.files import explained, locked, pages_path
from newsarchive.config import load
from newsarchive.errors import ArchiveError, InterruptedRunError
from newsarchive.jobs.update import Report, update

QUERY = "سوريا"
_MARK = "# Made by `newsarchive demo`, which replaces the archive in this folder at each run.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo leaves behind.

    Attributes:
        db: the archive.
        report: what the fetch did.
        query: what was searched for.
        hits: what that found.
    """

    db: Path
    report: Report
    query: str
    hits: tuple[Hit, ...]


def demo(folder: Path) -> Demo:
    """Serve three small outlets on loopback, fetch them into an archive in `folder`, and search that.

    Args:
        folder: made if it is not there; an earlier demo's files in it are replaced.

    Raises:
        ArchiveError: the folder cannot be used, or holds an archive that is not of a demo.
        InterruptedRunError: a signal ended it.
    """
    db = folder / "news.db"
    config = folder / "feeds.toml"
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _clear(db, config)
        with ExitStack() as stack:
            blocks = [stack.enter_context(_served(key, outlet)) for key, outlet in _outlets().items()]
            config.write_text("\n".join([_MARK, *blocks]), encoding="utf-8")
            settings = load(config)
            report = update(db, settings, settings.sources)
    if report.interrupted_by:
        raise InterruptedRunError(report.interrupted_by)
    with Archive(db) as archive:
        return Demo(db=db, report=report, query=QUERY, hits=archive.search(QUERY))


def _clear(db: Path, config: Path) -> None:
    """Take away what an earlier demo left, and only that."""
    ours = config.is_file() and config.read_text(encoding="utf-8", errors="replace").startswith(_MARK)
    for path in (db, pages_path(db), config):
        if path.exists() and not ours:
            raise ArchiveError(
                f"{path}: is not of a demo; name another folder, such as `newsarchive demo /tmp/demo`"
            )
    with locked(db, datetime.now(UTC)):
        for path in (db, pages_path(db)):
            for end in ("", "-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)


def _outlets() -> dict[str, dict[str, object]]:
    text = files("newsarchive.jobs").joinpath("demo.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@contextmanager
def _served(key: str, outlet: dict[str, object]) -> Iterator[str]:
    """Serve one outlet, and yield its block for feeds.toml."""
    pages: dict[str, tuple[str, bytes]] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages))
    base = f"http://127.0.0.1:{server.server_address[1]}"
    pages.update(_pages(outlet, base))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        where = outlet["where"].format(base=base) if isinstance(outlet["where"], str) else ""
        yield f'[sources.{key}]\nname = "{outlet["name"]}"\ntimezone = "Asia/Damascus"\nallow_private = true\ndelay = 0\n{where}\n'
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pages(outlet: dict[str, object], base: str) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Yield an outlet's front door and its articles, in its own furniture: path, content type, bytes."""
    articles = outlet["articles"]
    assert isinstance(articles, list)  # noqa: S101 - our own file
    page = Template(str(outlet["page"]))
    for article in articles:
        fields = {name: html.escape(str(value)) for name, value in article.items()}
        paragraphs = [line.strip() for line in str(article["body"]).strip().split("\n")]
        body = "\n".join(f"<p>{html.escape(line)}</p>" for line in paragraphs)
        text = page.substitute(fields, body=body, outlet=outlet["name"], base=base)
        yield str(article["path"]), ("text/html; charset=utf-8", text.encode())
    if "listing" in outlet:
        links = "".join(
            f'<li><a href="{base}{article["path"]}">{html.escape(article["headline"])}</a></li>'
            for article in articles
        )
        yield "/ar", ("text/html; charset=utf-8", str(outlet["listing"]).replace("$links", links).encode())
    else:
        items = "".join(_item(article, base) for article in articles)
        feed = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{outlet["name"]}</title><link>{base}/</link>{items}</channel></rss>'
        yield "/feed/", ("application/rss+xml; charset=utf-8", feed.encode())


def _item(article: dict[str, str], base: str) -> str:
    published = email.utils.format_datetime(datetime.fromisoformat(article["published"]).astimezone(UTC))
    return f"<item><title>{html.escape(article['headline'])}</title><link>{base}{article['path']}</link><pubDate>{published}</pubDate></item>"


def _handler(pages: dict[str, tuple[str, bytes]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, content = pages.get(re.sub(r"\?.*", "", self.path), ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep the terminal for the demo."""

    return Handler
