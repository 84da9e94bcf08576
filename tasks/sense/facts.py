"""The records of what an article says: frozen, each fact with its span. No rule that finds a fact stands here.

Spans are Unicode code points into the article's text, half open: ``text[start_char:end_char] == surface`` for every
fact that has a surface, and a test proves it. Confidences are the reader's own estimate between 0 and 1 of how often
a fact found this way is right; they rank facts and are not calibrated probabilities.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

SENSE = "dateline.sense 1"

_NOT_SLUG = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of an entity. ``label``: PERSON, ORG, PLACE, NORP, LAW, EVENT or PRODUCT."""

    start_char: int
    end_char: int
    surface: str
    label: str
    confidence: float
    entity: str  # key into Facts.entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Whom or what the mentions name. ``country`` and coordinates are None unless the reading is sure of them."""

    key: str
    name: str
    label: str
    aliases: tuple[str, ...] = ()
    country: str | None = None  # ISO 3166-1 alpha-2
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A calendar expression and the days it covers, both included.

    ``value``: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Www or YYYY-Qn. ``granularity``: day, week, month, quarter or year.
    """

    start_char: int
    end_char: int
    surface: str
    value: str
    granularity: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity. ``kind``: count, money, percent or measure; ``unit``: what is counted, or ISO 4217, or None."""

    start_char: int
    end_char: int
    surface: str
    value: float
    unit: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words given as someone's. The span is that of the words, without the marks; ``kind``: direct or indirect."""

    start_char: int
    end_char: int
    text: str
    kind: str
    speaker: str | None  # key into Facts.entities
    speaker_start_char: int | None
    speaker_end_char: int | None
    verb: str | None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A term the text is about, with the span of its first occurrence; ``weight`` is 1 for the heaviest."""

    term: str
    weight: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that was read in one text. ``language`` is ISO 639 (``und`` when unknown); ``summary`` spans sentences."""

    language: str
    language_confidence: float
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quotes: tuple[Quote, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    summary: tuple[tuple[int, int], ...] = ()


def entity_key(label: str, name: str) -> str:
    """Return the stable id of an entity: its label and its canonical name, folded ("person:rajnath-singh").

    Accents, case and the article of an organisation do not count, so that two spellings of one name in two documents
    share the key.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    slug = _NOT_SLUG.sub("-", bare).strip("-")
    if label == "ORG" and slug != "the":
        slug = slug.removeprefix("the-")
    return f"{label.lower()}:{slug}"
