"""The processes that do the CPU work of a batch, page by page, each page bounded in time.

One pool per process, started when first needed and kept: starting an interpreter costs more than reading a page. What
the pool runs is a plain function of plain values; nothing here knows what it computes.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from tasks.errors import DatelineError, Terminal, Transient

Item = TypeVar("Item")
Result = TypeVar("Result")

TASKS_PER_PROCESS = 2_000  # then a fresh process: what a page leaked does not pile up


@cache
def _pool(processes: int) -> ProcessPool:
    # "spawn": the flow has threads, and a forked child inherits their locks in whatever state they are.
    return ProcessPool(processes, max_tasks=TASKS_PER_PROCESS, context=multiprocessing.get_context("spawn"))


def _running_pool(processes: int) -> ProcessPool:
    """The kept pool, or a new one where that has broken down between two batches."""
    if not _pool(processes).active:
        _pool.cache_clear()
    return _pool(processes)


def _guarded(function: Callable[[Item], Result], item: Item) -> Result:
    """Run in the worker: an exception that cannot be sent back would break the pool for all items after it."""
    try:
        return function(item)
    except DatelineError:
        raise
    except (Exception, SystemExit) as error:
        raise Terminal("page_fault", f"{type(error).__name__}: {error}") from None


def map_bounded(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    processes: int,
    seconds: float,
) -> Iterator[tuple[Item, Result | Exception]]:
    """Each item with what ``function`` made of it or the exception it ended in, in the order of the items.

    ``function`` must be importable. An item that takes longer than ``seconds`` of wall time, or takes its process down,
    yields Terminal ``worker_timed_out`` or ``worker_died``; the others go on. Raises Transient ``worker_died`` where the
    pool as a whole has broken down; the next call has a new one.
    """
    pool = _running_pool(processes)
    futures = [pool.schedule(_guarded, args=(function, item), timeout=seconds) for item in items]
    for item, future in zip(items, futures, strict=True):
        try:
            yield item, future.result()
        except TimeoutError:
            yield (
                item,
                Terminal("worker_timed_out", f"took longer than {seconds:g} s and was stopped; its input is kept"),
            )
        except BrokenProcessPool as broken:  # a process died between two items: no item's fault, and the batch's retry
            _pool.cache_clear()
            raise Transient(
                "worker_died", f"The processes that read pages broke down ({broken}); try again."
            ) from broken
        except (ProcessExpired, CancelledError) as died:
            yield item, Terminal("worker_died", f"took its process down ({died}); its input is kept")
        except Exception as error:  # whatever a hostile page provokes is that page's fault alone
            yield item, error
