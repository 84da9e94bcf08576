"""What lies on this machine → entries, and later the bytes of one: folders of texts, pages and lines of JSON, web
archives, lists of addresses.

Reads files and nothing else; remembers nothing but the position that it is handed and hands back. What is known of an
entry already, and what a page says, is not asked here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from tasks import jsonl
from tasks.errors import DatelineError, Terminal
from tasks.folder import (
    HTML_SUFFIXES,
    TEXT_SUFFIXES,
    ListedFile,
    list_folder,
    path_of,
    read_file,
    unreadable,
)
from tasks.likeness import canonical_url
from tasks.warc import WarcSkip, read_page, records
from warehouse.model import Source
from warehouse.staged import StagedEntry

LOCAL_KINDS = ("folder", "warc", "list")
JSON_SUFFIXES = (".jsonl", ".ndjson")
WARC_SUFFIXES = (".warc", ".warc.gz")
LOOKED_AT = 100_000  # records that one call passes over: then it ends, so that its position is kept

_SUFFIXES = {"folder": TEXT_SUFFIXES + HTML_SUFFIXES + JSON_SUFFIXES, "warc": WARC_SUFFIXES, "list": TEXT_SUFFIXES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source of this machine lists. ``position`` is where the next call goes on; ``unlisted`` counts by reason
    what is no entry."""

    entries: list[StagedEntry]
    position: str
    unlisted: Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalBody:
    """The bytes of an entry of this machine, and what is known of how they were fetched."""

    body: bytes
    final_url: str
    fetched_at: datetime
    status: int | None
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFilter:
    """Which records are wanted: those of [since, until), fetched (WARC) or published (JSON) then, and of these hosts
    and their subdomains; all where nothing is set. Files and lists tell no time and are taken whatever it is."""

    since: datetime | None = None
    until: datetime | None = None
    hosts: tuple[str, ...] = ()

    def leaves_out(self, canonical_url: str, told_at: datetime | None) -> str | None:
        """The reason for which a record is not wanted, None where it is."""
        reason = None
        is_late = self.until and told_at and told_at >= self.until
        if (self.since and (not told_at or told_at < self.since)) or (self.until and not told_at) or is_late:
            reason = "outside_window"
        elif self.leaves_out_host(canonical_url):
            reason = "other_host"
        return reason

    def leaves_out_host(self, canonical_url: str) -> bool:
        """True where the address is of none of the hosts."""
        host = f".{urlsplit(canonical_url).hostname}"
        return bool(self.hosts) and not any(host.endswith(f".{wanted.lower()}") for wanted in self.hosts)

    def __str__(self) -> str:
        return f"{self.since or ''}/{self.until or ''} {' '.join(sorted(self.hosts))}".strip()


@dataclass(slots=True, kw_only=True)
class _Position:
    """Where reading goes on, which JSON can hold.

    ``after`` names the last file of this round that is done, None = none is; ``is_whole`` says that the round came to
    its end, and the next begins anew. ``files`` has by name, for those that hold many records, where to go on in it,
    and the size at which it was read to its end (None = it was not): the same size means that there is nothing new.
    """

    wanted: str
    after: str | None = None
    is_whole: bool = False
    files: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, told: str | None, wanted: str) -> "_Position":
        """The position that was handed back; a fresh one where other records are wanted now."""
        found = json.loads(told) if told else {}
        if found.get("wanted") != wanted:
            return cls(wanted=wanted)
        return cls(wanted=wanted, after=found["after"], files=found["files"])

    def start(self, file: ListedFile) -> int | None:
        """The offset from which a file is read, None where it has nothing new."""
        offset, size_bytes = self.files.get(file.name, (0, None))
        if size_bytes == file.size_bytes:
            return None
        return offset if offset <= file.size_bytes else 0

    def __str__(self) -> str:
        return json.dumps(asdict(self))


def is_exhausted(position: str | None) -> bool:
    """True where the last call came to the end of all that there is."""
    return position is not None and json.loads(position)["is_whole"]


def list_local(source: Source, now: datetime, *, most: int, wanted: LocalFilter = LocalFilter()) -> Listing:
    """The entries of a source of this machine, ``most`` at most, from ``source.position`` on.

    A file, a line or a stretch of an archive that cannot be read is an entry that is a drop, with its reason and a
    sentence. Files of many records are read on where they have grown; those read to their end are passed over. Raises
    Terminal ``folder_missing`` where the source is not there, ``file_unreadable``.
    """
    position = _Position.of(source.position, str(wanted))
    listing = Listing(entries=[], position="", unlisted=Counter())
    for file in list_folder(source.url, _SUFFIXES[source.kind], after=position.after):
        if isinstance(file, Terminal):
            listing.entries.append(_dropped(source, now, source.url, file))
            continue
        if _is_full(listing, most):
            break
        if source.kind == "folder" and not file.is_one_of(JSON_SUFFIXES):
            listing.entries.append(_whole_file(source, now, file))
        elif (start := position.start(file)) is not None:
            position.files[file.name] = _read_on(source, now, file, start, wanted, listing, most)
            if position.files[file.name][1] is None:
                break
        position.after = file.name
    else:
        position.after, position.is_whole = None, True
    return replace(listing, position=str(position))


def _is_full(listing: Listing, most: int) -> bool:
    return len(listing.entries) >= most or listing.unlisted.total() >= LOOKED_AT


def _read_on(
    source: Source,
    now: datetime,
    file: ListedFile,
    start: int,
    wanted: LocalFilter,
    listing: Listing,
    most: int,
) -> tuple[int, int | None]:
    """List what a file of many records holds from ``start`` on; returns where to go on, and its size where it was read
    to its end."""
    is_told = False  # of each file one fault is told, the others are of its kind
    read = _READERS["warc" if source.kind == "warc" else "folder" if file.is_one_of(JSON_SUFFIXES) else "list"]
    try:
        for offset, found in read(source, now, file, start, wanted):
            if isinstance(found, Terminal):  # has no place of its own to go on from
                if not is_told:
                    listing.entries.append(_dropped(source, now, file.url, found, digest=file.digest))
                is_told = True
            elif _is_full(listing, most):
                return offset, None
            elif isinstance(found, StagedEntry):
                listing.entries.append(found)
            else:
                listing.unlisted[found] += 1
    except Terminal as error:
        listing.entries.append(_dropped(source, now, file.url, error, digest=file.digest))
    return file.size_bytes, file.size_bytes


_Found = tuple[int, StagedEntry | str | Terminal]


def _read_warc(source: Source, now: datetime, file: ListedFile, start: int, wanted: LocalFilter) -> Iterator[_Found]:
    offset = start
    for record in records(file.path, start):
        if isinstance(record, Terminal):
            yield offset, record
            continue
        offset = record.offset
        if isinstance(record, WarcSkip):
            yield offset, record.reason
            continue
        try:
            canonical = canonical_url(record.url)
        except DatelineError as error:
            yield offset, error.reason
            continue
        if reason := wanted.leaves_out(canonical, record.fetched_at):
            yield offset, reason
            continue
        entry = _entry(source, now, record.url, canonical, record.digest)
        yield offset, replace(entry, location=f"{file.url}#{offset}")


def _read_json(source: Source, now: datetime, file: ListedFile, start: int, wanted: LocalFilter) -> Iterator[_Found]:
    for number, offset, line in _lines(file.path, start):
        if not line.strip():
            continue
        try:
            article = jsonl.read_line(line, place=f"{file.path}, line {number}")
        except Terminal as error:
            yield offset, _dropped(source, now, f"{file.url}#{offset}", error, digest=_digest(line))
            continue
        if reason := wanted.leaves_out(article.canonical_url, article.published_at):
            yield offset, reason
            continue
        entry = _entry(source, now, article.url, article.canonical_url, _digest(line))
        yield (
            offset,
            replace(
                entry,
                kind="page" if article.is_page else "fragment",
                title=article.title,
                authors=article.authors,
                published_at=article.published_at,
                language=article.language or source.language,
                location=f"{file.url}#{offset}",
            ),
        )


def _read_list(source: Source, now: datetime, file: ListedFile, start: int, wanted: LocalFilter) -> Iterator[_Found]:
    for number, offset, line in _lines(file.path, start):
        url = line.decode("utf-8", "replace").lstrip("\ufeff").strip()
        if not url or url.startswith("#"):
            continue
        try:
            canonical = canonical_url(url)
        except DatelineError:
            fault = Terminal(
                "bad_url", f"{file.path}, line {number} is no web address ({url[:80]!r}); mend it or put # before it."
            )
            yield offset, _dropped(source, now, f"{file.url}#{offset}", fault, digest=_digest(line))
            continue
        if wanted.leaves_out_host(canonical):
            yield offset, "other_host"
        else:
            yield offset, _entry(source, now, url, canonical, url)


_READERS = {"warc": _read_warc, "folder": _read_json, "list": _read_list}


def _lines(path: Path, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, offset and bytes of each line from ``start`` on, without its end; of one over ``LINE_BYTES`` the head,
    which is no line that any reader takes. Where no line begins at ``start``, the file is another one by now and is
    read whole."""
    try:
        with open(path, "rb") as file:
            number = _line_number(file, start)
            if number is None:
                file.seek(0)
                number = 1
            while line := file.readline(jsonl.LINE_BYTES + 1):
                offset = file.tell() - len(line)
                while not line.endswith(b"\n") and (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
                    pass
                yield number, offset, line
                number += 1
    except OSError as error:
        raise unreadable(path, error) from error


def _line_number(file: BinaryIO, start: int) -> int | None:
    """The number of the line that begins at ``start``, and the file placed there; None where none does."""
    number, left, last = 1, start, b"\n"
    while left > 0 and (chunk := file.read(min(left, 1 << 20))):
        number += chunk.count(b"\n")
        left -= len(chunk)
        last = chunk[-1:]
    return number if last == b"\n" and left == 0 else None


def _digest(told: str | bytes) -> str:
    return hashlib.sha256(told if isinstance(told, bytes) else told.encode()).hexdigest()[:32]


def _entry(source: Source, now: datetime, url: str, canonical: str, told: str) -> StagedEntry:
    return StagedEntry(
        entry_id=0,
        batch=1,
        source_id=source.source_id,
        kind="page",
        url=url,
        canonical_url=canonical,
        language=source.language,
        digest=_digest(told),
        seen_at=now,
    )


def _whole_file(source: Source, now: datetime, file: ListedFile) -> StagedEntry:
    entry = _entry(source, now, file.url, file.url, "")
    return replace(entry, kind="text" if file.is_one_of(TEXT_SUFFIXES) else "page", digest=file.digest)


def _dropped(source: Source, now: datetime, url: str, error: Terminal, digest: str = "") -> StagedEntry:
    """The row of what cannot be read; known again, so that it is told once, while nothing about it changes."""
    entry = _entry(source, now, url, url, f"{error.message}\n{digest}")
    return replace(entry, batch=0, reason=error.reason, message=error.message)


def read_local(entry: StagedEntry) -> LocalBody:
    """The bytes of an entry that lies on this machine: at ``entry.location``, else the file that its address names.

    Raises Terminal ``file_unreadable``, ``body_too_large``; of an archive also ``record_gone`` where something else
    lies there by now, ``decoded_too_large`` and ``bad_encoding``; of a line also ``json_line_invalid``.
    """
    if entry.location is None:
        return LocalBody(
            body=read_file(entry.url),
            final_url=entry.url,
            fetched_at=datetime.now(UTC),
            status=None,
            content_type=None,
        )
    path, offset = path_of(entry.location), int(urlsplit(entry.location).fragment)
    if path.name.lower().endswith(WARC_SUFFIXES):
        page = read_page(path, offset)
        body = LocalBody(
            body=page.body,
            final_url=page.url,
            fetched_at=page.fetched_at,
            status=page.status,
            content_type=page.content_type,
        )
    else:
        article = jsonl.read_line(_line_at(path, offset), place=f"{path}, byte {offset}")
        body = LocalBody(
            body=article.html.encode(),
            final_url=article.url,
            fetched_at=datetime.now(UTC),
            status=None,
            content_type="text/html; charset=utf-8",
        )
    if body.final_url != entry.url:
        raise Terminal(
            "record_gone", f"{path} has no {entry.url} at byte {offset} any more; put the file back and run again."
        )
    return body


def _line_at(path: Path, offset: int) -> bytes:
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            return file.readline(jsonl.LINE_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error


def local_kind(path: Path) -> str:
    """The kind of source that a path is, by its name: ``warc`` for a web archive or a folder with one in it,
    ``list`` for any other file that is no page and no lines of JSON, else ``folder``.

    Raises Terminal ``folder_missing``.
    """
    if path.is_dir():
        found = list_folder(path.absolute().as_uri(), WARC_SUFFIXES)
        return "warc" if any(isinstance(file, ListedFile) for file in found) else "folder"
    if path.name.lower().endswith(WARC_SUFFIXES):
        return "warc"
    is_list = path.is_file() and not path.name.lower().endswith(HTML_SUFFIXES + JSON_SUFFIXES)
    return "list" if is_list else "folder"
