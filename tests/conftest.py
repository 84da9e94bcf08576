"""What the tests share: one real Prefect server for the session, and the environment that points at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 180


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server on loopback with a database of its own; yields the environment for processes that use it."""
    port = free_port()
    home = tmp_path_factory.mktemp("prefect")
    variables = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # To start a second process takes longer than these small archives take to read.
        "DATELINE_CLEAN__PROCESSES": "1",
    }
    log = open(home / "server.log", "wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
        env=os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"},
        cwd=ROOT,
        stdout=log,
        stderr=log,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=1):
                    break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"no Prefect server: {(home / 'server.log').read_text()[-2000:]}")
                time.sleep(0.3)
        yield variables
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture
def environment(prefect_server: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a ``dateline`` process: the session's server, an empty home, none of our own settings."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    home = tmp_path / "home"
    home.mkdir()
    return mine | prefect_server | {"HOME": str(home)}
