"""The project's own gold for enrichment: what a labelled text is, and how its file is read.

A text is a file ``sense/NAME.toml`` that an editor can write and check by eye. Spans are found by the words and never
typed as numbers; a label whose words do not stand in the text is an error that names the file, the list and the line.
Nothing here knows what the enrichers find.

``date``, ``language``, ``text``, and optionally ``tone`` ("positive" or "negative"), ``topics`` and lists of labels.
``WORDS#2`` is the second time that the words stand in the text; without a number they stand for every time, save
inside longer words of the same list.

    names     "PERSON Amara Okafor: Amara Okafor | Okafor"    label, canonical name, every form; ANY = not judged;
              "PLACE Britain / United Kingdom: Britain" where another canonical name is as good
    roles     "transport minister = Amara Okafor"
    places    "Nairobi: KE -1.29 36.82" (a point), "Kenya: KE" (a country), "Kibra Mews: in KE -1.29 36.82" (in no
              gazetteer, its parent lies there), "Middle East: region", "Torvale: none" (cannot be told)
    dates     "Tuesday = 2025-03-11"                          "last winter = any" is not judged
    amounts   "at least 40 cranes = at least 40 cranes (count)"    qualifier, value, unit, kind; or any, as with dates
    quotes    "direct Amara Okafor told -> Jon Dahl: We will not wait ... it is late"    kind, speaker, verb, addressee;
              " ... " stands where the text breaks it; [the pilot] = told by common words; ? = not judged, and so is a
              verb that is -; "according-to" for a verb of two words
    events    "Norway AID Kenya planned: offered"             actor, PLOVER type (or A/B), target, status, words; - =
              none, [gunmen] = told by common words, ? = not judged; actual is not written
    topics    "economy", "politics?"                          level 1; with "?" it fits but need not be found

A role, a quotation or an event that begins with "maybe " may be found and need not be.
"""

import re
import tomllib
from calendar import day_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "sense"
LABELS = ("PERSON", "ORG", "PLACE", "NORP", "LAW", "EVENT", "PRODUCT", "ANY")
ACTIONS = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE"
    " COERCE ASSAULT"
).split()
STATUSES = ("actual", "planned", "denied", "claimed")
QUALIFIERS = ("at least", "at most", "about", "more than", "less than")
AMOUNT_KINDS = ("count", "money", "percent", "measure")
TOPICS = {
    "arts": "01000000",
    "crime": "02000000",
    "disaster": "03000000",
    "economy": "04000000",
    "education": "05000000",
    "environment": "06000000",
    "health": "07000000",
    "human interest": "08000000",
    "labour": "09000000",
    "lifestyle": "10000000",
    "politics": "11000000",
    "religion": "12000000",
    "science": "13000000",
    "society": "14000000",
    "sport": "15000000",
    "conflict": "16000000",
    "weather": "17000000",
}
_LISTS = ("names", "roles", "places", "dates", "amounts", "quotes", "events", "topics")
_MAYBE = "maybe "
_VALUE = re.compile(r"\d{4}(?:-(?:\d\d(?:-\d\d)?|W\d\d(?:-WE)?|Q[1-4]|H[12]|SP|SU|FA|WI))?|\d{3}X|\d\dXX|any")
_AMOUNT = re.compile(
    rf"(?:(?P<qualifier>{'|'.join(QUALIFIERS)}) )?(?P<value>-?\d[\d_]*(?:\.\d+)?)(?: (?P<unit>.+?))? \((?P<kind>\w+)\)"
)
_PLACE = re.compile(r"(?P<inside>in )?(?P<country>[A-Z]{2})(?: (?P<lat>-?\d+(?:\.\d+)?) (?P<lon>-?\d+(?:\.\d+)?))?")
_QUOTE = re.compile(
    r"(?P<kind>direct|indirect) (?P<speaker>\[[^\]]+\]|.+?) (?P<verb>[^\s:]+)(?: -> (?P<addressee>[^:]+))?"
)
_EVENT = re.compile(
    rf"(?P<actor>.+?) (?P<actions>(?:{'|'.join(ACTIONS)})(?:/(?:{'|'.join(ACTIONS)}))*) (?P<target>.+?)"
    rf"(?: (?P<status>{'|'.join(STATUSES)}))?"
)

Span = tuple[int, int]


class GoldError(ValueError):
    """A file that is not labelled as it must be; the message names the file and the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An entity and every span that names it. ``label`` is one of LABELS; ``other_names`` may be canonical too."""

    label: str
    name: str
    other_names: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An office and the canonical name of who holds it."""

    span: Span
    person: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a named place lies. ``resolution``: exact, parent, region or none; ``point`` in degrees, None for what is
    too wide for one."""

    name: str
    resolution: str
    country: str | None
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A calendar expression; ``value`` is None where it is not judged."""

    span: Span
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity, as in ``tasks.sense.facts``; ``value`` is None where it is not judged."""

    span: Span
    value: float | None
    unit: str | None = None
    kind: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who speaks, acts or is acted on: an entity by its name, or common words by their spans."""

    name: str | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation in one or more parts. ``speaker`` and ``verb`` are None where they are not judged."""

    kind: str
    parts: tuple[Span, ...]
    speaker: Party | None
    verb: str | None
    addressee: str | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what to whom. ``actions``: the PLOVER types that are right; a party is "?" where it is not judged."""

    actions: tuple[str, ...]
    status: str
    verb: Span
    actor: Party | str | None
    target: Party | str | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One labelled text. ``topics`` are codes that must be found, ``topics_allowed`` those that may."""

    name: str
    day: date
    language: str
    text: str
    tone: str | None
    topics: frozenset[str]
    topics_allowed: frozenset[str]
    names: tuple[Name, ...]
    roles: tuple[Role, ...]
    places: tuple[Place, ...]
    dates: tuple[Day, ...]
    amounts: tuple[Amount, ...]
    quotes: tuple[Quote, ...]
    events: tuple[Event, ...]


def paths() -> list[Path]:
    """The files of all texts, by name."""
    return sorted(FOLDER.glob("*.toml"))


def load(path: Path) -> Gold:
    """Read one file; raises GoldError."""
    return parse(path.stem, path.read_text(encoding="utf-8"))


def parse(name: str, content: str) -> Gold:
    """Read the content of a file; raises GoldError."""
    try:
        fields = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise GoldError(f"{name}: {error}") from None
    missing = [key for key in ("date", "language", "text") if key not in fields]
    unknown = sorted(set(fields) - {"date", "language", "text", "tone", *_LISTS})
    if missing or unknown:
        raise GoldError(f"{name}: missing {missing}, unknown {unknown}")
    if fields.get("tone") not in (None, "positive", "negative"):
        raise GoldError(f'{name}: tone is "positive" or "negative", or left out')
    return _Reader(name, fields).gold()


class _Reader:
    """One file while it is read: its text, and the names that later lists may use."""

    def __init__(self, name: str, fields: dict) -> None:
        self.name, self.fields, self.text = name, fields, fields["text"].strip()
        self.known: set[str] = set()

    def gold(self) -> Gold:
        """Read list after list; those that use names come after them."""
        names = tuple(self._names())
        topics = self.fields.get("topics", [])
        if wrong := [topic for topic in topics if topic.removesuffix("?") not in TOPICS]:
            raise self._wrong("topics", wrong[0], f"no such topic; there are {', '.join(TOPICS)}")
        places = tuple(self._place(line) for line in self.fields.get("places", []))
        if untold := {each.name for each in names if each.label == "PLACE"} ^ {place.name for place in places}:
            raise self._wrong("places", sorted(untold)[0], "is in one of names (as PLACE) and places but not in both")
        return Gold(
            name=self.name,
            day=self.fields["date"],
            language=self.fields["language"],
            text=self.text,
            tone=self.fields.get("tone"),
            topics=frozenset(TOPICS[topic] for topic in topics if not topic.endswith("?")),
            topics_allowed=frozenset(TOPICS[topic[:-1]] for topic in topics if topic.endswith("?")),
            names=names,
            roles=tuple(self._roles()),
            places=places,
            dates=tuple(self._dates()),
            amounts=tuple(self._amounts()),
            quotes=tuple(self._quote(line) for line in self.fields.get("quotes", [])),
            events=tuple(self._event(line) for line in self.fields.get("events", [])),
        )

    def _names(self) -> Iterator[Name]:
        heads, surfaces = [], []
        for line in self.fields.get("names", []):
            head, forms = self._split("names", line, ": ")
            label, _, told = head.partition(" ")
            name, *others = told.split(" / ")
            if label not in LABELS or not name:
                raise self._wrong("names", line, f"must begin with one of {', '.join(LABELS)} and a name")
            if name in self.known:
                raise self._wrong("names", line, "names an entity a second time")
            self.known.add(name)
            heads.append((label, name, tuple(others)))
            surfaces.append((line, forms.split(" | ")))
        for (label, name, others), spans in zip(heads, self._spans("names", surfaces), strict=True):
            yield Name(label=label, name=name, other_names=others, spans=spans)

    def _roles(self) -> Iterator[Role]:
        for line, surface, person in self._pairs("roles"):
            self._check("roles", line, person)
            for span in self._spans("roles", [(line, [surface.removeprefix(_MAYBE)])])[0]:
                yield Role(span=span, person=person, required=not line.startswith(_MAYBE))

    def _place(self, line: str) -> Place:
        name, where = self._split("places", line, ": ")
        self._check("places", line, name)
        if where in ("none", "region"):
            return Place(name=name, resolution=where, country=None, point=None)
        match = _PLACE.fullmatch(where)
        if match is None:
            raise self._wrong("places", line, 'must be like "KE -1.29 36.82", "KE", "in KE", "region" or "none"')
        point = (float(match["lat"]), float(match["lon"])) if match["lat"] else None
        resolution = "parent" if match["inside"] else "exact"
        return Place(name=name, resolution=resolution, country=match["country"], point=point)

    def _dates(self) -> Iterator[Day]:
        lines = list(self._pairs("dates"))
        found = self._spans("dates", [(line, [surface]) for line, surface, _ in lines])
        for (line, _, value), spans in zip(lines, found, strict=True):
            if not _VALUE.fullmatch(value):
                raise self._wrong(
                    "dates", line, "must be any, or a value of tasks.sense.facts.DateMention, as in 2025-03"
                )
            if len(value) == len("YYYY-MM-DD") and line.startswith(tuple(day_name)):
                weekday = day_name[date.fromisoformat(value).weekday()]
                if not line.startswith(weekday):
                    raise self._wrong("dates", line, f"{value} is a {weekday}")
            for span in spans:
                yield Day(span=span, value=None if value == "any" else value)

    def _amounts(self) -> Iterator[Amount]:
        lines = list(self._pairs("amounts"))
        found = self._spans("amounts", [(line, [surface]) for line, surface, _ in lines])
        for (line, _, told), spans in zip(lines, found, strict=True):
            if told == "any":
                yield from (Amount(span=span, value=None) for span in spans)
                continue
            match = _AMOUNT.fullmatch(told)
            if match is None or match["kind"] not in AMOUNT_KINDS:
                raise self._wrong("amounts", line, 'must be like "more than 1_500 EUR (money)"')
            for span in spans:
                yield Amount(
                    span=span,
                    value=float(match["value"]),
                    unit=match["unit"],
                    kind=match["kind"],
                    qualifier=match["qualifier"],
                )

    def _quote(self, line: str) -> Quote:
        head, words = self._split("quotes", line, ": ")
        match = _QUOTE.fullmatch(head.removeprefix(_MAYBE))
        if match is None:
            raise self._wrong("quotes", line, 'must be like "direct Amara Okafor said: words"')
        parts = tuple(self._once("quotes", line, part) for part in words.split(" ... "))
        speaker, addressee = match["speaker"], match["addressee"]
        if addressee:
            self._check("quotes", line, addressee)
        return Quote(
            kind=match["kind"],
            parts=parts,
            speaker=None if speaker == "?" else self._party("quotes", line, speaker),
            verb=None if match["verb"] == "-" else match["verb"].replace("-", " "),
            addressee=addressee,
            required=not line.startswith(_MAYBE),
        )

    def _event(self, line: str) -> Event:
        head, words = self._split("events", line, ": ")
        match = _EVENT.fullmatch(head.removeprefix(_MAYBE))
        if match is None:
            raise self._wrong("events", line, 'must be like "Norway AID Kenya planned: offered"')
        actor, target = (
            "?" if who == "?" else None if who == "-" else self._party("events", line, who)
            for who in (match["actor"], match["target"])
        )
        return Event(
            actions=tuple(match["actions"].split("/")),
            status=match["status"] or "actual",
            verb=self._once("events", line, words),
            actor=actor,
            target=target,
            required=not line.startswith(_MAYBE),
        )

    def _party(self, where: str, line: str, who: str) -> Party:
        if who.startswith("["):
            return Party(spans=self._spans(where, [(line, [who[1:-1]])])[0])
        self._check(where, line, who)
        return Party(name=who)

    def _check(self, where: str, line: str, name: str) -> None:
        if name not in self.known:
            raise self._wrong(where, line, f"{name!r} is not among the names; write common words as [common words]")

    def _pairs(self, where: str) -> Iterator[tuple[str, str, str]]:
        for line in self.fields.get(where, []):
            yield line, *self._split(where, line, " = ")

    def _split(self, where: str, line: str, mark: str) -> tuple[str, str]:
        left, found, right = line.partition(mark)
        if not found:
            raise self._wrong(where, line, f"has no {mark!r}")
        return left, right

    def _once(self, where: str, line: str, surface: str) -> Span:
        spans = self._spans(where, [(line, [surface])])[0]
        if len(spans) > 1:
            raise self._wrong(where, line, f"{surface!r} stands {len(spans)} times in the text: say which, as in #2")
        return spans[0]

    def _spans(self, where: str, lines: list[tuple[str, list[str]]]) -> list[tuple[Span, ...]]:
        """The spans of each line's surfaces; a longer surface keeps a shorter one of the same list out of its words."""
        found: list[list[Span]] = [[] for _ in lines]
        taken: set[int] = set()
        flat = [(surface, number) for number, (_, surfaces) in enumerate(lines) for surface in surfaces]
        for surface, number in sorted(flat, key=lambda pair: (-len(pair[0].partition("#")[0]), "#" not in pair[0])):
            words, _, nth = surface.partition("#")
            every = [match.span() for match in _pattern(words).finditer(self.text)]
            wanted = [every[int(nth) - 1]] if nth.isdecimal() and 0 < int(nth) <= len(every) else [] if nth else every
            spans = [span for span in wanted if taken.isdisjoint(range(*span))]
            if not spans:
                how = f"stands {len(every)} times in the text, and no such one is free of the longer words of this list"
                raise self._wrong(where, lines[number][0], f"{surface!r}: {words!r} {how}")
            found[number] += spans
            taken.update(char for span in spans for char in range(*span))
        return [tuple(sorted(spans)) for spans in found]

    def _wrong(self, where: str, line: str, message: str) -> GoldError:
        return GoldError(f"{self.name}, {where}, {line!r}: {message}")


def _pattern(words: str) -> re.Pattern[str]:
    """The words by themselves: no letter or digit joins on, and no number goes on ("5 miles" is not in "2.5 miles")."""
    before = r"(?<!\w)" if words[0].isalnum() else ""
    before += r"(?<!\d[.,])" if words[0].isdigit() else ""
    return re.compile(before + re.escape(words) + (r"(?!\w)" if words[-1].isalnum() else ""))
