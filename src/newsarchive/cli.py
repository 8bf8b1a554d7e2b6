"""The command line: parse, call one function, print."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsarchive.errors import (
    ArchiveError,
    ConfigError,
    InterruptedRunError,
    LockedError,
    NewsArchiveError,
    QueryError,
)

if TYPE_CHECKING:
    from newsarchive.archive import FeedStatus

NOTHING, USAGE, SOME_FAILED, NONE_FETCHED, UNUSABLE, LOCKED = 1, 2, 3, 4, 5, 75
_SIGNALLED = 128

app = typer.Typer(
    help="Fetch news outlets into one SQLite archive, and search it as you type: سوريا finds سورية.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich costs 60 ms at every start
    context_settings={"help_option_names": ["-h", "--help"]},
)
feeds_app = typer.Typer(help="Look after the outlets.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(feeds_app, name="feeds")

Db = Annotated[Path, typer.Option("--db", envvar="NEWSARCHIVE_DB", help="The archive.", show_default=True)]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="A feeds.toml; else $NEWSARCHIVE_FEEDS, ./feeds.toml, the user's folder, the shipped one.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT_DB = Path("news.db")


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
    from newsarchive.config import find, load  # noqa: PLC0415 - each command imports what it needs: --help starts at once
    from newsarchive.jobs.update import update  # noqa: PLC0415
    from newsarchive.terminal import progress, safe  # noqa: PLC0415

    settings = load(find(config))
    with progress() as show:
        report = update(
            db, settings.fetch, settings.select(sources or []), force=force, progress=None if quiet else show
        )
    for trouble in report.troubles:
        _tell(
            f"{trouble.source}: {trouble.outcome}: {safe(trouble.url)}"
            + (f" ({safe(trouble.detail)})" if trouble.detail else "")
        )
    if not quiet or report.failed:
        typer.echo(report.summary())
    if report.interrupted_by:
        raise InterruptedRunError(report.interrupted_by)
    if report.nothing_fetched:
        _tell(
            "nothing at all could be fetched; is this machine online? Nothing is lost: the next fetch tries again"
        )
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
    from newsarchive.config import find, load  # noqa: PLC0415
    from newsarchive.jobs.add import add as add_pages  # noqa: PLC0415
    from newsarchive.terminal import safe  # noqa: PLC0415

    added = add_pages(db, load(find(config)), urls)
    for one in added:
        line = f"{safe(one.url)}: {one.outcome.slug}" + (
            f" ({safe(one.outcome.detail)})" if one.outcome.detail else ""
        )
        if one.outcome.article is None:
            _tell(line)
        else:
            typer.echo(f"{line}, article {one.outcome.article}")
    if all(one.outcome.kind in {"failed", "waiting"} for one in added):
        raise typer.Exit(NONE_FETCHED)
    if any(one.outcome.article is None for one in added):
        raise typer.Exit(NOTHING)


@app.command()
def search(  # noqa: PLR0917 - typer's options are keywords to the person who types them
    query: Annotated[
        list[str],
        typer.Argument(metavar="QUERY", help='Words, all of which must be there; "a phrase" in quotes.'),
    ],
    db: Db = DEFAULT_DB,
    source: Annotated[str | None, typer.Option("--source", help="Only this outlet.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From this day: 2018, 2018-01, 2018-01-09 or 7d.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to this day, in the same forms.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="The most results.")] = 20,
    *,
    as_json: AsJson = False,
) -> None:
    """Find articles, newest first. Hamzas, ة and ه, harakat, Arabic digits: as you like.

    Example: newsarchive search "التحالف الدولي" --since 2018-01
    """
    from newsarchive.archive import Archive, parse_day  # noqa: PLC0415
    from newsarchive.terminal import Screen, hits_json  # noqa: PLC0415

    now = datetime.now(UTC)
    first = parse_day(since, now=now) if since else None
    last = parse_day(until, now=now, last=True) if until else None
    with Archive(db) as archive:
        hits = archive.search(" ".join(query), source=source, since=first, until=last, limit=limit)
    if as_json:
        typer.echo(hits_json(hits))
    else:
        Screen(sys.stdout).hits(hits)
    if not hits:
        _tell("nothing found")
        raise typer.Exit(NOTHING)


@app.command()
def show(
    which: Annotated[
        str, typer.Argument(metavar="ID|URL", help="An article's number, or any of its addresses.")
    ],
    db: Db = DEFAULT_DB,
    *,
    as_json: AsJson = False,
) -> None:
    """Print one article.

    Example: newsarchive show 12
    """
    from newsarchive.archive import Archive  # noqa: PLC0415
    from newsarchive.terminal import Screen, record_json, safe  # noqa: PLC0415

    with Archive(db) as archive:
        record = archive.article(which)
    if record is None:
        _tell(f"no article {safe(which)!r} in {db}")
        raise typer.Exit(NOTHING)
    if as_json:
        typer.echo(record_json(record))
    else:
        Screen(sys.stdout).record(record)


@feeds_app.command("list")
def feeds_list(db: Db = DEFAULT_DB, config: ConfigFile = None, *, as_json: AsJson = False) -> None:
    """List the outlets: last success, last new article, last outcome."""
    from newsarchive.config import find, load  # noqa: PLC0415
    from newsarchive.terminal import Screen, feeds_json  # noqa: PLC0415

    settings = load(find(config))
    states = _states(db)
    if as_json:
        typer.echo(feeds_json(states))
    else:
        Screen(sys.stdout).feeds(settings.sources, states, now=datetime.now(UTC))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to leave the archive; made anew.")] = Path(
        "newsarchive-demo"
    ),
) -> None:
    """Fetch three made-up outlets on this machine, without a network, and search what came."""
    from newsarchive.jobs.demo import demo as run_demo  # noqa: PLC0415
    from newsarchive.terminal import Screen  # noqa: PLC0415

    done = run_demo(folder)
    typer.echo(
        f"Three made-up outlets were served on this machine and fetched as real ones are:\n\n  {done.report.summary()}\n"
    )
    typer.echo(f"$ newsarchive search --db {done.db} {done.query}\n")
    Screen(sys.stdout).hits(done.hits)
    typer.echo(f"The archive is left in {done.db}. Try next:\n")
    for line in (
        f"newsarchive search --db {done.db} الارهاب",
        f"newsarchive show --db {done.db} {done.hits[0].record.id}",
        f"datasette {done.db}",
    ):
        typer.echo(f"  {line}")
    typer.echo("\nAnd the real outlets:\n\n  newsarchive fetch")


def main(args: Sequence[str] | None = None) -> None:
    """Run the program and end it with one of the documented exit codes; never with a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # whatever the locale says: Arabic must pass
    try:
        app([_utf8(word) for word in (sys.argv[1:] if args is None else args)])
    except NewsArchiveError as error:
        from newsarchive.terminal import safe  # noqa: PLC0415

        _tell(safe(str(error)))
        sys.exit(_exit_code(error))


def _states(db: Path) -> tuple[FeedStatus, ...]:
    """The state of the feeds; none before the first fetch."""
    from newsarchive.archive import Archive  # noqa: PLC0415

    if not db.exists():
        return ()
    with Archive(db) as archive:
        return archive.feeds()


def _utf8(word: str) -> str:
    """Read a word of the command line that the locale could not."""
    return word if word.isprintable() else os.fsencode(word).decode("utf-8", "replace")


def _exit_code(error: NewsArchiveError) -> int:
    if isinstance(error, InterruptedRunError):
        return _SIGNALLED + error.signal
    if isinstance(error, LockedError):
        return LOCKED
    if isinstance(error, ArchiveError):
        return UNUSABLE
    return USAGE if isinstance(error, ConfigError | QueryError) else NOTHING


def _tell(text: str) -> None:
    typer.echo(f"newsarchive: {text}", err=True)
