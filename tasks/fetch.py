"""Entries → captures: one batch of pages and files becomes stored bytes, or a reason for each that did not.

The verb: politeness, bounds and retries live in ``tasks.web``; what the bytes mean is not asked here.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from prefect import task

from tasks.batch import POLICY, fetch_row, tell
from tasks.errors import DatelineError
from tasks.folder import read_file
from tasks.web import WebClient, WebLimits, WebRequest, WebResult
from warehouse import captures, model
from warehouse.digests import describe
from warehouse.stage import Stage
from warehouse.staged import StagedCapture, StagedEntry


@task(name="fetch", task_run_name="fetch batch {batch}", **POLICY)
def fetch(
    stage: Stage,
    batch: int,
    *,
    data_folder: Path,
    captures_folder: Path,
    limits: WebLimits,
    progress: Callable[[int], None],
) -> int:
    """Fetch one batch of a run and stage a capture or a reason for each entry; returns the number of the batch.

    ``progress`` is told of each entry that is done. Done before, nothing is fetched again.
    """
    if not stage.has("fetch", batch):
        entries = stage.entries(batch)
        local = [_read(stage.run_id, entry) for entry in entries if entry.url.startswith("file:")]
        progress(len(local))
        web, attempts = asyncio.run(
            _fetch_web(
                stage.run_id, [e for e in entries if not e.url.startswith("file:")], data_folder, limits, progress
            )
        )
        rows = local + web
        bodies = [(row.capture, body) for row, body in rows if body is not None]
        stored = {c.capture_id: c for c in captures.store(captures_folder, f"{stage.run_id}-{batch:05d}", bodies)}
        stage.write("fetches", batch, attempts)
        stage.write("fetch", batch, [_with_path(row, stored) for row, _ in rows])
        tell(batch, "fetched", [row for row, _ in rows])
    return batch


Fetched = tuple[StagedCapture, bytes | None]


def _with_path(row: StagedCapture, stored: dict[str, model.Capture]) -> StagedCapture:
    if row.capture is None:
        return row
    return StagedCapture(
        entry_id=row.entry_id,
        capture=stored[row.capture.capture_id],
        etag=row.etag,
        last_modified=row.last_modified,
    )


def _read(run_id: str, entry: StagedEntry) -> Fetched:
    try:
        body = read_file(entry.url)
    except DatelineError as error:
        return StagedCapture(entry_id=entry.entry_id, reason=error.reason, message=error.message), None
    capture = _capture(run_id, entry, kind=entry.kind, final_url=entry.url, fetched_at=datetime.now(UTC))
    return StagedCapture(entry_id=entry.entry_id, capture=describe(capture, body)), body


async def _fetch_web(
    run_id: str,
    entries: Sequence[StagedEntry],
    data_folder: Path,
    limits: WebLimits,
    progress: Callable[[int], None],
) -> tuple[list[Fetched], list[model.Fetch]]:
    by_key = {str(entry.entry_id): entry for entry in entries}
    requests = [
        WebRequest(url=entry.url, key=key, etag=entry.etag, last_modified=entry.last_modified)
        for key, entry in by_key.items()
    ]
    rows = []
    async with WebClient(limits, data_folder / "hosts") as client:
        async for result in client.fetch(requests):
            rows.append(_row(run_id, by_key[result.request.key], result))
            progress(1)
        attempts = [fetch_row(run_id, attempt) for attempt in client.attempts]
    return rows, attempts


def _row(run_id: str, entry: StagedEntry, result: WebResult) -> Fetched:
    if result.outcome == "not_modified":
        message = f"{entry.url} has not changed since it was last fetched."
        return StagedCapture(entry_id=entry.entry_id, reason="not_modified", message=message), None
    if result.outcome != "ok":
        row = StagedCapture(
            entry_id=entry.entry_id, reason=result.outcome, message=result.message, transient=result.transient
        )
        return row, None
    capture = _capture(
        run_id,
        entry,
        kind="page",
        final_url=result.final_url,
        fetched_at=result.fetched_at,
        status=result.status,
        content_type=result.content_type,
    )
    row = StagedCapture(
        entry_id=entry.entry_id,
        capture=describe(capture, result.body),
        etag=result.etag,
        last_modified=result.last_modified,
    )
    return row, result.body


def _capture(run_id: str, entry: StagedEntry, **known) -> model.Capture:
    return model.Capture(
        capture_id="",
        run_id=run_id,
        source_id=entry.source_id,
        url=entry.url,
        sha256="",
        size_bytes=0,
        path="",
        **known,
    )
