"""Half-open spans of code points: paragraphs of a text, trimming, and a set of spans that do not overlap.

No words and no meaning here; a span is two integers.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_PARAGRAPH = re.compile(r"[^\n]+")


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each line that is not blank, without its surrounding white space, in order.

    One newline parts two paragraphs as two do: an extractor writes one line for one block of the page.
    """
    for match in _PARAGRAPH.finditer(text):
        start, end = trim(text, match.start(), match.end())
        if start < end:
            yield start, end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at either end; an all-blank span comes back empty."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class SpanSet:
    """A set of spans in which look-up costs a binary search: does anything in it touch this span?

    Spans given to the constructor may touch each other; those that overlap are merged.
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def overlaps(self, start: int, end: int) -> bool:
        """Say whether any span of the set shares a code point with ``[start, end)``."""
        index = bisect_right(self._starts, start)
        if index and self._ends[index - 1] > start:
            return True
        return index < len(self._starts) and self._starts[index] < end
