"""The questions that ship, each asked of a small warehouse to which the answer is known."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import landing, model, store
from warehouse.errors import Terminal
from warehouse.questions import question, questions
from warehouse.records import to_table

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SAILING = date.today() + timedelta(days=3)
SAFE = "The ferry is safe for everybody"
FERRY = Story(
    url="https://gazette.example/ferry",
    article_id="ferry",
    title="Ferry to sail",
    text=f"“{SAFE},” Ada Brand told Tom Reed. It sails on 27 November for $2 million.",
    people=("Ada Brand", "Tom Reed"),
    quotes=((SAFE, "Ada Brand"),),
    days=(("27 November", SAILING),),
    sums=(("$2 million", 2e6, "USD"),),
)
LATER = Story(
    url="https://herald.example/pier",
    article_id="pier",
    title="Pier opens",
    text=f"“{SAFE},” Ada Brand said. The pier opens on 27 November.",
    people=("Ada Brand",),
    quotes=((SAFE, "Ada Brand"),),
    days=(("27 November", SAILING),),
)
COPY = Story(
    url="https://herald.example/ferry",
    article_id="copy",
    title="It will sail",
    text="Ada Brand told Tom Reed.",
    outcome="copy",
    duplicate_of="ferry",
    duplicate_kind="abridged",
)
AGAIN = replace(FERRY, title="Ferry will sail again", outcome="revised", revision=2)
GONE = Story(url="https://gazette.example/gone", reason="http_404")


def _land(folder: Path, run_id: str, stories: list[Story], hours: float) -> None:
    with store.writer(folder, holder="test") as connection:
        stage = stage_run(folder, run_id, stories, seen_at=NOON + timedelta(hours=hours))
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)


def _told_of_the_pier() -> dict[str, list]:
    """Facts of one article; their spans are of no matter to a question."""
    fact = {"article_id": "pier", "start_char": 0, "end_char": 4, "enricher": "by hand"}
    ada, tom = "person:Ada Brand", "person:Tom Reed"
    return {
        "events": [
            model.Event(
                **fact,
                action="SUPPORT",
                status="actual",
                verb_start_char=0,
                verb_end_char=4,
                actor_id=ada,
                target_id=tom,
                confidence=0.5,
            )
        ],
        "roles": [model.Role(**fact, entity_id=ada, surface="harbour master", confidence=0.9)],
        "topics": [
            model.Topic(**fact, code="04000000", name="economy, business and finance", level=1, confidence=0.8)
        ],
        "tones": [model.Tone(**fact, scope="article", score=0.25, positive_words=1, negative_words=0)],
        "places": [model.Place(**fact, entity_id="place:pier", surface="pier", resolution="none", confidence=0.3)],
    }


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two papers: one has a story, revises its headline and has a page gone; the other copies it and has one of its
    own. A third has been silent. Long ago somebody else was named."""
    folder = tmp_path_factory.mktemp("archive")
    old = Story(
        url="https://gazette.example/old", article_id="old", title="Old", text="Max Old sat.", people=("Max Old",)
    )
    _land(folder, "run-0", [old], -24 * 20)
    _land(folder, "run-1", [FERRY, GONE], 0)
    _land(folder, "run-2", [COPY, LATER], 2)
    _land(folder, "run-3", [AGAIN], 3)
    herald, silent = (
        model.Source(source_id=name, kind="feed", url=f"https://{name}.example/", title=title, added_at=NOON)
        for name, title in (("herald", "Herald"), ("silent", None))
    )
    place = model.Entity(
        entity_id="place:x", name="Xport", label="PLACE", country="GB", latitude=1.5, longitude=2.5, first_seen_at=NOON
    )
    mention = model.Mention(
        article_id="pier", entity_id="place:x", label="PLACE", surface="pier", start_char=0, end_char=4, confidence=1
    )
    with store.writer(folder, holder="test") as connection:
        extra = {"sources": [herald, silent], "entities": [place], "mentions": [mention], **_told_of_the_pier()}
        for table, rows in extra.items():
            connection.register("rows", to_table(model.TABLES[table], rows))
            connection.execute(f"INSERT INTO {table} SELECT * FROM rows")
        connection.execute("UPDATE articles SET source_id = 'herald' WHERE article_id IN ('copy', 'pier')")
        connection.execute("UPDATE articles SET extraction_confidence = 0.5 WHERE article_id = 'pier'")
    store.publish(folder, holder="test")
    with store.reader(folder) as connection:
        yield connection


ANSWERS: dict[str, list[tuple]] = {
    "most_named_people": [("Ada Brand", 2, 2), ("Tom Reed", 1, 1)],
    "stories_run_widely": [(1, "Gazette", "Ferry will sail again")],
    "wire_story_spread": [(1, "Herald")],
    "first_with_it": [("Gazette", 1, 1)],
    "changed_headlines": [(NOON + timedelta(hours=3), "Gazette", "Ferry to sail", "Ferry will sail again")],
    "most_rewritten": [(1, 2, 1, "ferry")],
    "latest_corrections": [(NOON + timedelta(hours=3), "ferry", 2, 2, 1, "[-old-] {+new+}")],
    "most_quoted": [("Ada Brand", 2, 2, SAFE)],
    "quoted_by_several": [("Ada Brand", SAFE, 2)],
    "coming_up": [(SAILING, "27 November"), (SAILING, "27 November")],
    "most_spoken_of_days": [(SAILING, 2, "27 November")],
    "largest_sums": [(2e6, "USD", "$2 million")],
    "places_on_a_map": [("Xport", "GB", 1.5, 2.5, 1)],
    "named_together": [("Ada Brand", "Tom Reed", 1)],
    "new_names": [("Ada Brand", "PERSON", 2)],
    "rising_terms": [("Ada Brand", 2, 0)],
    "silent_sources": [("silent", "active")],
    "why_dropped": [("http_404", "clean", 1, 1, "https://gazette.example/gone: http_404.")],
    "hours_of_publication": [("Gazette", 12, 1), ("Gazette", 15, 1), ("Herald", 14, 2)],
    "who_acts_on_whom": [("Ada Brand", "SUPPORT", "Tom Reed", 1, 1)],
    "who_holds_which_office": [("Ada Brand", "harbour master", 1)],
    "topics_of_the_week": [("economy, business and finance", "Herald", 1)],
    "tone_by_topic": [("economy, business and finance", 0.25, 1)],
    "places_not_found": [("pier", 1)],
    "least_sure": [(0.5, "article")],
}


def test_there_are_twenty_five_and_each_has_an_answer_to_compare_with():
    assert set(questions()) == set(ANSWERS) and len(ANSWERS) == 25


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_is_answered(snapshot, name):
    rows = snapshot.execute(question(name)).fetchall()
    expected = ANSWERS[name]
    if name != "least_sure":  # which goes on with those that it is surer of
        assert len(rows) == len(expected), rows
    assert [row[: len(told)] for row, told in zip(rows, expected, strict=False)] == expected


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_question_says_what_it_answers_and_the_readme_lists_it(name):
    asked = re.match(r"-- (.+\?)\n", question(name))
    assert asked and f"| `{name}` | {asked[1]} |" in README


def test_a_file_of_ones_own_is_a_question_and_what_is_neither_is_refused(tmp_path):
    (tmp_path / "mine.sql").write_text("SELECT 1")
    assert question(str(tmp_path / "mine.sql")) == "SELECT 1"
    with pytest.raises(Terminal) as caught:
        question("no_such")
    assert caught.value.reason == "source_of_query" and "most_quoted" in caught.value.message


def test_syndication_tells_how_much_was_kept_and_who_came_first(snapshot):
    rows = snapshot.execute(
        "SELECT place, kept, taken, is_retitled, published_after FROM syndication WHERE original_id = 'ferry'"
    ).fetchall()
    ((place, kept, taken, is_retitled, after),) = rows
    assert (place, taken, is_retitled) == (1, 1.0, True) and 0 < kept < 0.5
    assert after == timedelta(hours=-1)  # the original has been published anew since


def test_every_column_of_a_view_is_commented(snapshot):
    bare = snapshot.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND table_name IN "
        "(SELECT view_name FROM duckdb_views() WHERE NOT internal)"
    ).fetchall()
    assert bare == []
