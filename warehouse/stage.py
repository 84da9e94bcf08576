"""The stage: what a run has worked out and not landed yet, one folder per run, one Parquet file per batch and step.

A file either is not there or is whole; a step whose file is there is not done again. So a run that was cut off is
finished by going through the same steps once more. No SQL and no decisions here.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse import model
from warehouse.records import read_records, write_records
from warehouse.store import disk_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedEntry:
    """One entry of a source as discovered. ``batch`` 0 = dropped at discovery, or known and only listed again."""

    entry_id: int
    batch: int
    source_id: str
    kind: str  # page, text, or source where it stands for a source that failed
    url: str
    canonical_url: str
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None
    digest: str
    seen_at: datetime
    failures: int = 0  # transient failures so far
    article_id: str | None = None  # the article that it led to before
    capture_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    message: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedSummary:
    """What a run has done before its first batch: one record per run."""

    run_id: str
    flow: str
    started_at: datetime
    version: str
    sources_polled: int
    sources_unchanged: int
    entries_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCapture:
    """What fetching an entry gave: a stored capture, or a reason."""

    entry_id: int
    capture: model.Capture | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    message: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedArticle:
    """What reading an entry gave: an article, or a reason."""

    entry_id: int
    capture: model.Capture | None = None  # what the article was read from
    declared_url: str | None = None
    title: str | None = None
    display_title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    text: str | None = None
    text_origin: str | None = None
    word_count: int | None = None
    extraction_confidence: float | None = None
    extractor: str | None = None
    reason: str | None = None
    message: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedLikeness:
    """How an article stands to those that the archive has."""

    entry_id: int
    outcome: str | None = None  # new, copy, revised, refined; None = dropped
    article_id: str | None = None
    canonical_url: str | None = None
    urls: tuple[str, ...] = ()
    text_digest: str | None = None
    first_seen_at: datetime | None = None
    source_id: str | None = None
    revision: int | None = None
    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    sketch: tuple[int, ...] = ()
    words_added: int | None = None
    words_removed: int | None = None
    diff: str | None = None
    reason: str | None = None
    message: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFacts:
    """What an article says, fact by fact."""

    entry_id: int
    enricher: str | None = None
    language: str | None = None
    language_confidence: float | None = None
    summary: str | None = None
    entities: tuple[model.Entity, ...] = ()
    aliases: tuple[model.EntityAlias, ...] = ()
    mentions: tuple[model.Mention, ...] = ()
    dates: tuple[model.DateMention, ...] = ()
    amounts: tuple[model.Amount, ...] = ()
    quotes: tuple[model.Quote, ...] = ()
    keywords: tuple[model.Keyword, ...] = ()
    reason: str | None = None
    message: str | None = None
    transient: bool = False


RECORDS: dict[str, type] = {
    "summary": StagedSummary,
    "sources": model.Source,
    "entries": StagedEntry,
    "fetches": model.Fetch,
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
        return [entry for entry in self.read("entries", 0) if entry.batch == batch]

    def batches(self) -> list[int]:
        """The numbers of the batches that the run is cut into, in order."""
        return sorted({entry.batch for entry in self.read("entries", 0)} - {0})

    def discovered(self) -> bool:
        """True once discovery is complete: the summary is its last file."""
        return self.has("summary", 0)

    def remove(self) -> None:
        """Forget the run's stage once all of it has landed."""
        shutil.rmtree(self.folder, ignore_errors=True)


def unfinished(stages: Path) -> list[Stage]:
    """The stage folders of runs that have not been closed, oldest first."""
    if not stages.is_dir():
        return []
    return [Stage(folder) for folder in sorted(stages.iterdir()) if folder.is_dir()]
