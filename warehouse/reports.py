"""What a report of a run asks of the published snapshot. Reads only; nothing is rendered here."""

from dataclasses import dataclass

import duckdb

from warehouse import model
from warehouse.lookups import records_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """The particulars of one run, each a list of rows with column names in ``HEADINGS``."""

    drops: list[tuple]
    hosts: list[tuple]
    articles: list[tuple]
    changed: list[tuple]
    failing: list[tuple]


HEADINGS = {
    "drops": ("reason", "entries", "for example"),
    "hosts": ("host", "requests", "slowest ms", "median ms", "MB"),
    "articles": ("source", "new", "copies", "revised", "mean confidence"),
    "changed": ("title", "what changed"),
    "failing": ("source", "failed polls", "last error"),
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
SELECT source_id, consecutive_failures, last_error FROM sources
WHERE enabled AND consecutive_failures > 0 ORDER BY consecutive_failures DESC, source_id LIMIT 20
"""


def run_details(connection: duckdb.DuckDBPyConnection, run_id: str) -> RunDetails:
    """What one run dropped, asked, landed and changed, and which sources are failing now."""
    return RunDetails(
        drops=connection.execute(_DROPS, [run_id]).fetchall(),
        hosts=connection.execute(_HOSTS, [run_id]).fetchall(),
        articles=connection.execute(_ARTICLES, [run_id]).fetchall(),
        changed=connection.execute(_CHANGED, [run_id]).fetchall(),
        failing=failing_sources(connection),
    )


def failing_sources(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """(source_id, failed polls in a row, last error) of the enabled sources whose last poll failed."""
    return connection.execute(_FAILING).fetchall()


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
