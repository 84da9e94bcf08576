"""Verbs of saying with who says it and to whom, wherever they stand outside quotation marks. English.

What was said is found by ``quotes``; whom a pronoun means, by ``antecedents``.
"""

import re
from dataclasses import dataclass, replace

from tasks.sense.facts import Mention
from tasks.sense.quotes.voices import PRONOUNS, Scene, Voice, saying_verbs, subject_ending, subject_left, subject_right

ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Aa]s per)\b")
_BE = frozenset("was were been is are being be get got it's".split())
_NOUN_BEFORE = frozenset(
    "the a an his her their its our my of in for and no any these those this that some such from with by new"
    " recent".split()
)
_BASES = frozenset(
    "say tell add announce claim argue insist admit explain note concede recall suggest warn predict conclude"
    " acknowledge"
    " observe state declare reply believe think hope fear allege maintain confirm deny report reveal indicate"
    " show agree find"
    " know feel expect write ask complain".split()
)
_NOT_FINITE = frozenset("to can cannot must should let please not never".split())
_BOTH = frozenset("reports claims claim report hopes fears notes calls reads read shows show states state plays"
" comments"
                  " cries feels add ask estimates promises demands thought rules".split())  # fmt: skip
#: Past participles that follow their noun without an auxiliary ("the man believed to be ill").
_AFTER_NOUN = _BE | frozenset("such of in have has had with for from like and or at which".split())
_REDUCED = frozenset("believed thought expected alleged reported known said understood estimated feared".split())
_ENDS_SUBJECT = re.compile(
    r"\s*(?:[,.;:!?\"”’)—–\n-]|\Z)|\s(?:on|in|at|after|before|during|who|whose|when|as|yesterday|today|late"
    r"|earlier|last"
    r"|this|while|of|to|from|via|through|following|by|with|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_AND_ANOTHER = re.compile(r"\s(?:and|&)\s[A-Z]")
_REACH_WORDS = 60  # how far before its verb a subject may stand
_FIRST_PERSON = ("i'", "i’", "we'", "we’", "you'", "you’")
#: What shows something by words or numbers; a vote or a win shows in another sense.
_SHOWING = frozenset(
    "report study survey poll data figures statistics research documents records court footage audit review analysis"
    " investigation inquiry results evidence images video photographs filing filings minutes estimates tests"
    " reports".split()
)
#: "told the annual meeting of the ...", "told readers of the ..."
_AUDIENCE = re.compile(
    r"\s(?:(?:the|a|an|its|his|her|this)\s)?(?:[a-z-]+\s){0,2}(?:meeting|session|assembly|conference|congress|members"
    r"|readers|viewers|listeners|newspaper|paper|magazine|station|channel|broadcaster|radio|website|agency|committee"
    r"|programme|podcast)\s(?:of\s|at\s|from\s)?(?:the\s)?"
)
_AFTER_OBJECT = re.compile(
    r"\s(?:the\s|a\s|his\s|her\s|their\s)?(?P<noun>[\w’'-]+)(?:\s(?:news\s)?(?:agency|conference|newspaper"
    r"|channel|radio|TV"
    r"|television|programme|program|show|committee|hearing|briefing|outlet))?"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A verb of saying. ``start`` and ``end`` span the verb with its subject; ``after`` is where the words for whom it
    was said to end; ``use`` as in ``saying_verbs``; ``participle``: the subject is that of the clause before."""

    verb: str
    verb_start: int
    start: int
    end: int
    after: int
    use: str
    voice: Voice | None
    inverted: bool = False
    participle: bool = False
    addressee: Mention | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A stretch of someone's words with its speaker. ``group``: stretches of one quotation share it."""

    start: int
    end: int
    kind: str
    group: int
    voice: Voice | None
    verb: str | None = None
    addressee: Mention | None = None
    confidence: float = 0.5


def find_reports(scene: Scene) -> list[Report]:
    """Return the verbs of saying outside quotation marks that have a subject, in order."""
    table = saying_verbs()
    found: list[Report] = []
    for index, word in enumerate(scene.words):
        use = table.get(word.text) or table.get(word.text.lower())
        if use is None or scene.inside.overlaps(word.start, word.end) or scene.name_over(word):
            continue
        report = _report(scene, index, use, found)
        if report is not None:
            found.append(report)
    for match in ACCORDING.finditer(scene.text):
        if not scene.inside.overlaps(match.start(), match.end()):
            report = _according(scene, match)
            if report is not None:
                found.append(report)
    return sorted(found, key=lambda report: report.verb_start)


def _report(scene: Scene, index: int, use: str, found: list[Report]) -> Report | None:
    word = scene.words[index]
    lower, before = word.text.lower(), scene.lower(index - 1)
    gap = scene.gap(index)
    close = gap == " "
    if word.text.isupper() and len(lower) > 1 or _hyphened(scene, index):
        return None
    if close and (before.endswith(("n't", "n’t")) or before in ("not", "never", "nor")) and lower[:3] != "den":
        return None
    auxiliary = index - 1
    while auxiliary and scene.lower(auxiliary).endswith("ly") and scene.gap(auxiliary) == " ":
        auxiliary -= 1
    if (
        close
        and scene.lower(auxiliary) in _BE
        and not lower.endswith("ing")
        or close
        and lower in _BOTH
        and (before in _NOUN_BEFORE or before.endswith(("ing", "ed")) or before in saying_verbs())
    ):
        return None
    following = scene.lower(index + 1)
    if (
        following == "to"
        and lower in _REDUCED
        and (lower != "said" or scene.lower(index + 2) in ("be", "have"))
        or following in _AFTER_NOUN
        and lower in _BOTH
        and scene.gap(index + 1) == " "
    ):
        return None
    if lower in _BASES and close and before in _NOT_FINITE:
        return None
    sentence = scene.sentence(word.start)
    first = max(scene.index(_clause_floor(scene, sentence.start, word.start)), index - _REACH_WORDS)
    if lower.endswith("ing"):
        if close and before in _NOUN_BEFORE | _BE | {"without", "of", "like"} and before not in ("and", "by"):
            return None
        if before == "as" or "quoted" in [scene.lower(at) for at in range(max(first, index - 7), index)]:
            voice = _quoted(scene, index, first)
        elif close and before not in ("and", "by", "also"):
            voice = subject_ending(scene, index - 1, first)
        else:
            voice = _main_subject(scene, sentence.start, word.start, found)
        return (
            None
            if voice is None
            else _with_object(
                scene, index, Report(lower, word.start, word.start, word.end, word.end, use, voice, participle=True)
            )
        )
    voice, inverted = None, False
    detached = not close
    if detached and "i" in use:
        voice = _inverted(scene, index, sentence.end)
        inverted = voice is not None
    if voice is None and before in ("and", "but", "then", "also", "later") and close:
        at = index - 1
        while at > first and scene.lower(at) in ("then", "also", "later"):
            at -= 1
        if scene.lower(at) in ("and", "but"):
            voice = _main_subject(scene, sentence.start, word.start, found)
    if voice is None:
        voice = subject_left(scene, index, first)
    if voice is None or lower in ("showed", "shows", "show") and voice.head not in _SHOWING:
        return None
    if voice.kind == "pronoun" and voice.head in ("i", "we", "you") or voice.head.startswith(_FIRST_PERSON):
        return None
    plural = voice.head.endswith("s") or voice.head in ("they", "who", "people", "police", "many", "some", "others", "")
    if lower in _BASES and lower not in ("read", "found", "know") and not plural:
        return None  # "one wrong claim can cost you everything"
    start, end = min(voice.start, word.start), max(word.end, voice.end if inverted else 0)
    return _with_object(scene, index, Report(lower, word.start, start, end, end, use, voice, inverted))


def _quoted(scene: Scene, index: int, first: int) -> Voice | None:
    """Return who speaks in "was quoted as saying" and "quoted Singh as saying"."""
    for at in range(index - 2, max(first, index - 9), -1):
        if scene.lower(at) in ("quoted", "cited", "reported"):
            passive = scene.lower(at - 1) in _BE
            last = index - 2 if scene.lower(index - 1) == "as" else index - 1
            return subject_left(scene, at, first) if passive else subject_ending(scene, last, at + 1)
    return None


def _hyphened(scene: Scene, index: int) -> bool:
    """Say whether a hyphen joins the word to another ("said-to-be")."""
    word = scene.words[index]
    return scene.text[word.end : word.end + 1] == "-"


def _inverted(scene: Scene, index: int, end: int) -> Voice | None:
    voice = subject_right(scene, index, end)
    if voice is None:
        return None
    both = '"' in scene.gap(index) or "”" in scene.gap(index) or "’" in scene.gap(index)
    ends = _ENDS_SUBJECT.match(scene.text, voice.end) or both and _AND_ANOTHER.match(scene.text, voice.end)
    return voice if ends else None


def _clause_floor(scene: Scene, start: int, position: int) -> int:
    """Return where the words that may hold a subject begin: after the last quotation before it in its sentence."""
    text = scene.text
    for mark in '”"»’':
        at = text.rfind(mark, start, position)
        if at > start and (mark != "’" or at + 1 < len(text) and not text[at + 1].isalnum() and text[at - 1] in ",.!?"):
            start = max(start, at + 1)
    return start


def _main_subject(scene: Scene, start: int, position: int, found: list[Report]) -> Voice | None:
    if found and found[-1].verb_start >= start and found[-1].voice is not None:
        return found[-1].voice
    names = [m for m in scene.names_between(start, position) if m.label in ("PERSON", "ORG") or (
        m.start_char < start + 5 and scene.text[m.end_char : m.end_char + 2].strip().islower()
    )]  # fmt: skip
    free = [m for m in names if scene.lower(scene.index(m.start_char) - 1) not in (
        "of", "with", "to", "by", "from", "in", "at", "on", "for", "against", "between", "near", "the"
    ) or m.start_char == start]  # fmt: skip
    people = [m for m in free if m.label == "PERSON"]
    chosen = people[0] if people else free[0] if free else None
    if chosen is not None:
        return Voice(chosen.start_char, chosen.end_char, "name", chosen)
    first = scene.index(start)
    if first < len(scene.words) and scene.lower(first) in PRONOUNS - {"i", "we", "you", "who"}:
        word = scene.words[first]
        return Voice(word.start, word.end, "pronoun", head=word.text.lower())
    return None


def _with_object(scene: Scene, index: int, report: Report) -> Report:
    """Find whom the words are said to."""
    if report.inverted and "o" not in report.use:
        behind = scene.index(report.voice.end)
        heard = scene.name_over(scene.words[behind + 1]) if behind + 1 < len(scene.words) else None
        if heard is None or scene.lower(behind) != "to" or scene.gap(behind) != " ":
            return report
        return _replaced(report, heard.end_char, heard)  # "said Singh to Petrov"
    after = index + 1
    if "o" not in report.use:
        if scene.lower(after) != "to" or report.verb not in ("said", "says", "wrote", "writes", "replied", "explained"):
            if report.verb not in ("asked", "asks", "urged", "warned") or after >= len(scene.words):
                return report
        else:
            after += 1
    end = scene.words[after - 1].end
    at = after + 1 if scene.lower(after) in ("the", "a", "an") else after
    if at >= len(scene.words) or scene.gap(at) != " ":
        return report
    mention = scene.name_over(scene.words[at])
    if mention is not None and scene.text[mention.end_char : mention.end_char + 2] in ("'s", "’s"):
        # "told Japan's Morning Post"; of "told the town's dockers" nobody is named
        owned = scene.names_between(mention.end_char + 3, mention.end_char + 60)
        mention = owned[0] if owned and owned[0].start_char == mention.end_char + 3 else None
    if mention is not None:
        last = scene.index(mention.end_char)
        while last < len(scene.words) and scene.gap(last) == " " and scene.words[last].text.isupper():
            last += 1  # "Radio FM"
        return _replaced(report, scene.words[last - 1].end, mention)
    if "o" not in report.use:
        return report
    match = _AFTER_OBJECT.match(scene.text, end)
    if match is None:
        return report
    through = scene.names_between(end, min(len(scene.text), end + 80))
    if through and through[0].label == "ORG" and _AUDIENCE.fullmatch(scene.text, end, through[0].start_char):
        return _replaced(report, through[0].end_char, through[0])
    # "the Times newspaper", "local radio"
    inner = scene.names_between(match.start(), match.end() + 30)
    near = inner[0] if inner and inner[0].start_char - match.end() < 2 and inner[0].label == "ORG" else None
    return _replaced(report, near.end_char if near else match.end(), near)


def _replaced(report: Report, after: int, addressee: Mention | None) -> Report:
    return replace(report, after=max(after, report.end), addressee=addressee)


def _according(scene: Scene, match: re.Match[str]) -> Report | None:
    index = scene.index(match.end()) - 1
    voice = subject_right(scene, index, scene.sentence(match.start()).end)
    if voice is None:
        return None
    verb = match.group().lower()
    return Report(verb, match.start(), match.start(), voice.end, voice.end, "a", voice)
