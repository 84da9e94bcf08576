"""What the warehouse knows of the things of a batch: the records that look-ups return. No logic may stand here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from warehouse import model


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """The newest row of an entry that the archive has met, under its own address or a twin's."""

    source_id: str
    url: str
    canonical_url: str
    digest: str
    seen_at: datetime
    transient: bool
    failures: int
    article_id: str | None
    capture_id: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """An article as it stands."""

    article_id: str
    canonical_url: str
    source_id: str
    title: str | None
    text: str
    text_digest: str
    revision: int
    first_seen_at: datetime
    last_seen_at: datetime
    duplicate_of: str | None
    duplicate_kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEdges:
    """How many articles of each host the archive has, and how many of them have a paragraph at either end of their
    text, by its fingerprint."""

    articles: Mapping[str, int] = field(default_factory=dict)
    paragraphs: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCapture:
    """A stored capture with the first one of the same bytes, which may be itself."""

    capture: model.Capture
    original: model.Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """An article's text as it stands, for reading its facts again."""

    article_id: str
    canonical_url: str
    source_id: str
    title: str | None
    display_title: str
    section: str | None
    tags: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    capture_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A stored capture with the entry that led to it, for reading again."""

    capture: model.Capture
    article_id: str
    canonical_url: str
    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    image_url: str | None
    tags: tuple[str, ...]
