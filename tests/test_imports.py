"""Reading starts at once: what a command does not need, it does not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "httpx",
    "httpcore",
    "trafilatura",
    "lxml",
    "sqlite_utils",
    "feedparser",
    "selectolax",
    "protego",
    "rich",
    "pydantic",
    "asyncio",
    "warcio",
    "pyarrow",
    "socket",
}

PROBE = """
import json, sys
before = set(sys.modules)  # coverage, if it measures this process, imports its own
from newsarchive.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules.keys() - before)), file=sys.stderr)
"""


def imported(*command: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROBE, *command], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, "-m", "newsarchive", "demo", str(folder)], check=True, capture_output=True
    )
    return folder / "news.db"


def test_help_search_show_and_feeds_list_import_nothing_heavy(db: Path) -> None:
    for command in (
        ["--help"],
        ["search", "--db", str(db), "سوريا"],
        ["show", "--db", str(db), "1"],
        ["feeds", "list", "--db", str(db)],
    ):
        assert imported(*command) & HEAVY == set(), command


def test_search_and_show_by_number_read_no_toml_no_zip_and_no_address(db: Path) -> None:
    for command in (["search", "--db", str(db), "سوريا"], ["show", "--db", str(db), "1"]):
        assert imported(*command) & {"tomllib", "zipfile", "tempfile", "newsarchive.urls"} == set(), command


def test_the_package_itself_imports_nothing_and_offers_every_public_name() -> None:
    probe = "import sys, newsarchive; print({m for m in sys.modules if m.startswith('newsarchive.')}); [getattr(newsarchive, n) for n in newsarchive.__all__]"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    import newsarchive  # noqa: PLC0415 - the package is what is tested
    import newsarchive.archive  # noqa: PLC0415 - the same

    for package in (newsarchive, newsarchive.archive):
        with pytest.raises(AttributeError):
            package.unheard_of  # noqa: B018 - asking is the test
    assert "Archive" in dir(newsarchive)
