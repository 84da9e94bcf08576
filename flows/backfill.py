"""Archives → warehouse, started by hand: web archives, folders, lists and sitemaps, read to their end in pieces."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from prefect import flow

from flows.ingest import discover_options, resume
from flows.pipeline import RUN_SECONDS, TASK_RUNNER, finish, new_stage, only_run
from flows.report import name_run, publish_report, sentence
from flows.settings import load_settings
from flows.sources import archive_source, known_sources, load_sources
from tasks.discover import discover
from tasks.errors import Terminal
from tasks.land import publish
from tasks.listing import LOCAL_KINDS, is_exhausted
from warehouse import model
from warehouse.stage import Stage

KINDS = (*LOCAL_KINDS, "sitemap")
# Of one run: what is listed is held in memory, and where reading goes on is kept with its account.
PIECE_ENTRIES = 5_000


@flow(
    name="backfill",
    flow_run_name="backfill",
    task_runner=TASK_RUNNER,
    timeout_seconds=RUN_SECONDS,
    persist_result=False,
)
def backfill(
    sources: list[str] = [],  # noqa: B006 - Prefect shows this default in the run form and never changes it
    archive: Path | None = None,
    since: date | None = None,
    until: date | None = None,
    hosts: list[str] = [],  # noqa: B006
    most: int = 100_000,
    settings_file: Path | None = None,
) -> list[model.Run]:
    """Read archives to their end: web archives (WARC), folders, lists of addresses, and sitemaps over a period.

    Goes on where the last backfill stopped, through the same steps as ingest, in runs of some thousand entries each. A
    run that was cut off before is finished first. Returns the account of each run that was closed, the newest last.

    Args:
        sources: Ids of the sources to read, as `dateline sources list` shows them. Empty = the archive alone, else all
            web archives, folders, lists and sitemaps.
        archive: A web archive, a folder or a list of addresses to read without adding it to the sources.
        since: First day (UTC) that is wanted: of fetching in a web archive, of publication elsewhere. None = from the
            beginning; of a sitemap then only what ingest takes. Texts, pages and lists are taken whatever their day.
        until: Last day (UTC) that is wanted, included. None = up to now.
        hosts: Hosts whose records are wanted, their subdomains included (not of sitemaps). Empty = all.
        most: How many entries to take at most; the next backfill goes on from there.
        settings_file: Settings file of the archive. None = the one that the worker was started with.
    """
    settings = load_settings(settings_file)
    path = settings.archive.sources_file
    configured = load_sources(path) if archive is None or path.exists() else []
    known, asked = _asked(configured, sources, archive, path)
    window = {
        "since": datetime.combine(since, time(), UTC) if since else None,
        "until": datetime.combine(until + timedelta(days=1), time(), UTC) if until else None,
        "hosts": tuple(hosts),
    }
    with only_run(settings, "backfill"):
        runs = resume(settings)
        while True:
            stage = new_stage(settings)
            options = discover_options(settings, flow="backfill", most=min(most, PIECE_ENTRIES), **window)
            discover(stage, known, asked, options)
            asked = _unfinished(stage, asked)
            most -= max(1, sum(1 for entry in stage.read("entries", 0) if entry.batch))
            runs.append(finish(stage, settings, key="backfill"))
            if not asked or most <= 0:
                break
        publish(data_folder=settings.data_folder, lock_wait_seconds=settings.archive.lock_wait_seconds)
        publish_report(settings, runs, key="backfill-report")
    name_run(sentence(runs[-1]) if len(runs) == 1 else f"{sentence(runs[-1])}, the last of {len(runs)} runs")
    return runs


def _asked(
    configured: Sequence[model.Source], names: Sequence[str], archive: Path | None, path: Path
) -> tuple[list[model.Source], list[str]]:
    """All sources, those to read among them switched on, and the ids of these."""
    chosen = known_sources(configured, names, path)
    if not names and archive is None:
        chosen = [source for source in configured if source.kind in KINDS and source.enabled]
    if archive is not None:
        chosen.append(archive_source(archive, configured))
    unfit = [source.source_id for source in chosen if source.kind not in KINDS]
    if unfit or not chosen:
        told = f"{', '.join(unfit)} tells only what is new" if unfit else f"{path} has no source that can be backfilled"
        raise Terminal(
            "source_without_past",
            f"{told}; name web archives, folders, lists or sitemaps, or an archive by its path.",
        )
    ids = {source.source_id: replace(source, enabled=True) for source in chosen}
    return [source for source in configured if source.source_id not in ids] + list(ids.values()), list(ids)


def _unfinished(stage: Stage, asked: Sequence[str]) -> list[str]:
    """Which of the sources asked have more to give; one that failed has not, in this flow run."""
    (summary,) = stage.read("summary", 0)
    states = {source.source_id: source for source in stage.read("sources", 0)}
    was_cut = {"beyond_most", "source_postponed"} & set(summary.unlisted)
    return [name for name in asked if _has_more(states.get(name), bool(was_cut))]


def _has_more(state: model.Source | None, was_cut: bool) -> bool:
    if state is None or state.kind not in LOCAL_KINDS:  # a sitemap that is read over a period leaves no state
        return was_cut and (state is None or state.last_error is None)
    return state.last_error is None and not is_exhausted(state.position)
