"""What comes in: all that an export wrote, what simpler files say, a page that a person saved; and nothing that is broken."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive import Archive
from newsarchive.archive.incoming import Broken, Incoming, parse_time, read_line
from newsarchive.archive.removal import remove
from newsarchive.archive.rows import text_hash
from newsarchive.archive.store import Store
from newsarchive.cli import main
from newsarchive.config import Config
from newsarchive.errors import ConfigError
from newsarchive.jobs.crawl import Outcome
from newsarchive.jobs.reextract import reextract
from newsarchive.jobs.take_in import TakenIn, import_lines, import_page
from newsarchive.models import Article, Source
from newsarchive.workers import Workers
from outlet import SENTENCES, FakeOutlet
from storied import storied

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
URL = "https://wadi.example/1"
LINE = {"url": URL, "source": "wadi", "headline": "عودة القطن إلى الخابور", "body": "زرع الفلاحون القطن."}
WADI = Source(key="wadi", name="بريد الوادي", timezone="Asia/Damascus", homepage="https://wadi.example/")
CONFIG = Config(path=Path("feeds.toml"), sources=(WADI,))


def take_in(db: Path, *lines: object, told: list[str] | None = None) -> TakenIn:
    content = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    tell = (told if told is not None else []).append
    return import_lines(db, io.BytesIO(content), tell=tell, now=lambda: NOW)


def counts(done: TakenIn) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.known, done.refused


def exported(db: Path) -> bytes:
    out = io.BytesIO()
    with Archive(db) as archive:
        archive.export("jsonl", out)
    return out.getvalue()


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What an archive with a past exports."""
    path = tmp_path_factory.mktemp("storied") / "news.db"
    storied(path)
    return exported(path)


# -- what export wrote


def test_exported_imported_and_exported_again_is_equal_byte_for_byte(db: Path, told: bytes) -> None:
    assert counts(take_in(db, *told.splitlines())) == (5, 0, 0, 0)
    assert exported(db) == told
    assert any(one["revisions"] for one in map(json.loads, told.splitlines()))
    assert any(one["absences"] for one in map(json.loads, told.splitlines()))
    with Archive(db) as archive:
        assert archive.search("القطن")[0].record.source_name == "بريد الوادي"


def test_the_order_of_the_lines_does_not_matter_and_twice_is_once(db: Path, told: bytes) -> None:
    lines = told.splitlines()
    assert counts(take_in(db, *reversed(lines))) == (5, 0, 0, 0)
    before = rows(db, "SELECT * FROM articles ORDER BY id")
    assert counts(take_in(db, *lines)) == (0, 0, 5, 0)
    assert rows(db, "SELECT * FROM articles ORDER BY id") == before
    assert exported(db) == told


def test_an_article_that_is_known_in_part_is_made_whole(db: Path, told: bytes) -> None:
    cotton = next(one for one in map(json.loads, told.splitlines()) if one["revisions"])
    first = {name: cotton["revisions"][0][name] for name in ("headline", "body", "lede")}
    early = {**{name: cotton[name] for name in ("url", "source", "first_seen")}, **first}
    take_in(db, {**early, "fetched_at": cotton["revisions"][0]["seen_from"]})
    assert counts(take_in(db, *told.splitlines())) == (4, 1, 0, 0)
    now = next(one for one in map(json.loads, exported(db).splitlines()) if one["url"] == cotton["url"])
    assert [one["hash"] for one in now["revisions"]] == [one["hash"] for one in cotton["revisions"]]
    assert (now["headline"], now["body"]) == (cotton["headline"], cotton["body"])


def test_nothing_that_was_imported_is_called_a_mismatch(
    db: Path, told: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(db, *told.splitlines())
    main_ends(0, "verify", "--db", str(db))
    assert ", 0 mismatch, " in capsys.readouterr().out


# -- simpler files


def test_four_keys_are_enough_and_an_unknown_source_is_made(db: Path) -> None:
    assert counts(take_in(db, LINE)) == (1, 0, 0, 0)
    assert rows(db, "SELECT key, name, timezone FROM sources") == [("wadi", "wadi", "UTC")]
    assert rows(db, "SELECT date, published, first_seen, extractor FROM articles") == [
        (None, None, "2024-03-20T12:00:00Z", "imported")
    ]
    assert rows(db, "SELECT outcome, at FROM sightings") == [("imported", "2024-03-20T12:00:00Z")]
    assert rows(db, "SELECT count(*) FROM entries") == [(0,)]


def test_the_day_follows_from_the_instant_where_the_outlet_is(db: Path) -> None:
    with Store.open(db, NOW) as store:
        store.keep_sources([WADI], NOW)
    take_in(
        db,
        {**LINE, "published": "2018-01-08T22:30:00Z"},
        {**LINE, "url": f"{URL}2", "published": "2018-01-08T22:30:00Z", "date": None},
    )
    assert rows(db, "SELECT date FROM articles ORDER BY url") == [("2018-01-09",), (None,)]
    assert rows(db, "SELECT name, timezone FROM sources") == [("بريد الوادي", "Asia/Damascus")]


def test_a_text_that_differs_becomes_the_text_of_its_time(db: Path) -> None:
    def seen(body: str, day: int) -> dict[str, object]:
        return {**LINE, "body": body, "fetched_at": f"2024-03-{day:02}T00:00:00Z"}

    take_in(db, seen("ثانٍ", 10))
    assert counts(take_in(db, seen("ثالث", 12))) == (0, 1, 0, 0)
    assert counts(take_in(db, seen("أول", 8))) == (0, 1, 0, 0)
    assert counts(take_in(db, seen("ثانٍ", 10), seen("أول", 8))) == (0, 0, 2, 0)
    assert rows(db, "SELECT body FROM revisions ORDER BY number") == [("أول",), ("ثانٍ",)]
    assert rows(db, "SELECT body, revisions FROM articles") == [("ثالث", 2)]


def test_a_text_without_a_time_is_taken_in_once(db: Path) -> None:
    take_in(db, LINE)
    later = import_lines(db, io.BytesIO(json.dumps(LINE).encode()), now=lambda: NOW + timedelta(days=3))
    assert counts(later) == (0, 0, 1, 0)


def test_two_texts_of_one_article_without_times_are_both_kept(db: Path) -> None:
    other = {**LINE, "body": "نص آخر"}
    assert counts(take_in(db, LINE, other)) == (1, 1, 0, 0)
    assert counts(take_in(db, other, LINE)) == (0, 0, 2, 0)
    assert rows(db, "SELECT body FROM revisions UNION ALL SELECT body FROM articles") == [
        (LINE["body"],),
        ("نص آخر",),
    ]


def test_a_text_that_is_known_and_seen_at_another_time_is_another_sighting(db: Path) -> None:
    def seen(body: str, day: int) -> dict[str, object]:
        return {**LINE, "body": body, "fetched_at": f"2024-03-{day:02}T00:00:00Z"}

    take_in(db, seen("أول", 8), seen("ثانٍ", 10))
    assert counts(take_in(db, seen("أول", 12))) == (0, 1, 0, 0)
    assert rows(db, "SELECT body, revisions FROM articles") == [("أول", 2)]


def test_texts_that_are_said_to_stem_from_one_second_are_taken_in_once(db: Path) -> None:
    lines = [{**LINE, "body": body, "fetched_at": "2024-03-08T00:00:00Z"} for body in ("أول", "ثانٍ", "ثالث")]
    take_in(db, *lines)
    assert counts(take_in(db, *lines)) == (0, 0, 3, 0)


def test_what_the_archive_knows_of_an_article_is_not_overwritten(db: Path) -> None:
    take_in(db, {**LINE, "byline": "ليلى", "section": "اقتصاد"})
    take_in(db, {**LINE, "byline": "غيرها", "section": None})
    assert rows(db, "SELECT byline, section FROM articles") == [("ليلى", "اقتصاد")]


def test_an_article_was_first_seen_by_whoever_saw_it_first(db: Path) -> None:
    take_in(db, LINE)
    for first_seen in ("2019-05-01T00:00:00Z", "2020-05-01T00:00:00Z"):
        take_in(db, {**LINE, "first_seen": first_seen})
    assert rows(db, "SELECT first_seen, sort_at FROM articles") == [("2019-05-01T00:00:00Z",) * 2]


def test_a_claim_of_an_address_does_not_join_two_articles(db: Path) -> None:
    hub = "https://wadi.example/"
    claim = {"addresses": [{"url": URL, "kind": "asked"}, {"url": hub, "kind": "stated"}]}
    other = {"addresses": [{"url": f"{URL}2", "kind": "asked"}, {"url": hub, "kind": "stated"}]}
    take_in(db, {**LINE, "url": hub, **claim}, {**LINE, "url": hub, "body": "غيره", **other})
    assert rows(db, "SELECT url FROM articles ORDER BY id") == [(hub,), (f"{URL}2",)]
    take_in(db, {**LINE, "url": hub, "body": "الصفحة نفسها"})
    assert rows(db, "SELECT url FROM articles ORDER BY id") == [(URL,), (f"{URL}2",), (hub,)]


def test_a_line_that_names_two_articles_adds_to_the_one_at_its_own_address(db: Path) -> None:
    take_in(db, {**LINE, "url": URL})
    take_in(db, {**LINE, "url": f"{URL}2", "body": "نص آخر تماماً"})
    both = [{"url": URL, "kind": "asked"}, {"url": f"{URL}2", "kind": "asked"}]
    take_in(db, {**LINE, "url": f"{URL}2", "body": "نص ثالث", "addresses": both})
    assert rows(db, "SELECT a.url, a.revisions FROM articles AS a ORDER BY a.id") == [
        (URL, 0),
        (f"{URL}2", 1),
    ]


# -- what is broken


SEEN = {"at": "2018-01-09T07:00Z", "outcome": "ok", "url": URL, "text": text_hash(Article(**{k: LINE[k] for k in ("url", "headline", "body")}))}  # fmt: skip
BROKEN = {
    b"{": "is no JSON",
    b"[]": "the line is no object",
    b"\xff{}": "is no UTF-8",
    b"[" * 100_000: "is no JSON that can be read",
    b'{"url": ' + b"9" * 5_000 + b"}": "is no JSON that can be read",
    json.dumps({**LINE, "url": "ftp://wadi.example/1"}).encode(): "url is no http(s) address",
    json.dumps({**LINE, "headline": " "}).encode(): "headline is missing",
    json.dumps({**LINE, "body": None}).encode(): "body is missing",
    json.dumps({**LINE, "body": 3}).encode(): "body is no text",
    json.dumps({**LINE, "source": "a b"}).encode(): "source is no key",
    json.dumps({**LINE, "date": "2018-02-30"}).encode(): "date is no day",
    json.dumps({**LINE, "published": "2018-01-09T07:00:00"}).encode(): "published says no time zone",
    json.dumps({**LINE, "published": "gestern"}).encode(): "published is no time",
    json.dumps({**LINE, "first_seen": "2124-01-01T00:00:00Z"}).encode(): "first_seen is in the future",
    json.dumps({**LINE, "tags": "قطن"}).encode(): "tags is no list",
    json.dumps({**LINE, "hash": "0" * 64}).encode(): "hash is not that of headline, lede and body",
    json.dumps({**LINE, "page": "../../x"}).encode(): "page is no SHA-256",
    json.dumps({**LINE, "addresses": [{"url": URL, "kind": "x"}]}).encode(): "addresses have a kind",
    json.dumps({**LINE, "sightings": [{"at": "2018-01-09T07:00Z", "url": URL, "text": "0" * 64}]}).encode(): (
        "sightings do not have the text of the article"
    ),
    json.dumps({**LINE, "sightings": [SEEN, {**SEEN, "text": "0" * 64}]}).encode(): (
        "sightings have a text that is not in the line"
    ),
    json.dumps(
        {**LINE, "sightings": [SEEN, {"at": SEEN["at"], "url": URL, "outcome": "timeout"}]}
    ).encode(): ("sightings[1].outcome is no sighting without a text"),
    json.dumps(
        {**LINE, "sightings": [{**SEEN, "outcome": "gone"}]}
    ).encode(): "sightings[0].outcome is no sighting with a text",
    json.dumps(
        {**LINE, "sightings": [SEEN, {"at": SEEN["at"], "url": URL}]}
    ).encode(): "sightings[1].outcome is missing, and so is the text",
    json.dumps({**LINE, "revisions": [{"headline": "خبر"}]}).encode(): "revisions[0].body is missing",
}


@pytest.mark.parametrize(("line", "reason"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_broken_line_is_named_and_leaves_nothing(db: Path, line: bytes, reason: str) -> None:
    told: list[str] = []
    done = take_in(db, LINE, line, b"", {**LINE, "url": f"{URL}2"}, told=told)
    assert counts(done) == (2, 0, 0, 1)
    assert len(told) == 1
    assert told[0].startswith(f"-:2: {reason}")
    assert "\n" not in told[0]
    assert rows(db, "SELECT count(*) FROM articles") == [(2,)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["at", "url", "kind"]), inner)
    ),
    max_leaves=3,
)
KEYS = [*LINE, "date", "published", "tags", "addresses", "revisions", "sightings", "first_seen", "hash"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON) | JSON, st.booleans())
def test_whatever_a_line_holds_it_is_read_or_said_to_be_broken(line: object, sound: bool) -> None:  # noqa: FBT001 - hypothesis names it
    read = read_line(json.dumps({**LINE, **line} if sound and isinstance(line, dict) else line).encode(), NOW)
    assert isinstance(read, Incoming | Broken)


def test_a_zone_is_needed_and_heeded() -> None:
    assert parse_time("2018-01-09T10:00+03:00") == datetime(2018, 1, 9, 7, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        parse_time("2018-01-09")
    with pytest.raises(ValueError, match="no time"):
        parse_time("0001-01-01T00:00:00+14:00")
    with pytest.raises(ValueError, match="no time"):
        parse_time("9999-12-31T23:00:00Z")


def test_a_file_that_was_cut_short_gives_what_is_whole(db: Path, tmp_path: Path) -> None:
    lines = [json.dumps({**LINE, "url": f"{URL}{number}"}) + "\n" for number in range(120)]
    whole = gzip.compress("".join(lines).encode())
    (tmp_path / "news.jsonl.gz").write_bytes(whole)
    assert import_lines(db, tmp_path / "news.jsonl.gz", now=lambda: NOW).new == 120
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    told: list[str] = []
    done = import_lines(tmp_path / "cut.db", tmp_path / "cut.jsonl.gz", tell=told.append, now=lambda: NOW)
    assert done.refused == len(told)
    assert 50 < done.new < 120
    assert told[-1].endswith("the file is cut short or damaged from here on")


def test_what_was_removed_does_not_come_back(db: Path) -> None:
    take_in(db, LINE, {**LINE, "url": f"{URL}2", "body": "آخر"})
    remove(db, URL, "طلب من صاحبة الشهادة", NOW)
    told: list[str] = []
    edited, elsewhere = {**LINE, "body": "نص جديد"}, {**LINE, "url": f"{URL}3"}
    again = take_in(db, LINE, edited, elsewhere, {**LINE, "url": f"{URL}2", "body": "آخر"}, told=told)
    assert counts(again) == (0, 0, 1, 3)
    assert all("was removed from this archive for good" in line for line in told)
    assert rows(db, "SELECT url FROM articles") == [(f"{URL}2",)]


# -- the command


def test_the_command_counts_and_ends_with_1_if_a_line_was_broken(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps(LINE) + "\n")
    main_ends(0, "import", str(file), "--db", str(db))
    assert capsys.readouterr() == ("1 article new, 0 with something new, 0 known\n", "")
    file.write_text(json.dumps(LINE) + "\nnonsense\n")
    main_ends(1, "import", str(file), "--db", str(db))
    out, errors = capsys.readouterr()
    assert out == "0 articles new, 0 with something new, 1 known; 1 line not taken in\n"
    assert errors.startswith(f"newsarchive: {file}:2: is no JSON")
    assert errors.count("\n") == 1


def test_a_saved_page_needs_its_address_and_a_file_must_be_there(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["import", "page.html"],
        ["import", "none.jsonl"],
        ["import", str(tmp_path), "--at", "2018"],
        ["import", "page.html", "--url", URL, "--at", "2018-01-09"],
        ["import", "page.html", "--url", "wadi"],
    ):
        main_ends(2, *arguments, "--db", str(db))
        assert capsys.readouterr().err.count("\n") == 1
    assert not db.exists()


def main_ends(code: int, *arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code or 0) == code


# -- a page that a person saved


def page(folder: Path, body: str = "\n".join(SENTENCES)) -> Path:
    """A page of the outlet, saved to a file."""
    outlet = FakeOutlet(base="https://wadi.example")
    outlet.publish("/1", "عودة القطن إلى الخابور", body=body)
    file = folder / "page.html"
    file.write_text(outlet.page("/1"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as started:
        yield started


@dataclass
class Desk:
    """Where pages are imported, with parsers that all tests share."""

    db: Path
    workers: Workers

    def take(self, file: Path, *, at: datetime | None = NOW, url: str = URL) -> Outcome:
        later = NOW + timedelta(hours=1)
        return import_page(self.db, CONFIG, file, url=url, at=at, now=lambda: later, workers=self.workers)


@pytest.fixture
def desk(db: Path, workers: Workers) -> Desk:
    return Desk(db, workers)


def test_a_saved_page_becomes_an_article_and_is_kept_without_a_request(
    db: Path, desk: Desk, tmp_path: Path
) -> None:
    file = page(tmp_path)
    assert desk.take(file) == Outcome(slug="new", kind="article", article=1)
    assert desk.take(file) == Outcome(slug="known", kind="article", article=1)
    assert rows(db, "SELECT source, headline, fetched_at FROM articles") == [
        ("wadi", "عودة القطن إلى الخابور", "2024-03-20T12:00:00Z")
    ]
    assert rows(db, "SELECT outcome, at, url FROM sightings") == [("imported", "2024-03-20T12:00:00Z", URL)]
    pages = db.with_name("news.pages.db")
    assert rows(pages, "SELECT count(*) FROM requests") == [(0,)]
    assert rows(pages, "SELECT hash FROM pages") == rows(db, "SELECT page FROM articles")
    with Store.open(db, NOW) as store:
        assert store.pages.read(str(rows(db, "SELECT page FROM articles")[0][0])) == file.read_bytes()


def test_a_page_that_was_saved_later_is_a_later_text(db: Path, desk: Desk, tmp_path: Path) -> None:
    desk.take(page(tmp_path))
    edited = page(tmp_path, "\n".join([*SENTENCES, "وأعلنت البلدية موعداً جديداً لتوزيع البذار."]))
    assert desk.take(edited, at=NOW + timedelta(minutes=9)).slug == "changed"
    assert rows(db, "SELECT revisions, body LIKE '%البذار.' FROM articles") == [(1, 1)]


def test_a_page_that_stands_there_again_is_another_sighting_and_the_text_of_today(
    db: Path, desk: Desk, tmp_path: Path
) -> None:
    def take(body: str, *, minutes: int) -> str:
        return desk.take(page(tmp_path, body), at=NOW + timedelta(minutes=minutes)).slug

    first = "\n".join(SENTENCES)
    second = "\n".join([*SENTENCES, "وأعلنت البلدية موعداً جديداً لتوزيع البذار."])
    assert [take(first, minutes=0), take(second, minutes=5), take(first, minutes=9)] == [
        "new",
        "changed",
        "changed",
    ]
    assert rows(db, "SELECT revisions, body LIKE '%البذار.' FROM articles") == [(2, 0)]
    assert take(first, minutes=-9) == "changed"
    assert rows(db, "SELECT min(seen_from) FROM revisions") == [("2024-03-20T11:51:00Z",)]
    assert [take(first, minutes=9), take(second, minutes=5), take(first, minutes=-9)] == ["known"] * 3


def test_bytes_that_are_known_say_what_they_said_before(db: Path, desk: Desk, tmp_path: Path) -> None:
    desk.take(page(tmp_path))
    with Store.open(db, NOW) as store, store.transaction():  # as rules of another day read it
        for column in ("sightings SET text", "articles SET hash"):
            store.connection.execute(f"UPDATE {column} = ?", ("0" * 64,))
    assert desk.take(page(tmp_path), at=NOW + timedelta(minutes=9)).slug == "changed"
    assert rows(db, "SELECT count(*), count(DISTINCT text) FROM sightings") == [(2, 1)]
    assert rows(db, "SELECT revisions FROM articles") == [(0,)]


def test_a_page_that_was_saved_in_the_future_is_refused(
    db: Path, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = page(tmp_path)
    with pytest.raises(ConfigError, match="future"):
        desk.take(file, at=NOW + timedelta(hours=2))
    main_ends(2, "import", str(file), "--url", URL, "--at", "9000-01-01T00:00Z", "--db", str(db))
    assert capsys.readouterr().err.count("\n") == 1
    assert not db.exists()


def test_a_saved_page_counts_from_when_its_file_was_written(db: Path, desk: Desk, tmp_path: Path) -> None:
    file = page(tmp_path)
    desk.take(file, at=None)
    assert rows(db, "SELECT fetched_at <= '2024-03-20T13:00:00Z' FROM articles") == [(1,)]


def test_reextract_reads_a_saved_page_again(db: Path, desk: Desk, tmp_path: Path) -> None:
    desk.take(page(tmp_path))
    report = reextract(db, CONFIG)
    assert (report.pages, report.changed, report.withdrawn) == (1, 0, 0)


def test_a_saved_page_that_is_no_article_is_refused_with_its_reason(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "feeds.toml").write_text('[sources.wadi]\nfeeds = ["https://wadi.example/feed"]\n')
    (tmp_path / "page.html").write_text("<html><title>404</title><h1>الصفحة غير موجودة</h1></html>")
    options = ["--db", str(db), "--config", str(tmp_path / "feeds.toml")]
    main_ends(1, "import", str(tmp_path / "page.html"), "--url", URL, *options)
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith(f"newsarchive: {URL}: ")
    assert not db.exists()


def test_a_page_that_was_removed_is_not_kept_again(db: Path, desk: Desk, tmp_path: Path) -> None:
    file = page(tmp_path)
    desk.take(file)
    remove(db, URL, "طلب", NOW)
    assert desk.take(file).slug == "removed"
    assert desk.take(page(tmp_path, SENTENCES[0] + SENTENCES[2])).slug == "removed"
    framed = page(tmp_path)
    framed.write_text(framed.read_text(encoding="utf-8").replace("<footer>", "<footer><p>إطار آخر</p>"))
    assert desk.take(framed, url=f"{URL}?p=2").slug == "removed"
    assert rows(db.with_name("news.pages.db"), "SELECT count(*) FROM pages") == [(0,)]


def test_a_source_that_is_not_configured_is_a_mistake(db: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no source"):
        import_page(db, CONFIG, page(tmp_path), url=URL, source="nobody")


def test_the_text_of_a_line_is_hashed_as_every_text(db: Path) -> None:
    take_in(db, LINE)
    article = Article(url=URL, headline=LINE["headline"], body=LINE["body"])
    assert rows(db, "SELECT text FROM sightings") == [(text_hash(article),)]
