"""What the commands share: the program, its options, its exit codes, and how a line is said."""

from __future__ import annotations

import signal
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

NOTHING, USAGE, SOME_FAILED, NONE_FETCHED, UNUSABLE, LOCKED = 1, 2, 3, 4, 5, 75
SIGNALLED = 128
_QUOTED = 40  # characters of a mistyped option, in the error

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
Language = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Only articles in this language: ar, en.")
]
Within = Annotated[
    Literal["text", "headline"],
    typer.Option("--in", help="Where the words must stand: in the headline, or anywhere."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT_DB = Path("news.db")


class QueryCommand(TyperCommand):
    """A command whose words may begin with a hyphen: `search حلب -دمشق` forbids a word, and is no mistyped option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its click to itself
        """Read the words of the command line; options first, then the query in its order."""
        return super().parse_args(ctx, self._options_first(ctx, args))

    def _options_first(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the same
        flags = {
            name: getattr(one, "is_flag", False)
            for one in self.params
            for name in [*one.opts, *one.secondary_opts]
        }
        flags |= dict.fromkeys(("-h", "--help"), True)
        options: list[str] = []
        query: list[str] = []
        rest = iter(args)
        for word in rest:
            if word == "--":
                query += rest
            elif word in flags:
                value = [] if flags[word] else list(islice(rest, 1))
                if not (flags[word] or value):
                    return [word]  # of which it is then said what is missing
                options += [word, *value]
            else:
                name = word.partition("=")[0]
                if f"-{name}" in flags:
                    ctx.fail(f"-{name} has two hyphens")
                if not word.startswith("--") or not word.strip("-"):
                    query.append(word)
                else:
                    options.append(word if name in flags else name[:_QUOTED])
        return [*options, "--", *query]


def end_quietly_when_cut_off() -> None:
    """Let `newsarchive search … | head` end as other programs do."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def because(detail: str) -> str:
    """Return why, in brackets, if there is anything to say."""
    from newsarchive.terminal import safe

    return f" ({safe(detail)})" if detail else ""


def say(text: str) -> None:
    """Say something beside the data, on standard error."""
    typer.echo(f"newsarchive: {text}", err=True)
