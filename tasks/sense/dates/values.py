"""The arithmetic of calendar values: which days a value covers, and which value lies some units before or after a day;
and the candidates that the readers of dates hand on.

Values are those of ``facts.DateMention``. No text is read here.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
_FIRST_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # meteorological seasons of the northern half of the earth


class Lean(NamedTuple):
    """An expression that counts from an earlier date: ``unit`` and how many of them; ``dateline``: it may count from
    the dateline where no date stands before."""

    unit: str
    step: int
    dateline: bool = False


class Candidate(NamedTuple):
    """A span and its value. ``lean`` instead of a value where an earlier date decides; neither: the span is no date.
    ``list_month``: month and day of an expression without a year, which may go on a list that looks ahead."""

    start: int
    end: int
    value: str | None = None
    lean: Lean | None = None
    list_month: tuple[int, int | None] | None = None


def covered_days(value: str) -> tuple[str, date, date]:
    """Return the granularity of a value and the first and last day that it covers."""
    if value.endswith("XX"):
        first = int(value[:2]) * 100
        return "century", date(max(first, 1), 1, 1), date(first + 99, 12, 31)
    if value.endswith("X"):
        first = int(value[:3]) * 10
        return "decade", date(max(first, 1), 1, 1), date(first + 9, 12, 31)
    year, rest = int(value[:4]), value[5:]
    if not rest:
        return "year", date(year, 1, 1), date(year, 12, 31)
    if rest[0] == "W" and rest != "WI":
        monday = date.fromisocalendar(year, int(rest[1:3]), 1)
        if rest.endswith("-WE"):
            return "weekend", monday + timedelta(days=5), monday + timedelta(days=6)
        return "week", monday, monday + timedelta(days=6)
    if rest in _FIRST_MONTHS.values() or rest in _FIRST_MONTHS:
        return "season", *_months(year, _FIRST_MONTHS[rest], 3)
    if rest[0] == "Q":
        return "quarter", *_months(year, 3 * int(rest[1:]) - 2, 3)
    if rest[0] == "H":
        return "half", *_months(year, 6 * int(rest[1:]) - 5, 6)
    if len(rest) == 2:
        return "month", *_months(year, int(rest), 1)
    day = date.fromisoformat(value)
    return "day", day, day


def shifted(day: date, unit: str, step: int) -> str | None:
    """Return the value of the unit that lies ``step`` units after the one with ``day`` in it; None outside 1000-9989.

    ``unit``: day, week, weekend, month, quarter, half, year, decade or century. A decade or century away is told to
    the year, as in "a decade ago".
    """
    try:
        if unit == "day":
            return in_range((day + timedelta(days=step)).isoformat())
        if unit in ("week", "weekend", "fortnight"):
            iso = (day + timedelta(weeks=step * (2 if unit == "fortnight" else 1))).isocalendar()
            return in_range(f"{iso.year:04d}-W{iso.week:02d}" + ("-WE" if unit == "weekend" else ""))
    except OverflowError:
        return None
    if unit in ("month", "quarter", "half"):
        months = day.year * 12 + day.month - 1 + step * {"month": 1, "quarter": 3, "half": 6}[unit]
        year, month = divmod(months, 12)
        rest = {"month": f"{month + 1:02d}", "quarter": f"Q{month // 3 + 1}", "half": f"H{month // 6 + 1}"}[unit]
        return in_range(f"{year:04d}-{rest}")
    return in_range(f"{day.year + step * {'decade': 10, 'century': 100}.get(unit, 1):04d}")


def in_range(value: str) -> str | None:
    """Return the value where its year has the four digits that the grammar asks for."""
    return value if "1000" <= value[:4] <= "9989" and not value[4:5].isdigit() else None


def day_value(year: int, month: int, day: int) -> str | None:
    """Return YYYY-MM-DD, None where the calendar has no such day."""
    if not (1000 <= year <= 9989 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def season_of(day: date, season: str, which: str) -> str:
    """Return the value of "last summer" and its kin, spoken on ``day``; ``season``: SP, SU, FA or WI.

    A winter bears the year in which it begins. ``which``: last (the latest that is over), this or next.
    """
    year = day.year
    if season == "WI" and day.month <= 2 and which == "this":
        year -= 1
    elif which == "last":
        while covered_days(f"{year:04d}-{season}")[2] >= day:
            year -= 1
    elif which == "next":
        while covered_days(f"{year:04d}-{season}")[1] <= day:
            year += 1
    return f"{year:04d}-{season}"


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher; Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the ``nth`` such weekday (Monday is 0) of a month; -1 is the last."""
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    over, last = divmod(month - 1 + count - 1, 12)
    return date(year, month, 1), date(year + over, last + 1, monthrange(year + over, last + 1)[1])
