"""Which enrichers there are, in which order they read a document, and that each of them fails alone.

An enricher is a pure function from a document to the same document with its own facts filled in; it may use what those
before it found and must do without where one of them failed. No fact is found here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tasks.errors import DatelineError
from tasks.sense.amounts.reader import read_amounts
from tasks.sense.dates.reader import read_dates
from tasks.sense.events.reader import read_events
from tasks.sense.facts import Document, Miss
from tasks.sense.language import read_language
from tasks.sense.names.reader import read_mentions
from tasks.sense.places.reader import read_places
from tasks.sense.quotes.reader import read_quotes
from tasks.sense.subjects.keywords import read_keywords
from tasks.sense.subjects.summary import read_summary
from tasks.sense.subjects.tone import read_tone
from tasks.sense.subjects.topics import read_topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Enricher:
    """One kind of facts. ``version`` grows with every change by which the same text gives other facts.

    ``needs``: the enrichers whose facts it uses. ``method``: how it reads, where readers of the rows must know.
    """

    name: str
    version: int
    read: Callable[[Document], Document]
    needs: tuple[str, ...] = ()
    method: str = ""

    @property
    def label(self) -> str:
        """Name, method if told, and version as they stand on each row."""
        return " ".join(filter(None, (self.name, self.method, str(self.version))))


ENRICHERS = (
    Enricher(name="language", version=2, read=read_language),
    Enricher(name="mentions", version=3, read=read_mentions, needs=("language",)),
    Enricher(name="places", version=1, read=read_places, needs=("language", "mentions")),
    Enricher(name="dates", version=3, read=read_dates, needs=("language",)),
    Enricher(name="amounts", version=3, read=read_amounts, needs=("language", "dates")),
    Enricher(name="quotes", version=3, read=read_quotes, needs=("language", "mentions")),
    Enricher(name="events", version=1, read=read_events, needs=("language", "mentions", "dates", "quotes")),
    Enricher(name="topics", version=1, read=read_topics, needs=("language", "mentions")),
    Enricher(name="keywords", version=3, read=read_keywords, needs=("language", "mentions")),
    Enricher(name="summary", version=3, read=read_summary, needs=("language",)),
    Enricher(name="tone", version=1, read=read_tone, needs=("language",), method="lexicon"),
)
NAMES = tuple(enricher.name for enricher in ENRICHERS)


def enrich_document(document: Document, only: Collection[str] = ()) -> Document:
    """Read the facts of a document, those of the enrichers named in ``only`` and of all that these need, or all.

    One that raises leaves a ``Miss`` and no fact of its own; the others go on.
    """
    wanted = _with_needs(only or NAMES)
    for enricher in ENRICHERS:
        if enricher.name not in wanted:
            continue
        try:
            document = enricher.read(document)
        except Exception as error:  # whatever a fault in one enricher is, the article must not be lost to it
            document = replace(document, misses=(*document.misses, miss(enricher.label, error)))
    return document


def _with_needs(names: Collection[str]) -> set[str]:
    wanted = set(names)
    for enricher in reversed(ENRICHERS):
        if enricher.name in wanted:
            wanted.update(enricher.needs)
    return wanted


def miss(label: str, error: Exception) -> Miss:
    """What is told of an enricher, or of all of them, that failed; ``label`` as it stands on rows."""
    reason = error.reason if isinstance(error, DatelineError) else type(error).__name__
    return Miss(enricher=label, reason=reason, message=str(error))
