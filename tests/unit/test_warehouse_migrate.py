"""An upgrade from every version that there has been keeps every row, and the archive goes on from there."""

import duckdb
import pytest

from tests.contracts.handmade import Story, stage_run
from tests.contracts.versions import MIGRATIONS, ROWS, everything, make_version
from warehouse import landing, migrate, store

VERSIONS = range(1, len(MIGRATIONS) + 1)
SHAPE = "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() ORDER BY ALL"
#: Made out of the articles, and so made anew where its shape changes.
DERIVED = {"postings"}
FERRY = Story(url="https://gazette.example/1", article_id="ferry", title="Ferry", text="The ferry sails.")


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> list[tuple]:
    """The columns of a warehouse that this version has made."""
    with store.writer(tmp_path_factory.mktemp("new"), holder="test") as connection:
        return connection.execute(SHAPE).fetchall()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_of_an_earlier_version_is_kept(version, shape, tmp_path):
    make_version(tmp_path / store.WAREHOUSE, version)
    with duckdb.connect(tmp_path / store.WAREHOUSE) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        before = everything(connection)
    assert {len(rows) for _, rows in before.values()} == {ROWS}
    with store.writer(tmp_path, holder="test") as connection:
        after = everything(connection)
        assert connection.execute(SHAPE).fetchall() == shape
        for table, (columns, rows) in before.items():
            if table in DERIVED:
                continue
            assert connection.table(table).project(", ".join(columns)).order("ALL").fetchall() == rows, table
            assert len(after[table][1]) == ROWS, table
        assert not migrate.migrate(connection, name="it")
    stage = stage_run(tmp_path, "run-1", [FERRY])
    with store.writer(tmp_path, holder="test") as connection:
        assert landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    store.publish(tmp_path, holder="test")
    with store.reader(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(ROWS + 1,)]
        assert connection.execute("SELECT article_id FROM search('ferry')").fetchall() == [("ferry",)]
