"""What people see of an archive's figures: a table with bars, or JSON."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby

from newsarchive.archive.stats import By, Count
from newsarchive.terminal import Screen
from newsarchive.terminal_text import isolated, json_text, safe

_PIPE = 120  # columns, where there is no terminal to fit
_SHORTEST, _LONGEST = 10, 40  # columns of the longest bar
_GAP = "  "
_EIGHTHS = " ▏▎▍▌▋▊▉"  # of a character, from the left
_UNDATED = "undated"


class StatsScreen(Screen):
    """A screen that also shows figures."""

    def counts(self, counts: Sequence[Count], by: By) -> None:
        """Print a row for each source, the largest first, or for each period, and one for all of them.

        Keys and figures stand first, so that a name that reads right to left moves none of them. Bars take what the terminal has left, or
        are left out, like names.
        """
        rows = _by_size(counts) if by == "source" else _by_period(counts)
        cells = [_HEADS[by], *(_cells(key, count, by) for key, count in [*rows, ("all", _sum(counts))])]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        names = ["NAME", *(safe(count.name) for _, count in rows), ""] if by == "source" else []
        bar, named = self._shares(
            sum(widths) + len(_GAP) * (len(widths) - 1), max(map(len, names), default=0)
        )
        largest = max(count.articles for _, count in rows)
        bars = ["", *(_bar(count.articles, largest, bar) for _, count in rows), ""]
        for at, row in enumerate(cells):
            figures = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
            line = [self._key(row[0], widths[0]), *figures]
            line += [bars[at].ljust(bar)] if bar else []
            line += [self._part(names[at])] if named else []
            self._line(_GAP.join(line).rstrip())

    def _shares(self, taken: int, name: int) -> tuple[int, bool]:
        """Return how long the longest bar is, 0 for none, and whether names are shown, in what the columns before them leave."""
        left = (shutil.get_terminal_size().columns if self._out.isatty() else _PIPE) - taken - len(_GAP)
        beside = left - name - len(_GAP)
        if name and beside >= _SHORTEST:
            return min(beside, _LONGEST), True
        return (min(left, _LONGEST) if left >= _SHORTEST else 0), False

    def _key(self, key: str, width: int) -> str:
        padded = safe(key).ljust(width)
        return isolated(padded, ltr=True) if self._terminal else padded


def counts_json(counts: Iterable[Count], by: By) -> str:
    """Write counts as a JSON array: by source the columns of the view `sources_summary`, else those of `articles_by_month`, with words."""
    return json_text([_plain(one, by) for one in counts])


def _plain(one: Count, by: By) -> dict[str, object]:
    if by != "source":
        return {"source": one.source, by: one.period, "articles": one.articles, "words": one.words}
    return {
        "source": one.source,
        "name": one.name,
        "articles": one.articles,
        "words": one.words,
        "first_date": one.first,
        "last_date": one.last,
        "undated": one.undated,
        "undated_share": round(one.undated / one.articles, 3) if one.articles else None,
        "gone": one.gone,
        "edited": one.edited,
    }


def _by_size(counts: Iterable[Count]) -> list[tuple[str, Count]]:
    return [(one.source, one) for one in sorted(counts, key=lambda one: (-one.articles, one.source))]


def _by_period(counts: Iterable[Count]) -> list[tuple[str, Count]]:
    """The periods in their order, then what has no date."""
    ordered = sorted(counts, key=lambda one: (one.period is None, one.period or ""))
    return [(period or _UNDATED, _sum(group)) for period, group in groupby(ordered, lambda one: one.period)]


def _sum(counts: Iterable[Count]) -> Count:
    return reduce(_added, counts, Count(source="", name=""))


def _added(one: Count, other: Count) -> Count:
    return Count(
        source="",
        name="",
        articles=one.articles + other.articles,
        words=one.words + other.words,
        first=min(filter(None, (one.first, other.first)), default=None),
        last=max(filter(None, (one.last, other.last)), default=None),
        undated=one.undated + other.undated,
        gone=one.gone + other.gone,
        edited=one.edited + other.edited,
    )


def _cells(key: str, count: Count, by: By) -> list[str]:
    cells = [safe(key), str(count.articles), str(count.words)]
    return cells if by != "source" else [*cells, count.first or "-", count.last or "-", _share(count)]


def _share(count: Count) -> str:
    """How many articles have no date; one in a million is not none."""
    if not count.undated:
        return "0 %" if count.articles else "-"
    share = 100 * count.undated / count.articles
    return f"{share:.0f} %" if share >= 1 else "<1 %"


def _bar(number: int, largest: int, width: int) -> str:
    """A bar in eighths of a character; whatever is there shows."""
    eighths = max(8 * width * number // max(largest, 1), 1 if number and width else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


_HEADS: dict[By, list[str]] = {
    "source": ["SOURCE", "ARTICLES", "WORDS", "FIRST", "LAST", "UNDATED"],
    "month": ["MONTH", "ARTICLES", "WORDS"],
    "year": ["YEAR", "ARTICLES", "WORDS"],
}
