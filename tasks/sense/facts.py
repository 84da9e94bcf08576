"""The records of what an article says: frozen, each fact with its span. No rule that finds a fact stands here.

Spans are Unicode code points into the article's text, half open: ``text[start_char:end_char] == surface`` for every
fact that has a surface, and a test proves it. Confidences are the reader's own estimate between 0 and 1 of how often
a fact found this way is right; they rank facts and are not calibrated probabilities.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.text import Sentence, Word, unaccented

_NOT_SLUG = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of an entity. ``label``: PERSON, ORG, PLACE, NORP, LAW, EVENT or PRODUCT."""

    start_char: int
    end_char: int
    surface: str
    label: str
    confidence: float
    entity: str  # key into Document.entities


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
class Role:
    """An office or occupation that the text gives a person ("Defence Minister"); the span is that of its words."""

    start_char: int
    end_char: int
    surface: str
    entity: str  # key of the person
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A mention of a place and where it lies. The span is that of the mention.

    ``resolution``: exact, parent (the place itself is in no gazetteer: ``name`` and the rest are those of the smallest
    place known to contain it) or none (not resolved; then all that follows is None).
    ``kind``: country, division (first-level), town, region, water or facility.
    """

    start_char: int
    end_char: int
    surface: str
    entity: str
    resolution: str
    gazetteer_id: str | None = None  # "geonames:1260880" (towns, countries) or "iso3166-2:IN-JK"
    name: str | None = None
    kind: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    division: str | None = None  # name of the first-level division
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A calendar expression and the days it covers, both included.

    ``value``: YYYY, YYYY-MM, YYYY-MM-DD and YYYY-Www of ISO 8601; YYYY-Qn, YYYY-Hn (half), YYYY-SP, -SU, -FA or -WI
    (season; a winter bears the year in which it begins) and YYYY-Www-WE (weekend) of TIMEX3 (ISO-TimeML); YYYX (decade)
    and YYXX (century) of EDTF (ISO 8601-2). ``granularity``: day, weekend, week, month, quarter, season, half, year,
    decade or century. The days of a season are those of the northern half of the earth.
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
    """A quantity. ``kind``: count, money, percent or measure (ages and durations too). ``unit``: the noun that is
    counted; ISO 4217; %, percentage point or basis point; the symbol of a measure (km, kg, ha, °C, km², h, min, s; day,
    week, month, year); None for money of a currency that the text does not tell.

    ``qualifier``: at least, at most, about, more than, less than; None where the text gives the number itself. A range
    is two amounts, its lower end "at least" and its upper "at most".
    """

    start_char: int
    end_char: int
    surface: str
    value: float
    unit: str | None
    kind: str
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words given as someone's. The span is that of the words, without the marks; ``kind``: direct or indirect.

    A quotation that the text breaks ("…", he said, "…") is several of these with one ``number``. The speaker's span is
    that of the words beside the verb: a name, "she" or "the minister"; ``speaker`` is whom they mean, None where the
    text names nobody whom they must mean ("officials").
    """

    number: int  # from 1, in the order of the text
    start_char: int
    end_char: int
    text: str
    kind: str
    speaker: str | None  # key into Document.entities
    speaker_start_char: int | None
    speaker_end_char: int | None
    verb: str | None
    addressee: str | None = None  # key of whom the words were said to, where the text tells
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what to whom, as one clause tells it; the span is that of the clause or its sentence.

    ``action``: an event type of PLOVER (Halterman et al., 2023), as in ASSAULT; the verb's span is that of the words
    that told it. ``status``: actual, planned (intended, promised or demanded), denied (did not happen) or claimed.
    Actor and target are keys of entities, None where they are named by common words only ("gunmen"); their spans stand
    wherever the clause has them.
    """

    start_char: int
    end_char: int
    action: str
    status: str
    verb_start_char: int
    verb_end_char: int
    actor: str | None = None
    actor_start_char: int | None = None
    actor_end_char: int | None = None
    target: str | None = None
    target_start_char: int | None = None
    target_end_char: int | None = None
    place: str | None = None  # key of an entity
    first_day: date | None = None  # when, where a date stands by the clause
    last_day: date | None = None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject of the IPTC Media Topics that the article is about; the span is the strongest of its evidence."""

    code: str  # "11000000"
    name: str
    level: int  # 1 or 2
    confidence: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A term the text is about, with the span of its first occurrence; ``weight`` is 1 for the heaviest."""

    term: str
    weight: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """A sentence that stands for the article; ``rank`` 1 is the first to show, ``weight`` of the heaviest is 1."""

    rank: int
    weight: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How positive the wording is, -1 to 1. Tone of words, not a stance on anybody. The span is the whole text's for
    the article's tone and the sentence's for the sentences that weigh most.

    ``scope``: article or sentence.
    """

    scope: str
    score: float
    positive_words: int
    negative_words: int
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An enricher that failed on this article; the others did not."""

    enricher: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text with what is known of it before any fact is read, and the facts that were read so far.

    Each enricher is a pure function from a document to the same document with its own facts filled in.
    """

    text: str
    title: str | None = None
    section: str | None = None  # as the page tells it
    tags: tuple[str, ...] = ()
    published_on: date | None = None  # what relative dates count from
    sentences: Sequence[Sentence] = ()
    words: Sequence[Word] = ()
    language: str = "und"  # ISO 639; und = unknown
    language_confidence: float = 0.0
    engine: str = "rules"  # what reads the names: rules, or spacy: with the name of an installed pipeline
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    roles: tuple[Role, ...] = ()
    places: tuple[Place, ...] = ()
    dates: tuple[DateMention, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    topics: tuple[Topic, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    summary_sentences: tuple[SummarySentence, ...] = ()
    tones: tuple[Tone, ...] = ()
    misses: tuple[Miss, ...] = ()


def entity_key(label: str, name: str) -> str:
    """Return the stable id of an entity: its label and its canonical name, folded ("person:rajnath-singh").

    Accents, case and the article of an organisation do not count, so that two spellings of one name in two documents
    share the key.
    """
    slug = _NOT_SLUG.sub("-", unaccented(name).casefold()).strip("-")
    if label == "ORG" and slug != "the":
        slug = slug.removeprefix("the-")
    return f"{label.lower()}:{slug}"
