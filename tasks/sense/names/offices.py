"""Which office or occupation a text gives a person: "Defence Minister Anil Rao", "Mario Draghi, president of the ECB",
"the Indian defence minister".

Works on mentions that were found before; finds no names. A description without a name is tied to a person only where
the document leaves one choice. English.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tasks.sense.facts import Entity, Mention, Role
from tasks.sense.lexicon import demonyms, list_lines, stop_words
from tasks.sense.names.people import HONORIFICS, OFFICE_MODIFIERS, OFFICES, is_title
from tasks.sense.places.gazetteer import gazetteer
from tasks.text import Word

_DETERMINERS = frozenset("a an the his her their its our one another".split())
_TIMES = frozenset("former then current late retired outgoing incoming acting veteran longtime ex".split())
_NO_OFFICE = frozenset(
    "father sister brother mother son daughter uncle aunt cousin friend colleague husband wife partner fellow comrade"
    " counterpart teammate star icon legend resident general citizen".split()
)  # before a name or alone they say who somebody is to someone, not what
_FAMILY = frozenset(
    "father sister brother mother son daughter uncle aunt cousin friend husband wife partner counterpart"
    " teammate".split()
)
_TRADE_ENDS = ("er", "or", "ist", "ian", "man", "woman", "smith", "wright", "ess", "keeper", "maker", "monger")
_NO_TRADE = _FAMILY | frozenset(
    "stranger winner loser number other teenager passenger customer neighbour neighbor newcomer follower supporter"
    " survivor prisoner member disaster matter letter river tower human woman man error factor sponsor visitor"
    " beginner contender former latter winter summer quarter border order offer paper".split()
)
_COURTESIES = HONORIFICS | {"lord", "lady", "baroness"}
_CONNECTORS = frozenset("of for at in to on with from and the a".split())
_STOPS = frozenset(
    "who which that said says told was is has had were are and but when while where after before as since will would"
    " told added asked wrote".split()
)
_COPULAS = frozenset("is was became becomes remains remained".split())
_INSTALLED = frozenset("appointed elected named as re-elected reelected sworn".split())
_POSSESSIVES = ("'s ", "’s ", "' ", "’ ")
_MAX_NARROWING = 3  # words
_MAX_LEFT, _MAX_RIGHT = 7, 14


@cache
def occupations() -> frozenset[str]:
    """Nouns for what people are, lower case."""
    return OFFICES | frozenset(word for line in list_lines("occupations") for word in line.split())


@dataclass(frozen=True, slots=True)
class _Held:
    """A role on words ``first`` to ``last``; ``core``: the office in one spelling; ``country`` where the text says."""

    first: int
    last: int
    core: tuple[str, ...]
    country: str | None
    entity: str
    confidence: float


class _Reader:
    """The words of a text with its mentions on them."""

    def __init__(self, text: str, words: Sequence[Word], mentions: Sequence[Mention]) -> None:
        self.text, self.words = text, words
        self.lower = [word.text.lower() for word in words]
        starts = [word.start for word in words]
        self.owner: dict[int, Mention] = {}
        self.people: list[tuple[int, int, Mention]] = []
        for mention in mentions:
            first = max(0, bisect_right(starts, mention.start_char) - 1)
            last = max(first, bisect_right(starts, mention.end_char - 1) - 1)
            for index in range(first, last + 1):
                self.owner[index] = mention
            if mention.label == "PERSON":
                self.people.append((first, last, mention))

    def gap(self, index: int) -> str:
        """What stands between word ``index`` and the next; the empty string behind the last."""
        if index < 0 or index + 1 >= len(self.words):
            return ""
        return self.text[self.words[index].end : self.words[index + 1].start]

    def label(self, index: int) -> str | None:
        mention = self.owner.get(index)
        return mention.label if mention else None

    def country(self, index: int) -> str | None:
        """The country that the mention on a word names, directly or by nationality."""
        mention = self.owner.get(index)
        if mention is None:
            return None
        if mention.label == "NORP":
            return demonyms().get(mention.surface)
        places = gazetteer().by_name.get(mention.surface, ())
        return next((place.country for place in places if place.kind == "country"), None)


def find_roles(
    text: str, words: Sequence[Word], mentions: Sequence[Mention], entities: Sequence[Entity]
) -> tuple[list[Role], list[Entity]]:
    """Return the roles in order, none overlapping, and the entities with the descriptions that mean them as aliases."""
    reader = _Reader(text, words, mentions)
    held: list[_Held] = []
    for first, last, mention in reader.people:
        held += [role for role in _of_person(reader, first, last, mention) if role is not None]
    described, aliases = _descriptions(reader, held)
    roles, end = [], -1
    for role in sorted((*held, *described), key=lambda role: (role.first, -role.confidence)):
        if role.first <= end:
            continue
        end = role.last
        start_char, end_char = words[role.first].start, words[role.last].end
        roles.append(
            Role(
                start_char=start_char,
                end_char=end_char,
                surface=text[start_char:end_char],
                entity=role.entity,
                confidence=role.confidence,
            )
        )
    return roles, [
        replace(entity, aliases=tuple(dict.fromkeys((*entity.aliases, *aliases[entity.key]))))
        if entity.key in aliases
        else entity
        for entity in entities
    ]


def _of_person(reader: _Reader, first: int, last: int, mention: Mention) -> Iterator[_Held | None]:
    yield _before(reader, first, mention)
    yield _apposition(reader, last, mention)
    yield _copula(reader, last, mention)


def _before(reader: _Reader, first: int, mention: Mention) -> _Held | None:
    """Read "Japan's Defence Minister" before the name, or "The prime minister, " where a comma follows it too."""
    last = first - 1
    while last >= 0 and reader.lower[last] in _COURTESIES and reader.gap(last) in (" ", ". "):
        last -= 1
    gap = reader.gap(last)
    if last < 0 or gap not in (" ", ", ", ". "):
        return None
    found = _leftwards(reader, last)
    if found is None and gap == ", ":
        return _complemented(reader, last, mention)
    if found is None or gap == ". " and reader.lower[last] not in ("gen", "sen", "gov", "rep", "lt", "col", "maj"):
        return None
    start, country = found
    if reader.lower[last] == "chief" and start == last and country is None and reader.words[last].text[0].isupper():
        return None  # "Chief Bola Adeyemi": a title of honour
    if gap == ", ":
        # "the prime minister, Ann Lowe, said", but not "the minister, Ann Lowe and others"
        start = _narrowed(reader, start)
        owned = start > 0 and (reader.gap(start - 1) in _POSSESSIVES or reader.lower[start - 1] in _DETERMINERS)
        owned = owned or start in reader.owner
        if reader.text[mention.end_char : mention.end_char + 1] not in (",", ".") or not owned:
            return None
    else:
        start = _narrowed(reader, start)
    return _held(reader, start, last, country, mention, 0.9 if gap != ", " else 0.7)


def _narrowed(reader: _Reader, start: int) -> int:
    """Return the first word of "marine biologist" where an article, an owner or a people opens the phrase."""
    at = start
    while at > 0 and start - at < _MAX_NARROWING and reader.gap(at - 1) in (" ", "-"):
        word = reader.lower[at - 1]
        if word in _DETERMINERS:
            return at
        if at - 1 in reader.owner or word in stop_words() or word in _STOPS or word.endswith("ed"):
            break
        if not reader.words[at - 1].text[0].islower() or word in _saying():
            break
        at -= 1
    return (
        at
        if at > 0 and reader.gap(at - 1) in _POSSESSIVES or at > 0 and reader.lower[at - 1] in _DETERMINERS
        else start
    )


@cache
def _saying() -> frozenset[str]:
    return frozenset(word for line in list_lines("saying_verbs") for word in line.split())


def _complemented(reader: _Reader, last: int, mention: Mention) -> _Held | None:
    """Read "A spokeswoman for the water board, Ann Lowe, said" from the comma back to the article."""
    if reader.text[mention.end_char : mention.end_char + 1] != ",":
        return None
    at = last
    while at > 0 and last - at < _MAX_LEFT and reader.gap(at - 1) in (" ", "-", "'s ", "’s "):
        if reader.label(at) == "PERSON" or reader.lower[at] in _STOPS:
            return None
        link = reader.lower[at] in ("of", "for", "at") and at not in reader.owner
        if link and reader.lower[at - 1] in OFFICES - _NO_OFFICE and at - 1 not in reader.owner:
            found = _leftwards(reader, at - 1)
            if found is None:
                return None
            start = _narrowed(reader, found[0])
            if start == 0 or reader.lower[start - 1] not in _DETERMINERS:
                return None
            country = next((code for code in map(reader.country, range(at, last + 1)) if code), found[1])
            return _held(reader, start, last, country, mention, 0.8, at - 1)
        at -= 1
    return None


def _leftwards(reader: _Reader, last: int) -> tuple[int, str | None] | None:
    """Return the first word of the office that ends at ``last``, and the country said of it."""
    word = reader.lower[last]
    office = is_title(word) and word not in HONORIFICS or word in occupations() and reader.words[last].text[0].islower()
    if not office or word in _NO_OFFICE or word.endswith("-old") or last in reader.owner:
        if reader.lower[last] != "general" or last in reader.owner:
            return None
    start = last
    while start > 0 and last - start < _MAX_LEFT and reader.gap(start - 1) in (" ", "-"):
        word = reader.lower[start - 1]
        if start - 1 in reader.owner or not (
            word in OFFICE_MODIFIERS
            or word in OFFICES
            or word in _TIMES
            or word in ("and", "of")
            and start - 2 >= 0
            and _part(reader, start - 2)
        ):
            break
        start -= 1
    country = None
    while start > 0 and reader.gap(start - 1) == " " and reader.label(start - 1) in ("NORP", "ORG", "PLACE"):
        country = reader.country(start - 1) or country
        start -= 1
    if country is None and start > 0 and reader.gap(start - 1) in _POSSESSIVES:
        country = reader.country(start - 1)
    return start, country


def _part(reader: _Reader, index: int) -> bool:
    return reader.lower[index] in OFFICE_MODIFIERS or reader.lower[index] in OFFICES


def _apposition(reader: _Reader, last: int, mention: Mention) -> _Held | None:
    """Read ", 43, a nurse," and ", president of the European Central Bank," behind a name."""
    if not reader.text.startswith(", ", reader.words[last].end) and not reader.text.startswith(", ", mention.end_char):
        return None
    start = last + 1
    if start < len(reader.words) and reader.words[start].text.isdigit() and reader.gap(start) == ", ":
        start += 1
    return _phrase(reader, start, mention, 0.85, closed=True)


def _copula(reader: _Reader, last: int, mention: Mention) -> _Held | None:
    """Read "is a lawyer" and "was appointed chief executive" behind a name."""
    index = last + 1
    if index < len(reader.words) and reader.lower[index] == "who" and reader.gap(last) in (" ", ", "):
        index += 1
    if index >= len(reader.words) or reader.gap(index - 1) != " " or reader.lower[index] not in _COPULAS:
        return None
    index += 1
    installed = False
    while index < len(reader.words) and reader.lower[index] in _INSTALLED and reader.gap(index - 1) == " ":
        installed, index = True, index + 1
    if index >= len(reader.words) or not (installed or reader.lower[index] in _DETERMINERS):
        return None
    return _phrase(reader, index, mention, 0.7, closed=False)


def _phrase(reader: _Reader, start: int, mention: Mention, confidence: float, *, closed: bool) -> _Held | None:
    """Read a noun phrase with an office or occupation as its head from word ``start`` on."""
    count = len(reader.words)
    article = start < count and reader.lower[start] in _DETERMINERS
    indefinite = closed and article and reader.lower[start] in ("a", "an")
    start += article
    head = None
    index = start
    while index < count and index - start < _MAX_LEFT:
        word, gap = reader.lower[index], reader.gap(index - 1)
        if index > start and gap not in (" ", "-", " & ", "'s ", "’s "):
            break
        if word in _STOPS or index > start and word in _CONNECTORS and head is None and word != "and":
            break
        if reader.label(index) == "PERSON":
            return None
        trade = indefinite and word.endswith(_TRADE_ENDS) and len(word) > 4 and word not in _NO_TRADE
        known = word in occupations() or is_title(word) and "-" in word or trade and _closes(reader, index, False)
        if known and index not in reader.owner and word not in _FAMILY and word not in ("general", "fellow", "star"):
            head = index
        elif head is not None:
            break
        index += 1
    if head is None:
        return None
    last, country = head, None
    index = head + 1
    if (
        index < count
        and reader.gap(head) == " "
        and reader.lower[index] in ("of", "for", "at", "in", "to", "on", "with")
    ):
        last, country = _complement(reader, index, start)
    for at in range(start, head):
        country = country or reader.country(at)
    if closed and not _closes(reader, last, article):
        return None
    return _held(reader, start, last, country, mention, confidence, head)


def _complement(reader: _Reader, index: int, start: int) -> tuple[int, str | None]:
    """Return the last word of "of the European Central Bank" and what follows on, and the country it names."""
    last, country = index - 1, None
    while index < len(reader.words) and index - start < _MAX_RIGHT:
        gap = reader.gap(index - 1)
        if gap not in (" ", "-", "'s ", "’s ", " & ") or reader.lower[index] in _STOPS and index not in reader.owner:
            break
        if reader.lower[index] not in _CONNECTORS:
            last = index
        country = country or reader.country(index)
        index += 1
    return last, country


def _closes(reader: _Reader, last: int, article: bool) -> bool:
    """Say whether the apposition ends where it was read to end: at a mark, the text's end, or before "who"."""
    end = reader.words[last].end
    mark = reader.text[end : end + 1]
    if mark in ("", ",", ".", ";", ":", ")", "\n", "—", "–", "”", '"'):
        return True
    return article and last + 1 < len(reader.words) and reader.lower[last + 1] in _STOPS


def _held(
    reader: _Reader,
    first: int,
    last: int,
    country: str | None,
    mention: Mention,
    confidence: float,
    head: int | None = None,
) -> _Held:
    head = last if head is None else head
    return _Held(first, last, _core(reader, first, head), country, mention.entity, confidence)


def _core(reader: _Reader, first: int, head: int) -> tuple[str, ...]:
    words = []
    for index in range(first, head + 1):
        word = reader.lower[index]
        if index not in reader.owner and word not in _TIMES:
            words.append({"defense": "defence", "labor": "labour"}.get(word, word))
    return tuple(words)


# -- descriptions without a name


def _descriptions(reader: _Reader, held: Sequence[_Held]) -> tuple[list[_Held], dict[str, list[str]]]:
    """Tie "the Indian defence minister" to the one person of the document whom it can mean."""
    found: list[_Held] = []
    aliases: dict[str, list[str]] = {}
    if not held:
        return found, aliases
    heads = {role.core[-1] for role in held if role.core and role.core[-1] not in _NO_OFFICE}
    taken = {index for role in held for index in range(role.first, role.last + 1)}
    for index, word in enumerate(reader.lower):
        if word not in heads or index in taken or index in reader.owner or not _stands_alone(reader, index):
            continue
        left = _leftwards(reader, index) or (index, None)
        start, country = left
        if start == 0 or reader.lower[start - 1] != "the" or reader.gap(start - 1) != " ":
            continue
        if any(reader.label(at) == "ORG" for at in range(start, index)):
            continue
        core = _core(reader, start, index)
        people = _meant(held, core, country)
        if len(people) != 1:
            continue
        (entity,) = people
        found.append(_Held(start, index, core, country, entity, 0.75 if country or len(core) > 1 else 0.6))
        surface = reader.text[reader.words[start - 1].start : reader.words[index].end]
        aliases.setdefault(entity, []).append(" ".join(surface.split()))
    return found, aliases


def _stands_alone(reader: _Reader, index: int) -> bool:
    """Say whether no name, complement or further noun follows the office."""
    after = reader.owner.get(index + 1)
    if after is not None and reader.gap(index) in (" ", ", "):
        return False
    return not (reader.gap(index) == " " and reader.lower[index + 1 : index + 2] in (["of"], ["for"], ["general"]))


def _meant(held: Sequence[_Held], core: tuple[str, ...], country: str | None) -> set[str]:
    """Return the people whose office ends in the same words, of the same country or of none that is said."""
    fitting = [role for role in held if role.core[-len(core) :] == core]
    countries: dict[str, set[str]] = {}
    for role in fitting:
        countries.setdefault(role.entity, set()).update({role.country} - {None})
    if country is None:
        return set(countries)
    same = {entity for entity, known in countries.items() if country in known}
    return same or {entity for entity, known in countries.items() if not known}
