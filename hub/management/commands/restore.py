"""Bring a hub back from a backup, onto an empty machine."""

import sys
import time
from getpass import getpass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.operations.backups import restore
from hub.operations.backups.clients import CannotDump
from hub.operations.backups.encryption import WrongKey, read_private_key
from hub.operations.backups.store import ERASED
from hub.operations.invariants import find_broken


class Command(BaseCommand):
    """Loads it, erases again whoever was erased since, lets the clocks catch up, and asks whether everything holds.

    Only into a database with nobody in it. docs/backups.md goes through it step by step.
    """

    help = "Load a backup into an empty database. Needs the private key, which is typed or piped in."
    # The database is empty: nothing can be asked of it yet.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, and who has been erased since."""
        parser.add_argument("backup", type=Path)
        parser.add_argument("--erased", type=Path, help=f"who was erased since; otherwise {ERASED} beside the backup")
        parser.add_argument("--nobody-was-erased", action="store_true", help="there is no such file, and that is right")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it all, and say how long it took."""
        key = self.ask_for_key()
        began = time.monotonic()
        try:
            marks = self.marks(options, key)
            restore.load_backup(options["backup"].read_bytes(), key)
            left = restore.erase_again(marks)
            restore.run_clocks()
            restore.finish_restore()
        except OSError as problem:
            raise CommandError(f"{problem.filename} cannot be read: {problem.strerror}.") from None
        except (WrongKey, CannotDump, restore.CannotRestore) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Restored in {time.monotonic() - began:.0f} seconds.")
        for name in left:
            self.stdout.write(
                f"{name} was erased since, but is the last admin in this backup. Make somebody else an admin, then"
                f" erase them again on their page."
            )
        if broken := list(find_broken()):
            report = "\n".join(f"  {check.name}: {check.says}" for check in broken)
            raise CommandError(f"It is all back, but not everything holds:\n{report}")
        self.stdout.write("Every promise holds. Everybody signs in anew; invitations are made again.")

    def ask_for_key(self) -> X25519PrivateKey:
        """Read the private key: typed unseen, or piped. Never an argument, which others could read."""
        typed = getpass("The private key: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            return read_private_key(typed)
        except WrongKey as problem:
            raise CommandError(str(problem)) from None

    def marks(self, options: dict[str, Any], key: X25519PrivateKey) -> set[str]:
        """Who must not come back."""
        beside = options["erased"] or options["backup"].with_name(ERASED)
        if options["nobody_was_erased"]:
            return set()
        if not beside.exists():
            raise CommandError(
                f"{beside} is not there, which says who was erased since this backup. Fetch it from where the newest"
                " backup is, name it with --erased, or say --nobody-was-erased."
            )
        return restore.read_marks(beside.read_bytes(), key)
