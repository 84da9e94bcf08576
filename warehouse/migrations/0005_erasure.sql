-- What was erased on request, so that it does not come again.

CREATE TABLE tombstones (
    address_digest VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    erased_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE tombstones IS 'Addresses whose articles were erased on request and are not fetched again; nothing of what they held.';
COMMENT ON COLUMN tombstones.address_digest IS 'SHA-256 of the canonical address, hex; in entries and fetches "erased:" and this digest stand in its place.';
COMMENT ON COLUMN tombstones.reason IS 'Why, as told with the request.';
COMMENT ON COLUMN tombstones.erased_at IS 'When it was erased.';

COMMENT ON COLUMN captures.path IS 'Parquet file with the bytes, relative to the folder of captures; empty = the bytes are no longer kept.';
COMMENT ON COLUMN articles.text IS 'The body: paragraphs separated by an empty line. Every span counts in it. Empty = no longer kept.';
COMMENT ON COLUMN revisions.text IS 'Body of this version; empty = no longer kept.';
COMMENT ON COLUMN revisions.diff IS 'What changed since the version before, word by word: [-removed-] {+added+}; NULL for the first, or where bodies are no longer kept.';
