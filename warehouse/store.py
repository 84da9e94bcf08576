"""The only ``duckdb.connect``: the writer's lock, the reader's snapshot, and the publishing of one from the other.

A DuckDB file is locked by whoever has it open for writing, readers included. So the writer opens it, does one short
thing and closes, and readers only ever open the snapshot. No table is named here.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from warehouse.disk import FULL, disk_faults, disk_full, not_writable
from warehouse.errors import DatelineError, Terminal, Transient
from warehouse.migrate import migrate

WAREHOUSE = "warehouse.duckdb"
SNAPSHOT = "snapshot.duckdb"


@contextmanager
def lock(path: Path, *, holder: str, wait_seconds: float, reason: str, what: str) -> Iterator[None]:
    """Hold the lock file ``path``; the operating system lets go of it when the process dies, however it dies.

    ``holder`` is told to whoever waits in vain. Raises :class:`Transient` with ``reason`` after ``wait_seconds``.
    """
    note = path.with_suffix(".holder.json")
    with disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with disk_faults(path):
            held = FileLock(path)
            held.acquire(timeout=wait_seconds)
    except Timeout as timeout:
        raise Transient(
            reason, f"{what} is in use by {_holder(note)}. Waited {wait_seconds:g} s; try again when it has finished."
        ) from timeout
    try:
        with disk_faults(path):
            note.write_text(json.dumps({"holder": holder, "pid": os.getpid(), "since": _now()}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        held.release()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _holder(note: Path) -> str:
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        return f"{told['holder']} (process {told['pid']}, since {told['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def duckdb_faults(path: Path) -> Iterator[None]:
    """Turn a disk that DuckDB finds full, or any fault of :func:`disk_faults`, into a sentence that names ``path``."""
    try:
        with disk_faults(path):
            yield
    except duckdb.Error as error:
        if _is_full(str(error)):
            raise disk_full(path) from error
        raise


def _is_full(told: str) -> bool:
    return "No space left" in told or "File too large" in told


def _held(folder: Path, holder: str, wait_seconds: float) -> AbstractContextManager[None]:
    return lock(
        folder / "warehouse.lock",
        holder=holder,
        wait_seconds=wait_seconds,
        reason="warehouse_busy",
        what=f"The warehouse {folder / WAREHOUSE}",
    )


@contextmanager
def writer(folder: Path, *, holder: str, wait_seconds: float = 60) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of an archive folder, open for writing, migrated, in UTC; made where it is not there yet.

    Raises :class:`Transient` ``warehouse_busy`` when another holds it for longer than ``wait_seconds``, and
    :class:`Terminal` for a file that is not ours, a full disk or a folder that cannot be written to.
    """
    path = folder / WAREHOUSE
    with _held(folder, holder, wait_seconds):
        with duckdb_faults(path):
            if not path.exists():
                _make(path)
            connection = _connect(path, read_only=False)
        try:
            with duckdb_faults(path):
                migrate(connection, name=str(path))
                yield connection
        finally:
            connection.close()


def create(
    folder: Path, fill: Callable[[duckdb.DuckDBPyConnection], None], *, holder: str, wait_seconds: float = 60
) -> None:
    """Make the warehouse of an archive folder with what ``fill`` puts into an empty file: all of it, or none is there.

    Raises :class:`Terminal` ``archive_exists`` where there is one already, and as :func:`writer` does.
    """
    path = folder / WAREHOUSE
    with _held(folder, holder, wait_seconds):
        if path.exists():
            raise Terminal("archive_exists", f"{path} is there already; name another data_folder. It was not touched.")
        with duckdb_faults(path):
            _make(path, fill)


def _make(path: Path, fill: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> None:
    """Make a new warehouse under another name first, so that ``path`` is never half of one."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    for log in (new.with_name(f"{new.name}.wal"), path.with_name(f"{path.name}.wal")):  # of a file that is gone
        log.unlink(missing_ok=True)
    try:
        connection = _connect(new, read_only=False)
        try:
            if fill:
                fill(connection)
            migrate(connection, name=str(path))
        finally:
            connection.close()
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def reader(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot of an archive folder, read-only; many may read at once and none disturbs a run.

    Raises :class:`Terminal` ``snapshot_missing`` where nothing has been published yet.
    """
    path = folder / SNAPSHOT
    if not path.exists():
        raise Terminal(
            "snapshot_missing",
            f"Nothing has been published in {folder} yet. Run `dateline ingest` first, "
            "or name the archive with --settings.",
        )
    connection = _connect(path, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if path.exists() and not _is_duckdb(path):
        raise Terminal(
            "warehouse_foreign",
            f"{path} is not a DuckDB file. Move it away or name another data_folder; it was not touched.",
        )
    try:
        connection = duckdb.connect(path, read_only=read_only, config=_CONFIG)
    except duckdb.Error as error:
        raise _connect_fault(path, str(error)) from error
    connection.execute("SET TimeZone = 'UTC'")
    return connection


#: Nothing is downloaded, whatever a query asks for.
_CONFIG = {"autoinstall_known_extensions": "false"}


def _is_duckdb(path: Path) -> bool:
    """True where the file begins as DuckDB's do: a checksum of 8 bytes, then "DUCK" (DuckDB, "Storage", Format)."""
    with open(path, "rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _connect_fault(path: Path, told: str) -> DatelineError:
    if "Conflicting lock" in told:
        holder = told.split("Conflicting lock is held in")[-1].split(". See")[0].strip()
        return Transient(
            "warehouse_busy",
            f"{path} is open in another program ({holder}). Close it there, and read {SNAPSHOT} instead.",
        )
    if _is_full(told):
        return disk_full(path)
    if "Permission denied" in told or "Read-only" in told:
        return not_writable(path, told.splitlines()[0])
    if "version number" in told:
        return Terminal(
            "warehouse_newer",
            f"{path} was written by a newer DuckDB than {duckdb.__version__}. Upgrade; the file was not touched.",
        )
    return Terminal("warehouse_damaged", f"{path} cannot be opened ({told.splitlines()[0]}). {_remedy(path)}")


def _remedy(path: Path) -> str:
    if path.name == SNAPSHOT:
        return "Delete it; the next run publishes it anew."
    if path.with_name(SNAPSHOT).exists():
        log = f" and delete {path.name}.wal" if path.with_name(f"{path.name}.wal").exists() else ""
        return f"Put {SNAPSHOT} of the same folder in its place{log}: it is the archive as last published."
    return (
        f"Nothing has been published that could stand in for it. Move it away, {path.name}.wal with it, and bring it "
        "back from a backup, or from an export with `dateline import`; where there is neither, the next run begins a "
        "new one."
    )


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        try:
            connection.execute("ROLLBACK")
        except duckdb.Error:
            pass  # a failed COMMIT has rolled back already; the first error is the one to tell
        raise
    connection.execute("COMMIT")


def publish(
    folder: Path, *, holder: str, wait_seconds: float = 60, mark: str | None = None, max_age_seconds: float = 0
) -> bool:
    """Replace the read-only snapshot by the warehouse as it is now; False where it stays, as nothing has changed since.

    What ``mark``, a query, answers alike of both is no change either, while the snapshot is not older than
    ``max_age_seconds``. A reader that has the old snapshot open keeps its consistent view. Raises :class:`Terminal`
    ``disk_full`` before anything is written where the copy would not fit.
    """
    with writer(folder, holder=holder, wait_seconds=wait_seconds) as connection:
        path, snapshot = folder / WAREHOUSE, folder / SNAPSHOT
        partial = folder / f".{SNAPSHOT}.partial"
        partial.unlink(missing_ok=True)  # of a publishing that was cut off
        connection.execute("CHECKPOINT")
        state = path.stat()
        if snapshot.exists():
            changed_at = snapshot.stat().st_mtime_ns
            is_young = time.time() - changed_at / 1e9 <= max_age_seconds
            if changed_at == state.st_mtime_ns or (mark and is_young and _answer_alike(mark, connection, folder)):
                return False
        if shutil.disk_usage(folder).free < state.st_size:
            raise disk_full(snapshot)
        try:
            with disk_faults(snapshot):
                _copy(path, partial)
                os.utime(partial, ns=(state.st_atime_ns, state.st_mtime_ns))
                os.replace(partial, snapshot)
        finally:
            partial.unlink(missing_ok=True)
    return True


def _answer_alike(mark: str, connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    try:
        with reader(folder) as published:
            return published.execute(mark).fetchall() == connection.execute(mark).fetchall()
    except Terminal:  # a snapshot that cannot be read is no reason to keep it
        return False


def _copy(source: Path, target: Path) -> None:
    """Copy a file; ``copy_file_range`` shares the blocks where the file system can (reflink)."""
    with open(source, "rb") as read, open(target, "wb") as write:
        left = os.fstat(read.fileno()).st_size
        try:
            while left > 0 and (copied := os.copy_file_range(read.fileno(), write.fileno(), left)):
                left -= copied
        except (AttributeError, OSError) as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            read.seek(0), write.seek(0), write.truncate()
            shutil.copyfileobj(read, write, 1 << 20)
        write.flush()
        os.fsync(write.fileno())
