"""Forgetting on disk: the files of captures, of unfinished and set-aside runs and of refines, without what is to go.

Each file is written anew beside itself and then replaced, so it is whole at any instant; done again, nothing more
happens. Whoever calls holds the archive. No SQL, and no decision about what goes.
"""

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.digests import ERASED, address_digest
from warehouse.disk import disk_faults
from warehouse.refined import FOLDER as REFINED
from warehouse.stage import Stage, unfinished
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry

#: How a run is named: by the time at which it began.
RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]+")
#: What reading a file raises that is damaged, or of another version.
UNREADABLE = (pa.ArrowException, ValueError, TypeError, KeyError, FileNotFoundError)
TOLD = "This was erased on request; the tombstone of its address says why."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """What is to go: articles by id, and what led to them by address or, in its ``canonical`` form, by its digest."""

    article_ids: Collection[str]
    addresses: Collection[str]
    digests: Collection[str]
    canonical: Callable[[str], str]

    def has(self, url: str) -> bool:
        """True for an address of what is to go, or for what stands in its place already."""
        return url in self.addresses or address_digest(self.canonical(url)) in self.digests


def forget_bytes(folder: Path, gone: Mapping[str, Collection[str]]) -> int:
    """Take bytes out of files of captures (``gone``: digests by file); a file that has no others is taken away.

    Returns the number of bodies that were taken out. Raises Terminal ``disk_full`` or ``folder_not_writable``.
    """
    return sum(
        _rewrite(folder / path, lambda table, digests=digests: _without(table, "sha256", digests))
        for path, digests in gone.items()
    )


def forget_orphans(
    folder: Path, named: Collection[str], doomed: Doomed, digests: Collection[str], kept: Collection[tuple[str, str]]
) -> int:
    """The same for files that no row names, as those of a run that has not landed: by digest or address, but for the
    ``kept`` pairs of file and digest."""
    count = 0
    for path in sorted(folder.glob("*/*.parquet")):
        name = str(path.relative_to(folder))
        if name in named:
            continue
        told = pq.read_table(path, columns=["url", "sha256"])
        pairs = zip(told["url"].to_pylist(), told["sha256"].to_pylist(), strict=True)
        gone = {d for url, d in pairs if (d in digests or doomed.has(url)) and (name, d) not in kept}
        if gone:
            count += _rewrite(path, lambda table, gone=gone: _without(table, "sha256", gone))
    return count


def forget_refined(data_folder: Path, article_ids: Collection[str]) -> int:
    """Take what refines kept of these articles out of their files."""
    files = sorted((data_folder / REFINED).glob("*/*.parquet"))
    return sum(_rewrite(path, lambda table: _without(table, "article_id", article_ids)) for path in files)


def _without(table: pa.Table, column: str, values: Collection[str]) -> pa.Table:
    if not values:
        return table
    return table.filter(pc.invert(pc.is_in(table[column], value_set=pa.array(sorted(values), pa.string()))))


def _rewrite(path: Path, keep: Callable[[pa.Table], pa.Table]) -> int:
    """Write a Parquet file anew with the rows that ``keep`` leaves of each row group; returns how many went."""
    if not path.is_file():
        return 0
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    before = after = 0
    with disk_faults(path):
        try:
            with pq.ParquetFile(path) as old, open(partial, "wb") as file:
                with pq.ParquetWriter(
                    file, old.schema_arrow, compression="zstd", use_dictionary=False, write_statistics=False
                ) as new:
                    for number in range(old.num_row_groups):
                        table = old.read_row_group(number)
                        left = keep(table)
                        before, after = before + table.num_rows, after + left.num_rows
                        if left.num_rows:
                            new.write_table(left)
                file.flush()
                os.fsync(file.fileno())
            if not after:
                path.unlink()
            elif after < before:
                os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    return before - after


def sweep_partials(data_folder: Path) -> int:
    """Take away what a killed process was writing: nothing reads it, and it may hold anything. Returns how many."""
    paths = list(data_folder.glob("**/.*.partial"))
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def sweep_captures(folder: Path, named: Collection[str], run_ids: Collection[str]) -> int:
    """Take away the files of captures that are neither ``named`` nor of one of these runs, whose stages are there
    still: of a run that was cut off before its stage said what it had stored. Returns how many."""
    own = tuple(f"{run_id}-" for run_id in run_ids)
    gone = 0
    for path in sorted(folder.glob("*/*.parquet")):
        if str(path.relative_to(folder)) not in named and not path.name.startswith(own):
            path.unlink()
            gone += 1
    _sweep_empty(folder)
    return gone


def sweep_refined(data_folder: Path, before: datetime) -> int:
    """Take away the records of refines begun before a time; returns of how many."""
    folder = data_folder / REFINED
    gone = 0
    for run in sorted(folder.glob("*")) if folder.is_dir() else []:
        if run.is_dir() and RUN_ID.fullmatch(run.name) and run.name < f"{before.astimezone(UTC):%Y%m%dT%H%M%SZ}":
            shutil.rmtree(run)
            gone += 1
    _sweep_empty(folder)
    return gone


def _sweep_empty(folder: Path) -> None:
    for path in folder.glob("*"):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is to go of a stage: its entries by number, and captures as (file, digest), beside those that it keeps."""

    stage: Stage
    entry_ids: Collection[int]
    gone: Collection[tuple[str, str]]
    kept: Collection[tuple[str, str]]


def find_in_stages(folders: Iterable[Path], doomed: Doomed) -> tuple[list[Found], list[Path]]:
    """What is to go of the stages of runs that were cut off or set aside, and the stages that went at once.

    The journal of a batch half fetched goes as a whole (its pages are fetched again), and so do a stage that was not
    discovered to its end (its sources are asked anew in any case) and one that cannot be read: nobody can tell what it
    holds. The last are returned.
    """
    found: list[Found] = []
    removed: list[Path] = []
    for stage in (stage for folder in folders for stage in unfinished(folder)):
        for journal in stage.folder.glob("*/*.journal"):
            journal.unlink()
        if not stage.discovered():
            shutil.rmtree(stage.folder)
            continue
        try:
            found.append(_find(stage, doomed))
        except UNREADABLE:
            removed.append(stage.folder)
            shutil.rmtree(stage.folder)
    return found, removed


def forget_stages(found: Iterable[Found], doomed: Doomed) -> None:
    """Take it out, once its bytes are gone. The entries stay, as drops without contents, so that the account balances
    when the run is finished."""
    for each in found:
        _forget_steps(each.stage, each.entry_ids, doomed)
        if each.entry_ids:  # last, since by it the others are found
            fetched = set(_steps(each.stage, "fetch"))
            entries = each.stage.read("entries", 0)
            entries = [_blank(e, fetched) if e.entry_id in each.entry_ids else e for e in entries]
            each.stage.write("entries", 0, entries)


def named_by_stages(folder: Path) -> set[tuple[str, str]]:
    """The (file, digest) pairs of captures that runs which have not landed name, of ``folder``'s stages. A stage that
    cannot be read names none: no run takes it up again."""
    named: set[tuple[str, str]] = set()
    for stage in unfinished(folder):
        try:
            named |= _named(stage)
        except UNREADABLE:
            continue
    return named


def _steps(stage: Stage, step: str) -> list[int]:
    return sorted(int(path.stem) for path in (stage.folder / step).glob("*.parquet"))


def _find(stage: Stage, doomed: Doomed) -> Found:
    ids = {
        entry.entry_id
        for entry in stage.read("entries", 0)
        if doomed.has(entry.canonical_url) or doomed.has(entry.url) or entry.article_id in doomed.article_ids
    }
    likenesses = [row for batch in _steps(stage, "resemble") for row in stage.read("resemble", batch)]
    ids |= {
        row.entry_id
        for row in likenesses
        if row.article_id in doomed.article_ids or (row.canonical_url and doomed.has(row.canonical_url))
    }
    fetched = [row for batch in _steps(stage, "fetch") for row in stage.read("fetch", batch) if row.capture]
    ids |= {row.entry_id for row in fetched if doomed.has(row.capture.final_url)}
    gone = {(row.capture.path, row.capture.sha256) for row in fetched if row.entry_id in ids}
    kept = {(row.capture.path, row.capture.sha256) for row in fetched if row.entry_id not in ids}
    for capture in (c for batch in _steps(stage, "captures") for c in stage.read("captures", batch)):
        (gone if doomed.has(capture.url) else kept).add((capture.path, capture.sha256))
    return Found(stage=stage, entry_ids=ids, gone=gone - kept, kept=kept)


def _forget_steps(stage: Stage, ids: Collection[int], doomed: Doomed) -> None:
    told = {"reason": "erased", "message": TOLD}
    for step, row_of in (("fetch", StagedCapture), ("clean", StagedArticle)):
        for batch in _steps(stage, step):
            rows = stage.read(step, batch)
            if any(row.entry_id in ids for row in rows):
                blank = [row_of(entry_id=row.entry_id, **told) if row.entry_id in ids else row for row in rows]
                stage.write(step, batch, blank)
    for step in ("resemble", "enrich"):
        for batch in _steps(stage, step):
            rows = stage.read(step, batch)
            left = [_orphaned(row, doomed) for row in rows if row.entry_id not in ids]
            if left != rows:
                stage.write(step, batch, left)
    for batch in _steps(stage, "fetches"):
        rows = stage.read("fetches", batch)
        left = [replace(r, url=f"{ERASED}{address_digest(r.url)}") if doomed.has(r.url) else r for r in rows]
        if left != rows:
            stage.write("fetches", batch, left)
    for batch in _steps(stage, "captures"):
        rows = stage.read("captures", batch)
        left = [row for row in rows if not doomed.has(row.url)]
        if left != rows:
            stage.write("captures", batch, left)


def _orphaned(row: object, doomed: Doomed) -> object:
    """A likeness without the original that goes; other rows as they are."""
    if getattr(row, "duplicate_of", None) not in doomed.article_ids:
        return row
    return replace(row, duplicate_of=None, duplicate_kind=None, outcome="new" if row.outcome == "copy" else row.outcome)


def _blank(entry: StagedEntry, fetched: Collection[int]) -> StagedEntry:
    """The entry without its contents; a drop of discovery where its batch has not been fetched yet."""
    address = f"{ERASED}{address_digest(entry.canonical_url)}"
    is_drop = entry.batch == 0 or entry.batch not in fetched
    return StagedEntry(
        entry_id=entry.entry_id,
        batch=0 if is_drop else entry.batch,
        source_id=entry.source_id,
        kind=entry.kind,
        url=address,
        canonical_url=address,
        digest="erased",
        seen_at=entry.seen_at,
        reason=(entry.reason or "erased") if is_drop else None,
        message=TOLD if is_drop else None,
    )


def _named(stage: Stage) -> set[tuple[str, str]]:
    """The (file, digest) pairs of the captures that a stage names."""
    named = [row.capture for batch in _steps(stage, "fetch") for row in stage.read("fetch", batch) if row.capture]
    named += [capture for batch in _steps(stage, "captures") for capture in stage.read("captures", batch)]
    return {(capture.path, capture.sha256) for capture in named}
