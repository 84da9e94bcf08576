"""Web archives (WARC, ISO 28500): records read one by one from any place in a file, and written.

Knows the format and nothing else: which records are wanted, what a page means and where an archive is read on are for
others to say. Touches no file but the one it is given, and opens no socket.
"""

from tasks.warc.read import RECORD_BYTES, WarcPage, WarcRecord, WarcSkip, read_page, records
from tasks.warc.write import ArchivedCapture, capture_record, info_record, revisit_record

__all__ = [
    "RECORD_BYTES",
    "ArchivedCapture",
    "WarcPage",
    "WarcRecord",
    "WarcSkip",
    "capture_record",
    "info_record",
    "read_page",
    "records",
    "revisit_record",
]
