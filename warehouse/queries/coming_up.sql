-- What is to happen in the next thirty days?
SELECT first_day, surface, context, title
FROM timeline
WHERE first_day BETWEEN current_date + 1 AND current_date + 30
ORDER BY first_day, article_id, start_char
LIMIT 50;
