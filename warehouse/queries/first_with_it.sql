-- Whose stories do others run, and how long after?
SELECT original_source AS source, count(DISTINCT original_id) AS stories, count(*) AS copies,
    median(published_after) AS median_after
FROM syndication
GROUP BY original_source
ORDER BY copies DESC, source
LIMIT 20;
