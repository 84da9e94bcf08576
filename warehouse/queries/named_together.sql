-- Which two people are named together most often in the last seven days?
WITH named AS (
    SELECT DISTINCT m.article_id, m.entity_id
    FROM mentions AS m
    JOIN articles AS a USING (article_id)
    WHERE m.label = 'PERSON' AND a.duplicate_of IS NULL
        AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
)
SELECT p.name AS one, q.name AS other, count(*) AS articles
FROM named AS x
JOIN named AS y ON x.article_id = y.article_id AND x.entity_id < y.entity_id
JOIN entities AS p ON p.entity_id = x.entity_id
JOIN entities AS q ON q.entity_id = y.entity_id
GROUP BY x.entity_id, y.entity_id, p.name, q.name
ORDER BY articles DESC, one, other
LIMIT 20;
