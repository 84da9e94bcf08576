"""The records of the stage: what each step of a run has learned about each entry, and why it dropped one.

No logic may stand here. A record with ``reason`` set is a drop; its other columns may then be empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from warehouse import model


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRow:
    """What every step says of an entry: ``reason`` and ``message`` where it was dropped, and whether for now only."""

    entry_id: int
    reason: str | None = None
    message: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedEntry(StagedRow):
    """One entry of a source as discovered. ``batch`` 0 = dropped at discovery, or known and only listed again."""

    batch: int
    source_id: str
    kind: str  # page, text, or source where it stands for a source that failed
    url: str
    canonical_url: str
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    tags: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None
    location: str | None = None  # where its bytes lie on this machine; None = they are fetched from the url
    digest: str | None  # None = not listed, but read again
    seen_at: datetime
    failures: int = 0  # transient failures so far
    article_id: str | None = None  # the article that it led to before
    capture_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedSummary:
    """What a run has done before its first batch: one record per run."""

    run_id: str
    flow: str
    started_at: datetime
    version: str
    sources_polled: int
    sources_unchanged: int
    entries_in: int  # all that the sources listed, one more for each source that failed
    unlisted: Mapping[str, int]  # of these, dropped by reason and counted only (known, too_old)
    only: tuple[str, ...] = ()  # enrichers whose facts alone are made anew; none = everything


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCapture(StagedRow):
    """What fetching an entry gave: a stored capture, or a reason."""

    capture: model.Capture | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedArticle(StagedRow):
    """What reading an entry gave: an article, or a reason."""

    capture: model.Capture | None = None  # what the article was read from
    declared_url: str | None = None
    title: str | None = None
    display_title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    text: str | None = None
    text_origin: str | None = None
    word_count: int | None = None
    extraction_confidence: float | None = None
    extractor: str | None = None
    page_kind: str | None = None
    title_origin: str | None = None
    authors_origin: str | None = None
    published_origin: str | None = None
    host: str | None = None  # whose boilerplate its text may carry; None = of no site (dated text, a file)
    edges: tuple[int, ...] = ()  # fingerprints of the paragraphs at either end of the text as it was read
    boilerplate: tuple[str, ...] = ()  # of these paragraphs, those that were dropped
    paragraph_kinds: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedLikeness(StagedRow):
    """How an article stands to those that the archive has."""

    outcome: str | None = None  # new, copy, revised, refined, reread, enriched; None = dropped
    article_id: str | None = None
    canonical_url: str | None = None
    urls: tuple[str, ...] = ()
    text_digest: str | None = None
    first_seen_at: datetime | None = None
    source_id: str | None = None
    revision: int | None = None
    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    sketch: tuple[int, ...] = ()
    words_added: int | None = None
    words_removed: int | None = None
    diff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFacts(StagedRow):
    """What an article says, fact by fact."""

    enricher: str | None = None
    language: str | None = None
    language_confidence: float | None = None
    summary: str | None = None
    entities: tuple[model.Entity, ...] = ()
    aliases: tuple[model.EntityAlias, ...] = ()
    mentions: tuple[model.Mention, ...] = ()
    dates: tuple[model.DateMention, ...] = ()
    amounts: tuple[model.Amount, ...] = ()
    quotes: tuple[model.Quote, ...] = ()
    keywords: tuple[model.Keyword, ...] = ()
    roles: tuple[model.Role, ...] = ()
    places: tuple[model.Place, ...] = ()
    events: tuple[model.Event, ...] = ()
    topics: tuple[model.Topic, ...] = ()
    summary_sentences: tuple[model.SummarySentence, ...] = ()
    tones: tuple[model.Tone, ...] = ()
    enrichment_misses: tuple[model.EnrichmentMiss, ...] = ()
