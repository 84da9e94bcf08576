"""`dateline serve` as its user meets it: one command, a UI, the deployments, a run triggered through the API."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.demo.archive import make_archive

DEADLINE_SECONDS = 180
SOURCES = '[[source]]\nid = "texts"\nurl = "texts"\nkind = "folder"\n'


def call(api: str, path: str, body: dict | None = None):
    """One request to Prefect's API; POST where there is a body. 503 is its "database busy", which its clients retry."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}{path}", data=data, headers={"Content-Type": "application/json"})
    for delay_seconds in (0.5, 1, 2, 4, 8):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            error.close()
            time.sleep(delay_seconds)
    pytest.fail(f"the server stayed busy at {path}")


def wait_for(condition, what: str):
    """What ``condition`` returns once it is true."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.3)
    pytest.fail(f"waited {DEADLINE_SECONDS} s for {what}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, subprocess.Popen]]:
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    settings = make_archive(folder, 1, sources=SOURCES, settings=f"\n[prefect]\nport = {port}\n")
    (folder / "tasks").mkdir()
    (folder / "tasks" / "__init__.py").write_text("raise ImportError('the tasks of another project')")
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    log = open(folder / "serve.log", "wb")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("dateline")), "serve", "--settings", str(settings)],
        env=mine | {"HOME": str(folder)},
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(lambda: b"UI: " in (folder / "serve.log").read_bytes() or process.poll(), "the line that names the UI")
        assert process.poll() is None, (folder / "serve.log").read_text()[-2000:]
        yield f"http://127.0.0.1:{port}/api", folder, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def test_the_ui_answers_and_telemetry_is_off(served):
    api, _, _ = served
    with urllib.request.urlopen(api.removesuffix("/api"), timeout=30) as page:
        assert b"<html" in page.read()
    assert call(api, "/admin/settings")["server"]["analytics_enabled"] is False


def test_the_deployments_are_there_with_schedule_limit_and_described_parameters(served):
    api, _, _ = served
    deployments = {each["name"]: each for each in call(api, "/deployments/filter", {})}
    assert set(deployments) == {"ingest", "backfill", "refine"}
    (schedule,) = deployments["ingest"]["schedules"]
    assert schedule["active"] and schedule["schedule"]["cron"] == "*/15 * * * *"
    assert deployments["refine"]["schedules"] == deployments["backfill"]["schedules"] == []
    assert deployments["ingest"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    for deployment in deployments.values():
        assert deployment["global_concurrency_limit"]["limit"] == 1
        for name, schema in deployment["parameter_openapi_schema"]["properties"].items():
            assert schema.get("description"), f"{deployment['name']}: {name} has no description for the run form"


def test_the_scheduler_plans_runs(served):
    """Under a SQLAlchemy that Prefect does not know, the server runs but plans nothing."""
    api, _, _ = served
    asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    assert wait_for(lambda: call(api, "/flow_runs/filter", asked), "a scheduled run")


def test_a_triggered_run_lands_the_folder_and_reports(served):
    api, folder, _ = served
    (deployment,) = [each for each in call(api, "/deployments/filter", {}) if each["name"] == "ingest"]
    run = call(api, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"only_due": False}})

    def ended():
        told = call(api, f"/flow_runs/{run['id']}")
        return told if told["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    told = wait_for(ended, "the end of the run")
    assert told["state"]["type"] == "COMPLETED", (folder / "serve.log").read_text()[-3000:]
    assert told["name"] == "ingest: 6 new, 0 revised of 7 entries (1 sources)"
    artifacts = call(api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    assert by_key["ingest-progress"]["data"] == 100.0
    assert "7 in = 6 landed + 1 dropped (1 dated_text_invalid)" in by_key["ingest-report"]["data"]


def test_a_parameter_of_the_wrong_type_is_refused(served):
    api, _, _ = served
    (deployment,) = [each for each in call(api, "/deployments/filter", {}) if each["name"] == "ingest"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(api, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"only_due": "perhaps"}})
    assert refused.value.code == 409
    refused.value.close()


def test_it_stops_and_leaves_no_process_behind(served):
    api, _, process = served
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)  # an impatient supervisor sends two
    assert process.wait(60) == 0
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{api}/health", timeout=2)
