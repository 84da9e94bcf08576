"""Labelled article pages for training and measuring: folders in a benchmark's form, blocks marked by their gold.

A set is a folder with ``index.jsonl`` (one page per line: id, url, html, gold) and the pages, gzipped. Nothing of it is
part of Dateline; the path is given by whoever trains or measures.
"""

import gzip
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MAX_ALIGNED_WORDS = 40_000
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu"})
# Scripts without spaces count by character, as the benchmark's scorer counts them.
_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A page with its gold: full ``text``, or snippets that belong to the article (``inside``) or do not."""

    name: str
    set_name: str
    url: str
    html: bytes
    text: str | None
    inside: tuple[str, ...]
    outside: tuple[str, ...]

    @property
    def site(self) -> str:
        """The registered domain, near enough; a page without address is a site of its own."""
        labels = (urlsplit(self.url).hostname or "").removeprefix("www.").split(".")
        if labels == [""]:
            return f"{self.set_name}/{self.name}"
        return ".".join(labels[-3:] if len(labels[-1]) == 2 and labels[-2:-1][0] in _SECOND_LEVEL else labels[-2:])


def read_set(folder: Path) -> Iterator[LabelledPage]:
    """The pages of the set in ``folder``, in the order of its index."""
    with (folder / "index.jsonl").open(encoding="utf-8") as index:
        for line in index:
            row = json.loads(line)
            gold = row["gold"]
            yield LabelledPage(
                name=row["id"],
                set_name=folder.name,
                url=row["url"] or "",
                html=gzip.decompress((folder / row["html"]).read_bytes()),
                text=gold.get("text"),
                inside=tuple(gold.get("with") or ()),
                outside=tuple(gold.get("without") or ()),
            )


def digest_of(pages: Sequence[LabelledPage]) -> str:
    """SHA-256 over the names, pages and gold of all pages, in order."""
    digest = hashlib.sha256()
    for page in pages:
        for part in (page.set_name, page.name, page.text or "", *page.inside, "", *page.outside, ""):
            digest.update(part.encode() + b"\0")
        digest.update(hashlib.sha256(page.html).digest())
    return digest.hexdigest()


def tokens(text: str | None) -> list[str]:
    """Words as the benchmark's scorer counts them: NFKC, case folded, runs of letters and digits."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text or "").casefold())


def token_f1(found: Sequence[str], gold: Sequence[str]) -> float:
    """Harmonic mean of precision and recall over the two multisets of words."""
    if not found or not gold:
        return float(found == gold)
    shared = (Counter(found) & Counter(gold)).total()
    return 2 * shared / (len(found) + len(gold))


def labels_of(page: LabelledPage, texts: Sequence[str]) -> list[float | None]:
    """For each block the share of it that is in the gold text (under a half: 0); None where the gold does not say.

    Blocks are aligned with the full text by the longest common subsequence of words. Blocks that only share common
    words with it by chance are taken out again, and blocks that stand elsewhere in the gold's order are put in.
    """
    if page.text:
        return _aligned([tokens(text) for text in texts], tokens(page.text))
    labels: list[float | None] = [None] * len(texts)
    for number, text in enumerate(texts):
        if any(snippet in text for snippet in page.outside):
            labels[number] = 0.0
        if any(snippet in text for snippet in page.inside):
            labels[number] = 1.0
    return labels


def _aligned(blocks: list[list[str]], gold: list[str]) -> list[float]:
    labels = [share if share >= 0.5 else 0.0 for share in _shares(blocks, gold)]
    triples = set(zip(gold, gold[1:], gold[2:], strict=False))
    contained = [_contained(block, triples) for block in blocks]
    for number, block in enumerate(blocks):
        if len(block) > 4 and contained[number] < 0.3:
            labels[number] = 0.0
    left = Counter(gold)
    for number, block in enumerate(blocks):
        if labels[number]:
            left -= Counter(block)
    for number, block in enumerate(blocks):
        if not labels[number] and contained[number] > 0.8:
            words = Counter(block)
            if (words & left).total() >= 0.8 * len(block):
                labels[number] = contained[number]
                left -= words
    return _without_harmful(blocks, labels, gold)


def _shares(blocks: list[list[str]], gold: list[str]) -> list[float]:
    from rapidfuzz.distance import LCSseq  # of the group "bench": only training aligns

    numbers: dict[str, int] = {}
    page = [numbers.setdefault(word, len(numbers)) for block in blocks for word in block][:MAX_ALIGNED_WORDS]
    text = [numbers.setdefault(word, len(numbers)) for word in gold][:MAX_ALIGNED_WORDS]
    is_common = bytearray(sum(map(len, blocks)))
    for step in LCSseq.opcodes(page, text):
        if step.tag == "equal":
            for position in range(step.src_start, step.src_end):
                is_common[position] = 1
    shares, position = [], 0
    for block in blocks:
        shares.append(sum(is_common[position : position + len(block)]) / len(block) if block else 0.0)
        position += len(block)
    return shares


def _contained(block: list[str], triples: set[tuple[str, str, str]]) -> float:
    own = list(zip(block, block[1:], block[2:], strict=False))
    return sum(triple in triples for triple in own) / len(own) if own else 0.0


def _without_harmful(blocks: list[list[str]], labels: list[float], gold: list[str]) -> list[float]:
    """Half-matching blocks are let go where the whole selection agrees better with the gold without them."""
    wanted = Counter(gold)
    chosen = Counter(word for block, label in zip(blocks, labels, strict=True) if label for word in block)
    shared, size = (chosen & wanted).total(), chosen.total()
    for number in sorted((n for n, label in enumerate(labels) if 0 < label <= 0.95), key=lambda n: labels[n]):
        rest = chosen - Counter(blocks[number])
        rest_shared, rest_size = (rest & wanted).total(), size - len(blocks[number])
        if rest_size and rest_shared / (rest_size + len(gold)) > shared / (size + len(gold)):
            chosen, shared, size = rest, rest_shared, rest_size
            labels[number] = 0.0
    return labels
