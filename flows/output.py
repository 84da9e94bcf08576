"""Rows on stdout, as a table, CSV, JSON or Parquet. Knows nothing of what they mean."""

import csv
import json
import sys
from collections.abc import Sequence
from enum import StrEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.errors import Terminal


class Format(StrEnum):
    """Forms of output."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def write_rows(names: Sequence[str], rows: Sequence[Sequence], format: Format) -> None:
    """Write rows under their column names to stdout.

    Raises Terminal ``output_is_terminal`` for Parquet on a terminal.
    """
    _WRITERS[format](list(names), rows)


def _table(names: list[str], rows: Sequence[Sequence]) -> None:
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 200)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(Text(_plain(name)), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_plain(value)) for value in row))
    console.print(table)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item) for item in value)
    # Control characters of a hostile page must not reach the terminal.
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in str(value))


def _csv(names: list[str], rows: Sequence[Sequence]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_field(value) for value in row] for row in rows)


def _field(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, tuple, dict)) else value


def _json(names: list[str], rows: Sequence[Sequence]) -> None:
    told = [dict(zip(names, row, strict=True)) for row in rows]
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1, default=_iso)
    print()


def _iso(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _parquet(names: list[str], rows: Sequence[Sequence]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if sys.stdout.isatty():
        raise Terminal(
            "output_is_terminal", "Parquet is not for a terminal; send it to a file: ... --format parquet > F"
        )
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    pq.write_table(pa.table([pa.array(list(column)) for column in columns], names=names), sys.stdout.buffer)


_WRITERS = {Format.table: _table, Format.csv: _csv, Format.json: _json, Format.parquet: _parquet}
