"""Kits: packs that are made up and taken apart, and bundles that stand for their parts and are never stock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.components import Component, Inside, ItemKind
from supplies.models.ledger import Movement, Row, check_quantities, list_stock
from supplies.models.lots import Lot
from supplies.models.outgoing import Issued
from supplies.models.stock_levels import ItemQuerySet
from supplies.models.stores import Store
from volunteers.shared.registries import retention, row_order

if TYPE_CHECKING:
    from supplies.models.items import Item


class Kit(models.Model):
    """The half of Item that knows recipes.

    A pack is stock of its own: making it up takes its parts off the shelf, so that nothing is there twice.
    """

    Kind = ItemKind

    if TYPE_CHECKING:
        naloxone: models.BooleanField[bool, bool]

    kind = models.CharField(_("what it is"), max_length=6, choices=Kind, default=Kind.THING)

    objects = ItemQuerySet.as_manager()

    # Filled by `with_parts`.
    parts: list[Component]

    class Meta:
        abstract = True

    TRIGGERS: ClassVar = [
        # What has been in the books as stock, or is in a recipe, keeps its kind.
        pgtrigger.Trigger(
            name="keeps_its_kind",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("kind", "naloxone"),  # type: ignore[no-untyped-call]
            condition=pgtrigger.Condition("NEW.kind <> OLD.kind OR NEW.naloxone <> OLD.naloxone"),
            func="""
                PERFORM pg_advisory_xact_lock(hashtext('supplies: recipes'));
                IF NEW.kind <> OLD.kind AND (
                    (NEW.kind = 'bundle' AND (
                        EXISTS (SELECT FROM supplies_movement WHERE item_id = NEW.id)
                        OR EXISTS (SELECT FROM supplies_outgoing WHERE item_id = NEW.id)
                        OR EXISTS (SELECT FROM supplies_lot WHERE item_id = NEW.id)))
                    OR (NEW.kind = 'thing' AND EXISTS (SELECT FROM supplies_component WHERE kit_id = NEW.id))
                    OR (NEW.kind <> 'thing' AND EXISTS (SELECT FROM supplies_component WHERE item_id = NEW.id))
                ) THEN
                    RAISE EXCEPTION 'It is in the books or in a recipe as what it was.'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.naloxone AND EXISTS (SELECT FROM supplies_component WHERE item_id = NEW.id) THEN
                    RAISE EXCEPTION 'Naloxone is part of no pack or bundle.' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,
        )
    ]

    @property
    def is_bundle(self) -> bool:
        """Whether it only stands for its parts."""
        return self.kind == self.Kind.BUNDLE

    @property
    def is_pack(self) -> bool:
        """Whether it is made up beforehand and then stock of its own."""
        return self.kind == self.Kind.PACK

    def explain_wrong_kind(self) -> dict[str, str]:
        """Field → sentence, where the books or a recipe forbid this kind. The database refuses it too."""
        wrong: dict[str, str] = {}
        if self.pk is None:
            return wrong
        in_a_recipe = Component.objects.filter(item=self.pk).exists()
        if self.kind == self.Kind.THING and Component.objects.filter(kit=self.pk).exists():
            wrong["kind"] = _now("There is something in it. Take its parts out first.")
        if self.kind != self.Kind.THING and in_a_recipe:
            wrong["kind"] = _now("It is part of a pack or bundle. Take it out of that first.")
        if self.is_bundle and (Lot.objects.filter(item=self.pk).exists() or list_stock(item=self.pk)):
            wrong["kind"] = _now("It is on the shelf, and a bundle never is. Make a new one for the bundle.")
        if self.naloxone and in_a_recipe:
            wrong["naloxone"] = _now("It is part of a pack or bundle, and naloxone never is.")
        return wrong

    def recipe(self) -> dict[Item, int]:
        """The parts of one kit made up today, with their quantities."""
        parts = Component.objects.filter(kit=self.pk).select_related("item").order_by("order", "pk")
        return {part.item: part.quantity for part in parts}

    @transaction.atomic
    def assemble(self, number: int, *, store: Store | None = None, by: models.Model | None = None) -> Lot:
        """Make up this many packs from the stock of this store; returns their lot, with a number to write on them.

        Each part comes from the lot that expires first, and the packs expire with the earliest of them. The lot keeps
        its parts, so that the recipe may change. More than the books know is refused.
        """
        check_quantities([number])
        recipe = self.recipe()
        type(self).objects.filter(pk__in=[self.pk, *(item.pk for item in recipe)]).lock()
        self._check_it_can_be_made(recipe)
        store = store or Store.objects.main()
        check_quantities(quantity * number for quantity in recipe.values())
        taken = type(self).objects.pick_lots({item.pk: quantity * number for item, quantity in recipe.items()}, store)
        lot = Lot(item_id=self.pk, number=self._next_lot_number(), **_earliest_date_and_cost(taken, number))
        lot.full_clean()
        lot.save()
        each = {item.pk: quantity for item, quantity in recipe.items()}
        Inside.objects.bulk_create(
            Inside(
                pack=lot,
                item_id=issued.item_id,
                lot_id=issued.lot_id,
                each=each[issued.item_id],
                quantity=issued.quantity,
            )
            for issued in taken
        )
        rows = [Row(issued.item_id, issued.lot_id, store.pk, -issued.quantity) for issued in taken]
        Movement.objects.write(Movement.Kind.ASSEMBLED, [*rows, Row(self.pk, lot.pk, store.pk, number)], by=by)
        return lot

    @transaction.atomic
    def take_apart(
        self, number: int, *, lot: Lot, store: Store | None = None, by: models.Model | None = None
    ) -> list[Issued]:
        """Take apart this many packs of a lot: every part goes back to the lot it came from; returns those parts.

        The parts that were put in come out, whatever the recipe is today. Packs went out with the parts that expire
        first, so the parts that expire last come back first. Parts that no lot accounts for are on “lot not known”.
        """
        check_quantities([number])
        type(self).objects.filter(Q(pk=self.pk) | Q(pk__in=lot.inside.values("item"))).lock()
        store = store or Store.objects.main()
        inside = list(lot.inside.order_by(F("lot__expires_on").desc(nulls_first=True), "-lot"))
        if not inside or lot.item_id != self.pk:
            raise ValidationError(_now("We did not make these up here, so we do not know what is in them."))
        known = sum(row.quantity for row in list_stock(item=self.pk, lot=lot.pk, store=store.pk))
        if number > known:
            raise ValidationError(
                _now("Our records say there are %(number)d of these there. If there are more, count first."),
                params={"number": known},
                code="not_there",
            )
        back = _take_out_parts(inside, number)
        Inside.objects.bulk_update(inside, ["given_back"])
        rows = [Row(issued.item_id, issued.lot_id, store.pk, issued.quantity) for issued in back]
        Movement.objects.write(Movement.Kind.ASSEMBLED, [Row(self.pk, lot.pk, store.pk, -number), *rows], by=by)
        return back

    def _check_it_can_be_made(self, recipe: dict[Item, int]) -> None:
        if not self.is_pack or not recipe:
            raise ValidationError(_now("Nobody has entered yet what goes into it."), code="no_recipe")
        if gone := [item.name for item in recipe if item.withdrawn]:
            raise ValidationError(
                _now("%(item)s is withdrawn. Change what goes into the pack first."),
                params={"item": gone[0]},
                code="withdrawn",
            )

    def _next_lot_number(self) -> str:
        """The number to write on the packs: P, the day they were made up, and a number within that day."""
        start = f"P{timezone.localdate():%y%m%d}"
        same_day = Lot.objects.filter(item_id=self.pk, number__startswith=start).count()
        return f"{start}-{same_day + 1}"


def _earliest_date_and_cost(taken: list[Issued], number: int) -> dict[str, dt.date | Decimal | None]:
    """The earliest date among the parts, and the cost of one pack if the cost of every part is known."""
    lots = Lot.objects.in_bulk({issued.lot_id for issued in taken if issued.lot_id})
    parts = [(lots.get(issued.lot_id or 0), issued.quantity) for issued in taken]
    dates = [lot.expires_on for lot, _quantity in parts if lot and lot.expires_on]
    costs = [lot.unit_cost * quantity for lot, quantity in parts if lot and lot.unit_cost is not None]
    return {
        "expires_on": min(dates, default=None),
        "unit_cost": round(sum(costs, Decimal()) / number, 4) if len(costs) == len(parts) else None,
    }


def _take_out_parts(inside: list[Inside], number: int) -> list[Issued]:
    """The parts that come out of this many packs; subtracted from the parts still inside."""
    wanted = {row.item_id: row.each * number for row in inside}
    back = []
    for row in inside:
        if out := min(wanted[row.item_id], row.quantity - row.given_back):
            row.given_back += out
            wanted[row.item_id] -= out
            back.append(Issued(row.item_id, row.lot_id, out))
    rest: Counter[int] = Counter({item: quantity for item, quantity in wanted.items() if quantity})
    for place, issued in enumerate(back):
        if issued.lot_id is None and (more := rest.pop(issued.item_id, 0)):
            back[place] = Issued(issued.item_id, None, issued.quantity + more)
    return back + [Issued(item, None, quantity) for item, quantity in rest.items()]


retention.keep(Component, Inside, until=retention.FOR_GOOD)
row_order.leave(Component, Inside, because=row_order.LIST)
