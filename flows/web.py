"""The bounds and manners of every request, made from the settings."""

from importlib.metadata import version

from flows.settings import Settings
from tasks.web import WebLimits

VERSION = version("dateline")


def web_limits(settings: Settings) -> WebLimits:
    """What ``tasks.web`` is given."""
    told = settings.fetch
    return WebLimits(
        user_agent=f"Dateline/{VERSION} (+{told.contact})",
        concurrency=told.concurrency,
        host_gap_seconds=told.host_gap_seconds,
        total_seconds=told.total_seconds,
        idle_seconds=told.idle_seconds,
        attempts=told.attempts,
        wire_bytes=told.wire_bytes,
        decoded_bytes=told.decoded_bytes,
        allow_loopback=told.allow_loopback,
        proxy=told.proxy,
    )
