"""`kill -9` while a run fetches, cleans and lands: the next run finishes what was begun, and the archive is as if
nobody had disturbed it.

A run is stopped first and killed only when, standing still, it is seen to be at the moment asked for: no moment is hit
by luck.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.bench import bench_kill
from tests.demo.archive import make_archive
from tests.demo.replay import Replay
from tests.integration.demoweb import dateline, start_dateline
from warehouse.model import TABLES
from warehouse.stage import GONE, Stage, unfinished
from warehouse.store import SNAPSHOT, WAREHOUSE

DEADLINE_SECONDS = 120
SMALL_BATCHES = "\n[run]\nbatch_entries = 10\n"
SLOWLY = {"DATELINE_FETCH__HOST_GAP_SECONDS": "0.2"}  # so that fetching takes long enough to be met at it
# Of the first run: the second, which finds nothing new, lists the sources that fail once more.
FIRST = "run_id = (SELECT min(run_id) FROM runs)"
OF_RUNS = ("runs", "batches", "entries", "fetches", "captures")
COMPARED = (
    "SELECT canonical_url, source_id, title, text_digest, revision, duplicate_kind FROM articles ORDER BY ALL",
    "SELECT a.canonical_url, b.canonical_url FROM articles AS a JOIN articles AS b ON a.duplicate_of = b.article_id "
    "ORDER BY ALL",
    f"SELECT entries_in, entries_landed, articles_new, articles_copies, dropped_by_reason FROM runs WHERE {FIRST}",
    f"SELECT url, outcome, reason FROM entries WHERE {FIRST} ORDER BY ALL",
    f"SELECT url, sha256, kind FROM captures WHERE {FIRST} ORDER BY ALL",
    f"SELECT url FROM fetches WHERE {FIRST} AND status = 200 AND NOT ends_with(url, '/robots.txt') ORDER BY ALL",
    "SELECT surface, label, start_char, end_char, entity_id FROM mentions ORDER BY ALL",
    "SELECT text, kind, speaker_id FROM quotes ORDER BY ALL",
    "SELECT entity_id, name FROM entities ORDER BY ALL",
    "SELECT term, count(*), sum(frequency) FROM postings GROUP BY ALL ORDER BY ALL",
    "SELECT a.canonical_url, u.url FROM article_urls AS u JOIN articles AS a USING (article_id) ORDER BY ALL",
    "SELECT " + ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES if table not in OF_RUNS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run under way, as it is seen from outside: by the files that it has written and the requests it has sent."""

    process: subprocess.Popen
    folder: Path
    replay: Replay
    requests_before: int

    def stage(self) -> Stage | None:
        """Its stage, once discovery is over and the batches are cut."""
        return next((stage for stage in unfinished(self.folder / "data" / "stage") if stage.discovered()), None)

    def asked(self) -> set[str]:
        """The URLs that it has asked the servers for."""
        return asked_since(self.replay, self.requests_before)


def asked_since(replay: Replay, count: int) -> set[str]:
    return {f"http://{request.host}:{replay.port}{request.path}" for request in replay.requests[count:]}


def is_fetching(run: Run, stage: Stage) -> bool:
    """Some pages of a batch have come, and it is not complete."""
    under_way = [batch for batch in stage.batches() if not stage.has("fetch", batch)]
    asked = run.asked()
    return any(entry.url in asked for batch in under_way for entry in stage.entries(batch))


def is_cleaning(run: Run, stage: Stage) -> bool:
    """A batch is being read, by processes that have read others: they are there and warm."""
    return stage.has("enrich", 1) and any(
        stage.has("fetch", batch) and not stage.has("clean", batch) for batch in stage.batches()
    )


def is_landing(run: Run, stage: Stage) -> bool:
    """The warehouse is open for writing, and at least one batch is ready for it."""
    return stage.has("enrich", 1) and (run.folder / "data" / "warehouse.holder.json").exists()


MOMENTS: dict[str, Callable[[Run, Stage], bool]] = {
    "while it fetches": is_fetching,
    "while it cleans": is_cleaning,
    "while it lands": is_landing,
}


def kill_at(run: Run, is_there: Callable[[Run, Stage], bool]) -> None:
    """Stop the run, see that it is at the moment, and kill it; let it go on where it had gone past."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and run.process.poll() is None:
        if (stage := run.stage()) and is_there(run, stage):
            run.process.send_signal(signal.SIGSTOP)
            _, status = os.waitpid(run.process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                break
            if (stage := run.stage()) and is_there(run, stage):
                run.process.kill()
                run.process.wait(30)
                return
            run.process.send_signal(signal.SIGCONT)
        time.sleep(0.001)
    pytest.fail(f"the run ended, or {DEADLINE_SECONDS} s passed, before {is_there.__name__}")


def ends_by_itself(group: int, *, within_seconds: float) -> bool:
    """True where no process of the group is left in time: a worker ends when it finds that its parent has."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def state(folder: Path) -> list[list[tuple]]:
    with duckdb.connect(folder / "data" / SNAPSHOT, read_only=True) as warehouse:
        return [warehouse.execute(sql).fetchall() for sql in COMPARED]


@pytest.fixture(scope="module")
def replay():
    with Replay(port=0) as replay:
        yield replay


@pytest.fixture(scope="module")
def environment_of_runs(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    return mine | prefect_server | {"HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def undisturbed(replay: Replay, environment_of_runs, tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple]]:
    """What the archive is after one run that nobody cut off."""
    folder = tmp_path_factory.mktemp("undisturbed")
    make_archive(folder, replay.port, settings=SMALL_BATCHES)
    done = dateline("ingest", environment=environment_of_runs, cwd=folder)
    assert done.returncode == 0, done.stderr
    return state(folder)


def leave_what_other_moments_leave(data: Path) -> None:
    """What is left by a kill at moments too short to be met: a discovery being staged, a stage being removed, a
    snapshot being made."""
    for name in ("20200101T000000Z-0000/entries", f"{GONE}20200101T000000Z-0001/fetch"):
        (data / "stage" / name).mkdir(parents=True)
        (data / "stage" / name / "00000.parquet").write_bytes(b"cut o")
    (data / f".{SNAPSHOT}.partial").write_bytes(b"cut o")


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_lost_or_doubled(moment, replay, environment_of_runs, undisturbed, tmp_path):
    make_archive(tmp_path, replay.port, settings=SMALL_BATCHES)
    before = len(replay.requests)
    process = start_dateline("ingest", environment=environment_of_runs | SLOWLY, cwd=tmp_path)
    run = Run(process=process, folder=tmp_path, replay=replay, requests_before=before)
    try:
        kill_at(run, MOMENTS[moment])
        assert ends_by_itself(process.pid, within_seconds=30), "a worker process outlived the run"
    finally:
        kill_group(process.pid)
        process.wait(30)

    data = tmp_path / "data"
    assert not (data / SNAPSHOT).exists(), "nothing that is half done is published"
    # What has landed can be read: whole batches, whatever the run was at.
    with duckdb.connect(data / WAREHOUSE) as warehouse:
        landed = warehouse.execute("SELECT count(*), coalesce(sum(entries), 0) FROM batches").fetchone()
        entries = warehouse.execute("SELECT count(*) FROM entries").fetchone()
    stage = run.stage()
    assert landed[1] == entries[0] and landed[0] <= len(stage.batches())
    settled = {entry.url for batch in stage.batches() if stage.has("fetch", batch) for entry in stage.entries(batch)}
    assert moment == "while it fetches" or settled & run.asked()

    leave_what_other_moments_leave(data)
    before = len(replay.requests)
    done = dateline("ingest", environment=environment_of_runs, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"ingest {stage.run_id}: " in done.stdout, "the run that was cut off is finished under its own name"

    for sql, mine, theirs in zip(COMPARED, state(tmp_path), undisturbed, strict=True):
        assert mine == theirs, sql
    assert not settled & asked_since(replay, before), "a page of a finished batch was fetched again"
    assert not any((data / "stage").iterdir()) and not (data / f".{SNAPSHOT}.partial").exists()
    assert not (data / "quarantine").exists()


def test_the_warehouse_is_sound_whenever_it_is_killed(capsys):
    """A few of the kills that ``tests/bench/bench_kill.py`` deals by the hundred, with an upgrade on the way."""
    assert bench_kill.main(["--kills", "6", "--schema", "1", "--seed", "5"]) == 0, capsys.readouterr()
    *lines, summary = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and all(line.endswith(": sound") for line in lines)
    assert summary.startswith("6 kills in ") and summary.endswith("; 0 faults")
