"""Names in languages other than English: only what capitals and the gazetteer make likely.

Countries under their names in that language (from the catalogues of ISO 3166-1 in ``pycountry``) and large towns become
places. A run of two to four capitalised words inside a sentence becomes a person of low confidence (0.4), except in
languages where capitals do not mark names (German and Luxembourgish nouns) or do not exist; there the gazetteer alone
is used. Organisations are not attempted beyond the well-known list. One-word persons are left out.
"""

from tasks.sense.facts import Entity, Mention, entity_key
from tasks.sense.lexicon import organisations
from tasks.sense.places.gazetteer import Gazetteer, Place, foreign_gazetteer, resolve
from tasks.text import Sentence, Word

_CAPITALS_MARK_NAMES = frozenset(
    "fr es it pt nl ca ro pl cs sk sl hr sv da no nb fi et hu tr id ms ru uk bg el sr lt lv sq".split()
)
_PARTICLES = frozenset("de del della di da do dos van von der den la le el al bin ibn".split())
# Well-known organisations whose names are words or other names elsewhere.
_AMBIGUOUS = frozenset(
    "Total Ford Shell Apple Meta Labour Fed Congress Senate Treasury Guardian Oracle Amazon ETA IS AP MIT SEC AU"
    " Kraft Bild Acer Canon Carnival Fox Iberia Vox Forbes Honda Visa Orange Lancet Target Boots Caterpillar".split()
)
_PLACE_CONFIDENCE = 0.75
_PERSON_CONFIDENCE = 0.4
_MAX_PERSON_WORDS = 4


def find_foreign_mentions(
    text: str, words: list[Word], spans: list[Sentence], language: str
) -> tuple[list[Mention], list[Entity]]:
    """Return mentions and entities of a text in ``language`` (ISO 639-1), in order, none overlapping."""
    places = foreign_gazetteer(language)
    starts = {sentence.start for sentence in spans}
    mentions: list[Mention] = []
    entities: dict[str, Entity] = {}
    index = 0
    while index < len(words):
        last, label, name, place = _longest_known(text, words, index, places)
        confidence = _PLACE_CONFIDENCE
        if label is None and language in _CAPITALS_MARK_NAMES:
            last = _capital_run(text, words, index, starts)
            if 1 <= last - index < _MAX_PERSON_WORDS:
                label, name, confidence = "PERSON", text[words[index].start : words[last].end], _PERSON_CONFIDENCE
        if label is None:
            index = max(last, index) + 1
            continue
        key = entity_key(label, name)
        entities.setdefault(
            key,
            Entity(
                key=key,
                name=name,
                label=label,
                country=place.country if place else None,
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
            ),
        )
        start, end = words[index].start, words[last].end
        mentions.append(
            Mention(
                start_char=start, end_char=end, surface=text[start:end], label=label, confidence=confidence, entity=key
            )
        )
        index = last + 1
    return mentions, list(entities.values())


def _longest_known(
    text: str, words: list[Word], index: int, places: Gazetteer
) -> tuple[int, str | None, str, Place | None]:
    """Return the last word, label, canonical name and place of the longest listed name that starts at ``index``."""
    first = words[index].text
    for last in range(min(index + max(4, places.longest_by_first_word.get(first, 0)), len(words)) - 1, index - 1, -1):
        surface = text[words[index].start : words[last].end]
        if surface in organisations() and (len(surface) > 3 or surface.isupper()) and surface not in _AMBIGUOUS:
            return last, "ORG", organisations()[surface], None
        candidates = places.by_name.get(surface)
        if candidates and surface[0].isupper():
            place = resolve(candidates, frozenset())
            return last, "PLACE", place.name if place else surface, place
    return index, None, "", None


def _capital_run(text: str, words: list[Word], index: int, starts: set[int]) -> int:
    """Return the last word of the run of capitalised words that starts at ``index``, or ``index`` itself."""
    if not words[index].text[0].isupper() or words[index].start in starts or words[index].text.isupper():
        return index
    last = index
    while last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
        following = last + 1
        if words[following].text[0].isupper() and not words[following].text.isupper():
            last = following
        elif (
            words[following].text in _PARTICLES
            and following + 1 < len(words)
            and words[following + 1].text[0].isupper()
            and text[words[following].end : words[following + 1].start] == " "
        ):
            last = following + 1
        else:
            break
    return last
