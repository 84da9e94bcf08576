"""Faults of the disk, told as sentences. Nothing here reads or writes."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import Terminal

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST)


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written to into a sentence that names ``path``.

    Raises :class:`Terminal` ``disk_full`` or ``folder_not_writable``; other errors pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(path) from error
        if error.errno in _NOT_WRITABLE:
            raise not_writable(path, error.strerror) from error
        raise


def disk_full(path: Path) -> Terminal:
    """The fault of a disk that has no room for ``path``."""
    return Terminal(
        "disk_full",
        f"No space is left for {path}. Free some, or name another data_folder, and run again: "
        "what has landed is safe, and the rest is taken up again.",
    )


def not_writable(path: Path, told: str) -> Terminal:
    """The fault of a folder or file that cannot be written to."""
    return Terminal(
        "folder_not_writable",
        f"{path.parent} cannot be written to ({told}). Mend that, or name another data_folder.",
    )
