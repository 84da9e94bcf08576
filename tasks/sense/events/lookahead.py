"""What comes next in a row of phrases: a finite verb, a subject, a participle behind its noun. Pure and bounded;
nothing is decided about clauses here.
"""

from collections.abc import Sequence

from tasks.sense.events.phrases import Chunk

# Their past tense has an object: without one "killed in clashes" is a participle.
_NEVER_BARE = frozenset("kill injure wound arrest detain convict accuse hurt seize jail suspect shoot".split())


def next_is_finite(chunks: Sequence[Chunk], index: int) -> bool:
    chunk = skip(chunks, index)
    return chunk is not None and chunk.kind == "VG" and chunk.item.form == "finite"


def skip(chunks: Sequence[Chunk], index: int) -> Chunk | None:
    """The next chunk that is no date and no prepositional phrase."""
    while index < len(chunks):
        chunk = chunks[index]
        if chunk.kind == "P" and index + 1 < len(chunks) and chunks[index + 1].kind in ("NP", "DATE"):
            index += 2
        elif chunk.kind == "DATE":
            index += 1
        else:
            return chunk
    return None


def finite_ahead(chunks: Sequence[Chunk], index: int, *, commas: bool = True) -> bool:
    """Whether a noun phrase (with what hangs on it) and a finite verb come next."""
    seen, steps = False, 0
    while index < len(chunks) and steps < 14:
        chunk = chunks[index]
        steps += 1
        if chunk.kind == "NP":
            seen = True
        elif chunk.kind == "P" and index + 1 < len(chunks) and chunks[index + 1].kind in ("NP", "DATE"):
            index += 1
        elif chunk.kind == "VG":
            return seen and chunk.item.form == "finite"
        elif chunk.kind in (";", "S") or chunk.kind == "W" and not seen:
            return False
        elif chunk.kind == "W":
            return True
        elif chunk.kind == "," and not (seen and commas):
            return False
        index += 1
    return False


def is_subject(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether a finite verb follows the phrase, past what hangs on it."""
    position, commas = index + 1, 0
    while position < len(chunks) and position < index + 16:
        chunk = chunks[position]
        if chunk.kind == "VG":
            return commas != 1 and chunk.item.form == "finite" and not is_reduced(chunks, position)
        if chunk.kind == "NP" and chunks[position - 1].kind == "NP":
            return False
        if chunk.kind == "P" and position + 1 < len(chunks):
            position += 1
        elif chunk.kind == ",":
            commas += 1
            following = chunks[position + 1].kind if position + 1 < len(chunks) else ""
            if following == "VG" and commas == 1 and chunks[position + 1].item.form == "finite":
                return False
            if commas > 2 or following == "C":
                return False
        elif chunk.kind == "C":
            following = chunks[position + 1].kind if position + 1 < len(chunks) else ""
            if following != "NP":
                return False
        elif chunk.kind == "W":
            return commas > 0
        elif chunk.kind in (";", "S"):
            return False
        position += 1
    return False


def surely_finite(chunks: Sequence[Chunk], index: int) -> bool:
    chunk = skip(chunks, index + 1)
    return chunk is not None and chunk.kind == "VG" and chunk.item.form == "finite" and not chunk.item.open_past


def is_reduced(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether a form like "killed" at a chunk is a participle behind its noun ("people killed by ...")."""
    verb = chunks[index].item
    if not verb.open_past or verb.last != verb.first:
        return False
    following = chunks[index + 1] if index + 1 < len(chunks) else None
    if following is not None and following.kind == "P" and following.word == "by":
        return True
    objectless = following is None or following.kind in ("P", ",", ";", "DATE")
    return objectless and index > 0 and chunks[index - 1].kind == "NP" and bool(_NEVER_BARE & set(verb.bases))


def has_verb_of_its_own(chunks: Sequence[Chunk], index: int) -> bool:
    for chunk in chunks[index + 1 : index + 9]:
        if chunk.kind == "VG":
            return chunk.item.form == "finite" and bool(
                chunk.item.passive or chunk.item.modal or not chunk.item.open_past
            )
        if chunk.kind in (",", ";", "S", "W", "C"):
            return False
        if chunk.kind == "NP" and chunks[index + 1] is chunk:
            return False  # it has an object: a past tense
    return False
