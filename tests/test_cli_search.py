"""`search` and `searches` on the command line: what each option does, and what is said beside the results."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from newsarchive import cli
from newsarchive.archive.saved import FILE
from newsarchive.archive.store import Store
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
    assert not state.exists() or [path.name for path in state.iterdir()] == [FILE]


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
