"""Stretches between quotation marks, in any language, and those of them that are no speech.

A title of a work and a word held at arm's length are told by their form and what leads up to them. Who speaks is not
asked here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.text import paragraphs, trim

# An apostrophe closes nothing: "‘It’s over,’ he said".
_CLOSING = {opener: re.compile(closer) for opener, closer in (
    ("“", "”"), ("«", "»"), ("„", "[“”]"), ("‘", r"’(?!\w)"), ("「", "」"), ("『", "』"), ('"', '"'), ("»", "«"),
    ("'", r"'(?!\w)"), ("`", "''"))}  # fmt: skip
_MARK = re.compile(r"[“«„‘「『\"»]|``|(?<![\w.,!?’'])'(?=[A-Z]\w*[ ,'’])")
_MAX_QUOTE_CHARS = 4_000
_WORK = re.compile(
    r"\b(?:book|novel|film|movie|song|album|show|series|single|track|play|poem|essay|titled|entitled|called|named"
    r"|nicknamed"
    r"|so-called|dubbed|known as|word|words|term|phrase|nickname|programme|program|documentary|musical|comedy|drama|hit"
    r"|exhibition|magazine|game|campaign|operation|codenamed|headlined|labelled|labeled|branded|termed|sitcom"
    r"|paper|article)"
    r",?\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_NAMING = re.compile(
    r"\b(?:called|named|titled|entitled|nicknamed|dubbed|known as|so-called|codenamed)\s\Z", re.IGNORECASE
)
_SMALL = frozenset("a an and as at but by for from in into of on or the to with de la le el von und".split())


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between marks. ``outer``: with the marks. ``continued``: opens a paragraph whose predecessor left its own
    quotation open."""

    start: int
    end: int
    outer: tuple[int, int]
    continued: bool = False


def marked(text: str) -> Iterator[Marked]:
    """Yield what stands between quotation marks; nothing crosses the end of a paragraph."""
    was_open = False
    searched: dict[str, int] = {}
    for start, end in paragraphs(text):
        position, opened_before = start, was_open
        was_open = False
        while (match := _MARK.search(text, position, end)) is not None:
            mark = match.start()
            closing = _closing(text, mark, end, searched)
            if closing is not None and _opens_again(text, mark, closing):
                # Paragraphs of one speech run together: each opens, and only the last closes.
                first, last = trim(text, mark + 1, closing)
                if first < last:
                    yield Marked(first, last, (mark, closing), opened_before)
                position, opened_before = closing, True
                continue
            if closing is None:
                position = mark + 1
                # Left open at the end of its paragraph: it goes on in the next. A straight mark may also be an inch.
                if end - mark <= _MAX_QUOTE_CHARS and (text[mark] in "“„«" or _opens(text, mark, start)):
                    first, last = trim(text, mark + 1, end)
                    if first < last:
                        yield Marked(first, last, (mark, end), opened_before and mark == start)
                    was_open, position = True, end
                continue
            width = 2 if text[mark] == "`" else 1
            position = closing + width
            first, last = trim(text, mark + width, closing)
            if first < last:
                yield Marked(first, last, (mark, closing + width), opened_before and mark == start)


def _opens(text: str, mark: int, start: int) -> bool:
    """Say whether a straight mark opens a quotation beyond doubt: at the head of its paragraph or after "said:"."""
    return text[mark] == '"' and (
        mark == start or text[mark - 2 : mark] in (": ", ", ") and text[mark + 1 : mark + 2].isupper()
    )


def _opens_again(text: str, mark: int, closing: int) -> bool:
    """Say whether the straight mark that should close a quotation opens another ("We won. "We were good.")."""
    return (
        text[mark] == '"'
        and text[closing - 1].isspace()
        and closing - mark > 20
        and text[closing + 1 : closing + 2].isalnum()
        and text[mark + 1 : closing].rstrip()[-1:] in (".", "!", "?")
    )


def is_title(text: str, quote: Marked) -> bool:
    """Say whether the words between marks name a work or are a word spoken about."""
    words = text[quote.start : quote.end].split()
    if len(words) > 8:
        return False
    if _NAMING.search(text, max(0, quote.outer[0] - 16), quote.outer[0]):
        return True
    if text[quote.end - 1] in ",.!?":
        return False
    if _WORK.search(text, max(0, quote.outer[0] - 24), quote.outer[0]):
        return True
    capital = all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL for word in words)
    return capital and words[0][0].isupper() and (len(words) > 1 or len(words[0]) > 3)


def _closing(text: str, mark: int, end: int, searched: dict[str, int]) -> int | None:
    """Return where the quotation opened at ``mark`` closes, or None.

    ``searched`` remembers per opener up to where no closing mark stands, so that a page of openers costs one pass.
    """
    opener, limit = text[mark], min(end, mark + _MAX_QUOTE_CHARS)
    before = text[mark - 1] if mark else " "
    if opener in "‘\"'" and before.isalnum():
        return None
    if opener == '"' and not before.isspace() and (before not in "([{—–-/“‘'" or text[mark + 1 : mark + 2].isspace()):
        return None
    if opener == "»" and (before.isalnum() or before in ".,!?"):
        return None
    position = max(mark + 1, searched.get(opener, 0))
    match = _CLOSING[opener].search(text, position, limit) if position < limit else None
    if match is None:
        searched[opener] = max(limit, searched.get(opener, 0))
        return None
    searched[opener] = match.start()
    return match.start()
