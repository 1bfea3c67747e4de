"""Packs that went out, and what got wet or broke: in the books of each month, and in its tallies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from hub.desk.models.tallies import Measure, Tally
from supplies.models import Item, Movement, Store

PACK = "going-out-pack"
LEAST, MOST = 9, 18
SPOILT = {"food": "Past its date", "swab": "Wet", "condom": "Past their date"}


def lay_out(months: Sequence[dt.date], end: dt.date) -> None:
    """In every month before `end`: all of them are complete, so what went out is the ledger's."""
    random = Random("stock of quarters")  # noqa: S311 -- the same world every time is the point
    store = Store.objects.main()
    pack = Item.objects.get(slug=PACK)
    spoilt = list(Item.objects.filter(slug__in=SPOILT).order_by("slug"))
    rows = []
    for month in months:
        if month >= end:
            break
        packs, wasted, amount = random.randint(LEAST, MOST), random.choice(spoilt), random.randint(2, 12)
        Tally.objects.add(month, {(Measure.GIVEN, str(pack.pk)): packs})
        rows += [
            # They were there: what was counted then is what went since.
            Movement(kind=Movement.Kind.COUNTED, item=pack, store=store, quantity=packs, made_on=month),
            Movement(kind=Movement.Kind.GIVEN_OUT, item=pack, store=store, quantity=-packs, month=month),
            Movement(kind=Movement.Kind.COUNTED, item=wasted, store=store, quantity=amount, made_on=month),
            Movement(
                kind=Movement.Kind.WASTED,
                item=wasted,
                store=store,
                quantity=-amount,
                made_on=month,
                reason=SPOILT[wasted.slug],
            ),
        ]
    Movement.objects.bulk_create(rows)
