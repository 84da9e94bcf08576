"""Folders of dated text or HTML: which files there are and what they hold. Reads files, decides nothing else."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from tasks.errors import Terminal

TEXT_SUFFIXES = (".txt", ".text")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
FILE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file of a folder. ``digest`` changes when its size or modification time does."""

    url: str
    is_text: bool
    digest: str


def path_of(url: str) -> Path:
    """The path that a ``file:`` URL names."""
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))


def list_folder(url: str) -> Iterator[ListedFile]:
    """The text and HTML files below a folder (a ``file:`` URL), in the order of their names; hidden ones left out.

    Raises Terminal ``folder_missing`` where it is not there or cannot be read.
    """
    folder = path_of(url)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        raise Terminal("folder_missing", f"{folder} is not a folder that can be read; correct the source's url.")
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in TEXT_SUFFIXES + HTML_SUFFIXES or not path.is_file():
            continue
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        state = path.stat()
        told = f"{state.st_size} {state.st_mtime_ns}"
        yield ListedFile(
            url=path.absolute().as_uri(),
            is_text=path.suffix.lower() in TEXT_SUFFIXES,
            digest=hashlib.sha256(told.encode()).hexdigest()[:32],
        )


def read_file(url: str) -> bytes:
    """The bytes of a file; raises Terminal ``file_unreadable`` or ``body_too_large`` (over ``FILE_BYTES``)."""
    path = path_of(url)
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise Terminal("body_too_large", f"{path} has {size} bytes, more than {FILE_BYTES}; split it.")
        return path.read_bytes()
    except OSError as error:
        raise Terminal(
            "file_unreadable", f"{path} cannot be read ({error.strerror}); mend it and run again."
        ) from error
