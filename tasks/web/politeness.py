"""Politeness: whose turn it is at a host, how long to wait before the next request, and what is remembered of a host.

No request is sent here. The gate knows time only; the store knows small JSON files only.
"""

import asyncio
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

_FILE_VERSION = 1
_FILE_BYTES = 4_000_000  # 500 KiB of robots.txt escaped for JSON stay below this; a larger file is not ours


class HostGate:
    """Lets at most ``slots`` requests to a host run together, and keeps ``gap_seconds`` between them.

    The gap counts from the moment a request was sent and again from the moment it was answered, so that the server
    sees no shorter one however long a connection took to make.
    """

    def __init__(self, *, slots: int, gap_seconds: float, quiet_seconds: float) -> None:
        """``quiet_seconds`` is how long ago the host was last asked, by this or by an earlier run."""
        self.gap_seconds = gap_seconds
        self._slots = asyncio.Semaphore(slots)
        self._order = asyncio.Lock()
        self._touched = time.monotonic() - quiet_seconds
        self._held_until = 0.0
        self._touched_at = 0.0

    @asynccontextmanager
    async def turn(self, everyone: asyncio.Semaphore) -> AsyncIterator[None]:
        """Waits for the host's turn and then for a place among ``everyone``; holds both for one exchange."""
        async with self._slots:
            await self._order.acquire()
            try:
                await self._wait()
                await everyone.acquire()
                self.touch()
            finally:
                self._order.release()
            try:
                yield
            finally:
                everyone.release()

    async def _wait(self) -> None:
        while (seconds := max(self._touched + self.gap_seconds, self._held_until) - time.monotonic()) > 0:
            await asyncio.sleep(seconds)

    def touch(self) -> None:
        """The host is being asked or has just answered."""
        self._touched, self._touched_at = time.monotonic(), time.time()

    def hold(self, seconds: float) -> None:
        """Nobody asks this host for the next ``seconds``."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    def last_touched_at(self) -> float:
        """When the host was last asked through this gate, as seconds since the epoch; 0 where it never was."""
        return self._touched_at


def backoff_seconds(attempt: int, *, base_seconds: float, cap_seconds: float) -> float:
    """How long to wait after try number ``attempt`` (from 1): exponential with full jitter.

    M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    return random.uniform(0, min(cap_seconds, base_seconds * 2 ** min(attempt - 1, 30)))


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Retry-After in seconds from ``now`` (aware): delay-seconds or an HTTP-date (RFC 9110 section 10.2.3).

    None where it is absent or not understood, 0 where the date has passed.
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit() and len(value) <= 10:
        return float(value)
    try:
        moment = parsedate_to_datetime(value[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """What is remembered of a host between runs. The times are seconds since the epoch.

    ``robots_status`` is the HTTP status that ``robots_text`` came with; None while robots.txt was never had.
    """

    host: str
    robots_status: int | None = None
    robots_text: str = ""
    robots_fetched_at: float = 0.0
    last_request_at: float = 0.0


class HostStore:
    """Keeps a :class:`HostRecord` per host in a folder, or nothing where the folder is None.

    Files are replaced atomically, so a reader or a second run never sees half of one. A file that is damaged, not
    ours or of another host counts as absent and is written anew.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.faults: list[OSError] = []  # a record that could not be kept costs politeness, never a fetched page

    def load(self, host: str) -> HostRecord:
        empty = HostRecord(host=host)
        if self._folder is None:
            return empty
        path = self._path(host)
        try:
            if path.stat().st_size > _FILE_BYTES:
                return empty
            stored = json.loads(path.read_bytes())
        except FileNotFoundError:
            return empty
        except OSError as error:
            self.faults.append(error)
            return empty
        except (ValueError, RecursionError):
            return empty
        return _record(stored, host) or empty

    def save(self, record: HostRecord) -> None:
        if self._folder is None:
            return
        path = self._path(record.host)
        text = json.dumps({"version": _FILE_VERSION, **asdict(record)})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".host-", suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="ascii") as file:
                    file.write(text)
                os.replace(name, path)
            except OSError:
                os.unlink(name)
                raise
        except OSError as error:
            self.faults.append(error)

    def _path(self, host: str) -> Path:
        return self._folder / (hashlib.sha256(host.encode()).hexdigest() + ".json")


def _record(stored: object, host: str) -> HostRecord | None:
    """The record in a stored JSON value, or None where it is not one of this version and host."""
    if not isinstance(stored, dict) or stored.pop("version", None) != _FILE_VERSION or stored.get("host") != host:
        return None
    try:
        record = HostRecord(**stored)
    except TypeError:
        return None
    now = time.time()
    numbers = (record.robots_fetched_at, record.last_request_at)
    # A time from the future comes of a clock set back; it must not hold a host for days.
    if not all(type(number) in (int, float) and 0 <= number <= now + 1 for number in numbers):
        return None
    if type(record.robots_status) not in (int, type(None)) or not isinstance(record.robots_text, str):
        return None
    return replace(record, robots_fetched_at=float(numbers[0]), last_request_at=float(numbers[1]))
