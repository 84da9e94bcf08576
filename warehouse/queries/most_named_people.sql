-- Who was named most in the last seven days, and by how many sources?
SELECT e.name, count(DISTINCT m.article_id) AS articles, count(DISTINCT a.source_id) AS sources
FROM mentions AS m
JOIN articles AS a USING (article_id)
JOIN entities AS e USING (entity_id)
WHERE m.label = 'PERSON' AND a.duplicate_of IS NULL
    AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
GROUP BY e.entity_id, e.name
ORDER BY articles DESC, sources DESC, e.name
LIMIT 20;
