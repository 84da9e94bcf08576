-- Which articles were rewritten most after they appeared?
SELECT count(*) AS changes, sum(words_added) AS words_added, sum(words_removed) AS words_removed, article_id,
    any_value(a.display_title) AS title
FROM revisions AS r
JOIN articles AS a USING (article_id)
WHERE r.revision > 1
GROUP BY article_id
ORDER BY sum(words_added) + sum(words_removed) DESC, article_id
LIMIT 20;
