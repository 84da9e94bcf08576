"""The compiled gazetteer: GeoNames' towns of 500 people and more, first- and second-level divisions, by folded name.

``gazetteer.npz`` is written by ``python -m tests.bench.make_gazetteer``. Its rows are first the areas (divisions), then
the towns. Lists of strings are UTF-8 with one string a line, in the order of the rows or, for the folded names, of
their bytes. Data from GeoNames (https://www.geonames.org), CC BY 4.0; codes of divisions are those of ISO 3166-2.
What a name means in a text is not decided here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from tasks.text import unaccented

TARGET = Path(__file__).with_name("gazetteer.npz")
ALTERNATE = 1 << 31  # in name_rows: the name is not the row's own
RECOGNISED = 1 << 7  # in kinds: an area of ISO 3166-2 or a town of 5,000 people and more
KINDS = ("town", "division", "region")  # in kinds: the other bits

_LETTERS = str.maketrans({
    "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ı": "i", "đ": "d", "Đ": "d", "ð": "d", "þ": "th", "æ": "ae", "Æ": "ae",
    "œ": "oe", "ß": "ss", "ə": "a", "ǝ": "a", "Ə": "a", "Ǝ": "a", "&": " and ",
    **dict.fromkeys("'’‘ʼʻʹʿʾ`´", ""),
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


def fold(name: str) -> str:
    """Return the form under which a name is looked up: no case, accents, apostrophes, hyphens or points; words with
    one space between, and "St", "Mt" and "Ft" in full."""
    name = name.translate(_LETTERS)
    if not name.isascii():
        name = unaccented(name)
    words = _WORD.findall(name.casefold())
    return " ".join(_SHORT.get(word, word) for word in words)


class Lines(Sequence):
    """Strings in one run of bytes, one a line."""

    def __init__(self, blob: np.ndarray):
        self._bytes = blob.tobytes()
        breaks = np.flatnonzero(blob == ord("\n"))
        self._starts = memoryview(np.concatenate(([0], breaks + 1)).astype(np.uint32))
        self._ends = memoryview(np.concatenate((breaks, [len(blob)])).astype(np.uint32))

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> bytes:
        return self._bytes[self._starts[index] : self._ends[index]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bytes.decode().split("\n"))

    def text(self, index: int) -> str:
        """Return the string at ``index``."""
        return self[index].decode()


class Atlas:
    """The rows of the file; see the module. ``latitude`` and ``longitude`` in degrees, WGS 84."""

    def __init__(self, path: Path):
        with np.load(path, allow_pickle=False) as file:
            self.names = Lines(file["names"])
            self.spellings = Lines(file["spellings"])
            self.area_names = [line.split("|") for line in Lines(file["area_names"])]
            self.area_codes = list(Lines(file["area_codes"]))
            self.country_codes = list(Lines(file["country_codes"]))
            self.country_ids = dict(zip(self.country_codes, file["country_ids"].tolist(), strict=True))
            self.country_populations = dict(zip(self.country_codes, file["country_populations"].tolist(), strict=True))
            self.capitals = frozenset(file["capitals"].tolist()) - {-1}
            self.geoname_ids = file["geoname_ids"]
            self.countries = file["countries"]
            self.divisions = file["divisions"]
            self.populations = file["populations"]
            self.latitudes, self.longitudes = file["positions"]
            self.kinds = file["kinds"]
            self.exact_names = list(Lines(file["exact_names"]))
            self.exact_rows = file["exact_rows"].tolist()
            self._starts = memoryview(np.concatenate(([0], np.cumsum(file["name_counts"]))).astype(np.uint32))
            self._rows = memoryview(file["name_rows"])

    def find(self, folded: str, most: int) -> list[tuple[int, bool]]:
        """Return up to ``most`` rows that bear a folded name, the most populous first, and whether the name is their
        own."""
        key = folded.encode()
        index = bisect_left(self.names, key)
        if index == len(self.names) or self.names[index] != key:
            return []
        rows = self._rows[self._starts[index] : min(self._starts[index + 1], self._starts[index] + most)]
        return [(row & ~ALTERNATE, not row & ALTERNATE) for row in rows]

    def position(self, row: int) -> tuple[float, float]:
        """Return latitude and longitude."""
        return int(self.latitudes[row]) / 1e3, int(self.longitudes[row]) / 1e3


@cache
def atlas() -> Atlas:
    """Return the gazetteer that ships with the package."""
    return Atlas(TARGET)
