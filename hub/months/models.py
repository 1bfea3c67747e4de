"""A month as a whole: its evenings, what is missing from it, and completing it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.core import periods
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.opening_queryset import OpeningQuerySet
from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Tally
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from supplies.models import CompletedMonth, Item, Outgoing
from volunteers.shared.refusals import NotAllowed

COMPLETED_AFTER = dt.timedelta(days=30)
"""The time after its end when a month is completed automatically."""


@dataclass(frozen=True)
class Month:
    """One month, named by its first day."""

    first: dt.date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @classmethod
    def list_known(cls) -> list[Month]:
        """Every month from the first with any record to this one; the newest first.

        A month without a record is among them: its zero is no zero until somebody says that it is complete.
        """
        months = Opening.objects.dates("date", "month")
        for rows in (Tally, NaloxoneGiven, Reversal, StripResult, Incident, Outgoing):
            months = months.union(rows._default_manager.values_list("month", flat=True).order_by())  # noqa: SLF001 -- Django's own public name for it
        now = periods.opening_month()
        first, last = min([now, *months]), max([now, *months])
        return [cls(month) for month in reversed(periods.months_between(first, last))]

    @classmethod
    def complete_overdue(cls) -> int:
        """Complete every month that ended 30 days ago or more. Returns how many. Safe at any time, and by several."""
        last = timezone.localdate() - COMPLETED_AFTER
        completed = {*CompletedMonth.objects.values_list("month", flat=True)}
        overdue = [month for month in cls.list_known() if month.end <= last and month.first not in completed]
        return sum(month.complete_month() for month in reversed(overdue))

    @property
    def end(self) -> dt.date:
        """The first day after it."""
        return periods.month_of(self.first + dt.timedelta(days=31))

    @property
    def is_over(self) -> bool:
        """Whether its last evening is over."""
        return self.first < periods.opening_month()

    @property
    def is_complete(self) -> bool:
        """Whether a person or the timetable has completed the month."""
        return CompletedMonth.objects.filter(month=self.first).exists()

    @property
    def openings(self) -> OpeningQuerySet:
        """Openings of its evenings."""
        return Opening.objects.filter(date__gte=self.first, date__lt=self.end)

    @property
    def unrecorded(self) -> OpeningQuerySet:
        """Openings that nobody recorded: they are missing before it is complete."""
        return self.openings.filter(state=Opening.State.NOT_RECORDED)

    def complete_month(self, *, seen_unrecorded: int | None = None) -> bool:
        """Mark it as complete: the ledger takes in what was given out, and its logs are rewritten in random order.

        Returns False if it was complete already: then nothing changes. `seen_unrecorded` is how many unrecorded
        evenings somebody saw: if that number has changed, they look again. Everything happens, or nothing.
        """
        if not self.is_over:
            raise NotAllowed(_("This month is not over yet. You can complete it after its last evening."))
        Opening.objects.aggregate_overdue()
        with transaction.atomic():
            # Every verb locks in this order: openings, then items, then logs.
            evenings = list(self.openings.order_by("pk").select_for_update())
            if any(evening.state == Opening.State.OPEN for evening in evenings):
                raise NotAllowed(_("One evening is still open. Close its desk first."))
            missing = sum(evening.state == Opening.State.NOT_RECORDED for evening in evenings)
            if self.is_complete:
                return False
            if seen_unrecorded is not None and seen_unrecorded != missing:
                raise NotAllowed(_("The evenings have changed. Look at them again, then complete the month."))
            if not Item.objects.complete_month(self.first):
                return False
            for log in (NaloxoneGiven, Reversal, StripResult):
                log.objects.rewrite_month(self.first)
            # The ledger, which is long, is left to the worker: one transaction wrote the month's rows in it.
            PendingRewrite.objects.ask(every_table=True)
            PendingRewrite.objects.ask()
            transaction.on_commit(PendingRewrite.objects.run_desk, robust=True)
        return True
