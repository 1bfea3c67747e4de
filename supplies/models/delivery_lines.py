"""Lines of a delivery: a quantity of one lot of one item, in packs or single units, as it was counted."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.funds import NOTHING
from supplies.models.items import Item
from supplies.models.lots import Lot
from supplies.models.stores import Store
from volunteers.shared.registries import retention, row_order

if TYPE_CHECKING:
    from supplies.models.orders import OrderLine

MAX_UNITS = 1_000_000
"""More units than this on one line is a slip of the finger."""

PENNY = Decimal("0.01")


class DeliveryLine(models.Model):
    """A quantity of one lot of one item, counted in packs or in single units."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(
        "supplies.Delivery", verbose_name=_("delivery"), on_delete=models.CASCADE, related_name="lines"
    )
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="delivery_lines"
    )
    quantity = models.IntegerField(_("how many"))
    pack_size = models.PositiveIntegerField(_("in each"), default=1, help_text=_("1 if you counted single ones."))
    lot_number = models.CharField(_("lot number"), max_length=60, blank=True, help_text=_("As printed on the box."))
    expires_on = models.DateField(_("use by"), null=True, blank=True)
    price = models.DecimalField(
        _("price of each"),
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(NOTHING)],
    )
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), null=True, blank=True, on_delete=models.PROTECT, related_name="delivery_lines"
    )
    corrects = models.ForeignKey(
        "self", verbose_name=_("corrects"), null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    reason = models.CharField(
        _("reason"), max_length=120, blank=True, help_text=_("About the things, not about a person.")
    )

    class Meta:
        verbose_name = _("line of a delivery")
        verbose_name_plural = _("lines of deliveries")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, corrects__isnull=True)
                | (~Q(quantity=0) & Q(corrects__isnull=False) & ~Q(reason="")),
                name="deliveryline_brings_some",
                violation_error_message=_("Write 1 or more."),
            ),
            models.CheckConstraint(
                condition=Q(pack_size__gte=1, pack_size__lte=32767)
                & Q(quantity__lte=MAX_UNITS / F("pack_size"), quantity__gte=-MAX_UNITS / F("pack_size")),
                name="deliveryline_fits_through_the_door",
                violation_error_message=_("That is more than a million. Check the number, and if it is packs."),
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0),
                name="deliveryline_price_not_negative",
                violation_error_message=_("A price cannot be less than zero."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_once_received",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("unpriced", "supplies_deliveryline"), ("how_far", "text")],
                func="""
                    SELECT state INTO how_far FROM supplies_delivery
                    WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.delivery_id ELSE NEW.delivery_id END);
                    IF how_far = 'received' THEN
                        IF TG_OP = 'UPDATE' THEN
                            unpriced := NEW;
                            unpriced.price := NULL;
                            IF unpriced IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
                        ELSIF TG_OP = 'INSERT' AND NEW.corrects_id IS NOT NULL THEN
                            RETURN NEW;
                        END IF;
                        RAISE EXCEPTION 'What was received stays as written.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.pack_size}"

    @property
    def units(self) -> int:
        """The number of single units."""
        return self.quantity * self.pack_size

    @property
    def cost(self) -> Decimal | None:
        """The cost of the line, to the penny; None if the price is not known yet."""
        return None if self.price is None else (self.price * self.quantity).quantize(PENNY, ROUND_HALF_UP)

    @property
    def unit_cost(self) -> Decimal | None:
        """The cost of one unit."""
        return None if self.price is None else (self.price / self.pack_size).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def now(self) -> int:
        """The quantity with its corrections, in packs or units as it was counted."""
        return self.quantity + sum(row.quantity for row in self.corrections.all())

    def matches(self, **about: Any) -> bool:
        """Whether the line holds exactly these values already."""
        return all(getattr(self, name) == value for name, value in about.items())

    def known_spelling(self) -> str:
        """The lot number as it was spelt when it came before: “a12” and “A12” are one lot, and one recall."""
        number = " ".join(self.lot_number.split())
        known = Lot.objects.filter(item=self.item_id).filter(number__reads=number)
        return known.order_by("pk").values_list("number", flat=True).first() or number

    def other_dates(self) -> list[dt.date | None]:
        """Other use-by dates this lot number came with before: most likely one was misread."""
        if not self.lot_number:
            return []
        known = Lot.objects.filter(item=self.item_id, number__reads=self.lot_number)
        return list(
            known.exclude(expires_on=self.expires_on).order_by("expires_on").values_list("expires_on", flat=True)
        )

    def clean(self) -> None:
        """Ask for the number and date that the item asks of its lots, in the lot's own sentences."""
        try:
            Lot(item=self.item, number=self.lot_number, expires_on=self.expires_on).clean()
        except ValidationError as refusal:
            names = {"number": "lot_number"}
            raise ValidationError({names.get(name, name): why for name, why in refusal.error_dict.items()}) from refusal

    @transaction.atomic
    def correct(self, found: int, *, reason: str, key: uuid.UUID, by: models.Model | None = None) -> None:
        """Correct the quantity that came, by a row of its own, once for each key.

        The stock changes by the difference, and the order waits for missing units again.
        """
        delivery = self.delivery
        delivery.lock()
        self._refuse_correction(found, reason)
        difference = found - self.now()
        if not difference or delivery.lines.filter(pk=key).exists():
            return
        row = DeliveryLine(pk=key, corrects=self, quantity=difference, reason=reason.strip(), **self._values_to_share())
        row.full_clean(validate_unique=False)
        order = delivery.order
        if order:
            order.lock()
        was_complete = bool(order and order.is_complete())
        Item.objects.filter(pk=self.item_id).lock()
        if difference > 0:
            row.put_on_shelf(store=delivery.store, by=by)
        else:
            row.lot = self.lot
            row.save(force_insert=True)
            self.item.receive_less(-row.units, lot=self.lot, store=delivery.store, by=by, reason=row.reason)
        if order:
            order.update_state(was_complete=was_complete)

    def _refuse_correction(self, found: int, reason: str) -> None:
        if not self.delivery.is_received:
            raise ValidationError(_now("It is not on the shelf yet. Change the line itself."), code="state")
        if self.corrects_id:
            raise ValidationError(_now("That is a correction. Correct the original line."), code="state")
        wrong = {}
        if not reason.strip():
            wrong["reason"] = _now("Say what was wrong.")
        if not 0 <= found <= MAX_UNITS // self.pack_size:
            wrong["found"] = _now("That is more than a million. Check the number, and if it is packs.")
        if wrong:
            raise ValidationError(wrong)

    def _values_to_share(self) -> dict[str, Any]:
        """The values a correction copies from the line it corrects."""
        names = ("delivery", "item", "pack_size", "lot_number", "expires_on", "price")
        return {name: getattr(self, name) for name in names}

    def put_on_shelf(self, *, store: Store, by: models.Model | None) -> None:
        """Receive this line into stock and save its lot; the item is locked by the caller."""
        try:
            self.lot = self.item.receive(
                self.units,
                lot_number=self.lot_number,
                expires_on=self.expires_on,
                cost=self.unit_cost,
                store=store,
                by=by,
                reason=self.reason,
            )
        except ValidationError as refusal:
            raise ValidationError(
                [_now("%(item)s: %(wrong)s") % {"item": self.item.name, "wrong": wrong} for wrong in refusal.messages]
            ) from refusal
        self.save()


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a delivery, and its lines without a price."""

    total: Decimal
    unpriced: list[DeliveryLine]


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of the order, and the number of its units that this delivery brings."""

    line: OrderLine
    here: int

    @property
    def is_more(self) -> bool:
        """Whether more came than was ordered, earlier deliveries included."""
        return self.line.received + self.here > self.line.units


retention.keep(DeliveryLine, until=retention.FOR_GOOD)
row_order.leave(DeliveryLine, because=row_order.BOOKS)
