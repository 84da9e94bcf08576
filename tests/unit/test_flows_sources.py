"""sources.toml: read with every fault at once, added to without losing a comment, OPML in and out."""

from pathlib import Path

import pytest

from flows.sources import (
    SourceEntry,
    add_source,
    archive_source,
    export_opml,
    import_opml,
    known_sources,
    load_sources,
)
from tasks.errors import Terminal

LISTED = """\
# The desk's own list. Ask Ada before you change it.

[[source]]
url = "https://gazette.example/feed.xml"  # slow on Sundays
tags = ["world"]

[[source]]
id = "clippings"
url = "clips"
kind = "folder"
enabled = false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(LISTED, encoding="utf-8")
    return path


def fault(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Terminal) as caught:
        load_sources(path)
    assert caught.value.reason == "sources_invalid"
    return str(caught.value)


def test_sources_are_read_in_their_order(file):
    feed, folder = load_sources(file)
    assert (feed.kind, feed.url) == ("feed", "https://gazette.example/feed.xml")
    assert (feed.tags, feed.enabled) == (("world",), True)
    assert feed.source_id.startswith("gazette.example-")
    assert (folder.source_id, folder.kind, folder.enabled) == ("clippings", "folder", False)
    assert folder.url == (file.parent / "clips").as_uri()


def test_an_id_is_made_from_the_address_and_stays(file):
    first, again = load_sources(file)[0], load_sources(file)[0]
    assert first.source_id == again.source_id
    file.write_text(LISTED.replace("feed.xml", "other.xml"))
    assert load_sources(file)[0].source_id != first.source_id


def test_a_missing_file_is_told_with_its_remedy(tmp_path):
    with pytest.raises(Terminal) as caught:
        load_sources(tmp_path / "none.toml")
    assert caught.value.reason == "sources_missing"
    assert "none.toml" in str(caught.value) and "dateline init" in str(caught.value)


def test_every_fault_is_told_at_once(file):
    told = fault(
        file,
        'feeds = 1\n[[source]]\nurl = "ftp://a.example/"\n[[source]]\nurl = "https://b.example/"\nkinds = "feed"\n'
        'language = "English"\n[[source]]\nkind = "podcast"\n[[source]]\nurl = "https://c.example/"\nzzz = 1\n',
    )
    lines = told.splitlines()
    assert all(line.startswith(f"{file}: ") for line in lines)
    for parts in (
        ("feeds is not known here", "[[source]]"),
        ("source 1", "ftp://a.example/", "http://"),
        ("source 2 (https://b.example/)", "kinds", "did you mean kind?"),
        ("source 2 (https://b.example/)", "language", "'English'"),
        ("source 3", "url"),
        ("source 3", "kind", "'podcast'", "folder"),
        ("source 4", "zzz", "known here: url"),
    ):
        assert [line for line in lines if all(part in line for part in parts)], parts
    assert len(lines) == 7


def test_the_same_source_twice_is_a_fault(file):
    assert "listed twice" in fault(file, '[[source]]\nurl = "https://a.example/"\n' * 2)


@pytest.mark.parametrize("text", [b"[[source\n", b"\xff", b"[source]\nurl = 'https://a.example/'\n", b"source = 3\n"])
def test_what_is_not_a_list_of_sources_is_a_fault(file, text):
    assert str(file) in fault(file, text)


def test_adding_keeps_every_comment(file):
    added = add_source(file, SourceEntry(url="https://herald.example/rss", title="Der “Bote”", tags=("a", "b")))
    text = file.read_text(encoding="utf-8")
    assert text.startswith(LISTED.rstrip("\n"))
    loaded = load_sources(file)[2]
    assert (loaded.source_id, loaded.title, loaded.tags) == (added.source_id, "Der “Bote”", ("a", "b"))


def test_adding_makes_the_file_where_there_is_none(tmp_path):
    add_source(tmp_path / "new.toml", SourceEntry(url="https://a.example/"))
    assert [source.url for source in load_sources(tmp_path / "new.toml")] == ["https://a.example/"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (SourceEntry(url="https://gazette.example/feed.xml"), "source_known"),
        (SourceEntry(url="https://new.example/", id="clippings"), "source_known"),
        (SourceEntry(url="no address"), "source_invalid"),
        (SourceEntry(url="https://"), "source_invalid"),
    ],
)
def test_what_is_there_already_or_no_address_is_not_added(file, entry, reason):
    with pytest.raises(Terminal) as caught:
        add_source(file, entry)
    assert caught.value.reason == reason and entry.url in str(caught.value)
    assert file.read_text(encoding="utf-8") == LISTED


OPML = b"""<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="World">
    <outline type="rss" text="Gazette" xmlUrl="https://gazette.example/feed.xml"/>
    <outline type="rss" text="Herald &amp; Post" xmlUrl="https://herald.example/rss"/>
  </outline>
  <outline type="rss" text="Herald again" xmlUrl="https://herald.example/rss"/>
</body></opml>"""


def test_importing_opml_adds_what_is_new_once(file):
    added, known, faults = import_opml(file, OPML)
    assert faults == ()
    assert [source.url for source in added] == ["https://herald.example/rss"]
    assert known in (1, 2)  # the reader of OPML may fold the repeated feed itself
    assert len(load_sources(file)) == 3 and file.read_text().startswith(LISTED.rstrip("\n"))
    assert load_sources(file)[2].title == "Herald & Post" and load_sources(file)[2].tags == ("World",)
    assert import_opml(file, OPML)[0] == []


@pytest.mark.parametrize("opml", [b"", b"<html/>", b"\x00", b"not XML"])
def test_opml_that_cannot_be_read_changes_nothing(file, opml):
    with pytest.raises(Terminal) as caught:
        import_opml(file, opml)
    assert caught.value.reason == "opml_malformed"
    assert file.read_text(encoding="utf-8") == LISTED


def test_an_outline_without_a_web_address_is_no_feed(file):
    added, known, faults = import_opml(file, OPML.replace(b"https://herald.example/rss", b"file:///etc/passwd"))
    assert (added, known) == ([], 1)
    assert "no http(s) address" in faults[0] and "2 times" in faults[0] and "file:///etc/passwd" in faults[0]
    assert file.read_text(encoding="utf-8") == LISTED


def test_what_is_exported_can_be_imported(file, tmp_path):
    import_opml(file, OPML)
    opml = export_opml(load_sources(file))
    other = tmp_path / "other.toml"
    added, known, _ = import_opml(other, opml)
    assert known == 0
    feeds = [source for source in load_sources(file) if source.kind == "feed"]
    assert [(s.source_id, s.url) for s in added] == [(s.source_id, s.url) for s in feeds]


def test_what_lies_on_this_machine_is_named_from_the_file(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nurl = "crawls"\nkind = "warc"\n[[source]]\nurl = "../urls.txt"\nkind = "list"\n')
    crawls, urls = load_sources(path)
    assert (crawls.kind, crawls.url) == ("warc", (tmp_path / "crawls").as_uri())
    assert (urls.kind, urls.url) == ("list", (tmp_path.parent / "urls.txt").as_uri())


def test_an_archive_is_the_source_of_its_address_or_one_of_its_own(file):
    _, folder = configured = load_sources(file)
    assert archive_source(file.parent / "clips", configured) is folder
    urls = file.parent / "urls.txt"
    urls.write_text("https://gazette.example/1\n")
    other = archive_source(urls, configured)
    assert (other.kind, other.url, archive_source(urls, []).source_id) == ("list", urls.as_uri(), other.source_id)
    with pytest.raises(Terminal) as caught:
        archive_source(file.parent / "none", configured)
    assert caught.value.reason == "folder_missing"


def test_only_sources_that_there_are_can_be_named(file):
    feed, folder = configured = load_sources(file)
    assert known_sources(configured, [folder.source_id, folder.source_id], file) == [folder]
    with pytest.raises(Terminal) as caught:
        known_sources(configured, ["herald", folder.source_id], file)
    assert caught.value.reason == "source_unknown" and "herald" in caught.value.message
