"""Recalls: a lot that must not be used, pulled off every shelf in one step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.components import Inside
from supplies.models.items import Item
from supplies.models.ledger import Movement, Row, standing
from supplies.models.lots import Lot
from supplies.models.outgoing import Outgoing
from volunteers.shared.registries import personal_data, retention, row_order


@dataclass(frozen=True, slots=True)
class WentOut:
    """So many of a lot went out in a month. Who had them and on which evening nobody knows, and nobody can ask."""

    lot: Lot
    month: dt.date
    quantity: int


class RecallQuerySet(models.QuerySet["Recall"]):
    """Questions about recalls, and making one."""

    def live(self) -> RecallQuerySet:
        """Those that stand."""
        return self.filter(ended_on__isnull=True)

    @transaction.atomic
    def pull(self, lot: Lot, *, reason: str, by: models.Model | None = None) -> Recall:
        """Set a lot aside, with the packs it is in, and take all of it off every shelf; again changes nothing.

        What the books say below zero stays as it is. `undo` puts everything back.
        """
        lots = affected(lot)
        Item.objects.filter(pk__in={one.item_id for one in lots}).lock()
        if here := self.live().filter(lot=lot).first():
            return here
        lots = affected(lot)
        aside = [one.pk for one in lots if one.quarantined_since is None]
        for one in lots:
            if one.pk in aside:
                one.quarantined_since = timezone.localdate()
                one.save(update_fields=["quarantined_since"])
        there = standing(lot__in=[one.pk for one in lots])
        rows = [row._replace(quantity=-row.quantity) for row in there if row.quantity > 0]
        act = Movement.objects.write(Movement.Kind.WASTED, rows, by=by, reason=_now("Recalled"))
        return self.create(lot=lot, reason=reason, act=act, by_id=by.pk if by else None, set_aside=aside)


class Recall(models.Model):
    """Somebody said that a lot must not be used, and it was pulled."""

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="recalls")
    reason = models.CharField(
        _("why"), max_length=200, help_text=_("Stands on the notice for the wall: what the maker says, and the source.")
    )
    made_on = models.DateField(_("day"), default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    act = models.UUIDField(_("act"), unique=True, editable=False)
    set_aside = models.JSONField(_("lots it set aside"), default=list, editable=False)
    ended_on = models.DateField(_("taken back on"), null=True, blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["lot"], condition=Q(ended_on__isnull=True), name="recall_one_of_a_lot"),
            models.CheckConstraint(condition=~Q(reason=""), name="recall_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.made_on}"

    @transaction.atomic
    def undo(self, *, by: models.Model | None = None) -> None:
        """It was a mistake: everything pulled is back on its shelf, and what this set aside may go out again.

        Twice is once. A pack that another recall is about stays aside.
        """
        Item.objects.filter(pk__in={one.item_id for one in affected(self.lot)}).lock()
        self.refresh_from_db(from_queryset=Recall.objects.select_for_update())
        if self.ended_on:
            return
        Movement.objects.undo(self.act, by=by)
        self.ended_on = timezone.localdate()
        self.save(update_fields=["ended_on"])
        held = {one.pk for other in Recall.objects.live().select_related("lot") for one in affected(other.lot)}
        for lot in Lot.objects.filter(pk__in=set(self.set_aside) - held):
            lot.quarantined_since = None
            lot.save(update_fields=["quarantined_since"])

    def pulled(self) -> list[Row]:
        """What was taken off which shelf."""
        rows = Movement.objects.filter(act=self.act).order_by("item", "store", "lot")
        return [Row(row.item_id, row.lot_id, row.store_id, -row.quantity) for row in rows]


def affected(lot: Lot) -> list[Lot]:
    """The lot itself and the packs made with some of it, in the order they were made.

    Packs that were all taken apart are among them: a count may still find one, and it must not go out.
    """
    packs = Inside.objects.filter(lot=lot).values("pack")
    return list(Lot.objects.filter(Q(pk=lot.pk) | Q(pk__in=packs)).select_related("item").order_by("pk"))


def went_out(lots: list[Lot]) -> list[WentOut]:
    """In which months how many of each went out, the newest month first. Months only: nothing finer is kept."""
    known = {lot.pk: lot for lot in lots}
    sums: dict[tuple[int, dt.date], int] = {}
    for rows, sign in (
        (Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT, lot__in=known), -1),
        (Outgoing.objects.filter(lot__in=known), +1),
    ):
        for lot, month, quantity in rows.order_by().values_list("lot", "month").annotate(n=Sum("quantity")):
            sums[lot, month] = sums.get((lot, month), 0) + sign * quantity
    found = [WentOut(known[lot], month, quantity) for (lot, month), quantity in sums.items() if quantity]
    return sorted(found, key=lambda one: (one.month, -one.lot.pk), reverse=True)


retention.keep(Recall, until=retention.BOOKS, promise="stock-books")
row_order.leave(Recall, because=row_order.BOOKS)
personal_data.hold(Recall, "by", part="deeds", counted_as=_("Recalls you wrote down"), order=80)
