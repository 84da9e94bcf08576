"""The writer's lock and the snapshot, between real processes."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.code import ROOT
from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import landing, store
from warehouse.errors import Terminal, Transient

HOLDER = """
import sys
from pathlib import Path
from warehouse import store
with store.{what}:
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(what: str) -> Iterator[subprocess.Popen]:
    """A process that has entered ``store.<what>`` and stays there until its stdin is closed or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(what=what)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def land(folder: Path, number: int) -> None:
    story = Story(url=f"https://a.example/{number}", article_id=f"a{number}", title="Title", text=f"Text {number}.")
    stage = stage_run(folder, f"run-{number}", [story], seen_at=NOON + timedelta(minutes=number))
    with store.writer(folder, holder="test") as connection:
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)


def counted(folder: Path) -> int:
    with store.reader(folder) as connection:
        return connection.execute("SELECT count(*) FROM articles").fetchall()[0][0]


def test_a_second_writer_waits_for_a_bounded_time_and_names_the_holder(tmp_path):
    with another_process(f"writer(Path({str(tmp_path)!r}), holder='run-7')") as process:
        started = time.monotonic()
        with pytest.raises(Transient) as caught, store.writer(tmp_path, holder="mine", wait_seconds=0.3):
            pass
        assert 0.3 <= time.monotonic() - started < 5
    assert caught.value.reason == "warehouse_busy"
    for part in (str(tmp_path / "warehouse.duckdb"), "run-7", f"process {process.pid}", "try again"):
        assert part in str(caught.value)


def test_the_death_of_the_holder_frees_the_lock(tmp_path):
    with another_process(f"writer(Path({str(tmp_path)!r}), holder='run-7')") as process:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        with store.writer(tmp_path, holder="mine", wait_seconds=5) as connection:
            assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]
            note = json.loads((tmp_path / "warehouse.holder.json").read_text())
            assert (note["holder"], note["pid"]) == ("mine", os.getpid())
    assert not (tmp_path / "warehouse.holder.json").exists()


def test_a_waiting_writer_goes_on_when_the_holder_has_finished(tmp_path):
    with another_process(f"writer(Path({str(tmp_path)!r}), holder='run-7')") as process:
        threading.Timer(0.4, process.stdin.close).start()
        started = time.monotonic()
        with store.writer(tmp_path, holder="mine", wait_seconds=10):
            assert time.monotonic() - started > 0.3


def test_a_fault_within_frees_the_lock_and_tells_itself(tmp_path):
    with pytest.raises(ZeroDivisionError), store.writer(tmp_path, holder="one"):
        1 / 0
    with store.writer(tmp_path, holder="two", wait_seconds=0.1):
        pass


def test_a_warehouse_open_in_another_program_is_told(tmp_path):
    land(tmp_path, 1)
    code = (
        f"import duckdb, sys; c = duckdb.connect({str(tmp_path / store.WAREHOUSE)!r})\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Transient) as caught, store.writer(tmp_path, holder="mine", wait_seconds=0.1):
            pass
        other.communicate()
    assert caught.value.reason == "warehouse_busy"
    assert str(tmp_path / store.WAREHOUSE) in str(caught.value) and store.SNAPSHOT in str(caught.value)


def test_all_or_nothing(tmp_path):
    with store.writer(tmp_path, holder="test") as connection:
        with pytest.raises(duckdb.Error), store.transaction(connection):
            connection.execute("INSERT INTO batches VALUES ('b', 'r', now(), 1)")
            connection.execute("INSERT INTO batches VALUES ('b', 'r', now(), 1)")
        assert connection.execute("SELECT count(*) FROM batches").fetchall() == [(0,)]
        with store.transaction(connection):  # the connection can go on
            connection.execute("INSERT INTO batches VALUES ('b', 'r', now(), 1)")
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("SELECT count(*) FROM batches").fetchall() == [(1,)]


def test_publishing_makes_what_landed_readable(tmp_path):
    land(tmp_path, 1)
    assert store.publish(tmp_path, holder="test")
    assert counted(tmp_path) == 1
    land(tmp_path, 2)
    assert counted(tmp_path) == 1  # not published yet
    assert store.publish(tmp_path, holder="test")
    assert counted(tmp_path) == 2
    assert [path.name for path in tmp_path.glob(".snapshot*")] == []


def test_nothing_is_published_where_nothing_changed(tmp_path):
    land(tmp_path, 1)
    store.publish(tmp_path, holder="test")
    before = (tmp_path / store.SNAPSHOT).stat()
    assert not store.publish(tmp_path, holder="test")
    with store.writer(tmp_path, holder="test") as connection:  # a writer that only looks
        connection.execute("SELECT count(*) FROM articles").fetchall()
    assert not store.publish(tmp_path, holder="test")
    after = (tmp_path / store.SNAPSHOT).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_open_reader_keeps_its_view_and_disturbs_no_run(tmp_path):
    land(tmp_path, 1)
    store.publish(tmp_path, holder="test")
    code = (
        "import sys; from pathlib import Path; from warehouse import store\n"
        f"with store.reader(Path({str(tmp_path)!r})) as c:\n"
        "    print('open', flush=True)\n"
        "    for _ in sys.stdin:\n"
        "        print(c.execute('SELECT count(*), sum(length(text)) FROM articles').fetchall(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout.readline() == "open\n"
        land(tmp_path, 2)
        assert store.publish(tmp_path, holder="test", wait_seconds=1)
        reader.stdin.write("count\n"), reader.stdin.flush()
        assert reader.stdout.readline() == "[(1, 7)]\n"
        assert counted(tmp_path) == 2
        reader.communicate()


def test_the_snapshot_is_read_only_and_in_utc(tmp_path):
    land(tmp_path, 1)
    store.publish(tmp_path, holder="test")
    with store.reader(tmp_path) as connection:
        assert connection.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("DELETE FROM articles")


def test_reading_before_anything_is_published_is_told(tmp_path):
    with pytest.raises(Terminal) as caught, store.reader(tmp_path):
        pass
    assert caught.value.reason == "snapshot_missing"
    assert str(tmp_path) in str(caught.value) and "dateline ingest" in str(caught.value)


def test_a_full_disk_leaves_the_old_snapshot(tmp_path):
    land(tmp_path, 1)
    store.publish(tmp_path, holder="test")
    before = (tmp_path / store.SNAPSHOT).read_bytes()
    land(tmp_path, 2)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(Terminal) as caught:
            store.publish(tmp_path, holder="test")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.reason == "disk_full"
    assert (tmp_path / store.SNAPSHOT).read_bytes() == before
    assert list(tmp_path.glob(".snapshot*")) == []
    assert store.publish(tmp_path, holder="test") and counted(tmp_path) == 2


@pytest.mark.parametrize("room_bytes", [0, 4096, 8192, 20_000])
def test_making_a_warehouse_that_is_cut_off_blocks_no_later_run(tmp_path, room_bytes):
    """A full disk stands for the kill: both leave what had been written of the first blocks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        with pytest.raises(Terminal) as caught, store.writer(tmp_path, holder="test"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.reason == "disk_full"
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]
