"""Amounts: value, unit and span, and the numbers that are none."""

import pytest

from tasks.sense.amounts import find_amounts
from tasks.text import SpanSet


def found(text, language="en"):
    return [(a.surface, a.value, a.unit, a.kind) for a in find_amounts(text, SpanSet([]), language)]


@pytest.mark.parametrize(("text", "expected"), [
    ("26 tourists fled", ("26 tourists", 26, "tourists", "count")),
    ("26 Indian tourists fled", ("26 Indian tourists", 26, "tourists", "count")),
    ("three million people", ("three million people", 3e6, "people", "count")),
    ("twenty-five protesters", ("twenty-five protesters", 25, "protesters", "count")),
    ("two dozen students", ("two dozen students", 24, "students", "count")),
    ("$1.2 billion", ("$1.2 billion", 1.2e9, "USD", "money")),
    ("Rs 500 crore", ("Rs 500 crore", 5e9, "INR", "money")),
    ("Rs. 2,50,000", ("Rs. 2,50,000", 250_000, "INR", "money")),
    ("200 million US dollars", ("200 million US dollars", 2e8, "USD", "money")),
    ("up 5 per cent", ("5 per cent", 5, "percent", "percent")),
    ("2.5 percentage points", ("2.5 percentage points", 2.5, "percentage point", "percent")),
    ("20 square kilometres", ("20 square kilometres", 20, "square km", "measure")),
])
def test_amount(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize("text", [
    "Article 370 sections", "a 45-year-old man", "won 3-2", "five-star hotels", "hundreds of people", "4 times",
    "a total of 12",
])
def test_no_amount(text):
    assert found(text) == []


def test_two_amounts_in_a_row_are_both_found():
    assert [a[0] for a in found("12 people and two soldiers")] == ["12 people", "two soldiers"]


def test_decimal_comma_and_signs_of_other_languages():
    assert found("12,5 % und 3 Millionen Euro", "de")[0][1:3] == (12.5, "percent")
    assert found("5 €", "fr") == [("5 €", 5, "EUR", "money")]


def test_a_span_already_taken_by_a_date_is_left_alone():
    assert find_amounts("26 tourists", SpanSet([(0, 2)]), "en") == []
