"""`kill -9` at three moments of a run: the next run finishes what was begun, and the archive is as if undisturbed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.demo.archive import make_archive
from tests.demo.replay import Replay
from tests.integration.demoweb import dateline, start_dateline
from warehouse.stage import Stage

DEADLINE_SECONDS = 120
SMALL_BATCHES = "\n[run]\nbatch_entries = 10\n"
# Of the first run: the second, which finds nothing new, lists the sources that fail once more.
FIRST = "run_id = (SELECT min(run_id) FROM runs)"
COMPARED = (
    "SELECT canonical_url, source_id, title, text_digest, revision, duplicate_kind, word_count FROM articles ORDER BY ALL",
    f"SELECT entries_in, entries_landed, articles_new, articles_copies, dropped_by_reason FROM runs WHERE {FIRST}",
    f"SELECT url, outcome, reason FROM entries WHERE {FIRST} ORDER BY ALL",
    f"SELECT url, sha256 FROM captures WHERE {FIRST} ORDER BY ALL",
    "SELECT surface, label, count(*) FROM mentions GROUP BY ALL ORDER BY ALL",
    "SELECT text, kind, speaker_id FROM quotes ORDER BY ALL",
    "SELECT entity_id, name FROM entities ORDER BY ALL",
    "SELECT term, count(*), sum(frequency) FROM postings GROUP BY ALL ORDER BY ALL",
    "SELECT a.canonical_url, u.url FROM article_urls AS u JOIN articles AS a USING (article_id) ORDER BY ALL",
)


def state(folder: Path) -> list[list[tuple]]:
    with duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        return [warehouse.execute(sql).fetchall() for sql in COMPARED]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen, what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the run ended, or {DEADLINE_SECONDS} s passed, before {what}")
        time.sleep(0.002)


def staged(folder: Path, step: str, batch: int) -> bool:
    return any((folder / "data" / "stage").glob(f"*/{step}/{batch:05d}.parquet"))


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "while the first batch is fetched": lambda folder: staged(folder, "summary", 0),
    "while it is cleaned": lambda folder: staged(folder, "fetch", 1),
    "while it is landed": lambda folder: staged(folder, "enrich", 1),
}


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
    # A page that fails once and then recovers does so once for each server: let it be over for all runs alike.
    dateline("ingest", environment=environment_of_runs, cwd=folder)
    folder = tmp_path_factory.mktemp("undisturbed")
    make_archive(folder, replay.port, settings=SMALL_BATCHES)
    done = dateline("ingest", environment=environment_of_runs, cwd=folder)
    assert done.returncode == 0, done.stderr
    return state(folder)


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_lost_or_doubled(moment, replay, environment_of_runs, undisturbed, tmp_path):
    make_archive(tmp_path, replay.port, settings=SMALL_BATCHES)
    process = start_dateline("ingest", environment=environment_of_runs, cwd=tmp_path)
    try:
        wait_for(lambda: MOMENTS[moment](tmp_path), process, moment)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    assert gone(process.pid), "a worker process outlived the run"

    assert staged(tmp_path, "fetch", 1) or moment == "while the first batch is fetched"
    (stage,) = [Stage(folder) for folder in (tmp_path / "data" / "stage").iterdir()]
    settled = {entry.url for batch in stage.batches() if stage.has("fetch", batch) for entry in stage.entries(batch)}
    asked_before = len(replay.requests)

    done = dateline("ingest", environment=environment_of_runs, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"ingest {stage.run_id}: " in done.stdout, "the run that was cut off is finished under its own name"

    for sql, mine, theirs in zip(COMPARED, state(tmp_path), undisturbed, strict=True):
        assert mine == theirs, sql
    asked = {f"http://{r.host}:{replay.port}{r.path}" for r in replay.requests[asked_before:]}
    assert not settled & asked, "a page of a finished batch was fetched again"
    assert not any((tmp_path / "data" / "stage").iterdir())


def gone(group: int) -> bool:
    """True once no process of the group is left; pool processes end when they find that their parent has."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return False
