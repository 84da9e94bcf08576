-- Which sources have brought nothing for three days, and what ails them?
SELECT source_id, state, newest_published_at, consecutive_failures, last_error
FROM source_health
WHERE enabled
    AND source_id NOT IN (
        SELECT source_id FROM articles
        WHERE first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 3 DAY FROM articles)
    )
ORDER BY consecutive_failures DESC, source_id;
