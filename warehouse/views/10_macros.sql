-- Search without an extension: the same macro cuts a text into terms when it lands and a query into terms when it runs.
CREATE OR REPLACE MACRO terms_of(words) AS
    list_filter(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+'), lambda term: length(term) <= 40);

-- BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009, section 3.4): search('fishing harbour', most := 10).
CREATE OR REPLACE MACRO search(query, most := 20) AS TABLE
    WITH wanted AS (SELECT DISTINCT unnest(terms_of(query)) AS term),
    hits AS (SELECT postings.* FROM postings SEMI JOIN wanted USING (term)),
    known AS (SELECT term, count(*) AS articles_with FROM hits GROUP BY term),
    whole AS (SELECT count(*) AS articles_all, avg(word_count) AS words_mean FROM articles)
    SELECT
        round(sum(
            ln(1 + (articles_all - articles_with + 0.5) / (articles_with + 0.5))
            * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * word_count / words_mean))
        ), 3) AS score,
        any_value(a.published_at) AS published_at,
        any_value(a.display_title) AS title,
        any_value(a.canonical_url) AS url,
        any_value(a.duplicate_of) AS duplicate_of,
        a.article_id
    FROM hits JOIN known USING (term) JOIN articles AS a USING (article_id), whole
    GROUP BY a.article_id
    ORDER BY score DESC, a.article_id
    LIMIT most;

-- What reads like an article: BM25 over its fifteen most telling terms; its own copies are left out.
CREATE OR REPLACE MACRO "similar"(id, most := 10) AS TABLE
    WITH whole AS (SELECT count(*) AS articles_all, avg(word_count) AS words_mean FROM articles),
    own AS (SELECT term, frequency FROM postings WHERE article_id = id),
    known AS (SELECT term, count(*) AS articles_with FROM postings SEMI JOIN own USING (term) GROUP BY term),
    telling AS (
        SELECT term, ln(1 + (articles_all - articles_with + 0.5) / (articles_with + 0.5)) AS weight
        FROM own JOIN known USING (term), whole
        ORDER BY frequency * weight DESC, term LIMIT 15
    ),
    itself AS (SELECT coalesce(duplicate_of, article_id) AS original FROM articles WHERE article_id = id)
    SELECT
        round(sum(weight * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * word_count / words_mean))), 3) AS score,
        any_value(a.published_at) AS published_at,
        any_value(a.display_title) AS title,
        any_value(a.canonical_url) AS url,
        a.article_id
    FROM telling JOIN postings USING (term) JOIN articles AS a USING (article_id), whole, itself
    WHERE coalesce(a.duplicate_of, a.article_id) <> original
    GROUP BY a.article_id
    ORDER BY score DESC, a.article_id
    LIMIT most;
