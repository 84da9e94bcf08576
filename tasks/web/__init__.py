"""The web: the only place in Dateline that opens a socket.

Requests in, results out, every one bounded, guarded and polite. No parsing of what was fetched, no settings, no
warehouse: what a feed or a page means is for others to say.
"""

from tasks.web.client import WebClient
from tasks.web.records import REASONS, WebAttempt, WebLimits, WebRequest, WebResult

__all__ = ["REASONS", "WebAttempt", "WebClient", "WebLimits", "WebRequest", "WebResult"]
