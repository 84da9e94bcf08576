"""Towns that stand for their teams: "Newcastle boss", "Boston 4 Detroit 2", "they lost to Leeds".

Only what the sports pages do with the name of a place; whether words form a name is decided elsewhere. A country stays
a place, as in the newswire corpora. English.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tasks.sense.lexicon import DIRECTIONS, PLACE_PREPOSITIONS, doubtful_organisations, team_towns
from tasks.sense.names.chains import WordTable
from tasks.sense.names.consistency import FIXED, Named
from tasks.sense.places.gazetteer import gazetteer

# Words of the sports pages; those that politics borrows ("win", "beat", "campaign") are left out.
_SPORTS = frozenset(
    "scored scorer goal goals goalkeeper striker midfielder defender season coach match matches team team-mate"
    " teammate league cup innings wicket wickets batsman quarterback touchdown inning playoffs halftime half-time"
    " penalty kick-off kickoff squad semi-final semifinal quarter-final quarterfinal football soccer rugby cricket"
    " basketball baseball hockey tennis nba nfl nhl mlb scores standings championship tournament player players"
    " fixture champions club clubs premiership".split()
)
_MIN_SPORTS_WORDS, _WORDS_A_SPORTS_WORD = 4, 45
# After the name of a team, and before it.
_AFTER = frozenset(
    "boss chairman striker midfielder defender goalkeeper keeper captain skipper manager coach winger fans supporters"
    " beat thrashed defeated edged hammered drew scored fullback"
    " quarterback pitcher shortstop outfielder guard teammate loanee".split()
)
_BEFORE = frozenset(
    "beat beating beaten defeated thrashed thrashing edged hammered crushed v vs versus champions".split()
)
_BEFORE_PHRASES = frozenset(
    (noun, link)
    for noun in "win victory defeat loss draw match game tie clash lost drew fixture".split()
    for link in "over to by with against".split()
)
_SCORE = re.compile(r"[ ,]{1,2}\d{1,3}(?!\d|[.,%]\d|%)")


def is_sports(table: WordTable) -> bool:
    """Say whether the text speaks of sport in every few sentences."""
    found = sum(min(times, 3) for times in Counter(word for word in table.lower if word in _SPORTS).values())
    return found >= _MIN_SPORTS_WORDS and found * _WORDS_A_SPORTS_WORD > len(table.words)


def teams(table: WordTable, found: Sequence[Named]) -> list[Named]:
    """Return the names with those towns read as teams that the sports pages mean so."""
    if not is_sports(table):
        return list(found)
    at_start = {word.start: index for index, word in enumerate(table.words)}
    at_end = {word.end: index for index, word in enumerate(table.words)}
    in_play = [_scored(table.text, named) for named in found]
    settled = []
    for number, named in enumerate(found):
        first, last = at_start.get(named.start), at_end.get(named.end)
        if first is None or last is None or not _may_be_team(table.text, named):
            settled.append(named)
            continue
        beside = in_play[number] and (
            (number > 0 and in_play[number - 1] and named.start - found[number - 1].end < 8)
            or (number + 1 < len(found) and in_play[number + 1] and found[number + 1].start - named.end < 8)
        )
        before, after = table.before(first), table.after(last)
        phrase = (table.before(first - 1), before) if before else ("", "")
        following = found[number + 1] if number + 1 < len(found) else None
        player = following is not None and following.label == "PERSON" and 2 < following.start - named.end < 4
        strong = player or after in _AFTER or before in _BEFORE or phrase in _BEFORE_PHRASES
        settled.append(replace(named, label="ORG", confidence=0.86) if beside or strong else named)
    playing = {named.name for old, named in zip(found, settled, strict=True) if named is not old}
    return [_plays_on(table, named, at_start, playing) for named in settled]


def _plays_on(table: WordTable, named: Named, at_start: dict[int, int], playing: set[str]) -> Named:
    """Let a town that is a team once be one wherever the text does not go there ("in", "at", "from")."""
    if named.label != "PLACE" or named.name not in playing or named.confidence >= FIXED:
        return named
    before = table.before(at_start.get(named.start, 0))
    if before in PLACE_PREPOSITIONS or before in ("from", "of") or before in DIRECTIONS:
        return named
    return replace(named, label="ORG", confidence=0.7)


def _scored(text: str, named: Named) -> bool:
    return _SCORE.match(text, named.end) is not None


def _may_be_team(text: str, named: Named) -> bool:
    if named.confidence >= FIXED or named.label not in ("PLACE", "PERSON", "ORG", None):
        return False
    name = text[named.start : named.end]
    if name in doubtful_organisations() or name in team_towns():
        return True
    if named.label == "ORG":
        return True
    places = gazetteer().by_name.get(name, ())
    return bool(places) and all(place.kind == "town" for place in places)
