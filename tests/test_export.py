"""What leaves the archive: all that is known, of one moment, and in each form text that stays text."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsarchive import terminal
from newsarchive.archive import Archive
from newsarchive.archive.export import COLUMNS, Form
from newsarchive.archive.export_text import bib_text, csv_cell, md_text, plain
from newsarchive.archive.incoming import Incoming, read_line
from newsarchive.archive.snapshot import snapshot
from newsarchive.archive.store import Store
from newsarchive.archive.taking_in import take_in
from newsarchive.cli import main
from newsarchive.errors import ArchiveError, ConfigError, QueryError
from newsarchive.jobs.take_in import import_lines
from storied import BODY, storied

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
LINE = {"source": "wadi", "headline": "خبر", "body": "نص"}
# The limit is lifted at the end: who measures which lines ran writes a file then.
LIMITED = """
import resource, signal, sys
from newsarchive.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
try:
    main(sys.argv[1:])
finally:
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
"""
NASTY = st.text(st.characters(codec="utf-8")) | st.text(
    st.sampled_from("=+-@#*_[]()<>&|~$:`!.\\/{}^%\"' \t\r\n1wمي\x07\x9b\u202e\u2028\ufeff\u200f"), max_size=30
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storied") / "news.db"
    storied(path)
    return path


def exported(db: Path, form: Form = "jsonl", **chosen: object) -> bytes:
    out = io.BytesIO()
    with Archive(db) as archive:
        archive.export(form, out, **chosen)  # type: ignore[arg-type]
    return out.getvalue()


def objects(db: Path, **chosen: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in exported(db, **chosen).splitlines()]


def archive_of(folder: Path, *lines: dict[str, object]) -> Path:
    """An archive of articles as a simple file gives them."""
    text = "".join(json.dumps({**LINE, **line}) + "\n" for line in lines)
    done = import_lines(folder / "news.db", io.BytesIO(text.encode()), now=lambda: NOW)
    assert done.refused == 0
    return folder / "news.db"


# -- what is chosen


def test_all_articles_come_oldest_first_with_their_past(db: Path) -> None:
    found = objects(db)
    assert [one["url"] for one in found] == [
        "https://jabal.example/library",
        "https://wadi.example/moved",
        "https://wadi.example/bridge",
        "https://wadi.example/cotton",
        "https://jabal.example/saved",
    ]
    cotton = next(one for one in found if one["url"] == "https://wadi.example/cotton")
    assert cotton["headline"] == "القطن يعود إلى الخابور بعد سنوات"
    assert [one["headline"] for one in cotton["revisions"]] == ["عودة القطن إلى الخابور"] * 2  # type: ignore[attr-defined]
    assert cotton["revisions"][0]["body"] == BODY  # type: ignore[index]


def test_a_query_and_filters_choose_as_in_search(db: Path) -> None:
    with Archive(db) as archive:
        hits = archive.search("القطن الخابور")
    assert [one["url"] for one in objects(db, query="القطن الخابور")] == [hit.record.url for hit in hits]
    assert {one["source"] for one in objects(db, source="jabal")} == {"jabal"}
    assert objects(db, since=date(2030, 1, 1)) == []
    with pytest.raises(QueryError, match="no source"):
        exported(db, source="nobody")
    with pytest.raises(QueryError):
        exported(db, query="!!")


def test_a_limit_takes_the_newest_and_writes_them_oldest_first(db: Path) -> None:
    every = exported(db).splitlines()
    assert exported(db, limit=2).splitlines() == every[-2:]
    assert exported(db, limit=99).splitlines() == every


def test_articles_of_one_instant_stand_in_the_order_of_their_addresses(tmp_path: Path) -> None:
    urls = [f"https://wadi.example/{number}" for number in (3, 1, 2)]
    made = archive_of(tmp_path, *({"url": url, "date": "2018-01-09"} for url in urls))
    assert [one["url"] for one in objects(made)] == sorted(urls)


def test_what_is_stored_while_an_export_runs_is_not_in_it(tmp_path: Path) -> None:
    made = archive_of(tmp_path, *({"url": f"https://wadi.example/{number}"} for number in range(50)))

    class Slow(io.BytesIO):
        """A reader that lets somebody write after the first line."""

        def writelines(self, lines: Iterable[bytes]) -> None:  # type: ignore[override]
            for number, line in enumerate(lines):
                self.write(line)
                if number == 0:
                    late = json.dumps({**LINE, "url": "https://wadi.example/late"}).encode()
                    read = read_line(late, NOW)
                    with store.transaction():
                        assert isinstance(read, Incoming)
                        take_in(store, read, NOW)

    out = Slow()
    with Store.open(made, NOW) as store, Archive(made) as archive:
        assert archive.export("jsonl", out) == 50
        assert archive.count() == 51
    assert b"/late" not in out.getvalue()


def test_an_export_does_not_sort_whole_articles(db: Path) -> None:
    from newsarchive.archive import export  # noqa: PLC0415 - the queries are looked at, not called

    with closing(sqlite3.connect(db)) as connection:
        for sql in (export._ALL, export._NEWEST):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql.format(where='')}", (5,) * sql.count("?"))
            steps = [row[3] for row in plan]
            assert any("SCAN a USING INDEX articles_sort" in step for step in steps), steps


# -- where it goes


def test_a_file_gets_its_name_when_it_is_whole(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.jsonl"
    with Archive(db) as archive:
        assert archive.export("jsonl", out) == 5
    assert out.read_bytes() == exported(db)
    damaged = archive_of(tmp_path, {"url": "https://wadi.example/1"}, {"url": "https://wadi.example/2"})
    with Store.open(damaged, NOW) as store, store.transaction():
        store.connection.execute("UPDATE articles SET tags = '[' WHERE url LIKE '%/2'")
    with Archive(damaged) as archive, pytest.raises(ArchiveError, match="damaged"):
        archive.export("jsonl", out)
    assert out.read_bytes() == exported(db)
    assert not list(tmp_path.glob(".*"))


def test_the_archive_itself_is_never_written_over(db: Path) -> None:
    with Archive(db) as archive:
        for name in (
            "news.db",
            "news.pages.db",
            "news.seals.txt",
            "news.db.lock",
            "news.db-wal",
            "news.pages.db-shm",
        ):
            itself = db.with_name(name)
            with pytest.raises(ConfigError, match="archive itself"):
                archive.export("jsonl", itself)


@pytest.mark.parametrize("out", ["none/news.jsonl", "."])
def test_a_place_where_no_file_can_be_is_a_mistake_in_the_command(
    db: Path, tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "--format", "jsonl", "--output", str(tmp_path / out), "--db", str(db)])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(f"newsarchive: {tmp_path / out}: ")
    assert ".part" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "warc", "parquet"])
def test_a_full_disk_is_exit_5_names_the_file_and_keeps_what_was_there(
    db: Path, tmp_path: Path, form: str
) -> None:
    copy, out = tmp_path / "copy.db", tmp_path / "out" / "news.out"
    snapshot(db, copy)  # which is read without a file beside it
    out.parent.mkdir()
    out.write_bytes(b"kept")
    command = [sys.executable, "-c", LIMITED, "export", "--format", form, "-o", str(out), "--db", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (5, f"newsarchive: {out}: File too large; it was not written\n")
    assert [file.read_bytes() for file in out.parent.iterdir()] == [b"kept"]


def test_an_archive_of_an_older_newsarchive_is_one_clear_error(tmp_path: Path) -> None:
    made = archive_of(tmp_path, {"url": "https://wadi.example/1"})
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(ArchiveError, match="older newsarchive"):
        exported(made)


def test_nothing_found_is_exit_1_and_writes_no_file(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none.csv"
    with pytest.raises(SystemExit) as ended:
        main(["export", "زرافة", "--format", "csv", "--output", str(out), "--db", str(db)])
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "newsarchive: nothing found\n")
    assert not out.exists()


@pytest.mark.parametrize("form", ["warc", "parquet"])
def test_a_binary_form_is_refused_to_a_terminal(db: Path, form: Form) -> None:
    class Terminal(io.BytesIO):
        def isatty(self) -> bool:
            return True

    with Archive(db) as archive, pytest.raises(ConfigError, match="--output"):
        archive.export(form, Terminal())


def test_excel_is_for_csv(db: Path) -> None:
    with pytest.raises(ConfigError, match="--excel is for csv"):
        exported(db, "md", excel=True)


# -- JSON lines


def test_json_is_readable_arabic_and_hides_no_invisible_character(tmp_path: Path) -> None:
    headline = "خبر\u202eمقلوب\u2028\x9b31m\U000e0041"
    made = archive_of(tmp_path, {"url": "https://wadi.example/1", "headline": headline})
    line = exported(made).decode()
    assert "خبر" in line
    assert not re.search("[\u202e\u2028\x9b\U000e0041]", line)
    assert json.loads(line)["headline"] == headline


# -- CSV


@given(NASTY)
def test_no_cell_is_a_formula_or_holds_a_control(text: str) -> None:
    cell = csv_cell(text)
    bare = "".join(char for char in cell if not char.isspace() and unicodedata.category(char) != "Cf")
    assert not bare.startswith(("=", "+", "-", "@"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", cell)


def test_a_cell_that_looks_like_a_formula_begins_with_an_apostrophe() -> None:
    assert csv_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert csv_cell("\t@SUM") == "'@SUM"
    assert csv_cell("\u200f+1") == "'\u200f+1"
    assert csv_cell("＝1") == "'＝1"
    assert csv_cell("خبر = خبر") == "خبر = خبر"
    assert csv_cell(None) == ""


def test_csv_has_one_row_an_article_and_keeps_paragraphs_in_their_cell(db: Path) -> None:
    text = exported(db, "csv").decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == COLUMNS
    assert len(rows) == 5
    assert text.count("\r\n") == 6
    library = dict(zip(header, rows[0], strict=True))
    assert library["body"] == BODY
    assert library["revisions"] == "0"


def test_csv_for_excel_says_that_it_is_utf_8_and_fits_into_its_cells(tmp_path: Path) -> None:
    made = archive_of(tmp_path, {"url": "https://wadi.example/1", "body": "😀" * 20_000})
    content = exported(made, "csv", excel=True)
    assert content.startswith(b"\xef\xbb\xbfurl,")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert len(row["body"].encode("utf-16-le")) // 2 <= 32_767
    assert row["body"].endswith("😀 […]")
    (whole,) = csv.DictReader(io.StringIO(exported(made, "csv").decode(), newline=""))
    assert len(whole["body"]) == 20_000


# -- Markdown


@given(NASTY)
def test_an_outlets_text_never_becomes_markup(text: str) -> None:
    shown = " ".join(plain(text).split())
    for parser in (MarkdownIt("commonmark"), MarkdownIt("gfm-like", {"linkify": False})):
        page = parser.render(f"## {md_text(text)}\n\n{md_text(text)}\n")
        assert page == (f"<h2>{escaped(shown)}</h2>\n" + (f"<p>{escaped(shown)}</p>\n" if shown else ""))


@pytest.mark.parametrize(
    "text",
    [
        "نص #", "# نص", "1. نص", "١. نص", "2) نص", "- نص", "+ نص", "=== ", "---", "***", "> نص", "    نص", "[نص](/x)", "![نص](/x)",
        "<b>نص</b>", "&amp; &#1633;", "`نص`", "~~نص~~", "*نص* _نص_ __نص__", "| a | b |", "\\", "[^1]: نص", "[نص]: /x", "<https://x.example>",
    ],
)  # fmt: skip
def test_what_looks_like_markup_is_shown_as_it_was_printed(text: str) -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(f"## {md_text(text)}\n\n{md_text(text)}\n")
    shown = escaped(" ".join(text.split()))
    assert page == f"<h2>{shown}</h2>\n<p>{shown}</p>\n"


def test_nothing_that_a_reader_could_make_a_link_of_stays_one() -> None:
    assert md_text("www.wadi.example") == "www\\.wadi.example"
    assert md_text("https://wadi.example a@b.example") == "https\\://wadi.example a\\@b.example"
    assert md_text(":smile: 12:30") == "\\:smile: 12:30"


def escaped(text: str) -> str:
    return html.escape(text, quote=False).replace('"', "&quot;")


def test_the_document_has_headlines_facts_and_paragraphs(db: Path) -> None:
    text = exported(db, "md", query="القطن").decode()
    assert text.startswith(
        '<div dir="auto">\n\n## القطن يعود إلى الخابور بعد سنوات\n\n- source: بريد الوادي\n'
    )
    assert "- address: <https://wadi.example/cotton>\n" in text
    assert MarkdownIt().render(text).count("<p>") == 3


def test_what_people_read_says_that_an_article_was_changed(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        ((since,),) = connection.execute(
            "SELECT replace(substr(revised_at, 1, 16), 'T', ' ') FROM articles WHERE revised_at IS NOT NULL"
        )
    changed = f"2 times; as it stands since {since} UTC"
    markdown, entries = exported(db, "md").decode(), exported(db, "bib").decode()
    assert re.findall(r"^- changed: (.*)$", markdown, flags=re.MULTILINE) == [changed]
    assert re.findall(r"^  note = \{(.*)\},$", entries, flags=re.MULTILINE) == [f"changed {changed}"]


# -- BibLaTeX


def test_an_entry_has_a_key_that_stays_and_braces_that_close(db: Path, tmp_path: Path) -> None:
    line = {"url": "https://wadi.example/1", "headline": "100% {حق} & $5_#", "language": "ar-SY"}
    entry = exported(archive_of(tmp_path, line), "bib").decode()
    assert r"title = {{100\% \{حق\} \& \$5\_\#}}" in entry
    assert "langid = {arabic}" in entry
    assert "urldate = {2024-03-20}" in entry
    assert "date = {}" not in entry
    every = exported(db, "bib").decode()
    keys = re.findall(r"^@online\{([^,]+),$", every, flags=re.MULTILINE)
    assert len(set(keys)) == 5
    assert keys == re.findall(r"^@online\{([^,]+),$", exported(db, "bib").decode(), flags=re.MULTILINE)


@given(NASTY)
def test_no_text_ends_its_field_or_begins_a_command(text: str) -> None:
    told = re.sub(r"\\(text[a-z]+\{\}|[{}$&#_%])", "", bib_text(text))
    assert not re.search(r"[\\{}$&#_%^~\n]", told)


# -- Parquet


def test_parquet_has_typed_columns(db: Path, tmp_path: Path) -> None:
    (tmp_path / "news.parquet").write_bytes(exported(db, "parquet"))
    table = pq.read_table(tmp_path / "news.parquet")
    rows = table.to_pylist()
    assert len(rows) == 5
    assert rows[0]["first_seen"].tzinfo is not None
    assert rows[0]["date"] == date(2024, 3, 11)
    assert rows[0]["addresses"] == ["https://jabal.example/library"]
    assert {str(table.schema.field(name).type) for name in ("tags", "addresses")} == {"list<element: string>"}
    assert {row["url"]: row["revisions"] for row in rows}["https://wadi.example/cotton"] == 2


def test_without_the_extra_parquet_is_one_line_that_names_it(db: Path) -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = None; from newsarchive.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "export", "--format", "parquet", "--db", str(db)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "newsarchive: parquet needs a library: pip install 'newsarchive[parquet]'\n"


# -- what all forms share


def test_text_for_people_loses_what_a_terminal_would_not_get() -> None:
    every = map(chr, range(0x110000))
    odd = [char for char in every if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}]
    assert [char for char in odd if plain(f".{char}.") != terminal.safe(f".{char}.")] == ["\n"]


def test_an_export_works_while_somebody_writes(db: Path) -> None:
    with Store.open(db, NOW):
        assert len(objects(db)) == 5
