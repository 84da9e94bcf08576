"""Stored captures → articles → facts again, with today's extractor and without the network."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from prefect import flow

from flows.ingest import resume
from flows.pipeline import RUN_SECONDS, TASK_RUNNER, finish, new_stage, only_run
from flows.report import name_run, publish_report, sentence
from flows.settings import load_settings
from flows.web import VERSION
from tasks.errors import Terminal
from tasks.land import publish
from tasks.reread import reread, reread_facts
from tasks.sense import NAMES
from warehouse import model


#: What can be read again alone. The language is not among them: what all others find hangs on it.
Enricher = StrEnum("Enricher", [name for name in NAMES if name != "language"])


@flow(name="refine", flow_run_name="refine", task_runner=TASK_RUNNER, timeout_seconds=RUN_SECONDS, persist_result=False)
def refine(
    since: date | None = None,
    until: date | None = None,
    sources: list[str] = [],  # noqa: B006 - Prefect shows this default in the run form and never changes it
    only: list[Enricher] = [],  # noqa: B006
    settings_file: Path | None = None,
) -> list[model.Run]:
    """Read the stored captures of a period again and say which articles read differently now.

    Articles keep their ids, revisions and duplicates; their text and facts are replaced. The report says what changed,
    in numbers and by example. Where enrichers are named, texts stay as they are and only the facts of these are made
    anew. Returns the account of each run that was closed, the newest last.

    Args:
        since: First day (UTC) of fetching, included. None = from the beginning.
        until: Last day (UTC) of fetching, included. None = up to now.
        sources: Ids of the sources whose articles are read again. Empty = all.
        only: Enrichers to run again on the texts as they stand. Empty = read the captures again, and all facts.
        settings_file: Settings file of the archive. None = the one that the worker was started with.
    """
    settings = load_settings(settings_file)
    start = datetime.combine(since or date(1970, 1, 1), time(), UTC)
    end = datetime.combine(until + timedelta(days=1), time(), UTC) if until else datetime.now(UTC)
    with only_run(settings, "refine"):
        runs = resume(settings)
        stage = new_stage(settings)
        asked = {
            "since": start,
            "until": end,
            "sources": sources,
            "version": VERSION,
            "data_folder": settings.data_folder,
            "lock_wait_seconds": settings.archive.lock_wait_seconds,
            "batch_entries": settings.run.batch_entries,
        }
        if only:
            reread_facts(stage, only=[enricher.value for enricher in only], **asked)
        else:
            reread(stage, **asked)
        runs.append(finish(stage, settings, key="refine", again=not only))
        publish(data_folder=settings.data_folder, lock_wait_seconds=settings.archive.lock_wait_seconds)
        publish_report(settings, runs, key="refine-report")
    name_run(sentence(runs[-1]))
    return runs


def enrichers(names: Sequence[str]) -> list[Enricher]:
    """The enrichers of these names; raises Terminal ``unknown_enricher``."""
    unknown = [name for name in names if name not in list(Enricher)]
    if unknown:
        raise Terminal("unknown_enricher", f"There is no enricher {unknown[0]}; there are {', '.join(Enricher)}.")
    return [Enricher(name) for name in names]
