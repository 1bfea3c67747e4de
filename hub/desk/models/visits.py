"""Visits: what came to the desk this evening. Rows live until the desk closes; then only their random ids stay."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from enum import StrEnum

import pgtrigger
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.desk.models.openings import Closed, Opening, Totals
from hub.desk.models.tallies import Measure, Tally
from hub.desk.visit_payload import MOST_OF_ONE_ITEM, MOST_PEOPLE, Entry
from supplies.models import Issued, Item, Lot
from volunteers.shared.registries import retention, row_order

SWEEP_WAITS = "200ms"


class Differs(Exception):
    """A visit with this id is already there and says something else; the message is a sentence for the desk."""


class Logged(StrEnum):
    """What became of an entry. All three mean: it is safe here, the device may forget it."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    UNDONE = "undone"


class VisitQuerySet(models.QuerySet["Visit"]):
    """Logging visits, and sweeping up after them."""

    @transaction.atomic
    def log(self, entry: Entry, *, late: bool = True) -> Logged:
        """Take in one entry: count it once, take its items off the shelf, or undo it. In any order, however often.

        An entry whose opening was folded meanwhile goes straight into the totals, unless `late` is False. One that
        knows only its evening goes to that evening's opening, which is made if nobody could tell us of it.
        Raises Closed when there is no such opening or it is too long ago, Differs when the id is already used for
        something else, and ValidationError for an item that cannot be given out on a visit. Nothing is changed then.
        """
        # Locking the opening's row keeps a visit from slipping in while the evening is folded.
        pk = self._opening_of(entry) if entry.opening is None else entry.opening
        opening = Opening.objects.select_for_update(no_key=True).filter(pk=pk).first() if pk else None
        if opening is None:
            raise Closed(_now("We don't know that opening. Open the desk again, then log the visit."))
        entry = replace(entry, opening=opening.pk)
        _lock_id(entry.id)
        if opening.is_open:
            return self._log_live(opening, entry)
        if not late:
            raise Closed(_now("The desk was closed meanwhile. Open it again, then log the visit."))
        opening.check_not_too_old()
        if opening.state == Opening.State.OPEN:
            opening.fold()
        return self._log_late(opening, entry)

    def _opening_of(self, entry: Entry) -> int | None:
        """Where a visit belongs that knows only its evening: where it was counted before, else that evening's desk."""
        for table in (Visit, SeenVisit):
            if known := table.objects.filter(pk=entry.id).values_list("opening_id", flat=True).first():
                return known
        return Opening.objects.of_evening(entry.evening).pk if entry.evening else None

    def _log_live(self, opening: Opening, entry: Entry) -> Logged:
        if seen := SeenVisit.objects.filter(pk=entry.id).first():
            return seen.met_again(opening, entry)
        here = Visit.objects.filter(pk=entry.id).prefetch_related("items").first()
        if here is None:
            if entry.void:
                SeenVisit.objects.create(pk=entry.id, opening=opening, void=True)
                return Logged.UNDONE
            issued = _issue(opening, entry)
            here = Visit.objects.create(pk=entry.id, opening=opening, people=entry.people, said=entry.as_json()["said"])
            VisitItem.objects.bulk_create(
                VisitItem(visit=here, item_id=one.item_id, lot_id=one.lot_id, quantity=one.quantity) for one in issued
            )
            return Logged.CREATED
        if not here.says(entry):
            raise Differs(_now("That visit was logged before with something else in it. Nothing was changed."))
        if not entry.void:
            return Logged.DUPLICATE
        here.undo()
        return Logged.UNDONE

    def _log_late(self, opening: Opening, entry: Entry) -> Logged:
        """After folding there is no visit to make or to undo: the totals change, and the id is remembered."""
        if seen := SeenVisit.objects.filter(pk=entry.id).first():
            return seen.met_again(opening, entry)
        if Visit.objects.filter(pk=entry.id).exists():
            raise Differs(_now("That visit was logged on another evening. Nothing was changed."))
        SeenVisit.objects.create(pk=entry.id, opening=opening, void=entry.void)
        if entry.void:
            return Logged.UNDONE
        _issue(opening, entry)
        _add_to_totals(opening, entry, sign=1)
        return Logged.CREATED

    def sweep(self) -> bool:
        """Empty the visit tables for good when no desk is open anywhere; returns whether it did.

        Deleted rows stay readable in the files until then. It waits for nobody: next time will do.
        """
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [SWEEP_WAITS])
                cursor.execute("LOCK TABLE hub_opening IN SHARE MODE")
                if Opening.objects.open().exists() or self.exists():
                    return False
                cursor.execute("TRUNCATE hub_visit, hub_visititem")
        except DatabaseError:
            return False
        return True


class Visit(models.Model):
    """One visit of one or more people, this evening. No name, no time, no author, no words."""

    id = models.UUIDField(primary_key=True, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="live_visits")
    people = models.PositiveSmallIntegerField(_("people"))
    said = models.JSONField(_("what was said"), default=dict, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(people__range=(1, MOST_PEOPLE)), name="visit_people_in_range"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT FROM hub_opening WHERE id = NEW.opening_id AND state = 'open') THEN
                        RAISE EXCEPTION 'a visit needs an open desk' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def says(self, entry: Entry) -> bool:
        """Whether an entry has this visit's content: the same people and, over all lots, the same items."""
        taken: dict[int, int] = {}
        for line in self.items.all():
            taken[line.item_id] = taken.get(line.item_id, 0) + line.quantity
        wrote = (self.opening_id, self.people, self.said, taken)
        return wrote == (entry.opening, entry.people, entry.as_json()["said"], dict(entry.items))

    def undo(self) -> None:
        """It did not happen: the items go back to the lots they came from. The caller holds the opening's lock."""
        taken = [Issued(line.item_id, line.lot_id, line.quantity) for line in self.items.all()]
        Item.objects.take_back(taken, month=self.opening.month)
        SeenVisit.objects.create(pk=self.pk, opening=self.opening, void=True)
        self.delete()


class VisitItem(models.Model):
    """So many of one item, from one lot, on one visit. Its id is random: a counter would say who came first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("how many"))

    class Meta:
        verbose_name = _("item on a visit")
        verbose_name_plural = _("items on a visit")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST_OF_ONE_ITEM)), name="visititem_quantity_in_range"
            ),
            models.UniqueConstraint(
                fields=["visit", "item", "lot"], nulls_distinct=False, name="visititem_one_line_a_lot"
            ),
        ]
        triggers = [
            # Naloxone is counted in a log of its own and never beside a visit.
            pgtrigger.Trigger(
                name="never_naloxone",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT FROM supplies_item WHERE id = NEW.item_id AND naloxone) THEN
                        RAISE EXCEPTION 'naloxone is never written on a visit' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"


class SeenVisitQuerySet(models.QuerySet["SeenVisit"]):
    """Remembering ids, and forgetting them."""

    def remember(self, opening: Opening) -> None:
        """Keep the ids of an opening's visits, all its ids together in their own order.

        A dump shows rows in the order they arrived; written anew, sorted by random id, they show none.
        An id already remembered for another evening stays there: nothing may keep an evening from being folded.
        """
        seen = {*opening.live_visits.values_list("pk", flat=True)}
        voided = {*self.filter(opening=opening, void=True).values_list("pk", flat=True)}
        counted = {*self.filter(opening=opening, void=False).values_list("pk", flat=True)}
        self.filter(opening=opening).delete()
        SeenVisit.objects.bulk_create(
            (SeenVisit(pk=pk, opening=opening, void=pk in voided) for pk in sorted(seen | voided | counted)),
            ignore_conflicts=True,
        )

    def knows(self, id_: str) -> bool:
        """Whether this was counted, or undone, before."""
        try:
            return self.filter(pk=uuid.UUID(id_)).exists()
        except ValueError:
            return False

    def forget_old(self) -> None:
        """Drop the ids of evenings more than `SEEN_DAYS` ago."""
        self.filter(opening__date__lt=timezone.localdate() - dt.timedelta(days=periods.SEEN_DAYS)).delete()


class SeenVisit(models.Model):
    """The random id of a visit that was counted, or undone, in the last 30 days; nothing else of it."""

    id = models.UUIDField(primary_key=True, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="seen_visits")
    void = models.BooleanField(default=False)

    objects = SeenVisitQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    def met_again(self, opening: Opening, entry: Entry) -> Logged:
        """The same id once more: a copy counts nothing; the undoing of a visit counted before takes it out again."""
        if not entry.void:
            return Logged.DUPLICATE
        if self.void:
            return Logged.UNDONE
        if opening.pk != self.opening_id:
            raise Differs(_now("That visit was logged on another evening. Nothing was changed."))
        Item.objects.take_back(Item.objects.guess_issued_lots(entry.items, month=opening.month), month=opening.month)
        _add_to_totals(opening, entry, sign=-1)
        self.void = True
        self.save(update_fields=["void"])
        return Logged.UNDONE


def _lock_id(visit: uuid.UUID) -> None:
    """Hold this id until the transaction ends, so that one device cannot use it on two evenings in one moment.

    No row can be locked for that: the id may be in neither table yet. Always taken after the opening's own lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(visit.bytes[:8], signed=True)])


def _issue(opening: Opening, entry: Entry) -> list[Issued]:
    return Item.objects.issue(entry.items, month=opening.month) if entry.items else []


def _add_to_totals(opening: Opening, entry: Entry, *, sign: int) -> None:
    """Change an evening's and its month's totals by one late visit; the caller holds the opening's lock."""
    visits, people = (opening.visits or 0) + sign, (opening.people or 0) + sign * entry.people
    if visits < 0 or people < visits or (visits == 0) != (people == 0):
        raise Differs(_now("That doesn't fit what was counted that evening. Nothing was changed."))
    try:
        with transaction.atomic():
            change = Tally.objects.add if sign > 0 else Tally.objects.take_away
            change(
                opening.month,
                {
                    (Measure.VISITS, ""): 1,
                    (Measure.PEOPLE, ""): entry.people,
                    **{(Measure.GIVEN, str(item)): n for item, n in entry.items.items()},
                },
            )
    except IntegrityError:
        raise Differs(_now("That doesn't fit what was counted that month. Nothing was changed.")) from None
    Tally.objects.hear(opening.month, opening.heard([entry.said]), sign=sign)
    opening.settle(Totals(visits, people))


retention.keep(
    Visit,
    VisitItem,
    until="until the desk closes, 06:00 at the latest",
    promise="visits",
    in_backups=retention.InBackups.OPEN_DESK,
)
retention.keep(
    SeenVisit,
    length=dt.timedelta(days=periods.SEEN_DAYS),
    promise="random-numbers",
    every=retention.Every.TEN_MINUTES,
    delete=SeenVisit.objects.forget_old,
    overdue=lambda now: SeenVisit.objects.filter(opening__date__lt=now.date() - dt.timedelta(days=periods.SEEN_DAYS)),
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.leave(Visit, VisitItem, because="emptied when the desk closes")
row_order.rewrite(SeenVisit)
