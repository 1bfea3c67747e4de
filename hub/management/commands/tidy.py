"""Forget what is due to be forgotten; what the timetables do, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from hub import histories
from hub.staying import ask_the_quiet, erase_the_silent
from volunteers.jobs import clear_expired, forget_in_time


class Command(BaseCommand):
    """The clock on what we know of people, without a worker. Safe at any time, and again."""

    help = "Turn old sign-ups into hours, forget what ran out, and ask or erase who has been quiet for a year."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it all, and say how many people it was about."""
        clear_expired()
        forget_in_time()
        histories.forget_old()
        asked, erased = ask_the_quiet(), erase_the_silent()
        self.stdout.write(f"Tidied. {asked} asked whether they stay, {erased} erased.")
