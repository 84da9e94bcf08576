"""How far a run is: a progress artifact in the Prefect UI, and a bar where a person watches a terminal.

Only counts; nothing here knows what is being done.
"""

import sys
import threading
import time
from types import TracebackType
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

ARTIFACT_SECONDS = 2.0  # an artifact update is a request to the server: not one per page


class RunProgress:
    """Counts the steps of a run and shows them; safe to call from any thread. Enter it inside a flow."""

    def __init__(self, key: str, total: int) -> None:
        self._total = max(1, total)
        self._done = 0
        self._shown_at = 0.0
        self._lock = threading.Lock()
        self._artifact: UUID = create_progress_artifact(0.0, key=key, description="Steps done of this run.")
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("fetch, clean, enrich", total=self._total)

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if error is None:
            update_progress_artifact(self._artifact, 100.0)

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""
        with self._lock:
            self._done += steps
            self._bar.advance(self._task, steps)
            now = time.monotonic()
            if now - self._shown_at < ARTIFACT_SECONDS:
                return
            self._shown_at = now
            percent = min(100.0, 100.0 * self._done / self._total)
        update_progress_artifact(self._artifact, percent)
