"""Calendar expressions: what resolves to which day, and what must stay unresolved."""

from datetime import date

import pytest

from tasks.sense.dates import covered_days, find_dates

MONDAY = date(2025, 5, 5)


def values(text, published_on=MONDAY, language="en"):
    return [(mention.surface, mention.value) for mention in find_dates(text, published_on, language)]


@pytest.mark.parametrize(("text", "expected"), [
    ("On Monday they met", [("Monday", "2025-05-05")]),
    ("On Tuesday they met", [("Tuesday", "2025-04-29")]),
    ("They will meet on Friday", [("Friday", "2025-05-09")]),
    ("last Monday", [("last Monday", "2025-04-28")]),
    ("next Monday", [("next Monday", "2025-05-12")]),
    ("On April 22, 26 tourists fled", [("April 22", "2025-04-22")]),
    ("It opened on June 12", [("June 12", "2024-06-12")]),
    ("It will open on June 12", [("June 12", "2025-06-12")]),
    ("Sunday, 4 May", [("Sunday, 4 May", "2025-05-04")]),
    ("founded in October 2019", [("October 2019", "2019-10")]),
    ("last October", [("last October", "2024-10")]),
    ("in December", [("December", "2024-12")]),
    ("by December", [("December", "2025-12")]),
    ("next week", [("next week", "2025-W20")]),
    ("yesterday", [("yesterday", "2025-05-04")]),
    ("two years ago", [("two years ago", "2023")]),
    ("Q3 2024", [("Q3 2024", "2024-Q3")]),
    ("22–25 April", [("22", "2025-04-22"), ("25 April", "2025-04-25")]),
    ("on 13/02/2025", [("13/02/2025", "2025-02-13")]),
    ("banned in 2023", [("2023", "2023")]),
])
def test_resolved(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize("text", [
    "months after the split", "several years ago", "in the 1990s", "the following day", "01/02/2025", "Feb 30",
    "for $2000", "2000 people", "Black Friday", "every Monday", "he may march", "in 2018-19",
    "There are more firms today than ever",
])
def test_what_is_vague_or_ambiguous_gives_no_row(text):
    assert values(text) == []


def test_without_a_dateline_only_absolute_expressions_resolve():
    assert values("On Monday, April 22 and on 3 May 2024", None) == [("3 May 2024", "2024-05-03")]


@pytest.mark.parametrize(("language", "text", "value"), [
    ("de", "am 22. April 2025", "2025-04-22"),
    ("fr", "le 1er août 2024", "2024-08-01"),
    ("es", "el 22 de abril de 2025", "2025-04-22"),
    ("sv", "den 22.04.2025", "2025-04-22"),
])
def test_other_languages(language, text, value):
    assert [found for _, found in values(text, None, language)] == [value]


@pytest.mark.parametrize(("value", "expected"), [
    ("2024", ("year", date(2024, 1, 1), date(2024, 12, 31))),
    ("2024-02", ("month", date(2024, 2, 1), date(2024, 2, 29))),
    ("2025-W01", ("week", date(2024, 12, 30), date(2025, 1, 5))),
    ("2024-Q4", ("quarter", date(2024, 10, 1), date(2024, 12, 31))),
])
def test_days_covered(value, expected):
    assert covered_days(value) == expected
