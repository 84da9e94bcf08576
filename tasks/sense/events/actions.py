"""The lexicon of events: which verbs and nouns tell which of PLOVER's event types, and who acts and is acted upon.

Only what the lists say, read once per process; how a clause is held against it stands in ``roles``. The types are those
of PLOVER (Halterman, Bagozzi, Beger, Schrodt and Scarborough, 2023, "PLOVER and POLECAT: A New Political Event Ontology
and Dataset"). ``lists/actions.txt`` explains its patterns.
"""

from dataclasses import dataclass
from functools import cache

from tasks.sense.lexicon import list_lines

COOPERATIVE = frozenset("AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT".split())
TYPES = COOPERATIVE | frozenset("REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way to tell an event: a verb and what must stand with it.

    ``behind``: words right after the verb, with alternatives; ``nouns``: of each set one must be in the object;
    ``phrases``: (prepositions, nouns or empty) that must stand in the clause; ``complement``: inf, that, should (a
    demand) or ger; ``kind``: of the object; ``subject``: of the subject; ``roles``: where the target stands, in order.
    """

    action: str
    roles: tuple[str, ...]
    behind: tuple[frozenset[str], ...] = ()
    nouns: tuple[frozenset[str], ...] = ()
    phrases: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    complement: str | None = None
    kind: str | None = None
    subject: str | None = None
    passive: bool = False

    @property
    def weight(self) -> int:
        """How much it asks for: of the patterns that fit, the heaviest counts."""
        bound = 3 * len(self.behind) + 3 * len(self.nouns) + 2 * len(self.phrases) + 2 * bool(self.complement)
        return bound + bool(self.kind) + self.passive


@dataclass(frozen=True, slots=True, kw_only=True)
class NounAction:
    """A noun that tells an event; ``prepositions`` open the phrase with its target."""

    action: str
    prepositions: tuple[str, ...]


@cache
def patterns() -> dict[str, tuple[Pattern, ...]]:
    """The patterns of each verb, the most demanding first; of equals, the first of the list."""
    table: dict[str, list[Pattern]] = {}
    action, roles = "", ()
    for line in list_lines("actions"):
        if line.startswith("["):
            action, *roles = line.strip("[]").split()
            continue
        for written in filter(str.strip, line.split(",")):
            verbs, pattern = _pattern(written.split(), action, tuple(roles))
            for verb in verbs:
                table.setdefault(verb, []).append(pattern)
    return {verb: tuple(sorted(found, key=lambda pattern: -pattern.weight)) for verb, found in table.items()}


def _pattern(parts: list[str], action: str, roles: tuple[str, ...]) -> tuple[list[str], Pattern]:
    head, *rest = parts
    behind, nouns, phrases = [], [], []
    complement = kind = subject = None
    for part in rest:
        mark, body = part[0], part[1:]
        if mark == "=":
            nouns.append(frozenset(body.split("|")))
        elif mark == "~":
            prepositions, _, wanted = body.partition(":")
            phrases.append((frozenset(prepositions.split("|")), frozenset(wanted.split("|")) - {""}))
        elif mark == "+":
            complement = body
        elif mark == "@":
            kind = body
        elif mark == "$":
            subject = body
        else:
            behind.append(frozenset(part.split("|")))
    return head.lstrip("^").split("|"), Pattern(
        action=action,
        roles=roles,
        behind=tuple(behind),
        nouns=tuple(nouns),
        phrases=tuple(phrases),
        complement=complement,
        kind=kind,
        subject=subject,
        passive=head.startswith("^"),
    )


@cache
def action_nouns() -> dict[str, NounAction]:
    """The nouns that tell an event, singular; the last word of those of two words."""
    table: dict[str, NounAction] = {}
    action, prepositions = "", ()
    for line in list_lines("action_nouns"):
        if line.startswith("["):
            action, *prepositions = line.strip("[]").split()
            continue
        for noun in filter(str.strip, line.split(",")):
            table.setdefault(noun.split()[-1], NounAction(action=action, prepositions=tuple(prepositions)))
    return table


@cache
def object_nouns() -> frozenset[str]:
    """Every noun that a pattern asks for."""
    return frozenset(
        noun for found in patterns().values() for pattern in found for nouns in pattern.nouns for noun in nouns
    )


@cache
def _actors() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in list_lines("actors"):
        if line.startswith("["):
            section = table.setdefault(line.strip("[]"), set())
        else:
            section.update(line.split())
    return {name: frozenset(nouns) for name, nouns in table.items()}


@cache
def actor_nouns() -> frozenset[str]:
    """Common nouns of people, bodies and crowds, singular."""
    return frozenset().union(*_actors().values())


@cache
def state_nouns() -> frozenset[str]:
    """Those that speak for a country ("government", "troop")."""
    return _actors()["state"]


@cache
def person_nouns() -> frozenset[str]:
    """Those of single people."""
    return _actors()["person"]
