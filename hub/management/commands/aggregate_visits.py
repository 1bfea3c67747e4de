"""Aggregate the visits of desks nobody closed. The timetable does this, too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from hub.months.models import Month
from volunteers.shared.registries.retention import Every, delete_overdue


class Command(BaseCommand):
    """Add visits of overdue openings to their months, delete them, and complete months long over. Safe at any time."""

    help = "Fold every desk nobody closed by 06:00 into its month."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--open` also closes the desks that are open now."""
        parser.add_argument("--open", action="store_true", help="close and fold the desks that are open now, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Aggregate the visits, and print the number of openings that were closed."""
        closed = Opening.objects.aggregate_overdue()
        if options["open"]:
            for opening in Opening.objects.open().order_by("pk"):
                opening.aggregate_visits()
                closed += 1
        delete_overdue(Every.TEN_MINUTES, Every.DAY)
        Opening.objects.truncate_visits()
        Month.complete_overdue()
        PendingRewrite.objects.run_all()
        self.stdout.write(f"{closed} folded.")
