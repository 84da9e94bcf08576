"""A warehouse taken out as Parquet and brought back is the same warehouse, row for row."""

import json
import shutil
from pathlib import Path

import pytest

from tests.contracts.handmade import Story, stage_run
from tests.contracts.versions import MIGRATIONS, everything, make_version
from warehouse import landing, store
from warehouse.errors import Terminal
from warehouse.parquet import MANIFEST, export_warehouse, import_warehouse


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published archive with rows in every table, some of them landed."""
    folder = tmp_path_factory.mktemp("archive")
    make_version(folder / store.WAREHOUSE, len(MIGRATIONS))
    stories = [Story(url=f"https://a.example/{n}", article_id=f"a{n}", title="T", text=f"Text {n}.") for n in range(3)]
    stage = stage_run(folder, "run-1", stories)
    with store.writer(folder, holder="test") as connection:
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    store.publish(folder, holder="test")
    return folder


@pytest.fixture
def out(exported: Path, tmp_path: Path) -> Path:
    """A copy of its export, to be harmed."""
    return shutil.copytree(exported, tmp_path / "out")


@pytest.fixture(scope="module")
def exported(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    export(archive, out := tmp_path_factory.mktemp("exported") / "out", with_captures=True)
    return out


def export(archive: Path, out: Path, *, with_captures: bool = False):
    return export_warehouse(archive, out, captures=archive / "captures", with_captures=with_captures)


def bring_back(source: Path, folder: Path) -> None:
    import_warehouse(source, folder, captures=folder / "captures", holder="test")
    store.publish(folder, holder="test")


def contents(folder: Path):
    with store.reader(folder) as connection:
        return everything(connection)


def test_the_way_out_and_back_keeps_every_row_of_every_table(archive, out, tmp_path):
    bring_back(out, tmp_path / "new")
    before = contents(archive)
    assert contents(tmp_path / "new") == before
    told = json.loads((out / MANIFEST).read_text())["rows"]
    assert told == {table: len(rows) for table, (_, rows) in before.items()} and min(told.values()) > 0
    days = sorted(path.name for path in (out / "articles").iterdir())
    assert len(days) == 2 and days[-1] == "day=2026-11-23"
    there, kept = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")}
        for folder in (tmp_path / "new" / "captures", archive / "captures")
    )
    assert there == kept != {}
    with store.reader(tmp_path / "new") as connection:
        assert connection.execute("SELECT count(*) FROM news WHERE article_id = 'a1'").fetchall() == [(1,)]


def test_an_export_of_an_earlier_version_is_brought_up_to_date(tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    make_version(old / store.WAREHOUSE, 1)
    (old / store.WAREHOUSE).rename(old / store.SNAPSHOT)  # as that version published it
    export(old, tmp_path / "out")
    bring_back(tmp_path / "out", tmp_path / "new")
    (tmp_path / "upgraded").mkdir()
    make_version(tmp_path / "upgraded" / store.WAREHOUSE, 1)
    store.publish(tmp_path / "upgraded", holder="test")
    assert contents(tmp_path / "new") == contents(tmp_path / "upgraded")


def test_nothing_is_written_over(archive, out, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(Terminal) as caught:
        export(archive, tmp_path / "there")
    assert caught.value.reason == "export_exists" and list((tmp_path / "there").iterdir()) == []
    before = (archive / store.WAREHOUSE).read_bytes()
    with pytest.raises(Terminal) as caught:
        bring_back(out, archive)
    assert caught.value.reason == "archive_exists" and (archive / store.WAREHOUSE).read_bytes() == before


def no_manifest(out: Path) -> None:
    (out / MANIFEST).unlink()


def lost_day(out: Path) -> None:
    next((out / "articles").rglob("*.parquet")).unlink()


def lost_table(out: Path) -> None:
    (out / "quotes.parquet").unlink()


def cut_off(out: Path) -> None:
    (out / "quotes.parquet").write_bytes((out / "quotes.parquet").read_bytes()[:-20])


def later(out: Path) -> None:
    told = json.loads((out / MANIFEST).read_text())
    (out / MANIFEST).write_text(json.dumps(told | {"migrations": [*told["migrations"], "x"]}))


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (no_manifest, "export_unreadable"),
        (lost_day, "export_unreadable"),
        (lost_table, "export_unreadable"),
        (cut_off, "export_unreadable"),
        (later, "export_newer"),
    ],
)
def test_what_is_not_whole_becomes_no_warehouse(out, tmp_path, harm, reason):
    harm(out)
    with pytest.raises(Terminal) as caught:
        bring_back(out, tmp_path / "new")
    assert caught.value.reason == reason and str(out) in str(caught.value)
    assert list((tmp_path / "new").glob("*.duckdb*")) == list((tmp_path / "new").glob(".*.new*")) == []
