"""Commands that read: show, extract, export, verify."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsarchive.cli.common import (
    DEFAULT_DB,
    NOTHING,
    AsJson,
    ConfigFile,
    Db,
    Form,
    Language,
    QueryCommand,
    Within,
    app,
    because,
    end_quietly_when_cut_off,
    say,
)
from newsarchive.errors import ConfigError

if TYPE_CHECKING:
    from newsarchive.archive import Archive, Record


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
    copies: Annotated[
        bool, typer.Option("--copies", help="Show what its copies say otherwise, word by word.")
    ] = False,
    provenance: Annotated[
        bool, typer.Option("--provenance", help="Show when and how each page of it came.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Write its page as the outlet sent it, byte for byte; alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print one article, or its past.

    Example: newsarchive show 12 --diff
    """
    from newsarchive.archive import Archive
    from newsarchive.terminal import Screen, record_json, safe

    if raw and (revisions or diff or copies or provenance or as_json):
        raise ConfigError("--raw writes the page and nothing else; leave the other options out")
    end_quietly_when_cut_off()
    with Archive(db) as archive:
        record = archive.article(which)
        if record is None:
            why = archive.removal(which)
            found = f"no article {safe(which)!r} in {db}"
            say(found if why is None else f"removed: {safe(which)}{because(why)}")
            raise typer.Exit(NOTHING)
        if raw or revisions or diff or copies or provenance:
            from newsarchive.terminal_past import show_past

            show_past(
                archive,
                record,
                sys.stdout,
                revisions=revisions,
                diff=diff,
                copies=copies,
                provenance=provenance,
                raw=raw,
                as_json=as_json,
            )
            return
        if as_json:
            typer.echo(record_json(record, _copies_json(archive, record)))
        else:
            Screen(sys.stdout).record(record)
            _show_copies(archive, record)


def _copies_json(archive: Archive, record: Record) -> list[dict[str, object]]:
    from newsarchive.terminal_past import copies_json

    return copies_json(archive, record) if record.story is not None else []


def _show_copies(archive: Archive, record: Record) -> None:
    if record.story is not None:
        from newsarchive.terminal_past import show_copies

        show_copies(archive, record, sys.stdout)


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


@app.command("export", cls=QueryCommand)
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
    language: Language = None,
    within: Within = "text",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only so many, the newest.")] = None,
    *,
    excel: Annotated[bool, typer.Option("--excel", help="CSV that Excel opens by a double click.")] = False,
) -> None:
    """Write articles for other programs, oldest first: all of them, or what a search finds.

    Example: newsarchive export --format csv --excel --output news.csv --since 2018
    """
    from newsarchive.archive import Archive, parse_day

    end_quietly_when_cut_off()
    now = datetime.now(UTC)
    with Archive(db) as archive:
        written = archive.export(
            form,
            sys.stdout.buffer if output == Path("-") else output,
            query=" ".join(query) if query else None,
            source=source,
            since=parse_day(since, now=now) if since else None,
            until=parse_day(until, now=now, last=True) if until else None,
            language=language,
            in_headline=within == "headline",
            limit=limit,
            excel=excel,
        )
    if not written:
        say("nothing found")
        raise typer.Exit(NOTHING)


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

    end_quietly_when_cut_off()
    counts = verify_archive(
        db,
        since=parse_day(since, now=datetime.now(UTC)) if since else None,
        tell=lambda finding: typer.echo(safe(finding.line())),
    )
    typer.echo(summary(counts))
    if counts["mismatch"]:
        raise typer.Exit(NOTHING)
