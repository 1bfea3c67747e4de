"""What went out, by month: read from the ledger and from what is not sealed yet, never finer than a month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.db.models import F, Sum

from supplies.models.components import Component, Inside
from supplies.models.items import Item
from supplies.models.ledger import Movement
from supplies.models.outgoing import Outgoing


def given_out(
    since: dt.date, until: dt.date, *, item: Item | None = None, unpacked: bool = False
) -> dict[dt.date, dict[int, int]]:
    """Month → item → how many went out, from the month of `since` to that of `until`, both included.

    Packs are counted as packs, or `unpacked` as the parts inside them and not as packs: never both. What was in a pack
    is what its lot was made with; without a lot, what goes into one today. A month without anything is not in it.
    """
    within = {"month__gte": since.replace(day=1), "month__lte": until} | ({"item": item.pk} if item else {})
    sealed, still = (
        rows.filter(**within).order_by().values_list("month", "item", "lot").annotate(n=Sum(sign * F("quantity")))
        for rows, sign in (
            (Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT), -1),
            (Outgoing.objects.all(), +1),
        )
    )
    sums: dict[dt.date, Counter[tuple[int, int | None]]] = {}
    for month, of, lot, quantity in sealed.union(still, all=True):
        sums.setdefault(month, Counter())[of, lot] += quantity
    inside = _Recipes() if unpacked else None
    months: dict[dt.date, dict[int, int]] = {}
    for month, lines in sorted(sums.items()):
        plain: Counter[int] = Counter()
        for (of, lot), quantity in lines.items():
            for part, each in (inside.of(of, lot) if inside else {of: 1}).items():
                plain[part] += each * quantity
        months[month] = {of: quantity for of, quantity in plain.items() if quantity}
    return months


def sets_given_out(since: dt.date, until: dt.date) -> dict[dt.date, int]:
    """Month → how many sets of injecting equipment: syringes and barrels, loose or in packs, and never needles too."""
    sets = set(Item.objects.filter(counts_as_set=True).values_list("pk", flat=True))
    months = given_out(since, until, unpacked=True)
    return {month: sum(n for of, n in lines.items() if of in sets) for month, lines in months.items()}


class _Recipes:
    """What is in one pack of each lot, and in one made today; three statements for all of them."""

    def __init__(self) -> None:
        self.packs = set(Item.objects.filter(kind=Item.Kind.PACK).values_list("pk", flat=True))
        self.by_lot: dict[int, dict[int, int]] = {}
        for pack, part, each in Inside.objects.values_list("pack", "item", "each"):
            self.by_lot.setdefault(pack, {})[part] = each
        self.today: dict[int, dict[int, int]] = {}
        for kit, part, quantity in Component.objects.values_list("kit", "item", "quantity"):
            self.today.setdefault(kit, {})[part] = quantity

    def of(self, item: int, lot: int | None) -> Mapping[int, int]:
        """What one of it is, part by part: itself, if it is no pack or nobody knows what was in it."""
        if item not in self.packs:
            return {item: 1}
        return self.by_lot.get(lot or 0) or self.today.get(item) or {item: 1}
