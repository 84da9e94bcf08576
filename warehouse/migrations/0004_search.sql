-- The search index anew: articles by number, their terms in sorted segments, and the words that share a stem.

DROP TABLE postings;

CREATE TABLE documents (
    number BIGINT NOT NULL,
    article_id VARCHAR NOT NULL,
    length BIGINT NOT NULL,
    published_at TIMESTAMPTZ,
    source_id VARCHAR NOT NULL,
    language VARCHAR
);
COMMENT ON TABLE documents IS 'Articles as the search index numbers them; one that changed gets a new number.';
COMMENT ON COLUMN documents.number IS 'Its number in postings.';
COMMENT ON COLUMN documents.article_id IS 'The article.';
COMMENT ON COLUMN documents.length IS 'Terms of its text, and three times those of its title.';
COMMENT ON COLUMN documents.published_at IS 'As in articles; NULL = not known.';
COMMENT ON COLUMN documents.source_id IS 'As in articles.';
COMMENT ON COLUMN documents.language IS 'As in articles; NULL = not known.';

CREATE TABLE postings (
    term VARCHAR NOT NULL,
    number BIGINT NOT NULL,
    frequency BIGINT NOT NULL
);
COMMENT ON TABLE postings IS 'The search index: how often each term stands in each article; sorted by term within a segment.';
COMMENT ON COLUMN postings.term IS 'A word in lower case, accents removed; of Han and kana two characters that stand together.';
COMMENT ON COLUMN postings.number IS 'The article, as numbered in documents.';
COMMENT ON COLUMN postings.frequency IS 'Times it occurs, in the title counted three times.';

CREATE TABLE segments (
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    size_rows BIGINT NOT NULL
);
COMMENT ON TABLE segments IS 'The parts of postings that are sorted by term, so that a search reads a small part of each.';
COMMENT ON COLUMN segments.first_number IS 'Lowest number in documents that belongs to it.';
COMMENT ON COLUMN segments.last_number IS 'Highest number in documents that belongs to it.';
COMMENT ON COLUMN segments.size_rows IS 'Rows of postings when it was written.';

CREATE TABLE vocabulary (
    term VARCHAR NOT NULL,
    stem VARCHAR NOT NULL
);
COMMENT ON TABLE vocabulary IS 'Every term of postings with its stem; terms that share one find each other.';
COMMENT ON COLUMN vocabulary.term IS 'As in postings.';
COMMENT ON COLUMN vocabulary.stem IS 'Its stem in a language of an article that has it; a term of several languages has a row for each stem, one of no known language is its own.';

-- Of an earlier archive all articles are cut anew, once: the terms as the macro terms_of has them.
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

INSERT INTO documents BY NAME
SELECT row_number() OVER (ORDER BY first_seen_at, article_id) AS number, article_id, 0 AS length, published_at, source_id, language
FROM articles;

INSERT INTO postings BY NAME
SELECT term, number, sum(weight) AS frequency FROM (
    SELECT number, unnest(terms_of(text)) AS term, 1 AS weight FROM documents JOIN articles USING (article_id)
    UNION ALL
    SELECT number, unnest(terms_of(title)) AS term, 3 AS weight FROM documents JOIN articles USING (article_id)
) GROUP BY term, number ORDER BY term, number;

CREATE TEMP TABLE lengths AS SELECT number, sum(frequency) AS length FROM postings GROUP BY number;
CREATE TEMP TABLE numbered AS
SELECT d.* REPLACE (coalesce(l.length, 0) AS length) FROM documents AS d LEFT JOIN lengths AS l USING (number);
DELETE FROM documents;
INSERT INTO documents SELECT * FROM numbered ORDER BY number;
DROP TABLE numbered;
DROP TABLE lengths;

INSERT INTO segments SELECT min(number), max(number), (SELECT count(*) FROM postings) FROM documents HAVING count(*) > 0;
INSERT INTO vocabulary SELECT DISTINCT term, term FROM postings ORDER BY term;
