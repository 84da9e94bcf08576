"""The records at rest: one frozen dataclass per table, columns in the table's order.

No logic may stand here. A test keeps each class equal to its table; ``warehouse.records`` turns them into Arrow.
Columns are described where they are defined, in ``warehouse/migrations``. All times are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    source_id: str
    kind: str
    url: str
    title: str | None = None
    language: str | None = None
    country: str | None = None
    tags: tuple[str, ...] = ()
    enabled: bool = True
    added_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    last_polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    consecutive_failures: int = 0
    last_error: str | None = None
    state: str = "active"
    failing_since: datetime | None = None
    poll_minutes: float | None = None
    moved_url: str | None = None
    redirect_url: str | None = None
    redirect_since: datetime | None = None
    redirect_polls: int = 0
    position: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapChild:
    source_id: str
    url: str
    lastmod: datetime | None
    etag: str | None
    last_modified: str | None
    listed_since: datetime
    polled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    run_id: str
    flow: str
    started_at: datetime
    finished_at: datetime
    sources_polled: int
    sources_unchanged: int
    entries_in: int
    entries_landed: int
    entries_dropped: int
    dropped_by_reason: Mapping[str, int]
    articles_new: int
    articles_copies: int
    articles_revised: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    batch_id: str
    run_id: str
    landed_at: datetime
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    run_id: str
    source_id: str
    url: str
    canonical_url: str
    guid: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    digest: str | None
    seen_at: datetime
    outcome: str
    stage: str | None = None
    reason: str | None = None
    message: str | None = None
    transient: bool = False
    failures: int = 0
    article_id: str | None = None
    capture_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    authors: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    summary_html: str | None = None
    content_html: str | None = None
    enclosures: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    run_id: str
    url: str
    host: str
    purpose: str
    started_at: datetime
    fetch_ms: int
    status: int | None
    wire_bytes: int
    outcome: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    capture_id: str
    run_id: str
    source_id: str
    kind: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    sha256: str
    size_bytes: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    article_id: str
    canonical_url: str
    source_id: str
    title: str | None = None
    display_title: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    first_seen_at: datetime
    last_seen_at: datetime
    language: str | None = None
    language_confidence: float | None = None
    text: str
    text_origin: str
    text_digest: str
    summary: str | None = None
    description: str | None = None
    image_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    word_count: int
    revision: int
    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    extraction_confidence: float
    extractor: str
    enricher: str
    capture_id: str
    run_id: str
    page_kind: str
    title_origin: str | None = None
    authors_origin: str | None = None
    published_origin: str | None = None
    boilerplate: tuple[str, ...] = ()
    paragraph_kinds: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    listed_tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleUrl:
    article_id: str
    url: str
    source_id: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    article_id: str
    revision: int
    seen_at: datetime
    modified_at: datetime | None = None
    title: str | None = None
    text: str
    text_digest: str
    words_added: int | None = None
    words_removed: int | None = None
    diff: str | None = None
    capture_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    seen_on: date
    hash: int
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParagraph:
    host: str
    seen_at: datetime
    fingerprint: int
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    number: int
    article_id: str
    length: int
    published_at: datetime | None = None
    source_id: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    term: str
    number: int
    frequency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    first_number: int
    last_number: int
    size_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocable:
    term: str
    stem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    entity_id: str
    name: str
    label: str
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityAlias:
    entity_id: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    article_id: str
    entity_id: str
    label: str
    surface: str
    start_char: int
    end_char: int
    confidence: float
    enricher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    article_id: str
    surface: str
    start_char: int
    end_char: int
    value: str
    granularity: str
    first_day: date
    last_day: date
    enricher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    article_id: str
    surface: str
    start_char: int
    end_char: int
    value: float
    unit: str | None = None
    kind: str
    qualifier: str | None = None
    enricher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    article_id: str
    text: str
    start_char: int
    end_char: int
    kind: str
    speaker_id: str | None = None
    speaker_start_char: int | None = None
    speaker_end_char: int | None = None
    verb: str | None = None
    confidence: float
    number: int | None = None
    addressee_id: str | None = None
    enricher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    article_id: str
    term: str
    weight: float
    start_char: int
    end_char: int
    enricher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    article_id: str
    entity_id: str
    surface: str
    start_char: int
    end_char: int
    confidence: float
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    article_id: str
    entity_id: str
    surface: str
    start_char: int
    end_char: int
    resolution: str
    gazetteer_id: str | None = None
    name: str | None = None
    kind: str | None = None
    country: str | None = None
    division: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    confidence: float
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    article_id: str
    start_char: int
    end_char: int
    action: str
    status: str
    verb_start_char: int
    verb_end_char: int
    actor_id: str | None = None
    actor_start_char: int | None = None
    actor_end_char: int | None = None
    target_id: str | None = None
    target_start_char: int | None = None
    target_end_char: int | None = None
    place_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    confidence: float
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    article_id: str
    code: str
    name: str
    level: int
    confidence: float
    start_char: int
    end_char: int
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    article_id: str
    rank: int
    weight: float
    start_char: int
    end_char: int
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    article_id: str
    scope: str
    score: float
    positive_words: int
    negative_words: int
    start_char: int
    end_char: int
    enricher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichmentMiss:
    article_id: str
    enricher: str
    reason: str
    message: str
    missed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    address_digest: str
    reason: str
    erased_at: datetime


#: The tables of what an article says, and the enricher that fills each.
FACTS: Mapping[str, str] = {
    "mentions": "mentions",
    "roles": "mentions",
    "places": "places",
    "dates": "dates",
    "amounts": "amounts",
    "quotes": "quotes",
    "events": "events",
    "topics": "topics",
    "keywords": "keywords",
    "summary_sentences": "summary",
    "tones": "tone",
}

TABLES: Mapping[str, type] = {
    "sources": Source,
    "sitemap_children": SitemapChild,
    "runs": Run,
    "batches": Batch,
    "entries": Entry,
    "fetches": Fetch,
    "captures": Capture,
    "articles": Article,
    "article_urls": ArticleUrl,
    "revisions": Revision,
    "sketches": Sketch,
    "site_paragraphs": SiteParagraph,
    "documents": Document,
    "postings": Posting,
    "segments": Segment,
    "vocabulary": Vocable,
    "entities": Entity,
    "entity_aliases": EntityAlias,
    "mentions": Mention,
    "dates": DateMention,
    "amounts": Amount,
    "quotes": Quote,
    "keywords": Keyword,
    "roles": Role,
    "places": Place,
    "events": Event,
    "topics": Topic,
    "summary_sentences": SummarySentence,
    "tones": Tone,
    "enrichment_misses": EnrichmentMiss,
    "tombstones": Tombstone,
}
