"""Bytes to an article: decoding, body, metadata; fragments of HTML; the dated-text form.

Nothing here opens a socket or a file, runs a script or trusts a page: sizes, nesting and counts are bounded.
"""

from tasks.page.authors import clean_authors
from tasks.page.body import Paragraph
from tasks.page.charset import decode
from tasks.page.dated import DatedText, display_title, read_dated_text
from tasks.page.fragment import read_fragment
from tasks.page.read import Page, extractor_name, read_page

__all__ = [
    "DatedText",
    "Page",
    "Paragraph",
    "clean_authors",
    "decode",
    "display_title",
    "extractor_name",
    "read_dated_text",
    "read_fragment",
    "read_page",
]
