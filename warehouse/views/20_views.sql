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
COMMENT ON COLUMN news.article_id IS 'The article.';
COMMENT ON COLUMN news.published_at IS 'When it says it was published; NULL = not found.';
COMMENT ON COLUMN news.source IS 'Title of the source that first led to it, else its id.';
COMMENT ON COLUMN news.title IS 'Headline, else the beginning of the first sentence.';
COMMENT ON COLUMN news.authors IS 'Byline, one name each.';
COMMENT ON COLUMN news.language IS 'Two-letter language; NULL = unknown.';
COMMENT ON COLUMN news.section IS 'Section of the paper; NULL = not found.';
COMMENT ON COLUMN news.page_kind IS 'article, live_blog, video, gallery or paywall.';
COMMENT ON COLUMN news.summary IS 'The sentences that lead the text; NULL = none.';
COMMENT ON COLUMN news.text IS 'The body; empty = no longer kept.';
COMMENT ON COLUMN news.word_count IS 'Words of text.';
COMMENT ON COLUMN news.url IS 'Its one address.';
COMMENT ON COLUMN news.copies IS 'Articles of the archive that repeat it.';
COMMENT ON COLUMN news.revision IS '1 = never seen to change; n = the nth version.';
COMMENT ON COLUMN news.first_seen_at IS 'When the archive first fetched it.';
COMMENT ON COLUMN news.extraction_confidence IS 'How sure the extractor is of the body, 0 to 1.';

CREATE OR REPLACE VIEW who_said_what AS
SELECT
    coalesce(e.name, substr(a.text, q.speaker_start_char + 1, q.speaker_end_char - q.speaker_start_char)) AS speaker,
    q.verb,
    q.text AS quote,
    q.kind,
    a.published_at,
    coalesce(s.title, a.source_id) AS source,
    a.display_title AS title,
    a.canonical_url AS url,
    q.confidence,
    q.speaker_id,
    t.name AS addressee,
    q.number,
    q.article_id,
    q.start_char,
    q.end_char
FROM quotes AS q
JOIN articles AS a USING (article_id)
LEFT JOIN sources AS s USING (source_id)
LEFT JOIN entities AS e ON e.entity_id = q.speaker_id
LEFT JOIN entities AS t ON t.entity_id = q.addressee_id
WHERE a.duplicate_of IS NULL;
COMMENT ON VIEW who_said_what IS 'Quotations of original articles with their speakers; speaker NULL = not found.';
COMMENT ON COLUMN who_said_what.speaker IS 'Who said it: the entity''s name, else the words of the text ("a spokesman"); NULL = not found.';
COMMENT ON COLUMN who_said_what.verb IS 'The verb of saying; NULL = none.';
COMMENT ON COLUMN who_said_what.quote IS 'The words, without the marks.';
COMMENT ON COLUMN who_said_what.kind IS 'direct or indirect.';
COMMENT ON COLUMN who_said_what.published_at IS 'When the article was published; NULL = not found.';
COMMENT ON COLUMN who_said_what.source IS 'Who reports it.';
COMMENT ON COLUMN who_said_what.title IS 'The article.';
COMMENT ON COLUMN who_said_what.url IS 'Its address.';
COMMENT ON COLUMN who_said_what.confidence IS 'Confidence in the speaker, 0 to 1.';
COMMENT ON COLUMN who_said_what.speaker_id IS 'entity_id of the speaker; NULL = not found, or told by common words.';
COMMENT ON COLUMN who_said_what.addressee IS 'To whom it was said; NULL = not told.';
COMMENT ON COLUMN who_said_what.number IS 'Number of the quotation in the article; parts of a broken one share it; NULL = made before they were numbered.';
COMMENT ON COLUMN who_said_what.article_id IS 'The article.';
COMMENT ON COLUMN who_said_what.start_char IS 'First code point of the quote in the text, from 0.';
COMMENT ON COLUMN who_said_what.end_char IS 'First code point after it.';

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
COMMENT ON COLUMN timeline.first_day IS 'First day that is meant.';
COMMENT ON COLUMN timeline.last_day IS 'Last day that is meant, included.';
COMMENT ON COLUMN timeline.value IS 'The same as ISO 8601: a day, week, month, quarter or year.';
COMMENT ON COLUMN timeline.surface IS 'The words in the text.';
COMMENT ON COLUMN timeline.context IS 'These with some eighty characters on either side.';
COMMENT ON COLUMN timeline.title IS 'The article.';
COMMENT ON COLUMN timeline.published_at IS 'When it was published; NULL = not found.';
COMMENT ON COLUMN timeline.article_id IS 'The article.';
COMMENT ON COLUMN timeline.start_char IS 'First code point of the words in the text, from 0.';
COMMENT ON COLUMN timeline.end_char IS 'First code point after them.';

-- Of the distinct words of one text, the share that another has; NULL where the one has none.
CREATE OR REPLACE MACRO words_shared(one, other) AS
    len(list_intersect(
        regexp_extract_all(lower(one), '[\p{L}\p{N}]+'), regexp_extract_all(lower(other), '[\p{L}\p{N}]+')
    )) / nullif(len(list_distinct(regexp_extract_all(lower(one), '[\p{L}\p{N}]+'))), 0);

CREATE OR REPLACE VIEW syndication AS
SELECT
    o.article_id AS original_id,
    o.display_title AS original_title,
    coalesce(os.title, o.source_id) AS original_source,
    c.article_id AS copy_id,
    c.display_title AS copy_title,
    coalesce(cs.title, c.source_id) AS copy_source,
    c.duplicate_kind,
    o.published_at AS original_published_at,
    c.published_at AS copy_published_at,
    c.published_at - o.published_at AS published_after,
    n.place,
    o.word_count AS original_words,
    c.word_count AS copy_words,
    round(words_shared(o.text, c.text), 2) AS kept,
    round(words_shared(c.text, o.text), 2) AS taken,
    c.display_title IS DISTINCT FROM o.display_title AS is_retitled,
    c.canonical_url AS copy_url
FROM (  -- apart, so that a condition is met before any text is cut into words
    SELECT
        article_id,
        row_number() OVER (
            PARTITION BY duplicate_of ORDER BY coalesce(published_at, first_seen_at), article_id
        ) AS place
    FROM articles WHERE duplicate_of IS NOT NULL
) AS n
JOIN articles AS c USING (article_id)
JOIN articles AS o ON o.article_id = c.duplicate_of
LEFT JOIN sources AS os ON os.source_id = o.source_id
LEFT JOIN sources AS cs ON cs.source_id = c.source_id;
COMMENT ON VIEW syndication IS 'Who ran whose story: one row per copy, when, how long after, and how much of it stayed.';
COMMENT ON COLUMN syndication.original_id IS 'The story: the earliest article that has it.';
COMMENT ON COLUMN syndication.original_title IS 'Its headline.';
COMMENT ON COLUMN syndication.original_source IS 'Who had it first.';
COMMENT ON COLUMN syndication.copy_id IS 'The article that repeats it.';
COMMENT ON COLUMN syndication.copy_title IS 'Headline of the copy.';
COMMENT ON COLUMN syndication.copy_source IS 'Who ran it.';
COMMENT ON COLUMN syndication.duplicate_kind IS 'exact, agency_copy, abridged, extended or boilerplate_variant.';
COMMENT ON COLUMN syndication.original_published_at IS 'When the original was published; NULL = not found.';
COMMENT ON COLUMN syndication.copy_published_at IS 'When the copy was published; NULL = not found.';
COMMENT ON COLUMN syndication.published_after IS 'How long after the original; NULL where either time is not known.';
COMMENT ON COLUMN syndication.place IS '1 = the first to take it up, 2 = the second, and so on.';
COMMENT ON COLUMN syndication.original_words IS 'Words of the original.';
COMMENT ON COLUMN syndication.copy_words IS 'Words of the copy.';
COMMENT ON COLUMN syndication.kept IS 'Share of the distinct words of the original that the copy has, 0 to 1; NULL = no body.';
COMMENT ON COLUMN syndication.taken IS 'Share of the distinct words of the copy that the original has, 0 to 1, the rest being its own; NULL = no body.';
COMMENT ON COLUMN syndication.is_retitled IS 'True where it runs under another headline.';
COMMENT ON COLUMN syndication.copy_url IS 'Address of the copy.';

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
        coalesce(s.title, a.source_id) AS source,
        a.canonical_url AS url
    FROM revisions AS r
    JOIN articles AS a USING (article_id)
    LEFT JOIN sources AS s USING (source_id)
    WINDOW version AS (PARTITION BY r.article_id ORDER BY r.revision)
) AS r
WHERE title_before IS DISTINCT FROM title_after AND revision > 1;
COMMENT ON VIEW headline_changes IS 'Headlines that were changed after publication.';
COMMENT ON COLUMN headline_changes.article_id IS 'The article.';
COMMENT ON COLUMN headline_changes.revision IS 'The version that brought the new headline.';
COMMENT ON COLUMN headline_changes.title_before IS 'Headline until then; NULL = none.';
COMMENT ON COLUMN headline_changes.title_after IS 'Headline from then on; NULL = none.';
COMMENT ON COLUMN headline_changes.seen_before_at IS 'When the archive fetched the version before.';
COMMENT ON COLUMN headline_changes.seen_at IS 'When the archive fetched this version: it was changed between the two.';
COMMENT ON COLUMN headline_changes.words_added IS 'Words added to the text with it.';
COMMENT ON COLUMN headline_changes.words_removed IS 'Words removed from the text with it.';
COMMENT ON COLUMN headline_changes.source IS 'Who changed it.';
COMMENT ON COLUMN headline_changes.url IS 'Its address.';

CREATE OR REPLACE VIEW drops AS
SELECT e.seen_at, e.run_id, e.source_id, e.stage, e.reason, e.message, e.transient, e.url, e.title, e.capture_id
FROM entries AS e
WHERE e.outcome = 'dropped' AND e.reason <> 'known';
COMMENT ON VIEW drops IS 'Every entry that did not become an article, with the reason; the stored answer is capture_id.';
COMMENT ON COLUMN drops.seen_at IS 'When the entry was listed.';
COMMENT ON COLUMN drops.run_id IS 'The run that met it.';
COMMENT ON COLUMN drops.source_id IS 'The source that listed it.';
COMMENT ON COLUMN drops.stage IS 'Where it was dropped: discover, fetch, clean, resemble or enrich.';
COMMENT ON COLUMN drops.reason IS 'Why, as a code.';
COMMENT ON COLUMN drops.message IS 'Why, as a sentence with the remedy; NULL = erased on request since.';
COMMENT ON COLUMN drops.transient IS 'True = tried again by a later run.';
COMMENT ON COLUMN drops.url IS 'Its address.';
COMMENT ON COLUMN drops.title IS 'Title as listed; NULL = none.';
COMMENT ON COLUMN drops.capture_id IS 'The stored answer; NULL = none.';

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
COMMENT ON COLUMN source_health.source_id IS 'The source.';
COMMENT ON COLUMN source_health.kind IS 'feed, sitemap, page, list, folder or warc.';
COMMENT ON COLUMN source_health.enabled IS 'False once switched off or taken out of sources.toml.';
COMMENT ON COLUMN source_health.state IS 'active, quarantined or gone.';
COMMENT ON COLUMN source_health.last_polled_at IS 'When it was last asked; NULL = never.';
COMMENT ON COLUMN source_health.next_poll_at IS 'Not asked again before; NULL = due now.';
COMMENT ON COLUMN source_health.poll_minutes IS 'Pause between two polls as learned; NULL = not learned.';
COMMENT ON COLUMN source_health.consecutive_failures IS 'Failed polls since the last good one.';
COMMENT ON COLUMN source_health.failing_since IS 'First of these; NULL = the last poll was good.';
COMMENT ON COLUMN source_health.last_error IS 'Sentence of the last failure; NULL = the last poll was good.';
COMMENT ON COLUMN source_health.moved_url IS 'Asked in place of url; NULL = not moved.';
COMMENT ON COLUMN source_health.articles IS 'Articles that it first led to.';
COMMENT ON COLUMN source_health.articles_7_days IS 'Of these, first seen in the last seven days.';
COMMENT ON COLUMN source_health.newest_published_at IS 'Publication of its newest article; NULL = none or not found.';
COMMENT ON COLUMN source_health.extraction_confidence IS 'Mean confidence of its articles, 0 to 1; NULL = it has none.';
COMMENT ON COLUMN source_health.drops_7_days IS 'Entries dropped in the last seven days.';
COMMENT ON COLUMN source_health.url IS 'Address as configured.';

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
COMMENT ON COLUMN daily.day IS 'Day of publication (UTC); of first sight where that is not found.';
COMMENT ON COLUMN daily.source IS 'Title of the source, else its id.';
COMMENT ON COLUMN daily.language IS 'Two-letter language; NULL = unknown.';
COMMENT ON COLUMN daily.articles IS 'Articles, copies included.';
COMMENT ON COLUMN daily.copies IS 'Of these, copies of another.';
COMMENT ON COLUMN daily.revised IS 'Of these, seen to change.';
COMMENT ON COLUMN daily.words IS 'Words of all their texts.';
