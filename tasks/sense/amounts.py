"""Quantities: money, shares in per cent, measures, and counts of people and things.

English for words and counted nouns; money and per cent with digits in the European languages too. A number that is a
date, an age, a time of day, a score, an article of law or part of a name is no amount, and neither is a bare number:
without a unit a reader could not use it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.sense.facts import Amount, Document
from tasks.sense.lexicon import stop_words
from tasks.text import SpanSet

_WORD_VALUES = {word: value for value, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split())} | {word: 10 * value for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "mn": 1e6, "m": 1e6,
           "crore": 1e7, "crores": 1e7,
           "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "k": 1e3,
           "millionen": 1e6, "mio": 1e6, "milliarden": 1e9, "mrd": 1e9, "millions": 1e6, "milliards": 1e9,
           "millones": 1e6, "milioni": 1e6, "miliardi": 1e9, "milhões": 1e6, "bilhões": 1e9,
           "miljoen": 1e6, "miljard": 1e9}
_SYMBOLS = {"$": "USD", "US$": "USD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "R$": "BRL",
            "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "Rs": "INR", "Rs.": "INR", "₦": "NGN", "₽": "RUB",
            "₩": "KRW", "₴": "UAH", "₺": "TRY", "R": "ZAR"}
_CODES = (
    "USD EUR GBP JPY INR CNY RUB CHF AUD CAD NGN KES ZAR GHS UGX TZS PKR BDT LKR NPR BRL MXN SEK NOK DKK PLN CZK HUF"
    " TRY UAH KRW SGD HKD NZD AED SAR EGP ILS IDR MYR PHP THB VND"
).split()
_NOUNS = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "rupee": "INR", "yuan": "CNY", "ruble": "RUB",
          "rouble": "RUB", "naira": "NGN", "rand": "ZAR", "franc": None, "peso": None, "shilling": None, "won": "KRW",
          "lira": "TRY", "dirham": "AED", "riyal": None, "dinar": None, "real": "BRL", "ringgit": "MYR", "baht": "THB",
          "rupiah": "IDR", "hryvnia": "UAH", "zloty": "PLN", "shekel": "ILS"}
_MEASURES = {
    "kilometre": "km", "kilometer": "km", "km": "km", "metre": "m", "meter": "m", "mile": "mi", "feet": "ft",
    "inch": "in", "inche": "in", "yard": "yd", "centimetre": "cm", "centimeter": "cm", "cm": "cm", "mm": "mm",
    "kg": "kg", "kilogram": "kg", "kilo": "kg", "gram": "g", "tonne": "t", "ton": "t", "pound": "lb", "ounce": "oz",
    "litre": "L", "liter": "L", "gallon": "gal", "barrel": "bbl", "hectare": "ha", "acre": "acre",
    "megawatt": "MW", "mw": "MW", "gigawatt": "GW", "gw": "GW", "kilowatt": "kW", "mph": "mph", "kph": "km/h",
    "degree": "degree", "second": "s", "minute": "min", "hour": "h", "day": "day", "week": "week", "month": "month",
    "year": "year", "decade": "decade", "century": "century", "centuries": "century", "km/h": "km/h", "sqm": "m²",
}
_PLURALS = frozenset(
    "people men women children police persons cattle sheep fish aircraft troops personnel staff youth dead wounded"
    " injured others civilians spacecraft species passersby".split()
)
_NEVER_NOUNS = frozenset("times points is was has as this its us his yes perhaps always sometimes across does goes says"
                         " versus plus thus pages percent".split())

_DIGITS = (
    r"\d{1,3}(?:,\d{2,3}){0,5},\d{3}(?:\.\d{1,6})?|\d{1,3}(?:[,\u00a0\u202f ]\d{3}){1,5}(?:\.\d{1,6})?"
    r"|\d{1,15}(?:[.,]\d{1,6})?"
)
_SMALL = "|".join(sorted((w for w in _WORD_VALUES if w != "zero"), key=len, reverse=True))
_WORDS = (
    rf"(?:{_SMALL})(?:[- ](?:{_SMALL}))?"
    r"|(?:a|several|half a)(?= (?:hundred|thousand|million|billion|dozen|trillion|lakh|crore)\b)"
)
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_LONG_SCALE = "|".join(sorted((s for s in _SCALES if len(s) > 1), key=len, reverse=True))
_SYMBOL = "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True))

_MONEY_BEFORE = re.compile(
    rf"(?<![\w$])(?P<unit>{_SYMBOL}|(?:{'|'.join(_CODES)})(?=[\s\d]))\s?(?P<number>{_DIGITS})"
    rf"(?:[ -]?(?P<scale>{_SCALE})\b)?(?! ?(?:{_LONG_SCALE})\b)(?! ?%)"
)
_MONEY_AFTER = re.compile(
    rf"(?<![\w.,$€£])(?P<number>{_DIGITS}|(?i:{_WORDS}))(?:[ -](?P<scale>{_LONG_SCALE}))?"
    r"[ -]?(?:(?:US|Australian|Canadian|Hong Kong|Singapore) )?"
    rf"(?P<unit>€|£|₹|(?:{'|'.join(_CODES)})\b|(?:{'|'.join(_NOUNS)})s?\b)"
)
_PERCENT = re.compile(
    rf"(?<![\w.,])(?P<number>[-+−]?(?:{_DIGITS})|(?i:{_WORDS}))"
    r"(?:\s?%|[ -](?:per ?cent|percentage points?|pct|Prozent|pour cent|por ciento|per cento|procent)\b)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,$€£₹/:#-])(?P<number>{_DIGITS}|(?i:{_WORDS}))"
    r"(?P<scales>(?:[ -](?:hundred|thousand|million|billion|trillion|lakhs?|crores?|dozen)){0,2})"
    rf"(?=(?P<rest>(?:[ -][^\W\d_][\w'’-]{{0,30}}){{1,3}}))"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]{0,30}")
_OLD = re.compile(r"[ -](?:year|month|week|day|hour)s?[ -]old\b")
_GROUPED = re.compile(r"\d{1,3}(?:[,\s]\d{2,3}){0,5}[,\s]\d{3}(?:\.\d{1,6})?")
_NAMES_A_NUMBER = re.compile(
    r"(?:Article|Section|Chapter|Boeing|Airbus|Formula|Group|Highway|Route|Flight|Level|Phase|Type|Figure|Grade|Channel"
    r"|Apollo|Windows|Covid|COVID|Page|No\.?|page|age|aged|number|room) \Z"
)


def read_amounts(document: Document) -> Document:
    """Fill in the amounts; no number of a date is one."""
    taken = SpanSet((mention.start_char, mention.end_char) for mention in document.dates)
    return replace(document, amounts=tuple(find_amounts(document.text, taken, document.language)))


def find_amounts(text: str, taken: SpanSet, language: str) -> list[Amount]:
    """Return the amounts of ``text`` in order, none overlapping each other or a span in ``taken`` (the dates)."""
    found: list[Amount] = []
    covered = bytearray(len(text))
    rules = [_money, _percent] if language != "en" else [_money, _percent, _quantities]
    for rule in rules:
        for amount in rule(text):
            start, end = amount.start_char, amount.end_char
            if not taken.overlaps(start, end) and not any(covered[start:end]):
                covered[start:end] = b"\x01" * (end - start)
                found.append(amount)
    return sorted(found, key=lambda amount: amount.start_char)


def _money(text: str) -> Iterator[Amount]:
    for pattern in (_MONEY_BEFORE, _MONEY_AFTER):
        for match in pattern.finditer(text):
            unit = match["unit"]
            if pattern is _MONEY_BEFORE and unit == "R" and match["scale"] is None and "," not in match["number"]:
                continue  # "R4" is a road or a router as often as four rand
            noun = unit.lower()
            if pattern is _MONEY_AFTER and noun in ("real", "won", "pound", "rand") and match["scale"] is None:
                continue  # "three won medals"
            code = _SYMBOLS.get(unit) or (unit if unit in _CODES else _NOUNS.get(noun.rstrip("s"), _NOUNS.get(noun)))
            value = _value(match["number"], (match["scale"] or "").lower())
            if value is not None:
                yield _amount(text, match.start(), match.end(), value, code, "money")


def _percent(text: str) -> Iterator[Amount]:
    for match in _PERCENT.finditer(text):
        value = _value(match["number"].replace("−", "-"), "")
        if value is not None:
            unit = "percentage point" if "point" in match.group() else "percent"
            yield _amount(text, match.start(), match.end(), value, unit, "percent")


def _quantities(text: str) -> Iterator[Amount]:
    for match in _QUANTITY.finditer(text):
        if _NAMES_A_NUMBER.search(text, max(0, match.start() - 12), match.start()):
            continue
        value = _value(match["number"], match["scales"])
        unit = _unit(match)
        if value is None or unit is None:
            continue
        name, end, kind = unit
        yield _amount(text, match.start(), end, value, name, kind)


def _unit(match: re.Match[str]) -> tuple[str, int, str] | None:
    """Find what is counted: a measure, or the first plural noun after at most two modifiers."""
    rest, start = match["rest"], match.start("rest")
    if _OLD.match(rest):
        return None
    stop = stop_words()
    found = list(_WORD.finditer(rest))
    square = found[0].group() == "square" and len(found) > 1
    measured = found[1 if square or found[0].group() in ("metric", "nautical") and len(found) > 1 else 0]
    unit = _measure(measured.group().lower())
    if unit is not None:
        return (f"square {unit}" if square else unit), start + measured.end(), "measure"
    for word in found:
        lower = word.group().lower()
        if lower in _PLURALS:
            return lower, start + word.end(), "count"
        if lower in stop or lower in _NEVER_NOUNS or rest[word.start() - 1] == "-":
            return None
        if lower.endswith(("'s", "’s", "s'", "s’")):
            return None
        if _is_plural(word.group()):
            return lower, start + word.end(), "count"
    return None


def _measure(word: str) -> str | None:
    if word in ("second", "foot", "pound"):
        return None  # "two second places": only the plurals are measures beyond doubt
    return _MEASURES.get(word) or (_MEASURES.get(word[:-1]) if word.endswith("s") else None)


def _is_plural(word: str) -> bool:
    return word[0].islower() and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _value(number: str, scales: str) -> float | None:
    """Return the number times its scales; None for words that are no number together ("two three", "several")."""
    value = _digits(number) if number[-1].isdigit() else _words(re.split(r"[ -]", number.lower()))
    if value is None:
        return None
    for scale in re.split(r"[ -]", scales):
        if scale:
            value *= 12 if scale == "dozen" else _SCALES[scale]
    return value


def _words(parts: list[str]) -> float | None:
    if parts[0] in ("a", "half"):
        return 1.0 if parts[0] == "a" else 0.5
    values = [_WORD_VALUES.get(part) for part in parts]
    if None in values:
        return None
    if len(values) == 2 and not (values[0] >= 20 and 0 < values[1] < 10):
        return None
    return float(sum(values))


def _digits(number: str) -> float:
    """Read "1,234.5", "2,50,000", "1 000" and "12,5": a comma before three last digits groups, any other is decimal."""
    if _GROUPED.fullmatch(number):
        return float(re.sub(r"[\s,]", "", number))
    return float(number.replace(",", "."))


def _amount(text: str, start: int, end: int, value: float, unit: str | None, kind: str) -> Amount:
    return Amount(start_char=start, end_char=end, surface=text[start:end], value=round(value, 6), unit=unit, kind=kind)
