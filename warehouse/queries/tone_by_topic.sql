-- How is each subject worded, from the darkest to the brightest?
SELECT t.name AS topic, round(avg(n.score), 3) AS tone, count(*) AS articles
FROM topics AS t
JOIN tones AS n ON n.article_id = t.article_id AND n.scope = 'article'
WHERE t.level = 1
GROUP BY t.name
ORDER BY tone, topic;
