"""Stored captures → the stage of a run, as if they had just been fetched. Opens no socket."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from prefect import task

from tasks.batch import POLICY
from warehouse import lookups
from warehouse.known import StoredCapture
from warehouse.stage import Stage
from warehouse.staged import StagedCapture, StagedEntry, StagedSummary
from warehouse.store import writer


@task(name="reread", task_run_name="reread {stage.run_id}", **POLICY)
def reread(
    stage: Stage,
    *,
    since: datetime,
    until: datetime,
    sources: Sequence[str],
    version: str,
    data_folder: Path,
    lock_wait_seconds: float,
    batch_entries: int,
) -> list[int]:
    """Stage the captures that the archive's articles were read from, of those fetched in [since, until); returns the
    numbers of the batches. The fetch step of each batch is written too, so that nothing is fetched."""
    if not stage.discovered():
        now = datetime.now(UTC)
        with writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
            stored = lookups.stored_captures(connection, since=since, until=until, source_ids=sources)
        entries = [_entry(number, item, batch_entries, now) for number, item in enumerate(stored, start=1)]
        by_batch: dict[int, list[StagedCapture]] = {}
        for entry, item in zip(entries, stored, strict=True):
            by_batch.setdefault(entry.batch, []).append(StagedCapture(entry_id=entry.entry_id, capture=item.capture))
        stage.write("entries", 0, entries)
        for batch, rows in by_batch.items():
            stage.write("fetch", batch, rows)
        summary = StagedSummary(
            run_id=stage.run_id,
            flow="refine",
            started_at=now,
            version=version,
            sources_polled=0,
            sources_unchanged=0,
            entries_in=len(entries),
            unlisted={},
        )
        stage.write("summary", 0, [summary])
    return stage.batches()


def _entry(number: int, item: StoredCapture, batch_entries: int, now: datetime) -> StagedEntry:
    capture = item.capture
    return StagedEntry(
        entry_id=number,
        batch=1 + (number - 1) // batch_entries,
        source_id=capture.source_id,
        kind=capture.kind,
        url=capture.url,
        canonical_url=item.canonical_url,
        title=item.title,
        authors=item.authors,
        published_at=item.published_at,
        updated_at=item.modified_at,
        language=item.language,
        image_url=item.image_url,
        tags=item.tags,
        digest=None,
        seen_at=now,
        article_id=item.article_id,
        capture_id=capture.capture_id,
    )
