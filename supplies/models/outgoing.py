"""Outgoing: quantities given out in months that are not complete, as numbers that grow."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supplies.models.stores import Store
from volunteers.shared.registries import retention, row_order


@dataclass(frozen=True, slots=True)
class Issued:
    """A quantity of an item and the lot it came from; no lot when more went out than the books knew."""

    item_id: int
    lot_id: int | None
    quantity: int


# A row about a lot is about the item that lot is of, and a bundle is only its parts.
LOT_OF_ITEM = """
    IF NEW.lot_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM supplies_lot WHERE id = NEW.lot_id AND item_id = NEW.item_id) THEN
        RAISE EXCEPTION 'That lot is of another item.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.lot_id IS NULL AND EXISTS (SELECT FROM supplies_item WHERE id = NEW.item_id AND kind = 'bundle') THEN
        RAISE EXCEPTION 'A bundle is no stock.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class CompletedMonth(models.Model):
    """A month whose giving out is complete and in the ledger. The row itself says that it is complete."""

    month = models.DateField(_("month"), primary_key=True)

    class Meta:
        db_table = "supplies_sealedmonth"
        verbose_name = _("sealed month")
        verbose_name_plural = _("sealed months")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="sealedmonth_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Taking quantities off the outgoing."""

    def decrease(self, issued: Iterable[Issued], *, month: dt.date, store: Store | None = None) -> bool:
        """Take these quantities off the month's outgoing; False, and nothing changes, if they did not go out.

        Without a store they are taken off any store, the desk's first: the desk's store may have changed since. A row
        that reaches zero is deleted. The caller holds the items' locks.
        """
        wanted: Counter[tuple[int, int | None]] = Counter()
        for line in issued:
            wanted[line.item_id, line.lot_id] += line.quantity
        gone = self.filter(month=month, item__in={item for item, _lot in wanted}, **({"store": store} if store else {}))
        lessened: list[Outgoing] = []
        for row in gone.order_by("-store__serves_desk", "store__order", "store"):
            if back := min(wanted[row.item_id, row.lot_id], row.quantity):
                wanted[row.item_id, row.lot_id] -= back
                row.quantity -= back
                lessened.append(row)
        if any(wanted.values()):
            return False
        self.filter(pk__in=[row.pk for row in lessened if not row.quantity]).delete()
        Outgoing.objects.bulk_update([row for row in lessened if row.quantity], ["quantity"])
        return True


class Outgoing(models.Model):
    """The quantity of a lot that went out of a store in a month that is not complete: one row that grows.

    Who, when and on which evening are not here, and must never be.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("month"))
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="outgoing", db_index=False
    )
    lot = models.ForeignKey(
        "supplies.Lot",
        verbose_name=_("lot"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="outgoing",
        db_index=False,
    )
    store = models.ForeignKey(
        "supplies.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="outgoing", db_index=False
    )
    quantity = models.PositiveIntegerField(_("quantity"))

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing")
        verbose_name_plural = _("outgoing")
        constraints = [
            # In this order it also serves `sum_on_hand`.
            models.UniqueConstraint(
                fields=["item", "lot", "store", "month"], nulls_distinct=False, name="outgoing_one_row_that_grows"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="outgoing_quantity_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="outgoing_month_is_its_first_day"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="lot_of_item",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=LOT_OF_ITEM,
            ),
            pgtrigger.Trigger(
                name="month_not_sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT FROM supplies_sealedmonth WHERE month = NEW.month) THEN
                        RAISE EXCEPTION 'That month is sealed.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.quantity}"


retention.keep(CompletedMonth, until=retention.FOR_GOOD)
retention.keep(Outgoing, until="until its month is complete", promise="totals")
row_order.leave(CompletedMonth, because="its rows are months")
row_order.rewrite(Outgoing, "item_id", index="outgoing_one_row_that_grows")
