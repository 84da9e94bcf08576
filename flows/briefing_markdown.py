"""A day's briefing as Markdown, for the run's page in Prefect's UI: the beginning of each list, and where the page is.

Only renders. What comes from the archive is text, never markup, and keeps its own direction.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from flows.briefing_page import clock, in_words, plain
from flows.render import CONDITION, cell, link, table
from warehouse.briefing_records import Briefing, Story

STORIES, LINES = 12, 8
QUOTE_CHARACTERS = 300
RUNS = ("flow", "runs", "in", "landed", "dropped", "new", "copies", "revised")
#: First strong isolate and its end (Unicode Standard Annex 9, section 2.4): right-to-left text turns nothing around it.
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def briefing_sentence(told: Briefing) -> str:
    """A day in a line."""
    return (
        f"briefing of {told.day.isoformat()}: {_count(told.stories_count, 'story', 'stories')} in "
        f"{_count(told.articles, 'article', 'articles')} of {_count(told.sources, 'source', 'sources')}"
    )


def briefing_markdown(told: Briefing, path: Path) -> str:
    """The briefing, and the page's ``path`` as a link."""
    parts = [
        f"# {in_words(told.day)}",
        f"**{briefing_sentence(told)}.** Days and times are UTC. The whole page: "
        f"[{cell(path, len(str(path)))}](<{path.absolute().as_uri()}>)",
    ]
    if not told.articles:
        parts.append("Nothing of this day is in the archive.")
    lists = {
        "Stories": [_story(story, told) for story in told.stories[:STORIES]],
        "Who said what": [
            f"**{_text(row.speaker)}**: “{_text(row.quote.rstrip(' ,;'), QUOTE_CHARACTERS)}” "
            f"({_text(row.source)}: {_link(row.title, row.url)})"
            for row in told.quotes[:LINES]
        ],
        "Who did what": [
            f"**{_text(row.actor)}** {_text(row.verb)} **{_text(row.target)}** "
            f"({row.action.lower()}{'' if row.status == 'actual' else f', {cell(row.status)}'}): "
            f"{_link(row.title, row.url)}"
            for row in told.events[:LINES]
        ],
        "New names": [
            f"**{_text(row.name)}**{f', {_text(row.role)}' if row.role else ''}: {_link(row.title, row.url)}"
            for row in told.names[:LINES]
        ],
        "Days ahead": [
            f"**{in_words(day)}**: " + "; ".join(_link(row.title, row.url) for row in rows)
            for day, rows in groupby(told.ahead, key=lambda row: row.day)
        ],
        "Headline changes": [
            f"{_text(row.before) or 'none'} → {_link(row.after or 'none', row.url)} ({_text(row.source)})"
            for row in told.changes[:LINES]
        ],
    }
    parts += [f"## {title}\n\n{_list(lines)}" for title, lines in lists.items() if lines]
    if told.conditions:
        parts.append(f"## Sources that need attention\n\n{table(CONDITION, told.conditions[:20])}")
    if told.runs:
        rows = [
            (
                run.flow, run.runs, run.entries_in, run.entries_landed, run.entries_dropped, run.articles_new,
                run.articles_copies, run.articles_revised,
            )
            for run in told.runs
        ]  # fmt: skip
        parts.append(f"## Runs of the day\n\n{table(RUNS, rows)}")
    return "\n\n".join(parts)


def _story(story: Story, told: Briefing) -> str:
    at = clock(story.first_at, told.day)
    sources = ", ".join(map(_text, story.sources[:5])) + (" and others" if len(story.sources) > 5 else "")
    spread = f"{len(story.sources)} sources: " if len(story.sources) > 1 else ""
    return f"{_link(story.title, story.url)} ({spread}{sources}{f'; {at}' if at else ''})"


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _text(text: str | None, most: int = 160) -> str:
    return _isolated(cell(plain(text), most))


def _link(text: str, url: str) -> str:
    return _isolated(link(plain(text), url))


def _isolated(text: str) -> str:
    turns = any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
    return f"{_ISOLATE}{text}{_END}" if turns else text


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
