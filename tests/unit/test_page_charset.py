"""Charsets: what the marks, the header, the page and the bytes say, and the repair of text that was encoded twice."""

import random

import pytest

from tasks.page.charset import decode, repaired

ENGLISH = "“It’s a café,” said Zoë – and naïve guests paid €5 for a crêpe. The señor didn’t mind; it’s his déjà vu. "
GERMAN = "Größere Fähren fahren über Köln – „schöne Grüße“, sagte der Bürgermeister für die Gäste der Brücke. "
POLISH = "Zażółć gęślą jaźń: w Łodzi otwarto większą część źródła, mówił świadek, że może być jeszcze cieplej. "
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl ředitel školy v neděli večer. "
RUSSIAN = "Сегодня в городе открыли новый мост через реку, сообщил мэр Пётр Ильин. "
CHINESE = "昨天下午，市政府宣布新的大桥将于明年春天通车，居民对此表示欢迎。"
JAPANESE = "市は昨日、新しい橋が来年の春に開通すると発表した。住民は喜んでいる。"
KOREAN = "시는 어제 새 다리가 내년 봄에 개통된다고 발표했다. 주민들은 기뻐했다. "
ARABIC = "أعلنت البلدية أمس أن الجسر الجديد سيفتح في الربيع المقبل. "


def page(text, *, head="", times=12):
    return f"<html><head>{head}<title>A page</title></head><body>" + f"<p>{text}</p>\n" * times + "</body></html>"


def broken(text, *, charset="cp1252"):
    """``text`` as UTF-8 that somebody read as ``charset``, undefined bytes as C1 controls."""
    return "".join(
        chr(byte) if charset == "latin-1" or byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode(charset)
        for byte in text.encode()
    )


def html_type(charset=None):
    return f"text/html; charset={charset}" if charset else "text/html"


@pytest.mark.parametrize(
    ("text", "codec", "mark", "header", "meta", "charset"),
    [
        (ENGLISH, "utf-8", b"\xef\xbb\xbf", "iso-8859-1", None, "utf-8"),
        (GERMAN, "utf-16-le", b"\xff\xfe", "utf-8", None, "utf-16-le"),
        (GERMAN, "utf-16-be", b"\xfe\xff", None, None, "utf-16-be"),
        (GERMAN, "utf-16-le", b"", None, None, "utf-16-le"),
        (RUSSIAN, "utf-16-be", b"", None, "utf-8", "utf-16-be"),
        (CHINESE, "utf-16-le", b"", "utf-16", None, "utf-16-le"),
        (CHINESE, "gb18030", b"", None, "gb2312", "gb18030"),
        (CHINESE, "gb18030", b"", None, None, "gb18030"),
        (CHINESE, "gb18030", b"", "utf-8", None, "gb18030"),
        (CHINESE, "gb2312", b"", "iso-8859-1", "gb2312", "gb18030"),
        (JAPANESE, "shift_jis", b"", "shift_jis", None, "cp932"),
        (JAPANESE, "shift_jis", b"", None, "x-sjis", "cp932"),
        (JAPANESE, "euc_jp", b"", "utf-8", "euc-jp", "euc_jp"),
        (JAPANESE, "iso2022_jp", b"", None, "iso-2022-jp", "iso2022_jp"),
        (KOREAN, "euc-kr", b"", "euc-kr", None, "cp949"),
        (KOREAN, "euc-kr", b"", None, "ks_c_5601-1987", "cp949"),
        (RUSSIAN, "cp1251", b"", "windows-1251", None, "cp1251"),
        (RUSSIAN, "cp1251", b"", "iso-8859-1", "windows-1251", "cp1251"),
        (RUSSIAN, "cp1251", b"", "windows-1252", None, "cp1251"),
        (RUSSIAN, "cp1251", b"", "koi8-r", "windows-1251", "cp1251"),
        (RUSSIAN, "koi8-r", b"", None, "koi8-r", "koi8-r"),
        (RUSSIAN, "koi8-r", b"", "windows-1251", "koi8-r", "koi8-r"),
        (POLISH, "iso-8859-2", b"", "iso-8859-2", None, "iso8859-2"),
        (POLISH, "iso-8859-2", b"", "windows-1252", "iso-8859-2", "iso8859-2"),
        (CZECH, "cp1250", b"", None, "windows-1250", "cp1250"),
        (CZECH, "cp1250", b"", None, None, "cp1250"),
        (POLISH, "cp1250", b"", "utf-8", None, "cp1250"),
        (ENGLISH, "cp1252", b"", "iso-8859-1", None, "cp1252"),
        (ENGLISH, "cp1252", b"", "utf-8", "utf-8", "cp1252"),
        (GERMAN, "cp1252", b"", None, None, "cp1252"),
        (GERMAN, "utf-8", b"", "iso-8859-1", "windows-1252", "utf-8"),
        (GERMAN, "utf-8", b"", "utf-16", None, "utf-8"),
        (ARABIC, "utf-8", b"", "windows-1256", None, "utf-8"),
        (ARABIC, "cp1256", b"", None, "windows-1256", "cp1256"),
    ],
)
def test_the_charset_that_the_bytes_are_in_is_found(text, codec, mark, header, meta, charset):
    written = page(text, head=f'<meta charset="{meta}">' if meta else "")
    assert decode(mark + written.encode(codec), content_type=html_type(header)) == (written, charset)


@pytest.mark.parametrize("position", [1100, 5000, 60_000])
def test_a_late_meta_is_found(position):
    written = page(POLISH, head="<style>" + "x" * position + '</style><meta charset="iso-8859-2">')
    assert decode(written.encode("iso-8859-2"), content_type="text/html") == (written, "iso8859-2")


@pytest.mark.parametrize("label", ["idna", "punycode", "unicode_escape", "utf-7", "hex", "undefined", "x" * 900])
def test_labels_that_are_no_charset_of_the_web_are_passed_over(label):
    written = page(GERMAN, head=f'<meta charset="{label}">')
    assert decode(written.encode("cp1252"), content_type=html_type(label)) == (written, "cp1252")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_character_cut_at_the_end_is_left_out(cut):
    body = (page(RUSSIAN) + "𝄞").encode()[:-cut]
    assert decode(body, content_type="text/html") == (page(RUSSIAN), "utf-8")


def test_a_last_byte_that_belongs_to_a_declared_single_byte_charset_stays():
    assert decode(b"<p>Un caf\xe9", content_type=html_type("iso-8859-1")) == ("<p>Un café", "cp1252")
    assert decode(b"<p>Un caf\xe9", content_type=html_type("utf-8")) == ("<p>Un caf", "utf-8")


def test_a_slip_in_utf8_stays_utf8():
    body = page(GERMAN).encode().replace(b"sagte", b"sag\xfcte", 1)
    text, charset = decode(body, content_type="text/html")
    assert charset == "utf-8" and "sag\ufffdte" in text and text.count("Größere") == 12


def test_escapes_in_a_utf8_page_are_no_seven_bit_charset():
    assert decode(b"<p>a \x1b[31m b", content_type=html_type("utf-8")) == ("<p>a \x1b[31m b", "utf-8")


@pytest.mark.parametrize("charset", ["cp1252", "latin-1"])
@pytest.mark.parametrize("text", [ENGLISH, GERMAN, POLISH, CZECH, RUSSIAN, CHINESE, JAPANESE, KOREAN, ARABIC])
def test_a_page_that_was_encoded_twice_is_repaired_whole(text, charset):
    body = page(broken(text, charset=charset)).encode()
    assert decode(body, content_type=html_type("utf-8")) == (page(text), "utf-8")


def test_a_page_that_was_encoded_three_times_is_repaired():
    assert decode(page(broken(broken(ENGLISH))).encode(), content_type="text/html")[0] == page(ENGLISH)


def test_two_broken_words_suffice_where_nothing_is_sound():
    text = "It’s raining in Kettle Point, and the ferry doesn’t sail."
    assert repaired(f"<p>{broken(text)}</p>") == f"<p>{text}</p>"


def test_broken_teasers_beside_a_sound_article_are_repaired():
    whole = page(GERMAN) + f"<aside>{broken(ENGLISH)}</aside>"
    assert decode(whole.encode(), content_type="text/html")[0] == page(GERMAN) + f"<aside>{ENGLISH}</aside>"


def test_utf8_parts_in_a_windows_1252_page_are_repaired():
    aside = f"<aside>{ENGLISH.replace('”', '')}</aside>"  # its last byte is none of windows-1252
    text, _ = decode(page(GERMAN).encode("cp1252") + aside.encode(), content_type=html_type("windows-1252"))
    assert text == page(GERMAN) + aside


@pytest.mark.parametrize(
    "text",
    [
        "<p>If your page shows “â€™” instead of an apostrophe, or “Ã©” for é and “Ã¼” for ü, ask the host.</p>" * 3,
        "<p>This is mojibake: cafÃ©, donâ€™t, itâ€™s, naÃ¯ve, fÃ¼r, grÃ¶ÃŸe, Ã¼ber, schÃ¶n, mÃ¼de, wÃ¤re.</p>",
        "<p>Once more:</p><pre>naÃ¯ve cafÃ© donâ€™t itâ€™s wonâ€™t canâ€™t fÃ¼r Ã¼ber schÃ¶n</pre><p>and compare.</p>",
        "<table>" + "".join(f"<tr><td>{c}</td><td>{broken(c)}</td></tr>" for c in "éèêüöäßñçåøæÀÉÑ’“”–") + "</table>",
        "<p>Il dit « voilà\u00a0! », « café…» et « MENÜ– » à la CAFÉ» de l’ÎLE”, où l’on a déjà\u00a0: tout.</p>" * 9,
        "<p>NÃO À AÇÃO, disse ela; SÃO PAULO – “MANHÃ” e “IRMÃ”… „PÅ“ och „Ä“ i „DÅ”.</p>" * 3,
        "<p>Größe „ÄÖ“ und „Ü“ – Straße: „Ö–“ für „MENÜ“, à\u00a0la carte.</p>" * 20,
        "<p>The one word cafÃ© is broken here, nothing else.</p>",
    ],
)
def test_sound_pages_and_pages_that_quote_mojibake_are_left_alone(text):
    assert decode(text.encode(), content_type="text/html") == (text, "utf-8")


def test_a_repair_loses_nothing():
    rng = random.Random(3)
    alphabet = "abc de’“”éüßñ–…€łżПрия大地日本🙂\u00a0"
    for _ in range(300):
        sound = "".join(rng.choices(alphabet, k=60))
        damaged = broken(sound)
        assert repaired(damaged) in (sound, damaged)


@pytest.mark.parametrize(
    "body",
    [
        b"\xc3\x83" * 100_000,
        b"<code" * 50_000 + b"\xc3\xa2",
        b"<meta " * 30_000 + b"\xff",
        b"\xff" + b"x" * 2_000_000,
    ],
)
def test_hostile_bytes_are_decoded_all_the_same(body):
    assert isinstance(decode(body, content_type="text/html")[0], str)
