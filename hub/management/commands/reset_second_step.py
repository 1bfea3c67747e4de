"""The way in for somebody whose second step nobody else can reset."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from volunteers.models import User
from volunteers.shared.refusals import NotAllowed


class Command(BaseCommand):
    """For whoever runs the hub, where an admin lost their second step and no other admin is there to reset it.

    It stands in the admin's history of that person, and every other admin with an e-mail gets a letter that leads
    there: nobody does it in secret.
    """

    help = "Take away one person's second step and sign them out. They sign in by their password and set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose it is."""
        parser.add_argument("username", metavar="sign-in-name", help="what they type to sign in; not their e-mail")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reset it, and say what comes next."""
        person = User.objects.filter(username__reads=options["username"]).first()
        if person is None:
            raise CommandError("Nobody signs in with that name.")
        try:
            person.reset_second_step(by=None)
        except NotAllowed as refusal:
            raise CommandError(" ".join(refusal.reasons)) from None
        self.stdout.write(
            f"{person} has no second step any more and is signed out. At the next sign-in they set up a new one."
        )
        if not person.has_usable_password():
            self.stdout.write("They have no password: they sign in by a code sent to their e-mail.")
