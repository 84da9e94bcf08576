"""What a briefing asks of the archive, of a small one to which the answers are known; and which pages go with what."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.handmade import NOON, SOURCE, Story, stage_run
from warehouse import briefings, landing, model, store
from warehouse.briefing import briefing
from warehouse.briefing_records import Briefing
from warehouse.errors import Terminal
from warehouse.records import to_table

DAY = NOON.date()
SAFE = "The ferry is safe for everybody on board"
FERRY = Story(
    url="https://gazette.example/ferry",
    article_id="ferry",
    title="Ferry to sail",
    text=f"Old rules apply. “{SAFE},” Ada Brand told Tom Reed. It sails from Port Severin on 27 November. Fares stay.",
    people=("Ada Brand", "Tom Reed"),
    quotes=((SAFE, "Ada Brand"),),
    days=(("27 November", DAY + timedelta(days=4)),),
)
COPY = Story(
    url="https://herald.example/ferry",
    article_id="copy",
    title="It will sail",
    text="It sails from Port Severin on 27 November.",
    outcome="copy",
    duplicate_of="ferry",
    duplicate_kind="abridged",
    days=(("27 November", DAY + timedelta(days=4)),),
)
LONG = Story(
    url="https://gazette.example/pier",
    article_id="pier",
    title="Pier opens",
    text=f"Tom Reed opened it. {'The pier is long. ' * 40}",
    people=("Tom Reed",),
)
BEFORE = Story(
    url="https://gazette.example/before",
    article_id="before",
    title="Reed elected",
    text="Tom Reed was elected. The count goes on until 9 December.",
    people=("Tom Reed",),
    days=(("9 December", DAY + timedelta(days=16)),),
)
BARE = Story(url="https://gazette.example/bare", article_id="bare", title="Text no longer kept", text="Gone. Ada.")
HERALD = replace(SOURCE, source_id="herald", title="Herald", url="https://herald.example/feed")


def _land(connection: duckdb.DuckDBPyConnection, folder: Path, run_id: str, stories: list[Story], hours: float) -> None:
    stage = stage_run(folder, run_id, stories, seen_at=NOON + timedelta(hours=hours))
    landing.land(connection, stage, 1)
    landing.close_run(connection, stage)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days: an election on the first; on the second a ferry that two sources have, a pier, and what is kept no
    more."""
    folder = tmp_path_factory.mktemp("archive")
    ferry = {"article_id": "ferry", "enricher": "by hand", "confidence": 0.9}
    at = FERRY.text.index("Port Severin")
    place = ferry | {
        "entity_id": "place:port-severin",
        "surface": "Port Severin",
        "start_char": at,
        "end_char": at + 12,
    }
    known = {"resolution": "exact", "name": "Port Severin", "kind": "town", "latitude": 60.5, "longitude": -1.0}
    said, told = FERRY.text.index("told"), FERRY.text.index("Tom Reed")
    said_by_reed = {"article_id": "pier", "kind": "direct", "speaker_id": "person:Tom Reed", "number": 1}
    said_by_reed |= {"confidence": 0.5, "enricher": "by hand"}
    with store.writer(folder, holder="test") as connection:
        _land(connection, folder, "run-1", [BEFORE], -24)
        _land(connection, folder, "run-2", [FERRY, COPY, LONG, BARE, GONE], 0)
        _land(connection, folder, "run-3", [replace(LONG, title="Long pier opens", outcome="revised", revision=2)], 2)
        rows = {
            "sources": [HERALD],
            "places": [
                model.Place(**place, **known),
                model.Place(**place | {"entity_id": "place:nowhere"}, resolution="none"),
            ],
            "roles": [
                model.Role(**ferry, entity_id="person:Ada Brand", surface="harbour master", start_char=0, end_char=5)
            ],
            "quotes": [
                model.Quote(**said_by_reed, text="The old pier leaked,", start_char=0, end_char=19),
                model.Quote(**said_by_reed, text="This one does not.", start_char=30, end_char=48),
            ],
            "topics": [model.Topic(**ferry, code="1", name="transport", level=1, start_char=0, end_char=3)],
            "events": [
                model.Event(
                    **ferry,
                    start_char=0,
                    end_char=60,
                    action="CONSULT",
                    status="actual",
                    verb_start_char=said,
                    verb_end_char=said + 4,
                    actor_id="person:Ada Brand",
                    target_start_char=told,
                    target_end_char=told + 8,
                )
            ],
        }
        for table, records in rows.items():
            connection.register("rows", to_table(model.TABLES[table], records))
            connection.table("rows").insert_into(table) if table == "sources" else connection.execute(INSERT[table])
        connection.execute("UPDATE articles SET source_id = 'herald' WHERE article_id = 'copy'")
        connection.execute("UPDATE articles SET text = '', summary = NULL WHERE article_id = 'bare'")
        connection.execute("UPDATE articles SET published_at = NULL WHERE article_id = 'pier'")
    store.publish(folder, holder="test")
    return folder


GONE = Story(url="https://gazette.example/gone", reason="http_404")
INSERT = {
    "places": "INSERT INTO places BY NAME FROM rows",
    "quotes": "INSERT INTO quotes BY NAME FROM rows",
    "roles": "INSERT INTO roles BY NAME FROM rows",
    "topics": "INSERT INTO topics BY NAME FROM rows",
    "events": "INSERT INTO events BY NAME FROM rows",
}


@pytest.fixture(scope="module")
def told(folder: Path) -> Briefing:
    with store.reader(folder) as connection:
        return briefing(connection, DAY)


def test_a_day_is_counted(told):
    assert (told.articles, told.copies, told.stories_count, told.sources) == (3, 1, 2, 2)
    assert (told.articles_without_text, told.untimed, sum(told.hours), told.hours[12]) == (1, 1, 2, 2)


def test_stories_that_more_sources_ran_come_first_however_short(told):
    assert [(story.title, story.sources, story.articles) for story in told.stories] == [
        ("Ferry to sail", ["Gazette", "Herald"], 2),
        ("Long pier opens", ["Gazette"], 1),
    ]
    assert told.stories[0].url == FERRY.url


def test_a_copy_brings_the_story_of_another_day_back(folder):
    with store.reader(folder) as connection:
        assert briefing(connection, DAY - timedelta(days=1)).stories[0].title == "Reed elected"
        assert briefing(connection, DAY + timedelta(days=1)).stories == []


def test_a_quotation_has_speaker_and_role(told):
    assert [(row.speaker, row.role, row.quote, row.url) for row in told.quotes] == [
        ("Ada Brand", "harbour master", SAFE, FERRY.url),
        ("Tom Reed", None, "The old pier leaked,” “This one does not.", LONG.url),
    ]
    assert told.quotes_count == 2


def test_an_event_has_actor_and_target(told):
    assert [(row.actor, row.verb, row.target, row.action) for row in told.events] == [
        ("Ada Brand", "told", "Tom Reed", "CONSULT")
    ]


def test_who_was_named_the_day_before_is_no_new_name(told):
    assert [(row.name, row.articles, row.role) for row in told.names] == [("Ada Brand", 1, "harbour master")]


def test_days_ahead_are_within_two_weeks_and_of_originals(told):
    (row,) = told.ahead
    assert (row.day, row.articles, row.surface) == (date(2026, 11, 27), 1, "27 November")
    assert row.before.endswith("from Port Severin on ")
    assert row.after.startswith(". Fares")


def test_places_have_coordinates_or_are_counted(told):
    assert [(row.name, row.latitude, row.articles) for row in told.places] == [("Port Severin", 60.5, 1)]
    assert told.places_unresolved == 1
    assert told.topics == [("transport", 1, 1)]


def test_headlines_found_changed_on_the_day_are_told(told):
    assert [(row.before, row.after) for row in told.changes] == [("Pier opens", "Long pier opens")]


def test_the_runs_of_the_day_are_added_up(told):
    (run,) = told.runs
    assert (run.flow, run.runs, run.entries_in, run.entries_landed, run.entries_dropped) == ("ingest", 2, 6, 5, 1)
    assert told.drops == [("http_404", 1)]


def test_every_article_that_is_shown_is_named_and_no_other(told):
    assert told.article_ids == ["copy", "ferry", "pier"]


def test_a_day_without_anything_is_a_briefing_too(folder):
    with store.reader(folder) as connection:
        told = briefing(connection, date(2020, 2, 29))
    assert (told.articles, told.stories, told.runs, told.hours) == (0, [], [], [0] * 24)
    assert told.article_ids == []


def test_a_snapshot_of_an_earlier_version_is_told(tmp_path):
    with duckdb.connect(tmp_path / store.SNAPSHOT) as connection:
        connection.execute("CREATE TABLE articles (article_id VARCHAR)")
        with pytest.raises(Terminal) as fault:
            briefing(connection, DAY)
    assert fault.value.reason == "snapshot_older"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    for name, article_ids in {"2026-11-21": "ferry", "2026-11-22": "ferry bare", "2026-11-23": ""}.items():
        page = f'<meta name="{briefings.MARKER}" content="{article_ids}">'
        briefings.write(briefings.path_of(tmp_path, date.fromisoformat(name)), page)
    briefings.write(tmp_path / briefings.FOLDER / "2026-11-20.html", "<p>says not what it was made of")
    briefings.write(tmp_path / briefings.FOLDER / "notes.html", "somebody's own")
    yield tmp_path / briefings.FOLDER


def test_pages_go_with_an_article_that_is_gone_or_has_no_text(folder, kept):
    with store.reader(folder) as connection:
        assert briefings.forget_stale(kept.parent, connection) == 2
        assert briefings.forget_stale(kept.parent, connection) == 0
    assert sorted(path.name for path in kept.iterdir()) == ["2026-11-21.html", "2026-11-23.html", "notes.html"]


def test_a_page_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / briefings.FOLDER).write_text("in the way")
    with pytest.raises(Terminal) as fault:
        briefings.write(briefings.path_of(tmp_path, DAY), "page")
    assert fault.value.reason == "folder_not_writable"
