"""Settings: file and environment into one frozen object, or every fault at once with file, key and remedy."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from flows.settings import Settings, find_settings, load_settings, template
from warehouse.errors import Terminal


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder of its own, and none of the caller's variables."""
    for name in list(os.environ):
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fault(path: Path | None = None) -> Terminal:
    with pytest.raises(Terminal) as caught:
        load_settings(path)
    return caught.value


def test_without_a_file_the_defaults_hold_and_paths_count_from_here(tmp_path):
    settings = load_settings()
    assert settings.fetch == Settings().fetch
    assert settings.data_folder == tmp_path / "data"
    assert settings.stages == tmp_path / "data" / "stage" and settings.captures == tmp_path / "data" / "captures"


def test_paths_count_from_the_settings_file(tmp_path):
    told = '[archive]\ndata_folder = "../near"\nsources_file = "/etc/s.toml"\n'
    settings = load_settings(write(tmp_path / "far" / "dateline.toml", told))
    assert settings.data_folder == tmp_path / "near"
    assert settings.archive.sources_file == Path("/etc/s.toml")


def test_the_named_file_comes_before_the_variable_before_the_folder(tmp_path, monkeypatch):
    assert find_settings() is None
    deployed = write(tmp_path / "deployments" / "dateline.toml", "")
    assert find_settings().resolve() == deployed
    here = write(tmp_path / "dateline.toml", "")
    assert find_settings().resolve() == here
    told = write(tmp_path / "told.toml", "")
    monkeypatch.setenv("DATELINE_SETTINGS", str(told))
    assert find_settings() == told
    folder = write(tmp_path / "folder" / "dateline.toml", "").parent
    assert find_settings(folder) == folder / "dateline.toml"


def test_a_named_file_that_is_not_there_is_told(tmp_path, monkeypatch):
    assert fault(tmp_path / "no.toml").reason == "settings_missing"
    monkeypatch.setenv("DATELINE_SETTINGS", "gone.toml")
    assert "gone.toml" in str(fault()) and "dateline init" in str(fault())


def test_the_environment_overrides_the_file(tmp_path, monkeypatch):
    path = write(tmp_path / "dateline.toml", "[fetch]\nattempts = 7\nhost_gap_seconds = 5\n")
    monkeypatch.setenv("DATELINE_FETCH__HOST_GAP_SECONDS", "0.5")
    monkeypatch.setenv("DATELINE_FETCH__ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("DATELINE_RUN__BATCH_ENTRIES", "9")
    fetch = load_settings(path).fetch
    assert (fetch.attempts, fetch.host_gap_seconds, fetch.allow_loopback) == (7, 0.5, True)
    assert load_settings(path).run.batch_entries == 9


def test_every_fault_is_told_at_once_with_file_key_and_remedy(tmp_path, monkeypatch):
    path = write(
        tmp_path / "dateline.toml",
        '[fetch]\nattempts = "many"\nconcurency = 3\nzzz = 1\ntotal_seconds = 0\n[clen]\nprocesses = 1\n',
    )
    monkeypatch.setenv("DATELINE_RUN__BATCH_ENTRIES", "none")
    monkeypatch.setenv("DATELINE_FETCH__PROXYY", "x")
    told = fault(path)
    assert told.reason == "settings_invalid"
    lines = str(told).splitlines()
    assert len(lines) == 7

    def line(key: str) -> str:
        (found,) = [each for each in lines if f": {key} " in each]
        return found

    assert line("fetch.attempts").startswith(f"{path}: ") and "'many'" in line("fetch.attempts")
    assert "did you mean concurrency?" in line("fetch.concurency")
    assert "known here: " in line("fetch.zzz") and "idle_seconds" in line("fetch.zzz")
    assert "greater than 0" in line("fetch.total_seconds")
    assert "did you mean clean?" in line("clen")
    assert line("run.batch_entries").startswith("DATELINE_RUN__BATCH_ENTRIES: ")
    assert line("fetch.proxyy").startswith("DATELINE_FETCH__PROXYY: ") and "proxy?" in line("fetch.proxyy")


@pytest.mark.parametrize("text", [b"[fetch\n", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_what_is_not_toml_names_the_file(tmp_path, text):
    path = tmp_path / "dateline.toml"
    path.write_bytes(text)
    told = fault(path)
    assert told.reason == "settings_invalid" and str(path) in str(told) and "TOML" in str(told)


def test_a_section_that_is_no_table_is_a_fault_and_no_traceback(tmp_path, monkeypatch):
    path = write(tmp_path / "dateline.toml", "fetch = 3\n")
    monkeypatch.setenv("DATELINE_FETCH__ATTEMPTS", "2")
    assert str(path) in str(fault(path)) and "fetch" in str(fault(path))


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        Settings().fetch.attempts = 2


def test_the_template_explains_every_setting_and_holds_the_defaults(tmp_path):
    text = template()
    path = write(tmp_path / "dateline.toml", text)
    assert load_settings(path) == load_settings(None)
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    without_default = "\n".join(line for line in uncommented.splitlines() if not line.startswith('proxy = ""'))
    assert load_settings(write(path, without_default)) == load_settings(write(path, ""))
    for group in Settings.model_fields.values():
        for key, setting in group.annotation.model_fields.items():
            assert f"# {key} = " in text and setting.description in text
