"""Naloxone given out: product, kits, lot and month. Never on or beside a visit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice, from_their_lists
from hub.logs.models.base import MonthRow, MonthRowQuerySet, check_month, check_same, is_first_time
from supplies.models import Issued, Item, Lot
from volunteers.shared.registries import retention, row_order

MAX_KITS = 50


class NaloxoneGivenQuerySet(MonthRowQuerySet["NaloxoneGiven"]):
    """Giving naloxone out, taking it back, and totals."""

    @transaction.atomic
    def give(  # noqa: PLR0913 -- it says all of this, by name
        self,
        product: Item,
        kits: int,
        *,
        month: dt.date,
        id: uuid.UUID | None = None,  # noqa: A002 -- what it is called everywhere else
        again: bool | None = None,
        why_again: Choice | None = None,
        trained: bool | None = None,
        recipient: Choice | None = None,
    ) -> list[NaloxoneGiven]:
        """Write so many kits and take them out of the stock, from the lot that expires first.

        Returns a row for each lot they came from. An id that is there already, as after a second tap, changes nothing
        and returns nothing; it raises EntryDiffers if it stands for something else, and EntryUndone if it was undone.
        The stock may go below zero: nobody is sent away because of a number.
        """
        check_month(month)
        if not 1 <= kits <= MAX_KITS:
            raise ValidationError(
                _now("How many kits? Choose a number from 1 to %(most)d."), params={"most": MAX_KITS}, code="kits"
            )
        Item.objects.filter(pk=product.pk).lock()
        given = {
            "month": month,
            "product": product,
            "again": again,
            "why_again": why_again if again else None,
            "trained": trained,
            "recipient": recipient,
        }
        if id is not None and self._is_copy(NaloxoneGiven(id=id, kits=kits, **given)):
            return []
        issued = Item.objects.issue({product.pk: kits}, month=month, naloxone=True)
        return self.bulk_create(
            NaloxoneGiven(id=pk, lot_id=line.lot_id, kits=line.quantity, **given)
            for pk, line in zip(_build_ids(id or uuid.uuid4()), issued, strict=False)
        )

    def find_written(self, key: uuid.UUID) -> NaloxoneGivenQuerySet:
        """Find the rows that the entry with this key was written as: one for each lot."""
        return self.filter(pk__in=_build_ids(key))

    def _is_copy(self, given: NaloxoneGiven) -> bool:
        is_new = is_first_time(given)
        rows = list(self.find_written(given.pk))
        if rows:
            rows[0].kits = sum(row.kits for row in rows)
            check_same(rows[0].describe(), given.describe())
        return bool(rows) or not is_new

    @transaction.atomic
    def take_out(self, ids: Iterable[uuid.UUID]) -> int:
        """Delete rows of kits that were not given after all, and put these back into the stock.

        Returns how many rows there were. Again it changes nothing.
        """
        ids = list(ids)
        # Items are locked before rows, as in giving and in completing a month: so the three never deadlock.
        Item.objects.filter(pk__in=self.filter(pk__in=ids).values("product")).lock()
        rows = list(self.filter(pk__in=ids).order_by("pk").select_for_update())
        for row in rows:
            Item.objects.take_back([Issued(row.product_id, row.lot_id, row.kits)], month=row.month)
        return super().take_out([row.pk for row in rows])

    def count_kits_by_product(self) -> list[tuple[str, int]]:
        """Count the kits of each product, sorted by name."""
        products = self.values_list("product__name").annotate(n=Sum("kits")).order_by("product__name__sorted")
        return [(name, n) for name, n in products]


class NaloxoneGiven(MonthRow):
    """So many kits of one product from one lot, given out in a month. Facts that nobody asked are empty."""

    product = models.ForeignKey(Item, verbose_name=_("product"), on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(
        Lot,
        verbose_name=_("lot"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: we do not know the lot."),
    )
    kits = models.PositiveSmallIntegerField(_("kits"))
    again = models.BooleanField(_("not their first"), null=True, blank=True)
    why_again = models.ForeignKey(
        Choice, verbose_name=_("why again"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    trained = models.BooleanField(_("shown how to use it"), null=True, blank=True)
    recipient = models.ForeignKey(
        Choice, verbose_name=_("given to"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NaloxoneGivenQuerySet.as_manager()

    PARTS = ("product", "kits", "again", "why_again", "trained", "recipient")

    class Meta(MonthRow.Meta):
        verbose_name = _("naloxone given")
        verbose_name_plural = _("naloxone given")
        constraints = [
            *MonthRow.Meta.constraints,
            models.CheckConstraint(condition=Q(kits__range=(1, MAX_KITS)), name="naloxonegiven_kits_in_range"),
            models.CheckConstraint(
                condition=Q(why_again__isnull=True) | Q(again=True, again__isnull=False),
                name="naloxonegiven_reason_only_again",
            ),
        ]
        indexes = [models.Index(fields=["month"], name="naloxonegiven_month")]
        triggers = [
            from_their_lists(recipient=Choice.Of.RECIPIENT.value, why_again=Choice.Of.WHY_AGAIN.value),
            pgtrigger.Trigger(
                name="only_naloxone_and_its_lots",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT FROM supplies_item WHERE id = NEW.product_id AND naloxone) THEN
                        RAISE EXCEPTION 'This log takes naloxone only.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.lot_id IS NOT NULL
                       AND NOT EXISTS (SELECT FROM supplies_lot WHERE id = NEW.lot_id AND item_id = NEW.product_id) THEN
                        RAISE EXCEPTION 'That lot is of another item.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


def _build_ids(key: uuid.UUID) -> list[uuid.UUID]:
    """Ids for the rows of one entry, which has one for each lot: so its key alone is enough to undo it."""
    return [key, *(uuid.uuid5(key, str(number)) for number in range(1, MAX_KITS))]


retention.keep(NaloxoneGiven, until=retention.FOR_GOOD, promise="logs")
row_order.rewrite(NaloxoneGiven)
