"""Times as pages write them, to aware UTC. What a time says about the page is decided elsewhere."""

import re
from datetime import UTC, datetime, timedelta

from dateutil import parser as dateutil_parser
from dateutil import tz

EARLIEST_YEAR = 1980  # before that a date is the zero of some clock; archives of older papers date their scans later
FUTURE_TOLERANCE = timedelta(days=2)
MAX_TIME_CHARS = 60

# Abbreviations that news sites in English, French and German print; others are ambiguous and count as UTC.
_ZONES = {
    name: tz.gettz(zone)
    for zone, names in {
        "America/New_York": ("EST", "EDT", "ET"),
        "America/Chicago": ("CST", "CDT", "CT"),
        "America/Denver": ("MST", "MDT", "MT"),
        "America/Los_Angeles": ("PST", "PDT", "PT"),
        "Europe/London": ("BST",),
        "Europe/Berlin": ("CET", "CEST", "MEZ", "MESZ"),
        "Asia/Kolkata": ("IST",),
    }.items()
    for name in names
}
_LEAD = re.compile(
    r"^(?:last\s+)?(?:published|updated|modified|posted|created|veröffentlicht|aktualisiert|publié|mis à jour|"
    r"publicado)(?:\s+(?:on|at|am|le|el))?[:\s]+",
    re.IGNORECASE,
)
_URL_DAY = re.compile(r"[/_-](19[89]\d|20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def parse_time(value: object, *, now: datetime) -> datetime | None:
    """The instant that ``value`` names, in UTC, or None where it is none or no page can have appeared then.

    Reads ISO 8601, the common written forms, and Unix seconds or milliseconds. A time without a zone is taken as UTC,
    a date without a time as midnight UTC. Years before 1980 and instants after ``now`` + 2 days are None.
    """
    if not isinstance(value, str):
        return None
    text = _LEAD.sub("", " ".join(value[: MAX_TIME_CHARS * 4].split()))
    if not 6 <= len(text) <= MAX_TIME_CHARS:
        return None
    try:
        if text.isascii() and text.isdigit() and len(text) in (10, 13):
            time = datetime.fromtimestamp(int(text[:10]), tz=UTC)
        elif _YEAR.search(text) or len(text) == 8 and text.isdigit():
            time = _parse_written(text)
        else:
            return None  # dateutil would fill the missing year from today
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None
    try:
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if time.year >= EARLIEST_YEAR and time <= now + FUTURE_TOLERANCE else None


def day_in_url(url: str, *, now: datetime) -> datetime | None:
    """Midnight UTC of the day in an address such as ``/2025/06/05/`` or ``/2025-06-05-title``; None without one."""
    match = _URL_DAY.search(url.partition("?")[0][:2000])
    return parse_time("-".join(match.groups()), now=now) if match else None


def _parse_written(text: str) -> datetime:
    try:
        return dateutil_parser.isoparse(text)
    except ValueError:
        # 05.06.2025 is the fifth of June wherever days are written with dots
        dotted = re.match(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}", text) is not None
        default = datetime(2000, 1, 1)
        return dateutil_parser.parse(text, dayfirst=dotted, tzinfos=_ZONES, default=default)
