"""Recalls: a lot that must not be used, taken off every shelf in one step."""

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
from supplies.models.ledger import Movement, Row, list_stock
from supplies.models.lots import Lot
from supplies.models.outgoing import Outgoing
from volunteers.shared.registries import personal_data, retention, row_order


@dataclass(frozen=True, slots=True)
class WentOut:
    """The quantity of a lot that went out in a month. The people and the evening are unknown, on purpose."""

    lot: Lot
    month: dt.date
    quantity: int


class RecallQuerySet(models.QuerySet["Recall"]):
    """Questions about recalls, and making one."""

    def live(self) -> RecallQuerySet:
        """Recalls that have not been taken back."""
        return self.filter(ended_on__isnull=True)

    @transaction.atomic
    def pull(self, lot: Lot, *, reason: str, by: models.Model | None = None) -> Recall:
        """Set aside a lot and the packs it is in, and take their stock off every shelf; a second call changes nothing.

        Stock below zero in the books stays as it is. `undo` puts everything back.
        """
        lots = list_affected_lots(lot)
        Item.objects.filter(pk__in={affected.item_id for affected in lots}).lock()
        if here := self.live().filter(lot=lot).first():
            return here
        lots = list_affected_lots(lot)
        aside = [affected for affected in lots if affected.quarantined_since is None]
        for affected in aside:
            affected.quarantined_since = timezone.localdate()
            affected.save(update_fields=["quarantined_since"])
        there = list_stock(lot__in=[affected.pk for affected in lots])
        rows = [row._replace(quantity=-row.quantity) for row in there if row.quantity > 0]
        act = Movement.objects.write(Movement.Kind.WASTED, rows, by=by, reason=_now("Recalled"))
        return self.create(
            lot=lot, reason=reason, act=act, by_id=by.pk if by else None, set_aside=[affected.pk for affected in aside]
        )


class Recall(models.Model):
    """The recall of a lot that must not be used."""

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="recalls")
    reason = models.CharField(
        _("why"), max_length=200, help_text=_("It is on the notice for the wall: what the maker says, and the source.")
    )
    made_on = models.DateField(_("day"), default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    act = models.UUIDField(_("act"), unique=True, editable=False)
    set_aside = models.JSONField(_("lots it set aside"), default=list, editable=False)
    ended_on = models.DateField(_("cancelled on"), null=True, blank=True)

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
        """Take a mistaken recall back: the stock is on its shelves again, and the lots it set aside may go out.

        A second call is harmless. A pack that another recall is about stays set aside.
        """
        Item.objects.filter(pk__in={lot.item_id for lot in list_affected_lots(self.lot)}).lock()
        self.refresh_from_db(from_queryset=Recall.objects.select_for_update())
        if self.ended_on:
            return
        Movement.objects.undo(self.act, by=by)
        self.ended_on = timezone.localdate()
        self.save(update_fields=["ended_on"])
        recalls = Recall.objects.live().select_related("lot")
        recalled = {lot.pk for recall in recalls for lot in list_affected_lots(recall.lot)}
        for lot in Lot.objects.filter(pk__in=set(self.set_aside) - recalled):
            lot.quarantined_since = None
            lot.save(update_fields=["quarantined_since"])

    def list_pulled(self) -> list[Row]:
        """The stock that was taken off, by item, lot and store."""
        rows = Movement.objects.filter(act=self.act).order_by("item", "store", "lot")
        return [Row(row.item_id, row.lot_id, row.store_id, -row.quantity) for row in rows]


def list_affected_lots(lot: Lot) -> list[Lot]:
    """The lot itself, those with its number and another date, and the packs made with them, as they were made.

    One number is one lot of its maker: another date was misread, or put right.
    Packs that were all taken apart are among them: a count may still find one, and it must not go out.
    """
    same = Q(item=lot.item_id, number__reads=lot.number) if lot.number else Q(pk=lot.pk)
    packs = Inside.objects.filter(lot__in=Lot.objects.filter(same)).values("pack")
    return list(Lot.objects.filter(same | Q(pk__in=packs)).select_related("item").order_by("pk"))


def list_given_out(lots: list[Lot]) -> list[WentOut]:
    """The quantity of each lot given out by month, the newest first. Nothing finer than a month is kept."""
    known = {lot.pk: lot for lot in lots}
    sums: dict[tuple[int, dt.date], int] = {}
    for rows, sign in (
        (Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT, lot__in=known), -1),
        (Outgoing.objects.filter(lot__in=known), +1),
    ):
        for lot, month, quantity in rows.order_by().values_list("lot", "month").annotate(n=Sum("quantity")):
            sums[lot, month] = sums.get((lot, month), 0) + sign * quantity
    given = [WentOut(known[lot], month, quantity) for (lot, month), quantity in sums.items() if quantity]
    return sorted(given, key=lambda went_out: (went_out.month, -went_out.lot.pk), reverse=True)


retention.keep(Recall, until=retention.BOOKS, promise="stock-books")
row_order.leave(Recall, because=row_order.BOOKS)
personal_data.hold(Recall, "by", part="deeds", counted_as=_("Recalls you wrote down"), order=80)
