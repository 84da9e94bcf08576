-- More of what an article says: roles, places, events, topics, summary and tone; and which enricher made each row.

ALTER TABLE mentions ADD COLUMN enricher VARCHAR;
ALTER TABLE dates ADD COLUMN enricher VARCHAR;
ALTER TABLE amounts ADD COLUMN qualifier VARCHAR;
ALTER TABLE amounts ADD COLUMN enricher VARCHAR;
ALTER TABLE quotes ADD COLUMN number BIGINT;
ALTER TABLE quotes ADD COLUMN addressee_id VARCHAR;
ALTER TABLE quotes ADD COLUMN enricher VARCHAR;
ALTER TABLE keywords ADD COLUMN enricher VARCHAR;
COMMENT ON COLUMN mentions.enricher IS 'Name and version of what made the row; NULL = made before rows told it.';
COMMENT ON COLUMN dates.enricher IS 'Name and version of what made the row; NULL = made before rows told it.';
COMMENT ON COLUMN amounts.enricher IS 'Name and version of what made the row; NULL = made before rows told it.';
COMMENT ON COLUMN quotes.enricher IS 'Name and version of what made the row; NULL = made before rows told it.';
COMMENT ON COLUMN keywords.enricher IS 'Name and version of what made the row; NULL = made before rows told it.';
COMMENT ON COLUMN amounts.qualifier IS 'at least, at most, about, more than or less than; the ends of a range are at least and at most; NULL = the text gives the number itself.';
COMMENT ON COLUMN quotes.number IS 'Number of the quotation in the article, from 1; parts of a broken quotation share it; NULL = made before quotations were numbered.';
COMMENT ON COLUMN quotes.addressee_id IS 'Entity to whom it was said; NULL = not told.';
COMMENT ON COLUMN amounts.unit IS 'ISO 4217 currency; %, percentage point or basis point; symbol of a measure (km, kg, ha, °C, km², h, year); or the noun that is counted; NULL = a currency that the text does not tell.';
COMMENT ON COLUMN dates.value IS 'YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Www (ISO 8601), YYYY-Qn, YYYY-Hn (half), YYYY-SP, -SU, -FA, -WI (season, a winter by the year it begins in), YYYY-Www-WE (weekend), YYYX (decade), YYXX (century).';
COMMENT ON COLUMN dates.granularity IS 'day, weekend, week, month, quarter, season, half, year, decade or century.';
COMMENT ON COLUMN quotes.speaker_id IS 'entity_id of the speaker; NULL = not found, or told by common words ("officials").';
COMMENT ON COLUMN quotes.speaker_start_char IS 'Where the words stand that tell the speaker: a name, a pronoun or common words; NULL = not found.';
COMMENT ON COLUMN keywords.term IS 'An entity''s canonical name, or a phrase as the article writes it most; the span is where it first stands.';
COMMENT ON COLUMN runs.flow IS 'ingest, backfill, refine, or enrich (a refine of facts alone).';
COMMENT ON COLUMN entries.outcome IS 'new, copy, revised or dropped; of refine: refined (reads differently), reread (reads as before) or enriched (facts made anew).';
COMMENT ON COLUMN articles.enricher IS 'Name and version of the set of enrichers that read the facts.';

CREATE TABLE roles (
    article_id VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    confidence DOUBLE NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE roles IS 'Offices and occupations that an article gives a person.';
COMMENT ON COLUMN roles.article_id IS 'The article.';
COMMENT ON COLUMN roles.entity_id IS 'The person.';
COMMENT ON COLUMN roles.surface IS 'The words themselves, as in "Defence Minister": articles.text[start_char + 1 : end_char].';
COMMENT ON COLUMN roles.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN roles.end_char IS 'First code point after it.';
COMMENT ON COLUMN roles.confidence IS '0 to 1; ranks rows, not calibrated.';
COMMENT ON COLUMN roles.enricher IS 'Name and version of what made the row.';

CREATE TABLE places (
    article_id VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    resolution VARCHAR NOT NULL,
    gazetteer_id VARCHAR,
    name VARCHAR,
    kind VARCHAR,
    country VARCHAR,
    division VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    confidence DOUBLE NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE places IS 'Where each mention of a place lies, as far as a gazetteer and the rest of the article tell.';
COMMENT ON COLUMN places.article_id IS 'The article.';
COMMENT ON COLUMN places.entity_id IS 'The place as it is named.';
COMMENT ON COLUMN places.surface IS 'The words themselves: articles.text[start_char + 1 : end_char].';
COMMENT ON COLUMN places.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN places.end_char IS 'First code point after it.';
COMMENT ON COLUMN places.resolution IS 'exact, parent (in no gazetteer; what follows is the smallest known place that contains it) or none (not resolved).';
COMMENT ON COLUMN places.gazetteer_id IS 'As in geonames:1261481 (towns and countries) or iso3166-2:IN-JK; NULL = not resolved, or of no such list.';
COMMENT ON COLUMN places.name IS 'Its name in the gazetteer; NULL = not resolved.';
COMMENT ON COLUMN places.kind IS 'country, division, town, region, water or facility; NULL = not resolved.';
COMMENT ON COLUMN places.country IS 'ISO 3166-1 alpha-2; NULL = not resolved, or of no one country.';
COMMENT ON COLUMN places.division IS 'First-level division; NULL = not resolved, or in none.';
COMMENT ON COLUMN places.latitude IS 'Degrees north, WGS 84; NULL = not resolved, or too wide for a point.';
COMMENT ON COLUMN places.longitude IS 'Degrees east, WGS 84; NULL = not resolved, or too wide for a point.';
COMMENT ON COLUMN places.confidence IS '0 to 1; ranks rows, not calibrated.';
COMMENT ON COLUMN places.enricher IS 'Name and version of what made the row.';

CREATE TABLE events (
    article_id VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    action VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    verb_start_char BIGINT NOT NULL,
    verb_end_char BIGINT NOT NULL,
    actor_id VARCHAR,
    actor_start_char BIGINT,
    actor_end_char BIGINT,
    target_id VARCHAR,
    target_start_char BIGINT,
    target_end_char BIGINT,
    place_id VARCHAR,
    first_day DATE,
    last_day DATE,
    confidence DOUBLE NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE events IS 'Who did what to whom, clause by clause, in the lead paragraphs.';
COMMENT ON COLUMN events.article_id IS 'The article.';
COMMENT ON COLUMN events.start_char IS 'First code point of the clause in articles.text, from 0.';
COMMENT ON COLUMN events.end_char IS 'First code point after it.';
COMMENT ON COLUMN events.action IS 'Event type of PLOVER, as in ASSAULT or CONSULT.';
COMMENT ON COLUMN events.status IS 'actual, planned (intended, promised or demanded), denied (did not happen) or claimed.';
COMMENT ON COLUMN events.verb_start_char IS 'First code point of the words that tell the action.';
COMMENT ON COLUMN events.verb_end_char IS 'First code point after them.';
COMMENT ON COLUMN events.actor_id IS 'Entity that acts; NULL = not told, or told by common words ("gunmen").';
COMMENT ON COLUMN events.actor_start_char IS 'First code point of who acts; NULL = not told.';
COMMENT ON COLUMN events.actor_end_char IS 'First code point after it; NULL = not told.';
COMMENT ON COLUMN events.target_id IS 'Entity that it is done to; NULL = not told, or told by common words.';
COMMENT ON COLUMN events.target_start_char IS 'First code point of whom it is done to; NULL = not told.';
COMMENT ON COLUMN events.target_end_char IS 'First code point after it; NULL = not told.';
COMMENT ON COLUMN events.place_id IS 'Entity of the place where; NULL = the clause names none.';
COMMENT ON COLUMN events.first_day IS 'First day on which it may have been; NULL = the clause tells no time.';
COMMENT ON COLUMN events.last_day IS 'Last such day, included; NULL = the clause tells no time.';
COMMENT ON COLUMN events.confidence IS '0 to 1; ranks rows, not calibrated.';
COMMENT ON COLUMN events.enricher IS 'Name and version of what made the row.';

CREATE TABLE topics (
    article_id VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    level BIGINT NOT NULL,
    confidence DOUBLE NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE topics IS 'Subjects that an article is about, of the two upper levels of the IPTC Media Topics.';
COMMENT ON COLUMN topics.article_id IS 'The article.';
COMMENT ON COLUMN topics.code IS 'Number of the topic in the IPTC Media Topics, as in 11000000.';
COMMENT ON COLUMN topics.name IS 'Its English name, as in politics and government.';
COMMENT ON COLUMN topics.level IS '1 or 2.';
COMMENT ON COLUMN topics.confidence IS '0 to 1; ranks rows, not calibrated.';
COMMENT ON COLUMN topics.start_char IS 'First code point in articles.text, from 0, of the words that speak for it most.';
COMMENT ON COLUMN topics.end_char IS 'First code point after them.';
COMMENT ON COLUMN topics.enricher IS 'Name and version of what made the row.';

CREATE TABLE summary_sentences (
    article_id VARCHAR NOT NULL,
    rank BIGINT NOT NULL,
    weight DOUBLE NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE summary_sentences IS 'Sentences that stand for an article; articles.summary joins them.';
COMMENT ON COLUMN summary_sentences.article_id IS 'The article.';
COMMENT ON COLUMN summary_sentences.rank IS '1 for the first to show.';
COMMENT ON COLUMN summary_sentences.weight IS '0 to 1, the heaviest having 1.';
COMMENT ON COLUMN summary_sentences.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN summary_sentences.end_char IS 'First code point after it.';
COMMENT ON COLUMN summary_sentences.enricher IS 'Name and version of what made the row.';

CREATE TABLE tones (
    article_id VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    positive_words BIGINT NOT NULL,
    negative_words BIGINT NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    enricher VARCHAR NOT NULL
);
COMMENT ON TABLE tones IS 'How positive the wording of an article is, and of the sentences that weigh most in it. Tone of words, not a stance.';
COMMENT ON COLUMN tones.article_id IS 'The article.';
COMMENT ON COLUMN tones.scope IS 'article or sentence.';
COMMENT ON COLUMN tones.score IS '-1 to 1.';
COMMENT ON COLUMN tones.positive_words IS 'Words that count for it.';
COMMENT ON COLUMN tones.negative_words IS 'Words that count against it.';
COMMENT ON COLUMN tones.start_char IS 'First code point in articles.text, from 0, of what was weighed.';
COMMENT ON COLUMN tones.end_char IS 'First code point after it.';
COMMENT ON COLUMN tones.enricher IS 'Name and version of what made the row; names the method.';

CREATE TABLE enrichment_misses (
    article_id VARCHAR NOT NULL,
    enricher VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    missed_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE enrichment_misses IS 'Enrichers that failed on an article, which has none of their facts; dateline refine --only tries again.';
COMMENT ON COLUMN enrichment_misses.article_id IS 'The article.';
COMMENT ON COLUMN enrichment_misses.enricher IS 'Name and version of what failed.';
COMMENT ON COLUMN enrichment_misses.reason IS 'The kind of fault.';
COMMENT ON COLUMN enrichment_misses.message IS 'What it said.';
COMMENT ON COLUMN enrichment_misses.missed_at IS 'When.';
