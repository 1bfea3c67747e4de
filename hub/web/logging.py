"""Logs that say what broke and where in the code, and nothing of whom, from where or with what."""

import logging
import traceback
from http import HTTPStatus

REPEAT_SECONDS = 60


class QuietFormatter(logging.Formatter):
    """Prints level, logger and the bare message template; of an exception its type and its lines of code.

    Arguments of a message and the text of an exception are left out: they carry paths, addresses, form values
    and the rows that PostgreSQL quotes when it refuses one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One entry, without a single value in it."""
        # Django's security log and some of gunicorn's hand over a text with the value already in it.
        bare = isinstance(record.msg, str) and not record.name.startswith("django.security")
        lines = [f"{record.levelname} {record.name}" + (f": {record.msg}" if bare else "")]
        if record.exc_info and (problem := record.exc_info[1]):
            frames = traceback.extract_tb(problem.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            lines.append(f"  {type(problem).__module__}.{type(problem).__qualname__}")
        return "\n".join(lines)


class OnceWhileAway(logging.Filter):
    """Of a database that is away one line, and another each minute in each process, without what was asked for.

    With a line for every request, whatever keeps the log would know when somebody came, and by the lines of code where
    to.
    """

    def __init__(self) -> None:
        """Nothing has been told yet."""
        super().__init__()
        self._told = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything else through, and of this the first."""
        if getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE:
            return True
        # A clock that jumps back does not silence it.
        if abs(record.created - self._told) < REPEAT_SECONDS:
            return False
        self._told = record.created
        record.msg, record.args, record.exc_info = "The database is away, or not ready.", (), None
        return True
