"""The speaker of each direct quotation: the verb of saying that it belongs to, else whoever was speaking. English.

What is left without a speaker and is no sentence is taken for words held at arm's length and dropped. Whom a pronoun
means is not decided here.
"""

import re
from bisect import bisect_left

from tasks.sense.quotes.marks import Marked, is_title
from tasks.sense.quotes.reports import Report, Speech
from tasks.sense.quotes.voices import Scene, Voice, title_start

_MIN_WORDS_WITHOUT_SPEAKER = 4
_REPORT_CHARS = 1_600  # how far from a quotation its verb of saying may stand
_NEAR_CHARS = 600
#: What leads up to a speech in a paragraph of its own.
_SPEAKS = re.compile(
    r"\b(?:spoke|speaking|addressed|appeared|recalled|reacted|responded|explained|described|remembers?|asked|posted"
    r"|interview|statement|speech)\b"
)


def direct_speech(scene: Scene, marks: list[Marked], reports: list[Report]) -> list[Speech]:
    """Give each stretch between marks its verb and speaker, drop those that are no speech."""
    text = scene.text
    found: list[Speech] = []
    previous: tuple[Marked, Speech] | None = None
    starts = [report.verb_start for report in reports]
    for order, quote in enumerate(marks):
        words = len(text[quote.start : quote.end].split())
        if is_title(text, quote):
            continue
        border = marks[order - 1].outer[1] if order else 0
        limit = marks[order + 1].outer[0] if order + 1 < len(marks) else len(text)
        near = reports[
            bisect_left(starts, quote.outer[0] - _REPORT_CHARS) : bisect_left(starts, quote.outer[1] + _REPORT_CHARS)
        ]
        report, confidence = _attribution(scene, quote, near, border, limit)
        group, voice, verb, addressee = quote.outer[0], None, None, None
        if report is not None:
            voice, verb, addressee = report.voice, report.verb, report.addressee
        elif (named := _named_before_colon(scene, quote)) is not None:
            voice, confidence = named, 0.8
        carried = previous is not None and _carries_on(text, previous[0], quote)
        if voice is None and carried:
            voice, confidence, group = previous[1].voice, 0.55, previous[1].group
        elif carried and (quote.continued or text[quote.start].islower() or _same(report, previous[1])):
            group = previous[1].group
        if voice is None and words >= _MIN_WORDS_WITHOUT_SPEAKER:
            voice, confidence = _set_up(scene, quote, found, near) or _named_behind(scene, quote), 0.4
        if voice is None and (words < _MIN_WORDS_WITHOUT_SPEAKER or not _is_sentence(text, quote)):
            continue
        speech = Speech(quote.start, quote.end, "direct", group, voice, verb, addressee, confidence)
        found.append(speech)
        previous = (quote, speech)
    return found


def _same(report: Report | None, speech: Speech) -> bool:
    return report is not None and speech.voice is not None and report.voice is speech.voice


def _attribution(
    scene: Scene, quote: Marked, reports: list[Report], border: int, limit: int
) -> tuple[Report | None, float]:
    """Return the verb of saying that a quotation belongs to, and how sure that is.

    Right behind it stands the surest; then what leads up to it; then what follows in its sentence.
    """
    text = scene.text
    opening, closing = quote.outer
    before = scene.sentence(opening)
    last = scene.sentence(closing - 1)
    if text[quote.end - 1] == "," and not text[closing : last.end].strip() and closing < len(text):
        ahead = scene.sentence_index(closing) + 1  # the speaker stands in the next paragraph
        if ahead < len(scene.sentences) and not text[closing : scene.sentences[ahead].start].strip():
            last = scene.sentence(scene.sentences[ahead].start)
    full = text[quote.end - 1] in ".…" and closing - quote.end <= 1
    after = [r for r in reports if closing <= r.start < min(limit, last.end)]
    if after and text[closing : after[0].start].strip(" ,—–-\n") == "" and not after[0].participle:
        first = after[0]
        ends = text[first.end : first.end + 1] in (".", ",", "\n", "", ":", ";") or text[first.end : first.end + 4] in (
            " on ",
            " in ",
        )
        if not full or ends or first.inverted:
            return first, 0.9
    floor = max(before.start, border)
    leading = [r for r in reports if floor <= r.verb_start and r.end <= opening]
    led_in = text[:opening].rstrip()[-1:] if opening < 2 else text[max(0, opening - 3) : opening].rstrip()[-1:]
    if not leading and led_in == ":" and opening - before.start < 3:
        earlier = [r for r in reports if r.end <= opening and opening - r.end < 160]
        leading = earlier[-1:]
    if leading:
        return leading[-1], 0.85 if led_in in ",:" else 0.75
    if floor == border and border > before.start:  # a second quotation in one sentence: the first one's lead may hold
        leading = [r for r in reports if before.start <= r.verb_start and r.end <= opening]
        if leading and text[border:opening].strip(" ,;").lower() in ("and", "or", "but", "", "as well as", "but also"):
            return leading[-1], 0.7
    if after and not full:
        return after[0], 0.65
    beyond = [r for r in reports if closing <= r.start < last.end]
    long = len(text[quote.start : quote.end].split()) >= _MIN_WORDS_WITHOUT_SPEAKER
    if (
        beyond
        and long
        and not full
        and not text[closing : beyond[0].start].strip(" ,").startswith(("while", "but", "after"))
    ):
        return beyond[0], 0.55
    return None, 0.4


def _named_before_colon(scene: Scene, quote: Marked) -> Voice | None:
    """Return the name of "Singh: “...”"."""
    opening = quote.outer[0]
    if scene.text[max(0, opening - 2) : opening].strip() != ":":
        return None
    names = scene.names_between(max(0, opening - 120), opening)
    if names and not scene.text[names[-1].end_char : opening].strip(" :"):
        return Voice(names[-1].start_char, names[-1].end_char, "name", names[-1])
    start = scene.sentence(opening - 2).start
    names = [m for m in scene.names_between(start, opening) if m.label == "PERSON"]
    return Voice(names[0].start_char, names[0].end_char, "name", names[0]) if names else None


def _carries_on(text: str, previous: Marked, quote: Marked) -> bool:
    """Say whether a quotation without attribution goes on from the one before it."""
    if quote.continued:
        return True
    between = text[previous.outer[1] : quote.outer[0]]
    if len(between) > 220 or between.count("\n") > 2:
        return False
    if "\n" in between:
        return not between.strip() or len(between.partition("\n")[0]) < 140 and not between.rpartition("\n")[2].strip()
    return len(re.findall(r"[.!?]\s", between)) <= 1


def _set_up(scene: Scene, quote: Marked, found: list[Speech], reports: list[Report]) -> Voice | None:
    """Return the subject of what stands before a quotation without a verb, else who spoke last close by."""
    opening = quote.outer[0]
    sentence = scene.sentence(opening)
    start = sentence.start
    if opening - start < 3:
        index = scene.sentence_index(opening)
        earlier = scene.sentences[index - 1] if index else sentence
        if "\n" in scene.text[earlier.end : opening]:
            told = [
                r for r in reports if r.verb_start < opening and opening - r.verb_start < _NEAR_CHARS and r.use != "a"
            ]
            if told and scene.text.count("\n", told[-1].verb_start, opening) <= 2:
                return told[-1].voice
            near = found and opening - found[-1].end < _NEAR_CHARS
            if near and found[-1].voice:
                return found[-1].voice
            names = scene.names_between(max(earlier.start, opening - _REPORT_CHARS), opening)
            opens = names and names[0].label == "PERSON" and title_start(scene, names[0]) <= scene.index(earlier.start)
            told_of = _SPEAKS.search(scene.text, earlier.start, opening)
            return Voice(names[0].start_char, names[0].end_char, "name", names[0]) if opens and told_of else None
        start = max(earlier.start, opening - _REPORT_CHARS)
    elif not scene.text[quote.start].isupper() or scene.text[opening - 2 : opening - 1] not in (",", ":"):
        # Some words of a sentence without a verb of saying: they are its subject's, where a name opens it.
        names = scene.names_between(start, opening)
        if names and names[0].label in ("PERSON", "ORG") and title_start(scene, names[0]) <= scene.index(start) + 1:
            return Voice(names[0].start_char, names[0].end_char, "name", names[0])
        return _pronoun_at(scene, start, opening)
    names = [m for m in scene.names_between(start, opening) if m.label == "PERSON"]
    if names:
        return Voice(names[0].start_char, names[0].end_char, "name", names[0])
    return _pronoun_at(scene, start, opening)


def _named_behind(scene: Scene, quote: Marked) -> Voice | None:
    """Return the person that opens the sentence after a quotation which opens its paragraph."""
    opening, closing = quote.outer
    before, after = scene.text[:opening].rstrip(" ")[-1:] if opening < 2 else scene.text[opening - 1], closing + 1
    if before not in ("", "\n") or scene.text[closing:after] != " " or scene.text[quote.end - 1] not in ".!?":
        return None
    names = scene.names_between(after, after + 60)
    opens = names and names[0].label == "PERSON" and title_start(scene, names[0]) == scene.index(after)
    return Voice(names[0].start_char, names[0].end_char, "name", names[0]) if opens else None


def _pronoun_at(scene: Scene, start: int, end: int) -> Voice | None:
    first = scene.index(start)
    if first < len(scene.words) and scene.lower(first) in ("he", "she") and scene.words[first].start < end:
        word = scene.words[first]
        return Voice(word.start, word.end, "pronoun", head=word.text.lower())
    return None


def _is_sentence(text: str, quote: Marked) -> bool:
    words = text[quote.start : quote.end].split()
    return text[quote.start].isupper() or len(words) > 8 or text[quote.end - 1] in ".,!?"
