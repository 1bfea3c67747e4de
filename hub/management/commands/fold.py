"""Fold the desks nobody closed; what the timetable does, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.desk.models.openings import Opening
from hub.desk.models.visits import Visit
from hub.months.models import Month
from volunteers.shared.registries import row_order
from volunteers.shared.registries.retention import Every, delete_overdue


class Command(BaseCommand):
    """Add overdue openings to their months, delete their visits, and complete months long over. Safe at any time."""

    help = "Fold every desk nobody closed by 06:00 into its month."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--open` also closes the desks that are open now."""
        parser.add_argument("--open", action="store_true", help="close and fold the desks that are open now, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold, forget, sweep, and say how many."""
        folded = Opening.objects.fold_overdue()
        if options["open"]:
            for opening in Opening.objects.open().order_by("pk"):
                opening.fold()
                folded += 1
        delete_overdue(Every.TEN_MINUTES, Every.DAY)
        Visit.objects.sweep()
        Month.seal_overdue()
        row_order.rewrite_in_key_order()
        self.stdout.write(f"{folded} folded.")
