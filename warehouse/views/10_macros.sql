-- Search without an extension. One macro cuts a text into terms when it lands and a query into terms when it runs, so
-- that both are cut alike: words in lower case, accents folded (but not where a script writes its vowels as marks, as
-- those of South and South-East Asia do), text in Han and kana by pairs of characters.
CREATE OR REPLACE MACRO fold(words) AS
    list_transform([words], lambda given: replace(replace(replace(translate(
        CASE WHEN regexp_matches(given, '[\x{0900}-\x{109F}\x{1780}-\x{17FF}]')
            THEN array_to_string(list_transform(string_split(lower(nfc_normalize(given)), ' '), lambda word:
                CASE WHEN regexp_matches(word, '[\x{0900}-\x{109F}\x{1780}-\x{17FF}]') THEN word
                    ELSE strip_accents(word) END), ' ')
            ELSE lower(strip_accents(given)) END,
        'øłđðħı', 'olddhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'))[1];

CREATE OR REPLACE MACRO pairs_of(characters) AS
    CASE WHEN len(characters) < 2 THEN characters
        ELSE list_transform(list_zip(characters[:-2], characters[2:]), lambda pair: pair[1] || pair[2]) END;

CREATE OR REPLACE MACRO terms_of(words) AS
    list_filter(list_transform([fold(words)], lambda folded:
        CASE WHEN regexp_matches(folded, '[\p{Han}\p{Hiragana}\p{Katakana}]')
            THEN flatten(list_transform(
                regexp_extract_all(
                    regexp_replace(folded, '([\p{Han}\p{Hiragana}\p{Katakana}ー]+)', ' \1 ', 'g'),
                    '[\p{L}\p{M}\p{N}]+'),
                lambda run: CASE WHEN regexp_matches(run, '^[\p{Han}\p{Hiragana}\p{Katakana}]')
                    THEN pairs_of(string_split(run, '')) ELSE [run] END))
            ELSE regexp_extract_all(folded, '[\p{L}\p{M}\p{N}]+') END)[1],
        lambda term: length(term) <= 40);

-- The units of a text that a snippet is made of: a word with the white space before it, or one character of Han or kana.
CREATE OR REPLACE MACRO units_of(words) AS
    regexp_extract_all(left(words, 10000),
        '\s*[\p{Han}\p{Hiragana}\p{Katakana}]|\s*[^\s\p{Han}\p{Hiragana}\p{Katakana}]+');

-- The thirty units with most of the terms (of Han and kana: of their characters), those marked «so»; plain text.
CREATE OR REPLACE MACRO marked(units, hits, first) AS
    trim(regexp_replace(replace(array_to_string(list_transform(list_zip(units, hits)[first:first + 29], lambda pair:
        CASE WHEN pair[2] THEN regexp_replace(pair[1], '^(\s*)(.*)$', '\1«\2»', 's') ELSE pair[1] END), ''),
        '»«', ''), '\s+', ' ', 'g'));
CREATE OR REPLACE MACRO densest(hits) AS
    coalesce(list_max(list_transform(range(1, greatest(len(hits) - 21, 2), 8), lambda first:
        {'found': list_sum(list_transform(hits[first:first + 29], lambda hit: CAST(hit AS INTEGER))), 'first': -first})
    ).first * -1, 1);

-- BM25 with k1 = 1.2 and b = 0.75, of weighted fields (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
-- 2009, sections 3.4 and 3.6): search('"prime minister" tax*', since := DATE '2026-11-01', language := 'en').
-- A word finds those of its stem; "words in quotes" must stand there in that order; tax* begins a word (the forty
-- shortest words that it begins). Words of more than half of all articles count only where there is no rarer one. Copies
-- stand behind their original, looked for among the best 10 * most; phrases are looked for in the thousand best.
CREATE OR REPLACE MACRO search(
    query, since := NULL, until := NULL, source := NULL, language := NULL, entity := NULL, most := 20
) AS TABLE
    WITH pieces AS MATERIALIZED (
        SELECT terms_of(piece) AS terms, piece LIKE '"%' AS is_phrase, piece LIKE '%*' AS is_prefix
        FROM (SELECT unnest(regexp_extract_all(query, '"[^"]*"|[^"\s]+')) AS piece)
    ),
    phrases AS MATERIALIZED (SELECT terms FROM pieces WHERE is_phrase AND len(terms) > 0),
    words AS MATERIALIZED (
        SELECT DISTINCT unnest(CASE WHEN is_prefix THEN terms[:-2] ELSE terms END) AS part
        FROM pieces WHERE NOT is_phrase
    ),
    prefixes AS MATERIALIZED (
        SELECT DISTINCT terms[-1] AS prefix FROM pieces WHERE is_prefix AND NOT is_phrase AND len(terms) > 0
        UNION SELECT part FROM words WHERE regexp_matches(part, '^[\p{Han}\p{Hiragana}\p{Katakana}]$')
    ),
    stems AS (
        SELECT part, part AS stem FROM words
        UNION SELECT part, v.stem FROM words JOIN vocabulary AS v ON v.term = part
    ),
    parts AS MATERIALIZED (
        SELECT part, term, bool_or(needed) AS needed FROM (
            SELECT part, part AS term, false AS needed FROM words
            UNION ALL SELECT part, v.term, false FROM stems JOIN vocabulary AS v USING (stem)
            UNION ALL SELECT prefix || '*', v.term, false FROM prefixes JOIN vocabulary AS v ON starts_with(v.term, prefix)
            UNION ALL SELECT term, term, true FROM (SELECT unnest(terms) AS term FROM phrases)
        )
        GROUP BY part, term
        QUALIFY row_number() OVER (PARTITION BY part ORDER BY term <> part, length(term), term) <= 40
    ),
    whole AS MATERIALIZED (SELECT count(*) AS articles_all, avg(length) AS length_mean FROM documents),
    counts AS (
        SELECT term, count(*) AS articles_with FROM postings SEMI JOIN parts USING (term) GROUP BY term
    ),
    known AS MATERIALIZED (
        SELECT part, needed, ln(1 + (articles_all - articles_with + 0.5) / (articles_with + 0.5)) AS weight
        FROM (
            SELECT part, bool_or(needed) AS needed, least(sum(articles_with), any_value(articles_all)) AS articles_with,
                any_value(articles_all) AS articles_all
            FROM parts JOIN counts USING (term), whole GROUP BY part
        )
        QUALIFY needed OR articles_with <= greatest(articles_all / 2, min(articles_with) OVER ())
    ),
    chosen AS MATERIALIZED (SELECT part, term FROM parts SEMI JOIN known USING (part)),
    hits AS (
        SELECT part, p.number, CAST(sum(frequency) AS DOUBLE) AS frequency
        FROM postings AS p JOIN chosen USING (term) GROUP BY part, p.number
    ),
    named AS (
        SELECT DISTINCT m.article_id FROM mentions AS m WHERE m.entity_id IN (
            SELECT e.entity_id FROM entities AS e WHERE e.entity_id = entity OR lower(e.name) = lower(entity)
            UNION ALL SELECT x.entity_id FROM entity_aliases AS x WHERE lower(x.alias) = lower(entity)
        )
    ),
    best AS MATERIALIZED (
        SELECT hits.number, sum(weight * frequency * 2.2e0 / (frequency + 0.3e0 + 0.9e0 * d.length / length_mean)) AS score
        FROM hits JOIN known USING (part) JOIN documents AS d ON d.number = hits.number, whole
        WHERE (since IS NULL OR d.published_at >= CAST(since AS TIMESTAMPTZ))
            AND (until IS NULL OR CAST(d.published_at AS DATE) <= CAST(until AS DATE))
            AND (source IS NULL OR d.source_id = source)
            AND (language IS NULL OR d.language = language)
            AND (entity IS NULL OR d.article_id IN (FROM named))
        GROUP BY hits.number
        HAVING count(*) FILTER (needed) = (SELECT count(DISTINCT part) FROM parts WHERE needed)
        ORDER BY score DESC, hits.number
        LIMIT (SELECT CASE WHEN count(*) > 0 THEN 1000 ELSE 10 * most END FROM phrases)
    ),
    quoted AS (SELECT list(' ' || array_to_string(terms, ' ') || ' ') AS phrases FROM phrases),
    shown AS (
        SELECT DISTINCT ON (coalesce(a.duplicate_of, a.article_id))
            b.score, a.article_id, coalesce(a.duplicate_of, a.article_id) AS original, a.published_at, a.display_title,
            a.canonical_url, a.text
        FROM best AS b JOIN documents AS d USING (number) JOIN articles AS a USING (article_id), quoted
        WHERE CASE WHEN quoted.phrases IS NULL THEN true ELSE list_bool_and(list_transform(
            [' ' || array_to_string(terms_of(concat_ws(' ', a.title, a.text)), ' ') || ' '],
            lambda whole_text: list_bool_and(list_transform(quoted.phrases, lambda each: contains(whole_text, each))))) END
        ORDER BY coalesce(a.duplicate_of, a.article_id), a.duplicate_of IS NOT NULL, b.score DESC, a.article_id
    ),
    page AS MATERIALIZED (FROM shown ORDER BY score DESC, article_id LIMIT most),
    sought AS (
        SELECT list(DISTINCT term) || coalesce(flatten(list(DISTINCT string_split(term, ''))
            FILTER (regexp_matches(term, '[\p{Han}\p{Hiragana}\p{Katakana}]'))), []) AS terms
        FROM chosen
    ),
    read AS (SELECT page.* EXCLUDE (text), units_of(page.text) AS units FROM page),
    told AS (
        SELECT read.*, list_transform(units, lambda unit: list_has_any(terms_of(unit), terms)) AS hits FROM read, sought
    ),
    copied AS (
        SELECT c.duplicate_of AS original, count(*) AS copies FROM articles AS c
        WHERE c.duplicate_of IN (SELECT original FROM page) GROUP BY c.duplicate_of
    )
    SELECT
        round(t.score, 3) AS score,
        t.published_at,
        t.display_title AS title,
        t.canonical_url AS url,
        marked(t.units, t.hits, densest(t.hits)) AS snippet,
        coalesce(c.copies, 0) AS copies,
        t.article_id
    FROM told AS t LEFT JOIN copied AS c USING (original)
    ORDER BY t.score DESC, t.article_id;

-- What reads like an article: BM25 over its fifteen most telling terms, out of the forty that are longest and stand
-- there most often (short words are the common ones: Zipf, 1949); its own copies are left out.
CREATE OR REPLACE MACRO "similar"(id, most := 10) AS TABLE
    WITH own AS (
        SELECT term, sum(w) AS frequency FROM (
            SELECT unnest(terms_of(a.text)) AS term, 1 AS w FROM articles AS a WHERE a.article_id = id
            UNION ALL SELECT unnest(terms_of(a.title)), 3 FROM articles AS a WHERE a.article_id = id
        )
        GROUP BY term ORDER BY frequency * length(term) DESC, term LIMIT 40
    ),
    whole AS MATERIALIZED (SELECT count(*) AS articles_all, avg(length) AS length_mean FROM documents),
    known AS (SELECT term, count(*) AS articles_with FROM postings SEMI JOIN own USING (term) GROUP BY term),
    telling AS MATERIALIZED (
        SELECT term, ln(1 + (articles_all - articles_with + 0.5) / (articles_with + 0.5)) AS weight
        FROM own JOIN known USING (term), whole
        ORDER BY frequency * weight DESC, term LIMIT 15
    ),
    best AS MATERIALIZED (
        SELECT p.number,
            sum(weight * p.frequency * 2.2e0 / (p.frequency + 0.3e0 + 0.9e0 * d.length / length_mean)) AS score
        FROM postings AS p JOIN telling USING (term) JOIN documents AS d ON d.number = p.number, whole
        GROUP BY p.number ORDER BY score DESC, p.number LIMIT 10 * most + 100
    )
    SELECT
        round(b.score, 3) AS score,
        a.published_at,
        a.display_title AS title,
        a.canonical_url AS url,
        a.article_id
    FROM best AS b JOIN documents AS d USING (number) JOIN articles AS a USING (article_id)
    WHERE coalesce(a.duplicate_of, a.article_id) <> (
        SELECT coalesce(i.duplicate_of, i.article_id) FROM articles AS i WHERE i.article_id = id)
    ORDER BY b.score DESC, a.article_id
    LIMIT most;
