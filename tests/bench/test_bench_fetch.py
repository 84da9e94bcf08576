"""The benchmark of fetching measures: one small run against its own server."""

from tests.bench.bench_fetch import main


def test_a_small_run_tells_every_contender_and_all_its_pages(capsys):
    assert main(["--pages", "30", "--hosts", "3", "--concurrency", "4", "--rounds", "1"]) == 0
    heading, bare, ours = (line.split() for line in capsys.readouterr().out.splitlines())
    assert heading[:2] == ["client", "pages/s"]
    assert (bare[0], bare[3], bare[-1]) == ("bare", "1.00", "30")
    assert (ours[0], ours[-1]) == ("dateline", "30"), "none failed"
