"""What a run learns of a site serves the next run from its first page on; reading again counts nothing twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tasks import clean
from tasks.reading import ToRead
from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import landing, store
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedEntry

FOLLOW = "Follow the Gazette wherever you are"
LATER = NOON + timedelta(hours=1)


def story(number: int, **told) -> Story:
    text = f"The council of place {number} met to hear of its wall.\n\nNobody in {number} had expected so many.\n\n{FOLLOW}"
    return Story(url=f"https://gazette.example/{number}", article_id=f"a{number}", title="T", text=text, **told)


def read(archive: Path, run: str, stories: list[Story], seen_at, *, entries: dict | None = None) -> list[StagedArticle]:
    """Stage a run, take what its sites have in common out of its texts as the clean step does, and land it."""
    stage = stage_run(archive, run, stories, seen_at=seen_at)
    rows = stage.read("clean", 1)
    told = {entry.entry_id: replace(entry, **(entries or {})) for entry in stage.entries(1)}
    for number, entry in told.items():
        if entry.article_id:
            told[number] = replace(entry, article_id=stories[number - 1].article_id)
    work = {n: _item(stage, entry) for n, entry in told.items()}
    found = clean._without_boilerplate(stage, rows, work, archive, 10)
    stage.write("clean", 1, found)
    with store.writer(archive, holder=run) as connection:
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    return found


def _item(stage: Stage, entry: StagedEntry) -> ToRead:
    return ToRead(
        run_id=stage.run_id, entry=entry, fetched=None, body=None, feed_text_words=40, drop_kinds=(), now=LATER
    )


def counted(archive: Path) -> list[tuple]:
    with store.writer(archive, holder="test") as connection:
        return connection.execute("SELECT host, fingerprint, article_id FROM site_paragraphs ORDER BY ALL").fetchall()


def test_a_later_run_profits_and_a_second_reading_counts_nothing_twice(tmp_path):
    first = read(tmp_path, "run-1", [story(1), story(2)], NOON)
    assert [row.boilerplate for row in first] == [(), ()]
    (third,) = read(tmp_path, "run-2", [story(3)], LATER)
    assert third.boilerplate == (FOLLOW,) and FOLLOW not in third.text and third.word_count == 18
    fetched = [story(1, outcome="revised", revision=2)]
    (again,) = read(tmp_path, "run-3", fetched, LATER + timedelta(hours=1), entries={"article_id": "of story"})
    assert again.boilerplate == ()  # what the archive has of it carries the line
    before = counted(tmp_path)
    assert len(before) == 3 * 3
    stories = [replace(story(number), outcome="refined") for number in (1, 2, 3)]
    for run in ("run-4", "run-5"):
        refined = read(tmp_path, run, stories, LATER, entries={"article_id": "of story", "digest": None})
        assert [row.boilerplate for row in refined] == [(FOLLOW,)] * 3
        assert counted(tmp_path) == before
