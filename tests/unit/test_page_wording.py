"""What the blocks of a page say, as keys: equal for equal words in equal places, different otherwise."""

from tasks.page.wording import read_wording, wording_keys

LONG = "The council voted on Monday to rebuild the old bridge over the river, which was closed in March after a flood."
VOCABULARY = {word: number for number, word in enumerate("read more about the council voted a flood".split(), start=1)}


def keys(*texts: str) -> list[set[int]]:
    found, blocks = wording_keys(read_wording(texts), VOCABULARY)
    return [set(found[blocks == number].tolist()) for number in range(len(texts))]


def test_a_short_block_gives_its_words_its_pairs_and_itself():
    (own,) = keys("Read more")
    assert len(own) == 4  # two words, one pair, the phrase


def test_case_and_punctuation_make_no_difference():
    one, other = keys("Read more", "READ, MORE »")
    assert one == other


def test_order_makes_a_difference():
    one, other = keys("Read more", "More: read")
    assert one - other and len(one & other) == 2


def test_a_phrase_is_not_the_beginning_of_another():
    short, longer = keys("Read more", "Read more unheardof")
    assert len(short - longer) == 1  # the phrase; its words and their pair stand in both


def test_a_long_block_gives_its_head_and_its_end_only():
    (own,) = keys(LONG)
    (same_ends,) = keys(LONG.replace("rebuild the old bridge", "read more about the council"))
    assert own and own == same_ends


def test_words_at_the_head_are_told_from_the_same_words_at_the_end():
    own, turned = keys(LONG, "A flood came down and closed the bridge over the river, " * 2 + "the council voted.")
    assert not own & turned


def test_blocks_without_words_and_pages_without_blocks_have_no_keys():
    assert keys("***", "Read more", "–")[::2] == [set(), set()]
    assert keys() == []
