"""The processes of a batch: what one item does to its process never reaches the others, nor the next batch."""

import os
import signal
import sys
import time

import pytest

from tasks.errors import Terminal, Transient
from tasks.pool import map_bounded

SECONDS = 1.0


class Awkward(Exception):
    """Pickles, and cannot be made again from its pickle: its ``args`` are not what its constructor takes."""

    def __init__(self, place: str, line: int) -> None:
        super().__init__(f"{place}, line {line}")


class Unpicklable(Exception):
    """Holds what cannot be sent to another process, as the faults of C libraries do."""

    def __init__(self) -> None:
        super().__init__("near the end", lambda: None)


def behave(item: str) -> str | int:
    """What the workers run: each word is one way for a page to behave."""
    match item:
        case "hang":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(3)
        case "terminal":
            raise Terminal("page_empty", "The page is empty.")
        case "transient":
            raise Transient("http_503", "The host is busy.")
        case "value":
            raise ValueError("no such month")
        case "memory":
            raise MemoryError
        case "awkward":
            raise Awkward("body", 7)
        case "unpicklable":
            raise Unpicklable
        case "socket":
            raise TimeoutError("the socket was slow")
        case "pid":
            return os.getpid()
        case "nap":
            time.sleep(0.4 * SECONDS)
    return item


def outcomes(items: list[str], processes: int = 2) -> list:
    told = list(map_bounded(behave, items, processes=processes, seconds=SECONDS))
    assert [item for item, _ in told] == items
    return [outcome for _, outcome in told]


def test_results_come_in_the_order_of_the_items():
    assert outcomes(["nap", "a", "b", "nap", "c"]) == ["nap", "a", "b", "nap", "c"]
    assert outcomes([]) == []


def test_an_item_that_hangs_is_stopped_and_the_others_go_on():
    started = time.monotonic()
    before, hung, *after = outcomes(["a", "hang", "b", "c", "d"])
    assert time.monotonic() - started < 20
    assert isinstance(hung, Terminal) and hung.reason == "worker_timed_out"
    assert "1 s" in str(hung)
    assert [before, *after] == ["a", "b", "c", "d"]


def test_every_hanging_item_is_told_for_itself():
    told = outcomes(["hang", "hang", "a", "hang"])
    assert [getattr(each, "reason", each) for each in told] == ["worker_timed_out"] * 2 + ["a", "worker_timed_out"]


def test_waiting_for_a_process_does_not_count_as_taking_long():
    assert outcomes(["nap"] * 5, processes=1) == ["nap"] * 5  # 2 s in all, each 0.4 s


def test_an_item_that_takes_its_process_down_is_told_and_the_others_go_on():
    before, died, *after = outcomes(["a", "die", "b", "c", "d"])
    assert isinstance(died, Terminal) and died.reason == "worker_died"
    assert [before, *after] == ["a", "b", "c", "d"]


def test_faults_of_ours_arrive_as_they_were_raised():
    terminal, transient, fine = outcomes(["terminal", "transient", "a"])
    assert isinstance(terminal, Terminal) and (terminal.reason, str(terminal)) == ("page_empty", "The page is empty.")
    assert isinstance(transient, Transient) and (transient.reason, str(transient)) == ("http_503", "The host is busy.")
    assert fine == "a"


@pytest.mark.parametrize(
    ("item", "told"),
    [("value", "no such month"), ("memory", ""), ("awkward", "body, line 7"), ("unpicklable", "near the end")],
)
def test_any_other_fault_is_that_items_alone_and_says_what_it_was(item, told):
    before, fault, after = outcomes(["a", item, "b"])
    assert isinstance(fault, Exception) and told in str(fault)
    assert (before, after) == ("a", "b")
    assert outcomes(["next batch"]) == ["next batch"]


def test_an_exit_of_an_item_does_not_end_the_run():
    before, fault, after = outcomes(["a", "exit", "b"])
    assert isinstance(fault, Exception)
    assert (before, after) == ("a", "b")
    assert outcomes(["next batch"]) == ["next batch"]


def test_a_time_out_inside_an_item_is_not_the_pools_own():
    (fault,) = outcomes(["socket"])
    assert isinstance(fault, Exception) and getattr(fault, "reason", None) != "worker_timed_out"
    assert "socket" in str(fault)


def test_the_death_of_an_idle_process_does_not_end_the_batches_after_it():
    """What the system kills for memory need not have been at work. The batch that is caught by it is tried again."""
    (pid,) = outcomes(["pid"], processes=1)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while True:
        try:
            assert outcomes(["a", "b"], processes=1) == ["a", "b"]
            break
        except Transient:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_processes_are_kept_from_batch_to_batch():
    assert outcomes(["pid"], processes=1) == outcomes(["pid"], processes=1)
