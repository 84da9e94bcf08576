"""Offices and occupations of people, and descriptions without a name that can mean only one of them."""

import pytest

from tasks.sense.names.offices import find_roles
from tasks.sense.names.reader import find_mentions
from tasks.text import sentences, words


def read(text):
    tokens = words(text)
    mentions, entities = find_mentions(text, tokens, sentences(text))
    roles, entities = find_roles(text, tokens, mentions, entities)
    for role in roles:
        assert text[role.start_char : role.end_char] == role.surface
    names = {entity.key: entity.name for entity in entities}
    return [(role.surface, names[role.entity]) for role in roles], {entity.name: entity.aliases for entity in entities}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks with Defence Minister Anil Deshmukh ended.", [("Defence Minister", "Anil Deshmukh")]),
        ("Talks with Prime Minister Shri Anil Deshmukh ended.", [("Prime Minister", "Anil Deshmukh")]),
        ("Japan’s Defence Minister Ken Morita spoke.", [("Defence Minister", "Ken Morita")]),
        ("Italian President Marta Rossi spoke.", [("Italian President", "Marta Rossi")]),
        ("The prime minister, Anil Deshmukh, spoke.", [("prime minister", "Anil Deshmukh")]),
        (
            "Marta Rossi, president of the European Central Bank, spoke.",
            [("president of the European Central Bank", "Marta Rossi")],
        ),
        ("Jane Holloway, 43, a nurse, wept.", [("nurse", "Jane Holloway")]),
        ("Jane Holloway is a retired teacher.", [("retired teacher", "Jane Holloway")]),
        ("Jane Holloway was appointed chief executive of Airbus.", [("chief executive of Airbus", "Jane Holloway")]),
        ("Talks with Mr Anil Deshmukh ended.", []),
        ("Talks with her brother Anil Deshmukh ended.", []),
        ("Marta Rossi, a mother of two, spoke.", []),
        ("Talks with Chief Anil Deshmukh ended.", []),
        ("The club's coach, Anil Deshmukh, spoke.", [("coach", "Anil Deshmukh")]),
        (
            "A spokeswoman for the water board, Marta Rossi, spoke.",
            [("spokeswoman for the water board", "Marta Rossi")],
        ),
        ("Marta Rossi, chair of the judges, spoke.", [("chair of the judges", "Marta Rossi")]),
        ("Marta Rossi, managing director, spoke.", [("managing director", "Marta Rossi")]),
        ("Marta Rossi, a luthier, spoke.", [("luthier", "Marta Rossi")]),
        ("The marine biologist Marta Rossi spoke.", [("marine biologist", "Marta Rossi")]),
        ("Talks with Archdeacon Anil Deshmukh ended.", [("Archdeacon", "Anil Deshmukh")]),
        ("Marta Rossi, president Anil Deshmukh and others spoke.", [("president", "Anil Deshmukh")]),
    ],
)
def test_one_role(text, expected):
    assert read(text)[0] == expected


def test_a_description_is_tied_by_its_country():
    roles, aliases = read(
        "Defence Minister Anil Deshmukh met Japan’s Defense Minister Ken Morita. The Indian defence minister spoke"
        " first, then the Japanese defence minister."
    )
    assert roles[2:] == [("Indian defence minister", "Anil Deshmukh"), ("Japanese defence minister", "Ken Morita")]
    assert "The Indian defence minister" in aliases["Anil Deshmukh"]


def test_a_description_that_fits_two_people_is_tied_to_none():
    roles, _ = read("Defence Minister Anil Deshmukh met Defence Minister Ken Morita. The defence minister spoke.")
    assert len(roles) == 2
