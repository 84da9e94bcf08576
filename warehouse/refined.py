"""What a refine made of each article: the reading before and the reading after, one row each, beside the warehouse.

Kept as ``refined/<run>/<batch>.parquet`` in the archive's folder and not in the stage, which is gone once the run is
closed: the report is made after that, and asked for again later. Not a table either: no article hangs on it. Nothing is
compared, judged or rendered here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.disk import disk_faults
from warehouse.lookups import records_of
from warehouse.records import write_records

FOLDER = "refined"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldReading:
    """What the archive holds of an article beside its title and text, before it is read again."""

    article_id: str
    authors: tuple[str, ...]
    published_at: datetime | None
    tags: tuple[str, ...]
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """One article that was read again, whether or not it reads differently."""

    article_id: str
    url: str  # canonical
    changed: tuple[str, ...]  # of text, title, byline, published, tags: what reads differently; empty = nothing
    extractor_before: str
    extractor_after: str
    title_before: str | None
    title_after: str | None
    authors_before: tuple[str, ...]
    authors_after: tuple[str, ...]
    published_before: datetime | None
    published_after: datetime | None
    tags_before: tuple[str, ...]
    tags_after: tuple[str, ...]
    words_before: int
    words_after: int
    words_left: int
    words_came: int
    similarity: float  # token F1 of the two texts, 0 to 1; 1 = the same words
    left: tuple[str, ...]  # the first paragraphs that are not in the new text, shortened
    came: tuple[str, ...]  # the first paragraphs that were not in the old text, shortened


def old_readings(connection: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, OldReading]:
    """What the archive holds of the articles among ``article_ids``, by id; no text is read."""
    connection.register("asked", pa.table({"value": pa.array(sorted(set(article_ids)), pa.string())}))
    found = records_of(
        connection,
        OldReading,
        """
        SELECT article_id, authors, published_at, tags, extractor
        FROM articles SEMI JOIN asked ON articles.article_id = asked.value
        """,
    )
    return {reading.article_id: reading for reading in found}


def write(data_folder: Path, run_id: str, batch: int, rows: Iterable[Rereading]) -> None:
    """Keep the rereadings of one batch, whole or not at all; written once more, they replace themselves.

    Raises Terminal ``disk_full`` or ``folder_not_writable``.
    """
    path = data_folder / FOLDER / run_id / f"{batch:05d}.parquet"
    with disk_faults(path):
        write_records(path, Rereading, rows)


def files(data_folder: Path, run_id: str) -> list[Path]:
    """The files of one run, by batch; none where nothing was kept of it."""
    return sorted((data_folder / FOLDER / run_id).glob("*.parquet"))
