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
        self.genders = {key: _gender(name) for key, name in names.items() if key.startswith("person:")}
        self.offices: dict[str, set[str]] = {}
        for role in roles:
            office = role.surface.lower().split()
            # "the minister" may mean a defence minister, "the home secretary" no shadow home secretary
            for name in {" ".join(office), office[-1]}:
                self.offices.setdefault(name, set()).add(role.entity)
        for mention in self.people:
            title = _TITLE.search(scene.text, max(0, mention.start_char - 12), mention.start_char)
            word = title[1].lower() if title else ""
            if mention.label == "PERSON" and word in _FEMALE_TITLES | _MALE_TITLES:
                self.genders[mention.entity] = "f" if word in _FEMALE_TITLES else "m"

    def meant(self, voice: Voice, last: Mention | None, unnamed: Voice | None = None) -> Mention | None:
        """Return the mention that a voice leads to: its own, or the antecedent of a pronoun or office.

        ``last`` is who spoke before, ``unnamed`` whoever spoke since in common words only ("a spokesman"): a pronoun
        may mean these, and then nobody who has a name.
        """
        if voice.kind == "name":
            return voice.mention
        if voice.kind == "noun":
            near = last is not None and 0 < voice.start - last.start_char < _NEAR_CHARS
            return last if voice.head in _PAPERS and near else self._office(voice)
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

    def _person(self, position: int, gender: str, last: Mention | None) -> Mention | None:
        index = bisect_left(self.starts, position)
        near = [
            m
            for m in self.people[max(0, index - 14) : index]
            if m.label == "PERSON"
            and self.genders.get(m.entity) in (None, gender)
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
            if self.genders.get(mention.entity) == gender:
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


def _gender(name: str) -> str | None:
    given = name.split()[0]
    female, male = given in _women(), given in _men()
    if female != male:
        return "f" if female else "m"
    if not female and len(name.split()) > 1 and given.endswith(("a", "elle", "ette")) and len(given) > 3:
        return "f"
    return None
