"""A month as a whole: what it comes to, what is missing from it, and sealing it once it is complete."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.core import periods
from hub.desk.models.openings import Opening, OpeningQuerySet
from hub.desk.models.tallies import Tally
from hub.logs.models.base import this_month
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from supplies.models import CompletedMonth, Item, Outgoing
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import row_order

SEALED_AFTER = dt.timedelta(days=30)
"""How long after its end a month is sealed by itself."""


@dataclass(frozen=True)
class Month:
    """One month, named by its first day."""

    first: dt.date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @classmethod
    def known(cls) -> list[Month]:
        """Every month from the first that anything is known of to the one that is running; the newest first.

        One in which nothing happened is among them: its zero is no zero until somebody says that it is complete.
        """
        months = Opening.objects.dates("date", "month")
        for rows in (Tally, NaloxoneGiven, Reversal, StripResult, Incident, Outgoing):
            months = months.union(rows._default_manager.values_list("month", flat=True).order_by())  # noqa: SLF001 -- Django's own public name for it
        now = this_month()
        first, last = min([now, *months]), max([now, *months])
        return [cls(month) for month in reversed(periods.months_between(first, last))]

    @classmethod
    def seal_overdue(cls) -> int:
        """Seal every month that ended 30 days ago or more; how many. Safe at any time, and by several at once."""
        last = timezone.localdate() - SEALED_AFTER
        sealed = {*CompletedMonth.objects.values_list("month", flat=True)}
        overdue = [month for month in cls.known() if month.end <= last and month.first not in sealed]
        return sum(month.seal() for month in reversed(overdue))

    @property
    def end(self) -> dt.date:
        """The first day after it."""
        return periods.month_of(self.first + dt.timedelta(days=31))

    @property
    def is_over(self) -> bool:
        """Whether its last evening is over."""
        return self.first < this_month()

    @property
    def is_sealed(self) -> bool:
        """Whether somebody, or the timetable, said it is complete."""
        return CompletedMonth.objects.filter(month=self.first).exists()

    @property
    def openings(self) -> OpeningQuerySet:
        """Its evenings."""
        return Opening.objects.filter(date__gte=self.first, date__lt=self.end)

    @property
    def unrecorded(self) -> OpeningQuerySet:
        """Evenings nobody wrote down: what is missing before it is complete."""
        return self.openings.filter(state=Opening.State.NOT_RECORDED)

    def seal(self, *, seen_unrecorded: int | None = None) -> bool:
        """Say that it is complete: what went out becomes the ledger's, and its logs are written anew in random order.

        False if it was sealed before; then nothing changes. `seen_unrecorded` says how many unrecorded evenings
        somebody had before their eyes: if there are others by now, they look again. All of it or nothing.
        """
        if not self.is_over:
            raise NotAllowed(_("This month is not over yet. It can be completed once its last evening is."))
        Opening.objects.fold_overdue()
        with transaction.atomic():
            # Openings, then items, then logs: the order in which everybody locks them.
            evenings = list(self.openings.order_by("pk").select_for_update())
            if any(evening.state == Opening.State.OPEN for evening in evenings):
                raise NotAllowed(_("One of its evenings is still open. Close its desk first."))
            missing = sum(evening.state == Opening.State.NOT_RECORDED for evening in evenings)
            if self.is_sealed:
                return False
            if seen_unrecorded is not None and seen_unrecorded != missing:
                raise NotAllowed(_("Its evenings have changed meanwhile. Look at them again, then complete it."))
            if not Item.objects.complete_month(self.first):
                return False
            for log in (NaloxoneGiven, Reversal, StripResult):
                log.objects.rewrite(self.first)
        row_order.rewrite_in_key_order()
        return True
