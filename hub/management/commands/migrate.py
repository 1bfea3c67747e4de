"""Django's own migrate, which here never makes a desk wait: it gives up on a lock after seconds, and tries again."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connection

from hub.operations.backups.restore import is_unfinished

LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    """A migration that has to wait for a table makes everybody who comes after it wait as well, behind it.

    So it waits two seconds at most, lets them through, and tries again. Each migration is a transaction of its own:
    what is done stays done, and the one that gave up has changed nothing.
    """

    waits = "2s"
    tries = 30
    pause = 2.0
    # Said by `restore`, which is at it itself.
    stealth_options = ("restoring",)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, however often it takes."""
        if not options.pop("restoring", False) and is_unfinished():
            raise CommandError(
                "A restore into this database was not finished, and people who were erased may be in it. Run"
                " `manage.py restore` once more: it begins anew."
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [self.waits])
        try:
            for left in reversed(range(self.tries)):
                try:
                    super().handle(*args, **options)
                except OperationalError as problem:
                    if getattr(problem.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                        raise
                    if not left:
                        raise CommandError(
                            "Somebody has been at work all the time in a table that has to change. Nothing is half"
                            " done: close the desk, or stop the web server and the worker, and migrate again."
                        ) from None
                    self.stdout.write("\nA table is in use; in a moment again.")
                    time.sleep(self.pause)
                else:
                    return
        finally:
            if not connection.needs_rollback and connection.connection and not connection.connection.closed:
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
