-- Which days do most articles speak of?
SELECT d.first_day AS day, count(DISTINCT d.article_id) AS articles, any_value(d.surface) AS example
FROM dates AS d
JOIN articles AS a USING (article_id)
WHERE d.granularity = 'day' AND a.duplicate_of IS NULL
GROUP BY day
ORDER BY articles DESC, day
LIMIT 20;
