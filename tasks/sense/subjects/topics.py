"""What subjects of the IPTC Media Topics a text is about.

Evidence is a list of weighted terms for each subject of the two upper levels (``lists/topics.txt``), where they stand
(title, first paragraph, body) and what the page calls its section and its tags. A term that stands for several subjects
speaks less for each, and one that is part of a person's or a place's name for none. English text is read by its terms;
text in another language by its section and tags alone. Codes and names are those of the IPTC's NewsCodes of 2022.

No name is recognised here, and a subject that the evidence does not carry is left out, not guessed.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tasks.sense.facts import Document, Topic
from tasks.sense.lexicon import list_lines
from tasks.sense.subjects.terms import Term, find_terms, subjects
from tasks.text import SpanSet, unaccented, words

_TITLE, _LEAD, _BODY = 3.0, 2.0, 1.0  # what one occurrence counts, by where it stands
_LEAD_CHARS = 400
_SECTION, _TAG = 20.0, 5.0  # what a section or a tag that names a subject counts
_LEVELS = ((1, 3), (2, 4))
_MIN_SCORE = {1: 10.0, 2: 8.0}  # points per length of text; below it a subject is left out
_MIN_OF_BEST = {1: 0.65, 2: 0.5}
_MIN_PARENT_SHARE = 0.4  # of its parent's score that a second-level subject must have
_HALF_SURE = 9.0  # points at which the evidence is half convincing
_LENGTH_EXPONENT = 0.5
_WORDS_OF_UNIT = 200  # in a text of so many words a point is a point
_TAG_TERM_WEIGHT = 1.0
_SPLIT = re.compile(r"\s*[>/|»:;,_›·]\s*|\s+[–—-]\s+")


def read_topics(document: Document) -> Document:
    """Fill in at most three subjects of the first level and four of the second, the surest first."""
    scores: dict[str, float] = dict.fromkeys(subjects(), 0.0)
    best: dict[str, tuple[float, int, int]] = {}
    if document.language == "en":
        _weigh_terms(document, scores, best)
    _weigh_labels(document, scores)
    if not document.sentences:
        return document
    first = (0.0, document.sentences[0].start, document.sentences[0].end)
    found = tuple(
        Topic(
            code=code,
            name=subjects()[code].name,
            level=subjects()[code].level,
            confidence=confidence,
            start_char=best.get(code, first)[1],
            end_char=best.get(code, first)[2],
        )
        for code, confidence in _choose(scores)
    )
    return replace(document, topics=found)


def _choose(scores: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the codes that the scores carry, first level first, and how sure each is."""
    kept: set[str] = set()
    for level, most in _LEVELS:
        ranked = sorted(
            ((score, code) for code, score in scores.items() if score and subjects()[code].level == level),
            key=lambda item: (-item[0], item[1]),
        )
        if level == 2:
            ranked = [
                (score, code)
                for score, code in ranked
                if (parent := subjects()[code].parent) in kept and score >= _MIN_PARENT_SHARE * scores[parent]
            ]
        taken = [
            (score, code)
            for score, code in ranked[:most]
            if score >= max(_MIN_SCORE[level], _MIN_OF_BEST[level] * ranked[0][0])
        ]
        runner_up = next((score for score, _ in ranked[len(taken) :]), 0.0)
        for score, code in taken:
            kept.add(code)
            yield code, round(score / (score + _HALF_SURE) * (1.0 - 0.25 * runner_up / score), 3)


def _weigh_terms(document: Document, scores: dict[str, float], best: dict[str, tuple[float, int, int]]) -> None:
    """Add what the terms of title, text and tags count; note the span in the text that counts most per subject."""
    counts: dict[int, float] = {}
    spans: dict[int, tuple[int, int]] = {}
    hit: dict[int, Term] = {}
    named = SpanSet(
        (mention.start_char, mention.end_char) for mention in document.mentions if mention.label in ("PERSON", "PLACE")
    )
    lead_end = next((end for start, end in document.sentences if end >= _LEAD_CHARS), 0) or len(document.text)
    for term, start, end in find_terms(document.words):
        if term.text is None and document.text[start].isupper() and named.overlaps(start, end):
            continue
        counts[term.number] = counts.get(term.number, 0.0) + (_LEAD if start < lead_end else _BODY)
        spans.setdefault(term.number, (start, end))
        hit[term.number] = term
    for text, weight in ((document.title or "", _TITLE), (" . ".join(document.tags), _TAG_TERM_WEIGHT)):
        for term, _, _ in find_terms(words(text)):
            counts[term.number] = counts.get(term.number, 0.0) + weight
            hit[term.number] = term
    unit = max(1.0, len(document.words) / _WORDS_OF_UNIT) ** _LENGTH_EXPONENT
    for number, term in hit.items():
        damped = (1.0 + math.log(counts[number])) / unit
        for code, weight in term.subjects:
            points = weight * damped
            scores[code] += points
            if number in spans and points > best.get(code, (0.0, 0, 0))[0]:
                best[code] = (points, *spans[number])


def _weigh_labels(document: Document, scores: dict[str, float]) -> None:
    """Add what the page's section and tags count where their names are those of a subject."""
    for label, weight in ((document.section, _SECTION), *((tag, _TAG) for tag in document.tags)):
        named = {code for part in _parts(label or "") for code in _sections().get(part, ())}
        for code in named | {subjects()[code].parent for code in named}:
            scores[code] += weight


def _parts(label: str) -> set[str]:
    """Return a section's name and its parts ("Sport > Football"), folded: lower case, no accents."""
    bare = unaccented(label).casefold().strip()
    return {bare, *_SPLIT.split(bare)}


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in list_lines("topic_sections"):
        code, names = line.split("\t")
        for name in names.split(", "):
            table[name] = (*table.get(name, ()), code)
    return table
