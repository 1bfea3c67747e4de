"""The smallest valid things of `supplies`, with nothing random in them."""

import datetime as dt

from supplies.models import Category, Component, Item, Lot, Movement, Store
from supplies.models.ledger import list_stock

TODAY = dt.date(2026, 5, 20)
MAY = dt.date(2026, 5, 1)
APRIL = dt.date(2026, 4, 1)
NEXT_YEAR = dt.date(2027, 5, 20)


def an_item(name="Spoon", **about):
    slug = name.lower().replace(" ", "-")
    category, _ = Category.objects.get_or_create(slug="preparing", defaults={"name": "Preparing", "order": 1})
    return Item.objects.create(
        **{"name": name, "slug": slug, "category": category, "unit": "one", "units": "some"} | about
    )


def a_lot(item, on_hand=0, *, store=None, **about):
    lot = Lot.objects.create(item=item, **about)
    if on_hand:
        Movement.objects.create(
            kind="received", item=item, lot=lot, store=store or Store.objects.main(), quantity=on_hand, made_on=TODAY
        )
    return lot


def on_hand(item):
    return Item.objects.with_on_hand().get(pk=item.pk).on_hand


def a_kit(name="Pack", *, kind="pack", of=(), **about):
    """A pack or bundle of these items, as (item, how many) pairs."""
    kit = an_item(name, kind=kind, **about)
    for item, quantity in of:
        Component.objects.create(kit=kit, item=item, quantity=quantity)
    return kit


def here(item, store=None):
    """Lot number → how many, in one store or everywhere; only what is not nothing."""
    numbers = dict(Lot.objects.values_list("pk", "number"))
    sums = {}
    for row in list_stock(item=item.pk, **({"store": store.pk} if store else {})):
        name = numbers.get(row.lot_id)
        sums[name] = sums.get(name, 0) + row.quantity
    return {name: quantity for name, quantity in sums.items() if quantity}
