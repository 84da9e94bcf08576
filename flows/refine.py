"""Stored captures → articles → facts again, with today's extractor and without the network."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from prefect import flow
from pydantic import Field

from flows.ingest import resume
from flows.pipeline import RUN_SECONDS, TASK_RUNNER, finish, new_stage, only_run
from flows.report import name_run, publish_report
from flows.settings import load_settings
from flows.web import VERSION
from tasks.land import publish
from tasks.reread import reread
from warehouse import model


@flow(name="refine", flow_run_name="refine", task_runner=TASK_RUNNER, timeout_seconds=RUN_SECONDS, persist_result=False)
def refine(
    since: Annotated[
        date | None, Field(description="First day (UTC) of fetching, included. Empty = from the beginning.")
    ] = None,
    until: Annotated[
        date | None, Field(description="Last day (UTC) of fetching, included. Empty = up to now.")
    ] = None,
    sources: Annotated[
        list[str], Field(description="Ids of the sources whose articles are read again. Empty = all.")
    ] = [],  # noqa: B006 - Prefect shows this default in the run form and never changes it
    settings_file: Annotated[
        Path | None,
        Field(description="Settings file of the archive. Empty = the one that the worker was started with."),
    ] = None,
) -> list[model.Run]:
    """Read the stored captures of a period again and say which articles read differently now.

    Articles keep their ids, revisions and duplicates; their text and facts are replaced. Returns the account of each
    run that was closed, the newest last.
    """
    settings = load_settings(settings_file)
    start = datetime.combine(since or date(1970, 1, 1), time(), UTC)
    end = datetime.combine(until + timedelta(days=1), time(), UTC) if until else datetime.now(UTC)
    with only_run(settings, "refine"):
        runs = resume(settings)
        stage = new_stage(settings)
        reread(
            stage,
            since=start,
            until=end,
            sources=sources,
            version=VERSION,
            data_folder=settings.data_folder,
            lock_wait_seconds=settings.archive.lock_wait_seconds,
            batch_entries=settings.run.batch_entries,
        )
        runs.append(finish(stage, settings, key="refine", again=True))
        publish(data_folder=settings.data_folder, lock_wait_seconds=settings.archive.lock_wait_seconds)
        publish_report(settings, runs, key="refine-report")
    name_run(f"refine: {runs[-1].entries_landed} read again, {runs[-1].articles_revised} changed")
    return runs
