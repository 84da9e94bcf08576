"""The facts of one article as rows for the warehouse. A pure function that runs in a worker process.

Nothing is found here: it only gives what ``read_facts`` found the article's id and the columns of the tables.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from tasks.sense import SENSE, read_facts
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
        mentions=_rows(model.Mention, facts.mentions, item.article_id),
        dates=_rows(model.DateMention, facts.dates, item.article_id),
        amounts=_rows(model.Amount, facts.amounts, item.article_id),
        quotes=_rows(model.Quote, facts.quotes, item.article_id),
        keywords=_rows(model.Keyword, facts.keywords, item.article_id),
    )


def _rows(record: type, facts: Sequence, article_id: str) -> tuple:
    """Facts as rows of a table: the same columns, with the article's id, and keys of entities named as ids."""
    return tuple(
        record(article_id=article_id, **{_COLUMNS.get(name, name): value for name, value in asdict(fact).items()})
        for fact in facts
    )


_COLUMNS = {"entity": "entity_id", "speaker": "speaker_id"}
