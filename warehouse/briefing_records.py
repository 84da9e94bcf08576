"""What a day's briefing tells, as records: filled by ``warehouse.briefing``, rendered by ``flows``.

Records only. Each that is shown names the articles that it was read from, so that a page made of it can be taken away
when one of them goes.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An original and its copies; ``articles`` and ``sources`` are those of the day, ``url`` the original's."""

    title: str
    url: str
    language: str | None
    summary: str | None
    source: str
    first_at: datetime
    words: int
    sources: list[str]  # by when they ran it
    articles: int
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Who said what; the parts of a broken quotation are apart, as in: It leaks,” “We shall mend it."""

    speaker: str
    role: str | None
    verb: str | None
    quote: str
    addressee: str | None
    language: str | None
    source: str
    title: str
    url: str
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what to whom; ``action`` is PLOVER's event type, ``status`` actual, planned, denied or claimed."""

    actor: str
    verb: str
    target: str | None
    action: str
    status: str
    place: str | None
    language: str | None
    source: str
    title: str
    url: str
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewName:
    """Who or what no earlier original article names; ``title`` and ``url`` are of the first that does."""

    name: str
    label: str
    role: str | None
    articles: int
    language: str | None
    title: str
    url: str
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """A day to come of which an article speaks, with the text around it; ``articles`` is how many do in all."""

    day: date
    articles: int
    before: str
    surface: str
    after: str
    language: str | None
    source: str
    title: str
    url: str
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with coordinates (degrees, WGS 84) and how many original articles name it."""

    name: str
    country: str | None
    latitude: float
    longitude: float
    articles: int
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineChange:
    """A headline that was found changed on the day."""

    before: str | None
    after: str | None
    seen_at: datetime
    language: str | None
    source: str
    url: str
    article_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAccount:
    """The runs of one flow that began on the day, added up: in = landed + dropped."""

    flow: str
    runs: int
    entries_in: int
    entries_landed: int
    entries_dropped: int
    articles_new: int
    articles_copies: int
    articles_revised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """All that is told of a day. Numbers count what is of the day, lists hold the first of what there is."""

    day: date
    articles: int
    articles_without_text: int  # no longer kept: counted, not shown
    copies: int
    sources: int
    words: int
    stories_count: int
    stories: list[Story]  # widest first, then longest
    quotes_count: int
    quotes: list[Quotation]
    events_count: int
    events: list[Deed]
    names_count: int
    names: list[NewName]
    ahead: list[DayAhead]  # by day
    places: list[Place]
    places_unresolved: int
    topics: list[tuple[str, int, int]]  # (name, level, articles)
    hours: list[int]  # articles by hour of publication, 0 to 23
    untimed: int  # articles of which no time is known, or only the day
    changes: list[HeadlineChange]
    conditions: list[tuple]  # as warehouse.upkeep.source_conditions, those in order left out
    sources_enabled: int
    runs: list[FlowAccount]
    drops: list[tuple[str, int]]  # (reason, entries), what was known already left out
    snapshot_at: datetime | None  # when the newest run in the snapshot ended

    @property
    def article_ids(self) -> list[str]:
        """Every article that anything shown was read from."""
        shown = (self.stories, self.quotes, self.events, self.names, self.ahead, self.places, self.changes)
        return sorted({article_id for rows in shown for row in rows for article_id in row.article_ids})
