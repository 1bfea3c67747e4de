"""End every way in that is open, at once."""

from typing import Any

from django.core.management.base import BaseCommand

from hub.operations.lockdown import lock_down


class Command(BaseCommand):
    """For whoever runs the hub, when no admin can sign in. Asks nothing first: it is undone by signing in again."""

    help = "Sign everybody out and end every desk device, calendar address, invitation and waiting letter, at once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it, and say what ended."""
        for sentence in lock_down():
            self.stdout.write(sentence)
        self.stdout.write(
            "Everybody signs in again as before. If the server itself may be lost, change SECRET_KEY too."
        )
