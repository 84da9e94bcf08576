"""What is kept for a time only: which bytes and bodies are over it, and the rows that then say so.

SQL over an open warehouse; whoever calls holds the archive. The rows stay: that an article was there, when, where and
how long it was. Files are not touched here.
"""

from datetime import datetime

import duckdb

from warehouse import index
from warehouse.landing import take_out
from warehouse.store import transaction

_CAPTURES = """
CREATE OR REPLACE TEMP TABLE doomed_captures AS
SELECT capture_id, path, sha256, size_bytes FROM captures
WHERE fetched_at < $before AND path <> '' AND ($source IS NULL OR source_id = $source)
"""

# An article that was found changed since stays whole.
_ARTICLES = """
CREATE OR REPLACE TEMP TABLE landed AS
SELECT article_id FROM articles
WHERE last_seen_at < $before AND text <> '' AND ($source IS NULL OR source_id = $source)
"""


def choose(connection: duckdb.DuckDBPyConnection, *, before: datetime, source_id: str | None, bodies: bool) -> None:
    """Find the captures fetched before a time and, where ``bodies``, the articles last found new or changed before it;
    they stand in temporary tables of the connection, as those of ``warehouse.erasure`` do."""
    told = {"before": before, "source": source_id}
    connection.execute(_CAPTURES, told)
    connection.execute("CREATE OR REPLACE TEMP TABLE landed (article_id VARCHAR)")
    if bodies:
        connection.execute(_ARTICLES, told)


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
_BARE_ENTRIES = """
UPDATE entries SET summary_html = NULL, content_html = NULL
WHERE seen_at < $before AND ($source IS NULL OR source_id = $source)
    AND (summary_html IS NOT NULL OR content_html IS NOT NULL)
"""


def drop(
    connection: duckdb.DuckDBPyConnection,
    gone: dict[str, set[str]],
    *,
    before: datetime,
    source_id: str | None,
    bodies: bool,
) -> None:
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
        if bodies:
            connection.execute(_BARE_ARTICLES)
            take_out(connection)
            connection.execute("INSERT INTO articles FROM bare")
            index.add(connection)  # what is left of it, the headline, is found as before
            connection.execute(_BARE_REVISIONS)
            connection.execute("DELETE FROM revisions WHERE article_id IN (FROM landed)")
            connection.execute("INSERT INTO revisions FROM bare_revisions")
            connection.execute(_BARE_ENTRIES, {"before": before, "source": source_id})
