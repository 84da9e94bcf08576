-- Who acts on whom in the news of the last seven days, how, and in how many articles?
SELECT actor.name AS actor, e.action, target.name AS target, count(DISTINCT e.article_id) AS articles,
    count(*) FILTER (e.status = 'actual') AS told_as_actual, arg_max(a.display_title, e.confidence) AS for_example
FROM events AS e
JOIN articles AS a USING (article_id)
JOIN entities AS actor ON actor.entity_id = e.actor_id
JOIN entities AS target ON target.entity_id = e.target_id
WHERE a.duplicate_of IS NULL AND a.first_seen_at >= (SELECT max(first_seen_at) - INTERVAL 7 DAY FROM articles)
GROUP BY actor.entity_id, actor.name, e.action, target.entity_id, target.name
ORDER BY articles DESC, actor, e.action, target
LIMIT 50;
