"""What several commands share: the options that name the settings and the form of rows, and how to narrate."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.output import Format

SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings file or its folder. [default: $DATELINE_SETTINGS, ./dateline.toml]"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of the rows on stdout.")]


def say(sentence: str) -> None:
    """Narrate on stderr; stdout is for data."""
    print(sentence, file=sys.stderr)
