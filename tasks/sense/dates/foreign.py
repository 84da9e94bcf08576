"""Dates with the names of months in other languages: day, month and year, month and year, or day and month.

Relative expressions of these languages are not read, and no English is read here.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from tasks.sense.dates.values import day_value

# Each month as a pattern: Slavic languages inflect its name.
_MONTHS = {
    "de": "januar|jänner februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto sep?tiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "pl": "stycz(?:eń|nia|niu) lut(?:y|ego|ym) mar(?:zec|ca|cu) kwie(?:cień|tnia|tniu) maj[au]? czerw(?:iec|ca|cu)"
    " lip(?:iec|ca|cu) sierp(?:ień|nia|niu) wrze(?:sień|śnia|śniu) październik[au]? listopad(?:a|zie)?"
    " grud(?:zień|nia|niu)",
    "ru": "январ[ьяе] феврал[ьяе] март[ае]? апрел[ьяе] ма[йяе] июн[ьяе] июл[ьяе] август[ае]? сентябр[ьяе]"
    " октябр[ьяе] ноябр[ьяе] декабр[ьяе]",
}
_NEAR_DAYS = 183


def find_foreign(text: str, published_on: date | None, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield span and value of the dates of ``text``; nothing in a language that has no table here.

    A day and month without a year are those nearest to ``published_on``.
    """
    pattern = _pattern(language)
    if pattern is None:
        return
    for match in pattern.finditer(text):
        name = next(key for key, value in match.groupdict().items() if key[0] == "m" and value is not None)
        month = int(name[1:])
        day = int(match["day"]) if match["day"] else None
        if match["year"]:
            year = int(match["year"])
            value = day_value(year, month, day) if day else f"{year:04d}-{month:02d}"
        elif day and published_on:
            value = _nearest(month, day, published_on)
        else:
            continue
        if value:
            yield match.start(), match.end(), value


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    if language not in _MONTHS:
        return None
    names = "|".join(f"(?P<m{n}>{name})" for n, name in enumerate(_MONTHS[language].split(), 1))
    return re.compile(
        rf"(?:(?<![\w.,/:-])(?P<day>[0-3]?\d)(?:\.|er|º|°|e)?\s(?:de\s)?)?\b(?:{names})\b"
        r"(?:,?\s(?:del?\s)?(?P<year>1[5-9]\d\d|20\d\d)\b)?",
        re.IGNORECASE,
    )


def _nearest(month: int, day: int, today: date) -> str | None:
    for year in (today.year, today.year - 1, today.year + 1):
        value = day_value(year, month, day)
        if value and abs((date.fromisoformat(value) - today).days) <= _NEAR_DAYS:
            return value
    return None
