"""Which short form stands for which name: "The Resistance Front (TRF)", "TRF (The Resistance Front)".

The algorithm of Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text"
(Pacific Symposium on Biocomputing 2003), which returns spans; "known as TRF" is read the same way. Written here
because the package that implements it configures the root logger when imported, loses the spans, and re-reads the
whole line for each parenthesis. Nothing but parentheses and these words is looked at; each look-back is bounded.
"""

import re
from dataclasses import dataclass

_PARENTHESIS = re.compile(r"[ \u00a0]\(([^()\n]{2,80})\)")
_SHORT = re.compile(r"[^\W_][\w.&/+-]{1,9}\Z")
_KNOWN_AS = re.compile(r",? (?:(?:also|better|commonly|widely) )?known as (?:the )?([A-Z][A-Za-z]{1,9})(?![\w-])")
_MAX_SHORT_CHARS = 10
_LOOK_BACK_CHARS = 240
_BORDER = re.compile(r"[\n;:!?“”\"]|\.\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviation:
    """A defined short form and its long form, each with the span of the definition."""

    short: str
    short_start: int
    short_end: int
    long: str
    long_start: int
    long_end: int


def abbreviations(text: str) -> list[Abbreviation]:
    """Return the definitions in ``text`` in order. The short form is one word of 2 to 10 characters with a capital."""
    found = []
    for match in _PARENTHESIS.finditer(text):
        inner_start, inner = match.start(1), match[1]
        for mark in "\"“”'‘’":
            if inner.startswith(mark) and len(inner) > 3:
                inner, inner_start = inner[1:].rstrip("\"”'’"), inner_start + 1
        short = re.split(r"[;,]", inner, maxsplit=1)[0].rstrip()
        defined = _definition(text, short, inner_start, match.start()) if _is_short(short) else None
        if defined is not None:
            found.append(defined)
    for match in _KNOWN_AS.finditer(text):
        # Without parentheses only what is in capitals is sure to be short for what stands before it.
        defined = _definition(text, match[1], match.start(1), match.start()) if match[1][1].isupper() else None
        if defined is not None and defined.long[0].isupper():
            found.append(defined)
    return sorted(found, key=lambda definition: definition.short_start)


def _definition(text: str, short: str, short_start: int, end: int) -> Abbreviation | None:
    """Return what ``short`` stands for if that ends at ``end``."""
    window = max(0, end - _LOOK_BACK_CHARS)
    for border in _BORDER.finditer(text, window, end):
        window = border.end()
    start = _long_form_start(short, text, window, end)
    if start is None:
        return None
    return Abbreviation(
        short=short,
        short_start=short_start,
        short_end=short_start + len(short),
        long=text[start:end],
        long_start=start,
        long_end=end,
    )


def _is_short(short: str) -> bool:
    return 2 <= len(short) <= _MAX_SHORT_CHARS and any(map(str.isupper, short)) and _SHORT.match(short) is not None


def _long_form_start(short: str, text: str, window: int, end: int) -> int | None:
    """Match the short form's characters backwards in the words before it; the first must open a word."""
    words = min(len(short) + 5, 2 * len(short))
    position = end
    letters = [char.lower() for char in short if char.isalnum()]
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= window and not (
            text[position].lower() == letters[index]
            and (index > 0 or position == window or not text[position - 1].isalnum())
        ):
            position -= 1
        if position < window:
            return None
    long = text[position:end]
    if len(long.split()) > words or len(long) <= len(short) or short in long.split():
        return None
    if long.startswith("the "):
        # "the Supreme Electoral Tribunal (TSE)": a T is found in the article before it is missed in the name.
        position += len("the ")
        long = text[position:end]
    if long.count("(") != long.count(")") or not long[0].isupper() and not any(map(str.isupper, long)):
        return None
    return position


def initials(name: str) -> str:
    """Return the first letters of a name's capitalised words: "Food and Drug Administration" -> "FDA"."""
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())
