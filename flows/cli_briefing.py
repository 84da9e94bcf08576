"""The command ``dateline briefing``: the page of a day, made without Prefect."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from flows.options import SettingsOption, say
from flows.settings import load_settings


def briefing(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day (UTC). [default: yesterday]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write. [default: briefings/DAY.html in the archive's data folder]")
    ] = None,
    settings: SettingsOption = None,
) -> None:
    """Make the briefing of a day as one HTML file, of the published snapshot. Prints where it is."""
    # These bring the template engine, which no other command needs.
    from flows.briefing_markdown import briefing_sentence
    from flows.briefing_page import make_briefing

    wanted = day.date() if day else datetime.now(UTC).date() - timedelta(days=1)
    told, path = make_briefing(load_settings(settings), wanted, out)
    print(path)
    say(f"{briefing_sentence(told)}.")
