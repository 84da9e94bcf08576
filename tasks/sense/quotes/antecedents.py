"""Whom a pronoun or a bare office means among the people and organisations that a text has named. English.

Recency, grammar and gender decide; the gender of a person is that of the title or given name, else of nobody. Only
entities that were found before can be meant, and where nothing speaks for one, none is given.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from tasks.sense.facts import Mention, Role
from tasks.sense.lexicon import list_lines
from tasks.sense.quotes.voices import Scene, Voice

_FEMALE_TITLES = frozenset("mrs ms miss dame lady queen princess madam sister duchess countess baroness mother".split())
_MALE_TITLES = frozenset("mr sir lord king prince father brother duke count baron pope imam".split())
#: What a person writes and is then quoted from.
_PAPERS = frozenset("post tweet message letter caption note email release thread".split())
_TITLE = re.compile(r"([A-Za-z]+)\.?\s\Z")
_NEAR_CHARS = 900
_MAX_BEFORE = 120  # mentions that are held against a description; more only in a list
#: Bodies that are told by what they are where their name tells nothing of it ("the airline").
_BODIES = frozenset(
    "company firm airline bank agency charity club carmaker retailer broadcaster"
    " newspaper publisher"
    " manufacturer operator organisation organization institute foundation association federation league regulator"
    " watchdog insurer brewer maker supplier developer studio startup start-up lender chain network trust".split()
)
#: What a person is called on a second mention, mostly in sport and the arts.
_CALLINGS = frozenset(
    "international striker midfielder defender goalkeeper winger forward captain skipper batsman bowler singer rapper"
    " actor actress author novelist comedian champion veteran playmaker boxer golfer sprinter songwriter"
    " star".split()
)
_KIN = {
    "m": "father|son|brother|husband|uncle|grandfather|nephew|grandson|man|boy|spokesman|boyfriend|widower|stepfather",
    "f": "mother|daughter|sister|wife|aunt|grandmother|niece|granddaughter|woman|girl|spokeswoman|girlfriend|widow"
    "|stepmother",
}
#: A sentence that opens with somebody without a name ("Her father was angry."), whom the pronoun then means.
_NAMELESS = {
    gender: re.compile(rf"(?:[.!?”]\s|\n|\A)(?:His|Her|Their|The|A|An)\s(?:[a-z-]+\s)?(?:{nouns})\b(?!,?\s[A-Z])")
    for gender, nouns in _KIN.items()
}
_OBJECT_MARKERS = frozenset("with by to for from of against about and between than like over on at into after".split())


@cache
def _women() -> frozenset[str]:
    return frozenset(name for line in list_lines("female_names") for name in line.split())


@cache
def _men() -> frozenset[str]:
    return frozenset(name for line in list_lines("male_names") for name in line.split())


class Antecedents:
    """The people of one text with their gender, and what they were last seen doing."""

    def __init__(self, scene: Scene, names: dict[str, str], roles: Sequence[Role]) -> None:
        self.scene = scene
        self.people = [m for m in scene.mentions if m.label in ("PERSON", "ORG")]
        self.starts = [m.start_char for m in self.people]
        self.first = {mention.entity: mention for mention in reversed(self.people)}  # the first of each
        self.genders = genders(scene.text, self.people, names)
        self.offices: dict[str, set[str]] = {}
        self.holders = {role.entity for role in roles}
        for role in roles:
            office = role.surface.lower().split()
            # "the minister" may mean a defence minister, "the home secretary" no shadow home secretary
            for name in {" ".join(office), office[-1]}:
                self.offices.setdefault(name, set()).add(role.entity)

    def meant(self, voice: Voice, last: Mention | None, unnamed: Voice | None = None) -> Mention | None:
        """Return the mention that a voice leads to: its own, or the antecedent of a pronoun or office.

        ``last`` is who spoke before, ``unnamed`` whoever spoke since in common words only ("a spokesman"): a pronoun
        may mean these, and then nobody who has a name.
        """
        if voice.kind == "name":
            return voice.mention
        if voice.kind == "noun":
            near = last is not None and 0 < voice.start - last.start_char < _NEAR_CHARS
            if voice.head in _PAPERS:
                return last if near else self._person(voice.start, None, None)
            article = self.scene.lower(self.scene.index(voice.start))
            return self._office(voice) or (self._described(voice) if article in ("the", "this") else None)
        if unnamed is not None and 0 < voice.start - unnamed.end < _NEAR_CHARS:
            between = self.people[bisect_left(self.starts, unnamed.end) : bisect_left(self.starts, voice.start)]
            label = "PERSON" if voice.head in ("he", "she") else "ORG"
            fits = unnamed.head.endswith("s") == (voice.head == "they") or voice.head == "they"
            if fits and not any(m.label == label for m in between):
                return None
        if voice.head in ("he", "she"):
            return self._person(voice.start, "m" if voice.head == "he" else "f", last)
        if voice.head in ("they", "it"):
            return self._body(voice.start, voice.head, last)
        return None

    def _office(self, voice: Voice) -> Mention | None:
        article, _, office = self.scene.text[voice.start : voice.end].lower().partition(" ")
        keys = self.offices.get(office, set()) if article in ("the", "his", "her", "its", "their") else set()
        if len(keys) != 1:
            return None
        (key,) = keys
        return self.first.get(key)

    def _described(self, voice: Voice) -> Mention | None:
        """Return the only body that bears the noun in its name or is introduced by it, else for "the company" the
        only body named close by, and for "the striker" the person that the text was telling of."""
        if voice.head in _CALLINGS or voice.head.endswith("-year-old"):
            meant = self._person(voice.start, None, None)
            # who is known by another calling ("the coach") is not the striker
            return None if meant is not None and meant.entity in self.holders else meant
        words = self.scene.text[voice.start : voice.end].lower().split()
        if words[-1] != voice.head:
            return None  # "the council of elders"
        index = bisect_left(self.starts, voice.start)
        before = self.people[max(0, index - _MAX_BEFORE) : index]
        bodies = [m for m in before if m.label == "ORG"]
        named = [m for m in bodies if voice.head in m.surface.lower().split()]
        introduced = [m for m in bodies if self.scene.lower(self.scene.index(m.start_char) - 1) == voice.head]
        near = [m for m in bodies if m.start_char > voice.start - _NEAR_CHARS] if voice.head in _BODIES else []
        for found in (named, introduced, near):
            if len({m.entity for m in found}) == 1 and len(words) <= 3:
                return found[-1]
        return None

    def _person(self, position: int, gender: str | None, last: Mention | None) -> Mention | None:
        index = bisect_left(self.starts, position)
        near = [
            m
            for m in self.people[max(0, index - 14) : index]
            if m.label == "PERSON"
            and (gender is None or self.genders.get(m.entity) in (None, gender))
            and m.start_char > position - _NEAR_CHARS
        ]
        if not near:
            fits = last is not None and last.label == "PERSON" and self.genders.get(last.entity) in (None, gender)
            return last if fits else None
        best, best_score = None, -99.0
        here = self.scene.sentence(position)
        for rank, mention in enumerate(reversed(near)):
            sentence = self.scene.sentence(mention.start_char)
            apart = 0 if sentence == here else self.scene.text.count("\n", mention.start_char, position) + 1
            score = -1.0 * min(apart, 4) - 0.15 * rank
            if gender is not None and self.genders.get(mention.entity) == gender:
                score += 0.6
            if last is not None and mention.entity == last.entity:
                score += 1.0
            before = self.scene.index(mention.start_char) - 1
            if (
                before >= 0
                and self.scene.lower(before) in _OBJECT_MARKERS
                and self.scene.words[before].start >= sentence.start
            ):
                score -= 0.8
            elif mention.start_char - sentence.start < 40:
                score += 0.7
            if score > best_score:
                best, best_score = mention, score
        if (
            best is not None
            and gender is not None
            and _NAMELESS[gender].search(self.scene.text, best.end_char, position)
        ):
            return None
        return best

    def _body(self, position: int, pronoun: str, last: Mention | None) -> Mention | None:
        """Return the organisation that spoke last close by, else for "it" the latest that opens its sentence."""
        if last is not None and last.label != "PERSON" and position - last.start_char < _NEAR_CHARS:
            return last
        if pronoun == "they":
            return None  # as often people of no name
        index = bisect_left(self.starts, position)
        for mention in reversed(self.people[max(0, index - 6) : index]):
            opens = mention.start_char - self.scene.sentence(mention.start_char).start < 30
            if mention.label == "ORG" and opens and mention.start_char > position - 400:
                return mention
        return None


def genders(text: str, mentions: Sequence[Mention], names: dict[str, str]) -> dict[str, str | None]:
    """Return "f", "m" or None for each person, by title and given name; ``names`` maps entity keys to names."""
    found = {key: _gender(name) for key, name in names.items() if key.startswith("person:")}
    for mention in mentions:
        title = _TITLE.search(text, max(0, mention.start_char - 12), mention.start_char)
        word = title[1].lower() if title else ""
        if mention.label == "PERSON" and word in _FEMALE_TITLES | _MALE_TITLES:
            found[mention.entity] = "f" if word in _FEMALE_TITLES else "m"
    return found


def _gender(name: str) -> str | None:
    given = name.split()[0]
    female, male = given in _women(), given in _men()
    if female != male:
        return "f" if female else "m"
    if not female and len(name.split()) > 1 and given.endswith(("a", "elle", "ette")) and len(given) > 3:
        return "f"
    return None
