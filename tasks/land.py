"""Facts → warehouse → snapshot: the last two steps, one short transaction a batch and one atomic replacement.

The verb: what landing means is said in ``warehouse.landing``, and publishing in ``warehouse.store``.
"""

from pathlib import Path

from prefect import task

from tasks.batch import POLICY
from warehouse import landing, model, store
from warehouse.stage import Stage


@task(name="land", task_run_name="land batch {batch}", **POLICY)
def land(stage: Stage, batch: int, *, data_folder: Path, lock_wait_seconds: float) -> int:
    """Commit one batch; once, however often it is tried. Returns the number of the batch."""
    with store.writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        landing.land(connection, stage, batch)
    return batch


@task(name="close", task_run_name="close {stage.run_id}", **POLICY)
def close(stage: Stage, *, data_folder: Path, lock_wait_seconds: float) -> model.Run:
    """Commit a run's account and the state of its sources, and forget its stage."""
    with store.writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
        run = landing.close_run(connection, stage)
    stage.remove()
    return run


@task(name="publish", **POLICY)
def publish(*, data_folder: Path, lock_wait_seconds: float) -> bool:
    """Replace the read-only snapshot; False where nothing had changed since the last."""
    return store.publish(data_folder, holder="publish", wait_seconds=lock_wait_seconds)
