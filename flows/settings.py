"""Settings: one TOML file and the environment, merged into one frozen object, every fault told at once.

The only module that reads the environment or a settings file. Values travel down as arguments; nothing below ``flows``
imports this.
"""

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from warehouse.errors import Terminal

ENVIRONMENT_PREFIX = "DATELINE_"
SETTINGS_VARIABLE = "DATELINE_SETTINGS"
SETTINGS_FILES = ("dateline.toml", "deployments/dateline.toml")

Seconds = Annotated[float, Field(gt=0)]
Bytes = Annotated[int, Field(gt=0)]


def _split(told: object) -> object:
    return [part.strip() for part in told.split(",") if part.strip()] if isinstance(told, str) else told


PageKind = Literal["consent_wall", "soft_404", "index", "paywall", "live_blog", "video", "gallery"]
#: A list, or the kinds in one string with commas between: so they can come from the environment as well.
PageKinds = Annotated[tuple[PageKind, ...], BeforeValidator(_split)]


#: What may stand for a number of days, and for every source, in [retention].
FOREVER, ALL = "forever", "all"


def _days_by_name(told: object) -> object:
    """``told`` as (name, days) pairs: `all`, a source's id or a tag, and a number of days; None = for ever."""
    if isinstance(told, str) and "=" in told:  # from the environment: all=90, wire=30
        pairs = [(name.strip(), days.strip()) for part in told.split(",") for name, _, days in [part.partition("=")]]
    else:
        pairs = list(told.items()) if isinstance(told, dict) else [(ALL, told)]
    if wrong := [
        f"{name} = {days!r}" if isinstance(told, dict) else repr(days) for name, days in pairs if not _is_days(days)
    ]:
        raise ValueError(f"Days are a whole number from 1 on or {FOREVER}, not {', '.join(wrong)}")
    return tuple((name, None if days == FOREVER else int(days)) for name, days in pairs)


def _is_days(told: object) -> bool:
    is_number = isinstance(told, int) and not isinstance(told, bool)
    is_digits = isinstance(told, str) and told.isdecimal() and told.isascii()  # so do they come from the environment
    return told == FOREVER or ((is_number or is_digits) and int(told) >= 1)


#: One number of days for all sources, or a table of numbers by `all`, id or tag.
DaysByName = Annotated[tuple[tuple[str, int | None], ...], BeforeValidator(_days_by_name)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArchiveSettings(Section):
    """Where things are; relative paths count from the settings file."""

    data_folder: Path = Field(Path("data"), description="Warehouse, snapshot, captures and stage.")
    sources_file: Path = Field(Path("sources.toml"), description="The list of sources.")
    lock_wait_seconds: Seconds = Field(60, description="How long to wait for another run before giving up.")
    snapshot_minutes: float = Field(
        60, ge=0, description="How old the snapshot may get while scheduled runs bring nothing new."
    )


class FetchSettings(Section):
    """How politely and within which bounds pages are fetched."""

    contact: str = Field(
        "contact not set",
        description="Who runs this archive: an address of yours, sent in the User-Agent.",
    )
    concurrency: int = Field(32, ge=1, le=512, description="Requests under way at once, all hosts together.")
    host_gap_seconds: float = Field(1.0, ge=0, description="Least time between two requests to one host.")
    total_seconds: Seconds = Field(60, description="Longest time for one request.")
    idle_seconds: Seconds = Field(15, description="Longest time without a byte.")
    attempts: int = Field(3, ge=1, le=10, description="Tries of a request that fails for the moment.")
    wire_bytes: Bytes = Field(5_000_000, description="Largest page as received; sitemaps may be larger.")
    decoded_bytes: Bytes = Field(10_000_000, description="Largest page after decompression; sitemaps may be larger.")
    allow_loopback: bool = Field(False, description="Permit addresses on this machine (demo and tests).")
    proxy: str | None = Field(None, description="HTTP proxy, as a URL.")


class DiscoverSettings(Section):
    """How often sources are asked and how long what they list is remembered."""

    poll_minutes: float = Field(15, ge=0, description="Least time between two polls of one source.")
    poll_minutes_cap: float = Field(
        120, ge=0, description="Most time between two polls; a source's own pace decides between the two."
    )
    failure_poll_minutes_cap: float = Field(1440, ge=0, description="Longest pause of a source that keeps failing.")
    look_back_days: int = Field(90, ge=1, description="How far back listed entries are looked up.")
    transient_failures: int = Field(5, ge=1, description="Runs that try a failing entry again before it is given up.")
    sitemap_days: int = Field(7, ge=1, description="Of a sitemap, only entries at most this old are taken.")


class CleanSettings(Section):
    """How pages are read."""

    processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that read pages.")
    page_seconds: Seconds = Field(20, description="Longest time for reading one page.")
    feed_text_words: int = Field(40, ge=1, description="Fewest words of a feed's own text that serve as an article.")
    drop_kinds: PageKinds = Field(
        "consent_wall, soft_404, index",
        validate_default=True,
        description="Pages that are dropped: consent_wall, soft_404, index, paywall, live_blog, video, gallery.",
    )


class ResembleSettings(Section):
    """How far back copies are looked for."""

    look_back_days: int = Field(30, ge=1, description="A copy is looked for among articles first seen this recently.")


class EnrichSettings(Section):
    """How facts are read."""

    engine: str = Field(
        "rules", description="What finds names in English: rules, or spacy:MODEL for a pipeline that is installed."
    )


class RunSettings(Section):
    """How a run is cut up."""

    batch_entries: int = Field(200, ge=1, le=5000, description="Entries in one batch.")


class RetentionSettings(Section):
    """How long things are kept: `maintain` drops what is older."""

    captures_days: DaysByName = Field(
        FOREVER,
        validate_default=True,
        description="Days that bytes as fetched are kept: one number, or { all = 90, wire = 30 } by tag or id.",
    )
    bodies_days: DaysByName = Field(
        FOREVER,
        validate_default=True,
        description="Days that texts, with their facts and bytes, are kept: likewise.",
    )
    refined_days: int = Field(90, ge=1, description="Days that records of what a refine changed are kept.")


class PrefectSettings(Section):
    """Where `dateline serve` puts Prefect."""

    host: str = Field("127.0.0.1", description="Address that the server listens on.")
    port: int = Field(4200, ge=1, le=65535, description="Port of the server and its UI.")
    database_url: SecretStr = Field(
        SecretStr(""), description="Prefect's own database, as postgresql+asyncpg://user:password@host/name."
    )
    webhook_url: SecretStr = Field(
        SecretStr(""), description="Address that is told of failed runs and quarantined sources, by POST as JSON."
    )


class Settings(Section):
    """All settings, frozen; see each section."""

    archive: ArchiveSettings = ArchiveSettings()
    discover: DiscoverSettings = DiscoverSettings()
    fetch: FetchSettings = FetchSettings()
    clean: CleanSettings = CleanSettings()
    resemble: ResembleSettings = ResembleSettings()
    enrich: EnrichSettings = EnrichSettings()
    run: RunSettings = RunSettings()
    retention: RetentionSettings = RetentionSettings()
    prefect: PrefectSettings = PrefectSettings()

    @property
    def data_folder(self) -> Path:
        """The archive's folder, absolute."""
        return self.archive.data_folder

    @property
    def stages(self) -> Path:
        """Where runs stage what has not landed."""
        return self.data_folder / "stage"

    @property
    def quarantine(self) -> Path:
        """Where the stages of runs are that could not be finished."""
        return self.data_folder / "quarantine"

    @property
    def captures(self) -> Path:
        """Where fetched bytes are kept."""
        return self.data_folder / "captures"


def find_settings(named: Path | None = None) -> Path | None:
    """The settings file: the one named, else ``$DATELINE_SETTINGS``, else the first of ``SETTINGS_FILES`` in the
    working folder; None where there is none.

    Raises Terminal ``settings_missing`` where a named file is not there.
    """
    asked = named or (Path(value) if (value := os.environ.get(SETTINGS_VARIABLE)) else None)
    if asked is None:
        return next((Path(name) for name in SETTINGS_FILES if Path(name).is_file()), None)
    if asked.is_dir():
        asked = asked / SETTINGS_FILES[0]
    if not asked.is_file():
        raise Terminal(
            "settings_missing", f"{asked} is not there. Name a settings file, or make one with `dateline init`."
        )
    return asked


def load_settings(named: Path | None = None) -> Settings:
    """Read the settings file and the environment (``DATELINE_FETCH__HOST_GAP_SECONDS=2``), defaults beneath.

    Paths come out absolute, counted from the settings file (from the working folder where there is none). Raises
    Terminal ``settings_invalid`` with one line per fault, naming file or variable, key and remedy.
    """
    path = find_settings(named)
    told = _read(path) if path else {}
    origins = {}
    for variable, value in sorted(os.environ.items()):
        if variable.startswith(ENVIRONMENT_PREFIX) and "__" in variable:
            section, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__", 1)
            if isinstance(told.setdefault(section, {}), dict):
                told[section][key] = value
                origins[section, key] = variable
    try:
        settings = Settings.model_validate(told)
    except ValidationError as faults:
        lines = [_sentence(fault, str(path or "settings"), origins) for fault in faults.errors()]
        raise Terminal("settings_invalid", "\n".join(lines)) from faults
    base = (path.parent if path else Path()).resolve()
    archive = settings.archive.model_copy(
        update={
            "data_folder": (base / settings.archive.data_folder.expanduser()).resolve(),
            "sources_file": (base / settings.archive.sources_file.expanduser()).resolve(),
        }
    )
    return settings.model_copy(update={"archive": archive})


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Terminal("settings_invalid", f"{path}: not valid TOML: {error}. Mend that line.") from error
    except OSError as error:
        raise Terminal(
            "settings_invalid", f"{path} cannot be read ({error.strerror}). Mend its permissions."
        ) from error


def _sentence(fault: dict, file: str, origins: dict) -> str:
    where = tuple(str(part) for part in fault["loc"])
    key = ".".join(where)
    place = origins.get(where[:2], file)
    if fault["type"] == "extra_forbidden":
        known = list(Settings.model_fields) if len(where) == 1 else _keys(where[0])
        near = get_close_matches(where[-1], known, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}."
        return f"{place}: {key} is not a setting; {remedy}"
    told = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {key} = {fault['input']!r}: {told[0].lower()}{told[1:]}."


def _keys(section: str) -> list[str]:
    field = Settings.model_fields.get(section)
    return list(field.annotation.model_fields) if field else []


def template() -> str:
    """A settings file with every setting at its default, commented out and explained."""
    lines = ["# Settings of this archive. Every line shows a default; uncomment what you change."]
    for section, field in Settings.model_fields.items():
        lines += ["", f"# {field.annotation.__doc__}", f"[{section}]"]
        for key, setting in field.annotation.model_fields.items():
            default = setting.get_default(call_default_factory=True)
            lines.append(f"# {key} = {_toml(default)}  # {setting.description}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{value or ""}"'
