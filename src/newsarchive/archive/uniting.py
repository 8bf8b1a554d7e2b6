"""What two archives know of one thing, united: pure, and the same in whatever order archives come together.

Each value is chosen by a mark that stays with it (who saw the article first, who saw it last, which rules are later), never by
which archive is at hand. So `unite` is commutative, associative and idempotent; the tests hold it to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from newsarchive.archive.history import Sighting
from newsarchive.archive.rows import EMPTIED

Row = Mapping[str, object]
Moment = tuple[datetime, str, str]

_REJECTED = "rejected"  # outcome of a sighting whose page is no article by later rules: it says nothing

_STATES = ("waiting", "failed", "rejected", "done", "removed")  # the later one knows more
_TOLD = ("source", "feed", "link", "headline", "published", "byline", "section", "summary", "content", "garbled")  # fmt: skip
_DONE = (
    "state",
    "outcome",
    "detail",
    "attempts",
    "etag",
    "last_modified",
    "etag_page",
    "article",
    "next_try",
)
_KEPT = ("source", "feed", "link", "outcome", "detail", "attempts", "garbled")  # of what was removed
_NEVER: Moment = (datetime.min.replace(tzinfo=UTC), "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one archive knows of an article; `revisions` and `absences` follow from it.

    Attributes:
        source: key of its source.
        url: the address it is filed under.
        first_seen: our clock, as the archive writes it.
        more: the columns of `articles` that are kept for the text of today only.
        sightings: all of them.
        texts: what those read, by hash, as columns of `articles`.
    """

    source: str
    url: str
    first_seen: str
    more: Row
    sightings: frozenset[Sighting]
    texts: Mapping[str, Row]


def unite(one: Known, other: Known) -> Known:
    """Return what both know of an article.

    One page has one text: the one that later rules read, else the greater hash, so that a machine's other reading never looks like
    an edit. Whoever saw the article first files it; whoever saw a text of it last says what is kept of that alone.
    """
    texts = _unite_texts(one.texts, other.texts)
    seen = frozenset(_unite_sightings(one.sightings | other.sightings, texts))
    filed = min(one, other, key=lambda known: (_first(known.sightings), known.url, known.source))
    told = max(
        one, other, key=lambda known: (_last(known.sightings), _comparable(known.more, sorted(known.more)))
    )
    standing = {sighting.text for sighting in seen if sighting.outcome != _REJECTED}
    return Known(
        source=filed.source,
        url=filed.url,
        first_seen=min(one.first_seen, other.first_seen),
        more=told.more,
        sightings=seen,
        texts={key: row for key, row in texts.items() if key in standing},
    )


def unite_entries(one: Row, other: Row) -> dict[str, object]:
    """Return one row of the queue for two: what was done is never done again, and what was removed stays so.

    The one that got further says how it stands, the one that came first what the feed said. `id` and `article` are of one archive in both.
    """
    further = max(one, other, key=_progress)
    if further["state"] == "removed":
        return _bare(one, other)
    first = min(one, other, key=lambda row: (row["first_seen"], _comparable(row, _TOLD)))
    tries = [row["next_try"] for row in (one, other) if row["state"] == further["state"]]
    return {
        **further,
        **{name: first[name] for name in _TOLD},
        "first_seen": first["first_seen"],
        "guid": min((str(row["guid"]) for row in (one, other) if row["guid"]), default=None),
        "next_try": min((str(one) for one in tries if one), default=None),
    }


def _bare(one: Row, other: Row) -> dict[str, object]:
    """Return a row of the queue that one of two says was removed: nothing is left of what the feed said."""
    removed = [row for row in (one, other) if row["state"] == "removed"]
    kept = min(removed, key=lambda row: (row["first_seen"], _comparable(row, _KEPT)))
    return {**kept, **dict.fromkeys(EMPTIED)}


def later(row: Row, *clocks: str) -> tuple[object, ...]:
    """Return by what the later of two rows is known: their clocks, then all that they say."""
    return (max(str(row[name] or "") for name in clocks), _comparable(row, sorted(row)))


def _rules_age(extractor: object) -> tuple[list[int], str]:
    """Return what orders versions of the rules: `10` is later than `2`."""
    return [int(number) for number in re.findall(r"[0-9]+", str(extractor))], str(extractor)


def _unite_texts(one: Mapping[str, Row], other: Mapping[str, Row]) -> dict[str, Row]:
    both = one.keys() & other.keys()
    return {**one, **other, **{key: max(one[key], other[key], key=_reading_order) for key in both}}


def _reading_order(row: Row) -> tuple[object, ...]:
    return (_rules_age(row["extractor"]), _comparable(row, sorted(row)))


def _unite_sightings(seen: Iterable[Sighting], texts: Mapping[str, Row]) -> Iterator[Sighting]:
    """Read every page as the latest rules did."""

    def age(text: str) -> tuple[object, ...]:
        return (_rules_age(texts[text]["extractor"]) if text in texts else ([], ""), text)

    read = sorted(seen)
    best: dict[str, str] = {}
    for one in read:
        if one.page and one.text and one.outcome != _REJECTED:
            best[one.page] = max(best.get(one.page, one.text), one.text, key=age)
    for one in read:
        reads = one.text and one.page and one.outcome != _REJECTED
        yield replace(one, text=best[one.page]) if reads else one


def _moment(sighting: Sighting) -> Moment:
    return (sighting.at, sighting.outcome, sighting.url)


def _first(seen: Iterable[Sighting]) -> Moment:
    return min(map(_moment, seen), default=_NEVER)


def _last(seen: Iterable[Sighting]) -> Moment:
    return max((_moment(one) for one in seen if one.text and one.outcome != _REJECTED), default=_NEVER)


def _progress(row: Row) -> tuple[object, ...]:
    state = _STATES.index(str(row["state"]))
    return (state, row["attempts"], _comparable(row, [name for name in _DONE if name != "article"]))


def _comparable(row: Row, names: Iterable[str]) -> str:
    return repr([row[name] for name in names])
