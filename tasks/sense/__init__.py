"""What an article says: language, names, places, dates, amounts, quotations, events, topics, keywords, summary and
tone, each fact with its span.

One door, ``read_facts``; pure functions behind it. The only I/O is loading data that ships inside packages, once per
process. No network, no Prefect, no DuckDB, and no knowledge of where a text came from beyond its date.

English is read in full. Of other languages: the language itself, numeric dates (and dates with month names in German,
French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Russian and Turkish), money and per cent, quotations by
their marks without speakers, keywords by frequency, the summary, topics by the page's section and tags, and the names
that ``names.foreign`` explains, at lower confidence.
"""

from collections.abc import Collection
from datetime import date

from tasks.sense.enrichers import ENRICHERS, NAMES, Enricher, enrich_document, miss
from tasks.sense.facts import (
    Amount,
    DateMention,
    Document,
    Entity,
    Event,
    Keyword,
    Mention,
    Miss,
    Place,
    Quote,
    Role,
    SummarySentence,
    Tone,
    Topic,
    entity_key,
)
from tasks.sense.language import detect_language
from tasks.sense.names.engines import RULES
from tasks.sense.names.engines import load as load_engine
from tasks.text import sentences, words

__all__ = [
    "ENRICHERS",
    "MAX_CHARS",
    "NAMES",
    "RULES",
    "Amount",
    "DateMention",
    "Document",
    "Enricher",
    "Entity",
    "Event",
    "Keyword",
    "Mention",
    "Miss",
    "Place",
    "Quote",
    "Role",
    "SummarySentence",
    "Tone",
    "Topic",
    "detect_language",
    "entity_key",
    "load_engine",
    "miss",
    "read_facts",
]

MAX_CHARS = 200_000  # about 33,000 words; no article is longer, and what lies beyond gives no facts


def read_facts(
    text: str,
    *,
    published_on: date | None,
    language: str | None,
    title: str | None = None,
    section: str | None = None,
    tags: tuple[str, ...] = (),
    only: Collection[str] = (),
    engine: str = RULES,
) -> Document:
    """Read everything in one text, or what the enrichers named in ``only`` find.

    ``published_on`` resolves relative dates; ``language`` is ISO 639-1 where the source told it, else it is detected.
    ``title``, ``section`` and ``tags``, as the page tells them, help to find its topics; no span lies in them.
    ``engine`` reads the names (``tasks.sense.names.engines``). Facts come from the first 200,000 characters only. Cost
    grows linearly with the text.
    """
    text = text[:MAX_CHARS]
    document = Document(
        text=text,
        title=title,
        section=section,
        tags=tags,
        published_on=published_on,
        sentences=sentences(text),
        words=words(text),
        language=(language or "und").split("-")[0].lower(),
        language_confidence=1.0 if language else 0.0,
        engine=engine,
    )
    return enrich_document(document, only)
