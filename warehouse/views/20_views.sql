-- What analysts query. Each view is commented below; columns keep the names of the tables that they come from.
CREATE OR REPLACE VIEW news AS
SELECT
    a.article_id,
    a.published_at,
    coalesce(s.title, a.source_id) AS source,
    a.display_title AS title,
    a.authors,
    a.language,
    a.section,
    a.page_kind,
    a.summary,
    a.text,
    a.word_count,
    a.canonical_url AS url,
    coalesce(c.copies, 0) AS copies,
    a.revision,
    a.first_seen_at,
    a.extraction_confidence
FROM articles AS a
LEFT JOIN sources AS s USING (source_id)
LEFT JOIN (
    SELECT duplicate_of, count(*) AS copies FROM articles WHERE duplicate_of IS NOT NULL GROUP BY duplicate_of
) AS c ON c.duplicate_of = a.article_id
WHERE a.duplicate_of IS NULL;
COMMENT ON VIEW news IS 'One tidy row per article; copies are counted, not listed.';

CREATE OR REPLACE VIEW who_said_what AS
SELECT
    e.name AS speaker,
    q.verb,
    q.text AS quote,
    q.kind,
    a.published_at,
    a.display_title AS title,
    a.canonical_url AS url,
    q.confidence,
    q.article_id,
    q.start_char,
    q.end_char
FROM quotes AS q
JOIN articles AS a USING (article_id)
LEFT JOIN entities AS e ON e.entity_id = q.speaker_id
WHERE a.duplicate_of IS NULL;
COMMENT ON VIEW who_said_what IS 'Quotations of original articles with their speakers; speaker NULL = not found.';

CREATE OR REPLACE VIEW timeline AS
SELECT
    d.first_day,
    d.last_day,
    d.value,
    d.surface,
    trim(regexp_replace(
        substr(a.text, greatest(d.start_char - 80, 0) + 1, d.end_char - greatest(d.start_char - 80, 0) + 80), '\s+', ' ', 'g'
    )) AS context,
    a.display_title AS title,
    a.published_at,
    d.article_id,
    d.start_char,
    d.end_char
FROM dates AS d
JOIN articles AS a USING (article_id)
WHERE a.duplicate_of IS NULL;
COMMENT ON VIEW timeline IS 'Days that original articles speak of, with the words around each mention.';

CREATE OR REPLACE VIEW syndication AS
SELECT
    o.article_id AS original_id,
    o.display_title AS original_title,
    coalesce(os.title, o.source_id) AS original_source,
    c.article_id AS copy_id,
    c.display_title AS copy_title,
    coalesce(cs.title, c.source_id) AS copy_source,
    c.duplicate_kind,
    c.published_at - o.published_at AS published_after,
    o.word_count AS original_words,
    c.word_count AS copy_words,
    c.canonical_url AS copy_url
FROM articles AS c
JOIN articles AS o ON o.article_id = c.duplicate_of
LEFT JOIN sources AS os ON os.source_id = o.source_id
LEFT JOIN sources AS cs ON cs.source_id = c.source_id;
COMMENT ON VIEW syndication IS 'Who ran whose story: one row per copy, with how long after and how much of it.';

CREATE OR REPLACE VIEW headline_changes AS
SELECT * FROM (
    SELECT
        r.article_id,
        r.revision,
        lag(r.title) OVER version AS title_before,
        r.title AS title_after,
        lag(r.seen_at) OVER version AS seen_before_at,
        r.seen_at,
        r.words_added,
        r.words_removed,
        a.canonical_url AS url
    FROM revisions AS r
    JOIN articles AS a USING (article_id)
    WINDOW version AS (PARTITION BY r.article_id ORDER BY r.revision)
) AS r
WHERE title_before IS DISTINCT FROM title_after AND revision > 1;
COMMENT ON VIEW headline_changes IS 'Headlines that were changed after publication.';

CREATE OR REPLACE VIEW drops AS
SELECT e.seen_at, e.run_id, e.source_id, e.stage, e.reason, e.message, e.transient, e.url, e.title, e.capture_id
FROM entries AS e
WHERE e.outcome = 'dropped' AND e.reason <> 'known';
COMMENT ON VIEW drops IS 'Every entry that did not become an article, with the reason; the stored answer is capture_id.';

CREATE OR REPLACE VIEW source_health AS
SELECT
    s.source_id,
    s.kind,
    s.enabled,
    s.state,
    s.last_polled_at,
    s.next_poll_at,
    round(s.poll_minutes) AS poll_minutes,
    s.consecutive_failures,
    s.failing_since,
    s.last_error,
    s.moved_url,
    coalesce(a.articles, 0) AS articles,
    coalesce(a.articles_7_days, 0) AS articles_7_days,
    a.newest_published_at,
    round(a.extraction_confidence, 2) AS extraction_confidence,
    coalesce(d.drops_7_days, 0) AS drops_7_days,
    s.url
FROM sources AS s
LEFT JOIN (
    SELECT
        source_id,
        count(*) AS articles,
        count(*) FILTER (first_seen_at >= now() - INTERVAL 7 DAY) AS articles_7_days,
        max(published_at) AS newest_published_at,
        avg(extraction_confidence) AS extraction_confidence
    FROM articles GROUP BY source_id
) AS a USING (source_id)
LEFT JOIN (
    SELECT source_id, count(*) AS drops_7_days FROM drops WHERE seen_at >= now() - INTERVAL 7 DAY GROUP BY source_id
) AS d USING (source_id);
COMMENT ON VIEW source_health IS 'How each source is doing: polls, failures, where it has moved, articles and drops.';

CREATE OR REPLACE VIEW daily AS
SELECT
    CAST(coalesce(a.published_at, a.first_seen_at) AS DATE) AS day,
    coalesce(s.title, a.source_id) AS source,
    a.language,
    count(*) AS articles,
    count(*) FILTER (a.duplicate_of IS NOT NULL) AS copies,
    count(*) FILTER (a.revision > 1) AS revised,
    sum(a.word_count) AS words
FROM articles AS a
LEFT JOIN sources AS s USING (source_id)
GROUP BY ALL;
COMMENT ON VIEW daily IS 'Articles by day of publication (UTC; of first sight where unknown), source and language.';
