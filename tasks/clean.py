"""Captures → articles: a process pool reads one batch of pages, each bounded in time; then what the pages of a site
have in common is taken out of their texts.

The verb: how a page is read is ``tasks.page``'s business, what serves where it fails is ``tasks.reading``'s, and what
is a site's boilerplate is ``tasks.boilerplate``'s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import get_run_logger, task

from tasks.batch import POLICY, tell
from tasks.boilerplate import SiteText, Trimmed, edge_fingerprints, host_of, trim
from tasks.errors import DatelineError
from tasks.page import display_title
from tasks.pool import map_bounded
from tasks.reading import ToRead, fragment_capture, read_article
from tasks.text.words import words
from warehouse import captures, lookups
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry
from warehouse.store import writer


@task(name="clean", task_run_name="clean batch {batch}", **POLICY)
def clean(
    stage: Stage,
    batch: int,
    *,
    data_folder: Path,
    captures_folder: Path,
    lock_wait_seconds: float,
    processes: int,
    page_seconds: float,
    feed_text_words: int,
    drop_kinds: tuple[str, ...],
    progress: Callable[[int], None],
) -> int:
    """Read one batch of captures and stage an article or a reason for each entry; returns the number of the batch."""
    if not stage.has("clean", batch):
        fetched = {row.entry_id: row for row in stage.read("fetch", batch)}
        bodies = captures.load(captures_folder, [row.capture for row in fetched.values() if row.capture])
        now = datetime.now(UTC)
        work = [
            _to_read(stage.run_id, entry, fetched[entry.entry_id], bodies, feed_text_words, drop_kinds, now)
            for entry in stage.entries(batch)
        ]
        rows = []
        for item, outcome in map_bounded(read_article, work, processes=processes, seconds=page_seconds):
            rows.append(_settle(item, outcome))
            progress(1)
        by_entry = {item.entry.entry_id: item for item in work}
        rows = _without_boilerplate(stage, rows, by_entry, data_folder, lock_wait_seconds)
        stage.write("clean", batch, _keep_fragments(stage, batch, rows, by_entry, captures_folder))
        tell(batch, "read", rows)
        _tell_boilerplate(batch, rows)
    return batch


def _to_read(
    run_id: str,
    entry: StagedEntry,
    row: StagedCapture,
    bodies: Mapping[str, bytes],
    feed_text_words: int,
    drop_kinds: tuple[str, ...],
    now: datetime,
) -> ToRead:
    return ToRead(
        run_id=run_id,
        entry=entry,
        fetched=row,
        body=bodies.get(row.capture.capture_id) if row.capture else None,
        feed_text_words=feed_text_words,
        drop_kinds=drop_kinds,
        now=now,
    )


def _settle(item: ToRead, outcome: StagedArticle | Exception) -> StagedArticle:
    if isinstance(outcome, StagedArticle):
        return outcome
    reason = outcome.reason if isinstance(outcome, DatelineError) else "page_fault"
    message = f"{item.entry.url}: {outcome if str(outcome) else type(outcome).__name__}"
    return StagedArticle(entry_id=item.entry.entry_id, capture=item.fetched.capture, reason=reason, message=message)


def _without_boilerplate(
    stage: Stage,
    rows: Sequence[StagedArticle],
    by_entry: Mapping[int, ToRead],
    data_folder: Path,
    lock_wait_seconds: float,
) -> list[StagedArticle]:
    """The rows with the paragraphs dropped that belong to their sites, as this batch and the archive together tell.

    What the archive knows is what it knew when the run began: else it would depend on which batch landed first. Of an
    article that it has, and that this run reads again (refine) or fetched again, the earlier reading does not count.
    """
    read = [_at_host(row) for row in rows]
    of_sites = [row for row in read if row.host is not None]
    if not of_sites:
        return read
    (summary,) = stage.read("summary", 0)
    entries = [by_entry[row.entry_id].entry for row in of_sites]
    fetched_again = {entry.article_id for entry in entries if entry.article_id and entry.digest is not None}
    with writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        known = lookups.known_edges(
            connection,
            {row.host for row in of_sites},
            {fingerprint for row in of_sites for fingerprint in row.edges},
            before=summary.started_at,
            without={entry.article_id for entry in entries if entry.article_id},
        )
        stored = lookups.known_articles(connection, fetched_again)
    texts = [
        SiteText(
            host=row.host,
            text=row.text,
            stored=stored[entry.article_id].text if entry.article_id in stored else "",
        )
        for row, entry in zip(of_sites, entries, strict=True)
    ]
    trimmed = dict(zip((row.entry_id for row in of_sites), trim(texts, known), strict=True))
    return [_shorter(row, trimmed.get(row.entry_id)) for row in read]


def _at_host(row: StagedArticle) -> StagedArticle:
    """The row with what its edges prove of its site; a dated text and a file are of none."""
    if row.reason is not None or row.capture.kind == "text" or (host := host_of(row.capture.final_url)) is None:
        return row
    return replace(row, host=host, edges=edge_fingerprints(host, row.text))


def _shorter(row: StagedArticle, trimmed: Trimmed | None) -> StagedArticle:
    if trimmed is None or not trimmed.boilerplate:
        return row
    kept = slice(trimmed.leading, trimmed.leading + trimmed.text.count("\n\n") + 1)
    return replace(
        row,
        text=trimmed.text,
        paragraph_kinds=row.paragraph_kinds[kept],
        boilerplate=trimmed.boilerplate,
        word_count=len(words(trimmed.text)),
        display_title=row.title or display_title(trimmed.text),
    )


def _tell_boilerplate(batch: int, rows: Iterable[StagedArticle]) -> None:
    counts = [len(row.boilerplate) for row in rows if row.boilerplate]
    if counts:
        get_run_logger().info(
            "Batch %s: left out %s paragraphs of the sites' own from %s articles", batch, sum(counts), len(counts)
        )


def _keep_fragments(
    stage: Stage,
    batch: int,
    rows: Sequence[StagedArticle],
    by_entry: Mapping[int, ToRead],
    captures_folder: Path,
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
