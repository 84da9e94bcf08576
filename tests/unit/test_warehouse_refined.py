"""The record of a refine: kept whole, and told in numbers and examples by ``warehouse.reports``."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import landing, refined, reports, store
from warehouse.errors import Terminal
from warehouse.refined import Rereading

RUN = "run-2"
SAME = Rereading(
    article_id="same",
    url="https://a.example/same",
    changed=(),
    extractor_before="old 1",
    extractor_after="new 1",
    title_before="Title",
    title_after="Title",
    authors_before=("Ada Brand",),
    authors_after=("Ada Brand",),
    published_before=NOON,
    published_after=NOON,
    tags_before=(),
    tags_after=(),
    words_before=100,
    words_after=100,
    words_left=0,
    words_came=0,
    similarity=1.0,
    left=(),
    came=(),
)


def reworded(name: str, similarity: float, **changes: object) -> Rereading:
    row = replace(SAME, article_id=name, url=f"https://a.example/{name}", changed=("text",), similarity=similarity)
    return replace(row, **changes)


def details(folder: Path, *batches: list[Rereading], most: int = 10) -> reports.RefineDetails | None:
    for batch, rows in enumerate(batches, start=1):
        refined.write(folder, RUN, batch, rows)
    with duckdb.connect() as connection:
        return reports.refine_details(connection, refined.files(folder, RUN), most=most)


def test_what_changed_is_counted_over_all_batches(tmp_path):
    byline = replace(SAME, url="https://a.example/b", changed=("byline", "tags"), authors_after=(), tags_after=("x",))
    both = reworded("none", 0.0, changed=("text", "title", "tags"))
    found = details(tmp_path, [SAME, reworded("half", 0.5)], [byline], [both])
    assert (found.read, found.changed) == (4, 3)
    assert found.fields == {"text": 2, "title": 1, "byline": 1, "published": 0, "tags": 2}
    assert found.mean_similarity == pytest.approx(2.5 / 4)
    assert found.mean_similarity_of_changed == pytest.approx(0.25)
    assert found.described == [both, byline]


def test_every_article_is_in_one_band(tmp_path):
    edges = [1.0, 0.9999, 0.98, 0.97, 0.95, 0.9, 0.75, 0.5, 0.4999, 0.0]
    found = details(tmp_path, [SAME, SAME, *(reworded(str(edge), edge, words_after=50) for edge in edges)])
    assert [(band, articles) for band, articles, *_ in found.bands] == [
        ("same text", 2),
        ("same words", 1),
        ("0.98 to 1", 2),
        ("0.95 to 0.98", 2),
        ("0.90 to 0.95", 1),
        ("0.75 to 0.90", 1),
        ("0.50 to 0.75", 1),
        ("below 0.50", 2),
    ]
    assert found.bands[0][2:] == (16.7, 200, 200) and found.bands[-1][3:] == (200, 100)


def test_bands_without_articles_are_told_too(tmp_path):
    found = details(tmp_path, [SAME])
    assert len(found.bands) == 8 and [row[1:] for row in found.bands[1:]] == [(0, 0.0, 0, 0)] * 7
    assert found.mean_similarity_of_changed is None and found.largest == found.described == []


def test_the_largest_changes_are_the_least_alike(tmp_path):
    rows = [reworded(f"{n:02}", n / 20, left=("Gone.",), came=("New [x](y) | ü",)) for n in range(12, 0, -1)]
    found = details(tmp_path, rows[:6], rows[6:], most=3)
    assert found.largest == [rows[-1], rows[-2], rows[-3]]  # whole, as they were written


def test_each_pair_of_extractors_has_its_row(tmp_path):
    other = replace(SAME, extractor_before="old 0")
    found = details(tmp_path, [SAME, reworded("a", 0.5, words_after=40), other])
    assert found.extractors == [("old 1", "new 1", 2, 1, 0.75, 200, 140), ("old 0", "new 1", 1, 0, 1.0, 100, 100)]


def test_a_batch_written_twice_replaces_itself(tmp_path):
    refined.write(tmp_path, RUN, 1, [SAME, SAME])
    assert details(tmp_path, [SAME]).read == 1
    assert [path.name for path in (tmp_path / refined.FOLDER / RUN).iterdir()] == ["00001.parquet"]


@pytest.mark.parametrize("batches", [(), ([],)])
def test_nothing_read_again_is_nothing_to_tell(tmp_path, batches):
    assert details(tmp_path, *batches) is None


def test_a_folder_may_have_any_name(tmp_path):
    assert details(tmp_path / "a [b] * 'c'?", [SAME]).read == 1


def test_a_file_cannot_stand_where_the_folder_belongs(tmp_path):
    (tmp_path / refined.FOLDER).write_text("in the way")
    with pytest.raises(Terminal) as caught:
        refined.write(tmp_path, RUN, 1, [SAME])
    assert caught.value.reason == "folder_not_writable"


def test_the_old_reading_is_what_the_archive_holds(tmp_path):
    story = Story(url="https://gazette.example/1", article_id="ferry", title="Ferry", text="The ferry sails.")
    with store.writer(tmp_path, holder="test") as connection:
        landing.land(connection, stage_run(tmp_path, "run-1", [story]), 1)
        found = refined.old_readings(connection, ["ferry", "unknown"])
        assert refined.old_readings(connection, []) == {}
    assert found == {
        "ferry": refined.OldReading(article_id="ferry", authors=(), published_at=NOON, tags=(), extractor="by hand")
    }


def test_times_survive_the_file(tmp_path):
    row = reworded("a", 0.5, changed=("text", "published"), published_after=NOON + timedelta(microseconds=1))
    assert details(tmp_path, [row]).described == [row]
