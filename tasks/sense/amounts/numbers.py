"""Numbers in digits and English words, with their scales: "1,234.5", "2,50,000", "4.3bn", "two and a half million".

Only the number and its span; what it counts is not known here. Each pattern is anchored where a number may begin.
"""

import re

from tasks.sense.amounts.units import SCALES

WORD_VALUES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen"
        " eighteen nineteen".split()
    )
} | {word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{2,3}){1,5}(?!,?\d)(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?(?!\d|,\d)")
_OTHER = re.compile(
    r"\d{1,3}(?:[.\u00a0\u202f ]\d{3}){1,5}(?!\d)(?:,\d{1,6})?|\d{1,3}(?:,\d{3}){2,5}(?!\d)"
    r"|\d{1,15}(?:[.,]\d{1,6})?(?!\d)"
)
_GLUED_SCALE = re.compile(r"(?:bln|mln|trn|bn|mn|tn|m|b|k|cr)(?![^\W_])", re.IGNORECASE)
_SCALE_WORD = re.compile(
    r"[ \u00a0-](?P<scale>" + "|".join(sorted(SCALES, key=len, reverse=True)) + r")(?![^\W_])\.?", re.IGNORECASE
)
_SHORT_SCALES = frozenset(("m", "b", "k", "cr"))
_WORD = re.compile(r"[ -](?:and )?(?P<word>[a-z]+)(?:-(?P<unit>[a-z]+))?")
_HALF = re.compile(r"(?:[ -]and[ -]a[ -]half)(?![a-z])")
_BASE = re.compile(r"(?P<word>[A-Za-z]+)(?:-(?P<unit>[a-z]+))?")


def digits_at(text: str, start: int, *, english: bool) -> tuple[float, int] | None:
    """Return the number in digits that begins at ``start``, its scale included, and where it ends.

    In English a comma groups and a point divides; elsewhere it is the other way round unless only one reading fits.
    """
    match = (_ENGLISH if english else _OTHER).match(text, start)
    if match is None:
        return None
    digits = match.group()
    if english:
        value = float(digits.replace(",", ""))
    elif re.fullmatch(r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?", digits):
        value = float(re.sub(r"[.\s]", "", digits).replace(",", "."))
    elif digits.count(",") > 1:
        value = float(digits.replace(",", ""))
    else:
        value = float(digits.replace(",", "."))
    return _scaled(text, value, match.end())


def words_at(text: str, start: int) -> tuple[float, int] | None:
    """Return the number in English words that begins at ``start``, and where it ends; None where no number does."""
    match = _BASE.match(text, start)
    if match is None:
        return None
    word, unit = match["word"].lower(), match["unit"]
    if word in ("a", "an"):
        return _article(text, match.end())
    if word == "half":
        if not text.startswith((" a ", "-a-"), match.end()):
            return None
        scaled = _scaled(text, 0.5, match.end() + 2)
        return scaled if scaled[0] > 0.5 else None
    value = WORD_VALUES.get(word)
    if value is None:
        return None
    end = match.end()
    if unit:
        if unit in WORD_VALUES and value >= 20 and 0 < WORD_VALUES[unit] < 10:
            value += WORD_VALUES[unit]
        else:
            end = match.end("word")  # "three-day": the number ends at the hyphen
    half = _HALF.match(text, end)
    scaled, stop = _scaled(text, value + (0.5 if half else 0.0), half.end() if half else end)
    return _rest(text, scaled, stop) if stop > end and not half else (scaled, stop)


def _article(text: str, end: int) -> tuple[float, int] | None:
    scaled = _scaled(text, 1.0, end)
    return scaled if scaled[1] > end else None


def _rest(text: str, value: float, end: int) -> tuple[float, int]:
    """Read on after a scale: "two hundred and fifty", "one million two hundred thousand"."""
    for _ in range(4):
        match = _WORD.match(text, end)
        small = WORD_VALUES.get(match["word"]) if match else None
        if not small or small >= value:
            break
        stop = match.end("word")
        if match["unit"] in WORD_VALUES and small >= 20:
            small += WORD_VALUES[match["unit"]]
            stop = match.end()
        scaled, after = _scaled(text, float(small), stop)
        if scaled >= value:
            break
        value, end = value + scaled, after
    return value, end


def _scaled(text: str, value: float, end: int) -> tuple[float, int]:
    glued = _GLUED_SCALE.match(text, end)
    if glued and text[end - 1].isdigit():
        return value * SCALES[glued.group().lower()], glued.end()
    for _ in range(2):
        match = _SCALE_WORD.match(text, end)
        if match is None or match["scale"].lower() in _SHORT_SCALES:
            break
        value *= SCALES[match["scale"].lower()]
        end = match.end("scale")
    return value, end
