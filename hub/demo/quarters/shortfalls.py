"""What was asked for and not there, in months that say nothing of it yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from hub.demo.supplies import ASKED, WISHES
from supplies.models import Item, Shortfall, Wish


def lay_out(months: Sequence[dt.date]) -> None:
    """What people always ask for, and one thing that had run out."""
    random = Random("asked in quarters")  # noqa: S311 -- the same world every time is the point
    known = set(Shortfall.objects.values_list("month", flat=True))
    wishes = list(Wish.objects.order_by("name"))
    items = list(Item.objects.filter(slug__in=ASKED).order_by("slug"))
    rows = []
    for month in months:
        if month in known:
            continue
        rows += [
            Shortfall(month=month, wish=wish, reason=WISHES[wish.name], number=random.randint(2, 14)) for wish in wishes
        ]
        out = random.choice(items)
        rows.append(Shortfall(month=month, item=out, reason=Shortfall.Reason.OUT, number=random.randint(1, 6)))
    Shortfall.objects.bulk_create(rows)
