"""The command line: parse, call one function, print.

Each command imports what it needs when it runs, so that `--help` and `search` start at once.
"""

from __future__ import annotations

import copy
import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command_name

from newsarchive.cli import counting, fetching, keeping, reading, searching, serving  # noqa: F401 - their commands come with them
from newsarchive.cli.common import (
    LOCKED,
    NOTHING,
    SIGNALLED,
    UNUSABLE,
    USAGE,
    app,
    say,
)
from newsarchive.errors import (
    ArchiveError,
    ConfigError,
    InterruptedRunError,
    LockedError,
    NewsArchiveError,
    QueryError,
)


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
    if not sys.stdout:  # closed, `>&-`: the first file that is opened would stand in its place
        say("standard output is closed; send it to /dev/null instead")
        sys.exit(UNUSABLE)
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

        say(safe(str(error)))
        sys.exit(_exit_code(error))
    except OSError as error:  # of standard output, or of a name that no file can have
        say(f"{error.filename or 'the output'}: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNUSABLE if error.errno in {errno.ENOSPC, errno.EBADF} else NOTHING)
    except KeyboardInterrupt:
        sys.exit(SIGNALLED + signal.SIGINT)


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


def _utf8(word: str) -> str:
    """Read a word of the command line that the locale could not."""
    return word if word.isprintable() else os.fsencode(word).decode("utf-8", "replace")


def _exit_code(error: NewsArchiveError) -> int:
    if isinstance(error, InterruptedRunError):
        return SIGNALLED + error.signal
    if isinstance(error, LockedError):
        return LOCKED
    if isinstance(error, ArchiveError):
        return UNUSABLE
    return USAGE if isinstance(error, ConfigError | QueryError) else NOTHING
