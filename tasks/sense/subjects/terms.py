"""The terms by which subjects are told, from ``lists/topics.txt``, and where they stand in a text.

Only looking up: what the terms of a text amount to is weighed in ``topics`` and ``keywords``. English.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tasks.sense.lexicon import list_lines
from tasks.text import Word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One of the IPTC's subjects; ``parent`` is the code of the first-level one above it, its own at the first."""

    code: str
    name: str
    parent: str

    @property
    def level(self) -> int:
        """1 or 2."""
        return 1 if self.code == self.parent else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase that speaks for subjects; ``number`` tells one from another."""

    keys: tuple[str, ...]  # of the words after the first
    text: str | None  # as it must be written, None where case does not matter
    number: int
    subjects: tuple[tuple[str, float], ...]  # codes of either level and what the term counts for each
    heaviest: float  # of these


@cache
def subjects() -> dict[str, Subject]:
    """Return the subjects that an article may be given, by code."""
    found: dict[str, Subject] = {}
    parent = ""
    for line in list_lines("topics"):
        if line[0] == "[":
            code, name = line.strip("[]").split(" ", 1)
            parent = parent if code.startswith("20") else code
            found[code] = Subject(code=code, name=name, parent=parent)
    return found


def find_terms(text_words: Sequence[Word]) -> Iterator[tuple[Term, int, int]]:
    """Yield the terms that stand in the words, the longest at each place, with their spans; none overlap."""
    table = _table()
    keys = [word_key(word.text) for word in text_words]
    length, free = len(keys), 0
    for position, key in enumerate(keys):
        terms = table.get(key)
        if terms is None or position < free:
            continue
        for term in terms:
            after = position + 1 + len(term.keys)
            if after > length or (term.keys and tuple(keys[position + 1 : after]) != term.keys):
                continue
            if any(_parted(text_words[index], text_words[index + 1]) for index in range(position, after - 1)):
                continue
            if term.text is not None and " ".join(word.text for word in text_words[position:after]) != term.text:
                continue
            yield term, text_words[position].start, text_words[after - 1].end
            free = after
            break


def _parted(word: Word, following: Word) -> bool:
    """Say whether a mark and a space stand between two words; a possessive's ending does not part them."""
    return following.start - word.end == 2


@cache
def _table() -> dict[str, tuple[Term, ...]]:
    """Return the terms by the key of their first word, the longest first."""
    weights: dict[tuple[tuple[str, ...], str | None], dict[str, float]] = {}
    code = ""
    for line in list_lines("topics"):
        if line[0] == "[":
            code = line[1:9]
            continue
        for written in line[2:].split(", "):
            parts = [word.text for word in words(written)]
            keys = tuple(word_key(part) for part in parts)
            exact = " ".join(parts) if written != written.lower() else None
            counted = weights.setdefault((keys, exact), {})
            counted[code] = max(counted.get(code, 0.0), float(line[0]))
    table: dict[str, list[Term]] = {}
    for number, ((keys, exact), counted) in enumerate(weights.items()):
        shared = _shared(counted)
        term = Term(
            keys=keys[1:],
            text=exact,
            number=number,
            subjects=tuple(shared.items()),
            heaviest=max(shared.values()),
        )
        table.setdefault(keys[0], []).append(term)
    return {
        key: tuple(sorted(terms, key=lambda term: (-len(term.keys), term.text is None))) for key, terms in table.items()
    }


def _shared(counted: dict[str, float]) -> dict[str, float]:
    """Return what a term counts for each of its subjects and for their parents, less where they are many."""
    parents: dict[str, float] = {}
    for code, weight in counted.items():
        parent = subjects()[code].parent
        parents[parent] = max(parents.get(parent, 0.0), weight)
    among_parents = len(parents) ** 0.7
    siblings = {parent: sum(subjects()[code].parent == parent for code in counted) for parent in parents}
    shared = {
        code: weight / among_parents / siblings[subjects()[code].parent] ** 0.5
        for code, weight in counted.items()
        if subjects()[code].level == 2
    }
    return shared | {parent: weight / among_parents for parent, weight in parents.items()}


@lru_cache(maxsize=65_536)
def word_key(word: str) -> str:
    """Fold a word: lower case, no hyphen ("run-off" is "runoff"), no plural ending.

    The endings are those of the S-stemmer of Harman, "How effective is suffixing?" (1991): a stronger stemmer makes one
    of "university" and "universe", of "animal" and "animation".
    """
    folded = word.lower().replace("-", "").replace("’", "'")
    if len(folded) > 3:
        if folded.endswith("ies") and folded[-4] not in "ae":
            return folded[:-3] + "y"
        if folded.endswith("es") and folded[-3] not in "aeo":
            return folded[:-1]
        if folded.endswith("s") and folded[-2] not in "us":
            return folded[:-1]
    return folded
