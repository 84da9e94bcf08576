"""Blocks of a page: where text is cut, what is counted, what is never seen."""

import pytest

from tasks.page.blocks import HIDDEN, PLACES, read_blocks
from tasks.page.body import parse


def blocks_of(html):
    return read_blocks(parse(f"<html><body>{html}</body></html>"))


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One</p><p>Two <b>and</b> <i>three</i></p>", ["One", "Two and three"]),
        ("One<br>line<br><br>Two", ["One line", "Two"]),
        ("<div>Lead<p>Body</p>Tail</div>", ["Lead", "Body", "Tail"]),
        ("<p>5 &lt; 6 &amp;&amp; 7 &gt; 6&nbsp;!</p>", ["5 < 6 && 7 > 6 !"]),
        ('<p title="a > b < c">x</p>', ["x"]),
        ("<p>in<span>line</span></p>", ["inline"]),
        ("<p>soft\u00adhyphen, zero\u200bwidth, \ufeffmark, e\u0301</p>", ["softhyphen, zerowidth, mark, é"]),
        ("<!-- <p>no</p> --><script>no()</script><style>p{}</style><noscript>no</noscript><p>yes</p>", ["yes"]),
        ("<nav>no</nav><footer>no</footer>yes", ["yes"]),
        ("<svg><title>no</title></svg><select><option>no</select><textarea>no</textarea>yes", ["yes"]),
        ("<p> \n\t </p>", []),
        ("", []),
    ],
)
def test_text_is_cut_at_block_level_elements(html, texts):
    assert blocks_of(html).texts == texts


def test_characters_in_links_and_bold_type_are_counted():
    blocks = blocks_of('<p>Read <a href="/x">this <b>now</b></a></p><p>plain</p>')
    assert (blocks.link_chars, blocks.bold_chars, blocks.links) == ([8, 0], [3, 0], [1, 0])


def test_an_element_holds_the_blocks_between_its_tags():
    blocks = blocks_of("<div><p>a</p><ul><li>b</li><li>c</li></ul></div><p>d</p>")
    held = {name: (first, last) for name, first, last in zip(blocks.names, blocks.first, blocks.last, strict=True)}
    assert (held["div"], held["ul"], held["#"]) == ((0, 3), (1, 3), (0, 4))
    assert [blocks.names[element] for element in blocks.elements] == ["p", "li", "li", "p"]


def test_elements_with_one_name_and_the_same_attributes_are_of_one_kind():
    blocks = blocks_of('<div><p class="a">x</p><p class="a">y</p><p>z</p></div><p class="a">u</p>')
    kinds = [blocks.kinds[element] for element in blocks.elements]
    assert kinds[0] == kinds[1] == kinds[3] != kinds[2]
    paths = [blocks.paths[element] for element in blocks.elements]
    assert paths[0] == paths[1] != paths[3]


def test_the_place_of_an_element_includes_what_it_stands_in():
    blocks = blocks_of('<aside><ul><li>x</li></ul></aside><div style="display: none"><p>y</p></div><p>z</p>')
    in_aside, hidden, plain = (blocks.places[element] for element in blocks.elements)
    assert in_aside & 1 << PLACES.index("aside")
    assert (bool(in_aside & HIDDEN), bool(hidden & HIDDEN), bool(plain & HIDDEN)) == (False, True, False)


PARAGRAPHS = "<p>One of the lines.</p><p>Another of them.</p><p>And a third one.</p>"


def test_a_main_that_holds_most_paragraphs_is_all_that_is_read():
    blocks = blocks_of(f"<div><p>Beside it.</p></div><main class=x>{PARAGRAPHS}</main><div>Behind it.</div>")
    assert blocks.texts == ["One of the lines.", "Another of them.", "And a third one."]


def test_a_main_that_is_a_shell_hides_nothing():
    blocks = blocks_of(f"<main><p>Menu.</p></main>{PARAGRAPHS}")
    assert blocks.texts[0] == "Menu." and len(blocks.texts) == 4


def test_of_two_mains_neither_is_chosen():
    assert len(blocks_of(f"<main>{PARAGRAPHS}</main><main>{PARAGRAPHS}</main>").texts) == 6
