"""The nightly upkeep: what is left over goes, what is over its time goes, all else stays; cut off at any step, the next
one completes it; faulty limits are told at once.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import maintain as room
from flows.erase import MARK
from flows.settings import load_settings
from tests.contracts.handmade import Story, stage_run
from tests.integration.demoweb import dateline
from tests.integration.test_refine import reports
from tests.unit.test_warehouse_refined import SAME
from warehouse import landing, model, refined, store, upkeep
from warehouse.errors import Terminal
from warehouse.stage import GONE, Stage, unfinished
from warehouse.store import WAREHOUSE

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=400)
SETTINGS = """
[archive]
lock_wait_seconds = 5

[retention]
captures_days = { all = 500, wire = 90 }
bodies_days = { wire = 365 }
"""
SOURCES = """
[[source]]
id = "gazette"
url = "https://gazette.example/feed"

[[source]]
id = "agency"
url = "https://agency.example/feed"
tags = ["wire"]
"""


def land(folder: Path, run_id: str, source_id: str, texts: list[str], seen_at: datetime) -> Stage:
    """Land a run of one source; its stage is left, as where a run was killed before it forgot it."""
    stories = [
        Story(
            url=f"https://{source_id}.example/{run_id}/{number}",
            article_id=f"{run_id}-{number}",
            title=f"Running ferries {number}",
            text=text,
        )
        for number, text in enumerate(texts)
    ]
    stage = stage_run(folder, run_id, stories, seen_at=seen_at)
    (source,) = stage.read("sources", 0)
    stage.write("sources", 0, [replace(source, source_id=source_id, url=f"https://{source_id}.example/feed")])
    for step, field in (("entries", "source_id"), ("resemble", "source_id")):
        number = 0 if step == "entries" else 1
        stage.write(step, number, [replace(row, **{field: source_id}) for row in stage.read(step, number)])
    for step in ("fetch", "clean"):
        rows = [replace(row, capture=replace(row.capture, source_id=source_id)) for row in stage.read(step, 1)]
        stage.write(step, 1, rows)
    with store.writer(folder, holder="test") as connection:
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    return stage


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two sources, old articles and new ones of each, with everything in it that runs can leave over."""
    archive = tmp_path_factory.mktemp("template")
    (archive / "dateline.toml").write_text(SETTINGS)
    (archive / "sources.toml").write_text(SOURCES)
    folder = archive / "data"
    for source_id in ("gazette", "agency"):
        land(
            folder,
            f"old-{source_id}",
            source_id,
            [f"The ferries of {source_id} ran late.", f"A second of {source_id}."],
            LONG_AGO,
        ).remove()
        stage = land(folder, f"new-{source_id}", source_id, ["The ferries are running again."], NOW)
    assert stage.folder.is_dir()  # closed, and not forgotten
    (folder / "stage" / f"{GONE}before").mkdir()
    (folder / "stage" / "undiscovered" / "entries").mkdir(parents=True)
    stage_run(folder, "cut-off", [Story(url="https://gazette.example/later", article_id="later", text="Later.")])
    stage_run(folder, "bad", [Story(url="https://gazette.example/bad", text="Bad.")]).quarantine(folder / "quarantine")
    nobodys = folder / "captures" / "day=2026-01-01" / "20260101T000000Z-0a1b-00000.parquet"
    nobodys.parent.mkdir()
    shutil.copy(next(folder.glob("captures/*/bad-*")), nobodys)
    nobodys.with_name(".x.parquet.1.partial").touch()
    for begun in (LONG_AGO, NOW):
        refined.write(folder, f"{begun:%Y%m%dT%H%M%SZ}-00ff", 1, [SAME])
    with store.writer(folder, holder="test") as connection:
        connection.execute("INSERT INTO vocabulary VALUES ('leftover', 'leftov')")
        connection.execute("UPDATE vocabulary SET stem = term WHERE term IN ('running', 'ferries')")
    return archive


@pytest.fixture
def archive(template: Path, tmp_path: Path) -> Path:
    """The archive of ``template``, to be changed."""
    shutil.copytree(template, tmp_path / "archive")
    return tmp_path / "archive"


def ask(archive: Path, sql: str) -> list[tuple]:
    with store.reader(archive / "data") as connection:
        return connection.execute(sql).fetchall()


def is_in_order(archive: Path) -> None:
    """What was left over and what is over its time is gone; all else is as it was."""
    data = archive / "data"
    assert [stage.run_id for stage in unfinished(data / "stage")] == ["cut-off"] and not list(data.glob("stage/.*"))
    assert [stage.run_id for stage in unfinished(data / "quarantine")] == ["bad"]
    runs = {path.name.rsplit("-", 1)[0] for path in data.glob("captures/*/*")}
    assert runs == {"old-gazette", "new-gazette", "new-agency", "cut-off", "bad"}
    assert not list(data.glob("captures/day=2026-01-01")) and not (data / MARK).exists()
    assert [path.name for path in data.glob("refined/*")] == [f"{NOW:%Y%m%dT%H%M%SZ}-00ff"]
    assert ask(archive, "SELECT DISTINCT path = '' FROM captures WHERE run_id = 'old-agency'") == [(True,)]
    assert ask(archive, "SELECT count(*) FROM captures WHERE path = ''") == [(2,)]
    assert ask(archive, "SELECT article_id FROM articles WHERE text = '' ORDER BY 1") == [
        ("old-agency-0",),
        ("old-agency-1",),
    ]
    assert ask(archive, "SELECT count(*), count(DISTINCT title) FROM articles") == [(6, 2)]
    stems = ask(
        archive, "SELECT term, stem FROM vocabulary WHERE term IN ('running', 'ferries', 'leftover') ORDER BY 1"
    )
    assert stems == [("ferries", "ferri"), ("running", "run")]
    assert len(ask(archive, "SELECT article_id FROM search('run')")) == 6  # by headlines, where the text is gone
    assert ask(archive, "SELECT count(*) <= 2 FROM segments") == [(True,)]  # one of all, one of bare headlines
    assert b"second of agency" not in (data / WAREHOUSE).read_bytes()


def test_a_night_under_prefect(environment, prefect_server, archive):
    done = dateline("maintain", environment=environment, cwd=archive)
    assert done.returncode == 0, done.stderr
    told = {line[:14].strip(): re.sub(r" \([\d.]+ s\)$", "", line[15:]) for line in done.stdout.splitlines()}
    assert told == {
        "leftovers": "taken away: stages of runs that are over 3, files half written 1, files of captures that nothing "
        "names 1, records of refines 1; 2 runs that were cut off or set aside stay",
        "search index": told["search index"],
        "retention": "dropped 2 stored bodies and 2 texts",
        "warehouse file": told["warehouse file"],
        "snapshot": "published already",  # with the texts gone
        "sources": "2 active",
    }
    assert re.fullmatch(r"\d+ postings merged; 2 words came to the vocabulary, 3 went", told["search index"])
    assert told["warehouse file"].endswith("left as it is")
    is_in_order(archive)
    ((report, name),) = reports(prefect_server["PREFECT_API_URL"], "maintain-report")
    assert re.fullmatch(r"maintain: 5 steps in [\d.]+ s; 0 of 2 sources need attention", name)
    assert report.startswith(f"# {name}\n") and told["retention"] in report and "| active | 2 |" in report


def tend(archive: Path) -> list[str]:
    """The steps of a night without Prefect; what each says."""
    settings = load_settings(archive)
    limits = room._limits(settings, archive)
    told = [room._sweep(settings), room._tend_index(settings), room._retain(settings, limits), room._pack(settings)]
    store.publish(settings.data_folder, holder="test")
    return told


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it."""


STEPS = {
    "before captures go": "warehouse.forget.sweep_captures",
    "before bytes go": "warehouse.forget.forget_bytes",
    "before rows go": "warehouse.retention.drop",
    "before the file is written anew": "warehouse.erasure.compact",
}


@pytest.mark.parametrize("step", STEPS)
def test_what_was_cut_off_is_completed_by_the_next_night(archive, monkeypatch, step):
    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(STEPS[step], dies)
        with pytest.raises(Killed):
            tend(archive)
    tend(archive)
    is_in_order(archive)


def test_a_second_night_finds_nothing_to_do(archive):
    (archive / "dateline.toml").write_text("[retention]\ncaptures_days = 390\n")
    tend(archive)
    snapshot = archive / "data" / "snapshot.duckdb"
    before = snapshot.stat()
    swept, index, retained, packed = tend(archive)
    assert swept == "nothing was left over; 2 runs that were cut off or set aside stay"
    assert index == "no segments to merge; 0 words came to the vocabulary, 0 went"
    assert retained == "dropped 0 stored bodies and 0 texts" and packed.endswith("left as it is")
    assert (snapshot.stat().st_ino, snapshot.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_holds_little_is_written_anew(archive, monkeypatch):
    (archive / "dateline.toml").write_text("")
    path = archive / "data" / WAREHOUSE
    with store.writer(path.parent, holder="test") as connection:
        for name in ("padding", "behind"):  # what is free at the end of a file DuckDB gives back by itself
            connection.sql("SELECT sha256(CAST(i AS VARCHAR)) AS digest FROM range(100_000) AS t(i)").create(name)
            connection.execute("CHECKPOINT")
        connection.execute("DROP TABLE padding")
    monkeypatch.setattr(room, "IDLE_BYTES", 1_000_000)
    before = path.stat().st_size
    told = tend(archive)[-1]
    assert "written anew" in told and path.stat().st_size < 0.75 * before, told


def test_an_erasure_that_was_cut_off_is_left_to_its_own_call(archive):
    mark = archive / "data" / MARK
    mark.write_text("erase")
    assert "an erasure was cut off" in tend(archive)[2]
    assert mark.read_text() == "erase"


def test_where_texts_go_the_reports_of_their_time_go_and_no_others(archive):
    path = archive / "data" / "prefect" / "prefect.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as kept:  # the columns that tell a time, as Prefect has them
        for table, time in (("artifact", "updated"), ("artifact_collection", "updated"), ("log", "timestamp")):
            kept.execute(f"CREATE TABLE {table} (data TEXT, key TEXT, {time} DATETIME)")
            kept.execute(f"INSERT INTO {table} VALUES ('The ferries of agency', 'ingest-report', ?)", [f"{LONG_AGO}"])
            kept.execute(f"INSERT INTO {table} VALUES ('The ferries ran', 'ingest-report', ?)", [f"{NOW}"])
        kept.execute("INSERT INTO artifact VALUES ('The ferries of agency', 'refine-report', ?)", [f"{NOW}"])
        kept.commit()
    tend(archive)
    with closing(sqlite3.connect(path)) as kept:
        for table in ("artifact", "artifact_collection", "log"):
            assert kept.execute(f"SELECT data FROM {table}").fetchall() == [("The ferries ran",)]
    assert b"ferries of agency" not in path.read_bytes()


def test_rows_deleted_here_and_there_count_as_room(tmp_path):
    with store.writer(tmp_path, holder="test") as connection:
        connection.sql("SELECT i, sha256(CAST(i AS VARCHAR)) AS digest FROM range(200_000) AS t(i)").create("padding")
        assert upkeep.room(connection).idle_share < 0.05
        connection.execute("DELETE FROM padding WHERE i % 10 < 8")
        assert 0.5 < upkeep.room(connection).idle_share < 0.8


def test_faulty_days_are_told_all_at_once(tmp_path, monkeypatch):
    told = "[retention]\ncaptures_days = { all = 0, wire = 30 }\nrefined_days = 0\nbodies = 3\n"
    (tmp_path / "dateline.toml").write_text(told)
    monkeypatch.setenv("DATELINE_RETENTION__BODIES_DAYS", "all=400, wire=some")
    with pytest.raises(Terminal) as caught:
        load_settings(tmp_path)
    assert len(str(caught.value).splitlines()) == 4
    for words in ("not all = 0.", "BODIES_DAYS: retention.bodies_days", "not 'some'.", "did you mean bodies_days?"):
        assert words in str(caught.value)
    monkeypatch.setenv("DATELINE_RETENTION__BODIES_DAYS", "all=400, wire=forever")
    (tmp_path / "dateline.toml").write_text("")
    assert load_settings(tmp_path).retention.bodies_days == (("all", 400), ("wire", None))


def test_limits_of_an_unknown_name_are_told_at_once(archive):
    told = SETTINGS.replace("wire = 90", "wrie = 90").replace("wire = 365", '"nobody.example" = 365')
    (archive / "dateline.toml").write_text(told)
    with pytest.raises(Terminal) as caught:
        tend(archive)
    lines = str(caught.value).splitlines()
    assert caught.value.reason == "settings_invalid" and len(lines) == 2
    assert "captures_days" in lines[0] and "did you mean wire?" in lines[0]
    assert "bodies_days" in lines[1] and "nobody.example" in lines[1]


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ('"forever"', {}),
        ("30", {None: 30}),
        ('{ all = 30, wire = "forever" }', {None: 30, "gazette": 30, "agency": None}),
        ('{ all = 30, wire = 20, agency = 90 }', {None: 30, "gazette": 30, "agency": 90}),
        ('{ wire = 20 }', {None: None, "gazette": None, "agency": 20}),
    ],
)  # fmt: skip
def test_an_id_goes_before_tags_before_all(archive, days, kept):
    (archive / "dateline.toml").write_text(f"[retention]\ncaptures_days = {days}\n")
    limits = room._limits(load_settings(archive), archive)
    found = {each.source_id: each.captures_since and (datetime.now(UTC) - each.captures_since).days for each in limits}
    assert found == kept and not any(each.bodies_since for each in limits)


def test_a_source_is_in_one_condition(tmp_path):
    land(tmp_path, "run", "well", ["A.", "B."], NOW)
    told = {"kind": "feed", "url": "https://a.example/feed", "added_at": LONG_AGO, "last_polled_at": NOW}
    others = [
        model.Source(source_id=name, **told | more)
        for name, more in {
            "silent": {},
            "new": {"added_at": NOW},
            "folder": {"kind": "folder"},
            "off": {"enabled": False},
            "failing": {"consecutive_failures": 3, "failing_since": NOW, "last_error": "It timed out."},
            "given up": {"consecutive_failures": 30, "failing_since": LONG_AGO, "state": "quarantined"},
            "ended": {"consecutive_failures": 1, "failing_since": NOW, "state": "gone"},
        }.items()
    ]
    with store.writer(tmp_path, holder="test") as connection:
        landing.save_sources(connection, others)
        connection.execute("UPDATE sources SET last_polled_at = now() WHERE source_id = 'well'")
        assert upkeep.source_conditions(connection) == [
            ("ended", "gone", NOW.date(), None),
            ("given up", "quarantined", LONG_AGO.date(), None),
            ("failing", "failing", NOW.date(), "It timed out."),
            ("silent", "silent", None, None),
            ("folder", "active", None, None),
            ("new", "active", None, None),
            ("well", "active", NOW.date(), None),
        ]
