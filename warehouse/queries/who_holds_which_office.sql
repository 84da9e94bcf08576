-- Which offices do articles give people, and since when have they been told so?
SELECT e.name, r.surface AS office, count(DISTINCT r.article_id) AS articles, min(a.first_seen_at) AS first_told_at
FROM roles AS r
JOIN articles AS a USING (article_id)
JOIN entities AS e USING (entity_id)
WHERE a.duplicate_of IS NULL
GROUP BY e.entity_id, e.name, r.surface
ORDER BY articles DESC, e.name, office
LIMIT 100;
