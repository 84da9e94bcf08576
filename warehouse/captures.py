"""Captures: bytes as they came, in Parquet files partitioned by the day (UTC) on which they were fetched.

A file is written once and never changed. Bytes are stored once: captures of the same bytes name the same file. No
decisions here, and no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

import pyarrow.parquet as pq

from warehouse.disk import disk_faults
from warehouse.model import Capture
from warehouse.records import RecordFile

# What is compressed at a time: enough for pages of one site to help each other, and little memory.
_GROUP_ROWS = 64
_GROUP_BYTES = 8_000_000
_OPEN_DAYS = 32  # an archive's batch may span years; the files of so many days are written side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    capture_id: str
    url: str
    sha256: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class _Day:
    """The file of one day, and what is to be written to it next."""

    path: str
    file: RecordFile
    rows: list[_Body] = field(default_factory=list)
    row_bytes: int = 0

    def write(self) -> None:
        self.file.write(self.rows)
        self.rows, self.row_bytes = [], 0


class CaptureWriter:
    """Writes captures as they come, one file per day below ``folder``; no file is there before :meth:`finish`.

    ``name`` tells the files from others of their day; the same name is written over, so that a step done again leaves
    nothing behind. ``stored`` says, by digest, which file has bytes already. Its methods raise Terminal ``disk_full``
    or ``folder_not_writable``.
    """

    def __init__(self, folder: Path, name: str, stored: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._name = name
        self._paths = dict(stored or {})
        self._days: dict[str, _Day] = {}
        self._files = 0

    def __enter__(self) -> "CaptureWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def add(self, capture: Capture, body: bytes) -> Capture:
        """Write the bytes unless they are there already; the capture with its ``path``."""
        if capture.sha256 not in self._paths:
            day = self._day(capture.fetched_at.astimezone(UTC).strftime("day=%Y-%m-%d"))
            day.rows.append(_Body(capture_id=capture.capture_id, url=capture.url, sha256=capture.sha256, body=body))
            day.row_bytes += len(body)
            if len(day.rows) >= _GROUP_ROWS or day.row_bytes >= _GROUP_BYTES:
                with disk_faults(self._folder / day.path):
                    day.write()
            self._paths[capture.sha256] = day.path
        return replace(capture, path=self._paths[capture.sha256])

    def finish(self) -> None:
        """Put the files in their places."""
        for name in list(self._days):
            self._finish(self._days.pop(name))

    def discard(self) -> None:
        """Let go of the files that are not in their places."""
        while self._days:
            self._days.popitem()[1].file.discard()

    def _day(self, name: str) -> _Day:
        if name not in self._days:
            if len(self._days) == _OPEN_DAYS:
                self._finish(self._days.pop(next(iter(self._days))))
            self._files += 1
            more = f"-{self._files}" if self._files > _OPEN_DAYS else ""  # that day may have a file already
            path = f"{name}/{self._name}{more}.parquet"
            with disk_faults(self._folder / path):
                file = RecordFile(self._folder / path, _Body)
            self._days[name] = _Day(path=path, file=file)
        return self._days[name]

    def _finish(self, day: _Day) -> None:
        with disk_faults(self._folder / day.path):
            try:
                day.write()
                day.file.finish()
            finally:
                day.file.discard()


def store(
    folder: Path, name: str, captured: Iterable[tuple[Capture, bytes]], stored: Mapping[str, str] | None = None
) -> list[Capture]:
    """Write captures and their bytes as :class:`CaptureWriter` does, and return them with ``path`` filled in."""
    with CaptureWriter(folder, name, stored) as writer:
        written = [writer.add(capture, body) for capture, body in captured]
        writer.finish()
    return written


def missing(folder: Path, paths: Iterable[str]) -> set[str]:
    """Those of the files that are not there."""
    return {path for path in set(paths) if not (folder / path).is_file()}


def load(folder: Path, captures: Iterable[Capture]) -> Mapping[str, bytes]:
    """The bytes of stored captures by ``capture_id``; a capture whose file or bytes are gone is missing from it."""
    by_path: dict[str, list[Capture]] = {}
    for capture in captures:
        by_path.setdefault(capture.path, []).append(capture)
    loaded: dict[str, bytes] = {}
    for relative, wanted in by_path.items():
        if not (folder / relative).is_file():
            continue
        table = pq.read_table(
            folder / relative, columns=["sha256", "body"], filters=[("sha256", "in", {c.sha256 for c in wanted})]
        )
        bodies = dict(zip(table["sha256"].to_pylist(), table["body"].to_pylist(), strict=True))
        loaded |= {c.capture_id: bodies[c.sha256] for c in wanted if c.sha256 in bodies}
    return loaded
