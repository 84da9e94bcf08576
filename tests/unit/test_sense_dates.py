"""Calendar expressions: what resolves to which day, and what must stay unresolved."""

from datetime import date

import pytest

from tasks.sense.dates.reader import covered_days, find_dates

MONDAY = date(2025, 5, 5)


def values(text, published_on=MONDAY, language="en"):
    return [(mention.surface, mention.value) for mention in find_dates(text, published_on, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
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
        ("The court, which will sit again, said Monday", [("Monday", "2025-05-05")]),
        ("On Friday the court will sit", [("Friday", "2025-05-09")]),
        ("adjourned until Thursday", [("Thursday", "2025-05-08")]),
        ("on Tuesday of last week", [("Tuesday of last week", "2025-04-29")]),
        ("on 14 March next year", [("14 March", "2026-03-14"), ("next year", "2026")]),
        ("posted its third-quarter profit", [("third-quarter", "2024-Q3")]),
        ("last year's third quarter", [("last year's third quarter", "2024-Q3")]),
        ("the first half of 2024", [("first half of 2024", "2024-H1")]),
        ("last summer", [("last summer", "2024-SU")]),
        ("this past weekend", [("this past weekend", "2025-W18-WE")]),
        ("the 1990s", [("1990s", "199X")]),
        ("a 19th-century poet", [("19th-century", "18XX")]),
        ("between 2019 and 2021", [("2019", "2019"), ("2021", "2021")]),
        ("in 2018-19", [("2018", "2018"), ("19", "2019")]),
        ("by the end of the year", [("end of the year", "2025")]),
        ("on Easter Sunday", [("Easter Sunday", "2025-04-20")]),
        ("since 9/11 and the Sept. 11 attacks", [("9/11", "2001-09-11"), ("Sept. 11", "2001-09-11")]),
        ("On 04/28/25", [("04/28/25", "2025-04-28")]),
        ("On May 2/3, or 05/02/25", [("05/02/25", "2025-05-02")]),
    ],
)
def test_resolved(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "months after the split",
        "several years ago",
        "the past year",
        "the following day",
        "01/02/2025",
        "in 2011-12",
        "a year before the war",
        "the past three years",
        "scored in the fourth quarter of the NBA final",
        "Feb 30",
        "for $2000",
        "2000 people",
        "Black Friday",
        "every Monday",
        "he may march",
        "1,700 miles and 1709 schoolchildren",
        "at 2030 GMT",
        "Saturday Night Live",
        "the Today programme",
        "There are more firms today than ever",
    ],
)
def test_what_is_vague_or_ambiguous_gives_no_row(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On April 22 they fled. The following day they came back.", ["2025-04-22", "2025-04-23"]),
        ("It was built in 1995 and later that year it burned.", ["1995", "1995"]),
        ("Sales rose in the first quarter from a year earlier.", ["2025-Q1", "2024-Q1"]),
        ("In March 2010 he left. In April he came.", ["2010-03", "2010-04"]),
        ("They will play in November, in December and in January.", ["2025-11", "2025-12", "2026-01"]),
    ],
)
def test_what_counts_from_the_date_before(text, expected):
    assert [value for _, value in values(text)] == expected


def test_a_date_in_another_paragraph_carries_nothing():
    assert values("On April 22 they fled.\nThe following day they came back.") == [("April 22", "2025-04-22")]


def test_without_a_dateline_only_absolute_expressions_resolve():
    assert values("On Monday, April 22 and on 3 May 2024", None) == [("3 May 2024", "2024-05-03")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "am 22. April 2025", "2025-04-22"),
        ("fr", "le 1er août 2024", "2024-08-01"),
        ("es", "el 22 de abril de 2025", "2025-04-22"),
        ("sv", "den 22.04.2025", "2025-04-22"),
        ("sv", "den 22 april 2025", "2025-04-22"),
        ("pl", "22 kwietnia 2025 r.", "2025-04-22"),
        ("ru", "22 апреля 2025 года", "2025-04-22"),
        ("tr", "22 Nisan 2025'te", "2025-04-22"),
    ],
)
def test_other_languages(language, text, value):
    assert [found for _, found in values(text, None, language)] == [value]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", ("year", date(2024, 1, 1), date(2024, 12, 31))),
        ("2024-02", ("month", date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-W01", ("week", date(2024, 12, 30), date(2025, 1, 5))),
        ("2024-Q4", ("quarter", date(2024, 10, 1), date(2024, 12, 31))),
        ("2024-W06-WE", ("weekend", date(2024, 2, 10), date(2024, 2, 11))),
        ("2024-H2", ("half", date(2024, 7, 1), date(2024, 12, 31))),
        ("2023-WI", ("season", date(2023, 12, 1), date(2024, 2, 29))),
        ("199X", ("decade", date(1990, 1, 1), date(1999, 12, 31))),
        ("18XX", ("century", date(1800, 1, 1), date(1899, 12, 31))),
    ],
)
def test_days_covered(value, expected):
    assert covered_days(value) == expected
