"""Stored captures → articles → facts again, with today's extractor and without the network."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from prefect import flow

from flows.ingest import resume
from flows.pipeline import RUN_SECONDS, TASK_RUNNER, finish, new_stage, only_run
from flows.report import name_run, publish_report, sentence
from flows.settings import load_settings
from flows.web import VERSION
from tasks.land import publish
from tasks.reread import reread
from warehouse import model


@flow(name="refine", flow_run_name="refine", task_runner=TASK_RUNNER, timeout_seconds=RUN_SECONDS, persist_result=False)
def refine(
    since: date | None = None,
    until: date | None = None,
    sources: list[str] = [],  # noqa: B006 - Prefect shows this default in the run form and never changes it
    settings_file: Path | None = None,
) -> list[model.Run]:
    """Read the stored captures of a period again and say which articles read differently now.

    Articles keep their ids, revisions and duplicates; their text and facts are replaced. The report says what changed,
    in numbers and by example. Returns the account of each run that was closed, the newest last.

    Args:
        since: First day (UTC) of fetching, included. None = from the beginning.
        until: Last day (UTC) of fetching, included. None = up to now.
        sources: Ids of the sources whose articles are read again. Empty = all.
        settings_file: Settings file of the archive. None = the one that the worker was started with.
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
    name_run(sentence(runs[-1]))
    return runs
