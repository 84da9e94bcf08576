"""What goes when something is erased or its time is over: which rows and bytes, and the deleting of the rows.

SQL over an open warehouse; whoever calls holds the archive. Files are not touched here (``warehouse.forget`` does that,
before the rows that name them go, so that what was cut off is found again), except for the warehouse itself, which
:func:`compact` writes anew: a deleted row's bytes may stand in a free block for good.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.disk import disk_faults, disk_full
from warehouse.landing import take_out
from warehouse.store import WAREHOUSE, transaction, writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, by any of four names; ``with_copies`` takes each article's copies, and their original, too."""

    article_ids: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()  # as given and in their canonical form
    source_id: str | None = None
    person: str | None = None
    with_copies: bool = False


# A person is found by the entities of that name, and by the name in text, headline, byline and earlier versions: what
# the names' finder has missed names the person as well.
_CHOOSE = """
CREATE OR REPLACE TEMP TABLE landed AS
SELECT article_id FROM articles
WHERE list_contains($articles, article_id) OR list_contains($urls, canonical_url) OR source_id = $source
UNION SELECT article_id FROM article_urls WHERE list_contains($urls, url)
UNION SELECT article_id FROM entries
WHERE article_id IS NOT NULL AND (list_contains($urls, canonical_url) OR list_contains($urls, url))
UNION SELECT article_id FROM mentions JOIN entities USING (entity_id)
WHERE entities.label = 'PERSON' AND lower(name) = lower($person)
UNION SELECT article_id FROM articles
WHERE contains(lower(concat_ws(' ', title, text, description, array_to_string(authors, ', '))), lower($person))
    OR contains(lower(array_to_string(list_concat(captions, boilerplate), ' ')), lower($person))
UNION SELECT article_id FROM revisions WHERE contains(lower(concat_ws(' ', title, text, diff)), lower($person))
"""

_COPIES = """
INSERT INTO landed
SELECT article_id FROM articles
WHERE coalesce(duplicate_of, article_id) IN (
    SELECT coalesce(duplicate_of, article_id) FROM articles SEMI JOIN landed USING (article_id)
) AND article_id NOT IN (FROM landed)
"""

# What was dropped holds what its source said of it as well, and what came again under another address since.
_ADDRESSES = """
CREATE OR REPLACE TEMP TABLE addresses AS
SELECT DISTINCT url FROM (
    SELECT unnest($urls) AS url
    UNION ALL SELECT canonical_url FROM articles SEMI JOIN landed USING (article_id)
    UNION ALL SELECT url FROM article_urls SEMI JOIN landed USING (article_id)
    UNION ALL SELECT unnest([url, canonical_url]) FROM entries
    WHERE article_id IN (FROM landed) OR source_id = $source OR reason = 'erased'
        OR list_contains($urls, canonical_url)
        OR contains(
            lower(concat_ws(' ', title, array_to_string(authors, ', '), summary_html, content_html)), lower($person)
        )
) WHERE NOT starts_with(url, 'erased:')
"""

_REQUESTS = """
SELECT DISTINCT f.url FROM fetches AS f
SEMI JOIN (SELECT DISTINCT run_id FROM entries SEMI JOIN doomed_entries USING (source_id, url)) AS e USING (run_id)
WHERE f.purpose NOT IN ('robots', 'robots.txt')
    AND f.host IN (SELECT regexp_extract(url, '^https?://([^/?#]+)', 1) FROM addresses
        UNION ALL SELECT 'www.' || regexp_extract(url, '^https?://([^/?#]+)', 1) FROM addresses)
"""

_ENTRIES = """
CREATE OR REPLACE TEMP TABLE doomed_entries AS
SELECT DISTINCT source_id, url FROM entries
WHERE article_id IN (FROM landed) OR canonical_url IN (FROM addresses) OR url IN (FROM addresses)
"""

# Answers of feeds and sitemaps are kept where they could not be read: what they hold of an article cannot be told.
_CAPTURES = """
CREATE OR REPLACE TEMP TABLE doomed_captures AS
SELECT c.capture_id, c.path, c.sha256, c.size_bytes FROM captures AS c
WHERE c.capture_id IN (
    SELECT capture_id FROM articles SEMI JOIN landed USING (article_id)
    UNION SELECT capture_id FROM revisions SEMI JOIN landed USING (article_id)
    UNION SELECT capture_id FROM entries SEMI JOIN doomed_entries USING (source_id, url) WHERE capture_id IS NOT NULL
) OR c.url IN (FROM addresses) OR c.final_url IN (FROM addresses) OR c.source_id = $source
OR c.url IN (
    SELECT url FROM sources WHERE kind IN ('feed', 'sitemap') AND source_id IN (
        SELECT source_id FROM articles SEMI JOIN landed USING (article_id)
        UNION SELECT source_id FROM doomed_entries
    )
)
"""


def choose(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Find what is to be erased; it stands in temporary tables of the connection, for the functions below."""
    told = {"urls": list(wanted.urls), "source": wanted.source_id}
    person = {"person": " ".join(wanted.person.split()) if wanted.person else None}
    connection.execute(_CHOOSE, told | person | {"articles": list(wanted.article_ids)})
    if wanted.with_copies:
        connection.execute(_COPIES)
    connection.execute(_ADDRESSES, told | person)
    connection.execute(_ENTRIES)
    connection.execute(_CAPTURES, {"source": wanted.source_id})


def listed(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """What was chosen: (article_id, day, source_id, copies elsewhere that stay, title, url) of each article."""
    return connection.execute(
        """
        SELECT a.article_id, CAST(coalesce(a.published_at, a.first_seen_at) AS DATE), a.source_id,
            (SELECT count(*) FROM articles AS c WHERE coalesce(c.duplicate_of, c.article_id)
                = coalesce(a.duplicate_of, a.article_id) AND c.article_id NOT IN (FROM landed)),
            a.display_title, a.canonical_url
        FROM articles AS a SEMI JOIN landed USING (article_id) ORDER BY 2, 1
        """
    ).fetchall()


def article_ids(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The articles that were chosen."""
    return {row[0] for row in connection.execute("FROM landed").fetchall()}


def addresses(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every address that led to what was chosen."""
    return {row[0] for row in connection.execute("FROM addresses").fetchall()}


def requests(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Addresses asked for by the runs that fetched what was chosen, of its hosts: redirects on the way among them."""
    return {row[0] for row in connection.execute(_REQUESTS).fetchall()}


def entries_count(connection: duckdb.DuckDBPyConnection) -> int:
    """How many entries of sources, by source and address, led to what was chosen."""
    return connection.execute("SELECT count(*) FROM doomed_entries").fetchall()[0][0]


def choose_bytes(connection: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, str]]) -> None:
    """Add bytes that no row names yet, as (file, digest), to what was chosen."""
    paths, digests = [path for path, _ in pairs], [digest for _, digest in pairs]
    connection.register(
        "staged_bytes", pa.table({"path": pa.array(paths, pa.string()), "sha256": pa.array(digests, pa.string())})
    )
    connection.execute("INSERT INTO doomed_captures SELECT NULL, path, sha256, 0 FROM staged_bytes")


def doomed_bytes(connection: duckdb.DuckDBPyConnection, kept: Iterable[tuple[str, str]] = ()) -> dict[str, set[str]]:
    """By file of captures, the SHA-256 digests of bytes that no capture names that stays; ``kept`` are (file, digest)
    pairs that stay for another reason."""
    pairs = connection.execute(
        """
        SELECT path, sha256 FROM doomed_captures WHERE path <> ''
        EXCEPT SELECT path, sha256 FROM captures ANTI JOIN doomed_captures USING (capture_id)
        """
    ).fetchall()
    by_path: dict[str, set[str]] = {}
    for path, digest in set(pairs) - set(kept):
        by_path.setdefault(path, set()).add(digest)
    return by_path


def capture_files(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every file of captures that the warehouse names."""
    return {row[0] for row in connection.execute("SELECT DISTINCT path FROM captures WHERE path <> ''").fetchall()}


_TABLE_ONLY = (
    "DELETE FROM article_urls WHERE article_id IN (FROM landed)",
    "DELETE FROM revisions WHERE article_id IN (FROM landed)",
    "DELETE FROM captures WHERE capture_id IN (SELECT capture_id FROM doomed_captures WHERE capture_id IS NOT NULL)",
)

# The earliest copy that stays becomes the original of the others.
_HEIRS = """
CREATE OR REPLACE TEMP TABLE heirs AS
SELECT duplicate_of AS gone, arg_min(article_id, (first_seen_at, article_id)) AS heir
FROM articles WHERE duplicate_of IN (FROM landed) AND article_id NOT IN (FROM landed) GROUP BY duplicate_of
"""
_INHERIT = """
UPDATE articles SET duplicate_of = nullif(heir, article_id),
    duplicate_kind = CASE WHEN heir <> article_id THEN duplicate_kind END
FROM heirs WHERE duplicate_of = gone
"""

_NAMED = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT entity_id FROM mentions SEMI JOIN landed USING (article_id)
UNION SELECT speaker_id FROM quotes SEMI JOIN landed USING (article_id) WHERE speaker_id IS NOT NULL
"""
_UNNAMED = """
CREATE OR REPLACE TEMP TABLE unnamed AS
SELECT entity_id FROM named ANTI JOIN mentions USING (entity_id)
ANTI JOIN (SELECT speaker_id AS entity_id FROM quotes) USING (entity_id)
"""

# The rows stay, since the accounts of their runs count them. Out and in again: cheaper than an update of such rows.
_BLANK_ENTRIES = """
CREATE OR REPLACE TEMP TABLE blank AS
SELECT * REPLACE (
    'erased:' || sha256(canonical_url) AS url, 'erased:' || sha256(canonical_url) AS canonical_url, NULL AS guid,
    NULL AS title, 'erased' AS digest, NULL AS message, NULL AS article_id, NULL AS capture_id,
    NULL AS etag, NULL AS last_modified,
    [] AS authors, [] AS tags, NULL AS summary_html, NULL AS content_html, [] AS enclosures, false AS transient
) FROM entries SEMI JOIN doomed_entries USING (source_id, url) WHERE NOT starts_with(url, 'erased:')
"""
_BLANK_FETCHES = """
CREATE OR REPLACE TEMP TABLE blank AS
SELECT * REPLACE ('erased:' || sha256(url) AS url) FROM fetches WHERE url IN (FROM addresses)
"""


def delete(
    connection: duckdb.DuckDBPyConnection,
    *,
    digests: Iterable[str],
    more_addresses: Iterable[str],
    reason: str,
    erased_at: datetime,
) -> None:
    """Delete the rows of what was chosen in one transaction and leave tombstones of the addresses' ``digests``.

    ``more_addresses`` are addresses on the way to it, by which its requests are known.
    """
    connection.register("new_digests", pa.table({"digest": pa.array(sorted(set(digests)), pa.string())}))
    connection.register("more_addresses", pa.table({"url": pa.array(sorted(set(more_addresses)), pa.string())}))
    with transaction(connection):
        connection.execute("INSERT INTO addresses SELECT url FROM more_addresses")
        connection.execute(_NAMED)
        connection.execute(_HEIRS)
        connection.execute(_INHERIT)
        for statement in _TABLE_ONLY:
            connection.execute(statement)
        take_out(connection)
        connection.execute("DELETE FROM vocabulary WHERE term NOT IN (SELECT DISTINCT term FROM postings)")
        connection.execute(_UNNAMED)
        connection.execute("DELETE FROM entity_aliases WHERE entity_id IN (FROM unnamed)")
        connection.execute("DELETE FROM entities WHERE entity_id IN (FROM unnamed)")
        connection.execute(_BLANK_ENTRIES)
        connection.execute("DELETE FROM entries WHERE (source_id, url) IN (SELECT source_id, url FROM doomed_entries)")
        connection.execute("INSERT INTO entries FROM blank")
        connection.execute(_BLANK_FETCHES)
        connection.execute("DELETE FROM fetches WHERE url IN (FROM addresses)")
        connection.execute("INSERT INTO fetches FROM blank")
        connection.execute(
            """
            INSERT INTO tombstones SELECT digest, ?, ? FROM new_digests
            WHERE digest NOT IN (SELECT address_digest FROM tombstones)
            """,
            [reason, erased_at],
        )


def compact(folder: Path, *, holder: str, wait_seconds: float) -> None:
    """Write the warehouse anew, so that nothing of what was deleted is left in its free blocks, and replace it.

    Killed at any instant, there is the old file or the new one, whole. Raises Terminal ``disk_full`` before anything is
    written where the copy might not fit.
    """
    path = folder / WAREHOUSE
    new = path.with_name(f".{path.name}.new")
    with writer(folder, holder=holder, wait_seconds=wait_seconds) as connection:
        connection.execute("CHECKPOINT")
        if shutil.disk_usage(folder).free < path.stat().st_size:
            raise disk_full(new)
        for left in (new, new.with_name(f"{new.name}.wal")):
            left.unlink(missing_ok=True)
        connection.execute("ATTACH ? AS fresh", [str(new)])
        connection.execute("COPY FROM DATABASE warehouse TO fresh")
        connection.execute("CHECKPOINT fresh")
        connection.execute("DETACH fresh")
        with disk_faults(path):
            os.replace(new, path)  # the connection keeps the old file, to which nothing is written any more
