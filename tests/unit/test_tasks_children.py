"""Which sitemaps of an index are asked: what is unchanged, too old, listed twice or beyond the bound is not."""

from datetime import UTC, datetime, timedelta

from tasks.children import CHILDREN, Children
from warehouse.model import SitemapChild

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
TODAY = NOW - timedelta(hours=2)


def child(url: str, lastmod: datetime | None = TODAY, **told) -> SitemapChild:
    return SitemapChild(
        **{
            "source_id": "gazette", "url": url, "lastmod": lastmod, "etag": '"1"', "last_modified": None,
            "listed_since": WEEK, "polled_at": NOW - timedelta(days=1),
        } | told
    )  # fmt: skip


def children(*remembered: SitemapChild, since: datetime | None = WEEK) -> Children:
    return Children("gazette", {each.url: each for each in remembered}, since)


def test_what_is_new_or_has_changed_is_asked_the_newest_first():
    known = children(child("same"), child("changed", TODAY - timedelta(days=1)))
    listed = [("undated", None), ("older", WEEK), ("same", TODAY), ("changed", TODAY), ("old", WEEK - timedelta(1))]
    assert known.choose(listed) == ["changed", "older", "undated"]
    assert (known.too_old, known.beyond_bound) == (1, 0)


def test_what_was_read_for_less_than_is_wanted_is_read_again():
    known = children(child("a"), since=WEEK - timedelta(days=300))
    assert known.usable("a") is None and known.choose([("a", TODAY)]) == ["a"]
    assert children(child("a")).usable("a") is not None and children(child("a"), since=None).usable("a") is None


def test_nothing_is_asked_twice_and_not_the_index_itself():
    known = children()
    known.met.add("index")
    assert known.choose([("index", None), ("a", None), ("a", None)]) == ["a"]
    assert known.choose([("a", None), ("b", None)]) == ["b"]


def test_beyond_the_bound_those_longest_not_asked_come_first():
    urls = [f"{number:03d}" for number in range(CHILDREN * 2 + 5)]
    remembered: dict[str, SitemapChild] = {}
    asked: list[list[str]] = []
    for run in range(3):
        known = Children("gazette", remembered, WEEK)
        asked.append(known.choose([(url, None) for url in urls]))
        assert known.beyond_bound == CHILDREN + 5
        for url in asked[-1]:
            known.taken(url, NOW + timedelta(hours=run), etag=None, last_modified=None)
        remembered = {each.url: each for each in known.memory()}
    assert asked[0] + asked[1] + asked[2][:5] == urls


def test_what_is_remembered_is_what_is_listed_still():
    known = children(child("a"), child("b"), child("gone"))
    known.choose([("a", TODAY), ("b", NOW), ("c", None)])
    known.unchanged("b", NOW)
    known.taken("c", NOW, etag='"c"', last_modified="today")
    assert {each.url: (each.lastmod, each.etag) for each in known.memory()} == {
        "a": (TODAY, '"1"'), "b": (NOW, '"1"'), "c": (None, '"c"')
    }  # fmt: skip


def test_where_nothing_has_changed_nothing_is_written():
    known = children(child("a"))
    assert known.choose([("a", TODAY)]) == [] and known.memory() == []
