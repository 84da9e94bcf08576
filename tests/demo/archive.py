"""An archive of its own for the frozen web: settings and sources written for a replay server's port.

Used by the demo and by the integration tests. Touches nothing outside the folder that it is given.
"""

import os
from pathlib import Path

from tests.demo.replay import with_port

HERE = Path(__file__).parent

SETTINGS = """\
[archive]
data_folder = "data"
sources_file = "sources.toml"
lock_wait_seconds = 20

[discover]
# The frozen web is of November 2026, whatever day it is today.
sitemap_days = 36500

[fetch]
allow_loopback = true
host_gap_seconds = 0.05
contact = "the demo of Dateline, which fetches from this machine alone"
"""


def make_archive(folder: Path, port: int, *, sources: str | None = None, settings: str = "") -> Path:
    """Write ``dateline.toml`` and ``sources.toml`` into ``folder``; returns the settings file.

    ``sources`` replaces the demo's list (hosts without port); ``settings`` is added to the settings file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = sources if sources is not None else (HERE / "sources.toml").read_text(encoding="utf-8")
    told = told.replace('url = "texts"', f'url = "{HERE / "texts"}"')
    (folder / "sources.toml").write_bytes(with_port(told.encode(), port))
    (folder / "dateline.toml").write_text(SETTINGS + settings, encoding="utf-8")
    return folder / "dateline.toml"


def quiet_prefect(home: Path) -> None:
    """Give Prefect a home of its own and keep its log to what went wrong; before Prefect is first imported."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home)
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    os.environ.pop("PREFECT_API_URL", None)
