"""The Datasette plugin: an archive in the browser, searched as `newsarchive search` does, Arabic from right to left.

Datasette finds it by its entry point; each hook passes on to the module that does the work. It touches archives of this schema
only, whatever else is served beside them. Holds for Datasette 0.65 and 1.0, whose hooks differ: those that one of them
does not know are marked as optional.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from markupsafe import Markup

from newsarchive.datasette import cells, functions, searching, settings
from newsarchive.datasette.archives import is_archive, known_archives, learn
from newsarchive.datasette.facets import MonthFacet, OutletFacet

if TYPE_CHECKING:
    from datasette.app import Datasette  # which imports its plugins
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request


@hookimpl(trylast=True)  # after Datasette's own, whose escape_fts is replaced
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give a connection to an archive the functions that its search box and the saved queries call."""
    if is_archive(conn):
        functions.register(conn)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Find the archives, and tell Datasette 1.0 what 0.65 asks for."""

    async def begin() -> None:
        await learn(datasette)
        await settings.install(datasette)

    return begin


@hookimpl(optionalhook=True)
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    """Return how tables are sorted, paged and counted; of 0.65."""
    return settings.metadata(known_archives(datasette))


@hookimpl(optionalhook=True)
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any]:
    """Return the saved queries; of 0.65. What its user has configured stays."""
    configured = datasette.metadata("queries", database=database, fallback=False) or {}
    ours = settings.queries_for(known_archives(datasette).get(database))
    return {name: query for name, query in ours.items() if name not in configured}


@hookimpl
def asgi_wrapper() -> Callable[[searching.App], searching.App]:
    """Forget after each request what it looked for."""
    return searching.forgetting


@hookimpl(trylast=True)  # its answer is awaited last; see `searching.search`
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments]] | None:
    """Search as `newsarchive search` does."""
    if database not in known_archives(datasette):
        return None
    return searching.search(request, datasette.get_database(database), table)


@hookimpl
def register_facet_classes() -> list[type]:
    """Count by outlet and by month."""
    return [OutletFacet, MonthFacet]


@hookimpl
def render_cell(
    value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Show a value: texts from right to left, matches marked, nothing but web addresses linked."""
    if database not in known_archives(datasette):
        return None
    return cells.cell(
        value, column, searching.place(table), longest=int(datasette.setting("truncate_cells_html"))
    )


@hookimpl
def extra_template_vars(
    request: Request | None, database: str | None, view_name: str, datasette: Datasette
) -> dict[str, object]:
    """Keep what was looked for in the search box; 1.0a41 forgets it."""
    if request is None or view_name != "table" or database not in known_archives(datasette):
        return {}
    return {"search": request.args.get("_search") or ""}


@hookimpl
def extra_css_urls(database: str | None, datasette: Datasette) -> list[str]:
    """Return our style sheet, for the pages of archives."""
    return _static(datasette, database, "newsarchive.css")


@hookimpl
def extra_js_urls(database: str | None, datasette: Datasette) -> list[dict[str, object]]:
    """Return our script, which gives boxes the direction of what is typed."""
    return [{"url": url, "module": True} for url in _static(datasette, database, "newsarchive.js")]


def _static(datasette: Datasette, database: str | None, name: str) -> list[str]:
    if database not in known_archives(datasette):
        return []
    return [str(datasette.urls.static_plugins("newsarchive", name))]
