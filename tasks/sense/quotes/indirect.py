"""The clauses that verbs of saying tell without marks: "Singh said that ...", "..., he said". English.

A clause is bounded by the marks around it and by the next verb of saying; there is no parse, and no speaker is sought
here.
"""

import re
from bisect import bisect_left

from tasks.sense.quotes.marks import Marked
from tasks.sense.quotes.reports import Report, Speech
from tasks.sense.quotes.voices import Scene, saying_verbs
from tasks.text import Sentence, trim

_THAT = re.compile(r"[^.!?“\"\n:;]{0,80}?\bthat\s(?!day\b|week\b|year\b|month\b)")
_BEFORE_THAT = re.compile(
    r"(?:,?\s(?:to\s(?:the|reporters|his|her|their|[A-Z])|on|in|at|outside|inside|near|during|after|through|via|from|late|early"
    r"|earlier|later|yesterday|today|tonight|last|this|again|also|here|there"
    r"|without|with|by|for|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[a-z]+ly)\b|,?\s?\Z)"
)
_ADVERBIAL = re.compile(
    r"(?:\s(?:on\s|late\s|early\s)*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tonight|earlier"
    r"|later|again)"
    r"(?:\s(?:morning|afternoon|evening|night))?"
    r"|\s(?:in|at|outside|inside|during|after|to|through|via|on)\s(?:a|an|the|his|her|its|their|reporters|parliament|court|state"
    r"|Twitter"
    r"|Facebook|X)(?:\s[a-z’'-]+){0,4}?(?=\s(?:it|he|she|they|the|there|we|its|his|her|their|this|that|no|all|[A-Z])\b)"
    r"|\s(?:last|this)\s(?:week|month|year)|\s[a-z]+ly\b){0,2}"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|does|did|cannot|won['’]t"
    r"|[a-z]+n['’]t"
    r"|[a-z]{3,20}(?:ed|s)|came|went|made|took|saw|found|left|began|lost|won|met|got|gave|need|want"
    r"|fell|rose|hit|cut|put|set|shot|struck|broke|drove|flew|grew|held|kept|knew|led|let|paid|ran|sent|shook"
    r"|shut|sold|spent"
    r"|stood|stole|swept|thought|threw|wrote|bought|brought|built|burnt|fought|fled|sank|spoke|told|understood"
    r"|wore|want|mean)\b"
)
_CLAUSE = re.compile(r"\s(?P<opener>[\w“\"$£€][\w’'.-]*)")
_NO_OPENER = frozenset(
    "to in on at of for with by from as and or but about into over after before during than goodbye hello so yes"
    " nothing"
    " something little more much who whom which whose when where why how whether until through outside inside"
    " near ahead alongside amid against within beside".split()
)
_OWN_CLAUSE = re.compile(r"\b(?:he|she|it|they|there|was|were|is|are|has|had|would|will)\b")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|does|did|cannot|[a-z]+n['’]t)\b"
)
_PRONOUN = frozenset("he she it they there we this these those i you".split())
_PAUSE = re.compile(r"[,;—–]|\s(?:-|but|and)\s")
_ASIDE = re.compile(
    r",\s(?:before|after|when|while|adding|during|in|at|on|citing|referring|speaking|without|who|by|with)\b"
)
_GOES_ON = re.compile(
    r",\s(?:is|are|was|were|has|have|had|will|would|could|can|and|but|which|because|when|if|while|as)\b"
)
_RELATIVE = re.compile(r",\s(?:which|who|where|what|whom|and|or|but|to|so)\b")
_CLOSING_VERBS = frozenset(
    "reported reports announced showed shows found heard revealed disclosed wrote writes testified reiterated stressed"
    " emphasised emphasized complained cautioned asked asks".split()
)
_HOW_MANY = re.compile(r"(?:at (?:least|most)|about|over|around|between|up to|from)\s(?:\d|one|two|three|half|some|a )")
_LED_IN = re.compile(r"[,:]\s[“\"„«‘]")
_END_MARKS = " \n\t.!?,:;—–-"


def indirect_speech(scene: Scene, reports: list[Report], marks: list[Marked]) -> list[Speech]:
    """Return the clauses that verbs of saying tell without marks."""
    found: list[Speech] = []
    used_until = -1
    ends = [quote.outer[1] for quote in marks]
    for order, report in enumerate(reports):
        sentence = scene.sentence(report.verb_start)
        following = reports[order + 1] if order + 1 < len(reports) else None
        near = marks[bisect_left(ends, sentence.start) : bisect_left(ends, sentence.end) + 1]
        for start, end in _contents(scene, report, sentence, following, near):
            start, end = _bare(scene.text, start, end)
            if (
                end - start < 8
                or start < used_until
                or scene.inside.overlaps(start, end)
                and _all_marked(near, start, end)
            ):
                continue
            confidence = 0.75 if report.voice.kind != "pronoun" else 0.6
            group = -report.verb_start - 1  # one quotation however many parts; direct ones count from 0 up
            found.append(Speech(start, end, "indirect", group, report.voice, report.verb, report.addressee, confidence))
            used_until = end
    return found


def _contents(
    scene: Scene, report: Report, sentence: Sentence, following: Report | None, marks: list[Marked]
) -> list[tuple[int, int]]:
    text = scene.text
    stop = sentence.end
    led_in = _LED_IN.search(text, report.after, min(stop, report.after + 400))
    if led_in:
        stop = led_in.start()
    if following is not None and following.start < stop and following.verb_start > report.after:
        joint = text[max(report.after, following.start - 6) : following.start]
        if following.participle and "," in joint or re.search(r"(?:,|\band|\bbut)\s\Z", joint):
            stop = following.start
    left = _before_subject(text, sentence.start, report.start)
    if report.use == "a":
        if report.start - sentence.start < 4:
            comma = text.find(",", report.end, min(stop, report.end + 60))
            return [(comma + 1, stop)] if comma > 0 else []
        return [(sentence.start, left if left > sentence.start else report.start)]
    right = None if report.inverted else _right_start(text, report, stop)
    if right is not None:
        return [(right, stop)]
    if any(
        quote.outer[0] < left and sentence.start < quote.outer[1] and text[quote.end - 1] in ",?!" for quote in marks
    ):
        return []  # what stands before the speaker is a quotation
    return _broken(text, report, sentence, left, stop)


def _broken(text: str, report: Report, sentence: Sentence, left: int, stop: int) -> list[tuple[int, int]]:
    """Return the clause before ", he said" and, where it goes on, the rest behind it."""
    if "s" not in report.use and report.verb not in _CLOSING_VERBS or report.participle or left <= sentence.start:
        return []
    comma = text[report.after : report.after + 1] == ","
    goes_on = comma and stop - report.after > 25 and _FINITE.search(text, report.after, min(stop, report.after + 110))
    if goes_on and not _ASIDE.match(text, report.after) and (not report.inverted or _GOES_ON.match(text, report.after)):
        return [(sentence.start, left), (report.after + 1, stop)]
    if not _FINITE.search(text, max(sentence.start, left - 200), left):
        return []
    follower = text[report.after : report.after + 1]
    plain = follower in (".", ",", "", "\n", ";", "!") or report.inverted or _BEFORE_THAT.match(text, report.after)
    return [(sentence.start, left)] if plain else []


def _before_subject(text: str, start: int, end: int) -> int:
    """Return where the clause before ", the transport minister, Singh said" ends; ``start`` where no clause does."""
    comma = max(text.rfind(mark, max(start, end - 80), end) for mark in (",", "—", "–"))
    aside = text[comma:end].split()
    if (
        comma <= start
        or len(aside) > 9
        or any(word in saying_verbs() for word in aside)
        or _AUXILIARY.search(text, comma, end)
        or _RELATIVE.match(text, comma)
    ):
        return start
    while comma > start and text[comma - 1] in _END_MARKS:
        comma -= 1
    return comma


def _right_start(text: str, report: Report, stop: int) -> int | None:
    """Return where the clause after a verb of saying begins, None where none follows."""
    that = _THAT.match(text, report.after, stop)
    if that and report.use not in ("q", "qi") and not _OWN_CLAUSE.search(text, report.after, that.end() - 5):
        between = text[report.after : that.end() - 5]
        if "o" in report.use or _BEFORE_THAT.match(between):
            return that.end()
    if "s" not in report.use:
        return None
    after = _ADVERBIAL.match(text, report.after, stop).end()
    opener = _CLAUSE.match(text, after, stop)
    if (
        opener is None
        or opener["opener"].lower() in _NO_OPENER
        and not _HOW_MANY.match(text, opener.start() + 1)
        or opener["opener"].lower().endswith(("ing", "ly"))
    ):
        return None
    begin = opener.start() + 1
    limit = min(stop, begin + 110)
    if report.verb not in ("said", "says", "say", "told"):
        pause = _PAUSE.search(text, begin, limit)
        limit = pause.start() if pause else limit
        if opener["opener"].lower() not in _PRONOUN:
            return begin if _AUXILIARY.search(text, begin, limit) else None
    return begin if _FINITE.search(text, begin, limit) else None


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = trim(text, start, end)
    while end > start and text[end - 1] in ".,:;":
        end -= 1
    return start, end


def _all_marked(marks: list[Marked], start: int, end: int) -> bool:
    """Say whether nearly all of a stretch stands between marks, so that it is a direct quotation."""
    covered = sum(min(end, quote.outer[1]) - max(start, quote.outer[0]) for quote in marks
                  if quote.outer[0] < end and start < quote.outer[1])  # fmt: skip
    return covered > 0.85 * (end - start)
