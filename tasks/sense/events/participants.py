"""Who takes part in an event: which phrases can act, and where the one it is done to stands.

Phrases in, phrases out; what the event is, and who the phrases are in the document, is decided elsewhere.
"""

from collections.abc import Sequence

from tasks.sense.events.actions import Pattern, actor_nouns, person_nouns, state_nouns
from tasks.sense.events.clauses import Clause
from tasks.sense.events.phrases import Phrase

_NAMES = frozenset(("PERSON", "ORG", "PLACE"))
_QUANTITIES = frozenset(
    "thousand hundred dozen score number million majority handful group crowd couple some most many two"
    " three several one all half lot ten rest dozens hundreds thousands both few".split()
)
#: Counts that stand for people without saying so ("thousands marched").
_CROWDS = frozenset("thousand hundred dozen thousands hundreds dozens score scores".split())
_SITES = frozenset(
    "town city village base camp target building area position convoy depot refinery hospital school airport port"
    " bridge market warehouse plant station ship tanker vessel block tower district suburb airfield"
    " barracks outpost".split()
)
_TIMES = frozenset(
    "morning evening night day week month year hour afternoon noon midnight dawn dusk early late time today weekend"
    " second minute monday tuesday wednesday thursday friday saturday sunday decade season".split()
)
_ARMED = frozenset(
    "troop soldier force army rebel militia fighter peacekeeper tank guerrilla marine paramilitary"
    " insurgent militant mercenary militiaman drone missile rocket shell bomb airstrike warplane jet".split()
)
_BODILY = frozenset("ASSAULT COERCE PROTEST MOBILIZE AID".split())
_SOURCE_PREPOSITIONS = ("by", "from", "of", "in", "against", "on", "to", "with", "between")
_INNER_PREPOSITIONS = ("to", "with", "for", "on", "against", "from", "in", "into", "of")
# What these are done to is a thing, where others only have a noun that completes them ("launch an attack").
_UPON_THINGS = frozenset(
    "burn destroy demolish close search raid enter seize capture recapture impound occupy shut nationalise"
    " nationalize level"
    " torch besiege evacuate vacate down intercept block".split()
)
_TAKEN = frozenset(("hostage", "captive"))
_THINGS = frozenset(
    "number matter paper letter order computer power factor figure centre center other error answer corner"
    " offer river border flower error sector tower newsletter poster chapter character quarter plant grant"
    " restaurant layer barrier winter summer shower router server sensor motor tumor tumour rumour rumor"
    " colour color labour labor door floor doctor harbour container cover trailer charter tender proper"
    " filter folder disorder finger shoulder".split()
)


def whole(phrase: Phrase) -> Phrase:
    """The phrase that names who is counted: "students" of "thousands of students"."""
    if phrase.head in _QUANTITIES:
        return next((post for preposition, post in phrase.posts if preposition == "of"), phrase)
    return phrase


def is_actor(phrase: Phrase) -> bool:
    """Say whether a phrase names someone who can act: a pronoun, a name, or a common noun of people and bodies."""
    phrase = whole(phrase)
    if phrase.pronoun:
        return phrase.head not in ("there", "something", "nothing", "everything", "anything")
    if (
        phrase.head in actor_nouns()
        or phrase.head in ("latter", "former")
        or phrase.head.endswith(("man", "woman", "ist", "eer"))
    ):
        return True
    if phrase.plural and phrase.head.endswith(("er", "or", "ian", "ant")) and phrase.head not in _THINGS:
        return True
    if phrase.renamed is not None and any(m.label == "PERSON" for m in phrase.renamed.mentions):
        return True  # "the curator, Amara Okafor,"
    if phrase.proper and not phrase.mentions or phrase.head in _CROWDS and phrase.first == phrase.last:
        return True
    return any(m.label in _NAMES or m.label == "NORP" for m in phrase.mentions) and _head_is_named(phrase)


def _head_is_named(phrase: Phrase) -> bool:
    return (
        bool(phrase.mentions)
        and phrase.mentions[-1].surface.lower().endswith(phrase.head[:3])
        or (bool(phrase.mentions) and phrase.head in phrase.mentions[-1].surface.lower())
    )


def _is_person(phrase: Phrase) -> bool:
    if phrase.pronoun:
        return phrase.head in ("he", "she", "him", "them", "me", "us")
    return (
        phrase.head in person_nouns()
        or any(m.label == "PERSON" for m in phrase.mentions[-1:])
        and _head_is_named(phrase)
    )


def _is_place(phrase: Phrase) -> bool:
    if phrase.head in _SITES:
        return True
    return bool(phrase.mentions) and phrase.mentions[-1].label == "PLACE" and _head_is_named(phrase)


def _is_state(phrase: Phrase) -> bool:
    return (
        whole(phrase).head in state_nouns() or _is_person(phrase) and any(m.label == "PERSON" for m in phrase.mentions)
    )


def _is_public(phrase: Phrase) -> bool:
    return (
        whole(phrase).head in state_nouns() or _head_is_named(phrase) and phrase.mentions[-1].label in ("ORG", "PLACE")
    )


def _is_armed(phrase: Phrase) -> bool:
    return whole(phrase).head in _ARMED


KINDS = {
    "state": _is_state,
    "public": _is_public,
    "armed": _is_armed,
    "person": _is_person,
    "actor": is_actor,
    "group": is_actor,
    "place": _is_place,
}


def first_of(arguments: Sequence[tuple[str, Phrase]], preposition: str) -> Phrase | None:
    return next((phrase for found, phrase in arguments if found == preposition), None)


def complements(clause: Clause, wanted: str) -> list[Clause]:
    if wanted == "should":
        return [
            c for c in clause.complements if c.kind == "that" and (c.verb.modal in ("should", "must") or c.verb.bare)
        ]
    kinds = {"inf": ("infinitive",), "that": ("that",), "ger": ("gerund",)}[wanted]
    return [complement for complement in clause.complements if complement.kind in kinds]


def target_of(
    clause: Clause, pattern: Pattern, thing: Phrase | None, actor: Phrase | None
) -> tuple[Phrase | None, bool]:
    """Whom the event is done to; True where it is only the possessor or the people named within the phrase.

    A number, a time, an adjective and what somebody asks for are nobody.
    """
    target, within = _target_of(clause, pattern, thing, actor)
    if target is None or within:
        return target, within
    if target.head[:1].isdigit() or target.head in _TIMES or target.head == "one":
        return None, False
    if pattern.action == "ASSAULT" and first_of(clause.arguments, "with") is target and not is_actor(target):
        return None, False  # what they fight with
    against = pattern.action == "PROTEST" and first_of(clause.arguments, "against") is target
    if target is actor or pattern.action in ("REQUEST", "PROTEST") and not against and not is_actor(target):
        return None, False
    return target, False


def _target_of(
    clause: Clause, pattern: Pattern, thing: Phrase | None, actor: Phrase | None
) -> tuple[Phrase | None, bool]:
    light = bool(pattern.nouns)  # the object tells the action ("hold talks") and is nobody
    fallback: tuple[Phrase | None, bool] = (None, False)
    for role in pattern.roles:
        if role == "obj":
            if thing is None or thing is actor or pattern.action == "AID" and thing.head[:1].isdigit():
                continue
            if is_actor(thing) and (
                not light or pattern.action in ("ASSAULT", "COERCE") and thing.head in actor_nouns() - _TAKEN
            ):
                return thing, False
            first = next((other for found, other in clause.arguments[:3] if found == "" and other is not thing), None)
            if light and first is not None and is_actor(first) and not clause.verb.passive:
                return first, False
            if not light and pattern.action in _BODILY and (not pattern.behind or thing.nouns & actor_nouns()):
                whose = first_of(thing.posts, "to") or first_of(thing.posts, "of")
                return (whose, False) if pattern.action != "ASSAULT" and whose and is_actor(whose) else (thing, False)
            if thing.owner or any(m.label in ("NORP", "PLACE", "ORG", "PERSON") for m in thing.mentions):
                return thing, not is_actor(thing)
            through = None if light or pattern.action in _BODILY else _within(thing)
            if through is not None:
                return through, False
            if not light and fallback[0] is None:
                fallback = thing, False
        elif role == "of":
            post = first_of(thing.posts, "of") if thing else None
            if post is not None and is_actor(post):
                return post, False
        elif role == "mutual":
            peer = other_half(actor)
            if peer is not None:
                return peer, False
        elif role == "inner":
            for complement in complements(clause, "inf"):
                for preposition in ("", *_INNER_PREPOSITIONS):
                    phrase = first_of(complement.arguments, preposition)
                    if phrase is not None and is_actor(phrase):
                        return phrase, False
        elif role == "that":
            for complement in complements(clause, "that"):
                if complement.subject is not None and not complement.subject.pronoun and is_actor(complement.subject):
                    return complement.subject, False
                for _, phrase in complement.arguments:
                    if is_actor(phrase) and not phrase.pronoun:
                        return phrase, False
        elif role != "none":
            phrase = first_of(clause.arguments, role) or (first_of(thing.posts, role) if thing else None)
            if phrase is None or phrase is thing and light:
                continue
            if is_actor(phrase):
                return phrase, False
            if phrase.owner or phrase.mentions:
                return phrase, True
            if fallback[0] is None:
                fallback = (None if pattern.action == "PROTEST" else _within(phrase)) or phrase, False
    if light and thing is not None and fallback[0] is None and not clause.verb.passive:
        return (thing, False) if (_UPON_THINGS | {"deny", "dismiss"}) & set(clause.verb.bases) else fallback
    return fallback


def _within(phrase: Phrase) -> Phrase | None:
    """Who stands behind a thing: "a proposal by Cairo", "the killing of three nuns"."""
    for preposition in _SOURCE_PREPOSITIONS:
        post = first_of(phrase.posts, preposition)
        if post is not None and is_actor(post):
            return post
    return None


def other_half(actor: Phrase | None) -> Phrase | None:
    if actor is None:
        return None
    if actor.peers:
        return actor.peers[0]
    for preposition, post in actor.posts:
        if preposition in ("of", "from", "between") and post.peers:
            return post.peers[0]
    return None


def behind_thing(thing: Phrase, action: str) -> tuple[Phrase | None, bool]:
    """Who acts where a thing is the subject: "the army's shells killed", "a statement by Cairo condemned"."""
    if action in ("MOBILIZE", "CONSULT"):
        return None, False
    if thing.owner or any(m.label in ("NORP", "PLACE", "ORG") for m in thing.mentions[:1]):
        return thing, True
    post = next(
        (post for preposition, post in thing.posts if preposition in ("by", "from", "of") and is_actor(post)), None
    )
    return post, False
