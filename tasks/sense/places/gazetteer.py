"""What a name can mean on the map: countries, divisions, towns, regions and waters, and how to choose among namesakes.

Towns and divisions come from the compiled ``atlas``, countries from ``lists/countries.txt``, regions, waters and
well-known spots from ``lists/places.txt``. Two doors: ``gazetteer`` knows the names by which mentions are recognised,
``candidates`` everything that a mention can mean. Loading takes a third of a second and happens once per process, on
first use. Nothing here reads a text.
"""

import gettext
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tasks.sense.lexicon import common_words, given_names, list_lines
from tasks.sense.places.atlas import KINDS, RECOGNISED, Atlas, atlas, fold
from tasks.text import unaccented

_SURE_POPULATION = 100_000  # a smaller town needs a context that asks for a place
_NAMESAKE_POPULATION = 1_000_000  # a town that shares its name with people is only believed above this
_DIVISION_WEIGHT = 1_000_000
_DOMINANCE = 10  # a namesake this many times larger than the next is meant when nothing else decides
_MAX_NAMESAKES = 40  # of towns, the largest; of the rest no news is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place that a name can mean. ``population`` is 0 where the source has none.

    ``kind``: country, division (first-level), town, region, water or facility. ``sure``: needs no context to be taken
    for a place; ``known``: stands in a list by hand or is a capital.
    """

    name: str
    kind: str
    country: str | None  # ISO 3166-1 alpha-2
    division: str | None = None  # name of the first-level division that it is or lies in
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    population: int = 0
    gazetteer_id: str | None = None
    sure: bool = True
    known: bool = False


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All candidates by name, and for each first word the length in words of the longest name that it starts."""

    by_name: Mapping[str, tuple[Place, ...]]
    longest_by_first_word: dict[str, int]


def resolve(candidates: tuple[Place, ...], countries: frozenset[str]) -> Place | None:
    """Choose what a name means, given the countries that the document speaks of; None when that is not clear.

    Countries and regions win over towns, then towns in a country of the document by population, then a namesake at
    least ten times larger than every other.
    """
    unlike_town = [place for place in candidates if place.kind not in ("town", "division")]
    near = [place for place in candidates if place.country in countries]
    if unlike_town and (not near or any(place in near for place in unlike_town)):
        return unlike_town[0]
    pool = sorted(near or candidates, key=_weight, reverse=True)
    best, rest = pool[0], pool[1:]
    if near or all(place.country == best.country for place in rest) or _weight(best) >= _DOMINANCE * _weight(rest[0]):
        return best
    return None


def _weight(place: Place) -> int:
    # A province outranks all but the largest town of its name ("Punjab" against "Paris").
    return _DIVISION_WEIGHT if place.kind == "division" else place.population


@lru_cache(maxsize=2048)
def candidates(folded: str) -> tuple[tuple[Place, bool], ...]:
    """Return what a folded name can mean, and of each whether the name is its own rather than an alternate.

    Countries and listed places first, then areas and towns by population, at most forty of these.
    """
    listed = _listed().get(folded, ())
    ids = {place.gazetteer_id for place in listed if place.gazetteer_id}
    rows = atlas().find(folded, _MAX_NAMESAKES)
    found = [(place, True) for place in listed]
    found.extend((place, own) for row, own in rows if (place := place_of_row(row)).gazetteer_id not in ids)
    return tuple(found)


def place_of_row(row: int) -> Place:
    """Return the place in a row of the atlas."""
    table = atlas()
    kind = int(table.kinds[row])
    name, population = table.spellings.text(row), int(table.populations[row])
    latitude, longitude = table.position(row)
    division, area = int(table.divisions[row]), row < len(table.area_names)
    own = KINDS[kind & ~RECOGNISED]
    if area:
        code = table.area_codes[row]
        identifier = f"iso3166-2:{code}" if code else None
        sure = name not in given_names()
    else:
        identifier = f"geonames:{table.geoname_ids[row]}"
        sure = population >= (_NAMESAKE_POPULATION if name in given_names() else _SURE_POPULATION)
    return Place(
        name=name,
        kind=own,
        country=table.country_codes[table.countries[row]],
        division=name if own == "division" else table.spellings.text(division) if division >= 0 else None,
        latitude=latitude,
        longitude=longitude,
        population=population,
        gazetteer_id=identifier,
        sure=sure,
        known=row in table.capitals,
    )


@cache
def _division_rows() -> dict[str, int]:
    return {code: row for row, code in enumerate(atlas().area_codes) if code}


def division(code: str) -> Place | None:
    """Return the division with an ISO 3166-2 code."""
    row = _division_rows().get(code)
    return None if row is None else place_of_row(row)


@cache
def countries() -> dict[str, Place]:
    """Return the countries by ISO 3166-1 alpha-2."""
    return {place.country: place for _, place in _country_lines()}


@cache
def gazetteer() -> Gazetteer:
    """Return the English names by which places are recognised."""
    common, table = common_words(), atlas()
    listed: dict[str, list[Place]] = {}
    for names, place in (*_country_lines(), *_place_lines()):
        if place.kind not in ("country", "town"):
            # To who recognises names all of these are one: places by themselves, before any town.
            place = replace(place, kind="region")
        for name in names:
            if not name.startswith("?") and (place.kind != "town" or name.lower() not in common):
                for form in {name, unaccented(name)}:
                    listed.setdefault(form, []).append(place)
    rows: dict[str, list[int]] = {}
    spellings = list(table.spellings)
    areas = len(table.area_names)
    for row in (table.kinds & RECOGNISED).nonzero()[0].tolist():
        for name in table.area_names[row] if row < areas else (spellings[row],):
            if len(name) < 3 or name.lower() in common:
                continue
            rows.setdefault(name, []).append(row)
            if not name.isascii() and (plain := unaccented(name)) != name:
                rows.setdefault(plain, []).append(row)
    return Gazetteer(_Names(listed, rows), _longest({**listed, **rows}))


class _Names(Mapping):
    """Places by name; those of the atlas are only built when somebody asks for them."""

    def __init__(self, listed: dict[str, list[Place]], rows: dict[str, list[int]]):
        self._built = {name: tuple(places) for name, places in listed.items() if name not in rows}
        self._listed = listed
        self._rows = rows

    def __contains__(self, name: object) -> bool:
        return name in self._rows or name in self._built

    def __getitem__(self, name: str) -> tuple[Place, ...]:
        if name in self._built:
            return self._built[name]
        places = (*self._listed.get(name, ()), *map(place_of_row, self._rows[name]))
        self._built[name] = places
        return places

    def get(self, name: str, default=None):
        """As of a dict; asked for most words of a text, so that a missing name costs no exception."""
        return self[name] if name in self else default

    def __iter__(self) -> Iterator[str]:
        yield from self._rows
        yield from (name for name in self._listed if name not in self._rows)

    def __len__(self) -> int:
        return len(self._rows | self._listed.keys())


@cache
def foreign_gazetteer(language: str) -> Gazetteer:
    """Return the countries under their names in ``language`` (ISO 639-1) and large towns under any name in a script
    that has capitals."""
    import pycountry

    table, given = atlas(), given_names()
    found: dict[str, tuple[Place, ...]] = {
        name: (_large_town(row),)
        for name, row in zip(table.exact_names, table.exact_rows, strict=True)
        if name not in given
    }
    catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
    for country in pycountry.countries:
        place = countries().get(country.alpha_2)
        for name in (country.name, getattr(country, "common_name", country.name)):
            if place is not None:
                found[catalogue.gettext(name)] = (place,)
    return Gazetteer(found, _longest(found))


@cache
def _large_town(row: int) -> Place:
    return place_of_row(row)


def _longest(names: Mapping) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        first, _, rest = name.partition(" ")
        size = 2 + rest.count(" ") if rest else 1
        if longest.get(first, 0) < size:
            longest[first] = size
    return longest


@cache
def _listed() -> dict[str, tuple[Place, ...]]:
    """Countries and listed places by folded name."""
    found: dict[str, dict[Place, None]] = {}
    for names, place in (*_country_lines(), *_place_lines()):
        for name in names:
            known = replace(place, sure=False) if name.startswith("?") else place
            found.setdefault(fold(name), {})[known] = None
    return {name: tuple(places) for name, places in found.items()}


@cache
def _country_lines() -> tuple[tuple[list[str], Place], ...]:
    table, found = atlas(), []
    for line in list_lines("countries"):
        code, position, names = line.split("\t")
        latitude, longitude = map(float, position.split())
        name = names.split("|")[0]
        place = Place(name=name, kind="country", country=code, latitude=latitude, longitude=longitude,
                      population=table.country_populations[code], gazetteer_id=f"geonames:{table.country_ids[code]}",
                      known=True)  # fmt: skip
        found.append((names.split("|"), place))
    return tuple(found)


@cache
def _place_lines() -> tuple[tuple[list[str], Place], ...]:
    return tuple(_place_line(*line.split("\t")) for line in list_lines("places"))


def _place_line(joined: str, country: str, kind: str, position: str) -> tuple[list[str], Place]:
    names = joined.split("|")
    name = names[0].removeprefix("?")
    code = None if country == "-" else country
    if kind == "town":
        return names, _listed_town(names, name, country)
    latitude, longitude = map(float, position.split()) if position != "-" else (None, None)
    identifier = _division_id(names, country) if kind == "division" else None
    place = Place(name=name, kind=kind, country=code, division=name if kind == "division" else None,
                  latitude=latitude, longitude=longitude, gazetteer_id=identifier, known=True)  # fmt: skip
    return names, place


def _listed_town(names: list[str], name: str, country: str) -> Place:
    """Return the most populous town of the country that bears one of the names, rather as its own than as another."""
    table = atlas()
    pairs = [pair for other in names for pair in table.find(fold(other), _MAX_NAMESAKES)]
    rows = [(own, table.populations[row], row) for row, own in pairs if _is_town(table, row, country)]
    found = place_of_row(max(rows)[2])
    return replace(found, name=name, known=True)


def _is_town(table: Atlas, row: int, country: str) -> bool:
    return row >= len(table.area_names) and table.country_codes[table.countries[row]] == country


def _division_id(names: list[str], country: str) -> str | None:
    table = atlas()
    for name in names:
        for row, _ in table.find(fold(name), _MAX_NAMESAKES):
            if row < len(table.area_names) and table.country_codes[table.countries[row]] == country:
                code = table.area_codes[row]
                if code:
                    return f"iso3166-2:{code}"
    return None
