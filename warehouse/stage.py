"""The stage: what a run has worked out and not landed yet, one folder per run, one Parquet file per batch and step.

A file either is not there or is whole; a step whose file is there is not done again. So a run that was cut off is
finished by going through the same steps once more. No SQL and no decisions here.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from warehouse import model
from warehouse.disk import disk_faults
from warehouse.records import read_records, write_records
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry, StagedFacts, StagedLikeness, StagedSummary

GONE = ".gone-"

RECORDS: dict[str, type] = {
    "summary": StagedSummary,
    "sources": model.Source,
    "sitemap_children": model.SitemapChild,
    "entries": StagedEntry,
    "fetches": model.Fetch,
    "captures": model.Capture,
    "fetch": StagedCapture,
    "clean": StagedArticle,
    "resemble": StagedLikeness,
    "enrich": StagedFacts,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage folder of one run; a small value that travels between tasks in its place."""

    folder: Path

    @property
    def run_id(self) -> str:
        return self.folder.name

    def path(self, step: str, batch: int) -> Path:
        """Where a step's records of a batch are; batch 0 is what was done before the first batch."""
        return self.folder / step / f"{batch:05d}.parquet"

    def has(self, step: str, batch: int) -> bool:
        """True where the step's file is there, and so is whole."""
        return self.path(step, batch).exists()

    def write(self, step: str, batch: int, rows: Iterable[object]) -> None:
        """Write a step's records of a batch; raises Terminal ``disk_full`` or ``folder_not_writable``."""
        path = self.path(step, batch)
        with disk_faults(path):
            write_records(path, RECORDS[step], rows)

    def read(self, step: str, batch: int) -> list:
        """The step's records of a batch, as written."""
        return read_records(self.path(step, batch), RECORDS[step])

    def entries(self, batch: int) -> list[StagedEntry]:
        """The entries of one batch."""
        return read_records(self.path("entries", 0), StagedEntry, filters=[("batch", "=", batch)])

    def batches(self) -> list[int]:
        """The numbers of the batches that the run is cut into, in order."""
        numbers = pq.read_table(self.path("entries", 0), columns=["batch"])["batch"]
        return sorted(set(numbers.to_pylist()) - {0})

    def stored(self, batch: int) -> dict[str, str]:
        """By digest, the file that has the bytes of a batch that has been fetched."""
        table = pq.read_table(self.path("fetch", batch), columns=["capture.sha256", "capture.path"])
        told = zip(table["sha256"].to_pylist(), table["path"].to_pylist(), strict=True)
        return {digest: path for digest, path in told if digest is not None}

    def discovered(self) -> bool:
        """True once discovery is complete: the summary is its last file."""
        return self.has("summary", 0)

    def remove(self) -> None:
        """Forget the run's stage once all of it has landed: in one instant, so that no half of it is ever taken up."""
        gone = self.folder.with_name(f"{GONE}{self.folder.name}")
        if self.folder.exists():
            self.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def quarantine(self, folder: Path) -> Path:
        """Set aside a stage that cannot be finished, for a person to look at; returns where it is now."""
        folder.mkdir(parents=True, exist_ok=True)
        return self.folder.rename(folder / self.folder.name)


def unfinished(stages: Path) -> list[Stage]:
    """The stage folders of runs that have not been closed, oldest first."""
    if not stages.is_dir():
        return []
    return [
        Stage(folder) for folder in sorted(stages.iterdir()) if folder.is_dir() and not folder.name.startswith(GONE)
    ]


def sweep(stages: Path) -> None:
    """Take away what a removal that was cut off has left."""
    for folder in stages.glob(f"{GONE}*"):
        shutil.rmtree(folder, ignore_errors=True)
