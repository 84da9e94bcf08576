"""Files on this machine: which are listed, when one counts as changed, and what cannot be read."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from tasks import folder as room
from tasks.errors import Terminal
from tasks.folder import HTML_SUFFIXES, TEXT_SUFFIXES, ListedFile, read_file


def write(path: Path, text: str = "date 2026-11-23\nA ferry sails.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def list_folder(url: str, **more) -> list[ListedFile | Terminal]:
    return list(room.list_folder(url, TEXT_SUFFIXES + HTML_SUFFIXES, **more))


def names(folder: Path, **more) -> list[str]:
    return [file.name for file in list_folder(folder.as_uri(), **more)]


def test_text_and_html_are_listed_in_the_order_of_their_names(tmp_path):
    for name in ("b.txt", "a.html", "c/d.TXT", "c/e.xhtml", "f.text", "g.HTM", "picture.png", "notes.md", "no_suffix"):
        write(tmp_path / name)
    assert names(tmp_path) == ["a.html", "b.txt", "c/d.TXT", "c/e.xhtml", "f.text", "g.HTM"]
    texts = [file.name for file in list_folder(tmp_path.as_uri()) if file.is_one_of(TEXT_SUFFIXES)]
    assert texts == ["b.txt", "c/d.TXT", "f.text"]


def test_listing_goes_on_after_the_name_that_was_last(tmp_path):
    every = ["a.html", "b.txt", "c/d.txt", "c/e/f.txt", "c/g.txt", "c.txt", "d/a.txt", "z.txt"]
    for name in every:
        write(tmp_path / name)
    assert names(tmp_path) == every
    for place, name in enumerate(every):
        assert names(tmp_path, after=name) == every[place + 1 :]
    assert names(tmp_path, after="c/b.txt") == every[2:], "the name need not be there any more"


def test_a_file_is_a_folder_of_its_own(tmp_path):
    (file,) = list_folder(write(tmp_path / "c" / "a.txt").as_uri())
    assert (file.name, file.path) == ("a.txt", tmp_path / "c" / "a.txt")
    assert list_folder(file.url, after="a.txt") == []


def test_hidden_files_and_folders_are_left_out_though_the_archive_lies_in_one(tmp_path):
    archive = tmp_path / ".archive"
    for name in (".draft.txt", ".git/x.txt", "c/.old/y.txt", "seen.txt"):
        write(archive / name)
    assert names(archive) == ["seen.txt"]


def test_what_only_looks_like_a_file_is_left_out(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    assert names(tmp_path) == []


def test_a_link_that_leads_round_in_a_circle_ends(tmp_path):
    write(tmp_path / "a.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("name", ["a b.txt", "100%.txt", "what?.txt", "no#1.txt", "été “x”.txt", "a;b.txt", "%41.txt"])
def test_a_file_of_any_name_is_read_back_by_its_address(tmp_path, name):
    write(tmp_path / name, name)
    (file,) = list_folder(tmp_path.as_uri())
    assert file.url.startswith("file:///") and " " not in file.url
    assert read_file(file.url).decode() == name


def test_a_name_that_is_not_utf_8_is_read_back_too(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(b"latin name")
    (listed,) = list_folder(tmp_path.as_uri())
    assert read_file(listed.url) == b"latin name"


def test_the_digest_follows_the_size_and_the_time_and_nothing_else(tmp_path):
    path = write(tmp_path / "a.txt", "one")

    def digest() -> str:
        (file,) = list_folder(tmp_path.as_uri())
        return file.digest

    first, state = digest(), path.stat()
    assert digest() == first
    path.write_text("onetwo")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    longer = digest()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000_000))
    assert len({first, longer, digest()}) == 3


def test_an_empty_folder_has_nothing(tmp_path):
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "none"
    with pytest.raises(Terminal) as caught:
        list_folder(path.as_uri())
    assert caught.value.reason == "folder_missing"
    assert str(path) in str(caught.value) and "url" in str(caught.value)


def test_what_vanishes_while_it_is_listed_does_not_end_it(tmp_path):
    for name in ("a.txt", "b/c.txt", "b/d.txt", "e/f.txt", "g.txt"):
        write(tmp_path / name)
    found = room.list_folder(tmp_path.as_uri(), TEXT_SUFFIXES)
    assert next(found).name == "a.txt"
    shutil.rmtree(tmp_path / "e")
    assert next(found).name == "b/c.txt"
    (tmp_path / "b" / "d.txt").unlink()
    assert [file.name for file in found] == ["g.txt"]


def test_a_file_that_is_gone_or_no_file_is_told(tmp_path):
    for path in (tmp_path / "gone.txt", tmp_path):
        with pytest.raises(Terminal) as caught:
            read_file(path.as_uri())
        assert caught.value.reason == "file_unreadable" and str(path) in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_and_a_folder_without_the_right_to_read_are_told(tmp_path):
    path = write(tmp_path / "locked" / "a.txt")
    path.chmod(0)
    with pytest.raises(Terminal) as caught:
        read_file(path.as_uri())
    assert caught.value.reason == "file_unreadable"
    path.parent.chmod(0)
    try:
        with pytest.raises(Terminal) as caught:
            list(list_folder(path.parent.as_uri()))
    finally:
        path.parent.chmod(0o700)
    assert caught.value.reason == "folder_missing"


def test_a_folder_within_that_cannot_be_read_is_told_and_the_others_are_listed(tmp_path, monkeypatch):
    for name in ("a.txt", "b/c.txt", "d.txt"):
        write(tmp_path / name)
    scandir = os.scandir

    def refused(path: Path) -> object:  # by its rights, which root does not mind
        if path == tmp_path / "b":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(room.os, "scandir", refused)
    first, fault, last = list_folder(tmp_path.as_uri())
    assert (first.name, last.name) == ("a.txt", "d.txt")
    assert fault.reason == "folder_unreadable" and str(tmp_path / "b") in fault.message


def test_a_file_over_the_bound_is_not_read(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", "0123456789")
    monkeypatch.setattr(room, "FILE_BYTES", 10)
    assert read_file(path.as_uri()) == b"0123456789"
    monkeypatch.setattr(room, "FILE_BYTES", 9)
    with pytest.raises(Terminal) as caught:
        read_file(path.as_uri())
    assert caught.value.reason == "body_too_large"
    assert str(path) in str(caught.value) and "9 bytes" in str(caught.value)
