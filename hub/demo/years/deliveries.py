"""What the years ordered, got and paid: from each supplier once a quarter, and a grant for every calendar year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from random import Random
from typing import TYPE_CHECKING

from hub.demo.supplies import PRICES
from hub.demo.years.shelf import Shelf
from hub.demo.years.size import Size
from supplies.models import (
    Contribution,
    Delivery,
    DeliveryLine,
    Fund,
    Item,
    Lot,
    Movement,
    Order,
    OrderLine,
    Payment,
    Store,
    Supplier,
)
from volunteers.models import User

if TYPE_CHECKING:
    from hub.demo.years.stock import Given

EVERY = 3  # months
KEEPS = dt.timedelta(days=1000)
ORDERED_BEFORE = dt.timedelta(days=11)
PENNY = Decimal("0.01")


class Purchases:
    """Orders, deliveries and payments, one supplier and quarter at a time."""

    def __init__(self, size: Size, items: list[Item]) -> None:
        """A fund for each year, before anything is paid from it."""
        self.size = size
        self.random = Random("purchases of years")  # noqa: S311 -- the same world every time is the point
        self.suppliers = list(Supplier.objects.order_by("name"))
        self.items = {supplier: [item for item in items if item.supplier == supplier] for supplier in self.suppliers}
        self.store = Store.objects.main()
        self.by = User.objects.get(username="coordinator")
        self.funds = {
            year: Fund.objects.create(
                name=f"Grant of {year} (demo)", purpose="Works and water", spend_by=dt.date(year, 12, 31)
            )
            for year in sorted({month.year for month in size.months})
        }
        self.lots: dict[int, Lot] = {}

    def is_open(self, month: dt.date, sealed: set[dt.date]) -> bool:
        """Whether a month is still written at the desk: nothing after the first sealed one was left out."""
        return month not in sealed and (not sealed or month > max(sealed))

    def of_month(self, number: int, given: Given, shelf: Shelf) -> None:
        """Put on the shelf what came in one month: enough until the same supplier comes again."""
        months = self.size.months
        for turn, supplier in enumerate(self.suppliers):
            comes = [0, *(n for n in range(1, len(months)) if n % EVERY == turn % EVERY), len(months)]
            if number in comes:
                until = comes[comes.index(number) + 1]
                needed = {
                    item: sum(given[month].get(item.pk, 0) for month in months[number:until]) - shelf.left(item.pk)
                    for item in self.items[supplier]
                }
                self._bring(supplier, months[number], {item: n for item, n in needed.items() if n > 0}, shelf)

    def _bring(self, supplier: Supplier, month: dt.date, needed: Mapping[Item, int], shelf: Shelf) -> None:
        if not needed:
            return
        day = min(month + dt.timedelta(days=1), self.size.today)
        packs = {item: ceil(n / item.pack_size) + 1 for item, n in needed.items()}
        lots = self._lots(day, list(packs))
        order = self._order(supplier, day, packs)
        delivery = Delivery.objects.create(
            supplier=supplier, store=self.store, order=order, begun_on=day, by=self.by, carriage=Decimal("5.55")
        )
        lines = [
            DeliveryLine(
                delivery=delivery,
                item=item,
                quantity=n,
                pack_size=item.pack_size,
                price=self.random.choice(PRICES),
                lot=lots[item.pk],
                lot_number=lots[item.pk].number,
                expires_on=lots[item.pk].expires_on,
            )
            for item, n in packs.items()
        ]
        DeliveryLine.objects.bulk_create(lines)
        self._receive(delivery, order, day, lines)
        for item, n in packs.items():
            shelf.put(item.pk, lots[item.pk].pk, n * item.pack_size)

    def _order(self, supplier: Supplier, day: dt.date, packs: Mapping[Item, int]) -> Order:
        """Written, placed and, once its delivery is in, received; the database wants it in this order."""
        order = Order.objects.create(key=uuid.uuid4(), supplier=supplier)
        OrderLine.objects.bulk_create(
            OrderLine(order=order, item=item, packs=n, pack_size=item.pack_size) for item, n in packs.items()
        )
        order.state, order.placed_on = Order.State.PLACED, day - ORDERED_BEFORE
        order.save(update_fields=["state", "placed_on"])
        return order

    def _receive(self, delivery: Delivery, order: Order, day: dt.date, lines: list[DeliveryLine]) -> None:
        fund = self.funds[day.year]
        Movement.objects.bulk_create(
            Movement(
                kind=Movement.Kind.RECEIVED,
                item=line.item,
                lot=line.lot,
                store=self.store,
                quantity=line.quantity * line.pack_size,
                made_on=day,
                by=self.by,
                act=delivery.pk,
            )
            for line in lines
        )
        delivery.state, delivery.received_on, delivery.fund = Delivery.State.RECEIVED, day, fund
        delivery.save(update_fields=["state", "received_on", "fund"])
        order.state, order.ended_on = Order.State.RECEIVED, day
        order.save(update_fields=["state", "ended_on"])
        cost = sum((line.quantity * (line.price or 0) for line in lines), delivery.carriage or Decimal(0))
        amount = Decimal(cost).quantize(PENNY)
        Payment.objects.create(
            fund=fund, delivery=delivery, amount=amount, made_on=day, about="Demo invoice", by=self.by
        )

    def _lots(self, day: dt.date, items: list[Item]) -> dict[int, Lot]:
        """A lot for each, by its number or date where the item asks for one; the rest stand together."""
        dated = [item for item in items if item.tracks_lot or item.tracks_expiry]
        made = Lot.objects.bulk_create(
            Lot(item=item, number=f"Y{day:%y%m}", expires_on=day + KEEPS if item.tracks_expiry else None)
            for item in dated
        )
        lots = {lot.item_id: lot for lot in made}
        for item in items:
            if item.pk not in lots:
                if item.pk not in self.lots:
                    self.lots[item.pk] = Lot.objects.get_or_create(item=item, number="", expires_on=None)[0]
                lots[item.pk] = self.lots[item.pk]
        return lots

    def settle(self) -> None:
        """A little more came in each year than was spent, month by month; and years that are over are closed."""
        for year, fund in self.funds.items():
            spent = sum((payment.amount for payment in fund.payments.all()), Decimal(0))
            months = [month for month in self.size.months if month.year == year]
            share = max((spent / len(months)).quantize(Decimal(1)), Decimal(1))
            Contribution.objects.bulk_create(
                [
                    Contribution(
                        fund=fund,
                        kind=Contribution.Kind.GRANT,
                        amount=share * len(months),
                        month=months[0],
                        about="The Example Trust (demo)",
                        by=self.by,
                    ),
                    *(
                        Contribution(fund=fund, kind=Contribution.Kind.DONATION, amount=share / 10 + 1, month=month)
                        for month in months
                    ),
                ]
            )
        Fund.objects.filter(pk__in=[fund.pk for fund in self.funds.values()], spend_by__lt=self.size.today).update(
            closed_on=self.size.today
        )
