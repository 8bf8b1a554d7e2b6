"""The command line: parse, call one function, print.

Each command imports what it needs when it runs, so that `--help` and `search` start at once.
"""

from __future__ import annotations

import copy
import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.main import get_command_name

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

Db = Annotated[Path, typer.Option("--db", envvar="NEWSARCHIVE_DB", help="The archive.", readable=False)]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        readable=False,
        help="A feeds.toml; else $NEWSARCHIVE_FEEDS, ./feeds.toml, the user's folder, the shipped one.",
    ),
]
Form = Annotated[
    Literal["jsonl", "csv", "md", "bib", "warc", "parquet"],
    typer.Option("--format", help="What to write: jsonl is read back by import, warc holds the pages."),
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
    from newsarchive.config import find, load
    from newsarchive.jobs.update import update
    from newsarchive.terminal import progress, safe

    settings = load(find(config))
    with progress() as show:
        report = update(
            db, settings, settings.select(sources or []), force=force, progress=None if quiet else show
        )
    for trouble in report.troubles:
        _tell(f"{trouble.source}: {trouble.outcome}: {safe(trouble.url)}{_because(trouble.detail)}")
    if report.not_sealed:
        _tell(f"not sealed: {safe(report.not_sealed)}")
    if not quiet or report.failed:
        typer.echo(report.summary())
    if report.interrupted_by:
        raise InterruptedRunError(report.interrupted_by)
    if report.nothing_fetched:
        hint = "; is this machine online?" if report.offline else "."
        _tell(f"nothing at all could be fetched{hint} Nothing is lost: the next fetch tries again")
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
        line = f"{safe(one.url)}: {one.outcome.slug}{_because(one.outcome.detail)}"
        if one.outcome.article is None:
            _tell(line)
        else:
            typer.echo(f"{line}, article {one.outcome.article}")

    added = add_pages(db, load(find(config)), urls, tell=tell)
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

    Example: newsarchive search '"التحالف الدولي"' --since 2018-01
    """
    from newsarchive.archive import Archive, parse_day
    from newsarchive.terminal import Screen, hits_json

    _end_quietly_when_cut_off()
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
    revisions: Annotated[
        bool, typer.Option("--revisions", help="List its texts, and the times it was gone.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what changed from text to text, word by word.")
    ] = False,
    provenance: Annotated[
        bool, typer.Option("--provenance", help="Show when and how each page of it came.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Write its page as the outlet sent it, byte for byte.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print one article, or its past.

    Example: newsarchive show 12 --diff
    """
    from newsarchive.archive import Archive
    from newsarchive.terminal import Screen, record_json, safe

    _end_quietly_when_cut_off()
    with Archive(db) as archive:
        record = archive.article(which)
        if record is None:
            why = archive.removal(which)
            found = f"no article {safe(which)!r} in {db}"
            _tell(found if why is None else f"removed: {safe(which)}{_because(why)}")
            raise typer.Exit(NOTHING)
        if raw or revisions or diff or provenance:
            from newsarchive.terminal_past import show_past

            show_past(
                archive,
                record,
                sys.stdout,
                revisions=revisions,
                diff=diff,
                provenance=provenance,
                raw=raw,
                as_json=as_json,
            )
            return
    if as_json:
        typer.echo(record_json(record))
    else:
        Screen(sys.stdout).record(record)


@app.command()
def extract(
    what: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page, or the address of one.")],
    source: Annotated[str | None, typer.Option("--source", help="Read it as a page of this outlet.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="The address of a page in a file.")] = None,
    config: ConfigFile = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the witnesses, and each rule with the lines that it cut.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a page would become, without storing it.

    Example: newsarchive extract page.html --source enab-baladi --explain
    """
    from newsarchive.config import find, load
    from newsarchive.jobs.examine import examine
    from newsarchive.terminal import Screen, explanation_json

    explanation = examine(what, load(find(config)), source=source, url=url)
    if as_json:
        typer.echo(explanation_json(explanation, whole=explain))
    else:
        Screen(sys.stdout).explanation(explanation, whole=explain)
    if getattr(explanation.result, "reason", None):
        raise typer.Exit(NOTHING)


@app.command()
def reextract(  # noqa: PLR0917 - typer's options are keywords to the person who types them
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="Only this outlet's pages.")
    ] = None,
    db: Db = DEFAULT_DB,
    config: ConfigFile = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only articles from this day: 2018, 2018-01, 2018-01-09 or 7d."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only articles up to this day.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes to read with.")] = 1,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changes, line by line.")] = False,
) -> None:
    """Read the stored pages again with the rules of today.

    Example: newsarchive reextract enab-baladi --dry-run --diff
    """
    from newsarchive.archive import parse_day
    from newsarchive.config import find, load
    from newsarchive.jobs.reextract import reextract as read_again
    from newsarchive.terminal import Screen

    now = datetime.now(UTC)
    screen = Screen(sys.stdout)
    report = read_again(
        db,
        load(find(config)),
        source=source,
        since=parse_day(since, now=now) if since else None,
        until=parse_day(until, now=now, last=True) if until else None,
        dry_run=dry_run,
        workers=workers,
        tell=lambda reading: screen.reading(reading, diff=diff),
    )
    typer.echo(report.summary(dry_run=dry_run))


@app.command("export")
def export_(  # noqa: PLR0917 - typer's options are keywords to the person who types them
    form: Form,
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUERY]...", help="As in search; all articles if there is none."),
    ] = None,
    db: Db = DEFAULT_DB,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A file, renamed when whole; - is standard output.")
    ] = Path("-"),
    source: Annotated[str | None, typer.Option("--source", help="Only this outlet.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From this day: 2018, 2018-01, 2018-01-09 or 7d.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to this day, in the same forms.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only so many, the newest.")] = None,
    *,
    excel: Annotated[bool, typer.Option("--excel", help="CSV that Excel opens by a double click.")] = False,
) -> None:
    """Write articles for other programs, oldest first: all of them, or what a search finds.

    Example: newsarchive export --format csv --excel --output news.csv --since 2018
    """
    from newsarchive.archive import Archive, parse_day

    _end_quietly_when_cut_off()
    now = datetime.now(UTC)
    with Archive(db) as archive:
        written = archive.export(
            form,
            sys.stdout.buffer if output == Path("-") else output,
            query=" ".join(query) if query else None,
            source=source,
            since=parse_day(since, now=now) if since else None,
            until=parse_day(until, now=now, last=True) if until else None,
            limit=limit,
            excel=excel,
        )
    if not written:
        _tell("nothing found")
        raise typer.Exit(NOTHING)


@app.command("import")
def import_(  # noqa: PLR0917 - typer's options are keywords to the person who types them
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON lines (.jsonl, .jsonl.gz), or a saved page with --url; - is standard input."
        ),
    ],
    db: Db = DEFAULT_DB,
    config: ConfigFile = None,
    url: Annotated[
        str | None, typer.Option("--url", help="The file is a page that was saved from here.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="The outlet whose page it is.")] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", help="When the page was saved: 2018-01-09T07:00Z; else when the file was written."
        ),
    ] = None,
) -> None:
    """Take in articles that `export` or another program wrote, or a page that a browser saved.

    Example: newsarchive import page.html --url https://www.enabbaladi.net/815636/
    """
    if url is None:
        _import_lines(db, file, source, at)
    else:
        _import_page(db, file, config, url, source, at)


def _import_lines(db: Path, file: Path, source: str | None, at: str | None) -> None:
    from newsarchive.jobs.take_in import import_lines
    from newsarchive.terminal import safe

    if source or at or file.suffix.lower() in {".html", ".htm"}:
        raise ConfigError("a saved page needs its address: give it with --url")
    report = import_lines(
        db, sys.stdin.buffer if file == Path("-") else file, tell=lambda line: _tell(safe(line))
    )
    typer.echo(report.summary())
    if report.refused:
        raise typer.Exit(NOTHING)


def _import_page(  # noqa: PLR0917 - handed on from the command
    db: Path, file: Path, config: Path | None, url: str, source: str | None, at: str | None
) -> None:
    from newsarchive.archive.incoming import parse_time
    from newsarchive.config import find, load
    from newsarchive.jobs.take_in import import_page
    from newsarchive.terminal import safe

    try:
        saved_at = parse_time(at) if at else None
    except ValueError as error:
        raise ConfigError(f"--at {error}") from None
    stream = sys.stdin.buffer if file == Path("-") else file
    outcome = import_page(db, load(find(config)), stream, url=url, source=source, at=saved_at)
    line = f"{safe(url)}: {outcome.slug}{_because(outcome.detail)}"
    if outcome.article is None:
        _tell(line)
        raise typer.Exit(NOTHING)
    typer.echo(f"{line}, article {outcome.article}")


@app.command()
def seal(db: Db = DEFAULT_DB) -> None:
    """Chain what is new to the evidence before it, and note that in a text file beside the archive.

    Example: newsarchive seal
    """
    from newsarchive.archive.sealing import seal as seal_archive

    made = seal_archive(db, datetime.now(UTC))
    typer.echo(made.summary() if made else "nothing new to seal")


@app.command()
def verify(
    db: Db = DEFAULT_DB,
    since: Annotated[
        str | None, typer.Option("--since", help="Only what was fetched from this day; the chain whole.")
    ] = None,
) -> None:
    """Check pages, texts and requests against their hashes, and the seals against each other.

    Example: newsarchive verify --since 7d
    """
    from newsarchive.archive import parse_day
    from newsarchive.archive.verifying import summary
    from newsarchive.archive.verifying import verify as verify_archive
    from newsarchive.terminal import safe

    _end_quietly_when_cut_off()
    counts = verify_archive(
        db,
        since=parse_day(since, now=datetime.now(UTC)) if since else None,
        tell=lambda finding: typer.echo(safe(finding.line())),
    )
    typer.echo(summary(counts))
    if counts["mismatch"]:
        raise typer.Exit(NOTHING)


@app.command()
def remove(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address of the article.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
    db: Db = DEFAULT_DB,
) -> None:
    """Take an article out for good, for a person's safety or a court; its hashes and the reason stay.

    Example: newsarchive remove https://example.org/815636/ --reason 'a witness is named'
    """
    from newsarchive.archive.removal import remove as remove_article
    from newsarchive.terminal import safe

    removed = remove_article(db, url, reason, datetime.now(UTC))
    if removed is None:
        _tell(f"nothing is known of {safe(url)}; nothing was removed")
        raise typer.Exit(NOTHING)
    typer.echo(safe(removed.summary()))


@app.command()
def merge(
    other: Annotated[Path, typer.Argument(metavar="OTHER.db", help="Another archive; it is only read.")],
    db: Db = DEFAULT_DB,
) -> None:
    """Take in all that another archive has: articles, revisions, pages, evidence. Twice is once, and any order gives the same.

    Example: newsarchive merge /mnt/laptop/news.db
    """
    from newsarchive.archive.merging import merge as merge_archive
    from newsarchive.terminal import safe

    merged = merge_archive(db, other, datetime.now(UTC))
    typer.echo(merged.summary())
    if merged.damaged:
        _tell(f"{merged.damaged} pages of {safe(str(other))} are damaged and were left out")
    if merged.seals:
        _tell(f"keep {safe(str(merged.seals))} too: only that file vouches for the other archive's seals")


@app.command()
def snapshot(
    out: Annotated[Path, typer.Argument(metavar="OUT.db", help="Where to; not there yet.")],
    db: Db = DEFAULT_DB,
    *,
    without_pages: Annotated[
        bool, typer.Option("--without-pages", help="Only the analysts' file; enough to read and search.")
    ] = False,
) -> None:
    """Copy the archive as it stands at this moment, while a fetch may be at work. Never use cp for that.

    Example: newsarchive snapshot /mnt/backup/news-2024-03-11.db
    """
    from newsarchive.archive.snapshot import snapshot as copy_archive
    from newsarchive.terminal import safe

    typer.echo(safe(copy_archive(db, out, pages=not without_pages).summary()))


@feeds_app.command("list")
def feeds_list(db: Db = DEFAULT_DB, config: ConfigFile = None, *, as_json: AsJson = False) -> None:
    """List the outlets: last success, last new article, last outcome."""
    from newsarchive.config import find, load
    from newsarchive.terminal import Screen, feeds_json

    _end_quietly_when_cut_off()
    settings = load(find(config))
    states = _states(db)
    if as_json:
        typer.echo(feeds_json(settings.sources, states))
    else:
        Screen(sys.stdout).feeds(settings.sources, states, now=datetime.now(UTC))


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
        f"  {program} search --db {db} الارهاب\n  {program} show --db {db} {done.hits[0].record.id}\n  datasette {db}"
    )
    typer.echo(f"\nAnd the real outlets:\n\n  {program} fetch")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer's signature
    if wanted:
        from importlib.metadata import version

        typer.echo(f"newsarchive {version('newsarchive')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the program and end it with one of the documented exit codes; never with a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # whatever the locale says: Arabic must pass
    gc.freeze()  # what is imported stays to the end: looking through it once more, above all on the way out, costs 8 ms
    words = [_utf8(word) for word in (sys.argv[1:] if args is None else args)]
    try:
        _asked_for(words)(words)
    except NewsArchiveError as error:
        from newsarchive.terminal import safe

        _tell(safe(str(error)))
        sys.exit(_exit_code(error))
    except OSError as error:  # of standard output, or of a name that no file can have
        _tell(f"{error.filename or 'the output'}: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NOTHING)
    except KeyboardInterrupt:
        sys.exit(_SIGNALLED + signal.SIGINT)


def _asked_for(words: list[str]) -> typer.Typer:
    """Return the program with the command alone that `words` begin with: typer takes 4 ms more to build all of them.

    The whole program if they begin with anything else: an option, a mistake, nothing.
    """
    one = copy.copy(app)
    one.registered_commands = [
        command
        for command in app.registered_commands
        if command.callback and [command.name or get_command_name(command.callback.__name__)] == words[:1]
    ]
    one.registered_groups = [group for group in app.registered_groups if [group.name] == words[:1]]
    return one if one.registered_commands or one.registered_groups else app


def _states(db: Path) -> tuple[FeedStatus, ...]:
    """The state of the feeds; none before the first fetch, which is said."""
    from newsarchive.archive import Archive

    if not db.exists():
        _tell(f"{db}: no archive there yet; `newsarchive fetch` makes one")
        return ()
    with Archive(db) as archive:
        return archive.feeds()


def _end_quietly_when_cut_off() -> None:
    """Let `newsarchive search … | head` end as other programs do."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def _program() -> str:
    """How this program was called, so that a line it prints can be copied."""
    import shlex
    import shutil

    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m newsarchive"
    found = shutil.which(called.name)
    return called.name if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))


def _because(detail: str) -> str:
    from newsarchive.terminal import safe

    return f" ({safe(detail)})" if detail else ""


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
