"""Sentences with their spans.

Rules, not a model: a sentence ends at a full stop, question or exclamation mark (or its kin in other scripts) that is
not part of an abbreviation, initial or number, and at the end of a paragraph. A mark inside a quotation that its
reporting clause follows ("Why?" Rao asked) does not end the sentence. No parsing and no language detection here.
"""

import re
from typing import NamedTuple

from tasks.text.spans import paragraphs, trim

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen lt col maj capt cmdr sgt adm rev fr hon sen rep gov pres st mt ft jr sr rs no nos vs"
    " etc eg ie cf vol fig dept univ assn bros inc ltd co corp plc jan feb mar apr jun jul aug sep sept oct nov"
    " dec mon tue tues wed thu thur thurs fri approx est al art sec pp ed eds smt ave blvd rd calif fla".split()
)
# These close a sentence as often as they stand inside one: what follows decides.
_FINAL_TOO = frozenset("inc ltd co corp plc etc jr sr no st".split())
_OPENERS = "\"'“‘«„(["
_CLOSERS = "\"'”’»)]"
_END = re.compile(
    rf"(?P<mark>[.!?…]+)(?P<close>[{re.escape(_CLOSERS)}]*)(?=\s)|(?P<wide>[。！？]+)[」』”]*|[।؟۔](?=\s)"
)
_REPORTING = re.compile(
    r"\s+(?:[^\W\d_][\w.'’-]*\s+){0,3}?"
    r"(?:said|says|asked|asks|added|replied|told|wrote|tweeted|insisted|argued|warned)\b"
)
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_LOOK_BEHIND_CHARS = 24
_ORDINAL_FOLLOWER = re.compile(
    r"(?:Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\w*|(?:Jahrhundert|Jahrestag|Bundesliga)\w*"
)


class Sentence(NamedTuple):
    """The span of one sentence."""

    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """Return the spans of the sentences of ``text`` in order; white space between them belongs to none.

    Linear in the length of the text.
    """
    found = []
    for start, end in paragraphs(text):
        first = start
        for match in _END.finditer(text, start, end):
            if match["mark"] and not _closes(text, match, end):
                continue
            left, right = trim(text, first, match.end())
            if left < right:
                found.append(Sentence(left, right))
            first = match.end()
        left, right = trim(text, first, end)
        if left < right:
            found.append(Sentence(left, right))
    return found


def _closes(text: str, match: re.Match[str], end: int) -> bool:
    """Say whether a mark followed by white space ends its sentence."""
    after = match.end()
    while after < end and text[after].isspace():
        after += 1
    if after >= end:
        return True
    follower = text[after]
    bare = text[after + 1] if follower in _OPENERS and after + 1 < end else follower
    if bare.islower():
        return False
    closing, mark = match["close"], match["mark"]
    if closing and not follower.isdigit() and _REPORTING.match(text, match.end(), min(end, match.end() + 80)):
        return False
    if mark != "." or closing:
        return True
    behind = _LAST_WORD.search(text, max(0, match.start() - _LOOK_BEHIND_CHARS), match.start())
    if behind is None:
        return True
    word = behind.group()
    lowered = word.lower()
    if len(word) == 1 and word.isupper():
        # An initial ("J. Smith"); "Plan B." before a function word is rare enough to lose.
        return False
    if "." in word:
        # "U.S. President" against "in the U.S. The": only a word that opens sentences parts them.
        return _opens_sentence(text, after)
    if len(word) <= 2 and word.isdigit():
        # An ordinal before a month or the like ("am 13. Dezember"), as German writes them.
        return _ORDINAL_FOLLOWER.match(text, after) is None
    if lowered in _FINAL_TOO:
        return not bare.isdigit() and (lowered not in ("no", "st") or not bare.isupper())
    return lowered not in ABBREVIATIONS or (lowered in ("etc", "al") and bare.isupper())


_SENTENCE_OPENERS = frozenset(
    "the a an it he she they we i in on at but and as this that these those there if when while after before for his"
    " her their its however meanwhile with by from to what who where how".split()
)
_NEXT_WORD = re.compile(r"[^\W\d_]+")


def _opens_sentence(text: str, position: int) -> bool:
    if text[position] in _OPENERS:
        return True
    match = _NEXT_WORD.match(text, position)
    return match is not None and match.group().lower() in _SENTENCE_OPENERS
