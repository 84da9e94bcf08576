-- The archive's first shape. Times are UTC; spans are Unicode code points into articles.text, half-open.
-- Large tables are insert-only where they can be and carry no primary key: a batch lands once (batches), so keys stay
-- unique without paying for an index on every insert.

CREATE TABLE sources (
    source_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    title VARCHAR,
    language VARCHAR,
    country VARCHAR,
    tags VARCHAR[] NOT NULL,
    enabled BOOLEAN NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    last_polled_at TIMESTAMPTZ,
    next_poll_at TIMESTAMPTZ,
    consecutive_failures BIGINT NOT NULL,
    last_error VARCHAR
);
COMMENT ON TABLE sources IS 'Where entries come from, one row per source, with the state of its polling.';
COMMENT ON COLUMN sources.source_id IS 'Stable name: the one given in sources.toml, else host and a short digest of the address.';
COMMENT ON COLUMN sources.kind IS 'feed, sitemap, folder or page.';
COMMENT ON COLUMN sources.url IS 'Address as configured; for a folder its absolute path as a file: URL.';
COMMENT ON COLUMN sources.title IS 'Title as configured, else as the source says; NULL where neither does.';
COMMENT ON COLUMN sources.language IS 'Two-letter language as configured or as the source says; NULL = unknown.';
COMMENT ON COLUMN sources.country IS 'ISO 3166-1 alpha-2 as configured; NULL = unknown.';
COMMENT ON COLUMN sources.tags IS 'Labels as configured; empty where none.';
COMMENT ON COLUMN sources.enabled IS 'False once switched off or taken out of sources.toml; its articles stay.';
COMMENT ON COLUMN sources.added_at IS 'When the archive first met the source.';
COMMENT ON COLUMN sources.etag IS 'ETag of the last complete answer, for conditional requests; NULL = none sent.';
COMMENT ON COLUMN sources.last_modified IS 'Last-Modified of the last complete answer, verbatim; NULL = none sent.';
COMMENT ON COLUMN sources.last_polled_at IS 'When it was last asked; NULL = never.';
COMMENT ON COLUMN sources.next_poll_at IS 'Not asked again before; NULL = due now.';
COMMENT ON COLUMN sources.consecutive_failures IS 'Failed polls since the last good one.';
COMMENT ON COLUMN sources.last_error IS 'Sentence of the last failure; NULL = the last poll was good.';

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    flow VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    sources_polled BIGINT NOT NULL,
    sources_unchanged BIGINT NOT NULL,
    entries_in BIGINT NOT NULL,
    entries_landed BIGINT NOT NULL,
    entries_dropped BIGINT NOT NULL,
    dropped_by_reason MAP(VARCHAR, BIGINT) NOT NULL,
    articles_new BIGINT NOT NULL,
    articles_copies BIGINT NOT NULL,
    articles_revised BIGINT NOT NULL,
    version VARCHAR NOT NULL
);
COMMENT ON TABLE runs IS 'The account of each finished run: entries_in = entries_landed + entries_dropped.';
COMMENT ON COLUMN runs.run_id IS 'Start of the run (UTC) and a random part; sorts by time.';
COMMENT ON COLUMN runs.flow IS 'ingest or refine.';
COMMENT ON COLUMN runs.started_at IS 'When the run began.';
COMMENT ON COLUMN runs.finished_at IS 'When its account was closed; later than the start by more than its work where it was cut off and resumed.';
COMMENT ON COLUMN runs.sources_polled IS 'Sources asked.';
COMMENT ON COLUMN runs.sources_unchanged IS 'Of these, sources that answered "not modified".';
COMMENT ON COLUMN runs.entries_in IS 'Entries that the sources listed, plus one for each source that failed.';
COMMENT ON COLUMN runs.entries_landed IS 'Entries that made or changed an article.';
COMMENT ON COLUMN runs.entries_dropped IS 'Entries that did not, each with a reason.';
COMMENT ON COLUMN runs.dropped_by_reason IS 'Drops counted by reason; the view drops lists them, but for known entries.';
COMMENT ON COLUMN runs.articles_new IS 'New articles, copies included.';
COMMENT ON COLUMN runs.articles_copies IS 'New articles that are copies of another.';
COMMENT ON COLUMN runs.articles_revised IS 'Articles whose title or text changed; of refine: that read differently.';
COMMENT ON COLUMN runs.version IS 'Version of Dateline that ran.';

CREATE TABLE batches (
    batch_id VARCHAR PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    landed_at TIMESTAMPTZ NOT NULL,
    entries BIGINT NOT NULL
);
COMMENT ON TABLE batches IS 'Batches that have landed; landing one again changes nothing.';
COMMENT ON COLUMN batches.batch_id IS 'Run and batch number.';
COMMENT ON COLUMN batches.run_id IS 'The run it belongs to.';
COMMENT ON COLUMN batches.landed_at IS 'When it was committed.';
COMMENT ON COLUMN batches.entries IS 'Entries in it.';

CREATE TABLE entries (
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    guid VARCHAR,
    title VARCHAR,
    published_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    digest VARCHAR,
    seen_at TIMESTAMPTZ NOT NULL,
    outcome VARCHAR NOT NULL,
    stage VARCHAR,
    reason VARCHAR,
    message VARCHAR,
    transient BOOLEAN NOT NULL,
    failures BIGINT NOT NULL,
    article_id VARCHAR,
    capture_id VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR
);
COMMENT ON TABLE entries IS 'What a source listed and what became of it: one row each time an entry was new, had changed or was tried again.';
COMMENT ON COLUMN entries.run_id IS 'The run that met it.';
COMMENT ON COLUMN entries.source_id IS 'The source that listed it.';
COMMENT ON COLUMN entries.url IS 'Address as listed, made absolute; the source''s own where the source itself failed, and with a fragment where the entry has no link.';
COMMENT ON COLUMN entries.canonical_url IS 'The address without tracking parameters, AMP and mobile forms.';
COMMENT ON COLUMN entries.guid IS 'The source''s own identifier; NULL where none.';
COMMENT ON COLUMN entries.title IS 'Title as listed; NULL where none.';
COMMENT ON COLUMN entries.published_at IS 'Publication time as listed; NULL where none or impossible.';
COMMENT ON COLUMN entries.updated_at IS 'Update time as listed; NULL where none or impossible.';
COMMENT ON COLUMN entries.digest IS 'Digest of all that the source said of it; an entry with the same digest is known and not fetched again; NULL = not listed, but read again from its stored capture (refine).';
COMMENT ON COLUMN entries.seen_at IS 'When it was listed.';
COMMENT ON COLUMN entries.outcome IS 'new, copy, revised or dropped; of refine: refined (reads differently) or reread (reads as before).';
COMMENT ON COLUMN entries.stage IS 'Where it was dropped: discover, fetch, clean, resemble or enrich; NULL = not dropped.';
COMMENT ON COLUMN entries.reason IS 'Why it was dropped, as a code; NULL = not dropped.';
COMMENT ON COLUMN entries.message IS 'The reason as a sentence that names the thing and the remedy, or how a refined article changed; NULL = neither.';
COMMENT ON COLUMN entries.transient IS 'True = dropped for now and tried again by a later run.';
COMMENT ON COLUMN entries.failures IS 'Transient failures in a row, this one included.';
COMMENT ON COLUMN entries.article_id IS 'The article that it led to; NULL where it led to none.';
COMMENT ON COLUMN entries.capture_id IS 'The stored answer, also of an entry that could not be read; NULL where nothing was stored.';
COMMENT ON COLUMN entries.etag IS 'ETag of the page, for conditional requests; NULL = none sent.';
COMMENT ON COLUMN entries.last_modified IS 'Last-Modified of the page, verbatim; NULL = none sent.';

CREATE TABLE fetches (
    run_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    fetch_ms BIGINT NOT NULL,
    status BIGINT,
    wire_bytes BIGINT NOT NULL,
    outcome VARCHAR NOT NULL,
    attempt BIGINT NOT NULL
);
COMMENT ON TABLE fetches IS 'One row per HTTP request sent: retries, redirects and robots.txt included.';
COMMENT ON COLUMN fetches.run_id IS 'The run that sent it.';
COMMENT ON COLUMN fetches.url IS 'Address asked for, without credentials.';
COMMENT ON COLUMN fetches.host IS 'Host and port asked.';
COMMENT ON COLUMN fetches.purpose IS 'page, feed, sitemap or robots.';
COMMENT ON COLUMN fetches.started_at IS 'When the request was sent.';
COMMENT ON COLUMN fetches.fetch_ms IS 'Milliseconds from sending to the last byte or the failure.';
COMMENT ON COLUMN fetches.status IS 'HTTP status; NULL = no answer.';
COMMENT ON COLUMN fetches.wire_bytes IS 'Body bytes received, before decompression.';
COMMENT ON COLUMN fetches.outcome IS 'ok, not_modified, redirect or the reason of the failure.';
COMMENT ON COLUMN fetches.attempt IS '1 for the first try of a request.';

CREATE TABLE captures (
    capture_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    status BIGINT,
    content_type VARCHAR,
    charset VARCHAR,
    sha256 VARCHAR NOT NULL,
    size_bytes BIGINT NOT NULL,
    path VARCHAR NOT NULL
);
COMMENT ON TABLE captures IS 'Bytes as they came, kept for reading again without the network.';
COMMENT ON COLUMN captures.capture_id IS 'Digest of run, address and bytes.';
COMMENT ON COLUMN captures.run_id IS 'The run that stored it.';
COMMENT ON COLUMN captures.source_id IS 'The source that led to it.';
COMMENT ON COLUMN captures.kind IS 'page = an answer from the web; fragment = the feed''s own HTML; text = a file of dated text.';
COMMENT ON COLUMN captures.url IS 'Address asked for.';
COMMENT ON COLUMN captures.final_url IS 'Address that answered, after redirects.';
COMMENT ON COLUMN captures.fetched_at IS 'When it was received or read.';
COMMENT ON COLUMN captures.status IS 'HTTP status; NULL where it did not come over HTTP.';
COMMENT ON COLUMN captures.content_type IS 'Content-Type as sent; NULL where none.';
COMMENT ON COLUMN captures.charset IS 'Character encoding that the text was read with; NULL where it was not read as text.';
COMMENT ON COLUMN captures.sha256 IS 'SHA-256 of the bytes, hex.';
COMMENT ON COLUMN captures.size_bytes IS 'Length of the bytes.';
COMMENT ON COLUMN captures.path IS 'Parquet file with the bytes, relative to the folder of captures.';

CREATE TABLE articles (
    article_id VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    title VARCHAR,
    display_title VARCHAR NOT NULL,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMPTZ,
    modified_at TIMESTAMPTZ,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    language VARCHAR,
    language_confidence DOUBLE,
    text VARCHAR NOT NULL,
    text_origin VARCHAR NOT NULL,
    text_digest VARCHAR NOT NULL,
    summary VARCHAR,
    description VARCHAR,
    image_url VARCHAR,
    section VARCHAR,
    tags VARCHAR[] NOT NULL,
    word_count BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    duplicate_of VARCHAR,
    duplicate_kind VARCHAR,
    extraction_confidence DOUBLE NOT NULL,
    extractor VARCHAR NOT NULL,
    enricher VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE articles IS 'One row per article as it reads now; earlier versions are in revisions.';
COMMENT ON COLUMN articles.article_id IS 'Digest of the canonical address.';
COMMENT ON COLUMN articles.canonical_url IS 'The article''s one address: its rel=canonical where that can be believed, else the address cleaned; file: for a text file.';
COMMENT ON COLUMN articles.source_id IS 'The source that first led to it.';
COMMENT ON COLUMN articles.title IS 'Headline; NULL where it has none (dated text).';
COMMENT ON COLUMN articles.display_title IS 'Headline, else the beginning of the first sentence.';
COMMENT ON COLUMN articles.authors IS 'Byline, one name each; empty where none was found.';
COMMENT ON COLUMN articles.published_at IS 'When it says it was published; midnight UTC where only a day is known; NULL = not found.';
COMMENT ON COLUMN articles.modified_at IS 'When it says it was changed; NULL = not found.';
COMMENT ON COLUMN articles.first_seen_at IS 'When the archive first fetched it.';
COMMENT ON COLUMN articles.last_seen_at IS 'When the archive last fetched it and found it new or changed.';
COMMENT ON COLUMN articles.language IS 'Two-letter language detected in the text, else as declared; NULL = unknown.';
COMMENT ON COLUMN articles.language_confidence IS 'Confidence of the detection, 0 to 1; NULL where the language was declared only.';
COMMENT ON COLUMN articles.text IS 'The body: paragraphs separated by an empty line. Every span counts in it.';
COMMENT ON COLUMN articles.text_origin IS 'page, feed (the page failed and the feed''s own text serves) or text (a file of dated text).';
COMMENT ON COLUMN articles.text_digest IS 'Digest of the text''s words, case and punctuation folded: equal = exact duplicate.';
COMMENT ON COLUMN articles.summary IS 'Extractive: the sentences that lead the text; NULL where it has no sentence.';
COMMENT ON COLUMN articles.description IS 'What the page or feed says of itself in a line; NULL where it does not.';
COMMENT ON COLUMN articles.image_url IS 'Lead image; NULL where none was found.';
COMMENT ON COLUMN articles.section IS 'Section of the paper; NULL where not found.';
COMMENT ON COLUMN articles.tags IS 'Tags of page and feed; empty where none.';
COMMENT ON COLUMN articles.word_count IS 'Words of text.';
COMMENT ON COLUMN articles.revision IS '1 = never seen to change; n = the nth distinct version.';
COMMENT ON COLUMN articles.duplicate_of IS 'article_id of the earliest article that this one repeats; NULL = an original.';
COMMENT ON COLUMN articles.duplicate_kind IS 'exact, agency_copy, abridged, extended or boilerplate_variant; NULL = an original.';
COMMENT ON COLUMN articles.extraction_confidence IS 'How sure the extractor is of the body, 0 to 1.';
COMMENT ON COLUMN articles.extractor IS 'Name and version of what read the page.';
COMMENT ON COLUMN articles.enricher IS 'Name and version of what read the facts.';
COMMENT ON COLUMN articles.capture_id IS 'The stored bytes that this version was read from.';
COMMENT ON COLUMN articles.run_id IS 'The run that wrote this version.';

CREATE TABLE article_urls (
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE article_urls IS 'Every address that led to an article.';
COMMENT ON COLUMN article_urls.article_id IS 'The article.';
COMMENT ON COLUMN article_urls.url IS 'An address as listed, redirected to or declared.';
COMMENT ON COLUMN article_urls.source_id IS 'The source that first led there.';
COMMENT ON COLUMN article_urls.first_seen_at IS 'When it first did.';

CREATE TABLE revisions (
    article_id VARCHAR NOT NULL,
    revision BIGINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ,
    title VARCHAR,
    text VARCHAR NOT NULL,
    text_digest VARCHAR NOT NULL,
    words_added BIGINT,
    words_removed BIGINT,
    diff VARCHAR,
    capture_id VARCHAR NOT NULL
);
COMMENT ON TABLE revisions IS 'Every distinct version of each article that changed, the first and the current included; an article never seen to change has none.';
COMMENT ON COLUMN revisions.article_id IS 'The article.';
COMMENT ON COLUMN revisions.revision IS 'Counts from 1.';
COMMENT ON COLUMN revisions.seen_at IS 'When the archive fetched this version.';
COMMENT ON COLUMN revisions.modified_at IS 'When the page says it was changed; NULL = not said.';
COMMENT ON COLUMN revisions.title IS 'Headline of this version; NULL where it has none.';
COMMENT ON COLUMN revisions.text IS 'Body of this version.';
COMMENT ON COLUMN revisions.text_digest IS 'As in articles.';
COMMENT ON COLUMN revisions.words_added IS 'Words added since the version before; NULL for the first.';
COMMENT ON COLUMN revisions.words_removed IS 'Words removed since the version before; NULL for the first.';
COMMENT ON COLUMN revisions.diff IS 'What changed since the version before, word by word: [-removed-] {+added+}; NULL for the first.';
COMMENT ON COLUMN revisions.capture_id IS 'The stored bytes of this version.';

CREATE TABLE sketches (
    seen_on DATE NOT NULL,
    hash BIGINT NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE sketches IS 'Sampled shingle hashes, in time order, by which near-duplicates are proposed; joined only over a window of days.';
COMMENT ON COLUMN sketches.seen_on IS 'Day (UTC) on which the article was first fetched.';
COMMENT ON COLUMN sketches.hash IS 'Hash of a three-word shingle, its 64 bits read as signed.';
COMMENT ON COLUMN sketches.article_id IS 'An article that contains it.';

CREATE TABLE postings (
    term VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    frequency BIGINT NOT NULL
);
COMMENT ON TABLE postings IS 'The search index: how often each term stands in each article, title included.';
COMMENT ON COLUMN postings.term IS 'A word in lower case, accents removed.';
COMMENT ON COLUMN postings.article_id IS 'The article.';
COMMENT ON COLUMN postings.frequency IS 'Times it occurs.';

CREATE TABLE entities (
    entity_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    country VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    first_seen_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE entities IS 'People, organisations, places and the like, one row per name across the archive.';
COMMENT ON COLUMN entities.entity_id IS 'Label and folded name, as in person:rajnath-singh.';
COMMENT ON COLUMN entities.name IS 'Fullest name met when it was first seen.';
COMMENT ON COLUMN entities.label IS 'PERSON, ORG, PLACE, NORP, LAW, EVENT or PRODUCT.';
COMMENT ON COLUMN entities.country IS 'ISO 3166-1 alpha-2 of a place; NULL = not a place or not sure.';
COMMENT ON COLUMN entities.latitude IS 'Degrees north, WGS 84; NULL = not resolved.';
COMMENT ON COLUMN entities.longitude IS 'Degrees east, WGS 84; NULL = not resolved.';
COMMENT ON COLUMN entities.first_seen_at IS 'When the archive first met it.';

CREATE TABLE entity_aliases (
    entity_id VARCHAR NOT NULL,
    alias VARCHAR NOT NULL
);
COMMENT ON TABLE entity_aliases IS 'Other names under which an entity was met: acronyms, surnames, titles with a name.';
COMMENT ON COLUMN entity_aliases.entity_id IS 'The entity.';
COMMENT ON COLUMN entity_aliases.alias IS 'A form that differs from its name.';

CREATE TABLE mentions (
    article_id VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    confidence DOUBLE NOT NULL
);
COMMENT ON TABLE mentions IS 'Where an article names an entity.';
COMMENT ON COLUMN mentions.article_id IS 'The article.';
COMMENT ON COLUMN mentions.entity_id IS 'Who or what is named.';
COMMENT ON COLUMN mentions.label IS 'PERSON, ORG, PLACE, NORP, LAW, EVENT or PRODUCT.';
COMMENT ON COLUMN mentions.surface IS 'The words themselves: articles.text[start_char + 1 : end_char].';
COMMENT ON COLUMN mentions.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN mentions.end_char IS 'First code point after it.';
COMMENT ON COLUMN mentions.confidence IS '0 to 1.';

CREATE TABLE dates (
    article_id VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    value VARCHAR NOT NULL,
    granularity VARCHAR NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL
);
COMMENT ON TABLE dates IS 'Calendar dates that an article mentions, resolved against its own date.';
COMMENT ON COLUMN dates.article_id IS 'The article.';
COMMENT ON COLUMN dates.surface IS 'The words themselves: articles.text[start_char + 1 : end_char].';
COMMENT ON COLUMN dates.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN dates.end_char IS 'First code point after it.';
COMMENT ON COLUMN dates.value IS 'ISO 8601: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Www, YYYY-Qn.';
COMMENT ON COLUMN dates.granularity IS 'day, week, month, quarter, season, half, year or decade.';
COMMENT ON COLUMN dates.first_day IS 'First day that the value covers.';
COMMENT ON COLUMN dates.last_day IS 'Last day that the value covers, included.';

CREATE TABLE amounts (
    article_id VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    value DOUBLE NOT NULL,
    unit VARCHAR,
    kind VARCHAR NOT NULL
);
COMMENT ON TABLE amounts IS 'Numbers with what they count.';
COMMENT ON COLUMN amounts.article_id IS 'The article.';
COMMENT ON COLUMN amounts.surface IS 'The words themselves: articles.text[start_char + 1 : end_char].';
COMMENT ON COLUMN amounts.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN amounts.end_char IS 'First code point after it.';
COMMENT ON COLUMN amounts.value IS 'The number, multiplied out (4.3bn = 4300000000).';
COMMENT ON COLUMN amounts.unit IS 'ISO 4217 currency, "percent", a unit, or the noun that is counted; NULL = not found.';
COMMENT ON COLUMN amounts.kind IS 'money, percent, measure or count.';

CREATE TABLE quotes (
    article_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    speaker_id VARCHAR,
    speaker_start_char BIGINT,
    speaker_end_char BIGINT,
    verb VARCHAR,
    confidence DOUBLE NOT NULL
);
COMMENT ON TABLE quotes IS 'What was said, and by whom.';
COMMENT ON COLUMN quotes.article_id IS 'The article.';
COMMENT ON COLUMN quotes.text IS 'The words said: articles.text[start_char + 1 : end_char], without the marks.';
COMMENT ON COLUMN quotes.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN quotes.end_char IS 'First code point after it.';
COMMENT ON COLUMN quotes.kind IS 'direct or indirect.';
COMMENT ON COLUMN quotes.speaker_id IS 'entity_id of the speaker; NULL = not found.';
COMMENT ON COLUMN quotes.speaker_start_char IS 'Where the words stand that name the speaker; NULL = not found.';
COMMENT ON COLUMN quotes.speaker_end_char IS 'First code point after them; NULL = not found.';
COMMENT ON COLUMN quotes.verb IS 'The verb of saying; NULL = none.';
COMMENT ON COLUMN quotes.confidence IS 'Confidence in the speaker, 0 to 1.';

CREATE TABLE keywords (
    article_id VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    weight DOUBLE NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL
);
COMMENT ON TABLE keywords IS 'The terms that an article is about.';
COMMENT ON COLUMN keywords.article_id IS 'The article.';
COMMENT ON COLUMN keywords.term IS 'An entity''s canonical name, or a phrase in lower case; the span is where it first stands.';
COMMENT ON COLUMN keywords.weight IS '0 to 1, the article''s first keyword having 1.';
COMMENT ON COLUMN keywords.start_char IS 'First code point in articles.text, from 0.';
COMMENT ON COLUMN keywords.end_char IS 'First code point after it.';
