"""Amounts: value, unit and span, and the numbers that are none."""

import pytest

from tasks.sense.amounts.reader import find_amounts
from tasks.text import SpanSet


def found(text, language="en"):
    return [(a.surface, a.value, a.unit, a.kind) for a in find_amounts(text, SpanSet([]), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("26 tourists fled", ("26 tourists", 26, "tourists", "count")),
        ("26 Indian tourists fled", ("26 Indian tourists", 26, "tourists", "count")),
        ("three million people", ("three million people", 3e6, "people", "count")),
        ("twenty-five protesters", ("twenty-five protesters", 25, "protesters", "count")),
        ("two dozen students", ("two dozen students", 24, "students", "count")),
        ("$1.2 billion", ("$1.2 billion", 1.2e9, "USD", "money")),
        ("Rs 500 crore", ("Rs 500 crore", 5e9, "INR", "money")),
        ("Rs. 2,50,000", ("Rs. 2,50,000", 250_000, "INR", "money")),
        ("200 million US dollars", ("200 million US dollars", 2e8, "USD", "money")),
        ("up 5 per cent", ("5 per cent", 5, "%", "percent")),
        ("2.5 percentage points", ("2.5 percentage points", 2.5, "percentage point", "percent")),
        ("20 square kilometres", ("20 square kilometres", 20, "km²", "measure")),
        ("5,000 U.S. troops", ("5,000 U.S. troops", 5000, "troops", "count")),
        ("two hundred and fifty workers", ("two hundred and fifty workers", 250, "workers", "count")),
        ("half a million people", ("half a million people", 5e5, "people", "count")),
        ("one soldier", ("one soldier", 1, "soldier", "count")),
        ("26 killed", ("26 killed", 26, "killed", "count")),
        ("four sports stars", ("four sports stars", 4, "stars", "count")),
        ("Rs500 crore", ("Rs500 crore", 5e9, "INR", "money")),
        ("HK$20", ("HK$20", 20, "HKD", "money")),
        ("R32 billion", ("R32 billion", 3.2e10, "ZAR", "money")),
        ("150 million Norwegian kroner", ("150 million Norwegian kroner", 1.5e8, "NOK", "money")),
        ("In Oslo, Norway, 15 kroner", ("15 kroner", 15, "NOK", "money")),
        ("15 kroner", ("15 kroner", 15, None, "money")),
        ("20 pence", ("20 pence", 0.2, "GBP", "money")),
        ("a 43-year-old man", ("43-year-old", 43, "year", "measure")),
        ("aged 43", ("43", 43, "year", "measure")),
        ("Amara Okafor, 43, said", ("43", 43, "year", "measure")),
        ("a 60-mile road", ("60-mile", 60, "mi", "measure")),
        ("35 degrees Celsius", ("35 degrees Celsius", 35, "°C", "measure")),
        ("a 5.5-magnitude quake", ("5.5-magnitude", 5.5, "magnitude", "measure")),
    ],
)
def test_amount(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Article 370 sections",
        "won 3-2",
        "five-star hotels",
        "hundreds of people",
        "4 times",
        "a total of 12",
        "Apollo 13 astronauts",
        "one in five people",
        "call +1 202 555 0100",
        "at 5 p.m.",
        "one thing",
        "In January, 12, he",
        "a 3-0 win",
        "the 3G networks",
        "12's players",
    ],
)
def test_no_amount(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at least 26 people", ["at least"]),
        ("up to 10 hours", ["at most"]),
        ("more than $5 million", ["more than"]),
        ("nearly 5%", ["about"]),
        ("fewer than 10 ships", ["less than"]),
        ("30 or more trucks", ["at least"]),
        ("26 people", [None]),
        ("between 30 and 40 people", ["at least", "at most"]),
        ("10-12 km", ["at least", "at most"]),
        ("from 5 to 10 per cent", [None, None]),
    ],
)
def test_qualifier(text, expected):
    assert [amount.qualifier for amount in find_amounts(text, SpanSet([]), "en")] == expected


def test_the_ends_of_a_range_share_scale_and_unit():
    assert found("$10-15 million") == [("$10", 1e7, "USD", "money"), ("15 million", 1.5e7, "USD", "money")]
    assert found("between 30 and 40 people") == [("30", 30, "people", "count"), ("40 people", 40, "people", "count")]


def test_two_amounts_in_a_row_are_both_found():
    assert [a[0] for a in found("12 people and two soldiers")] == ["12 people", "two soldiers"]


def test_decimal_comma_and_signs_of_other_languages():
    assert found("12,5 % und 3 Millionen Euro", "de")[0][1:3] == (12.5, "%")
    assert found("1.250.000 Euro", "de") == [("1.250.000 Euro", 1.25e6, "EUR", "money")]
    assert found("5 €", "fr") == [("5 €", 5, "EUR", "money")]


def test_a_span_already_taken_by_a_date_is_left_alone():
    assert find_amounts("26 tourists", SpanSet([(0, 2)]), "en") == []
