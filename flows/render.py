"""A run told in words: in a line, on the terminal, in Markdown. What is told comes from ``warehouse.reports``.

Only renders: nothing is asked or counted here, and nothing knows of Prefect, which the command line loads only to run.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from warehouse import model
from warehouse.refined import Rereading
from warehouse.reports import HEADINGS, RefineDetails, RunDetails

CELL_CHARACTERS = 160
EXCERPT_CHARACTERS = 240
TITLES = {
    "articles": "New articles by source",
    "changed": "What changed",
    "drops": "Drops by reason",
    "hosts": "Slowest hosts",
    "failing": "Sources that fail",
    "moved": "Sources that have moved: change their url",
}
EXTRACTORS = ("extractor", "articles", "changed", "similarity", "words")
CONDITION = ("source", "condition", "since", "last error")
ATTENTION = 50  # sources that are listed
BANDS = ("similarity", "articles", "%", "words before", "words after")

_READING = ("refine", "enrich")  # what reads again what the archive has

# What is markup in CommonMark and in GitHub's tables, strikethrough and bare addresses. Escaped by a backslash: of
# Prefect's two UIs, one shows numeric entities as they are written.
_MARKUP = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w{1,32};)|:(?=//)|(?<=www)\.|(?<=\S)@(?=\S)", re.IGNORECASE)


def sentence(run: model.Run) -> str:
    """A run in a line: what it did."""
    if run.flow == "enrich":
        return f"refine: facts of {run.entries_landed} articles made anew"
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


def differences(details: RefineDetails) -> list[str]:
    """What a refine changed, in two lines: how many articles and where, and how alike the texts are."""
    fields = ", ".join(f"{name} {count}" for name, count in details.fields.items())
    likeness = f"Similarity of the texts (token F1): mean {details.mean_similarity:.3f}"
    if details.mean_similarity_of_changed is not None:
        likeness += f", {details.mean_similarity_of_changed:.3f} of the {details.fields['text']} that changed"
    return [f"{details.changed} of {details.read} articles read differently: {fields}", likeness]


def run_markdown(run: model.Run, details: RunDetails, refined: RefineDetails | None = None) -> str:
    """One run as Markdown; ``refined`` is what it changed where it read articles again."""
    seconds = (run.finished_at - run.started_at).total_seconds()
    parts = [f"# {sentence(run)}", f"**{account(run)}**"]
    told = f"Run `{run.run_id}`, {run.started_at:%Y-%m-%d %H:%M:%S} UTC, {seconds:.1f} s"
    if run.flow in _READING:
        parts.append(f"{told}; no request was sent.")
    else:
        parts.append(
            f"{told}; {run.articles_copies} of the new articles are copies; "
            f"{run.sources_unchanged} of {run.sources_polled} sources had not changed."
        )
    if refined is not None:
        parts += _refined(refined)
    hidden = {"articles", "failing", "moved", "changed" if refined else ""} if run.flow in _READING else set()
    for name, title in TITLES.items():
        rows = getattr(details, name)
        if rows and name not in hidden:
            parts.append(f"## {title}\n\n{table(HEADINGS[name], rows)}")
    return "\n\n".join(parts)


def upkeep_markdown(
    sentence: str,
    steps: Sequence[tuple[str, str, str]],
    counts: Sequence[tuple[str, int]],
    sources: Sequence[tuple],
) -> str:
    """One night's upkeep as Markdown: its steps as (name, seconds, what was done), how many sources are in which
    condition, and those ``sources`` that need attention, as ``warehouse.upkeep.source_conditions`` has them."""
    parts = [f"# {sentence}", table(("step", "seconds", "what was done"), steps)]
    parts.append(f"## Sources\n\n{table(('condition', 'sources'), counts)}")
    if sources:
        shown = sources[:ATTENTION]
        parts.append(f"## Sources that need attention\n\n{table(CONDITION, shown)}")
        if len(sources) > len(shown):
            parts.append(f"{len(sources) - len(shown)} more: the view `source_health`.")
    return "\n\n".join(parts)


def _refined(details: RefineDetails) -> list[str]:
    first, second = differences(details)
    parts = [
        f"{cell(first)}.  \n{cell(second)}.",
        f"## By extractor\n\n{table(EXTRACTORS, [_extractor(*row) for row in details.extractors])}",
        f"## How alike the texts are\n\n{table(BANDS, details.bands)}",
    ]
    if details.largest:
        parts.append("## Largest changes of text")
        parts += [_largest(place, row) for place, row in enumerate(details.largest, start=1)]
    if details.described:
        parts.append("## Titles, bylines, times and tags\n\n" + "\n".join(map(_described, details.described)))
    return parts


def _extractor(
    before: str, after: str, articles: int, changed: int, similarity: float, words_before: int, words_after: int
) -> tuple[str, int, int, str, str]:
    versions = before if before == after else f"{before} → {after}"
    growth = f"{100 * (words_after / words_before - 1):+.1f} %" if words_before else ""
    return versions, articles, changed, f"{similarity:.4f}", growth


def _largest(place: int, row: Rereading) -> str:
    """One change: a line with the numbers, then each paragraph that left or came."""
    lines = [
        f"**{place}.** {link(row.title_after or row.url, row.url)}: similarity {row.similarity:.3f}, "
        f"{row.words_before} → {row.words_after} words, "
        f"{cell(row.extractor_before)} → {cell(row.extractor_after)}",
        "",
    ]
    lines += [f"- left: {cell(told, EXCERPT_CHARACTERS)}" for told in row.left]
    lines += [f"- came: {cell(told, EXCERPT_CHARACTERS)}" for told in row.came]
    return "\n".join(lines)


def _described(row: Rereading) -> str:
    told = {
        "title": (row.title_before, row.title_after),
        "byline": ("; ".join(row.authors_before), "; ".join(row.authors_after)),
        "published": (row.published_before, row.published_after),
        "tags": (", ".join(row.tags_before), ", ".join(row.tags_after)),
    }
    changes = [
        f"{name} {cell(before) or 'none'} → {cell(after) or 'none'}"
        for name, (before, after) in told.items()
        if name in row.changed
    ]
    return f"- {link(row.title_after or row.url, row.url)}: {'; '.join(changes)}"


def link(text: str, url: str) -> str:
    """A link that ends where it is meant to; the bare words where the address is not one of the web."""
    if not url.startswith(("http://", "https://")):
        return cell(text)
    # Everything that ends an address in Markdown or in a table is percent-encoded; what is encoded already stays.
    return f"[{cell(text)}](<{quote(url, safe='/:?#@!$&+,;=%~.-_')}>)"


def table(heading: Sequence[str], rows: Sequence[Sequence]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + " --- |" * len(heading)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def cell(value: object, most: int = CELL_CHARACTERS) -> str:
    """A value that cannot leave its cell: what comes from a page is text, never markup."""
    text = "" if value is None else " ".join(str(value).split())
    if len(text) > most:
        text = text[: most - 1] + "…"
    return _MARKUP.sub(r"\\\g<0>", text)
