"""Names that newswire sets in forms of its own: datelines, lines of capitals, listed names and laws by
number.

Each finder is a pure function from the words of a text to spans that are sure, so that nothing later doubts them.
Common reading of capitals does not belong here. English.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tasks.sense.lexicon import common_words, demonyms, organisations, team_towns
from tasks.sense.names.chains import WordTable
from tasks.sense.names.consistency import FIXED, Named
from tasks.sense.names.sports import is_sports
from tasks.sense.places.gazetteer import gazetteer
from tasks.text import SpanSet

# "LONDON (Reuters) - ", "KUALA LUMPUR, Nov 3 — ", "ISLAMABAD: ", "PORT-AU-PRINCE, Haiti (AP) _ ", "AL-AIN 1996-12-06"
_DATELINE = re.compile(
    r"(?:^|(?<=\n))[ \t]{0,8}"
    r"(?P<town>[A-ZÀ-Þ][A-ZÀ-Þ.'’\-]{1,20}(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’\-]{1,20}){0,3})"
    r"(?P<rest>(?:, ?[A-Z][\w.'’ ]{1,24}){0,2})"
    r"(?:,? ?[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?"
    r" ?(?P<agency>\([A-Z][\w .'’&/\-]{1,40}\))? ?"
    r"(?:(?:--?|[–—_]|:)(?=\s)|\d{4}-\d\d-\d\d(?=\n|$))"
)
_LAW = re.compile(
    r"\b(?:(?:Article|Section|Resolution|Amendment) \d{1,4}[A-Z]?(?:\(\d{1,3}\))?"
    r"|(?:[A-Z][\w-]{1,30} ){1,7}?\([A-Z][\w ]{2,40}\) (?:Act|Bill)\b)"
)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


def laws(text: str) -> list[Named]:
    """Return "Article 370" and "Unlawful Trade (Control) Act"."""
    return [Named(m.start(), m.end(), "LAW", FIXED, m.group()) for m in _LAW.finditer(text)]


def datelines(text: str) -> list[Named]:
    """Return the towns and agencies of datelines; a town without an agency or a date has to be in the gazetteer."""
    found = []
    for match in _DATELINE.finditer(text):
        agency = match["agency"]
        town = match["town"]
        known = written(town)
        if known is None and not (agency and agency[1:-1] in organisations()):
            continue
        start, end = match.span("town")
        found.append(Named(start, end, "PLACE", FIXED, known or town.title()))
        at = match.start("rest")
        for part in match["rest"].split(","):
            name = part.strip()
            if name in gazetteer().by_name:
                first = text.index(name, at)
                found.append(Named(first, first + len(name), "PLACE", FIXED, name))
            at += len(part) + 1
        if agency:
            first = match.start("agency") + 1
            name = agency[1:-1]
            for part in name.split("/"):
                if not _MONTH.match(part):
                    begin = text.index(part, first)
                    found.append(Named(begin, begin + len(part), "ORG", FIXED, organisations().get(part, part)))
    return found


def written(shouted: str) -> str | None:
    """Return how the gazetteer writes a place that stands in capitals ("KUALA LUMPUR"), or None."""
    for form in (shouted, shouted.title(), shouted.title().replace("-Au-", "-au-").replace("-De-", "-de-")):
        if form in gazetteer().by_name:
            return form
    return None


def listed(table: WordTable) -> Iterator[Named]:
    """Yield the listed names of organisations that have two words and more, also with words that are no names alone
    ("Sheffield Wednesday")."""
    longest = _longest_by_first_word()
    skip = -1
    for index, word in enumerate(table.words):
        size = longest.get(word.text, 0)
        if index <= skip or size < 2:
            continue
        for last in range(min(index + size, len(table.words)) - 1, index, -1):
            surface = table.text[word.start : table.words[last].end]
            if surface in organisations() and not _goes_on(table, index, last):
                yield Named(word.start, table.words[last].end, "ORG", FIXED, organisations()[surface])
                skip = last
                break


def _goes_on(table: WordTable, first: int, last: int) -> bool:
    """Say whether the name is part of a longer one ("Bank of America Stadium"); "US" before it is a name of its own."""
    if last + 1 < len(table.words) and table.gap(last) in (" ", " & ") and table.words[last + 1].text[0].isupper():
        return table.name_like[last + 1]
    if first == 0 or table.gap(first - 1) != " " or not table.name_like[first - 1] or table.initial[first]:
        return False
    before = table.words[first - 1].text
    return before not in gazetteer().by_name and before not in demonyms()


def headlines(table: WordTable, found: Sequence[Named]) -> list[Named]:
    """Return the names in lines of capitals: those that the rest of the text tells, and countries, large towns and
    organisations that are listed."""
    if not table.shouted:
        return []
    told = {}
    for named in found:
        if named.label in ("PERSON", "ORG", "PLACE"):
            surface = " ".join(table.text[named.start : named.end].split())
            told.setdefault(surface.upper(), named)
            if named.label == "PERSON":
                told.setdefault(surface.rsplit(" ", 1)[-1].upper(), named)
    taken = SpanSet((named.start, named.end) for named in found)
    sport = is_sports(table)
    again, index = [], 0
    shouted = sorted(table.shouted)
    while index < len(shouted):
        first = shouted[index]
        step = 1
        for last in range(min(first + 3, shouted[-1]), first - 1, -1):
            start, end = table.words[first].start, table.words[last].end
            if last not in table.shouted or "\n" in table.text[start:end] or taken.overlaps(start, end):
                continue
            named = _shouted(table.text[start:end], start, end, told, sport)
            if named is not None:
                again.append(named)
                step = last - first + 1
                break
        index += step
    return again


def _shouted(surface: str, start: int, end: int, told: dict[str, Named], sport: bool) -> Named | None:
    if surface in told and not (sport and told[surface].name in team_towns()):
        return Named(start, end, told[surface].label, 0.8, told[surface].name)
    if surface in organisations() and len(surface) > 2:
        return Named(start, end, "ORG", 0.8, organisations()[surface])
    form = written(surface)
    if form and any(place.sure for place in gazetteer().by_name[form]) and surface.lower() not in common_words():
        return Named(start, end, "ORG" if sport and form in team_towns() else "PLACE", 0.75, form)
    name = _in_capitals().get(surface)
    return Named(start, end, "ORG", 0.75, organisations()[name]) if name else None


@cache
def _in_capitals() -> dict[str, str]:
    return {name.upper(): name for name in organisations()}


@cache
def _longest_by_first_word() -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in organisations():
        first, *others = name.split()
        # words part at "&" and at points too
        longest[first] = max(longest.get(first, 0), 1 + len(others) + name.count("."))
    return longest
