"""Facts → warehouse → snapshot: the last two steps, one short transaction a batch and one atomic replacement.

The verb: what landing means is said in ``warehouse.landing``, and publishing in ``warehouse.store``.
"""

from pathlib import Path

from prefect import task

from tasks.batch import POLICY
from warehouse import index, landing, model, store
from warehouse.stage import Stage


@task(name="land", task_run_name="land batch {batch}", **POLICY)
def land(stage: Stage, batch: int, *, data_folder: Path, lock_wait_seconds: float) -> int:
    """Commit one batch; once, however often it is tried. Returns the number of the batch."""
    with store.writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        landing.land(connection, stage, batch)
    return batch


@task(name="close", task_run_name="close {stage.run_id}", **POLICY)
def close(stage: Stage, *, data_folder: Path, lock_wait_seconds: float) -> model.Run:
    """Commit a run's account and the state of its sources, merge the index's small segments, forget the run's stage."""
    with store.writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        run = landing.close_run(connection, stage)
        index.compact(connection)
    stage.remove()
    return run


@task(name="publish", **POLICY)
def publish(*, data_folder: Path, lock_wait_seconds: float, max_age_seconds: float = 0) -> bool:
    """Replace the read-only snapshot; False where it stays.

    It stays where nothing has changed since, and, while it is not older than ``max_age_seconds``, where no batch has
    landed since: the state of sources alone is not worth a copy of everything.
    """
    return store.publish(
        data_folder,
        holder="publish",
        wait_seconds=lock_wait_seconds,
        mark=landing.LANDED,
        max_age_seconds=max_age_seconds,
    )
