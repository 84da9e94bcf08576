"""The names of a text, the entities they belong to and the offices of its people.

An engine reads the names one by one (``engines``), then the document decides: a surname belongs to the person named in
full, an acronym to its definition, a doubtful name to what it is elsewhere in the text (``consistency``). English; for
other languages see ``foreign``. No rule about names stands here.
"""

from collections.abc import Sequence
from dataclasses import replace

from tasks.sense.facts import Document, Entity, Mention
from tasks.sense.names.aliases import abbreviations
from tasks.sense.names.chains import word_table
from tasks.sense.names.consistency import settle
from tasks.sense.names.datelines import headlines
from tasks.sense.names.engines import RULES, load
from tasks.sense.names.entities import entities_of
from tasks.sense.names.foreign import find_foreign_mentions
from tasks.sense.names.mending import mended
from tasks.sense.names.offices import find_roles
from tasks.text import Sentence, Word


def read_mentions(document: Document) -> Document:
    """Fill in the mentions, the entities that they name and the roles of people."""
    text, words, spans = document.text, document.words, document.sentences
    if document.language != "en":
        mentions, entities = find_foreign_mentions(text, list(words), list(spans), document.language)
        return replace(document, mentions=tuple(mentions), entities=tuple(entities))
    mentions, entities = find_mentions(text, words, spans, document.engine)
    roles, entities = find_roles(text, words, mentions, entities)
    return replace(document, mentions=tuple(mentions), entities=tuple(entities), roles=tuple(roles))


def find_mentions(
    text: str, words: Sequence[Word], spans: Sequence[Sentence], engine: str = RULES
) -> tuple[list[Mention], list[Entity]]:
    """Return the mentions of an English text in order, none overlapping, and the entities that they name.

    Raises Terminal where ``engine`` is not there (``engines.load``).
    """
    table = word_table(text, words, [sentence.start for sentence in spans])
    found = settle(table, mended(table, load(engine).read(table)), abbreviations(text))
    found += headlines(table, found)
    return entities_of(text, sorted(found, key=lambda named: (named.start, -named.end)))
