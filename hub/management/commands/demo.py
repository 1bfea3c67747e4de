"""Lay out the demo world in an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import demo
from volunteers.models import User


class Command(BaseCommand):
    """Never among real people: it refuses where anybody has an account, and outside a demo unless told twice."""

    help = "Lay out one believable hub, dated back from today, and print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        """One flag, to mean it."""
        parser.add_argument("--on-this-database", action="store_true", help="outside DEBUG: yes, a demo, here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay it out and say who can sign in."""
        if not settings.DEMO and not options["on_this_database"]:
            raise CommandError("This is not a demo. If it is to be one, say --on-this-database.")
        if User.objects.exists():
            raise CommandError("There are people in this database already, so the demo stays out of it.")
        demo.lay_out()
        self.stdout.write("The demo is laid out. Sign in as:")
        for role, name, password in demo.SIGN_INS:
            self.stdout.write(f"  {role:12} {name:12} {password}")
