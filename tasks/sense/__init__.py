"""What an article says: language, names, dates, amounts, quotations, keywords and summary, each fact with its span.

One door, ``read_facts``; pure functions behind it. The only I/O is loading data that ships inside packages, once per
process. No network, no Prefect, no DuckDB, and no knowledge of where a text came from beyond its date.

English is read in full. Of other languages: the language itself, numeric dates (and dates with month names in German,
French, Spanish, Italian, Portuguese and Dutch), money and per cent, quotations by their marks without speakers,
keywords by frequency, and the names that ``foreign`` explains, at lower confidence.
"""

from datetime import date

from tasks.sense.amounts import find_amounts
from tasks.sense.dates import find_dates
from tasks.sense.facts import SENSE, Amount, DateMention, Entity, Facts, Keyword, Mention, Quote, entity_key
from tasks.sense.foreign import find_foreign_mentions
from tasks.sense.keywords import find_keywords
from tasks.sense.language import detect_language
from tasks.sense.mentions import find_mentions
from tasks.sense.quotes import find_quotes
from tasks.text import SpanSet, sentences, words

__all__ = [
    "MAX_CHARS", "SENSE", "Amount", "DateMention", "Entity", "Facts", "Keyword", "Mention", "Quote", "detect_language",
    "entity_key", "read_facts",
]

MAX_CHARS = 200_000  # about 33,000 words; no article is longer, and what lies beyond gives no facts
_SUMMARY_SENTENCES = 2  # beat LexRank and TextRank on news, ROUGE-1 against human summaries
_MIN_SUMMARY_WORDS = 4


def read_facts(text: str, *, published_on: date | None, language: str | None) -> Facts:
    """Read everything in one text.

    ``published_on`` resolves relative dates; ``language`` is ISO 639-1 where the source told it, else it is detected.
    Facts come from the first 200,000 characters only. Cost grows linearly with the text.
    """
    text = text[:MAX_CHARS]
    confidence = 1.0
    if language is None:
        language, confidence = detect_language(text)
    language = (language or "und").split("-")[0].lower()
    spans, found = sentences(text), words(text)
    if language == "en":
        mentions, entities = find_mentions(text, found, spans)
    else:
        mentions, entities = find_foreign_mentions(text, found, spans, language)
    dates = find_dates(text, published_on, language)
    taken = SpanSet((mention.start_char, mention.end_char) for mention in dates)
    return Facts(
        language=language,
        language_confidence=confidence,
        mentions=tuple(mentions),
        entities=tuple(entities),
        dates=tuple(dates),
        amounts=tuple(find_amounts(text, taken, language)),
        quotes=tuple(find_quotes(text, found, spans, mentions, language)),
        keywords=tuple(find_keywords(text, found, mentions, entities, language)),
        summary=_summary(text, spans),
    )


def _summary(text: str, spans) -> tuple[tuple[int, int], ...]:
    """Return the spans of the first two sentences that are long enough to be no heading."""
    chosen = []
    for start, end in spans:
        if len(text[start:end].split()) >= _MIN_SUMMARY_WORDS:
            chosen.append((start, end))
            if len(chosen) == _SUMMARY_SENTENCES:
                break
    return tuple(chosen)
