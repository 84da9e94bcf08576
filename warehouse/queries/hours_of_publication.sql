-- At which hours of the day (UTC) does each source publish?
SELECT coalesce(s.title, a.source_id) AS source, hour(a.published_at) AS hour, count(*) AS articles
FROM articles AS a
LEFT JOIN sources AS s USING (source_id)
WHERE a.published_at IS NOT NULL
GROUP BY ALL
ORDER BY source, hour;
