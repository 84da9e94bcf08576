"""Times as pages write them, to aware datetimes that keep the printed offset.

Reads one value or one short text. What a time says about the page (published, updated, somebody else's) is decided
elsewhere.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import tz

EARLIEST_YEAR = 1980  # before that a date is the zero of some clock; archives of older papers date their scans later
FUTURE_TOLERANCE = timedelta(days=2)
MAX_TIME_CHARS = 100

# Abbreviations that news sites in English, French and German print; others are ambiguous and count as UTC.
_ZONES = {
    name: tz.gettz(zone)
    for zone, names in {
        "America/New_York": ("EST", "EDT", "ET"),
        "America/Chicago": ("CST", "CDT", "CT"),
        "America/Denver": ("MST", "MDT", "MT"),
        "America/Los_Angeles": ("PST", "PDT", "PT"),
        "Europe/London": ("BST",),
        "Europe/Berlin": ("CET", "CEST", "MEZ", "MESZ"),
        "Asia/Kolkata": ("IST",),
    }.items()
    for name in names
}
# Twelve rows: the month's names and abbreviations in English, German, French, Spanish, Italian, Portuguese, Dutch,
# Polish, Swedish, Danish, Norwegian, Czech, Romanian, Turkish, Indonesian and Russian, as they stand in dates.
_MONTH_NAMES = (
    "jan january januar jänner jän janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty ledna leden "
    "ianuarie ocak января янв",
    "feb february februar feber février fevrier févr fév febrero febbraio fevereiro fev februari lutego luty lut února "
    "únor februarie şubat februarius pebruari февраля фев",
    "mar march märz maerz mär mrz mars marzo março marco maart mrt marca marzec marts března březen martie mart maret "
    "марта мар",
    "apr april avril avr abril abr aprile kwietnia kwiecień kwi dubna duben aprilie nisan апреля апр",
    "may mai maj mei mayo maggio mag maio maja května květen mayıs мая май",
    "jun june juni juin junio giugno giu junho czerwca czerwiec cze června červen iunie haziran июня июн",
    "jul july juli juillet juil julio luglio lug julho lipca lipiec lip července červenec iulie temmuz июля июл",
    "aug august août aout aoû agosto ago augustus augusti sierpnia sierpień sie srpna srpen ağustos agustus августа "
    "авг",
    "sep sept september septembre septiembre setiembre settembre set setembro września wrzesień wrz září septembrie "
    "eylül сентября сен",
    "oct october oktober okt octobre octubre ottobre ott outubro out października październik paź října říjen "
    "octombrie ekim октября окт",
    "nov november novembre noviembre novembro listopada listopad lis listopadu noiembrie kasım ноября ноя",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia grudzień gru desember "
    "prosince prosinec decembrie aralık desember декабря дек",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_WORD = r"([^\W\d_]{3,12})"
_YEAR4 = r"((?:19|20)\d\d)(?!\d)"
_DAY_MONTH_YEAR = re.compile(
    rf"(?<![\d.,:/-])([0-3]?\d)(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+(?:de|of|di))?[\s/-]{{0,2}}{_WORD}[.,]{{0,2}}"
    rf"(?:\s+(?:de|del|do))?[\s/-]{{0,2}}{_YEAR4}",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(rf"(?<!\w){_WORD}\.?[\s-]{{1,2}}([0-3]?\d)(?:st|nd|rd|th)?,?[\s-]{{1,2}}{_YEAR4}", re.I)
_YEAR_WORD_DAY = re.compile(rf"(?<!\d)((?:19|20)\d\d)\.?\s{_WORD}\.?\s([0-3]?\d)(?!\d)", re.IGNORECASE)
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.])([01]?\d)\2([0-3]?\d)(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?=$|T\d{4})")
_CJK = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_NUMERIC = re.compile(rf"(?<![\d.,:/-])([0-3]?\d)(\.\s?|/|-)([0-3]?\d)\2{_YEAR4}")
_SHORT_YEAR = re.compile(r"(?<![\d.,:/-])([0-3]?\d)(\.\s?|/)([0-3]?\d)\2(\d\d)(?![\d.,/%])")
_CLOCK = re.compile(
    r"(?<![\d.])([0-2]?\d)(?:[:.h]([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?|(?=\s?[ap]\.?m\b))"
    r"(?:\s?([ap])\.?m\b\.?)?(?:\s?\(?(Z|[+-]\d\d:?\d\d|[A-Z]{2,4})\b)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$")
_URL_DAY = re.compile(r"[/_-](19[89]\d|20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_URL_WORD_DAY = re.compile(r"/(20\d\d)/([a-z]{3})/(\d\d?)/")


def parse_time(value: object, *, now: datetime, day_first: bool | None = None) -> datetime | None:
    """The instant that ``value`` names, or None where it is none or no page can have appeared then.

    Reads ISO 8601, the common written forms in a dozen languages, and Unix seconds or milliseconds, with up to a few
    words around. The printed offset is kept; a time without a zone is taken as UTC, a date without a time as midnight
    UTC. ``day_first`` tells whether 4/2/2026 and 4.2.2026 are the
    fourth of February; without it the one with dots is and the one with slashes is not. Years before 1980 and instants
    after ``now`` + 2 days are None; so is a date without its year.
    """
    if not isinstance(value, str) or len(value) > 4 * MAX_TIME_CHARS:
        return None
    text = value.strip()
    iso = _ISO.match(text)
    if iso:
        return _checked(_from_iso(*iso.groups()), now)
    if not 6 <= len(text) <= MAX_TIME_CHARS:
        return None
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return _checked(datetime.fromtimestamp(int(text[:10]), tz=UTC), now)
    for found in _days(text, day_first):
        time = _checked(_with_clock(found, text), now)
        if time:
            return time
    return None


def day_in_url(url: str, *, now: datetime) -> datetime | None:
    """Midnight UTC of the day in an address such as ``/2025/06/05/`` or ``/2025-06-05-title``; None without one."""
    path = url.partition("?")[0][:2000]
    match = _URL_DAY.search(path)
    if match:
        return parse_time("-".join(match.groups()), now=now)
    match = _URL_WORD_DAY.search(path)
    return parse_time(f"{match[3]} {match[2]} {match[1]}", now=now) if match else None


def _days(text: str, day_first: bool | None) -> Iterator[tuple[datetime, int]]:
    """The days that a text names, with the index at which each ends; the less ambiguous spellings first."""
    for pattern, order in ((_YEAR_MONTH_DAY, (1, 3, 4)), (_COMPACT, (1, 2, 3)), (_CJK, (1, 2, 3))):
        match = pattern.search(text)
        if match:
            yield from _day(*(int(match[group]) for group in order), match.end())
    for pattern, order in (
        (_DAY_MONTH_YEAR, (3, 2, 1)),
        (_MONTH_DAY_YEAR, (3, 1, 2)),
        (_YEAR_WORD_DAY, (1, 2, 3)),
    ):
        for match in pattern.finditer(text):
            year, month, day = (match[group] for group in order)
            number = _MONTHS.get(month.casefold())
            if number:
                yield from _day(int(year), number, int(day), match.end())
    match = _NUMERIC.search(text) or _SHORT_YEAR.search(text)
    if match:
        one, separator, two, year = match.groups()
        first, second = int(one), int(two)
        if "." in separator and day_first is None:
            day_first = True
        if second > 12 or (first <= 12 and not day_first):
            first, second = second, first
        yield from _day(int(year) + (2000 if len(year) == 2 else 0), second, first, match.end())


def _day(year: int, month: int, day: int, end: int) -> Iterator[tuple[datetime, int]]:
    try:
        yield datetime(year, month, day), end
    except ValueError:
        return


def _with_clock(found: tuple[datetime, int], text: str) -> datetime:
    """The day with the clock time after it, else before it."""
    day, end = found
    clock = _CLOCK.search(text, end) or _CLOCK.search(text, 0, max(0, end - 8))
    if clock is None:
        return day.replace(tzinfo=UTC)
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    if hour > 23:
        return day.replace(tzinfo=UTC)
    return _in_zone(day.replace(hour=hour, minute=minute, second=second), clock[5])


def _in_zone(time: datetime, zone: str | None) -> datetime:
    """``time`` with the offset that ``zone`` has at that time; unknown names are UTC."""
    if not zone or zone == "Z":
        return time.replace(tzinfo=UTC)
    known: tzinfo | None = _ZONES.get(zone.upper())
    if known:
        offset = time.replace(tzinfo=known).utcoffset()
    elif zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    else:
        offset = None
    return time.replace(tzinfo=timezone(offset) if offset and abs(offset) < timedelta(hours=24) else UTC)


def _from_iso(day: str, clock: str | None, zone: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(f"{day}T{clock}" if clock else day)
    except ValueError:
        return None
    return _in_zone(time, zone)


def _checked(time: datetime | None, now: datetime) -> datetime | None:
    return time if time and EARLIEST_YEAR <= time.year and time <= now + FUTURE_TOLERANCE else None
