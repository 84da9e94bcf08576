"""The names of a text and the entities they belong to.

Runs of capitals are read one by one (``names``, ``labels``), then the document decides: a surname belongs to the person
named in full, an acronym to its definition, a doubtful name to what it is elsewhere in the text. English; for other
languages see ``foreign``. No fact other than names and their entities is made here.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from tasks.sense.aliases import Abbreviation, abbreviations
from tasks.sense.facts import Document, Entity, Mention, entity_key
from tasks.sense.foreign import find_foreign_mentions
from tasks.sense.gazetteer import Place, gazetteer, resolve
from tasks.sense.labels import Reading, read_chain
from tasks.sense.lexicon import demonyms, given_names, organisations
from tasks.sense.names import WordTable, chains, word_table
from tasks.sense.people import is_surname_of, trailing_honorific
from tasks.text import Sentence, SpanSet, Word

_LAW = re.compile(
    r"\b(?:(?:Article|Section|Resolution|Amendment) \d{1,4}[A-Z]?(?:\(\d{1,3}\))?"
    r"|(?:[A-Z][\w-]{1,30} ){1,7}?\([A-Z][\w ]{2,40}\) (?:Act|Bill)\b)"
)
_GIVEN_NAME_GEN = re.compile(r"\bGen ([A-Z][\w-]{1,30}) San\b")
_PROPAGATED = 0.8
_MAX_DEFINITIONS = 100  # each costs a pass over the names


@dataclass(frozen=True, slots=True)
class Named:
    """A span read as a name; ``name`` is the canonical form when the document has already told it."""

    start: int
    end: int
    label: str | None
    confidence: float
    name: str


def read_mentions(document: Document) -> Document:
    """Fill in the mentions, the entities that they name and the roles of people."""
    text, words, spans = document.text, document.words, document.sentences
    if document.language == "en":
        mentions, entities = find_mentions(text, words, spans)
    else:
        mentions, entities = find_foreign_mentions(text, words, spans, document.language)
    return replace(document, mentions=tuple(mentions), entities=tuple(entities))


def find_mentions(text: str, words: list[Word], spans: list[Sentence]) -> tuple[list[Mention], list[Entity]]:
    """Return the mentions of an English text in order, none overlapping, and the entities that they name."""
    table = word_table(text, words, [sentence.start for sentence in spans])
    found = _laws(text)
    blocked = SpanSet((named.start, named.end) for named in found)
    for chain in chains(table):
        for reading in read_chain(table, chain):
            named = _named(table, reading)
            if not blocked.overlaps(named.start, named.end):
                found.append(named)
    definitions = abbreviations(text)[:_MAX_DEFINITIONS]
    found = _with_definitions(found, definitions)
    found = _people(text, found)
    found = _agree(found, definitions)
    found.sort(key=lambda named: named.start)
    return _entities(text, found)


def _laws(text: str) -> list[Named]:
    return [Named(m.start(), m.end(), "LAW", 0.85, m.group()) for m in _LAW.finditer(text)]


def _named(table: WordTable, reading: Reading) -> Named:
    start, end = table.words[reading.first].start, table.words[reading.last].end
    surface = table.text[start:end]
    name = organisations().get(surface, surface) if reading.label == "ORG" else surface
    return Named(start, end, reading.label, reading.confidence, name)


def _with_definitions(found: list[Named], definitions: list[Abbreviation]) -> list[Named]:
    """Give the long form of each definition one reading that spans it, and the short form the same name."""
    for definition in definitions:
        start, end = definition.long_start, definition.long_end
        inside = [named for named in found if named.start < end and start < named.end]
        if not inside and not definition.long[0].isupper():
            continue
        labels = [named.label for named in inside if named.label]
        if "PERSON" in labels and len(inside) == 1 and inside[0].confidence >= 0.9:
            continue
        label = labels[-1] if len(inside) == 1 and labels else ("LAW" if "LAW" in labels else "ORG")
        if label in ("PERSON", "NORP") or (label == "PLACE" and len(inside) > 1):
            label = "ORG"
        if inside and (min(named.start for named in inside) < start or max(named.end for named in inside) > end):
            start = min(start, inside[0].start)
        short = Named(definition.short_start, definition.short_end, label, 0.9, definition.long)
        replaced = SpanSet([(start, end), (short.start, short.end)])
        found = [named for named in found if not replaced.overlaps(named.start, named.end)]
        if label == "ORG" or label == "LAW" or inside:
            found.append(Named(start, end, label, 0.9, definition.long))
            found.append(short)
    return found


def _people(text: str, found: list[Named]) -> list[Named]:
    """Join the names of one person, and read a lone surname or given name as the person named in full."""
    rank_like = frozenset(match[1] for match in _GIVEN_NAME_GEN.finditer(text))
    found = [_person_form(text, named, rank_like) if named.label == "PERSON" else named for named in found]
    full: dict[str, list[str]] = defaultdict(list)  # last word -> names of two and more words
    first_names: dict[str, set[str]] = defaultdict(set)
    for named in found:
        parts = named.name.split()
        if named.label == "PERSON" and len(parts) > 1 and named.confidence >= 0.6:
            if named.name not in full[parts[-1]]:
                full[parts[-1]].append(named.name)
            first_names[parts[0]].add(named.name)
    joined = []
    for named in found:
        joined.append(_as_full_name(named, full, first_names))
    return joined


def _person_form(text: str, named: Named, rank_like: frozenset[str]) -> Named:
    parts = named.name.split()
    generation = parts[-1] in ("Jr", "Sr", "II", "III", "IV")  # part of the name, unlike an honorific
    bare = parts if generation else parts[: len(parts) - trailing_honorific(parts)]
    # "Gen Nakatani San": an honorific after the name leaves no room for a rank, so Gen is the given name.
    if bare[-1] in rank_like and len(bare) == 1:
        for rank in ("General ", "Gen "):
            if text.endswith(rank, 0, named.start):
                return replace(named, start=named.start - len(rank), name=f"Gen {bare[-1]}", confidence=0.85)
        return replace(named, name=f"Gen {bare[-1]}")
    return replace(named, name=" ".join(bare))


def _as_full_name(named: Named, full: dict[str, list[str]], first_names: dict[str, set[str]]) -> Named:
    if named.label not in ("PERSON", None, "PLACE", "ORG") or named.confidence >= 0.86 and named.label != "PERSON":
        return named
    parts = named.name.split()
    longer = [name for name in full.get(parts[-1], ()) if is_surname_of(named.name, name.split())]
    if longer and (named.label in ("PERSON", None) or len(parts) == 1):
        return replace(named, label="PERSON", confidence=max(named.confidence, _PROPAGATED), name=longer[-1])
    if len(parts) == 1 and named.label in ("PERSON", None):
        known = first_names.get(parts[0], set())
        if len(known) == 1:
            return replace(named, label="PERSON", confidence=_PROPAGATED, name=next(iter(known)))
    if len(parts) > 1 and named.label == "PERSON":
        # "Rahul Gandhi" and "Rahul K. Gandhi": the longest name with the same first and last word.
        same = [name for name in full.get(parts[-1], ()) if name.split()[0] == parts[0]]
        return replace(named, name=max(same, key=len)) if same else named
    return named


def _agree(found: list[Named], definitions: list[Abbreviation]) -> list[Named]:
    """Let a name of unknown kind or of little confidence follow its surest namesake in the document."""
    by_short = {definition.short: definition.long for definition in definitions}
    names: dict[str, Named] = {}
    parts_of_orgs: dict[str, str] = {}
    for named in found:
        if named.label is None:
            continue
        surface = named.name
        if surface not in names or names[surface].confidence < named.confidence:
            names[surface] = named
        if named.label == "ORG" and " " in surface:
            head = surface.removeprefix("The ").split()
            for size in range(1, len(head)):
                parts_of_orgs.setdefault(" ".join(head[:size]), named.name)
    settled = []
    for named in found:
        long = by_short.get(named.name)
        if long is not None and long in names:
            settled.append(replace(named, label=names[long].label, confidence=0.9, name=long))
            continue
        if named.label is None and named.name not in names:
            owner = parts_of_orgs.get(named.name)
            if owner is not None and named.name not in given_names():
                settled.append(replace(named, label="ORG", confidence=0.5, name=owner))
            continue
        surest = names[named.name]
        if surest.label != named.label and (named.label is None or surest.confidence > named.confidence + 0.05):
            settled.append(replace(named, label=surest.label, confidence=min(0.75, surest.confidence)))
        else:
            settled.append(named)
    return settled


def _entities(text: str, found: list[Named]) -> tuple[list[Mention], list[Entity]]:
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
        if named.label == "PLACE":
            place = _place(name, countries)
            if place is not None:
                name = place.name
        key = entity_key(named.label, name)
        if named.label == "PLACE" and place is not None:
            places[key] = place
        labels[key] = named.label
        if len(name) > len(names.get(key, "")):
            names[key] = name
        surface = text[named.start : named.end]
        mentions.append(Mention(start_char=named.start, end_char=named.end, surface=surface, label=named.label,
                                confidence=round(named.confidence, 2), entity=key))
        aliases[key][surface] = None
    entities = []
    for key, name in names.items():
        place = places.get(key)
        country = place.country if place else demonyms().get(name) if labels[key] == "NORP" else None
        entities.append(Entity(
            key=key, name=name, label=labels[key], aliases=tuple(alias for alias in aliases[key] if alias != name),
            country=country, latitude=place.latitude if place else None, longitude=place.longitude if place else None,
        ))
    return mentions, entities


def _place(name: str, countries: frozenset[str]) -> Place | None:
    candidates = gazetteer().by_name.get(name)
    return resolve(candidates, countries) if candidates else None


def _countries(found: list[Named]) -> frozenset[str]:
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
