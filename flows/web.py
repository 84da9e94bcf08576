"""The bounds and manners of every request, made from the settings."""

from dataclasses import replace
from importlib.metadata import version

from flows.settings import Settings
from tasks.web import WebLimits

VERSION = version("dateline")


SITEMAP_BYTES = 52_428_800  # uncompressed, at most (sitemaps.org, protocol 0.9)


def source_limits(settings: Settings) -> WebLimits:
    """What sources are asked with: as for pages, but a sitemap may be larger than any page."""
    limits = web_limits(settings)
    return replace(
        limits,
        wire_bytes=max(SITEMAP_BYTES, limits.wire_bytes),
        decoded_bytes=max(SITEMAP_BYTES, limits.decoded_bytes),
    )


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
