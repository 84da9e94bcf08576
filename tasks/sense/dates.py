"""Calendar expressions and the days they mean.

English: absolute ("April 22, 2025"), partial ("in October") and relative to the dateline ("on Monday", "two years
ago"). German, French, Spanish, Italian, Portuguese, Dutch: day, month name and year. Any language: unambiguous numeric
dates. Nothing is invented: what needs another event to resolve ("months after", "the following day"), what is vague
("recently", "several years ago") and what has no ISO 8601 value here ("the 1990s", "last summer") gives no row, and
without a dateline only absolute expressions do. Which event happened on a date is not judged here.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tasks.sense.facts import DateMention, Document

_MONTH_WORDS = "january february march april may june july august september october november december".split()
_MONTH_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS = {word: number for words in (_MONTH_WORDS, _MONTH_SHORT) for number, word in enumerate(words, 1)} | {"sept": 9}
_FOREIGN_MONTHS = {
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NUMBERS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty".split())} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_M = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?" \
     r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_D = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_WD = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_Y = r"(?P<year>1[5-9]\d\d|20\d\d)"
_NOT_MORE = r"(?![\d:/%]|[.,]\d)"
_RANGE = r"(?:\s?[-–—]\s?|\s(?:to|and|or|through)\s)"
_COUNT = r"(?P<count>\d{1,3}|(?i:" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"))"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(pattern)) for kind, pattern in (
    ("iso", r"\b(?P<year>1[5-9]\d\d|20\d\d)-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)(?!\d)"),
    ("month_day_range", rf"\b{_M}\s{_D}{_RANGE}(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?(?:,?\s{_Y})?\b{_NOT_MORE}"),
    ("day_month_range", rf"\b{_D}{_RANGE}(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?{_M}(?:,?\s{_Y})?(?!\w)"),
    ("month_day", rf"(?:\b{_WD},?\s)?\b{_M}\s{_D}(?:,?\s{_Y})?\b{_NOT_MORE}"),
    ("day_month", rf"(?:\b{_WD},?\s(?:the\s)?)?\b{_D}\s(?:of\s)?{_M}(?:,?\s{_Y})?(?!\w)"),
    ("month_year", rf"\b{_M}(?:,|\sof)?\s{_Y}\b(?![\d:/%])"),
    ("quarter", rf"\b(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]quarter(?:\sof)?|Q(?P<n>[1-4]))\s{_Y}\b"),
    ("slash", r"(?<![\d/])(?P<a>[0-3]?\d)(?P<sep>[/.])(?P<b>[0-3]?\d)(?P=sep)(?P<year>1[89]\d\d|20\d\d)(?![\d/])"),
    ("nine_eleven", r"(?<![\d/])9/11(?![\d/])"),
    ("ago", rf"\b{_COUNT}[ -](?P<unit>day|week|month|year|decade)s? (?:ago|back)\b"),
    ("shift", r"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Pp]revious|[Cc]oming|[Pp]ast)"
              r" (?P<unit>[Ww]eek|[Mm]onth|[Yy]ear|quarter)"
              r"(?!s|end|-)\b"),
    ("shift_month", rf"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast) {_M}\b(?! \d)"),
    ("weekday", r"\b(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|[Cc]oming) )?"
                r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
                r"(?:,? (?:morning|afternoon|evening|night))?\b(?!s)"),
    ("day_word", r"\b(?P<word>[Tt]he day before yesterday|[Tt]he day after tomorrow|[Yy]esterday|[Tt]oday|[Tt]omorrow"
                 r"|[Tt]onight|[Ll]ast night|[Tt]his (?:morning|afternoon|evening))\b"),
    ("month", r"\b(?P<prep>[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ff]rom|[Dd]uring|[Ee]arly|[Ll]ate|[Mm]id|[Oo]f|[Bb]etween"
              rf"|[Tt]ill|to|for|and)(?:[ -](?:early|late|mid))?[ -]{_M}(?![\w.])(?! [\dA-Z])"),
    ("year", r"(?<![\w$€£¥₹.,/:#-])(?P<year>1[6-9]\d\d|20\d\d)(?![\w%]|[.,:/-]\d|\s?[-–]\s?\d\d?\b|°)"),
))
_FUTURE = re.compile(
    r"\b(?:will|shall|would|won['’]t|due|scheduled|slated|upcoming|going to|plans? to|planned for|(?:is|are) to"
    r"|(?:is|are|be|was|were) (?:set|expected|planned|likely) to|expires|begins|starts|opens|launches|takes place"
    r"|until|ahead of|deadline|coming)\b|['’]ll\b"
)
_STATE = re.compile(r"\b(?:is|are|am|has|have|exists?|own|still|more|as)\b|['’](?:re|m|ve)\b")
_EVENT = re.compile(r"\b(?:[a-z]{2,20}ed|said|told|met|set|held|left|came|won|lost|made|says|later|earlier|to|will)\b")
_PAST_PREPOSITION = re.compile(r"\b(?:since|after|following|as of)\s(?:the\s)?\Z", re.IGNORECASE)
_HABIT = re.compile(
    r"\b(?:a|every|each|black|good|ash|super|cyber|bloody|palm|easter|any|boxing|giving)\s\Z", re.IGNORECASE
)
_COUNTED = re.compile(
    r"[\s-](?:year[ -]old|(?:[a-z]{1,20} )?(?:[a-z]{0,20}(?:people|men|women|children)|[a-z]{2,20}[^s\W]s))\b"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|of|by|from|until|till|before|after|during|early|late|mid|year|the|for|and|to|around)[ -]\Z",
    re.IGNORECASE,
)
_DAY_WORDS = {"yesterday": -1, "tomorrow": 1, "last night": -1, "the day before yesterday": -2,
              "the day after tomorrow": 2}
_UNCUED_AHEAD_DAYS = 31  # how far ahead a date without a cue is still news to come
_CUE_CHARS = 90  # how far back a cue is read


def read_dates(document: Document) -> Document:
    """Fill in the dates."""
    return replace(document, dates=tuple(find_dates(document.text, document.published_on, document.language)))


def find_dates(text: str, published_on: date | None, language: str) -> list[DateMention]:
    """Return the calendar expressions of ``text`` in order, none overlapping.

    ``published_on`` resolves what is partial or relative; ``language`` is ISO 639-1.
    """
    rules = _RULES if language == "en" else tuple(rule for rule in _RULES if rule[0] in ("iso", "slash"))
    taken: list[DateMention] = []
    covered = bytearray(len(text))
    for kind, pattern in rules:
        for match in pattern.finditer(text):
            if any(covered[match.start() : match.end()]):
                continue
            for start, end, value in _resolve(kind, match, published_on):
                taken.append(_mention(text, start, end, value))
                covered[start:end] = b"\x01" * (end - start)
    if language in _FOREIGN_MONTHS:
        for start, end, value in _foreign(text, language):
            if not any(covered[start:end]):
                taken.append(_mention(text, start, end, value))
    return sorted(taken, key=lambda mention: mention.start_char)


def _resolve(kind: str, match: re.Match[str], today: date | None) -> Iterator[tuple[int, int, str]]:
    """Yield span and ISO value of what one rule matched; nothing where it cannot be resolved."""
    groups = match.groupdict()
    start, end = match.span()
    year = int(groups["year"]) if groups.get("year") else None
    if kind in ("iso", "slash"):
        value = _numeric(groups, kind)
        if value:
            yield start, end, value
    elif kind == "nine_eleven":
        yield start, end, "2001-09-11"
    elif kind == "year":
        if not _COUNTED.match(match.string, end) or _YEAR_BEFORE.search(match.string, max(0, start - 12), start):
            yield start, end, f"{year:04d}"
    elif kind in ("month_day", "day_month", "month_day_range", "day_month_range"):
        month = _MONTHS[groups["month"].lower().rstrip(".")]
        first = _day_value(year, month, int(groups["day"]), match, today)
        if "day2" not in groups:
            if first:
                yield start, end, first
            return
        second = _day_value(year, month, int(groups["day2"]), match, today)
        if first and second:
            middle = match.end("day") if kind == "day_month_range" else match.start("day2")
            yield match.start("day" if kind == "day_month_range" else "month"), match.end("day"), first
            yield max(middle, match.start("day2")), end, second
    elif kind == "month_year":
        yield start, end, f"{year:04d}-{_MONTHS[groups['month'].lower().rstrip('.')]:02d}"
    elif kind == "quarter":
        yield start, end, f"{year:04d}-Q{groups['n'] or _ORDINALS[groups['nth']]}"
    elif today is not None:
        if kind == "month" and groups["month"] == "May" and groups["prep"] in ("to", "for", "and"):
            return
        value = _relative(kind, match, today)
        if value:
            yield match.start("month") if kind == "month" else start, end, value


def _relative(kind: str, match: re.Match[str], today: date) -> str | None:
    groups = match.groupdict()
    which = (groups.get("which") or "").lower()
    if kind == "ago":
        word = groups["count"].lower()
        return _shifted(today, groups["unit"], -(int(word) if word.isdigit() else _NUMBERS[word]))
    if kind == "shift":
        step = {"this": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
        return _shifted(today, groups["unit"].lower(), step)
    if kind == "day_word":
        word = groups["word"].lower()
        if word == "today" and _is_nowadays(match):
            return None
        return (today + timedelta(days=_DAY_WORDS.get(word, 0))).isoformat()
    if kind == "weekday":
        if _HABIT.search(match.string, max(0, match.start() - 8), match.start()):
            return None
        back = (today.weekday() - _WEEKDAYS.index(groups["weekday"].lower())) % 7
        if which in ("next", "coming") or (which != "last" and which != "past" and _in_future(match)):
            return (today + timedelta(days=7 - back if back or which else 0)).isoformat()
        return (today - timedelta(days=back or (7 if which in ("last", "past") else 0))).isoformat()
    month = _MONTHS[groups["month"].lower().rstrip(".")]
    if kind == "shift_month":
        if which == "this":
            return f"{today.year:04d}-{month:02d}"
        if which == "next":
            return f"{today.year + (month <= today.month):04d}-{month:02d}"
        return f"{today.year - (month >= today.month):04d}-{month:02d}"
    if month > today.month and not _in_future(match) and groups["prep"].lower() not in ("by", "until", "till"):
        return f"{today.year - 1:04d}-{month:02d}" if month - today.month > 1 else f"{today.year:04d}-{month:02d}"
    return f"{today.year + (month < today.month and today.month - month > 6 and _in_future(match)):04d}-{month:02d}"


def _day_value(year: int | None, month: int, day: int, match: re.Match[str], today: date | None) -> str | None:
    if year is not None:
        return _iso(year, month, day)
    if today is None:
        return None
    this_year = _iso(today.year, month, day)
    if this_year is None:
        return None
    ahead = (date.fromisoformat(this_year) - today).days
    if ahead > _UNCUED_AHEAD_DAYS and not _in_future(match):
        return _iso(today.year - 1, month, day)
    if ahead < -182 and _in_future(match):
        return _iso(today.year + 1, month, day)
    return this_year


def _in_future(match: re.Match[str]) -> bool:
    """Say whether the words before an expression, in its sentence, speak of what is to come."""
    window = _clause(match)
    return _FUTURE.search(window) is not None and _PAST_PREPOSITION.search(window) is None


def _is_nowadays(match: re.Match[str]) -> bool:
    """Say whether "today" closes a statement about the present age ("there are more magicians today than ever")."""
    window = _clause(match)
    return _STATE.search(window) is not None and _EVENT.search(window) is None


def _clause(match: re.Match[str]) -> str:
    window = match.string[max(0, match.start() - _CUE_CHARS) : match.start()]
    for mark in (". ", "\n", "! ", "? ", "; "):
        window = window.rpartition(mark)[2]
    return window


def _shifted(today: date, unit: str, step: int) -> str | None:
    if unit == "day":
        return (today + timedelta(days=step)).isoformat()
    if unit == "week":
        iso = (today + timedelta(weeks=step)).isocalendar()
        return f"{iso.year:04d}-W{iso.week:02d}"
    if unit in ("month", "quarter"):
        months = today.year * 12 + today.month - 1 + step * (3 if unit == "quarter" else 1)
        year, month = divmod(months, 12)
        return f"{year:04d}-{month + 1:02d}" if unit == "month" else f"{year:04d}-Q{month // 3 + 1}"
    year = today.year + step * (10 if unit == "decade" else 1)
    return f"{year:04d}" if year > 0 else None


def _numeric(groups: dict[str, str], kind: str) -> str | None:
    year = int(groups["year"])
    if kind == "iso":
        return _iso(year, int(groups["month"]), int(groups["day"]))
    first, second = int(groups["a"]), int(groups["b"])
    if groups["sep"] == "." or first > 12 or first == second:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > 12 else None  # 04/05/2025: two customs, two days


def _iso(year: int, month: int, day: int) -> str | None:
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _foreign(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    names = _FOREIGN_MONTHS[language].split()
    pattern = re.compile(
        rf"\b(?:(?P<day>[0-3]?\d)(?:\.|er|º|°)?\s(?:de\s)?)?(?P<month>{'|'.join(names)})\s(?:del?\s)?{_Y}\b",
        re.IGNORECASE,
    )
    for match in pattern.finditer(text):
        year, month = int(match["year"]), names.index(match["month"].lower()) + 1
        value = _iso(year, month, int(match["day"])) if match["day"] else f"{year:04d}-{month:02d}"
        if value:
            yield match.start(), match.end(), value


def _mention(text: str, start: int, end: int, value: str) -> DateMention:
    granularity, first, last = covered_days(value)
    return DateMention(start_char=start, end_char=end, surface=text[start:end], value=value, granularity=granularity,
                       first_day=first, last_day=last)


def covered_days(value: str) -> tuple[str, date, date]:
    """Return the granularity of an ISO value and the first and last day that it covers."""
    year = int(value[:4])
    rest = value[5:]
    if not rest:
        return "year", date(year, 1, 1), date(year, 12, 31)
    if rest[0] == "W":
        first = date.fromisocalendar(year, int(rest[1:]), 1)
        return "week", first, first + timedelta(days=6)
    if rest[0] == "Q":
        month = 3 * int(rest[1:]) - 2
        return "quarter", date(year, month, 1), date(year, month + 2, monthrange(year, month + 2)[1])
    if len(rest) == 2:
        month = int(rest)
        return "month", date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = date.fromisoformat(value)
    return "day", day, day
