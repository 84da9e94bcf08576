"""How far a run is, as the Prefect server is told it: each step counted once, from any thread, and not one request per
step."""

import json
import subprocess
import sys

from tests.conftest import ROOT

# Five runs in one process, since to start one takes seconds. What the server holds is asked for as soon as it is told.
FLOW = """
import json, sys, threading, time
from prefect import flow, get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from flows.progress import ARTIFACT_SECONDS, RunProgress

def shown(key):
    with get_client(sync_client=True) as client:
        (artifact,) = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    return artifact.data

@flow
def runs():
    told = {}
    with RunProgress("quick", total=200) as progress:
        told["begun"] = shown("quick")
        progress.advance(50)
        told["first"] = shown("quick")
        for _ in range(100):
            progress.advance()
        told["soon after"] = shown("quick")
    told["ended"] = shown("quick")
    with RunProgress("threads", total=800) as progress:
        threads = [threading.Thread(target=lambda: [progress.advance() for _ in range(100)]) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        time.sleep(ARTIFACT_SECONDS)
        progress.advance(0)
        told["threads"] = shown("threads")
    with RunProgress("beyond", total=10) as progress:
        progress.advance(30)
        told["beyond"] = shown("beyond")
    with RunProgress("nothing", total=0):
        pass
    told["nothing"] = shown("nothing")
    try:
        with RunProgress("failed", total=4) as progress:
            progress.advance(1)
            raise ValueError("as it was")
    except ValueError as error:
        told["failed"] = [shown("failed"), str(error)]
    return told

json.dump(runs(), sys.stdout)
"""


def test_progress_is_told_as_it_is(environment):
    done = subprocess.run(
        [sys.executable, "-c", FLOW],
        cwd=ROOT,
        env=environment | {"PREFECT_LOGGING_LEVEL": "CRITICAL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "begun": 0.0,
        "first": 25.0,
        "soon after": 25.0,
        "ended": 100.0,
        "threads": 50.0,
        "beyond": 100.0,
        "nothing": 100.0,
        "failed": [25.0, "as it was"],
    }
