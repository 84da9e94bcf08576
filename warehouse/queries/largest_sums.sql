-- What are the largest sums of money of the last seven days?
SELECT m.value, m.unit, m.surface, a.display_title AS title, a.canonical_url AS url
FROM amounts AS m
JOIN articles AS a USING (article_id)
WHERE m.kind = 'money' AND a.duplicate_of IS NULL
    AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
ORDER BY m.value DESC, a.article_id
LIMIT 20;
