"""What is the same: one address for one article, copies of one text, what changed between two versions.

Pure functions on strings and NumPy arrays. Nothing here fetches, reads or stores, nothing knows of Prefect, DuckDB or
settings; the stored rows that a comparison needs are handed in.
"""

from tasks.likeness.address import canonical_url
from tasks.likeness.copies import Copy, Document, Finding, Postings, candidates, find_copies, judge
from tasks.likeness.fingerprint import shingle_sequences, shingles, sketch, text_digest
from tasks.likeness.revision import WordDiff, word_diff

LIKENESS = "dateline.likeness 2"
"""The version on each row that this room made; raised when a stored digest, sketch or judgement would change."""

__all__ = [
    "LIKENESS",
    "Copy",
    "Document",
    "Finding",
    "Postings",
    "WordDiff",
    "candidates",
    "canonical_url",
    "find_copies",
    "judge",
    "shingle_sequences",
    "shingles",
    "sketch",
    "text_digest",
    "word_diff",
]
