"""Bytes to text: which charset a page is really in, and text that went through the wrong one before it was stored.

No markup is read beyond the declared charset; nothing is guessed where the bytes themselves decide.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
from charset_normalizer import from_bytes
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

SAMPLE_BYTES = 60_000  # enough for a guess; charset_normalizer's time grows with what it is given
FEW_BYTES = 40  # fewer non-ASCII bytes tell no charset: a text in another one than the default has hundreds
LATE_META_BYTES = 100_000  # how far a late <meta charset> is looked for where nothing else tells the charset
MAX_ODD_SHARE = 0.3  # of the words with non-ASCII letters; right decodings of real pages stay under 0.05
MAX_ODD_CHARS = 500_000
MAX_ROUNDS = 3  # of undoing double encoding; text that went wrong twice is known from the wild

# What pages may be decoded with (https://encoding.spec.whatwg.org/#names-and-labels, by Python's names). Python knows
# more: "idna" takes quadratic time, "unicode_escape" and "utf-7" let a page smuggle markup.
_CODECS = frozenset(
    "utf-8 cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 "
    "iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253 cp1254 "
    "cp1255 cp1256 cp1257 cp1258 gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949 utf-16 utf-16-le utf-16-be".split()
)
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_LATE_META = re.compile(rb"<meta\s[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,40})", re.IGNORECASE)

# A word with a letter or sign beyond ASCII in it, and what no right decoding has: a control or a drawing character,
# four Latin letters with diacritics in a row, a sign or a change to upper case in mid-word, two scripts in one word.
_FOREIGN_WORD = re.compile(
    r"[^\s<>&\"'=/.,;:!?()\u2010-\u203a]{0,20}[^\x00-\x7f\s\u2010-\u203a][^\s<>&\"'=/.,;:!?()]{0,80}"
)
_ODD = re.compile(
    r"[\x80-\x9f\ufffd\u2500-\u259f\uff61-\uff9f]"
    r"|[\u00c0-\u00ff]{4}"
    r"|[a-z\u00c0-\u017f][\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b6\u00b8\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u2020\u2021\u2030][a-z\u00c0-\u017f]"
    r"|[a-z\u00df-\u00f6\u00f8-\u00ff][\u00c0-\u00d6\u00d8-\u00de]|[а-яё][А-ЯЁ]"
    r"|[A-Za-z\u00c0-\u00ff][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z\u00c0-\u00ff]"
)

# UTF-8 that was read as windows-1252 (with the five bytes it leaves undefined as C1 controls, as browsers do): a lead
# byte's character and as many continuation bytes' characters as it asks for.
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_BYTE_OF = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in _UNDEFINED}
_TAIL = "[\u0080-\u00bf" + "".join(map(chr, _BYTE_OF)) + "]"
_MOJIBAKE = re.compile(f"(?:[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}})+")
_TAIL_BYTES = (
    rb"(?:\xc2[\x80-\xbf]|\xe2(?:\x80[\x90-\xbf]|\x82\xac|\x84\xa2)|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92"
    rb"|\xcb[\x86\x9c])"
)
_TAIL_LEADS = np.isin(np.arange(256), (0xC2, 0xE2, 0xC5, 0xC6, 0xCB))
_UNIT_BYTES = rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})" % (_TAIL_BYTES, _TAIL_BYTES, _TAIL_BYTES)
_MOJIBAKE_BYTES = re.compile(rb"%b(?:%b)*" % (_UNIT_BYTES, _UNIT_BYTES))
# What European text gets out of a repair; anything else must come in a run of its own script, or be an emoji.
_USUAL = re.compile("[\u00a0-\u017f\u0218-\u021b\u2010-\u2044\u20ac\u2122\ufeff\U0001f000-\U0001faff]+")
_NEUTRAL = frozenset("\u00a0\u2013\u2014\u2022\u2026\u00b7\u00b0\u00a9\u00ae\ufeff")  # stand alone in sound text too
_CONTROL = re.compile("[\x80-\x9f]")  # in no sound text: one that makes a character is proof
_NON_ASCII_TEXT = re.compile(r"[^\x00-\x7f]+")
_CODE_TAG = re.compile(r"<(/?)(?:code|pre|kbd|samp|tt|textarea)\b", re.IGNORECASE)
_ABOUT_CHARSETS = tuple(
    "mojibake|double encod|double-encod|wrong encoding|character encoding|character set|zeichensatz|zeichensalat|"
    "zeichenkodierung|encodage|codificación de caracteres|кракозябр|krzaczki|文字化け|乱码".split("|")
)


def decode(body: bytes, *, content_type: str | None) -> tuple[str, str]:
    """The text of ``body`` and the charset it was read in.

    A byte order mark decides; then NULs at every other byte (UTF-16 without a mark); then valid UTF-8 (text in another
    charset is almost never valid UTF-8 by chance); then the charset of the HTTP header or of the page's own
    ``<meta>``, with the replacements that browsers make (https://encoding.spec.whatwg.org/#names-and-labels:
    iso-8859-1 means windows-1252); then a guess. A declared charset that does not fit the bytes, or makes nonsense
    words of them, gives way to the next witness; bytes that fit nothing become U+FFFD, and a character that the end
    of the body cut in two is left out. Text that was encoded twice is repaired as ``repaired`` says.
    """
    text, charset = _read(body, content_type)
    if text.isascii() or (charset == "utf-8" and not _may_be_mojibake(body)):
        return text, charset
    return repaired(text), charset


def repaired(text: str) -> str:
    """``text`` without mojibake: UTF-8 that was read as windows-1252 or latin-1 and stored as that.

    Works on each run of affected characters, because a page mixes text of several origins, and only where all runs
    together leave no doubt: enough of them stand inside words (a page that explains mojibake shows it between
    quotes), or one holds a control character, outside code, on a page that is not about charsets. A run is replaced
    only if it is valid UTF-8 as a whole, so that encoding the result anew gives the run back.
    """
    for _ in range(MAX_ROUNDS):
        if not _may_be_mojibake(text.encode("utf-8", "replace")):
            break
        better = _repaired_once(text)
        if better is None:
            break
        text = better
    return text


def _read(body: bytes, content_type: str | None) -> tuple[str, str]:
    mark_charset, mark = read_bom(body)
    if mark_charset is not None and mark is not None:
        return to_unicode(body[len(mark) :], mark_charset), mark_charset
    if b"\x00" in body[:400]:
        wide = _wide(body)
        if wide:
            return to_unicode(body, wide), wide
    failed_at = len(body)
    cut_short = False
    try:
        text = body.decode("utf-8")
        if b"\x1b" not in body:
            return text, "utf-8"
    except UnicodeDecodeError as error:
        failed_at = error.start
        cut_short = error.reason == "unexpected end of data"
    declared = [charset for charset in _declared(body, content_type) if not charset.startswith("utf-16")]
    if failed_at == len(body) and "iso2022_jp" not in declared:  # escapes, but not those of a 7-bit charset
        return text, "utf-8"
    if cut_short and (declared[:1] == ["utf-8"] or not body[:failed_at].isascii()):
        return body[:failed_at].decode("utf-8"), "utf-8"
    if "utf-8" in (declared or ["utf-8"]) and _nearly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    return _likeliest(body, [charset for charset in declared if charset != "utf-8"])


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """The charsets that the header and the page name, the header's first."""
    in_page = html_body_declared_encoding(body)
    if in_page is None and (late := _LATE_META.search(body, 0, LATE_META_BYTES)):
        in_page = resolve_encoding(late[1].decode("ascii", "replace"))
    for charset in (http_content_type_encoding(content_type), in_page):
        if charset in _CODECS:
            yield charset


def _likeliest(body: bytes, declared: list[str]) -> tuple[str, str]:
    """The reading with sound words: the first declared one that has them, else the least odd of those and a guess."""
    best: tuple[float, str, str] | None = None
    for charset in (*dict.fromkeys(declared), None):
        name = charset or _guess(body)
        try:
            text = body.decode(name)
        except UnicodeDecodeError as error:
            if charset and error.start < len(body) - 4:
                continue
            text = to_unicode(body, name)
        odd = _odd_share(text)
        if best is None or odd < best[0] / 2:
            best = (odd, text, name)
        if best[0] <= MAX_ODD_SHARE and (charset is None or len(set(declared)) < 2):
            break
    assert best is not None  # the guess is always read
    return best[1], best[2]


def _guess(body: bytes) -> str:
    """The likeliest charset of bytes that are not UTF-8: the web's default where there is little to go by."""
    if len(_NON_ASCII.findall(body)) < FEW_BYTES and _decodes(body, "cp1252"):
        return "cp1252"
    guesses = from_bytes(_sample(body))
    guess = guesses.best()
    if guess is None or guess.encoding in ("utf_8", "ascii") or "cp1252" in guess.could_be_from_charset:
        return "cp1252"
    usual = next((other for other in guesses if other.encoding == "cp1252"), None)
    if usual is not None and usual.coherence >= guess.coherence and _odd_share(str(usual)) <= MAX_ODD_SHARE / 6:
        return "cp1252"  # the languages of a rarer charset are not seen any better in it
    return guess.encoding


def _odd_share(text: str) -> float:
    """Share of the words with non-ASCII letters that no language writes so, 0..1; of the first 500 such words."""
    words = odd = 0
    first = _NON_ASCII_TEXT.search(text)
    start = max(0, first.start() - 20) if first else len(text)
    for match in _FOREIGN_WORD.finditer(text, start, start + MAX_ODD_CHARS):
        words += 1
        odd += _ODD.search(match.group()) is not None
        if words == 500:
            break
    return odd / words if words else 0.0


def _wide(body: bytes) -> str | None:
    """UTF-16 by its NULs: markup is ASCII, so every other byte of it is one."""
    sample = body[:200]
    high_first, low_first = sample[0::2].count(0), sample[1::2].count(0)
    if max(high_first, low_first) * 5 < len(sample) or min(high_first, low_first) * 4 > max(high_first, low_first):
        return None
    return "utf-16-be" if high_first > low_first else "utf-16-le"


def _decodes(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(body: bytes) -> bool:
    """True where under one in fifty of the non-ASCII bytes breaks UTF-8: a slip in a page, not another charset."""
    non_ascii = len(_NON_ASCII.findall(body))
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken * 50 < non_ascii


def _sample(body: bytes) -> bytes:
    """A stretch around the first bytes that are not ASCII: the head of a page is usually pure ASCII markup."""
    first = _NON_ASCII.search(body)
    start = max(0, first.start() - SAMPLE_BYTES // 10) if first else 0
    return body[start : start + SAMPLE_BYTES]


def _may_be_mojibake(body: bytes) -> bool:
    """Whether UTF-8 bytes hold a run to look at; the arrays only spare the pattern the thousands of sound umlauts."""
    octets = np.frombuffer(body, np.uint8)
    leads = np.flatnonzero(octets[:-2] == 0xC3)
    if not leads.size or not _TAIL_LEADS[octets[leads + 2]].any():
        return False
    found = (_undone(match.group().decode()) for match in _MOJIBAKE_BYTES.finditer(body))
    return any(sound is not None and _is_usual(sound) for sound in found)


def _repaired_once(text: str) -> str | None:
    """One round of ``repaired``; None where the evidence does not suffice."""
    runs = [
        (match.start(), match.end(), sound)
        for match in _MOJIBAKE.finditer(text)
        if (sound := _undone(match.group())) is not None
    ]
    code = _code_bounds(text)
    runs = [run for run in runs if bisect_right(code, run[0]) % 2 == 0]
    contexts: set[str] = set()
    embedded = isolated = certain = 0
    for start, end, sound in runs:
        if not _is_usual(sound) or sound in _NEUTRAL:
            continue
        before, after = text[start - 1 : start], text[end : end + 1]
        # In "MANHÃ”" a capital and a closing quotation mark are sound.
        if len(sound) >= 3 or after.isalpha() or (before.isalpha() and (end - start > 2 or before.islower())):
            embedded += 1
            certain += _CONTROL.search(text, start, end) is not None
            contexts.add(text[max(0, start - 6) : end + 6])
        else:
            isolated += 1
    if not certain and (embedded < 2 or isolated * 4 > embedded):
        return None
    healthy = sum(map(len, _NON_ASCII_TEXT.findall(text))) - sum(end - start for start, end, _ in runs)
    needed = 2 if healthy == 0 else 3 if healthy < 2 * embedded else 6
    if not certain and min(embedded, 2 * len(contexts)) < needed:
        return None
    lower = text.lower()
    if any(phrase in lower for phrase in _ABOUT_CHARSETS):
        return None
    parts: list[str] = []
    done = 0
    for start, end, sound in runs:
        if healthy == 0 or _is_usual(sound):
            parts += (text[done:start], sound)
            done = end
    return "".join((*parts, text[done:]))


def _is_usual(sound: str) -> bool:
    return len(sound) >= 3 or _USUAL.fullmatch(sound) is not None


def _undone(run: str) -> str | None:
    try:
        return run.translate(_BYTE_OF).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _code_bounds(text: str) -> list[int]:
    """Where elements that show code begin and end, in turn: a position is in one where an odd number lies before."""
    bounds: list[int] = []
    depth = 0
    for match in _CODE_TAG.finditer(text):
        was_inside = depth > 0
        depth = max(0, depth + (-1 if match[1] else 1))
        if was_inside != (depth > 0):
            bounds.append(match.start())
    return bounds
