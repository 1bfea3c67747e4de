"""Make a backup, once or again and again."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections

from hub.operations.backups.clients import CannotDump
from hub.operations.backups.dump import is_due, make_backup
from hub.operations.backups.encryption import WrongKey, make_keys, read_public_key
from hub.operations.backups.store import BackupFolder, BackupRunning

WRONG = (CannotDump, WrongKey, OSError, OperationalError)


class Command(BaseCommand):
    """A sealed backup of everything but visits, sessions, letters and jobs; docs/backups.md says all of it.

    Dailies are kept for a week, then a month's last for a year. While a desk is open it writes over the one backup
    that holds the evening, which goes with the first after closing.
    """

    help = "Write a sealed backup into BACKUP_DIR, and remove the ones that are old enough."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, how often, and how to begin."""
        parser.add_argument("--into", type=Path, help="another folder than BACKUP_DIR")
        parser.add_argument("--every", type=int, metavar="MINUTES", help="go on, and look every so often if one is due")
        parser.add_argument("--new-keys", action="store_true", help="print a new pair of keys and do nothing else")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, and say where it is."""
        if options["new_keys"]:
            self.print_keys()
            return
        folder = options["into"] or settings.BACKUP_DIR
        if not (settings.BACKUP_KEY and folder):
            raise CommandError("Set BACKUP_KEY and BACKUP_DIR first; `manage.py backup --new-keys` makes the key.")
        if options["every"] is not None and options["every"] < 1:
            raise CommandError("Every so many minutes: a number from 1 on.")
        try:
            if options["every"]:
                self.go_on(BackupFolder(Path(folder)), options["every"] * 60)
            self.make(BackupFolder(Path(folder)))
        except BackupRunning:
            raise CommandError("Another backup is being made at this moment.") from None
        except WRONG as problem:
            raise CommandError(_describe_problem(problem)) from None

    def make(self, folder: BackupFolder) -> None:
        """One backup."""
        backup = make_backup(folder, read_public_key(settings.BACKUP_KEY))
        about = " It holds the evening of an open desk, and goes once that has closed." if backup.desk_is_open else ""
        self.stdout.write(f"{backup.path} is written.{about}")

    def go_on(self, folder: BackupFolder, seconds: int) -> None:
        """Look again and again, whatever happens in between: a database that is away comes back."""
        read_public_key(settings.BACKUP_KEY)
        while True:
            try:
                close_old_connections()
                if is_due(folder):
                    self.make(folder)
            except (BackupRunning, *WRONG) as problem:
                self.stderr.write(_describe_problem(problem))
            time.sleep(seconds)

    def print_keys(self) -> None:
        """The two halves, and where each belongs."""
        public, private = make_keys()
        self.stdout.write(
            f"For .env on the server, where it can only lock:\n\nBACKUP_KEY={public}\n\n"
            f"For people, on paper and in a password manager, never on the server. Without it no backup opens:\n\n"
            f"{private}\n\nIt is shown this once and kept nowhere. Two people in two places should have it."
        )


def _describe_problem(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return f"The backup could not be written: {problem.strerror}."
    if isinstance(problem, OperationalError):
        return "The database does not answer, so there is no backup."
    return str(problem) or "Another backup is being made at this moment."
