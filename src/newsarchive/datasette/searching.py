"""The ordinary search box of Datasette, in the language of `newsarchive search`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.database import Database
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request

from newsarchive.arabic import lexicon
from newsarchive.archive.index import groups_of
from newsarchive.archive.query import exact, parse
from newsarchive.datasette.cells import Place
from newsarchive.datasette.functions import marker_by
from newsarchive.errors import QueryError

App = Callable[..., Awaitable[None]]
_FEW = 2_000  # matches that are sorted by themselves; of more, the index of instants is walked
_LISTED: ContextVar[Place | None] = ContextVar("listed", default=None)


def forgetting(app: App) -> App:
    """Wrap Datasette, so that each request begins with no list."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own
        before = _LISTED.set(None)
        try:
            await app(scope, receive, send)
        finally:
            _LISTED.reset(before)

    return wrapped


def place(table: str | None) -> Place:
    """Return where cells are shown: in the list that this request filters, on a row's page, or, without a table, in a query's answer."""
    if table is None:
        return Place(kind="query")
    return _LISTED.get() or Place(kind="row")


def search(request: Request, db: Database, table: str) -> Callable[[], Awaitable[FilterArguments]] | None:
    """Take over what the search box asks of `articles`.

    Datasette's own clause makes SQLite fetch and sort every article that matches, a second and a half for a word in 400,000. So the
    words are hidden from it until it has had its turn: all hooks are called first, then their answers are awaited in order, ours
    last. Were that to change, its clause would stand beside ours, and nothing but time be lost.
    """
    typed = request.args.get("_search") or ""
    _LISTED.set(Place(kind="list"))
    if table != "articles" or not typed.strip() or request.args.get("_searchmode") == "raw":
        return None
    shown = request.scope["query_string"]
    pairs = parse_qsl(shown.decode("latin-1"), keep_blank_values=True)
    request.scope["query_string"] = urlencode([pair for pair in pairs if pair[0] != "_search"]).encode()

    async def answer() -> FilterArguments:
        request.scope["query_string"] = shown
        return await _arguments(db, typed)

    return answer


async def _arguments(db: Database, typed: str) -> FilterArguments:
    words = lexicon(await db.execute_fn(groups_of))
    context = {"supports_search": True, "search": typed}
    try:
        match = exact(parse(typed), words)
    except QueryError as error:
        return FilterArguments(["0"], {}, [f"nothing is searched: {error}"], context)
    _LISTED.set(Place(kind="list", marker=marker_by(words)(typed)))
    rows = await db.execute(f"{_MATCHING} ? LIMIT ?", [match, _FEW + 1])
    walk = "+" if len(rows.rows) > _FEW else ""  # the plus keeps SQLite from seeking each match by its number
    clause = f"{walk}id in ({_MATCHING} escape_fts(:search))"
    return FilterArguments([clause], {"search": typed}, [f'search matches "{typed}"'], context)


_MATCHING = "select rowid from articles_fts where articles_fts match"
