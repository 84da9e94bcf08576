"""The stage of a run: whole files or none, what is unfinished, what is set aside."""

import resource

import pytest

from tests.contracts.handmade import NOON, Story, stage_run
from warehouse.errors import Terminal
from warehouse.stage import GONE, Stage, sweep, unfinished
from warehouse.staged import StagedEntry, StagedFacts

STORIES = [
    Story(url="https://a.example/1", article_id="one", text="One."),
    Story(url="https://a.example/2", reason="same_url", at_discovery=True),
]


def entry(number: int, batch: int) -> StagedEntry:
    return StagedEntry(
        entry_id=number,
        batch=batch,
        source_id="s",
        kind="page",
        url="https://a.example/",
        canonical_url="https://a.example/",
        digest=None,
        seen_at=NOON,
    )


def test_entries_are_told_by_batch(tmp_path):
    stage = Stage(tmp_path / "run")
    stage.write("entries", 0, [entry(1, 2), entry(2, 0), entry(3, 1), entry(4, 2)])
    assert stage.batches() == [1, 2]
    assert [row.entry_id for row in stage.entries(2)] == [1, 4]


def test_discovery_is_complete_with_the_summary_alone(tmp_path):
    stage = stage_run(tmp_path, "run", STORIES)
    assert stage.discovered() and stage.has("enrich", 1) and not stage.has("enrich", 2)
    stage.path("summary", 0).unlink()
    assert not stage.discovered()


def test_facts_survive_the_stage(tmp_path):
    stage = stage_run(tmp_path, "run", [Story(url="https://a.example/", article_id="a", text="Ada.", people=["Ada"])])
    (facts,) = stage.read("enrich", 1)
    assert isinstance(facts, StagedFacts)
    assert facts.mentions[0].surface == "Ada" and facts.entities[0].first_seen_at == NOON and facts.quotes == ()


def test_a_removed_stage_is_gone_and_what_a_cut_off_removal_left_is_swept(tmp_path):
    first, second = (stage_run(tmp_path, run, STORIES) for run in ("run-1", "run-2"))
    stages = first.folder.parent
    assert unfinished(stages) == [first, second]
    first.remove()
    assert unfinished(stages) == [second] and not first.folder.exists()
    first.remove()  # done already
    second.folder.rename(stages / f"{GONE}run-2")  # killed between the renaming and the taking away
    assert unfinished(stages) == []
    sweep(stages)
    assert list(stages.iterdir()) == []


def test_there_is_nothing_unfinished_where_there_is_no_folder(tmp_path):
    assert unfinished(tmp_path / "none") == []


def test_a_quarantined_stage_keeps_its_files(tmp_path):
    stage = stage_run(tmp_path, "run", STORIES)
    place = stage.quarantine(tmp_path / "quarantine")
    assert unfinished(tmp_path / "stage") == [] and unfinished(tmp_path / "quarantine") == [Stage(place)]
    assert [row.url for row in Stage(place).read("entries", 0)] == [story.url for story in STORIES]


def test_a_full_disk_is_told_as_a_sentence(tmp_path):
    stage = Stage(tmp_path / "run")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(Terminal) as caught:
            stage.write("entries", 0, [entry(1, 1)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.reason == "disk_full" and str(stage.path("entries", 0)) in str(caught.value)
    assert not stage.has("entries", 0)


def test_a_file_in_the_folders_place_is_told_as_a_sentence(tmp_path):
    (tmp_path / "run").write_text("not a folder")
    with pytest.raises(Terminal) as caught:
        Stage(tmp_path / "run").write("entries", 0, [])
    assert caught.value.reason == "folder_not_writable" and str(tmp_path / "run") in str(caught.value)
