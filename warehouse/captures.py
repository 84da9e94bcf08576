"""Captures: bytes as they came, in Parquet files partitioned by the day (UTC) on which they were fetched.

A file is written once and never changed. No decisions here, and no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import pyarrow.parquet as pq

from warehouse.disk import disk_faults
from warehouse.model import Capture
from warehouse.records import write_records


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    capture_id: str
    url: str
    sha256: str
    body: bytes


def store(folder: Path, name: str, captured: Iterable[tuple[Capture, bytes]]) -> list[Capture]:
    """Write captures and their bytes below ``folder``, one file per day, and return them with ``path`` filled in.

    ``name`` tells the file from others of that day; the same name is written over, so that a step done again leaves
    nothing behind. Bytes with the same digest are stored once. Raises Terminal ``disk_full``.
    """
    by_day: dict[str, list[tuple[Capture, bytes]]] = {}
    for capture, body in captured:
        by_day.setdefault(capture.fetched_at.astimezone(UTC).strftime("day=%Y-%m-%d"), []).append((capture, body))
    stored = []
    for day, items in by_day.items():
        path = folder / day / f"{name}.parquet"
        bodies = {
            body.sha256: body
            for capture, data in items
            for body in [_Body(capture_id=capture.capture_id, url=capture.url, sha256=capture.sha256, body=data)]
        }
        with disk_faults(path):
            write_records(path, _Body, bodies.values())
        stored += [replace(capture, path=f"{day}/{name}.parquet") for capture, _ in items]
    return stored


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
