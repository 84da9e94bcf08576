-- What was changed in the articles revised last, word by word?
SELECT r.seen_at, r.article_id, r.revision, r.words_added, r.words_removed, r.diff
FROM revisions AS r
WHERE r.revision > 1
ORDER BY r.seen_at DESC, r.article_id
LIMIT 10;
