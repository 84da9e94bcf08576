"""Which of its namesakes a name means: readings weighed by size and fame, and against what the document speaks of.

The weights are the author's own, on a scale of powers of ten of inhabitants: standing in a list is worth as much as
being some ten times larger, lying in the only country that the text names as much as a hundred times. The bound of
161 km (100 miles) is the usual one of toponym resolution (Leidner, Toponym Resolution in Text, 2007). No text is read
here.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tasks.sense.places.context import AREA, TOWN
from tasks.sense.places.gazetteer import Place

_ROUNDS = 3
_MAX_ANCHORS = 12
SCORES = {"country": 8.2, "water": 8.0, "region": 8.0, "facility": 7.5, "division": 8.0}  # of what is listed by hand
DOUBTFUL = 6.0  # listed, under a name that is a place only where the text asks for one
_KNOWN_TOWN = 1.2
_LARGE = 0.6  # what the powers of ten above 100,000 inhabitants count more
_OTHER_NAME = -1.5
_DIVISION = -1.0
_REGION = -1.2  # districts and counties share their names with towns, and the towns make the news
_COUNTRY_SHARE = 2.0
_FEW = 1.0  # mentions by which a share is held down where there are few
_DIVISION_SPOKEN = 0.8
_NEAR = 0.5
SETTLED = 2.5  # the text says what sort of place it is, or settles it elsewhere
_MIN_TOWN = 15_000  # a smaller one is believed only where the text speaks of its country or its neighbours
_MIN_OTHER = 300_000  # the same under another name, or for a spot that is called after it
_MIN_COMMON = 100_000  # the same of one whose name is a word ("Temple", "King")
_MIN_SHARE = 0.12
_MIN_PART_SHARE = 0.3
_MIN_MARGIN = 0.25
_MIN_ALONE = 5_000  # the same of one that has no namesake elsewhere
_ALONE = 3.0  # its margin
_NEAR_KM = 161.0


@dataclass(slots=True)
class Reading:
    """One thing that a name can mean, and what speaks for it before the document does."""

    place: Place
    prior: float
    own: bool  # the name is the place's own and no alternate
    part: bool  # the place contains what is named
    score: float = 0.0


@dataclass(slots=True)
class Name:
    """All mentions of one name, what it can mean and what it was taken for."""

    readings: list[Reading]
    common: bool  # the name is a word of the general vocabulary
    mentions: list[int] = field(default_factory=list)
    chosen: Reading | None = None
    margin: float = 0.0  # ahead of the best reading elsewhere


@dataclass(slots=True)
class _Spoken:
    """What the document speaks of."""

    countries: Counter
    total: float
    divisions: Counter
    anchors: list[tuple[int, Place]]


def weigh(names: Sequence[Name], pinned: Collection[int], peoples: Counter) -> list[Reading | None]:
    """Choose a reading for each name, None where too little speaks for any.

    ``pinned``: numbers of the mentions that the words beside them settle; ``peoples``: how often the text names a
    country by its people. Readings and names are changed in place.
    """
    spoken = _Spoken(Counter(peoples), sum(peoples.values()), Counter(), [])
    for _ in range(_ROUNDS):
        for index, name in enumerate(names):
            _choose(index, name, spoken)
        spoken = _listen(names, pinned, peoples)
    return [_believed(index, name, spoken) for index, name in enumerate(names)]


def prior_of(place: Place, own: bool, sort: str) -> float:
    """Return what speaks for a place before the document does; ``sort``: AREA, TOWN or ANY, as the words beside say."""
    if place.kind == "town":
        prior = _size(place) + _KNOWN_TOWN * place.known
    elif place.known:
        prior = SCORES[place.kind] if place.sure else DOUBTFUL
    else:
        prior = _size(place) + (_DIVISION if place.kind == "division" else _REGION)
    if sort == AREA and place.kind in ("division", "region") or sort == TOWN and place.kind == "town":
        prior += SETTLED
    return prior if own else prior + _OTHER_NAME


def _size(place: Place) -> float:
    size = math.log10(max(place.population, 500))
    return size + _LARGE * max(0.0, size - 5)


def lies_in(inner: Place, outer: Place) -> bool:
    """Say whether one place lies in the other, as far as countries, divisions and distances tell."""
    if inner is outer or inner.kind == "country" or (inner.country != outer.country and outer.country is not None):
        return False
    if outer.kind == "country":
        return True
    if outer.kind == "division":
        if inner.kind == "division":
            return False
        return inner.division == outer.division or (outer.known and distance_km(inner, outer) < _NEAR_KM)
    if outer.kind == "town":
        return (
            inner.kind in ("town", "facility")
            and inner.population < outer.population
            and distance_km(inner, outer) < 50
        )
    return (
        outer.latitude is not None
        and inner.kind == "town"
        and distance_km(inner, outer) < (_NEAR_KM if outer.country else 2 * _NEAR_KM)
    )


def lies_near(inner: Place, outer: Place) -> bool:
    """Say whether a town is so near to another place that the text may say so."""
    if inner is outer or inner.kind != "town" or outer.kind == "country":
        return False
    return distance_km(inner, outer) < (200 if outer.kind == "division" else 100)


def _choose(index: int, name: Name, spoken: _Spoken) -> None:
    """Weigh the readings of a name against what the document speaks of."""
    if not name.readings:
        return
    own = name.chosen
    for reading in name.readings:
        place = reading.place
        score = reading.prior
        if spoken.total and place.country is not None:
            # What the name itself was taken for before must not speak for itself.
            mine = len(name.mentions) if own is not None and own.place.country == place.country else 0
            others = spoken.total - len(name.mentions)
            if others > 0:
                score += _COUNTRY_SHARE * max(0.0, spoken.countries[place.country] - mine) / (others + _FEW)
            if len(name.readings) > 1:
                inside = spoken.divisions[place.country, place.division]
                mine = own is not None and own.place.division == place.division
                score += _DIVISION_SPOKEN * (place.division is not None and inside > mine)
                score += _NEAR * (place.kind == "town" and _has_neighbour(index, place, spoken))
        reading.score = score
    name.chosen = best = max(name.readings, key=lambda reading: reading.score)
    first = name.readings[0]
    if first.place.kind == "country" and first.place.country == best.place.country:
        name.chosen = best = first  # Mexico is not Mexico City
    elsewhere = [r.score for r in name.readings if r is not best and distance_km(r.place, best.place) > _NEAR_KM]
    name.margin = best.score - max(elsewhere) if elsewhere else _ALONE


def _has_neighbour(index: int, place: Place, spoken: _Spoken) -> bool:
    return any(other != index and distance_km(place, anchor) < _NEAR_KM for other, anchor in spoken.anchors)


def _listen(names: Sequence[Name], pinned: Collection[int], peoples: Counter) -> _Spoken:
    """Gather the countries, divisions and towns that the chosen readings speak of."""
    found: Counter = Counter()
    divisions: Counter = Counter()
    anchors = []
    total = 0.0
    for country, count in peoples.items():
        found[country] += count
        total += count
    for index, name in enumerate(names):
        chosen = name.chosen
        if chosen is None:
            continue
        place, weight = chosen.place, len(name.mentions)
        total += weight
        if place.country is not None:
            found[place.country] += weight
            if place.division is not None:
                divisions[place.country, place.division] += 1
        settled = any(mention in pinned for mention in name.mentions) or name.margin > 1
        if place.kind == "town" and settled and len(anchors) < _MAX_ANCHORS:
            anchors.append((index, place))
    return _Spoken(found, total, divisions, anchors)


def _believed(index: int, name: Name, spoken: _Spoken) -> Reading | None:
    """Return what a name was taken for unless too little speaks for it."""
    chosen = name.chosen
    if chosen is None:
        return None
    place = chosen.place
    if place.known or (place.kind == "division" and place.population >= _MIN_OTHER):
        return chosen
    if name.common and place.population < _MIN_COMMON:
        return None
    share = (spoken.countries[place.country] - len(name.mentions)) / max(1.0, spoken.total - len(name.mentions))
    if chosen.part:
        # Most spots are called after people.
        supported = share >= _MIN_PART_SHARE and place.population >= _MIN_TOWN
    else:
        supported = share >= _MIN_SHARE
    supported = supported or _has_neighbour(index, place, spoken)
    least = _MIN_OTHER if chosen.part or not chosen.own else _MIN_ALONE if name.margin == _ALONE else _MIN_TOWN
    if supported or (place.population >= least and name.margin >= _MIN_MARGIN):
        return chosen
    return None


def distance_km(one: Place, other: Place) -> float:
    """Distance on a sphere, flat between the two: good to a few per cent at the distances that matter here."""
    if one.latitude is None or other.latitude is None:
        return math.inf
    east = (one.longitude - other.longitude + 180) % 360 - 180
    return 111.2 * math.hypot(
        one.latitude - other.latitude, east * math.cos(math.radians((one.latitude + other.latitude) / 2))
    )
