"""A step's journal: what has come is appended record by record, so that ``kill -9`` at any instant loses none of it.

A file of our own, read back only by the step that wrote it; what outlives the step is Parquet. Whole records in order,
then perhaps a torn one, which is cut off. No decisions here, and no SQL.
"""

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from warehouse.disk import disk_faults

Record = TypeVar("Record")

_HEAD = struct.Struct("<4sIQ")  # mark, bytes of the record as JSON, bytes of the body and one; 0 = it has no body
_MARK = b"dlj1"


class Journal(Generic[Record]):
    """Records of one class, each with bytes or without, in the file ``path``.

    Opening it reads back what an earlier process left: ``records`` are those that are whole and pass ``is_whole``, in
    order, and whatever follows is cut off. Raises Terminal ``disk_full`` or ``folder_not_writable``.
    """

    def __init__(self, path: Path, record: type[Record], is_whole: Callable[[Record, bytes | None], bool]) -> None:
        self.records: list[Record] = []
        self._path = path
        self._codec = TypeAdapter(record)
        self._places: list[tuple[int, int]] = []  # where each body begins, and how many bytes it has; -1 = it has none
        with disk_faults(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(path, "a+b")
            self._end = 0
            self._read_back(is_whole)
            self._file.truncate(self._end)

    def __enter__(self) -> "Journal[Record]":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, record: Record, body: bytes | None) -> None:
        """Add a record. It is safe from the death of the process when this returns."""
        told = self._codec.dump_json(record)
        with disk_faults(self._path):
            self._file.write(_HEAD.pack(_MARK, len(told), 0 if body is None else len(body) + 1) + told)
            self._file.write(body or b"")
            self._file.flush()
        self._note(record, len(told), -1 if body is None else len(body))

    def bodies(self) -> Iterator[tuple[Record, bytes]]:
        """The records that have bytes, with them, in order; one at a time in memory."""
        for record, (place, size) in zip(self.records, self._places, strict=True):
            if size >= 0:
                self._file.seek(place)
                yield record, self._file.read(size)

    def remove(self) -> None:
        """Forget it, once what it holds has been written elsewhere."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _read_back(self, is_whole: Callable[[Record, bytes | None], bool]) -> None:
        there = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        while self._end + _HEAD.size <= there:
            mark, told_bytes, size = _HEAD.unpack(self._file.read(_HEAD.size))
            if mark != _MARK or self._end + _HEAD.size + told_bytes + max(size - 1, 0) > there:
                break
            told = self._file.read(told_bytes)
            body = self._file.read(size - 1) if size else None
            try:
                record = self._codec.validate_json(told)
            except ValidationError:
                break
            if not is_whole(record, body):
                break
            self._note(record, told_bytes, size - 1)

    def _note(self, record: Record, told_bytes: int, size: int) -> None:
        self.records.append(record)
        self._places.append((self._end + _HEAD.size + told_bytes, size))
        self._end += _HEAD.size + told_bytes + max(size, 0)
