"""The two classes of fault, and the sentence that tells one.

No logic beyond the classes may stand here; who raises and who retries is decided elsewhere. The codes of the pipeline
are listed in ``tasks.errors``.
"""


class DatelineError(Exception):
    """A fault told in one sentence that names the thing and the remedy.

    ``reason`` is the snake_case code under which a record is counted in the account of a run and listed in the view
    ``drops``. The message never contains credentials.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)  # both stand in args, so that the error survives pickling
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class Transient(DatelineError):
    """Trying again later can succeed: a dead host, a time-out, a 5xx, a 429, a busy lock."""


class Terminal(DatelineError):
    """Trying again cannot succeed: a 404, a malformed feed, a body over its bound. The input is kept."""
