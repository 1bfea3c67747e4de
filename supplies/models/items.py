"""Items: the things we stock, the units they are counted in, and the rules of giving them out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.categories import Category
from supplies.models.kits import Kit
from supplies.models.ledger import Movement, Row, check_quantities, sum_on_hand
from supplies.models.lots import Lot
from supplies.models.stock_levels import StockState
from supplies.models.stores import Store
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order


@pghistory.track()
class Item(Kit):
    """A thing we stock, counted in the unit it is given out in, never in boxes; or a kit made of such things.

    Its flags warn the desk. None of them stops anybody there.
    """

    name = NameField(_("name"), max_length=80)
    slug = models.SlugField(
        _("short name"), max_length=60, unique=True, help_text=_("Part of its web address. It stays as it is.")
    )
    public_name = models.CharField(
        _("what people call it"),
        max_length=80,
        blank=True,
        help_text=_("For the public list of what we have. Empty: its name."),
    )
    public = models.BooleanField(
        _("on the public list"),
        default=True,
        help_text=_("That list says if there is some, never how many."),
    )
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="items")
    unit = models.CharField(_("one of it"), max_length=30, help_text=_("As in “1 sachet”."))
    units = models.CharField(_("several of it"), max_length=30, help_text=_("As in “20 sachets”."))
    pack_size = models.PositiveSmallIntegerField(
        _("pack of"), default=1, help_text=_("How many come in one box, bag or roll.")
    )
    minimum = models.PositiveIntegerField(
        _("minimum"), null=True, blank=True, help_text=_("Fewer than this is low. Empty: it is never low.")
    )
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, help_text=_("How many we want after a delivery.")
    )
    desk_order = models.PositiveSmallIntegerField(
        _("place on the desk"), null=True, blank=True, help_text=_("Lowest first. Empty: no tile of its own.")
    )
    desk_name = models.CharField(
        _("name on the desk"), max_length=24, blank=True, help_text=_("Short: “Needle, orange”. Empty: its name.")
    )
    desk_tap = models.PositiveSmallIntegerField(_("one tap adds"), default=1)
    icon = models.CharField(
        _("icon"), max_length=40, default="package", validators=[validate_slug], help_text=_("Its name in our set.")
    )
    counts_as_set = models.BooleanField(
        _("counts as a set"),
        default=False,
        help_text=_("A syringe or a barrel: we count coverage in these. Loose needles do not count."),
    )
    medicine = models.BooleanField(_("medicine"), default=False)
    trained_only = models.BooleanField(_("trained people only"), default=False)
    naloxone = models.BooleanField(
        _("naloxone"), default=False, help_text=_("It has its own log. It is never part of a visit.")
    )
    grain = models.PositiveSmallIntegerField(
        _("shown to everybody by the"),
        choices=[(1, _("month")), (3, _("quarter")), (12, _("year"))],
        default=1,
        help_text=_(
            "Ordinary things: a month. Rare things, and things that could show who takes them: a quarter or a year."
        ),
    )
    legal_note = models.CharField(_("legal note"), max_length=300, blank=True)
    tracks_expiry = models.BooleanField(_("has a use-by date"), default=False)
    tracks_lot = models.BooleanField(
        _("keep lot numbers"), default=False, help_text=_("So that we can find it in a recall.")
    )
    supplier = models.ForeignKey(
        "supplies.Supplier",
        verbose_name=_("usual supplier"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="items",
    )
    order_code = models.CharField(
        _("their code for it"),
        max_length=40,
        blank=True,
        help_text=_("The supplier’s name for it. It is printed on orders."),
    )
    withdrawn = models.BooleanField(
        _("withdrawn"), default=False, help_text=_("We no longer give it out. The records stay.")
    )

    # Filled by `with_on_hand`, `with_next_expiry`, `with_last_cost` and `with_set_aside`.
    on_hand: int
    next_expiry: dt.date | None
    last_cost: Decimal | None
    has_set_aside: bool
    # Filled by `with_some_here`.
    is_here: bool
    # Filled by `with_unusable` and `Lot.objects.mark_unusable`: how many are past their date or set aside.
    unusable: int = 0

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["name__sorted"]
        constraints = [
            OneName(of="name", name="item_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(unit="") & ~Q(units=""),
                name="item_words_given",
                violation_error_message=_("Write its name, and the words for one and for several."),
            ),
            models.CheckConstraint(
                condition=Q(pack_size__gte=1),
                name="item_pack_holds_something",
                violation_error_message=_("A pack has one or more."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(target__isnull=True) | Q(target__gte=F("minimum")),
                name="item_target_reaches_minimum",
                violation_error_message=_("The target should be at least the minimum."),
            ),
            models.CheckConstraint(
                condition=Q(desk_tap__gte=1, desk_tap__lte=999),
                name="item_tap_adds_something",
                violation_error_message=_("One tap adds between 1 and 999."),
            ),
            models.CheckConstraint(
                condition=Q(naloxone=False) | Q(desk_order__isnull=True),
                name="item_naloxone_off_visits",
                violation_error_message=_("Naloxone has its own log. It cannot be part of a visit."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["thing", "pack", "bundle"]),
                name="item_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(grain__in=[1, 3, 12]),
                name="item_grain_known",
                violation_error_message=_("Choose the month, the quarter or the year."),
            ),
            models.CheckConstraint(
                condition=Q(kind="thing") | Q(counts_as_set=False),
                name="item_only_things_count_as_set",
                violation_error_message=_(
                    "Its parts already count as sets. If it counted too, each would count twice."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="bundle") | Q(naloxone=False, tracks_expiry=False, tracks_lot=False),
                name="item_bundle_has_no_lots",
                violation_error_message=_("A bundle has no date, no lots and no naloxone. Only its parts are stock."),
            ),
        ]
        triggers: ClassVar = [
            *Kit.TRIGGERS,
            pgtrigger.Trigger(
                name="asks_what_its_lots_say",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT FROM supplies_lot WHERE item_id = NEW.id
                        AND ((NEW.tracks_expiry AND expires_on IS NULL) OR (NEW.tracks_lot AND number = ''))
                    ) THEN
                        RAISE EXCEPTION 'A lot of this item has no number or date.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Explain in a sentence which lots on the shelf lack the number or date the item would now ask for."""
        wrong = self.explain_wrong_kind()
        if self.pk and self.tracks_expiry and self.lots.filter(expires_on__isnull=True).exists():
            wrong["tracks_expiry"] = _now("Some of it was put on the shelf without a date.")
        if self.pk and self.tracks_lot and self.lots.filter(number="").exists():
            wrong["tracks_lot"] = _now("Some of it was put on the shelf without a lot number.")
        if wrong:
            raise ValidationError(wrong)

    def amount(self, number: int) -> str:
        """A quantity with its unit, in words: “1 sachet”, “20 sachets”."""
        return f"{number:,} {self.unit if number == 1 else self.units}"

    @property
    def display_name(self) -> str:
        """The name people use."""
        return self.public_name or self.name

    @property
    def tile_name(self) -> str:
        """The name at the desk: short where the hub gave it one."""
        return self.desk_name or self.display_name

    @property
    def state(self) -> StockState:
        """The state of what can be given out; needs `with_on_hand` and `with_unusable`."""
        return StockState.of(self.on_hand, self.minimum, self.unusable)

    @property
    def to_give(self) -> int:
        """The number of units that can be given out; needs the same."""
        return max(self.on_hand - self.unusable, 0)

    @property
    def why_state(self) -> str:
        """The rule behind a state that its number alone does not explain; needs the same."""
        return self.state.explain(self.to_give, self.minimum, self.unusable)

    @property
    def is_bought(self) -> bool:
        """Whether it is ordered from a supplier: packs and bundles are not, nor withdrawn items."""
        return not self.withdrawn and self.kind == self.Kind.THING

    @property
    def is_wanted(self) -> bool:
        """Whether having none deserves a warning: it is handed out, or has a minimum."""
        return not self.withdrawn and (self.minimum is not None or self.desk_order is not None or self.naloxone)

    @transaction.atomic
    def receive(  # noqa: PLR0913 -- a delivery says all of this, and says it by name
        self,
        quantity: int,
        *,
        lot_number: str = "",
        expires_on: dt.date | None = None,
        cost: Decimal | None = None,
        store: Store | None = None,
        by: models.Model | None = None,
        reason: str = "",
    ) -> Lot:
        """Put this quantity on the shelf, and settle stock given out on “lot not known” from it.

        More went out than the books knew, as this was here already. It leaves the new lot at once; the total stays.
        """
        check_quantities([quantity])
        Item.objects.filter(pk=self.pk).lock()
        store = store or Store.objects.main()
        lot = self.get_or_create_lot(lot_number, expires_on, cost)
        row = Row(self.pk, lot.pk, store.pk, quantity)
        act = Movement.objects.write(Movement.Kind.RECEIVED, [row], by=by, reason=reason)
        owed = min(quantity, -self._on_hand(lot=None, store=store))
        if owed > 0:
            settled = [row._replace(quantity=-owed), row._replace(lot_id=None, quantity=owed)]
            Movement.objects.write(Movement.Kind.MOVED, settled, by=by, act=act)
        return lot

    @transaction.atomic
    def receive_less(
        self, quantity: int, *, lot: Lot | None, store: Store, by: models.Model | None = None, reason: str = ""
    ) -> None:
        """Take back a received quantity that never came."""
        check_quantities([quantity])
        Item.objects.filter(pk=self.pk).lock()
        row = Row(self.pk, lot.pk if lot else None, store.pk, -quantity)
        Movement.objects.write(Movement.Kind.RECEIVED, [row], by=by, reason=reason)

    @transaction.atomic
    def count(
        self, quantity: int, *, lot: Lot | None = None, store: Store | None = None, by: models.Model | None = None
    ) -> int:
        """Set the stock of this lot in this store to the number found; returns the difference.

        Only the difference is written. The number found, beside a day, would tell how many went out between two counts.
        """
        if quantity < 0:
            raise ValidationError(_now("There cannot be fewer than zero."), code="quantity")
        if quantity:
            check_quantities([quantity])
        Item.objects.filter(pk=self.pk).lock()
        store = store or Store.objects.main()
        difference = quantity - self._on_hand(lot=lot, store=store)
        if difference:
            row = Row(self.pk, lot.pk if lot else None, store.pk, difference)
            Movement.objects.write(Movement.Kind.COUNTED, [row], by=by)
        return difference

    @transaction.atomic
    def waste(
        self,
        quantity: int,
        *,
        lot: Lot | None = None,
        store: Store | None = None,
        by: models.Model | None = None,
        reason: str = "",
    ) -> None:
        """Take this quantity off the shelf for good: past its date, broken, wet. It cannot exceed the books."""
        check_quantities([quantity])
        Item.objects.filter(pk=self.pk).lock()
        store = store or Store.objects.main()
        known = max(self._on_hand(lot=lot, store=store), 0)
        if quantity > known:
            raise ValidationError(
                _now("Our records say there are %(amount)s there. If there are more, count first."),
                params={"amount": self.amount(known)},
                code="not_there",
            )
        row = Row(self.pk, lot.pk if lot else None, store.pk, -quantity)
        Movement.objects.write(Movement.Kind.WASTED, [row], by=by, reason=reason)

    def get_or_create_lot(self, number: str, expires_on: dt.date | None, cost: Decimal | None = None) -> Lot:
        """The lot with this number and date, made if there is none yet; the newest cost stays."""
        lot = Lot.objects.filter(item=self, number=number, expires_on=expires_on).first()
        if lot is None:
            lot = Lot(item=self, number=number, expires_on=expires_on, unit_cost=cost)
            lot.full_clean()
            lot.save()
        elif cost is not None and lot.unit_cost != cost:
            lot.unit_cost = cost
            lot.save(update_fields=["unit_cost"])
        return lot

    def _on_hand(self, *, lot: Lot | None, store: Store) -> int:
        here = sum_on_hand(item=self.pk, lot=lot.pk if lot else None, store=store.pk)
        on_hand: int = Item.objects.filter(pk=self.pk).values_list(here, flat=True).get()
        return on_hand


retention.keep(Category, Item, until=retention.FOR_GOOD)
row_order.leave(Category, Item, because=row_order.LIST)
