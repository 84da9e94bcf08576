"""What subjects of the IPTC Media Topics a text is about."""

from tasks.sense.facts import Document


def read_topics(document: Document) -> Document:
    """Fill in the topics."""
    return document
