"""What is worth fetching: known, changed, tried again, given up, listed twice; and how batches are cut."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.sift import bound, number, sift
from warehouse.known import KnownEntry
from warehouse.staged import StagedEntry

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOOK_BACK_DAYS = 30
TRIES = 3
URL = "https://gazette.example/ferry"


def listed(url: str = URL, **told) -> StagedEntry:
    return StagedEntry(
        **{
            "entry_id": 0,
            "batch": 1,
            "source_id": "gazette",
            "kind": "page",
            "url": url,
            "canonical_url": url.split("?")[0],
            "digest": "first",
            "seen_at": NOW,
        }
        | told
    )


def known(url: str = URL, **told) -> KnownEntry:
    return KnownEntry(
        **{
            "source_id": "gazette",
            "url": url,
            "canonical_url": url.split("?")[0],
            "digest": "first",
            "seen_at": NOW - timedelta(days=1),
            "transient": False,
            "failures": 0,
            "article_id": "ferry",
            "capture_id": "capture",
            "etag": '"x"',
            "last_modified": "Mon, 23 Nov 2026 12:00:00 GMT",
        }
        | told
    )


def sifted(entries: Sequence[StagedEntry], before: Sequence[KnownEntry] = ()) -> tuple[list[StagedEntry], Counter]:
    unlisted: Counter = Counter()
    kept = list(sift(entries, before, unlisted, look_back_days=LOOK_BACK_DAYS, transient_failures=TRIES, now=NOW))
    return kept, unlisted


def test_what_is_new_is_fetched_as_listed():
    assert sifted([listed()]) == ([listed()], {})
    assert sifted([]) == ([], {})


def test_what_is_known_and_unchanged_is_only_counted():
    assert sifted([listed()], [known()]) == ([], {"known": 1})


def test_what_the_source_says_anew_is_fetched_with_what_is_remembered():
    (entry,), unlisted = sifted([listed(digest="second")], [known(failures=1)])
    assert (entry.batch, entry.reason, unlisted) == (1, None, {})
    assert (entry.article_id, entry.capture_id) == ("ferry", "capture")
    assert (entry.etag, entry.last_modified) == ('"x"', "Mon, 23 Nov 2026 12:00:00 GMT")
    assert (entry.digest, entry.failures) == ("second", 1)


def test_a_transient_failure_is_tried_again_until_it_is_given_up():
    before = known(transient=True, article_id=None, failures=TRIES - 1)
    (entry,), unlisted = sifted([listed()], [before])
    assert (entry.reason, entry.failures, unlisted) == (None, TRIES - 1, {})
    assert sifted([listed()], [replace(before, failures=TRIES)]) == ([], {"known": 1})
    (entry,), _ = sifted([listed(digest="second")], [replace(before, failures=TRIES)])
    assert entry.reason is None  # the source has changed it: worth another try


@pytest.mark.parametrize(("age_days", "is_written"), [(14.9, False), (15.1, True)])
def test_what_would_fall_out_of_the_look_back_is_written_down_anew(age_days, is_written):
    kept, unlisted = sifted([listed()], [known(seen_at=NOW - timedelta(days=age_days))])
    assert unlisted == {"known": 1}  # counted once, whether written down or not
    assert len(kept) == is_written
    for entry in kept:
        assert (entry.batch, entry.reason, entry.seen_at) == (0, "known", NOW)
        assert (entry.article_id, entry.etag) == ("ferry", '"x"')


def test_a_drop_of_discovery_stays_one_and_takes_no_address():
    dropped = listed(batch=0, reason="too_old", message="Too old.")
    kept, unlisted = sifted([dropped, listed(source_id="herald")])
    assert kept == [dropped, listed(source_id="herald")] and unlisted == {}
    assert sifted([dropped], [known()]) == ([], {"known": 1})


def test_a_source_that_failed_passes_whatever_else_is_known():
    failed = listed(kind="source", batch=0, reason="http_404", message="Gone.")
    assert sifted([failed, failed], [known()]) == ([failed, failed], {})


def test_two_addresses_of_one_page_are_fetched_once():
    twin = f"{URL}?from=feed"
    first, second = sifted([listed(), listed(twin)])[0]
    assert first == listed()
    assert (second.url, second.batch, second.reason, second.article_id) == (twin, 0, "same_url", None)
    assert twin in second.message and URL in second.message


def test_an_address_that_two_sources_list_is_fetched_once():
    first, second = sifted([listed(), listed(source_id="herald")])[0]
    assert (first.source_id, first.reason) == ("gazette", None)
    assert (second.source_id, second.reason) == ("herald", "same_url")
    assert "listed twice" in second.message


def test_another_address_of_what_the_archive_has_leads_to_its_article():
    (entry,), unlisted = sifted([listed(f"{URL}?from=feed")], [known()])
    assert (entry.batch, entry.reason, entry.article_id, unlisted) == (0, "same_url", "ferry", {})
    assert URL in entry.message


def test_another_address_of_what_failed_for_now_is_worth_a_try():
    before = known(transient=True, article_id=None, failures=1)
    (entry,), _ = sifted([listed(f"{URL}?from=feed")], [before])
    assert (entry.reason, entry.failures) == (None, 0)
    (entry,), _ = sifted([listed(f"{URL}?from=feed")], [replace(before, failures=TRIES)])
    assert entry.reason == "same_url"


def test_of_several_twins_the_one_with_an_article_answers():
    before = [known(f"{URL}?a", article_id=None), known(f"{URL}?b"), known(f"{URL}?c", transient=True)]
    (entry,), _ = sifted([listed()], before)
    assert (entry.reason, entry.article_id) == ("same_url", "ferry")


def test_an_entry_that_has_a_row_of_its_own_is_no_twin_of_another():
    """Both addresses are known and the source changed one of them: that one is asked."""
    twin = f"{URL}?from=feed"
    kept, unlisted = sifted([listed(digest="second"), listed(twin)], [known(), known(twin)])
    assert [(entry.url, entry.reason) for entry in kept] == [(URL, None)] and unlisted == {"known": 1}


def test_every_entry_is_kept_or_counted_once():
    entries = [
        listed(),
        listed(digest="second"),
        listed(f"{URL}?x"),
        listed("https://b.example/1"),
        listed("https://b.example/2", batch=0, reason="too_old", message="Too old."),
        listed("https://b.example/3"),
        listed("https://b.example/source", kind="source", batch=0, reason="http_500", message="Failed."),
    ]
    before = [known(), known("https://b.example/3", seen_at=NOW - timedelta(days=29))]
    kept, unlisted = sifted(entries, before)
    assert len([entry for entry in kept if entry.reason != "known"]) + unlisted.total() == len(entries)


def test_batches_let_the_hosts_take_turns():
    urls = [f"https://{host}.example/{n}" for host, pages in (("a", 4), ("b", 1), ("c", 2)) for n in range(pages)]
    numbered = number([listed(url) for url in urls], 3)
    assert [entry.entry_id for entry in numbered] == list(range(1, 8))
    assert [entry.batch for entry in numbered] == [1, 1, 1, 2, 2, 2, 3]
    assert [entry.url[8:].replace(".example/", "") for entry in numbered] == ["a0", "b0", "c0", "a1", "c1", "a2", "a3"]


def test_captures_of_one_address_in_a_web_archive_are_its_versions():
    place = "file:///cc/a.warc.gz#"
    first, again, changed = (
        listed(location=f"{place}{at}", digest=digest) for at, digest in ((0, "d1"), (7, "d1"), (9, "d2"))
    )
    kept, _ = sifted([first, again, changed])
    assert [(entry.location, entry.reason) for entry in kept] == [
        (first.location, None),
        (again.location, "same_url"),
        (changed.location, None),
    ]
    numbered = number(kept, 100)
    assert [(entry.location, entry.batch) for entry in numbered if entry.batch] == [
        (first.location, 1),
        (changed.location, 2),
    ]


def test_what_is_not_fetched_is_numbered_and_in_no_batch():
    dropped = listed(batch=0, reason="too_old", message="Too old.")
    numbered = number([listed(), dropped, listed("file:///a.txt")], 1)
    assert [(entry.entry_id, entry.batch) for entry in numbered] == [(1, 0), (2, 1), (3, 2)]
    assert numbered[0].reason == "too_old"
    assert number([], 10) == []


def test_a_run_takes_on_so_many_entries_and_counts_the_rest_by_source():
    entries = [listed(f"https://a.example/{n}", source_id=s) for n, s in enumerate("aabab")]
    dropped = listed(batch=0, reason="too_old", message="Too old.")
    taken, left = bound([*entries, dropped], 2, but=())
    assert taken == [*entries[:2], dropped] and left == {"b": 2, "a": 1}
    taken, left = bound(entries, 3, but={"b"})  # the two of b are counted and stay
    assert taken == [entries[0], entries[2], entries[4]] and left == {"a": 2}
    assert bound(entries, 5, but=()) == (entries, {})
