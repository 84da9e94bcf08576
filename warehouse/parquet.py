"""The whole warehouse as a folder of Parquet files, and a new warehouse out of such a folder.

A folder either is not there or is whole. It holds ``manifest.json``, the articles by day of ``first_seen_at`` (UTC) in
``articles/day=.../``, every other table as one file, and, where asked for, the captures. Rows pass through as they are:
nothing is decided here, and no table is named but the one that is partitioned.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.disk import disk_faults
from warehouse.errors import Terminal
from warehouse.migrate import ledger, migrate
from warehouse.store import create, duckdb_faults, reader

MANIFEST = "manifest.json"
CAPTURES = "captures"
_FORMAT = 1
_PARTITIONED = "articles"
_LEDGER = "migrations"  # of the file itself: a new one has its own
# Without a bound DuckDB keeps what it has read until most of the memory is taken. Rows wait for the files of their
# partitions: at some kB each, tens of MB; DuckDB's own 524,288 are gigabytes of texts.
_BOUNDS = "SET memory_limit = '1GB'; SET partitioned_write_flush_threshold = 8192"
_ROW_GROUP_ROWS = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an export holds. ``migrations`` are the digests of those that made its tables, in order."""

    format: int
    made_at: str
    migrations: list[str]
    rows: Mapping[str, int]
    captures: str  # where the bytes of the captures lie: in the export, or in the archive that it was made of


def export_warehouse(folder: Path, out: Path, *, captures: Path, with_captures: bool) -> Manifest:
    """Write the published snapshot of the archive ``folder`` as Parquet (zstd) into the new folder ``out``.

    ``captures`` is where the archive keeps its captures; they are copied only ``with_captures``. Memory does not grow
    with the archive. Raises Terminal ``export_exists``, ``snapshot_missing``, ``disk_full`` or ``folder_not_writable``.
    """
    if out.exists():
        raise Terminal("export_exists", f"{out} is there already; name a new folder. It was not touched.")
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    with reader(folder) as connection, duckdb_faults(out):
        try:
            partial.mkdir(parents=True)
            connection.execute(_BOUNDS)
            manifest = Manifest(
                format=_FORMAT,
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                migrations=ledger(connection),
                rows={table: _write(connection, table, partial) for table in _tables(connection)},
                captures=CAPTURES if with_captures else str(captures),
            )
            if with_captures and captures.is_dir():
                shutil.copytree(captures, partial / CAPTURES, ignore=shutil.ignore_patterns("*.partial"))
            (partial / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
            os.replace(partial, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()
    return [name for (name,) in names if name != _LEDGER]


def _write(connection: duckdb.DuckDBPyConnection, table: str, out: Path) -> int:
    rows = connection.table(table)
    if table == _PARTITIONED:
        by_day = rows.project("*, CAST(first_seen_at AS DATE) AS day")
        by_day.write_parquet(str(out / table), compression="zstd", partition_by=["day"])
    else:
        rows.write_parquet(str(out / f"{table}.parquet"), compression="zstd", row_group_size=_ROW_GROUP_ROWS * 16)
    return _count(rows)


def _count(rows: duckdb.DuckDBPyRelation) -> int:
    return rows.count("*").fetchall()[0][0]


def import_warehouse(source: Path, folder: Path, *, captures: Path, holder: str, wait_seconds: float = 60) -> Manifest:
    """Make the warehouse of the archive ``folder`` out of an export, and bring it up to this version.

    Captures that the export holds are copied to ``captures``. Raises Terminal ``export_unreadable`` where ``source`` is
    no export or rows are missing, ``export_newer`` where a later version made it, ``archive_exists``, ``disk_full``.
    """
    manifest = _manifest(source)

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(_BOUNDS)
        migrate(connection, name=str(source), until=len(manifest.migrations))
        if ledger(connection) != manifest.migrations:
            raise Terminal(
                "export_newer",
                f"{source} was made by another version of Dateline than this ({len(manifest.migrations)} changes of "
                "schema). Upgrade Dateline, or install the version that made it.",
            )
        for table, expected in manifest.rows.items():
            _read(connection, table, source, expected)
        if (source / CAPTURES).is_dir():  # before the warehouse is there: an import that is cut off is done again
            with disk_faults(captures):
                shutil.copytree(source / CAPTURES, captures, dirs_exist_ok=True)

    create(folder, fill, holder=holder, wait_seconds=wait_seconds)
    return manifest


def _manifest(source: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((source / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(source, f"its {MANIFEST} cannot be read: {error}") from error
    if manifest.format != _FORMAT:
        raise _unreadable(source, f"its form is {manifest.format}, and this version reads {_FORMAT}")
    return manifest


def _read(connection: duckdb.DuckDBPyConnection, table: str, source: Path, expected: int) -> None:
    if table not in _tables(connection):
        raise _unreadable(source, f"it has a table {table}, which Dateline has not")
    files = source / table / "*" / "*.parquet" if table == _PARTITIONED else source / f"{table}.parquet"
    try:
        if expected:
            connection.read_parquet(str(files), hive_partitioning=False).insert_into(table)
    except duckdb.Error as error:
        if "space left" in str(error):
            raise
        raise _unreadable(source, str(error).splitlines()[0]) from error
    if (found := _count(connection.table(table))) != expected:
        raise _unreadable(source, f"{table} has {found} rows where there were {expected}")


def _unreadable(source: Path, told: str) -> Terminal:
    return Terminal("export_unreadable", f"{source} is no whole export of Dateline ({told}). Nothing was imported.")
