"""What lies on this machine: folders, lines of JSON, archives and lists, where reading goes on, and the bytes."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks import jsonl, listing
from tasks.errors import Terminal
from tasks.listing import Listing, LocalFilter, is_exhausted, list_local, local_kind, read_local
from tests.unit.test_warc import numbered
from tests.unit.test_warc import write as write_warc
from warehouse.model import Source

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def source(path: Path, kind: str, position: str | None = None) -> Source:
    return Source(source_id="s", kind=kind, url=path.as_uri(), added_at=NOW, language="en", position=position)


def listed(path: Path, kind: str, position: str | None = None, most: int = 100, **wanted) -> Listing:
    return list_local(source(path, kind, position), NOW, most=most, wanted=LocalFilter(**wanted))


def told(found: Listing) -> list[str]:
    """The ends of the addresses, and the reasons of the drops."""
    return [entry.reason or entry.url.rsplit("/", 1)[-1] for entry in found.entries]


def pieces(path: Path, kind: str, most: int) -> list[list[str]]:
    """What call after call gives, until all is listed."""
    position, found = None, []
    while not is_exhausted(position):
        piece = listed(path, kind, position, most)
        assert len(piece.entries) <= most
        position = piece.position
        found.append(told(piece))
        assert len(found) < 50
    return found


def line(number: int, **more) -> str:
    return json.dumps({"url": f"https://gazette.example/{number}", "text": "The ferry sails.\n\nAgain."} | more)


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    return path


def archive(path: Path, numbers: Sequence[int]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_warc(path, *(numbered(number) for number in numbers))


@pytest.fixture(params=["warc", "json", "list"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """Two files of four and three entries, of each form that holds many, and their kind."""
    if request.param == "warc":
        archive(tmp_path / "a.warc.gz", range(1, 5)), archive(tmp_path / "b" / "c.warc", range(5, 8))
        return tmp_path, "warc"
    if request.param == "json":
        write(tmp_path / "a.jsonl", *map(line, range(1, 5))), write(tmp_path / "b" / "c.ndjson", *map(line, (5, 6, 7)))
        return tmp_path, "folder"
    write(tmp_path / "a.txt", *(f"https://gazette.example/{number}" for number in range(1, 5)))
    write(tmp_path / "b" / "c.txt", *(f"https://gazette.example/{number}" for number in range(5, 8)))
    return tmp_path, "list"


@pytest.mark.parametrize("most", [1, 2, 4, 7, 100])
def test_reading_goes_on_where_it_stopped_whatever_the_pieces(shelf, most):
    found = pieces(*shelf, most)
    assert [name for piece in found for name in piece] == list("1234567")
    assert all(len(piece) == most for piece in found[:-2])


def test_what_is_read_to_its_end_is_not_read_again_and_what_grows_is_read_on(shelf):
    folder, kind = shelf
    first = listed(folder, kind)
    again = listed(folder, kind, first.position)
    assert (told(again), again.unlisted, is_exhausted(again.position)) == ([], {}, True)
    (grown,) = folder.glob("a.*")
    other = folder.parent / "more" / grown.name
    if kind == "warc":
        archive(other, [8])
    else:
        write(other, line(8) if kind == "folder" else "https://gazette.example/8")
    with open(grown, "ab") as file:
        file.write(other.read_bytes())
    third = listed(folder, kind, again.position)
    assert told(third) == ["8"]
    grown.write_bytes(other.read_bytes())
    assert told(listed(folder, kind, third.position)) == ["8"], "it is another file by now"


def test_a_new_file_is_found_wherever_it_sorts(shelf):
    folder, kind = shelf
    position = listed(folder, kind).position
    (old,) = folder.glob("a.*")
    old.rename(folder / f"A{old.name}")
    assert told(listed(folder, kind, position)) == list("1234")


def test_other_records_wanted_begin_anew(tmp_path):
    path = archive(tmp_path / "a.warc.gz", [1, 2])
    outside = listed(path, "warc", since=NOW)
    assert (told(outside), outside.unlisted) == ([], {"outside_window": 2})
    assert told(listed(path, "warc", outside.position, until=NOW)) == ["1", "2"]
    assert listed(path, "warc", hosts=("gazette.test", "zette.example")).unlisted == {"other_host": 2}
    assert told(listed(path, "warc", hosts=("Gazette.example",))) == ["1", "2"]
    assert told(listed(path, "warc", hosts=("example",))) == ["1", "2"]


def test_records_that_are_no_pages_are_counted_and_bound_a_call(tmp_path, monkeypatch):
    write_warc(tmp_path / "a.warc.gz", *(numbered(number, kind=b"revisit") for number in range(5)), numbered(6))
    whole = listed(tmp_path, "warc")
    assert (told(whole), whole.unlisted) == (["6"], {"known": 5})
    monkeypatch.setattr(listing, "LOOKED_AT", 3)
    first = listed(tmp_path, "warc")
    assert (told(first), first.unlisted, is_exhausted(first.position)) == ([], {"known": 3}, False)
    assert told(listed(tmp_path, "warc", first.position)) == ["6"]


def test_a_damaged_archive_is_told_once_and_the_others_are_read(tmp_path):
    path = archive(tmp_path / "a.warc.gz", range(1, 9))
    data = bytearray(path.read_bytes())
    for place in (len(data) // 2, len(data) * 3 // 4):
        data[place : place + 8] = bytes(8)
    path.write_bytes(data)
    archive(tmp_path / "b.warc.gz", [9])
    (tmp_path / "c.warc.gz").symlink_to("/proc/self/mem")  # there, and cannot be read
    found = listed(tmp_path, "warc")
    names = told(found)
    assert names.count("archive_damaged") <= 2 and "archive_damaged" in names and "9" in names
    assert len([name for name in names if name.isdigit()]) >= 7
    fault = next(entry for entry in found.entries if entry.reason == "archive_damaged")
    assert fault.batch == 0 and str(path) in fault.message


def test_an_entry_of_an_archive_is_read_at_its_place(tmp_path):
    first, second = listed(archive(tmp_path / "no#1 é.warc.gz", [1, 2]), "warc").entries
    body = read_local(second)
    assert (body.final_url, body.status, body.content_type) == (second.url, 200, "text/html; charset=utf-8")
    assert body.body.startswith(b"<html>") and body.fetched_at == datetime(2016, 8, 26, 12, tzinfo=UTC)
    assert (first.kind, first.language, first.batch) == ("page", "en", 1) and first.digest != second.digest[:5]
    archive(tmp_path / "no#1 é.warc.gz", [3, 4])
    with pytest.raises(Terminal) as caught:
        read_local(second)
    assert caught.value.reason == "record_gone"


def test_a_line_of_json_is_an_article_with_what_it_says(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        line(1, title=" Ferry\n to sail ", authors=["Ada Brand", "Ada Brand", " "], published="2026-11-20", extra=[1]),
        line(2, html="<p>A page", language="de-AT", published="2026-11-20T10:00:00+01:00"),
        line(3, title=None, authors=None, published=None, language="?"),
    )
    one, two, three = listed(path, "folder").entries
    assert (one.kind, one.title, one.authors) == ("fragment", "Ferry to sail", ("Ada Brand",))
    assert one.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert read_local(one).body == b"<p>The ferry sails.</p><p>Again.</p>"
    assert (two.kind, two.language, two.published_at.hour) == ("page", "de", 9)
    assert (read_local(two).body, read_local(two).content_type) == (b"<p>A page", "text/html; charset=utf-8")
    assert (three.title, three.authors, three.published_at, three.language) == (None, (), None, "en")
    window = listed(path, "folder", since=datetime(2026, 11, 20, 5, tzinfo=UTC))
    assert (told(window), window.unlisted) == (["2"], {"outside_window": 2})


@pytest.mark.parametrize(
    "wrong, named",
    [
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("3", "object"),
        (line(1, url=None), "url"),
        (line(1, url=3), "url"),
        (line(1, url="file:///etc/passwd"), "url"),
        (line(1, text=" \n"), "text"),
        (line(1, html=["a"]), "html"),
        (line(1, published="yesterday"), "published"),
        (line(1, published="0001-01-01T00:00:00+14:00"), "published"),
        (line(1, authors="Ada"), "authors"),
        (line(1, text="x" * 500), "bytes"),
    ],
)
def test_a_line_that_is_no_article_is_a_drop_with_its_place(tmp_path, monkeypatch, wrong, named):
    monkeypatch.setattr(jsonl, "LINE_BYTES", 400 if named == "bytes" else 1_000_000)
    path = write(tmp_path / "a.jsonl", line(7), "", wrong, line(8))
    found = listed(path, "folder")
    assert told(found) == ["7", "json_line_invalid", "8"]
    fault = found.entries[1]
    assert f"{path}, line 3" in fault.message and named in fault.message and fault.batch == 0
    later = listed(path, "folder", listed(path, "folder", most=1).position)
    assert f"{path}, line 3" in later.entries[0].message, "lines are counted from the file's own start"


def test_what_no_text_can_hold_is_replaced(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"url": "https://gazette.example/1", "title": "a\\ud800b", "text": "\\udfff c"}')
    (entry,) = listed(path, "folder").entries
    assert entry.title == "a?b" and read_local(entry).body == b"<p>? c</p>"


def test_a_list_has_an_address_a_line_and_tells_what_is_none(tmp_path):
    path = tmp_path / "list"
    path.write_bytes(
        b"\xef\xbb\xbf# ours\r\n\r\nhttps://gazette.example/1\r\n  http://herald.example/2?a=1&amp;b=2 \r\nnone"
    )
    found = listed(path, "list")
    assert told(found) == ["1", "2?a=1&amp;b=2", "bad_url"]
    assert f"{path}, line 5" in found.entries[2].message and found.entries[0].location is None
    assert [entry.batch for entry in found.entries] == [1, 1, 0]


def test_a_folder_lists_its_files_each_time_and_in_pieces(tmp_path):
    for name in ("a.txt", "b.html", "c/d.txt"):
        write(tmp_path / name, "date 2026-11-20")
    first = listed(tmp_path, "folder", most=2)
    assert [entry.kind for entry in first.entries] == ["text", "page"] and not is_exhausted(first.position)
    second = listed(tmp_path, "folder", first.position)
    assert told(second) == ["d.txt"] and is_exhausted(second.position)
    third = listed(tmp_path, "folder", second.position)
    assert told(third) == ["a.txt", "b.html", "d.txt"] and third.entries[0].location is None
    assert read_local(third.entries[0]).body == b"date 2026-11-20\n"


def test_nothing_is_listed_where_nothing_may_be(tmp_path):
    archive(tmp_path / "a.warc.gz", [1])
    found = listed(tmp_path, "warc", most=0)
    assert (told(found), is_exhausted(found.position)) == ([], False)


def test_a_source_that_is_not_there_is_told(tmp_path):
    for kind in ("warc", "list", "folder"):
        with pytest.raises(Terminal) as caught:
            listed(tmp_path / "none", kind)
        assert caught.value.reason == "folder_missing"


def test_the_kind_of_a_path_is_told_by_its_name(tmp_path):
    archive(tmp_path / "news" / "2016" / "a.WARC.gz", [1])
    write(tmp_path / "texts" / "a.txt")
    write(tmp_path / "urls.txt"), write(tmp_path / "a.jsonl"), write(tmp_path / "a.html")
    names = ("news", "news/2016/a.WARC.gz", "texts", "urls.txt", "a.jsonl", "a.html")
    assert [local_kind(tmp_path / name) for name in names] == ["warc", "warc", "folder", "list", "folder", "folder"]
    assert [local_kind(tmp_path / name) for name in ("none", "none.warc.gz")] == ["folder", "warc"]
