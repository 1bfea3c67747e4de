"""Logs that say what broke and where in the code, and nothing of whom, from where or with what."""

import logging
import traceback


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
