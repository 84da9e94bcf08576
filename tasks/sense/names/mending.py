"""What the words of a name or those beside it give away, whoever read it first: legal forms, broadcasters, clubs,
streets, firms by what is said of them, town names with small words inside.

Runs between the engine and the document's own knowledge (``consistency``). Only forms that leave little doubt may stand
here; what is sure (``FIXED``) is never touched. Linear in the number of words. English.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.sense.lexicon import ORG_OF_HEADS, ORG_SUFFIXES, common_words, given_names, organisations, stop_words
from tasks.sense.names.aliases import initials
from tasks.sense.names.chains import WordTable
from tasks.sense.names.consistency import FIXED, Named
from tasks.sense.places.gazetteer import gazetteer
from tasks.text import SpanSet

_SURE, _LIKELY = 0.87, 0.8
_LEGAL_FORMS = frozenset(
    "Oy Oyj AB AG GmbH SE ASA AS ApS SpA SA SAS NV BV KK KG Pty Ltd Inc LLC PLC Plc plc LLP Bhd Tbk SARL".split()
)
# Last words that name firms and nobody else; those that are places or surnames too are left out.
_FIRM_WORDS = frozenset(
    "Dynamics Aerospace Biotech Biosciences Therapeutics Semiconductor Semiconductors Analytics Robotics Cell Cells"
    " Motor Automotive Textiles Breweries Brewery Brewers Shipbuilding Shipyards Freight Haulage Fisheries Timber"
    " Cellular Wireless Microsystems Instruments Genomics Diagnostics Photonics Avionics Aviation Airlines Airways"
    " Refining Metals Minerals Mining Logistics Shipping Holdings Ventures Pharma Pharmaceuticals Chemicals"
    " Foods Beverages Retail Outfitters Supermarkets Homes Builders Construction Contractors Constructions Realty"
    " Renewables Solar Hydro Nuclear Utilities Broadband Interactive Studios Labs Laboratories Publishers Publishing"
    " Cement Steelworks Foundry Distillers Vineyards Farms Dairies Bakeries Insurance Assurance Securities Partners"
    " Lab Associates Consulting Advisors Advisers Investments Bancorp Bankshares Financial".split()
)
_POINTED_FORM = re.compile(r" (?:S\.p\.A|S\.r\.l|S\.A|S\.L|N\.V|B\.V|K\.K|A/S|P\.L\.C)\.?\Z")
_BROADCASTERS = frozenset("Radio TV Televisión Télé".split())
_BROADCAST_ENDS = frozenset("FM TV Radio Television AM".split())
_CLUB_ENDS = frozenset("Athletic Rovers Wanderers Albion Hotspur Argyle Harriers Olympic Casuals FC AFC RFC".split())
_TOWN_CLUB_ENDS = frozenset("Town City County United Borough".split())
_STREETS = frozenset("Street Road Avenue Lane Boulevard Square Terrace Crescent Quay Embankment".split())
_SPOTS = frozenset(
    "quarter barrage palace dam reservoir gorge plateau canal castle creek glacier volcano lagoon estuary delta strait"
    " peninsula archipelago plain district neighbourhood neighborhood monastery refinery ward".split()
)
_BEATEN = frozenset("beat beaten defeated thrashed edged hammered drew fans supporters striker boss winger".split())
_OWNED = frozenset(
    "shares stock factory factories headquarters customers shareholders investors subsidiary products board profits"
    " profit revenue sales ceo employees".split()
)
_MOVES = frozenset("rose fell gained slipped dropped climbed jumped lost added slid surged tumbled".split())
_ORG_NOUNS = frozenset(
    "carmaker airline charity newspaper tank union party retailer firm company startup start-up group bank broadcaster"
    " insurer lender chipmaker brewer supermarket chain operator developer manufacturer publisher magazine pollster"
    " club nonprofit agency daily weekly website consultancy utility builder housebuilder steelmaker drugmaker miner"
    " planemaker automaker shipbuilder brokerage fund telecoms subsidiary rival supplier contractor lobby watchdog"
    " distributor marketplace platform wholesaler grocer processor refiner shipper conglomerate militia".split()
)
# Of these, what opens no names ("Bank Leumi", "Union Berlin").
_OPENERS = _ORG_NOUNS - frozenset("bank union club group agency party fund chain platform lobby tank telecoms".split())
_POSTS_AT = frozenset("analyst analysts economist economists strategist executive director researcher engineer".split())
_POSTS_OF = frozenset(
    "chief spokesman spokeswoman analyst chairman executive executives shareholders employees".split()
)
_SCHOOLS = frozenset(
    "School College Academy Primary University Nursery Surgery Police Constabulary Polytechnic".split()
)
_MONEY = re.compile(r"R\d[\d.,]*(?:bn|mn|[mbk])?")
_OF_PEOPLE = re.compile(
    r"\b(?:(?:People|Women|Men|Children)['’]s|(?:Workers|Teachers|Farmers|Writers|Students|Nurses|Fishermen)['’]s?)"
    r" (?:[A-Z][a-z]{2,15} ){0,3}?(?:Party|Union|Front|Alliance|Congress|Army|Association|Federation|League|Institute"
    r"|Council|Movement|Assembly|Court|Bank|Trust|Hospital)\b(?! (?:[A-Z]|of [A-Z]))"
)
_CONTINENTS = frozenset("European African Asian Arab Nordic Baltic Caribbean Latin Pacific".split())
_MAX_RUN = 6


def mended(table: WordTable, found: Sequence[Named]) -> list[Named]:
    """Return the names in order, relabelled, cut or completed where a form asks for it, and those overlooked."""
    own = [_of_people(table.text, match) for match in _OF_PEOPLE.finditer(table.text)]
    owned = SpanSet((named.start, named.end) for named in own)
    found = [named for named in found if not owned.overlaps(named.start, named.end)] + own
    found.sort(key=lambda named: named.start)
    starts = {word.start: index for index, word in enumerate(table.words)}
    ends = {word.end: index for index, word in enumerate(table.words)}
    parts = [part for named in found for part in _parted(table.text, named) if not _MONEY.fullmatch(part.name)]
    people = {named.start for named in parts if named.label == "PERSON"}
    parts = [named for named in parts if not _is_canon(table.text, named, people)]
    parts = _with_continent(table.text, parts)
    read = [_by_form(table, named, starts, ends) for named in parts]
    fixed = SpanSet((named.start, named.end) for named in read if named.confidence >= FIXED)
    spread = [named for named in _small_words(table) if not fixed.overlaps(named.start, named.end)]
    blocked = SpanSet((named.start, named.end) for named in spread)
    read = [named for named in read if not blocked.overlaps(named.start, named.end)] + spread
    taken = SpanSet((named.start, named.end) for named in read if named.label is not None)
    overlooked = [named for named in _overlooked(table) if not taken.overlaps(named.start, named.end)]
    blocked = SpanSet((named.start, named.end) for named in overlooked)
    read = [named for named in read if not blocked.overlaps(named.start, named.end)] + overlooked
    return sorted(_defined(_firms(table, read, starts, ends)), key=lambda named: named.start)


def _of_people(text: str, match: re.Match[str]) -> Named:
    name = " ".join(match.group().split())
    return Named(match.start(), match.end(), "ORG", _SURE, organisations().get(name, name))


def _parted(text: str, named: Named) -> Iterator[Named]:
    """Part "Ann Cole of the Institute for Ports" into a person and where she works."""
    surface = text[named.start : named.end]
    words = surface.split()
    if words[0] == "Canon" and len(words) > 2 and words[1] in given_names() and named.confidence < FIXED:
        start = named.end - len(surface.removeprefix("Canon").lstrip())
        yield Named(start, named.end, "PERSON", _SURE, " ".join(words[1:]))
        return
    at = words.index("of") if "of" in words else 0
    person = at in (2, 3) and words[0] in given_names() and words[at - 1].lower() not in ORG_OF_HEADS
    if not person or named.confidence >= FIXED:
        yield named
        return
    left, _, right = surface.partition(" of ")
    yield Named(named.start, named.start + len(left), "PERSON", _SURE, " ".join(left.split()))
    right = right.removeprefix("the ")
    if right[:1].isupper():
        label = "PLACE" if right in gazetteer().by_name else "ORG"
        yield Named(named.end - len(right), named.end, label, _LIKELY, " ".join(right.split()))


def _is_canon(text: str, named: Named, people: set[int]) -> bool:
    """Tell the clergyman in "Canon Ann Lowe" from the maker of cameras."""
    return named.name == "Canon" and text[named.end : named.end + 1] == " " and named.end + 1 in people


def _with_continent(text: str, found: Sequence[Named]) -> list[Named]:
    """Join "European" to the body that it is part of the name of."""
    joined: list[Named] = []
    for named in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.label in ("NORP", None)
            and before.name in _CONTINENTS
            and named.label == "ORG"
            and text[before.end : named.start] == " "
            and named.name.rsplit(" ", 1)[-1].lower() in ORG_OF_HEADS
        ):
            name = f"{before.name} {text[named.start : named.end]}"
            joined[-1] = replace(named, start=before.start, name=organisations().get(name, name))
        else:
            joined.append(named)
    return joined


def _by_form(table: WordTable, named: Named, starts: dict[int, int], ends: dict[int, int]) -> Named:
    first, last = starts.get(named.start), ends.get(named.end)
    if first is None or last is None or named.confidence >= FIXED or named.label in ("LAW", "EVENT", "NORP"):
        return named
    if last + 1 < len(table.words) and table.gap(last) == " " and table.words[last + 1].text in _LEGAL_FORMS:
        last += 1
        named = _named(table, first, last, named.label, named.confidence)
    if last > first and table.initial[first] and table.lower[first] in _OPENERS:
        first += 1
        named = _named(table, first, last, "ORG", _LIKELY)
    if last == first:
        return named
    tail = table.words[last].text
    if tail.lower() in _SPOTS and named.label in ("ORG", "PERSON"):
        return replace(named, label="PLACE", confidence=_LIKELY)
    if tail in _SCHOOLS and named.label == "PLACE" and named.name not in gazetteer().by_name:
        return replace(named, label="ORG", confidence=_LIKELY)
    if tail == "House" and named.label == "PERSON" and table.words[first].text not in given_names():
        return replace(named, label="ORG", confidence=_LIKELY)
    if _POINTED_FORM.search(named.name):
        return replace(named, label="ORG", confidence=_SURE)
    beaten = table.after(last) in _BEATEN or table.before(first) in _BEATEN
    club = beaten and table.words[last].text in _TOWN_CLUB_ENDS
    if club or _is_organisation(table, first, last):
        return replace(named, label="ORG", confidence=max(named.confidence, _SURE))
    return named


def _is_organisation(table: WordTable, first: int, last: int) -> bool:
    """Say whether a run of two and more words is an organisation by its first or its last word."""
    head, tail = table.words[first].text, table.words[last].text
    if head in _BROADCASTERS:
        return True
    return tail in _LEGAL_FORMS or tail in _FIRM_WORDS or tail in _BROADCAST_ENDS or tail in _CLUB_ENDS


def _named(table: WordTable, first: int, last: int, label: str | None, confidence: float) -> Named:
    start, end = table.words[first].start, table.words[last].end
    name = " ".join(table.text[start:end].split())
    return Named(start, end, label, confidence, organisations().get(name, name) if label == "ORG" else name)


# -- overlooked


def _small_words(table: WordTable) -> Iterator[Named]:
    """Yield the places of the gazetteer that have a word in lower case inside: "Dar es Salaam"."""
    places = gazetteer()
    count = len(table.words)
    for index, word in enumerate(table.words):
        longest = places.longest_by_first_word.get(word.text, 0)
        if longest < 3 or index + 2 >= count or not table.words[index + 1].text[0].islower():
            continue
        for last in range(min(index + longest, count) - 1, index + 1, -1):
            surface = table.text[word.start : table.words[last].end]
            if surface in places.by_name and not (table.after(last) and table.name_like[last + 1]):
                yield Named(word.start, table.words[last].end, "PLACE", 0.9, surface)
                break


def _overlooked(table: WordTable) -> Iterator[Named]:
    """Yield the streets, broadcasters, firms and clubs that ordinary words hid, and spots that a noun gives away."""
    index, count = 0, len(table.words)
    while index < count:
        if not _capital(table, index):
            index += 1
            continue
        last = index
        while last + 1 < count and last - index < _MAX_RUN and table.gap(last) == " " and _capital(table, last + 1):
            last += 1
        opener = table.initial[index] and table.lower[index] in _OPENERS
        first = index + (table.lower[index] in stop_words() or opener)
        index = last + 1
        if first > last:
            continue
        if _introduced(table, first) and last - first < 3 and table.words[first].text not in given_names():
            yield _named(table, first, last, "ORG", 0.7)
        elif last > first:
            if table.words[last].text in _STREETS and last - first < 4:
                yield _named(table, first, last, "PLACE", 0.75)
            elif _names_a_body(table, first, last):
                yield _named(table, first, last, "ORG", 0.75)
        elif last == first and table.after(last) in _SPOTS and not table.initial[first]:
            word = table.words[first].text
            if table.lower[first] not in common_words() and word not in given_names() and not word.isupper():
                yield _named(table, first, last, "PLACE", 0.75)


def _introduced(table: WordTable, first: int) -> bool:
    """Say whether a noun says what sort of body the name is of: "the carmaker Brenco"."""
    if table.before(first) not in _ORG_NOUNS or table.lower[first] in stop_words() or table.initial[first]:
        return False
    return table.lower[first] not in common_words() and not table.seen_lower[table.lower[first]]


def _names_a_body(table: WordTable, first: int, last: int) -> bool:
    """Say whether an overlooked run is an organisation: by its form, or by its head behind an article in a sentence."""
    if _is_organisation(table, first, last):
        return not _opens_plainly(table, first, last)
    behind_article = first > 0 and table.words[first - 1].text == "the" and table.gap(first - 1) == " "
    return behind_article and table.lower[last] in ORG_SUFFIXES


def _capital(table: WordTable, index: int) -> bool:
    return table.words[index].text[0].isupper() and index not in table.shouted


def _opens_plainly(table: WordTable, first: int, last: int) -> bool:
    """Say whether nothing but ordinary words and the capital of a headline make the run."""
    words = table.lower[first : last + 1]
    return all(word in common_words() or table.seen_lower[word] for word in words)


# -- firms


def _firms(table: WordTable, found: Sequence[Named], starts: dict[int, int], ends: dict[int, int]) -> list[Named]:
    """Read a doubtful name as a firm where the text says of it what is said of firms only, and so all its namesakes."""
    people = {named.name.split()[-1] for named in found if named.label == "PERSON" and " " in named.name}
    firms = {
        named.name
        for named in found
        if _doubtful(named)
        and " " not in named.name
        and named.name not in people
        and named.name not in given_names()
        and _spoken_of_as_firm(table, starts.get(named.start), ends.get(named.end))
    }
    return [
        replace(named, label="ORG", confidence=0.7, name=organisations().get(named.name, named.name))
        if named.name in firms and _doubtful(named)
        else named
        for named in found
    ]


def _doubtful(named: Named) -> bool:
    if named.label == "PLACE":
        return named.confidence < _SURE and named.name not in gazetteer().by_name
    return named.label in (None, "PERSON") and named.confidence < _LIKELY


def _spoken_of_as_firm(table: WordTable, first: int | None, last: int | None) -> bool:
    if first is None or last is None or last + 2 >= len(table.words):
        return False
    if _introduced(table, first) or table.before(first) in ("at", "of", "for") and table.before(first - 1) in _POSTS_AT:
        return True
    after, beyond = table.after(last), table.lower[last + 2]
    if table.before(first) in ("in", "of") and table.before(first - 1) in ("shares", "stock"):
        return True
    if after in _POSTS_OF and table.words[last + 1].text.islower():
        return True
    if after in ("shares", "stock") or after in ("said", "says") and beyond == "it":
        return True
    if after in _MOVES and beyond[0].isdigit() and table.text[table.words[last + 2].end :][:1] in ("%", "."):
        return True
    return table.gap(last) in ("'s ", "\u2019s ") and (
        table.lower[last + 1] in _OWNED or (table.lower[last + 1], beyond) == ("chief", "executive")
    )


# -- definitions


def _defined(found: list[Named]) -> list[Named]:
    """Let an acronym of a body known to all stand for the one in the text that it fits, where that is named alone."""
    spelled = {named.name for named in found if named.end - named.start >= len(named.name) and " " in named.name}
    own: dict[str, str] = {}
    for named in found:
        if named.label == "ORG" and named.name in spelled:
            short = initials(named.name)
            known = organisations().get(short)
            if len(short) > 2 and known and known not in spelled:
                own.setdefault(known, named.name)
    short_of = {known: initials(name) for known, name in own.items()}
    return [
        replace(named, name=own[named.name])
        if named.label == "ORG" and named.name in own and named.end - named.start == len(short_of[named.name])
        else named
        for named in found
    ]
