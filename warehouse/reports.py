"""What a report of a run asks of the published snapshot, and of the record of a refine. Reads only; nothing is rendered
here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.dataset as pads

from warehouse import model
from warehouse.lookups import records_of
from warehouse.refined import Rereading


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """The particulars of one run, each a list of rows with column names in ``HEADINGS``."""

    drops: list[tuple]
    hosts: list[tuple]
    articles: list[tuple]
    changed: list[tuple]
    failing: list[tuple]
    moved: list[tuple]


HEADINGS = {
    "drops": ("reason", "entries", "for example"),
    "hosts": ("host", "requests", "slowest ms", "median ms", "MB"),
    "articles": ("source", "new", "copies", "revised", "mean confidence"),
    "changed": ("title", "what changed"),
    "failing": ("source", "state", "failed polls", "since", "last error"),
    "moved": ("source", "url in sources.toml", "asked instead"),
}

_DROPS = """
SELECT reason, count(*) AS entries, min(message) FROM drops
WHERE run_id = ? GROUP BY reason ORDER BY entries DESC, reason
"""
_HOSTS = """
SELECT host, count(*), max(fetch_ms) AS slowest, CAST(median(fetch_ms) AS BIGINT), round(sum(wire_bytes) / 1e6, 2)
FROM fetches WHERE run_id = ? GROUP BY host ORDER BY slowest DESC, host LIMIT 10
"""
_ARTICLES = """
SELECT coalesce(s.title, e.source_id), count(*) FILTER (e.outcome = 'new'), count(*) FILTER (e.outcome = 'copy'),
    count(*) FILTER (e.outcome IN ('revised', 'refined')), round(avg(a.extraction_confidence), 2)
FROM entries AS e JOIN articles AS a USING (article_id) LEFT JOIN sources AS s ON s.source_id = e.source_id
WHERE e.run_id = ? AND e.outcome IN ('new', 'copy', 'revised', 'refined') GROUP BY ALL ORDER BY 2 DESC, 1
"""
_CHANGED = """
SELECT a.display_title, coalesce(r.diff, e.message)
FROM entries AS e JOIN articles AS a USING (article_id)
LEFT JOIN revisions AS r ON r.article_id = a.article_id AND r.revision = a.revision AND e.outcome = 'revised'
WHERE e.run_id = ? AND e.outcome IN ('revised', 'refined') ORDER BY 1 LIMIT 20
"""
_FAILING = """
SELECT source_id, CASE WHEN state = 'active' THEN 'failing' ELSE state END, consecutive_failures,
    CAST(failing_since AS DATE), last_error
FROM sources
WHERE enabled AND consecutive_failures > 0
ORDER BY state = 'active', state, consecutive_failures DESC, source_id LIMIT 20
"""
_MOVED = """
SELECT source_id, url, moved_url FROM sources WHERE enabled AND moved_url IS NOT NULL ORDER BY source_id LIMIT 20
"""


_GIVEN_UP = """
SELECT source_id, state, url, last_error FROM sources
WHERE enabled AND state IN ('quarantined', 'gone') AND last_polled_at BETWEEN ? AND ?
ORDER BY source_id
"""


def given_up_sources(connection: duckdb.DuckDBPyConnection, run: model.Run) -> list[tuple[str, str, str, str]]:
    """(source_id, quarantined or gone, configured address, last error) of the sources that a run asked in vain and that
    are given up."""
    return connection.execute(_GIVEN_UP, [run.started_at, run.finished_at]).fetchall()


def run_details(connection: duckdb.DuckDBPyConnection, run_id: str) -> RunDetails:
    """What one run dropped, asked, landed and changed, and which sources are failing now."""
    return RunDetails(
        drops=connection.execute(_DROPS, [run_id]).fetchall(),
        hosts=connection.execute(_HOSTS, [run_id]).fetchall(),
        articles=connection.execute(_ARTICLES, [run_id]).fetchall(),
        changed=connection.execute(_CHANGED, [run_id]).fetchall(),
        failing=failing_sources(connection),
        moved=moved_sources(connection),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineDetails:
    """What one refine changed. Similarities are the token F1 of the old and the new text, 0 to 1 (``tasks.compare``).

    ``largest`` are the articles whose texts are least alike, ``described`` some of those whose title, byline, time or
    tags changed.
    """

    read: int
    changed: int
    fields: dict[str, int]  # of text, title, byline, published, tags: how many articles changed there
    mean_similarity: float
    mean_similarity_of_changed: float | None  # of those whose text changed; None = none
    bands: list[tuple]  # (band of similarity, articles, % of those read, words before, words after), the likest first
    extractors: list[tuple]  # (before, after, articles, changed, mean similarity, words before, words after)
    largest: list[Rereading]
    described: list[Rereading]


FIELDS = ("text", "title", "byline", "published", "tags")

_REFINED = """
SELECT count(*), count(*) FILTER (len(changed) > 0), avg(similarity),
    avg(similarity) FILTER (list_contains(changed, 'text'))
FROM refined
"""
_FIELDS = "SELECT field, count(*) FROM (SELECT unnest(changed) AS field FROM refined) GROUP BY field"
_BANDS = """
SELECT band, count(url), round(100.0 * count(url) / (SELECT count(*) FROM refined), 1),
    coalesce(CAST(sum(words_before) AS BIGINT), 0), coalesce(CAST(sum(words_after) AS BIGINT), 0)
FROM (VALUES
    ('same text', NULL, NULL), ('same words', 1, 2), ('0.98 to 1', 0.98, 1), ('0.95 to 0.98', 0.95, 0.98),
    ('0.90 to 0.95', 0.9, 0.95), ('0.75 to 0.90', 0.75, 0.9), ('0.50 to 0.75', 0.5, 0.75), ('below 0.50', 0, 0.5)
) AS b(band, least, below)
LEFT JOIN refined ON CASE WHEN list_contains(changed, 'text') THEN similarity >= least AND similarity < below
    ELSE least IS NULL END
GROUP BY band, least ORDER BY least DESC NULLS FIRST
"""
_EXTRACTORS = """
SELECT extractor_before, extractor_after, count(*), count(*) FILTER (len(changed) > 0), avg(similarity),
    CAST(sum(words_before) AS BIGINT), CAST(sum(words_after) AS BIGINT)
FROM refined GROUP BY ALL ORDER BY 3 DESC, 1, 2
"""
_LARGEST = """
SELECT * FROM refined WHERE list_contains(changed, 'text')
ORDER BY similarity, words_left + words_came DESC, url LIMIT ?
"""
_DESCRIBED = """
SELECT * FROM refined WHERE list_has_any(changed, ['title', 'byline', 'published', 'tags'])
ORDER BY len(changed) DESC, similarity, url LIMIT ?
"""


def refine_details(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], *, most: int = 10
) -> RefineDetails | None:
    """What a refine changed, from the files that it kept (``warehouse.refined``), at most ``most`` examples of each
    kind; None where it kept none, or read nothing again. Streams the files: memory does not grow with the archive."""
    if not files:
        return None
    connection.register("refined", pads.dataset([str(path) for path in files], format="parquet"))
    ((read, changed, mean, mean_of_changed),) = connection.execute(_REFINED).fetchall()
    if not read:
        return None
    fields = dict(connection.execute(_FIELDS).fetchall())
    return RefineDetails(
        read=read,
        changed=changed,
        fields={name: fields.get(name, 0) for name in FIELDS},
        mean_similarity=mean,
        mean_similarity_of_changed=mean_of_changed,
        bands=connection.execute(_BANDS).fetchall(),
        extractors=connection.execute(_EXTRACTORS).fetchall(),
        largest=records_of(connection, Rereading, _LARGEST, [most]),
        described=records_of(connection, Rereading, _DESCRIBED, [most]),
    )


def failing_sources(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """(source_id, failing, quarantined or gone, failed polls in a row, day of the first, last error) of the enabled
    sources whose last poll failed, those given up first."""
    return connection.execute(_FAILING).fetchall() if _has_states(connection) else []


def source_states(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Of each source and configured address, the state of its polling and the address asked instead, if any."""
    if not _has_states(connection):
        return {}
    rows = connection.execute("SELECT source_id, url, state, moved_url FROM sources").fetchall()
    return {(source_id, url): (state, moved_url) for source_id, url, state, moved_url in rows}


def moved_sources(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """(source_id, configured address, address asked in its place) of the sources whose address has changed for good."""
    return connection.execute(_MOVED).fetchall() if _has_states(connection) else []


def _has_states(connection: duckdb.DuckDBPyConnection) -> bool:
    """False for a snapshot that an earlier version published; the next run publishes it anew."""
    sql = "SELECT 1 FROM duckdb_columns() WHERE table_name = 'sources' AND column_name = 'state'"
    return bool(connection.execute(sql).fetchall())


def latest_runs(connection: duckdb.DuckDBPyConnection, most: int) -> list[model.Run]:
    """The newest runs, newest first."""
    return records_of(connection, model.Run, "SELECT * FROM runs ORDER BY started_at DESC LIMIT ?", [most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What an archive holds."""

    articles: int
    copies: int
    revised: int
    entities: int
    quotes: int
    sources: int
    captures: int


_TOTALS = """
SELECT (SELECT count(*) FROM articles), (SELECT count(duplicate_of) FROM articles),
    (SELECT count(*) FROM articles WHERE revision > 1), (SELECT count(*) FROM entities),
    (SELECT count(*) FROM quotes), (SELECT count(*) FROM sources WHERE enabled), (SELECT count(*) FROM captures)
"""


def totals(connection: duckdb.DuckDBPyConnection) -> Totals:
    """Count what the archive holds."""
    ((articles, copies, revised, entities, quotes, sources, captures),) = connection.execute(_TOTALS).fetchall()
    return Totals(
        articles=articles,
        copies=copies,
        revised=revised,
        entities=entities,
        quotes=quotes,
        sources=sources,
        captures=captures,
    )


_SCHEMA = """
SELECT table_name, 'table', comment FROM duckdb_tables()
UNION ALL SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal
ORDER BY 2, 1
"""
_COLUMNS = """
SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE NOT internal ORDER BY table_name, column_index
"""
_MACROS = """
SELECT function_name, parameters FROM duckdb_functions()
WHERE NOT internal AND function_type IN ('table_macro', 'macro') ORDER BY function_name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaTable:
    """A table or view with its comment and its columns (name, type, comment)."""

    name: str
    kind: str
    comment: str | None
    columns: tuple[tuple[str, str, str | None], ...]


def schema(connection: duckdb.DuckDBPyConnection) -> list[SchemaTable]:
    """Tables, then views, as the file itself describes them."""
    columns: dict[str, list[tuple[str, str, str | None]]] = {}
    for table, *column in connection.execute(_COLUMNS).fetchall():
        columns.setdefault(table, []).append(tuple(column))
    return [
        SchemaTable(name=name, kind=kind, comment=comment, columns=tuple(columns.get(name, ())))
        for name, kind, comment in connection.execute(_SCHEMA).fetchall()
    ]


def macros(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    """Names and parameters of the macros."""
    return connection.execute(_MACROS).fetchall()
