"""The fault taxonomy of the pipeline. Nothing but the classes' names and the list of codes may stand here."""

from warehouse.errors import DatelineError, Terminal, Transient

__all__ = ["DatelineError", "Terminal", "Transient"]
