-- What kind of page an article was read from, who told its metadata, and which paragraphs belong to its site.

ALTER TABLE articles ADD COLUMN page_kind VARCHAR DEFAULT 'article';
ALTER TABLE articles ALTER COLUMN page_kind SET NOT NULL;
ALTER TABLE articles ALTER COLUMN page_kind DROP DEFAULT;
ALTER TABLE articles ADD COLUMN title_origin VARCHAR;
ALTER TABLE articles ADD COLUMN authors_origin VARCHAR;
ALTER TABLE articles ADD COLUMN published_origin VARCHAR;
ALTER TABLE articles ADD COLUMN boilerplate VARCHAR[] DEFAULT [];
ALTER TABLE articles ALTER COLUMN boilerplate SET NOT NULL;
ALTER TABLE articles ALTER COLUMN boilerplate DROP DEFAULT;
ALTER TABLE articles ADD COLUMN paragraph_kinds VARCHAR[] DEFAULT [];
ALTER TABLE articles ALTER COLUMN paragraph_kinds SET NOT NULL;
ALTER TABLE articles ALTER COLUMN paragraph_kinds DROP DEFAULT;
ALTER TABLE articles ADD COLUMN captions VARCHAR[] DEFAULT [];
ALTER TABLE articles ALTER COLUMN captions SET NOT NULL;
ALTER TABLE articles ALTER COLUMN captions DROP DEFAULT;
ALTER TABLE articles ADD COLUMN listed_tags VARCHAR[];
COMMENT ON COLUMN articles.page_kind IS 'What it was read from: article, live_blog, video, gallery or paywall (a stub before one); consent_wall, soft_404 and index only where clean.drop_kinds keeps them; article too where it was read from no page, or before kinds were told apart.';
COMMENT ON COLUMN articles.title_origin IS 'Who told the title: json_ld, open_graph, meta, microdata, h1, title_element or feed; NULL = it has none, or landed before this was recorded.';
COMMENT ON COLUMN articles.authors_origin IS 'Who told the authors: json_ld, open_graph, meta, microdata, byline or feed; NULL = it has none, or landed before this was recorded.';
COMMENT ON COLUMN articles.published_origin IS 'Who told published_at: json_ld, open_graph, meta, microdata, time, byline, url, text (the body, or a dated text''s first line) or feed; NULL = it has none, or landed before this was recorded.';
COMMENT ON COLUMN articles.boilerplate IS 'Paragraphs left out at either end of text because many articles of the site have them there; empty where none.';

COMMENT ON COLUMN articles.paragraph_kinds IS 'Of each paragraph of text, in order: paragraph, heading, list_item, quotation, table_row or code; empty = not told (no page, or landed before this was recorded).';
COMMENT ON COLUMN articles.captions IS 'Captions of the pictures in the text, which are no part of it.';
COMMENT ON COLUMN articles.listed_tags IS 'Of tags, those that the source listed; NULL = landed before this was recorded.';

CREATE TABLE site_paragraphs (
    host VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    fingerprint BIGINT NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE site_paragraphs IS 'The first and last six paragraphs of original articles as they were read, by which a site''s boilerplate is told; of each host the newest 500 articles.';
COMMENT ON COLUMN site_paragraphs.host IS 'Host that the article was fetched from, without "www.".';
COMMENT ON COLUMN site_paragraphs.seen_at IS 'When the archive first fetched the article.';
COMMENT ON COLUMN site_paragraphs.fingerprint IS 'Hash of host and paragraph, case and white space folded, its 64 bits read as signed.';
COMMENT ON COLUMN site_paragraphs.article_id IS 'The article.';
