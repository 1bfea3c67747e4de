"""The demo's suppliers, orders, deliveries, funds, and what was asked for in vain. Every price in it is made up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from hub.core.periods import month_of, months_on
from supplies.models import (
    Contribution,
    Delivery,
    DeliveryLine,
    Fund,
    Item,
    Lot,
    Movement,
    Order,
    Payment,
    Shortfall,
    Store,
    Supplier,
    Wish,
)
from volunteers.models import User

# Digits that repeat, so that nobody takes them for a price.
PRICES = tuple(digit * Decimal("1.11") for digit in (1, 2, 3, 4))
WISHES = {
    "Pipes": Shortfall.Reason.LAW,
    "Vapes": Shortfall.Reason.NOT_STOCKED,
    "Hot showers": Shortfall.Reason.NOT_STOCKED,
}
ASKED = ("foil", "strip-nitazene", "food", "socks")


def add_purchases(today: dt.date) -> None:
    """Lay out the orders, invoices and shortfalls, over the deliveries the demo's ledger already holds."""
    random = Random("who paid")  # noqa: S311 -- the same world every time is the point
    by = User.objects.get(username="coordinator")
    works = Supplier.objects.create(
        name="Example Works (demo)", lead_days=10, how_to_order="Their web page. Our number there is DEMO-1."
    )
    corner = Supplier.objects.create(name="Corner Wholesale (demo)", lead_days=3)
    food = Item.objects.filter(category__slug__in=["food-and-drink", "cards-and-leaflets", "care-and-hygiene"])
    food.update(supplier=corner)
    Item.objects.filter(supplier=None).update(supplier=works)
    funds = {
        works: Fund.objects.create(
            name="Winter grant (demo)",
            purpose="Works, water and anything that is opened once",
            spend_by=today + dt.timedelta(days=140),
        ),
        corner: Fund.objects.create(name="Bucket at the door (demo)", purpose="Tea, food, socks, whatever is needed"),
    }
    spent = {fund: sum(_add_deliveries(random, supplier, fund, by), Decimal(0)) for supplier, fund in funds.items()}
    _add_contributions(today, spent, by)
    _add_orders(today, works)
    _add_shortfalls(random, today)


def _add_deliveries(random: Random, supplier: Supplier, fund: Fund, by: User) -> Iterator[Decimal]:
    """What the ledger says was received from this supplier, day by day, with a price and a fund; what each cost."""
    rows = Movement.objects.filter(kind=Movement.Kind.RECEIVED, item__supplier=supplier, quantity__gt=0)
    for day in sorted({row.made_on for row in rows if row.made_on}):
        delivery = Delivery.objects.create(
            supplier=supplier, store=Store.objects.main(), begun_on=day, by=by, fund=fund, carriage=Decimal("5.55")
        )
        lines = [_make_line(random, delivery, row) for row in rows.filter(made_on=day).select_related("item", "lot")]
        DeliveryLine.objects.bulk_create(lines)
        Lot.objects.bulk_update([line.lot for line in lines if line.lot], ["unit_cost"])
        delivery.state, delivery.received_on = Delivery.State.RECEIVED, day
        delivery.save(update_fields=["state", "received_on"])
        cost = delivery.cost().total
        Payment.objects.create(fund=fund, delivery=delivery, amount=cost, made_on=day, about="Demo invoice", by=by)
        yield cost


def _make_line(random: Random, delivery: Delivery, row: Movement) -> DeliveryLine:
    size = row.item.pack_size
    line = DeliveryLine(
        delivery=delivery,
        item=row.item,
        quantity=row.quantity // size if not row.quantity % size else row.quantity,
        pack_size=size if not row.quantity % size else 1,
        price=random.choice(PRICES) / (1 if size > 1 else 10),
        lot=row.lot,
    )
    if row.lot:
        line.lot_number, line.expires_on = row.lot.number, row.lot.expires_on
        row.lot.unit_cost = line.unit_cost
    return line


def _add_contributions(today: dt.date, spent: dict[Fund, Decimal], by: User) -> None:
    """A grant that has some left, a bucket that is nearly empty, and one pot nobody has touched."""
    grant, bucket = spent
    hundred = Decimal(100)
    months = [months_on(month_of(today), -n) for n in range(6, -1, -1)]
    about = "The Example Trust (demo)"
    amount = (spent[grant] * Decimal("1.35") / hundred).quantize(Decimal(1)) * hundred
    grant.add_contribution(amount, kind=Contribution.Kind.GRANT, month=months[0], about=about, by=by, key=uuid.uuid4())
    share = (spent[bucket] / len(months)).quantize(Decimal(1))
    for month in months:
        kind, words = Contribution.Kind.COLLECTION, "Bucket at the door"
        bucket.add_contribution(share - 10, kind=kind, month=month, about=words, by=by, key=uuid.uuid4())
        bucket.add_contribution(Decimal("12.00"), kind=Contribution.Kind.DONATION, month=month, by=by, key=uuid.uuid4())
    benefit = Fund.objects.create(name="Benefit night (demo)", purpose="Naloxone and strips")
    gig, words = Contribution.Kind.COLLECTION, "Benefit gig (demo)"
    benefit.add_contribution(Decimal("222.22"), kind=gig, month=months[-2], about=words, by=by, key=uuid.uuid4())


def _add_orders(today: dt.date, supplier: Supplier) -> None:
    """One that has come, one that is on its way, and one that is being written."""
    items = {item.slug: item for item in Item.objects.filter(supplier=supplier)}
    first = Delivery.objects.filter(supplier=supplier).order_by("-begun_on")[0]
    came = Order.objects.start(
        {line.item: line.quantity for line in first.list_lines()[:6]}, key=uuid.uuid4(), supplier=supplier
    )
    came.place()
    Delivery.objects.filter(pk=first.pk).update(order=came)
    Order.objects.filter(pk=came.pk).update(
        state=Order.State.RECEIVED, placed_on=first.begun_on - dt.timedelta(days=11), ended_on=first.begun_on
    )
    waiting = {items["foil"]: 8, items["fixed-1ml-29g"]: 5, items["sterile-water"]: 10}
    placed = Order.objects.start(waiting, key=uuid.uuid4(), supplier=supplier)
    placed.place()
    Order.objects.filter(pk=placed.pk).update(placed_on=today - dt.timedelta(days=6))
    Order.objects.start({items["bin-small"]: 2}, key=uuid.uuid4(), supplier=supplier)


def _add_shortfalls(random: Random, today: dt.date) -> None:
    """Four months of it: things that ran out, and things we do not have."""
    wishes = {Wish.objects.create(name=name): reason for name, reason in WISHES.items()}
    items = list(Item.objects.filter(slug__in=ASKED).order_by("slug"))
    for months_ago in range(4):
        month = months_on(month_of(today), -months_ago)
        for item in random.sample(items, 2):
            Shortfall.objects.note(
                Shortfall.Reason.OUT, month=month, item=item, number=random.randint(1, 6), key=uuid.uuid4()
            )
        for wish, reason in wishes.items():
            Shortfall.objects.note(reason, month=month, wish=wish, number=random.randint(2, 14), key=uuid.uuid4())
