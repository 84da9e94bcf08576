"""What each English calendar word and the words around it mean, one function per kind of word.

A function looks at one word of the text and gives candidates; which of them stand when they overlap, and what those
that lean on an earlier date come to, is not decided here. ``today`` is the dateline; without it only absolute
expressions give a candidate. Patterns are anchored at the word, so that the cost does not grow with the text.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from tasks.sense.dates import wording as cal
from tasks.sense.dates.digits import full_year
from tasks.sense.dates.feasts import FEASTS, feast
from tasks.sense.dates.tense import clause_start, looks_ahead
from tasks.sense.dates.values import SEASONS, Candidate, Lean, day_value, in_range, season_of, shifted
from tasks.text import Word

_UNCUED_AHEAD_DAYS = 31  # how far ahead a date without a cue is still news to come
_REACH = 48  # characters before a word that its patterns read


Rule = Callable[[str, Sequence[Word], int, date | None], Iterator[Candidate]]


def month(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A month with its day or days, with its year, or alone after a preposition."""
    word = words[index]
    name = word.text.rpartition("-")[2]
    start, number = word.end - len(name), cal.MONTHS[name.lower()]
    if not name[0].isupper():
        return
    before = cal.DAY_BEFORE_MONTH.search(text, max(0, start - _REACH), start)
    if before:
        tail = cal.YEAR_AFTER.match(text, word.end)
        end, year = (tail.end(), int(tail["year"])) if tail else (word.end, None)
        days = [(before.start(), end, int(before["day2"]))]
        if before["day"]:
            days = [
                (before.start("day"), before.end("day"), int(before["day"])),
                (before.start("day2"), end, int(before["day2"])),
            ]
        yield from _days(text, days, number, year, today)
        return
    after = cal.DAY_AFTER_MONTH.match(text, word.end)
    if after:
        year = int(after["year"]) if after["year"] else None
        weekday = cal.WEEKDAY_BEFORE.search(text, max(0, start - 14), start)
        first = weekday.start() if weekday else start
        days = [(first, after.end(), int(after["day"]))]
        if after["day2"]:
            days = [
                (first, after.end("day"), int(after["day"])),
                (after.start("day2"), after.end(), int(after["day2"])),
            ]
        yield from _days(text, days, number, year, today)
        return
    told = cal.YEAR_AFTER_MONTH.match(text, word.end)
    if told:
        year = int(told["year"]) if told["year"] else full_year(int(told["short"]), today)
        yield Candidate(start, told.end(), f"{year:04d}-{number:02d}")
    elif today is not None:
        yield from _bare_month(text, words, index, start, number, today)


def _days(text: str, days: list, number: int, year: int | None, today: date | None) -> Iterator[Candidate]:
    found = []
    whose = cal.WHOSE_YEAR.match(text, days[-1][1]) if year is None and today is not None else None
    if whose:
        year = today.year + cal.STEPS[whose["whose"]]
    elif year is None and number == 9 and days[-1][2] == 11 and cal.TERROR.match(text, days[-1][1]):
        year = 2001
    for start, end, day in days:
        if year is not None:
            found.append(Candidate(start, end, day_value(year, number, day)))
        elif today is not None:
            value = _nearest_day(text, start, end, number, day, today)
            found.append(Candidate(start, end, value, list_month=(number, day)))
    if all(candidate.value for candidate in found):
        yield from found


def _nearest_day(text: str, start: int, end: int, number: int, day: int, today: date) -> str | None:
    here = day_value(today.year, number, day)
    if here is None:
        return None
    ahead = (date.fromisoformat(here) - today).days
    if ahead > _UNCUED_AHEAD_DAYS and not looks_ahead(text, start, end):
        return day_value(today.year - 1, number, day)
    if ahead < _UNCUED_AHEAD_DAYS - 365 and looks_ahead(text, start, end) is not False:
        return day_value(today.year + 1, number, day)
    if ahead < -182 and looks_ahead(text, start, end):
        return day_value(today.year + 1, number, day)
    return here


def _bare_month(
    text: str, words: Sequence[Word], index: int, start: int, number: int, today: date
) -> Iterator[Candidate]:
    word = words[index]
    name = text[start : word.end].lower()
    before = cal.BEFORE_BARE_MONTH.search(text, max(0, start - 24), start)
    prep = before["prep"].lower() if before else ""
    follower = text[word.end + 1 : word.end + 2] if text[word.end : word.end + 1] == " " else ""
    if not before:
        names = index and words[index - 1].text[0].isupper() and text[words[index - 1].end : start] == " "
        hyphen = start > word.start and word.text.lower().startswith(
            ("mid-", "late-", "early-", "pre-", "post-", "end-")
        )
        if not hyphen and (
            name not in cal.PLAIN_MONTHS or names or follower.isupper() or text[word.end] == "-"
            if word.end < len(text)
            else True
        ):
            return
    elif name in ("may", "march", "mar", "june", "jan") and prep in ("to", "for", "and", "around", "about", "per"):
        return
    if len(name) <= 4 and name in ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"):
        if text[word.end : word.end + 1] != "." and prep not in ("in", "since", "last", "until", "by"):
            return
    if prep in ("per", "each", "every"):
        return
    step = cal.STEPS.get(prep)
    first = before.start() if step is not None else start
    year = today.year
    if step == 0:
        pass
    elif step == 1:
        year += number <= today.month
    elif step == -1:
        year -= number >= today.month
    elif number != today.month:
        ahead = looks_ahead(text, start, word.end)
        if number > today.month:
            stays = ahead or prep in ("by", "until", "till") or (number - today.month == 1 and ahead is None)
            year -= not stays
        else:
            year += bool(ahead) and today.month - number > 2
    list_month = None if step is not None else (number, None)
    yield Candidate(first, word.end, f"{year:04d}-{number:02d}", list_month=list_month)


def weekday(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A day of the week, by the tense of its clause."""
    word = words[index]
    start, end = word.start, word.end
    if today is None or not word.text[0].isupper() or cal.HABIT.search(text, max(0, start - 10), start):
        return
    if cal.NAMED_BY_WEEKDAY.match(text, end):
        return
    part = cal.PART_OF_DAY.match(text, end)
    back = (today.weekday() - cal.WEEKDAYS[word.text.lower()]) % 7
    of_week = cal.OF_WEEK.match(text, end)
    if of_week:
        day = today - timedelta(days=back if back <= today.weekday() else back - 7)
        day += timedelta(weeks=cal.STEPS[of_week["which"]])
        yield Candidate(start, of_week.end(), in_range(day.isoformat()))
        return
    before = cal.BEFORE_WEEKDAY.search(text, max(0, start - 14), start)
    step = cal.STEPS[before["which"].lower()] if before else None
    if before:
        start = before.start()
    ahead = looks_ahead(text, start, part.end() if part else end) if step in (None, 0) else step > 0
    if step == 0 and ahead is None:
        ahead = back > today.weekday()  # within the week that runs
    if ahead:
        day = today + timedelta(days=7 - back if back or step == 1 else 0)
    else:
        day = today - timedelta(days=back or (7 if step == -1 else 0))
    yield Candidate(start, part.end() if part else end, in_range(day.isoformat()))


def day_word(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Yesterday, today, tomorrow and tonight."""
    if today is None:
        return
    word = words[index]
    lower, start, step = word.text.lower(), word.start, cal.DAY_WORDS[word.text.lower()]
    lead = text[max(0, start - 15) : start].lower()
    if word.text[0].isupper() and not word.text.isupper() and lead[-1:] == " " and lead[-2:-1].isalnum():
        return  # a title: "The Tomorrow People", "the Today programme"
    if lower == "today" and _is_nowadays(text, word):
        return
    if step and lead.endswith(("day before ", "day after ")):
        start = max(0, start - len("the day before " if step < 0 else "the day after "))
        step *= 2
    yield Candidate(start, word.end, in_range((today + timedelta(days=step)).isoformat()))


def _is_nowadays(text: str, word: Word) -> bool:
    """Say whether "today" means the present age ("there are more magicians today than ever")."""
    if word.text.isupper() or cal.NOT_THE_DAY_TODAY.match(text, word.end):
        return word.text.isupper()
    window = text[clause_start(text, word.start) : word.start]
    if cal.TO_THIS_AGE.search(window):
        return True
    return cal.STATE.search(window) is not None and cal.DONE.search(window) is None


def part_of_day(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Last night, this morning, and that of the day before."""
    word = words[index]
    if today is None or index == 0:
        return
    which = words[index - 1]
    lower = which.text.lower()
    if text[which.end : word.start] != " ":
        return
    if lower == "this" or lower == "last" and word.text == "night":
        yield Candidate(which.start, word.end, in_range((today - timedelta(days=lower == "last")).isoformat()))


def unit(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Last week, this year, the next month; that day and the following year, which lean on a date before."""
    word = words[index]
    name = word.text.lower()
    before = cal.BEFORE_UNIT.search(text, max(0, word.start - 28), word.start)
    if before is None:
        if name == "year" and text.startswith(" end", word.end) and today is not None:
            if text[max(0, word.start - 3) : word.start].lower() in ("by ", "at "):
                yield Candidate(word.start, word.end + 4, f"{today.year:04d}")
        elif name == "year" and cal.YEAR_END.search(text, max(0, word.start - 12), word.start) and today is not None:
            yield Candidate(text.rindex("end", 0, word.start), word.end, f"{today.year:04d}")
        return
    which = before["which"].lower()
    if text[word.end : word.end + 1] == "-" or name.endswith("s"):
        return
    article = text[max(0, before.start() - 4) : before.start()].lower().endswith("the ")
    leaning = {
        "the same": 0,
        "that same": 0,
        "that": 0,
        "same": 0,
        "the following": 1,
        "following": 1,
        "the previous": -1,
        "the preceding": -1,
        "the next": 1,
        "the very next": 1,
    }
    if which in leaning:
        step = leaning[which]
        relative = which in ("the previous", "the next") and name not in ("day", "night")
        yield Candidate(before.start(), word.end, lean=Lean(name, step, relative))
    elif today is not None and name not in ("day", "decade", "century") and not (which in ("last", "next") and article):
        yield Candidate(before.start(), word.end, shifted(today, name, cal.STEPS.get(which, 1)))
    elif which == "this" and today is not None and name == "century":
        yield Candidate(before.start(), word.end, f"{today.year // 100}XX")


def ago(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Two years ago; three days later and a year earlier, which lean on a date before."""
    word = words[index]
    lower = word.text.lower()
    if lower in ("before", "after") and text[word.end : word.end + 1] == " " and word.end + 1 < len(text):
        return  # "a year before the war": the war decides
    before = cal.AGO.search(text, max(0, word.start - 32), word.start)
    if before is None:
        span = text[max(0, word.start - 9) : word.start].lower()
        article = next(
            (lead for lead in ("the day ", "the year ", "the month ", "the week ") if span.endswith(lead)), None
        )
        if article and lower == "before":
            yield Candidate(word.start - len(article), word.end, lean=Lean(article.split()[1], -1, "year" in article))
        return
    name = before["unit"].lower().replace("centurie", "century")
    if before["half"]:
        if name not in ("century", "decade"):
            return
        name, count = "year", 50 if name == "century" else 5
    else:
        count = before["count"].lower()
        count = int(count) if count.isdigit() else cal.NUMBERS[count]
    # "Two and a half years ago", "several hundred years ago"
    if text[max(0, before.start() - 5) : before.start()].lower().endswith(("and ", "and-", "half ", "half-")):
        return
    start, past = before.start(), lower not in ("later", "after", "hence")
    if lower in ("ago", "back", "hence"):
        if today is not None and (lower != "back" or name in ("year", "month", "week")):
            yield Candidate(start, word.end, shifted(today, name, -count if past else count))
    elif before["which"] == " ":
        yield Candidate(start, word.end, lean=Lean(name, -count if past else count, lower == "earlier" and count == 1))


def year_before(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Year-earlier and year-ago, as reports of earnings compare; year-end."""
    word = words[index]
    if word.text.lower() == "year-end":
        if today is not None:
            year = cal.AFTER_SEASON.match(text, word.end)
            yield Candidate(word.start, year.end() if year else word.end, year["year"] if year else f"{today.year:04d}")
    elif text[word.end : word.end + 8] != " quarter":
        yield Candidate(word.start, word.end, lean=Lean("year", -1, True))


def quarter(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A quarter or half of a year, by number or from the dateline."""
    word = words[index]
    name = word.text.lower().rpartition("-")[2]
    at = word.end - len(name)
    before = cal.BEFORE_QUARTER.search(text, max(0, at - 40), at)
    if before is None or cal.SPORT.search(text, max(0, at - 160), word.end + 100):
        return
    letter, count, length = ("Q", 4, 3) if name == "quarter" else ("H", 2, 6)
    after = cal.AFTER_QUARTER.match(text, word.end)
    start, end, nth = before.start(), after.end() if after else word.end, before["nth"].lower()
    if nth in ("year-earlier", "year-ago"):
        yield Candidate(start, word.end, lean=Lean("year", -1))
        return
    number = count if nth == "final" else cal.ORDINALS.get(nth)
    if number is None:
        if today is not None and nth != "latest":
            yield Candidate(start, word.end, shifted(today, name, cal.STEPS[nth]))
        return
    told = (after and after["year"]) or before["year"]
    whose = (after and (after["whose"] or after["back"])) or before["whose"]
    if number > count or name == "half" and not (told or whose or "-" in text[at - 1 : at]):
        return  # the first half of a match, of a bridge or of anything
    if told:
        year = int(told)
    elif today is None:
        return
    elif whose:
        year = today.year + cal.STEPS.get(whose.lower(), -1)
    else:
        now = (today.month - 1) // length + 1
        ahead = looks_ahead(text, start, end) if number != now else None
        if number > now:
            year = today.year - (ahead is False or ahead is None and number > now + 1)
        else:
            year = today.year + bool(ahead)
    yield Candidate(start, end, in_range(f"{year:04d}-{letter}{number}"))


def season(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """A season with its year or with last, this or next."""
    word = words[index]
    code = SEASONS[word.text.lower()]
    before = cal.BEFORE_SEASON.search(text, max(0, word.start - 26), word.start)
    after = cal.AFTER_SEASON.match(text, word.end)
    if after:
        yield Candidate(word.start, after.end(), f"{after['year']}-{code}")
    elif before and today is not None:
        if before["whose"]:
            yield Candidate(before.start(), word.end, f"{today.year + cal.STEPS[before['whose'].lower()]:04d}-{code}")
            return
        step = cal.STEPS[before["which"].lower()]
        value = season_of(today, code, {-1: "last", 0: "this", 1: "next"}[step])
        yield Candidate(before.start(), word.end, in_range(value))


def quarter_code(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """Q3 2024, 3Q24 left aside; H1 2024."""
    word = words[index]
    after = cal.AFTER_QUARTER.match(text, word.end)
    if after and after["year"]:
        yield Candidate(word.start, after.end(), f"{after['year']}-{word.text}")


def decade(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """The sixties."""
    word = words[index]
    if index and words[index - 1].text.lower() in ("the", "late", "early", "mid") and word.text[0].islower():
        if text[word.end : word.end + 1] != "-":
            yield Candidate(word.start, word.end, f"19{cal.DECADES[word.text.lower()]}X")


def century(text: str, words: Sequence[Word], index: int, today: date | None) -> Iterator[Candidate]:
    """The 20th century; the 19th-century poet."""
    word = words[index]
    first = word.text.lower().removesuffix("-century")
    start = word.start
    if "-" not in word.text:
        if not index:
            return
        first, start = words[index - 1].text.lower(), words[index - 1].start
        if text[words[index - 1].end : word.start] != " ":
            return
    if first in cal.CENTURIES:
        yield Candidate(start, word.end, f"{15 + cal.CENTURIES[first] % 6}XX")


RULES: dict[str, Rule] = (
    dict.fromkeys(cal.MONTHS, month)
    | dict.fromkeys(cal.WEEKDAYS, weekday)
    | dict.fromkeys(cal.DAY_WORDS, day_word)
    | dict.fromkeys(cal.PARTS_OF_DAY, part_of_day)
    | dict.fromkeys(("day", "week", "month", "year", "weekend"), unit)
    | dict.fromkeys(("ago", "back", "earlier", "later", "before", "after", "hence"), ago)
    | dict.fromkeys(("year-earlier", "year-ago", "year-end"), year_before)
    | dict.fromkeys(("quarter", "half"), quarter)
    | dict.fromkeys(SEASONS, season)
    | dict.fromkeys(("q1", "q2", "q3", "q4", "h1", "h2"), quarter_code)
    | dict.fromkeys(cal.DECADES, decade)
    | {"century": century}
    | dict.fromkeys(FEASTS - set(cal.MONTHS), feast)
)
#: What is read at the end of a hyphened word too: "mid-October", "third-quarter".
JOINED = frozenset((*cal.MONTHS, "quarter", "half"))
