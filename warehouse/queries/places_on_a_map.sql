-- Which places were written about, with coordinates for a map?
SELECT e.name, e.country, e.latitude, e.longitude, count(DISTINCT m.article_id) AS articles
FROM mentions AS m
JOIN entities AS e USING (entity_id)
WHERE m.label = 'PLACE' AND e.latitude IS NOT NULL
GROUP BY e.entity_id, e.name, e.country, e.latitude, e.longitude
ORDER BY articles DESC, e.name
LIMIT 100;
