-- Which headlines were changed last?
SELECT seen_at, source, title_before, title_after, url
FROM headline_changes
ORDER BY seen_at DESC, url
LIMIT 20;
