"""The daily briefing: one page of a day, asked of the published snapshot and kept beside it.

Says only in what order. Holds no lock and disturbs no run; nothing is fetched, and nothing is changed but the page.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.briefing_markdown import briefing_markdown, briefing_sentence
from flows.briefing_page import make_briefing
from flows.report import name_run
from flows.settings import load_settings


@flow(name="briefing", flow_run_name="briefing", timeout_seconds=600, persist_result=False)
def briefing(day: date | None = None, settings_file: Path | None = None) -> Path:
    """Make the briefing of a day: what was told by whom, new names, days ahead, places, and how the sources fare.

    Returns the page, an HTML file in the archive's folder `briefings`. A briefing of the same day is replaced.

    Args:
        day: The day (UTC), as in 2026-11-17. None = yesterday.
        settings_file: Settings file of the archive. None = the one that the worker was started with.
    """
    settings = load_settings(settings_file)
    told, path = make_briefing(settings, day or datetime.now(UTC).date() - timedelta(days=1))
    sentence = briefing_sentence(told)
    create_markdown_artifact(briefing_markdown(told, path), key="briefing", description=f"{sentence}.")
    name_run(sentence)
    return path
