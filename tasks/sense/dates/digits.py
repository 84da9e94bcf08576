"""Dates in digits: years, decades, ranges of years, and dates with dashes, points or slashes.

One function per form, anchored at its first word. Where two customs of writing give two days, the dateline decides or
nothing is given.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from tasks.sense.dates import wording as cal
from tasks.sense.dates.values import Candidate, day_value
from tasks.text import Word


def number(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A year, a decade, or a date in digits."""
    word = words[index]
    digits, start, end = word.text, word.start, word.end
    if len(digits) <= 2 and text[end : end + 1] in ("/", ".") and text[end + 1 : end + 2].isdigit():
        yield from _slashed(text, start, today)
        return
    if len(digits) == 2 and digits.isdigit() and cal.AFTER_SHORT_YEAR.match(text, end):
        # "Reagan in 80 and 84, Bush in 88 and 2000": one year in full shows what the others are
        listed = cal.BEFORE_SHORT_YEAR.search(text, max(0, start - 30), start)
        if listed and cal.SHORT_YEAR_LIST.search(text, max(0, start - 160), end + 160):
            yield Candidate(start, end, f"{full_year(int(digits), today):04d}")
            return
    if digits.isdigit() and len(digits) == 2 and start and text[start - 1] in "'’‘":
        if text[max(0, start - 9) : start - 1].lower().endswith(("in ", "since ", "of ", "from ", "by ")):
            yield Candidate(start - 1, end, f"{full_year(int(digits), today):04d}")
        return
    match = cal.ISO.match(text, start)
    if match:
        yield Candidate(start, match.end(), day_value(int(match["year"]), int(match["month"]), int(match["day"])))
        return
    lower = digits.lower()
    if len(lower) in (3, 5) and lower.endswith("0s") and lower[:-1].isdigit():
        if len(lower) == 5 and "1500s" <= lower <= "2090s":
            yield Candidate(start, end, f"{lower[:2]}XX" if lower[2:4] == "00" else f"{lower[:3]}X")
        elif len(lower) == 3 and start and text[start - 1] in "'’‘":
            yield Candidate(start - 1, end, f"19{lower[0]}X")
        return
    if len(digits) < 4 or not digits[:4].isdigit() or not "1500" <= digits[:4] <= "2099":
        return
    yield from _year(text, start, end)


def _year(text: str, start: int, end: int) -> Iterator[Candidate]:
    digits = text[start:end]
    if cal.NO_YEAR_BEFORE.search(text, max(0, start - 9), start):
        return
    span = cal.YEAR_RANGE.match(text, start + 4)
    if span:
        second = span["second"]
        last = int(second) if len(second) == 4 else int(digits[:2] + second)
        # "2011-12" is a month as well as a season: two digits up to twelve say nothing for sure.
        if int(digits[:4]) < last <= 2099 and (len(second) == 4 or int(second) > 12):
            yield Candidate(start, start + 4, digits[:4])
            yield Candidate(span.start("second"), span.end(), f"{last:04d}")
        return
    if len(digits) > 4 and digits[4] != "-" or text[end : end + 1] in "%°" and end < len(text):
        return
    if text[end : end + 1] in (".", ",", ":", "/") and text[end + 1 : end + 2].isdigit():
        return
    if text[end : end + 3] in ("'s ", "’s ") and digits.endswith("0") and digits < "2000":
        yield Candidate(start, end + 2, f"{digits[:3]}X")  # "the 1930's"
        return
    if cal.NO_YEAR.match(text, end):
        return
    if not cal.COUNTED.match(text, end) or cal.BEFORE_YEAR.search(text, max(0, start - 12), start):
        yield Candidate(start, start + 4, digits[:4])


def _slashed(text: str, start: int, today: date | None) -> Iterator[Candidate]:
    match = cal.SLASH.match(text, start)
    if match is None or start and text[start - 1] in "/.-$€£":
        if text.startswith("9/11", start) and not text[start + 4 : start + 5].isdigit():
            yield Candidate(start, start + 4, "2001-09-11")
        return
    short = len(match["year"]) == 2
    if short and match["sep"] != "/":
        return
    year = full_year(int(match["year"]), today) if short else int(match["year"])
    first, second = int(match["a"]), int(match["b"])
    by_day, by_month = day_value(year, second, first), day_value(year, first, second)
    if match["sep"] == "." or by_month is None or by_day == by_month:
        value = by_day
    elif by_day is None:
        value = by_month
    else:  # 04/05/2025: two customs, two days; the dateline tells where only one of them is news
        near = [each for each in (by_day, by_month) if today and abs((date.fromisoformat(each) - today).days) <= 28]
        value = near[0] if len(near) == 1 else None
    yield Candidate(start, match.end(), value)


def full_year(short: int, today: date | None) -> int:
    """Return the year that two digits mean: the latest that is at most five years ahead of the dateline."""
    year = today.year if today else 2030
    return year // 100 * 100 + short - (100 if short > year % 100 + 5 else 0)
