"""Orders: lists for a supplier, and how much of them has come."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.delivery_lines import DeliveryLine
from supplies.models.items import Item
from supplies.models.suppliers import Supplier
from volunteers.shared.registries import retention, row_order

MAX_PACKS = 9_999


class OrderState(models.TextChoices):
    """The state of an order."""

    DRAFT = "draft", _("draft")
    PLACED = "placed", _("placed")
    PART_RECEIVED = "part_received", _("part received")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


class OrderQuerySet(models.QuerySet["Order"]):
    """Questions about orders, and starting one."""

    def on_its_way(self) -> OrderQuerySet:
        """Orders placed and not complete."""
        return self.filter(state__in=[Order.State.PLACED, Order.State.PART_RECEIVED])

    def latest_first(self) -> OrderQuerySet:
        """Orders that need work first: drafts, orders on their way, then the rest, newest first."""
        done = Q(state__in=[Order.State.RECEIVED, Order.State.CANCELLED])
        return (
            self.select_related("supplier")
            .annotate(done=models.ExpressionWrapper(done, models.BooleanField()))
            .order_by("done", "-pk")
        )

    def with_size(self) -> OrderQuerySet:
        """Annotate `size`: the number of different items on it."""
        return self.annotate(size=Count("lines"))

    @transaction.atomic
    def start(self, packs: Mapping[Item, int], *, key: uuid.UUID, supplier: Supplier | None = None) -> Order:
        """Start a draft with these packs by item; the same key again returns the same draft, unchanged."""
        order, created = self.get_or_create(key=key, defaults={"supplier": supplier})
        if created:
            OrderLine.objects.bulk_create(
                OrderLine(order=order, item=item, packs=n, pack_size=item.pack_size) for item, n in packs.items() if n
            )
        return order


class Order(models.Model):
    """A list for a supplier: a draft until it is placed, then on its way until everything has come."""

    State = OrderState

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.DRAFT)
    placed_on = models.DateField(_("placed on"), null=True, blank=True)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("The day all of it had come, or it was cancelled.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("For the supplier. It is printed on the order.")
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        default_permissions = ()
        permissions = [("manage_orders", "Can order supplies")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", placed_on__isnull=True, ended_on__isnull=True)
                | Q(state__in=["placed", "part_received"], placed_on__isnull=False, ended_on__isnull=True)
                | Q(state="received", placed_on__isnull=False, ended_on__isnull=False, ended_on__gte=F("placed_on"))
                | Q(state="cancelled", ended_on__isnull=False),
                name="order_days_fit_state",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('cancelled', 'received') AND NEW.state IS DISTINCT FROM OLD.state"
                    " AND NOT (OLD.state = 'received' AND NEW.state = 'part_received')"
                ),
                func="RAISE EXCEPTION 'That order has ended.' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="is_not_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'An order is cancelled, not deleted.' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return _now("Order %(number)s") % {"number": self.pk}

    @property
    def is_draft(self) -> bool:
        """Whether its lines can still change."""
        return self.state == self.State.DRAFT

    @property
    def is_on_its_way(self) -> bool:
        """Whether some units are still to come."""
        return self.state in (self.State.PLACED, self.State.PART_RECEIVED)

    @transaction.atomic
    def change(self, *, supplier: Supplier | None, note: str, packs: Mapping[Item, int]) -> None:
        """Change the draft. Zero packs of an item delete its line; items not named keep theirs."""
        self.lock()
        self._refuse_unless_draft()
        self.supplier, self.note = supplier, note
        self.save(update_fields=["supplier", "note"])
        for item, n in packs.items():
            if n:
                self.lines.update_or_create(item=item, defaults={"packs": n, "pack_size": item.pack_size})
            else:
                self.lines.filter(item=item).delete()

    @transaction.atomic
    def place(self) -> None:
        """Mark it as sent to the supplier. A second call is harmless."""
        self.lock()
        if self.is_on_its_way:
            return
        self._refuse_unless_draft()
        lines = list(self.lines.select_related("item"))
        if not lines:
            raise ValidationError(_now("This order is empty."), code="empty")
        if gone := [line.item.name for line in lines if line.item.withdrawn]:
            raise ValidationError(
                _now("We no longer stock this: %(items)s. Remove it from the list first."),
                params={"items": ", ".join(gone)},
                code="withdrawn",
            )
        self.state, self.placed_on = self.State.PLACED, timezone.localdate()
        self.save(update_fields=["state", "placed_on"])

    @transaction.atomic
    def cancel(self) -> None:
        """Cancel the order, before any unit has come. A second call is harmless."""
        self.lock()
        if self.state == self.State.CANCELLED:
            return
        if self.state not in (self.State.DRAFT, self.State.PLACED):
            raise ValidationError(_now("Some of it has come. Say that the rest will not come."), code="state")
        self.state, self.ended_on = self.State.CANCELLED, timezone.localdate()
        self.save(update_fields=["state", "ended_on"])

    @transaction.atomic
    def close(self) -> None:
        """Close it: the rest will not come. A second call is harmless."""
        self.lock()
        if self.state == self.State.RECEIVED:
            return
        if self.state != self.State.PART_RECEIVED:
            raise ValidationError(_now("Nothing has come yet. Cancel it instead."), code="state")
        self._end()

    def is_complete(self) -> bool:
        """Whether everything ordered has come."""
        return all(line.received >= line.units for line in self.lines.with_received())

    def update_state(self, *, was_complete: bool = False) -> None:
        """Update the state from the deliveries received; the caller holds the row's lock.

        Deliveries of a cancelled order are on the shelf, and it stays cancelled. An order that `was_complete` and no
        longer is, by a correction, is on its way again. An order closed short stays closed.
        """
        complete = self.is_complete()
        if self.is_on_its_way and complete:
            self._end()
        elif self.state == self.State.PLACED or (self.state == self.State.RECEIVED and was_complete and not complete):
            self.state, self.ended_on = self.State.PART_RECEIVED, None
            self.save(update_fields=["state", "ended_on"])

    def _end(self) -> None:
        self.state, self.ended_on = self.State.RECEIVED, timezone.localdate()
        self.save(update_fields=["state", "ended_on"])

    def lock(self) -> None:
        """Lock this row until the transaction ends, and read it again."""
        self.refresh_from_db(from_queryset=Order.objects.select_for_update(no_key=True, of=("self",)))

    def _refuse_unless_draft(self) -> None:
        if not self.is_draft:
            raise ValidationError(
                _now("This order is %(state)s, so you cannot change its list."),
                params={"state": self.get_state_display()},
                code="state",
            )


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    """Questions about the lines of orders."""

    def with_received(self) -> OrderLineQuerySet:
        """Annotate `received`: the units that deliveries of this order have brought, with corrections."""
        came = DeliveryLine.objects.filter(
            delivery__order=OuterRef("order"), delivery__state="received", item=OuterRef("item")
        ).order_by()
        units = came.annotate(total=models.Func(F("quantity") * F("pack_size"), function="SUM")).values("total")
        return self.annotate(received=Coalesce(Subquery(units), 0, output_field=models.IntegerField()))

    def to_come(self) -> dict[int, int]:
        """The units of each item on order and not here yet. A surplus counts as zero."""
        open_lines = self.filter(order__state__in=["placed", "part_received"]).with_received()
        missing: dict[str, Any] = {"missing": Greatest(F("packs") * F("pack_size") - F("received"), 0)}
        return dict(open_lines.annotate(**missing).order_by().values_list("item").annotate(total=Sum("missing")))


class OrderLine(models.Model):
    """A number of packs of one item. The pack size is kept as it was when the line was written."""

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="order_lines"
    )
    packs = models.PositiveIntegerField(_("packs"), validators=[MinValueValidator(1), MaxValueValidator(MAX_PACKS)])
    pack_size = models.PositiveIntegerField(_("pack of"))

    objects = OrderLineQuerySet.as_manager()

    # Filled by `with_received`.
    received: int

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["order", "item"],
                name="orderline_once_an_item",
                violation_error_message=_("That is already on the order."),
            ),
            models.CheckConstraint(
                condition=Q(packs__gte=1, packs__lte=MAX_PACKS, pack_size__gte=1, pack_size__lte=32767),
                name="orderline_asks_for_some",
                violation_error_message=_("Write 1 to 9,999 packs."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_once_placed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM supplies_order
                        WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END)
                          AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'What was ordered stays as written.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packs} × {self.pack_size}"

    @property
    def units(self) -> int:
        """The number of single units."""
        return self.packs * self.pack_size

    @property
    def to_come(self) -> int:
        """The units still to come; needs `with_received`."""
        return max(self.units - self.received, 0)


retention.keep(Order, OrderLine, until=retention.FOR_GOOD)
row_order.leave(Order, OrderLine, because=row_order.BOOKS)
