"""The sentences that stand for a text: its lead and what is central to it.

News puts the summary first: the first two sentences beat graph methods such as LexRank (Erkan and Radev, 2004) on
ROUGE. So the first real sentence always stands, and the next ones are those that lie early and share most with the rest
of the text and its title, as SumBasic weighs it (Nenkova and Vanderwende, 2005). Headings, bylines, captions, calls to
read on and quotations without a speaker are passed over. Sentences are chosen, never changed; a dateline is left
off.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tasks.sense.facts import Document, SummarySentence
from tasks.sense.lexicon import stop_words
from tasks.sense.subjects.terms import word_key
from tasks.text import Sentence, Word, words

_MAX_SENTENCES = 3
_MAX_WORDS = 80
_MIN_WORDS = 5
_CANDIDATES = 8  # sentences from the top that are weighed; later ones tell details
_LEAD, _CENTRAL, _TITLE = 1.0, 0.2, 0.2
_MIN_OF_FIRST = 0.4  # of the score of the first sentence
_MIN_KEY_CHARS = 4  # shorter words are function words in most languages
_NO_SPACES = frozenset("zh ja th lo km my bo".split())  # there two characters count as a word
_ENDS = tuple(".!?…。！？।؟۔")
_CLOSERS = "\"'”’»)]」』"
_OPEN_QUOTES = tuple('"“„«「『')
_NO_SENTENCE = re.compile(
    r"(?:by|photos?|images?|pictured?|pictures|video|watch|listen|read|read more|also read|see also|related|recommended"
    r"|more on this|advertisement|source|credit|caption|file photo|tags|share|editor['’]s note|updated?|published"
    r"|posted|last updated|first published|lesen sie auch|mehr zum thema|fotos?|bild|lire aussi|à lire aussi"
    r"|lea también|lee también|leia também|leggi anche|lees ook|von|par|por|di|door)\s*(?::|\||-\s|–\s|—\s)"
    r"|(?:also read|read more|read also|click here|sign up|subscribe|follow us|follow @|download the|join our"
    r"|get the latest|this story (?:has been|was|is)|this article (?:was|is|has been|originally)|with inputs from"
    r"|image (?:source|credit)|\(?(?:file )?photo (?:by|credit|:)|copyright|all rights reserved|©|we use cookies"
    r"|your browser|javascript|listen to|advertisement|estimated reading time|\d+ min(?:ute)?s? read|log in"
    r"|please enable|skip to|story continues|scroll down|(?:reporting|editing|written|compiled|edited) by"
    r"|strict standards|deprecated:|warning:)",
    re.IGNORECASE,
)
# "AMMAN — ", "BHOPAL: ", "KATHMANDU, April 25 (Reuters) - ", "Hamburg (dpa/lno) – "
_DATELINE = re.compile(
    r"(?:(?:[A-ZÀ-Þ]{3,}[^.!?:\n–—-]{0,50}?|[A-ZÀ-Þ][^.!?:\n()–—-]{2,50}?\([A-Za-z][A-Za-z/ ]{1,20}\))\s*[–—-]{1,2}"
    r"|[A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{2,}){0,3}:)\s+(?=[A-ZÀ-Þ“\"])"
)
_BYLINE = re.compile(r"by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}\Z", re.IGNORECASE)
_AGENCY = r"[(\[|/]\s?(?:AP|AFP|Reuters|Getty|EPA|PA|dpa|File|Photo)\b[^.()\n]{0,40}[)\]]?"
_CREDITED = re.compile(_AGENCY + r"\.?\Z")
_CREDIT_FOLLOWS = re.compile(r"[ \n]" + _AGENCY + r"\.?(?=\n|\Z)")  # then the sentence is a caption
_LEANS = re.compile(
    r"(?:he|she|they|it|his|her|their|its|this|that|these|those|but|however|and|so|or|meanwhile|also|instead|yet|then"
    r"|er|sie|il|elle|ils|él|ella|egli|lei|ele|ela|hij|zij|aber|doch|mais|pero|ma|mas|maar)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:said|says|told|added|according|wrote|tweeted|announced|stated|sagte|sagt|erklärte|déclaré|affirmé|dijo|afirmó"
    r"|detto|disse|zei|zegt)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    index: int  # among the sentences that may stand
    sentence: Sentence
    length: int  # in words
    keys: frozenset[str]


def read_summary(document: Document) -> Document:
    """Fill in one to three sentences of at most 80 words together, in the order of the text.

    The first one stands however long it is. Weights are those by which the sentences were chosen.
    """
    counts: Counter[str] = Counter()
    candidates = _candidates(document, counts)
    if not candidates:
        return document
    title = frozenset(_keys(words(document.title or "")))
    scores = {candidate.index: _score(candidate, counts, title) for candidate in candidates}
    chosen = [candidates[0]]
    length = candidates[0].length
    for candidate in sorted(candidates[1:], key=lambda each: (-scores[each.index], each.index)):
        if len(chosen) == _MAX_SENTENCES:
            break
        leans = _leans(document.text, candidate.sentence)
        if leans and all(each.index != candidate.index - 1 for each in chosen):
            continue
        if length + candidate.length > _MAX_WORDS or scores[candidate.index] < _MIN_OF_FIRST * scores[0]:
            continue
        if any(_repeats(candidate.keys, each.keys) for each in chosen):
            continue
        chosen.append(candidate)
        length += candidate.length
    top = max(scores[each.index] for each in chosen)
    return replace(
        document,
        summary_sentences=tuple(
            SummarySentence(
                rank=rank,
                weight=round(scores[each.index] / top, 4),
                start_char=each.sentence.start,
                end_char=each.sentence.end,
            )
            for rank, each in enumerate(sorted(chosen, key=lambda each: each.index), start=1)
        ),
    )


def _candidates(document: Document, counts: Counter[str]) -> list[_Candidate]:
    """Return the first sentences that may stand; count the content words of the whole text on the way."""
    found: list[_Candidate] = []
    spare: list[_Candidate] = []  # for a text of headings and fragments only
    text, text_words = document.text, document.words
    position = 0
    for start, end in document.sentences:
        first = position
        while position < len(text_words) and text_words[position].start < end:
            position += 1
        own = text_words[first:position]
        keys = _keys(own)
        counts.update(keys)
        if len(found) == _CANDIDATES:
            continue
        length = (end - start) // 2 if document.language in _NO_SPACES else len(own)
        if not found and (dateline := _DATELINE.match(text, start, end)):
            start = dateline.end()
        candidate = _Candidate(index=len(found), sentence=Sentence(start, end), length=length, keys=frozenset(keys))
        if length >= _MIN_WORDS and _may_stand(text, start, end, length):
            found.append(candidate)
        elif not spare and length >= _MIN_WORDS:
            spare.append(candidate)
    return found or spare


def _may_stand(text: str, start: int, end: int, length: int) -> bool:
    """Say whether a sentence is one: no heading, byline, caption, call to read on or quotation without a speaker."""
    surface = text[start:end]
    if surface[0].islower() and surface[:2].islower():  # the rest of a sentence that a list or a break cut
        return False
    bare = surface.rstrip(_CLOSERS)
    if not bare.endswith(_ENDS):
        closes_paragraph = end == len(text) or text[end] == "\n"
        opens_paragraph = start == 0 or text[start - 1] == "\n"
        if closes_paragraph and opens_paragraph and length < 25:
            return False
    if _NO_SENTENCE.match(surface) or _BYLINE.match(surface) or _CREDITED.search(surface, max(0, len(surface) - 60)):
        return False
    if _CREDIT_FOLLOWS.match(text, end):
        return False
    if surface.startswith(_OPEN_QUOTES) and not _SAYS.search(surface):
        return False
    return sum(map(str.isalpha, surface)) > 0.6 * len(surface)


def _score(candidate: _Candidate, counts: Counter[str], title: frozenset[str]) -> float:
    """Return how early, how central and how near to the title a sentence is."""
    lead = 1.0 / (1.0 + candidate.index)
    if not candidate.keys:
        return _LEAD * lead
    heaviest = math.log1p(max(counts.values()))
    central = sum(math.log1p(counts[key] - 1) for key in candidate.keys) / heaviest / (len(candidate.keys) + 3)
    near = len(candidate.keys & title) / len(title) if title else 0.0
    return _LEAD * lead + _CENTRAL * central + _TITLE * near


def _leans(text: str, sentence: Sentence) -> bool:
    """Say whether a sentence starts with a word that leans on the one before, or is a quotation."""
    return _LEANS.match(text, sentence.start, sentence.end) is not None or text[sentence.start] in '"“„«'


def _repeats(keys: frozenset[str], others: frozenset[str]) -> bool:
    return bool(keys) and len(keys & others) > 0.7 * min(len(keys), len(others))


def _keys(text_words: Sequence[Word]) -> list[str]:
    return [key for word in text_words if (key := _key(word.text))]


@lru_cache(maxsize=65_536)
def _key(word: str) -> str | None:
    """Fold a content word; None for a function word."""
    if len(word) < _MIN_KEY_CHARS or word.lower() in stop_words():
        return None
    return word_key(word)
