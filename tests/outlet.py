"""The one fake outlet of all tests: it publishes, edits, retracts, fails, and remembers who asked for what.

It answers through httpx's MockTransport (`Outlets`) or through a real server on loopback (`serving`). The sentences
are ours; the furniture is what real outlets put around theirs.
"""

from __future__ import annotations

import email.utils
import hashlib
import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

NOON = datetime(2024, 3, 11, 9, 0, tzinfo=UTC)
SENTENCES = (
    "عاد المزارعون إلى حقولهم بعد توقف الأمطار، وبدأوا إحصاء الخسائر في القنوات والبيوت البلاستيكية.",
    "وقال رئيس الجمعية إن فرق الصيانة ستعمل أسبوعاً كاملاً قبل أن تفتح الطريق أمام الشاحنات.",
    "وطلب الأهالي من البلدية أن تعلن مواعيد المياه في لوحة الإعلانات وعلى صفحتها.",
)
_IS_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_HTML = """<!DOCTYPE html><html dir="rtl" lang="ar"><head><meta charset="utf-8"><title>{title}</title>
{head}</head><body>
{body}</body></html>"""
_THEMES = (
    """<nav class="menu"><ul><li><a href="/">الرئيسية</a></li><li><a href="/economy">اقتصاد</a></li></ul></nav>
<article><h1 class="entry-title">{headline}</h1><div class="entry-content">{paragraphs}</div></article>
<div class="related-posts"><h3>مقالات ذات صلة</h3><ul><li><a href="/x">سوق الجمعة ينتقل إلى الساحة الجديدة</a></li></ul></div>
""",
    """<header class="top"><div class="logo"><a href="/">الصفحة الأولى</a></div><form role="search"><input name="q"></form></header>
<main><div class="post single"><h1>{headline}</h1><div class="share-buttons"><a href="#">فيسبوك</a><a href="#">تويتر</a></div>
<div class="post-body">{paragraphs}</div></div></main>
<aside class="sidebar"><h4>الأكثر قراءة</h4><ol><li><a href="/y">افتتاح المعبر القديم أمام المشاة</a></li></ol></aside>
""",
)


@dataclass(frozen=True)
class Answer:
    """What the outlet sends."""

    status: int = 200
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class FakeOutlet:
    """One outlet at one host.

    Attributes:
        base: scheme, host and port.
        validators: whether feed and pages come with an ETag, and are not sent again to who has them.
        adverts: whether each page shows another advertisement each time; then its bytes are never the same.
        log: every request: path and headers.
    """

    base: str
    name: str = "بريد الوادي"
    validators: bool = True
    adverts: bool = False
    theme: int = 0
    stories: dict[str, dict[str, str]] = field(default_factory=dict)
    retracted: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def publish(
        self,
        path: str,
        headline: str,
        *,
        body: str = "\n".join(SENTENCES),
        at: datetime | None = NOON,
        guid: str = "",
        **more: str,
    ) -> str:
        """Put a story on the site and into the feed, newest first; return its address."""
        published = email.utils.format_datetime(at) if at else ""
        story = {"headline": headline, "body": body, "published": published, "guid": guid or path, **more}
        self.stories = {path: story, **self.stories}
        return self.base + path

    def retract(self, path: str) -> None:
        """Take a story off the site and out of the feed."""
        self.retracted[path] = self.stories.pop(path)

    def restore(self, path: str) -> None:
        """Put a retracted story back."""
        self.stories = {path: self.retracted.pop(path), **self.stories}

    def edit(self, path: str, **changes: str) -> None:
        """Change a story on the site: its headline, its body; the feed changes with it."""
        self.stories[path].update(changes)

    def retheme(self) -> None:
        """Put other furniture around the same texts."""
        self.theme += 1

    def say_missing(self, path: str) -> None:
        """Answer with 200 and a page that says that there is none."""
        content = _HTML.format(
            title=f"الصفحة غير موجودة - {self.name}",
            head="",
            body="<h1>الصفحة غير موجودة</h1><p>عذراً، لم نجد ما تبحث عنه.</p>",
        )
        self.answers[path] = Answer(content=content.encode(), headers=_IS_HTML)

    def send_home(self, path: str) -> None:
        """Redirect to the front page."""
        self.fail(path, 302, Location="/")
        links = "".join(f'<li><a href="/{n}">{line[:40]}</a></li>' for n, line in enumerate(SENTENCES * 4))
        home = _HTML.format(title=self.name, head="", body=f"<h1>{self.name}</h1><ul>{links}</ul>")
        self.answers["/"] = Answer(content=home.encode(), headers=_IS_HTML)

    def heal(self, path: str) -> None:
        """Answer a path as if nothing had been."""
        self.answers.pop(path, None)

    def serve_robots(self, text: str) -> None:
        """Put up a robots.txt."""
        self.answers["/robots.txt"] = Answer(content=text.encode(), headers=(("Content-Type", "text/plain"),))

    def fail(self, path: str, status: int, **headers: str) -> None:
        """Answer a path with an error from now on."""
        self.answers[path] = Answer(status=status, headers=tuple(headers.items()))

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.log)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer one request."""
        self.log.append((path, headers))
        if path in self.answers:
            return self.answers[path]
        if path == "/feed":
            return self._feed(headers)
        if path in self.stories:
            return self._revalidated(Answer(content=self.page(path).encode(), headers=_IS_HTML), headers)
        return Answer(status=404)

    def _revalidated(self, answer: Answer, headers: dict[str, str]) -> Answer:
        """Give an answer its validator; who has it gets no body again."""
        if not self.validators:
            return answer
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        return Answer(content=answer.content, headers=(*answer.headers, ("ETag", etag)))

    def page(self, path: str) -> str:
        """The page of a story, in its furniture."""
        story = self.stories[path]
        paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in story["body"].split("\n"))
        canonical = story.get("canonical") or self.base + path
        head = (
            f'<link rel="canonical" href="{canonical}"><meta property="og:site_name" content="{self.name}">'
        )
        text = _THEMES[self.theme % 2].format(headline=html.escape(story["headline"]), paragraphs=paragraphs)
        advert = f'<div class="ads"><a href="https://ads.example/{len(self.log)}">عرض اليوم رقم {len(self.log)}</a></div>'
        body = f"{text}{advert if self.adverts else ''}<footer><p>جميع الحقوق محفوظة</p></footer>"
        return _HTML.format(title=f"{html.escape(story['headline'])} - {self.name}", head=head, body=body)

    def _feed(self, headers: dict[str, str]) -> Answer:
        items = "".join(_item(self.base + path, story) for path, story in self.stories.items())
        content = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{self.name}</title><link>{self.base}/</link>{items}</channel></rss>'.encode()
        return self._revalidated(
            Answer(content=content, headers=(("Content-Type", "application/rss+xml"),)), headers
        )


def _item(url: str, story: dict[str, str]) -> str:
    date = f"<pubDate>{story['published']}</pubDate>" if story["published"] else ""
    link = story.get("link", url)
    summary = f"<description>{html.escape(story['summary'])}</description>" if story.get("summary") else ""
    return f'<item><title>{html.escape(story["headline"])}</title><link>{html.escape(link)}</link>{date}{summary}<guid isPermaLink="false">{html.escape(story["guid"])}</guid></item>'


class Outlets(httpx.MockTransport):
    """Any number of fake outlets, by host; a host that is none of them does not resolve."""

    def __init__(self, *outlets: FakeOutlet) -> None:
        self._by_host = {httpx.URL(outlet.base).netloc.decode(): outlet for outlet in outlets}
        super().__init__(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        outlet = self._by_host.get(request.url.netloc.decode())
        if outlet is None:
            raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)
        answer = outlet.answer(
            request.url.raw_path.decode(), {name.lower(): value for name, value in request.headers.items()}
        )
        return httpx.Response(
            answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.content)
        )


@contextmanager
def serving(*names: str) -> Iterator[list[FakeOutlet]]:
    """Serve an outlet for each name on loopback, each on a port of its own."""
    outlets, servers = [], []
    for name in names:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        outlet = FakeOutlet(base=f"http://127.0.0.1:{server.server_address[1]}", name=name)
        server.RequestHandlerClass = _handler(outlet)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        outlets.append(outlet)
        servers.append(server)
    try:
        yield outlets
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _handler(outlet: FakeOutlet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = outlet.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            return

    return Handler
