"""Every golden page is read at least as well as its floor says, and no page changes without the digest."""

import pytest

from tests.golden.make import FOLDER, Result, cases, digest, files_of, floors, judge, next_floor, shortfalls, token_f1
from tests.golden.recipes import make_case, names

AT_MOST_BYTES = 2_000_000


@pytest.mark.parametrize("name", cases())
def test_the_page_is_read_as_well_as_its_floor_says(name):
    assert shortfalls(judge(name), floors()["cases"][name]) == []


def test_the_floors_belong_to_these_pages():
    assert floors()["corpus"] == digest(), "a case changed: run python -m tests.golden.make floors"
    assert sorted(floors()["cases"]) == cases()


@pytest.mark.parametrize("name", names())
def test_the_committed_files_are_what_the_recipe_makes(name):
    for file, content in files_of(make_case(name)).items():
        assert (FOLDER / name / file).read_bytes() == content, "run python -m tests.golden.make build"


def test_the_pages_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.suffix in (".html", ".json")) < AT_MOST_BYTES


def test_a_floor_rises_by_itself_and_falls_only_when_told_to():
    known = {"f1": 0.9, "kinds": 0.5, "misses": ["title"]}
    better = Result(f1=0.9567, kinds=0.5, misses=())
    worse = Result(f1=0.95, kinds=0.5, misses=("authors",))
    assert next_floor(better, known, lower=False) == {"f1": 0.956, "kinds": 0.5, "misses": []}
    assert next_floor(worse, known, lower=False) == known
    assert next_floor(worse, known, lower=True) == {"f1": 0.95, "kinds": 0.5, "misses": ["authors"]}
    assert shortfalls(better, known) == [] and shortfalls(worse, known) == ["authors"]


def test_tokens_are_words_or_single_characters_of_scripts_without_spaces():
    assert token_f1("The ﬁrst FERRY, again", "the first ferry") == pytest.approx(6 / 7)
    assert token_f1("新しい橋", "新しい") == pytest.approx(6 / 7)
    assert token_f1("", "x") == 0
