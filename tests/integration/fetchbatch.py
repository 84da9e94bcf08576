"""A batch through ``tasks.fetch`` for the tests: its stage made here, the task itself in a process that can be killed.

    python -m tests.integration.fetchbatch DATA_FOLDER '{"concurrency": 8}'

prints one line of JSON: seconds, and how many bytes of memory the process had at most.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from prefect.logging import disable_run_logger

from tasks.fetch import fetch
from tasks.web import WebLimits
from warehouse.stage import Stage
from warehouse.staged import StagedEntry

ROOT = Path(__file__).parents[2]
RUN = "20261101T000000Z-0000"
LIMITS = {"user_agent": "Dateline/test (+https://example.org/contact)", "host_gap_seconds": 0.0,
          "backoff_seconds": 0.01, "allow_loopback": True}  # fmt: skip


def stage_of(data: Path, run: str = RUN) -> Stage:
    return Stage(data / "stage" / run)


def stage_urls(stage: Stage, urls: Iterable[str], *, batch_entries: int = 5_000) -> None:
    """The entries of a run, as discovery leaves them."""
    entries = [
        StagedEntry(
            entry_id=number, batch=1 + number // batch_entries, source_id="s", kind="page", url=url, canonical_url=url,
            digest=str(number), seen_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        for number, url in enumerate(urls)
    ]  # fmt: skip
    stage.write("entries", 0, entries)


def fetch_all(data: Path, stage: Stage | None = None, **limits: object) -> None:
    """Every batch of the run, in this process."""
    stage = stage or stage_of(data)
    with disable_run_logger():
        for batch in stage.batches():
            fetch.fn(
                stage, batch, data_folder=data, captures_folder=data / "captures", lock_wait_seconds=10,
                limits=WebLimits(**{**LIMITS, **limits}), progress=lambda count: None,
            )  # fmt: skip


def start(data: Path, **limits: object) -> subprocess.Popen:
    """The same in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.fetchbatch", str(data), json.dumps(limits)],
        cwd=ROOT, env=os.environ | {"DO_NOT_TRACK": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def most_memory_bytes() -> int:
    """The most memory that this process had at once. Linux tells ru_maxrss with that of the parent that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    began = time.monotonic()
    fetch_all(Path(sys.argv[1]), **json.loads(sys.argv[2]))
    print(json.dumps({"seconds": time.monotonic() - began, "rss_bytes": most_memory_bytes()}))
