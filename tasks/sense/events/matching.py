"""Which pattern of the lexicon a clause fits. What follows from it is for ``roles``; nothing is read from the text."""

from tasks.sense.events.actions import Pattern, patterns
from tasks.sense.events.clauses import Clause
from tasks.sense.events.participants import KINDS, complements
from tasks.sense.events.phrases import Phrase
from tasks.sense.events.tags import Tokens

_CONTAINERS = frozenset(
    "state series wave set round package campaign kind letter vote lot ton million billion"
    " dozen hundred thousand string spate barrage volley flurry spree chain pair shipment consignment convoy"
    " load act type form offer threat".split()
)


def fitting(tokens: Tokens, clause: Clause) -> tuple[Pattern, Phrase | None] | None:
    """The most demanding pattern that fits a clause, and the object as the pattern sees it."""
    table = patterns()
    plain = _object(clause)
    for base in clause.verb.bases:
        for pattern in table.get(base, ()):
            target = plain
            if pattern.passive and not clause.verb.passive:
                continue
            if pattern.behind:
                target = _behind(tokens, clause, pattern)
                if target is False:
                    continue
                target = target or plain
            if pattern.nouns:
                target = _with_nouns(clause, target, pattern)
                if target is None:
                    continue
            if pattern.subject and not (clause.subject is not None and KINDS[pattern.subject](clause.subject)):
                continue
            if pattern.kind == "nothing":
                if target is not None and not clause.verb.passive:
                    continue
            elif pattern.kind and not (target is not None and KINDS[pattern.kind](target)):
                continue
            if pattern.complement and not complements(clause, pattern.complement):
                continue
            if all(_has_phrase(clause, target, *wanted) for wanted in pattern.phrases):
                return pattern, target
    return None


def _object(clause: Clause) -> Phrase | None:
    if clause.verb.passive:
        return clause.subject
    for preposition, phrase in clause.arguments:
        if preposition == "":
            return phrase
    return None


def _with_nouns(clause: Clause, thing: Phrase | None, pattern: Pattern) -> Phrase | None:
    """The object that has the nouns of the pattern: the first, or the second of "gave Peru a loan"."""
    things = [thing] if clause.verb.passive or pattern.behind else []
    things += [phrase for preposition, phrase in clause.arguments[:2] if preposition in ("", "out", "up", "off")]
    for found in things:
        if found is not None and all(_nouns(found) & wanted for wanted in pattern.nouns):
            return found
    return None


def _behind(tokens: Tokens, clause: Clause, pattern: Pattern) -> "Phrase | bool | None":
    position = clause.verb.last + 1
    for wanted in pattern.behind:
        while position < len(tokens.low) and tokens.tags[position] == "B" and tokens.low[position] not in wanted:
            position += 1
        if (
            position >= len(tokens.low)
            or tokens.low[position] not in wanted
            or tokens.separators[position]
            or (tokens.tags[position] == "T" and wanted is pattern.behind[-1])
        ):
            return _parted_particle(tokens, clause, pattern)
        position += 1
    last = tokens.low[position - 1]
    for preposition, phrase in clause.arguments:
        if phrase.first >= position and (preposition == last or not preposition and last == "dead"):
            return phrase
    return None


def _parted_particle(tokens: Tokens, clause: Clause, pattern: Pattern) -> "Phrase | bool":
    """ "called the talks off": the particle behind a short object."""
    thing = _object(clause)
    if len(pattern.behind) != 1 or thing is None or clause.verb.passive or thing.last + 1 >= len(tokens.low):
        return False
    particle = tokens.low[thing.last + 1]
    if particle in pattern.behind[0] and particle in ("off", "out", "up", "down", "back", "over", "away", "aside"):
        return thing
    return False


def _nouns(phrase: Phrase) -> frozenset[str]:
    nouns = set(phrase.nouns)
    for peer in phrase.peers:
        nouns |= peer.nouns
    for preposition, post in phrase.posts:
        if preposition == "of" and phrase.head in _CONTAINERS:
            nouns |= post.nouns
    return frozenset(nouns)


def _has_phrase(clause: Clause, thing: Phrase | None, prepositions: frozenset[str], nouns: frozenset[str]) -> bool:
    for found, phrase in (*clause.arguments, *(thing.posts if thing else ())):
        if found in prepositions and (not nouns or phrase.nouns & nouns):
            return True
    return False
