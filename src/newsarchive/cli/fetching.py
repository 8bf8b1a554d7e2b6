"""Commands that ask the network: fetch, add, feeds list; and demo, which asks this machine."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsarchive.cli.common import (
    DEFAULT_DB,
    NONE_FETCHED,
    NOTHING,
    SOME_FAILED,
    AsJson,
    ConfigFile,
    Db,
    app,
    because,
    end_quietly_when_cut_off,
    feeds_app,
    say,
)
from newsarchive.errors import InterruptedRunError

if TYPE_CHECKING:
    from newsarchive.archive import FeedStatus


@app.command()
def fetch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Keys of outlets; all that are enabled if none is named."),
    ] = None,
    db: Db = DEFAULT_DB,
    config: ConfigFile = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Ask feeds before their time; requests stay conditional.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 if any feed failed.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when nothing is wrong.")
    ] = False,
) -> None:
    """Fetch what is new, clean it, and store it. Made for cron: run it hourly.

    Example: newsarchive fetch enab-baladi sana
    """
    from newsarchive.config import find, load
    from newsarchive.jobs.update import update
    from newsarchive.terminal import progress, safe

    settings = load(find(config))
    with progress() as show:
        report = update(
            db, settings, settings.select(sources or []), force=force, progress=None if quiet else show
        )
    for trouble in report.troubles:
        say(f"{trouble.source}: {trouble.outcome}: {safe(trouble.url)}{because(trouble.detail)}")
    if report.not_sealed:
        say(f"not sealed: {safe(report.not_sealed)}")
    if report.other_spellings and not quiet:
        say(
            f"{settings.path}: other spellings under [search] than the archive's; `newsarchive reindex` takes them"
        )
    if not quiet or report.failed:
        typer.echo(report.summary())
    if report.interrupted_by:
        raise InterruptedRunError(report.interrupted_by)
    if report.nothing_fetched:
        hint = "; is this machine online?" if report.offline else "."
        say(f"nothing at all could be fetched{hint} Nothing is lost: the next fetch tries again")
        raise typer.Exit(NONE_FETCHED)
    if strict and report.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def add(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")],
    db: Db = DEFAULT_DB,
    config: ConfigFile = None,
) -> None:
    """Archive these pages now.

    Example: newsarchive add https://www.enabbaladi.net/815636/
    """
    from newsarchive.config import find, load
    from newsarchive.jobs.add import Added
    from newsarchive.jobs.add import add as add_pages
    from newsarchive.terminal import safe

    def tell(one: Added) -> None:
        line = f"{safe(one.url)}: {one.outcome.slug}{because(one.outcome.detail)}"
        if one.outcome.article is None:
            say(line)
        else:
            typer.echo(f"{line}, article {one.outcome.article}")

    added = add_pages(db, load(find(config)), urls, tell=tell)
    if all(one.outcome.kind in {"failed", "waiting"} for one in added):
        raise typer.Exit(NONE_FETCHED)
    if any(one.outcome.article is None for one in added):
        raise typer.Exit(NOTHING)


@feeds_app.command("list")
def feeds_list(db: Db = DEFAULT_DB, config: ConfigFile = None, *, as_json: AsJson = False) -> None:
    """List the outlets: last success, last new article, last outcome."""
    from newsarchive.config import find, load
    from newsarchive.terminal import Screen, feeds_json

    end_quietly_when_cut_off()
    settings = load(find(config))
    states = _states(db)
    if as_json:
        typer.echo(feeds_json(settings.sources, states))
    else:
        Screen(sys.stdout).feeds(settings.sources, states, now=datetime.now(UTC))


def _states(db: Path) -> tuple[FeedStatus, ...]:
    """The state of the feeds; none before the first fetch, which is said."""
    from newsarchive.archive import Archive

    if not db.exists():
        say(f"{db}: no archive there yet; `newsarchive fetch` makes one")
        return ()
    with Archive(db) as archive:
        return archive.feeds()


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to leave the archive; made anew.")] = Path(
        "newsarchive-demo"
    ),
) -> None:
    """Fetch three made-up outlets on this machine, without a network, and search what came."""
    import shlex

    from newsarchive.jobs.demo import demo as run_demo
    from newsarchive.terminal import Screen

    done = run_demo(folder)
    program, db = _program(), shlex.quote(str(done.db))
    typer.echo(
        f"Three made-up outlets were served on this machine and fetched as real ones are:\n\n  {done.report.summary()}\n"
    )
    typer.echo(f"$ {program} search --db {db} {done.query}\n")
    Screen(sys.stdout).hits(done.hits)
    typer.echo(f"The archive is left in {done.db}. Try next:\n")
    typer.echo(
        f"  {program} search --db {db} الارهاب\n  {program} show --db {db} {done.hits[0].record.id}\n  {program} stats --db {db}"
    )
    typer.echo(f"\nAnd the real outlets:\n\n  {program} fetch")


def _program() -> str:
    """How this program was called, so that a line it prints can be copied."""
    import shlex
    import shutil

    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m newsarchive"
    found = shutil.which(called.name)
    return called.name if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))
