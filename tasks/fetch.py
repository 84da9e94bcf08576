"""Entries → captures: one batch of pages and files becomes stored bytes, or a reason for each that did not.

The verb: politeness, bounds and retries live in ``tasks.web``; what the bytes mean is not asked here. What has come is
in the batch's journal at once, so that a run that is killed fetches nothing twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import task

from tasks.batch import POLICY, fetch_row, tell
from tasks.errors import DatelineError, Transient
from tasks.listing import read_local
from tasks.web import WebAttempt, WebClient, WebLimits, WebRequest, WebResult
from warehouse import captures, lookups, model
from warehouse.digests import describe
from warehouse.journal import Journal
from warehouse.stage import Stage
from warehouse.staged import StagedCapture, StagedEntry
from warehouse.store import writer

_STORED_DAYS = 90  # how far back bytes are looked for that need not be stored again


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A line of the journal: what became of an entry (its capture still without a path), and the requests since the
    line before."""

    row: StagedCapture
    fetches: tuple[model.Fetch, ...] = ()


@task(name="fetch", task_run_name="fetch batch {batch}", **POLICY)
def fetch(
    stage: Stage,
    batch: int,
    *,
    data_folder: Path,
    captures_folder: Path,
    lock_wait_seconds: float,
    limits: WebLimits,
    progress: Callable[[int], None],
) -> int:
    """Fetch one batch of a run and stage a capture or a reason for each entry; returns the number of the batch.

    ``progress`` is told of each entry that is done. Done before, wholly or in part, nothing is fetched again.
    """
    if not stage.has("fetch", batch):
        name = f"{stage.run_id}-{batch:05d}"
        journal = Journal(stage.path("fetch", batch).with_suffix(".journal"), Fetched, _is_whole)
        with journal, captures.CaptureWriter(captures_folder, name) as files:
            stored = [files.add(line.row.capture, body) for line, body in journal.bodies()]
            settled = {line.row.entry_id for line in journal.records}
            left = [entry for entry in stage.entries(batch) if entry.entry_id not in settled]
            progress(len(settled))

            def keep(row: StagedCapture, body: bytes | None, attempts: Sequence[WebAttempt] = ()) -> None:
                if body is not None:
                    row = replace(row, capture=describe(row.capture, body))
                    stored.append(files.add(row.capture, body))
                fetches = tuple(fetch_row(stage.run_id, attempt) for attempt in attempts)
                journal.append(Fetched(row=row, fetches=fetches), body)
                progress(1)

            for entry in filter(_is_local, left):
                keep(*_read(stage.run_id, entry))
            web = [entry for entry in left if not _is_local(entry)]
            asyncio.run(_fetch_web(stage.run_id, web, data_folder, limits, keep))

            there = _stored_before(
                stage, batch, {c.sha256 for c in stored}, data_folder, captures_folder, lock_wait_seconds
            )
            if there:
                files.discard()  # before another writer has files of the same names
                bodies = ((line.row.capture, body) for line, body in journal.bodies())
                stored = captures.store(captures_folder, name, bodies, there)
            else:
                files.finish()
            by_id = {capture.capture_id: capture for capture in stored}
            rows = [
                replace(line.row, capture=by_id[line.row.capture.capture_id]) if line.row.capture else line.row
                for line in journal.records
            ]
            stage.write("fetches", batch, [row for line in journal.records for row in line.fetches])
            stage.write("fetch", batch, rows)
            journal.remove()
        tell(batch, "fetched", rows)
    return batch


def _is_whole(line: Fetched, body: bytes | None) -> bool:
    return line.row.capture is None or describe(line.row.capture, body) == line.row.capture


def _stored_before(
    stage: Stage, batch: int, digests: set[str], data_folder: Path, captures_folder: Path, lock_wait_seconds: float
) -> dict[str, str]:
    """By digest, the file that has bytes of this batch already: of what has landed lately, and of this run's earlier
    batches."""
    since = datetime.now(UTC) - timedelta(days=_STORED_DAYS)
    with writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        found = lookups.stored_bytes(connection, digests, since=since)
        landed = lookups.landed_batches(connection, stage.run_id)
    for earlier in set(range(1, batch)) - landed:
        if stage.has("fetch", earlier):
            found |= {digest: path for digest, path in stage.stored(earlier).items() if digest in digests}
    gone = captures.missing(captures_folder, found.values())
    return {digest: path for digest, path in found.items() if path not in gone}


def _is_local(entry: StagedEntry) -> bool:
    return entry.location is not None or entry.url.startswith("file:")


def _read(run_id: str, entry: StagedEntry) -> tuple[StagedCapture, bytes | None]:
    try:
        local = read_local(entry)
    except DatelineError as error:
        row = StagedCapture(
            entry_id=entry.entry_id, reason=error.reason, message=error.message, transient=isinstance(error, Transient)
        )
        return row, None
    capture = _capture(
        run_id,
        entry,
        kind=entry.kind,
        final_url=local.final_url,
        fetched_at=local.fetched_at,
        status=local.status,
        content_type=local.content_type,
    )
    return StagedCapture(entry_id=entry.entry_id, capture=capture), local.body


async def _fetch_web(
    run_id: str, entries: Sequence[StagedEntry], data_folder: Path, limits: WebLimits, keep: Callable[..., None]
) -> None:
    by_key = {str(entry.entry_id): entry for entry in entries}
    requests = [
        WebRequest(url=entry.url, key=key, etag=entry.etag, last_modified=entry.last_modified)
        for key, entry in by_key.items()
    ]
    told = 0
    async with WebClient(limits, data_folder / "hosts") as client:
        async for result in client.fetch(requests):
            attempts = client.attempts[told:]
            told += len(attempts)
            keep(*_row(run_id, by_key[result.request.key], result), attempts)


def _row(run_id: str, entry: StagedEntry, result: WebResult) -> tuple[StagedCapture, bytes | None]:
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
    row = StagedCapture(entry_id=entry.entry_id, capture=capture, etag=result.etag, last_modified=result.last_modified)
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
