"""Which documents are copies of which: candidates from shared sketch hashes, each verified on the full texts.

Pure functions of texts and of the rows the warehouse found; nothing here reads a store, a clock or a setting, and
nothing is remembered between two calls.

How a caller uses it, batch by batch:

1. ``sketch(shingles(text))`` for each new document;
2. one bounded look-up of stored rows ``(hash, document id, cluster id)`` sharing one of those hashes, put in
   :class:`Postings`;
3. :func:`candidates` says, from the sketches, which stored documents are worth loading;
4. :func:`find_copies` verifies, the documents of the batch among each other included.

The order of ideas is that of near-duplicate detection since Broder 1997 ("On the resemblance and containment of
documents"): shingles propose, resemblance (Jaccard) or containment decides. What news adds: text that many stories
share says nothing, so hashes of more than MAX_CLUSTERS clusters neither propose nor count; machine-written stories
differ in nothing but numbers and names, so these decide for short texts; and a round-up contains many stories and is
a copy of none, so a document joins one cluster only and never one that it shares with another story.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.likeness.fingerprint import SCALE, SMALL_SHINGLES, Hashes, shingle_sequences, sketch, text_digest
from tasks.likeness.particulars import same_particulars, same_subject

MAX_CLUSTERS = 5
"""A hash seen in more clusters than this is boilerplate."""
MAX_DOCUMENTS = 3
"""Documents of one cluster that stand for it under one hash: its first. The rest are copies of these."""
MAX_CANDIDATES = 20
"""Documents verified for one new document, at most."""
MIN_SHARED = 2
"""Sketch hashes two documents share before the older is worth loading: one is chance."""
MIN_SHINGLES = 10
"""Shingles a document needs, boilerplate apart, to be a copy of anything: twelve words. A stub is nobody's copy."""
LIKELY = 0.2
"""Share of the smaller sketch found in the other below which the full texts are not compared."""
SURE_JACCARD, SURE_CONTAINMENT = 0.55, 0.75
MIN_JACCARD, MIN_CONTAINMENT = 0.35, 0.55
"""Either of a pair suffices; below the sure ones, only if one of the two leads came along. A follow-up with a lead of
its own that reprints half of the older story as background is no copy, though it reaches 0.7 by containment."""
LEAD_PART, LEAD_SHINGLES = 0.3, 15
LEAD_SHARED = 0.15
"""The opening part of a text and its first sentence, and the share of either's shingles found in the other by which
the lead came along. Low: the lead is what an editor rewrites most."""
OWN_SHINGLES, OWN_PART = 20, 0.1
"""Where each of a pair has a passage of its own so long, also for its length, and the headlines share no word, the text
that they share says nothing, however much it is: two stories of a site that puts little text among much boilerplate."""
STUB_WORDS = 80
"""A text this short under an unrelated headline is a paywall notice or a player's fallback, not the story."""
PART_JACCARD = 0.40
"""Below it the shorter text is a part of the longer; a part that lacks the lead is an item of a round-up."""
SAME_JACCARD = 0.95
PARTS = ((0.8, 0.8), (0.95, 0.9))
"""Where the kinds part: the same text bar the seams that cut boilerplate leaves; a part, by containment and size: at
least a fifth shorter, or a tenth where nothing else was touched."""
DISJOINT = 0.2
"""Two stories within one text share at most this part of what the text has of the smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to compare. ``seen_at`` orders documents in time (any integer clock); the earlier is the original."""

    id: str
    text: str
    seen_at: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The judgement that a document copies an earlier one, measured on shingles without boilerplate.

    What is met first gives its name to the cluster for good, so that no stored row has to change: an original that
    arrives after its copy joins the copy's cluster, and which of the two was published first is told by their times.

    ``kind``, how this text stands to the other: exact (same words), boilerplate_variant (the same but for
    boilerplate), abridged (a shortened form of the older), extended (the older within more text), agency_copy (the
    same story, edited). ``jaccard`` and ``containment`` (shared shingles by those of the smaller document) lie in
    0..1.
    """

    of_id: str
    kind: str
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where a new document belongs: its cluster (named by the id of its first document) and the copy it is, if any."""

    id: str
    cluster_id: str
    copy: Copy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Print:
    """What is compared of a document: its shingles in reading order and those that the sketch kept, sorted."""

    sequence: Hashes
    sketch: Hashes

    @classmethod
    def of(cls, documents: Sequence[Document]) -> "list[_Print]":
        sequences = shingle_sequences([document.text for document in documents])
        return [cls(sequence=sequence, sketch=sketch(sequence)) for sequence in sequences]

    def without(self, boilerplate: Hashes) -> Hashes:
        """The shingles in reading order, less boilerplate.

        Only sketched shingles are known to be boilerplate or not; one between two such takes their state where they
        agree, so that a notice of forty words goes as a whole though the sketch holds ten of its shingles.
        """
        if not _among(boilerplate, self.sketch).any():
            return self.sequence
        known = np.flatnonzero(_among(self.sequence, self.sketch))
        bad = _among(self.sequence[known], boilerplate)
        places = np.arange(self.sequence.size)
        before = np.maximum(np.searchsorted(known, places, "right") - 1, 0)
        after = np.minimum(np.searchsorted(known, places), known.size - 1)
        return self.sequence[~(bad[before] & bad[after])]


class Postings:
    """Sketch hashes to the clusters and documents that hold them: stored rows and the batch itself.

    Holds at most MAX_CLUSTERS + 1 clusters by hash and MAX_DOCUMENTS documents by hash and cluster, the first given,
    so rows beyond that need not be read from the store; give rows in time order, each (hash, document) pair once.
    """

    def __init__(self, rows: Iterable[tuple[int, str, str]] = ()) -> None:
        self._clusters: dict[int, dict[str, list[str]]] = {}
        self._cluster_of: dict[str, str] = {}
        for value, document_id, cluster_id in rows:
            self._put(value, document_id, cluster_id)

    def add(self, document_id: str, cluster_id: str, hashes: Hashes) -> None:
        """Enter one document under each of its sketch hashes."""
        for value in hashes.tolist():
            self._put(value, document_id, cluster_id)

    def _put(self, value: int, document_id: str, cluster_id: str) -> None:
        self._cluster_of[document_id] = cluster_id
        clusters = self._clusters.setdefault(value, {})
        documents = clusters.get(cluster_id)
        if documents is not None:
            if len(documents) < MAX_DOCUMENTS and documents[-1] != document_id:
                documents.append(document_id)
        elif len(clusters) <= MAX_CLUSTERS:
            clusters[cluster_id] = [document_id]

    def cluster_of(self, document_id: str) -> str:
        return self._cluster_of[document_id]

    def boilerplate(self, hashes: Hashes) -> Hashes:
        """Those of the hashes, in their order, that more than MAX_CLUSTERS clusters hold."""
        clusters = self._clusters
        return np.array([v for v in hashes.tolist() if len(clusters.get(v, ())) > MAX_CLUSTERS], np.uint64)

    def propose(self, hashes: Hashes) -> list[tuple[str, int]]:
        """The documents that share most of these hashes, boilerplate not counted: (id, hashes shared), best first; at
        most MAX_CANDIDATES, and of one cluster at most MAX_DOCUMENTS.
        """
        shared: Counter[str] = Counter()
        for value in hashes.tolist():
            clusters = self._clusters.get(value, {})
            if len(clusters) <= MAX_CLUSTERS:
                for documents in clusters.values():
                    shared.update(documents)
        chosen: list[tuple[str, int]] = []
        taken: Counter[str] = Counter()
        for document_id, count in shared.most_common():
            cluster_id = self._cluster_of[document_id]
            if count < MIN_SHARED or len(chosen) == MAX_CANDIDATES:
                break
            if taken[cluster_id] < MAX_DOCUMENTS:
                taken[cluster_id] += 1
                chosen.append((document_id, count))
        return chosen


def candidates(sketches: Iterable[Hashes], stored: Postings) -> set[str]:
    """Ids of the stored documents that :func:`find_copies` wants the texts of for new documents with these sketches: at
    most MAX_CANDIDATES by document.
    """
    return {found for hashes in sketches for found, _ in stored.propose(hashes)}


def find_copies(batch: Sequence[Document], postings: Postings, texts: Mapping[str, Document]) -> list[Finding]:
    """Place each document of a batch, in time order: in the cluster of what it copies, or in one of its own.

    ``postings`` holds the stored rows of the batch's hashes (none of the batch itself) and gains the batch; ``texts``
    holds the stored documents that :func:`candidates` named (one that is missing is not compared). Findings come in
    time order. Verifies at most MAX_CANDIDATES pairs by document, whatever the size of the archive.
    """
    known = dict(texts)
    everything = [*known.values(), *batch]
    prints = {document.id: made for document, made in zip(everything, _Print.of(everything), strict=True)}
    findings = []
    for document in sorted(batch, key=lambda each: (each.seen_at, each.id)):
        ours = prints[document.id]
        boilerplate = postings.boilerplate(ours.sketch)
        matches: dict[str, _Match] = {}  # the strongest by cluster
        telling = ours.sketch.size - boilerplate.size
        for candidate_id, shared in postings.propose(ours.sketch):
            candidate = known.get(candidate_id)
            if candidate is None or candidate_id == document.id:
                continue
            theirs = prints[candidate_id]
            if shared < LIKELY * _comparable(telling, ours, theirs):
                continue
            match = _compare(document, ours, candidate, theirs, boilerplate)
            cluster_id = postings.cluster_of(candidate_id)
            if match and (cluster_id not in matches or matches[cluster_id].strength < match.strength):
                matches[cluster_id] = match
        cluster_id, copy = _choose(document.id, matches)
        known[document.id] = document
        postings.add(document.id, cluster_id, ours.sketch)
        findings.append(Finding(id=document.id, cluster_id=cluster_id, copy=copy))
    return findings


def judge(new: Document, candidate: Document, boilerplate: Hashes) -> Copy | None:
    """Whether ``new`` copies the earlier ``candidate``; ``boilerplate`` holds the hashes that do not count, sorted."""
    ours, theirs = _Print.of([new, candidate])
    match = _compare(new, ours, candidate, theirs, boilerplate)
    return match.copy if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A copy, which of the new document's shingles (sorted, boilerplate apart) it shares, and whether it holds more."""

    copy: Copy
    shared: npt.NDArray[np.bool_]
    larger: bool

    @property
    def strength(self) -> float:
        return self.copy.jaccard + self.copy.containment


def _compare(new: Document, ours: _Print, candidate: Document, theirs: _Print, boilerplate: Hashes) -> _Match | None:
    new_sequence, old_sequence = ours.without(boilerplate), theirs.without(boilerplate)
    mine, old = np.unique(new_sequence), np.unique(old_sequence)
    if min(mine.size, old.size) < MIN_SHINGLES:
        return None
    shared = _among(mine, old)
    count = int(shared.sum())
    jaccard, containment = count / (mine.size + old.size - count), count / min(mine.size, old.size)
    if jaccard < MIN_JACCARD and containment < MIN_CONTAINMENT:
        return None
    new_lead, old_lead = _lead_in(new_sequence, old), _lead_in(old_sequence, mine)
    if jaccard < SURE_JACCARD and containment < SURE_CONTAINMENT and max(new_lead, old_lead) < LEAD_SHARED:
        return None
    if jaccard < PART_JACCARD and mine.size < old.size and old_lead < LEAD_SHARED:
        return None
    words = min(ours.sequence.size, theirs.sequence.size)
    own = min(_longest_gap(_among(new_sequence, old)), _longest_gap(_among(old_sequence, mine)))
    if (words <= STUB_WORDS or own >= max(OWN_SHINGLES, OWN_PART * words)) and not same_subject(
        new.title, candidate.title
    ):
        return None
    if jaccard == 1.0 and text_digest(new.text) == text_digest(candidate.text):
        kind = "exact"
    elif not same_particulars(new.text, candidate.text, _shared_by_shorter(ours.sequence, theirs.sequence)):
        return None
    else:
        in_all = int(np.setxor1d(ours.sequence, theirs.sequence).size)
        kind = _kind(jaccard, containment, mine.size / old.size, mine.size + old.size - 2 * count, in_all)
    copy = Copy(of_id=candidate.id, kind=kind, jaccard=round(jaccard, 3), containment=round(containment, 3))
    return _Match(copy=copy, shared=shared, larger=mine.size > old.size)


def _comparable(telling: int, ours: _Print, theirs: _Print) -> float:
    """How many sketch hashes would be shared if the smaller document lay within the other: of a document small enough
    to keep all its shingles, only those that a larger one keeps too.
    """
    smaller = min(telling, theirs.sketch.size)
    return smaller / SCALE if min(ours.sequence.size, theirs.sequence.size) <= SMALL_SHINGLES else smaller


def _lead_in(sequence: Hashes, other: Hashes) -> float:
    """The share of the opening shingles of one document that the other has, 0..1."""
    found = _among(sequence[: max(LEAD_SHINGLES, round(LEAD_PART * sequence.size))], other)
    return max(float(found.mean()), float(found[:LEAD_SHINGLES].mean()))


def _longest_gap(shared: npt.NDArray[np.bool_]) -> int:
    """How many shingles in a row are not shared, at most."""
    edges = np.flatnonzero(np.diff(shared, prepend=True, append=True))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _shared_by_shorter(one: Hashes, other: Hashes) -> npt.NDArray[np.bool_]:
    shorter, longer = sorted((one, other), key=len)
    return _among(shorter, np.unique(longer))


def _kind(jaccard: float, containment: float, size_ratio: float, differ: int, differ_in_all: int) -> str:
    """``differ`` counts the shingles that one has and the other has not, ``differ_in_all`` those with boilerplate."""
    if jaccard >= SAME_JACCARD and differ_in_all > 2 * differ:
        return "boilerplate_variant"
    for least, ratio in PARTS:
        if containment >= least and not ratio < size_ratio < 1 / ratio:
            return "abridged" if size_ratio < 1 else "extended"
    return "agency_copy"


def _among(values: Hashes, members: Hashes) -> npt.NDArray[np.bool_]:
    """For each value whether it is one of ``members``, which are sorted."""
    if not members.size:
        return np.zeros(values.size, np.bool_)
    return members[np.minimum(np.searchsorted(members, values), members.size - 1)] == values


def _choose(document_id: str, matches: Mapping[str, _Match]) -> tuple[str, Copy | None]:
    """The one cluster that a document joins: that of its strongest match, or its own where it copies nothing or holds
    two stories that have nothing in common.
    """
    ranked = sorted(matches.items(), key=lambda item: item[1].strength, reverse=True)
    if not ranked:
        return document_id, None
    (cluster_id, best), others = ranked[0], [match for _, match in ranked[1:]]
    if best.larger and any(other.larger and _disjoint(best.shared, other.shared) for other in others):
        return document_id, None
    return cluster_id, best.copy


def _disjoint(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> bool:
    return int((one & other).sum()) <= DISJOINT * min(int(one.sum()), int(other.sum()))
