"""Frozen dataclasses ↔ Arrow ↔ Parquet.

The only place that knows how a Python annotation becomes an Arrow type. No SQL and no paths of the project here.
"""

import os
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_SCALARS = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.large_binary(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


def _arrow_type(annotation: object) -> tuple[pa.DataType, bool]:
    """The Arrow type of an annotation and whether it may be null."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return _arrow_type(inner)[0], True
    if origin is tuple:
        return pa.list_(_arrow_type(arguments[0])[0]), False
    if origin is Mapping:
        return pa.map_(_arrow_type(arguments[0])[0], _arrow_type(arguments[1])[0]), False
    if is_dataclass(annotation):
        return pa.struct(list(schema_of(annotation))), False
    return _SCALARS[annotation], False


@cache
def schema_of(record: type) -> pa.Schema:
    """The Arrow schema of a record class: str, int (64 bit), float, bool, bytes, date, datetime (microseconds, UTC),
    tuples of these, mappings, and dataclasses nested as structs; ``| None`` makes a field nullable."""
    hints = typing.get_type_hints(record)
    return pa.schema(
        [pa.field(f.name, kind, nullable) for f in fields(record) for kind, nullable in [_arrow_type(hints[f.name])]]
    )


def to_table(record: type, rows: Iterable[object]) -> pa.Table:
    """Records of one class as an Arrow table of ``len(rows)`` rows, also where there are none."""
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=schema_of(record))


def from_table(record: type, table: pa.Table) -> list:
    """The inverse of :func:`to_table`."""
    return [_build(record, row) for row in table.to_pylist()]


def _build(annotation: object, value: object) -> object:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if value is None:
        return None
    if origin in (types.UnionType, typing.Union):
        return _build(next(a for a in arguments if a is not type(None)), value)
    if origin is tuple:
        return tuple(_build(arguments[0], item) for item in value)
    if origin is Mapping:
        return dict(value)
    if is_dataclass(annotation):
        hints = _hints(annotation)
        return annotation(**{name: _build(hints[name], item) for name, item in value.items()})
    return value


@cache
def _hints(record: type) -> dict[str, object]:
    return typing.get_type_hints(record)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write ``table`` (zstd) so that ``path`` either is not there or is whole, whatever happens in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(partial, "wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_records(path: Path, record: type, rows: Iterable[object]) -> None:
    """Write records of one class as one Parquet file, atomically."""
    write_parquet(path, to_table(record, rows))


def read_records(path: Path, record: type) -> list:
    """Read back what :func:`write_records` wrote."""
    return from_table(record, pq.read_table(path))
