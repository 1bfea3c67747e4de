"""Forget what is due to be forgotten; what the timetables do, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from hub.operations.purge import purge
from hub.people.inactivity import ask_inactive_people, erase_silent_people


class Command(BaseCommand):
    """The clock on what we know of people, without a worker. Safe at any time, and again."""

    help = "Forget all that was kept only for a time and had it, and ask or erase who has been quiet for a year."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it all, and say how many people it was about."""
        purge()
        asked, erased = ask_inactive_people(), erase_silent_people()
        self.stdout.write(f"Tidied. {asked} asked whether they stay, {erased} erased.")
