"""Frozen dataclasses ↔ Arrow ↔ Parquet.

The only place that knows how a Python annotation becomes an Arrow type. No SQL and no paths of the project here.
"""

import os
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
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
    take_apart = _apart(record)
    return pa.Table.from_pylist([take_apart(row) for row in rows], schema=schema_of(record))


def from_table(record: type, table: pa.Table) -> list:
    """The inverse of :func:`to_table`."""
    put_together = _together(record)
    return [put_together(row) for row in table.to_pylist()]


@cache
def _apart(annotation: object) -> Callable[[object], object] | None:
    """What makes plain values of a value of that annotation; None where it is one."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return _unless_none(_apart(inner))
    if origin is tuple:
        each = _apart(arguments[0])
        return (lambda value: [each(item) for item in value]) if each else None
    if not is_dataclass(annotation):
        return None
    hints = _hints(annotation)
    parts = [(f.name, _apart(hints[f.name])) for f in fields(annotation)]
    plain = [name for name, part in parts if part is None]
    nested = [(name, part) for name, part in parts if part is not None]

    def take_apart(value: object) -> dict[str, object]:
        told = {name: getattr(value, name) for name in plain}
        for name, part in nested:
            told[name] = part(getattr(value, name))
        return told

    return take_apart


@cache
def _together(annotation: object) -> Callable[[object], object] | None:
    """The inverse of :func:`_apart`, of the values that Arrow gives."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return _unless_none(_together(inner))
    if origin is tuple:
        each = _together(arguments[0])
        return (lambda value: tuple(map(each, value))) if each else tuple
    if origin is Mapping:
        return dict
    if not is_dataclass(annotation):
        return None
    hints = _hints(annotation)
    nested = [(f.name, part) for f in fields(annotation) if (part := _together(hints[f.name])) is not None]

    def put_together(value: dict[str, object]) -> object:
        for name, part in nested:
            if name in value:  # a file of an earlier version has fewer columns
                value[name] = part(value[name])
        return annotation(**value)

    return put_together


def _unless_none(change: Callable[[object], object] | None) -> Callable[[object], object] | None:
    return change and (lambda value: None if value is None else change(value))


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


def read_records(path: Path, record: type, filters: list[tuple[str, str, object]] | None = None) -> list:
    """Read back what :func:`write_records` wrote; of it, only the records that the filters (as pyarrow's) let pass."""
    return from_table(record, pq.read_table(path, filters=filters))


def read_columns(path: Path, record: type) -> pa.Table:
    """What :func:`write_records` wrote, as columns; those that an earlier version did not write are null."""
    table = pq.read_table(path)
    for field in schema_of(record):
        if field.name not in table.column_names:
            table = table.append_column(field.name, pa.nulls(table.num_rows, field.type))
    return table


class RecordFile:
    """A Parquet file (zstd) that is written in pieces: whole and in its place after :meth:`finish`, else not there.

    Made for long values: none is looked up in a dictionary, and none has its least and greatest kept.
    """

    def __init__(self, path: Path, record: type) -> None:
        self._path = path
        self._record = record
        self._partial = path.with_name(f".{path.name}.partial")  # one name, so that a run that goes on writes it over
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self._partial, "wb")
        self._writer = pq.ParquetWriter(
            self._file, schema_of(record), compression="zstd", use_dictionary=False, write_statistics=False
        )

    def write(self, rows: Sequence[object]) -> None:
        """Add records as one row group; none of it where there are none."""
        if rows:
            self._writer.write_table(to_table(self._record, rows))

    def finish(self) -> None:
        """Put the file in its place."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        os.replace(self._partial, self._path)

    def discard(self) -> None:
        """Let go of the file, and take away what is not in its place."""
        with suppress(OSError):  # a disk that is full: what is thrown away need not be whole
            self._writer.close()
            self._file.close()
        self._partial.unlink(missing_ok=True)
