"""How positive the wording of a text is."""

from tasks.sense.facts import Document


def read_tone(document: Document) -> Document:
    """Fill in the tones."""
    return document
