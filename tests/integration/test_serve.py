"""`dateline serve` as its user meets it: one command, a UI, the deployments, a run triggered through the API."""

import json
import signal
import subprocess
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.demo.archive import make_archive
from tests.integration.serving import (
    SOURCES,
    call,
    finished,
    kill_with_descendants,
    start_serving,
    trigger,
    wait_for,
)


class Told(ThreadingHTTPServer):
    """A webhook: keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.bodies: list[dict] = []


class Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def told_by_webhook() -> Iterator[Told]:
    with Told() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, told_by_webhook: "Told"
) -> Iterator[tuple[str, Path, subprocess.Popen]]:
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    webhook = f"http://127.0.0.1:{told_by_webhook.server_port}/"
    make_archive(folder, 1, sources=SOURCES, settings=f'\n[prefect]\nport = {port}\nwebhook_url = "{webhook}"\n')
    (folder / "tasks").mkdir()
    (folder / "tasks" / "__init__.py").write_text("raise ImportError('the tasks of another project')")
    process = start_serving(folder)
    try:
        yield f"http://127.0.0.1:{port}/api", folder, process
    finally:
        kill_with_descendants(process.pid)


def test_the_ui_answers_and_telemetry_is_off(served):
    api, _, _ = served
    with urllib.request.urlopen(api.removesuffix("/api"), timeout=30) as page:
        assert b"<html" in page.read()
    assert call(api, "/admin/settings")["server"]["analytics_enabled"] is False


def test_the_deployments_are_there_with_schedule_limit_and_described_parameters(served):
    api, _, _ = served
    deployments = {each["name"]: each for each in call(api, "/deployments/filter", {})}
    assert set(deployments) == {"ingest", "backfill", "refine", "maintain", "briefing"}
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
    run = trigger(api, "ingest", only_due=False)
    told = wait_for(lambda: finished(api, run), "the end of the run")
    assert told["state"]["type"] == "COMPLETED", (folder / "serve.log").read_text()[-3000:]
    assert told["name"] == "ingest: 6 new, 0 revised of 7 entries (1 sources)"
    artifacts = call(api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    assert by_key["ingest-progress"]["data"] == 100.0
    assert "7 in = 6 landed + 1 dropped (1 dated_text_invalid)" in by_key["ingest-report"]["data"]


def test_a_parameter_of_the_wrong_type_is_refused(served):
    api, _, _ = served
    with pytest.raises(urllib.error.HTTPError) as refused:
        trigger(api, "ingest", only_due="perhaps")
    assert refused.value.code == 409
    refused.value.close()


def test_what_landed_is_an_event(served):
    api, _, _ = served
    asked = {"filter": {"event": {"name": ["dateline.articles.landed"]}}}
    (event,) = wait_for(lambda: call(api, "/events/filter", asked)["events"], "the event")
    assert event["payload"] == {"flow": "ingest", "articles_new": 6, "articles_copies": 0, "articles_revised": 0}


def test_a_quarantined_source_is_told_to_the_webhook(served, told_by_webhook):
    api, _, _ = served
    event = {
        "id": str(uuid.uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": "dateline.source.quarantined",
        "resource": {"prefect.resource.id": "dateline.source.wire", "prefect.resource.name": "wire"},
        "payload": {"state": "gone", "url": "https://wire.example/rss", "last_error": "It answers 410."},
    }
    call(api, "/events", [event])
    (body,) = wait_for(lambda: told_by_webhook.bodies, "the webhook")
    assert body == {"text": "Dateline: a source is gone\nwire (https://wire.example/rss): It answers 410."}


def test_runs_cut_off_with_the_server_hold_no_place(served):
    """Killed in the middle of a run, with all that it started: marked when it starts again, and the next run runs."""
    api, folder, process = served
    run = trigger(api, "ingest", only_due=False)
    wait_for(lambda: call(api, f"/flow_runs/{run['id']}")["state"]["type"] == "RUNNING", "the run to begin")
    kill_with_descendants(process.pid)
    process.wait(60)
    again = start_serving(folder)
    try:
        assert call(api, f"/flow_runs/{run['id']}")["state"]["type"] == "CRASHED"
        run = trigger(api, "ingest", only_due=False)
        ended = wait_for(lambda: finished(api, run), "the end of the next run")
        assert ended["state"]["type"] == "COMPLETED", (folder / "serve.log").read_text()[-3000:]
        again.send_signal(signal.SIGTERM)
        again.send_signal(signal.SIGTERM)  # an impatient supervisor sends two
        assert again.wait(60) == 0
        with pytest.raises(OSError):
            urllib.request.urlopen(f"{api}/health", timeout=2)
    finally:
        kill_with_descendants(again.pid)
