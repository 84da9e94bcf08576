"""The parts of the page room: charset, fragments, dated text."""

import time
from datetime import date

import pytest

from tasks.errors import Terminal
from tasks.page import decode, display_title, read_dated_text, read_fragment

GERMAN = "<p>Über die Brücke fährt „niemand“ mehr, und das für 500 € im Monat – schön.</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (GERMAN.encode(), None, "utf-8"),
        (GERMAN.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (GERMAN.encode("cp1252"), "text/html; charset=iso-8859-1", "cp1252"),
        (GERMAN.encode("cp1252"), "text/html; charset=utf-8", "cp1252"),
        (GERMAN.encode("cp1252"), None, "cp1252"),
        (b'<meta charset="windows-1252">' + GERMAN.encode("cp1252"), None, "cp1252"),
        (b"\xef\xbb\xbf" + GERMAN.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (GERMAN.encode("utf-16"), None, "utf-16-le"),
        (GERMAN.encode("utf-16-le"), "text/html; charset=utf-16le", "utf-16-le"),
    ],
)
def test_decode_finds_the_real_charset(body, content_type, charset):
    text, found = decode(body, content_type=content_type)
    assert text.endswith(GERMAN)
    assert found == charset


@pytest.mark.parametrize(
    ("text", "charset"), [("Привет мир, это новость дня. " * 9, "cp1251"), ("日本の新聞です。" * 9, "euc_jp")]
)
def test_decode_guesses_where_nothing_is_declared(text, charset):
    assert decode(text.encode(charset), content_type=None)[0] == text


def test_a_broken_byte_or_a_cut_end_does_not_change_the_charset():
    body = (GERMAN * 50).encode()
    assert decode(body[:20] + b"\xff" + body[20:], content_type=None)[1] == "utf-8"
    assert decode((GERMAN + "ü").encode()[:-1], content_type=None)[1] == "utf-8"
    assert decode(b"", content_type="text/html; charset=nonsense") == ("", "utf-8")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two</p><p>Three <b>four</b><br>five</p>", "One & two\n\nThree four five"),
        ("Plain & simple\n\nSecond [&#8230;]", "Plain & simple\n\nSecond"),
        ("a<br><br>b", "a\n\nb"),
        ("x<script>bad()</script><style>p{}</style><!-- no --><iframe>n</iframe>", "x"),
        ("<p>Text.</p><p><a href='/x'>Continue reading &rarr;</a></p>", "Text."),
        ("<p>Text.</p><p>The post <a>T</a> appeared first on <a>S</a>.</p>", "Text."),
        ("<p>You should read more books, he said.</p>", "You should read more books, he said."),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<img src=x onerror=alert(1)>", ""),
        ("report.txt", "report.txt"),
        ("https://h.test/a", "https://h.test/a"),
        ("<?xml version='1.0'?><p>x</p>", "x"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("", ""),
    ],
)
def test_fragments_become_paragraphs(html, text):
    assert read_fragment(html) == text


@pytest.mark.parametrize(
    "html",
    ["<div>" * 200_000 + "x", "<b>" * 300_000, "<p>x" * 200_000, "<" * 900_000, " " * 900_000 + "x", "word " * 400_000],
)
def test_hostile_fragments_are_bounded(html):
    start = time.process_time()
    assert len(read_fragment(html)) <= 1_000_000
    assert time.process_time() - start < 2


def test_dated_text():
    dated = read_dated_text(" date 2025-05-05 First line\nof it.\n\n \nSecond.\r\n", name="a.txt")
    assert (dated.published_on, dated.text) == (date(2025, 5, 5), "First line of it.\n\nSecond.")


@pytest.mark.parametrize(
    "text", ["", "x", "date 2025-02-30 x", "date 2025-05-05", "date 2025-05-05x", "date: 2025-05-05 x"]
)
def test_dated_text_without_its_form_names_the_file_and_the_form(text):
    with pytest.raises(Terminal) as fault:
        read_dated_text(text, name="a.txt")
    assert fault.value.reason == "dated_text_invalid"
    assert "a.txt" in fault.value.message
    assert "date YYYY-MM-DD" in fault.value.message


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mr. Rao met Gen. Ito in the U.S. on Monday. They spoke.", "Mr. Rao met Gen. Ito in the U.S. on Monday."),
        ("今日は晴れ。明日は雨。", "今日は晴れ。"),
        ("No end here\n\nNext", "No end here"),
        ("", ""),
    ],
)
def test_display_title_is_the_first_sentence(text, title):
    assert display_title(text) == title


def test_display_title_is_cut_between_words():
    title = display_title("The council of Long Ford, after hours of debate, voted to mend the wheel.", limit=30)
    assert title == "The council of Long Ford…"
    assert len(display_title("x" * 500, limit=30)) == 30
