"""The command that counts: stats."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from newsarchive.cli.common import (
    DEFAULT_DB,
    NOTHING,
    AsJson,
    Db,
    app,
    end_quietly_when_cut_off,
    say,
)


@app.command()
def stats(
    db: Db = DEFAULT_DB,
    source: Annotated[str | None, typer.Option("--source", help="Only this outlet.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From this day: 2018, 2018-01, 2018-01-09 or 7d.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to this day, in the same forms.")] = None,
    by: Annotated[
        Literal["source", "month", "year"], typer.Option("--by", help="What a row stands for.")
    ] = "source",
    *,
    as_json: AsJson = False,
) -> None:
    """Count articles and words, by outlet or over time.

    Example: newsarchive stats --by month --since 2018
    """
    from newsarchive.archive import parse_day
    from newsarchive.archive.stats import read_counts
    from newsarchive.terminal_stats import StatsScreen, counts_json

    end_quietly_when_cut_off()
    now = datetime.now(UTC)
    counts = read_counts(
        db,
        by,
        source=source,
        since=parse_day(since, now=now) if since else None,
        until=parse_day(until, now=now, last=True) if until else None,
    )
    if as_json:
        typer.echo(counts_json(counts, by))
    elif any(one.articles for one in counts):
        StatsScreen(sys.stdout).counts(counts, by)
    if not any(one.articles for one in counts):
        say("no articles to count")
        raise typer.Exit(NOTHING)
