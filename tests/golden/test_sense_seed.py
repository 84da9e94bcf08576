"""The dated text that the project began with, against what an expert reads in it. Neither is part of the project: they
are read from beside the checkout, and the test is skipped where they are not there."""

import json
from datetime import date
from pathlib import Path

import pytest

from tasks.sense import Document, read_facts

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"
LABELS = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}

pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason="no seed beside this checkout")


@pytest.fixture(scope="module")
def gold() -> dict:
    return json.loads((SEED / "gold.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def raw() -> str:
    (path,) = SEED.glob("*.txt")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(raw: str) -> Document:
    return read_facts(raw[offset(raw) :], published_on=date(2025, 5, 5), language=None)


def offset(raw: str) -> int:
    """Where the article begins: gold spans count from the head of the file, which has the date."""
    return raw.index("Japan")


def test_names_stand_where_the_expert_sees_them(gold, raw, found):
    start = offset(raw)
    wanted = {(a - start, b - start, LABELS[kind]) for a, b, _, kind, _ in gold["mentions"]}
    own = {(m.start_char, m.end_char, m.label) for m in found.mentions if m.label in LABELS.values()}
    assert own == wanted


def test_one_entity_for_all_names_of_one(gold, raw, found):
    start = offset(raw)
    by_span = {(m.start_char + start, m.end_char + start): m.entity for m in found.mentions}
    entities_of: dict[str, set[str]] = {}
    for a, b, _, kind, name in gold["mentions"]:
        if kind in LABELS:
            entities_of.setdefault(name, set()).add(by_span[a, b])
    assert {name: keys for name, keys in entities_of.items() if len(keys) > 1} == {}
    names = {entity.name: set(entity.aliases) for entity in found.entities}
    assert {"TRF"} <= names["The Resistance Front"] and {"LeT"} <= names["Lashkar-e-Taiba"]
    assert {"UAPA"} <= names["Unlawful Activities (Prevention) Act"]
    assert {"Singh", "The Indian defence minister"} <= names["Rajnath Singh"]
    assert {"General Nakatani", "Nakatani San", "the Japanese Defense Minister"} <= names["Gen Nakatani"]


def test_both_have_their_offices(found):
    offices = {(role.entity, role.surface.casefold()) for role in found.roles}
    assert {("person:rajnath-singh", "defence minister"), ("person:gen-nakatani", "defence minister")} <= offices


def test_places_lie_where_a_gazetteer_knows_them(gold, found):
    rows = {place.surface: place for place in found.places}
    for name, (country, gazetteer_id, *point) in gold["places"].items():
        if point:
            assert (rows[name].gazetteer_id, rows[name].country) == (gazetteer_id, country)
            assert (rows[name].latitude, rows[name].longitude) == pytest.approx(point, abs=0.01)
    assert rows["Jammu and Kashmir"].gazetteer_id == "iso3166-2:IN-JK"
    assert (rows["Baisaran"].resolution, rows["Baisaran"].name) == ("parent", "Pahalgam")
    assert rows["National War Memorial"].resolution in ("parent", "none")


def test_dates_and_amounts(gold, found):
    dates = [(each.surface, each.value) for each in found.dates]
    assert dates == [
        ("Monday", "2025-05-05"),
        ("April 22", "2025-04-22"),
        ("October 2019", "2019-10"),
        ("2023", "2023"),
    ], "months after is no date"
    assert [(each.surface, each.value, each.unit) for each in found.amounts] == [
        (told["text"], told["value"], told["unit"]) for told in gold["amounts"]
    ], "370 is no amount"


def test_quotations_have_their_speakers(gold, raw, found):
    start = offset(raw)
    entities = {entity.key: entity.name for entity in found.entities}
    assert len(found.quotes) == len(gold["quotes"])
    for told in gold["quotes"]:
        first, last = (position - start for position in told["span"])
        (quote,) = [q for q in found.quotes if q.start_char < last and first < q.end_char]
        assert (quote.kind, entities[quote.speaker]) == (told["type"], told["speaker"])


def test_events(found):
    rows = {(event.action, event.status, event.actor, event.target) for event in found.events}
    assert ("SUPPORT", "actual", "place:japan", "place:india") in rows
    assert ("SUPPORT", "actual", "person:gen-nakatani", "place:india") in rows
    assert ("CONSULT", "actual", "person:rajnath-singh", "person:gen-nakatani") in rows
    assert ("ASSAULT", "claimed", "org:resistance-front", None) in rows
    assert ("ACCUSE", "actual", "place:india", None) in rows
    assert ("ACCUSE", "actual", "person:rajnath-singh", "place:pakistan") in rows
    ban = next(event for event in found.events if event.action == "COERCE")
    assert (ban.target, ban.first_day, ban.last_day) == ("org:resistance-front", date(2023, 1, 1), date(2023, 12, 31))


def test_nothing_is_made_of_what_is_no_entity(found):
    names = {mention.surface for mention in found.mentions}
    assert not names & {"Tank", "Aero Engines", "Artificial Intelligence", "Defence", "Manekshaw", "Shri", "San"}
