"""Commands that change what is kept: reextract, reindex, import, seal, remove, merge, snapshot."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.common import (
    DEFAULT_DB,
    NOTHING,
    ConfigFile,
    Db,
    app,
    because,
    say,
)
from newsarchive.errors import ConfigError


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


@app.command()
def reindex(db: Db = DEFAULT_DB, config: ConfigFile = None) -> None:
    """Fill the search indexes anew, with the spellings that feeds.toml adds under [search].

    Example: newsarchive reindex --db news.db
    """
    from newsarchive.archive.reindexing import reindex as fill_again
    from newsarchive.config import find, load

    settings = load(find(config))
    number = fill_again(db, settings.variants, datetime.now(UTC))
    typer.echo(
        f"{number} articles indexed, with {len(settings.variants)} groups of spellings of {settings.path}"
    )


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
        db, sys.stdin.buffer if file == Path("-") else file, tell=lambda line: say(safe(line))
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
    line = f"{safe(url)}: {outcome.slug}{because(outcome.detail)}"
    if outcome.article is None:
        say(line)
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
        say(f"nothing is known of {safe(url)}; nothing was removed")
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
    for url, why in merged.gone:
        typer.echo(safe(f"{url}: removed ({why})"))
    typer.echo(merged.summary())
    if merged.damaged:
        say(f"{merged.damaged} pages of {safe(str(other))} are damaged and were left out")
    if merged.left_out:
        rows = "1 damaged row" if len(merged.left_out) == 1 else f"{len(merged.left_out)} damaged rows"
        say(
            f"{rows} of {safe(str(other))} left out, first {safe(merged.left_out[0])}: look with `newsarchive verify --db OTHER.db`"
        )
    if merged.seals:
        say(f"keep {safe(str(merged.seals))} too: only that file vouches for the other archive's seals")


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
