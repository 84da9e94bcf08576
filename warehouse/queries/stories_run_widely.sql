-- Which stories of the last seven days were run by most sources?
SELECT count(DISTINCT copy_source) AS sources, original_source, original_title, original_published_at
FROM syndication
WHERE original_id IN (SELECT article_id FROM articles
    WHERE first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles))
GROUP BY original_id, original_source, original_title, original_published_at
ORDER BY sources DESC, original_published_at
LIMIT 20;
