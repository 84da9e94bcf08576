"""What is kept for a time only: which bytes and bodies are over it, and the rows that then say so.

SQL over an open warehouse; whoever calls holds the archive. The rows stay: that an article was there, when, where and
how long it was. Files are not touched here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse import index
from warehouse.landing import take_out
from warehouse.store import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From when on is kept what came through one source; None = however old it is."""

    source_id: str | None  # None = every source that has no limit of its own
    captures_since: datetime | None
    bodies_since: datetime | None  # what loses its text loses its bytes as well


_KEPT_SINCE = """
CREATE OR REPLACE TEMP TABLE kept_since AS
SELECT source_id, bodies_since, greatest(captures_since, bodies_since) AS captures_since
FROM (
    SELECT met.source_id,
        CASE WHEN own.source_id IS NULL THEN every.bodies_since ELSE own.bodies_since END AS bodies_since,
        CASE WHEN own.source_id IS NULL THEN every.captures_since ELSE own.captures_since END AS captures_since
    FROM (
        SELECT source_id FROM captures UNION SELECT source_id FROM articles UNION SELECT source_id FROM entries
    ) AS met
    LEFT JOIN limits AS own ON own.source_id = met.source_id
    LEFT JOIN limits AS every ON every.source_id IS NULL
)
"""

_CAPTURES = """
CREATE OR REPLACE TEMP TABLE doomed_captures AS
SELECT capture_id, path, sha256, size_bytes FROM captures JOIN kept_since USING (source_id)
WHERE fetched_at < captures_since AND path <> ''
"""

# An article that was found changed since stays whole.
_ARTICLES = """
CREATE OR REPLACE TEMP TABLE landed AS
SELECT article_id FROM articles JOIN kept_since USING (source_id) WHERE last_seen_at < bodies_since AND text <> ''
"""

# What a source said of an entry.
_COUNT_ENTRIES = """
SELECT count(*) FROM entries JOIN kept_since USING (source_id)
WHERE seen_at < bodies_since AND (summary_html IS NOT NULL OR content_html IS NOT NULL)
"""
_BARE_ENTRIES = """
UPDATE entries SET summary_html = NULL, content_html = NULL FROM kept_since
WHERE entries.source_id = kept_since.source_id AND seen_at < bodies_since
    AND (summary_html IS NOT NULL OR content_html IS NOT NULL)
"""


def choose(connection: duckdb.DuckDBPyConnection, limits: Sequence[Limit]) -> None:
    """Find the captures fetched before their limit, and the articles last found new or changed before theirs; they
    stand in temporary tables of the connection, as those of ``warehouse.erasure`` do."""
    moment = pa.timestamp("us", tz="UTC")
    told = {
        "source_id": pa.array([limit.source_id for limit in limits], pa.string()),
        "captures_since": pa.array([limit.captures_since for limit in limits], moment),
        "bodies_since": pa.array([limit.bodies_since for limit in limits], moment),
    }
    connection.register("limits", pa.table(told))
    connection.execute(_KEPT_SINCE)
    connection.unregister("limits")
    connection.execute(_CAPTURES)
    connection.execute(_ARTICLES)


def entries_count(connection: duckdb.DuckDBPyConnection) -> int:
    """How many entries, over the time of what was chosen, still hold what their source said of them."""
    return connection.execute(_COUNT_ENTRIES).fetchall()[0][0]


_BARE_ARTICLES = """
CREATE OR REPLACE TEMP TABLE bare AS
SELECT * REPLACE (
    '' AS text, NULL AS summary, NULL AS description, [] AS captions, [] AS boilerplate, [] AS paragraph_kinds
) FROM articles SEMI JOIN landed USING (article_id)
"""
_BARE_REVISIONS = """
CREATE OR REPLACE TEMP TABLE bare_revisions AS
SELECT * REPLACE ('' AS text, NULL AS diff) FROM revisions SEMI JOIN landed USING (article_id)
"""


def drop(connection: duckdb.DuckDBPyConnection, gone: dict[str, set[str]]) -> None:
    """Say in the rows, in one transaction, that bytes are no longer kept (``gone``: digests by file), and take out the
    bodies chosen with all that was read from them: facts, search terms, earlier versions' texts."""
    pairs = [f"{path}\n{digest}" for path, digests in gone.items() for digest in digests]
    with transaction(connection):
        connection.execute(
            """
            UPDATE captures SET path = ''
            WHERE capture_id IN (SELECT capture_id FROM doomed_captures)
                AND path || chr(10) || sha256 IN (SELECT unnest(?))
            """,
            [pairs],
        )
        if connection.execute("SELECT 1 FROM landed LIMIT 1").fetchall():
            connection.execute(_BARE_ARTICLES)
            take_out(connection)
            connection.execute("INSERT INTO articles FROM bare")
            index.add(connection)  # what is left of it, the headline, is found as before
            connection.execute(_BARE_REVISIONS)
            connection.execute("DELETE FROM revisions WHERE article_id IN (FROM landed)")
            connection.execute("INSERT INTO revisions FROM bare_revisions")
        connection.execute(_BARE_ENTRIES)
