-- What were the last seven days about, by subject and source?
SELECT t.name AS topic, coalesce(s.title, a.source_id) AS source, count(DISTINCT t.article_id) AS articles
FROM topics AS t
JOIN articles AS a USING (article_id)
LEFT JOIN sources AS s USING (source_id)
WHERE t.level = 1 AND a.duplicate_of IS NULL
    AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
GROUP BY ALL
ORDER BY articles DESC, topic, source
LIMIT 100;
