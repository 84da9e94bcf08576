-- What is to happen in the next thirty days?
-- The days are chosen first: to cut the words around them out of every text would cost twenty times as much.
WITH coming AS (
    SELECT first_day, surface, article_id, start_char, end_char
    FROM dates JOIN articles USING (article_id)
    WHERE first_day BETWEEN current_date + 1 AND current_date + 30 AND duplicate_of IS NULL
    ORDER BY first_day, article_id, start_char
    LIMIT 50
)
SELECT first_day, surface,
    trim(regexp_replace(
        substr(text, greatest(start_char - 80, 0) + 1, end_char - greatest(start_char - 80, 0) + 80), '\s+', ' ', 'g'
    )) AS context,
    display_title AS title
FROM coming JOIN articles USING (article_id)
ORDER BY first_day, article_id, start_char;
