"""The nightly upkeep: leftovers swept, the index merged, what is over its time dropped, the file packed, published.

Says only in what order, how long each step took and what it did. Every step may be cut off at any instant and done
again; nothing is asked of the web here, and no run that was cut off is finished.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.erase import MARK, keep
from flows.pipeline import RUN_SECONDS, only_run
from flows.render import upkeep_markdown
from flows.report import name_run
from flows.settings import ALL, Settings, find_settings, load_settings
from flows.sources import load_sources
from tasks.errors import Terminal
from tasks.land import publish
from warehouse import captures, erasure, forget, index, upkeep
from warehouse.lookups import sources
from warehouse.retention import Limit
from warehouse.stage import sweep, unfinished
from warehouse.store import writer

HOLDER = "maintain"
#: The file is written anew where so much of it, and so many bytes, hold nothing: that takes as long as publishing it.
IDLE_SHARE, IDLE_BYTES = 0.25, 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the upkeep: what it did, in words, and how long it took."""

    name: str
    told: str
    seconds: float


@flow(name="maintain", flow_run_name="maintain", timeout_seconds=RUN_SECONDS, persist_result=False)
def maintain(settings_file: Path | None = None) -> list[Step]:
    """Keep the archive in good order: sweep what runs that were cut off have left, merge the search index, drop what is
    over its time by the settings, give unused room back to the disk, publish, and say how the sources fare.

    Nothing is fetched. Two runs never work on one archive at once. Returns what each step did.

    Args:
        settings_file: Settings file of the archive. None = the one that the worker was started with.
    """
    settings = load_settings(settings_file)
    steps: list[Step] = []

    def do(name: str, work: Callable[[Settings], str]) -> None:
        began = time.perf_counter()
        told = work(settings)
        steps.append(Step(name=name, told=told, seconds=time.perf_counter() - began))
        get_run_logger().info("%s: %s", name, told)

    with only_run(settings, HOLDER):
        limits = _limits(settings, settings_file)
        do("leftovers", _sweep)
        do("search index", _tend_index)
        do("retention", lambda settings: _retain(settings, limits))
        do("warehouse file", _pack)
        do("snapshot", _publish)
        with _open(settings) as connection:
            conditions = upkeep.source_conditions(connection)
    counts = [(name, sum(row[1] == name for row in conditions)) for name in upkeep.CONDITIONS]
    troubled = len(conditions) - counts[-1][1]
    sentence = f"maintain: {len(steps)} steps in {sum(step.seconds for step in steps):.1f} s; "
    sentence += f"{troubled} of {len(conditions)} sources need attention"
    create_markdown_artifact(
        upkeep_markdown(
            sentence,
            [(step.name, f"{step.seconds:.2f}", step.told) for step in steps],
            counts,
            [row for row in conditions if row[1] != "active"],
        ),
        key="maintain-report",
        description=f"{sentence}.",
    )
    name_run(sentence)
    told = ", ".join(f"{count} {name}" for name, count in reversed(counts) if count or name == "active")
    return [*steps, Step(name="sources", told=told, seconds=0.0)]


def _open(settings: Settings) -> AbstractContextManager:
    return writer(settings.data_folder, holder=HOLDER, wait_seconds=settings.archive.lock_wait_seconds)


def _sweep(settings: Settings) -> str:
    """Take away what no run takes up again, and what nothing names."""
    sweep(settings.stages)
    there = unfinished(settings.stages)
    with _open(settings) as connection:
        closed = upkeep.closed_runs(connection, [stage.run_id for stage in there])
        named = erasure.capture_files(connection)
    over = [stage for stage in there if stage.run_id in closed or not stage.discovered()]
    for stage in over:
        stage.remove()
    left = unfinished(settings.stages) + unfinished(settings.quarantine)
    missing = captures.missing(settings.captures, named)
    for folder in (settings.stages, settings.quarantine):
        named |= {path for path, _ in forget.named_by_stages(folder)}
    counts = {
        "stages of runs that are over": len(over),
        "files half written": forget.sweep_partials(settings.data_folder),
        "files of captures that nothing names": forget.sweep_captures(
            settings.captures, named, [stage.run_id for stage in left]
        ),
        "records of refines": forget.sweep_refined(
            settings.data_folder, datetime.now(UTC) - timedelta(days=settings.retention.refined_days)
        ),
    }
    gone = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    told = [f"taken away: {gone}" if gone else "nothing was left over"]
    if left:
        told.append(f"{len(left)} runs that were cut off or set aside stay")
    if missing:
        told.append(f"{len(missing)} files of captures are missing")
    return "; ".join(told)


def _tend_index(settings: Settings) -> str:
    with _open(settings) as connection:
        came, gone = index.mend_vocabulary(connection)
        rows = index.compact(connection, loose=2)
    merged = f"{rows} postings merged" if rows else "no segments to merge"
    return f"{merged}; {came} words came to the vocabulary, {gone} went"


def _retain(settings: Settings, limits: Sequence[Limit]) -> str:
    newest = max((limit.bodies_since for limit in limits if limit.bodies_since), default=None)
    kept = keep(settings, limits, holder=HOLDER, reports_before=newest)
    told = f"dropped {kept.bodies} stored bodies and {len(kept.articles)} texts" if limits else "everything is kept"
    if (settings.data_folder / MARK).exists():
        told += "; an erasure was cut off: call the same `dateline erase` again"
    return told


def _pack(settings: Settings) -> str:
    """Write the warehouse anew where enough of its file holds nothing."""
    with _open(settings) as connection:
        before = upkeep.room(connection)
    told = f"{before.idle_share:.0%} of {before.file_bytes / 1e6:.1f} MB unused"
    if before.idle_share < IDLE_SHARE or before.idle_bytes < IDLE_BYTES:
        return f"{told}; left as it is"
    erasure.compact(settings.data_folder, holder=HOLDER, wait_seconds=settings.archive.lock_wait_seconds)
    with _open(settings) as connection:
        after = upkeep.room(connection)
    return f"{told}; written anew with {after.file_bytes / 1e6:.1f} MB"


def _publish(settings: Settings) -> str:
    is_new = publish(data_folder=settings.data_folder, lock_wait_seconds=settings.archive.lock_wait_seconds)
    return "published" if is_new else "published already"


def _limits(settings: Settings, settings_file: Path | None) -> list[Limit]:
    """The limits of the settings, of each source its own.

    Raises Terminal ``settings_invalid`` with a line for every name that is neither a source's id nor a tag.
    """
    told = {name: dict(getattr(settings.retention, name)) for name in ("captures_days", "bodies_days")}
    names = {name for days in told.values() for name in days} - {ALL}
    tags: dict[str, Sequence[str]] = {}
    if names:
        with _open(settings) as connection:
            tags = {source.source_id: source.tags for source in sources(connection)}
        tags |= {source.source_id: source.tags for source in load_sources(settings.archive.sources_file)}
    known = {*tags, *(tag for each in tags.values() for tag in each)}
    file = find_settings(settings_file) or "settings"
    faults = [
        f"{file}: retention.{setting}: no source has the id or tag {name}{_near(name, known)}"
        for setting, days in told.items()
        for name in days
        if name not in {ALL, *known}
    ]
    if faults:
        raise Terminal("settings_invalid", "\n".join(faults))
    now = datetime.now(UTC)

    def limit(source_id: str | None) -> Limit:
        captures_days, bodies_days = (_days(days, source_id, tags.get(source_id, ())) for days in told.values())
        return Limit(
            source_id=source_id,
            captures_since=None if captures_days is None else now - timedelta(days=captures_days),
            bodies_since=None if bodies_days is None else now - timedelta(days=bodies_days),
        )

    limits = [limit(None), *map(limit, tags)]
    return limits if any(each.captures_since or each.bodies_since for each in limits) else []


def _days(told: dict[str, int | None], source_id: str | None, tags: Sequence[str]) -> int | None:
    """How many days a source's things are kept, None = for ever: as its id says, else the shortest of its tags, else as
    for all."""
    if source_id in told:
        return told[source_id]
    by_tag = [told[tag] for tag in tags if tag in told]
    if by_tag:
        return min((days for days in by_tag if days is not None), default=None)
    return told.get(ALL)


def _near(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else "; `dateline sources list` shows those that there are."
