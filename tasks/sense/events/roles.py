"""What event a clause or a noun tells, and who takes part: the clauses of a sentence held against the lexicon.

Works on the phrases of one sentence and gives phrases back; who they are in the document, when and where it happened is
for ``events``. No text is searched here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.sense.events.actions import COOPERATIVE, action_nouns, actor_nouns
from tasks.sense.events.clauses import Clause
from tasks.sense.events.matching import fitting
from tasks.sense.events.participants import behind_thing, complements, first_of, is_actor, other_half, target_of
from tasks.sense.events.phrases import Phrase
from tasks.sense.events.tags import Tokens
from tasks.sense.events.verbs import singular

_PLANNING = frozenset(
    "plan intend want expect prepare hope seek decide try attempt wish aim consider schedule set aspire mean"
    " like propose"
    " threaten agree promise pledge vow offer ask urge call order tell demand".split()
)
_HINDERING = frozenset(
    "stop halt deny prevent avoid refuse fail decline bar ban prohibit forbid discourage cease".split()
)
_CLAIMING = frozenset("claim allege accuse suspect believe charge blame".split())
_SAYING = frozenset("say announce declare confirm tell state".split())
_UNSURE = frozenset("reportedly allegedly purportedly supposedly apparently".split())
_FUTURE = frozenset("will would shall may might could should must ought 'll can".split())
_DUE = frozenset("due set ready likely unlikely able unable scheduled poised prepared willing eager keen".split())
_FORCEFUL = frozenset("SANCTION COERCE ASSAULT MOBILIZE".split())
_PLAIN_PASSIVE = frozenset("ASSAULT COERCE SANCTION AID RETREAT CONCEDE PROTEST".split())
_SUFFERED = frozenset(
    "killing murder assassination arrest detention kidnapping abduction execution beating rape torture"
    " dismissal expulsion"
    " conviction imprisonment deportation slaying".split()
)
_NOBODY = frozenset("you one no-one nobody none".split())
_FOUGHT = frozenset("clash fight attack retaliate skirmish explode".split())
_PLANS = frozenset(
    "plan proposal bid effort decision attempt move call offer threat promise pledge intention desire idea"
    " power right ability chance opportunity need refusal failure mission programme program scheme".split()
)
_NATURAL = frozenset(
    "earthquake quake temblor flood flooding storm cyclone hurricane typhoon tornado tsunami avalanche"
    " landslide mudslide"
    " crash accident collision pileup blaze fire wildfire disease virus outbreak epidemic wave heatwave train bus lorry"
    " truck ferry cancer illness derailment stampede lightning eruption aftershock vehicle coronavirus"
    " covid-19 covid flu"
    " capsizing".split()
)
_VEHICLES = frozenset(
    "car van lorry truck bus train tram bike motorbike motorcycle bicycle scooter taxi ferry boat plane driver motorist"
    " motorcyclist cyclist ball horse aircraft airliner helicopter glider".split()
)
_ROADS = frozenset(
    "car van lorry truck bus tram bike motorbike motorcycle bicycle scooter taxi plane aircraft helicopter road"
    " motorway highway junction driver motorist drove crash crashed crashing derailed collided skidded overturned"
    " fell fall training rehearsal capsized slipped".split()
)
#: What harms by accident too; nobody is ambushed or beheaded by mischance.
_HARMING = frozenset(
    "kill injure hurt wound hit strike crush burn destroy wreck drown maim sink flatten suffocate crash".split()
)
_ARMS = frozenset(
    "attack attacked attacker attackers bomb bombs bomber bombing blast gunman gunmen gunfire shot shots shooting fired"
    " missile missiles rocket rockets drone drones shelling airstrike strikes militant militants rebels soldiers troops"
    " clash clashes explosive explosives ambush grenade rammed ploughed deliberately murder stabbed knife army"
    " raid terrorist assault war fighting".split()
)
_HARMING_ON_PURPOSE = frozenset(
    "kill attack shell bomb bombard destroy sink strike hit capture seize down kidnap execute target wound ambush"
    " shoot".split()
)
_UNDOING = frozenset("cancel avoid avert prevent abandon thwart foil forestall postpone scrap".split())
_GIVEN = frozenset("AID COOPERATE CONCEDE RETREAT".split())
_INTRANSITIVE = frozenset("CONSULT AGREE COOPERATE PROTEST CONCEDE RETREAT MOBILIZE".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One event as a sentence tells it. ``words``: first and last token of what tells it; ``first``, ``last``: tokens
    of the whole clause; ``inside``: (preposition, phrase) pairs where a place may stand. ``actor_is_owner``,
    ``target_is_owner``: only the possessor or the name within the phrase takes part. ``said_by_actor``: the subject is
    the "it" of "it was good to meet", so that whoever speaks acts."""

    action: str
    status: str
    words: tuple[int, int]
    actor: Phrase | None
    target: Phrase | None
    actor_is_owner: bool = False
    target_is_owner: bool = False
    said_by_actor: bool = False
    first: int
    last: int
    inside: tuple[tuple[str, Phrase], ...]
    confidence: float


def readings(tokens: Tokens, clauses: Sequence[Clause], phrases: Sequence[Phrase]) -> list[Reading]:
    """Return the events of one sentence in the order of the words that tell them."""
    used: set[int] = set()
    silent: set[int] = set()
    found = []
    for clause in clauses:
        if id(clause) in silent:
            continue
        reading = _read_clause(tokens, clause, used, silent)
        if reading is not None:
            found.append(reading)
    told = {reading.action for reading in found}
    found.extend(_read_nouns(tokens, clauses, phrases, used, told))
    return sorted(found, key=lambda reading: reading.words)


def _read_clause(tokens: Tokens, clause: Clause, used: set[int], silent: set[int]) -> Reading | None:
    fitted = fitting(tokens, clause)
    if fitted is None:
        return None
    pattern, thing = fitted
    if pattern.action == "NONE":
        if set(clause.verb.bases) & {"decline", "refuse"}:
            _silence(clause, silent, {"infinitive"})  # "declined to speak"
        return None
    action, verb = pattern.action, clause.verb
    actor = clause.subject if not verb.passive else first_of(clause.arguments, "by")
    if pattern.nouns and thing is not None:
        used.add(id(thing))
    target, of_owner = target_of(clause, pattern, thing, actor)
    if actor is None and verb.passive and action == "SANCTION":
        actor = next((phrase for found, phrase in clause.arguments if found == "from" and is_actor(phrase)), None)
    if actor is None and verb.passive and (pattern.nouns or thing is not None and not is_actor(thing)):
        actor = first_of(clause.arguments, "between") or (first_of(thing.posts, "between") if thing else None)
        if actor is not None and (target is None or target is actor or not is_actor(target)):
            target, of_owner = other_half(actor), False
    if pattern.complement == "inf":
        for complement in complements(clause, "inf"):
            told = fitting(tokens, complement)
            if told is None or told[0].action == "NONE":
                continue
            if action == "AGREE" and told[0].action not in COOPERATIVE | {"REQUEST"}:
                action = "THREATEN" if told[0].action != "REJECT" else "REJECT"
            if "inner" in pattern.roles and action != "REQUEST":
                found = target_of(complement, told[0], told[1], actor)
                if found[0] is not None:
                    target, of_owner = found
    if action in ("REQUEST", "THREATEN", "REJECT") and "deny" not in verb.bases or pattern.complement == "inf":
        _silence(clause, silent, {"infinitive", "gerund"} if action == "REJECT" else {"infinitive", "gerund", "that"})
    if action == "ASSAULT" and _is_accident(tokens, clause, actor):
        return None
    if actor is not None and not is_actor(actor):
        actor, of_actor = behind_thing(actor, action)
        if actor is None and action != "ASSAULT" or verb.bases == ("be",):
            return None
    else:
        of_actor = False
    if (
        target is None
        and actor is None
        or actor is not None
        and actor.head in _NOBODY
        or target is not None
        and target.head in _NOBODY - {"you"}
        or (actor is None and verb.passive and action in ("THREATEN", "SUPPORT"))
    ):
        return None
    bare = not (pattern.behind or pattern.nouns or pattern.phrases or pattern.complement or pattern.kind)
    if bare and target is None and thing is None and action not in _INTRANSITIVE and not verb.passive:
        if not set(verb.bases) & (_FOUGHT | {"refuse"}):
            return None
    direct = thing is not None and is_actor(thing)
    if action == "THREATEN" and pattern.complement == "that" and not direct and not _threatening(tokens, clause):
        return None
    if verb.passive and actor is None and action not in _PLAIN_PASSIVE and (target is None or not is_actor(target)):
        return None
    if action == "ASSAULT" and _is_criticism(clause):
        action = "ACCUSE"
    if clause.kind == "if":
        return None
    status = _status(tokens, clause)
    if status == "actual" and (
        action == "PROTEST" and set(verb.bases) & (_UNDOING | {"end", "suspend"}) or _called_off(tokens, clause)
    ):
        status = "denied" if action in ("PROTEST", "ASSAULT") else status
    elif status == "actual" and action == "AID" and set(verb.bases) & {"offer", "promise", "pledge"}:
        status = "planned"
    if action == "ASSAULT" and any("responsibility" in nouns for nouns in pattern.nouns):
        status, target, of_owner = "claimed", None, False
    if (
        status == "planned"
        and action in _GIVEN
        and (verb.modal == "will" or _says_it_will(clause))
        and not verb.passive
    ):
        action, status = "AGREE", "actual"  # a promise
    elif status == "planned" and action in _FORCEFUL and _says_it_will(clause) and (target is None or is_actor(target)):
        action, status = "THREATEN", "actual"
    elif status == "denied" and action in COOPERATIVE and verb.modal in ("will", "would", "won't", "wouldn't"):
        action, status = "REJECT", "actual"
    last_behind = verb.last + len(pattern.behind)
    near = thing is not None and not verb.passive and thing.first - last_behind <= 2
    words = (verb.main, thing.last if pattern.nouns and near else last_behind)
    parties = [phrase for phrase in (clause.subject, *(phrase for _, phrase in clause.arguments)) if phrase is not None]
    confidence = 0.55 + 0.1 * (target is not None) + 0.1 * (actor is not None) + 0.1 * (pattern.weight > 1)
    return Reading(
        action=action,
        status=status,
        words=(words[0], max(words)),
        actor=actor,
        target=target,
        actor_is_owner=of_actor,
        target_is_owner=of_owner,
        first=min(
            [
                verb.first,
                *(phrase.first for phrase in parties if clause.kind != "relative" or phrase.first > verb.first),
            ]
        ),
        last=max([verb.last, words[1], *(_end(phrase) for phrase in parties)]),
        said_by_actor=_impersonal(clause),
        inside=(*clause.arguments, *clause.leading, *(post for phrase in parties for post in phrase.posts)),
        confidence=round(confidence, 2),
    )


def _is_accident(tokens: Tokens, clause: Clause, actor: Phrase | None) -> bool:
    """A quake that killed, people hurt in a crash: no one's doing."""
    if set(clause.verb.bases) & _HARMING and not _ARMS & set(tokens.low):
        if actor is None and _ROADS & set(tokens.low) or actor is not None and actor.head in _VEHICLES:
            return True
    if actor is None:
        return any(word in _NATURAL for word in tokens.low)
    return actor.head in _NATURAL


def _is_criticism(clause: Clause) -> bool:
    """Words, not blows: "attacked the plan, saying"."""
    telling = {"say", "accuse", "call", "describe", "claim", "brand", "insist", "argue"}
    return bool({"attack", "launch"} & set(clause.verb.bases)) and any(
        complement.kind == "gerund" and telling & set(complement.verb.bases) for complement in clause.complements
    )


def _threatening(tokens: Tokens, clause: Clause) -> bool:
    """Whether what someone warns of is done to somebody ("warned that it would attack")."""
    for complement in complements(clause, "that"):
        told = fitting(tokens, complement)
        if told is not None and told[0].action not in COOPERATIVE | {"NONE"}:
            return True
    return False


def _silence(clause: Clause, silent: set[int], kinds: set[str]) -> None:
    """What is asked for, threatened or refused is told by the demand, the threat and the refusal."""
    waiting = [complement for complement in clause.complements if complement.kind in kinds]
    while waiting:
        complement = waiting.pop()
        silent.add(id(complement))
        waiting.extend(complement.complements)


def _impersonal(clause: Clause) -> bool:
    subject, governor = clause.subject, clause.governor
    return (
        clause.kind == "infinitive"
        and subject is not None
        and subject.head == "it"
        and governor is not None
        and governor.verb.bases == ("be",)
    )


def _end(phrase: Phrase) -> int:
    return max([phrase.last, *(post.last for _, post in phrase.posts), *(peer.last for peer in phrase.peers)])


def _status(tokens: Tokens, clause: Clause) -> str:
    verb = clause.verb
    if any(word in _UNSURE for word in tokens.low[max(0, verb.first - 2) : verb.last + 2]):
        return "claimed"
    if verb.negated:
        return "denied"
    if verb.modal is not None and verb.modal.removesuffix("n't") in _FUTURE or clause.kind == "if":
        return "planned"
    governor, kind = clause.governor, clause.kind
    while governor is not None and kind in ("infinitive", "gerund", "that"):
        bases = set(governor.verb.bases)
        if bases & _HINDERING and kind in ("infinitive", "gerund", "that"):
            return "denied"
        before = [phrase for _, phrase in governor.arguments if phrase.last < clause.verb.first]
        if kind == "infinitive" and before and before[-1].head in _PLANS:
            return "planned"
        if kind == "infinitive" and (bases & _PLANNING or governor.verb.modal in _FUTURE or _is_to(governor)):
            return "planned" if not governor.verb.negated else "denied"
        if _boasts(clause, governor):
            return "claimed"
        if bases & _CLAIMING and kind in ("that", "gerund", "infinitive"):
            return "claimed"
        governor, kind = governor.governor, governor.kind
    return "actual"


def _boasts(clause: Clause, governor: Clause) -> bool:
    """ "The rebels said they had killed": only they say so."""
    return (
        clause.governor is governor
        and clause.kind == "that"
        and bool(set(governor.verb.bases) & _SAYING)
        and bool(set(clause.verb.bases) & _HARMING_ON_PURPOSE)
        and clause.subject is not None
        and clause.subject.head in ("they", "it")
    )


def _called_off(tokens: Tokens, clause: Clause) -> bool:
    return "call" in clause.verb.bases and "off" in tokens.low[clause.verb.last + 1 : clause.verb.last + 6]


def _is_to(governor: Clause) -> bool:
    """ "is to visit", "is due to visit"; but not "was a delight to visit"."""
    if governor.verb.bases != ("be",):
        return False
    return not governor.arguments or governor.arguments[0][1].head in _DUE


def _says_it_will(clause: Clause) -> bool:
    governor = clause.governor
    return (
        governor is not None
        and clause.verb.modal in ("will", "would")
        and bool(set(governor.verb.bases) & _SAYING)
        and clause.subject is not None
        and clause.subject.pronoun
        and not clause.verb.negated
    )


def _modifier(tokens: Tokens, phrase: Phrase) -> Phrase | None:
    """Who acts in "a police raid on ..."."""
    before = phrase.last - 1
    if before < phrase.first or tokens.tags[before] != "N" or singular(tokens.low[before]) not in actor_nouns():
        return None
    return Phrase(first=before, last=before, head=singular(tokens.low[before]), nouns=frozenset(), mentions=())


def _undone(tokens: Tokens, clauses: Sequence[Clause], phrase: Phrase) -> bool:
    """Whether a clause tells that what the noun names did not come about ("averted an attack")."""
    return any(
        (bool(set(clause.verb.bases) & _UNDOING) or _called_off(tokens, clause))
        and (clause.verb.passive and clause.subject is phrase or ("", phrase) in clause.arguments[:1])
        for clause in clauses
    )


def _read_nouns(
    tokens: Tokens, clauses: Sequence[Clause], phrases: Sequence[Phrase], used: set[int], told: set[str]
) -> Iterator[Reading]:
    """Events that a noun tells: "an attack on X by Y"."""
    for phrase in phrases:
        noun = action_nouns().get(phrase.head)
        if noun is None or id(phrase) in used or phrase.pronoun:
            continue
        target, owner, actor = None, False, first_of(phrase.posts, "by")
        for preposition in noun.prepositions:
            target = first_of(phrase.posts, preposition) or next(
                (inner for _, post in phrase.posts if (inner := first_of(post.posts, preposition)) is not None), None
            )
            if target is not None:
                if preposition == "between":
                    actor, target = target, target.peers[0] if target.peers else None
                break
        if target is not None and not is_actor(target):
            owner = bool(target.owner or target.mentions)
            if not owner and noun.action != "ASSAULT":
                target = None
        named = phrase.owner or any(m.label in ("NORP", "PLACE", "ORG", "PERSON") for m in phrase.mentions)
        if actor is None and not named:
            actor = _modifier(tokens, phrase)
        if actor is None and noun.action == "CONSULT":
            actor = next(
                (
                    clause.subject
                    for clause in clauses
                    if ("for", phrase) in clause.arguments and (clause.subject is not None and is_actor(clause.subject))
                ),
                None,
            )
        if phrase.owner and phrase.head in _SUFFERED and target is None:
            target, owner, named = phrase, True, False  # "the mayor's arrest" is done to the mayor
        if actor is None and named:
            actor, from_phrase = phrase, True
        else:
            from_phrase = False
        if actor is None and (told or noun.action not in ("ASSAULT", "SANCTION", "COERCE")):
            continue
        if target is None or noun.action in told and (actor is None or from_phrase):
            if not (target is not None and actor is not None) and not (
                actor is not None and noun.action == "ASSAULT" and not told
            ):
                continue
        last = max([_end(phrase), *(_end(post) for _, post in phrase.posts)])
        yield Reading(
            action=noun.action,
            status="denied" if _undone(tokens, clauses, phrase) else "actual",
            words=(phrase.last, phrase.last),
            actor=actor,
            target=target,
            actor_is_owner=from_phrase,
            target_is_owner=owner,
            first=phrase.first,
            last=last,
            inside=tuple(phrase.posts),
            confidence=0.5 if actor is not None and target is not None else 0.4,
        )
