"""Use: how many of each item went out, by month and never finer."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Sum

from supplies.models.items import Item
from supplies.models.ledger import Movement
from supplies.models.outgoing import Outgoing


def sum_given_out(since: dt.date, until: dt.date, *, item: Item) -> dict[dt.date, int]:
    """Month → how many of an item went out, from the month of `since` to that of `until`, both included.

    Packs count as packs, and not as their parts. A month without a row of it is left out.
    """
    within = {"month__gte": since.replace(day=1), "month__lte": until, "item": item.pk}
    completed, running = (
        rows.filter(**within).order_by().values_list("month").annotate(n=Sum(sign * F("quantity")))
        for rows, sign in (
            (Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT), -1),
            (Outgoing.objects.all(), +1),
        )
    )
    months: dict[dt.date, int] = {}
    for month, quantity in completed.union(running, all=True):
        months[month] = months.get(month, 0) + quantity
    return months
