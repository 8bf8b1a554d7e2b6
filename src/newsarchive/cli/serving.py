"""The command that shows an archive in the browser: serve."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.common import DEFAULT_DB, Db, app, say
from newsarchive.errors import ConfigError

_HOST = "127.0.0.1"  # this machine alone; whoever else should see it needs a proxy that asks who they are
# What a plugin cannot set. Suggesting facets reads every column of every match; the others bound what one page may cost.
SETTINGS: dict[str, int | bool] = {
    "default_page_size": 20,
    "suggest_facets": False,
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 5000,
    "truncate_cells_html": 600,
}


@app.command()
def serve(
    db: Db = DEFAULT_DB,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port, on 127.0.0.1; 0 is any that is free.")
    ] = 8001,
) -> None:
    """Show the archive in the browser, until Ctrl-C: tables, search, saved queries, charts.

    Example: newsarchive serve --db news.db --port 8002
    """
    from newsarchive.archive import Archive

    with Archive(db) as archive:  # says what is wrong with it, if anything is
        path = archive.path
    try:
        from click.exceptions import Abort
        from datasette.cli import cli
        from datasette.utils import tilde_encode
    except ImportError:
        raise ConfigError(
            "serve needs Datasette; install it with: pip install 'newsarchive[datasette]'"
        ) from None
    port = _free_port(port)
    say(f"http://{_HOST}:{port}/{tilde_encode(path.stem)}/articles (Ctrl-C ends it)")
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, str(int(value)))]
    words = ["serve", *_opened(path), "--host", _HOST, "--port", str(port), *settings]
    with contextlib.suppress(KeyboardInterrupt, Abort):
        cli(words, standalone_mode=False)


def _opened(path: Path) -> list[str]:
    """Return how Datasette is told to open the file: without a right to make a log beside it, as one that does not change."""
    wal = path.with_name(f"{path.name}-wal")
    is_frozen = not os.access(path.parent, os.W_OK) and not wal.exists()
    return ["--immutable", str(path)] if is_frozen else [str(path)]


def _free_port(port: int) -> int:
    """Return the port, or one that is free.

    Raises:
        ConfigError: another program has it.
    """
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise ConfigError(
                f"port {port} cannot be had ({error.strerror}); choose another with --port"
            ) from None
        return int(probe.getsockname()[1])
