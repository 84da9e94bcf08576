"""The facts of one article as rows for the warehouse. A pure function that runs in a worker process.

Nothing is found here: it only gives what ``read_facts`` found the article's id and the columns of the tables.
"""

from dataclasses import dataclass
from datetime import datetime

from tasks.sense import SENSE, Facts, read_facts
from warehouse import model
from warehouse.staged import StagedFacts

LANGUAGE_CONFIDENCE = 0.6  # below it the language that page or feed declare is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSense:
    """What reading the facts of one article takes. ``published_at`` is what relative dates count from."""

    entry_id: int
    article_id: str
    text: str
    published_at: datetime | None
    language: str | None
    first_seen_at: datetime


def facts_of(item: ToSense) -> StagedFacts:
    """Read the facts of one article; relative dates stay unresolved where its own date is not known."""
    facts = read_facts(
        item.text,
        published_on=item.published_at.date() if item.published_at else None,
        language=None,
    )
    sure = facts.language not in (None, "und") and facts.language_confidence >= LANGUAGE_CONFIDENCE
    return StagedFacts(
        entry_id=item.entry_id,
        enricher=SENSE,
        language=facts.language if sure else None,
        language_confidence=facts.language_confidence if sure else None,
        summary=" ".join(" ".join(item.text[start:end].split()) for start, end in facts.summary) or None,
        entities=tuple(
            model.Entity(
                entity_id=entity.key,
                name=entity.name,
                label=entity.label,
                country=entity.country,
                latitude=entity.latitude,
                longitude=entity.longitude,
                first_seen_at=item.first_seen_at,
            )
            for entity in facts.entities
        ),
        aliases=tuple(
            model.EntityAlias(entity_id=entity.key, alias=alias)
            for entity in facts.entities
            for alias in entity.aliases
            if alias != entity.name
        ),
        **_spans(item.article_id, facts),
    )


def _spans(article_id: str, facts: Facts) -> dict[str, tuple]:
    return {
        "mentions": tuple(
            model.Mention(
                article_id=article_id,
                entity_id=m.entity,
                label=m.label,
                surface=m.surface,
                start_char=m.start_char,
                end_char=m.end_char,
                confidence=m.confidence,
            )
            for m in facts.mentions
        ),
        "dates": tuple(
            model.DateMention(
                article_id=article_id,
                surface=d.surface,
                start_char=d.start_char,
                end_char=d.end_char,
                value=d.value,
                granularity=d.granularity,
                first_day=d.first_day,
                last_day=d.last_day,
            )
            for d in facts.dates
        ),
        "amounts": tuple(
            model.Amount(
                article_id=article_id,
                surface=a.surface,
                start_char=a.start_char,
                end_char=a.end_char,
                value=a.value,
                unit=a.unit,
                kind=a.kind,
            )
            for a in facts.amounts
        ),
        "quotes": tuple(
            model.Quote(
                article_id=article_id,
                text=q.text,
                start_char=q.start_char,
                end_char=q.end_char,
                kind=q.kind,
                speaker_id=q.speaker,
                speaker_start_char=q.speaker_start_char,
                speaker_end_char=q.speaker_end_char,
                verb=q.verb,
                confidence=q.confidence,
            )
            for q in facts.quotes
        ),
        "keywords": tuple(
            model.Keyword(
                article_id=article_id,
                term=k.term,
                weight=k.weight,
                start_char=k.start_char,
                end_char=k.end_char,
            )
            for k in facts.keywords
        ),
    }
