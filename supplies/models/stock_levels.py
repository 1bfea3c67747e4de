"""Stock levels: how much of each item there is, and which items the desk and the public see."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy

from supplies import default_catalogue
from supplies.models.categories import Category
from supplies.models.components import Component
from supplies.models.issuing import IssuingQuerySet
from supplies.models.ledger import sum_on_hand
from supplies.models.lots import Lot
from supplies.models.stores import Store
from volunteers.shared.name_queries import has_words


class StockState(models.TextChoices):
    """The state of what can be given out of an item: nothing past its date, set aside or recalled.

    “Below zero” is shown: more went out than the books knew; a count settles it.
    """

    FINE = "fine", gettext_lazy("Fine")
    LOW = "low", gettext_lazy("Low")
    OUT = "out", gettext_lazy("Out")
    UNUSABLE = "unusable", gettext_lazy("None we can give out")
    BELOW_ZERO = "below_zero", gettext_lazy("Below zero: please count")

    @property
    def look(self) -> str:
        """The stylesheet's word for it."""
        return {StockState.FINE: "full", StockState.LOW: "part"}.get(self, "empty")

    @classmethod
    def of(cls, on_hand: int, minimum: int | None, unusable: int = 0) -> StockState:
        """The state for this stock and minimum, decided here only. Without a minimum nothing is ever low."""
        if on_hand < 0:
            return cls.BELOW_ZERO
        if on_hand <= unusable:
            return cls.UNUSABLE if on_hand else cls.OUT
        return cls.LOW if minimum is not None and on_hand - unusable < minimum else cls.FINE

    def explain(self, to_give: int, minimum: int | None, unusable: int) -> str:
        """The rule behind this state, in words; empty where the number says enough."""
        if self == StockState.LOW:
            numbers = {"n": f"{to_give:,}", "minimum": f"{minimum:,}"}
            return gettext("%(n)s to give out, below the minimum of %(minimum)s") % numbers
        if unusable and self in (StockState.FINE, StockState.UNUSABLE):
            return gettext("%(n)s past their date or set aside") % {"n": f"{unusable:,}"}
        return ""


class ItemQuerySet(IssuingQuerySet):
    """Questions about items and their stock, and setting up the catalogue."""

    def active(self) -> ItemQuerySet:
        """Items that are not withdrawn."""
        return self.filter(withdrawn=False)

    def stocked(self) -> ItemQuerySet:
        """Active items that can run out: a bundle is only a tile for its parts."""
        return self.active().exclude(kind=self.model.Kind.BUNDLE)

    def bought(self) -> ItemQuerySet:
        """Items that come from a supplier: packs are made up here, and bundles are only a tile."""
        return self.filter(kind=self.model.Kind.THING)

    def public(self) -> ItemQuerySet:
        """Items that the public list may name."""
        return self.stocked().filter(public=True)

    def for_visits(self) -> ItemQuerySet:
        """Items that may be given out on a visit: naloxone has a log of its own."""
        return self.active().filter(naloxone=False)

    def on_the_desk(self) -> ItemQuerySet:
        """Items with a tile, in the coordinator's order, each with its `parts`.

        A bundle (`is_bundle`) stands for its parts and is never given out itself. Its tile issues them: each part is a
        Component with `item` and `quantity`, and any of them can be left out before the visit is logged. The log names
        the parts' items only; a form without scripts adds them up with `Item.objects.replace_bundles`.
        """
        return self.for_visits().filter(desk_order__isnull=False).order_by("desk_order", "pk").with_parts()

    def at_the_desk(self) -> ItemQuerySet:
        """Everything a visit can take, each with its `parts`: what has a tile first, then the rest of the shelf."""
        place = F("desk_order").asc(nulls_last=True)
        items = self.for_visits().select_related("category").with_parts()
        return items.order_by(place, "category__order", "category_id", "name__sorted", "pk")

    def with_parts(self) -> ItemQuerySet:
        """Prefetch `parts`: the components of a pack or bundle that are still stocked; one statement for all."""
        recipe = Component.objects.filter(item__withdrawn=False).select_related("item").order_by("order", "pk")
        name: str = "parts"  # a literal here would be a second definition of it to the type checker
        return self.prefetch_related(models.Prefetch("components", queryset=recipe, to_attr=name))

    def replace_bundles(
        self, lines: Mapping[int, int], *, without: Mapping[int, Collection[int]] | None = None
    ) -> dict[int, int]:
        """These quantities with every bundle replaced by its parts.

        `without` names, for a bundle, the parts that were left out.
        """
        left_out = without or {}
        bundles = {item.pk: item for item in self.filter(pk__in=lines, kind=self.model.Kind.BUNDLE).with_parts()}
        plain: Counter[int] = Counter()
        for pk, quantity in lines.items():
            if bundle := bundles.get(pk):
                taken = [part for part in bundle.parts if part.item_id not in left_out.get(pk, ())]
                plain.update({part.item_id: part.quantity * quantity for part in taken})
            else:
                plain[pk] += quantity
        return dict(plain)

    def on_the_shelf(self) -> ItemQuerySet:
        """Items that are stocked, or withdrawn but not used up, with their stock and next date."""
        things = self.exclude(kind=self.model.Kind.BUNDLE)
        return things.with_on_hand().with_next_expiry().filter(Q(withdrawn=False) | ~Q(on_hand=0))

    def by_category(self) -> ItemQuerySet:
        """In the order of the shelf."""
        return self.select_related("category", "supplier").order_by(
            "category__order", "category_id", "name__sorted", "pk"
        )

    def matching(self, words: str) -> ItemQuerySet:
        """Items whose name or category holds every one of these words."""
        return self.filter(has_words(words, "name", "category__name"))

    def with_on_hand(self) -> ItemQuerySet:
        """Annotate `on_hand`, over all stores and lots. Lots set aside or past their date count: they are here."""
        counted: dict[str, Any] = {"on_hand": sum_on_hand(item=OuterRef("pk"))}
        items: ItemQuerySet = self.annotate(**counted)
        return items

    def with_some_here(self, on: dt.date) -> ItemQuerySet:
        """Annotate `is_here`: whether some may be given out on this day. Past its date or set aside is not."""
        lots = Lot.objects.filter(item=OuterRef("pk")).in_stock()
        loose = Q(on_hand__gt=0) & ~Q(Exists(lots))
        some = ExpressionWrapper(Q(Exists(lots.usable(on))) | loose, output_field=models.BooleanField())
        seen: dict[str, Any] = {"is_here": some}
        items: ItemQuerySet = self.with_on_hand().annotate(**seen)
        return items

    def with_unusable(self, on: dt.date) -> ItemQuerySet:
        """Annotate `unusable`: how many may not be given out on this day: past their date, or set aside."""
        lots = Lot.objects.filter(item=OuterRef("pk")).unusable(on).in_stock().order_by()
        total = lots.values("item").annotate(n=Sum("on_hand")).values("n")
        known: dict[str, Any] = {"unusable": Coalesce(Subquery(total, output_field=models.IntegerField()), 0)}
        items: ItemQuerySet = self.annotate(**known)
        return items

    def with_next_expiry(self) -> ItemQuerySet:
        """Annotate `next_expiry`: the earliest date on a lot in stock, past or to come."""
        left = Lot.objects.filter(item=OuterRef("pk"), expires_on__isnull=False).in_stock().first_expiring_first()
        dated: dict[str, Any] = {"next_expiry": Subquery(left.values("expires_on")[:1])}
        items: ItemQuerySet = self.annotate(**dated)
        return items

    def with_set_aside(self) -> ItemQuerySet:
        """Annotate `has_set_aside`: whether a lot in stock was set aside or recalled."""
        aside = Lot.objects.filter(item=OuterRef("pk"), quarantined_since__isnull=False).in_stock()
        known: dict[str, Any] = {"has_set_aside": Exists(aside)}
        items: ItemQuerySet = self.annotate(**known)
        return items

    def with_last_cost(self) -> ItemQuerySet:
        """Annotate `last_cost`: the cost of one when it last came with a price; None if no price is known."""
        priced = Lot.objects.filter(item=OuterRef("pk"), unit_cost__isnull=False).order_by("-pk")
        cost: dict[str, Any] = {"last_cost": Subquery(priced.values("unit_cost")[:1])}
        items: ItemQuerySet = self.annotate(**cost)
        return items

    @transaction.atomic
    def lay_tiles(self, places: Mapping[int, tuple[int | None, int, str]]) -> None:
        """Set tiles and where they are, how many one tap adds, and short names: item → (place or none, tap, name)."""
        for item in self.for_visits().filter(pk__in=places).lock():
            if (item.desk_order, item.desk_tap, item.desk_name) != places[item.pk]:
                item.desk_order, item.desk_tap, item.desk_name = places[item.pk]
                item.save(update_fields=["desk_order", "desk_tap", "desk_name"])

    @transaction.atomic
    def add_default_catalogue(self) -> int:
        """Add the default stores and items that are missing; returns how many items were new.

        Items are known by their short names, so that everything the hub renamed or changed stays.
        """
        if not Store.objects.exists():
            Store.objects.bulk_create(
                (Store(name=name, order=order) for order, name in enumerate(default_catalogue.STORES, 1)),
                ignore_conflicts=True,
            )
        have = set(self.values_list("slug", flat=True))
        new = [item for item in default_catalogue.ITEMS if item.slug not in have]
        categories = {
            name: Category.objects.get_or_create(slug=slugify(name), defaults={"name": name, "order": order})[0]
            for order, name in enumerate(default_catalogue.CATEGORIES, 1)
            if any(item.category == name for item in new)
        }
        self.bulk_create(
            (self.model(**item.fields() | {"category": categories[item.category]}) for item in new),
            ignore_conflicts=True,
        )
        return len(new)
