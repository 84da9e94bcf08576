"""What the words around a place and inside its name tell of where it lies: containers, sorts of places, forms to look
up.

"Paris, Texas", "Lod in Israel", "Syria's Aleppo", "Helmand province", "Baisaran valley near Pahalgam". Only the words
are read here; which place a name means is decided in ``places``. English. Each look at the text is bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tasks.sense.lexicon import common_words, list_lines
from tasks.sense.places.atlas import fold

AREA, TOWN, ANY = "area", "town", ""
_AREA_NOUNS = frozenset(
    "province state region governorate oblast prefecture district county department territory division canton krai"
    " voivodeship republic raion parish borough municipality provinces states districts counties".split()
)
_TOWN_NOUNS = frozenset("city town village suburb capital township hamlet commune metropolis settlement".split())
# A name that ends so is a spot that no list of towns has; it lies in or by what it is called after.
_SPOT_NOUNS = frozenset(
    "airport hospital university college school stadium arena station bridge museum cathedral church mosque temple"
    " synagogue palace castle square street road avenue park garden gardens market mall hotel prison jail camp base"
    " airbase barracks port harbour harbor dam plant refinery mine terminal crossing checkpoint cemetery memorial"
    " monument tower building hall centre center library theatre theater zoo courthouse highway tunnel gate embassy"
    " valley forest hills hill mountains mountain desert plain plateau basin delta coast beach bay river lake creek"
    " quarter ward barrage reservoir gorge boulevard lane crescent surgery"
    " falls canyon island islands peninsula cape reef wood woods field fields pass glacier springs area neighbourhood"
    " neighborhood suburbs outskirts border frontier".split()
)
# First words that name no town by themselves: "Volcán Tenorio National Park", "Saint Mary Hospital".
_GENERIC = frozenset(
    "volcan isla rincon rio cerro monte parque playa puerto villa la las los el san santa santo santiago de saint mount"
    " lake river port fort new old royal national central great grand north south east west northern southern eastern"
    " western upper lower international memorial victoria king queen prince university maritime".split()
)
_DIRECTION = re.compile(
    r"(?:(?:north|south|east|west|central|mid|downtown|greater|inner|outer|upper|lower|mainland|upstate|rural|metro"
    r"|metropolitan|northern|southern|eastern|western|occupied|northeastern|northwestern|southeastern|southwestern"
    r"|northeast|northwest|southeast|southwest|old|new)[ -])+(?=.)"
)
_OF = re.compile(r"(?:the )?(\w+) of (?:the )?(.+)")
_IN = re.compile(
    r"(?:,? (?:in|inside|within|of)|, (?:an?|the|its) [a-z0-9 -]{2,50}? (?:in|of|within))"
    r" (?:the )?(?:[a-z-]{2,20} ){0,3}(?:of )?"
)
_NEAR = re.compile(
    r",? (?:(?:an?|the|its) (?:[a-z-]{2,20} ){1,4}?)?"
    r"(?:(?:just|about|around|some|roughly|approximately|lying|located) )?"
    r"(?:(?:near|outside|north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?: of)?"
    r"|[\d,.]{1,7}[ -]?(?:km|kms|kilomet(?:er|re)s?|miles?|mi|met(?:er|re)s?)(?: \([^()]{1,20}\))?"
    r" (?:[a-z-]{2,20} )?(?:of|from|outside))"
    r" (?:the )?(?:[a-z-]{2,20} ){0,3}(?:of )?"
)
_OWNED = re.compile(r"['’]s? (?:[a-z-]{2,20} ){0,5}|['’]s ")
_FAR_SIDE = re.compile(r", (?:the )?(?:north|south|east|west|central|up)[a-z-]{0,10} ")  # "Paris, northeast Texas"
# "the Texas town of Paris", "the US state of Kentucky"
_SORT_OF = re.compile(r" (?:[a-z-]{2,20} )?(?:state|town|city|village|province|region|county|suburb|port|district) of ")
_PEOPLE = re.compile(r" (?:[a-z-]{2,20} ){1,5}|[ -]")
_POSSESSIVE = re.compile(r"['’]s(?= |\Z)")
_AFTER = re.compile(r" ([a-z]+)")
_BEFORE = re.compile(r"([a-z]+)(?: of)?(?: the)? \Z")
_SHORT = re.compile(r"(?:, | \()((?:[A-Z]\. ?){1,3}|[A-Z][a-z]{1,4}\.?|[A-Z]{2,3})(?![\w])")
_MAX_GAP = 90


@dataclass(frozen=True, slots=True)
class Form:
    """A folded name under which to look for a place. ``sort``: AREA, TOWN or ANY; ``part``: what is found contains
    the place and is not the place itself."""

    name: str
    sort: str
    part: bool


def forms(surface: str, after: str, before: str) -> Iterator[Form]:
    """Yield the names that a mention can stand under, best first; ``after`` and ``before`` are the text around it."""
    whole = fold(_POSSESSIVE.sub("", surface))
    if not whole:
        return
    noun = _noun_beside(after, before)
    yield Form(whole, noun, False)
    bare = whole.removeprefix("the ")
    if bare != whole:
        yield Form(bare, noun, False)
    for other in _spelled(bare):
        yield Form(other, noun, False)
    first, _, last = bare.rpartition(" ")
    if first and last in _AREA_NOUNS:
        yield Form(first, AREA, False)
    elif first and last in _TOWN_NOUNS:
        yield Form(first, TOWN, False)
    inner, _, outer = bare.partition(" in ")
    if outer:
        yield Form(inner, ANY, False)
        yield Form(outer.removeprefix("the "), ANY, True)
    match = _OF.fullmatch(bare)
    if match:
        sort = AREA if match[1] in _AREA_NOUNS else TOWN if match[1] in _TOWN_NOUNS else ANY
        yield Form(match[2], sort, not sort)
    direction = _DIRECTION.match(bare)
    if direction:
        yield Form(bare[direction.end() :], ANY, True)
    if first and last in ("north", "south", "east", "west", "central"):
        yield Form(first, ANY, True)
    if first and last in _SPOT_NOUNS:
        words = first.split()
        for size in range(len(words), 0, -1):
            if size > 1 or words[0] not in _GENERIC:
                yield Form(" ".join(words[:size]), ANY, True)


def _spelled(name: str) -> Iterator[str]:
    if name.startswith(("al ", "el ")):
        yield name[3:]
        yield ("el " if name[0] == "a" else "al ") + name[3:]
    else:
        yield f"al {name}"


def _noun_beside(after: str, before: str) -> str:
    match = _AFTER.match(after)
    if match:
        if match[1] in _AREA_NOUNS:
            return AREA
        if match[1] in _TOWN_NOUNS:
            return TOWN
    match = _BEFORE.search(before)
    if match and (" of" in match[0]):
        if match[1] in _AREA_NOUNS:
            return AREA
        if match[1] in _TOWN_NOUNS:
            return TOWN
    return ANY


def relation(gap: str) -> str | None:
    """Say what the words between two places tell of the first: "in" the second, "near" it, "comma" (in it if that can
    be), "owner" (the second is in the first) or nothing."""
    if len(gap) > _MAX_GAP or "\n" in gap:
        return None
    match = _AFTER.match(gap)
    if match and match[1] in _AREA_NOUNS | _TOWN_NOUNS | _SPOT_NOUNS:
        gap = gap[match.end() :]  # "Helmand province, Afghanistan"
    if _FAR_SIDE.fullmatch(gap):
        return "comma"
    if gap in (", ", " (", ",\u00a0", " - ", " – "):
        return "comma"
    if _OWNED.fullmatch(gap):
        return "owner"
    if _IN.fullmatch(gap):
        return "in"
    if _NEAR.fullmatch(gap):
        return "near"
    return None


def is_sort_of(gap: str) -> bool:
    """Say whether the words between two places may name the sort of the second: "the Texas town of Paris"."""
    return len(gap) <= _MAX_GAP and _SORT_OF.fullmatch(gap) is not None


def is_people_of(gap: str) -> bool:
    """Say whether the words between a nationality and a place join them: "the Syrian city of Aleppo"."""
    return len(gap) <= _MAX_GAP and _PEOPLE.fullmatch(gap) is not None


def divisions_after(after: str) -> tuple[str, ...]:
    """Return the ISO 3166-2 codes of the divisions that stand shortened behind a place: ", Tex.", ", NSW"."""
    match = _SHORT.match(after)
    return _abbreviations().get(match[1].rstrip(), ()) if match else ()


def shortened(surface: str, after: str, before: str) -> tuple[str, ...] | None:
    """Return the ISO 3166-2 codes of the divisions of which a mention can be the short form ("WA"; "Ala." after a
    comma); None where it looks like none."""
    capitals = surface.isupper() and len(surface) <= 3 and "." not in surface
    if not capitals and not before.endswith((", ", " (")):
        return None
    codes = _abbreviations().get(surface) or _abbreviations().get(surface + after[:1], ())
    return codes if codes or capitals else None


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in list_lines("place_abbreviations"):
        code, names = line.split("\t")
        for name in names.split("|"):
            table[name] = (*table.get(name, ()), code)
    return table


def is_spot(surface: str) -> bool:
    """Say whether a name ends like that of a building, a street or a part of the land."""
    return fold(surface).rpartition(" ")[2] in _SPOT_NOUNS


def is_common(name: str) -> bool:
    """Say whether a folded name is a word of the general vocabulary ("temple", "port") or has a number in it."""
    if any(map(str.isdigit, name)):
        return True
    return name in common_words() or name in _SPOT_NOUNS or name in _AREA_NOUNS or name in _TOWN_NOUNS
