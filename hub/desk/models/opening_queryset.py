"""Queries about openings, and the verbs that concern several: starting, calling off, and tidying up after evenings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from hub.core import periods
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.exceptions import DeskClosed, EveningUnclear
from hub.desk.models.planned_shifts import find_drop_in_shifts, find_shifts_tonight
from hub.desk.models.public_stock import PublicStock
from volunteers.models import Shift, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import row_order

if TYPE_CHECKING:
    from hub.desk.models.openings import Opening

TRUNCATE_LOCK_TIMEOUT = "200ms"


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Queries about openings, and opening the desk."""

    def open(self) -> OpeningQuerySet:
        """Desks that are open, overdue ones included."""
        return self.filter(state=self.model.State.OPEN)

    def tonight(self) -> OpeningQuerySet:
        """Desks that are open this evening, the first opened first."""
        return self.open().filter(date=periods.tonight()).order_by("pk")

    def current(self) -> Opening | None:
        """The desk that is open this evening, if one is."""
        return self.tonight().first()

    def overdue(self) -> OpeningQuerySet:
        """Desks nobody closed by 06:00."""
        return self.open().filter(date__lt=periods.tonight())

    # ---- Opening the desk ----

    def start(self, *, kind: str, place: str = "", shift: Shift | None = None) -> Opening:
        """Open the desk for this evening, or open it again. A second person who opens it finds it open.

        Overdue openings are aggregated first, so that this needs no timetable. The public stock list is taken before
        anybody is given anything.
        """
        self.aggregate_overdue()
        with transaction.atomic():
            self.update_public_stock()
            pk = self.get_or_create(
                date=periods.tonight(),
                place=shift.place if shift else place,
                defaults={"kind": kind, "state": self.model.State.OPEN, "shift": shift},
            )[0].pk
            opening = self.model.objects.select_for_update().get(pk=pk)
            if opening.state != self.model.State.OPEN:
                opening.state = self.model.State.OPEN
                opening.save(update_fields=["state"])
        return opening

    def start_for(self, shift: Shift) -> Opening:
        """Open the desk that this shift staffs."""
        return self.start(kind=self.model.Kind.PLANNED, shift=shift)

    def get_for_evening(self, evening: dt.date) -> Opening:
        """The opening of an evening that somebody names by its date. If none was opened, one is made now.

        Raises DeskClosed for an evening to come, and for one too long ago.
        """
        opening = self._find_for_evening(evening)
        if opening is not None:
            return opening
        if evening == periods.tonight():
            return self.start(kind=self.model.Kind.UNPLANNED)
        kind, state = self.model.Kind.UNPLANNED, self.model.State.NOT_RECORDED
        self.model(date=evening, kind=kind, state=state).check_not_too_old()
        return self.get_or_create(date=evening, place="", defaults={"kind": kind, "state": state})[0]

    def get_for_device(self, evening: dt.date) -> Opening:
        """The opening of an evening that only the clock of a device knows, which may be wrong.

        So none is made for another evening than tonight: raises EveningUnclear, and the device asks again.
        """
        if (periods.tonight() - evening).days > periods.LATE_DAYS:
            raise EveningUnclear(_now("That evening is too long ago. Check the date on this device."))
        opening = self._find_for_evening(evening)
        if opening is None and evening < periods.tonight():
            self.record_missed()
            opening = self._find_for_evening(evening)
        if evening == periods.tonight():
            return opening or self.start(kind=self.model.Kind.UNPLANNED)
        if opening is None or opening.state == self.model.State.CANCELLED:
            raise EveningUnclear(
                _now("No desk was open that evening. If there was one, choose it under “Catch up”. Then we count this.")
            )
        return opening

    def _find_for_evening(self, evening: dt.date) -> Opening | None:
        if evening > periods.tonight():
            raise EveningUnclear(_now("That evening has not come yet. Check the date on this device."))
        openings = list(self.filter(date=evening).order_by("place")[:2])
        if len(openings) > 1 and openings[0].place:
            raise DeskClosed(_now("There were several desks that evening. Add this to the month’s totals."))
        return openings[0] if openings else None

    # ---- Shifts and their desks ----

    def find_unopened_shifts(self) -> list[Shift]:
        """Drop-in shifts of this evening, cancelled ones too, whose desk is not open yet; the first first."""
        open_at = set(self.tonight().values_list("place", flat=True))
        return [shift for shift in find_shifts_tonight() if shift.place not in open_at]

    @transaction.atomic
    def cancel_shift(self, shift: Shift, reason: str, *, by: User) -> list[User]:
        """Cancel a shift of this evening, and its desk if that was opened and nobody came. Returns who is told.

        Raises DeskClosed if somebody came, and NotAllowed as the shift does.
        """
        opening = self.tonight().filter(place=shift.place).first()
        if opening is not None:
            opening.cancel()
        return shift.cancel(reason, by=by)

    def record_missed(self) -> int:
        """Add an opening for each planned evening without a desk: cancelled, or not recorded. Returns how many."""
        last = periods.tonight() - dt.timedelta(days=1)
        first = last - dt.timedelta(days=periods.SEEN_DAYS)
        known = set(self.filter(date__gte=first).values_list("date", "place"))
        missed: dict[tuple[dt.date, str], Opening] = {}
        for shift in find_drop_in_shifts(first, last):
            where = (periods.evening(timezone.localtime(shift.starts_at)), shift.place)
            if where in known or (where in missed and shift.is_cancelled):
                continue
            state = self.model.State.CANCELLED if shift.is_cancelled else self.model.State.NOT_RECORDED
            missed[where] = self.model(
                date=where[0], place=where[1], kind=self.model.Kind.PLANNED, state=state, shift=shift
            )
        self.model.objects.bulk_create(missed.values(), ignore_conflicts=True)
        return len(missed)

    # ---- After evenings ----

    def aggregate_overdue(self) -> int:
        """Aggregate every desk nobody closed. Returns how many. Safe at any time, and by several at once.

        Planned evenings on which no desk was opened are recorded, too.
        """
        overdue = list(self.overdue().order_by("pk"))
        for opening in overdue:
            opening.aggregate_visits()
        self.record_missed()
        return len(overdue)

    def truncate_visits(self) -> bool:
        """Empty the visit tables for good when no desk is open anywhere. Returns whether it did.

        Deleted rows stay readable in the files until then. It waits for nobody: next time will do.
        """
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TRUNCATE_LOCK_TIMEOUT])
                cursor.execute("LOCK TABLE hub_opening IN SHARE MODE")
                if self.open().exists() or self.filter(live_visits__isnull=False).exists():
                    return False
                cursor.execute("TRUNCATE hub_visit, hub_visititem")
        except DatabaseError:
            return False
        return True

    def rewrite_tables(self) -> bool:
        """Write anew the tables that still tell how something came about; returns whether none is left.

        While a desk is open they fill up again with every visit: then only what is pending is done.
        """
        if not PendingRewrite.objects.run():
            return False
        undone = set() if self.open().exists() else row_order.rewrite_unclean_tables()
        if undone:
            PendingRewrite.objects.ask(left=undone)
        return not undone

    # ---- The public stock list ----

    def is_public_stock_fixed(self) -> bool:
        """Whether a desk has opened this evening, so that the public stock list stays as it is."""
        evening = self.filter(date=periods.tonight()).exclude(state=self.model.State.CANCELLED)
        return evening.union(self.open()).exists()

    def update_public_stock(self) -> bool:
        """Write the public stock list anew, unless a desk has opened this evening. Returns whether it was written.

        Of two who open at once the second waits for the first, and then finds that a desk is open.
        """
        with transaction.atomic():
            stock = PublicStock.lock()
            if self.is_public_stock_fixed():
                return False
            stock.rewrite()
        return True

    def update_public_stock_by_hand(self) -> None:
        """Write the public stock list anew because somebody asked. Raises NotAllowed once a desk has opened."""
        if not self.update_public_stock():
            raise NotAllowed(_now("A desk has opened this evening, so this list cannot change until the morning."))
