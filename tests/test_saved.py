"""Saved searches: nothing is shown twice, nothing is lost, whoever else is at work and however a run ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsarchive.archive.saved import (
    FILE,
    Saved,
    SavedSearch,
    forget,
    saved_search,
    saved_searches,
    state_folder,
)
from newsarchive.errors import ArchiveError, ConfigError, LockedError, NewsArchiveError, QueryError
from test_imports import HEAVY

NOW = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
OURS, OTHER = "0b6c1c3e-7b1a-4c55-9d56-3f0f3a5d8c11", "b7c9a0de-22f4-4d0e-8f1c-6a2f9c4e7d22"
COTTON = {"query": "القطن"}
URLS = [f"https://wadi.example/{number}" for number in range(5)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "newsarchive"


def run(
    folder: Path, urls: Iterable[str] = URLS, name: str = "cotton", archive: str = OURS, **more: object
) -> list[str]:
    """Run a saved search that finds `urls`; return what it shows."""
    asked = more or COTTON
    with saved_search(folder, archive, name, asked, NOW) as saved:
        new = [url for url in urls if saved.is_new([url])]
        saved.shown(new)
    return new


def asked_by(folder: Path, name: str = "cotton", **asked: object) -> dict[str, object]:
    with saved_search(folder, OURS, name, asked, NOW) as saved:
        saved.shown([])
        return saved.asked


def in_a_child(work: Callable[[], object]) -> int:
    """Do something in a process of its own; return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def status_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# -- what is new


def test_a_search_shows_an_article_once(folder: Path) -> None:
    assert run(folder, URLS[:2]) == URLS[:2]
    assert run(folder, URLS[:2]) == []
    assert run(folder) == URLS[2:]
    assert run(folder) == []


def test_each_search_has_shown_what_it_has_shown(folder: Path) -> None:
    run(folder, URLS[:2])
    assert run(folder, name="القطن والقمح") == URLS
    assert run(folder) == URLS[2:]


def test_another_archive_has_searches_of_its_own_and_a_copy_shares_them(folder: Path) -> None:
    run(folder)
    assert run(folder, archive=OTHER) == URLS
    assert run(folder, archive=OURS) == []
    forget(folder, OTHER, "cotton")
    assert run(folder) == []


def test_what_was_not_said_to_be_shown_is_new_the_next_time(folder: Path) -> None:
    with saved_search(folder, OURS, "cotton", COTTON, NOW) as saved:
        assert saved.is_new(URLS[:1])
    assert saved_searches(folder, OURS) == ()
    assert run(folder) == URLS


def test_an_article_was_shown_if_it_was_at_any_of_its_addresses(folder: Path) -> None:
    run(folder, URLS[1:2])
    with saved_search(folder, OURS, "cotton", None, NOW) as saved:
        assert not saved.is_new(URLS[:2])
        assert not saved.is_new(URLS)
        assert saved.is_new(URLS[2:])
        assert saved.is_new([])


def test_an_error_before_the_end_loses_nothing(folder: Path) -> None:
    def fail(saved: Saved) -> None:
        assert saved.is_new(URLS[:1])
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError), saved_search(folder, OURS, "cotton", COTTON, NOW) as saved:
        fail(saved)
    assert saved_searches(folder, OURS) == ()
    assert run(folder) == URLS


def test_what_was_shown_is_remembered_though_the_run_fails_later(folder: Path) -> None:
    def show_and_fail(saved: Saved) -> None:
        saved.shown(URLS)
        raise SystemExit(1)

    with pytest.raises(SystemExit), saved_search(folder, OURS, "cotton", COTTON, NOW) as saved:
        show_and_fail(saved)
    assert run(folder) == []


def test_a_kill_before_they_are_remembered_leaves_all_unshown_and_one_after_it_none(folder: Path) -> None:
    def show_and_die(saved: Saved, statement: int) -> None:
        left = iter(range(statement))
        saved._connection.set_trace_callback(lambda _: next(left, None) is None and kill())
        saved.shown(URLS)
        kill()

    def search(statement: int) -> None:
        with saved_search(folder, OURS, f"cotton {statement}", COTTON, NOW) as saved:
            show_and_die(saved, statement)

    shown = []
    statements = len(URLS) + 3  # BEGIN, the search, its articles, COMMIT
    for statement in range(statements + 1):
        assert status_of(in_a_child(lambda: search(statement))) == -signal.SIGKILL  # noqa: B023 - runs at once
        shown.append(len(URLS) - len(run(folder, name=f"cotton {statement}")))
    assert shown == [0] * statements + [len(URLS)]


def test_a_kill_while_the_file_is_made_leaves_one_that_works(folder: Path) -> None:
    def search() -> None:
        with saved_search(folder, OURS, "cotton", COTTON, NOW):
            kill()

    folder.mkdir(parents=True)
    (folder / FILE).touch()
    assert saved_searches(folder, OURS) == ()
    assert status_of(in_a_child(search)) == -signal.SIGKILL
    assert saved_searches(folder, OURS) == ()
    assert run(folder) == URLS


# -- two at once


def test_searches_at_once_show_nothing_twice_and_miss_nothing(folder: Path, tmp_path: Path) -> None:
    start, go = os.pipe()

    def search(number: int) -> None:
        os.close(go)
        os.read(start, 1)  # until all are let go
        for until in range(1, 41):
            new = run(folder, [f"https://wadi.example/{n}" for n in range(until)])
            with (tmp_path / f"{number}.txt").open("a") as file:
                file.writelines(f"{url}\n" for url in new)

    children = [in_a_child(lambda n=number: search(n)) for number in range(3)]
    os.close(start)
    os.close(go)
    assert [status_of(child) for child in children] == [0, 0, 0]
    shown = [line for number in range(3) for line in (tmp_path / f"{number}.txt").read_text().splitlines()]
    assert sorted(shown) == sorted(f"https://wadi.example/{n}" for n in range(40))


def test_one_that_waits_in_vain_for_another_of_its_name_is_told_and_the_other_goes_on(folder: Path) -> None:
    run(folder, URLS[:1])
    with saved_search(folder, OURS, "cotton", None, NOW) as first:
        with (
            pytest.raises(LockedError, match="the saved search 'cotton' is at work already"),
            saved_search(folder, OURS, "cotton", None, NOW, patience=0),
        ):
            pass
        first.shown(URLS)
    assert run(folder) == []


def test_a_search_that_takes_its_time_blocks_no_other(folder: Path) -> None:
    run(folder, name="wheat")
    run(folder, name="dates")
    with saved_search(folder, OURS, "cotton", COTTON, NOW) as slow:
        for name, archive in (("wheat", OURS), ("barley", OURS), ("cotton", OTHER)):
            with saved_search(folder, archive, name, COTTON, NOW, patience=0) as quick:
                quick.shown(URLS)
        forget(folder, OURS, "dates")
        assert [search.name for search in saved_searches(folder, OURS)] == ["barley", "wheat"]
        assert slow.is_new(URLS)
        slow.shown(URLS[:1])
    assert run(folder) == URLS[1:]


def test_a_search_that_is_killed_lets_go_of_its_name(folder: Path) -> None:
    def search() -> None:
        with saved_search(folder, OURS, "cotton", COTTON, NOW):
            kill()

    assert status_of(in_a_child(search)) == -signal.SIGKILL
    with saved_search(folder, OURS, "cotton", COTTON, NOW, patience=0) as saved:
        assert saved.is_new(URLS)


# -- what it looks for


def test_a_search_that_was_saved_runs_without_being_told_again(folder: Path) -> None:
    asked = {"query": '"سد الفرات" -خبر', "source": "wadi", "in": "headline", "any": True}
    assert asked_by(folder, **asked) == asked
    assert asked_by(folder) == asked


def test_options_alone_go_over_the_saved_ones_for_this_time(folder: Path) -> None:
    kept = {"query": "القطن", "source": "wadi", "reading": "stems", "in": "headline", "any": True}
    asked_by(folder, **kept)
    assert asked_by(folder, source="tell", reading="words") == {**kept, "source": "tell", "reading": "words"}
    assert asked_by(folder, **{"in": "text", "any": False}) == {**kept, "in": "text", "any": False}
    assert asked_by(folder) == kept


def test_a_query_replaces_the_search_with_its_options_but_not_what_it_has_shown(folder: Path) -> None:
    run(folder, query="القطن", source="wadi")
    assert asked_by(folder, query="القمح") == {"query": "القمح"}
    assert asked_by(folder) == {"query": "القمح"}
    assert run(folder, sort="best") == []


def test_what_is_none_was_not_given_and_what_is_empty_was(folder: Path) -> None:
    asked_by(folder, query="القطن", any=True, source="wadi")
    assert asked_by(folder, query=None, any=None, since="") == {
        "query": "القطن",
        "any": True,
        "source": "wadi",
        "since": "",
    }


@pytest.mark.parametrize(
    "query", ["\x00", "\ud800", "'; DROP TABLE shown; --", "\u202e\x1b[2J", "قطن " * 25_000]
)
def test_whatever_was_typed_is_kept_as_typed(folder: Path, query: str) -> None:
    asked_by(folder, query=query)
    assert asked_by(folder) == {"query": query}


def test_a_new_name_with_nothing_to_look_for_names_the_searches_that_there_are(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"'cotton'.*none yet"):
        asked_by(folder)
    asked_by(folder, "القمح", query="القمح")
    asked_by(folder, "cotton", query="القطن")
    with pytest.raises(ConfigError, match=r"no saved search 'coton'.*there are: 'cotton', 'القمح'"):
        asked_by(folder, "coton")
    assert len(saved_searches(folder, OURS)) == 2


def test_a_query_that_is_refused_is_not_saved(folder: Path) -> None:
    run(folder, URLS[:1])
    with (
        pytest.raises(QueryError),
        saved_search(folder, OURS, "cotton", {"query": "؟؟"}, NOW),
    ):
        raise QueryError("holds no word")
    assert asked_by(folder) == COTTON


# -- listing and forgetting


def test_saved_searches_are_listed_by_name_with_what_they_have_shown(folder: Path) -> None:
    assert saved_searches(folder, OURS) == ()
    assert not folder.exists()
    run(folder, URLS[:3])
    run(folder, name="attacks", query="قصف", source="wadi")
    run(folder, archive=OTHER)
    with saved_search(folder, OURS, "cotton", {"query": "قطن"}, NOW + timedelta(days=1)) as saved:
        saved.shown([])
    assert saved_searches(folder, OURS) == (
        SavedSearch(name="attacks", asked={"query": "قصف", "source": "wadi"}, created_at=NOW, shown=5),
        SavedSearch(name="cotton", asked={"query": "قطن"}, created_at=NOW, shown=3),
    )


def test_a_search_that_was_forgotten_begins_anew(folder: Path) -> None:
    run(folder)
    run(folder, name="wheat")
    forget(folder, OURS, "cotton")
    assert [search.name for search in saved_searches(folder, OURS)] == ["wheat"]
    assert run(folder) == URLS
    assert run(folder, name="wheat") == []


def test_only_what_is_there_is_forgotten_and_no_file_is_made_for_it(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no saved search 'cotton'.*none yet"):
        forget(folder, OURS, "cotton")
    assert not folder.exists()
    run(folder)
    with pytest.raises(ConfigError, match="there are: 'cotton'"):
        forget(folder, OURS, "cot%")
    assert run(folder) == []


# -- names


@pytest.mark.parametrize(
    "name",
    ["x", "أخبار القطن", "قُطْن", "../../etc", "a'b\"; DROP TABLE shown --", "%", "--new", "ق" * 64, "🌾"],
)
def test_any_visible_text_is_a_name(folder: Path, name: str) -> None:
    run(folder, URLS[:1], name=name)
    assert [search.name for search in saved_searches(folder, OURS)] == [name]
    assert run(folder, URLS[:1], name=name) == []
    forget(folder, OURS, name)
    assert saved_searches(folder, OURS) == ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "ق" * 65,
        "x" * 100_000,
        "a\nb",
        "\x00",
        "\x1b[2J",
        "\u202eabc",
        "a\u200bb",
        "\ud800",
        "\x85",
        "\ue000",
    ],
)
def test_what_cannot_be_seen_is_no_name(folder: Path, name: str) -> None:
    for work in (lambda: run(folder, name=name), lambda: forget(folder, OURS, name)):
        with pytest.raises(ConfigError, match="1 to 64 visible characters") as caught:
            work()
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 800
    assert not folder.exists()


def test_two_spellings_that_look_alike_are_one_name(folder: Path) -> None:
    run(folder, name="أخبار")
    assert run(folder, name=unicodedata.normalize("NFD", "أخبار")) == []
    assert run(folder, name=" أخبار ") == []


# -- the file


def test_the_file_is_the_users_own(folder: Path) -> None:
    run(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o640
    assert sorted(file.suffix for file in folder.iterdir()) == [".db", ".lock"]
    for lock in folder.glob("*.lock"):
        assert (stat.S_IMODE(lock.stat().st_mode), lock.stat().st_size) == (0o640, 0)


def test_the_folder_is_the_one_for_state() -> None:
    home = {"HOME": "/home/noor"}
    assert state_folder(home) == Path("/home/noor/.local/state/newsarchive")
    assert state_folder({**home, "XDG_STATE_HOME": "/var/state"}) == Path("/var/state/newsarchive")
    assert state_folder({"XDG_STATE_HOME": "/var/state"}) == Path("/var/state/newsarchive")
    for nowhere in ("", "not/absolute"):
        assert state_folder({**home, "XDG_STATE_HOME": nowhere}) == state_folder(home)
        with pytest.raises(ConfigError, match="set XDG_STATE_HOME"):
            state_folder({"XDG_STATE_HOME": nowhere, "HOME": ""})


def refused(folder: Path, match: str) -> None:
    """All that can be asked of a file is refused in one line, and leaves it as it is."""
    before = (folder / FILE).read_bytes()
    for work in (
        lambda: run(folder),
        lambda: saved_searches(folder, OURS),
        lambda: forget(folder, OURS, "cotton"),
    ):
        with pytest.raises(ArchiveError, match=match) as caught:
            work()
        assert str(caught.value).startswith(f"{folder / FILE}: ")
        assert "\n" not in str(caught.value)
        assert (folder / FILE).read_bytes() == before


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"no database at all, and never was one\n" * 100),
        lambda path: path.write_bytes(bytes(8192)),
        lambda path: overwrite(path, 100, b"\xff" * 200),
        lambda path: overwrite(path, 4096, b"\xff" * 8192),
        lambda path: os.truncate(path, 5000),
    ],
)
def test_a_damaged_file_is_said_and_left_as_it_is(folder: Path, damage: Callable[[Path], object]) -> None:
    run(folder)
    damage(folder / FILE)
    refused(folder, "it is damaged; salvage it")


def test_a_cell_that_this_program_did_not_write_is_damage(folder: Path) -> None:
    odd: list[dict[str, object]] = [
        *({"query": value} for value in (5, None, ["القطن"], {"القطن": 1}, True)),
        *({"query": "القطن", "since": value} for value in (5, None, False)),
        *({"query": "القطن", option: "loud"} for option in ("sort", "reading", "in", "any", "volume")),
        *({"query": "القطن", option: []} for option in ("sort", "reading", "in", "stories")),
    ]
    for asked in ("{", "[1]", "3", "null", '"القطن"', "", "[" * 100_000, *map(json.dumps, odd)):
        run(folder)
        with closing(sqlite3.connect(folder / FILE)) as connection, connection:
            connection.execute("UPDATE searches SET asked = ?", (asked,))
        for work in (lambda: asked_by(folder), lambda: saved_searches(folder, OURS)):
            with pytest.raises(ArchiveError, match="the saved search 'cotton' is damaged; give its query"):
                work()
    assert run(folder) == []  # a query replaces it


def test_a_file_of_another_program_is_left_alone(folder: Path) -> None:
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("CREATE TABLE searches (name TEXT)")
    refused(folder, "another program.*XDG_STATE_HOME")


def test_a_file_of_a_newer_version_is_left_alone(folder: Path) -> None:
    run(folder)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA user_version = 2")
    refused(folder, r"newer newsarchive \(schema 2, this one knows 1\)")


def test_what_cannot_be_written_to_is_found_before_anything_is_shown(folder: Path) -> None:
    run(folder, URLS[:1])
    path = folder / FILE
    journal = path.with_name(FILE + "-journal")
    journal.symlink_to("no/where")  # so none can be made, as in a folder without a right; root has all rights
    with pytest.raises(ArchiveError, match="check the folder"):
        asked_by(folder)
    journal.unlink()
    overwrite(path, 18, b"\x03")  # a version of the format that SQLite reads and does not write
    with pytest.raises(ArchiveError, match="cannot be written to"):
        asked_by(folder)
    assert [search.shown for search in saved_searches(folder, OURS)] == [1]
    overwrite(path, 18, b"\x01")
    assert run(folder) == URLS[1:]


def test_a_full_disk_is_said_and_what_was_shown_is_shown_again(folder: Path) -> None:
    many = [f"https://wadi.example/{number}/" + "ق" * 400 for number in range(100)]
    run(folder, URLS)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with saved_search(folder, OURS, "cotton", None, NOW) as saved:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        try:
            with pytest.raises(ArchiveError, match="check the disk"):
                saved.shown(many)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert run(folder, [*URLS, *many]) == many


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for place in (tmp_path / "file", tmp_path / "file" / "newsarchive", Path("/proc/newsarchive")):
        with pytest.raises(ArchiveError, match=f"^{place}: "):
            run(place)
    (tmp_path / FILE).mkdir()
    with pytest.raises(NewsArchiveError, match=FILE):
        run(tmp_path)


def test_saved_searches_import_nothing_heavy() -> None:
    # Coverage, if it measures this process, imports its own.
    probe = "import sys; before = {*sys.modules}; import newsarchive.archive.saved; print(*{*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()
