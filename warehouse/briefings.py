"""The pages of briefings on disk: one file a day, kept until an article that one was made of is no more.

Each page says which articles it was made of. A file is whole at any instant. What a page looks like is not known here.
"""

import os
import re
from datetime import date
from pathlib import Path

import duckdb

from warehouse.disk import disk_faults

FOLDER = "briefings"
#: Name of the <meta> element in which a page lists its articles.
MARKER = "dateline-articles"

_NAMES = re.compile(r"\d{4}-\d{2}-\d{2}\.html")
_MADE_OF = re.compile(rf'<meta name="{MARKER}" content="([^"<>]*)">')
_GONE = """
SELECT asked FROM (SELECT DISTINCT unnest($ids::VARCHAR[]) AS asked)
ANTI JOIN (FROM articles WHERE length(text) > 0) AS a ON a.article_id = asked
"""


def path_of(data_folder: Path, day: date) -> Path:
    """Where an archive keeps the page of a day."""
    return data_folder / FOLDER / f"{day.isoformat()}.html"


def write(path: Path, page: str) -> None:
    """Put a page in its place, whole or not at all. Raises Terminal ``disk_full`` or ``folder_not_writable``."""
    partial = path.with_name(f".{path.name}.partial")
    with disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(partial, "w", encoding="utf-8") as file:
                file.write(page)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)


def forget_stale(data_folder: Path, connection: duckdb.DuckDBPyConnection) -> int:
    """Take away the pages made of an article that the archive has no more, or has without its text; returns how many.

    A page that does not say what it was made of goes, too. To be called once the rows are gone and published: a page
    that is made meanwhile either finds the new snapshot or is found here.
    """
    pages = {path: _made_of(path) for path in sorted((data_folder / FOLDER).glob("*.html")) if _is_ours(path)}
    named = sorted({article_id for made_of in pages.values() if made_of for article_id in made_of})
    gone = {row[0] for row in connection.execute(_GONE, {"ids": named}).fetchall()}
    stale = [path for path, made_of in pages.items() if made_of is None or not gone.isdisjoint(made_of)]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _is_ours(path: Path) -> bool:
    return _NAMES.fullmatch(path.name) is not None


def _made_of(path: Path) -> frozenset[str] | None:
    found = _MADE_OF.search(path.read_text(encoding="utf-8", errors="replace"))
    return frozenset(found[1].split()) if found else None
