"""When and whether a source is asked again, and under which address. Pure decisions: what is remembered of a source and
what asking it gave come in, what is to be remembered goes out; no clock, no network and no warehouse.

**How often.** After Nutch's and news-crawl's ``AdaptiveFetchSchedule``: a poll that brings nothing new lengthens the
pause by a quarter. A poll that brings something new sets it as Miniflux's entry-frequency scheduler does, from the pace
of the newest entries: half their mean distance in time, so that a source is asked about twice per article; where they
tell no times it is shortened by a fifth (Nutch's steps of 1.25 and 0.8 balance where every other poll brings news).
What the source asks for itself (``ttl``, ``skipHours``, ``skipDays`` of RSS 2.0, ``Cache-Control: max-age``,
``Retry-After``) lengthens the pause, by a day at most: a mistaken year of ``max-age`` must not silence a source.

**Where.** A permanent redirect (301, 308: RFC 9110 sections 15.4.2 and 15.4.9) is believed after ``MOVE_POLLS`` polls
in a row over at least ``MOVE_DAYS``. A new address that fails for good is given up for the configured one.

**Whether.** 410 (ibid., 15.5.11) ends polling at once. Other failures back off, doubling, and quarantine a source
in the end: it is then asked once a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tasks.errors import DatelineError, Transient
from warehouse.model import Source

PACE = 0.5  # of the mean distance between entries; 1 would ask once per article and be half as prompt
SHORTER, LONGER = 0.8, 1.25  # AdaptiveFetchSchedule's dec_rate and inc_rate, as news-crawl sets them
PACE_ENTRIES = 10  # how many of the newest entries tell the pace
HINT_MINUTES_CAP = 1_440  # the longest that a source's own wish is followed

MOVE_POLLS, MOVE_DAYS = 3, 1
PERMANENT_REDIRECTS = frozenset({301, 308})

QUARANTINE_FAILURES, QUARANTINE_DAYS = 8, 7  # in a row, and over at least so many days
TRANSIENT_PATIENCE = 4  # both times as many where the failure is one of the moment
QUARANTINE_POLL_DAYS = 7
#: Faults that pass as a rule, but are those of a dead site where they stay.
LASTING_REASONS = frozenset({"dns_failed"})
LOCAL_KINDS = frozenset({"folder", "warc"})  # nobody is troubled by asking these often


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRules:
    """The bounds of the pause between two polls, in minutes; see the settings of the same names."""

    poll_minutes: float
    poll_minutes_cap: float
    failure_poll_minutes_cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source asks of those who poll it. Hours of the day 0 to 23 in GMT, days of the week from 0 = Monday."""

    ttl_minutes: int | None = None
    max_age_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a poll brought: ``entries`` not met before, and the ``times`` of what is listed, in any order (aware)."""

    entries: int = 0
    times: tuple[datetime, ...] = ()


def is_due(source: Source, now: datetime, *, only_due: bool, named: bool) -> bool:
    """True where the source is to be asked now: always when it was ``named`` and the clock is not to decide."""
    if not source.enabled:
        return False
    if not only_due and (named or source.state == "active"):
        return True
    if source.state == "gone":
        return False
    return source.next_poll_at is None or source.next_poll_at <= now


def asked_url(source: Source) -> str:
    """The address that is asked: where the source has moved to, else the configured one."""
    return source.moved_url or source.url


def answered(source: Source, now: datetime, rules: PollRules, news: News, hints: Hints | None = None) -> Source:
    """The source after a good poll: active, without failures, and when to be asked again."""
    minutes = _learned_minutes(source.poll_minutes, now, rules, news)
    return replace(
        source,
        state="active",
        last_polled_at=now,
        next_poll_at=_next_poll(now, minutes, hints or Hints()),
        poll_minutes=minutes,
        consecutive_failures=0,
        failing_since=None,
        last_error=None,
    )


def listed(source: Source, now: datetime, rules: PollRules) -> Source:
    """The source after a good look at what tells no pace: a page, a folder, an archive."""
    return replace(
        answered(source, now, rules, News()),
        poll_minutes=None,
        next_poll_at=_next_poll(now, rules.poll_minutes, Hints()),
    )


def _learned_minutes(before: float | None, now: datetime, rules: PollRules, news: News) -> float:
    newest = sorted(time for time in news.times if time <= now)[-PACE_ENTRIES:]
    before = rules.poll_minutes if before is None else before
    if not news.entries:
        minutes = before * LONGER
    elif len(newest) < 2:
        minutes = before * SHORTER
    else:
        minutes = PACE * (now - newest[0]).total_seconds() / 60 / len(newest)
    return min(max(minutes, rules.poll_minutes), max(rules.poll_minutes_cap, rules.poll_minutes))


def _next_poll(now: datetime, minutes: float, hints: Hints) -> datetime:
    wished = max(minutes, hints.ttl_minutes or 0, (hints.max_age_seconds or 0) / 60)
    # A little early: a poll that took some seconds must not miss the next scheduled run.
    pause = max(minutes, min(wished, HINT_MINUTES_CAP))
    pause -= min(pause / 10, 2)
    at, latest = now + timedelta(minutes=pause), now + timedelta(minutes=max(pause, HINT_MINUTES_CAP))
    while _is_skipped(at, hints) and at < latest:
        at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(at, latest)


def _is_skipped(at: datetime, hints: Hints) -> bool:
    at = at.astimezone(UTC)
    return at.hour in hints.skip_hours or at.weekday() in hints.skip_days


def permanent_target(redirects: Sequence[tuple[int, str]], final_url: str) -> str | None:
    """Where the permanent redirects at the head of a chain lead; None where the first is not one, or there is none.

    ``redirects`` holds the status and address of each hop that redirected, ``final_url`` what the last led to. What
    follows a temporary redirect says nothing of the source's own address.
    """
    hops = [url for _, url in redirects] + [final_url]
    lasting = 0
    while lasting < len(redirects) and redirects[lasting][0] in PERMANENT_REDIRECTS:
        lasting += 1
    return hops[lasting] if lasting else None


def redirected(source: Source, target: str | None, now: datetime) -> Source:
    """The source after a good poll that was led to ``target`` for good (None = it was not)."""
    if target is None or target == asked_url(source):
        return replace(source, redirect_url=None, redirect_since=None, redirect_polls=0)
    if target != source.redirect_url or source.redirect_since is None:
        return replace(source, redirect_url=target, redirect_since=now, redirect_polls=1)
    source = replace(source, redirect_polls=source.redirect_polls + 1)
    if source.redirect_polls < MOVE_POLLS or now - source.redirect_since < timedelta(days=MOVE_DAYS):
        return source
    moved = None if target == source.url else target
    return replace(source, moved_url=moved, redirect_url=None, redirect_since=None, redirect_polls=0)


def failed(
    source: Source, error: DatelineError, now: datetime, rules: PollRules, *, retry_after_seconds: float | None = None
) -> Source:
    """The source after a poll that failed: when to be asked again, and whether it is given up."""
    failures = source.consecutive_failures + 1
    since = source.failing_since or now
    is_lasting = not isinstance(error, Transient) or error.reason in LASTING_REASONS
    minutes = min(rules.failure_poll_minutes_cap, max(1.0, rules.poll_minutes) * 2 ** min(failures, 16))
    minutes = max(minutes, min((retry_after_seconds or 0) / 60, HINT_MINUTES_CAP))
    patience = 1 if is_lasting else TRANSIENT_PATIENCE
    state, moved_url = source.state, source.moved_url
    if is_lasting and moved_url is not None:
        moved_url = None  # the next poll asks the configured address, which may lead elsewhere by now
    elif error.reason == "http_410":
        state = "gone"
    elif source.kind in LOCAL_KINDS:
        state = "active"
    elif failures >= QUARANTINE_FAILURES * patience and now - since >= timedelta(days=QUARANTINE_DAYS * patience):
        state = "quarantined"
    if state == "quarantined":
        minutes = QUARANTINE_POLL_DAYS * 1_440
    return replace(
        source,
        state=state,
        last_polled_at=now,
        next_poll_at=None if state == "gone" else now + timedelta(minutes=minutes),
        consecutive_failures=failures,
        failing_since=since,
        last_error=error.message,
        moved_url=moved_url,
        etag=source.etag if moved_url == source.moved_url else None,
        last_modified=source.last_modified if moved_url == source.moved_url else None,
    )


def revived(source: Source) -> Source:
    """The source as if it had never failed, to be asked at the next run."""
    return replace(
        source, state="active", next_poll_at=None, consecutive_failures=0, failing_since=None, last_error=None
    )
