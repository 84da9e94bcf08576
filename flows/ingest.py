"""The scheduled flow: due sources → entries → captures → articles → facts → warehouse → snapshot."""

from pathlib import Path

from prefect import flow, get_run_logger

from flows.pipeline import RUN_SECONDS, TASK_RUNNER, finish, new_stage, only_run
from flows.report import name_run, publish_report, sentence
from flows.settings import Settings, load_settings
from flows.sources import known_sources, load_sources
from flows.web import VERSION, source_limits
from tasks.discover import DiscoverOptions, discover
from tasks.errors import DatelineError
from tasks.land import publish
from warehouse import model
from warehouse.stage import sweep, unfinished


@flow(name="ingest", flow_run_name="ingest", task_runner=TASK_RUNNER, timeout_seconds=RUN_SECONDS, persist_result=False)
def ingest(
    sources: list[str] = [],  # noqa: B006 - Prefect shows this default in the run form and never changes it
    only_due: bool = True,
    settings_file: Path | None = None,
) -> list[model.Run]:
    """Ask the sources what is new, fetch it, clean it, tell copies and revisions apart, read its facts, and publish.

    A run that was cut off before is finished first. Two runs never work on one archive at once. Returns the account of
    each run that was closed, the newest last.

    Args:
        sources: Ids of the sources to ask, as `dateline sources list` shows them. Empty = all.
        only_due: Ask only sources whose next poll is due. Off = ask now, due or not.
        settings_file: Settings file of the archive. None = the one that the worker was started with.
    """
    settings = load_settings(settings_file)
    configured = load_sources(settings.archive.sources_file)
    known_sources(configured, sources, settings.archive.sources_file)
    with only_run(settings, "ingest"):
        runs = resume(settings)
        stage = new_stage(settings)
        discover(stage, configured, sources, discover_options(settings, flow="ingest", only_due=only_due))
        runs.append(finish(stage, settings, key="ingest"))
        publish(
            data_folder=settings.data_folder,
            lock_wait_seconds=settings.archive.lock_wait_seconds,
            max_age_seconds=60 * settings.archive.snapshot_minutes if only_due else 0,
        )
        publish_report(settings, runs, key="ingest-report")
    name_run(sentence(runs[-1]))
    return runs


def resume(settings: Settings) -> list[model.Run]:
    """Finish the runs that were cut off after their discovery; what was cut off earlier is asked anew and left.

    A stage that cannot be finished (a damaged file, an account that does not balance) is set aside: it blocks no
    later run. A fault of the disk or a lock is raised.
    """
    runs = []
    sweep(settings.stages)
    for stage in unfinished(settings.stages):
        if not stage.discovered():
            stage.remove()
            continue
        get_run_logger().info("Finishing run %s, which was cut off", stage.run_id)
        try:
            (summary,) = stage.read("summary", 0)
            runs.append(finish(stage, settings, key=summary.flow, again=summary.flow == "refine"))
        except Exception as error:
            if isinstance(error, DatelineError) and error.reason != "account_unbalanced":
                raise
            place = stage.quarantine(settings.quarantine)
            get_run_logger().error("Run %s cannot be finished (%s); its stage is now %s", stage.run_id, error, place)
    return runs


def discover_options(settings: Settings, *, flow: str, only_due: bool = False, **bounds) -> DiscoverOptions:
    """How a run of ``flow`` asks its sources; ``bounds`` are what it is told to leave out."""
    return DiscoverOptions(
        flow=flow,
        version=VERSION,
        data_folder=settings.data_folder,
        captures=settings.captures,
        limits=source_limits(settings),
        lock_wait_seconds=settings.archive.lock_wait_seconds,
        batch_entries=settings.run.batch_entries,
        only_due=only_due,
        **settings.discover.model_dump(),
        **bounds,
    )
