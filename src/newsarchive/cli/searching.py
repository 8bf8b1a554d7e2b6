"""The commands that search: search, searches.

Annotations are evaluated here, and only here, when they are written: typer evaluates those that are not four times, which
makes `search` start 3 ms later.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from newsarchive.cli.common import (
    DEFAULT_DB,
    NOTHING,
    AsJson,
    Db,
    Language,
    QueryCommand,
    app,
    end_quietly_when_cut_off,
    say,
)
from newsarchive.errors import ConfigError

if TYPE_CHECKING:
    from newsarchive.archive import Archive, Hit
    from newsarchive.archive.found import Found

_LIMIT = 20
_FEW = 10  # hits; with fewer, looser readings are worth a word
_LOOSER = {"forms": "with other forms of the words", "stems": "with words of the same stems"}


@app.command(cls=QueryCommand)
def search(  # noqa: PLR0917 - typer's options are keywords to the person who types them
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY",
            help='Words, all of which must be there; "a phrase", -not, OR, ( ), prefix*, headline:word.',
        ),
    ] = None,
    db: Db = DEFAULT_DB,
    source: Annotated[str | None, typer.Option("--source", help="Only this outlet.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From this day: 2018, 2018-01, 2018-01-09 or 7d.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to this day, in the same forms.")] = None,
    language: Language = None,
    within: Annotated[
        Literal["text", "headline"] | None,
        typer.Option("--in", help="Where the words must stand: in the headline, or anywhere."),
    ] = None,
    reading: Annotated[
        Literal["words", "forms", "stems"] | None,
        typer.Option("--reading", help="Words as typed; in any form; or all words of their stems."),
    ] = None,
    sort: Annotated[
        Literal["newest", "oldest", "best"] | None,
        typer.Option("--sort", help="The order; newest first unless --any."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help=f"The most results; {_LIMIT} unless --new.")
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--new", metavar="NAME", help="Save the search; show what it has not shown before."),
    ] = None,
    *,
    any_word: Annotated[
        bool, typer.Option("--any", help="Any of the words will do, in any form; best first.")
    ] = False,
    stories: Annotated[
        bool,
        typer.Option("--stories", help="Of articles that are copies of one another, show the first alone."),
    ] = False,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    as_json: AsJson = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    ids: Annotated[bool, typer.Option("--ids", help="Print only the articles' numbers.")] = False,
) -> None:
    """Find articles, newest first. Hamzas, ة and ه, harakat, Arabic digits: as you like.

    Example: newsarchive search '"التحالف الدولي"' -تركيا --since 2018-01
    """
    from newsarchive.archive import Archive

    end_quietly_when_cut_off()
    forms = {"--count": count, "--json": as_json, "--jsonl": as_jsonl, "--csv": as_csv, "--ids": ids}
    chosen = [form for form, wanted in forms.items() if wanted]
    if len(chosen) > 1 or (new and count):
        raise ConfigError(f"{' and '.join(chosen + ['--new'] * bool(new))} do not go together; choose one")
    asked = {
        "query": " ".join(query) if query else None,
        "source": source,
        "since": since,
        "until": until,
        "language": language,
        "in": within,
        "reading": reading,
        "sort": sort,
        "any": any_word or None,
        "stories": stories or None,
    }
    form = chosen[0] if chosen else ""
    with Archive(db) as archive:
        if outdated := archive.outdated:
            say(outdated)
        if new is not None:
            written = _show_new(archive, new, asked, limit, form)
        elif count:
            written = _found(archive, asked).count()
            typer.echo(written)
        else:
            written = _show(archive, asked, limit, form)
    if not written:
        raise typer.Exit(NOTHING)


@app.command()
def searches(
    db: Db = DEFAULT_DB,
    forget: Annotated[
        str | None, typer.Option("--forget", metavar="NAME", help="Forget this one, and what it has shown.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the searches that were saved with `search --new`.

    Example: newsarchive searches --forget detained
    """
    from newsarchive.archive import Archive
    from newsarchive.archive.saved import forget as forget_search
    from newsarchive.archive.saved import saved_searches, state_folder
    from newsarchive.terminal import Screen, searches_json

    end_quietly_when_cut_off()
    with Archive(db) as archive:
        key = archive.archive_id
    if forget is not None:
        forget_search(state_folder(), key, forget)
        return
    saved = saved_searches(state_folder(), key)
    if as_json:
        typer.echo(searches_json(saved))
    else:
        Screen(sys.stdout).searches(saved)
    if not saved:
        say("no search is saved; `newsarchive search QUERY --new NAME` saves one")
        raise typer.Exit(NOTHING)


def _show(archive: "Archive", asked: Mapping[str, Any], limit: int | None, form: str) -> int:
    found, most = _found(archive, asked), limit or _LIMIT
    if form == "--ids":  # needs no text
        written = len(ids := found.ids(most, asked["sort"]))
        sys.stdout.writelines(f"{one}\n" for one in ids)
    else:
        written = _write(found.hits(most, asked["sort"]), form)
    if written < min(most, _FEW):
        looser = [f"{number} {_LOOSER[reading]} (--reading {reading})" for reading, number in found.looser()]
        if looser or not written:
            say("; ".join([f"{written} found" if written else "nothing found", *looser]))
    elif (
        written == most and (limit is None or sys.stdout.isatty()) and (number := found.count()) > written
    ):  # nobody should take the first twenty for all
        say(f"{written} of {number}; --limit shows more of them")
    return written


def _show_new(archive: "Archive", name: str, given: Mapping[str, Any], limit: int | None, form: str) -> int:
    """Show what the saved search has not shown before; it counts as shown when all of it is written."""
    from newsarchive.archive.saved import saved_search, state_folder

    shown: list[str] = []

    def noted(hits: Iterable["Hit"]) -> Iterator["Hit"]:
        for hit in hits:
            shown.extend(archive.addresses(hit.record.id)[:1])
            yield hit

    with saved_search(state_folder(), archive.archive_id, name, given, datetime.now(UTC)) as saved:
        hits = _found(archive, saved.asked).hits(
            None, saved.asked.get("sort"), only=lambda article: saved.is_new(archive.addresses(article))
        )
        first = next(hits, None)
        if first is not None:
            _write(noted(islice(chain([first], hits), limit)), form)
            sys.stdout.flush()
        saved.shown(shown)
    return len(shown)


def _found(archive: "Archive", asked: Mapping[str, Any]) -> "Found":
    from newsarchive.archive import parse_day

    now = datetime.now(UTC)
    since, until = asked.get("since"), asked.get("until")
    return archive.find(
        asked.get("query") or "",
        source=asked.get("source"),
        since=parse_day(since, now=now) if since else None,
        until=parse_day(until, now=now, last=True) if until else None,
        language=asked.get("language"),
        in_headline=asked.get("in") == "headline",
        any_word=bool(asked.get("any")),
        reading=asked.get("reading") or "words",
        stories=bool(asked.get("stories")),
    )


def _write(hits: Iterable["Hit"], form: str) -> int:
    """Write hits in the form that an option names, and return how many."""
    from newsarchive import terminal

    if form == "--json":
        found = list(hits)
        typer.echo(terminal.hits_json(found))
        return len(found)
    if not form:
        return terminal.Screen(sys.stdout).hits(hits)
    write = {"--jsonl": terminal.hits_jsonl, "--csv": terminal.hits_csv, "--ids": terminal.hits_ids}[form]
    return write(hits, sys.stdout)
