"""After SECRET_KEY was changed: seal everything anew with the new key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from volunteers.shared.registries.sealed import seal_anew
from volunteers.shared.sealing import Age


class Command(BaseCommand):
    """Seals what an earlier key sealed, and says how much is left that needs one. The hourly job does it too."""

    help = "Seal everything anew that a key in SECRET_KEY_FALLBACKS sealed, and say what is left. Harmless, and again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it, and count what there is now. Raises CommandError where something is lost or left."""
        left = lost = 0
        for entry, ages in seal_anew().items():
            earlier, unreadable = ages[Age.EARLIER], ages[Age.LOST]
            self.stdout.write(
                f"{entry.what}: {ages[Age.CURRENT]} with the key of now, {earlier} with an earlier one,"
                f" {unreadable} that nobody can read"
            )
            left += earlier
            lost += unreadable if entry.matters else 0
        if lost:
            raise CommandError(
                f"{lost} cannot be read: put the key from before into SECRET_KEY_FALLBACKS and run this again. If it is"
                " lost, `manage.py reset_second_step` lets a person in whose second step is among them."
            )
        if left:
            raise CommandError(f"{left} were changed meanwhile and are left: run this again.")
        self.stdout.write(
            "Nothing in the database needs an earlier key. Links in letters do, for 8 days: then take it out of"
            " SECRET_KEY_FALLBACKS."
        )
