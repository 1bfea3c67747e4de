"""The ledger: every change of stock is a row that stays, and a correction is a new row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Func, Q, Subquery, Sum, Window
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.outgoing import LOT_OF_ITEM, Outgoing
from volunteers.shared.registries import personal_data, retention, row_order

MAX_QUANTITY = 1_000_000


def _sum_quantities(model: type[models.Model], where: dict[str, Any]) -> Coalesce:
    rows = model._default_manager.filter(**where).order_by()  # noqa: SLF001 -- Django's own public name for it
    added = rows.annotate(total=Func(F("quantity"), function="SUM")).values("total")
    return Coalesce(Subquery(added), 0, output_field=models.IntegerField())


def sum_movements(**where: Any) -> Coalesce:
    """The ledger's sum alone, in SQL: never less than the stock on hand."""
    return _sum_quantities(Movement, where)


def sum_on_hand(**where: Any) -> CombinedExpression:
    """The stock on hand, in SQL: the ledger's sum less the outgoing of months that are not complete yet.

    `where` narrows both (item, lot, store; `OuterRef` for a row being annotated). Two subqueries and never two joins,
    which would count every row once for each row of the other.
    """
    return sum_movements(**where) - _sum_quantities(Outgoing, where)


class Row(NamedTuple):
    """The change of one row of the ledger: a quantity of an item, of this lot if it is known, in this store."""

    item_id: int
    lot_id: int | None
    store_id: int
    quantity: int


def list_stock(**where: Any) -> list[Row]:
    """The stock by item, lot and store, wherever it is not zero; one statement, however many rows."""
    by_place = ("item", "lot", "store")
    written, gone = (
        model._default_manager.filter(**where).order_by().values_list(*by_place).annotate(n=Sum(sign * F("quantity")))  # noqa: SLF001 -- Django's own public name for it
        for model, sign in ((Movement, +1), (Outgoing, -1))
    )
    here: Counter[tuple[int, int | None, int]] = Counter()
    for item, lot, store, quantity in written.union(gone, all=True):
        here[item, lot, store] += quantity
    return [Row(*place, quantity) for place, quantity in here.items() if quantity]


def check_quantities(quantities: Iterable[object]) -> None:
    """Refuse quantities that are not whole, below one, or more than a lorry holds."""
    for quantity in quantities:
        if type(quantity) is not int or quantity < 1:
            raise ValidationError(_now("Write 1 or more."), code="quantity")
        if quantity > MAX_QUANTITY:
            most = f"{MAX_QUANTITY:,}"
            raise ValidationError(_now("That is too many. At most %(most)s at once.") % {"most": most}, code="quantity")


class MovementKind(models.TextChoices):
    """The reason why the stock changed."""

    RECEIVED = "received", _("received")
    GIVEN_OUT = "given_out", _("given out")
    MOVED = "moved", _("moved")
    ASSEMBLED = "assembled", _("assembled")
    WASTED = "wasted", _("wasted")
    COUNTED = "counted", _("counted")
    RETURNED = "returned", _("returned")


class MovementQuerySet(models.QuerySet["Movement"]):
    """Writing the ledger, putting it right, and reading it."""

    def write(
        self,
        kind: str,
        rows: Iterable[Row],
        *,
        by: models.Model | None = None,
        reason: str = "",
        act: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Write these rows as one act of today, so that they can be found and undone together."""
        act = act or uuid.uuid4()
        about: dict[str, Any] = {"kind": kind, "made_on": timezone.localdate(), "reason": reason, "act": act}
        self.bulk_create(self.model(**row._asdict(), **about, by_id=by.pk if by else None) for row in rows)
        return act

    @transaction.atomic
    def undo(self, act: uuid.UUID, *, by: models.Model | None = None) -> bool:
        """Undo an act by rows that say the opposite; False if that was done before.

        It is refused if some of the stock has left since: only giving out goes below zero.
        """
        rows = self.filter(act=act).select_related("item").order_by("item_id")
        wrong = list(rows.select_for_update(no_key=True, of=("item",)))
        if not wrong or self.filter(undoes__in=wrong).exists():
            return False
        if any(row.kind == Movement.Kind.RECEIVED for row in wrong):
            raise ValidationError(_now("Correct the delivery it came with. Then its order is right too."))
        if any(row.kind == Movement.Kind.ASSEMBLED for row in wrong):
            raise ValidationError(_now("Take the packs apart instead. Then every part goes back to its place."))
        if any(row.undoes_id for row in wrong):
            raise ValidationError(_now("That is already corrected. Enter it again."))
        day, right = timezone.localdate(), uuid.uuid4()
        self.bulk_create(
            self.model(
                kind=row.kind,
                item_id=row.item_id,
                lot_id=row.lot_id,
                store_id=row.store_id,
                quantity=-row.quantity,
                made_on=day,
                by_id=by.pk if by else None,
                act=right,
                undoes=row,
            )
            for row in wrong
        )
        places = {(row.item_id, row.lot_id, row.store_id) for row in wrong if row.quantity > 0}
        here = list_stock(item__in={row.item_id for row in wrong})
        if any(row.quantity < 0 and row[:3] in places and row.lot_id is not None for row in here):
            raise ValidationError(_now("Some of it is no longer there. Count what is left."), code="gone")
        return True

    def newest_first(self) -> MovementQuerySet:
        """By day, with `balance` after each row. Rows of giving out stand at the end of their month.

        Rows of one day come in no meaningful order.
        """
        last = Func(
            F("month"),
            template="(%(expressions)s + interval '1 month' - interval '1 day')::date",
            output_field=models.DateField(),
        )
        day: dict[str, Any] = {"day": Coalesce("made_on", last)}
        after: dict[str, Any] = {"balance": Window(Sum("quantity"), order_by=["day", "pk"])}
        movements: MovementQuerySet = self.annotate(**day).annotate(**after).order_by("-day", "-pk")
        return movements


class Movement(models.Model):
    """One row of the ledger. The database refuses to change or delete it; a correction is a new row.

    Giving out is known by its month only, without a day, an author or words. All other rows keep the day. Ids are
    random, so that they do not tell which row came first.
    """

    Kind = MovementKind

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
        help_text=_("Empty: we do not know the lot."),
    )
    store = models.ForeignKey(
        "supplies.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    quantity = models.IntegerField(_("quantity"), help_text=_("In single units. Less than zero if it left."))
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
    reason = models.CharField(
        _("reason"), max_length=120, blank=True, help_text=_("About the things, not about a person.")
    )
    act = models.UUIDField(_("act"), null=True, blank=True, editable=False)
    undoes = models.OneToOneField(
        "self", verbose_name=_("corrects"), null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    objects = MovementQuerySet.as_manager()

    # Filled by `newest_first`.
    day: dt.date
    balance: int

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        permissions = [
            ("waste_stock", "Can take things off the shelf for good"),
            ("move_stock", "Can move things between stores, and make up packs"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(quantity=0),
                name="movement_quantity_not_zero",
                violation_error_message=_("A stock movement changes a number."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "given_out", "moved", "assembled", "wasted", "counted", "returned"]),
                name="movement_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="given_out", month__isnull=False, made_on__isnull=True, by__isnull=True, reason="")
                | (~Q(kind="given_out") & Q(month__isnull=True, made_on__isnull=False)),
                name="movement_given_out_by_month_only",
                violation_error_message=_("We keep what we gave out by month, without a day, a person or words."),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__day=1), name="movement_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind="given_out") | Q(act__isnull=True, undoes__isnull=True),
                name="movement_given_out_in_no_act",
            ),
        ]
        indexes = [
            # Serves `sum_on_hand` for an item, a lot and a lot in one store, without touching the table.
            models.Index(fields=["item", "lot", "store"], include=["quantity"], name="movement_balance"),
            # Serves undoing an act.
            models.Index(fields=["act"], name="movement_act"),
            # Serves how much of each item went out in the last months, whatever came before.
            models.Index(
                fields=["month", "item"],
                include=["quantity"],
                condition=Q(kind="given_out"),
                name="movement_given_by_month",
            ),
            # Serves how much went into packs lately.
            models.Index(fields=["made_on"], condition=Q(kind="assembled"), name="movement_assembled_lately"),
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
            pgtrigger.Trigger(
                name="puts_right_what_was_wrong",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__undoes__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM supplies_movement AS wrong WHERE wrong.id = NEW.undoes_id
                        AND (wrong.kind, wrong.item_id, wrong.store_id, wrong.quantity)
                            = (NEW.kind, NEW.item_id, NEW.store_id, -NEW.quantity)
                        AND wrong.lot_id IS NOT DISTINCT FROM NEW.lot_id
                    ) THEN
                        RAISE EXCEPTION 'That row puts nothing right.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(name="lot_of_item", when=pgtrigger.Before, operation=pgtrigger.Insert, func=LOT_OF_ITEM),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"

    @property
    def is_the_other_half(self) -> bool:
        """Whether it is the leaving half of a move: the row of the arrival stands for both."""
        return self.kind == self.Kind.MOVED and self.quantity < 0


retention.keep(Movement, until=retention.BOOKS, promise="stock-books")
row_order.leave(
    Movement, because="its rows say on which day; what was given out is written by item once its month is complete"
)
personal_data.hold(Movement, "by", part="deeds", merge=personal_data.Merge.BLANK)
