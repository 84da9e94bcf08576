-- Which words are quoted by more than one source?
-- Words that stand there once are left out first. No text is read, as who_said_what does for speakers without a name.
WITH repeated AS (
    SELECT lower(text) AS words
    FROM quotes
    WHERE kind = 'direct' AND length(text) >= 20
    GROUP BY words
    HAVING count(*) > 1
),
said AS MATERIALIZED (
    SELECT article_id, speaker_id, text, lower(text) AS words
    FROM quotes
    WHERE kind = 'direct' AND lower(text) IN (FROM repeated)
)
SELECT any_value(name) AS speaker, any_value(said.text) AS quote, count(DISTINCT source_id) AS sources,
    min(published_at) AS first_published_at
FROM said
JOIN articles USING (article_id)
LEFT JOIN entities ON entity_id = speaker_id
WHERE duplicate_of IS NULL
GROUP BY words
HAVING count(DISTINCT source_id) > 1
ORDER BY sources DESC, first_published_at
LIMIT 20;
