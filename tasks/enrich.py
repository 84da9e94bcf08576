"""Articles → facts: a process pool reads one batch of texts, each bounded in time.

The verb: what counts as a fact is ``tasks.sense``'s business. An article whose facts cannot be read lands without them
rather than not at all.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from prefect import task

from tasks.batch import POLICY, tell
from tasks.pool import map_bounded
from tasks.sense import miss
from tasks.sense.article import SENSE, ToSense, facts_of, missed
from warehouse.stage import Stage
from warehouse.staged import StagedFacts


@task(name="enrich", task_run_name="enrich batch {batch}", **POLICY)
def enrich(
    stage: Stage, batch: int, *, processes: int, article_seconds: float, engine: str, progress: Callable[[int], None]
) -> int:
    """Read the facts of one batch of articles and stage them; returns the number of the batch."""
    if not stage.has("enrich", batch):
        articles = {row.entry_id: row for row in stage.read("clean", batch)}
        kept = [row for row in stage.read("resemble", batch) if row.reason is None]
        now = datetime.now(UTC)
        (summary,) = stage.read("summary", 0)
        work = [
            ToSense(
                entry_id=row.entry_id,
                article_id=row.article_id,
                text=articles[row.entry_id].text,
                title=articles[row.entry_id].display_title,
                section=articles[row.entry_id].section,
                tags=articles[row.entry_id].tags,
                published_at=articles[row.entry_id].published_at,
                first_seen_at=row.first_seen_at,
                read_at=now,
                only=summary.only,
                engine=engine,
            )
            for row in kept
        ]
        rows = []
        for item, outcome in map_bounded(facts_of, work, processes=processes, seconds=article_seconds):
            rows.append(_failed(item, outcome) if isinstance(outcome, Exception) else outcome)
            progress(1)
        stage.write("enrich", batch, rows)
        tell(batch, "enriched", rows)
    return batch


def _failed(item: ToSense, error: Exception) -> StagedFacts:
    """What lands of an article whose reading took its process down or too long."""
    return StagedFacts(entry_id=item.entry_id, enricher=SENSE, enrichment_misses=(missed(item, miss(SENSE, error)),))
