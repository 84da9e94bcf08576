"""The facts of one article as rows for the warehouse. A pure function that runs in a worker process.

Nothing is found here: it only gives what ``read_facts`` found the article's id and the columns of the tables.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from tasks.sense import ENRICHERS, RULES, Miss, load_engine, read_facts
from warehouse import model
from warehouse.staged import StagedFacts

SENSE = f"dateline.sense {sum(enricher.version for enricher in ENRICHERS)}"
LANGUAGE_CONFIDENCE = 0.6  # below it the language that page or feed declare is kept

_LABELS = {enricher.name: enricher.label for enricher in ENRICHERS}
#: Keys of entities are ids in the tables.
_COLUMNS = {
    "entity": "entity_id",
    "speaker": "speaker_id",
    "addressee": "addressee_id",
    "actor": "actor_id",
    "target": "target_id",
    "place": "place_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSense:
    """What reading the facts of one article takes. ``published_at`` is what relative dates count from; ``only`` names
    the enrichers that are asked, none = all."""

    entry_id: int
    article_id: str
    text: str
    title: str | None
    section: str | None
    tags: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    read_at: datetime
    engine: str = RULES
    only: tuple[str, ...] = ()


def facts_of(item: ToSense) -> StagedFacts:
    """Read the facts of one article; relative dates stay unresolved where its own date is not known."""
    found = read_facts(
        item.text,
        published_on=item.published_at.date() if item.published_at else None,
        language=None,
        title=item.title,
        section=item.section,
        tags=item.tags,
        only=item.only,
        engine=item.engine,
    )
    labels = dict(_LABELS)
    if item.engine != RULES and found.language == "en":
        labels["mentions"] += f" {load_engine(item.engine).label}"
    sure = found.language != "und" and found.language_confidence >= LANGUAGE_CONFIDENCE
    sentences = (item.text[sentence.start_char : sentence.end_char] for sentence in found.summary_sentences)
    misses = [miss for miss in found.misses if not item.only or miss.enricher.split()[0] in item.only]
    return StagedFacts(
        entry_id=item.entry_id,
        enricher=SENSE,
        language=found.language if sure else None,
        language_confidence=found.language_confidence if sure else None,
        summary=" ".join(" ".join(sentence.split()) for sentence in sentences) or None,
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
            for entity in found.entities
        ),
        aliases=tuple(
            model.EntityAlias(entity_id=entity.key, alias=alias)
            for entity in found.entities
            for alias in entity.aliases
            if alias != entity.name
        ),
        enrichment_misses=tuple(missed(item, miss) for miss in misses),
        **{
            table: _rows(model.TABLES[table], getattr(found, table), item.article_id, labels[enricher])
            for table, enricher in model.FACTS.items()
            if not item.only or enricher in item.only
        },
    )


def missed(item: ToSense, miss: Miss) -> model.EnrichmentMiss:
    """The row that tells that an enricher failed on an article."""
    return model.EnrichmentMiss(article_id=item.article_id, missed_at=item.read_at, **asdict(miss))


def _rows(record: type, facts: Sequence, article_id: str, enricher: str) -> tuple:
    """Facts as rows of a table: the same columns, with the article's id, and keys of entities named as ids."""
    return tuple(
        record(
            article_id=article_id,
            enricher=enricher,
            **{_COLUMNS.get(name, name): value for name, value in asdict(fact).items()},
        )
        for fact in facts
    )
