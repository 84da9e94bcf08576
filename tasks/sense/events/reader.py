"""Who did what to whom, from the clauses of the lead paragraphs: PLOVER's event types, English only.

What happens here: the sentences that lead the text are read clause by clause (``phrases``, ``clauses``), held against
the lexicon (``actions``, ``roles``), and what comes out is tied to the entities, places and dates of the document. No
mention, place or date is found here, and nothing is told that no clause of the text tells.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.sense.events.actions import actor_nouns, person_nouns, state_nouns
from tasks.sense.events.clauses import clauses
from tasks.sense.events.participants import whole
from tasks.sense.events.phrases import Phrase, chunks
from tasks.sense.events.roles import Reading, readings
from tasks.sense.events.tags import Tokens
from tasks.sense.facts import DateMention, Document, Event, Mention
from tasks.sense.places.gazetteer import gazetteer
from tasks.sense.quotes.antecedents import genders
from tasks.text import Sentence, paragraphs

MAX_SENTENCES = 12
MAX_CHARS = 1_800
_MAX_WORDS = 120  # a longer "sentence" is a table or a list
_PLACE_PREPOSITIONS = frozenset("in at near outside inside across around throughout on off".split())
_SPEAKING = frozenset("i we me us my our".split())
_NOT_IN_SPORT = frozenset("ASSAULT CONSULT MOBILIZE RETREAT CONCEDE PROTEST".split())
_LETTERS = re.compile("[a-z-]+")
_SPORT = frozenset(
    "striker midfielder defender goalkeeper goals scored innings wicket wickets batsman quarterback touchdown"
    " touchdowns"
    " playoff playoffs championship championships semi-final semi-finals quarter-final quarter-finals finals tournament"
    " premiership league cup medal medals olympic olympics fixture fixtures seed unbeaten halftime half-time"
    " coach captain"
    " rugby football tennis cricket golf basketball baseball hockey sprint marathon qualifier qualifiers"
    " champions title"
    " stadium referee season squad penalty fifa uefa nfl nba fans athlete athletes match matches game games"
    " teammate".split()
)
_SIDES = frozenset("side country nation government state neighbour neighbor ally rival".split())
_DETERMINERS = frozenset("the a an this these that those some any its his her their".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Party:
    """Who takes part: the span of the words, and the key of the entity where they name one."""

    start: int
    end: int
    key: str | None


def read_events(document: Document) -> Document:
    """Fill in the events."""
    if document.language != "en":
        return document
    return replace(document, events=tuple(find_events(document)))


def find_events(document: Document) -> list[Event]:
    """Return the events that the first sentences tell, in the order of the text; one that is told twice stands once,
    with the place and the date that either telling gives."""
    reader = _Reader(document)
    found: dict[tuple, Event] = {}
    unread = _NOT_IN_SPORT if _is_sport(document.text[:MAX_CHARS]) else ()
    for sentence in lead(document.sentences):
        for event in reader.read(sentence):
            sides = (event.actor or event.actor_start_char, event.target or event.target_start_char)
            key = (event.action, event.status, *sides)
            if event.action in unread:
                continue
            known = found.get(key)
            if known is None:
                found[key] = event
                continue
            found[key] = replace(
                known,
                place=known.place or event.place,
                first_day=known.first_day or event.first_day,
                last_day=known.last_day or event.last_day,
                confidence=max(known.confidence, event.confidence),
            )
    return list(found.values())


def _is_sport(text: str) -> bool:
    """Say whether a text tells of games, where sides attack, meet and surrender without harm."""
    return len(_SPORT & set(_LETTERS.findall(text.lower()))) >= 3


def lead(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that are read."""
    return [sentence for sentence in sentences[:MAX_SENTENCES] if sentence.end <= MAX_CHARS or sentence.start == 0]


class _Reader:
    """Reads sentence after sentence of one document and remembers whom its pronouns may mean."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.word_starts = [word.start for word in document.words]
        self.named = self._words_of(document.mentions)
        self.dated = self._words_of(document.dates)
        self.country_of_people = self._countries()
        self.people: list[_Party] = []  # who acted, in order
        self.persons = [m for m in document.mentions if m.label == "PERSON" and m.start_char <= MAX_CHARS]
        self.genders = genders(document.text, self.persons, {entity.key: entity.name for entity in document.entities})
        self.body: _Party | None = None
        self.many: _Party | None = None
        self.pairs: dict[str, tuple[str, str]] = {}
        first = next(paragraphs(self.text), None) if document.sentences else None
        self.first_paragraph_end = first[1] if first else 0
        self.first_date: DateMention | None = None

    def _words_of(self, spans: Sequence[Mention] | Sequence[DateMention]) -> dict[int, Mention | DateMention]:
        """Start of each word of the lead that lies in a span."""
        found = {}
        for span in spans:
            if span.start_char > MAX_CHARS:
                break
            left = bisect_left(self.word_starts, span.start_char)
            for start in self.word_starts[left : bisect_left(self.word_starts, span.end_char)]:
                found[start] = span
        return found

    def _countries(self) -> dict[str, str]:
        """Key of a people -> key of its country, where the document names both."""
        countries = {}
        for entity in self.document.entities:
            if entity.label == "PLACE" and entity.country:
                known = gazetteer().by_name.get(entity.name, ())
                if any(place.kind == "country" for place in known):
                    countries.setdefault(entity.country, entity.key)
        return {
            entity.key: countries[entity.country]
            for entity in self.document.entities
            if entity.label == "NORP" and entity.country in countries
        }

    def read(self, sentence: Sentence) -> list[Event]:
        left = bisect_left(self.word_starts, sentence.start)
        right = bisect_left(self.word_starts, sentence.end)
        if not 2 <= right - left <= _MAX_WORDS:
            return []
        tokens = Tokens(self.text, self.document.words[left:right], self.named, self.dated)
        if not tokens.words:
            return []
        found, phrases = clauses(tokens, chunks(tokens))
        dates = [date for date in self.document.dates if sentence.start <= date.start_char < sentence.end]
        if self.first_date is None and dates and sentence.start < self.first_paragraph_end:
            self.first_date = dates[0]
        subjects = [clause.subject for clause in found if clause.subject is not None]
        events = []
        position = 0
        for reading in readings(tokens, found, phrases):
            while position < len(subjects) and subjects[position].first <= reading.words[0]:
                self._remember(tokens, subjects[position])
                position += 1
            event = self._event(tokens, reading, dates, sentence)
            if event is None:
                continue
            pair = self._pair(tokens, reading.actor)
            self._remember_pair(event)
            events.extend([replace(event, actor=key) for key in pair] if pair and event.actor is None else [event])
        for subject in subjects[position:]:
            self._remember(tokens, subject)
        return events

    def _event(
        self, tokens: Tokens, reading: Reading, dates: Sequence[DateMention], sentence: Sentence
    ) -> Event | None:
        words = tokens.words
        actor = self._party(tokens, reading.actor, within=reading.actor_is_owner)
        target = self._party(tokens, reading.target, within=reading.target_is_owner)
        actor_word = self.text[actor.start : actor.end].lower() if actor is not None else ""
        if target is None and actor_word in ("i", "we", "you") and not reading.said_by_actor:
            return None  # "We had a call": whoever tells it takes no part in the news by it
        if reading.said_by_actor and actor is not None:
            actor = replace(actor, key=self._speaker(actor.start))
        if actor is not None and target is not None and (actor.start, actor.end) == (target.start, target.end):
            target = None
        if actor is not None and target is not None and actor.key and actor.key == target.key:
            target = replace(target, key=None)
        start, end = words[reading.first].start, words[reading.last].end
        for party in (actor, target):
            if party is not None and sentence.start <= party.start and party.end <= sentence.end:
                start, end = min(start, party.start), max(end, party.end)
        verb = words[reading.words[0]].start, words[reading.words[1]].end
        date = self._date(dates, start, end, verb[0], sentence)
        if date is not None and sentence.start <= date.start_char <= end + 12:
            start, end = min(start, date.start_char), max(end, date.end_char)
        return Event(
            start_char=start,
            end_char=end,
            action=reading.action,
            status=reading.status,
            verb_start_char=verb[0],
            verb_end_char=verb[1],
            actor=actor.key if actor else None,
            actor_start_char=actor.start if actor else None,
            actor_end_char=actor.end if actor else None,
            target=target.key if target else None,
            target_start_char=target.start if target else None,
            target_end_char=target.end if target else None,
            place=self._place(tokens, reading),
            first_day=date.first_day if date else None,
            last_day=date.last_day if date else None,
            confidence=reading.confidence,
        )

    def _date(
        self, dates: Sequence[DateMention], start: int, end: int, verb: int, sentence: Sentence
    ) -> DateMention | None:
        """The date by the clause that lies nearest to its verb; else the only one of the sentence; else, in the first
        paragraph, that with which the news begins."""
        inside = [date for date in dates if start - 40 <= date.start_char <= end + 30]
        if inside:
            return min(inside, key=lambda date: abs(date.start_char - verb))
        if len(dates) == 1:
            return dates[0]
        if not dates and sentence.start < self.first_paragraph_end:
            return self.first_date
        return None

    def _place(self, tokens: Tokens, reading: Reading) -> str | None:
        for preposition, phrase in reading.inside:
            if preposition in _PLACE_PREPOSITIONS:
                for mention in reversed(phrase.mentions):
                    if mention.label == "PLACE":
                        return mention.entity
        return None

    def _remember_pair(self, event: Event) -> None:
        if event.actor is not None and event.target is not None:
            labels = {key.partition(":")[0] for key in (event.actor, event.target)}
            if len(labels) == 1:
                self.pairs[labels.pop()] = (event.actor, event.target)

    def _pair(self, tokens: Tokens, phrase: Phrase | None) -> tuple[str, ...]:
        """The two that "both sides" or "the two leaders" act as, if an event before had two of their kind."""
        if phrase is None or phrase.mentions or not {"both", "two"} & set(tokens.low[phrase.first : phrase.last + 1]):
            return ()
        if phrase.head in _SIDES:
            return self.pairs.get("place", ())
        return self.pairs.get("person", ()) if phrase.head in person_nouns() else ()

    def _party(self, tokens: Tokens, phrase: Phrase | None, *, within: bool) -> _Party | None:
        if phrase is None:
            return None
        phrase = whole(phrase)
        if phrase.pronoun:
            return self._pronoun(tokens, phrase)
        words = tokens.words
        if within:
            return self._within(tokens, phrase)
        first = phrase.first
        covered = {m.start_char for m in phrase.mentions}
        while first < phrase.last and tokens.low[first] in _DETERMINERS and words[first].start not in covered:
            first += 1
        last = phrase.last
        of = next((post for link, post in phrase.posts if link == "of" or link == "from" and post.mentions), None)
        if of is not None and phrase.head in actor_nouns():
            last = of.last
        return _Party(start=words[first].start, end=words[last].end, key=self._key(tokens, phrase, of))

    def _within(self, tokens: Tokens, phrase: Phrase) -> _Party:
        """The possessor, or the name within a phrase about a thing ("Iran's plan", "the Syrian offer")."""
        words = tokens.words
        if phrase.owner:
            first, last = phrase.owner
            if first < last and tokens.low[first] in _DETERMINERS:
                first += 1
            start, end = words[first].start, words[last].end
            inside = [m for m in phrase.mentions if start <= m.start_char < end]
            if tokens.tags[first] == "R":
                return self._pronoun(tokens, phrase)
            return _Party(start=start, end=end, key=self._state(inside[-1]) if inside else None)
        mention = phrase.mentions[0]
        return _Party(start=mention.start_char, end=mention.end_char, key=self._state(mention))

    def _key(self, tokens: Tokens, phrase: Phrase, of: Phrase | None) -> str | None:
        words = tokens.words
        head = words[phrase.last]
        owner_end = words[phrase.owner[1]].end if phrase.owner else -1
        own = [m for m in phrase.mentions if m.start_char >= owner_end]
        persons = [m for m in own if m.label == "PERSON"]
        if persons and phrase.head not in actor_nouns():
            return persons[-1].entity
        if own and own[-1].start_char <= head.start < own[-1].end_char:
            return own[-1].entity
        start, end = words[phrase.first].start, head.end
        for role in self.document.roles:
            if (
                role.start_char < end
                and role.end_char > start
                and (
                    role.entity not in {m.entity for m in self.document.mentions if m.start_char > end + 400}
                    or role.end_char >= end - 2
                )
            ):
                return role.entity
        # "the head of the port authority, Petrov,": the name stands by the last word, and means the first
        renamed = phrase.renamed or next((post.renamed for _, post in phrase.posts if post.renamed), None)
        if renamed is not None:
            people = [m for m in renamed.mentions if m.label == "PERSON"]
            if people and (renamed is phrase.renamed or phrase.head in person_nouns() | state_nouns()):
                return people[-1].entity
        if phrase.renamed is not None and not own and phrase.head in actor_nouns():
            bodies = [m for m in phrase.renamed.mentions if m.label == "ORG"]
            if bodies:
                return bodies[-1].entity  # "the country's biggest union, the Dockers' League,"
        if phrase.head in ("latter", "former"):
            return self._latter(start)
        if own:
            return (
                self._state(own[-1])
                if phrase.head in state_nouns()
                else (own[-1].entity if phrase.head in actor_nouns() else None)
            )
        if phrase.head in state_nouns():
            inside = phrase.mentions or (of.mentions if of is not None else ())
            return self._state(inside[-1]) if inside else None
        return None

    def _state(self, mention: Mention) -> str:
        return self.country_of_people.get(mention.entity, mention.entity)

    def _latter(self, position: int) -> str | None:
        starts = [m.start_char for m in self.document.mentions]
        for mention in reversed(self.document.mentions[: bisect_right(starts, position)]):
            if mention.label == "PERSON" and mention.end_char <= position:
                return mention.entity
        return None

    def _pronoun(self, tokens: Tokens, phrase: Phrase) -> _Party:
        word = tokens.words[phrase.first]
        low = tokens.low[phrase.first]
        if low in _SPEAKING:
            return _Party(start=word.start, end=word.end, key=self._speaker(word.start))
        if low in ("he", "she", "him", "himself", "herself", "her", "his"):
            meant = self._person(word.start, "m" if low in ("he", "him", "himself", "his") else "f")
        elif low in ("it", "itself", "its"):
            meant = self.body
        elif low in ("they", "them", "themselves", "their"):
            meant = self.many if self.many and self.many.start >= tokens.words[0].start - 300 else None
            if meant is not None and self._quotation(word.start) != self._quotation(meant.start):
                meant = None  # who speaks is not whom the speech tells of
        else:
            meant = None
        if meant is None:
            return _Party(start=word.start, end=word.end, key=None)
        if meant.key is None:  # common words: told again only where they stand in the same sentence
            return meant if meant.start >= tokens.words[0].start else _Party(start=word.start, end=word.end, key=None)
        return _Party(start=word.start, end=word.end, key=meant.key)

    def _person(self, position: int, gender: str) -> _Party | None:
        """The person who acted last and may be meant by the gender of the name, else the one named last."""
        for party in reversed(self.people[-6:]):
            if party.start < position and self.genders.get(party.key) in (None, gender):
                return party
        for mention in reversed(self.persons[: bisect_left(self.persons, position, key=lambda m: m.start_char)]):
            if mention.start_char < position - 400:
                break
            if self.genders.get(mention.entity) in (None, gender):
                return _Party(start=mention.start_char, end=mention.end_char, key=mention.entity)
        return None

    def _quotation(self, position: int) -> int | None:
        for quote in self.document.quotes:
            if quote.kind == "direct" and quote.start_char <= position < quote.end_char:
                return quote.number
        return None

    def _speaker(self, position: int) -> str | None:
        for quote in self.document.quotes:
            if quote.kind == "direct" and quote.start_char <= position < quote.end_char:
                return quote.speaker
        return None

    def _remember(self, tokens: Tokens, subject: Phrase) -> None:
        if subject.pronoun:
            return
        party = self._party(tokens, subject, within=False)
        if party is None:
            return
        if party.key is not None and party.key.startswith("person:"):
            self.people.append(party)
        elif subject.peers or tokens.low[subject.last] != subject.head or party.key and party.key.startswith("norp:"):
            self.many = party
        elif party.key is not None or subject.head in actor_nouns():
            self.body = self.many = party
