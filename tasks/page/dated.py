"""The dated-text form (``date YYYY-MM-DD`` and then the article) and the line that stands in for a missing headline."""

import re
from dataclasses import dataclass
from datetime import date

from tasks.errors import Terminal
from tasks.text import sentences

MAX_DATED_CHARS = 5_000_000

_DATED = re.compile(r"[\s\ufeff]{0,1000}date[ \t]{1,20}(\d{4}-\d{2}-\d{2})(?=\s|$)", re.IGNORECASE)
_FORM = "expected the form 'date YYYY-MM-DD' and then the text of the article"
_PARAGRAPH = re.compile(r"\n[ \t\r\f\v\u00a0]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedText:
    """An article that is its date and its text; ``text`` has paragraphs separated by a blank line."""

    published_on: date
    text: str


def read_dated_text(text: str, *, name: str) -> DatedText:
    """Read ``date YYYY-MM-DD`` and the article after it; ``name`` names the file in a fault.

    Lines of a paragraph are joined, paragraphs stay. Raises ``Terminal("dated_text_invalid")`` where the first line
    does not have the form, the day does not exist, or no text follows.
    """
    match = _DATED.match(text)
    if match is None:
        raise Terminal("dated_text_invalid", f"{name} does not begin with its date; {_FORM}.")
    try:
        published_on = date.fromisoformat(match.group(1))
    except ValueError as error:
        raise Terminal("dated_text_invalid", f"{name}: {match.group(1)} is no day of the calendar; {_FORM}.") from error
    if len(text) > MAX_DATED_CHARS:
        raise Terminal("dated_text_invalid", f"{name} is longer than {MAX_DATED_CHARS:,} characters; split it.")
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(text[match.end() :].replace("\x00", "")))
    body = "\n\n".join(part for part in parts if part)
    if not body:
        raise Terminal("dated_text_invalid", f"{name} has a date and no text after it; {_FORM}.")
    return DatedText(published_on=published_on, text=body)


def display_title(text: str, limit: int = 120) -> str:
    """The first sentence of ``text``, at most ``limit`` characters, cut between words with "…" where it is longer."""
    paragraph = " ".join(text.lstrip()[: limit * 20].split("\n\n", 1)[0].split())
    first = next(iter(sentences(paragraph)), None)
    sentence = paragraph[first.start : first.end] if first else paragraph
    if len(sentence) <= limit:
        return sentence
    head = sentence[: limit - 1]
    cut = head.rfind(" ")
    if cut < limit // 2 or sentence[limit - 1] == " ":  # one giant word, or the cut falls between words
        cut = len(head)
    return head[:cut].rstrip(" ,;:–—-(“\"'") + "…"
