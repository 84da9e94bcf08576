"""From names to mentions and entities: one entity per person, organisation or place of a document.

Nothing is found and no label is changed here; keys, canonical names, aliases and what the gazetteer is sure of come
from the names as they stand.
"""

from collections import defaultdict
from collections.abc import Sequence

from tasks.sense.facts import Entity, Mention, entity_key
from tasks.sense.lexicon import demonyms
from tasks.sense.names.consistency import Named
from tasks.sense.places.gazetteer import Place, gazetteer, resolve


def entities_of(text: str, found: Sequence[Named]) -> tuple[list[Mention], list[Entity]]:
    """Return the mentions in order, none overlapping, and their entities. ``found`` is in order of its starts."""
    countries = _countries(found)
    mentions: list[Mention] = []
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    aliases: dict[str, dict[str, None]] = defaultdict(dict)
    places: dict[str, Place] = {}
    end = 0
    for named in found:
        if named.start < end or named.label is None:
            continue
        end = named.end
        name = " ".join(named.name.split())
        place = _place(name, countries) if named.label == "PLACE" else None
        if place is not None and "," not in place.name:
            name = place.name
        key = entity_key(named.label, name)
        if place is not None:
            places[key] = place
        labels[key] = named.label
        if len(name) > len(names.get(key, "")):
            names[key] = name
        surface = text[named.start : named.end]
        mentions.append(
            Mention(
                start_char=named.start,
                end_char=named.end,
                surface=surface,
                label=named.label,
                confidence=round(named.confidence, 2),
                entity=key,
            )
        )
        aliases[key][" ".join(surface.split())] = None
    return mentions, [
        _entity(key, name, labels[key], places.get(key), tuple(alias for alias in aliases[key] if alias != name))
        for key, name in names.items()
    ]


def _entity(key: str, name: str, label: str, place: Place | None, aliases: tuple[str, ...]) -> Entity:
    country = place.country if place else demonyms().get(name) if label == "NORP" else None
    return Entity(
        key=key,
        name=name,
        label=label,
        aliases=aliases,
        country=country,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )


def _place(name: str, countries: frozenset[str]) -> Place | None:
    candidates = gazetteer().by_name.get(name)
    place = resolve(candidates, countries) if candidates else None
    if place is None or place.kind != "division" or place.name == name:
        return place
    # A town goes by its own name before the region around it that is short for another: "Bratislava".
    return next((own for own in candidates if own.name == name and own.country == place.country), place)


def _countries(found: Sequence[Named]) -> frozenset[str]:
    """Return the countries that the document names, directly or by nationality."""
    spoken = set()
    for named in found:
        if named.label == "NORP":
            spoken.add(demonyms().get(named.name))
        elif named.label == "PLACE":
            candidates = gazetteer().by_name.get(named.name, ())
            if len({place.country for place in candidates}) == 1 and candidates[0].kind in ("country", "region"):
                spoken.add(candidates[0].country)
    return frozenset(spoken - {None})
