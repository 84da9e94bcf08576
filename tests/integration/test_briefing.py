"""The briefing for real: the flow on a Prefect server, the command, and what an erasure leaves of kept pages."""

import json
import shutil
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows import briefing_page
from flows import erase as erase_room
from flows.cli import app
from flows.erase import erase, retain
from flows.settings import ArchiveSettings, Settings
from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import briefings, landing, store
from warehouse.erasure import Wanted
from warehouse.errors import Terminal

DAY = NOON.date()
SECRET = "Nobody but Ada Brand ever saw the lighthouse ledger"
LEDGER = Story(
    url="https://gazette.example/ledger",
    article_id="ledger",
    title="Ada Brand’s ledger",
    text=f"“{SECRET},” Tom Reed said.",
    people=["Ada Brand", "Tom Reed"],
    quotes=[(SECRET, "Tom Reed")],
)
FERRY = Story(url="https://gazette.example/ferry", article_id="ferry", title="Ferry sails", text="The ferry sails.")
LATER = Story(url="https://gazette.example/pier", article_id="pier", title="Pier opens", text="The pier opens.")


def land(folder: Path, run_id: str, *stories: Story, seen_at: datetime = NOON) -> None:
    with store.writer(folder, holder="test") as connection:
        stage = stage_run(folder, run_id, stories, seen_at=seen_at)
        landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    stage.remove()
    store.publish(folder, holder="test")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two days, with its settings file."""
    folder = tmp_path_factory.mktemp("template")
    land(folder / "data", "run-1", LEDGER, FERRY)
    land(folder / "data", "run-2", LATER, seen_at=NOON + timedelta(days=1))
    (folder / "dateline.toml").write_text("[archive]\nlock_wait_seconds = 1\n")
    return folder


@pytest.fixture
def archive(template: Path, tmp_path: Path) -> Path:
    """The settings file of that archive, to be changed."""
    shutil.copytree(template, tmp_path / "archive")
    return tmp_path / "archive" / "dateline.toml"


@pytest.fixture
def settings(archive: Path) -> Settings:
    """The archive's settings, with the pages of its two days made."""
    found = Settings(archive=ArchiveSettings(data_folder=archive.parent / "data", lock_wait_seconds=1))
    for days in (0, 1):
        briefing_page.make_briefing(found, DAY + timedelta(days=days))
    return found


def kept(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_folder / briefings.FOLDER).iterdir())


def test_the_flow_writes_the_page_and_an_artifact_that_links_it(archive, environment):
    code = f"""
from datetime import date
from flows.briefing import briefing
print(briefing(day=date.fromisoformat("{DAY}"), settings_file="{archive}"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=archive.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path == archive.parent / "data" / "briefings" / f"{DAY}.html"
    assert "Ada Brand’s ledger" in path.read_text(encoding="utf-8")

    def ask(what: str, body: dict) -> list[dict]:
        request = urllib.request.Request(
            environment["PREFECT_API_URL"] + what,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    artifacts = ask("/artifacts/filter", {"artifacts": {"key": {"any_": ["briefing"]}}})
    (artifact,) = [each for each in artifacts if path.as_uri() in each["data"]]
    assert f"[Ferry sails](<{FERRY.url}>)" in artifact["data"]
    (run,) = ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": [artifact["flow_run_id"]]}}})
    assert run["name"] == f"briefing of {DAY}: 2 stories in 2 articles of 1 source"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["briefing", *arguments], catch_exceptions=False)


def test_the_command_writes_where_it_is_told_and_prints_that_alone(archive, tmp_path):
    out = tmp_path / "pages" / "today.html"
    done = call("--day", str(DAY), "--out", str(out), "--settings", str(archive))
    assert (done.exit_code, done.stdout) == (0, f"{out}\n")
    assert "2 stories" in done.stderr
    assert out.is_file() and not (archive.parent / "data" / "briefings").exists()


def test_of_yesterday_there_is_a_page_whatever_was(archive):
    before = datetime.now(UTC).date()
    path = Path(call("--settings", str(archive.parent)).stdout.strip())
    assert path.parent == archive.parent / "data" / "briefings"
    assert path.name in {f"{day - timedelta(days=1)}.html" for day in (before, datetime.now(UTC).date())}
    assert call("--day", "2020-02-29", "--settings", str(archive)).stdout.endswith("2020-02-29.html\n")


def test_an_archive_without_a_snapshot_is_told(tmp_path):
    (tmp_path / "dateline.toml").write_text("")
    with pytest.raises(Terminal, match="Nothing has been published"):
        call("--settings", str(tmp_path))


def test_what_is_erased_is_in_no_page_and_other_days_stay(settings):
    assert SECRET in briefings.path_of(settings.data_folder, DAY).read_text(encoding="utf-8")
    erase(settings, Wanted(person="Ada Brand"), reason="on request", dry_run=True)
    assert kept(settings) == [f"{DAY}.html", f"{DAY + timedelta(days=1)}.html"]
    erase(settings, Wanted(person="Ada Brand"), reason="on request", dry_run=False)
    assert kept(settings) == [f"{DAY + timedelta(days=1)}.html"]
    told, path = briefing_page.make_briefing(settings, DAY)
    assert [story.title for story in told.stories] == ["Ferry sails"]
    assert "Brand" not in path.read_text(encoding="utf-8")


def test_an_erasure_cut_off_before_the_pages_is_completed_by_the_same_call(settings, monkeypatch):
    class Killed(BaseException):
        """Stands for the death of the process: nothing catches it."""

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(erase_room.briefings, "forget_stale", dies)
        erase(settings, Wanted(article_ids=("ledger",)), reason="on request", dry_run=False)
    assert len(kept(settings)) == 2
    erase(settings, Wanted(article_ids=("ledger",)), reason="on request", dry_run=False)
    assert kept(settings) == [f"{DAY + timedelta(days=1)}.html"]


def test_pages_of_texts_that_are_no_longer_kept_go_with_them(settings):
    long_ago = (datetime.now(UTC) - NOON).days
    retain(settings, days=max(long_ago, 1), source_id=None, bodies=True, dry_run=False)
    gone = datetime.now(UTC) - timedelta(days=max(long_ago, 1)) > NOON
    assert (f"{DAY}.html" in kept(settings)) != gone


def test_a_page_is_made_again_where_the_snapshot_was_replaced_meanwhile(settings, monkeypatch):
    write, written = briefings.write, []

    def replaced_meanwhile(path: Path, page: str) -> None:
        write(path, page)
        written.append(page)
        if len(written) == 1:
            erase(settings, Wanted(article_ids=("ledger",)), reason="on request", dry_run=False)
            write(path, page)  # after the erasure had looked

    monkeypatch.setattr(briefings, "write", replaced_meanwhile)
    _, path = briefing_page.make_briefing(settings, DAY)
    assert [SECRET in page for page in written] == [True, False]
    assert SECRET not in path.read_text(encoding="utf-8")
