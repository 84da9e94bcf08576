-- What the articles say, for people: who did what, who is who, what made the rows.

CREATE OR REPLACE VIEW who_did_what AS
SELECT
    coalesce(actor.name, substr(a.text, e.actor_start_char + 1, e.actor_end_char - e.actor_start_char)) AS actor,
    e.action,
    substr(a.text, e.verb_start_char + 1, e.verb_end_char - e.verb_start_char) AS verb,
    coalesce(target.name, substr(a.text, e.target_start_char + 1, e.target_end_char - e.target_start_char)) AS target,
    e.status,
    place.name AS place,
    e.first_day,
    e.last_day,
    trim(regexp_replace(substr(a.text, e.start_char + 1, e.end_char - e.start_char), '\s+', ' ', 'g')) AS clause,
    a.published_at,
    coalesce(s.title, a.source_id) AS source,
    a.display_title AS title,
    a.canonical_url AS url,
    e.confidence,
    e.actor_id,
    e.target_id,
    e.article_id,
    e.start_char,
    e.end_char
FROM events AS e
JOIN articles AS a USING (article_id)
LEFT JOIN sources AS s USING (source_id)
LEFT JOIN entities AS actor ON actor.entity_id = e.actor_id
LEFT JOIN entities AS target ON target.entity_id = e.target_id
LEFT JOIN entities AS place ON place.entity_id = e.place_id
WHERE a.duplicate_of IS NULL;
COMMENT ON VIEW who_did_what IS 'Events that original articles tell in their lead: who did what to whom, where and when.';
COMMENT ON COLUMN who_did_what.actor IS 'Who acts: the entity''s name, else the words of the text; NULL = not told.';
COMMENT ON COLUMN who_did_what.action IS 'Event type of PLOVER, as in ASSAULT or CONSULT.';
COMMENT ON COLUMN who_did_what.verb IS 'The words that tell the action.';
COMMENT ON COLUMN who_did_what.target IS 'To whom it is done, likewise; NULL = not told.';
COMMENT ON COLUMN who_did_what.status IS 'actual, planned, denied or claimed.';
COMMENT ON COLUMN who_did_what.place IS 'Where; NULL = the clause names no place.';
COMMENT ON COLUMN who_did_what.first_day IS 'First day on which it may have been; NULL = the clause tells no time.';
COMMENT ON COLUMN who_did_what.last_day IS 'Last such day, included; NULL = the clause tells no time.';
COMMENT ON COLUMN who_did_what.clause IS 'The words that tell it.';
COMMENT ON COLUMN who_did_what.published_at IS 'When the article was published; NULL = not found.';
COMMENT ON COLUMN who_did_what.source IS 'Who reports it.';
COMMENT ON COLUMN who_did_what.title IS 'The article.';
COMMENT ON COLUMN who_did_what.url IS 'Its address.';
COMMENT ON COLUMN who_did_what.confidence IS '0 to 1; ranks rows, not calibrated.';
COMMENT ON COLUMN who_did_what.actor_id IS 'entity_id of who acts; NULL = not told, or by common words.';
COMMENT ON COLUMN who_did_what.target_id IS 'entity_id of whom it is done to; NULL = not told, or by common words.';
COMMENT ON COLUMN who_did_what.article_id IS 'The article.';
COMMENT ON COLUMN who_did_what.start_char IS 'First code point of the clause in the text, from 0.';
COMMENT ON COLUMN who_did_what.end_char IS 'First code point after it.';

CREATE OR REPLACE VIEW who_is_who AS
SELECT
    e.name,
    e.label,
    coalesce(o.aliases, []) AS aliases,
    r.roles,
    m.articles,
    m.mentions,
    m.first_day,
    m.last_day,
    e.country,
    e.entity_id
FROM entities AS e
JOIN (
    SELECT
        entity_id, count(DISTINCT article_id) AS articles, count(*) AS mentions,
        min(CAST(coalesce(published_at, first_seen_at) AS DATE)) AS first_day,
        max(CAST(coalesce(published_at, first_seen_at) AS DATE)) AS last_day
    FROM mentions JOIN articles USING (article_id)
    WHERE duplicate_of IS NULL
    GROUP BY entity_id
) AS m USING (entity_id)
LEFT JOIN (SELECT entity_id, list(alias ORDER BY alias) AS aliases FROM entity_aliases GROUP BY entity_id) AS o
    USING (entity_id)
LEFT JOIN (
    SELECT entity_id, list(surface ORDER BY articles DESC, surface) AS roles
    FROM (SELECT entity_id, surface, count(DISTINCT article_id) AS articles FROM roles GROUP BY entity_id, surface)
    GROUP BY entity_id
) AS r USING (entity_id);
COMMENT ON VIEW who_is_who IS 'Everyone and everything that original articles name, with other names, offices, and how often and since when.';
COMMENT ON COLUMN who_is_who.name IS 'Fullest name met when it was first seen.';
COMMENT ON COLUMN who_is_who.label IS 'PERSON, ORG, PLACE, NORP, LAW, EVENT or PRODUCT.';
COMMENT ON COLUMN who_is_who.aliases IS 'Other forms of the name that were met.';
COMMENT ON COLUMN who_is_who.roles IS 'Offices and occupations that articles give a person, the most told first; NULL = none.';
COMMENT ON COLUMN who_is_who.articles IS 'Original articles that name it.';
COMMENT ON COLUMN who_is_who.mentions IS 'How often they do.';
COMMENT ON COLUMN who_is_who.first_day IS 'Publication (UTC) of the first of them; of first sight where that is not found.';
COMMENT ON COLUMN who_is_who.last_day IS 'The same of the last.';
COMMENT ON COLUMN who_is_who.country IS 'ISO 3166-1 alpha-2 of a place; NULL = not a place or not sure.';
COMMENT ON COLUMN who_is_who.entity_id IS 'Its id.';

CREATE OR REPLACE VIEW enrichment AS
SELECT facts, enricher, count(*) AS rows, count(DISTINCT article_id) AS articles
FROM (
    SELECT 'mentions' AS facts, enricher, article_id FROM mentions
    UNION ALL SELECT 'roles', enricher, article_id FROM roles
    UNION ALL SELECT 'places', enricher, article_id FROM places
    UNION ALL SELECT 'dates', enricher, article_id FROM dates
    UNION ALL SELECT 'amounts', enricher, article_id FROM amounts
    UNION ALL SELECT 'quotes', enricher, article_id FROM quotes
    UNION ALL SELECT 'events', enricher, article_id FROM events
    UNION ALL SELECT 'topics', enricher, article_id FROM topics
    UNION ALL SELECT 'keywords', enricher, article_id FROM keywords
    UNION ALL SELECT 'summary_sentences', enricher, article_id FROM summary_sentences
    UNION ALL SELECT 'tones', enricher, article_id FROM tones
    UNION ALL SELECT 'enrichment_misses', enricher, article_id FROM enrichment_misses
)
GROUP BY facts, enricher;
COMMENT ON VIEW enrichment IS 'How many rows each version of each enricher has made, and where enrichers failed.';
COMMENT ON COLUMN enrichment.facts IS 'The table.';
COMMENT ON COLUMN enrichment.enricher IS 'Name and version of what made the rows; NULL = made before rows told it.';
COMMENT ON COLUMN enrichment.rows IS 'Rows.';
COMMENT ON COLUMN enrichment.articles IS 'Articles that they are of.';
