"""How well the enrichers read the labelled texts: per kind of fact what was right, found and wanted, and every error.

Nothing is read from files here, and nothing of a text's own is known: only how a label and a fact are compared.

Spans of names must be equal. Dates and amounts are right where the spans overlap and the value (with kind and unit)
is equal; a quotation where the spans share at least half of their characters; a place within 161 km and in the right
country (the usual bound of toponym resolution: Leidner, 2007); an event where one of the right type is told in the
same sentence. A fact of what is marked as not judged counts neither for nor against.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from tasks import sense
from tasks.sense import Document, entity_key
from tests.golden.sense_gold import Amount, Event, Gold, Party, Place, Quote, Span

NEAR_KM = 161
_EARTH_KM = 6371.0
_NAMED = ("PERSON", "ORG", "PLACE")
_OTHER = ("NORP", "LAW", "EVENT", "PRODUCT")
_NEUTRAL = 0.05  # a tone nearer to zero than this has no sign


@dataclass(slots=True)
class Tally:
    """Counts of one kind of fact."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that was found; 1 where nothing was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, over all texts together."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0


@dataclass(slots=True)
class Score:
    """Tallies by kind and, for a reader, the errors as (kind, text, what was wrong)."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    def sets(self, kind: str, gold: Gold, wanted: set, found: set) -> None:
        """Count two sets of the same kind of values."""
        tally = self.tallies[kind]
        tally.right += len(wanted & found)
        tally.wanted += len(wanted)
        tally.found += len(found)
        self.errors += [(kind, gold.name, f"missed {value}") for value in sorted(wanted - found, key=str)]
        self.errors += [(kind, gold.name, f"invented {value}") for value in sorted(found - wanted, key=str)]

    def one(self, kind: str, gold: Gold, *, wanted: bool, found: bool, right: bool, told: str = "") -> None:
        """Count one value that was wanted, found or both."""
        tally = self.tallies[kind]
        tally.right += right
        tally.wanted += wanted
        tally.found += found
        if not right and (wanted or found):
            how = "missed" if not found else "wrong" if wanted else "invented"
            self.errors.append((kind, gold.name, f"{how} {told}"))


def score(gold: Gold, facts: Document, into: Score) -> None:
    """Count the facts of one text against its labels."""
    into.sets("language", gold, {gold.language}, {facts.language})
    _names(gold, facts, into)
    who = _Identity(gold, facts)
    _roles(gold, facts, who, into)
    _places(gold, facts, into)
    _dates(gold, facts, into)
    _amounts(gold, facts, into)
    _quotes(gold, facts, who, into)
    _events(gold, facts, who, into)
    codes = {topic.code for topic in facts.topics if topic.level == 1}
    into.sets("topics", gold, set(gold.topics), codes - gold.topics_allowed)
    if gold.tone:
        article = next((tone.score for tone in facts.tones if tone.scope == "article"), 0.0)
        sign = "positive" if article > _NEUTRAL else "negative" if article < -_NEUTRAL else None
        into.sets("tone", gold, {gold.tone}, {sign} - {None})


def _names(gold: Gold, facts: Document, into: Score) -> None:
    unjudged = [span for name in gold.names if name.label == "ANY" for span in name.spans]
    mentions = [m for m in facts.mentions if not _touches((m.start_char, m.end_char), unjudged)]
    wanted = {(span, name.label) for name in gold.names if name.label != "ANY" for span in name.spans}
    found = {((m.start_char, m.end_char), m.label) for m in mentions}
    for kind, labels in (*((f"names {label}", (label,)) for label in _NAMED), ("names other", _OTHER)):
        into.sets(
            kind,
            gold,
            {(*span, gold.text[slice(*span)], label) for span, label in wanted if label in labels},
            {(*span, gold.text[slice(*span)], label) for span, label in found if label in labels},
        )
    named = [name for name in gold.names if name.label in _NAMED]
    judged = {mention.entity for mention in mentions if mention.label in _NAMED}
    keys = {entity_key(entity.label, entity.name) for entity in facts.entities if entity.key in judged}
    told_keys = {entity_key(name.label, name.name) for name in named}
    same = {
        entity_key(name.label, other): entity_key(name.label, name.name) for name in named for other in name.other_names
    }
    into.sets("entities", gold, told_keys, {same.get(key, key) for key in keys})
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.label in _NAMED:
            forms[mention.entity].add(mention.surface)
    told = [{gold.text[slice(*span)] for span in name.spans} for name in named]
    into.sets("aliases", gold, _pairs(told), _pairs(list(forms.values())))


def _pairs(groups: list[set[str]]) -> set[tuple[str, str]]:
    """Each two different forms of one entity."""
    return {pair for forms in groups for pair in combinations(sorted(forms), 2)}


class _Identity:
    """Which labelled entity the key of a found one means: the one whose labelled spans its mentions meet most."""

    def __init__(self, gold: Gold, facts: Document) -> None:
        self.spans = {name.name: name.spans for name in gold.names}
        self.keys = {name.name: entity_key(name.label, name.name) for name in gold.names}
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for mention in facts.mentions:
            for name in gold.names:
                if _touches((mention.start_char, mention.end_char), name.spans):
                    votes[mention.entity][name.name] += 1
        self.meant = {key: names.most_common(1)[0][0] for key, names in votes.items()}

    def is_party(self, party: Party, key: str | None, span: Span | None) -> bool:
        """Whether a key, or a span without one, is who the label says."""
        if party.name is None:
            return span is not None and _touches(span, party.spans)
        if key is not None:
            return self.meant.get(key) == party.name or key == self.keys[party.name]
        return span is not None and _touches(span, self.spans[party.name])


def _roles(gold: Gold, facts: Document, who: _Identity, into: Score) -> None:
    left = list(facts.roles)
    for label in sorted(gold.roles, key=lambda role: not role.required):
        fits = [role for role in left if _touches((role.start_char, role.end_char), [label.span])]
        right = [role for role in fits if who.is_party(Party(name=label.person), role.entity, None)]
        if fits:
            left.remove((right or fits)[0])
        told = f"{gold.text[slice(*label.span)]!r} of {label.person}"
        if not label.required and (right or not fits):
            continue
        into.one("roles", gold, wanted=label.required, found=bool(fits), right=bool(right), told=told)
    for role in left:
        into.one("roles", gold, wanted=False, found=True, right=False, told=f"{role.surface!r} of {role.entity}")


def _places(gold: Gold, facts: Document, into: Score) -> None:
    rows = {(place.start_char, place.end_char): place for place in facts.places}
    spans = {name.name: name.spans for name in gold.names}
    unjudged = [span for name in gold.names if name.label == "ANY" for span in name.spans]
    for label in gold.places:
        for span in spans[label.name]:
            row = rows.pop(span, None)
            found = row is not None and row.resolution != "none"
            wanted = label.resolution != "none"
            right = wanted and found and _is_there(label, row)
            told = f"{label.name}: {label.resolution} {label.country} {label.point}"
            told += f", read as {row.resolution} {row.name} {row.country} {row.latitude} {row.longitude}" if row else ""
            into.one("places", gold, wanted=wanted, found=found, right=right, told=told)
    for span, row in rows.items():
        if row.resolution != "none" and not _touches(span, unjudged):
            into.one("places", gold, wanted=False, found=True, right=False, told=f"{row.surface} as {row.name}")


def _is_there(label: Place, row: sense.Place) -> bool:
    if label.resolution == "region":
        return row.resolution == "exact"
    if label.resolution == "parent" and row.resolution != "parent" or label.country != row.country:
        return False
    if label.point is None:
        return True
    return row.latitude is not None and _km(label.point, (row.latitude, row.longitude)) <= NEAR_KM


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _dates(gold: Gold, facts: Document, into: Score) -> None:
    unjudged = [day.span for day in gold.dates if day.value is None]
    left = [row for row in facts.dates if not _touches((row.start_char, row.end_char), unjudged)]
    for day in gold.dates:
        if day.value is None:
            continue
        met = [row for row in left if _touches((row.start_char, row.end_char), [day.span])]
        right = [row for row in met if row.value == day.value]
        if met:
            left.remove((right or met)[0])
        told = f"{gold.text[slice(*day.span)]!r} = {day.value}, read as {[row.value for row in met]}"
        into.one("dates", gold, wanted=True, found=bool(met), right=bool(right), told=told)
    for row in left:
        into.one("dates", gold, wanted=False, found=True, right=False, told=f"{row.surface!r} = {row.value}")


def _amounts(gold: Gold, facts: Document, into: Score) -> None:
    unjudged = [label.span for label in gold.amounts if label.value is None]
    left = [row for row in facts.amounts if not _touches((row.start_char, row.end_char), unjudged)]
    for label in gold.amounts:
        if label.value is None:
            continue
        met = [row for row in left if _touches((row.start_char, row.end_char), [label.span])]
        right = [row for row in met if _is_amount(label, row)]
        if met:
            left.remove((right or met)[0])
        told = f"{gold.text[slice(*label.span)]!r} = {label.value:g} {label.unit} ({label.kind})"
        told += f", read as {[(row.value, row.unit, row.kind) for row in met]}"
        into.one("amounts", gold, wanted=True, found=bool(met), right=bool(right), told=told)
        if right and (label.qualifier or right[0].qualifier):
            same = label.qualifier == right[0].qualifier
            told = f"{gold.text[slice(*label.span)]!r}: {label.qualifier}, read as {right[0].qualifier}"
            found = right[0].qualifier is not None
            into.one("qualifiers", gold, wanted=label.qualifier is not None, found=found, right=same, told=told)
    for row in left:
        told = f"{row.surface!r} = {row.value:g} {row.unit} ({row.kind})"
        into.one("amounts", gold, wanted=False, found=True, right=False, told=told)


def _is_amount(label: Amount, row: sense.Amount) -> bool:
    """Whether value, kind and unit agree: of what is counted, the last word; a share has no unit but points. A
    label without a unit does not ask for one."""
    if label.kind != row.kind or not math.isclose(label.value, row.value, rel_tol=1e-6):
        return False
    if label.kind == "percent":
        return (label.unit is not None) == (row.unit is not None and "point" in row.unit)
    if label.kind == "count":
        return label.unit is None or row.unit is not None and label.unit.split()[-1] == row.unit.split()[-1]
    return label.unit in (None, row.unit)


def _quotes(gold: Gold, facts: Document, who: _Identity, into: Score) -> None:
    left = list(facts.quotes)
    at: dict[int, list[sense.Quote | None]] = {}  # rows by the number of the label, in the order of its parts
    for number, label in sorted(enumerate(gold.quotes), key=lambda pair: not pair[1].required):
        at[number] = [_take(left, label.kind, part) for part in label.parts]
        if not label.required:
            continue
        for part, row in zip(label.parts, at[number], strict=True):
            _quote(gold, label, part, row, who, into)
    for row in left:
        into.one(f"quotes {row.kind}", gold, wanted=False, found=True, right=False, told=repr(row.text[:60]))
        if row.speaker is not None or row.speaker_start_char is not None:
            told = f"{row.speaker} of {row.text[:40]!r}"
            into.one(f"speakers {row.kind}", gold, wanted=False, found=True, right=False, told=told)
    owner = {id(row): number for number, rows in at.items() for row in rows if row is not None}
    for number, label in enumerate(gold.quotes):
        rows = at[number]
        for (part, one), (_, other) in pairwise(zip(label.parts, rows, strict=True)):
            joined = one is not None and other is not None and one.number == other.number
            told = repr(gold.text[slice(*part)][:50])
            into.one("joined quotes", gold, wanted=True, found=joined, right=joined, told=told)
    for one, other in pairwise(sorted(facts.quotes, key=lambda row: row.start_char)):
        if one.number != other.number or owner.get(id(one)) == owner.get(id(other)):
            continue
        # Whether sentences of one speaker in one paragraph are one quotation is a matter of taste.
        if "\n" in gold.text[one.end_char : other.start_char] or one.speaker != other.speaker:
            into.one("joined quotes", gold, wanted=False, found=True, right=False, told=repr(other.text[:50]))


def _take(left: list[sense.Quote], kind: str, part: Span) -> sense.Quote | None:
    """Remove and return the row of that kind that covers a part best, None where none covers half of it."""
    rows = [
        (_overlap((row.start_char, row.end_char), part), number) for number, row in enumerate(left) if row.kind == kind
    ]
    best, number = max(rows, default=(0.0, 0))
    return left.pop(number) if best >= 0.5 else None


def _quote(gold: Gold, label: Quote, part: Span, row: sense.Quote | None, who: _Identity, into: Score) -> None:
    told = repr(gold.text[slice(*part)][:60])
    into.one(f"quotes {label.kind}", gold, wanted=True, found=row is not None, right=row is not None, told=told)
    if label.speaker is None:
        return
    key = row.speaker if row is not None else None
    has_span = row is not None and row.speaker_start_char is not None
    span = (row.speaker_start_char, row.speaker_end_char) if has_span else None
    found = key is not None or span is not None
    right = found and who.is_party(label.speaker, key, span)
    name = label.speaker.name or gold.text[slice(*label.speaker.spans[0])]
    said = f"{name} of {told}, read as {key or (span and gold.text[slice(*span)])}"
    into.one(f"speakers {label.kind}", gold, wanted=True, found=found, right=right, told=said)
    verb = row.verb if row is not None else None
    if label.verb:
        same = verb is not None and verb.lower() == label.verb.lower()
        into.one("quote verbs", gold, wanted=True, found=bool(verb), right=same, told=f"{label.verb}, read as {verb}")
    addressee = row.addressee if row is not None else None
    if label.addressee or addressee:
        same = bool(label.addressee and addressee) and who.is_party(Party(name=label.addressee), addressee, None)
        told = f"{label.addressee}, read as {addressee}"
        into.one("addressees", gold, wanted=bool(label.addressee), found=bool(addressee), right=same, told=told)


def _events(gold: Gold, facts: Document, who: _Identity, into: Score) -> None:
    left = list(facts.events)
    for label in sorted(gold.events, key=lambda event: not event.required):
        sentence = next((s.start, s.end) for s in facts.sentences if s.start <= label.verb[0] < s.end)
        near = [row for row in left if sentence[0] <= row.verb_start_char < sentence[1] and row.action in label.actions]
        row = min(near, key=lambda each: abs(each.verb_start_char - label.verb[0]), default=None)
        if row is not None:
            left.remove(row)
        if not label.required:
            continue
        told = f"{'/'.join(label.actions)} {gold.text[slice(*label.verb)]!r}"
        into.one("events", gold, wanted=True, found=row is not None, right=row is not None, told=told)
        if row is not None:
            # A promise to cooperate is an act of its own (AGREE) and intended at once.
            promised = row.action == "AGREE" and {row.status, label.status} <= {"actual", "planned"}
            same = promised or row.status == label.status
            told_status = f"{told}: {label.status}, read as {row.status}"
            into.one("event status", gold, wanted=True, found=True, right=same, told=told_status)
        _parties(gold, label, row, told, who, into)
    for row in left:
        words = gold.text[row.verb_start_char : row.verb_end_char]
        into.one("events", gold, wanted=False, found=True, right=False, told=f"{row.action} {words!r}")


def _parties(gold: Gold, label: Event, row: sense.Event | None, told: str, who: _Identity, into: Score) -> None:
    """Actor and target of an event that was found; of one that was missed only the event itself is counted."""
    if row is None:
        return
    for role, party in (("actor", label.actor), ("target", label.target)):
        if party == "?":
            continue
        key, start, end = (getattr(row, f"{role}{suffix}") for suffix in ("", "_start_char", "_end_char"))
        span = (start, end) if start is not None else None
        found = key is not None or span is not None
        right = party is not None and found and who.is_party(party, key, span)
        name = party and (party.name or gold.text[slice(*party.spans[0])])
        words = key or (span and gold.text[slice(*span)])
        said = f"{name} of {told}, read as {words}"
        into.one(f"event {role}s", gold, wanted=party is not None, found=found, right=right, told=said)


def _touches(span: Span, spans: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)


def _overlap(one: Span, other: Span) -> float:
    """Shared characters by all characters of the two spans (Jaccard)."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (one[1] - one[0] + other[1] - other[0] - max(0, shared))
