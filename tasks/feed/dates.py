"""Times as feeds and sitemaps write them, to instants in UTC. Whether an instant is believable is judged elsewhere.

Every pattern is tried at most once from each place in at most 100 characters.
"""

import re
from datetime import UTC, datetime, timedelta

from tasks.text import unaccented

MAX_TIME_CHARS = 100
PIVOT_YEAR = 90  # two-digit years below are of this century, as feedparser has it
LARGEST_OFFSET = timedelta(hours=18)

# Twelve rows: each month's names and abbreviations in English, German, French, Spanish, Portuguese, Italian, Dutch,
# Polish, Czech, Hungarian, Greek, Russian, Ukrainian, Swedish, Danish, Norwegian, Finnish, Romanian, Turkish and
# Indonesian, as they stand in a date.
_MONTH_ROWS = (
    "jan january januar jänner jän janvier janv ene enero janeiro gen gennaio januari stycznia styczeń sty ledna leden "
    "január ιαν ιανουαρίου янв января січня tammikuuta ianuarie ocak oca",
    "feb february februar feber février fév févr febrero fevereiro fev febbraio februari lutego luty lut února únor "
    "február φεβ φεβρουαρίου фев февр февраля лютого helmikuuta februarie şubat şub pebruari",
    "mar march märz mär mrz mars marzo março marco maart mrt marca marzec března březen március μαρ μαρτίου мар марта "
    "березня maaliskuuta martie mart maret",
    "apr april avril avr abr abril aprile kwietnia kwiecień kwi dubna duben április απρ απριλίου апр апреля квітня "
    "huhtikuuta aprilie nisan nis",
    "may mai mayo maio mag maggio mei maja maj května květen május μάι μάιος μαΐου мая май травня toukokuuta mayıs mei",
    "jun june juni juin junio junho giu giugno czerwca czerwiec cze června červen június ιουν ιούν ιουνίου июн июня "
    "червня kesäkuuta iunie haziran haz",
    "jul july juli juillet juil julio julho lug luglio lipca lipiec lip července červenec július ιουλ ιούλ ιουλίου июл "
    "июля липня heinäkuuta iulie temmuz tem",
    "aug august août aou ago agosto augustus sierpnia sierpień sie srpna srpen augusztus αυγ αύγ αυγούστου авг августа "
    "серпня elokuuta ağustos ağu agustus",
    "sep sept september septembre septiembre setiembre set setembro settembre września wrzesień wrz září szeptember "
    "σεπ σεπτεμβρίου сен сент сентября вересня syyskuuta septembrie eylül eyl",
    "oct october okt oktober octobre octubre out outubro ott ottobre października październik paź října říjen október "
    "οκτ οκτωβρίου окт октября жовтня lokakuuta octombrie ekim eki",
    "nov november novembre noviembre novembro listopada listopad lis listopadu νοε νοέ νοεμβρίου ноя нояб ноября "
    "marraskuuta noiembrie kasım kas",
    "dec december dez dezember déc décembre dic diciembre dezembro dicembre grudnia grudzień gru prosince prosinec "
    "δεκ δεκεμβρίου дек декабря грудня joulukuuta decembrie aralık ara desember des",
)
# Hours east of Greenwich. Of names that several countries use the one stands here that feeds of news carry most.
_ZONE_HOURS = {
    name: hours
    for hours, names in {
        -10: "HST",
        -9: "AKST",
        -8: "PST PT AKDT",
        -7: "MST MT PDT",
        -6: "CST CT MDT",
        -5: "EST ET CDT",
        -4: "EDT AST AT",
        -3.5: "NST",
        -3: "ADT BRT ART CLST",
        0: "GMT UTC UT Z WET",
        1: "CET MET MEZ BST WEST WAT",
        2: "CEST MEST MESZ EET SAST CAT",
        3: "EEST MSK EAT TRT",
        4: "GST",
        5: "PKT",
        5.5: "IST",
        7: "WIB ICT",
        8: "SGT HKT PHT AWST",
        9: "JST KST",
        9.5: "ACST",
        10: "AEST",
        11: "AEDT",
        12: "NZST",
        13: "NZDT",
    }.items()
    for name in names.split()
}

_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|(\d{2})(\d{2}))?"
    r"(?:[T\s]\s{0,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s{0,3}(.{0,12}))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})[:h](\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE
)
_OFFSET = re.compile(r"\s{0,3}\(?(?:GMT|UTC|UT|Z)?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_DAY_FIRST = re.compile(r"\s{0,3}(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")


def parse_time(text: str) -> datetime | None:
    """The instant that ``text`` names, in UTC; None where it names none.

    Reads RFC 5322 and RFC 822 with the slips that feeds make (no weekday or a wrong one, month names in twenty
    languages, two-digit years, no seconds, named zones, ``GMT+0200``, the month before the day, the year last), ISO
    8601 and its W3C profile, ``2.11.2026``, ``2026/11/02`` and ``2026年11月2日``, and Unix seconds. A time without a
    zone, with an unknown one or one that cannot be (+3000) is taken as UTC, a date without a time as midnight.
    """
    text = text.strip()
    if not text or len(text) > MAX_TIME_CHARS:
        return None
    iso = _ISO.fullmatch(text)
    try:
        if iso:
            return _iso(iso)
        if text.isascii() and text.isdigit() and len(text) in (10, 13):  # 2001 to 2286
            return datetime.fromtimestamp(int(text[:10]), tz=UTC)
        return _written(text)
    except (ValueError, OverflowError):  # no such day, hour or year
        return None


def _iso(match: re.Match[str]) -> datetime | None:
    year, month, day, month_, day_, hour, minute, second, zone = match.groups()
    if zone and not (_OFFSET.fullmatch(zone) or zone.isalpha()):
        return None
    return _instant(
        int(year), int(month or month_ or 1), int(day or day_ or 1), hour, minute, second, _offset(zone or "", 0)
    )


def _written(text: str) -> datetime | None:
    clock = _CLOCK.search(text)
    date, hour, minute, second, offset = text, "0", "0", "0", timedelta()
    if clock:
        hour, minute, second, half = clock.groups()
        if half:
            hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
        offset = _offset(text, clock.end())
        shift = _OFFSET.match(text, clock.end())
        date = f"{text[: clock.start()]} {text[shift.end() if shift else clock.end() :]}"
    found = _day(date)
    return _instant(*found, hour, minute, second, offset) if found else None


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day. Of several words that are months in some language the last is meant: "mar. 3 nov."."""
    numbers = _NUMBER.findall(text)[:3]
    months = [month for word in _WORD.findall(text) if (month := _MONTHS.get(_plain(word)))]
    if months and len(numbers) >= 2:
        year = next((number for number in numbers if len(number) == 4), numbers[1])
        day = next((number for number in numbers if number is not year), "")
        if len(year) not in (2, 4) or not 1 <= len(day) <= 2:
            return None
        return int(year) + (0 if len(year) == 4 else 2000 if int(year) < PIVOT_YEAR else 1900), months[-1], int(day)
    if len(numbers) == 3 and len(numbers[0]) == 4:
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    dotted = _DAY_FIRST.match(text)
    return (int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else None


def _offset(text: str, start: int) -> timedelta:
    """How far the zone that begins at ``start`` is east of Greenwich: a number, or the first name that is known."""
    match = _OFFSET.match(text, start)
    if match:
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset > LARGEST_OFFSET:
            return timedelta()
        return -offset if sign == "-" else offset
    words = (_ZONE_HOURS.get(word.upper()) for word in _WORD.findall(text, start))
    return timedelta(hours=next((hours for hours in words if hours is not None), 0))


def _instant(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, offset: timedelta
) -> datetime:
    clock = timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=min(59, int(second or 0)))
    if clock > timedelta(days=1) or int(minute or 0) > 59 or int(second or 0) > 60:  # 24:00 and leap seconds exist
        raise ValueError("no such time of day")
    return datetime(year, month, day, tzinfo=UTC) + clock - offset


def _plain(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return unaccented(word.casefold())


_MONTHS = {_plain(name): number for number, names in enumerate(_MONTH_ROWS, 1) for name in names.split()}
