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
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from tests.contracts.code import ROOT
from tests.contracts.handmade import NOON, SOURCE, Story, stage_run
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


MARK = "SELECT count(*) FROM batches"


def note_source(folder: Path, name: str) -> None:
    with store.writer(folder, holder="test") as connection:
        landing.enrol_sources(connection, [replace(SOURCE, source_id=name)])


def test_what_the_mark_does_not_tell_is_published_when_the_snapshot_has_aged(tmp_path):
    land(tmp_path, 1)
    assert store.publish(tmp_path, holder="test", mark=MARK, max_age_seconds=60)
    note_source(tmp_path, "another")
    assert not store.publish(tmp_path, holder="test", mark=MARK, max_age_seconds=60)
    aged = time.time() - 61
    os.utime(tmp_path / store.SNAPSHOT, (aged, aged))
    assert store.publish(tmp_path, holder="test", mark=MARK, max_age_seconds=60)
    note_source(tmp_path, "third")
    assert store.publish(tmp_path, holder="test", mark=MARK)  # by hand: at once
    land(tmp_path, 2)
    assert store.publish(tmp_path, holder="test", mark=MARK, max_age_seconds=60) and counted(tmp_path) == 2
    note_source(tmp_path, "fourth")
    (tmp_path / store.SNAPSHOT).write_bytes(b"no database")
    assert store.publish(tmp_path, holder="test", mark=MARK, max_age_seconds=60) and counted(tmp_path) == 2


def test_a_cursor_that_is_being_read_sees_the_old_snapshot_to_its_end(tmp_path):
    with store.writer(tmp_path, holder="test") as connection:
        connection.execute("CREATE TABLE numbers AS SELECT i FROM range(300_000) AS r(i)")
    store.publish(tmp_path, holder="test")
    with store.reader(tmp_path) as connection:
        cursor = connection.execute("SELECT i FROM numbers")
        assert len(cursor.fetchmany(1000)) == 1000
        with store.writer(tmp_path, holder="test", wait_seconds=1) as writing:
            writing.execute("DELETE FROM numbers")
        assert store.publish(tmp_path, holder="test", wait_seconds=1)
        assert len(cursor.fetchall()) == 299_000
        assert connection.execute("SELECT count(*) FROM numbers").fetchall() == [(300_000,)]
    with store.reader(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchall() == [(0,)]


def test_a_copy_that_would_not_fit_is_not_begun(tmp_path, monkeypatch):
    land(tmp_path, 1)
    monkeypatch.setattr(store.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(Terminal) as caught:
        store.publish(tmp_path, holder="test")
    assert caught.value.reason == "disk_full" and str(tmp_path / store.SNAPSHOT) in str(caught.value)
    assert list(tmp_path.glob("*snapshot*")) == []


def damage(folder: Path) -> str:
    """Harm the warehouse; what is said of it."""
    path = folder / store.WAREHOUSE
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(Terminal) as caught, store.writer(folder, holder="test"):
        pass
    assert caught.value.reason == "warehouse_damaged" and str(path) in str(caught.value)
    return str(caught.value)


def test_a_damaged_warehouse_is_replaced_by_what_was_published(tmp_path):
    land(tmp_path, 1)
    store.publish(tmp_path, holder="test")
    assert f"Put {store.SNAPSHOT} of the same folder in its place: it" in damage(tmp_path)
    os.replace(tmp_path / store.SNAPSHOT, tmp_path / store.WAREHOUSE)
    land(tmp_path, 2)
    store.publish(tmp_path, holder="test")
    assert counted(tmp_path) == 2


def test_no_snapshot_is_advised_where_there_is_none(tmp_path):
    land(tmp_path, 1)
    told = damage(tmp_path)
    assert store.SNAPSHOT not in told and "backup" in told and "dateline import" in told


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


LEFT_LOG = """
import os, duckdb
connection = duckdb.connect({path!r})
connection.execute("INSERT INTO batches VALUES ('b', 'r', now(), 1)")
os._exit(9)
"""


def test_the_log_of_a_warehouse_that_was_moved_away_blocks_no_new_one(tmp_path):
    land(tmp_path, 1)
    path = tmp_path / store.WAREHOUSE
    subprocess.run([sys.executable, "-c", LEFT_LOG.format(path=str(path))], check=False)
    assert Path(f"{path}.wal").exists()
    path.unlink()
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("SELECT count(*) FROM batches").fetchall() == [(0,)]


ALSO = """
import sys
from pathlib import Path
from warehouse import landing, store
from warehouse.stage import Stage
print("ready", flush=True)
sys.stdin.readline()
with store.writer(Path({folder!r}), holder="also") as connection:
    print(landing.land(connection, Stage(Path({stage!r})), 1))
"""


def test_a_batch_that_several_processes_land_at_once_lands_once(tmp_path):
    stories = [Story(url=f"https://a.example/{n}", article_id=f"a{n}", title="T", text=f"Text {n}.") for n in range(20)]
    stage = stage_run(tmp_path, "run-1", stories)
    code = ALSO.format(folder=str(tmp_path), stage=str(stage.folder))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * 3
    for process in started:
        process.stdin.write("go\n"), process.stdin.flush()
    assert sorted(process.communicate(timeout=60)[0] for process in started) == ["False\n", "False\n", "True\n"]
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT article_id) FROM articles").fetchall() == [(20, 20)]
        assert connection.execute("SELECT count(*) FROM batches").fetchall() == [(1,)]


@pytest.mark.parametrize(("of_the_file", "fits"), [(0.01, False), (0.3, False), (1.0, True)])
def test_a_disk_that_fills_up_while_landing_harms_nothing(tmp_path, of_the_file, fits):
    """The file size limit stands for the disk: a write beyond it fails like one on a disk without room. What has room
    for the log of the batch, and none for the file of the warehouse, has landed: the next to open it finds it there."""
    land(tmp_path, 1)
    room_bytes = int(of_the_file * (tmp_path / store.WAREHOUSE).stat().st_size)
    words = " ".join(str(number) for number in range(40_000))
    stage = stage_run(tmp_path, "run-2", [Story(url="https://a.example/2", article_id="a2", title="T", text=words)])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    told = None
    try:
        with store.writer(tmp_path, holder="test") as connection:
            landing.land(connection, stage, 1)
    except Terminal as fault:
        told = fault
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    if not fits:
        assert told.reason == "disk_full" and str(tmp_path / store.WAREHOUSE) in str(told)
    assert (told is None) == fits
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(1 + fits,)]
        assert landing.land(connection, stage, 1) != fits
        landing.close_run(connection, stage)
    store.publish(tmp_path, holder="test")
    assert counted(tmp_path) == 2
