-- Which articles of the last seven days was the extractor least sure of?
SELECT round(extraction_confidence, 2) AS confidence, page_kind, word_count,
    display_title AS title, canonical_url AS url
FROM articles
WHERE first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
ORDER BY extraction_confidence, article_id
LIMIT 20;
