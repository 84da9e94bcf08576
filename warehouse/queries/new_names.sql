-- Who or what was named for the first time in the last seven days, in two articles or more?
SELECT e.name, e.label, count(DISTINCT m.article_id) AS articles
FROM entities AS e
JOIN mentions AS m USING (entity_id)
WHERE e.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
GROUP BY e.entity_id, e.name, e.label
HAVING count(DISTINCT m.article_id) > 1
ORDER BY articles DESC, e.name
LIMIT 20;
