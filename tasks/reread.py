"""Stored captures → the stage of a run as if they had just been fetched, or stored texts → the stage of a run as if
they had just been cleaned. Opens no socket."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from prefect import task

from tasks.batch import POLICY
from warehouse import lookups
from warehouse.known import StoredCapture, StoredText
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry, StagedLikeness, StagedSummary
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
        stage.write("summary", 0, [_summary(stage, now, version, len(entries))])
    return stage.batches()


@task(name="reread facts", task_run_name="reread facts {stage.run_id}", **POLICY)
def reread_facts(
    stage: Stage,
    *,
    since: datetime,
    until: datetime,
    sources: Sequence[str],
    only: Sequence[str],
    version: str,
    data_folder: Path,
    lock_wait_seconds: float,
    batch_entries: int,
) -> list[int]:
    """Stage the texts of the archive's articles last seen in [since, until), for the enrichers named in ``only`` to
    read them again; returns the numbers of the batches. All steps before enriching are written: texts stay as they
    are."""
    if not stage.discovered():
        now = datetime.now(UTC)
        entries: list[StagedEntry] = []
        with writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
            texts = lookups.stored_texts(
                connection, since=since, until=until, source_ids=sources, batch_rows=batch_entries
            )
            for batch, stored in enumerate(texts, start=1):
                fresh = [_text_entry(len(entries) + n, batch, item, now) for n, item in enumerate(stored, start=1)]
                rows = list(zip(fresh, stored, strict=True))
                stage.write("fetch", batch, [StagedCapture(entry_id=entry.entry_id) for entry in fresh])
                stage.write("clean", batch, [_text_article(entry, item) for entry, item in rows])
                stage.write("resemble", batch, [_text_likeness(entry, item) for entry, item in rows])
                entries += fresh
        stage.write("entries", 0, entries)
        stage.write("summary", 0, [_summary(stage, now, version, len(entries), only)])
    return stage.batches()


def _summary(stage: Stage, now: datetime, version: str, entries: int, only: Sequence[str] = ()) -> StagedSummary:
    return StagedSummary(
        run_id=stage.run_id,
        flow="enrich" if only else "refine",
        started_at=now,
        version=version,
        sources_polled=0,
        sources_unchanged=0,
        entries_in=entries,
        unlisted={},
        only=tuple(only),
    )


def _text_entry(number: int, batch: int, item: StoredText, now: datetime) -> StagedEntry:
    return StagedEntry(
        entry_id=number,
        batch=batch,
        source_id=item.source_id,
        kind="text",
        url=item.canonical_url,
        canonical_url=item.canonical_url,
        title=item.title,
        digest=None,
        seen_at=now,
        article_id=item.article_id,
        capture_id=item.capture_id,
    )


def _text_article(entry: StagedEntry, item: StoredText) -> StagedArticle:
    return StagedArticle(
        entry_id=entry.entry_id,
        title=item.title,
        display_title=item.display_title,
        section=item.section,
        tags=item.tags,
        published_at=item.published_at,
        text=item.text,
    )


def _text_likeness(entry: StagedEntry, item: StoredText) -> StagedLikeness:
    return StagedLikeness(
        entry_id=entry.entry_id, outcome="enriched", article_id=item.article_id, first_seen_at=item.first_seen_at
    )


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
