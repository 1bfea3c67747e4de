"""Checks that everything the hub promises holds in its database; run it after anything went wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.operations.invariants import CHECKS, find_broken


class Command(BaseCommand):
    """Asks the database of every promise and says in plain sentences which are broken; then the exit code is 1.

    It changes nothing, may run at any time, and prints no row and no number of anything.
    """

    help = "Ask the database whether every promise holds. Changes nothing; run it after a crash, a restore, an upgrade."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, for somebody who wants to know one thing."""
        parser.add_argument("names", nargs="*", metavar="name", help="only these promises; without any, all of them")
        parser.add_argument("--list", action="store_true", help="name every promise and say what is told if it breaks")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, and say."""
        if options["list"]:
            for check in CHECKS:
                self.stdout.write(f"{check.name}: {check.says}")
            return
        if unknown := set(options["names"]) - {check.name for check in CHECKS}:
            raise CommandError(f"There is no promise called {', '.join(sorted(unknown))}. --list names them all.")
        if broken := list(find_broken(*options["names"])):
            report = "\n".join(f"  {check.name}: {check.says}" for check in broken)
            raise CommandError(f"Not everything holds:\n{report}\nTake a backup before you mend anything.")
        self.stdout.write(f"All {len(options['names'] or CHECKS)} promises hold.")
