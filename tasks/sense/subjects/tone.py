"""How positive the wording of a text is: a lexicon and rules, no model of who feels what.

The list of words (``lists/tone.txt``) is made for news; negation, intensity, "but" and the normalisation follow VADER
(Hutto and Gilbert, "VADER: A parsimonious rule-based model for sentiment analysis of social media text", 2014). A word
that is capitalised inside a sentence is taken for a name and does not count. Tone of words is no stance on anybody, and
none is claimed. English.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tasks.sense.facts import Document, Tone
from tasks.sense.lexicon import list_lines
from tasks.sense.subjects.terms import word_key
from tasks.text import Word

_MAX_SENTENCES = 3  # each way
_MIN_SENTENCE_SCORE = 0.5
_LOOK_BACK = 3  # words before a toned one that may negate or strengthen it
# VADER's constants: what an intensifier adds, how that wanes with distance, what negation and "but" multiply by, and
# the normalisation's alpha.
_INTENSITY = 0.293
_BY_DISTANCE = (1.0, 0.95, 0.9)
_NEGATED_PRAISE = -0.74
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
_ALPHA = 15.0
_NEGATED_BLAME = -0.37  # "no injuries" is good news, but not as good as injuries are bad
_NEGATIONS = frozenset(
    "not no never neither nor none nobody nothing nowhere without lack lacks lacked lacking hardly barely scarcely"
    " rarely seldom cannot".split()
)
_INTENSIFIERS = dict.fromkeys(
    "absolutely amazingly completely considerably deeply deadly enormously entirely especially exceptionally extremely"
    " fully greatly highly hugely immensely incredibly intensely most particularly profoundly purely really remarkably"
    " severely sharply so strongly substantially thoroughly totally tremendously truly unusually utterly very vastly"
    " widely heavily more badly dramatically overwhelmingly massively".split(),
    1.0,
) | dict.fromkeys(
    "almost partly partially slightly somewhat marginally mildly occasionally relatively fairly less little"
    " reportedly moderately".split(),
    -1.0,
)
_OPENING_QUOTES = "\"'“‘«"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum:
    """What the toned words of one sentence come to."""

    start: int
    end: int
    valence: float
    positive: int
    negative: int

    @property
    def score(self) -> float:
        """The valence between -1 and 1."""
        return _normalised(self.valence)


def read_tone(document: Document) -> Document:
    """Fill in the tone of the article and of the at most three sentences each way that are strongest.

    The article's score is that of the sum of its sentences over the root of their number, so that length alone does not
    make a text grave.
    """
    if document.language != "en" or not document.sentences:
        return document
    sums = list(_sums(document))
    valence = sum(each.valence for each in sums) / math.sqrt(len(document.sentences))
    article = Tone(
        scope="article",
        score=round(_normalised(valence), 4),
        positive_words=sum(each.positive for each in sums),
        negative_words=sum(each.negative for each in sums),
        start_char=0,
        end_char=len(document.text),
    )
    strongest = [
        each
        for sign in (1, -1)
        for each in sorted(
            (each for each in sums if sign * each.score >= _MIN_SENTENCE_SCORE),
            key=lambda each: (-abs(each.valence), each.start),
        )[:_MAX_SENTENCES]
    ]
    sentences = tuple(
        Tone(
            scope="sentence",
            score=round(each.score, 4),
            positive_words=each.positive,
            negative_words=each.negative,
            start_char=each.start,
            end_char=each.end,
        )
        for each in sorted(strongest, key=lambda each: each.start)
    )
    return replace(document, tones=(article, *sentences))


def _sums(document: Document) -> Iterator[_Sum]:
    """Yield the sentences that have a toned word."""
    text_words = document.words
    position = 0
    for start, end in document.sentences:
        first = position
        while position < len(text_words) and text_words[position].start < end:
            position += 1
        valences = _valences(document.text, text_words[first:position])
        if valences:
            yield _Sum(
                start=start,
                end=end,
                valence=sum(valences),
                positive=sum(valence > 0 for valence in valences),
                negative=sum(valence < 0 for valence in valences),
            )


def _valences(text: str, own: Sequence[Word]) -> list[float]:
    """Return the valence of each toned word or phrase of a sentence, after negation, intensity and "but"."""
    _, phrases = _table()
    lower = [word.text.lower().replace("’", "'") for word in own]
    found: list[tuple[int, float]] = []
    index = 0
    while index < len(own):
        length, valence = 1, _weight(lower[index])
        for phrase, weight in phrases.get(lower[index], ()):
            if tuple(lower[index : index + len(phrase)]) == phrase:
                valence, length = weight, len(phrase)
                break
        if valence and not _is_name(text, own, index):
            found.append((index, _adjusted(valence, lower, index)))
        index += length
    if "but" in lower:
        but = lower.index("but")
        return [valence * (_BEFORE_BUT if index < but else _AFTER_BUT) for index, valence in found]
    return [valence for _, valence in found]


def _adjusted(valence: float, lower: Sequence[str], index: int) -> float:
    """Return a valence as the words before it change it."""
    sign = math.copysign(1.0, valence)
    negated = False
    for distance, before in enumerate(reversed(lower[max(0, index - _LOOK_BACK) : index])):
        valence += sign * _INTENSIFIERS.get(before, 0.0) * _INTENSITY * _BY_DISTANCE[distance]
        if before in _NEGATIONS or before.endswith("n't"):
            negated = lower[index - distance] != "only"
    if negated:
        valence *= _NEGATED_PRAISE if sign > 0 else _NEGATED_BLAME
    return valence


def _is_name(text: str, own: Sequence[Word], index: int) -> bool:
    """Say whether a word is capitalised where no sentence or quotation starts, or starts one before another such."""
    start, end, _ = own[index]
    if not text[start].isupper():
        return False
    if index and text[start - 1] not in _OPENING_QUOTES:
        return True
    return index + 1 < len(own) and own[index + 1].start == end + 1 and text[end + 1].isupper()


def _normalised(valence: float) -> float:
    return valence / math.sqrt(valence * valence + _ALPHA)


@lru_cache(maxsize=65_536)
def _weight(lower: str) -> float:
    single, _ = _table()
    return single.get(lower) or single.get(word_key(lower), 0.0)


@cache
def _table() -> tuple[dict[str, float], dict[str, tuple[tuple[tuple[str, ...], float], ...]]]:
    """Return what single words weigh, by their forms, and the phrases by their first word, the longest first."""
    single: dict[str, float] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for line in list_lines("tone"):
        kind, listed = line.split(" ", 1)
        weight = float(kind.rstrip("v"))
        for written in listed.split(", "):
            parts = tuple(written.split())
            if len(parts) > 1:
                phrases.setdefault(parts[0], []).append((parts, weight))
                continue
            for form in _forms(written) if kind.endswith("v") else (written, word_key(written)):
                single.setdefault(form, weight)
    longest = {first: tuple(sorted(ways, key=lambda way: -len(way[0]))) for first, ways in phrases.items()}
    return single, longest


def _forms(verb: str) -> set[str]:
    """Return a verb with its regular forms. Of a doubled last consonant both ways are given: one of them is no word."""
    stems = {verb, verb + verb[-1]} if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" else {verb}
    if verb.endswith("e"):
        return {verb, verb + "s", verb + "d", verb[:-1] + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    return {verb, third} | {stem + ending for stem in stems for ending in ("ed", "ing")}
