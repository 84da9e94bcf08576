"""A real `dateline serve` for the tests that need one: server, UI, worker and deployments. No test stands here."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from tests.conftest import free_port
from tests.demo.archive import make_archive

DEADLINE_SECONDS = 180
SOURCES = '[[source]]\nid = "texts"\nurl = "texts"\nkind = "folder"\n'
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
T = TypeVar("T")


def call(api: str, path: str, body: dict | list | None = None, *, method: str | None = None):
    """One request to Prefect's API; POST where there is a body. 503 is its "database busy", which its clients retry."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{api}{path}", data=data, headers=headers, method=method)
    for delay_seconds in (0.5, 1, 2, 4, 8):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            error.close()
            time.sleep(delay_seconds)
    pytest.fail(f"the server stayed busy at {path}")


def wait_for(condition: Callable[[], T], what: str) -> T:
    """What ``condition`` returns once it is true."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.3)
    pytest.fail(f"waited {DEADLINE_SECONDS} s for {what}")


def start_serving(folder: Path) -> subprocess.Popen:
    """`dateline serve` for the archive in ``folder``, once it has named the UI."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    with open(folder / "serve.log", "wb") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("dateline")), "serve", "--settings", str(folder / "dateline.toml")],
            env=mine | {"HOME": str(folder)},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    wait_for(lambda: b"UI: " in (folder / "serve.log").read_bytes() or process.poll(), "the line that names the UI")
    assert process.poll() is None, (folder / "serve.log").read_text()[-2000:]
    return process


@contextmanager
def serving(folder: Path, *, sources: str = SOURCES, settings: str = "") -> Iterator[str]:
    """An archive in ``folder`` with its `dateline serve`; gives the address of Prefect's API."""
    port = free_port()
    make_archive(folder, 1, sources=sources, settings=f"{settings}\n[prefect]\nport = {port}\n")
    process = start_serving(folder)
    try:
        yield f"http://127.0.0.1:{port}/api"
    finally:
        kill_with_descendants(process.pid)
        process.wait(60)


def deployment_of(api: str, name: str) -> dict:
    """The deployment of this name."""
    return call(api, f"/deployments/name/{name}/{name}")


def trigger(api: str, name: str, **parameters: object) -> dict:
    """A new run of the deployment, which the worker is about to start."""
    return call(api, f"/deployments/{deployment_of(api, name)['id']}/create_flow_run", {"parameters": parameters})


def finished(api: str, run: dict) -> dict | None:
    """The run, once it has ended."""
    told = call(api, f"/flow_runs/{run['id']}")
    return told if told["state"]["type"] in ENDED else None


def kill_with_descendants(pid: int) -> None:
    """As a power cut would: nobody is told anything."""
    children: dict[int, list[int]] = {}
    for told in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(told.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(told.parent.name))
    doomed = [pid]
    for each in doomed:
        doomed += children.get(each, [])
    for each in doomed:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
