"""Orders: what we asked a supplier for, and how much of it has come."""

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

MOST_PACKS = 9_999


class OrderQuerySet(models.QuerySet["Order"]):
    """Questions about orders, and starting one."""

    def on_its_way(self) -> OrderQuerySet:
        """Placed, and not all of it here."""
        return self.filter(state__in=[Order.State.PLACED, Order.State.PART_RECEIVED])

    def latest_first(self) -> OrderQuerySet:
        """What needs somebody first: drafts, then what is on its way, then the rest, newest first."""
        done = Q(state__in=[Order.State.RECEIVED, Order.State.CANCELLED])
        return (
            self.select_related("supplier")
            .annotate(done=models.ExpressionWrapper(done, models.BooleanField()))
            .order_by("done", "-pk")
        )

    def with_size(self) -> OrderQuerySet:
        """Annotate `size`: how many different things are on it."""
        return self.annotate(size=Count("lines"))

    @transaction.atomic
    def start(self, packs: Mapping[Item, int], *, key: uuid.UUID, supplier: Supplier | None = None) -> Order:
        """Begin a draft with so many packs of each; the same key again finds the same draft, unchanged."""
        order, made = self.get_or_create(key=key, defaults={"supplier": supplier})
        if made:
            OrderLine.objects.bulk_create(
                OrderLine(order=order, item=item, packs=n, pack_size=item.pack_size) for item, n in packs.items() if n
            )
        return order


class Order(models.Model):
    """A list for a supplier: a draft until it is placed, then waiting until all of it has come."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("draft")
        PLACED = "placed", _("placed")
        PART_RECEIVED = "part_received", _("part received")
        RECEIVED = "received", _("received")
        CANCELLED = "cancelled", _("cancelled")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.DRAFT)
    placed_on = models.DateField(_("placed on"), null=True, blank=True)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("The day all of it had come, or it was cancelled.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("For the supplier; printed with it."))

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
        """Whether something of it is still to come."""
        return self.state in (self.State.PLACED, self.State.PART_RECEIVED)

    @transaction.atomic
    def change(self, *, supplier: Supplier | None, note: str, packs: Mapping[Item, int]) -> None:
        """Make this what the draft says. None of an item takes its line away; what is not named stays."""
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
        """Say that it has gone to the supplier. Again is harmless."""
        self.lock()
        if self.is_on_its_way:
            return
        self._refuse_unless_draft()
        lines = list(self.lines.select_related("item"))
        if not lines:
            raise ValidationError(_now("There is nothing on this order yet."), code="empty")
        if gone := [line.item.name for line in lines if line.item.withdrawn]:
            raise ValidationError(
                _now("We no longer stock this: %(items)s. Take it off the list first."),
                params={"items": ", ".join(gone)},
                code="withdrawn",
            )
        self.state, self.placed_on = self.State.PLACED, timezone.localdate()
        self.save(update_fields=["state", "placed_on"])

    @transaction.atomic
    def cancel(self) -> None:
        """Call it off, before anything of it has come. Again is harmless."""
        self.lock()
        if self.state == self.State.CANCELLED:
            return
        if self.state not in (self.State.DRAFT, self.State.PLACED):
            raise ValidationError(_now("Some of it has come. Say that the rest will not, instead."), code="state")
        self.state, self.ended_on = self.State.CANCELLED, timezone.localdate()
        self.save(update_fields=["state", "ended_on"])

    @transaction.atomic
    def close(self) -> None:
        """Say that the rest of it will not come. Again is harmless."""
        self.lock()
        if self.state == self.State.RECEIVED:
            return
        if self.state != self.State.PART_RECEIVED:
            raise ValidationError(_now("Nothing of it has come yet. Cancel it instead."), code="state")
        self._end()

    def is_complete(self) -> bool:
        """Whether all that was ordered has come."""
        return all(line.received >= line.units for line in self.lines.with_received())

    def reckon(self, *, was_complete: bool = False) -> None:
        """Say how far it is, from what has been received; the caller holds the row's lock.

        Things may come for an order that was cancelled meanwhile: they are on the shelf, and it stays cancelled.
        One that `was_complete` and is not, since less came than somebody wrote, is waited for again; one that was
        closed short stays closed.
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
        """Hold this row until the transaction ends, and read it again."""
        self.refresh_from_db(from_queryset=Order.objects.select_for_update(no_key=True, of=("self",)))

    def _refuse_unless_draft(self) -> None:
        if not self.is_draft:
            raise ValidationError(
                _now("This order is %(state)s by now, and its list stays as it is."),
                params={"state": self.get_state_display()},
                code="state",
            )


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    """Questions about what was ordered."""

    def with_received(self) -> OrderLineQuerySet:
        """Annotate `received`: how many units of it deliveries against this order have brought, corrections too."""
        came = DeliveryLine.objects.filter(
            delivery__order=OuterRef("order"), delivery__state="received", item=OuterRef("item")
        ).order_by()
        units = came.annotate(total=models.Func(F("quantity") * F("pack_size"), function="SUM")).values("total")
        return self.annotate(received=Coalesce(Subquery(units), 0, output_field=models.IntegerField()))

    def to_come(self) -> dict[int, int]:
        """How many units of each item are ordered and not here yet. What came too much counts as nothing."""
        open_lines = self.filter(order__state__in=["placed", "part_received"]).with_received()
        missing: dict[str, Any] = {"missing": Greatest(F("packs") * F("pack_size") - F("received"), 0)}
        return dict(open_lines.annotate(**missing).order_by().values_list("item").annotate(total=Sum("missing")))


class OrderLine(models.Model):
    """So many packs of one item. The pack's size is kept as it was when the line was written."""

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="order_lines"
    )
    packs = models.PositiveIntegerField(_("packs"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PACKS)])
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
                violation_error_message=_("That is on the order already."),
            ),
            models.CheckConstraint(
                condition=Q(packs__gte=1, packs__lte=MOST_PACKS, pack_size__gte=1, pack_size__lte=32767),
                name="orderline_asks_for_some",
                violation_error_message=_("Between 1 and 9,999 packs."),
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
        """How many single ones that is."""
        return self.packs * self.pack_size

    @property
    def to_come(self) -> int:
        """How many are still to come; needs `with_received`."""
        return max(self.units - self.received, 0)


retention.keep(Order, OrderLine, until=retention.FOR_GOOD)
row_order.leave(Order, OrderLine, because=row_order.BOOKS)
