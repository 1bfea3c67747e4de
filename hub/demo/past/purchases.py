"""The past's orders, deliveries and payments, and the grants they were paid from. Every price in it is made up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from random import Random

from django.db.models import Sum

from hub.core.periods import Period, Span
from hub.demo.past.lot_queues import LotQueues
from hub.demo.past.size import Size
from hub.demo.supplies import PRICES
from hub.desk.models.tallies import Measure, Tally
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

GivenByMonth = dict[dt.date, dict[int, int]]
"""How many of each item go out in a month."""
DELIVERED_AFTER = dt.timedelta(days=40)
LOT_LIFE = dt.timedelta(days=1000)
GRANT_FACTOR = Decimal("1.1")
MONTHS_BETWEEN = 3
ORDERED_BEFORE = dt.timedelta(days=11)
CARRIAGE = Decimal("5.55")


def add_plain_purchases(size: Size) -> Iterator[float]:
    """Add one delivery a supplier to every quarter without any, and a grant a little larger than all of them."""
    random = Random("purchases of quarters")  # noqa: S311 -- the same world every time is the point
    by = User.objects.get(username="coordinator")
    months = size.reported_months
    fund = Fund.objects.create(name="Last year’s grant (demo)", purpose="Works, water, tea and socks")
    quarters = dict.fromkeys(Period.of(month, Span.QUARTER) for month in months if month < size.last_quarter.end)
    paid = {Period.of(day, Span.QUARTER) for day in Payment.objects.values_list("made_on", flat=True)}
    spent = sum(
        _deliver_quarter(random, supplier, quarter, fund, by)
        for quarter in quarters
        if quarter not in paid
        for supplier in Supplier.objects.order_by("name")
    )
    if spent:
        amount = (spent * GRANT_FACTOR).quantize(Decimal(1))
        kind, about = Contribution.Kind.GRANT, "The Example Trust (demo)"
        fund.add_contribution(amount, kind=kind, month=months[0], about=about, by=by, key=uuid.uuid4())
    yield 1


def _deliver_quarter(random: Random, supplier: Supplier, quarter: Period, fund: Fund, by: User) -> Decimal:
    """Receive and pay as much as went out in that quarter. Returns the cost."""
    day = quarter.first + DELIVERED_AFTER
    delivery = Delivery.objects.create(
        supplier=supplier, store=Store.objects.main(), begun_on=day, by=by, carriage=CARRIAGE
    )
    lines = []
    for item, given in _list_given(supplier, quarter):
        expires = day + LOT_LIFE if item.tracks_expiry else None
        number = f"Q{day:%y%m}" if item.tracks_lot or item.tracks_expiry else ""
        lot = Lot.objects.get_or_create(item=item, number=number, expires_on=expires)[0]
        lines.append(_make_line(random, delivery, item, ceil(given / item.pack_size), lot))
    # The demo's earlier months have counted what they gave out: what comes is in their books already.
    _receive(delivery, lines, fund, counted_already=True)
    return _pay(delivery, fund)


def _list_given(supplier: Supplier, quarter: Period) -> list[tuple[Item, int]]:
    tallies = Tally.objects.filter(month__in=quarter.months, measure=Measure.GIVEN).values_list("key")
    given = dict(tallies.annotate(n=Sum("value")))
    things = Item.objects.filter(supplier=supplier, kind=Item.Kind.THING).order_by("slug")
    return [(item, given[str(item.pk)]) for item in things if str(item.pk) in given]


def _make_line(random: Random, delivery: Delivery, item: Item, packs: int, lot: Lot) -> DeliveryLine:
    return DeliveryLine(
        delivery=delivery,
        item=item,
        quantity=packs,
        pack_size=item.pack_size,
        price=random.choice(PRICES),
        lot=lot,
        lot_number=lot.number,
        expires_on=lot.expires_on,
    )


def _receive(delivery: Delivery, lines: Sequence[DeliveryLine], fund: Fund, *, counted_already: bool = False) -> None:
    """Put the lines on the shelf, and take them off again by a count if they were `counted_already`."""
    day = delivery.begun_on
    DeliveryLine.objects.bulk_create(lines)
    kinds = [(Movement.Kind.RECEIVED, 1), *([(Movement.Kind.COUNTED, -1)] if counted_already else [])]
    Movement.objects.bulk_create(
        Movement(
            kind=kind,
            item=line.item,
            lot=line.lot,
            store=delivery.store,
            quantity=sign * line.quantity * line.pack_size,
            made_on=day,
            by=delivery.by,
            act=delivery.pk if kind == Movement.Kind.RECEIVED else None,
        )
        for line in lines
        for kind, sign in kinds
    )
    delivery.state, delivery.received_on, delivery.fund = Delivery.State.RECEIVED, day, fund
    delivery.save(update_fields=["state", "received_on", "fund"])


def _pay(delivery: Delivery, fund: Fund) -> Decimal:
    """Pay a delivery from a fund on the day it came. Returns the amount."""
    cost = delivery.cost().total
    Payment.objects.create(
        fund=fund,
        delivery=delivery,
        amount=cost,
        made_on=delivery.begun_on,
        about="Demo invoice",
        by=delivery.by,
    )
    return cost


class Purchases:
    """The busy demo's purchases: one delivery a supplier and quarter, and a grant for every calendar year."""

    def __init__(self, size: Size, items: list[Item]) -> None:
        """Begin with a fund for each year, before anything is paid from it."""
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
        self.undated_lots: dict[int, Lot] = {}

    def receive_month(self, number: int, given: GivenByMonth, lots: LotQueues) -> None:
        """Receive the deliveries of one month: enough until the same supplier comes again."""
        months = self.size.months
        for turn, supplier in enumerate(self.suppliers):
            comes = [0, *(n for n in range(1, len(months)) if n % MONTHS_BETWEEN == turn % MONTHS_BETWEEN), len(months)]
            if number in comes:
                until = comes[comes.index(number) + 1]
                needed = {
                    item: sum(given[month].get(item.pk, 0) for month in months[number:until]) - lots.left(item.pk)
                    for item in self.items[supplier]
                }
                self._deliver(supplier, months[number], {item: n for item, n in needed.items() if n > 0}, lots)

    def _deliver(self, supplier: Supplier, month: dt.date, needed: Mapping[Item, int], queues: LotQueues) -> None:
        if not needed:
            return
        day = min(month + dt.timedelta(days=1), self.size.today)
        packs = {item: ceil(n / item.pack_size) + 1 for item, n in needed.items()}
        lots = self._find_or_create_lots(day, list(packs))
        order = self._place_order(supplier, day, packs)
        delivery = Delivery.objects.create(
            supplier=supplier, store=self.store, order=order, begun_on=day, by=self.by, carriage=CARRIAGE
        )
        lines = [_make_line(self.random, delivery, item, n, lots[item.pk]) for item, n in packs.items()]
        fund = self.funds[day.year]
        _receive(delivery, lines, fund)
        order.state, order.ended_on = Order.State.RECEIVED, day
        order.save(update_fields=["state", "ended_on"])
        _pay(delivery, fund)
        for item, n in packs.items():
            queues.put(item.pk, lots[item.pk].pk, n * item.pack_size)

    def _place_order(self, supplier: Supplier, day: dt.date, packs: Mapping[Item, int]) -> Order:
        """Write and place an order; the database wants it in these steps, and receives it after its delivery."""
        order = Order.objects.create(key=uuid.uuid4(), supplier=supplier)
        OrderLine.objects.bulk_create(
            OrderLine(order=order, item=item, packs=n, pack_size=item.pack_size) for item, n in packs.items()
        )
        order.state, order.placed_on = Order.State.PLACED, day - ORDERED_BEFORE
        order.save(update_fields=["state", "placed_on"])
        return order

    def _find_or_create_lots(self, day: dt.date, items: list[Item]) -> dict[int, Lot]:
        """A lot for each item, by its number or date where the item asks for one; the rest share one without."""
        dated = [item for item in items if item.tracks_lot or item.tracks_expiry]
        new_lots = Lot.objects.bulk_create(
            Lot(item=item, number=f"Y{day:%y%m}", expires_on=day + LOT_LIFE if item.tracks_expiry else None)
            for item in dated
        )
        lots = {lot.item_id: lot for lot in new_lots}
        for item in items:
            if item.pk not in lots:
                if item.pk not in self.undated_lots:
                    self.undated_lots[item.pk] = Lot.objects.get_or_create(item=item, number="", expires_on=None)[0]
                lots[item.pk] = self.undated_lots[item.pk]
        return lots

    def fund_years(self) -> None:
        """Add a little more to each year's fund than was spent, month by month; and close the years that are over."""
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
