"""WARC: what other archives and replay programs read is what came, and every digest holds."""

from __future__ import annotations

import gzip
import hashlib
import io
import sqlite3
from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path, stamp
from newsarchive.archive.filing import keep_article
from newsarchive.archive.store import Store
from newsarchive.archive.warc import decoded_headers
from newsarchive.errors import ArchiveError
from newsarchive.models import Article, Entry, Fetched, Hop, Source
from storied import SAVED, storied

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
PAGE = "<html><p>زرع الفلاحون القطن.</p></html>".encode()


def exported(db: Path) -> bytes:
    out = io.BytesIO()
    with Archive(db) as archive:
        archive.export("warc", out)
    return out.getvalue()


class Record:
    """A record, read whole."""

    def __init__(self, record: object) -> None:
        self.kind = record.rec_type  # type: ignore[attr-defined]
        self.warc = dict(record.rec_headers.headers)  # type: ignore[attr-defined]
        self.http = record.http_headers  # type: ignore[attr-defined]
        self.body = record.content_stream().read()  # type: ignore[attr-defined]
        self.url = self.warc.get("WARC-Target-URI")
        self.status = self.http.get_statuscode() if self.http and self.kind != "request" else None


def records(content: bytes) -> list[Record]:
    return [Record(one) for one in ArchiveIterator(io.BytesIO(content), check_digests="raise")]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storied") / "news.db"
    storied(path)
    return path


@pytest.fixture(scope="module")
def warc(db: Path) -> list[Record]:
    return records(exported(db))


def kept(path: Path, **more: object) -> list[Record]:
    """The records of an article whose one request ended as given."""
    answer = {"url": "https://wadi.example/1", "final_url": "https://wadi.example/1", "outcome": "ok"}
    fetched = Fetched(**{**answer, "status": 200, "content": PAGE, "started_at": NOW, **more})  # type: ignore[arg-type]
    with Store.open(path, NOW) as store:
        source = Source(key="wadi", name="بريد الوادي")
        store.keep_sources([source], NOW)
        run, queued = store.begin_run("1", NOW), store.enqueue("wadi", Entry(url=fetched.url), NOW)
        receipt = store.pages.keep_request(fetched, source="wadi", kind="page")
        article = Article(url=fetched.final_url, headline="خبر", body="نص", extractor="1")
        keep_article(store, run, "wadi", queued, article, fetched=fetched, receipt=receipt, now=NOW)
    return records(exported(path))


# -- the whole


def test_warcio_finds_nothing_to_say(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "news.warc.gz").write_bytes(exported(db))
    checker = Checker(Namespace(inputs=[str(tmp_path / "news.warc.gz")], verbose=True))
    assert checker.process_all() == 0
    told = capsys.readouterr().out
    assert "fail" not in told
    assert told.count("digest pass") == sum(one.kind != "revisit" for one in records(exported(db)))


def test_each_record_is_a_gzip_member_of_its_own(db: Path) -> None:
    content = exported(db)
    iterator = ArchiveIterator(io.BytesIO(content))
    for _ in iterator:
        member = gzip.GzipFile(fileobj=io.BytesIO(content[iterator.get_record_offset() :]))
        assert member.read(8) == b"WARC/1.1"


def test_every_body_that_is_kept_is_written_once_under_its_sha_256(db: Path, warc: list[Record]) -> None:
    with closing(sqlite3.connect(pages_path(db))) as connection:
        pages = {key for (key,) in connection.execute("SELECT hash FROM pages")}
    bodies = [one for one in warc if one.kind in {"response", "resource"} and one.body]
    assert {hashlib.sha256(one.body).hexdigest() for one in bodies} == pages
    assert len(bodies) == len(pages)
    for one in bodies:
        assert one.warc["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(one.body).hexdigest()}"


def test_numbers_are_unique_and_the_same_each_time(db: Path, warc: list[Record]) -> None:
    numbers = [one.warc["WARC-Record-ID"] for one in warc]
    assert len(set(numbers)) == len(numbers)
    assert numbers[1:] == [one.warc["WARC-Record-ID"] for one in records(exported(db))][1:]


def test_every_answer_but_a_redirect_has_its_request(warc: list[Record]) -> None:
    answers = {
        one.warc["WARC-Record-ID"]
        for one in warc
        if one.kind in {"response", "revisit"} and one.status != "301"
    }
    requests = [one for one in warc if one.kind == "request"]
    assert sorted(one.warc["WARC-Concurrent-To"] for one in requests) == sorted(answers)
    assert {one.http.get_header("Host") for one in requests} == {"wadi.example", "jabal.example"}


# -- kinds of records


def test_the_same_bytes_again_are_a_revisit_that_names_the_first(warc: list[Record]) -> None:
    first, *again = [
        one for one in warc if one.url == "https://jabal.example/library" and one.kind != "request"
    ]
    assert (first.kind, first.status) == ("response", "200")
    assert len(again) > 2
    for one in again:
        assert one.kind == "revisit"
        assert one.warc["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        assert one.warc["WARC-Refers-To"] == first.warc["WARC-Record-ID"]
        assert one.warc["WARC-Refers-To-Date"] == first.warc["WARC-Date"]
        assert one.warc["WARC-Payload-Digest"] == first.warc["WARC-Payload-Digest"]


def test_unmodified_answers_are_revisits_of_what_was_seen_last(warc: list[Record]) -> None:
    cotton = [one for one in warc if one.url == "https://wadi.example/cotton" and one.kind != "request"]
    last, told = None, 0
    for one in cotton:
        if one.status == "304":
            assert last is not None
            assert one.warc["WARC-Profile"].endswith("/server-not-modified")
            assert one.warc["WARC-Refers-To"] == last.warc["WARC-Record-ID"]
            assert "WARC-Payload-Digest" not in one.warc
            told += 1
        else:
            last = one
    assert (told, len(cotton) - told) == (5, 3)


def test_an_unmodified_answer_refers_to_the_page_whose_validators_were_sent(tmp_path: Path) -> None:
    db, url = tmp_path / "news.db", "https://wadi.example/1"
    kept(db)
    front = {"final_url": "https://wadi.example/", "status": 200, "content": b"<html>front</html>"}
    with Store.open(db, NOW) as store:
        ((page,),) = store.connection.execute("SELECT page FROM sightings")
        for hours, answer in (
            (1, front),
            (2, front),
            (3, {"outcome": "not-modified", "status": 304}),
            (4, {"outcome": "not-modified", "status": 304}),
        ):
            at = NOW + timedelta(hours=hours)
            given = {"url": url, "final_url": url, "outcome": "ok", "started_at": at, **answer}
            store.pages.keep_request(Fetched(**given), source="wadi", kind="page")  # type: ignore[arg-type]
        with store.transaction():
            seen = (stamp(NOW + timedelta(hours=3)), url, page)
            store.connection.execute(
                "INSERT INTO sightings SELECT article, ?, 'not-modified', ?, ?, text FROM sightings", seen
            )
    first, told, untold = (
        one for one in records(exported(db)) if one.status in {"200", "304"} and one.url == url
    )
    assert (told.kind, told.warc["WARC-Refers-To"]) == ("revisit", first.warc["WARC-Record-ID"])
    assert told.warc["WARC-Refers-To-Target-URI"] == url
    assert (untold.kind, untold.status) == ("response", "304")
    assert "WARC-Refers-To" not in untold.warc


def test_every_payload_digest_is_a_sha_256(warc: list[Record]) -> None:
    digests = [one.warc["WARC-Payload-Digest"] for one in warc if "WARC-Payload-Digest" in one.warc]
    assert {one.partition(":")[0] for one in digests} == {"sha256"}
    empty = f"sha256:{hashlib.sha256().hexdigest()}"
    assert {one.warc["WARC-Payload-Digest"] for one in warc if one.status in {"301", "404"}} == {empty}


def test_what_showed_that_an_article_was_gone_is_there(warc: list[Record]) -> None:
    bridge = [
        one.status for one in warc if one.url == "https://wadi.example/bridge" and one.kind != "request"
    ]
    assert bridge.count("404") == 2


def test_a_redirect_is_a_response_of_its_own(warc: list[Record]) -> None:
    hop = next(one for one in warc if one.url == "https://wadi.example/old")
    assert (hop.kind, hop.status, hop.http.get_header("Location")) == ("response", "301", "/moved")
    end = next(one for one in warc if one.warc["WARC-Record-ID"] == hop.warc["WARC-Concurrent-To"])
    assert (end.url, end.status) == ("https://wadi.example/moved", "200")


def test_a_page_that_no_request_brought_is_a_resource(warc: list[Record]) -> None:
    (saved,) = [one for one in warc if one.url == SAVED]
    assert (saved.kind, saved.warc["Content-Type"]) == ("resource", "text/html")
    assert "صلخد" in saved.body.decode()


# -- headers


def test_headers_are_as_they_came_byte_for_byte(tmp_path: Path) -> None:
    headers = (
        (b"SeRvEr", b"x"),
        (b"X-Name", "عنب".encode()),
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
    )
    peer = {"peer": "192.0.2.7", "request_headers": ((b"Host", b"wadi.example"), (b"From", b"a@b.example"))}
    kept(tmp_path / "news.db", headers=headers, **peer)
    raw = gzip.decompress(exported(tmp_path / "news.db"))
    lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
    assert b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE in raw
    assert b"GET /1 HTTP/1.1\r\nHost: wadi.example\r\nFrom: a@b.example\r\n\r\n" in raw
    assert raw.count(b"WARC-IP-Address: 192.0.2.7\r\n") == 2


def test_what_speaks_of_the_coding_is_renamed_since_the_body_is_decoded(tmp_path: Path) -> None:
    headers = (
        (b"Content-Encoding", b"gzip"),
        (b"Content-Length", b"20"),
        (b"Transfer-Encoding", b"chunked"),
    )
    page = next(one for one in kept(tmp_path / "news.db", headers=headers) if one.kind == "response")
    assert page.body == PAGE
    assert page.http.headers == [
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Content-Length", "20"),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("Content-Length", str(len(PAGE))),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"Content-Length", b"content-encoding", b"Transfer-Encoding", b"ETag", b"CONTENT-LENGTH"]
            ),
            st.sampled_from([b"7", b"8", b"gzip", b"chunked", b""]),
        )
    )
)
def test_the_length_in_the_headers_is_always_that_of_the_body(headers: list[tuple[bytes, bytes]]) -> None:
    told = decoded_headers(tuple(headers), 7)
    assert {value for name, value in told if name.lower() == b"content-length"} == {b"7"}
    assert [value for _, value in told][: len(headers)] == [value for _, value in headers]


def test_a_body_that_was_not_kept_is_said_to_be_missing(tmp_path: Path) -> None:
    hop = Hop(
        url="https://wadi.example/0", status=302, headers=((b"Location", b"/1"), (b"Content-Length", b"154"))
    )
    moved = next(one for one in kept(tmp_path / "news.db", redirects=(hop,)) if one.status == "302")
    assert moved.warc["WARC-Truncated"] == "unspecified"
    assert moved.http.get_header("X-Archive-Orig-Content-Length") == "154"


def test_an_address_from_another_archive_cannot_forge_a_header(tmp_path: Path) -> None:
    found = kept(tmp_path / "news.db", final_url="https://wadi.example/1\r\nWARC-Type: warcinfo")
    page = next(one for one in found if one.kind == "response")
    assert page.url == "https://wadi.example/1%20%20WARC-Type:%20warcinfo"  # as warcio reads two spaces


# -- what is not there


def test_a_lost_pages_file_is_one_clear_error(tmp_path: Path) -> None:
    kept(tmp_path / "news.db")
    pages_path(tmp_path / "news.db").unlink()
    with pytest.raises(ArchiveError, match=r"news\.pages\.db"):
        exported(tmp_path / "news.db")


def test_the_warcinfo_says_which_archive_it_is_of(db: Path, warc: list[Record]) -> None:
    with closing(sqlite3.connect(db)) as connection:
        (archive,) = connection.execute("SELECT value FROM meta WHERE key = 'archive_id'").fetchone()
    assert warc[0].kind == "warcinfo"
    assert f"isPartOf: newsarchive {archive}" in warc[0].body.decode()
