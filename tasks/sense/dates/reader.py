"""Calendar expressions and the days they mean.

English: absolute ("April 22, 2025"), partial ("in October", "the third quarter"), relative to the dateline ("on
Monday", "two years ago", "last summer") and to the date before ("that day", "a year earlier"), the last only where a
date that can carry it stands close before. Ten more languages: day, month name and year. Any language: unambiguous
numeric dates. Nothing is invented: what needs another event to resolve ("months after", "a year before the war"), what
is vague ("recently", "several years ago") and what lasts rather than lies somewhere ("the past year") gives no row, and
without a dateline only absolute expressions do. Which event happened on a date is not judged here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tasks.sense.dates.digits import number
from tasks.sense.dates.foreign import find_foreign
from tasks.sense.dates.rules import JOINED, RULES
from tasks.sense.dates.tense import looks_ahead
from tasks.sense.dates.values import Candidate, Lean, covered_days, day_value, shifted
from tasks.sense.facts import DateMention, Document
from tasks.text import Word, words

__all__ = ["covered_days", "find_dates", "read_dates"]

_LEAN_CHARS = 260  # how far before an expression the date that it counts from may stand
_LIST_CHARS = 70  # how far apart the members of a list of dates stand
_TALE_CHARS = 160  # how far the year of a date that tells it reaches
_CARRIERS = {
    "day": ("day",), "week": ("day", "week"), "weekend": ("day", "week"), "fortnight": ("day", "week"),
    "month": ("day", "month"), "quarter": ("quarter",), "year": ("day", "week", "month", "quarter", "season", "year"),
    "decade": ("year", "decade"), "century": ("year", "century"),
}  # fmt: skip


def read_dates(document: Document) -> Document:
    """Fill in the dates."""
    found = find_dates(document.text, document.published_on, document.language, document.words)
    return replace(document, dates=tuple(found))


def find_dates(
    text: str, published_on: date | None, language: str, spoken: Sequence[Word] | None = None
) -> list[DateMention]:
    """Return the calendar expressions of ``text`` in order, none overlapping.

    ``published_on`` resolves what is partial or relative; ``language`` is ISO 639-1; ``spoken`` are the words of the
    text where the caller has them.
    """
    tokens = words(text) if spoken is None else spoken
    english = language == "en"
    candidates: list[Candidate] = []
    for index, word in enumerate(tokens):
        surface = word.text
        if surface[0] in "0123456789" and surface[0].isascii():
            if len(surface) <= 16:
                candidates.extend(number(text, tokens, index, published_on))
            rule = RULES.get("century") if english and surface.endswith("-century") else None
        elif not english:
            continue
        else:
            lower = surface.lower()
            rule = RULES.get(lower)
            if rule is None and "-" in lower:
                tail = lower.rpartition("-")[2]
                rule = RULES.get(tail) if tail in JOINED else None
        if rule is not None:
            candidates.extend(rule(text, tokens, index, published_on))
    if not english:
        candidates = [
            each for each in candidates if len(text[each.start : each.end]) > 4 and "X" not in str(each.value)
        ]
        candidates.extend(Candidate(*found) for found in find_foreign(text, published_on, language))
    return _settled(text, candidates, published_on)


def _settled(text: str, candidates: list[Candidate], today: date | None) -> list[DateMention]:
    """Let the longest of those that begin first stand, and resolve what leans on the one before."""
    found: list[DateMention] = []
    end = 0
    previous: Candidate | None = None
    for each in sorted(candidates, key=lambda one: (one.start, -one.end)):
        if each.start < end:
            continue
        end = each.end
        value = each.value
        if each.lean is not None:
            value = _leaning(text, each, found, today)
        elif each.list_month and previous is not None and today is not None:
            value = _listed(text, each, previous, found[-1], today) or value
        if value is None:
            continue
        granularity, first, last = covered_days(value)
        found.append(
            DateMention(start_char=each.start, end_char=each.end, surface=text[each.start : each.end], value=value,
                        granularity=granularity, first_day=first, last_day=last)
        )  # fmt: skip
        previous = each
    return found


def _leaning(text: str, each: Candidate, found: list[DateMention], today: date | None) -> str | None:
    lean: Lean = each.lean
    if found and each.start - found[-1].end_char <= _LEAN_CHARS and "\n" not in text[found[-1].end_char : each.start]:
        base = found[-1]
        if base.granularity in _CARRIERS[lean.unit]:
            if lean.unit == "year" and base.granularity == "quarter":
                return f"{int(base.value[:4]) + lean.step:04d}{base.value[4:]}"
            return shifted(base.first_day, lean.unit, lean.step)
        if lean.unit == "day":
            return None
    return shifted(today, lean.unit, lean.step) if lean.dateline and today is not None else None


def _listed(text: str, each: Candidate, previous: Candidate, before: DateMention, today: date) -> str | None:
    """Resolve a date without a year that goes on a tale ("in March 2010 ... in April") or a list which looks ahead ("in
    December, in January and in March")."""
    between = text[previous.end : each.start]
    month, day = each.list_month
    if "\n" in between or len(between) > _TALE_CHARS:
        return None
    if previous.list_month is None:
        told = before.granularity in ("day", "month") and previous.lean is None and before.surface[-4:].isdigit()
        if (
            told
            and before.last_day.year < today.year
            and (month, day or 31) >= (before.first_day.month, before.first_day.day)
            and not looks_ahead(text, each.start, each.end)
        ):
            return day_value(before.first_day.year, month, day) if day else f"{before.first_day.year:04d}-{month:02d}"
        return None
    if len(between) > _LIST_CHARS or "." in between or before.first_day <= today:
        return None
    year = before.first_day.year + (month < before.first_day.month)
    if (date(year, month, 1) - before.first_day) > timedelta(days=300):
        return None
    return day_value(year, month, day) if day else f"{year:04d}-{month:02d}"
