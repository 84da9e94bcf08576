"""Quantities: money, shares in per cent, measures and ages, and counts of people and things, each with its qualifier.

English for words and counted nouns; money and per cent with digits in other European languages too. A number that is a
date, a time of day, a score, an article of law, a telephone number or part of a name is no amount, and neither is a
bare number: without a unit a reader could not use it. A range is two amounts: "at least" its lower end and "at most"
its upper. No amount is converted into another unit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.sense.amounts import units
from tasks.sense.amounts.numbers import WORD_VALUES, digits_at, words_at
from tasks.sense.facts import Amount, Document
from tasks.sense.lexicon import demonyms, stop_words
from tasks.text import SpanSet, Word, words

_QUALIFIERS = {
    "at least": "at least|no fewer than|no less than|not less than|a minimum of|minimum of|minimum",
    "at most": "up to|at most|at the most|as many as|as much as|no more than|not more than|a maximum of|maximum"
    " of|only up to",
    "more than": "more than|over|above|exceeding|upwards of|upward of|in excess of|well over|just over|north"
    " of|greater than",
    "less than": "less than|under|below|fewer than|just under|well under|just short of",
    "about": "about|around|some|approximately|approx|roughly|an estimated|estimated|estimated at|circa|nearly|almost"
    "|close to|nearly some|in the region of|somewhere around|more or less",
}
_QUALIFIER_OF = {phrase: name for name, phrases in _QUALIFIERS.items() for phrase in phrases.split("|")}
_BEFORE = re.compile(
    r"(?:^|(?<=[\s(\"“‘—–-]))(?P<phrase>"
    + "|".join(sorted(_QUALIFIER_OF, key=len, reverse=True))
    + r")(?:\.|\s(?:an?|the))?\s\Z",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s(?:or|and)\s(?P<which>more|over|above|less|fewer|so)\b")
_RANGE = re.compile(r"\s?(?P<sign>[-–—])\s?|\s(?P<word>to|and|or)\s")
_PERCENT = re.compile(rf"\s?[-‐]?\s?(?:%|٪|(?:{units.PERCENT})(?!\w))", re.IGNORECASE)
_NOT_BEFORE = re.compile(
    r"(?:[\w.,/:#+$€£°]|\d[-–]|(?<=[A-Z])-|\b(?:Article|Articles|Section|Sections|Chapter|Boeing|Airbus|Formula"
    r"|Group of"
    r"|Highway|Route|Flight|Level|Phase|Type|Figure|Grade|Channel|Apollo|Windows|Covid|COVID|Page|Nos?\.?|page"
    r"|number|room"
    r"|Room|Rule|Resolution|Interstate|Psalm|Vol\.?|Act|Clause|Order|Division|Volume|Book|Part|Episode|Season|Gate|Unit"
    r"|Platform|Stage|chapter|section|article|verse|route|flight|level|phase|type|one in|two in|three in|four in"
    r"|one out of"
    r"|two out of|three out of|four out of|nine out of|[Tt]op|[Bb]ig|iPhone|Galaxy)\s)\Z"
)
_IN_EVERY = re.compile(r"\b(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine) (?:in|out of)(?: every)? \Z")
_NAMED = re.compile(r"(?<![.!?:;\"“”'‘’\n]\s)(?<!\n)\b(?P<name>[A-Z][\w’'-]{1,30})\s\Z")
_DAY_OR_MONTH = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday"
    " thursday friday saturday sunday in on at the a of for from over under about around nearly almost some"
    " more".split()
)
_CLOCK = re.compile(r"(?::\d\d)|\s?[ap]\.?m\b|\s(?:GMT|EST|EDT|UTC|BST|CET|IST|hrs|hours\s(?:GMT|local))\b")
_OLD = re.compile(r"[ -](?P<unit>year|month|week|day|hour)s?[ -](?:old|olds)\b")
_AGED = re.compile(r"\b(?:aged?|age of|ages)\s\Z", re.IGNORECASE)
_APPOSED_AGE = re.compile(r"[A-Z][\w’'.-]+(?:\s(?:Jr|Sr|I{1,3})\.?)?,\s\Z")
_AFTER_AGE = re.compile(r",(?!\s?\d)|\.\s|;|\)")
_WORD = re.compile(r"[ \u00a0-](?P<word>(?:[^\W\d_]\.){2,3}|[^\W\d_](?:[\w'’.-]{0,30}[^\W_])?)")
_BARE_WORD = re.compile(r"(?P<word>[a-z]+)")
_GLUED = re.compile(r"[A-Za-z/]+")
_SYMBOL = re.compile(r"(?:[A-Z]{0,3}[$€£¥₹]|Rs\.? ?)")
_AREA = re.compile(r"[ -](?P<power>square|cubic|sq\.?|cu\.?)[ -]?", re.IGNORECASE)
_DEGREES = re.compile(r"\s?(?:°|degrees\s|deg\s)\s?(?P<scale>C|F|Celsius|Centigrade|Fahrenheit)\b")
_MAGNITUDE_BEFORE = re.compile(r"\bmagnitude[ -](?:of |was )?\Z", re.IGNORECASE)
_RACES = frozenset((60, 100, 110, 200, 400, 800, 1500, 3000, 5000, 10_000))
_STARTERS = frozenset(WORD_VALUES) - {"zero"} | {"a", "an", "half"}


def read_amounts(document: Document) -> Document:
    """Fill in the amounts; no number of a date is one."""
    taken = SpanSet((mention.start_char, mention.end_char) for mention in document.dates)
    found = find_amounts(document.text, taken, document.language, document.words)
    return replace(document, amounts=tuple(found))


def find_amounts(text: str, taken: SpanSet, language: str, spoken: Sequence[Word] | None = None) -> list[Amount]:
    """Return the amounts of ``text`` in order, none overlapping each other or a span in ``taken`` (the dates).

    ``spoken`` are the words of the text where the caller has them.
    """
    english = language == "en"
    found: list[Amount] = []
    position = 0
    for word in words(text) if spoken is None else spoken:
        start = word.start
        if start < position:
            continue
        first = word.text[0]
        if "0" <= first <= "9":
            number = digits_at(text, start, english=english)
        elif english and word.text.partition("-")[0].lower() in _STARTERS:
            number = words_at(text, start)
        elif first in "RNTKSDEUGJICMPABHZVQ" and (glued := units.MONEY_GLUED.match(word.text)):
            start += glued.end()
            number = digits_at(text, start, english=english)
        else:
            continue
        if number is None or taken.overlaps(start, number[1]):
            continue
        for amount in _amounts(text, start, *number, english=english):
            found.append(amount)
            position = amount.end_char
    return found


def _amounts(text: str, start: int, value: float, end: int, *, english: bool) -> Iterator[Amount]:
    """Yield what one number, or the two of a range, count."""
    if start and text[start - 1] in "-−" and text[max(0, start - 2) : start - 1].strip() in ("", "("):
        value, start = -value, start - 1
    elif text.endswith("minus ", 0, start):
        value, start = -value, start - 6
    single = _read(text, start, value, end, english=english)
    if english and (second := _second(text, end, value)):
        other_start, other_value, other_end = second
        whole = _read(text, other_start, other_value, other_end, english=english, after_range=True)
        if whole is None and single is not None and single.kind == "money":
            whole = _amount(text, other_start, other_end, other_value, single.unit, "money")  # "$10-15 million"
            single = None
        scale = _borrowed(value, other_value) if single is None else 1.0
        if whole is not None and _joins(text, single, whole, start, value * scale, other_value):
            if single is None:
                money = _money_before(text, start)
                span = (money[0] if money else start, end)
                single = Amount(start_char=span[0], end_char=span[1], surface=text[span[0] : span[1]],
                                value=round(value * scale, 6), unit=whole.unit, kind=whole.kind)  # fmt: skip
            change = text.endswith("from ", 0, single.start_char)  # "from 5 to 10 per cent": two points, no range
            yield single if change else replace(single, qualifier="at least")
            yield whole if change else replace(whole, qualifier="at most")
            return
    if single is not None:
        yield replace(single, qualifier=_qualifier(text, single, start))


def _second(text: str, end: int, value: float) -> tuple[int, float, int] | None:
    """Return start, value and end of the upper number of a range that the lower, ending at ``end``, opens."""
    joint = _RANGE.match(text, end)
    if joint is None:
        return None
    start = joint.end()
    money = _SYMBOL.match(text, start)
    if money:
        start = money.end()
    if text[start : start + 1].isdigit():
        number = digits_at(text, start, english=True)
    else:
        number = words_at(text, start)
    return (start, *number) if number and number[0] > value else None


def _joins(text: str, single: Amount | None, whole: Amount, start: int, low: float, high: float) -> bool:
    """Say whether two numbers are the ends of a range and not two amounts side by side."""
    before = text[max(0, start - 12) : start].lower()
    joint = text[single.end_char if single else start : whole.start_char]
    if single is not None and single.end_char > whole.start_char:
        return False
    if single is not None and (single.kind != whole.kind or single.unit != whole.unit):
        return False
    spread = high <= 20 * low
    if "between" in before:
        return spread or single is not None
    return (" to " in joint or " or " in joint or "-" in joint or "–" in joint) and spread


def _borrowed(low: float, high: float) -> float:
    """Return the scale that the lower number takes from the upper ("$10-15 million")."""
    if high < 1000 or low >= 1000:
        return 1.0
    scale = 1.0
    for step in (1e3, 1e6, 1e9, 1e12):
        if high / step >= 1 and low * step < high:
            scale = step
    return scale


def _read(text: str, start: int, value: float, end: int, *, english: bool, after_range: bool = False) -> Amount | None:
    """Return the amount that the number at ``start`` gives, None where it counts nothing."""
    money = _money_before(text, start)
    if money is not None:
        first, unit = money
        if unit == "ZAR" and text[first] == "R" and value < 1000 and text[start:end].isdigit():
            return None  # "R4" is a road or a router as often as four rand
        if _PERCENT.match(text, end):
            return None
        return _amount(text, first, end, value, unit, "money")
    percent = _PERCENT.match(text, end)
    before = text[max(0, start - 24) : start]
    if not after_range and before and _NOT_BEFORE.search(before) and not percent:
        return None
    if percent:
        told = percent.group().lower()
        unit = "percentage point" if "age" in told and "point" in told else "basis point" if "basis" in told else "%"
        return _amount(text, start, percent.end(), value, unit, "percent")
    after = units.MONEY_AFTER.match(text, end)
    if after is not None and (english or after["noun"] or after["unit"]):
        found = _money_after(text, start, end, value, after)
        if found is not None:
            return found
    if not english or _CLOCK.match(text, end):
        return None
    return _age(text, start, value, end) or _measure(text, start, value, end) or _count(text, start, value, end)


def _money_before(text: str, start: int) -> tuple[int, str | None] | None:
    if start == 0 or text[start - 1].isspace() and start == 1:
        return None
    match = units.MONEY_BEFORE.search(text, max(0, start - 6), start)
    if match is None:
        glued = units.MONEY_GLUED.match(text, max(0, start - 3)) or units.MONEY_GLUED.match(text, max(0, start - 1))
        if glued is None or glued.end() != start or glued.start() and text[glued.start() - 1].isalnum():
            return None
        unit = glued["unit"]
        return glued.start(), units.SYMBOLS.get(unit, "CNY" if unit == "RMB" else unit)
    unit = match["unit"].rstrip(".")
    return match.start(), units.SYMBOLS.get(unit, "CNY" if unit == "RMB" else unit)


def _money_after(text: str, start: int, end: int, value: float, after: re.Match[str]) -> Amount | None:
    if after["unit"]:
        unit = after["unit"]
        code = units.SYMBOLS.get(unit, unit.upper())
        return (
            _amount(text, start, after.end(), value, code, "money") if unit in units.SYMBOLS or unit.isupper() else None
        )
    noun, adjective = after["noun"].lower(), (after["adjective"] or "").lower()
    scaled = text[end - 1].isalpha() and text[start].isdigit() or " " in text[start:end]
    if noun in units.UNSURE_MONEY and not adjective and not scaled:
        return None
    if text[after.end() : after.end() + 1] == "-" or noun == "cent" and text[after.end("noun") :][:1] != "s":
        return None
    table = units.MONEY_NOUNS[noun]
    code = table.get(adjective, None) if adjective else table[""] or units.currency_of_text(noun, text)
    return _amount(text, start, after.end(), value / 100 if noun in units.HUNDREDTHS else value, code, "money")


def _age(text: str, start: int, value: float, end: int) -> Amount | None:
    old = _OLD.match(text, end)
    if old:
        return _amount(text, start, old.end(), value, old["unit"], "measure")
    if not 0 < value < 120 or value != int(value):
        return None
    before = text[max(0, start - 40) : start]
    if (
        _AGED.search(before)
        and not _WORD.match(text, end + 1)
        or _AGED.search(before)
        and text[end : end + 1] in ",.;)"
    ):
        return _amount(text, start, end, value, "year", "measure")
    if text[start:end].isdigit() and value >= 5 and _AFTER_AGE.match(text, end):
        apposed = _APPOSED_AGE.search(before)
        if apposed and apposed.group().partition(",")[0].lower() not in _DAY_OR_MONTH:
            return _amount(text, start, end, value, "year", "measure")
    return None


def _measure(text: str, start: int, value: float, end: int) -> Amount | None:
    degrees = _DEGREES.match(text, end)
    if degrees:
        return _amount(
            text, start, degrees.end(), value, f"°{degrees['scale'][0].upper().replace('FAHR', 'F')}", "measure"
        )
    if _MAGNITUDE_BEFORE.search(text, max(0, start - 18), start):
        return _amount(text, start, end, value, "magnitude", "measure")
    area = _AREA.match(text, end)
    power = "" if area is None else "³" if area["power"].lower().startswith("cu") else "²"
    at = area.end() - 1 if area else end
    if not area and text[at : at + 1].isalpha() and text[at - 1].isdigit():
        glued = _GLUED.match(text, at)
        unit = {"C": "°C", "F": "°F"}.get(glued.group()) or units.MEASURES.get(glued.group().lower()) if glued else None
        return _amount(text, start, glued.end(), value, unit, "measure") if unit else None
    if text[end - 1] in "mM" and text[end - 2 : end - 1].isdigit() and value / 1e6 in _RACES:
        return _amount(text, start, end, value / 1e6, "m", "measure")
    match = _WORD.match(text, at) or (_BARE_WORD.match(text, at) if area else None)
    if match is None:
        return None
    spoken, hyphen = match["word"].lower(), text[at : at + 1] == "-"
    if spoken in ("metric", "nautical", "long", "short", "light", "light-year"):
        second = _WORD.match(text, match.end())
        if second is None:
            return None
        nautical = spoken == "nautical"
        match, spoken = second, second["word"].lower()
        if nautical and spoken.startswith("mile"):
            return _amount(text, start, match.end(), value, "nmi", "measure")
    bare, _, tail = spoken.partition("-")
    if tail:
        if not hyphen:
            return None
        spoken = bare
    stem = spoken[:-1] if spoken.endswith("s") else spoken
    unit = units.MEASURES.get(spoken) or units.MEASURES.get(stem)
    if unit is None or stem in units.PLURAL_MEASURES and spoken == stem and not hyphen:
        return None
    return _amount(text, start, match.start("word") + len(spoken), value, unit + power, "measure")


def _count(text: str, start: int, value: float, end: int) -> Amount | None:
    """Read what is counted: the last of the first run of plural nouns after at most two modifiers."""
    named = _NAMED.search(text, max(0, start - 34), start)
    if named and text[start].isdigit() and value < 1000 and named["name"].lower() not in _DAY_OR_MONTH:
        return None  # "Apollo 13 astronauts"
    more = _OR_MORE.match(text, end)  # "30 or more trucks"
    end = more.end() if more else end
    if text[end : end + 1] != " " or _IN_EVERY.search(text, max(0, start - 18), start) or value < 0:
        return None
    stop, found, position = stop_words(), None, end
    for index in range(5):
        match = _WORD.match(text, position)
        if match is None or text[match.start()] == "-":
            break
        word = match["word"]
        lower = word.lower()
        state = index == 0 and lower in units.STATES and not _plural_follows(text, match.end())
        if found is None and value == 1 and lower in units.PERSONS or state:
            return _amount(text, start, match.end(), value, lower, "count")
        if _is_plural(word, lower) and not (found and lower[:-1] in units.MEASURES):
            found = (lower, match.end())
        elif found or (lower in stop or lower in units.NEVER_NOUNS) and lower not in units.NOUN_MODIFIERS or index >= 2:
            break
        elif text[match.end() : match.end() + 2] in ("'s", "’s", "s'") or word.endswith(("'s", "’s")):
            break
        position = match.end()
    if found is None or value == 1:
        return None
    return _amount(text, start, found[1], value, found[0], "count")


def _plural_follows(text: str, end: int) -> bool:
    match = _WORD.match(text, end)
    return match is not None and _is_plural(match["word"], match["word"].lower())


def _is_plural(word: str, lower: str) -> bool:
    if word[0].isupper():
        return word in demonyms() and word.endswith(("ans", "is", "ese", "ns"))
    if lower in units.PLURALS or lower.endswith(("women", "children", "smen", "emen")) or lower == "men":
        return word[0].islower()
    if lower in units.NEVER_NOUNS or lower in stop_words() or "'" in word or "’" in word:
        return False
    return word[0].islower() and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _qualifier(text: str, amount: Amount, start: int) -> str | None:
    after = _OR_MORE.match(text, amount.end_char) or _OR_MORE.search(text, amount.start_char, amount.end_char)
    if after:
        return {"so": "about", "less": "at most", "fewer": "at most"}.get(after["which"], "at least")
    before = _BEFORE.search(text, max(0, amount.start_char - 24), amount.start_char)
    if before is None:
        return "more than" if text[amount.end_char : amount.end_char + 1] == "+" else None
    phrase = before["phrase"].lower()
    if phrase in ("over", "under", "above") and amount.unit in units.TIMES and amount.value < 1000:
        return None if phrase == "over" and amount.value < 30 else _QUALIFIER_OF[phrase]
    return _QUALIFIER_OF[phrase]


def _amount(text: str, start: int, end: int, value: float, unit: str | None, kind: str) -> Amount:
    return Amount(start_char=start, end_char=end, surface=text[start:end], value=round(value, 6), unit=unit, kind=kind)
