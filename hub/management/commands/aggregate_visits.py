"""Aggregate the visits of desks nobody closed. The timetable does this, too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.core import row_order
from hub.desk.models.handovers import Handover
from hub.desk.models.openings import Opening
from hub.desk.models.visits import SeenVisit
from hub.logs.models.incidents import Incident
from hub.months.models import Month


class Command(BaseCommand):
    """Add visits of overdue openings to their months, delete them, and complete months long over. Safe at any time."""

    help = "Fold every desk nobody closed by 06:00 into its month."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--open` also closes the desks that are open now."""
        parser.add_argument("--open", action="store_true", help="close and fold the desks that are open now, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it, and print how many openings were closed."""
        folded = Opening.objects.aggregate_overdue()
        if options["open"]:
            for opening in Opening.objects.open().order_by("pk"):
                opening.aggregate_visits()
                folded += 1
        SeenVisit.objects.forget_old()
        Handover.objects.forget_old()
        Opening.objects.truncate_visits()
        Month.complete_overdue()
        Incident.objects.forget_old()
        row_order.forget_arrivals()
        self.stdout.write(f"{folded} folded.")
