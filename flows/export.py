"""Stored captures → one web archive that other tools can read. Sends no request and changes nothing in the archive."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from flows.settings import Settings
from flows.web import VERSION
from tasks.errors import Terminal
from tasks.warc import ArchivedCapture, capture_record, info_record, revisit_record
from warehouse import captures, lookups, model
from warehouse.disk import disk_faults
from warehouse.known import KeptCapture
from warehouse.store import reader

SUFFIX = ".warc.gz"
_PIECE_BYTES = 32_000_000  # of bodies that are in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote: records, how many of these are revisits, and captures whose bytes are gone."""

    records: int
    revisits: int
    missing: int


def export_captures(
    settings: Settings, out: Path, *, since: date | None, until: date | None, source_ids: Sequence[str]
) -> Exported:
    """Write the published captures of some days of fetching (UTC, both included) and sources as WARC 1.1, each record
    compressed by itself, in the order of time.

    ``out`` either is not there or is whole. Raises Terminal ``export_name`` where it does not end in ``.warc.gz``,
    ``snapshot_missing``, ``disk_full`` or ``folder_not_writable``.
    """
    if not out.name.endswith(SUFFIX):
        raise Terminal("export_name", f"{out} does not end in {SUFFIX}, by which other tools know a web archive.")
    start = datetime.combine(since or date(1970, 1, 1), time(), UTC)
    end = datetime.combine(until, time(), UTC) + timedelta(days=1) if until else datetime.now(UTC)
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    with reader(settings.data_folder) as connection, disk_faults(out):
        try:
            with open(partial, "wb") as file:
                file.write(info_record(software=f"Dateline/{VERSION}", written_at=datetime.now(UTC)))
                kept = lookups.kept_captures(connection, since=start, until=end, source_ids=source_ids)
                exported = _write(file, kept, settings.captures)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, out)
        finally:
            partial.unlink(missing_ok=True)
    return exported


def _write(file: BinaryIO, kept: Iterable[KeptCapture], folder: Path) -> Exported:
    counts: Counter[str] = Counter()
    lost: set[str] = set()  # digests of bytes that are gone
    for piece in _pieces(kept):
        bodies = captures.load(folder, [item.capture for item in piece if _is_first(item)])
        for item in piece:
            told, body = _told(item.capture), bodies.get(item.capture.capture_id)
            if item.capture.sha256 in lost or (_is_first(item) and body is None):
                lost.add(item.capture.sha256)
                counts["missing"] += 1
                continue
            record = capture_record(told, body) if _is_first(item) else revisit_record(told, _told(item.original))
            file.write(record)
            counts["records"] += 1
            counts["revisits"] += not _is_first(item)
    return Exported(records=counts["records"], revisits=counts["revisits"], missing=counts["missing"])


def _is_first(item: KeptCapture) -> bool:
    return item.capture.capture_id == item.original.capture_id


def _pieces(kept: Iterable[KeptCapture]) -> Iterator[list[KeptCapture]]:
    piece: list[KeptCapture] = []
    size_bytes = 0
    for item in kept:
        piece.append(item)
        size_bytes += item.capture.size_bytes
        if size_bytes >= _PIECE_BYTES:
            yield piece
            piece, size_bytes = [], 0
    if piece:
        yield piece


def _told(capture: model.Capture) -> ArchivedCapture:
    return ArchivedCapture(
        capture_id=capture.capture_id,
        url=capture.final_url,
        fetched_at=capture.fetched_at,
        status=capture.status,
        content_type=capture.content_type,
        sha256=capture.sha256,
        size_bytes=capture.size_bytes,
        is_feed_text=capture.kind == "fragment",
    )
