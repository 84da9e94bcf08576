"""The one path of the data: the steps of a staged run, batch by batch, overlapped but never out of order.

Says only in what order; each step is a task. A step whose file is there is not done again, so a run that was cut off is
finished by the same function.
"""

import atexit
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex

from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows.progress import RunProgress
from flows.settings import Settings
from flows.web import web_limits
from tasks.clean import clean
from tasks.enrich import enrich
from tasks.fetch import fetch
from tasks.land import close, land
from tasks.resemble import resemble
from tasks.sense import RULES, load_engine
from warehouse import model
from warehouse.stage import Stage
from warehouse.store import lock

BATCHES_UNDER_WAY = 3  # one fetching, one being read, one landing
STEPS = 5
RUN_SECONDS = 6 * 3600  # a run that takes longer is cut off; the next one finishes it

#: Waiting tasks hold a thread each: enough for the batches under way.
TASK_RUNNER = ThreadPoolTaskRunner(max_workers=(BATCHES_UNDER_WAY + 1) * STEPS)


def _mute_teardown() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


# Prefect's daemon threads keep the last run's objects while the interpreter is taken down, and DuckDB's binding then
# reports those as leaks, thirty lines of them. Tracebacks are written before this runs.
atexit.register(_mute_teardown)


def new_stage(settings: Settings) -> Stage:
    """A stage folder's name for a run that starts now; nothing is made on disk yet."""
    return Stage(settings.stages / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(2)}")


@contextmanager
def only_run(settings: Settings, flow: str) -> Iterator[None]:
    """Hold the archive for one run. Raises Transient ``run_under_way``, naming the holder, after a bounded wait."""
    with lock(
        settings.data_folder / "run.lock",
        holder=flow,
        wait_seconds=settings.archive.lock_wait_seconds,
        reason="run_under_way",
        what=f"The archive {settings.data_folder}",
    ):
        yield


def process(stage: Stage, settings: Settings, progress: RunProgress, *, again: bool = False) -> None:
    """Take every batch of a discovered run through fetch, clean, resemble, enrich and land.

    Batches overlap, but a batch is compared with the archive only when the one before it has landed. Raises the fault
    of the first step that fails; what has landed stays, and the stage stays for the next run.
    """
    if settings.enrich.engine != RULES:
        load_engine(settings.enrich.engine)  # here once, so that a missing one is no miss of each article
    under_way: deque[list[PrefectFuture]] = deque()
    fetched: PrefectFuture | None = None
    landed: PrefectFuture | None = None
    for batch in stage.batches():
        steps = _submit(stage, batch, settings, progress, fetched=fetched, landed=landed, again=again)
        fetched, landed = steps[0], steps[-1]
        under_way.append(steps)
        if len(under_way) == BATCHES_UNDER_WAY:
            _finish(under_way.popleft())
    for steps in under_way:
        _finish(steps)


def _submit(
    stage: Stage,
    batch: int,
    settings: Settings,
    progress: RunProgress,
    *,
    fetched: PrefectFuture | None,
    landed: PrefectFuture | None,
    again: bool,
) -> list[PrefectFuture]:
    wait_seconds = settings.archive.lock_wait_seconds
    fetching = fetch.submit(
        stage,
        batch,
        data_folder=settings.data_folder,
        captures_folder=settings.captures,
        lock_wait_seconds=wait_seconds,
        limits=web_limits(settings),
        progress=progress.advance,
        wait_for=_there(fetched),
    )
    cleaning = clean.submit(
        stage,
        batch,
        data_folder=settings.data_folder,
        captures_folder=settings.captures,
        lock_wait_seconds=wait_seconds,
        processes=settings.clean.processes,
        page_seconds=settings.clean.page_seconds,
        feed_text_words=settings.clean.feed_text_words,
        drop_kinds=settings.clean.drop_kinds,
        progress=progress.advance,
        wait_for=[fetching],
    )
    comparing = resemble.submit(
        stage,
        batch,
        data_folder=settings.data_folder,
        lock_wait_seconds=wait_seconds,
        look_back_days=settings.resemble.look_back_days,
        again=again,
        wait_for=[cleaning, *_there(landed)],
    )
    enriching = enrich.submit(
        stage,
        batch,
        processes=settings.clean.processes,
        article_seconds=settings.clean.page_seconds,
        engine=settings.enrich.engine,
        progress=progress.advance,
        wait_for=[comparing],
    )
    landing = land.submit(
        stage, batch, data_folder=settings.data_folder, lock_wait_seconds=wait_seconds, wait_for=[enriching]
    )
    return [fetching, cleaning, comparing, enriching, landing]


def _there(future: PrefectFuture | None) -> list[PrefectFuture]:
    return [] if future is None else [future]


def _finish(steps: list[PrefectFuture]) -> None:
    for step in steps:  # in order, so that the fault told is the first and not "an upstream task failed"
        step.result()


def finish(stage: Stage, settings: Settings, *, key: str, again: bool = False) -> model.Run:
    """Process a discovered run to its end and close its account."""
    entries = sum(1 for entry in stage.read("entries", 0) if entry.batch)
    with RunProgress(f"{key}-progress", total=3 * entries) as progress:
        process(stage, settings, progress, again=again)
        return close(stage, data_folder=settings.data_folder, lock_wait_seconds=settings.archive.lock_wait_seconds)
