-- Who is quoted most, and what did they say last?
SELECT speaker, count(*) AS quotes, count(DISTINCT source) AS sources, arg_max(quote,
    (published_at, start_char)) AS latest
FROM who_said_what
WHERE speaker IS NOT NULL
GROUP BY speaker_id, speaker
ORDER BY quotes DESC, speaker
LIMIT 20;
