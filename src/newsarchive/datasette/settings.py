"""What Datasette is told of an archive's tables, and the saved queries. Data, and the two ways to hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsarchive.datasette.archives import Columns, known_archives
from newsarchive.datasette.queries import QUERIES

if TYPE_CHECKING:
    from datasette.app import Datasette  # which imports its plugins

_PAGE = 20  # rows with texts; Datasette's own 100 take five times as long
_NEWEST = {"sort_desc": "id", "size": _PAGE}
_HIDDEN = {"hidden": True}
# How tables are shown; keys as in Datasette's documentation.
TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "sort_desc": "sort_at",
        "size": _PAGE,
        "label_column": "headline",
        "facets": [{"source": "source"}, {"month": "date"}],
    },
    "revisions": {**_NEWEST, "label_column": "headline"},
    "entries": {**_NEWEST, "label_column": "headline"},
    "fetches": _NEWEST,
    "runs": _NEWEST,
    "sources": {"label_column": "name"},
    "_sqlite_migrations": _HIDDEN,
    "articles_stems": _HIDDEN,
    "hosts": _HIDDEN,
    "meta": _HIDDEN,
    "prints": _HIDDEN,
    "sqlite_sequence": _HIDDEN,
    "unsealed": _HIDDEN,
    "unsettled": _HIDDEN,
    "withdrawn": _HIDDEN,
}
DESCRIPTIONS = {
    "articles": "The cleaned records, newest first. The search box takes words (all of them), “a phrase”, -not, OR, ( ), prefix* and headline:word; "
    "hamzas, ة and ه, harakat and Arabic digits as you like.",
    "revisions": "The earlier texts of articles that their outlets changed; the text of today is in articles.",
    "absences": "When articles were gone from their outlets.",
    "sightings": "Each time an article's page was seen.",
    "addresses": "Every address under which an article is known.",
    "sources": "The outlets.",
    "feeds": "What is asked again and again: feeds and listing pages.",
    "entries": "The queue: what feeds and listings said.",
    "fetches": "Every request, however it ended.",
    "runs": "One row for each fetch.",
}


def metadata(archives: Mapping[str, Columns]) -> dict[str, Any]:
    """Return Datasette 0.65's metadata, new each time: it writes into what it gets."""
    return {"databases": {name: {"tables": _tables()} for name in archives}} if archives else {}


def queries_for(columns: Columns | None) -> dict[str, Any]:
    """Return the saved queries of an archive, those that its columns can answer; none of what is no archive."""
    if columns is None:
        return {}
    return {
        query.name: {
            "sql": query.sql.strip(),
            "title": query.title,
            "description": query.description,
            "fragment": query.fragment,
            "hide_sql": True,
        }
        for query in QUERIES
        if query.needs <= columns
    }


async def install(datasette: Datasette) -> None:
    """Tell Datasette 1.0, which asks no plugin for metadata or queries; what its user has configured stays."""
    if not hasattr(datasette, "add_query"):
        return
    databases = datasette.config["databases"] = datasette.config.get("databases") or {}
    for name, columns in known_archives(datasette).items():
        mine = databases[name] = databases.get(name) or {}
        tables = mine["tables"] = mine.get("tables") or {}
        for table, told in TABLES.items():
            tables[table] = {**told, **(tables.get(table) or {})}
        for table, text in DESCRIPTIONS.items():
            if "description" not in await datasette.get_resource_metadata(name, table):
                await datasette.set_resource_metadata(name, table, "description", text)
        for query, asked in queries_for(columns).items():
            if query not in (mine.get("queries") or {}):
                await datasette.add_query(name, query, is_trusted=True, source="newsarchive", **asked)


def _tables() -> dict[str, dict[str, Any]]:
    names = {**TABLES, **DESCRIPTIONS}
    return {
        name: {**TABLES.get(name, {})} | ({"description": DESCRIPTIONS[name]} if name in DESCRIPTIONS else {})
        for name in names
    }
