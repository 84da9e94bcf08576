"""What the pipeline asks of the warehouse: bounded joins of a batch against a window, never a scan that grows.

Reads only. Every function takes an open connection and returns records or arrays.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import duckdb
import pyarrow as pa

from warehouse import model
from warehouse.known import KeptCapture, KnownArticle, KnownEdges, KnownEntry, StoredCapture, StoredText
from warehouse.records import from_table, schema_of

HASH_ORIGINALS, HASH_ARTICLES = 6, 3  # more of either change no judgement; a test holds them to the judge's bounds


def records_of(connection: duckdb.DuckDBPyConnection, record: type, sql: str, parameters: Sequence = ()) -> list:
    table = connection.sql(sql, params=list(parameters)).to_arrow_table()
    return from_table(record, table.cast(schema_of(record)))


def _column(values: Iterable[str]) -> pa.Table:
    return pa.table({"value": pa.array(list(values), pa.string())})


def sources(connection: duckdb.DuckDBPyConnection) -> list[model.Source]:
    """Every source with the state of its polling."""
    return records_of(connection, model.Source, "SELECT * FROM sources ORDER BY source_id")


def sitemap_children(connection: duckdb.DuckDBPyConnection) -> list[model.SitemapChild]:
    """What is remembered of the sitemaps that indexes list."""
    return records_of(connection, model.SitemapChild, "SELECT * FROM sitemap_children ORDER BY source_id, url")


def known_entries(
    connection: duckdb.DuckDBPyConnection, canonical_urls: Iterable[str], *, since: datetime
) -> list[KnownEntry]:
    """The newest row of each (source, address) met since ``since`` whose canonical address is one of those given."""
    connection.register("asked", _column(set(canonical_urls)))
    return records_of(
        connection,
        KnownEntry,
        """
        SELECT source_id, url, arg_max(canonical_url, seen_at) AS canonical_url, arg_max(digest, seen_at) AS digest,
            max(seen_at) AS seen_at, arg_max(transient, seen_at) AS transient, arg_max(failures, seen_at) AS failures,
            arg_max(article_id, seen_at) AS article_id, arg_max(capture_id, seen_at) AS capture_id,
            arg_max(etag, seen_at) AS etag, arg_max(last_modified, seen_at) AS last_modified
        FROM entries SEMI JOIN asked ON entries.canonical_url = asked.value
        WHERE seen_at >= ? AND digest IS NOT NULL
        GROUP BY source_id, url
        """,
        [since],
    )


def known_articles(connection: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, KnownArticle]:
    """The articles among ``article_ids`` that the archive has, by id."""
    connection.register("asked", _column(set(article_ids)))
    found = records_of(
        connection,
        KnownArticle,
        """
        SELECT article_id, canonical_url, source_id, title, text, text_digest, revision, first_seen_at,
            last_seen_at, duplicate_of, duplicate_kind
        FROM articles SEMI JOIN asked ON articles.article_id = asked.value
        """,
    )
    return {article.article_id: article for article in found}


def sketched(
    connection: duckdb.DuckDBPyConnection, hashes: Sequence[int], *, since: date, until: date
) -> list[tuple[int, str, str]]:
    """(hash, article_id, id of the original it belongs to) of stored sketches that share a hash, of articles first seen
    on the days from ``since`` to ``until``, in the order in which they were first seen.

    Of each hash the first ``HASH_ORIGINALS`` originals, each by the first ``HASH_ARTICLES`` articles that belong to it:
    common phrases stand in thousands of articles, and that they are common is all that is asked of them.
    """
    connection.register("asked", pa.table({"value": pa.array(hashes, pa.int64())}))
    return connection.execute(
        """
        WITH recent AS MATERIALIZED (  -- numbers in place of ids: all that is grouped and compared below are integers
            SELECT article_id, original, row_number() OVER (ORDER BY first_seen_at, article_id) AS place,
                dense_rank() OVER (ORDER BY original) AS cluster
            FROM (
                SELECT article_id, first_seen_at, coalesce(duplicate_of, article_id) AS original FROM articles
                WHERE first_seen_at >= CAST($since AS TIMESTAMPTZ)
                    AND first_seen_at < CAST($until AS TIMESTAMPTZ) + INTERVAL 1 DAY
            )
        ),
        by_cluster AS (
            SELECT hash, min(place, $articles) AS places
            FROM sketches SEMI JOIN asked ON hash = asked.value JOIN recent USING (article_id)
            WHERE seen_on BETWEEN $since AND $until
            GROUP BY hash, cluster
        ),
        by_hash AS (SELECT hash, unnest(min(places, $originals)) AS places FROM by_cluster GROUP BY hash)
        SELECT hash, article_id, original
        FROM (SELECT hash, unnest(places) AS place FROM by_hash) JOIN recent USING (place)
        ORDER BY place
        """,
        {"since": since, "until": until, "articles": HASH_ARTICLES, "originals": HASH_ORIGINALS},
    ).fetchall()


def stored_bytes(connection: duckdb.DuckDBPyConnection, digests: Iterable[str], *, since: datetime) -> dict[str, str]:
    """Of these SHA-256 digests, those whose bytes were stored since a time, each with the newest file that has them."""
    connection.register("asked", _column(set(digests)))
    return dict(
        connection.execute(
            """
            SELECT sha256, arg_max(path, fetched_at) FROM captures SEMI JOIN asked ON captures.sha256 = asked.value
            WHERE fetched_at >= ? GROUP BY sha256
            """,
            [since],
        ).fetchall()
    )


def erased(connection: duckdb.DuckDBPyConnection, digests: Iterable[str]) -> set[str]:
    """Of these digests of addresses, those that were erased and may not come again."""
    connection.register("asked", _column(set(digests)))
    found = connection.execute("SELECT address_digest FROM tombstones SEMI JOIN asked ON address_digest = asked.value")
    return {digest for (digest,) in found.fetchall()}


def landed_batches(connection: duckdb.DuckDBPyConnection, run_id: str) -> set[int]:
    """The numbers of a run's batches that have landed."""
    found = connection.execute("SELECT batch_id FROM batches WHERE run_id = ?", [run_id]).fetchall()
    return {int(batch_id.rpartition("/")[2]) for (batch_id,) in found}


def known_edges(
    connection: duckdb.DuckDBPyConnection,
    hosts: Iterable[str],
    fingerprints: Iterable[int],
    *,
    before: datetime,
    without: Iterable[str],
) -> KnownEdges:
    """Of the articles of ``hosts`` first seen before a time, how many there are, and in how many each of the
    paragraphs asked for stands at either end; the articles ``without`` not counted."""
    connection.register("hosts", _column(set(hosts)))
    connection.register("asked", pa.table({"value": pa.array(sorted(set(fingerprints)), pa.int64())}))
    connection.register("without", _column(set(without)))
    articles = connection.execute(
        """
        WITH seen AS MATERIALIZED (
            SELECT DISTINCT host, article_id FROM site_paragraphs SEMI JOIN hosts ON host = hosts.value
            WHERE seen_at < ?
        )
        SELECT host, count(*) FROM seen ANTI JOIN without ON article_id = without.value GROUP BY host
        """,
        [before],
    ).fetchall()
    paragraphs = connection.execute(
        """
        SELECT fingerprint, count(*)
        FROM site_paragraphs SEMI JOIN asked ON fingerprint = asked.value
        ANTI JOIN without ON article_id = without.value
        WHERE seen_at < ? GROUP BY fingerprint
        """,
        [before],
    ).fetchall()
    return KnownEdges(articles=dict(articles), paragraphs=dict(paragraphs))


def kept_captures(
    connection: duckdb.DuckDBPyConnection, *, since: datetime, until: datetime, source_ids: Sequence[str]
) -> Iterator[KeptCapture]:
    """Every capture fetched in [since, until), in the order of time, each with the first of these that has the same
    bytes; all sources where none is named. Read piece by piece: nothing else may be asked meanwhile."""
    connection.register("asked", _column(source_ids))
    pieces = connection.sql(
        """
        SELECT c AS capture, first_value(c) OVER (PARTITION BY sha256 ORDER BY fetched_at, capture_id) AS original
        FROM captures AS c
        WHERE fetched_at >= ? AND fetched_at < ?
            AND (source_id IN (SELECT value FROM asked) OR NOT EXISTS (FROM asked))
        ORDER BY fetched_at, capture_id
        """,
        params=[since, until],
    ).to_arrow_reader(1_000)
    for piece in pieces:
        yield from from_table(KeptCapture, pa.Table.from_batches([piece]).cast(schema_of(KeptCapture)))


def stored_texts(
    connection: duckdb.DuckDBPyConnection,
    *,
    since: datetime,
    until: datetime,
    source_ids: Sequence[str],
    batch_rows: int,
) -> Iterator[list[StoredText]]:
    """The articles last seen in [since, until) whose text is kept, ``batch_rows`` at a time; all sources where none is
    named. Read piece by piece: nothing else may be asked meanwhile."""
    connection.register("asked", _column(source_ids))
    pieces = connection.sql(
        """
        SELECT article_id, canonical_url, source_id, title, display_title, section, tags, published_at, first_seen_at,
            capture_id, text
        FROM articles
        WHERE last_seen_at >= ? AND last_seen_at < ? AND text <> ''
            AND (source_id IN (SELECT value FROM asked) OR NOT EXISTS (FROM asked))
        """,
        params=[since, until],
    ).to_arrow_reader(batch_rows)
    for piece in pieces:
        yield from_table(StoredText, pa.Table.from_batches([piece]).cast(schema_of(StoredText)))


def stored_captures(
    connection: duckdb.DuckDBPyConnection, *, since: datetime, until: datetime, source_ids: Sequence[str]
) -> list[StoredCapture]:
    """The capture that each article was last read from, of those fetched in [since, until); all sources where none
    is named. Title, authors and publication time are there where the feed told them, or where it is not known who did;
    what the page told is read again."""
    connection.register("asked", _column(source_ids))
    rows = connection.sql(
        """
        SELECT c.*, a.article_id, a.canonical_url AS article_url,
            CASE WHEN coalesce(a.title_origin, 'feed') = 'feed' THEN a.title END AS title,
            CASE WHEN coalesce(a.authors_origin, 'feed') = 'feed' THEN a.authors ELSE [] END AS authors,
            CASE WHEN coalesce(a.published_origin, 'feed') = 'feed' THEN a.published_at END AS published_at,
            a.modified_at, a.language, a.image_url, coalesce(a.listed_tags, a.tags) AS tags
        FROM captures AS c JOIN articles AS a ON a.capture_id = c.capture_id
        WHERE c.fetched_at >= ? AND c.fetched_at < ?
            AND (a.source_id IN (SELECT value FROM asked) OR NOT EXISTS (FROM asked))
        ORDER BY c.path, c.capture_id
        """,
        params=[since, until],
    ).to_arrow_table()
    captures = from_table(model.Capture, rows.select(schema_of(model.Capture).names).cast(schema_of(model.Capture)))
    return [
        StoredCapture(
            capture=capture,
            article_id=row["article_id"],
            canonical_url=row["article_url"],
            title=row["title"],
            authors=tuple(row["authors"]),
            published_at=row["published_at"],
            modified_at=row["modified_at"],
            language=row["language"],
            image_url=row["image_url"],
            tags=tuple(row["tags"]),
        )
        for capture, row in zip(captures, rows.to_pylist(), strict=True)
    ]
