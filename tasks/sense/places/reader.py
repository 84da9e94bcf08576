"""Where the places of a text lie: each mention of a place against the gazetteer, with the others as context.

All mentions of one name are one place unless the words beside one of them say otherwise ("Paris, Texas"). Among
namesakes the largest is meant, weighed against what else the text speaks of (``namesakes``). What no gazetteer has is
given its parent where the words name one, and "none" where they do not. Which words are places was decided before;
nothing here finds a mention.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tasks.sense.facts import Document, Entity, Mention
from tasks.sense.facts import Place as PlaceRow
from tasks.sense.lexicon import demonyms
from tasks.sense.places import context as place_context
from tasks.sense.places import gazetteer
from tasks.sense.places.context import Form
from tasks.sense.places.gazetteer import Place
from tasks.sense.places.namesakes import DOUBTFUL, SCORES, SETTLED, Name, Reading, lies_in, lies_near, prior_of, weigh

_AROUND_CHARS = 40


def read_places(document: Document) -> Document:
    """Fill in a place for each mention of one, and the country and coordinates of the entities that they name."""
    mentions = [mention for mention in document.mentions if mention.label == "PLACE"]
    if not mentions:
        return replace(document, places=())
    names, name_of = _names(document, mentions)
    peoples = _peoples(document)
    links = _links(document, mentions)
    pinned = _pinned(document, mentions, names, name_of, links)
    believed = weigh(names, pinned, peoples)
    readings = [
        pinned.get(index)
        or _believed(believed[number], _parent(index, mentions, links, name_of, pinned, believed), links.get(index))
        for index, number in enumerate(name_of)
    ]
    parents = {number: reading for number, reading in zip(name_of, readings, strict=True) if reading is not None}
    rows = [
        _row(mention, readings[index] or parents.get(name_of[index]), names[name_of[index]].margin)
        for index, mention in enumerate(mentions)
    ]
    return replace(document, places=tuple(rows), entities=_located(document.entities, rows))


def _names(document: Document, mentions: Sequence[Mention]) -> tuple[list[Name], list[int]]:
    """Group the mentions by the name that they use, and return of each mention the number of its name."""
    text, language = document.text, document.language
    names: list[Name] = []
    numbers: dict[tuple[str, str], int] = {}
    name_of = []
    for index, mention in enumerate(mentions):
        after = text[mention.end_char : mention.end_char + _AROUND_CHARS]
        before = text[max(0, mention.start_char - _AROUND_CHARS) : mention.start_char]
        inner = mention.surface.partition(", ")[0]
        tried = list(place_context.forms(inner, after, before))
        codes = place_context.shortened(inner, after, before)
        key = (tried[0].name, f"{tried[0].sort} {codes}") if tried else ("", "")
        if key not in numbers:
            numbers[key] = len(names)
            readings = _readings(inner, tried, codes, language)
            names.append(Name(readings, place_context.is_common(key[0])))
        name_of.append(numbers[key])
        names[numbers[key]].mentions.append(index)
    return names, name_of


def _readings(surface: str, tried: Iterable[Form], codes: tuple[str, ...] | None, language: str) -> list[Reading]:
    """Return what the first form that is known can mean; ``codes`` of divisions if it is the short form of one."""
    if language != "en":
        known = gazetteer.foreign_gazetteer(language).by_name.get(surface, ())
        if known and known[0].kind == "country":
            return [Reading(known[0], SCORES["country"], own=True, part=False)]
    short = [Reading(place, DOUBTFUL, own=True, part=False) for place in map(gazetteer.division, codes or ()) if place]
    for form in tried:
        found = gazetteer.candidates(form.name)
        if codes is not None:
            # No town goes by two or three capitals save a few that stand in the lists.
            found = tuple((place, own) for place, own in found if place.known and own)
        if found:
            short += [Reading(place, prior_of(place, own, form.sort), own, form.part) for place, own in found]
            break
    return short


def _peoples(document: Document) -> Counter:
    """Count the countries that are named by their people ("French")."""
    found: Counter = Counter()
    for mention in document.mentions:
        if mention.label == "NORP":
            country = demonyms().get(mention.surface)
            if country:
                found[country] += 1
    return found


def _links(document: Document, mentions: Sequence[Mention]) -> dict[int, tuple[str, int]]:
    """Return of the mentions whose neighbour tells where they lie how it does, and the neighbour."""
    text = document.text
    links: dict[int, tuple[str, int]] = {}
    for index in range(len(mentions) - 1):
        said = place_context.relation(text[mentions[index].end_char : mentions[index + 1].start_char])
        if said == "owner":
            links[index + 1] = ("in", index)
        elif said is not None:
            links.setdefault(index, (said, index + 1))
    # "Paris, in the US state of Kentucky": in the inner of the two.
    for index, (said, other) in list(links.items()):
        if said == "in" and other == index + 1 and _sorts(document, mentions, other):
            links[index] = (said, other + 1)
    return links


def _sorts(document: Document, mentions: Sequence[Mention], index: int) -> bool:
    """Say whether a mention tells where the next one lies: "the Texas town of Paris"."""
    if index + 1 >= len(mentions):
        return False
    return place_context.is_sort_of(document.text[mentions[index].end_char : mentions[index + 1].start_char])


def _pinned(
    document: Document,
    mentions: Sequence[Mention],
    names: Sequence[Name],
    name_of: Sequence[int],
    links: dict[int, tuple[str, int]],
) -> dict[int, Reading]:
    """Return the readings of single mentions that the words beside them settle, and let their names follow them."""
    pinned: dict[int, Reading] = {}
    text = document.text
    for index, mention in enumerate(mentions):
        readings = names[name_of[index]].readings
        codes = place_context.divisions_after(text[mention.end_char : mention.end_char + 8])
        outer = mention.surface.partition(", ")[2]
        if outer:
            codes = codes or place_context.shortened(outer, text[mention.end_char : mention.end_char + 1], ", ") or ()
            container = _readings(outer, place_context.forms(outer, "", ""), None, document.language)
            pair = _pair(readings, container, "in")
            if pair is not None:
                pinned[index] = pair[0]
        inside = [r for r in readings if any(_in_division(r.place, code) for code in codes)]
        if inside:
            pinned[index] = max(inside, key=lambda reading: reading.prior)
    for index, (said, other) in links.items():
        if index in pinned:
            continue
        pair = _pair(names[name_of[index]].readings, names[name_of[other]].readings, said)
        if pair is None and other == index + 1 and _sorts(document, mentions, index):
            pair = _pair(names[name_of[other]].readings, names[name_of[index]].readings, said)
            pair = (pair[1], pair[0]) if pair else None
        if pair is not None:
            pinned[index] = pair[0]
            pinned.setdefault(other, pair[1])
    for mention_before, mention in _peoples_before(document, mentions):
        inside = [r for r in names[name_of[mention]].readings if r.place.country == mention_before]
        if inside and mention not in pinned and names[name_of[mention]].readings[0].place.kind != "country":
            pinned[mention] = max(inside, key=lambda reading: reading.prior)
    settled = {pinned[index].place.gazetteer_id for index in pinned if index in links} - {None}
    for name in names:
        if len(name.readings) > 1:
            for reading in name.readings:
                reading.prior += SETTLED * (reading.place.gazetteer_id in settled and reading.place.kind != "country")
    return pinned


def _peoples_before(document: Document, mentions: Sequence[Mention]) -> list[tuple[str, int]]:
    """Return the country of a people and the place that it stands before: "the Syrian city of Aleppo"."""
    starts = [mention.start_char for mention in mentions]
    found = []
    for mention in document.mentions:
        country = demonyms().get(mention.surface) if mention.label == "NORP" else None
        if country:
            index = bisect_left(starts, mention.end_char)
            if index < len(starts) and place_context.is_people_of(document.text[mention.end_char : starts[index]]):
                found.append((country, index))
    return found


def _pair(inner: Sequence[Reading], outer: Sequence[Reading], said: str) -> tuple[Reading, Reading] | None:
    """Return the likeliest pair of readings of which the first lies in the second or near it.

    After a mere comma the second is no town, for the two may be neighbours in a list.
    """
    best, most = None, -math.inf
    for one in inner:
        for other in outer:
            named_after = one.part and other.place.kind == "town"
            if said == "comma" and other.place.kind == "town" or named_after or one.prior + other.prior <= most:
                continue
            if (lies_near if said == "near" else lies_in)(one.place, other.place):
                best, most = (one, other), one.prior + other.prior
    return best


def _in_division(place: Place, code: str) -> bool:
    if place.country != code[:2] or place.kind == "country":
        return False
    found = gazetteer.division(code)
    return found is not None and place.division == found.name


def _parent(
    index: int,
    mentions: Sequence[Mention],
    links: dict[int, tuple[str, int]],
    name_of: Sequence[int],
    pinned: dict[int, Reading],
    believed: Sequence[Reading | None],
) -> Reading | None:
    """Return the place that the words give as container or neighbour of one that is in no gazetteer."""
    seen = set()
    while index in links and index not in seen:
        seen.add(index)
        said, other = links[index]
        reading = pinned.get(other) or believed[name_of[other]]
        if reading is not None:
            # Two towns with a comma between them may be neighbours in a list; a street or a school lies in the town.
            listed = said == "comma" and reading.place.kind == "town"
            return (
                None if listed and not place_context.is_spot(mentions[index].surface) else replace(reading, part=True)
            )
        index = other
    return None


def _believed(own: Reading | None, parent: Reading | None, link: tuple[str, int] | None) -> Reading | None:
    """Choose between what a name means by itself and the town that the words say it lies in: a street or a quarter is
    seldom what is called the same elsewhere."""
    if own is None or parent is None or link is None or link[0] != "in" or parent.place.kind != "town":
        return own or parent
    elsewhere = own.place.kind == "town" and own.place.population < parent.place.population
    return parent if own.part or (elsewhere and not lies_in(own.place, parent.place)) else own


def _row(mention: Mention, reading: Reading | None, margin: float) -> PlaceRow:
    span = {"start_char": mention.start_char, "end_char": mention.end_char, "surface": mention.surface,
            "entity": mention.entity}  # fmt: skip
    if reading is None:
        return PlaceRow(**span, resolution="none", confidence=0.0)
    place = reading.place
    confidence = 0.5 if reading.part else 0.95 if place.kind == "country" else min(0.95, 0.55 + 0.2 * margin)
    return PlaceRow(
        **span,
        resolution="parent" if reading.part else "exact",
        gazetteer_id=place.gazetteer_id,
        name=place.name,
        kind=place.kind,
        country=place.country,
        division=place.division,
        latitude=place.latitude,
        longitude=place.longitude,
        confidence=round(confidence, 2),
    )


def _located(entities: Sequence[Entity], rows: Sequence[PlaceRow]) -> tuple[Entity, ...]:
    """Give the entities the country and, where they are in the gazetteer themselves, the coordinates of their first
    resolved mention."""
    first: dict[str, PlaceRow] = {}
    for row in rows:
        if row.resolution != "none" and (
            row.entity not in first or first[row.entity].resolution == "parent" != row.resolution
        ):
            first[row.entity] = row
    located = []
    for entity in entities:
        row = first.get(entity.key)
        if entity.label == "PLACE":
            exact = row is not None and row.resolution == "exact"
            entity = replace(
                entity,
                country=row.country if row else None,
                latitude=row.latitude if exact else None,
                longitude=row.longitude if exact else None,
            )
        located.append(entity)
    return tuple(located)
