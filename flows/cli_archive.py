"""The commands ``dateline export`` and ``dateline import``: a whole archive as Parquet, and back."""

from pathlib import Path
from typing import Annotated

import typer

from flows.options import SettingsOption, say
from flows.settings import load_settings
from warehouse.parquet import export_warehouse, import_warehouse
from warehouse.store import publish


def export(
    folder: Annotated[Path, typer.Argument(help="The folder to write; it must not be there yet.")],
    captures: Annotated[bool, typer.Option("--captures", help="Copy the stored captures as well.")] = False,
    settings: SettingsOption = None,
) -> None:
    """Write the published snapshot as Parquet: every table, the articles by day, and a manifest."""
    told = load_settings(settings)
    manifest = export_warehouse(told.data_folder, folder, captures=told.captures, with_captures=captures)
    say(f"Wrote {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables to {folder}.")
    if not captures:
        say(f"The captures stay in {told.captures}; copy them, or export with --captures, where `refine` is to go on.")


def import_(
    folder: Annotated[Path, typer.Argument(help="The folder that `dateline export` has written.")],
    settings: SettingsOption = None,
) -> None:
    """Make a new archive's warehouse out of an export, with its captures where it has them, and publish it."""
    told = load_settings(settings)
    wait_seconds = told.archive.lock_wait_seconds
    manifest = import_warehouse(
        folder, told.data_folder, captures=told.captures, holder="import", wait_seconds=wait_seconds
    )
    publish(told.data_folder, holder="import", wait_seconds=wait_seconds)
    say(f"Read {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables into {told.data_folder}.")
