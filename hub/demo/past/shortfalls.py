"""The past's shortfalls: what was asked for and not there, in months that have none yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

from hub.demo.past.size import Size
from hub.demo.supplies import ASKED, WISHES
from supplies.models import Item, Shortfall, Wish

MOST = 14


def add_plain_shortfalls(size: Size) -> Iterator[float]:
    """Add what people always ask for, and one thing a month that had run out."""
    random = Random("asked in quarters")  # noqa: S311 -- the same world every time is the point
    items = list(Item.objects.filter(slug__in=ASKED).order_by("slug"))
    add_shortfalls(random, size.reported_months, least=2, reasons=WISHES, run_out=items)
    yield 1


def add_shortfalls(
    random: Random,
    months: Iterable[dt.date],
    *,
    least: int,
    reasons: Mapping[str, str],
    run_out: Sequence[Item] = (),
) -> None:
    """Add a row for every wish and month, by default as not stocked; and one of `run_out`, if there is any."""
    known = set(Shortfall.objects.values_list("month", flat=True))
    wishes = list(Wish.objects.order_by("name"))
    rows = []
    for month in months:
        if month in known:
            continue
        for wish in wishes:
            reason = reasons.get(wish.name, Shortfall.Reason.NOT_STOCKED)
            rows.append(Shortfall(month=month, wish=wish, reason=reason, number=random.randint(least, MOST)))
        if run_out:
            item = random.choice(run_out)
            rows.append(Shortfall(month=month, item=item, reason=Shortfall.Reason.OUT, number=random.randint(1, 6)))
    Shortfall.objects.bulk_create(rows)
