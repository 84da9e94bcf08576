"""Who said what: direct quotations with their speaker, and plain indirect speech ("Singh said that ...").

Direct quotations are found by their marks in any language; speakers, and all indirect speech, only in English. A
speaker is one of the mentions that were found before; "he", "she", "they" and "the post" go to whoever spoke last, else
to the person the sentence before is about. No mention is made here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.sense.facts import Document, Mention, Quote
from tasks.sense.lexicon import REPORTING_VERBS
from tasks.text import Sentence, SpanSet, Word, paragraphs

# An apostrophe closes nothing: "‘It’s over,’ he said".
_CLOSING = {opener: re.compile(closer) for opener, closer in (
    ("“", "”"), ("«", "»"), ("„", "[“”]"), ("‘", r"’(?!\w)"), ("「", "」"), ("『", "』"), ('"', '"'), ("»", "«"))}
_MARK = re.compile(r"[“«„‘「『\"»]")
_MAX_QUOTE_CHARS = 4_000
_MIN_WORDS_WITHOUT_SPEAKER = 4
_WINDOW_CHARS = 260
_SPEAKERS = ("PERSON", "ORG", "PLACE", "NORP")
_PRONOUNS = frozenset("he she they".split())
_PAPERS = frozenset("post tweet statement message letter caption note email release communique communiqué read".split())
_PREPOSITIONS = frozenset(
    "of with to by from in at on over for against about between and near including like than as".split()
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*\s|\n")
_CLAUSE_OPENERS = frozenset(
    "the it he she they there his her its their a an this that these those we such more most all both no some any many"
    " if while when although despite".split()
)
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Aa]s per)\s(?:the\s)?")
_LED_IN_QUOTATION = re.compile(r"[,:]\s[“\"„«‘]")
_THAT = re.compile(r"[^.!?“\"\n]{0,60}?\bthat\s")
_INDIRECT_VERBS = frozenset(
    "said says stated states added adds announced claimed claims explained insisted argued argues warned warns noted"
    " declared believes believed acknowledged admitted alleged stressed emphasised emphasized reiterated maintained"
    " confirmed denied revealed told predicted suggested suggests observed testified asserted contended".split()
)
_BARE_VERBS = frozenset("said says added believes claims claimed argued insisted admitted noted".split())


@dataclass(frozen=True, slots=True)
class _Speech:
    """A stretch of someone's words before its speaker is known. ``outer``: the stretch with its marks."""

    start: int
    end: int
    outer: tuple[int, int]
    kind: str
    speaker: Mention | None = None
    verb: str | None = None
    continued: bool = False  # opens a paragraph whose predecessor's quotation was left open


def read_quotes(document: Document) -> Document:
    """Fill in the quotations."""
    found = find_quotes(document.text, document.words, document.sentences, document.mentions, document.language)
    return replace(document, quotes=tuple(replace(quote, number=n) for n, quote in enumerate(found, start=1)))


def find_quotes(text: str, words: Sequence[Word], spans: Sequence[Sentence], mentions: Sequence[Mention],
                language: str) -> list[Quote]:
    """Return the quotations of ``text`` in order of their start."""
    direct = list(_direct(text))
    if language != "en":
        long = [speech for speech in direct if _word_count(text, speech) >= _MIN_WORDS_WITHOUT_SPEAKER]
        return [_quote(text, speech, None, None, 0.5) for speech in long]
    inside = SpanSet(speech.outer for speech in direct)
    finder = _SpeakerFinder(text, words, mentions, inside)
    indirect = list(_indirect(text, finder, spans))
    found: list[Quote] = []
    last: Mention | None = None
    previous: _Speech | None = None
    for speech in sorted([*direct, *indirect], key=lambda item: item.start):
        if speech.kind == "indirect":
            speaker, verb, confidence = speech.speaker, speech.verb, 0.65
            if speaker is None:
                speaker, confidence = finder.antecedent(speech.outer[0], last), 0.45
            if speaker is None:
                continue
        else:
            speaker, verb, confidence = finder.attribute(speech, last)
            if speaker is None and previous is not None and last is not None and _carries_on(text, previous, speech):
                speaker, verb, confidence = last, None, 0.55
            if speaker is None and verb is None and _word_count(text, speech) < _MIN_WORDS_WITHOUT_SPEAKER:
                continue
        found.append(_quote(text, speech, speaker, verb, confidence))
        if speaker is not None:
            last = speaker
            previous = speech
    return found


def _direct(text: str) -> Iterator[_Speech]:
    """Yield quotations by their marks; none crosses the end of a paragraph."""
    was_open = False
    searched: dict[str, int] = {}
    for start, end in paragraphs(text):
        position, opened_before = start, was_open
        was_open = False
        while (match := _MARK.search(text, position, end)) is not None:
            mark = match.start()
            closing = _closing(text, mark, end, searched)
            if closing is None:
                position = mark + 1
                # Left open at the end of its paragraph: it goes on in the next. A straight mark may also be an inch.
                if end - mark <= _MAX_QUOTE_CHARS and (text[mark] in "“„«" or text[mark] == '"' and mark == start):
                    yield _Speech(mark + 1, end, (mark, end), "direct", continued=opened_before and mark == start)
                    was_open, position = True, end
                continue
            position = closing + 1
            first, last = _trimmed(text, mark + 1, closing)
            if first < last:
                yield _Speech(first, last, (mark, closing + 1), "direct", continued=opened_before and mark == start)


def _closing(text: str, mark: int, end: int, searched: dict[str, int]) -> int | None:
    """Return where the quotation opened at ``mark`` closes, or None.

    ``searched`` remembers per opener up to where no closing mark stands, so that a page of openers costs one pass.
    """
    opener, limit = text[mark], min(end, mark + _MAX_QUOTE_CHARS)
    before = text[mark - 1] if mark else " "
    if opener in "‘\"" and before.isalnum():
        return None
    if opener == "»" and (before.isalnum() or before in ".,!?"):
        return None
    pattern = _CLOSING[opener]
    position = max(mark + 1, searched.get(opener, 0))
    match = pattern.search(text, position, limit) if position < limit else None
    if match is None:
        searched[opener] = max(limit, searched.get(opener, 0))
        return None
    searched[opener] = match.start()
    return match.start()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _SpeakerFinder:
    """Looks for who speaks around a stretch of words: mentions outside quotations, and the reporting verbs."""

    def __init__(self, text: str, words: Sequence[Word], mentions: Sequence[Mention], inside: SpanSet) -> None:
        self.text = text
        self.words = words
        self.inside = inside
        self.word_starts = [word.start for word in words]
        self.mentions = [m for m in mentions if m.label in _SPEAKERS and not inside.overlaps(m.start_char, m.end_char)]
        self.starts = [mention.start_char for mention in self.mentions]

    def between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that lie within a span."""
        found = []
        for index in range(bisect_left(self.starts, start), len(self.mentions)):
            if self.mentions[index].end_char > end:
                break
            found.append(self.mentions[index])
        return found

    def words_between(self, start: int, end: int) -> list[Word]:
        """Return the words that lie within a span."""
        return list(self.words[bisect_left(self.word_starts, start) : bisect_left(self.word_starts, end)])

    def antecedent(self, position: int, last: Mention | None) -> Mention | None:
        """Return whom a pronoun at ``position`` most likely means: who spoke last nearby, else a person before."""
        index = bisect_left(self.starts, position)
        near = [m for m in self.mentions[max(0, index - 12) : index] if m.label == "PERSON"]
        if last is not None and (not near or last.start_char >= near[-1].start_char - 600):
            return last
        if not near:
            return None
        # The first person of the latest sentence that names one is its subject more often than the last is.
        latest = near[-1].start_char
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text, max(0, latest - 400), latest)]
        border = ends[-1] if ends else 0
        return next(m for m in near if m.start_char >= border or m is near[-1])

    def attribute(self, speech: _Speech, last: Mention | None) -> tuple[Mention | None, str | None, float]:
        """Return speaker, verb and confidence of a direct quotation, from the rest of its sentence."""
        after, before = self._clause_after(speech), self._clause_before(speech)
        # Words quoted inside a sentence belong to what leads up to them; a quotation that opens one, to what follows.
        led_up_to = bool(self.words_between(*before))
        verb = None
        for clause, follows in ((before, False), (after, True)) if led_up_to else ((after, True),):
            speaker, found_verb = self._subject(*clause, last, follows=follows)
            if speaker is not None:
                return speaker, found_verb, 0.85 if follows else 0.8
            verb = verb or found_verb
        return None, verb, 0.4

    def _clause_after(self, speech: _Speech) -> tuple[int, int]:
        start = speech.outer[1]
        end = min(len(self.text), start + _WINDOW_CHARS)
        # A full sentence inside the marks ends there, unless its attribution follows in lower case or with a verb.
        match = _SENTENCE_END.search(self.text, start, end)
        if match:
            end = match.start()
        following = self.text.find("“", start, end)
        if following > 0:
            end = following
        if self.text[speech.end - 1 : speech.end] in (".", "…") and self.text[start : start + 2] != ", ":
            return start, start
        return start, end

    def _clause_before(self, speech: _Speech) -> tuple[int, int]:
        end = speech.outer[0]
        start = max(0, end - _WINDOW_CHARS)
        for match in _SENTENCE_END.finditer(self.text, start, end):
            start = match.end()
        closing = max(self.text.rfind("”", start, end), self.text.rfind('"', start, end))
        return max(start, closing + 1), end

    def _subject(self, start: int, end: int, last: Mention | None, *,
                 follows: bool) -> tuple[Mention | None, str | None]:
        """Find the reporting verb of a clause and its subject."""
        if start >= end:
            return None, None
        according = _ACCORDING.search(self.text, start, end)
        if according:
            told = self.between(according.end(), end)
            if told and told[0].start_char - according.end() < 60:
                return told[0], "according to"
        words = self.words_between(start, end)
        verbs = [word for word in words if word.text.lower() in REPORTING_VERBS]
        if not verbs:
            return None, None
        inside = self.between(start, end)
        first = verbs[0]
        verb = first if follows else verbs[-1]
        preceding = [m for m in inside if m.end_char <= first.start]
        previous = next((word for word in reversed(words) if word.start < first.start), None)
        if previous is not None and previous.text.lower() in _PRONOUNS:
            return self.antecedent(previous.start, last), verb.text.lower()
        if previous is not None and previous.text.lower() in _PAPERS and last is not None:
            return last, verb.text.lower()
        if preceding:
            return self._best(preceding, first, start), verb.text.lower()
        if follows:
            told = [m for m in inside if m.start_char >= first.end]
            if told and told[0].start_char - first.end < 80 and told[0].label != "NORP":
                persons = [m for m in told if m.label == "PERSON" and m.start_char - first.end < 120]
                return persons[0] if persons else told[0], verb.text.lower()
        if not follows:
            pronouns = [word for word in words if word.text.lower() in _PRONOUNS and word.start < first.start]
            if pronouns:
                return self.antecedent(pronouns[0].start, last), verb.text.lower()
        return None, verb.text.lower()

    def _best(self, preceding: list[Mention], verb: Word, start: int) -> Mention:
        nearest = preceding[-1]
        between = self.text[nearest.end_char : verb.start]
        if len(between) <= 12 and "," not in between and nearest.label != "NORP":
            return nearest
        free = [m for m in preceding if m.label == "PERSON" and self._word_before(m.start_char) not in _PREPOSITIONS]
        if free:
            return free[0]
        subjects = [m for m in preceding if self._word_before(m.start_char) not in _PREPOSITIONS and m.label != "NORP"]
        return subjects[0] if subjects else nearest

    def _word_before(self, position: int) -> str:
        index = bisect_left(self.word_starts, position)
        return self.words[index - 1].text.lower() if index else ""


def _indirect(text: str, finder: _SpeakerFinder, spans: Sequence[Sentence]) -> Iterator[_Speech]:
    """Yield "X said (that) CLAUSE", "According to X, CLAUSE" and "CLAUSE, X said" outside quotation marks."""
    for start, end in spans:
        if finder.inside.overlaps(start, start + 1):
            continue
        # A quotation after a comma or colon is a speech of its own; words quoted in passing belong to the clause.
        led_in = _LED_IN_QUOTATION.search(text, start, end)
        stop = led_in.start() if led_in else end
        while stop > start and (text[stop - 1].isspace() or text[stop - 1] in ".!?,:;"):
            stop -= 1
        if stop - start < 20:
            continue
        according = _ACCORDING.match(text, start, stop)
        if according:
            told = finder.between(according.end(), stop)
            near = bool(told) and told[0].start_char - according.end() < 60
            comma = text.find(", ", told[0].end_char, min(stop, told[0].end_char + 62)) if near else -1
            if comma > 0:
                verb = text[start : according.end()].lower().removesuffix("the ").strip()
                yield _Speech(comma + 2, stop, (start, stop), "indirect", told[0], verb)
            continue
        yield from _said_that(text, finder, start, stop, end)


def _said_that(text: str, finder: _SpeakerFinder, start: int, stop: int, end: int) -> Iterator[_Speech]:
    words = finder.words_between(start, stop)
    for index, word in enumerate(words):
        verb = word.text.lower()
        if verb not in _INDIRECT_VERBS or index == 0:
            continue
        subject = words[index - 1].text.lower()
        preceding = finder.between(start, word.start)
        near = bool(preceding) and word.start - preceding[-1].end_char <= 2
        pronoun = subject in _PRONOUNS
        speaker = preceding[-1] if near else None
        if not near and not pronoun:
            if not preceding or "," not in text[preceding[-1].end_char : word.start] and subject != "has":
                continue
            speaker = finder._best(preceding, word, start)
        clause = _clause_start(text, word, words[index + 1 : index + 2], verb, stop)
        if clause is not None and stop - clause > 15:
            yield _Speech(clause, stop, (words[index - 1].start if pronoun else start, stop), "indirect", speaker, verb)
        else:
            border = (speaker.start_char if near else words[index - 1].start) - 2
            if border - start > 20 and text[border] == "," and stop == end - 1 and stop - word.end < 40:
                yield _Speech(start, border, (words[index - 1].start, border), "indirect", speaker, verb)
        return


def _clause_start(text: str, word: Word, following: Sequence[Word], verb: str, stop: int) -> int | None:
    that = _THAT.match(text, word.end, stop)
    if that:
        return that.end()
    if verb in _BARE_VERBS and following and text[word.end : following[0].start] == " ":
        opener = following[0].text
        if opener.lower() in _CLAUSE_OPENERS or opener[0].isupper():
            return following[0].start
    return None


def _carries_on(text: str, previous: _Speech, speech: _Speech) -> bool:
    """Say whether a quotation without attribution goes on from the one before it."""
    if speech.continued:
        return True
    between = text[previous.outer[1] : speech.outer[0]]
    if len(between) > _WINDOW_CHARS:
        return False
    sentences_between = len(_SENTENCE_END.findall(between))
    return sentences_between <= 1 or ("\n" in between and not between.strip())


def _word_count(text: str, speech: _Speech) -> int:
    return len(text[speech.start : speech.end].split())


def _quote(text: str, speech: _Speech, speaker: Mention | None, verb: str | None, confidence: float) -> Quote:
    return Quote(
        number=0,  # given once all are in order
        start_char=speech.start, end_char=speech.end, text=text[speech.start : speech.end], kind=speech.kind,
        speaker=speaker.entity if speaker else None, speaker_start_char=speaker.start_char if speaker else None,
        speaker_end_char=speaker.end_char if speaker else None, verb=verb, confidence=confidence,
    )
