"""What was bought in quarters the demo has no delivery of, and the grant it was paid from. Every price is made up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from random import Random

from django.db.models import Sum

from hub.core.periods import Period, Span
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
    Payment,
    Store,
    Supplier,
)
from volunteers.models import User

AFTER = dt.timedelta(days=40)
KEEPS = dt.timedelta(days=1000)
MORE = Decimal("1.1")


def lay_out(months: Sequence[dt.date], end: dt.date) -> None:
    """From each supplier one delivery in every such quarter, and a grant a little larger than all of them."""
    random = Random("purchases of quarters")  # noqa: S311 -- the same world every time is the point
    by = User.objects.get(username="coordinator")
    fund = Fund.objects.create(name="Last year’s grant (demo)", purpose="Works, water, tea and socks")
    quarters = dict.fromkeys(Period.of(month, Span.QUARTER) for month in months if month < end)
    paid = {Period.of(day, Span.QUARTER) for day in Payment.objects.values_list("made_on", flat=True)}
    spent = sum(
        _bring(random, supplier, quarter, fund, by)
        for quarter in quarters
        if quarter not in paid
        for supplier in Supplier.objects.order_by("name")
    )
    if spent:
        amount = (spent * MORE).quantize(Decimal(1))
        kind, about = Contribution.Kind.GRANT, "The Example Trust (demo)"
        fund.add_contribution(amount, kind=kind, month=months[0], about=about, by=by, key=uuid.uuid4())


def _bring(random: Random, supplier: Supplier, quarter: Period, fund: Fund, by: User) -> Decimal:
    """As much as went out in that quarter, put on the shelf and paid; what it cost."""
    day, store = quarter.first + AFTER, Store.objects.main()
    delivery = Delivery.objects.create(
        supplier=supplier, store=store, begun_on=day, by=by, fund=fund, carriage=Decimal("5.55")
    )
    lines = [_line(random, delivery, item, n) for item, n in _went_out(supplier, quarter)]
    DeliveryLine.objects.bulk_create(lines)
    rows = [
        Movement(
            kind=kind,
            item=line.item,
            lot=line.lot,
            store=store,
            quantity=sign * line.quantity * line.pack_size,
            made_on=day,
            by=by,
            act=delivery.pk if kind == Movement.Kind.RECEIVED else None,
        )
        for line in lines
        # The demo's earlier months have counted what they gave out: what comes is in their books already.
        for kind, sign in ((Movement.Kind.RECEIVED, 1), (Movement.Kind.COUNTED, -1))
    ]
    Movement.objects.bulk_create(rows)
    delivery.state, delivery.received_on = Delivery.State.RECEIVED, day
    delivery.save(update_fields=["state", "received_on"])
    cost = delivery.cost().total
    Payment.objects.create(fund=fund, delivery=delivery, amount=cost, made_on=day, about="Demo invoice", by=by)
    return cost


def _went_out(supplier: Supplier, quarter: Period) -> list[tuple[Item, int]]:
    tallies = Tally.objects.filter(month__in=quarter.months, measure=Measure.GIVEN).values_list("key")
    went = dict(tallies.annotate(n=Sum("value")))
    things = Item.objects.filter(supplier=supplier, kind=Item.Kind.THING).order_by("slug")
    return [(item, went[str(item.pk)]) for item in things if str(item.pk) in went]


def _line(random: Random, delivery: Delivery, item: Item, went: int) -> DeliveryLine:
    """So many whole packs."""
    day = delivery.begun_on
    expires = day + KEEPS if item.tracks_expiry else None
    number = f"Q{day:%y%m}" if item.tracks_lot or item.tracks_expiry else ""
    lot = Lot.objects.get_or_create(item=item, number=number, expires_on=expires)[0]
    return DeliveryLine(
        delivery=delivery,
        item=item,
        quantity=ceil(went / item.pack_size),
        pack_size=item.pack_size,
        price=random.choice(PRICES),
        lot=lot,
        lot_number=lot.number,
        expires_on=lot.expires_on,
    )
