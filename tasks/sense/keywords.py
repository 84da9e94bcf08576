"""What a text is about, in a few terms: its entities and its noun phrases, ranked.

Phrases are runs of words between stop words and punctuation, as in RAKE (Rose et al., "Automatic keyword extraction
from individual documents", 2010); the weight is frequency, damped, times how early and how long the term is. Calendar
words, numbers and reporting verbs are never keywords. No mention or entity is made here.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tasks.sense.facts import Document, Entity, Keyword, Mention
from tasks.sense.lexicon import CALENDAR, REPORTING_VERBS, stop_words
from tasks.text import SpanSet, Word

_MAX_KEYWORDS = 12
_MAX_PHRASE_WORDS = 3
_ENTITY_BOOST = 1.6
_TOO_GENERAL = frozenset(
    "will new good great percent cent year years month months week weeks day days time people part way".split()
)
_NO_SPACES = frozenset("zh ja th lo km my bo".split())  # a "word" there is a clause


def read_keywords(document: Document) -> Document:
    """Fill in the keywords."""
    found = find_keywords(
        document.text, document.words, document.mentions, document.entities, document.language
    )
    return replace(document, keywords=tuple(found))


def find_keywords(text: str, words: Sequence[Word], mentions: Sequence[Mention], entities: Sequence[Entity],
                  language: str) -> list[Keyword]:
    """Return at most twelve keywords, the heaviest (weight 1) first."""
    first: dict[str, tuple[int, int]] = {}
    count: dict[str, float] = defaultdict(float)
    name = {entity.key: entity.name for entity in entities if entity.label != "NORP"}
    for mention in mentions:
        term = name.get(mention.entity)
        if term is not None:
            count[term] += _ENTITY_BOOST
            first.setdefault(term, (mention.start_char, mention.end_char))
    named = SpanSet((mention.start_char, mention.end_char) for mention in mentions)
    parts_of_names = {part for term in count for part in term.lower().split()}
    for start, end in _phrases(text, words, named, language) if language not in _NO_SPACES else ():
        term = text[start:end].lower()
        if term in parts_of_names:
            continue
        count[term] += 1.0
        first.setdefault(term, (start, end))
    length = max(1, len(text))
    weights = {
        term: math.log1p(times) * (1.0 + 0.5 * (len(term.split()) > 1)) * (1.3 - min(1.0, first[term][0] / length))
        for term, times in count.items()
        if times > 1 or " " in term
    }
    best = sorted(weights.items(), key=lambda item: (-item[1], first[item[0]]))[:_MAX_KEYWORDS]
    top = best[0][1] if best else 1.0
    return [Keyword(term=term, weight=round(weight / top, 4), start_char=first[term][0], end_char=first[term][1])
            for term, weight in best]


def _phrases(text: str, words: Sequence[Word], named: SpanSet, language: str) -> list[tuple[int, int]]:
    """Return the spans of the runs of content words, outside names."""
    never = stop_words() | CALENDAR | REPORTING_VERBS | _TOO_GENERAL if language == "en" else frozenset()
    minimum = 3 if language == "en" else 5  # without a stop list the short words are the function words
    found: list[tuple[int, int]] = []
    run: list[Word] = []

    def close() -> None:
        if 0 < len(run) <= _MAX_PHRASE_WORDS:
            found.append((run[0].start, run[-1].end))
        elif run:
            found.append((run[-2].start, run[-1].end))
        run.clear()

    for word in words:
        lower = word.text.lower()
        content = (len(lower) >= minimum and lower not in never and not lower[0].isdigit()
                   and not named.overlaps(word.start, word.end)
                   and not (language == "en" and lower.endswith(("ed", "ly"))))
        if run and (not content or text[run[-1].end : word.start] != " "):
            close()
        if content:
            run.append(word)
    close()
    return found
