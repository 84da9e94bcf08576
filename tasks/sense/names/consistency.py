"""What the document knows of its own names: titles come off, definitions bind, surnames and short forms find their
owners, and one name has one label unless the text insists.

Whatever read the names first (rules, model or another engine) comes through here; so nothing here looks for a name in
plain words, except one that the document has already told. English.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.sense.lexicon import (
    CALENDAR,
    ORG_OF_HEADS,
    PERSON_VERBS,
    common_words,
    demonyms,
    given_names,
    organisations,
    stop_words,
    surnames,
)
from tasks.sense.names.aliases import Abbreviation, initials
from tasks.sense.names.chains import WordTable
from tasks.sense.names.people import GENERATIONS, HONORIFICS, is_surname_of, leading_office, trailing_honorific
from tasks.sense.places.gazetteer import gazetteer
from tasks.text import SpanSet

FIXED = 0.95  # what has a form of its own
_OWN_MIND = 0.85  # what this sure is not outvoted: one name may be a town and its team
_PROPAGATED = 0.8
_GIVEN_NAME_GEN = re.compile(r"\bGen ([A-Z][\w-]{1,30}) San\b")
_MAX_NAMESAKES = 30  # people of one surname that are told apart
_MAX_DEFINITIONS = 100  # each costs a pass over the names


@dataclass(frozen=True, slots=True)
class Named:
    """A span read as a name; ``label`` None: a name of unknown kind. ``name``: the canonical form as far as known."""

    start: int
    end: int
    label: str | None
    confidence: float
    name: str


def settle(table: WordTable, found: Sequence[Named], definitions: Sequence[Abbreviation]) -> list[Named]:
    """Return the names that stand after the whole document has been heard, in any order; labels are never None."""
    trimmed = [part for named in found for part in _trimmed(table.text, named)]
    bound = _with_definitions(trimmed, definitions[:_MAX_DEFINITIONS])
    people = _people(table.text, bound)
    agreed = _agree(people, {definition.short: definition.long for definition in definitions})
    return [*agreed, *_said_again(table, agreed)]


# -- what belongs to a name


def _trimmed(text: str, named: Named) -> list[Named]:
    """Take titles, honorifics and nationalities off the front of a person, and complete "Inc." and the like."""
    if named.label == "ORG":
        return [_completed(text, _without_seat(text, named))]
    if named.label != "PERSON":
        return [named]
    surface = text[named.start : named.end]
    parts = surface.split()
    found = []
    skip = 0
    if len(parts) > 1 and parts[0] in demonyms() and parts[0] not in given_names():
        found.append(Named(named.start, named.start + len(parts[0]), "NORP", 0.85, parts[0]))
        skip = 1
    titles = leading_office(parts[skip:])
    if skip + titles < len(parts):
        skip += titles
    elif titles:
        return found
    start = named.start
    for part in parts[:skip]:
        start = text.index(part, start) + len(part)
    while start < named.end and (text[start].isspace() or text[start] in ".,"):
        start += 1
    if start == named.start:
        return [named]
    return [*found, replace(named, start=start, name=_spaced(text[start : named.end]))] if start < named.end else found


def _without_seat(text: str, named: Named) -> Named:
    """Take "London-based" off the front."""
    first, _, rest = text[named.start : named.end].partition(" ")
    if not rest or not first.endswith(("-based", "-backed", "-led", "-owned", "-born", "-funded")):
        return named
    return replace(named, start=named.start + len(first) + 1, name=_spaced(rest))


_POINTED_ENDS = frozenset("Inc Corp Co Ltd Bros Cos".split())
_LEGAL_FORMS = ("Inc", "Ltd", "LLC", "Corp", "LLP", "PLC", "Co")


def _completed(text: str, named: Named) -> Named:
    """Let a company keep its legal form: "Lumen, Inc." whole."""
    end = named.end
    if text.startswith(", ", end):
        form = next((form for form in _LEGAL_FORMS if text.startswith(form, end + 2)), None)
        if form and not text[end + 2 + len(form) : end + 3 + len(form)].isalnum():
            end += 2 + len(form)
    if text[named.start : end].rsplit(" ", 1)[-1] in _POINTED_ENDS and text.startswith(".", end):
        end += 1
    return named if end == named.end else replace(named, end=end, name=_spaced(text[named.start : end]))


def _spaced(surface: str) -> str:
    return " ".join(surface.split())


# -- definitions


def _with_definitions(found: list[Named], definitions: Sequence[Abbreviation]) -> list[Named]:
    """Give the long form of each definition one reading that spans it, and the short form the same name."""
    for definition in definitions:
        start, end = definition.long_start, definition.long_end
        inside = [named for named in found if named.start < end and start < named.end]
        if not inside and not definition.long[0].isupper():
            continue
        labels = [named.label for named in inside if named.label]
        if "PERSON" in labels and len(inside) == 1 and inside[0].confidence >= 0.9:
            continue
        label = labels[-1] if len(inside) == 1 and labels else ("LAW" if "LAW" in labels else "ORG")
        if label in ("PERSON", "NORP") or label == "PLACE" and definition.long not in gazetteer().by_name:
            label = "ORG"
        if inside and (min(named.start for named in inside) < start or max(named.end for named in inside) > end):
            start = min(start, inside[0].start)
        name = _spaced(definition.long)
        name = organisations().get(name, name) if label == "ORG" else name
        short = Named(definition.short_start, definition.short_end, label, 0.9, name)
        replaced = SpanSet([(start, end), (short.start, short.end)])
        found = [named for named in found if not replaced.overlaps(named.start, named.end)]
        if label == "ORG" or label == "LAW" or inside:
            found.append(Named(start, end, label, 0.9, name))
            found.append(short)
    return found


# -- people


def _people(text: str, found: list[Named]) -> list[Named]:
    """Join the names of one person, and read a lone surname or given name as the person named in full."""
    rank_like = _given_name_gen(text)
    found = [_person_form(text, named, rank_like) if named.label == "PERSON" else named for named in found]
    full: dict[str, list[str]] = defaultdict(list)  # last word -> names of two and more words
    first_names: dict[str, set[str]] = defaultdict(set)
    for named in found:
        parts = _identifying(named.name)
        if named.label == "PERSON" and len(parts) > 1 and named.confidence >= 0.5:
            if len(full[parts[-1]]) < _MAX_NAMESAKES and named.name not in full[parts[-1]]:
                full[parts[-1]].append(named.name)
            first_names[parts[0]].add(named.name)
    middle: dict[str, set[str]] = defaultdict(set)  # last word but one of four and more -> names
    for same in full.values():
        for name in same:
            for part in _identifying(name)[2:-1][-1:]:
                middle[part].add(name)
        for short in same:
            if any(is_surname_of(short, _identifying(name)) for name in same):
                first_names[short.split()[0]].discard(short)
    latest: dict[str, str] = {}
    joined = []
    for named in found:
        own = _as_full_name(text, named, full, first_names, middle, latest)
        if own.label == "PERSON" and " " in own.name:
            latest[_identifying(own.name)[-1]] = own.name
        joined.append(own)
    return joined


def _identifying(name: str) -> list[str]:
    parts = name.split()
    return parts[:-1] if len(parts) > 2 and parts[-1].rstrip(".") in GENERATIONS else parts


def _given_name_gen(text: str) -> frozenset[str]:
    """Surnames that "Gen … San" shows to follow a given name: an honorific after it leaves no room for a rank."""
    return frozenset(match[1] for match in _GIVEN_NAME_GEN.finditer(text))


def _person_form(text: str, named: Named, rank_like: frozenset[str]) -> Named:
    parts = named.name.split()
    generation = parts[-1].rstrip(".") in GENERATIONS  # part of the name, unlike an honorific
    bare = parts if generation else parts[: len(parts) - trailing_honorific(parts)]
    if bare[-1] in rank_like and len(bare) == 1:
        for rank in ("General ", "Gen "):
            if text.endswith(rank, 0, named.start):
                return replace(named, start=named.start - len(rank), name=f"Gen {bare[-1]}", confidence=0.85)
        return replace(named, name=f"Gen {bare[-1]}")
    return replace(named, name=" ".join(bare))


def _as_full_name(
    text: str,
    named: Named,
    full: dict[str, list[str]],
    first_names: dict[str, set[str]],
    middle: dict[str, set[str]],
    latest: dict[str, str],
) -> Named:
    if named.label not in ("PERSON", None, "PLACE", "ORG") or _known_otherwise(named):
        return named
    parts = _identifying(named.name)
    longer = [name for name in full.get(parts[-1], ()) if is_surname_of(" ".join(parts), _identifying(name))]
    if longer and (named.label in ("PERSON", None) or len(parts) == 1):
        titled = _titled_person(text, named.start, longer)
        name = titled or (latest[parts[-1]] if latest.get(parts[-1]) in longer else longer[0])
        return replace(named, label="PERSON", confidence=max(named.confidence, _PROPAGATED), name=name)
    if len(parts) == 1 and named.label in ("PERSON", None):
        known = first_names.get(parts[0], set())
        if len(known) == 1:
            return replace(named, label="PERSON", confidence=_PROPAGATED, name=next(iter(known)))
    if len(parts) == 1 and named.label in ("PERSON", None):
        # "Ortega" of "Juan Carlos Ortega Ruiz"
        bearers = middle.get(parts[0], set())
        if len(bearers) == 1:
            return replace(named, label="PERSON", confidence=_PROPAGATED, name=next(iter(bearers)))
    if len(parts) > 1 and named.label == "PERSON":
        # "Rahul Gandhi" and "Rahul K. Gandhi": the longest name with the same first and last word.
        same = [name for name in full.get(parts[-1], ()) if name.split()[0] == parts[0]]
        return replace(named, name=max(same, key=len)) if same else named
    return named


def _known_otherwise(named: Named) -> bool:
    """Say whether lists hold a name that is read as a place or an organisation to be one."""
    if named.label == "PLACE":
        return named.confidence >= 0.86 and any(place.sure for place in gazetteer().by_name.get(named.name, ()))
    listed = named.name in organisations() and named.name not in surnames()
    return named.label == "ORG" and (listed or " " in named.name)


_WOMAN, _MAN = frozenset("mrs ms miss madame mme lady".split()), frozenset("mr sir lord monsieur".split())
_WOMEN = frozenset("she her herself".split())


def _titled_person(text: str, start: int, candidates: list[str]) -> str | None:
    """Choose among people of one surname by the title before it ("Mrs Okafor"): the one that bears the same."""
    if len(candidates) < 2:
        return None
    before = text[max(0, start - 10) : start].split()
    title = before[-1].rstrip(".").lower() if before else ""
    kind = _WOMAN if title in _WOMAN else _MAN if title in _MAN else None
    if kind is None:
        return None
    for name in candidates:
        at = text.find(name)
        ahead = text[max(0, at - 10) : at].split()
        if ahead and ahead[-1].rstrip(".").lower() in kind:
            return name
    women = [name for name in candidates if _followed_by_she(text, name)]
    others = [name for name in candidates if name not in women]
    chosen = women if kind is _WOMAN else others
    return chosen[0] if len(chosen) == 1 else None


def _followed_by_she(text: str, name: str) -> bool:
    at = text.find(name) + len(name)
    return bool(_WOMEN & set(text[at : at + 200].lower().split()))


# -- agreement


def _agree(found: list[Named], by_short: dict[str, str]) -> list[Named]:
    """Give one name one label by weight of confidence, a short form its long form, an unknown name its namesake."""
    weight: dict[str, Counter] = defaultdict(Counter)
    best: dict[tuple[str, str], Named] = {}
    for named in found:
        if named.label is not None:
            weight[named.name][named.label] += named.confidence
            key = named.name, named.label
            if key not in best or best[key].confidence < named.confidence:
                best[key] = named
    owners = _short_forms(found)
    settled = []
    for named in found:
        long = by_short.get(named.name)
        if long is not None and long in weight:
            settled.append(replace(named, label=weight[long].most_common(1)[0][0], confidence=0.9, name=long))
            continue
        owner = owners.get(named.name) or _cut_short(named, owners)
        if owner and named.label in (None, "PERSON", "PLACE", "ORG", "PRODUCT") and named.confidence < 0.86:
            settled.append(replace(named, label="ORG", confidence=max(0.6, named.confidence), name=owner))
            continue
        known = weight.get(named.name)
        if known is None:
            continue
        winner, total = known.most_common(1)[0]
        if named.label == winner or named.confidence >= _OWN_MIND:
            settled.append(named)
        elif named.label is None or total > known[named.label] + 0.05:
            settled.append(replace(named, label=winner, confidence=min(0.75, best[named.name, winner].confidence)))
        else:
            settled.append(named)
    return settled


def _short_forms(found: Sequence[Named]) -> dict[str, str]:
    """Short form -> organisation: the first words of its name, and the initials of three and more."""
    surnames = {named.name.split()[-1] for named in found if named.label == "PERSON" and " " in named.name}
    owners: dict[str, str] = {}
    for named in found:
        if named.label != "ORG" or " " not in named.name or named.confidence < 0.5:
            continue
        words = named.name.removeprefix("The ").split()
        for size in range(1, len(words)):
            head = " ".join(words[:size]).removesuffix(" &").removesuffix(" and")
            if size == 1 and not _distinct(head, surnames):
                continue
            if head not in gazetteer().by_name and not head.lower().endswith((" of", " for", " the", " and")):
                owners.setdefault(head, named.name)
        if words[-1].lower() in ORG_OF_HEADS:
            # "the Commission"; of two such names neither
            owners[words[-1]] = named.name if owners.get(words[-1], named.name) == named.name else words[-1]
        short = initials(named.name)
        if len(short) >= 3 and short not in organisations():
            owners.setdefault(short, named.name)
    return owners


def _distinct(word: str, surnames: set[str]) -> bool:
    lower = word.lower()
    return (
        len(word) > 2
        and lower not in common_words()
        and lower not in CALENDAR
        and word not in demonyms()
        and word not in given_names()
        and word not in surnames
        and word not in organisations()
    )


def _cut_short(named: Named, owners: dict[str, str]) -> str | None:
    """Find whose name goes on where this one is cut off inside a word: "GW Pharma" of "GW Pharmaceuticals"."""
    first, _, rest = named.name.partition(" ")
    owner = owners.get(first)
    if not rest or owner is None or named.name == owner or not owner.startswith(named.name):
        return None
    return owner


def _said_again(table: WordTable, found: Sequence[Named]) -> list[Named]:
    """Find again, as one word, what the document has named: the surname of a person named in full, and others."""
    known: dict[str, Named] = {}
    for named in found:
        if named.label == "PERSON" and " " in named.name:
            last = _identifying(named.name)[-1]
            if last.lower() not in stop_words() and last.lower() not in HONORIFICS and len(last) > 1:
                known.setdefault(last, replace(named, confidence=_PROPAGATED))
    for named in found:
        word = table.text[named.start : named.end]
        if named.label in ("PERSON", "ORG", "PLACE") and " " not in word and len(word) > 2:
            known.setdefault(word, replace(named, confidence=min(0.7, named.confidence)))
    if not known:
        return []
    taken = SpanSet((named.start, named.end) for named in found)
    again = []
    for index, word in enumerate(table.words):
        own = known.get(word.text)
        if own is None or taken.overlaps(word.start, word.end):
            continue
        if table.initial[index] and table.lower[index] in common_words() and not _acts(table, index, own):
            continue
        if _inside_a_run(table, index):
            continue
        again.append(replace(own, start=word.start, end=word.end))
    return again


def _acts(table: WordTable, index: int, own: Named) -> bool:
    """Say whether a surname that is a word too does what people do: "Field said"."""
    return own.label == "PERSON" and table.after(index) in PERSON_VERBS


def _inside_a_run(table: WordTable, index: int) -> bool:
    """Say whether capitals stand on either side: then the word is part of something else."""
    if (
        index
        and table.name_like[index - 1]
        and table.gap(index - 1) == " "
        and table.lower[index - 1] not in HONORIFICS
    ):
        return True
    return index + 1 < len(table.words) and table.name_like[index + 1] and table.gap(index) == " "
