"""When a source is asked again, under which address, and when it is given up: made-up histories, no clock."""

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean, median

import pytest

from tasks import polling
from tasks.errors import Terminal, Transient
from tasks.polling import Hints, News, PollRules, answered, failed, is_due, permanent_target, redirected, revived
from warehouse.model import Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
RULES = PollRules(poll_minutes=15, poll_minutes_cap=360, failure_poll_minutes_cap=1440)
SOURCE = Source(source_id="gazette", kind="feed", url="https://gazette.example/feed", added_at=NOW)
GONE, MISSING = Terminal("http_410", "Gone."), Terminal("http_404", "Not there.")
BUSY, NO_HOST = Transient("http_503", "Not now."), Transient("dns_failed", "No such host.")


def minutes(source: Source) -> float:
    return (source.next_poll_at - source.last_polled_at).total_seconds() / 60


def ago(*minutes_ago: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(minutes=m) for m in minutes_ago)


# How often


def simulate(times: Sequence[float], days: int) -> tuple[float, float]:
    """Polls a day, and the median delay in minutes until an entry is seen, by runs every 15 minutes."""
    source, at, seen, polls, delays = SOURCE, 0.0, 0, 0, []
    while at < days * 1440:
        count = bisect_right(times, at)
        if at > 2 * 1440:  # it has learned
            polls += 1
            delays += [at - time for time in times[seen:count]]
        now = NOW + timedelta(minutes=at)
        listed = tuple(NOW + timedelta(minutes=time) for time in times[max(0, count - 20) : count])
        source = answered(source, now, RULES, News(entries=count - seen, times=listed))
        seen = count
        while NOW + timedelta(minutes=at) < source.next_poll_at:
            at += 15
    return polls / (days - 2), median(delays) if delays else 0


def poisson(gap_minutes: float, days: int, rate_at: Callable[[float], float] = lambda at: 1.0) -> list[float]:
    """Moments of a Poisson process, thinned by ``rate_at`` (0 to 1)."""
    chance, at, moments = random.Random(7), 0.0, []
    while at < days * 1440:
        at += chance.expovariate(1 / gap_minutes)
        if chance.random() < rate_at(at):
            moments.append(at)
    return moments


def in_the_day(at: float) -> float:
    return 1.0 if 420 <= at % 1440 < 1200 else 0.05


HISTORIES = {
    # name: (times, most polls a day, most median minutes until an entry is seen); every 15 minutes is 96 and 7.5
    "every five minutes": (poisson(5, 20), 96, 10),
    "every half hour": (poisson(30, 20), 65, 20),
    "by day, every twenty minutes": (poisson(20, 20, in_the_day), 55, 15),
    "every two hours": (poisson(120, 20), 25, 50),
    "a batch each morning": ([d * 1440 + 480 + n / 100 for d in range(20) for n in range(12)], 20, 150),
    "once a week": (poisson(7 * 1440, 60), 5, 360),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_source_is_asked_at_its_own_pace(name):
    times, most_polls, most_minutes = HISTORIES[name]
    polls, delay = simulate(times, round(times[-1] / 1440))
    assert polls <= most_polls and delay <= most_minutes, (polls, delay)


def test_over_all_histories_fewer_than_half_of_the_polls_are_spent():
    assert mean(simulate(times, round(times[-1] / 1440))[0] for times, *_ in HISTORIES.values()) < 96 / 2


def test_a_burst_is_followed_at_once():
    quiet = replace(SOURCE, poll_minutes=360)
    assert minutes(answered(quiet, NOW, RULES, News(entries=9, times=ago(*range(1, 21))))) <= 15


def test_where_no_times_are_told_the_pause_is_shortened_step_by_step():
    source = replace(SOURCE, poll_minutes=100)
    assert answered(source, NOW, RULES, News(entries=1)).poll_minutes == 80
    assert answered(source, NOW, RULES, News()).poll_minutes == 125
    assert answered(SOURCE, NOW, RULES, News(entries=1)).poll_minutes == 15


def test_the_pause_stays_within_its_bounds():
    source = SOURCE
    for _ in range(100):
        source = answered(source, NOW, RULES, News())
    assert source.poll_minutes == 360
    future = tuple(NOW + timedelta(days=n) for n in range(9))
    assert answered(source, NOW, RULES, News(entries=9, times=future)).poll_minutes == 288  # they tell nothing
    no_bounds = replace(RULES, poll_minutes=0, poll_minutes_cap=0)
    assert answered(SOURCE, NOW, no_bounds, News()).next_poll_at == NOW


@pytest.mark.parametrize(
    ("hints", "least", "most"),
    [
        (Hints(), 13, 15),
        (Hints(ttl_minutes=60), 58, 60),
        (Hints(ttl_minutes=5), 13, 15),
        (Hints(max_age_seconds=7200), 118, 120),
        (Hints(ttl_minutes=60, max_age_seconds=7200), 118, 120),
        (Hints(ttl_minutes=10**9, max_age_seconds=2**31), 1438, 1440),
        (Hints(skip_hours=(12,)), 60, 60),
        (Hints(skip_hours=(12, 13, 14)), 180, 180),
        (Hints(skip_hours=tuple(range(24))), 1440, 1440),
        (Hints(skip_days=(1,)), 720, 720),
        (Hints(skip_days=tuple(range(7))), 1440, 1440),
    ],
)
def test_what_a_source_wishes_is_followed_for_a_day_at_most(hints, least, most):
    busy = News(entries=9, times=ago(*range(1, 21)))
    assert least <= minutes(answered(SOURCE, NOW, RULES, busy, hints)) <= most


# Where


@pytest.mark.parametrize(
    ("statuses", "target"),
    [((), None), ((301,), "u1"), ((308, 301), "u2"), ((302,), None), ((301, 302), "u1"), ((302, 301), None)],
)
def test_only_permanent_redirects_tell_the_address(statuses, target):
    hops = [(status, f"u{number}") for number, status in enumerate(statuses)]
    assert permanent_target(hops, f"u{len(statuses)}") == target


def led(source: Source, *targets: str | None, hours: float = 13) -> Source:
    for number, target in enumerate(targets):
        source = redirected(source, target, NOW + timedelta(hours=hours * number))
    return source


def test_a_new_address_is_believed_after_three_polls_over_a_day():
    assert led(SOURCE, "new", "new").moved_url is None
    assert led(SOURCE, "new", "new", "new", hours=1).moved_url is None
    moved = led(SOURCE, "new", "new", "new")
    assert (moved.url, moved.moved_url, polling.asked_url(moved)) == (SOURCE.url, "new", "new")
    assert (moved.redirect_url, moved.redirect_polls) == (None, 0)


@pytest.mark.parametrize("between", ["other", None])
def test_what_changes_its_mind_is_not_believed(between):
    assert led(SOURCE, "new", "new", between, "new", "new").moved_url is None


def test_what_moves_back_is_asked_under_its_own_address():
    moved = replace(SOURCE, moved_url="new")
    assert led(moved, SOURCE.url, SOURCE.url, SOURCE.url).moved_url is None
    assert led(moved, "newer", "newer", "newer").moved_url == "newer"


def test_a_new_address_that_fails_for_good_is_given_up():
    moved = replace(SOURCE, moved_url="new", etag='"1"')
    assert (failed(moved, BUSY, NOW, RULES).moved_url, failed(moved, BUSY, NOW, RULES).etag) == ("new", '"1"')
    back = failed(moved, GONE, NOW, RULES)
    assert (back.moved_url, back.etag, back.state) == (None, None, "active")
    assert failed(back, GONE, NOW, RULES).state == "gone"


# Whether


def failing(error: Exception, *, polls: int, days: float, source: Source = SOURCE) -> Source:
    for number in range(polls):
        source = failed(source, error, NOW + timedelta(days=days * number / (polls - 1)), RULES)
    return source


def test_failures_back_off_up_to_a_day():
    source, pauses = SOURCE, []
    for _ in range(9):
        source = failed(source, MISSING, NOW, RULES)
        pauses.append(minutes(source))
    assert pauses == [30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    assert minutes(failed(SOURCE, BUSY, NOW, RULES, retry_after_seconds=7200)) == 120
    assert minutes(failed(SOURCE, BUSY, NOW, RULES, retry_after_seconds=1e12)) == 1440


@pytest.mark.parametrize(
    ("error", "polls", "days", "state"),
    [
        (MISSING, 8, 6.9, "active"),
        (MISSING, 7, 30, "active"),
        (MISSING, 8, 7, "quarantined"),
        (NO_HOST, 8, 7, "quarantined"),
        (BUSY, 31, 30, "active"),
        (BUSY, 32, 28, "quarantined"),
    ],
)
def test_a_source_that_fails_for_long_is_quarantined(error, polls, days, state):
    source = failing(error, polls=polls, days=days)
    assert source.state == state
    if state == "quarantined":
        assert minutes(source) == 7 * 1440


def test_what_lies_on_this_machine_is_not_given_up():
    folder = replace(SOURCE, kind="folder", url="file:///texts")
    assert failing(MISSING, polls=50, days=365, source=folder).state == "active"


def test_a_good_poll_forgets_the_failures():
    source = answered(failing(MISSING, polls=8, days=7), NOW, RULES, News())
    assert (source.state, source.consecutive_failures, source.failing_since, source.last_error) == (
        "active", 0, None, None
    )  # fmt: skip
    assert revived(failed(SOURCE, GONE, NOW, RULES)) == replace(SOURCE, last_polled_at=NOW)


@pytest.mark.parametrize(
    ("state", "only_due", "named", "asked"),
    [
        ("active", True, False, False), ("active", False, False, True), ("quarantined", False, False, False),
        ("quarantined", False, True, True), ("gone", False, False, False), ("gone", False, True, True),
        ("gone", True, True, False),
    ],
)  # fmt: skip
def test_who_is_asked_before_time(state, only_due, named, asked):
    source = replace(SOURCE, state=state, next_poll_at=NOW + timedelta(hours=1))
    assert is_due(source, NOW, only_due=only_due, named=named) is asked
    assert not is_due(replace(source, enabled=False), NOW, only_due=only_due, named=named)


def test_who_is_asked_in_time():
    later = NOW + timedelta(days=8)
    for state, asked in (("active", True), ("quarantined", True), ("gone", False)):
        assert is_due(replace(SOURCE, state=state, next_poll_at=NOW), later, only_due=True, named=False) is asked
