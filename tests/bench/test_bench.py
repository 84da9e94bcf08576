"""The benchmark measures: one small run on a set that is made here, its figures, its floors, its peers."""

import gzip
import json
from pathlib import Path

import pytest

from tests.bench import floors
from tests.bench.bench_extractor import main, trained_on
from tests.bench.labels import LabelledPage
from tests.bench.measures import (
    Reading,
    calibration,
    difference,
    gold_of,
    lines_without,
    names_of,
    score,
    summary,
)

PLACES = ("Sallow Bay", "Orrin Bridge", "Mill Street", "Tarn Harbour")
SENTENCES = (
    "The council of {} voted on Tuesday to repair the sea wall before the winter storms arrive.",
    "Engineers had warned for years that the stones near the old lighthouse were coming loose.",
    "The work will take four months and cost about two million crowns, the treasurer said.",
    "Fishermen will have to land their catch at the northern quay until the cranes have gone.",
    "A second vote, on who is to pay for the new road, was put off until the spring.",
)
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
FOOTER = "<footer><p>Terms of use and <a href='/privacy'>privacy</a>, all rights reserved.</p></footer>"


def whole_page(html: str, url: str | None) -> dict[str, object]:
    """A peer that cannot tell the article from the rest, and fails on one page."""
    if url and url.endswith("/0"):
        raise ValueError("a peer's own fault")
    return {"text": html, "title": "Home", "author": "By Ada Brand and Tom Reed", "date": "2026-11-03T01:00"}


def write_set(data: Path, name: str, count: int = 12) -> None:
    (data / name / "html").mkdir(parents=True)
    rows = []
    for number in range(count):
        place = PLACES[number % len(PLACES)]
        title, lines = f"{place} votes to repair its wall", [each.format(place) for each in SENTENCES]
        html = (
            f"<html><head><title>{title}</title><meta property='og:title' content='{title}'>"
            "<meta property='article:published_time' content='2026-10-03T23:30:00-05:00'>"
            f"<meta name='author' content='Ada Brand'></head><body>{MENU}<article><h1>{title}</h1>"
            + "".join(f"<p>{line}</p>" for line in lines)
            + f"</article>{FOOTER}</body></html>"
        )
        (data / name / "html" / f"{number}.gz").write_bytes(gzip.compress(html.encode()))
        gold = {"text": "\n".join(lines), "title": title, "author": ["Ada Brand"], "date": "2026-10-03"}
        gold |= {"with": [lines[1]], "without": ["privacy"]}
        row = {"id": str(number), "url": f"https://gazette.example/{number}", "html": f"html/{number}.gz", "gold": gold}
        rows.append(json.dumps(row))
    (data / name / "index.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_a_run_measures_and_its_floors_judge(tmp_path, capsys):
    data, pinned = tmp_path / "data", tmp_path / "floors.json"
    write_set(data, "made")

    def run(*more: str) -> tuple[int, str, str]:
        peers = ["--peers", "tests.bench.test_bench:whole_page", "--processes", "1", "--speed-pages", "2"]
        code = main([str(data), *peers, "--floors", str(pinned), *more])
        return (code, *capsys.readouterr())

    code, out, _ = run("--worst", "2", "--raise")
    assert code == 0
    assert "made: 12 pages, not trained on" in out
    assert "The 2 worst pages" in out and "made/" in out
    assert "Page.confidence" in out and "Too few to judge by" in out
    rows = [line.split() for line in out.splitlines() if line.startswith(("  dateline ", "  tests.bench."))]
    ours, peer = rows[:2]
    assert ours[1:3] == ["0", "1.0000"], "no faults, and the whole text"
    assert ours[-3:] == ["1.0000", "1.0000", "1.0000"], "title, authors and the day at the page's own offset"
    assert peer[1] == "1" and float(peer[2]) < 0.8 and peer[-3:] == ["0.0000", "0.0000", "0.0000"]
    assert "lexbor" in out and " times it" in out

    (floor,) = json.loads(pinned.read_text()).values()
    assert floor["f1"] == floor["title"] == 1.0 and floor["below_half"] == 0.0
    assert run()[0] == 0

    pinned.write_text(json.dumps({"made": floor | {"below_half": -0.1}}))
    code, _, told = run()
    assert code == 1 and "made: the share of pages below F1 0.5 is 0.0000, above its ceiling of -0.100" in told
    assert run("--raise")[0] == 1, "raising lowers nothing"
    assert run("--lower")[0] == 0 and json.loads(pinned.read_text())["made"] == floor

    pinned.write_text(json.dumps({"made": floor | {"digest": "0" * 64, "f1": 2.0}}))
    code, out, _ = run("--raise")
    assert code == 0 and "measured and not judged, its pages are not those of the floor" in out
    assert json.loads(pinned.read_text())["made"]["f1"] == 2.0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--peers", "none", "--sets", "gone"], "no set gone"),
        (["--peers", "tests.bench.nowhere:read"], "cannot be had here"),
        (["--peers", "tests.bench.test_bench:nothing"], "cannot be had here"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(tmp_path, arguments, told):
    with pytest.raises(SystemExit, match=told):
        main([str(tmp_path), *arguments])


def page(text: str | None, *, inside: tuple[str, ...] = (), outside: tuple[str, ...] = ()) -> LabelledPage:
    return LabelledPage(name="a", set_name="made", url="", html=b"", text=text, inside=inside, outside=outside)


def test_measures_of_a_page():
    known = gold_of(
        page("one two three four", inside=("two  three", "nine"), outside=("menu",)),
        {"title": "Wall: to be repaired", "author": ["Ada Brand", "Tom Reed"], "date": "2026-10-03T23:00:00"},
    )
    found = score(
        known,
        Reading(
            text="ONE two\nthree menu menu menu",
            title="wall to be repaired!",
            authors=names_of("by Tom Reed and Ada Brand"),
            date="2026-10-04",
        ),
    )
    assert (found.precision, found.recall, found.f1) == (0.5, 0.75, 0.6)
    assert (found.inside, found.outside) == ((1, 2), (1, 1))
    assert (found.title, found.authors, found.day) == (True, True, False)
    nothing = score(known, Reading(fault="text_too_short"))
    assert (nothing.f1, nothing.precision, nothing.recall, nothing.title) == (0.0, 0.0, 0.0, False)
    both = summary([found, nothing])
    assert (both.pages, both.faults, both.f1, both.below_half, both.inside) == (2, 1, 0.3, 0.5, 0.25)
    untold = summary([score(gold_of(page(None), {}), Reading(text="words"))])
    assert (untold.f1, untold.inside, untold.title, untold.authors, untold.day) == (None,) * 5


def scores(*values: float, confidence: tuple[float, ...] = ()) -> list:
    """Scores with these shares of the words of the gold, and nothing else said."""
    gold = gold_of(page(" ".join(f"w{n}" for n in range(100))), {})
    return [
        score(
            gold,
            Reading(
                text=" ".join(f"w{n}" for n in range(round(value * 100))),
                confidence=confidence[number] if confidence else None,
            ),
        )
        for number, value in enumerate(values)
    ]


def test_the_paired_interval_excludes_zero_only_where_the_pages_agree():
    mean, low, high = difference(scores(*[0.9] * 40), scores(*[0.8] * 40))
    assert 0 < low <= mean <= high
    mean, low, high = difference(scores(*[0.9, 0.5] * 20), scores(*[0.5, 0.9] * 20))
    assert mean == pytest.approx(0) and low < 0 < high
    assert difference([], []) is None


def test_tenths_of_confidence_hold_all_pages_lowest_first():
    sure = tuple(n / 100 for n in range(95))
    table = calibration(scores(*sure, confidence=sure))
    assert len(table) == 10 and sum(row[3] for row in table) == 95
    assert [row[2] for row in table] == sorted(row[2] for row in table)
    assert calibration(scores(0.5)) == [], "a page that was not read has no confidence"


def test_lines_are_missing_by_their_runs_of_words():
    text = "The ferry sails again on Monday morning.\n\nWords of the menu"
    assert lines_without(["The ferry sails again on Monday", "Tickets are sold at the quay", "", "menu"], text) == [
        "Tickets are sold at the quay"
    ]


def test_a_floor_rises_by_itself_and_never_falls_so():
    known = floors.Floor(digest="d", f1=0.9, title=None, authors=0.5, day=0.8, below_half=0.02)
    new = floors.Floor(digest="d", f1=0.95, title=0.7, authors=0.4, day=0.8, below_half=0.01)
    assert floors.raised(known, new) == floors.Floor(
        digest="d", f1=0.95, title=0.7, authors=0.5, day=0.8, below_half=0.01
    )
    assert floors.raised(None, new) == new


def test_a_run_passes_the_floor_that_it_makes():
    found = summary(scores(0.913, 0.7777, 0.31, 0.9))
    assert floors.shortfalls("made", floors.measured("d", found), found) == []


def test_the_digest_sees_the_metadata():
    plain = gold_of(page("text"), {"title": "One"})
    assert floors.digest([plain]) != floors.digest([gold_of(page("text"), {"title": "Two"})])
    assert floors.digest([plain]) != floors.digest([plain, plain])


def test_the_sets_that_the_model_has_seen_are_known():
    assert "fundus_dev" in trained_on()
