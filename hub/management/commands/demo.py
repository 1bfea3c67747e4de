"""Lay out the demo world in an empty database."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import demo
from hub.core.pending_rewrites import PendingRewrite
from hub.core.periods import tonight
from volunteers.models import User

BAR = 40  # characters


class Command(BaseCommand):
    """Never among real people: it refuses where anybody has an account, and outside a demo unless told twice."""

    help = "Lay out one believable hub, dated back from today, and print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add a flag that confirms it, and the number of years."""
        parser.add_argument("--on-this-database", action="store_true", help="outside DEBUG: yes, a demo, here")
        parser.add_argument("--years", type=int, help="so many years of it, to see whether anything gets slow")
        parser.add_argument("--scale", type=float, default=1.0, help="how much of it; 1 is a busy hub of one town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay it out and say who can sign in."""
        if not settings.DEMO and not options["on_this_database"]:
            raise CommandError("This is not a demo. If it is to be one, say --on-this-database.")
        if User.objects.exists():
            raise CommandError("There are people in this database already, so the demo stays out of it.")
        if options["years"] is None:
            demo.build_demo()
        else:
            self.build_years(options["years"], options["scale"])
        PendingRewrite.objects.run_all()
        self.stdout.write("The demo is laid out. Sign in as:")
        for role, name, password in demo.SIGN_INS:
            self.stdout.write(f"  {role:12} {name:12} {password}")

    def build_years(self, number: int, scale: float) -> None:
        """Build a demo of several years, with a progress bar."""
        try:
            size = demo.Size(number, scale, tonight())
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
        demo.build_demo_of_years(size, self.tell)

    def tell(self, share: float, words: str) -> None:
        """Show the progress in one line, on a terminal only."""
        if sys.stderr.isatty():
            full = round(BAR * share)
            end = "\n" if share >= 1 else ""
            self.stderr.write(f"\r  {'█' * full}{'·' * (BAR - full)} {share:4.0%}  {words:<12}", ending=end)
            self.stderr.flush()
