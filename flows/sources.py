"""The list of sources: ``sources.toml`` read, added to and imported into. Opens no socket and no warehouse."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.errors import Terminal
from tasks.feed import OpmlSource, read_opml, write_opml
from tasks.listing import LOCAL_KINDS, local_kind
from warehouse import model


class SourceEntry(BaseModel):
    """One ``[[source]]`` of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, description="Web address, or path of a folder or file (relative to the file).")
    kind: Literal["feed", "sitemap", "page", "list", "folder", "warc"] = "feed"
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] | None = None
    title: str | None = None
    language: Annotated[str, Field(pattern="^[a-z]{2}$")] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    tags: tuple[str, ...] = ()
    enabled: bool = True


def load_sources(path: Path) -> list[model.Source]:
    """The sources that the file lists, in its order.

    Raises Terminal ``sources_missing``, or ``sources_invalid`` with a line for each fault: file, number of the source,
    key and remedy.
    """
    told = _read(path)
    faults = [f"{path}: {key} is not known here; sources are listed as [[source]]." for key in told if key != "source"]
    sources: dict[str, model.Source] = {}
    rows = told.get("source", [])
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        try:
            source = _source(SourceEntry.model_validate(row), path)
        except ValidationError as invalid:
            faults += [_sentence(path, number, row, fault) for fault in invalid.errors()]
        except ValueError as invalid:
            faults.append(f"{path}: source {number}: {invalid}")
        else:
            if source.source_id in sources:
                faults.append(
                    f"{path}: source {number}: {source.source_id} is listed twice; give one of them its own id."
                )
            sources[source.source_id] = source
    if not isinstance(rows, list):
        faults.append(f"{path}: source is a table; write [[source]] with two brackets.")
    if faults:
        raise Terminal("sources_invalid", "\n".join(faults))
    return list(sources.values())


def add_source(path: Path, entry: SourceEntry) -> model.Source:
    """Append a source to the file, its comments kept; raises Terminal ``source_known`` where it is there already."""
    known = load_sources(path) if path.exists() else []
    source = _checked(entry, path)
    if any(source.source_id == other.source_id or source.url == other.url for other in known):
        raise Terminal("source_known", f"{path} has {entry.url} already ({source.source_id}); nothing was added.")
    _append(path, [entry])
    return source


def import_opml(path: Path, opml: bytes) -> tuple[list[model.Source], int, tuple[str, ...]]:
    """Append the feeds of an OPML list; returns those added, how many were there already, and what the list has that
    is no feed, a sentence each.

    Raises Terminal ``opml_malformed``.
    """
    known = load_sources(path) if path.exists() else []
    urls, names = {source.url for source in known}, {source.source_id for source in known}
    entries, added, skipped = [], [], 0
    told = read_opml(opml)
    for item in told.sources:
        entry = SourceEntry(url=item.feed_url, title=item.title, tags=item.tags)
        source = _checked(entry, path)
        if source.url in urls or source.source_id in names:
            skipped += 1
            continue
        urls.add(source.url), names.add(source.source_id)
        entries.append(entry), added.append(source)
    if entries:
        _append(path, entries)
    return added, skipped, told.faults


def known_sources(configured: Sequence[model.Source], names: Sequence[str], path: Path) -> list[model.Source]:
    """The sources of these ids; raises Terminal ``source_unknown``, which names ``path``, for one that is not there."""
    by_id = {source.source_id: source for source in configured}
    if unknown := set(names) - set(by_id):
        raise Terminal(
            "source_unknown",
            f"{path} has no source {', '.join(sorted(unknown))}; `dateline sources list` shows those that there are.",
        )
    return [by_id[name] for name in dict.fromkeys(names)]


def archive_source(path: Path, configured: Sequence[model.Source]) -> model.Source:
    """What lies at a path as a source: the configured one of that address, else one of the kind that its name tells.

    Raises Terminal ``folder_missing`` where nothing is there.
    """
    path = path.expanduser().resolve()
    known = next((source for source in configured if source.url == path.as_uri()), None)
    if known is None and not path.exists():
        raise Terminal("folder_missing", f"{path} is not there; name a web archive, a list of addresses or a folder.")
    return known or _source(SourceEntry(url=str(path), kind=local_kind(path)), path)


def export_opml(sources: Sequence[model.Source]) -> bytes:
    """The feeds among the sources as an OPML list."""
    return write_opml([OpmlSource(feed_url=s.url, title=s.title, tags=s.tags) for s in sources if s.kind == "feed"])


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Terminal(
            "sources_missing", f"{path} is not there. Make it with `dateline init`, or name it as sources_file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Terminal("sources_invalid", f"{path}: not valid TOML: {error}. Mend that line.") from error
    except OSError as error:
        raise Terminal("sources_invalid", f"{path} cannot be read ({error.strerror}). Mend its permissions.") from error


def _checked(entry: SourceEntry, path: Path) -> model.Source:
    try:
        return _source(entry, path)
    except ValueError as invalid:
        raise Terminal("source_invalid", f"{entry.url}: {invalid}") from invalid


def _source(entry: SourceEntry, path: Path) -> model.Source:
    if entry.kind in LOCAL_KINDS:
        local = (path.parent / Path(entry.url.removeprefix("file://")).expanduser()).resolve()
        url, name = local.as_uri(), local.name
    else:
        parts = urlsplit(entry.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{entry.url!r} is not a web address; it must begin with http:// or https://.")
        url, name = entry.url, parts.hostname
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.") or "source"
    return model.Source(
        source_id=entry.id or f"{slug[:48]}-{hashlib.sha256(url.encode()).hexdigest()[:6]}",
        kind=entry.kind,
        url=url,
        title=entry.title,
        language=entry.language,
        country=entry.country,
        tags=entry.tags,
        enabled=entry.enabled,
        added_at=datetime.now(UTC),
    )


def _sentence(path: Path, number: int, row: object, fault: dict) -> str:
    named = f" ({row['url']})" if isinstance(row, dict) and isinstance(row.get("url"), str) else ""
    key = str(fault["loc"][0]) if fault["loc"] else "source"
    where = f"{path}: source {number}{named}: {key}"
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(key, SourceEntry.model_fields, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(SourceEntry.model_fields)}."
        return f"{where} is not a key; {remedy}"
    return f"{where} = {fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}."


def _append(path: Path, entries: Sequence[SourceEntry]) -> None:
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    if "source" not in document:
        document["source"] = tomlkit.aot()
    for entry in entries:
        table = tomlkit.table()
        for key, value in entry.model_dump(exclude_defaults=True, mode="json").items():
            table[key] = value
        document["source"].append(table)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
