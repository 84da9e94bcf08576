"""Numbered SQL, each file in one transaction and digest-checked, and the views over it.

Only appends: a file that has been released is never edited, and a warehouse that is newer than the code or not ours is
refused with a sentence.
"""

import hashlib
from contextlib import suppress
from importlib import resources

import duckdb

from warehouse.errors import Terminal

_LEDGER = """
CREATE TABLE migrations (
    number BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE migrations IS 'Changes of schema that this file has seen; number 0 is the state of the views.';
COMMENT ON COLUMN migrations.number IS 'Order of application.';
COMMENT ON COLUMN migrations.name IS 'File it came from.';
COMMENT ON COLUMN migrations.digest IS 'SHA-256 of that file, hex.';
COMMENT ON COLUMN migrations.applied_at IS 'When it was applied.';
"""


def _scripts(folder: str) -> dict[str, str]:
    """File name → SQL, in the order of the names."""
    files = resources.files("warehouse").joinpath(folder).iterdir()
    return {
        f.name: f.read_text(encoding="utf-8") for f in sorted(files, key=lambda f: f.name) if f.name.endswith(".sql")
    }


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def migrate(connection: duckdb.DuckDBPyConnection, *, name: str, until: int | None = None) -> bool:
    """Bring the open warehouse up to this version; ``name`` stands for it in messages. True where anything was done.

    With ``until`` only the migrations up to that number are applied, and no views: the shape of an earlier version.

    Raises :class:`Terminal` ``warehouse_foreign`` for a database that Dateline did not make, ``warehouse_newer`` for
    one that a later version made, ``warehouse_altered`` where an applied migration differs from the one shipped.
    """
    migrations, views = _scripts("migrations"), _scripts("views")
    applied = _applied(connection, name)
    for number, (file, text) in enumerate(migrations.items(), start=1):
        if number in applied and applied[number] != _digest(text):
            raise Terminal(
                "warehouse_altered",
                f"{name} was made with another form of {file} than this version of Dateline has; "
                "install the version that made it, or start a new archive.",
            )
    if max(applied, default=0) > len(migrations):
        raise Terminal(
            "warehouse_newer",
            f"{name} was made by a newer version of Dateline (schema {max(applied)}; this version knows "
            f"{len(migrations)}). Upgrade Dateline; the file was not touched.",
        )
    wanted = list(enumerate(migrations.items(), start=1))[:until]
    pending = [(number, *item) for number, item in wanted if number not in applied]
    for number, file, text in pending:
        _apply(connection, number, file, text)
    if until is not None:
        return bool(pending)
    stale = applied.get(0) != _digest(*views.values())
    if pending or stale:
        _apply(connection, 0, "views", "\n".join(views.values()), _digest(*views.values()))
    return bool(pending) or stale


def ledger(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The digests of the migrations that have made the open warehouse, in order."""
    sql = "SELECT digest FROM migrations WHERE number > 0 ORDER BY number"
    return [digest for (digest,) in connection.execute(sql).fetchall()]


def _applied(connection: duckdb.DuckDBPyConnection, name: str) -> dict[int, str]:
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "migrations" in tables:
        return dict(connection.execute("SELECT number, digest FROM migrations").fetchall())
    if tables:
        raise Terminal(
            "warehouse_foreign",
            f"{name} is a DuckDB file, but not one of Dateline's (it holds {', '.join(sorted(tables)[:5])}). "
            "Name another data_folder; the file was not touched.",
        )
    connection.execute("BEGIN")
    connection.execute(_LEDGER)
    connection.execute("COMMIT")
    return {}


def _apply(connection: duckdb.DuckDBPyConnection, number: int, file: str, text: str, digest: str | None = None) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute(text)
        connection.execute("DELETE FROM migrations WHERE number = ?", [number])
        connection.execute("INSERT INTO migrations VALUES (?, ?, ?, now())", [number, file, digest or _digest(text)])
    except BaseException:
        with suppress(duckdb.Error):  # a fault that has rolled it back already is the one to tell
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
