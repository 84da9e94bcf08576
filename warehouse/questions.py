"""The questions that a newsroom asks, each a file of SQL whose first line says what it answers. No database here."""

from importlib import resources
from pathlib import Path

from warehouse.errors import Terminal

SUFFIX = ".sql"


def questions() -> dict[str, str]:
    """SQL of the questions that ship with Dateline, by name."""
    files = sorted(resources.files("warehouse").joinpath("queries").iterdir(), key=lambda file: file.name)
    return {f.name.removesuffix(SUFFIX): f.read_text(encoding="utf-8") for f in files if f.name.endswith(SUFFIX)}


def question(named: str) -> str:
    """The SQL of a question by its name, or of a file.

    Raises Terminal ``source_of_query`` where there is neither.
    """
    shipped = questions()
    if named in shipped:
        return shipped[named]
    try:
        return Path(named).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Terminal(
            "source_of_query", f"{named} is neither a file of SQL nor one of the questions: {', '.join(shipped)}."
        ) from error
