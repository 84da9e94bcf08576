"""What a feed says about how it wants to be asked: how long it stays fresh, when not to ask, and where it has moved.

These are the publisher's wishes as written; whether and how far they are followed is decided elsewhere.
"""

import re
from collections.abc import Mapping
from typing import Any

from tasks.feed.tidy import absolute_url

HEAD_BYTES = 20_000
MAX_SKIP_BYTES = 4000  # 24 hours take about 700
DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")

_UPDATE_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_HOUR = re.compile(rb"<hour>\s{0,9}(\d{1,2})\s{0,9}</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s{0,9}([a-z]{6,9})\s{0,9}</day>", re.IGNORECASE)


def ttl_minutes(feed: Mapping[str, Any]) -> int | None:
    """``<ttl>`` (RSS 2.0), else the period and frequency of the RSS 1.0 syndication module."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit() and 0 < int(ttl[:9]):
        return int(ttl[:9])
    period = _UPDATE_PERIOD_MINUTES.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()[:6]
    if period and frequency.isascii() and frequency.isdigit() and int(frequency) > 0:
        return max(1, period // int(frequency))
    return None


def moved_url(feed: Mapping[str, Any], url: str) -> str | None:
    """``<itunes:new-feed-url>`` where it is another address than ``url``, at which the feed was read."""
    address = absolute_url(feed.get("itunes_new-feed-url"), "")
    return address if address != url else None


def skip_hours(document: bytes) -> tuple[int, ...]:
    """The hours in ``<skipHours>``, in order (RSS 2.0: 0 to 23, GMT; RSS 0.91 wrote midnight as 24)."""
    hours = {int(hour) % 24 for hour in _HOUR.findall(_element(document, b"skipHours")) if int(hour) <= 24}
    return tuple(sorted(hours))


def skip_days(document: bytes) -> tuple[int, ...]:
    """The days in ``<skipDays>``, in order, 0 is Monday (RSS 2.0)."""
    names = (name.lower() for name in _DAY.findall(_element(document, b"skipDays")))
    return tuple(sorted({DAYS.index(name) for name in names if name in DAYS}))


def _element(document: bytes, name: bytes) -> bytes:
    """The markup inside the first element of this name. feedparser keeps only the last child of such an element."""
    channel = document[:HEAD_BYTES] + document[-MAX_SKIP_BYTES:]  # before the items, where all put it, or after them
    start = channel.find(b"<" + name + b">")
    return channel[start : start + MAX_SKIP_BYTES].partition(b"</" + name)[0] if start >= 0 else b""
