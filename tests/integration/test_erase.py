"""Erasure and retention: nothing of what is erased is left in any file, all else is as it was, and what is cut off is
completed by the same call.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from flows import erase as room
from flows.erase import MARK, erase, retain
from flows.settings import ArchiveSettings, Settings
from tests.contracts.handmade import NOON, Story, stage_run
from tests.integration.desk import HOST, opened_desk, rss
from warehouse import captures, landing, lookups, refined, store
from warehouse.digests import address_digest
from warehouse.erasure import Wanted
from warehouse.stage import Stage

SECRET = "Nobody but Ada Brand ever saw the lighthouse ledger"
URL = "https://gazette.example/ledger-of-ada-brand"
KEPT = "https://gazette.example/kept"
TARGET = Story(url=URL, article_id="ledger", title="Ada Brand’s ledger", text=f"{SECRET}.", people=["Ada Brand"])
OTHERS = [
    Story(
        url=KEPT, article_id="kept", title="Ferry sails", text="The ferry sails. Tom Reed waved.", people=["Tom Reed"]
    ),
    Story(url="https://gazette.example/gone", reason="http_404"),
]


def land(folder: Path, run_id: str, stories: list[Story], **told) -> None:
    with store.writer(folder, holder="test") as connection:
        stage = stage_run(folder, run_id, stories, **told)
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    stage.remove()


def rereading() -> refined.Rereading:
    told = {"authors": (), "published": None, "tags": (), "title": None, "words": 0, "extractor": "x"}
    both = {f"{name}_{when}": value for name, value in told.items() for when in ("before", "after")}
    return refined.Rereading(
        article_id="ledger",
        url=URL,
        changed=(),
        words_left=0,
        words_came=0,
        similarity=1,
        left=(SECRET,),
        came=(),
        **both,
    )


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    """The archive of ``template``, to be changed."""
    shutil.copytree(template, tmp_path / "data")
    return Settings(archive=ArchiveSettings(data_folder=tmp_path / "data", lock_wait_seconds=1))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that has the sentence in every place that an archive has: an article and its earlier version, the
    feed's text, a stage cut off and one set aside, a journal, a file half written, a refine, a report, the snapshot."""
    folder = tmp_path_factory.mktemp("template")
    settings = Settings(archive=ArchiveSettings(data_folder=folder))
    land(folder, "run-1", [TARGET, *OTHERS])
    land(
        folder,
        "run-2",
        [replace(TARGET, url=f"{URL}?v=2", text=f"{SECRET}, until now.", outcome="revised", revision=2)],
        seen_at=NOON + timedelta(hours=1),
    )
    with store.writer(folder, holder="test") as connection:
        connection.execute("UPDATE entries SET content_html = ? WHERE article_id = 'ledger'", [f"<p>{SECRET}"])
    store.publish(folder, holder="test")
    again = replace(TARGET, url=f"{URL}?v=3", text=f"{SECRET}, they say.", outcome="revised", revision=3)
    stage_run(
        folder, "run-3", [again, replace(OTHERS[0], url=f"{KEPT}/2", article_id="new", text="It sailed.", people=())]
    )
    (settings.stages / "run-3" / "fetch" / "00002.journal").write_text(SECRET)
    stage_run(folder, "run-4", [again]).quarantine(settings.quarantine)
    (settings.captures / "day=2026-11-23" / ".x.parquet.partial").write_text(SECRET)
    refined.write(folder, "run-0", 1, [rereading()])
    (folder / "prefect").mkdir()
    with closing(sqlite3.connect(folder / "prefect" / "prefect.db")) as reports:
        reports.execute("CREATE TABLE artifact (data TEXT)")
        reports.execute("INSERT INTO artifact VALUES (?)", [SECRET])
        reports.commit()
    return folder


def texts(path: Path) -> Iterator[str]:
    """All that a file holds, as it is and as it is read."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        for row in pq.read_table(path).to_pylist():
            yield " ".join(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row.values())
    elif path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as connection:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield from (str(row) for row in connection.table(table).fetchall())


def found(settings: Settings, *words: str) -> set[str]:
    """The files under the archive's folder that hold any of the words."""
    return {
        str(path.relative_to(settings.data_folder))
        for path in settings.data_folder.rglob("*")
        if path.is_file() and any(word in told for told in texts(path) for word in words)
    }


def ask(settings: Settings, sql: str) -> list[tuple]:
    with store.reader(settings.data_folder) as connection:
        return connection.execute(sql).fetchall()


def take(settings: Settings, **wanted):
    return erase(settings, Wanted(**wanted), reason="a court's order", dry_run=False)


def is_clean(settings: Settings) -> None:
    """Nothing is left of the article, nothing else is missing, and its address may not come again."""
    assert found(settings, SECRET, "lighthouse", URL, "Brand", "brand") == set()
    assert not (settings.data_folder / MARK).exists()
    assert ask(settings, "SELECT article_id, text FROM articles") == [("kept", "The ferry sails. Tom Reed waved.")]
    assert ask(settings, "SELECT name FROM entities") == [("Tom Reed",)]
    assert ask(settings, "SELECT reason FROM tombstones") == [("a court's order",)] * len(
        ask(settings, "FROM tombstones")
    )
    with store.writer(settings.data_folder, holder="test") as connection:
        assert lookups.erased(connection, [address_digest(URL), address_digest(KEPT)]) == {address_digest(URL)}
        tables = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE column_name LIKE '%article_id' "
            "OR column_name = 'duplicate_of'"
        ).fetchall()
        for table, column in tables:  # a table that is added later is found here
            assert connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = 'ledger'").fetchall() == [(0,)]
        kept = [c for c in lookups.kept_captures(connection, since=NOON, until=datetime.now(UTC), source_ids=[])]
    bodies = captures.load(settings.captures, [each.capture for each in kept])
    assert sorted(bodies.values()) == [b"The ferry sails. Tom Reed waved.", b"https://gazette.example/gone"]


WAYS = {
    "by id": {"article_ids": ("ledger",)},
    "by an address with tracking": {"urls": (f"{URL}?utm_source=x",)},
}


@pytest.mark.parametrize("way", WAYS)
def test_no_file_holds_the_sentence_afterwards(settings, way):
    assert len(found(settings, SECRET)) >= 12
    erased = take(settings, **WAYS[way])
    assert [row[0] for row in erased.articles] == ["ledger"] and not erased.stages
    is_clean(settings)


def test_the_run_that_was_cut_off_is_finished_without_it_and_balances(settings):
    take(settings, article_ids=("ledger",))
    stage = Stage(settings.stages / "run-3")
    with store.writer(settings.data_folder, holder="test") as connection:
        assert landing.land(connection, stage, 1)
        run = landing.close_run(connection, stage)
        assert (run.entries_in, run.entries_landed, dict(run.dropped_by_reason)) == (2, 1, {"erased": 1})
        assert connection.execute("SELECT article_id FROM articles ORDER BY 1").fetchall() == [("kept",), ("new",)]
    stage.remove()
    assert found(settings, SECRET, URL) == set()


def test_a_dry_run_changes_nothing(settings):
    before = {path: path.read_bytes() for path in settings.data_folder.rglob("*.parquet")}
    erased = erase(settings, Wanted(source_id="gazette"), reason="x", dry_run=True)
    assert [row[0] for row in erased.articles] == ["kept", "ledger"]
    assert before == {path: path.read_bytes() for path in settings.data_folder.rglob("*.parquet")}
    assert ask(settings, "FROM tombstones") == [] and not (settings.data_folder / MARK).exists()


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it."""


STEPS = [
    "forget.forget_bytes",
    "forget.forget_stages",
    "erasure.delete",
    "erasure.compact",
    "publish",
    "_forget_reports",
]


@pytest.mark.parametrize("step", STEPS)
def test_what_was_cut_off_is_completed_by_the_same_call(settings, monkeypatch, step):
    *module, name = step.split(".")
    place = getattr(room, module[0]) if module else room

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, name, dies)
        with pytest.raises(Killed):
            take(settings, person="ada  brand")
    take(settings, person="ada  brand")
    is_clean(settings)


def test_an_erased_address_that_is_listed_again_is_counted_and_not_written_down(tmp_path):
    with opened_desk(tmp_path) as desk:
        desk.add("/feed")
        desk.serve("/feed", rss(10, 20))
        settings = Settings(archive=ArchiveSettings(data_folder=tmp_path, lock_wait_seconds=1))
        erased = take(settings, urls=(f"http://{HOST}/20?utm_source=feed",))
        assert (erased.articles, erased.bodies) == ([], 0)  # not there yet, and barred all the same
        desk.poll()
        assert [entry.url for entry in desk.entries] == [f"http://{HOST}/10"]
        assert desk.summary.entries_in == 2 and desk.summary.unlisted["erased"] == 1


def test_bytes_and_originals_of_copies_that_stay(tmp_path):
    settings = Settings(archive=ArchiveSettings(data_folder=tmp_path / "data", lock_wait_seconds=1))
    copies = [
        replace(TARGET, url=f"https://{name}.example/1", article_id=name, outcome="copy", duplicate_of="ledger")
        for name in ("first", "second")
    ]
    copies = [replace(copy, duplicate_kind="exact") for copy in copies]
    land(settings.data_folder, "run-1", [TARGET])
    for number, copy in enumerate(copies, start=2):
        land(settings.data_folder, f"run-{number}", [copy], seen_at=NOON + timedelta(hours=number))
    erased = take(settings, article_ids=("ledger",))
    assert erased.articles[0][3] == 2  # copies left
    rows = ask(settings, "SELECT article_id, duplicate_of, duplicate_kind FROM articles ORDER BY 1")
    assert rows == [("first", None, None), ("second", "first", "exact")]
    take(settings, article_ids=("first",), with_copies=True)
    assert found(settings, SECRET) == set() and ask(settings, "FROM articles") == []


def test_captures_go_by_age_and_their_rows_stay(settings):
    told = {"days": 365, "source_id": None, "bodies": False}
    assert retain(settings, **told, dry_run=False).bodies == 0
    with store.writer(settings.data_folder, holder="test") as connection:
        connection.execute("UPDATE captures SET fetched_at = fetched_at - INTERVAL 400 DAY WHERE url <> ?", [KEPT])
    assert retain(settings, **told, dry_run=True).bodies == 3
    assert retain(settings, **told, dry_run=False).bodies == 3
    assert ask(settings, "SELECT url FROM captures WHERE path <> ''") == [(KEPT,)]
    assert ask(settings, "SELECT count(*) FROM articles WHERE text <> ''") == [(2,)]
    assert retain(settings, **told, dry_run=False).bodies == 0


def test_bodies_go_by_age_and_the_article_stays(settings):
    with store.writer(settings.data_folder, holder="test") as connection:
        for change in (
            "UPDATE articles SET last_seen_at = last_seen_at - INTERVAL 400 DAY WHERE article_id = 'ledger'",
            "UPDATE captures SET fetched_at = fetched_at - INTERVAL 400 DAY WHERE contains(url, 'ledger')",
            "UPDATE entries SET seen_at = seen_at - INTERVAL 400 DAY WHERE article_id = 'ledger'",
        ):
            connection.execute(change)
    dropped = retain(settings, days=365, source_id="gazette", bodies=True, dry_run=False)
    assert ([row[0] for row in dropped.articles], dropped.bodies) == (["ledger"], 2)
    assert ask(settings, "SELECT article_id, word_count > 0, text FROM articles ORDER BY 1") == [
        ("kept", True, "The ferry sails. Tom Reed waved."),
        ("ledger", True, ""),
    ]
    assert ask(settings, "SELECT DISTINCT article_id FROM mentions") == [("kept",)]
    left = found(settings, SECRET)
    assert {name for name in left if not name.startswith(("stage/", "quarantine/"))} == {
        name for name in left if name.startswith(("captures/day=2026-11-23/run-3", "captures/day=2026-11-23/run-4"))
    }
