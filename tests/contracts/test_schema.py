"""The file on disk against the records, the comments and the promises of the migrations. Real DuckDB files."""

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse import migrate, model, reports, store
from warehouse.errors import Terminal
from warehouse.records import schema_of, to_table


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh archive folder, migrated and published."""
    folder = tmp_path_factory.mktemp("archive")
    store.publish(folder, holder="test")
    return folder


@pytest.fixture
def snapshot(archive: Path):
    with store.reader(archive) as connection:
        yield connection


def test_there_is_a_record_for_every_table(snapshot):
    tables = {name for (name,) in snapshot.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert tables == {*model.TABLES, "migrations"}


@pytest.mark.parametrize("table", model.TABLES)
def test_a_table_equals_its_record(snapshot, table):
    columns = snapshot.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    record = model.TABLES[table]
    types = duckdb.from_arrow(to_table(record, [])).types
    fields = schema_of(record)
    assert columns == [(f.name, str(t), f.nullable) for f, t in zip(fields, types, strict=True)]


def test_everything_is_commented(snapshot):
    told = reports.schema(snapshot)
    assert [each.name for each in told if not each.comment] == []
    assert [(t.name, c) for t in told if t.kind == "table" for c, _, comment in t.columns if not comment] == []
    nullable = snapshot.execute(
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() "
        "WHERE is_nullable AND table_name IN (SELECT table_name FROM duckdb_tables())"
    ).fetchall()
    assert [name for name, comment in nullable if "NULL" not in comment] == [], "say what NULL means"


def test_the_command_prints_every_comment(archive, snapshot, tmp_path):
    settings = tmp_path / "dateline.toml"
    settings.write_text(f'[archive]\ndata_folder = "{archive}"\n')
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "schema", "--settings", str(settings)],
        cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    for each in reports.schema(snapshot):
        assert f"{each.kind} {each.name}: {each.comment}\n" in done.stdout
        for name, kind, comment in each.columns:
            assert f"    {name} {kind}" + (f": {comment}" if comment else "") + "\n" in done.stdout
    for name, parameters in reports.macros(snapshot):
        assert f"macro {name}({', '.join(parameters)})\n" in done.stdout


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """The file of a fresh, migrated warehouse that nobody has open."""
    with store.writer(tmp_path, holder="test"):
        pass
    return tmp_path / store.WAREHOUSE


def run_sql(path: Path, *statements: str) -> None:
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)


def refused(path: Path) -> Terminal:
    """The fault with which the file is refused; it holds the same bytes afterwards, and nothing is left beside it."""
    before, files = digest(path), set(path.parent.iterdir()) | {path.parent / "warehouse.lock"}
    with pytest.raises(Terminal) as caught, store.writer(path.parent, holder="test"):
        pass
    assert digest(path) == before
    assert set(path.parent.iterdir()) <= files
    assert str(path) in str(caught.value)
    return caught.value


def test_the_ledger_holds_the_digest_of_every_migration(warehouse):
    files = sorted((Path(migrate.__file__).parent / "migrations").glob("*.sql"))
    assert [int(file.name.split("_")[0]) for file in files] == list(range(1, len(files) + 1))
    with duckdb.connect(warehouse, read_only=True) as connection:
        sql = "SELECT number, name, digest FROM migrations WHERE number > 0 ORDER BY number"
        ledger = connection.execute(sql).fetchall()
    assert ledger == [(number, file.name, digest(file)) for number, file in enumerate(files, start=1)]


def test_a_warehouse_that_is_up_to_date_is_left_as_it_is(warehouse):
    before = digest(warehouse)
    with store.writer(warehouse.parent, holder="test") as connection:
        assert not migrate.migrate(connection, name="it")
    assert digest(warehouse) == before


def test_views_of_another_version_are_made_anew(warehouse):
    run_sql(warehouse, "DROP VIEW news", "UPDATE migrations SET digest = 'of another version' WHERE number = 0")
    with store.writer(warehouse.parent, holder="test") as connection:
        assert connection.execute("SELECT count(*) FROM news").fetchall() == [(0,)]


def test_a_migration_that_fails_leaves_nothing_of_itself(warehouse):
    with duckdb.connect(warehouse) as connection:
        with pytest.raises(duckdb.Error):
            migrate._apply(connection, 9, "0009_bad.sql", "CREATE TABLE half (a INTEGER); SELECT * FROM nowhere;")
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM migrations WHERE number = 9").fetchall() == [(0,)]


@pytest.fixture
def of_0001(tmp_path: Path) -> Path:
    """A warehouse that the first migration alone has made, with an article, a source and an entry in it."""
    path = tmp_path / store.WAREHOUSE
    first = Path(migrate.__file__).parent / "migrations" / "0001_archive.sql"
    with duckdb.connect(path) as connection:
        migrate._applied(connection, "it")
        migrate._apply(connection, 1, first.name, first.read_text(encoding="utf-8"))
        for table in ("articles", "sources", "entries"):
            columns = {
                name: f"'{name}'" if kind == "VARCHAR" else default
                for name, kind, default in connection.execute(
                    "SELECT column_name, data_type, CASE WHEN data_type LIKE '%[]' THEN '[]' "
                    "WHEN data_type LIKE 'TIMESTAMP%' THEN 'now()' ELSE '1' END "
                    "FROM duckdb_columns() WHERE table_name = ?",
                    [table],
                ).fetchall()
            }
            connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})")
    return path


def test_a_warehouse_of_the_first_version_is_brought_up_to_date_with_its_rows(of_0001):
    with duckdb.connect(of_0001) as connection:
        before = connection.execute("SELECT * FROM articles").fetchall()
    with store.writer(of_0001.parent, holder="test") as connection:
        after = connection.execute("SELECT * FROM articles").fetchall()
        assert [row[: len(before[0])] for row in after] == before
        assert connection.execute(
            "SELECT page_kind, title_origin, authors_origin, published_origin, boilerplate FROM articles"
        ).fetchall() == [("article", None, None, None, [])]
        assert connection.execute("SELECT title FROM articles WHERE page_kind = 'article'").fetchall() == [("title",)]
        assert connection.execute("SELECT page_kind FROM news").fetchall() == []  # a copy of itself
        assert connection.execute("SELECT count(*) FROM site_paragraphs").fetchall() == [(0,)]
        assert connection.execute("SELECT url, state, moved_url, redirect_polls, position FROM sources").fetchall() == [
            ("url", "active", None, 0, None)
        ]
        assert connection.execute("SELECT title, authors, enclosures, content_html FROM entries").fetchall() == [
            ("title", None, None, None)
        ]
    with store.writer(of_0001.parent, holder="test") as connection:
        assert not migrate.migrate(connection, name="it")


def test_a_warehouse_of_the_first_version_has_the_shape_of_a_new_one(of_0001, archive):
    shape = "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() ORDER BY ALL"
    with store.writer(of_0001.parent, holder="test") as migrated, store.reader(archive) as new:
        assert migrated.execute(shape).fetchall() == new.execute(shape).fetchall()


def test_an_altered_migration_is_refused(warehouse):
    run_sql(warehouse, "UPDATE migrations SET digest = 'another' WHERE number = 1")
    fault = refused(warehouse)
    assert fault.reason == "warehouse_altered" and "0001_archive.sql" in str(fault)


def test_the_schema_of_a_newer_dateline_is_refused(warehouse):
    run_sql(warehouse, "INSERT INTO migrations VALUES (7, '0007_later.sql', 'x', now())")
    fault = refused(warehouse)
    assert fault.reason == "warehouse_newer" and "schema 7" in str(fault) and "Upgrade" in str(fault)


def test_a_foreign_duckdb_file_is_refused(tmp_path):
    run_sql(tmp_path / store.WAREHOUSE, "CREATE TABLE invoices (amount INTEGER)")
    fault = refused(tmp_path / store.WAREHOUSE)
    assert fault.reason == "warehouse_foreign" and "invoices" in str(fault)


def of_a_newer_duckdb(path: Path) -> None:
    """Raise the storage version in the file's first block: checksum (8 bytes), "DUCK", version (8 bytes), ...; the
    checksum is 5381 xor each word times a constant."""
    run_sql(path, "CREATE TABLE a (b INTEGER)")
    block = bytearray(path.read_bytes())
    block[12:20] = struct.pack("<Q", 100_000)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", block[8:4096]):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    block[:8] = struct.pack("<Q", checksum)
    path.write_bytes(block)


def truncated(path: Path) -> None:
    run_sql(path, "CREATE TABLE a (b INTEGER)")
    path.write_bytes(path.read_bytes()[:5000])


def damaged(path: Path) -> None:
    run_sql(path, "CREATE TABLE a (b INTEGER)")
    block = bytearray(path.read_bytes())
    block[20] ^= 0xFF
    path.write_bytes(block)


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "text": (lambda path: path.write_text("no database at all\n" * 500), "warehouse_foreign"),
    "short text": (lambda path: path.write_text("x"), "warehouse_foreign"),
    "SQLite": (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(8176)), "warehouse_foreign"),
    "newer DuckDB": (of_a_newer_duckdb, "warehouse_newer"),
    "truncated": (truncated, "warehouse_damaged"),
    "damaged": (damaged, "warehouse_damaged"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_duckdb_cannot_open_is_refused(tmp_path, kind):
    make, reason = FILES[kind]
    make(tmp_path / store.WAREHOUSE)
    assert refused(tmp_path / store.WAREHOUSE).reason == reason
