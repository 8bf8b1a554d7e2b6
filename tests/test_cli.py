"""The command line: exit codes, one line for each mistake, nothing but data on standard output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from newsarchive import cli
from outlet import FakeOutlet, serving

COMMAND = [sys.executable, "-m", "newsarchive"]


def run(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    return subprocess.run(
        [*COMMAND, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=cwd,
        env={**kept, **environment},
    )


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of one outlet's two stories in `news.db`."""
    folder = tmp_path_factory.mktemp("archived")
    with serving("بريد الوادي") as (outlet,):
        outlet.publish("/1", "عودة القطن إلى سوريا")
        outlet.publish("/2", 'خلايا "دا-عش" تهاجم نقطة حراسة')
        configure(folder, outlet)
        assert run("fetch", cwd=folder).returncode == 0
    return folder


def configure(folder: Path, outlet: FakeOutlet, more: str = "") -> None:
    block = f'[sources.wadi]\nname = "بريد الوادي"\nfeeds = ["{outlet.base}/feed"]\nallow_private = true\ndelay = 0\n'
    (folder / "feeds.toml").write_text(block + more, encoding="utf-8")


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


# -- fetch


def test_fetch_prints_one_summary_line_and_quiet_prints_nothing(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        outlet.publish("/1", "خبر أول")
        configure(tmp_path, outlet)
        done = run("fetch", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(
            "1 feed: 1 new or unchanged, 0 failed; 1 article new, 0 pages rejected;"
        )
        assert done.stdout.count("\n") == 1
        again = run("fetch", "--quiet", "--force", cwd=tmp_path)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_failed_feeds_are_named_and_strict_makes_them_an_exit_code(tmp_path: Path) -> None:
    with serving("بريد الوادي", "صوت الجبل") as (good, bad):
        bad.fail("/feed", 500)
        configure(
            tmp_path, good, f'[sources.jabal]\nfeeds = ["{bad.base}/feed"]\nallow_private = true\ndelay = 0\n'
        )
        done = run("fetch", "--quiet", cwd=tmp_path)
        assert done.returncode == 0
        assert done.stderr == f"newsarchive: jabal: http-500: {bad.base}/feed\n"
        assert "1 failed" in done.stdout
        assert run("fetch", "--strict", "--force", cwd=tmp_path).returncode == 3


def test_when_nothing_can_be_fetched_the_exit_code_is_4_and_the_line_is_kind(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        configure(tmp_path, outlet)
    done = run("fetch", cwd=tmp_path)
    assert done.returncode == 4
    assert "is this machine online?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_in_the_configuration_is_exit_2_and_fetches_nothing(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text('[sources.wadi]\nfeed = ["https://wadi.example/"]\n')
    done = run("fetch", cwd=tmp_path)
    assert done.returncode == 2
    assert "feeds.toml: [sources.wadi]: unknown key 'feed'; did you mean 'feeds'?" in one_line(done)
    assert not (tmp_path / "news.db").exists()


def test_an_unknown_source_or_option_is_exit_2(archived: Path) -> None:
    assert "did you mean 'wadi'" in one_line(run("fetch", "wady", cwd=archived))
    assert run("fetch", "wady", cwd=archived).returncode == 2
    assert run("fetch", "--nonsense", cwd=archived).returncode == 2


def test_an_archive_that_cannot_be_used_is_exit_5(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("<html>not a database</html>" * 10)
    (tmp_path / "feeds.toml").write_text('[sources.wadi]\nfeeds = ["https://wadi.example/"]\n')
    for command in (["fetch"], ["search", "سوريا"], ["show", "1"], ["feeds", "list"]):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 5, command
        assert "no SQLite file" in one_line(done)
    assert run("search", "سوريا", "--db", "none.db", cwd=tmp_path).returncode == 5


# -- search and show


def test_search_prints_hits_and_ends_with_1_when_there_are_none(archived: Path) -> None:
    done = run("search", "سورية", cwd=archived)
    assert (done.returncode, done.stderr) == (0, "")
    assert "عودة القطن إلى سوريا" in done.stdout
    none = run("search", "المريخ", cwd=archived)
    assert (none.returncode, one_line(none)) == (1, "newsarchive: nothing found\n")


def test_search_as_json_is_an_array_even_when_empty(archived: Path) -> None:
    (hit,) = json.loads(run("search", "--json", "داعش", cwd=archived).stdout)
    assert hit["headline"] == 'خلايا "دا-عش" تهاجم نقطة حراسة'
    assert {"id", "url", "source", "date", "snippet"} <= hit.keys()
    assert json.loads(run("search", "--json", "المريخ", cwd=archived).stdout) == []


def test_a_query_without_a_word_and_a_day_that_is_none_are_exit_2(archived: Path) -> None:
    assert "holds no word" in one_line(run("search", "؟!", cwd=archived))
    assert "is no day" in one_line(run("search", "القطن", "--since", "soon", cwd=archived))
    assert "exchange the two" in one_line(
        run("search", "القطن", "--since", "2024-03", "--until", "2024-02", cwd=archived)
    )
    assert "it has wadi" in one_line(run("search", "القطن", "--source", "wady", cwd=archived))


def test_show_prints_an_article_by_number_or_address(archived: Path) -> None:
    found = json.loads(run("search", "--json", "القطن", cwd=archived).stdout)[0]
    by_id, by_url = (run("show", str(found[key]), cwd=archived).stdout for key in ("id", "url"))
    assert by_id == by_url
    assert "عودة القطن إلى سوريا" in by_id
    assert json.loads(run("show", "--json", str(found["id"]), cwd=archived).stdout)["body"]
    assert run("show", "99", cwd=archived).returncode == 1


def test_the_archive_is_named_by_option_or_environment(archived: Path, tmp_path: Path) -> None:
    db = str(archived / "news.db")
    assert run("search", "القطن", "--db", db, cwd=tmp_path).returncode == 0
    assert run("search", "القطن", cwd=tmp_path, NEWSARCHIVE_DB=db).returncode == 0


def test_arabic_passes_whatever_the_locale_says(archived: Path) -> None:
    for locale in ("C", "POSIX", "en_US.ISO-8859-1"):
        assert (
            "القطن" in run("search", "القطن", cwd=archived, LC_ALL=locale, LANG=locale, PYTHONUTF8="0").stdout
        )


def test_a_closed_pipe_is_no_traceback(archived: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "search", "القطن"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=archived
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() in (b"", b"newsarchive: nothing found\n")


# -- add, feeds, demo


def test_add_archives_a_page_and_says_what_became_of_each(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        configure(tmp_path, outlet)
        url = outlet.publish("/1", "خبر أول")
        done = run("add", url, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{url}: new, article 1\n"
        assert run("add", url, cwd=tmp_path).stdout == f"{url}: known, article 1\n"
        assert outlet.asked("/1") == 1
        some = run("add", url, f"{outlet.base}/none", cwd=tmp_path)
        assert (some.returncode, some.stderr) == (1, f"newsarchive: {outlet.base}/none: not-found\n")
        assert run("add", f"{outlet.base}/none", cwd=tmp_path).returncode == 4
        assert run("fetch", cwd=tmp_path).returncode == 0


def test_add_refuses_what_is_no_address_and_private_addresses_of_unknown_hosts(tmp_path: Path) -> None:
    assert "is no http(s) address" in one_line(run("add", "javascript:alert(1)", cwd=tmp_path))
    assert "did you mean https://wadi.example/1?" in one_line(run("add", "wadi.example/1", cwd=tmp_path))
    with serving("بريد الوادي") as (outlet,):
        done = run("add", outlet.publish("/1", "خبر أول"), cwd=tmp_path)
        assert done.returncode == 4
        assert "private-address" in done.stderr
        assert outlet.log == []


def test_feeds_list_shows_every_configured_outlet(archived: Path, tmp_path: Path) -> None:
    done = run("feeds", "list", cwd=archived)
    assert "wadi" in done.stdout
    assert "min ago" in done.stdout
    (wadi,) = json.loads(run("feeds", "list", "--json", cwd=archived).stdout)
    assert (wadi["source"], wadi["configured"], wadi["feeds"][0]["outcome"]) == ("wadi", True, "ok")
    other = run("feeds", "list", "--db", str(archived / "news.db"), cwd=tmp_path).stdout
    assert other.splitlines()[-1].split()[-4:] == ["not", "in", "the", "configuration"]
    fresh = run("feeds", "list", cwd=tmp_path)
    assert fresh.stdout.count("never asked") == 38
    assert "no archive there yet" in fresh.stderr
    assert list(tmp_path.iterdir()) == []


def test_demo_shows_a_search_and_can_be_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        done = run("demo", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "7 articles new, 0 pages rejected" in done.stdout
        assert "سورية" in done.stdout
        assert "newsarchive fetch" in done.stdout
    assert run("search", "--db", "newsarchive-demo/news.db", "الارهاب", cwd=tmp_path).returncode == 0
    bridge = json.loads(
        run("search", "--db", "newsarchive-demo/news.db", "--json", "الجسر", cwd=tmp_path).stdout
    )[0]
    shown = run("show", "--db", "newsarchive-demo/news.db", str(bridge["id"]), cwd=tmp_path).stdout
    assert shown.endswith(
        "\n\nأعلنت البلدية صباح اليوم إعادة فتح الجسر الحجري أمام السيارات الصغيرة بعد عشرين يوماً من إغلاقه.\n"
    )
    for furniture in ("مقالات ذات صلة", "شارك هذا", "جميع الحقوق", "التعليقات مغلقة", "ادعم صحافتنا"):
        assert furniture not in shown


def test_demo_never_replaces_an_archive_that_is_not_of_a_demo(archived: Path) -> None:
    before = (archived / "news.db").read_bytes(), (archived / "feeds.toml").read_bytes()
    done = run("demo", ".", cwd=archived)
    assert done.returncode == 5
    assert "is not of a demo" in one_line(done)
    assert ((archived / "news.db").read_bytes(), (archived / "feeds.toml").read_bytes()) == before
    assert run("demo", "feeds.toml", cwd=archived).returncode == 5


def test_extract_shows_what_a_page_would_become_and_stores_nothing(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        configure(tmp_path, outlet)
        url = outlet.publish("/1", "عودة القطن إلى الخابور")
        by_url = run("extract", url, cwd=tmp_path)
        (tmp_path / "page.html").write_text(outlet.page("/1"), encoding="utf-8")
    by_file = run("extract", "page.html", "--url", url, "--source", "wadi", cwd=tmp_path)
    assert (by_url.returncode, by_url.stdout) == (0, by_file.stdout)
    assert "عودة القطن إلى الخابور" in by_url.stdout
    assert "مقالات ذات صلة" not in by_url.stdout
    explained = run("extract", "page.html", "--explain", cwd=tmp_path).stdout
    assert "witness " in explained
    assert "cut by " in explained
    assert "unknown.invalid" not in explained
    assert json.loads(run("extract", "page.html", "--json", "--explain", cwd=tmp_path).stdout).keys() >= {
        "headline",
        "body",
        "witnesses",
        "cuts",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feeds.toml", "page.html"]


def test_extract_says_why_a_page_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "wall.html").write_text(
        "<html><head><title>Just a moment...</title></head><body></body></html>"
    )
    done = run("extract", "wall.html", cwd=tmp_path)
    assert (done.returncode, done.stdout[:16]) == (1, "no article: wall")
    assert "no such file" in one_line(run("extract", "none.html", cwd=tmp_path))
    assert run("extract", "none.html", cwd=tmp_path).returncode == 2


def test_reextract_reads_the_archive_again(archived: Path) -> None:
    done = run("reextract", "--dry-run", "--diff", cwd=archived)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "2 pages read again: 0 articles changed, 0 found, 0 withdrawn, 0 failed; nothing was stored;"
    )


def test_output_that_cannot_be_written_is_one_line(archived: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "show", "1"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=archived
        )
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert "No space left" in done.stderr


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout.startswith("newsarchive 0.")


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = run("--help", cwd=tmp_path).stdout
    for name in ("fetch", "add", "search", "show", "extract", "reextract", "feeds", "demo"):
        assert name in shown
    assert run(cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        *([name] for name in typer.main.get_command(cli.app).commands),  # type: ignore[attr-defined]
        ["feeds", "list"],
    ],
)
def test_a_command_that_is_built_alone_says_what_it_says_among_all(words: list[str]) -> None:
    alone = cli._asked_for(words)
    assert list(typer.main.get_command(alone).commands) == words[:1]  # type: ignore[attr-defined]
    for more in ("--help", "--nonsense"):
        one, all_ = (
            CliRunner().invoke(program, [*words, more], prog_name="newsarchive")
            for program in (alone, cli.app)
        )
        assert (one.exit_code, one.output) == (all_.exit_code, all_.output)
        assert f"newsarchive {' '.join(words)} [OPTIONS]" in one.output


@pytest.mark.parametrize("words", [[], ["--help"], ["--version", "search"], ["serch", "سوق"], ["list"]])
def test_what_is_no_command_is_answered_by_the_whole_program(words: list[str]) -> None:
    assert cli._asked_for(words) is cli.app


def test_three_pages_of_one_host_added_one_by_one_are_asked_for_politely(tmp_path: Path) -> None:
    with serving("بريد الوادي") as (outlet,):
        configure(tmp_path, outlet)
        text = (tmp_path / "feeds.toml").read_text(encoding="utf-8").replace("delay = 0", "delay = 2")
        (tmp_path / "feeds.toml").write_text(text, encoding="utf-8")
        urls = [outlet.publish(f"/{n}", f"خبر رقم {n}") for n in range(2)]
        run("add", urls[0], cwd=tmp_path)
        started = time.monotonic()
        run("add", urls[1], cwd=tmp_path)
        assert time.monotonic() - started > 1.0


@pytest.mark.parametrize("which", ["²", "9" * 5000, "٣٣٣"])
def test_show_takes_whatever_is_typed(archived: Path, which: str) -> None:
    assert run("show", which, cwd=archived).returncode == 1


def test_paths_that_can_be_no_archive_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text('[sources.wadi]\nfeeds = ["https://wadi.example/"]\n')
    for db in (".", "/", "x" * 300, "/dev/null"):
        for command in (["fetch"], ["search", "سوريا"], ["feeds", "list"]):
            done = run(*command, "--db", db, cwd=tmp_path)
            assert done.returncode in (1, 5), (db, command, done.stderr)
            assert done.stderr.count("\n") == 1, done.stderr
