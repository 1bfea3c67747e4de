"""Visits: what came to the desk this evening. Rows live until the desk closes; then only their random ids stay.

`Visit.objects.log` is the one way in. A payload is one of: new, a copy of one we have, or the undoing of one we have.
The visit it is about is live (its desk is open) or late (its evening is in the month's tallies already).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from enum import StrEnum

import pgtrigger
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.exceptions import DeskClosed, VisitDiffers
from hub.desk.models.openings import Opening, Totals
from hub.desk.models.tallies import Tally, visit_amounts
from hub.desk.versions import describe_versions, describe_visit
from hub.desk.visit_payload import MAX_OF_ONE_ITEM, MAX_PEOPLE, VisitPayload
from supplies.models import CompletedMonth, Issued, Item, Lot
from volunteers.shared.registries import retention, row_order


class LogResult(StrEnum):
    """The result of logging a payload. All three mean: it is safe here, the device may forget it."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    UNDONE = "undone"


class VisitQuerySet(models.QuerySet["Visit"]):
    """Logging visits."""

    @transaction.atomic
    def log(self, payload: VisitPayload, *, late: bool = True) -> LogResult:
        """Count a visit once, or undo it. Payloads may come in any order, and however often.

        A visit to a closed desk goes straight into the month's tallies, unless `late` is False. Nothing is changed
        when this raises: DeskClosed for no such opening or one too long ago, EveningUnclear for an evening that only a
        wrong clock can know, VisitDiffers for an id that is used already, ValidationError for an item that cannot be
        given out on a visit.
        """
        opening = _lock_opening(payload)
        payload = replace(payload, opening=opening.pk)
        _lock_id(payload.id)
        is_live = opening.is_open
        if not is_live:
            _prepare_late(opening, accepted=late)

        if seen := SeenVisit.objects.filter(pk=payload.id).first():
            return seen.log_again(opening, payload)
        if visit := self.filter(pk=payload.id).prefetch_related("items").first():
            return visit.log_again(payload, is_live=is_live)
        if payload.void:
            # The undoing arrived before its visit, which then counts nothing.
            SeenVisit.objects.create(pk=payload.id, opening=opening, void=True)
            return LogResult.UNDONE

        issued = Item.objects.issue(payload.items, month=opening.month) if payload.items else []
        if is_live:
            self._create(payload, issued)
        else:
            SeenVisit.objects.create(pk=payload.id, opening=opening)
            _change_totals(opening, payload, sign=1)
        return LogResult.CREATED

    def _create(self, payload: VisitPayload, issued: list[Issued]) -> None:
        visit = self.create(
            pk=payload.id, opening_id=payload.opening, people=payload.people, answers=payload.answers_as_json()
        )
        VisitItem.objects.bulk_create(
            VisitItem(visit=visit, item_id=line.item_id, lot_id=line.lot_id, quantity=line.quantity) for line in issued
        )


class Visit(models.Model):
    """One visit of one or more people, this evening. No name, no time, no author, no words."""

    id = models.UUIDField(primary_key=True, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="live_visits")
    people = models.PositiveSmallIntegerField(_("people"))
    answers = models.JSONField(_("what was said"), default=dict, blank=True, db_column="said")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(people__range=(1, MAX_PEOPLE)), name="visit_people_in_range"),
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

    def log_again(self, payload: VisitPayload, *, is_live: bool) -> LogResult:
        """Log a second payload of this visit while it is on the desk: a copy counts nothing, an undoing removes it."""
        if not is_live:
            raise VisitDiffers(_now("That visit was logged on another evening. Nothing was changed."))
        if not self._holds(payload):
            raise VisitDiffers(
                _now("That visit was logged before, with something else in it. Nothing was changed."),
                describe_versions(
                    describe_visit(self.people, self._sum_items(), self.answers),
                    describe_visit(payload.people, payload.items, payload.answers),
                ),
            )
        if not payload.void:
            return LogResult.DUPLICATE
        self.undo()
        return LogResult.UNDONE

    def undo(self) -> None:
        """Delete it, and put its items back into the lots they came from. The caller holds the opening's lock."""
        issued = [Issued(line.item_id, line.lot_id, line.quantity) for line in self.items.all()]
        Item.objects.take_back(issued, month=self.opening.month)
        SeenVisit.objects.create(pk=self.pk, opening=self.opening, void=True)
        self.delete()

    def _holds(self, payload: VisitPayload) -> bool:
        """Whether a payload has this visit's content: the same people and, over all lots, the same items."""
        content = (self.opening_id, self.people, self.answers, self._sum_items())
        return content == (payload.opening, payload.people, payload.answers_as_json(), dict(payload.items))

    def _sum_items(self) -> dict[int, int]:
        items: dict[int, int] = {}
        for line in self.items.all():
            items[line.item_id] = items.get(line.item_id, 0) + line.quantity
        return items


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
                condition=Q(quantity__range=(1, MAX_OF_ONE_ITEM)), name="visititem_quantity_in_range"
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
    """Remembering the ids of visits, and forgetting them."""

    def remember(self, opening: Opening) -> None:
        """Keep the ids of an opening's visits, all its ids together and sorted.

        A dump shows rows in the order they arrived; written anew, sorted by random id, they show none.
        An id already remembered for another evening stays there: nothing may keep an evening from being aggregated.
        """
        counted = {*opening.live_visits.values_list("pk", flat=True)}
        void_by_id = dict.fromkeys(counted, False) | dict(self.filter(opening=opening).values_list("pk", "void"))
        self.filter(opening=opening).delete()
        SeenVisit.objects.bulk_create(
            (SeenVisit(pk=pk, opening=opening, void=void) for pk, void in sorted(void_by_id.items())),
            ignore_conflicts=True,
        )

    def knows(self, id_: str) -> bool:
        """Whether a visit with this id was counted, or undone, before."""
        try:
            return self.filter(pk=uuid.UUID(id_)).exists()
        except ValueError:
            return False

    def forget_old(self) -> None:
        """Delete the ids of evenings more than `SEEN_DAYS` ago."""
        self.filter(opening__date__lt=timezone.localdate() - dt.timedelta(days=periods.SEEN_DAYS)).delete()


class SeenVisit(models.Model):
    """The random id of a visit that was counted, or undone, in the last 30 days. Nothing else is kept of the visit."""

    id = models.UUIDField(primary_key=True, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="seen_visits")
    void = models.BooleanField(default=False)

    objects = SeenVisitQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    def log_again(self, opening: Opening, payload: VisitPayload) -> LogResult:
        """Log a second payload of this visit: a copy counts nothing, an undoing takes it out of the tallies."""
        if not payload.void:
            return LogResult.DUPLICATE
        if self.void:
            return LogResult.UNDONE
        if opening.pk != self.opening_id:
            raise VisitDiffers(_now("That visit was logged on another evening. Nothing was changed."))
        Item.objects.take_back(Item.objects.guess_issued_lots(payload.items, month=opening.month), month=opening.month)
        _change_totals(opening, payload, sign=-1)
        self.void = True
        self.save(update_fields=["void"])
        return LogResult.UNDONE


def _lock_opening(payload: VisitPayload) -> Opening:
    """The opening a payload belongs to, locked: so no visit slips in while its evening is aggregated.

    A payload that knows only its evening goes to the opening where its id was counted before, else to that evening's.
    """
    pk = payload.opening
    if pk is None:
        for model in (Visit, SeenVisit):
            pk = pk or model.objects.filter(pk=payload.id).values_list("opening_id", flat=True).first()
    if pk is None and payload.evening:
        pk = Opening.objects.get_for_device(payload.evening).pk
    opening = Opening.objects.select_for_update(no_key=True).filter(pk=pk).first() if pk else None
    if opening is None:
        raise DeskClosed(_now("We do not know that opening. Open the desk again, then log the visit."))
    return opening


def _lock_id(visit: uuid.UUID) -> None:
    """Hold this id until the transaction ends, so that one device cannot use it on two evenings in one moment.

    No row can be locked for that: the id may be in neither table yet. Always taken after the opening's own lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(visit.bytes[:8], signed=True)])


def _prepare_late(opening: Opening, *, accepted: bool) -> None:
    """Close an overdue desk before a late visit is counted. Raises DeskClosed where none is accepted any more."""
    if not accepted:
        raise DeskClosed(_now("Somebody closed the desk. Open it again, then log the visit."))
    opening.check_not_too_old()
    if opening.state == Opening.State.OPEN:
        opening.aggregate_visits()
    PendingRewrite.objects.ask(every_table=CompletedMonth.objects.filter(month=opening.month).exists())


def _change_totals(opening: Opening, payload: VisitPayload, *, sign: int) -> None:
    """Add a late visit to its evening's and month's totals, or take it away. The caller holds the opening's lock."""
    visits, people = (opening.visits or 0) + sign, (opening.people or 0) + sign * payload.people
    if visits < 0 or people < visits or (visits == 0) != (people == 0):
        raise VisitDiffers(_now("This does not match what was counted that evening. Nothing was changed."))
    change = Tally.objects.add if sign > 0 else Tally.objects.take_away
    try:
        with transaction.atomic():
            change(opening.month, visit_amounts(1, payload.people, payload.items))
    except IntegrityError:
        raise VisitDiffers(_now("This does not match what was counted that month. Nothing was changed.")) from None
    Tally.objects.add_answers(opening.month, opening.count_answers([payload.answers]), sign=sign)
    opening.save_totals(Totals(visits, people))


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
for of_visit in (Visit, VisitItem, SeenVisit):
    row_order.rewrite(of_visit)
