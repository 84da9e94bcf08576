"""Words with their spans.

A word is a run of letters and digits, joined by inner hyphens and apostrophes; initials keep their points ("U.S.").
A possessive ending is not part of the word. Scripts written without spaces come back as one run; splitting those needs
a dictionary and does not happen here.
"""

import re
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W\d_]\.[^\W\d_]\b|[^\W_]+(?:['’&‐‑\-][^\W_]+)*")
_POSSESSIVE = ("'s", "’s", "'S", "’S")


class Word(NamedTuple):
    """One word: its span and its surface form. A tuple, because a document has thousands."""

    start: int
    end: int
    text: str


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of ``text[start:end]`` in order, spans counted from the start of ``text``."""
    found = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        surface, first = match.group(), match.start()
        if surface.endswith(_POSSESSIVE):
            surface = surface[:-2]
        found.append(Word(first, first + len(surface), surface))
    return found
