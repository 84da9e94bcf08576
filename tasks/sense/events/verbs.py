"""English inflection: which verb a form may belong to, and the singular of a noun. No text is read here.

Regular forms follow the spelling rules of English; irregular verbs and the verbs that double their last consonant are
listed. The tags are B (base), Z (third person), D (past), N (past participle) and G (-ing form).
"""

from collections.abc import Iterable
from functools import cache

from tasks.sense.lexicon import list_lines

VOWELS = frozenset("aeiou")
_DOUBLING = frozenset(
    "commit admit permit submit refer defer confer occur prefer deter rebel repel expel compel propel control patrol"
    " regret transfer acquit omit emit recur incur concur rebut cancel travel label model counsel quarrel signal equip"
    " abet impel dispel shovel tunnel fuel duel rival total kidnap worship handicap program".split()
)
_NOUNS = {
    "men": "man",
    "women": "woman",
    "people": "people",
    "children": "child",
    "wives": "wife",
    "lives": "life",
    "thieves": "thief",
    "police": "police",
    "gunmen": "gunman",
    "news": "news",
    "series": "series",
    "forces": "force",
    "crises": "crisis",
    "loaves": "loaf",
    "selves": "self",
    "media": "media",
}
_NO_PLURAL = ("ss", "us", "is")


@cache
def verb_forms() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every form of every listed verb, lower case, and the (base, tag) pairs that it may stand for."""
    irregular = dict(_irregular())
    bases = set(irregular)
    for line in list_lines("verbs_other"):
        bases.update(line.split())
    for line in list_lines("actions"):
        if not line.startswith("["):
            for pattern in filter(str.strip, line.split(",")):
                first = pattern.split()[0]
                bases.update(first.lstrip("^").split("|"))
    table: dict[str, set[tuple[str, str]]] = {}
    for base in bases:
        for form, tag in inflected(base, irregular.get(base)):
            table.setdefault(form, set()).add((base, tag))
    return {form: tuple(sorted(pairs)) for form, pairs in table.items()}


def _irregular() -> Iterable[tuple[str, tuple[str, str]]]:
    for line in list_lines("verbs_irregular"):
        base, past, participle = line.split()
        yield base, (past, participle)


def inflected(base: str, irregular: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """Return the forms of a verb with their tags; ``irregular`` gives past and past participle."""
    stems = [base]
    ends_in_one_consonant = (
        len(base) > 2
        and base[-1] not in VOWELS
        and base[-1] not in "wxy"
        and base[-2] in VOWELS
        and base[-3] not in VOWELS
    )
    if ends_in_one_consonant and (base in _DOUBLING or sum(char in VOWELS for char in base) == 1):
        stems = [base + base[-1]]
        if base[-1] == "l":
            stems.append(base)
    if base.endswith("e"):
        past = [base + "d"]
        running = [
            base[:-2] + "ying" if base.endswith("ie") else base + "ing" if base.endswith("ee") else base[:-1] + "ing"
        ]
    elif base.endswith("y") and base[-2] not in VOWELS:
        past, running = [base[:-1] + "ied"], [base + "ing"]
    elif base.endswith("c"):
        past, running = [base + "ked"], [base + "king"]
    else:
        past, running = [stem + "ed" for stem in stems], [stem + "ing" for stem in stems]
    if base.endswith("y") and base[-2] not in VOWELS:
        third = base[:-1] + "ies"
    else:
        third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "go", "do")) else "s")
    forms = [(base, "B"), (third, "Z"), *((form, "G") for form in running)]
    if irregular:
        return [*forms, (irregular[0], "D"), (irregular[1], "N")]
    return [*forms, *((form, tag) for form in past for tag in "DN")]


def singular(noun: str) -> str:
    """Return the singular of a lower-case noun, by its spelling."""
    if noun in _NOUNS:
        return _NOUNS[noun]
    if noun.endswith("men") and len(noun) > 4:
        return noun[:-3] + "man"
    if not noun.endswith("s") or noun.endswith(_NO_PLURAL) or len(noun) < 4:
        return noun
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return noun[:-2]
    return noun[:-1]


def is_plural(noun: str) -> bool:
    """Say whether a lower-case noun names several."""
    return noun in ("police", "people", "media") or singular(noun) != noun
