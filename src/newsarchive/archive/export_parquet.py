"""Articles as Parquet, for pandas, R and DuckDB: typed columns, one row an article. Needs the extra `newsarchive[parquet]`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from newsarchive.archive.export import COLUMNS, Item
from newsarchive.errors import ConfigError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as error:
    raise ConfigError("parquet needs a library: pip install 'newsarchive[parquet]'") from error

_ROWS = 5_000  # of one row group, some 20 MB of text
_TIME = pa.timestamp("ms", tz="UTC")

_TYPES = {
    "date": pa.date32(),
    "published": _TIME,
    "tags": pa.list_(pa.string()),
    "first_seen": _TIME,
    "fetched_at": _TIME,
    "revisions": pa.int32(),
    "revised_at": _TIME,
    "gone_since": _TIME,
    "addresses": pa.list_(pa.string()),
}

SCHEMA = pa.schema({name: _TYPES.get(name, pa.string()) for name in (*COLUMNS, "addresses")})


def write_parquet(items: Iterable[Item], out: BinaryIO) -> None:
    """Write one row an article; `revisions` is how many earlier texts there are."""
    rows = map(_row, items)
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        while batch := list(islice(rows, _ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema=SCHEMA))


def _row(item: Item) -> dict[str, Any]:
    lists = {
        "revisions": len(item["revisions"]),
        "addresses": [address["url"] for address in item["addresses"]],
    }
    return {field.name: _typed({**item, **lists}[field.name], field.type) for field in SCHEMA}


def _typed(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    if kind == _TIME:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == pa.date32() else value
