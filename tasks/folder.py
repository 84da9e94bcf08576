"""Files on this machine: which there are below a folder, and what one holds. Reads names and bytes, decides nothing
else: what a file means is not asked here, and no file is ever written.
"""

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
    """A file of a folder. ``name`` is its path from the folder; ``digest`` changes when its size or modification time
    does."""

    path: Path
    name: str
    size_bytes: int
    digest: str

    @property
    def url(self) -> str:
        """The file as a ``file:`` URL."""
        return self.path.absolute().as_uri()

    def is_one_of(self, suffixes: tuple[str, ...]) -> bool:
        """True where its name ends in one of these, in whatever case."""
        return self.name.lower().endswith(suffixes)


def path_of(url: str) -> Path:
    """The path that a ``file:`` URL names; a fragment is no part of it."""
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))


def list_folder(url: str, suffixes: tuple[str, ...], *, after: str | None = None) -> Iterator[ListedFile | Terminal]:
    """The files below a folder (a ``file:`` URL) whose names end in one of ``suffixes``, in the order of their names,
    folder by folder; hidden ones left out, those after the one named ``after`` where that is given. The URL of a file
    gives that file.

    A :class:`Terminal` ``folder_unreadable`` stands for a folder within that cannot be read; a file that vanishes
    meanwhile is not listed. Raises Terminal ``folder_missing`` where the folder is not there or cannot be read.
    """
    root = path_of(url)
    if root.is_file():
        listed = _file(root, root.name)
        if listed is not None and (after is None or listed.name > after):
            yield listed
        return
    if not root.is_dir() or not os.access(root, os.R_OK | os.X_OK):
        raise Terminal("folder_missing", f"{root} is not a folder that can be read; correct the source's url.")
    passed = tuple(after.split("/")) if after is not None else ()
    waiting = [(root, False)]  # depth first, names that sort first on top
    while waiting:
        path, is_listed = waiting.pop()
        if is_listed:
            listed = _file(path, _name(path, root))
            if listed is not None:
                yield listed
            continue
        try:
            with os.scandir(path) as found:
                inner = [(Path(entry), not entry.is_dir(follow_symlinks=False)) for entry in found]
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Terminal(
                "folder_unreadable", f"{path} cannot be read ({error.strerror}); mend its permissions and run again."
            )
            continue
        waiting += sorted(
            (item for item in inner if _is_wanted(item, root, suffixes, passed)), key=lambda i: i[0].name, reverse=True
        )


def _is_wanted(item: tuple[Path, bool], root: Path, suffixes: tuple[str, ...], passed: tuple[str, ...]) -> bool:
    path, is_listed = item
    if path.name.startswith("."):
        return False
    parts = tuple(_name(path, root).split("/"))
    if is_listed:
        return path.name.lower().endswith(suffixes) and parts > passed
    return parts >= passed[: len(parts)]


def _name(path: Path, root: Path) -> str:
    # Names that are not UTF-8 would not go into JSON or Parquet as Python holds them.
    return os.fsencode(path.relative_to(root)).decode("utf-8", "backslashreplace")


def _file(path: Path, name: str) -> ListedFile | None:
    try:
        if not path.is_file():
            return None
        state = path.stat()
    except OSError:
        return None
    told = f"{state.st_size} {state.st_mtime_ns}"
    return ListedFile(
        path=path, name=name, size_bytes=state.st_size, digest=hashlib.sha256(told.encode()).hexdigest()[:32]
    )


def read_file(url: str) -> bytes:
    """The bytes of a file; raises Terminal ``file_unreadable`` or ``body_too_large`` (over ``FILE_BYTES``)."""
    path = path_of(url)
    try:
        with open(path, "rb") as file:
            body = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(body) > FILE_BYTES:
        raise Terminal("body_too_large", f"{path} has more than {FILE_BYTES} bytes; split it.")
    return body


def unreadable(path: Path, error: OSError) -> Terminal:
    """The fault of a file that cannot be read."""
    return Terminal("file_unreadable", f"{path} cannot be read ({error.strerror}); mend it and run again.")
