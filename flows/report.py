"""The report of a run in the Prefect UI: put on the flow run's page, its sentence in the run's name, a fault's in its
log.

Only publishes; what is told comes from ``warehouse.reports``, and how from ``flows.render``.
"""

import logging
from collections.abc import Sequence

from prefect import get_client
from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext

from flows.events import tell_events
from flows.render import account, run_markdown, sentence
from flows.settings import Settings
from tasks.errors import DatelineError
from warehouse import model
from warehouse.refined import files
from warehouse.reports import given_up_sources, refine_details, run_details
from warehouse.store import writer


def publish_report(settings: Settings, runs: Sequence[model.Run], *, key: str) -> None:
    """Put the report of the runs on the current flow run's page, and tell its events; of the warehouse, since a run
    that brings nothing may not be published at once."""
    with writer(settings.data_folder, holder="report", wait_seconds=settings.archive.lock_wait_seconds) as connection:
        parts = [
            run_markdown(
                run,
                run_details(connection, run.run_id),
                refine_details(connection, files(settings.data_folder, run.run_id)),
            )
            for run in runs
        ]
        for run in runs:
            tell_events(run, given_up_sources(connection, run))
    create_markdown_artifact(
        "\n\n".join(parts), key=key, description=f"{sentence(runs[-1])}. The account: {account(runs[-1])}."
    )


def name_run(name: str) -> None:
    """Rename the current flow run, so that the list of runs says what each did."""
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(context.flow_run.id, name=name)


def _by_sentence(record: logging.LogRecord) -> bool:
    """Leave the traceback out of what Prefect logs of a fault of ours: its sentence says all that there is to do."""
    if record.exc_info and isinstance(record.exc_info[1], DatelineError):
        record.exc_info = None
    return True


for _logger in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_logger).addFilter(_by_sentence)
