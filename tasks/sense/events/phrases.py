"""A sentence as a row of phrases: noun phrases, verb groups, prepositions and what parts them. English.

A light chunker over tagged words; it knows no events. Cost is linear in the words of the sentence.
"""

from dataclasses import dataclass, field

from tasks.sense.events.tags import Tokens
from tasks.sense.events.verbs import is_plural, singular
from tasks.sense.facts import Mention
from tasks.sense.lexicon import common_words


@dataclass(slots=True, eq=False, kw_only=True)
class Phrase:
    """A noun phrase: tokens ``first`` to ``last`` (both included), its head, and what hangs on it.

    ``owner``: first and last token of the possessor ("Japan" in "Japan's defence minister"). Filled while a clause is
    read: ``posts``, the prepositional phrases behind it; ``peers``, what "and" joins to it; ``renamed``, its
    apposition. ``proper``: the head is written as a name; ``plural``: it names several.
    """

    first: int
    last: int
    head: str
    nouns: frozenset[str]
    mentions: tuple[Mention, ...]
    pronoun: bool = False
    proper: bool = False
    plural: bool = False
    owner: tuple[int, int] | None = None
    posts: list[tuple[str, "Phrase"]] = field(default_factory=list)
    peers: list["Phrase"] = field(default_factory=list)
    renamed: "Phrase | None" = None


@dataclass(slots=True, eq=False, kw_only=True)
class Verb:
    """A verb group: tokens ``first`` to ``last``, the base forms its main verb may have, and how it stands.

    ``form``: finite, infinitive, gerund or participle; ``open_past``: a form like "killed" without auxiliary, that may
    be a past tense or a participle; ``bare``: the base form of a demand ("that Peru withdraw").
    """

    first: int
    last: int
    main: int
    bases: tuple[str, ...]
    form: str
    passive: bool = False
    negated: bool = False
    modal: str | None = None
    open_past: bool = False
    bare: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Chunk:
    """``kind``: NP, VG, P, S, W, C, DATE, "," or ";" (any harder break); ``word`` is its first word in lower case."""

    kind: str
    word: str
    first: int
    item: Phrase | Verb | None = None


def chunks(tokens: Tokens) -> list[Chunk]:
    """Return the phrases of a sentence in order."""
    found: list[Chunk] = []
    index, count = 0, len(tokens.words)
    while index < count:
        separator, tag = tokens.separators[index], tokens.tags[index]
        if separator in (",", ";"):
            found.append(Chunk(kind=separator, word=separator, first=index))
        word = tokens.low[index]
        if tag in ("M", "A", "V", "G", "T", "X"):
            verb = _verb_group(tokens, index)
            if verb is not None:
                found.append(Chunk(kind="VG", word=word, first=index, item=verb))
                index = verb.last + 1
                continue
            index += 1
        elif tag in ("D", "J", "N", "E", "U", "R"):
            phrase = _noun_phrase(tokens, index)
            found.append(Chunk(kind="NP", word=word, first=index, item=phrase))
            index = phrase.last + 1
        elif tag == "Z":
            found.append(Chunk(kind="DATE", word=word, first=index))
            while index < count and tokens.tags[index] == "Z":
                index += 1
        else:
            if tag != "B":
                found.append(Chunk(kind=tag, word=word, first=index))
            index += 1
    return found


def _verb_group(tokens: Tokens, start: int) -> Verb | None:
    tags, low = tokens.tags, tokens.low
    index, end = start, start
    infinitive = tags[start] == "T"
    modal, negated = None, False
    auxiliaries: list[str] = []
    main = None
    while index < len(tags):
        tag = tags[index]
        if index > start and tokens.separators[index]:
            break
        if tag in ("V", "G"):
            main = end = index
            break
        if tag == "M":
            modal = low[index]
            negated = negated or modal == "cannot" or modal.endswith("n't")
        elif tag == "A":
            auxiliaries.append(low[index])
            negated = negated or low[index].endswith("n't")
            end = index
        elif tag == "X":
            negated = True
        elif tag == "R" and auxiliaries and index == start + 1 or tag == "T" and index == start or tag == "B":
            pass
        else:
            break
        index += 1
    if main is None:
        if not auxiliaries:
            return None
        last = auxiliaries[-1].removesuffix("n't")
        base = (
            "be"
            if last in ("am", "is", "are", "was", "were", "be", "been", "being")
            else ("have" if last in ("have", "has", "had", "having") else "do")
        )
        form = (
            "infinitive"
            if infinitive
            else "gerund"
            if last in ("being", "having") and len(auxiliaries) == 1
            else "finite"
        )
        return Verb(first=start, last=end, main=end, bases=(base,), form=form, negated=negated, modal=modal)
    pairs = tokens.pairs(main)
    forms = {tag for _, tag in pairs}
    last = auxiliaries[-1].removesuffix("n't") if auxiliaries else ""
    be = last in ("am", "is", "are", "was", "were", "be", "been", "being")
    passive = be and "N" in forms
    open_past = False
    if infinitive:
        form = "infinitive"
    elif auxiliaries and auxiliaries[0] in ("being", "having"):
        form = "gerund"
    elif auxiliaries or modal:
        form = "finite"
    elif forms == {"G"}:
        form = "gerund"
    elif forms & {"D", "Z", "B"}:
        form, open_past = "finite", "N" in forms and not forms & {"B"}
    else:
        form = "participle"
    wanted = "N" if passive or last in ("have", "has", "had", "having") else "G" if forms & {"G"} else None
    bases = tuple(dict.fromkeys(base for base, tag in pairs if wanted is None or tag == wanted)) or (low[main],)
    first = start
    return Verb(
        first=first,
        last=main,
        main=main,
        bases=bases,
        form=form,
        passive=passive,
        negated=negated,
        modal=modal,
        open_past=open_past,
        bare=form == "finite" and not modal and "B" in forms and "D" not in forms,
    )


def _noun_phrase(tokens: Tokens, start: int) -> Phrase:
    tags, low = tokens.tags, tokens.low
    if tags[start] == "R":
        return Phrase(
            first=start, last=start, head=low[start], nouns=frozenset((low[start],)), mentions=(), pronoun=True
        )
    index, owner, last_mention = start, None, None
    mentions: list[Mention] = []
    nouns: set[str] = set()
    while index < len(tags):
        tag, separator = tags[index], tokens.separators[index]
        if tag not in ("D", "J", "N", "E", "U", "Z") or separator in (",", ";") and index > start:
            break
        if tag == "Z" and not (index > start and _dated_noun(tokens, index)):
            break
        if separator == "'" and index > start:
            owner = (start, index - 1)
        elif index > start:
            if tag == "D" and tags[index - 1] != "D":
                break
            if tag == "U" and tags[index - 1] in "NE":
                break
            mention = tokens.mentions[index]
            apart = mention is not None and mention is not last_mention and mention.label != "NORP"
            if apart and tags[index - 1] == "N" and is_plural(low[index - 1]):
                break
        mention = tokens.mentions[index]
        if mention is not None and mention is not last_mention:
            mentions.append(mention)
            last_mention = mention
        if tag in ("N", "J", "U") or tag == "E" and mention is not None and mention.label not in ("PERSON", "NORP"):
            nouns.add(singular(low[index]))
        index += 1
    last = index - 1
    return Phrase(
        first=start,
        last=last,
        head=singular(low[last]),
        nouns=frozenset(nouns),
        mentions=tuple(mentions),
        owner=owner,
        proper=_is_proper(tokens, last),
        plural=is_plural(low[last]),
    )


def _is_proper(tokens: Tokens, index: int) -> bool:
    """Written as a name, and at the head of a sentence not a word of the general vocabulary either."""
    if not tokens.words[index].text[0].isupper():
        return False
    return index > 0 or tokens.low[0] not in common_words()


def _dated_noun(tokens: Tokens, index: int) -> bool:
    """A date inside a noun phrase ("the April 22 attack"), with a noun behind it."""
    while index < len(tokens.tags) and tokens.tags[index] == "Z":
        index += 1
    return index < len(tokens.tags) and tokens.tags[index] in ("N", "J") and tokens.separators[index] in ("", "'")
