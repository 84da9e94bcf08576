"""Captures → articles: a process pool reads one batch of pages, each bounded in time.

The verb: how a page is read is ``tasks.page``'s business, and what serves where it fails is ``tasks.reading``'s.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import task

from tasks.batch import POLICY, tell
from tasks.errors import DatelineError
from tasks.pool import map_bounded
from tasks.reading import ToRead, fragment_capture, read_article
from warehouse import captures
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry


@task(name="clean", task_run_name="clean batch {batch}", **POLICY)
def clean(
    stage: Stage,
    batch: int,
    *,
    captures_folder: Path,
    processes: int,
    page_seconds: float,
    feed_text_words: int,
    progress: Callable[[int], None],
) -> int:
    """Read one batch of captures and stage an article or a reason for each entry; returns the number of the batch."""
    if not stage.has("clean", batch):
        fetched = {row.entry_id: row for row in stage.read("fetch", batch)}
        bodies = captures.load(captures_folder, [row.capture for row in fetched.values() if row.capture])
        now = datetime.now(UTC)
        work = [
            _to_read(stage.run_id, entry, fetched[entry.entry_id], bodies, feed_text_words, now)
            for entry in stage.entries(batch)
        ]
        rows = []
        for item, outcome in map_bounded(read_article, work, processes=processes, seconds=page_seconds):
            rows.append(_settle(item, outcome))
            progress(1)
        by_entry = {item.entry.entry_id: item for item in work}
        stage.write("clean", batch, _keep_fragments(stage, batch, rows, by_entry, captures_folder))
        tell(batch, "read", rows)
    return batch


def _to_read(
    run_id: str, entry: StagedEntry, row: StagedCapture, bodies: dict, feed_text_words: int, now: datetime
) -> ToRead:
    return ToRead(
        run_id=run_id,
        entry=entry,
        fetched=row,
        body=bodies.get(row.capture.capture_id) if row.capture else None,
        feed_text_words=feed_text_words,
        now=now,
    )


def _settle(item: ToRead, outcome: StagedArticle | Exception) -> StagedArticle:
    if isinstance(outcome, StagedArticle):
        return outcome
    reason = outcome.reason if isinstance(outcome, DatelineError) else "page_fault"
    message = f"{item.entry.url}: {outcome if str(outcome) else type(outcome).__name__}"
    return StagedArticle(entry_id=item.entry.entry_id, capture=item.fetched.capture, reason=reason, message=message)


def _keep_fragments(
    stage: Stage, batch: int, rows: list[StagedArticle], by_entry: dict[int, ToRead], captures_folder: Path
) -> list[StagedArticle]:
    """Store the feed's own HTML where it served as the article, so that it can be read again."""
    fragments = [
        (row.capture, fragment_capture(by_entry[row.entry_id])[1])
        for row in rows
        if row.capture and row.capture.kind == "fragment" and not row.capture.path
    ]
    stored = captures.store(captures_folder, f"{stage.run_id}-{batch:05d}-feed", fragments)
    by_id = {capture.capture_id: capture for capture in stored}
    return [
        replace(row, capture=by_id.get(row.capture.capture_id, row.capture)) if row.capture else row for row in rows
    ]
