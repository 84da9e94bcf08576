-- Which places are named often and found in no gazetteer?
SELECT p.surface AS place, count(DISTINCT p.article_id) AS articles, any_value(a.display_title) AS for_example
FROM places AS p
JOIN articles AS a USING (article_id)
WHERE p.resolution = 'none'
GROUP BY p.surface
ORDER BY articles DESC, place
LIMIT 50;
