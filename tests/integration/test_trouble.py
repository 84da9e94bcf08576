"""A truthful state after trouble, under a real `dateline serve`: a schedule paused, a run cancelled in the middle, the
warehouse in another program's hands; and the run after that, which finishes what the first began.

One story in the order of the tests, since each run costs seconds.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from tests.integration.serving import ENDED, call, deployment_of, finished, serving, trigger, wait_for
from warehouse.stage import unfinished
from warehouse.store import SNAPSHOT, WAREHOUSE

PAGES, PROMPT = 10, 3
SETTINGS = "\n[run]\nbatch_entries = 2\n\n[clean]\nprocesses = 1\n"
EVERY_SECONDS = 5


class Press(ThreadingHTTPServer):
    """A feed and its pages, of which all but the first are slow until ``opened`` is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.opened = threading.Event()
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: Press

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/feed":
            items = (f"<item><title>Ferry {n}</title><link>{self.server.url}/{n}</link></item>" for n in range(PAGES))
            body = f"<rss version='2.0'><channel><title>Press</title>{''.join(items)}</channel></rss>"
        elif self.path[1:].isdigit():
            number = int(self.path[1:])
            if number >= PROMPT:
                self.server.opened.wait(2)
            told = (
                f"Harbour master {number} said that ferry {number} sails at {number} o'clock across strait {number}. "
            )
            body = (
                f"<html><title>Ferry {number}</title><article><h1>Ferry {number}</h1><p>{told * 8}</p></article></html>"
            )
        else:
            self.send_error(404)
            return
        with suppress(ConnectionError):  # whoever asked may have been cancelled
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        thread = threading.Thread(target=press.serve_forever, daemon=True)
        thread.start()
        yield press
        press.opened.set()
        press.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, press: Press) -> Iterator[tuple[str, Path]]:
    """The API and the data folder of an archive that reads the press."""
    folder = tmp_path_factory.mktemp("served")
    sources = f'[[source]]\nid = "press"\nurl = "{press.url}/feed"\nkind = "feed"\n'
    with serving(folder, sources=sources, settings=SETTINGS) as api:
        written = folder / "dateline.toml"  # each run reads it anew
        written.write_text(written.read_text().replace("lock_wait_seconds = 20", "lock_wait_seconds = 1"))
        yield api, folder / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The run that a schedule of ``ingest`` fired, all that it had fired when it was paused, and when that was."""

    run: dict
    runs: set[str]
    at: float


@pytest.fixture(scope="module")
def paused(served: tuple[str, Path]) -> Paused:
    """``ingest`` is given a schedule of some seconds, and paused as soon as a run of it runs."""
    api, _ = served
    deployment = f"/deployments/{deployment_of(api, 'ingest')['id']}"
    call(api, f"{deployment}/schedules", [{"schedule": {"interval": EVERY_SECONDS}}])
    call(api, f"{deployment}/schedule", {})  # at once, where the server would plan within a minute
    run = wait_for(lambda: next(iter(ingests(api, "RUNNING")), None), "a run of the schedule")
    call(api, f"{deployment}/pause_deployment", {})
    return Paused(run=run, runs=fired(api), at=time.monotonic())


def ingests(api: str, *states: str) -> list[dict]:
    """The runs of ``ingest`` in these states."""
    asked = {"flows": {"name": {"any_": ["ingest"]}}, "flow_runs": {"state": {"type": {"any_": states}}}}
    return call(api, "/flow_runs/filter", asked)


def fired(api: str) -> set[str]:
    """The ids of the runs of ``ingest`` that a schedule has planned and a worker taken up."""
    return {run["id"] for run in ingests(api, "PENDING", "RUNNING", *ENDED) if run["auto_scheduled"]}


def landed(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """The titles of the articles."""
    return [title for (title,) in warehouse.execute("SELECT title FROM articles ORDER BY title").fetchall()]


def test_a_schedule_fires_until_it_is_paused(served, paused):
    api, _ = served
    assert paused.run["auto_scheduled"]
    assert ingests(api, "SCHEDULED") == [], "what was planned is planned no more"


def test_a_run_cancelled_in_the_middle_leaves_what_has_landed(served, paused, press):
    api, data = served
    run = paused.run
    asked = {"flow_runs": {"id": {"any_": [run["id"]]}}, "task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    wait_for(lambda: "land batch 1" in {t["name"] for t in call(api, "/task_runs/filter", asked)}, "the first landing")
    assert len(press.asked) < PAGES, "it is in the middle"
    call(api, f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLING"}})
    ended = wait_for(lambda: finished(api, run), "the end of the run")
    assert ended["state"]["type"] == "CANCELLED"
    assert len(unfinished(data / "stage")) == 1
    with duckdb.connect(data / WAREHOUSE) as warehouse:
        titles = landed(warehouse)
        batches = warehouse.execute("SELECT sum(entries) FROM batches").fetchone()
    assert 0 < len(titles) < PAGES and batches == (len(titles),), "whole batches"


def test_a_warehouse_in_other_hands_fails_the_run_with_a_sentence(served):
    api, data = served
    with duckdb.connect(data / WAREHOUSE):  # as of an analyst who opens the wrong file
        run = trigger(api, "ingest", only_due=False)
        ended = wait_for(lambda: finished(api, run), "the end of the run")
    assert ended["state"]["type"] == "FAILED"
    told = ended["state"]["message"]
    assert f"{WAREHOUSE} is open in another program" in told and f"(PID {os.getpid()})" in told
    assert told.endswith(f"Close it there, and read {SNAPSHOT} instead.")
    asked = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    logged = wait_for(lambda: call(api, "/logs/filter", asked), "the log of the run")
    assert [line["message"] for line in logged if "Traceback" in line["message"]] == []


def test_the_next_run_finishes_what_was_cut_off(served, press):
    api, data = served
    press.opened.set()
    run = trigger(api, "ingest", only_due=False)
    ended = wait_for(lambda: finished(api, run), "the end of the run")
    assert ended["state"]["type"] == "COMPLETED"
    assert unfinished(data / "stage") == []
    with duckdb.connect(data / SNAPSHOT, read_only=True) as snapshot:
        assert landed(snapshot) == [f"Ferry {number}" for number in range(PAGES)]
        account = snapshot.execute("SELECT entries_in, articles_new FROM runs ORDER BY run_id").fetchall()
    assert account[0] == (PAGES, PAGES), "of the run that was cancelled"


def test_what_is_paused_fires_no_more(served, paused):
    api, _ = served
    time.sleep(max(0.0, paused.at + 3 * EVERY_SECONDS - time.monotonic()))
    assert fired(api) == paused.runs
    assert ingests(api, "SCHEDULED") == []
