"""A second opinion on the names of a text: a linear-chain model over the words of each run of capitals.

The model sees what the rules read (``labels``), the words around and what they are elsewhere in the document, and
says for each word whether it begins, continues or is outside of a person, an organisation or a place. It is a
conditional random field (Lafferty, McCallum and Pereira, ICML 2001) over sparse binary features; its weights are data,
``names.npz``, made by ``python -m tests.bench.train_names``. No word list and no rule about a particular name may
stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from tasks.sense.lexicon import CALENDAR, ORG_SUFFIXES, common_words
from tasks.sense.names.chains import POINTED, WordTable
from tasks.sense.names.features import features
from tasks.sense.names.labels import Reading

MODEL_FILE = "names.npz"
LABELS = ("PERSON", "ORG", "PLACE")
TAGS = ("O", *(f"{part}-{label}" for label in LABELS for part in "BI"))
_OUTSIDE = 0
_DOUBTED = 0.3
# What the rules are so sure of that the model is not asked, and that it needs to be half sure to overrule.
_SURE, _FIRM, _HALF = 0.9, 0.8, 0.5
# How sure the model must be where the rules see nothing: in ordinary words, and in others.
_PLAIN, _ALONE = 0.9, 0.4
_LINKS = frozenset("of and the for de del della di da do dos du van von der den la le el al bin ibn y e on in".split())
_MAX_SEGMENT_WORDS = 24


@dataclass(frozen=True, slots=True)
class Model:
    """``keys``: hashes of features, ascending; ``weights``: one row per key, one column per tag; ``moves``: from tag
    (row) to tag (column); ``opening``: of a segment's first tag."""

    keys: np.ndarray
    weights: np.ndarray
    moves: np.ndarray
    opening: np.ndarray


@cache
def model() -> Model:
    """Return the model that ships with the package."""
    with files("tasks.sense.names").joinpath(MODEL_FILE).open("rb") as file, np.load(file) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)
        return Model(stored["keys"], weights, stored["moves"], stored["opening"])


def segments(table: WordTable) -> list[tuple[int, int]]:
    """Return the runs of words (first and last, both included) in which names may stand, in order.

    Wider than the chains of ``names``: link words and numbers between capitals are included.
    """
    found = []
    index, count = 0, len(table.words)
    words = table.words
    while index < count:
        if not _may_stand(table, index):
            index += 1
            continue
        first = last = index
        while last + 1 < count and last - first < _MAX_SEGMENT_WORDS:
            step = next((size for size in (1, 2, 3) if _reaches(table, last, last + size)), 0)
            if not step:
                break
            last += step
        if last > first or table.name_like[first] or words[first].text[0].isdigit():
            if first and words[first - 1].text[0].isdigit() and table.gap(first - 1) == " ":
                if not words[first - 1].text.isdigit():
                    first -= 1
            found.append((first, last))
        index = last + 1
    return found


def _may_stand(table: WordTable, index: int) -> bool:
    """Say whether a word can be part of a name: also "One" in "One Nation" and "6PR"."""
    word = table.words[index].text
    if table.name_like[index] or word == "The":
        return True
    if word[0].isdigit():
        return word[-1].isupper() and len(word) > 2
    return word[0].isupper() and not table.initial[index] and len(word) > 1 and table.lower[index] not in CALENDAR


def _reaches(table: WordTable, last: int, following: int) -> bool:
    """Say whether the segment goes on from ``last`` to ``following`` over nothing but link words."""
    if following >= len(table.words) or not (
        _may_stand(table, following) or (following == last + 1 and table.words[following].text[0].isdigit())
    ):
        return False
    for index in range(last, following):
        gap = table.gap(index)
        pointed = gap == ". " and (len(table.lower[index]) == 1 or table.lower[index] in POINTED)
        if not (gap in (" ", " & ") or pointed) or table.initial[index + 1]:
            return False
        if index > last and table.lower[index] not in _LINKS:
            return False
    return True


def second_opinion(table: WordTable, readings: Sequence[Reading]) -> list[Reading]:
    """Return the model's readings, and those of the rules in which it sees no person, organisation or place.

    Of the latter, laws, events and peoples stand as they are; of the others only that they may be a name.
    """
    spans = segments(table)
    tagged = tag_features(spans, *features(table, spans, readings), model())
    ruled: dict[int, Reading] = {i: r for r in readings for i in range(r.first, r.last + 1) if r.label}
    kept = [reading for reading in tagged if _believed(table, reading, ruled)]
    taken = {index for reading in kept for index in range(reading.first, reading.last + 1)}
    for reading in readings:
        if taken.isdisjoint(range(reading.first, reading.last + 1)):
            if reading.label in LABELS and reading.confidence < _FIRM:
                reading = Reading(reading.first, reading.last, None, _DOUBTED)
            kept.append(reading)
    tagged = kept
    return sorted(tagged, key=lambda reading: reading.first)


def _believed(table: WordTable, reading: Reading, ruled: dict[int, Reading]) -> bool:
    """Say whether the model's reading stands against what the rules read in the same words."""
    rules = [ruled[index] for index in range(reading.first, reading.last + 1) if index in ruled]
    if not rules:
        head = table.lower[reading.last]
        plain = (head in common_words() or table.seen_lower[head]) and head not in ORG_SUFFIXES
        return reading.confidence >= (_PLAIN if plain else _ALONE)
    surest = max(rules, key=lambda rule: rule.confidence)
    if surest.confidence >= _SURE:
        return False
    return surest.confidence < _FIRM or reading.confidence >= _HALF


def tag_features(spans: Sequence[tuple[int, int]], ids: np.ndarray, ends: np.ndarray, stored: Model) -> list[Reading]:
    """Return the best readings of segments whose words have the features ``ids``, cut at ``ends``."""
    if not spans:
        return []
    at = np.minimum(np.searchsorted(stored.keys, ids), len(stored.keys) - 1)
    rows = stored.weights[at] * (stored.keys[at] == ids)[:, None]
    scores = np.add.reduceat(rows, np.concatenate([[0], ends[:-1]]), axis=0)
    firsts = np.array([first for first, _ in spans])
    sizes = np.array([last - first + 1 for first, last in spans])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found: list[Reading] = []
    for size in np.unique(sizes):
        which = np.flatnonzero(sizes == size)
        own = scores[starts[which][:, None] + np.arange(size)]
        tags, sure = _decode(own, stored)
        for row, number in enumerate(which):
            if tags[row].any():
                found.extend(_readings(int(firsts[number]), tags[row].tolist(), sure[row].tolist()))
    return found


def _decode(scores: np.ndarray, stored: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the best tags of segments of one length by Viterbi's algorithm, and the posterior of each of them by the
    forward-backward algorithm. ``scores``: segments × words × tags."""
    number, length, _ = scores.shape
    which = np.arange(number)
    best = forward = scores[:, 0] + stored.opening
    forwards, back = [forward], []
    for step in range(1, length):
        paths = best[:, :, None] + stored.moves
        back.append(paths.argmax(axis=1))
        best = paths.max(axis=1) + scores[:, step]
        forward = _log_sum(forward[:, :, None] + stored.moves, 1) + scores[:, step]
        forwards.append(forward)
    norm = _log_sum(forward, 1)
    tags, sure = np.empty((number, length), np.int64), np.empty((number, length))
    tags[:, -1] = best.argmax(axis=1)
    for step in range(length - 2, -1, -1):
        tags[:, step] = back[step][which, tags[:, step + 1]]
    backward = np.zeros_like(forward)
    for step in range(length - 1, -1, -1):
        own = tags[:, step]
        sure[:, step] = np.exp(forwards[step][which, own] + backward[which, own] - norm)
        if step:
            backward = _log_sum(stored.moves + (scores[:, step] + backward)[:, None, :], 2)
    return tags, sure


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)


def _readings(first: int, tags: list[int], sure: list[float]) -> list[Reading]:
    found = []
    index = 0
    while index < len(tags):
        tag = tags[index]
        if tag == _OUTSIDE:
            index += 1
            continue
        end = index
        inside = tag + 1 if tag % 2 else tag
        while end + 1 < len(tags) and tags[end + 1] == inside:
            end += 1
        confidence = min(sure[index : end + 1])
        found.append(Reading(first + index, first + end, LABELS[(tag - 1) // 2], confidence))
        index = end + 1
    return found
