-- Which words are quoted by more than one source?
SELECT any_value(speaker) AS speaker, any_value(quote) AS quote, count(DISTINCT source) AS sources,
    min(published_at) AS first_published_at
FROM who_said_what
WHERE kind = 'direct' AND length(quote) >= 20
GROUP BY lower(quote)
HAVING count(DISTINCT source) > 1
ORDER BY sources DESC, first_published_at
LIMIT 20;
