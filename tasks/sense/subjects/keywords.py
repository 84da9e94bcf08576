"""What a text is about, in a few terms: its entities, terms of known subjects and noun phrases, ranked.

Phrases are runs of words between stop words and punctuation, as in RAKE (Rose et al., "Automatic keyword extraction
from individual documents", 2010), without verbs; the weight grows with frequency, damped, with an early place (Florescu
and Caragea, "PositionRank", 2017) and with the title. Calendar words, numbers, verbs, bylines and news agencies are
never keywords, no keyword is part of another, and singular and plural are one. No mention or entity is made here.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import Stemmer

from tasks.sense.facts import Document, Keyword
from tasks.sense.lexicon import CALENDAR, REPORTING_VERBS, common_words, demonyms, list_lines, stop_words
from tasks.sense.subjects.terms import find_terms, word_key
from tasks.text import SpanSet, Word, words

_MAX_KEYWORDS = 12
_MAX_PHRASE_WORDS = 3
_MIN_WEIGHT = 0.25  # of the heaviest; lighter ones say little
_LEAD_CHARS = 400
_LEAD, _TITLE = 1.5, 2.0  # what an occurrence in the lead and one in the title count
_ENTITY = {"PERSON": 1.5, "ORG": 1.4, "PLACE": 1.1, "EVENT": 1.4, "LAW": 1.4, "PRODUCT": 1.3}  # by label
_KNOWN_TERM, _SEVERAL_WORDS, _COMMON_WORD = 1.3, 1.35, 0.55
_MIN_KNOWN_WEIGHT = 2.0  # of a term of subjects that is known to say something by itself
_REPLACES = 0.4  # a phrase stands for its part when it is this often as frequent
_MAX_GRAM = 5
_AGENCIES = frozenset(
    "Reuters AFP AP PTI ANI IANS UNI Xinhua DPA dpa EFE ANSA TASS Interfax Bloomberg Kyodo Yonhap Bernama Antara APA"
    " IPS UPI CNA ATS Belga TT NTB Ritzau KUNA SANA WAM SPA MENA NAN SAPA AAP PA".split()
) | {"Associated Press", "The Associated Press", "Agence France-Presse", "Thomson Reuters", "Getty Images", "Getty"}
_MIN_AGENCY_MENTIONS = 3  # from here on the text is about it
_CREDIT = re.compile(r"(?:\b(?:By|Reporting by|Editing by|Written by|Photo|Photo by|Image|Credit)|©)[:\s]+\Z")
_OFFICES = frozenset(
    "president,minister,secretary,chancellor,governor,senator,mayor,executive,chairman,director,manager,spokesman,"
    "official,officer,chief,leader,ceo,captain,judge,analyst,expert,customer,company,firm,government,counterpart,"
    "champion,winner,deputy,commissioner,business,ministry,cabinet,industry,mp".split(",")
)  # what almost every article has; whose or which it is says more
_ELIDED = re.compile(r"(?:(?:qu|lorsqu|puisqu|jusqu|[ldnscjmt])|(?:de|a|ne|su|da)ll|quell|quest|un)['’]", re.IGNORECASE)
_NO_SPACES = frozenset("zh ja th lo km my bo".split())  # a "word" there is a clause
_STEMMERS = {
    "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch",
    "sv": "swedish", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "da": "danish", "fi": "finnish",
    "hu": "hungarian", "ro": "romanian", "ru": "russian", "tr": "turkish",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Candidate:
    """A term while it is counted; ``keys`` are its folded words."""

    keys: tuple[str, ...]
    factor: float
    start: int
    end: int
    count: float = 0.0
    times: int = 0
    name: str | None = None  # of an entity
    keeps_case: bool = False
    surfaces: dict[str, int] = field(default_factory=dict)


def read_keywords(document: Document) -> Document:
    """Fill in at most twelve keywords, the heaviest (weight 1) first."""
    if document.language in _NO_SPACES:
        fold: Callable[[str], str] = str.lower
    else:
        fold = word_key if document.language == "en" else _stemmer(document.language)
    candidates: dict[tuple[str, ...], _Candidate] = {}
    keys_of_names: dict[str, tuple[str, ...]] = {}
    for name, factor, start, end in _names(document):
        if name not in keys_of_names:
            keys_of_names[name] = tuple(fold(word.text) for word in words(name)) or (name.lower(),)
        _count(candidates, document.text[start:end], keys_of_names[name], factor, start, end, name)
    named = SpanSet((mention.start_char, mention.end_char) for mention in document.mentions)
    if document.language == "en":
        phrases: Iterable[tuple[int, int, float]] = _english_phrases(document, named)
    elif document.language in _NO_SPACES:
        phrases = ()
    else:
        phrases = _foreign_phrases(document, named)
    for start, end, factor in phrases:
        surface = document.text[start:end]
        keys = tuple(fold(part) for part in surface.split())
        _count(candidates, surface, keys, factor, start, end, None, document.language == "de")
    title = _grams([fold(word.text) for word in words(document.title or "")])
    weights = {
        keys: weight
        for keys, candidate in candidates.items()
        if (weight := _weight(candidate, keys in title, len(document.text)))
    }
    chosen = _without_parts(candidates, weights)
    top = weights[chosen[0]] if chosen else 1.0
    found = tuple(
        Keyword(
            term=_written(candidates[keys]),
            weight=round(weights[keys] / top, 4),
            start_char=candidates[keys].start,
            end_char=candidates[keys].end,
        )
        for keys in chosen
        if weights[keys] >= _MIN_WEIGHT * top
    )
    return replace(document, keywords=found)


def _count(
    candidates: dict[tuple[str, ...], _Candidate], surface: str, keys: tuple[str, ...], factor: float, start: int,
    end: int, name: str | None, keeps_case: bool = False
) -> None:  # fmt: skip
    candidate = candidates.get(keys)
    if candidate is None:
        candidate = candidates[keys] = _Candidate(
            keys=keys, factor=factor, start=start, end=end, name=name, keeps_case=keeps_case
        )
    if start < candidate.start:
        candidate.start, candidate.end = start, end
    candidate.factor = max(candidate.factor, factor)
    candidate.count += _LEAD if start < _LEAD_CHARS else 1.0
    candidate.times += 1
    candidate.surfaces[surface] = candidate.surfaces.get(surface, 0) + 1


def _weight(candidate: _Candidate, in_title: bool, length: int) -> float:
    """Return what a candidate weighs, 0 where it is too rare for its kind."""
    times = candidate.times + in_title
    several = len(candidate.keys) > 1
    if candidate.name is None and candidate.factor < _KNOWN_TERM and times < (2 if several else 3):
        return 0.0
    if candidate.name is None and not several and times < 2:
        return 0.0
    weight = math.log1p(candidate.count + _TITLE * in_title) * candidate.factor
    if several and candidate.name is None:
        weight *= _SEVERAL_WORDS
    return weight * (1.25 - 0.5 * candidate.start / max(1, length))


def _without_parts(
    candidates: dict[tuple[str, ...], _Candidate], weights: dict[tuple[str, ...], float]
) -> list[tuple[str, ...]]:
    """Return the heaviest candidates, none of which holds all words of another.

    Of a phrase and its part the phrase stays where it is frequent, in the heavier one's place; else the part does.
    """
    chosen: list[tuple[str, ...]] = []
    for keys in sorted(weights, key=lambda each: (-weights[each], candidates[each].start)):
        if len(chosen) >= _MAX_KEYWORDS:
            break
        own = set(keys)
        if any(own <= set(other) for other in chosen):
            continue
        part = next((index for index, other in enumerate(chosen) if set(other) < own), None)
        if part is None:
            chosen.append(keys)
            continue
        shorter = candidates[chosen[part]]
        if candidates[keys].count >= _REPLACES * shorter.count:
            weights[keys] = weights[chosen[part]]
            chosen[part] = keys
            chosen = [each for each in chosen if each == keys or not set(each) < own]
    return chosen


def _written(candidate: _Candidate) -> str:
    """Return an entity's name, or a phrase as it is written most, in lower case where that is ever done."""
    if candidate.name is not None:
        return candidate.name
    lower = {surface: times for surface, times in candidate.surfaces.items() if surface == surface.lower()}
    written = lower or candidate.surfaces
    surface = max(written, key=lambda each: written[each])
    if candidate.keeps_case or (not lower and candidate.times > 1):
        return surface
    return " ".join(
        part if part in demonyms() or part[1:] != part[1:].lower() else part.lower() for part in surface.split()
    )


def _names(document: Document) -> Iterator[tuple[str, float, int, int]]:
    """Yield the mentions of entities that may be keywords: name, factor, span. No people as such, no credits."""
    entities = {entity.key: entity for entity in document.entities}
    credited = {
        mention.entity
        for mention in document.mentions
        if mention.label == "PERSON"
        and _CREDIT.search(document.text, max(0, mention.start_char - 20), mention.start_char)
    }
    times = Counter(mention.entity for mention in document.mentions)
    for mention in document.mentions:
        entity = entities.get(mention.entity)
        if entity is None or entity.label not in _ENTITY or entity.key in credited:
            continue
        if entity.name in _AGENCIES and times[entity.key] < _MIN_AGENCY_MENTIONS:
            continue
        if document.language == "en" and all(part.lower() in CALENDAR for part in entity.name.split()):
            continue
        name = entity.name if document.language == "en" else mention.surface  # names of countries are English
        yield name, _ENTITY[entity.label], mention.start_char, mention.end_char


def _english_phrases(document: Document, named: SpanSet) -> Iterator[tuple[int, int, float]]:
    """Yield the spans of terms of known subjects and of runs of content words, outside names, with their factors."""
    text = document.text
    known: list[tuple[int, int]] = []
    for term, start, end in find_terms(document.words):
        several = bool(term.keys)
        if term.heaviest < _MIN_KNOWN_WEIGHT or named.overlaps(start, end):
            continue
        parts = text[start:end].lower().split()
        if (
            end - start <= 3
            or not parts[0][0].isalpha()
            or parts[0] in _breaks()
            or parts[-1] in _breaks()
            or parts[-1].endswith(("ed", "ly"))
        ):
            continue
        if _is_office(parts) or (not several and parts[0] in _never_alone()):
            continue
        if several:
            known.append((start, end))
        yield start, end, _KNOWN_TERM if several or parts[0] not in common_words() else _COMMON_WORD
    taken = SpanSet(known)
    for run in _runs(document, lambda word: _is_english_content(word.text) and not (
            named.overlaps(word.start, word.end) or taken.overlaps(word.start, word.end))):  # fmt: skip
        if len(run) > 1 and not _is_office([run[-1].text.lower()]):
            yield run[0 if len(run) <= _MAX_PHRASE_WORDS else -2].start, run[-1].end, 1.0
        only = run[-1]
        lower = only.text.lower()
        if len(lower) > 3 and lower not in common_words() and lower not in _never_alone() and lower[-3:] != "ing":
            yield only.start, only.end, _COMMON_WORD if len(run) > 1 else 1.0


def _is_office(parts: list[str]) -> bool:
    """Say whether a phrase is an office or title: whose it is says more."""
    return parts[-1].removesuffix("s") in _OFFICES or " ".join(parts).removesuffix("s") in _OFFICES


@lru_cache(maxsize=65_536)
def _is_english_content(word: str) -> bool:
    lower = word.lower().replace("’", "'")
    if len(lower) < 3 or not lower[0].isalpha() or lower in _breaks():
        return False
    return not lower.endswith(("ed", "ly"))


def _foreign_phrases(document: Document, named: SpanSet) -> Iterator[tuple[int, int, float]]:
    """Yield the spans of the runs of content words by a stop list, or of long words where there is none.

    Of German, where nouns are capitalised, nouns alone and nouns after one other word.
    """
    stops = _foreign_stop_words().get(document.language)
    minimum = 4 if stops else 6  # without a list the short words are the function words
    nouns_only = document.language == "de"

    def is_content(word: Word) -> bool:
        return (
            len(word.text) >= minimum
            and word.text[0].isalpha()
            and word.text.lower().replace("’", "'") not in (stops or ())
            and not named.overlaps(word.start, word.end)
        )

    for run in _runs(document, is_content):
        for index, word in enumerate(run):
            if nouns_only and not word.text[0].isupper():
                continue
            start = word.start
            if elided := _ELIDED.match(word.text):
                start += elided.end()
            if word.end - start >= minimum:
                yield start, word.end, 1.0
            if index and (nouns_only or len(run) == 2):
                yield run[index - 1].start, word.end, 1.0


def _runs(document: Document, is_content: Callable[[Word], bool]) -> Iterator[list[Word]]:
    """Yield the runs of content words that nothing but one space parts."""
    run: list[Word] = []
    for word in document.words:
        content = is_content(word)
        if run and (not content or document.text[run[-1].end : word.start] != " "):
            yield run
            run = []
        if content:
            run.append(word)
    if run:
        yield run


def _grams(keys: list[str]) -> set[tuple[str, ...]]:
    """Return all runs of up to five keys."""
    return {
        tuple(keys[first:after])
        for first in range(len(keys))
        for after in range(first + 1, min(first + _MAX_GRAM, len(keys)) + 1)
    }


@cache
def _breaks() -> frozenset[str]:
    """Words that no English key phrase holds."""
    listed = {word for line in list_lines("keyword_breaks") for word in line.split()}
    return stop_words() | CALENDAR | REPORTING_VERBS | listed


@cache
def _never_alone() -> frozenset[str]:
    """Words that are English keywords only within a phrase."""
    return frozenset(word for line in list_lines("keyword_never_alone") for word in line.split())


@cache
def _foreign_stop_words() -> dict[str, frozenset[str]]:
    """Stop words by ISO 639-1 code."""
    table = {}
    for line in list_lines("stop_words_foreign"):
        code, listed = line.split("\t")
        table[code] = frozenset(listed.split())
    return table | {"nb": table["no"], "nn": table["no"]}


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    """Return what folds a word of a language: its Snowball stemmer, or lower case where there is none."""
    if language not in _STEMMERS:
        return str.lower
    stem = Stemmer.Stemmer(_STEMMERS[language]).stemWord
    return lambda word: stem(word.lower())
