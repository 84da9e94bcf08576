"""Letters without their accents."""

import unicodedata


def unaccented(text: str) -> str:
    """Return ``text`` in compatibility form (NFKD, UAX #15) without its combining marks; case stays."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
