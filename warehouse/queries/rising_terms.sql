-- Which terms do more articles of the last seven days have than those of the four weeks before, per day?
WITH dated AS (
    SELECT k.term, a.article_id, a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles) AS is_new
    FROM keywords AS k
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
        AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 35 DAY FROM articles)
)
SELECT term, count(*) FILTER (is_new) AS now, count(*) FILTER (NOT is_new) AS before
FROM dated
GROUP BY term
HAVING now > 1 AND now / 7 > before / 28
ORDER BY now / 7 - before / 28 DESC, term
LIMIT 20;
