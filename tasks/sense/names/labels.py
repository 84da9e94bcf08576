"""What a run of capitalised words names, judged by its words and its neighbours in the sentence.

One run can hold several names ("Bank of England Governor Mark Carney"). Knowledge of the rest of the document is
applied later, in ``mentions``; nothing here remembers a document. English.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.sense.lexicon import (
    DIRECTIONS,
    EVENT_SUFFIXES,
    LAW_SUFFIXES,
    NOT_ORG_ACRONYMS,
    ORG_OF_HEADS,
    ORG_SUFFIXES,
    PERSON_VERBS,
    PLACE_NOUNS,
    PLACE_OF_HEADS,
    PLACE_OF_NOUNS,
    PLACE_PREFIXES,
    PLACE_PREPOSITIONS,
    PLACE_SUFFIXES,
    WEAK_ORG_SUFFIXES,
    common_words,
    demonyms,
    given_names,
    organisations,
    surnames,
)
from tasks.sense.names.chains import Chain, WordTable
from tasks.sense.names.people import HONORIFICS, OFFICE_MODIFIERS, OFFICES, leading_office, trailing_honorific
from tasks.sense.places.gazetteer import gazetteer

_MAX_PERSON_WORDS = 5
_MILITANT_HEADS = frozenset(
    "lashkar jaish tehreek tehrik jamaat hizb harkat hizbul ansar jemaah laskar jund liwa".split()
)
_BUILDINGS = frozenset("centre center hospital hotel museum church library".split())  # where things happen, or who acts
_WORDLIKE_ENDINGS = (
    "tion",
    "tions",
    "ment",
    "ments",
    "ness",
    "ship",
    "ance",
    "ence",
    "ities",
    "isms",
    "ology",
    "ical",
    "ational",
    "ives",
    "ware",
    "eering",
    "ing",
)
_LAW_KINDS = frozenset("penal criminal civil tax labour labor electoral commercial navigation".split())
_TITLES_AS_NAMES = frozenset("baron king prince judge major dean duke bishop pope marshal constable lord page".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """Words ``first`` to ``last`` read as ``label``, or as a name of unknown kind (None), with its confidence."""

    first: int
    last: int
    label: str | None
    confidence: float


def read_chain(table: WordTable, chain: Chain) -> list[Reading]:
    """Return the readings of one run, in order; they do not overlap."""
    return list(_read(table, chain.first, chain.last, chain.doubtful))


def _read(table: WordTable, first: int, last: int, doubtful: bool) -> Iterator[Reading]:
    words = [word.text for word in table.words[first : last + 1]]
    whole = _whole(table, first, last, words, doubtful)
    if whole is not None:
        yield whole
        return
    if words[0] in ("The", "State") and len(words) > 1 and (words[0] == "The" or table.before(first) == "of"):
        yield from _read(table, first + 1, last, False)
        return
    if words[0] in demonyms() and (place := _place_prefix(words)) > 1:
        # "While in Saudi Arabia Biden said": the country before the nationality.
        yield Reading(first, first + place - 1, "PLACE", 0.9)
        yield from _read(table, first + place, last, False)
        return
    size = 2 if " ".join(words[:2]) in demonyms() and len(words) > 1 else 1 if words[0] in demonyms() else 0
    if size:
        yield Reading(first, first + size - 1, "NORP", 0.9)
        if len(words) > size:
            yield from _read(table, first + size, last, False)
        return
    cut = _office(words)
    if cut is not None:
        left, right = cut
        if left > 0:
            yield from _read(table, first, first + left - 1, doubtful)
        if right < len(words):
            yield from _person(table, first + right, last)
        return
    if doubtful:
        if len(words) > 1:
            yield from _read(table, first + 1, last, False)
        return
    yield from _several(table, first, last, words) if len(words) > 1 else _single(table, first)


def _whole(table: WordTable, first: int, last: int, words: list[str], doubtful: bool) -> Reading | None:
    """Read the run as one known name, organisation, law, event or place by its own words, or not at all."""
    surface = table.text[table.words[first].start : table.words[last].end]
    count = len(words)
    if surface in organisations():
        return Reading(first, last, "ORG", 0.8 if surface in surnames() else 0.9)
    by_name = gazetteer().by_name
    places = by_name.get(surface)
    if places and not doubtful and (count > 1 or any(place.sure for place in places)):
        strong = any(place.kind in ("country", "region") for place in places)
        return Reading(first, last, "PLACE", 0.95 if strong else 0.85 if count > 1 else 0.8)
    if count == 1:
        return None
    lower = [word.lower().rstrip(".") for word in words]
    tail = lower[-1]
    if count == 2 and demonyms().get(words[0]) and tail not in ORG_SUFFIXES and tail not in PLACE_SUFFIXES:
        return None
    titled = leading_office(words)
    if titled and titled < count and lower[titled] not in ORG_SUFFIXES and words[titled] in given_names():
        return None
    if tail in LAW_SUFFIXES and (tail not in ("code", "protocol") or lower[-2] in _LAW_KINDS or words[0] in by_name):
        return Reading(first, last, "LAW", 0.9)
    if tail in EVENT_SUFFIXES:
        return Reading(first, last, "EVENT", 0.9)
    head = _head_before_link(lower)
    if head in ORG_OF_HEADS or any(word in _MILITANT_HEADS for word in lower[:1]):
        return Reading(first, last, "ORG", 0.85)
    if head in PLACE_OF_HEADS:
        return Reading(first, last, "PLACE", 0.75)
    if tail in _BUILDINGS and table.before(first) in ("at", "in", "the"):
        at = table.before(first) == "at" or (first > 1 and table.lower[first - 2] in ("at", "in", "near", "outside"))
        return Reading(first, last, "PLACE" if at else "ORG", 0.65)
    if tail == "guard" and table.after(last) == "of":
        return None
    general = all(_ordinary(table, word) for word in words)
    if general and (doubtful or tail in WEAK_ORG_SUFFIXES):
        return None
    if tail in ORG_SUFFIXES and titled < count:
        return Reading(first, last, "ORG", 0.9 if "'" in surface or "’" in surface else 0.8)
    if tail in PLACE_SUFFIXES or lower[0] in PLACE_PREFIXES:
        return Reading(first, last, "PLACE", 0.8)
    if tail == "state" and " ".join(words[:-1]) in gazetteer().by_name:
        return Reading(first, last, "PLACE", 0.85)
    if "&" in table.text[table.words[first].start : table.words[last].end]:
        return Reading(first, last, "ORG", 0.7)
    return None


def _head_before_link(lower: list[str]) -> str:
    for index in range(1, len(lower) - 1):
        if lower[index] in ("of", "for", "on", "against"):
            return lower[index - 1]
    return ""


def _office(words: list[str]) -> tuple[int, int] | None:
    """Find the title inside a run: the words before ``left`` and from ``right`` on are not part of it."""
    last = len(words) - 1
    titles = OFFICES | HONORIFICS
    position = next((i for i in range(last, -1, -1) if words[i].lower().rstrip(".") in titles), None)
    # "Sacha Baron Cohen": behind a given name a title is part of the surname.
    while position and words[position].lower() in _TITLES_AS_NAMES and _may_be_given(words[position - 1]):
        position = next((i for i in range(position - 1, -1, -1) if words[i].lower().rstrip(".") in titles), None)
    if position is None:
        return None
    # A surname like King or Judge ends a person's name.
    if position == last and last > 0 and words[position - 1] in given_names() and words[0] in given_names():
        return None
    left = position
    while left > 0 and words[left - 1].lower() in OFFICES | OFFICE_MODIFIERS:
        left -= 1
    return left, position + 1


def _may_be_given(word: str) -> bool:
    lower = word.lower()
    if word in given_names():
        return True
    plain = lower in common_words() or lower in OFFICES or lower in OFFICE_MODIFIERS or lower in HONORIFICS
    return not plain and word not in demonyms() and word not in gazetteer().by_name


def _person(table: WordTable, first: int, last: int) -> Iterator[Reading]:
    """Read what follows a title."""
    words = [word.text for word in table.words[first : last + 1]]
    if all(word.lower() in common_words() for word in words) and words[0] not in given_names():
        return
    if last - first < _MAX_PERSON_WORDS:
        yield Reading(first, last, "PERSON", 0.9)


def _several(table: WordTable, first: int, last: int, words: list[str]) -> Iterator[Reading]:
    """Read a run of two and more words that nothing in it gives away."""
    common, given = common_words(), given_names()
    if trailing_honorific(words) or _title_before(table, first):
        yield Reading(first, last, "PERSON", 0.9)
        return
    ordinary = [_ordinary(table, word) for word in words]
    shouted = all(word.isupper() for word in words)
    if shouted and len(words) > 1 and not any(word in given for word in words):
        return
    if words[0] in given and len(words) <= _MAX_PERSON_WORDS and not ordinary[-1]:
        yield Reading(first, last, "PERSON", 0.9)
        return
    prefix = _place_prefix(words)
    if prefix and prefix < len(words) and ordinary[prefix]:
        yield Reading(first, first + prefix - 1, "PLACE", 0.75)
        return
    if words[0].isupper() and len(words[0]) > 1 and words[0] not in NOT_ORG_ACRONYMS and "." not in words[0]:
        # "ANC MP", "BJP's Rahul Gandhi" without the possessive: the acronym stands alone.
        if words[0] in organisations() or ordinary[1]:
            yield Reading(first, first, "ORG", 0.7)
            if len(words) > 2 and not any(ordinary[1:]):
                yield Reading(first + 1, last, "PERSON", 0.6)
            return
    team = words[-1].endswith("s") or table.before(first) == "the"
    if prefix == len(words) - 1 and words[0] not in given and team and table.after(last) not in PERSON_VERBS:
        # "Oakland Athletics", "Orlando Sentinel": a town and what is called after it.
        yield Reading(first, last, "ORG", 0.5)
        return
    if not any(ordinary) and len(words) <= _MAX_PERSON_WORDS - 1:
        place = table.before(first) in ("in", "near") or _followed_by_place(table, last)
        if place and words[0] not in given and table.after(last) not in PERSON_VERBS:
            yield Reading(first, last, "PLACE", 0.6)
        elif any(word.isupper() and len(word) > 2 for word in words):
            yield Reading(first, last, "ORG", 0.5)
        else:
            yield Reading(first, last, "PERSON", 0.6)
        return
    if ordinary[-1] and words[0].lower() not in common and table.before(first) in ("at", "in", "near"):
        return
    if any(ordinary) and not all(ordinary) and len(words) == 2 and words[0] in given:
        yield Reading(first, last, "PERSON", 0.55)


def _single(table: WordTable, index: int) -> Iterator[Reading]:
    """Read one word by itself and its neighbours."""
    word = table.words[index].text
    lower = table.lower[index]
    before, after = table.before(index), table.after(index)
    if word.isupper() and 1 < len(word) <= 8 and not any(map(str.isdigit, word)):
        if (
            word not in NOT_ORG_ACRONYMS
            and lower not in common_words()
            and not (before and table.words[index - 1].text.isupper() and len(before) > 3)
        ):
            yield Reading(index, index, "ORG", 0.6)
        return
    if len(word) == 1:
        # The network once called Twitter is one letter long.
        if word == "X" and before in ("on", "to") and index > 1 and table.before(index - 1) in _POSTING:
            yield Reading(index, index, "ORG", 0.9)
        return
    if after in PLACE_NOUNS and lower not in common_words():
        yield Reading(index, index, "PLACE", 0.75)
        return
    if _title_before(table, index):
        yield Reading(index, index, "PERSON", 0.85)
        return
    if _ordinary(table, word):
        return
    if before == "of" and table.before(index - 1) in PLACE_OF_NOUNS or before in DIRECTIONS:
        yield Reading(index, index, "PLACE", 0.75)
    elif _followed_by_place(table, index):
        yield Reading(index, index, "PLACE", 0.75)
    elif after in PERSON_VERBS or _age_follows(table, index):
        yield Reading(index, index, "PERSON", 0.6)
    elif before in PLACE_PREPOSITIONS and word not in given_names():
        yield Reading(index, index, "PLACE", 0.6 if word in gazetteer().by_name or before in ("in", "near") else 0.45)
    elif word in gazetteer().by_name and word not in given_names():
        yield Reading(index, index, "PLACE", 0.45)
    elif word in given_names():
        yield Reading(index, index, "PERSON", 0.45)
    elif before == "the" and lower.endswith("s") and not lower.endswith("ss"):
        yield Reading(index, index, "ORG", 0.45)
    else:
        yield Reading(index, index, None, 0.3)


_POSTING = frozenset(
    "posted post posts wrote writes tweeted account video statement shared said saying message".split()
)
_LOWER_OFFICES = OFFICES - frozenset("general major chief fellow head boss icon legend star chair owner king".split())
_POINTED_TITLES = HONORIFICS | {"gen", "sen", "gov", "rep", "lt", "col"}


def _title_before(table: WordTable, index: int) -> bool:
    before = table.before(index)
    if before in HONORIFICS or before in _LOWER_OFFICES:
        return True
    # "Dr. Rao": the point is not part of the word.
    return index > 0 and table.gap(index - 1) == ". " and table.lower[index - 1] in _POINTED_TITLES


def _followed_by_place(table: WordTable, index: int) -> bool:
    """Say whether ", India" or ", Jammu and Kashmir" comes next."""
    if index + 1 >= len(table.words) or table.gap(index) != ", ":
        return False
    places = gazetteer()
    first = index + 1
    longest = places.longest_by_first_word.get(table.words[first].text, 0)
    for last in range(min(first + longest, len(table.words)) - 1, first - 1, -1):
        candidates = places.by_name.get(table.text[table.words[first].start : table.words[last].end])
        if candidates and any(place.kind in ("country", "division", "region") for place in candidates):
            return True
    return False


def _age_follows(table: WordTable, index: int) -> bool:
    if index + 1 >= len(table.words) or table.gap(index) != ", ":
        return False
    age = table.words[index + 1].text
    if not age.isdigit() or len(age) > 3 or table.words[index + 1].end >= len(table.text):
        return False
    return 10 <= int(age) <= 110 and table.text[table.words[index + 1].end] in ",."


def _place_prefix(words: list[str]) -> int:
    for size in range(len(words) - 1, 0, -1):
        places = gazetteer().by_name.get(" ".join(words[:size]))
        if places and any(place.sure for place in places):
            return size
    return 0


def _ordinary(table: WordTable, word: str) -> bool:
    """Say whether a word belongs to the general vocabulary, as far as the lists and this document tell."""
    lower = word.lower()
    if word in given_names():
        return False
    if lower in common_words() or table.seen_lower[lower] > 0:
        return True
    return lower.endswith(_WORDLIKE_ENDINGS) and len(lower) > 6 and word not in gazetteer().by_name
