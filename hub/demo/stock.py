"""The demo's packs, bundle, stores, recall, counts and things to read, over the stock that is there already."""

from __future__ import annotations

import datetime as dt

from supplies.models import Category, Component, Count, Item, Leaflet, Lot, Recall, Store
from supplies.models.counts import ItemLot
from supplies.models.ledger import list_stock
from volunteers.models import User

CARRIED = {"condom": 60, "lube": 40, "foil": 30, "citric": 50, "swab": 80, "sterile-water": 20}
GOING_OUT = {"condom": 3, "lube": 2, "rights-card": 1}
STARTING = {"fixed-1ml-29g": 10, "spoon": 10, "citric": 10, "sterile-water": 10, "swab": 20, "bin-small": 1}
# Short name → (language, edition, in how many days to look it over).
READING = {
    "leaflet": ("English", "2", -20),
    "rights-card": ("English · Română · Polski", "", 140),
    "overdose-card": ("English", "", 300),
}


def add_stock(today: dt.date) -> None:
    """Lay out the whole stock."""
    coordinator, volunteer = (User.objects.get(username=name) for name in ("coordinator", "volunteer"))
    items = {item.slug: item for item in Item.objects.all()}
    main, bag = Store.objects.main(), Store.objects.get(name="Outreach bag")
    Item.objects.move_stock(
        {items[slug].pk: number for slug, number in CARRIED.items()}, source=main, destination=bag, by=volunteer
    )
    _add_kits(items, volunteer)
    for slug, (language, edition, days) in READING.items():
        Leaflet.objects.create(
            item=items[slug], language=language, edition=edition, review_on=today + dt.timedelta(days=days)
        )
    lot = Lot.objects.filter(item=items["strip-benzo"]).order_by("pk")[0]
    Recall.objects.pull(lot, reason="Made up for the demo: the maker says they may miss some.", by=coordinator)
    _add_counts(main, bag, coordinator, volunteer)


def _add_kits(items: dict[str, Item], by: User) -> None:
    about = {"unit": "pack", "units": "packs", "icon": "boxes"}
    pack = Item.objects.create(
        slug="going-out-pack",
        name="Going-out pack",
        category=Category.objects.get(slug="safer-sex"),
        kind=Item.Kind.PACK,
        minimum=10,
        **about,
    )
    bundle = Item.objects.create(
        slug="starting-set",
        name="Ten of everything",
        category=Category.objects.get(slug="injecting"),
        kind=Item.Kind.BUNDLE,
        desk_order=130,
        **about,
    )
    for kit, recipe in ((pack, GOING_OUT), (bundle, STARTING)):
        for order, (slug, quantity) in enumerate(recipe.items(), start=1):
            Component.objects.create(kit=kit, item=items[slug], quantity=quantity, order=order)
    pack.assemble(24, by=by)


def _add_counts(main: Store, bag: Store, coordinator: User, volunteer: User) -> None:
    """One that was applied, and one half done: the books were a little out, as they are."""
    bottom = Count.objects.start(main, by=volunteer)
    drinks = bottom.list_places(Category.objects.get(slug="food-and-drink").pk)
    on_hand = {item.pk: item.on_hand for item in Item.objects.with_on_hand()}
    bottom.record({place: max(on_hand[place.item_id] - 3, 0) for of in drinks.values() for place in of}, by=volunteer)
    bottom.apply(by=coordinator)
    half = Count.objects.start(bag, by=volunteer)
    in_the_bag = list_stock(store=bag.pk, item__category__slug="preparing")
    half.record({ItemLot(*row[:2]): row.quantity - number for number, row in enumerate(in_the_bag)}, by=volunteer)
