"""Articles → facts: a process pool reads one batch of texts, each bounded in time.

The verb: what counts as a fact is ``tasks.sense``'s business. An article whose facts cannot be read lands without them
rather than not at all.
"""

from collections.abc import Callable

from prefect import task

from tasks.batch import POLICY, tell
from tasks.pool import map_bounded
from tasks.sense import SENSE
from tasks.sense.article import ToSense, facts_of
from warehouse.stage import Stage
from warehouse.staged import StagedFacts


@task(name="enrich", task_run_name="enrich batch {batch}", **POLICY)
def enrich(stage: Stage, batch: int, *, processes: int, article_seconds: float, progress: Callable[[int], None]) -> int:
    """Read the facts of one batch of articles and stage them; returns the number of the batch."""
    if not stage.has("enrich", batch):
        articles = {row.entry_id: row for row in stage.read("clean", batch)}
        kept = [row for row in stage.read("resemble", batch) if row.reason is None]
        work = [
            ToSense(
                entry_id=row.entry_id,
                article_id=row.article_id,
                text=articles[row.entry_id].text,
                published_at=articles[row.entry_id].published_at,
                language=articles[row.entry_id].language,
                first_seen_at=row.first_seen_at,
            )
            for row in kept
        ]
        rows = []
        for item, outcome in map_bounded(facts_of, work, processes=processes, seconds=article_seconds):
            failed = isinstance(outcome, Exception)
            rows.append(
                StagedFacts(entry_id=item.entry_id, enricher=f"{SENSE} failed: {outcome}") if failed else outcome
            )
            progress(1)
        stage.write("enrich", batch, rows)
        tell(batch, "enriched", rows)
    return batch
