"""What the batch tasks share: how they are tried again (transient faults only, with exponential backoff and jitter),
the one line that each writes to the log, and the row of a request. No task stands here.
"""

from collections import Counter
from collections.abc import Sequence

from prefect import get_run_logger
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from tasks.errors import Transient
from tasks.web import WebAttempt
from warehouse import model


def is_transient(task, task_run, state) -> bool:
    """True where the failed task run ended in a :class:`Transient` fault; Prefect asks this before each retry."""
    return isinstance(state.data, Transient)


#: For ``@task(**POLICY)``. A batch's files are its result: Prefect keeps no copy and no cache of its own. No time-out
#: stands here, since Prefect cannot interrupt a task in a thread: requests, pages and locks are bounded one by one, and
#: the flow as a whole.
POLICY = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(backoff_factor=2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
    "persist_result": False,
    "cache_policy": NO_CACHE,
}


def tell(batch: int, done: str, rows: Sequence) -> None:
    """Log what a step made of a batch: how many rows it kept, and how many it dropped by reason."""
    reasons = Counter(row.reason for row in rows if row.reason is not None)
    dropped = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    kept = len(rows) - reasons.total()
    get_run_logger().info("Batch %s: %s %s%s", batch, kept, done, f"; dropped {dropped}" if dropped else "")


def fetch_row(run_id: str, attempt: WebAttempt) -> model.Fetch:
    """The row of ``fetches`` for one request that was sent."""
    return model.Fetch(
        run_id=run_id,
        url=attempt.url,
        host=attempt.host,
        purpose=attempt.purpose,
        started_at=attempt.started_at,
        fetch_ms=attempt.fetch_ms,
        status=attempt.status,
        wire_bytes=attempt.wire_bytes,
        outcome=attempt.outcome,
        attempt=attempt.attempt,
    )
