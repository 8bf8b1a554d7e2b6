"""`search` and `searches` on the command line: what each option does, and what is said beside the results."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from newsarchive import cli
from newsarchive.archive import Archive
from newsarchive.archive.files import pages_path
from newsarchive.archive.merging import merge
from newsarchive.archive.removal import remove
from newsarchive.archive.saved import FILE
from newsarchive.archive.snapshot import snapshot
from newsarchive.archive.store import Store
from newsarchive.archive.withdrawing import bring_back, remember, withdraw
from newsarchive.errors import ArchiveError
from newsarchive.jobs.take_in import import_lines
from newsarchive.models import Entry, Rejected
from sealed import DAY, article, keep
from stock import NOW, Piece, put, stocked

PIECES = [
    Piece(headline="أمطار على دمشق وحلب", body="هطلت الأمطار ثلاثة أيام.", day="2024-03-01"),
    Piece(headline="معرض الكتاب في حلب", body="يفتح المعرض أبوابه للزوار.", day="2024-03-02", source="jabal"),
    Piece(headline="كاتب من حمص", body="يكتب عن دمشق ولا ينسى حلب.", day="2024-03-03"),
    Piece(headline="Cotton in Aleppo", body="The mill of حلب reopens.", day="2024-03-04", language="en"),
    Piece(headline="حفر بئر", body="كتاب وقلم.", day="2024-03-05"),
]


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("shelf") / "news.db", PIECES)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "newsarchive"


@pytest.fixture
def run(
    shelf: Path, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run a command on the shelf, in this process: a process for each takes ten times as long."""
    monkeypatch.setenv("NEWSARCHIVE_DB", str(shelf))
    pipes = signal.getsignal(signal.SIGPIPE)

    def run(*words: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    yield run
    signal.signal(signal.SIGPIPE, pipes)
    assert {path.name for path in state.glob("*") if path.suffix != ".lock"} <= {FILE}


@pytest.fixture
def growing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,  # noqa: ARG001 - which names the other archive first
) -> Callable[..., None]:
    """An archive of its own that commands see; call it to add articles."""
    path = stocked(tmp_path / "news.db", PIECES)
    monkeypatch.setenv("NEWSARCHIVE_DB", str(path))

    def grow(*pieces: Piece) -> None:
        with Store.open(path, NOW) as store, store.transaction():
            put(store.connection, pieces)

    return grow


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("حلب", "4 3 2 1"),
        ("حلب دمشق", "3 1"),
        ("حلب -دمشق", "4 2"),
        ("-دمشق حلب", "4 2"),
        ("-دمشق -- حلب -معرض", "4"),
        ("-- حلب -دمشق", "4 2"),
        ("بئر OR حمص", "5 3"),
        ("بئر | حمص", "5 3"),
        ("( بئر OR حمص ) -كاتب", "5"),
        ('"معرض الكتاب"', "2"),
        ('حلب -"معرض الكتاب"', "4 3 1"),
        ("headline:حلب", "2 1"),
        ("-headline:حلب حلب", "4 3"),
        ("كتا*", "5 2"),
        ("حلب --source jabal", "2"),
        ("--source=jabal حلب", "2"),
        ("حلب --since 2024-03-02 --until 2024-03-03", "3 2"),
        ("حلب --since ٢٠٢٤-٠٣-٠٤", "4"),
        ("حلب --until 2024-03", "4 3 2 1"),
        ("حلب --language en", "4"),
        ("--language AR حلب -دمشق", "2"),
        ("حلب --in headline", "2 1"),
        ("حلب --in text", "4 3 2 1"),
        ("حلب --sort oldest", "1 2 3 4"),
        ("حلب --sort newest --limit 2", "4 3"),
        ("--limit=1 حلب", "4"),
        ("headline:دمشق OR كاتب --sort best --limit 9", "3 1"),
        ("بئر بحمص --any --sort newest", "5 3"),
        ("وللكتاب --reading forms", "5 2"),
        ("للكتاب --reading stems", "5 3 2"),
    ],
)
def test_words_and_options_stand_in_any_order(run: Run, words: str, ids: str) -> None:
    done = run("search", "--ids", *words.split())
    assert (sorted(done.out.split()), done.code) == (sorted(ids.split()), 0)
    if "best" not in words:
        assert done.out.split() == ids.split()


def test_any_word_will_do_and_the_best_stands_first(run: Run) -> None:
    done = run("search", "--any", "--ids", "كاتب", "حمص", "بئر")
    assert done.out.split()[0] == "3"
    assert set(done.out.split()) == {"3", "5", "2"}


def test_a_search_has_five_forms(run: Run) -> None:
    read = run("search", "معرض").out
    assert read.splitlines() == [
        "2  2024-03-02  jabal  https://jabal.example/2",
        "  معرض الكتاب في حلب",
        "  يفتح المعرض أبوابه للزوار.",
        "",
    ]
    (hit,) = json.loads(run("search", "معرض", "--json").out)
    assert (hit["id"], hit["headline"], hit["url"]) == (2, "معرض الكتاب في حلب", "https://jabal.example/2")
    assert "معرض" in run("search", "معرض", "--json").out
    lines = run("search", "حلب", "--jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [4, 3, 2, 1]
    rows = list(csv.DictReader(io.StringIO(run("search", "حلب", "--csv").out)))
    assert [row["id"] for row in rows] == ["4", "3", "2", "1"]
    assert rows[2]["headline"] == "معرض الكتاب في حلب"
    assert run("search", "حلب", "--count") == Done(0, "4\n", "")
    assert run("search", "حلب", "--count", "--limit", "1").out == "4\n"
    assert run("search", "حلب", "--ids", "--limit", "1").out == "4\n"


def test_nothing_found_is_exit_1_in_each_form(run: Run) -> None:
    for form, out in (("--json", "[]\n"), ("--jsonl", ""), ("--csv", ""), ("--ids", ""), ("--sort=best", "")):
        assert run("search", "المريخ", form) == Done(1, out, "newsarchive: nothing found\n")
    assert run("search", "المريخ", "--count") == Done(1, "0\n", "")


def test_looser_readings_are_said_when_few_are_found(run: Run) -> None:
    forms, stems = (
        "with other forms of the words (--reading forms)",
        "with words of the same stems (--reading stems)",
    )
    assert run("search", "وللكتاب", "--ids") == Done(
        1, "", f"newsarchive: nothing found; 2 {forms}; 3 {stems}\n"
    )
    assert run("search", "كتاب", "--ids") == Done(0, "5\n2\n", f"newsarchive: 2 found; 3 {stems}\n")
    assert run("search", "كتاب", "--ids", "--reading", "forms").err == f"newsarchive: 2 found; 3 {stems}\n"
    for words in (["--reading", "stems"], ["--limit", "1"], ["--count"], ["--any"]):
        assert run("search", "كتاب", *words).err == ""
    assert run("search", "معرض").err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "holds no word"),
        ("؟", "holds no word"),
        ("-دمشق", "only says what must not be there"),
        ("-- -دمشق", "only says what must not be there"),
        ("حلب OR -دمشق", "beside OR"),
        ("حلب --since soon", "is no day"),
        ("حلب --since 2024-03 --until 2024-02", "exchange the two"),
        ("حلب --source wady", "it has jabal, wadi"),
        ("حلب --language arabic", "is no language"),
        ("حلب --ids --count", "--count and --ids do not go together"),
        ("حلب --json --jsonl --csv", "--json and --jsonl and --csv do not go together"),
        ("حلب --count --new x", "--count and --new do not go together"),
        ("--new x", "say what it is to look for"),
        ("؟ --new x", "holds no word"),
        ("حلب --oops", "No such option: --oops"),
        ("--oops=3 حلب", "No such option: --oops"),
        ("حلب --sort nicest", "'newest', 'oldest', 'best'"),
        ("حلب --reading loud", "'words', 'forms', 'stems'"),
        ("حلب --in body", "'text', 'headline'"),
        ("حلب --limit 0", "x>=1"),
        ("حلب --new", "'--new' requires an argument"),
        ("حلب --since", "'--since' requires an argument"),
    ],
)
def test_a_mistake_is_exit_2_and_one_clear_line(run: Run, state: Path, words: str, said: str) -> None:
    done = run("search", *words.split())
    assert (done.code, done.out) == (2, "")
    assert said in done.err.splitlines()[-1]
    assert "searches" not in run("searches").out
    assert not (state / FILE).exists() or json.loads(run("searches", "--json").out) == []


def test_what_follows_two_hyphens_is_searched_for(run: Run) -> None:
    assert run("search", "--", "--oops").code == 1
    assert run("search", "--", "-h").code == 2  # it must not be there
    assert run("search", "--ids", "--", "حلب", "--limit").err == "newsarchive: nothing found\n"


@pytest.mark.parametrize("words", [["-h"], ["حلب", "-h"], ["--help"], ["حلب", "-دمشق", "--help"]])
def test_help_is_help_wherever_it_stands(run: Run, words: list[str]) -> None:
    done = run("search", *words)
    assert (done.code, done.err) == (0, "")
    assert "search [OPTIONS] [QUERY]" in done.out


def test_an_archive_that_is_not_there_is_exit_5(run: Run, tmp_path: Path) -> None:
    for words in (["search", "حلب"], ["search", "حلب", "--new", "x"], ["searches"]):
        done = run(*words, "--db", str(tmp_path / "none.db"))
        assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)


# -- saved searches


def test_a_saved_search_shows_what_is_new_and_is_silent_when_nothing_is(
    run: Run, growing: Callable[..., None]
) -> None:
    assert run("search", "حلب", "-معرض", "--new", "rain", "--ids") == Done(0, "4\n3\n1\n", "")
    assert run("search", "--new", "rain") == Done(1, "", "")
    assert run("search", "--new", "rain", "--json") == Done(1, "", "")
    growing(Piece(headline="ثلج على حلب"), Piece(headline="معرض آخر في حلب"), Piece(headline="ثلج على حمص"))
    assert run("search", "--new", "rain", "--ids") == Done(0, "6\n", "")
    assert run("search", "--new", "rain") == Done(1, "", "")


def test_a_saved_search_keeps_its_options(run: Run, growing: Callable[..., None]) -> None:
    words = ["--in", "headline", "--since", "2024-03-02", "--sort", "oldest", "--source", "jabal"]
    assert run("search", "حلب", *words, "--new", "rain", "--ids").out == "2\n"
    inside = Piece(headline="قمح في حلب", source="jabal", day="2024-03-07")
    growing(
        inside,
        Piece(headline="قمح في حلب", day="2024-03-07"),
        Piece(headline="حمص", body="حلب", source="jabal"),
    )
    assert run("search", "--new", "rain", "--ids").out == "6\n"
    (saved,) = json.loads(run("searches", "--json").out)
    assert saved["asked"] == {
        "query": "حلب",
        "in": "headline",
        "since": "2024-03-02",
        "sort": "oldest",
        "source": "jabal",
    }


def test_a_saved_search_shows_all_it_finds_and_what_a_limit_left_the_next_time(run: Run) -> None:
    assert run("search", "حلب", "--new", "few", "--limit", "3", "--jsonl").out.count("\n") == 3
    assert run("search", "--new", "few", "--limit", "3", "--ids").out == "1\n"
    assert run("search", "--any", "كاتب", "بئر", "--new", "any", "--csv").out.count("\r\n") == 1 + 3
    assert run("search", "--new", "any", "--csv") == Done(1, "", "")


def test_an_option_of_a_saved_search_is_turned_off_for_once_or_by_giving_the_query_again(run: Run) -> None:
    words = ["search", "كتاب", "--new", "book", "--in", "headline", "--reading", "stems"]
    assert run(*words, "--ids").out == "3\n2\n"
    assert run("search", "--new", "book", "--ids").out == ""
    assert run("search", "--new", "book", "--ids", "--in", "text", "--reading", "words").out == "5\n"
    (saved,) = json.loads(run("searches", "--json").out)
    assert saved["asked"] == {"query": "كتاب", "in": "headline", "reading": "stems"}
    run("search", "كتاب", "--new", "book", "--any")
    (saved,) = json.loads(run("searches", "--json").out)
    assert saved["asked"] == {"query": "كتاب", "any": True}
    run("search", "كتاب", "--new", "book")
    (saved,) = json.loads(run("searches", "--json").out)
    assert saved["asked"] == {"query": "كتاب"}
    assert "holds no word" in run("search", "", "--new", "book").err


# -- what is shown once is the article, wherever it is filed


@pytest.fixture
def news(run: Callable[..., Done], tmp_path: Path) -> tuple[Path, Callable[[], str]]:
    """Name an archive, and what a saved search shows of it: the articles' numbers."""
    path = tmp_path / "own.db"

    def new() -> str:
        return run("search", "قطن", "--new", "cotton", "--ids", "--sort", "oldest", "--db", str(path)).out

    return path, new


def told(path: Path, at: str, claim: str = "", text: str = "خبر", *, when: datetime = NOW) -> None:
    """Fetch an article from an address; its page claims another."""
    made = article(claim or at, f"{text} القطن", f"{text}: بيع القطن.")
    with Store.open(path, NOW) as store:
        keep(store, made, entry=Entry(url=at, headline=made.headline), at=when)


def brought(path: Path, *addresses: tuple[str, str], text: str = "خبر") -> None:
    """Import an article that was seen at these addresses."""
    known = [{"url": url, "kind": kind} for url, kind in addresses]
    line = {"url": addresses[0][0], "addresses": known, "source": "wadi", "headline": f"{text} القطن"}
    content = json.dumps({**line, "body": f"{text}: بيع القطن."}).encode()
    done = import_lines(path, io.BytesIO(content), tell=print, now=lambda: NOW)
    assert done.refused == 0


A, B, C = (f"https://wadi.example/{letter}" for letter in "abc")
News = tuple[Path, Callable[[], str]]


def test_an_address_that_goes_back_to_its_owner_neither_hides_one_nor_shows_the_other_again(
    news: News,
) -> None:
    path, new = news
    told(path, A, claim=B)
    assert new() == "1\n"
    told(path, B, text="شأن آخر")
    assert new() == "2\n"
    assert new() == ""


def test_what_a_merge_files_elsewhere_was_shown_and_what_it_brings_was_not(
    news: News, tmp_path: Path
) -> None:
    path, new = news
    told(path, A, claim=C, when=NOW + DAY)
    assert new() == "1\n"
    other = tmp_path / "other.db"
    told(other, A, claim=B)
    told(other, C, text="شأن آخر")
    merge(path, other, NOW + DAY)
    with Archive(path) as archive:
        assert [archive.article(number).url for number in (1, 2)] == [B, C]  # type: ignore[union-attr]
    assert new() == "2\n"
    assert new() == ""


def test_two_articles_that_a_merge_finds_to_be_one_were_shown_if_one_was(news: News, tmp_path: Path) -> None:
    path, new = news
    told(path, B)
    told(path, C, text="شأن آخر")
    assert new() == "1\n2\n"
    told(path, A, text="لم يعرض")
    other = tmp_path / "other.db"
    brought(other, (A, "asked"), (B, "reached"))
    merge(path, other, NOW + DAY)
    assert new() == ""


def test_an_article_that_is_imported_again_was_shown_at_whatever_further_address(news: News) -> None:
    path, new = news
    brought(path, (B, "asked"), (C, "stated"))
    assert new() == "1\n"
    brought(path, (B, "asked"), (A, "asked"), (C, "reached"))
    assert new() == ""


def test_an_article_that_is_withdrawn_and_back_was_shown(news: News) -> None:
    path, new = news
    told(path, A, claim=B)
    assert new() == "1\n"
    with Store.open(path, NOW) as store, store.transaction():
        row = store.connection.execute("SELECT * FROM articles").fetchone()
        remember(store.connection, 1)
        withdraw(store.connection, 1, Rejected(reason="listing"))
    assert new() == ""
    told(path, B, text="شأن آخر")
    assert new() == "2\n"
    with Store.open(path, NOW) as store, store.transaction():
        bring_back(store.connection, 1, 1, dict(row), next_look=None)
    assert new() == ""


def test_a_number_that_is_given_again_after_a_snapshot_was_restored_hides_nothing(
    news: News, tmp_path: Path
) -> None:
    path, new = news
    told(path, A)
    assert new() == "1\n"
    snapshot(path, tmp_path / "kept.db")
    told(path, B, text="شأن آخر")
    assert new() == "2\n"
    for kept, file in ((tmp_path / "kept.db", path), (tmp_path / "kept.pages.db", pages_path(path))):
        kept.replace(file)
    told(path, C, text="شأن ثالث")
    assert new() == "2\n"
    told(path, B, text="شأن آخر")
    assert new() == ""


def test_what_was_removed_takes_nothing_with_it(news: News) -> None:
    path, new = news
    told(path, A, claim=B)
    assert new() == "1\n"
    remove(path, A, "طلب", NOW + DAY)
    told(path, B, text="شأن آخر")
    told(path, C, text="شأن ثالث")
    assert new() == "2\n3\n"
    assert new() == ""


def test_saved_searches_are_listed_and_forgotten(run: Run) -> None:
    none = run("searches")
    assert (none.code, none.out) == (1, "")
    assert "--new NAME" in none.err
    assert run("searches", "--json").out == "[]\n"
    run("search", "حلب", "-معرض", "--new", "rain")
    run("search", "المريخ", "--new", "سماء", "--any")
    listed = run("searches")
    assert (listed.code, listed.err) == (0, "")
    assert [line.split()[0] for line in listed.out.splitlines() if "shown" in line] == ["rain", "سماء"]
    assert "3 shown" in listed.out
    assert "حلب -معرض" in listed.out
    assert [one["shown"] for one in json.loads(run("searches", "--json").out)] == [3, 0]
    assert run("searches", "--forget", "rain") == Done(0, "", "")
    assert [one["name"] for one in json.loads(run("searches", "--json").out)] == ["سماء"]
    again = run("searches", "--forget", "rain")
    assert (again.code, again.out) == (2, "")
    assert "there are: 'سماء'" in again.err
    assert run("search", "حلب", "--new", "rain", "--ids").out == "4\n3\n2\n1\n"


# -- in a process of its own


def command(*words: str, stdout: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "newsarchive", *words], stdout=stdout, stderr=subprocess.PIPE
    )


def test_what_could_not_be_written_is_shown_the_next_time(run: Run) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        command("search", "حلب", "--new", "rain", stdout=full.fileno()) as one,
    ):
        _, err = one.communicate()
        assert (one.returncode, err.count(b"\n")) == (5, 1)
    reader, writer = os.pipe()
    os.close(reader)
    with command("search", "حلب", "--new", "rain", stdout=writer) as other:
        os.close(writer)
        assert other.communicate()[1] == b""
        assert other.returncode == -signal.SIGPIPE
    assert run("search", "حلب", "--new", "rain", "--ids").out == "4\n3\n2\n1\n"


def test_a_terminal_is_told_how_many_more_there_are(run: Run) -> None:
    terminal, its_end = os.openpty()
    with command("search", "حلب", "--limit", "2", stdout=its_end) as one:
        os.close(its_end)
        _, err = one.communicate()
    os.close(terminal)
    assert (one.returncode, err) == (0, b"newsarchive: 2 of 4; --limit shows more of them\n")
    assert run("search", "حلب", "--limit", "2").err == ""


def test_a_file_is_not_cut_at_twenty_in_silence(tmp_path: Path) -> None:
    db = stocked(tmp_path / "many.db", [Piece(headline=f"حلب {number}") for number in range(23)])
    with command("search", "حلب", "--csv", "--db", str(db), stdout=subprocess.PIPE) as one:
        out, err = one.communicate()
    assert len(out.splitlines()) == 21
    assert err == b"newsarchive: 20 of 23; --limit shows more of them\n"


@pytest.mark.parametrize(
    "words", [["search", "حلب"], ["search", "حلب", "--new", "x"], ["searches"], ["stats"], ["--help"]]
)
def test_a_closed_standard_output_is_exit_5_and_one_line(run: Run, state: Path, words: list[str]) -> None:  # noqa: ARG001 - for its archive
    whole = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "newsarchive", *words]
    done = subprocess.run(whole, check=False, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr.count(b"\n")) == (5, 1)
    assert b"standard output is closed" in done.stderr
    assert not state.exists()


def test_an_interruption_while_the_program_is_imported_is_no_traceback(tmp_path: Path) -> None:
    probe = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "typer.py").write_text(probe)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for how in (["-m", "newsarchive", "search"], ["-c", "from newsarchive.__main__ import main; main()"]):
        done = subprocess.run(
            [sys.executable, *how],
            check=False,
            env=environment,
            capture_output=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


# -- an archive that is not as this program leaves it


def changed(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql, values)


@pytest.mark.parametrize(
    "value", ["[1]", '[["حلب", 5]]', "null", "3", '{"حلب": 1}', '["حلب"]', "[[", "", "[[[]]]"]
)
def test_damaged_spellings_are_exit_5_and_one_line(run: Run, tmp_path: Path, value: str) -> None:
    path = stocked(tmp_path / "own.db", PIECES[:1])
    changed(path, "UPDATE meta SET value = ? WHERE key = 'variants'", value)
    for words in (["search", "حلب"], ["search", "حلب", "--new", "x"], ["export", "--format", "csv", "حلب"]):
        done = run(*words, "--db", str(path))
        assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)
        assert "damaged" in done.err


def test_an_archive_without_its_id_is_exit_5_and_one_line(run: Run, tmp_path: Path) -> None:
    path = stocked(tmp_path / "own.db", PIECES[:1])
    changed(path, "DELETE FROM meta WHERE key = 'archive_id'")
    for words in (["search", "حلب", "--new", "x"], ["searches"]):
        done = run(*words, "--db", str(path))
        assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)
        assert "damaged" in done.err


def test_an_index_of_a_newer_program_is_read_with_a_word_and_never_filled_anew(
    run: Run, tmp_path: Path
) -> None:
    path = stocked(tmp_path / "own.db", PIECES[:1])
    changed(path, "UPDATE meta SET value = '99' WHERE key = 'fold_version'")
    done = run("search", "حلب", "--ids", "--db", str(path))
    assert (done.code, done.out) == (0, "1\n")
    assert done.err == (
        "newsarchive: the search index was filled by a newer newsarchive, so not all may be found; upgrade this one\n"
    )
    for how in ({}, {"reindex": True}):
        with (
            pytest.raises(ArchiveError, match=f"^{path}: was written by a newer"),
            Store.open(path, NOW, **how),
        ):
            pass
    with closing(sqlite3.connect(path)) as connection:
        (kept,) = connection.execute("SELECT value FROM meta WHERE key = 'fold_version'").fetchone()
    assert kept == "99"


def test_of_an_index_of_older_rules_it_is_said_that_the_next_write_brings_it_up_to_date(
    run: Run, tmp_path: Path
) -> None:
    path = stocked(tmp_path / "own.db", PIECES[:1])
    for older in (
        "UPDATE meta SET value = '1' WHERE key = 'fold_version'",
        "DELETE FROM meta WHERE key = 'fold_version'",
    ):
        changed(path, older)
        done = run("search", "حلب", "--ids", "--db", str(path))
        assert (done.code, done.out, done.err.count("\n")) == (0, "1\n", 1)
        assert "the next fetch brings it up to date, or at once reindex" in done.err
        with Store.open(path, NOW):
            pass
        assert run("search", "حلب", "--ids", "--db", str(path)) == Done(0, "1\n", "")


# -- export


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("حلب", [1, 2, 3, 4]),
        ("حلب -دمشق", [2, 4]),
        ("-دمشق حلب --language en", [4]),
        ("--language en", [4]),
        ("حلب --in headline", [1, 2]),
        ("headline:حلب --limit 1", [2]),
        ('"معرض الكتاب" OR بئر', [2, 5]),
        ("-- حلب -دمشق", [2, 4]),
    ],
)
def test_export_takes_the_queries_of_search(run: Run, words: str, numbers: list[int]) -> None:
    done = run("export", "--format", "csv", *words.split())
    urls = [row["url"] for row in csv.DictReader(io.StringIO(done.out))]
    assert [int(url.rsplit("/", 1)[1]) for url in urls] == numbers
    assert run("export", "--format", "csv", "المريخ") == Done(1, "", "newsarchive: nothing found\n")
