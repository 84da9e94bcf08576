-- Who ran the story that was copied most, when, and how much of it did each keep?
SELECT place, copy_source, copy_published_at, published_after, duplicate_kind, kept, is_retitled, copy_title
FROM syndication
WHERE original_id = (
    SELECT duplicate_of FROM articles WHERE duplicate_of IS NOT NULL
    GROUP BY duplicate_of ORDER BY count(*) DESC, duplicate_of LIMIT 1
)
ORDER BY place;
