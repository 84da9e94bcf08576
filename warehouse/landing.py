"""Landing: a batch of the stage becomes rows in one short transaction, once, however often it is tried.

Bulk statements over Arrow only; nothing is decided here that a stage file does not say.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq

from warehouse import index, model
from warehouse.errors import Terminal
from warehouse.lookups import records_of
from warehouse.records import read_columns, to_table
from warehouse.stage import RECORDS, Stage
from warehouse.staged import StagedSummary
from warehouse.store import transaction

# One row per entry of the batch, whatever became of it: the account is made from this.
_JOINED = """
CREATE OR REPLACE TEMP TABLE landing AS
SELECT
    e.*,
    f.capture AS fetched,
    f.reason AS fetch_reason,
    CASE WHEN f.capture IS NULL THEN e.etag ELSE f.etag END AS etag_now,
    CASE WHEN f.capture IS NULL THEN e.last_modified ELSE f.last_modified END AS last_modified_now,
    c AS article,
    l AS likeness,
    x AS facts,
    coalesce(c.reason, l.reason, x.reason) AS drop_reason,
    coalesce(c.message, l.message, x.message) AS drop_message,
    coalesce(c.transient, false) OR coalesce(l.transient, false) OR coalesce(x.transient, false) AS drop_transient,
    CASE
        WHEN c.reason IS NOT NULL AND f.reason IS NOT DISTINCT FROM c.reason THEN 'fetch'
        WHEN c.reason IS NOT NULL THEN 'clean'
        WHEN l.reason IS NOT NULL THEN 'resemble'
        WHEN x.reason IS NOT NULL THEN 'enrich'
    END AS drop_stage
FROM staged_entries AS e
LEFT JOIN staged_fetch AS f USING (entry_id)
LEFT JOIN staged_clean AS c USING (entry_id)
LEFT JOIN staged_resemble AS l USING (entry_id)
LEFT JOIN staged_enrich AS x USING (entry_id)
"""

_ENTRIES = """
INSERT INTO entries BY NAME
SELECT
    $run_id AS run_id, source_id, url, canonical_url, guid, title, published_at, updated_at, digest, seen_at,
    CASE WHEN drop_reason IS NULL THEN likeness.outcome ELSE 'dropped' END AS outcome,
    drop_stage AS stage, drop_reason AS reason, drop_message AS message,
    drop_transient AS transient,
    CASE WHEN drop_transient THEN failures + 1 ELSE 0 END AS failures,
    coalesce(likeness.article_id, article_id) AS article_id,
    coalesce(article.capture.capture_id, fetched.capture_id, capture_id) AS capture_id,
    etag_now AS etag, last_modified_now AS last_modified,
    authors, tags, summary_html, content_html, enclosures
FROM landing
"""

# What an article was read from carries the charset that it was read with; an answer that was not used is kept as well.
_CAPTURES = """
INSERT INTO captures BY NAME
SELECT unnest(capture) FROM (
    SELECT article.capture AS capture FROM landing WHERE article.capture IS NOT NULL
    UNION ALL
    SELECT fetched FROM landing
    WHERE fetched IS NOT NULL AND article.capture.capture_id IS DISTINCT FROM fetched.capture_id
)
WHERE capture.run_id = $run_id  -- what is read again (refine) is there already
"""

_LANDED = """
CREATE OR REPLACE TEMP TABLE landed AS
SELECT likeness.article_id AS article_id, * EXCLUDE (article_id) FROM landing WHERE drop_reason IS NULL
"""

_FIRST_VERSIONS = """
INSERT INTO revisions BY NAME
SELECT article_id, revision, last_seen_at AS seen_at, modified_at, title, text, text_digest, capture_id
FROM articles SEMI JOIN (SELECT article_id FROM landed WHERE likeness.outcome = 'revised') USING (article_id)
WHERE revision = 1
"""

_VERSIONS = """
INSERT INTO revisions BY NAME
SELECT
    article_id, likeness.revision AS revision, article.capture.fetched_at AS seen_at,
    article.modified_at AS modified_at, article.title AS title, article.text AS text,
    likeness.text_digest AS text_digest, likeness.words_added AS words_added,
    likeness.words_removed AS words_removed, likeness.diff AS diff, article.capture.capture_id AS capture_id
FROM landed WHERE likeness.outcome = 'revised'
"""

_ARTICLES = """
INSERT INTO articles BY NAME
SELECT
    article_id, likeness.canonical_url AS canonical_url, likeness.source_id AS source_id,
    article.title AS title, article.display_title AS display_title, article.authors AS authors,
    article.published_at AS published_at, article.modified_at AS modified_at,
    likeness.first_seen_at AS first_seen_at, article.capture.fetched_at AS last_seen_at,
    coalesce(facts.language, article.language) AS language, facts.language_confidence AS language_confidence,
    article.text AS text, article.text_origin AS text_origin, likeness.text_digest AS text_digest,
    facts.summary AS summary, article.description AS description, article.image_url AS image_url,
    article.section AS section, article.tags AS tags, article.word_count AS word_count,
    likeness.revision AS revision, likeness.duplicate_of AS duplicate_of, likeness.duplicate_kind AS duplicate_kind,
    article.extraction_confidence AS extraction_confidence, article.extractor AS extractor,
    facts.enricher AS enricher, article.capture.capture_id AS capture_id, $run_id AS run_id,
    article.page_kind AS page_kind, article.title_origin AS title_origin, article.authors_origin AS authors_origin,
    article.published_origin AS published_origin, article.boilerplate AS boilerplate,
    article.paragraph_kinds AS paragraph_kinds, article.captions AS captions, landed.tags AS listed_tags
FROM landed
"""

_URLS = """
INSERT INTO article_urls BY NAME
SELECT DISTINCT ON (article_id, url) article_id, url, source_id, first_seen_at
FROM (
    SELECT coalesce(likeness.article_id, article_id) AS article_id, unnest(likeness.urls) AS url, source_id,
        seen_at AS first_seen_at
    FROM landing WHERE likeness.article_id IS NOT NULL
) ANTI JOIN article_urls USING (article_id, url)
ORDER BY article_id, url, first_seen_at
"""

_FACTS = """
INSERT INTO {table} BY NAME
SELECT unnest(facts.{table}, recursive := true) FROM landed
"""

_ENTITIES = """
INSERT INTO entities BY NAME
SELECT DISTINCT ON (entity_id) * FROM (
    SELECT unnest(facts.entities, recursive := true) FROM landed
) ANTI JOIN entities USING (entity_id)
ORDER BY entity_id, length(name) DESC, name
"""

_ALIASES = """
INSERT INTO entity_aliases BY NAME
SELECT DISTINCT entity_id, alias FROM (
    SELECT unnest(facts.aliases, recursive := true) FROM landed
) ANTI JOIN entity_aliases USING (entity_id, alias)
"""

_OLD_MISSES = """
DELETE FROM enrichment_misses
WHERE list_contains(?, split_part(enricher, ' ', 1)) AND article_id IN (SELECT article_id FROM landed)
"""

_SUMMARIES = """
UPDATE articles SET summary = landed.facts.summary FROM landed
WHERE articles.article_id = landed.article_id AND articles.summary IS DISTINCT FROM landed.facts.summary
"""

_SKETCHES = """
INSERT INTO sketches BY NAME
SELECT CAST(likeness.first_seen_at AS DATE) AS seen_on, unnest(likeness.sketch) AS hash, article_id
FROM landed
"""

# Copies prove nothing of a site. An article keeps its place in time when it is read again.
_SITE_PARAGRAPHS = """
INSERT INTO site_paragraphs BY NAME
SELECT article.host AS host, likeness.first_seen_at AS seen_at, unnest(article.edges) AS fingerprint, article_id
FROM landed WHERE likeness.duplicate_of IS NULL
"""

_OLD_SITE_PARAGRAPHS = """
DELETE FROM site_paragraphs WHERE article_id IN (
    SELECT article_id FROM (
        SELECT DISTINCT host, seen_at, article_id FROM site_paragraphs
        SEMI JOIN (SELECT article.host AS host FROM landed) USING (host)
    )
    QUALIFY row_number() OVER (PARTITION BY host ORDER BY seen_at DESC, article_id) > $most
)
"""
SITE_ARTICLES = 500  # of each host: enough to tell what stands in one article of fifty

_FACT_TABLES = (*model.FACTS, "enrichment_misses")
_OF_ONE_VERSION = ("articles", "sketches", "site_paragraphs", *_FACT_TABLES)


def land(connection: duckdb.DuckDBPyConnection, stage: Stage, batch: int) -> bool:
    """Commit one batch of a run; False where it had landed before and nothing was done.

    Articles that changed are taken out and put in again (cheaper in DuckDB than an update in place), their earlier
    versions having gone to ``revisions`` first.
    """
    batch_id = f"{stage.run_id}/{batch}"
    if connection.execute("SELECT 1 FROM batches WHERE batch_id = ?", [batch_id]).fetchall():
        return False
    entries = pq.read_table(stage.path("entries", 0), filters=[("batch", "=", batch)])
    connection.register("staged_entries", entries)
    for step in ("fetch", "clean", "resemble", "enrich"):
        connection.register(f"staged_{step}", read_columns(stage.path(step, batch), RECORDS[step]))
    (summary,) = stage.read("summary", 0)
    with transaction(connection):
        connection.execute(_JOINED)
        connection.execute(_ENTRIES, {"run_id": stage.run_id})
        connection.execute(_CAPTURES, {"run_id": stage.run_id})
        connection.execute(_LANDED)
        if summary.only:
            _replace_facts(connection, summary.only)
        else:
            _put_articles(connection, stage.run_id)
        if stage.has("fetches", batch):
            _append(connection, "fetches", pq.read_table(stage.path("fetches", batch)))
        row = model.Batch(batch_id=batch_id, run_id=stage.run_id, landed_at=datetime.now(UTC), entries=entries.num_rows)
        _append(connection, "batches", to_table(model.Batch, [row]))
    return True


def _put_articles(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Put the articles of ``landed`` in, with all that hangs on them."""
    connection.execute(_FIRST_VERSIONS)
    connection.execute(_VERSIONS)
    if connection.execute("SELECT 1 FROM landed WHERE likeness.outcome IN ('revised', 'refined', 'reread')").fetchall():
        take_out(connection)
    connection.execute(_ARTICLES, {"run_id": run_id})
    connection.execute(_URLS)
    _add_facts(connection)
    connection.execute(_SKETCHES)
    connection.execute(_SITE_PARAGRAPHS)
    connection.execute(_OLD_SITE_PARAGRAPHS, {"most": SITE_ARTICLES})
    index.add(connection)


def _replace_facts(connection: duckdb.DuckDBPyConnection, only: Sequence[str]) -> None:
    """Put the facts that some enrichers found in the articles of ``landed`` in the place of those that they had found
    there before; all else of the articles stays."""
    for table in _FACT_TABLES:
        if model.FACTS.get(table) in only:
            connection.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT article_id FROM landed)")
    connection.execute(_OLD_MISSES, [list(only)])
    _add_facts(connection)
    if "summary" in only:
        connection.execute(_SUMMARIES)


def _add_facts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_ENTITIES)
    connection.execute(_ALIASES)
    for table in _FACT_TABLES:
        connection.execute(_FACTS.format(table=table))


def take_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete all that stands of the articles in the temporary table ``landed``, but for addresses and revisions."""
    index.take_out(connection)
    for table in _OF_ONE_VERSION:
        connection.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT article_id FROM landed)")


#: What answers alike of two states of a warehouse where no batch has landed between them, and the schema is the same.
LANDED = """
SELECT (SELECT count(*) FROM batches), (SELECT max(landed_at) FROM batches), (SELECT max(applied_at) FROM migrations)
"""


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: object) -> None:
    connection.register("appended", rows)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM appended")


def close_run(connection: duckdb.DuckDBPyConnection, stage: Stage) -> model.Run:
    """Commit what the run found at discovery, the state of its sources and its account; then the run is done.

    Raises Terminal ``account_unbalanced`` where an entry is neither landed nor dropped. Closing a run twice changes
    nothing.
    """
    found = records_of(connection, model.Run, "SELECT * FROM runs WHERE run_id = ?", [stage.run_id])
    if found:
        return found[0]
    (summary,) = stage.read("summary", 0)
    with transaction(connection):
        connection.register("staged_entries", pq.read_table(stage.path("entries", 0), filters=[("batch", "=", 0)]))
        connection.execute(_DISCOVERY_DROPS, {"run_id": stage.run_id, "since": summary.started_at})
        connection.execute(_TWIN_URLS, {"run_id": stage.run_id, "since": summary.started_at})
        if stage.has("sources", 0):
            save_sources(connection, stage.read("sources", 0))
        if stage.has("sitemap_children", 0):
            children = pq.read_table(stage.path("sitemap_children", 0))
            connection.register("saved", children)
            connection.execute("DELETE FROM sitemap_children WHERE source_id IN (SELECT source_id FROM saved)")
            _append(connection, "sitemap_children", children)
        for step in ("fetches", "captures"):
            if stage.has(step, 0):
                _append(connection, step, pq.read_table(stage.path(step, 0)))
        run = _account(connection, summary)
        _append(connection, "runs", to_table(model.Run, [run]))
    return run


def save_sources(connection: duckdb.DuckDBPyConnection, rows: list[model.Source]) -> None:
    """Insert sources, or put them in the place of those with the same id."""
    connection.register("saved", to_table(model.Source, rows))
    connection.execute("INSERT OR REPLACE INTO sources BY NAME SELECT * FROM saved")


def enrol_sources(connection: duckdb.DuckDBPyConnection, configured: Sequence[model.Source]) -> None:
    """Bring ``sources`` in line with the configuration: new ones are added, the others keep the state of their polling,
    and those no longer configured are switched off. One that was switched off, or whose address has been changed, is
    polled as if it were new; where reading an archive goes on is kept while the address is the same."""
    connection.register("configured", to_table(model.Source, configured))
    with transaction(connection):
        connection.execute(_ENROL)
        connection.execute(
            "UPDATE sources SET enabled = false WHERE enabled AND source_id NOT IN (SELECT source_id FROM configured)"
        )
        connection.execute(_OTHER_CHILDREN)


# In the order of the table's columns, so that only what differs from it is written.
_ENROL = """
INSERT OR REPLACE INTO sources
SELECT
    c.source_id, c.kind, c.url, coalesce(c.title, s.title), coalesce(c.language, s.language), c.country, c.tags,
    c.enabled, coalesce(s.added_at, c.added_at), p.etag, p.last_modified, p.last_polled_at, p.next_poll_at,
    coalesce(p.consecutive_failures, 0), p.last_error, coalesce(p.state, 'active'), p.failing_since, p.poll_minutes,
    p.moved_url, p.redirect_url, p.redirect_since, coalesce(p.redirect_polls, 0), s.position
FROM configured AS c
LEFT JOIN sources AS s ON s.source_id = c.source_id AND s.url = c.url
LEFT JOIN sources AS p ON p.source_id = c.source_id AND p.url = c.url AND p.enabled  -- the state of its polling
EXCEPT SELECT * FROM sources
"""

_OTHER_CHILDREN = """
DELETE FROM sitemap_children WHERE source_id NOT IN (SELECT source_id FROM sources WHERE enabled AND kind = 'sitemap')
"""

# A twin (the same article under another address, listed by the same run) belongs to what its sibling led to.
_DISCOVERY_DROPS = """
INSERT INTO entries BY NAME
SELECT
    $run_id AS run_id, e.source_id, e.url, e.canonical_url, e.guid, e.title, e.published_at, e.updated_at, e.digest,
    e.seen_at, 'dropped' AS outcome, 'discover' AS stage, e.reason, e.message, e.transient,
    CASE WHEN e.transient THEN e.failures + 1 ELSE 0 END AS failures,
    coalesce(e.article_id, sibling.article_id) AS article_id, e.capture_id, e.etag, e.last_modified,
    e.authors, e.tags, e.summary_html, e.content_html, e.enclosures
FROM staged_entries AS e
LEFT JOIN (
    SELECT canonical_url, any_value(article_id) AS article_id FROM entries
    WHERE run_id = $run_id AND seen_at >= $since AND article_id IS NOT NULL GROUP BY canonical_url
) AS sibling ON e.reason = 'same_url' AND e.canonical_url = sibling.canonical_url
"""

_TWIN_URLS = """
INSERT INTO article_urls BY NAME
SELECT DISTINCT ON (article_id, url) article_id, url, source_id, seen_at AS first_seen_at
FROM entries ANTI JOIN article_urls USING (article_id, url)
WHERE run_id = $run_id AND seen_at >= $since AND reason = 'same_url' AND article_id IS NOT NULL
ORDER BY article_id, url, seen_at
"""

_COUNTS = """
SELECT
    coalesce(sum(n) FILTER (outcome <> 'dropped'), 0),
    coalesce(sum(n) FILTER (outcome IN ('new', 'copy')), 0),
    coalesce(sum(n) FILTER (outcome = 'copy'), 0),
    coalesce(sum(n) FILTER (outcome IN ('revised', 'refined')), 0),
    coalesce(map_from_entries(list((reason, n) ORDER BY n DESC, reason) FILTER (outcome = 'dropped')), MAP {})
FROM (
    SELECT outcome, reason, count(*) AS n FROM entries
    WHERE run_id = ? AND seen_at >= ? AND reason IS DISTINCT FROM 'known' GROUP BY outcome, reason
)
"""


def _account(connection: duckdb.DuckDBPyConnection, summary: StagedSummary) -> model.Run:
    ((landed, new, copies, revised, dropped),) = connection.execute(
        _COUNTS, [summary.run_id, summary.started_at]
    ).fetchall()
    reasons = {reason: int(count) for reason, count in dropped.items()}
    for reason, count in summary.unlisted.items():
        reasons[reason] = reasons.get(reason, 0) + count
    if summary.entries_in != landed + sum(reasons.values()):
        raise Terminal(
            "account_unbalanced",
            f"The account of run {summary.run_id} does not balance: {summary.entries_in} entries in, {landed} landed, "
            f"{sum(reasons.values())} dropped. Nothing of it was closed; please report this.",
        )
    return model.Run(
        run_id=summary.run_id,
        flow=summary.flow,
        started_at=summary.started_at,
        finished_at=datetime.now(UTC),
        sources_polled=summary.sources_polled,
        sources_unchanged=summary.sources_unchanged,
        entries_in=summary.entries_in,
        entries_landed=int(landed),
        entries_dropped=sum(reasons.values()),
        dropped_by_reason=reasons,
        articles_new=int(new),
        articles_copies=int(copies),
        articles_revised=int(revised),
        version=summary.version,
    )
