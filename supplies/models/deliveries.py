"""Deliveries: the boxes that came, written down lot by lot, and put on the shelf once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.delivery_lines import Cost, DeliveryLine, Expected
from supplies.models.funds import NOTHING, Fund, Payment
from supplies.models.items import Item
from supplies.models.orders import Order
from supplies.models.stores import Store
from supplies.models.suppliers import Supplier
from volunteers.shared.registries import personal_data, retention, row_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class DeliveryState(models.TextChoices):
    """The state of a delivery."""

    DRAFT = "draft", _("in progress")
    RECEIVED = "received", _("on the shelf")
    DISCARDED = "discarded", _("discarded")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries, and starting one."""

    def drafts(self) -> DeliveryQuerySet:
        """Deliveries that are being written down."""
        return self.filter(state=Delivery.State.DRAFT)

    def latest_first(self) -> DeliveryQuerySet:
        """Drafts first, then the newest."""
        return self.select_related("supplier", "order", "store").order_by(
            models.Case(models.When(state="draft", then=0), default=1), "-begun_on", "pk"
        )

    def with_size(self) -> DeliveryQuerySet:
        """Annotate `size`, the number of lines, and `paid`, the sum that funds paid; None if no payment is written."""
        paid = Payment.objects.filter(delivery=OuterRef("pk")).order_by()
        added = paid.annotate(total=models.Func(F("amount"), function="SUM")).values("total")
        return self.annotate(size=Count("lines", filter=Q(lines__corrects=None)), paid=Subquery(added))

    @transaction.atomic
    def start(self, *, key: uuid.UUID, order: Order | None = None, by: models.Model | None = None) -> Delivery:
        """Start a draft; the same key again returns the same draft.

        An order with a draft that somebody else has started returns that draft: nothing is typed twice.
        """
        if order is not None:
            order.lock()
            if not order.is_on_its_way:
                raise ValidationError(
                    _now("This order is %(state)s. Enter the delivery without it."),
                    params={"state": order.get_state_display()},
                    code="state",
                )
            if draft := self.drafts().filter(order=order).first():
                return draft
        return self.get_or_create(
            pk=key,
            defaults={
                "order": order,
                "supplier": order.supplier if order else None,
                "store": Store.objects.main(),
                "by_id": by.pk if by else None,
            },
        )[0]


class Delivery(models.Model):
    """A delivery: a draft, saved line by line, until all of it is put on the shelf."""

    State = DeliveryState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(
        Order, verbose_name=_("order"), null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("from"), null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    store = models.ForeignKey(Store, verbose_name=_("goes to"), on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    begun_on = models.DateField(_("begun on"), default=timezone.localdate)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    fund = models.ForeignKey(
        Fund,
        verbose_name=_("paid from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("When the delivery goes on the shelf, its cost is taken from this fund."),
    )
    carriage = models.DecimalField(
        _("carriage"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(NOTHING)],
        help_text=_("What the transport cost, if anything."),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = ()
        permissions = [("receive_delivery", "Can receive a delivery")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", received_on__isnull=False)
                | Q(state__in=["draft", "discarded"], received_on__isnull=True),
                name="delivery_day_fits_state",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="draft"),
                name="delivery_one_draft_an_order",
                violation_error_message=_("Somebody is already entering a delivery of this order."),
            ),
            models.CheckConstraint(
                condition=Q(carriage__isnull=True) | Q(carriage__gte=0),
                name="delivery_carriage_not_negative",
                violation_error_message=_("Carriage cannot cost less than zero."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_received",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'received' AND NEW.state <> 'received'"),
                func="RAISE EXCEPTION 'It is on the shelf.' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="is_not_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'A delivery is kept.' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return _now("Delivery of %(day)s") % {"day": date_format(self.day)}

    @property
    def day(self) -> dt.date:
        """The day shown as its name."""
        return self.received_on or self.begun_on

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written down."""
        return self.state == self.State.DRAFT

    @property
    def is_received(self) -> bool:
        """Whether it is on the shelf."""
        return self.state == self.State.RECEIVED

    @transaction.atomic
    def change(self, **about: Any) -> None:
        """Change a draft's supplier, store, fund and carriage."""
        self.lock()
        self._refuse_unless_draft()
        for name, value in about.items():
            setattr(self, name, value)
        self.full_clean(validate_unique=False, validate_constraints=False)
        self.save(update_fields=list(about))

    @transaction.atomic
    def write_line(self, key: uuid.UUID, **about: Any) -> DeliveryLine:
        """Save one line of the draft, new or changed; the same key twice is one line."""
        self.lock()
        self._refuse_unless_draft()
        line = self.lines.filter(pk=key).first() or DeliveryLine(pk=key, delivery=self)
        for name, value in about.items():
            setattr(line, name, value)
        line.lot_number = line.known_spelling()
        line.full_clean(validate_unique=False)
        line.save()
        return line

    @transaction.atomic
    def delete_line(self, key: uuid.UUID) -> None:
        """Delete a line of the draft. A line deleted already is harmless."""
        self.lock()
        self._refuse_unless_draft()
        self.lines.filter(pk=key).delete()

    @transaction.atomic
    def discard(self) -> None:
        """Throw the draft away; `bring_back` undoes it. A second call is harmless."""
        self.lock()
        if self.state != self.State.DISCARDED:
            self._refuse_unless_draft()
            self.state = self.State.DISCARDED
            self.save(update_fields=["state"])

    @transaction.atomic
    def bring_back(self) -> None:
        """Make a discarded delivery a draft again. A second call is harmless."""
        self.lock()
        if self.is_draft:
            return
        if self.is_received:
            self._refuse_unless_draft()
        if self.order_id and Delivery.objects.drafts().filter(order=self.order_id).exists():
            raise ValidationError(
                _now("Somebody is already entering a delivery of this order. Continue theirs."), code="draft"
            )
        self.state = self.State.DRAFT
        self.save(update_fields=["state"])

    @transaction.atomic
    def receive(self, *, by: models.Model | None = None) -> bool:
        """Put all lines on the shelf, in one transaction; False if somebody has done so before.

        Stock given out on “lot not known” is settled, the fund pays the cost, and the order's state is updated.
        """
        self.lock()
        if self.is_received:
            return False
        self._refuse_unless_draft()
        lines = list(self.lines.select_related("item").order_by("item_id", "pk"))
        if not lines:
            raise ValidationError(_now("This list is empty. First enter what came."), code="empty")
        if self.order:
            self.order.lock()
        Item.objects.filter(pk__in={line.item_id for line in lines}).lock()
        for line in lines:
            line.put_on_shelf(store=self.store, by=by)
        self.state, self.received_on = self.State.RECEIVED, timezone.localdate()
        self.by_id = by.pk if by else self.by_id
        self.save(update_fields=["state", "received_on", "by"])
        if self.fund and (cost := self.cost().total):
            self.fund.add_payment(self, cost, key=self.pk, by=by)
        if self.order:
            self.order.update_state()
        return True

    @transaction.atomic
    def set_prices(self, prices: Mapping[uuid.UUID, Decimal]) -> None:
        """Set the prices of lines that came without one, once the invoice is here. A known price stays."""
        self.lock()
        for line in self.lines.select_related("item", "lot").filter(pk__in=prices, price__isnull=True):
            line.price = prices[line.pk]
            line.clean_fields(exclude=["delivery", "item", "lot", "corrects"])
            line.save(update_fields=["price"])
            if line.lot and line.price is not None:
                line.lot.unit_cost = line.unit_cost
                line.lot.save(update_fields=["unit_cost"])

    def list_lines(self) -> list[DeliveryLine]:
        """Its lines with their items, in the order they were written, each before its corrections."""
        order = ("item__name", "item_id", "lot_number", "expires_on", "corrects", "pk")
        return list(self.lines.select_related("item").order_by(*order))

    def list_expected(self, lines: list[DeliveryLine]) -> Iterator[Expected]:
        """The lines its order waits for, each with how many units these lines bring."""
        if self.order is None:
            return
        here: dict[int, int] = defaultdict(int)
        for line in lines:
            here[line.item_id] += line.units
        for ordered in self.order.lines.with_received().select_related("item").order_by("item__name__sorted"):
            yield Expected(ordered, here[ordered.item_id])

    def cost(self) -> Cost:
        """The cost of its lines, and the lines without a price."""
        return self.cost_of(self.list_lines())

    def cost_of(self, lines: list[DeliveryLine]) -> Cost:
        """The cost of these lines, which are all of the delivery's."""
        known = sum((line.cost for line in lines if line.cost is not None), NOTHING)
        return Cost(known + (self.carriage or NOTHING), [line for line in lines if line.price is None])

    def lock(self) -> None:
        """Lock this row until the transaction ends, and read it again."""
        self.refresh_from_db(from_queryset=Delivery.objects.select_for_update(no_key=True, of=("self",)))

    def _refuse_unless_draft(self) -> None:
        if self.is_received:
            raise ValidationError(
                _now("Somebody has already put this on the shelf. To change it, make a correction."),
                code="state",
            )
        if not self.is_draft:
            raise ValidationError(_now("Somebody discarded this. Bring it back first."), code="state")


retention.keep(Delivery, until=retention.BOOKS, promise="stock-books")
row_order.leave(Delivery, because=row_order.BOOKS)
personal_data.hold(Delivery, "by", part="deeds", counted_as=_("Deliveries you received"), order=50)
