"""The only ``duckdb.connect``: the writer's lock, the reader's snapshot, and the publishing of one from the other.

A DuckDB file is locked by whoever has it open for writing, readers included. So the writer opens it, does one short
thing and closes, and readers only ever open the snapshot. No table is named here.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
def _duckdb_faults(path: Path) -> Iterator[None]:
    try:
        with disk_faults(path):
            yield
    except duckdb.Error as error:
        if _is_full(str(error)):
            raise disk_full(path) from error
        raise


def _is_full(told: str) -> bool:
    return "No space left" in told or "File too large" in told


@contextmanager
def writer(folder: Path, *, holder: str, wait_seconds: float = 60) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of an archive folder, open for writing, migrated, in UTC; made where it is not there yet.

    Raises :class:`Transient` ``warehouse_busy`` when another holds it for longer than ``wait_seconds``, and
    :class:`Terminal` for a file that is not ours, a full disk or a folder that cannot be written to.
    """
    path = folder / WAREHOUSE
    with lock(
        folder / "warehouse.lock",
        holder=holder,
        wait_seconds=wait_seconds,
        reason="warehouse_busy",
        what=f"The warehouse {path}",
    ):
        with _duckdb_faults(path):
            if not path.exists():
                _make(path)
            connection = _connect(path, read_only=False)
        try:
            with _duckdb_faults(path):
                migrate(connection, name=str(path))
                yield connection
        finally:
            connection.close()


def _make(path: Path) -> None:
    """Make a new warehouse under another name first, so that ``path`` is never half of one."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    new.with_name(f"{new.name}.wal").unlink(missing_ok=True)
    connection = _connect(new, read_only=False)
    try:
        migrate(connection, name=str(path))
    finally:
        connection.close()
    os.replace(new, path)


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
    remedy = f"Put {SNAPSHOT} of the same folder in its place: it is the archive as last published."
    if path.name == SNAPSHOT:
        remedy = "Delete it; the next run publishes it anew."
    return Terminal("warehouse_damaged", f"{path} cannot be opened ({told.splitlines()[0]}). {remedy}")


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


def publish(folder: Path, *, holder: str, wait_seconds: float = 60) -> bool:
    """Replace the read-only snapshot by the warehouse as it is now; False where nothing had changed since the last.

    A reader that has the old snapshot open keeps its consistent view. Raises :class:`Terminal` ``disk_full`` before
    anything is written where the copy would not fit.
    """
    with writer(folder, holder=holder, wait_seconds=wait_seconds) as connection:
        connection.execute("CHECKPOINT")
        path, snapshot = folder / WAREHOUSE, folder / SNAPSHOT
        state = path.stat()
        if snapshot.exists() and snapshot.stat().st_mtime_ns == state.st_mtime_ns:
            return False
        if shutil.disk_usage(folder).free < state.st_size:
            raise disk_full(snapshot)
        partial = folder / f".{SNAPSHOT}.partial"
        try:
            with disk_faults(snapshot):
                _copy(path, partial)
                os.utime(partial, ns=(state.st_atime_ns, state.st_mtime_ns))
                os.replace(partial, snapshot)
        finally:
            partial.unlink(missing_ok=True)
    return True


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
