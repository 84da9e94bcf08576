"""Whether the words around a date speak of what is to come or of what has been. English.

Cues only: auxiliaries, verbs that plan, past forms and prepositions; no parse. Nothing is resolved here.
"""

import re

# Written as one alternation each: the latest cue before a date decides, so each must be found with its end.
_PLANS = (
    r"expected|scheduled|set|due|slated|planned|plans?|planning|agreed|wants?|hopes?|hoping|intends?|likely|ready"
    r"|preparing|promised|vowed|poised|prepares|seeks?|about|supposed|called|invited|urged|asked|ordered|decided"
)
_REPORTS = r"said|says|told|added|reported|announced|warned|noted|stated|wrote|showed"
_CUE = re.compile(
    r"(?P<ahead>(?:\b(?:will|shall|would|won['’]t|may|might|must|should|can|could|(?:is|are|am|be)\sto)"
    rf"|['’]ll)\b(?:\s(?!{_REPORTS})[a-z]{{1,20}}){{0,4}}"
    rf"|\b(?:{_PLANS})\sto\s[a-z]{{1,20}}"
    r"|\b(?:we|they|I|We|They)\s(?:start|begin|open|meet|play|go|leave|face|travel|vote)"
    r"|\b(?:due|scheduled|slated|upcoming|forecast|planned\sfor|set\sfor|expires|begins|starts|opens|launches"
    r"|resumes|faces"
    r"|takes\splace|meets|votes|arrives|kicks\soff|comes\sback|returns|hosts|ahead\sof|deadline|forthcoming|going\sto|is\sholding"
    r"|(?:is|are)\s[a-z]{2,20}ing|runs))\b"
    r"|(?P<behind>\b(?:(?!need|indeed|exceed|proceed|succeed|speed|hundred)[a-z]{2,20}ed|said|told|met|held|left"
    r"|came|won|lost|made|was|were|had|went|took|began|gave|saw"
    r"|got|found|fell|rose|led|shot|struck|hit|sent|ran|wrote|spoke|became|fought|sold|bought|paid|broke|drew|flew|fled"
    r"|grew|kept|knew|put|read|sank|sought|spent|stood|beat|thought|won|did|since|following|signed|closed))\b"
)
_NEXT_IS_AHEAD = re.compile(
    r"(?:['’]s)?(?:\s(?:morning|afternoon|evening|night))?,?\s(?:[\w’'.-]+\s){0,2}?(?:will|would|is\sto|are\sto"
    r"|is\sexpected|are\sexpected|is\sset|is\sscheduled|is\sdue)\b"
)
_AFTER_PREPOSITION = re.compile(r"\b(?:since|after|following|as of|in the wake of)\s(?:the\s|last\s)?\Z", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|by|before|starting|beginning|effective|ahead of)\s(?:the\s)?\Z", re.IGNORECASE)
_PUT_OFF = re.compile(
    r"\b(?:delayed|postponed|adjourned|extended|remanded|gave|given|suspended|ordered|asked|urged|told|pushed|closed"
    r"|required|demanded|agreed|set|promised|pledged|wanted|due|said|if|unless|threatened|not)\b"
)
_DONE_PLAN = re.compile(r"(?:agreed|promised|vowed|called|invited|urged|asked|ordered|decided)\b")
_CLAUSE_END = re.compile(r"[.!?]\s|[\n;]")
_CHARS_BEFORE = 90
_CHARS_AFTER = 120


def looks_ahead(text: str, start: int, end: int) -> bool | None:
    """Say whether the clause around ``text[start:end]`` speaks of the future (True) or the past (False); None where it
    does not tell. Reads at most 90 characters before and 120 after."""
    if _AFTER_PREPOSITION.search(text, max(0, start - 20), start):
        return False
    if _NEXT_IS_AHEAD.match(text, end, min(len(text), end + 60)):
        return True
    first = clause_start(text, start)
    cue = None
    for match in _CUE.finditer(text, first, start):
        cue = match
    if _UNTIL.search(text, max(first, start - 20), start):
        return cue is None or cue["ahead"] is not None or _PUT_OFF.search(text, first, start) is not None
    if cue is None:
        stop = _CLAUSE_END.search(text, end, min(len(text), end + _CHARS_AFTER))
        cue = _CUE.search(text, end, stop.start() if stop else min(len(text), end + _CHARS_AFTER))
        if cue is not None and _DONE_PLAN.match(cue.group()):
            return False  # "On Tuesday the council agreed to pay": the plan was made then
    return None if cue is None else cue["ahead"] is not None


def clause_start(text: str, start: int) -> int:
    """Return where the sentence or clause before ``start`` begins, at most 90 characters back."""
    first = max(0, start - _CHARS_BEFORE)
    for match in _CLAUSE_END.finditer(text, first, start):
        first = match.end()
    if text[max(0, start - 3) : start] in ("On ", "In ", "By "):
        first = max(first, start - 3)  # a sentence begins here, whatever mark is missing before it
    return first
