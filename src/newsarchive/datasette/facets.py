"""Counts by outlet and by month beside the list of articles; they are kept until the file changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import ItemsView
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_replaced_args

from newsarchive.datasette.archives import known_archives

_NEVER_FILTER = {
    "_facet",
    "_size",
    "_sort",
    "_sort_desc",
    "_next",
    "_col",
    "_nocol",
    "_labels",
    "_facet_size",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many articles have a value."""

    value: str
    label: str
    count: int


Stamp = tuple[int, ...]
_MOST_KEPT = 200


class _Counted(Facet):  # type: ignore[misc]  # Datasette is not typed
    """A facet of `articles` that is declared, not found; see `settings`."""

    type: ClassVar[str]
    select: ClassVar[str]
    _kept: ClassVar[dict[object, tuple[Stamp, list[Count]]]] = {}

    @abstractmethod
    def filters(self, value: str) -> dict[str, str]:
        """Return the parameters of the address that choose a value."""

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return what Datasette shows of this facet, and its name if counting took too long."""
        if self.table != "articles" or self.database not in known_archives(self.ds) or not self.get_configs():
            return [], []
        size = self.get_facet_size()
        try:
            counts = await self._counts(size)
        except QueryInterrupted:
            return [], [self.type]
        shown = {
            "name": self.type,
            "type": "column",  # any other is printed beside the name
            "hideable": False,
            "toggle_url": None,
            "results": self._results(counts[:size]),
            "truncated": len(counts) > size,
        }
        return [shown], []

    async def _counts(self, size: int) -> list[Count]:
        """Count, unless that is known of the file as it is."""
        path = self.ds.get_database(self.database).path
        articles, values = (self.sql, self.params) if self._is_filtered() else ("SELECT * FROM articles", {})
        if path is None:
            return await self._counted(articles, values, size)
        key, stamp = (path, self.type, size, articles, repr(values)), _stamp(Path(path))
        known = self._kept.pop(key, None)
        counts = known[1] if known and known[0] == stamp else await self._counted(articles, values, size)
        self._kept[key] = (stamp, counts)
        if len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return counts

    async def _counted(self, articles: str, values: Any, size: int) -> list[Count]:  # noqa: ANN401 - as Datasette has them
        rows = await self.ds.execute(
            self.database,
            self.select.format(articles=articles, limit=size + 1),
            values,
            truncate=False,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
        )
        return [Count(value=row[0], count=row[1], label=row[2] or row[0]) for row in rows]

    def _is_filtered(self) -> bool:
        return any(key not in _NEVER_FILTER for key, _ in self.get_querystring_pairs())

    def _results(self, counts: list[Count]) -> list[dict[str, Any]]:
        chosen = dict(self.get_querystring_pairs()).items()
        names = dict.fromkeys(("_next", *self.filters("2000-01")))
        path = self.ds.urls.path(path_with_replaced_args(self.request, names))
        rest = self.ds.absolute_url(self.request, path)
        return [self._result(count, chosen, rest) for count in counts]

    def _result(self, count: Count, chosen: ItemsView[str, str], rest: str) -> dict[str, Any]:
        filters = self.filters(count.value)
        is_chosen = filters.items() <= chosen
        return {
            "value": count.value,
            "label": count.label,
            "count": count.count,
            "toggle_url": rest if is_chosen else f"{rest}{'&' if '?' in rest else '?'}{urlencode(filters)}",
            "selected": is_chosen,
        }


class OutletFacet(_Counted):
    """Articles by outlet, most first."""

    type = "source"
    select = """
SELECT value, count, (SELECT name FROM sources WHERE key = value) AS label
FROM (SELECT source AS value, count(*) AS count FROM ({articles}) GROUP BY source)
ORDER BY count DESC, value LIMIT {limit}"""

    def filters(self, value: str) -> dict[str, str]:
        """Choose an outlet."""
        return {"source": value}


class MonthFacet(_Counted):
    """Articles by month of their dates, newest first."""

    type = "month"
    select = """
SELECT substr(date, 1, 7) AS value, count(*) AS count, NULL AS label FROM ({articles}) WHERE date IS NOT NULL
GROUP BY value ORDER BY value DESC LIMIT {limit}"""

    def filters(self, value: str) -> dict[str, str]:
        """Choose a month, so that the index of days is used."""
        return {"date__gte": value, "date__lte": f"{value}-31"}


def _stamp(path: Path) -> Stamp:
    """Return what changes whenever the file does: of it, and of its log."""
    files = [one.stat() for one in (path, path.with_name(path.name + "-wal")) if one.exists()]
    return tuple(figure for one in files for figure in (one.st_mtime_ns, one.st_size))
