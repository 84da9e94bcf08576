-- When and whether a source is asked again, where reading an archive goes on, and what a source said of its entries.

ALTER TABLE sources ADD COLUMN state VARCHAR DEFAULT 'active';
ALTER TABLE sources ALTER COLUMN state SET NOT NULL;
ALTER TABLE sources ALTER COLUMN state DROP DEFAULT;
ALTER TABLE sources ADD COLUMN failing_since TIMESTAMPTZ;
ALTER TABLE sources ADD COLUMN poll_minutes DOUBLE;
ALTER TABLE sources ADD COLUMN moved_url VARCHAR;
ALTER TABLE sources ADD COLUMN redirect_url VARCHAR;
ALTER TABLE sources ADD COLUMN redirect_since TIMESTAMPTZ;
ALTER TABLE sources ADD COLUMN redirect_polls BIGINT DEFAULT 0;
ALTER TABLE sources ALTER COLUMN redirect_polls SET NOT NULL;
ALTER TABLE sources ALTER COLUMN redirect_polls DROP DEFAULT;
ALTER TABLE sources ADD COLUMN position VARCHAR;
COMMENT ON COLUMN sources.kind IS 'feed, sitemap, page, list, folder or warc.';
COMMENT ON COLUMN sources.state IS 'active; quarantined = failed for long, asked once a week; gone = answered 410, not asked again until its address in sources.toml changes, it is asked by name or `dateline sources check` finds it well.';
COMMENT ON COLUMN sources.failing_since IS 'First failed poll since the last good one; NULL = the last poll was good.';
COMMENT ON COLUMN sources.poll_minutes IS 'Pause between two polls as learned from what it publishes; NULL = not learned yet, or none to learn (a page, a folder, an archive).';
COMMENT ON COLUMN sources.moved_url IS 'Address that is asked in place of url, since the publisher redirects there for good; NULL = not moved.';
COMMENT ON COLUMN sources.redirect_url IS 'Where the last polls were redirected for good, not confirmed yet; NULL = nowhere.';
COMMENT ON COLUMN sources.redirect_since IS 'First poll in a row that was redirected to redirect_url; NULL = none was.';
COMMENT ON COLUMN sources.redirect_polls IS 'Polls in a row that were redirected to redirect_url.';
COMMENT ON COLUMN sources.position IS 'Where reading an archive goes on, as JSON; NULL = at its start, or not an archive.';

ALTER TABLE entries ADD COLUMN authors VARCHAR[];
ALTER TABLE entries ADD COLUMN tags VARCHAR[];
ALTER TABLE entries ADD COLUMN summary_html VARCHAR;
ALTER TABLE entries ADD COLUMN content_html VARCHAR;
ALTER TABLE entries ADD COLUMN enclosures VARCHAR[];
COMMENT ON COLUMN entries.authors IS 'Authors as listed; empty where none, NULL = listed before this was recorded.';
COMMENT ON COLUMN entries.tags IS 'Categories as listed; empty where none, NULL = listed before this was recorded.';
COMMENT ON COLUMN entries.summary_html IS 'Summary as listed, untrusted HTML; NULL = none, or listed before this was recorded.';
COMMENT ON COLUMN entries.content_html IS 'Full text as listed, untrusted HTML; NULL = none, or listed before this was recorded.';
COMMENT ON COLUMN entries.enclosures IS 'Addresses of attached files as listed; empty where none, NULL = listed before this was recorded.';

CREATE TABLE sitemap_children (
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    lastmod TIMESTAMPTZ,
    etag VARCHAR,
    last_modified VARCHAR,
    listed_since TIMESTAMPTZ NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN runs.flow IS 'ingest, backfill or refine.';

COMMENT ON TABLE sitemap_children IS 'Sitemaps that an index lists, as last read, so that an unchanged one is not read again.';
COMMENT ON COLUMN sitemap_children.source_id IS 'The source whose index lists it.';
COMMENT ON COLUMN sitemap_children.url IS 'Its address.';
COMMENT ON COLUMN sitemap_children.lastmod IS 'When it changed, as the index says; NULL = the index does not say.';
COMMENT ON COLUMN sitemap_children.etag IS 'ETag of its last complete answer, for conditional requests; NULL = none sent.';
COMMENT ON COLUMN sitemap_children.last_modified IS 'Last-Modified of its last complete answer, verbatim; NULL = none sent.';
COMMENT ON COLUMN sitemap_children.listed_since IS 'Its entries from this time on have been taken in; older ones were left out.';
COMMENT ON COLUMN sitemap_children.polled_at IS 'When it was last found unchanged or read.';
