"""Times as feeds write them: the standards, the slips, twenty languages, and what is no time."""

import time
from datetime import UTC, datetime

import pytest

from tasks.feed.dates import MAX_TIME_CHARS, parse_time

NOON = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 02 Nov 2026 12:30:00 GMT",
        "Mon, 2 Nov 2026 13:30:00 +0100",
        "Mon, 2 Nov 2026 13:30 +01:00",
        "2 Nov 26 12:30 UT",
        "Sat, 02 Nov 2026 12:30:00 Z",
        "Monday, 02-Nov-26 12:30:00 GMT",
        "Mon Nov  2 12:30:00 2026",
        "Mon, 02 November 2026 07:30:00 EST",
        "02 Nov 2026 13:30:00 CET",
        "02 Nov 2026 04:30:00 PST",
        "02 Nov 2026 14:30:00 GMT+0200",
        "02 Nov 2026 14:30:00 UTC+2",
        "02 Nov 2026 12:30:00 XYZ",
        "02 Nov 2026 12:30:00 +3000",
        "November 2, 2026 12:30 pm",
        "2026-11-02T12:30:00Z",
        "2026-11-02t12:30:00.123456z",
        "2026-11-02T13:30:00+01:00",
        "2026-11-02T13:30:00+0100",
        "2026-11-02T13:30+01",
        "2026-11-02 12:30:00",
        "2026-11-02 12:30:00 UTC",
        "2026-11-02 07:30:00 -0500",
        "20261102T123000Z",
        "2026/11/02 12:30:00",
        "2.11.2026 12:30",
        "2026年11月2日 12:30",
        "2026년 11월 02일 12:30:00",
        "1793622600",
        "1793622600000",
        "Mo, 02 November 2026 13:30:00 +0100",
        "lun., 02 nov. 2026 13:30:00 +0100",
        "lun, 02 de noviembre de 2026 12:30:00 GMT",
        "Seg, 02 Nov 2026 09:30:00 -0300",
        "lunedì, 02 novembre 2026 12:30",
        "ma, 02 nov 2026 12:30:00 GMT",
        "pon, 02 lis 2026 12:30:00 GMT",
        "Пн, 02 ноя 2026 15:30:00 +0300",
        "2 ноября 2026, 12:30",
        "Δευ, 02 Νοε 2026 12:30:00 GMT",
        "Pzt, 02 Kas 2026 12:30:00 GMT",
    ],
)
def test_one_instant_in_many_spellings(text):
    assert parse_time(text) == NOON


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, "Jan januar janvier enero janeiro gennaio januari stycznia января"),
        (2, "Feb Februar févr. fevereiro febbraio lutego февраля"),
        (3, "Mar März mars marzo março maart marca марта"),
        (4, "Apr avril abr aprile kwietnia апреля"),
        (5, "May Mai mayo maio maggio mei maja мая"),
        (6, "Jun Juni juin junio giugno czerwca июня"),
        (7, "Jul Juli juil. julio luglio lipca июля"),
        (8, "Aug août agosto augustus sierpnia августа"),
        (9, "Sep Sept septembre setembro settembre września сентября"),
        (10, "Oct Okt. Oktober octubre outubro ottobre października октября"),
        (11, "Nov novembre noviembre listopada ноября"),
        (12, "Dec Dez Dezember décembre diciembre dezembro grudnia декабря"),
    ],
)
def test_months_in_many_languages(month, names):
    for name in names.split():
        assert parse_time(f"Xx, 05 {name} 2025 10:00:00 GMT") == datetime(2025, month, 5, 10, tzinfo=UTC), name


def test_of_a_weekday_that_is_also_a_month_and_a_month_the_month_is_meant():
    assert parse_time("mar., 03 nov. 2026 00:00:00 GMT") == datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "year"), [("02 Nov 89 00:00 GMT", 2089), ("02 Nov 90 00:00 GMT", 1990), ("02 Nov 05 00:00 GMT", 2005)]
)
def test_two_digit_years(text, year):
    assert parse_time(text) == datetime(year, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-02T24:00:00Z", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-2", datetime(2026, 11, 2, tzinfo=UTC)),
        ("12 Nov 2026 12:05 am", datetime(2026, 11, 12, 0, 5, tzinfo=UTC)),
    ],
)
def test_edges_of_the_day_and_parts_of_a_date(text, instant):
    assert parse_time(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "32 Foo 2020",
        "32 Nov 2020",
        "Tue, 99 Jun 2003 25:61:00 GMT",
        "2020-13-45T99:99:99Z",
        "0000-00-00",
        "-1",
        "9999999999999999",
        "11/02/2026",
        "Nov",
        "Nov 2026",
        "2026-11-02T10:00:00Z<script>",
        "1" * (MAX_TIME_CHARS + 1),
    ],
)
def test_what_names_no_instant_is_none(text):
    assert parse_time(text) is None


def test_no_text_takes_long():
    started = time.process_time()
    for piece in ("1", "1:", "1:1 ", "a", "+", "2026-", "nov ", " ", "1.", "é", "T0"):
        parse_time((piece * MAX_TIME_CHARS)[:MAX_TIME_CHARS])
    assert time.process_time() - started < 0.5
