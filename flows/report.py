"""A run told in Markdown, in the Prefect UI: the account, the drops, the hosts, what is new and what changed.

Only renders; what is told comes from ``warehouse.reports``.
"""

from collections.abc import Sequence

from prefect import get_client
from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext

from flows.settings import Settings
from warehouse import model
from warehouse.reports import HEADINGS, RunDetails, run_details
from warehouse.store import reader

CELL_CHARACTERS = 160
TITLES = {
    "articles": "New articles by source",
    "changed": "What changed",
    "drops": "Drops by reason",
    "hosts": "Slowest hosts",
    "failing": "Sources that fail",
}


def sentence(run: model.Run) -> str:
    """A run in a line: what it did."""
    if run.flow == "refine":
        return f"refine: {run.entries_landed} articles read again, {run.articles_revised} read differently"
    return (
        f"{run.flow}: {run.articles_new} new, {run.articles_revised} revised of {run.entries_in} entries "
        f"({run.sources_polled} sources)"
    )


def account(run: model.Run) -> str:
    """in = landed + dropped, with the reasons, as one line."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in run.dropped_by_reason.items())
    return f"{run.entries_in} in = {run.entries_landed} landed + {run.entries_dropped} dropped" + (
        f" ({reasons})" if reasons else ""
    )


def publish_report(settings: Settings, runs: Sequence[model.Run], *, key: str) -> None:
    """Put the report of the runs on the current flow run's page."""
    with reader(settings.data_folder) as connection:
        parts = [render(run, run_details(connection, run.run_id)) for run in runs]
    create_markdown_artifact("\n\n".join(parts), key=key, description=account(runs[-1]))


def render(run: model.Run, details: RunDetails) -> str:
    """One run as Markdown."""
    seconds = (run.finished_at - run.started_at).total_seconds()
    parts = [
        f"# {sentence(run)}",
        f"**{account(run)}**",
        f"Run `{run.run_id}`, {run.started_at:%Y-%m-%d %H:%M:%S} UTC, {seconds:.1f} s; "
        f"{run.articles_copies} of the new articles are copies; "
        f"{run.sources_unchanged} of {run.sources_polled} sources had not changed.",
    ]
    for name, title in TITLES.items():
        rows = getattr(details, name)
        if rows:
            parts.append(f"## {title}\n\n{_table(HEADINGS[name], rows)}")
    return "\n\n".join(parts)


def _table(heading: Sequence[str], rows: Sequence[Sequence]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + " --- |" * len(heading)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    """A value that cannot leave its cell: what comes from a page is text, never markup."""
    text = "" if value is None else " ".join(str(value).split())
    if len(text) > CELL_CHARACTERS:
        text = text[: CELL_CHARACTERS - 1] + "…"
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("`", "&#96;"), ("[", "&#91;")):
        text = text.replace(mark, entity)
    return text


def name_run(name: str) -> None:
    """Rename the current flow run, so that the list of runs says what each did."""
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(context.flow_run.id, name=name)
