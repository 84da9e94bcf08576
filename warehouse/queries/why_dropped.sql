-- Why were entries dropped in the last seven days, with an example of each?
SELECT reason, stage, count(*) AS entries, count(DISTINCT source_id) AS sources, min(message) AS example
FROM drops
WHERE seen_at >= (SELECT max(seen_at) - INTERVAL 7 DAY FROM entries)
GROUP BY reason, stage
ORDER BY entries DESC, reason;
