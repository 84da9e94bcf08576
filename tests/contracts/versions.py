"""Warehouses of earlier versions, with rows in every table: what an upgrade meets, and what it may not lose.

No pipeline here: a row says its column's name and its own number, so that what moved or got lost can be told.
"""

from pathlib import Path

import duckdb

from warehouse import migrate

MIGRATIONS = sorted((Path(migrate.__file__).parent / "migrations").glob("*.sql"))
ROWS = 3

_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal AND table_name <> 'migrations' AND table_name IN (SELECT table_name FROM duckdb_tables())
ORDER BY table_name, column_index
"""


def _value(column: str, kind: str) -> str:
    """SQL for the value of one column in row ``i``."""
    if kind.endswith("[]"):
        return f"[{_value(column, kind[:-2])}]"
    if kind.startswith("MAP"):
        return f"CAST(MAP {{'{column}': i}} AS {kind})"
    if kind == "VARCHAR":
        return f"'{column} ' || i"
    if kind == "DATE":
        return "DATE '2026-01-01' + CAST(i AS INTEGER)"
    if kind.startswith("TIMESTAMP"):
        return f"CAST(TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours(CAST(i AS INTEGER)) AS {kind})"
    return f"CAST(i AS {kind})"


def make_version(path: Path, number: int) -> None:
    """Write the warehouse that the first ``number`` migrations make, ``ROWS`` rows in each of its tables."""
    with duckdb.connect(path) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate.migrate(connection, name=str(path), until=number)
        tables: dict[str, list[str]] = {}
        for table, column, kind in connection.execute(_COLUMNS).fetchall():
            tables.setdefault(table, []).append(_value(column, kind))
        for table, values in tables.items():
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(values)} FROM range(1, {ROWS + 1}) AS r(i)")


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[list[str], list[tuple]]]:
    """By table its columns and its rows, sorted; the ledger of the migrations is left out."""
    names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    found = {}
    for name in sorted(set(names) - {"migrations"}):
        result = connection.execute(f"SELECT * FROM {name} ORDER BY ALL")
        found[name] = ([column[0] for column in result.description], result.fetchall())
    return found
