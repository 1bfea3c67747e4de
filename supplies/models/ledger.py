"""The ledger: every change of stock is a row that stays, and this month's giving out is a number that grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Func, Q, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.stores import Store


@dataclass(frozen=True, slots=True)
class Issued:
    """So many of an item, and the lot they came from; no lot when more went out than we knew of."""

    item_id: int
    lot_id: int | None
    quantity: int


def _sum(model: type[models.Model], where: dict[str, Any]) -> Coalesce:
    rows = model._default_manager.filter(**where).order_by()  # noqa: SLF001 -- Django's own public name for it
    added = rows.annotate(total=Func(F("quantity"), function="SUM")).values("total")
    return Coalesce(Subquery(added), 0, output_field=models.IntegerField())


def written(**where: Any) -> Coalesce:
    """What the ledger alone says, in SQL: never less than what is on hand."""
    return _sum(Movement, where)


def balance(**where: Any) -> CombinedExpression:
    """On hand, in SQL: the ledger's sum less what has gone out in months that are not sealed yet.

    `where` narrows both (item, lot, store; `OuterRef` for a row being annotated). Two subqueries and never two
    joins, which would count every row once for each row of the other.
    """
    return written(**where) - _sum(Outgoing, where)


# A row about a lot is about the item that lot is of.
_LOT_OF_ITEM = """
    IF NEW.lot_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM supplies_lot WHERE id = NEW.lot_id AND item_id = NEW.item_id) THEN
        RAISE EXCEPTION 'That lot is of another item.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class SealedMonth(models.Model):
    """A month whose giving out is complete and stands in the ledger. Its row being here is what “sealed” means."""

    month = models.DateField(_("month"), primary_key=True)

    class Meta:
        verbose_name = _("sealed month")
        verbose_name_plural = _("sealed months")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="sealedmonth_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Movement(models.Model):
    """One row of the ledger. The database refuses to change or delete it; a correction is a new row.

    What was given out is known by its month only, with no day, author or words. Everything else keeps the day.
    Ids are random, so that they do not tell which row came first.
    """

    class Kind(models.TextChoices):
        """Why the number changed."""

        RECEIVED = "received", _("received")
        GIVEN_OUT = "given_out", _("given out")
        MOVED = "moved", _("moved")
        ASSEMBLED = "assembled", _("assembled")
        WASTED = "wasted", _("wasted")
        COUNTED = "counted", _("counted")
        RETURNED = "returned", _("returned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    lot = models.ForeignKey(
        "supplies.Lot",
        verbose_name=_("lot"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
        db_index=False,
        help_text=_("Empty: lot not known."),
    )
    store = models.ForeignKey(
        "supplies.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    quantity = models.IntegerField(_("quantity"), help_text=_("In issue units; less than nothing when it left."))
    made_on = models.DateField(_("day"), null=True, blank=True)
    month = models.DateField(_("month"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True, help_text=_("About the things, not a person."))

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.CheckConstraint(
                condition=~Q(quantity=0),
                name="movement_quantity_not_zero",
                violation_error_message=_("A row of the ledger changes something."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "given_out", "moved", "assembled", "wasted", "counted", "returned"]),
                name="movement_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="given_out", month__isnull=False, made_on__isnull=True, by__isnull=True, reason="")
                | (~Q(kind="given_out") & Q(month__isnull=True, made_on__isnull=False)),
                name="movement_given_out_by_month_only",
                violation_error_message=_("What was given out is kept by month, without a day, a person or words."),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__day=1), name="movement_month_is_its_first_day"
            ),
        ]
        indexes = [
            # Serves `balance` for an item, a lot and a lot in one store, without touching the table.
            models.Index(fields=["item", "lot", "store"], include=["quantity"], name="movement_balance"),
            # Serves how much of each item went out in the last months, whatever came before.
            models.Index(
                fields=["month", "item"],
                include=["quantity"],
                condition=Q(kind="given_out"),
                name="movement_given_by_month",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_as_written",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("unsigned", "supplies_movement")],
                func="""
                    unsigned := NEW;
                    unsigned.by_id := OLD.by_id;
                    IF OLD.by_id IS NOT NULL AND NEW.by_id IS NULL AND unsigned IS NOT DISTINCT FROM OLD THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'The ledger stays as written.' USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="is_never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'The ledger stays as written.' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(name="lot_of_item", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_LOT_OF_ITEM),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Questions about what goes out, and the sealing of a month."""

    def last_given(self, lines: Mapping[int, int], *, month: dt.date, store: Store | None = None) -> list[Issued]:
        """Where these quantities, given out in this month, may have come from: the lots reached last come first.

        For taking back what no longer says its lots. What the month's outgoing does not hold, as when it is
        sealed, is on “lot not known”. The items are locked, so that the answer holds until it is taken back.
        """
        from supplies.models.catalogue import Item  # noqa: PLC0415 -- the catalogue stands on the ledger

        Item.objects.filter(pk__in=lines).lock()
        gone = self.filter(item__in=list(lines), month=month, store=store or Store.objects.main())
        left = dict(lines)
        given = []
        for row in gone.order_by(F("lot__expires_on").desc(nulls_first=True), F("lot").desc(nulls_first=True)):
            if back := min(left[row.item_id], row.quantity):
                given.append(Issued(row.item_id, row.lot_id, back))
                left[row.item_id] -= back
        return given + [Issued(item_id, None, quantity) for item_id, quantity in left.items() if quantity]

    @transaction.atomic
    def seal(self, month: dt.date) -> bool:
        """Turn what went out in this month into ledger rows; False if it was sealed before, and nothing changes.

        Every item is locked first, in the order giving out locks them, so that no visit falls between the two.
        Rows are written in the catalogue's order: a dump shows the order of writing, which would be an evening's.
        A month that is still running is refused, since each of its visits would then be a row of its own.
        """
        from supplies.models.catalogue import Item  # noqa: PLC0415 -- the catalogue stands on the ledger

        if month >= timezone.localdate().replace(day=1):
            raise ValidationError(_now("This month is not over yet. It can be sealed once it is."), code="running")
        Item.objects.lock()
        if not SealedMonth.objects.get_or_create(month=month)[1]:
            return False
        gone = self.filter(month=month).order_by("item_id", "lot_id", "store_id")
        Movement.objects.bulk_create(
            Movement(
                kind=Movement.Kind.GIVEN_OUT,
                item_id=row.item_id,
                lot_id=row.lot_id,
                store_id=row.store_id,
                quantity=-row.quantity,
                month=month,
            )
            for row in gone
        )
        gone.delete()
        return True


class Outgoing(models.Model):
    """How much of a lot went out of a store in a month that is not sealed yet: one row that grows.

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
            # In this order it also serves `balance`.
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
                func=_LOT_OF_ITEM,
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
