"""Who said what: direct quotations, and indirect speech ("Singh said that ...", "..., according to the ministry").

Direct quotations are found by their marks in any language; speakers, and all indirect speech, only in English. The
speaker's span is that of the words beside the verb, a name, a pronoun or "the minister"; the speaker itself is an
entity that was found before, or None where the text names nobody whom these words must mean. No mention is made here.
"""

from collections.abc import Sequence
from dataclasses import replace

from tasks.sense.facts import Document, Entity, Mention, Quote, Role
from tasks.sense.quotes.antecedents import Antecedents
from tasks.sense.quotes.direct import direct_speech
from tasks.sense.quotes.indirect import indirect_speech
from tasks.sense.quotes.marks import marked
from tasks.sense.quotes.reports import Speech, find_reports
from tasks.sense.quotes.voices import Scene, Voice
from tasks.text import Sentence, SpanSet, Word

_MIN_WORDS = 4  # of a quotation in a language whose speakers are not read


def read_quotes(document: Document) -> Document:
    """Fill in the quotations."""
    found = find_quotes(
        document.text, document.words, document.sentences, document.mentions, document.language, document.entities,
        document.roles,
    )  # fmt: skip
    return replace(document, quotes=tuple(found))


def find_quotes(
    text: str, words: Sequence[Word], sentences: Sequence[Sentence], mentions: Sequence[Mention], language: str,
    entities: Sequence[Entity] = (), roles: Sequence[Role] = (),
) -> list[Quote]:  # fmt: skip
    """Return the quotations of ``text`` in order of their start, numbered from 1; parts of one share their number."""
    marks = [quote for quote in marked(text)]
    if language != "en" or not words:
        long = [q for q in marks if len(text[q.start : q.end].split()) >= _MIN_WORDS]
        return [_quote(text, n, Speech(q.start, q.end, "direct", n, None), None) for n, q in enumerate(long, 1)]
    scene = Scene(text, words, sentences, mentions, SpanSet(quote.outer for quote in marks))
    reports = find_reports(scene)
    speeches = direct_speech(scene, marks, reports)
    speeches += indirect_speech(scene, reports, marks)
    speeches.sort(key=lambda speech: (speech.start, speech.end))
    people = Antecedents(scene, {entity.key: entity.name for entity in entities} or _names(mentions), roles)
    return _numbered(text, speeches, people)


def _names(mentions: Sequence[Mention]) -> dict[str, str]:
    names: dict[str, str] = {}
    for mention in mentions:
        if len(mention.surface) > len(names.get(mention.entity, "")):
            names[mention.entity] = mention.surface
    return names


def _numbered(text: str, speeches: list[Speech], people: Antecedents) -> list[Quote]:
    found: list[Quote] = []
    numbers: dict[int, int] = {}
    last: Mention | None = None
    meant: dict[tuple[int, int], Mention | None] = {}
    unnamed: Voice | None = None  # whoever spoke last, where only common words told it
    for speech in speeches:
        mention = None
        if speech.voice is not None:
            span = (speech.voice.start, speech.voice.end)
            if span not in meant:
                meant[span] = people.meant(speech.voice, last, unnamed)
            mention = meant[span]
            if mention is not None:
                last, unnamed = mention, None
            elif speech.voice.kind == "noun":
                unnamed = speech.voice
        number = numbers.setdefault(speech.group, len(numbers) + 1)
        found.append(_quote(text, number, speech, mention))
    return found


def _quote(text: str, number: int, speech: Speech, speaker: Mention | None) -> Quote:
    voice = speech.voice
    return Quote(
        number=number,
        start_char=speech.start,
        end_char=speech.end,
        text=text[speech.start : speech.end],
        kind=speech.kind,
        speaker=speaker.entity if speaker else None,
        speaker_start_char=voice.start if voice else None,
        speaker_end_char=voice.end if voice else None,
        verb=speech.verb,
        addressee=speech.addressee.entity if speech.addressee else None,
        confidence=round(speech.confidence * (1.0 if voice is None or voice.kind == "name" else 0.9), 2),
    )
