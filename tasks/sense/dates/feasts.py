"""Feasts that fall on one day of the year, fixed or moving. English; the customs of western churches and of the United
States, as wire services use their names.

Only what lies within two months of the dateline is read, or stands with its year. No other date is read here.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from tasks.sense.dates import wording as cal
from tasks.sense.dates.values import Candidate, easter, nth_weekday
from tasks.text import Word

_FIXED_DAYS = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "boxing day": (12, 26),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "july fourth": (7, 4),
    "fourth of july": (7, 4),
}
_MOVING_DAYS: dict[str, Callable[[int], date]] = {
    "thanksgiving": lambda year: nth_weekday(year, 11, 3, 4),
    "easter": easter,
    "easter sunday": easter,
    "easter monday": lambda year: easter(year) + timedelta(days=1),
    "good friday": lambda year: easter(year) - timedelta(days=2),
    "labor day": lambda year: nth_weekday(year, 9, 0, 1),
    "memorial day": lambda year: nth_weekday(year, 5, 0, -1),
}
FEASTS = frozenset(name.split()[0].removesuffix("'s") for name in (*_FIXED_DAYS, *_MOVING_DAYS))


def feast(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A feast that falls on one day: Christmas, Thanksgiving, Good Friday."""
    start = words[index].start
    if not text[start].isupper():
        return
    ahead = text[start : start + 24].lower().replace("’", "'")
    names = [name for name in (*_MOVING_DAYS, *_FIXED_DAYS) if ahead.startswith(name)]
    if not names:
        return
    name = max(names, key=len)
    end = start + len(name)
    if text[end : end + 4] == " Day" and name == "thanksgiving":
        end += 4
    if text[end : end + 1].isalnum() or text[end : end + 1] == "-":
        return
    day_of = _MOVING_DAYS.get(name) or (lambda year: date(year, *_FIXED_DAYS[name]))
    told = cal.YEAR_AFTER.match(text, end)
    if told:
        yield Candidate(start, told.end(), day_of(int(told["year"])).isoformat())
    elif today is not None and 1000 < today.year < 9000 and not _is_thing(text, end):
        near = min((day_of(today.year + step) for step in (-1, 0, 1)), key=lambda day: abs((day - today).days))
        if abs((near - today).days) <= 60:
            yield Candidate(start, end, near.isoformat())


def _is_thing(text: str, end: int) -> bool:
    """Say whether a feast's name goes with a noun that is no time ("Christmas carols")."""
    return (
        text[end : end + 1] == " "
        and text[end + 1 : end + 2].isalpha()
        and not text[end + 1 :].startswith(
            (
                "and ",
                "in ",
                "at ",
                "is ",
                "was ",
                "will ",
                "with ",
                "to ",
                "by ",
                "for ",
                "the ",
                "on ",
                "after ",
                "when ",
            )
        )
    )
