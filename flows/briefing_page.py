"""A day's briefing as a page that stands alone: one HTML file, no script, nothing fetched from anywhere.

What the archive tells is text of others, never markup: the template escapes every value, only addresses of the web
become links, and each text keeps its own direction. Nothing is asked of the warehouse but by ``make_briefing``, which
works without Prefect.
"""

import re
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path

import jinja2

from flows.briefing_map import HEIGHT, WIDTH, bars, dots, labels, land_path, project
from flows.settings import Settings
from warehouse import briefings
from warehouse.briefing import AROUND_CHARACTERS, DAYS_AHEAD, briefing
from warehouse.briefing_records import Briefing, DayAhead
from warehouse.store import SNAPSHOT, reader

TEMPLATE = "briefing_page.html"
STORIES_IN_FULL = 12
#: Names of the kinds of things, as a reader says them.
LABELS = {
    "PERSON": "person", "ORG": "organisation", "PLACE": "place", "NORP": "group", "LAW": "law", "EVENT": "event",
    "PRODUCT": "product",
}  # fmt: skip
_WEB = re.compile(r"https?://[^\s/?#][^\s]*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # spelling in Persian and the scripts of India
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s+|\n")


def make_briefing(settings: Settings, day: date, out: Path | None = None) -> tuple[Briefing, Path]:
    """Write the page of a day, of the snapshot as it is published, in the archive or to ``out``; returns what it tells
    and where it is.

    A snapshot that was replaced meanwhile is asked again: no page is left that tells of what an erasure took. Raises
    Terminal ``snapshot_missing``, ``snapshot_older``, ``disk_full`` or ``folder_not_writable``.
    """
    snapshot, path = settings.data_folder / SNAPSHOT, out or briefings.path_of(settings.data_folder, day)
    while True:
        state = _state(snapshot)
        with reader(settings.data_folder) as connection:
            told = briefing(connection, day)
        briefings.write(path, page(told))
        if _state(snapshot) == state:
            return told, path


def _state(path: Path) -> tuple[int, int] | None:
    return (path.stat().st_ino, path.stat().st_mtime_ns) if path.exists() else None


def page(told: Briefing) -> str:
    """The page as HTML; the same for the same briefing."""
    shown = dots(told.places)
    return _template().render(
        told=told,
        in_full=told.stories[:STORIES_IN_FULL],
        in_brief=told.stories[STORIES_IN_FULL:],
        ahead=[(day, list(rows)) for day, rows in groupby(told.ahead, key=lambda row: row.day)],
        days_ahead=DAYS_AHEAD,
        until=told.day + timedelta(days=DAYS_AHEAD),
        most_topic=max((count for _, level, count in told.topics if level == 1), default=1),
        land=land_path(),
        width=WIDTH,
        height=HEIGHT,
        graticule=_graticule(),
        dots=shown,
        labels=labels(shown),
        bars=bars(told.hours),
        conditions=[(name, list(rows)) for name, rows in groupby(told.conditions, key=lambda row: row[1])],
        kinds=LABELS,
        marker=briefings.MARKER,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "plain": plain, "clip": clip, "web": web_address, "lang": language, "day": in_words, "clock": clock,
        "around": sentence_around,
    }  # fmt: skip
    text = resources.files("flows").joinpath(TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(text)


def _graticule() -> tuple[list[float], list[float]]:
    """Where meridians and parallels stand, each thirty degrees."""
    return [project(x, 0)[0] for x in range(-150, 180, 30)], [project(0, y)[1] for y in range(60, -60, -30)]


def plain(text: str | None) -> str:
    """One line of printable characters: what a hostile page hides between them goes."""
    return "".join(c for c in " ".join((text or "").split()) if c.isprintable() or c in _JOINERS)


def clip(text: str | None, most: int) -> str:
    """The beginning of a text up to the end of a word."""
    told = plain(text)
    if len(told) <= most:
        return told
    cut = told[:most]
    return (cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut).rstrip(" ,;:–—-") + "…"


def web_address(url: str | None) -> str:
    """An address that may be linked, else nothing: a link that runs a script is none."""
    return url if url and _WEB.fullmatch(url) else ""


def language(told: str | None) -> str:
    """A language for the attribute ``lang``; nothing where it is not known, which means: not that of the page."""
    return told if told and _LANGUAGE.fullmatch(told) else ""


def in_words(day: date) -> str:
    """As in Tuesday 17 November 2026, whatever language the machine speaks."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def clock(at: datetime, day: date) -> str:
    """The time of the day, with the date where it is of another day, and the date alone at midnight: then no time is
    known."""
    told = "" if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{at:%H:%M}"
    if at.date() == day:
        return told
    return f"{at.day} {_MONTHS[at.month - 1][:3]} {at.year if at.year != day.year else ''} {told}".replace(
        "  ", " "
    ).strip()


def sentence_around(row: DayAhead) -> tuple[str, str, str]:
    """What stands before the mention of a day in its sentence, the mention, and what follows it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(row.before)]
    before = row.before[ends[-1] :] if ends else _from_word(row.before)
    end = _SENTENCE_END.search(row.after)
    after = row.after[: end.end()] if end else _to_word(row.after)
    lead, tail = (" " if before[-1:].isspace() else ""), (" " if after[:1].isspace() else "")
    return plain(before) + lead, plain(row.surface), tail + plain(after)


def _from_word(text: str) -> str:
    return f"… {text.partition(' ')[2]}" if len(text) >= AROUND_CHARACTERS else text


def _to_word(text: str) -> str:
    return f"{text.rpartition(' ')[0]} …" if len(text) >= AROUND_CHARACTERS else text
