"""Pinned quality: the least that the extractor must reach on a set, beside the digest of the pages it was measured on.

Floors judge a set only where its pages and gold are the very same; on others a run measures and does not judge.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.labels import digest_of
from tests.bench.measures import Gold, Summary

FLOORS = Path(__file__).with_name("floors.json")
DIGITS = 3
_MEASURES = {
    "f1": "token F1",
    "title": "share of exact titles",
    "authors": "share of exact author sets",
    "day": "share of right days of publication",
    "below_half": "share of pages below F1 0.5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The least of each measure, the most of ``below_half``; None where the set's gold does not say."""

    digest: str
    f1: float | None
    title: float | None
    authors: float | None
    day: float | None
    below_half: float | None


def digest(golds: Sequence[Gold]) -> str:
    """SHA-256 over the pages of a set with all that is known of them."""
    hashed = hashlib.sha256(digest_of([gold.page for gold in golds]).encode())
    for gold in golds:
        hashed.update(json.dumps([gold.title, sorted(gold.authors), gold.day]).encode() + b"\n")
    return hashed.hexdigest()


def load(path: Path) -> dict[str, Floor]:
    """The floors by the name of the set; none where the file is not there yet."""
    if not path.exists():
        return {}
    return {name: Floor(**floor) for name, floor in json.loads(path.read_text(encoding="utf-8")).items()}


def save(path: Path, floors: Mapping[str, Floor]) -> None:
    """Write the floors, sets by name."""
    rows = {name: asdict(floors[name]) for name in sorted(floors)}
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measured(digest: str, summary: Summary) -> Floor:
    """What a run reached as a floor: rounded so that the same run passes it."""
    return Floor(
        digest=digest,
        f1=_rounded(summary.f1, math.floor),
        title=_rounded(summary.title, math.floor),
        authors=_rounded(summary.authors, math.floor),
        day=_rounded(summary.day, math.floor),
        below_half=_rounded(summary.below_half, math.ceil),
    )


def shortfalls(name: str, floor: Floor, summary: Summary) -> list[str]:
    """A sentence for each measure of the set that is worse than its floor."""
    found = []
    for measure, words in _MEASURES.items():
        least, reached = getattr(floor, measure), getattr(summary, measure)
        if least is None or reached is None:
            continue
        is_ceiling = measure == "below_half"
        if reached > least if is_ceiling else reached < least:
            side = "above its ceiling" if is_ceiling else "below its floor"
            found.append(
                f"{name}: the {words} is {reached:.4f}, {side} of {least:.3f}. If that is meant, run with --lower."
            )
    return found


def raised(known: Floor | None, new: Floor) -> Floor:
    """``new`` where it is better, else what is known; another digest's floor is left as it is."""
    if known is None:
        return new
    if known.digest != new.digest:
        return known
    better = {m: min if m == "below_half" else max for m in _MEASURES}
    pairs = {m: [v for v in (getattr(known, m), getattr(new, m)) if v is not None] for m in _MEASURES}
    return Floor(digest=new.digest, **{m: better[m](values) if values else None for m, values in pairs.items()})


def _rounded(value: float | None, towards: object) -> float | None:
    # The tiny shift keeps 0.9 from becoming 0.899 by its binary form.
    if value is None:
        return None
    shift = 1e-9 if towards is math.floor else -1e-9
    return towards(value * 10**DIGITS + shift) / 10**DIGITS
